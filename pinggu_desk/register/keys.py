"""The key slots of a register: one for each clerk and one for the recovery code, each leading to the register's key.

The register's key is two: the first half opens the database's file and is new after each clerk who left; the second, which
seals hang on, stays for life and lies inside the slots only. What is kept also counts failed tries (`tries`), which the
audit trail takes at the next success.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from pinggu_desk.register import entrance, slots
from pinggu_desk.register.errors import (
    ClerkExists,
    ClerkLocked,
    InvalidEntry,
    RegisterDamaged,
    RegisterError,
    UnknownClerk,
    WrongPassword,
    WrongRecoveryCode,
)
from pinggu_desk.register.files import write_whole
from pinggu_desk.register.keyfile import Content, Recovery, Slot, clerk_of, in_bytes, parsed
from pinggu_desk.register.keystore import Held, KeyStore
from pinggu_desk.register.passwords import KEY_BYTES, check_password, new_recovery_code, read_recovery_code
from pinggu_desk.register.records import Clerk
from pinggu_desk.register.slots import Opened, Whose
from pinggu_desk.register.tries import LOCKED_FOR, RECOVERY, TRIES, SecondPlace, Tries

FILE_NAME = entrance.KEYS
__all__ = ["FILE_NAME", "LOCKED_FOR", "NOBODY", "TRIES", "KeyFile", "Unlocked"]
_NUMBER = re.compile(r"[0-9A-Za-z]{1,20}")
#: what the trail says of somebody who came and has no slot, and how many of them wait for it: nobody buries other failures so
NOBODY, _MOST_NOBODY = "没有这个工号，或已移除", 100


class Unlocked(NamedTuple):
    """What a password or code gave: the register's key, whose it is, and the key that is about to take its place."""

    key: bytes
    clerk: Clerk
    renewed: bytes | None = None


class _Open:
    """The slots while they are held: changed here, and written back where anything was changed."""

    def __init__(self, keys: KeyFile, content: Content, held: Held, clock: tuple[str, float], at: str) -> None:
        self._keys, self.content, self._held = keys, content, held
        self.tries = Tries(
            content["tries"], content["places"], content["failures"], SecondPlace(content["register"]), clock
        )
        everybody = [slot["no"] for slot in content["clerks"]]
        self.tries.take_in(everybody, lambda: [at, "", "登录失败次数的记录缺失"])

    def slot(self, no: str) -> Slot:
        """A clerk's slot. Raises `UnknownClerk`."""
        for slot in self.content["clerks"]:
            if slot["no"] == no:
                return slot
        raise UnknownClerk(f"没有工号为“{no}”的经办人，请在登录名单中选择，或请负责人新增。")

    def whose(self, clerk: Clerk) -> Whose:
        """What a clerk's slot is for."""
        return Whose(self.content["register"], "clerk", clerk.no, clerk.name, clerk.window)

    @property
    def code(self) -> Whose:
        """What the recovery slot is for."""
        return Whose(self.content["register"], "recovery")

    def keep(self) -> None:
        """Write what there is now: the second place first, so that neither is ever behind what the other says."""
        self.tries.keep()
        self.content["tries"], self.content["places"] = self.tries.counts, self.tries.places
        self.content["failures"] = self.tries.failures
        self._keys.written = in_bytes(self.content)
        self._held.replace(self._keys.written)
        self.tries.changed = False

    def keep_tries(self) -> None:
        """Write if a try was counted or taken back."""
        if self.tries.changed:
            self.keep()


class KeyFile:
    """The key slots of a register, wherever they are kept. `now` is the clock (local time)."""

    def __init__(self, store: KeyStore, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now
        self.written = b""  # what was written here last

    @classmethod
    def create(
        cls, store: KeyStore, clerk: Clerk, password: str, now: Callable[[], datetime]
    ) -> tuple[KeyFile, bytes, str]:
        """Make a new key and its slots. Returns them, the key, and the recovery code."""
        check_clerk(clerk)
        check_password(password, clerk)
        keys, code, register = cls(store, now), new_recovery_code(), secrets.token_hex(16)
        key = secrets.token_bytes(KEY_BYTES) * 2
        whose = Whose(register, "clerk", clerk.no, clerk.name, clerk.window)
        content: Content = {
            "format": 2, "register": register, "epoch": 1, "clerks": [keys._slot(whose, password, key)],
            "recovery": keys._recovery(Whose(register, "recovery"), code, key), "tries": {}, "places": [], "failures": [],
        }  # fmt: skip
        with store.held() as held:
            held.replace(in_bytes(content))
        return keys, key, code

    def clerks(self) -> list[Clerk]:
        """The clerks who can log in, in the order in which they were added; read without waiting for whoever holds them."""
        return [clerk_of(slot) for slot in parsed(self._store.read(), self._store.where)["clerks"]]

    def slots(self) -> bytes:
        """All of them as they are kept."""
        return self._store.read()

    def epoch(self) -> int:
        """How many keys the register has had; read without waiting."""
        return parsed(self._store.read(), self._store.where)["epoch"]

    def altered(self, key: bytes) -> list[tuple[str, str]]:
        """Whose slots (empty: the recovery code's) are not what the program made, each with a sentence; read without waiting.

        What can't be told without somebody's password (whether what is sealed to him still opens) his next login tells.
        """
        content = parsed(self._store.read(), self._store.where)
        which = content["register"]
        held: list[tuple[Recovery, Whose]] = [(content["recovery"], Whose(which, "recovery"))]
        held += [(one, Whose(which, "clerk", one["no"], one["name"], one["window"])) for one in content["clerks"]]
        found = []
        for slot, whose in held:
            try:
                if "spoilt" in slot:
                    raise RegisterDamaged(slots.altered(whose))
                if "lock" in slot:
                    slots.check(slot["lock"], key, whose)
            except RegisterDamaged as error:
                found.append((whose.no, error.sentence))
        return found

    def unlock(self, clerk_no: str, password: str) -> Unlocked:
        """The register's key and the clerk. A slot of the first format becomes one of this.

        Raises `UnknownClerk`, `WrongPassword` or, from the fifth wrong try for 15 minutes and longer, `ClerkLocked`.
        """
        with self._held() as file:
            slot = self._slot_of(file, clerk_no)
            self._refuse_if_locked(file, clerk_no)
            whose, lock, wrapped = file.whose(clerk_of(slot)), slot.get("lock"), slot.get("wrapped")
            found: Opened | None = None
            if lock is not None:
                found = slots.open_lock(lock, password, whose)
            elif wrapped is not None:
                found = slots.open_before(wrapped, password, whose)
            else:
                raise RegisterDamaged(slots.altered(whose))
            if found is None:
                self._fail(file, clerk_no, "口令错误")
                left = file.tries.tries_left(clerk_no)
                raise WrongPassword(f"工号“{clerk_no}”的口令不对，还可再试 {left} 次；忘记口令请用恢复码重设。")
            file.tries.clear(clerk_no)
            if lock is None:
                slot["lock"] = slots.make(password, found.key, whose)
                slot.pop("wrapped", None)
                file.tries.changed = True
            file.keep_tries()
            return Unlocked(found.key, clerk_of(slot), found.renewed)

    def add(self, clerk: Clerk, password: str, key: bytes) -> None:
        """Give a further clerk a slot. Raises `ClerkExists`, `WeakPassword`, `InvalidEntry`."""
        check_clerk(clerk)
        check_password(password, clerk)
        with self._held() as file:
            if any(slot["no"] == clerk.no for slot in file.content["clerks"]):
                raise ClerkExists(f"工号“{clerk.no}”已有人使用，请换一个工号。")
            file.content["clerks"].append(self._slot(file.whose(clerk), password, key))
            file.content["changing"] = clerk.no
            file.keep()

    def set_password(self, clerk_no: str, password: str, key: bytes) -> None:
        """Give a clerk's slot a new secret, and lift a lock-out. Raises `WeakPassword`, `UnknownClerk`."""
        with self._held() as file:
            self._new_secret(file, clerk_no, password, key)
            file.keep()

    def change(self, after: Clerk, key: bytes) -> None:
        """Call a clerk otherwise, or move him to another window. Raises `UnknownClerk`, `InvalidEntry`."""
        check_clerk(after)
        with self._held() as file:
            slot = file.slot(after.no)
            lock, before = slot.get("lock"), file.whose(clerk_of(slot))
            if lock is None:
                raise InvalidEntry(
                    f"工号“{after.no}”的口令记录是旧版本的，还不能改姓名或窗口号；请其先登录一次，或先给他重设口令。"
                )
            slot["lock"] = slots.rename(lock, key, before, file.whose(after))
            slot["name"], slot["window"] = after.name, after.window
            file.content["changing"] = after.no
            file.keep()

    def reset_by_code(self, clerk_no: str, code: str, password: str) -> tuple[Unlocked, str]:
        """Give a clerk a new password by the recovery code, which is void then; returns what it opened and the next code.

        All of it is one write. Raises `WrongRecoveryCode`, `ClerkLocked`, `WeakPassword`, `UnknownClerk`.
        """
        with self._held() as file:
            clerk = clerk_of(self._slot_of(file, clerk_no))
            check_password(password, clerk)
            self._refuse_if_locked(file, RECOVERY)
            recovery, typed = file.content["recovery"], read_recovery_code(code)
            lock, wrapped = recovery.get("lock"), recovery.get("wrapped")
            found: Opened | None = None
            if lock is not None:
                found = slots.open_lock(lock, typed, file.code)
            elif wrapped is not None:
                found = slots.open_before(wrapped, typed, file.code)
            else:
                raise RegisterDamaged(slots.altered(file.code))
            if found is None:
                self._fail(file, RECOVERY, "恢复码错误")
                left = file.tries.tries_left(RECOVERY)
                raise WrongRecoveryCode(
                    f"恢复码不对，还可再试 {left} 次；应为最近一次打印的六组、每组四位字母或数字，用过的作废，请逐组核对。"
                )
            file.tries.clear(RECOVERY)
            key, fresh = found.key, new_recovery_code()
            self._new_secret(file, clerk_no, password, key)
            file.content["recovery"] = self._recovery(file.code, fresh, key)
            if found.renewed is not None:
                slot = file.slot(clerk_no)
                slot["lock"] = slots.renewing(slot["lock"], key, found.renewed, file.whose(clerk))
                made = file.content["recovery"]
                made["lock"] = slots.renewing(made["lock"], key, found.renewed, file.code)
            file.keep()
            return Unlocked(key, clerk, found.renewed), fresh

    def renew_recovery_code(self, key: bytes) -> str:
        """A new recovery code; the old one opens nothing from now on."""
        code = new_recovery_code()
        with self._held() as file:
            file.content["recovery"] = self._recovery(file.code, code, key)
            file.tries.clear(RECOVERY)
            file.keep()
        return code

    def changed_at(self, clerk_no: str) -> datetime:
        """When the clerk's password was last set (local time)."""
        content = parsed(self._store.read(), self._store.where)
        return next(
            (datetime.fromisoformat(slot["changed_at"]) for slot in content["clerks"] if slot["no"] == clerk_no),
            self._now(),
        )

    def failures(self) -> list[tuple[str, str, str]]:
        """Failed tries that are not in the audit trail yet: time, clerk number, what failed."""
        with self._held() as file:
            return [(at, no, what) for at, no, what in file.tries.failures]

    def forget_failures(self, count: int) -> None:
        """Drop the oldest failures: they are in the audit trail now."""
        if count:
            with self._held() as file:
                file.tries.told(count)
                file.keep()

    def copy_to(self, folder: Path) -> None:
        """Put a copy in a folder, whole: a backup's ``register.keys``."""
        with self._store.held() as held:
            write_whole(folder / FILE_NAME, held.read())

    # --- a new key

    def unready(self) -> list[Clerk]:
        """Those whose slots are of the first format: their passwords alone could give them a new key."""
        content = parsed(self._store.read(), self._store.where)
        return [clerk_of(slot) for slot in content["clerks"] if "lock" not in slot]

    def renew(self, key: bytes, without: str, apply: Callable[[bytes], RegisterError | None]) -> tuple[bytes, str]:
        """Give the register a new key that nobody has who leaves; returns it, and a new recovery code where one had to be made.

        While `apply` makes the register's data open with the new key alone, each slot holds both, so that whoever comes in
        after a crash can tell which one opens, and ends what was begun (`end_renewing`). `apply` returns the error where the
        data are proved to stand as before; the slots are put back then, and it is raised. Where `apply` raises, nobody knows,
        and both stay. Nobody else comes in meanwhile.

        Raises `InvalidEntry` where somebody's slot is of the first format, `RegisterDamaged` where one was altered.
        """
        with self._held() as file:
            content = file.content
            before = in_bytes(content)
            staying = [slot for slot in content["clerks"] if slot["no"] != without]
            if late := [f"{slot['name']}（{slot['no']}）" for slot in staying if "lock" not in slot]:
                raise InvalidEntry(
                    f"{'、'.join(late)}的口令记录是旧版本的，换密钥后会登不进来；请其先各登录一次，或先给其重设口令，再移除。"
                )
            new, code = secrets.token_bytes(KEY_BYTES) + key[KEY_BYTES:], ""
            for slot in staying:
                slot["lock"] = slots.renewing(slot["lock"], key, new, file.whose(clerk_of(slot)))
            if "lock" not in content["recovery"]:
                code = new_recovery_code()
                content["recovery"] = self._recovery(file.code, code, key)
            content["recovery"]["lock"] = slots.renewing(content["recovery"]["lock"], key, new, file.code)
            content["clerks"], content["leaving"] = staying, without
            file.keep()
            if (failed := apply(new)) is not None:
                file.content = parsed(before, self._store.where)
                file.keep()
                raise failed
            self._end(file)
            return new, code

    def leaving(self) -> str:
        """Who was being removed when the register was last given a new key and that did not come to its end; empty mostly."""
        return parsed(self._store.read(), self._store.where).get("leaving", "")

    def end_renewing(self, new: bytes, apply: Callable[[bytes], RegisterError | None]) -> None:
        """End what a crash cut short; `apply` does what is still to be done, which may be nothing."""
        with self._held() as file:
            if "leaving" in file.content and apply(new) is None:
                self._end(file)

    def _end(self, file: _Open) -> None:
        content = file.content
        for holder in (*content["clerks"], content["recovery"]):
            if "lock" in holder:
                holder["lock"] = slots.renewed(holder["lock"])
        content["epoch"] += 1
        content.pop("leaving", None)
        file.keep()

    # --- parts

    def _new_secret(self, file: _Open, clerk_no: str, password: str, key: bytes) -> None:
        slot = file.slot(clerk_no)
        clerk = clerk_of(slot)
        check_password(password, clerk)
        slot.pop("wrapped", None)
        slot.pop("spoilt", None)
        slot["lock"], slot["changed_at"] = slots.make(password, key, file.whose(clerk)), self._stamp()
        file.tries.clear(clerk_no)

    def _slot(self, whose: Whose, password: str, key: bytes) -> Slot:
        return {
            "no": whose.no, "name": whose.name, "window": whose.window, "changed_at": self._stamp(),
            "lock": slots.make(password, key, whose),
        }  # fmt: skip

    def _recovery(self, whose: Whose, code: str, key: bytes) -> Recovery:
        return {"changed_at": self._stamp(), "lock": slots.make(code, key, whose)}

    def _refuse_if_locked(self, file: _Open, no: str) -> None:
        left = file.tries.left(no)
        file.keep_tries()
        if not left:
            return
        until, minutes = self._now() + left, -(-int(left.total_seconds()) // 60)
        missing = not file.tries.counts[no]["waits"]
        why = "登录失败次数的记录缺失，为防有人试口令" if missing else f"连续 {TRIES} 次输错"
        what = "恢复码" if no == RECOVERY else f"工号“{no}”"
        other = "请负责人登录后在“设置”里重设口令" if no == RECOVERY else "请用恢复码重设口令"
        raise ClerkLocked(
            f"{what}{'，' if missing else ''}{why}，已锁定至 {until:%H:%M}，还要等 {minutes} 分钟，改电脑时间没有用；急用{other}。",
            until,
        )

    def _slot_of(self, file: _Open, no: str) -> Slot:
        """The slot of whoever wants to come in; that somebody came who is not here, or not any more, is told like any wrong try."""
        try:
            return file.slot(no)
        except UnknownClerk:
            if _NUMBER.fullmatch(no) and file.tries.told_of(NOBODY) < _MOST_NOBODY:
                file.tries.note([self._stamp(), no, NOBODY])
                file.keep_tries()
            raise

    def _fail(self, file: _Open, no: str, what: str) -> None:
        """Count a wrong secret; whoever has to wait now is told so."""
        file.tries.fail(no, [self._stamp(), no, what])
        file.keep()
        self._refuse_if_locked(file, no)

    def _stamp(self) -> str:
        return self._now().isoformat(timespec="seconds")

    @contextmanager
    def _held(self) -> Iterator[_Open]:
        """The slots, held against other windows."""
        with self._store.held() as held:
            yield _Open(self, parsed(held.read(), self._store.where), held, held.clock(), self._stamp())


def check_clerk(clerk: Clerk) -> None:
    """Raise `InvalidEntry` unless number, name and window can be somebody's."""
    if not _NUMBER.fullmatch(clerk.no):
        raise InvalidEntry(f"工号“{clerk.no}”不合要求，应为 1 至 20 位字母或数字。")
    if not clerk.name.strip():
        raise InvalidEntry("经办人姓名没有填，请填写姓名。")
    if not re.fullmatch(r"[0-9A-Za-z]{0,8}", clerk.window):
        raise InvalidEntry(f"窗口号“{clerk.window}”不合要求，应为不超过 8 位的字母或数字，例如 03；没有窗口号可不填。")
