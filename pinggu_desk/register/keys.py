"""The key file (`register.keys`) beside the database: one slot for each clerk and one for the recovery code.

Each slot holds the same random key of the register, wrapped under one secret. The file also remembers failed
tries, for the lock-out (五次锁定十五分钟) and for the audit trail, which takes them at the next success.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple, TypedDict, cast

from pinggu_desk.register import entrance
from pinggu_desk.register.errors import (
    ClerkExists,
    ClerkLocked,
    InvalidEntry,
    RegisterDamaged,
    UnknownClerk,
    WrongPassword,
    WrongRecoveryCode,
)
from pinggu_desk.register.files import write_whole
from pinggu_desk.register.keystore import Held, KeyStore
from pinggu_desk.register.passwords import (
    KEY_BYTES,
    Wrapped,
    check_password,
    new_recovery_code,
    read_recovery_code,
    unwrap,
    wrap,
)
from pinggu_desk.register.records import Clerk

FILE_NAME = entrance.KEYS
TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
_FORMAT = 1
_MOST_FAILURES = 1000  # remembered for the audit trail; more only say the same again


class _Slot(TypedDict):
    no: str
    name: str
    window: str
    changed_at: str
    failed: int
    locked_until: str | None
    wrapped: Wrapped


class _File(TypedDict):
    format: int
    register: str
    clerks: list[_Slot]
    recovery: Wrapped
    failures: list[list[str]]


class _Open(NamedTuple):
    """The content of the file while it is held, and where it is written back."""

    content: _File
    held: Held


class KeyFile:
    """The key slots of a register, wherever they are kept. `now` is the clock (local time)."""

    def __init__(self, store: KeyStore, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now

    @classmethod
    def create(
        cls, store: KeyStore, clerk: Clerk, password: str, now: Callable[[], datetime]
    ) -> tuple[KeyFile, bytes, str]:
        """Make a new key and its file. Returns the file, the key, and the recovery code."""
        _check_clerk(clerk)
        check_password(password)
        keys, key, code = cls(store, now), secrets.token_bytes(KEY_BYTES), new_recovery_code()
        register = secrets.token_hex(16)
        content: _File = {
            "format": _FORMAT,
            "register": register,
            "clerks": [keys._slot(register, clerk, password, key)],
            "recovery": wrap(key, code, _identity(register, None)),
            "failures": [],
        }
        with store.held() as held:
            held.replace(_bytes(content))
        return keys, key, code

    def clerks(self) -> list[Clerk]:
        """The clerks who can log in, in the order in which they were added."""
        with self._held() as (content, _held):
            return [_clerk(slot) for slot in content["clerks"]]

    def name_of(self, clerk_no: str) -> str:
        """A clerk's name, read without waiting for whoever holds the file; empty where there is none such (any more)."""
        return next((slot["name"] for slot in self._parsed(self._store.read())["clerks"] if slot["no"] == clerk_no), "")

    def unlock(self, clerk_no: str, password: str) -> tuple[bytes, Clerk]:
        """The register's key and the clerk.

        Raises `UnknownClerk`, `WrongPassword` or, from the fifth wrong try for 15 minutes, `ClerkLocked`.
        """
        with self._held() as (content, held):
            slot = _find(content, clerk_no)
            self._refuse_if_locked(slot, content, held)
            key = unwrap(slot["wrapped"], password, _identity(content["register"], _clerk(slot)))
            if key is None:
                self._fail(content, clerk_no, "口令错误")
                slot["failed"] += 1
                if slot["failed"] >= TRIES:
                    slot["failed"], slot["locked_until"] = 0, _stamp(self._now() + LOCKED_FOR)
                held.replace(_bytes(content))
                self._refuse_if_locked(slot, content, held)
                left = TRIES - slot["failed"]
                raise WrongPassword(f"工号“{clerk_no}”的口令不对，还可再试 {left} 次；忘记口令请用恢复码重设。")
            if slot["failed"] or slot["locked_until"]:
                slot["failed"], slot["locked_until"] = 0, None
                held.replace(_bytes(content))
            return key, _clerk(slot)

    def add(self, clerk: Clerk, password: str, key: bytes) -> None:
        """Give a further clerk a slot. Raises `ClerkExists`, `WeakPassword`, `InvalidEntry`."""
        _check_clerk(clerk)
        check_password(password)
        with self._held() as (content, held):
            if any(slot["no"] == clerk.no for slot in content["clerks"]):
                raise ClerkExists(f"工号“{clerk.no}”已有人使用，请换一个工号。")
            content["clerks"].append(self._slot(content["register"], clerk, password, key))
            held.replace(_bytes(content))

    def set_password(self, clerk_no: str, password: str, key: bytes) -> None:
        """Wrap the key anew for a clerk, and lift a lock-out. Raises `WeakPassword`, `UnknownClerk`."""
        check_password(password)
        with self._held() as (content, held):
            slot = _find(content, clerk_no)
            slot.update(self._slot(content["register"], _clerk(slot), password, key))
            held.replace(_bytes(content))

    def recover(self, code: str) -> bytes:
        """The register's key by the recovery code. Raises `WrongRecoveryCode`."""
        with self._held() as (content, held):
            key = unwrap(content["recovery"], read_recovery_code(code), _identity(content["register"], None))
            if key is None:
                self._fail(content, "", "恢复码错误")
                held.replace(_bytes(content))
                raise WrongRecoveryCode("恢复码不对；应为建库时打印的六组、每组四位字母或数字，请逐组核对。")
            return key

    def renew_recovery_code(self, key: bytes) -> str:
        """A new recovery code; the old one opens nothing from now on."""
        code = new_recovery_code()
        with self._held() as (content, held):
            content["recovery"] = wrap(key, code, _identity(content["register"], None))
            held.replace(_bytes(content))
        return code

    def changed_at(self, clerk_no: str) -> datetime:
        """When the clerk's password was last set (local time)."""
        with self._held() as (content, _held):
            return datetime.fromisoformat(_find(content, clerk_no)["changed_at"])

    def failures(self) -> list[tuple[str, str, str]]:
        """Failed tries that are not in the audit trail yet: time, clerk number, what failed."""
        with self._held() as (content, _held):
            return [(at, no, what) for at, no, what in content["failures"]]

    def forget_failures(self, count: int) -> None:
        """Drop the oldest failures: they are in the audit trail now."""
        if count:
            with self._held() as (content, held):
                del content["failures"][:count]
                held.replace(_bytes(content))

    def copy_to(self, folder: Path) -> None:
        """Put a copy in a folder, whole: a backup's ``register.keys``."""
        with self._store.held() as held:
            write_whole(folder / FILE_NAME, held.read())

    def _slot(self, register: str, clerk: Clerk, password: str, key: bytes) -> _Slot:
        return {
            "no": clerk.no,
            "name": clerk.name,
            "window": clerk.window,
            "changed_at": _stamp(self._now()),
            "failed": 0,
            "locked_until": None,
            "wrapped": wrap(key, password, _identity(register, clerk)),
        }

    def _refuse_if_locked(self, slot: _Slot, content: _File, held: Held) -> None:
        if slot["locked_until"] is None:
            return
        now, until = self._now(), datetime.fromisoformat(slot["locked_until"])
        if until - now > LOCKED_FOR:  # the clock was put back: nobody waits for years because it once ran ahead
            until = now + LOCKED_FOR
            slot["locked_until"] = _stamp(until)
            held.replace(_bytes(content))
        if now < until:
            raise ClerkLocked(
                f"工号“{slot['no']}”连续 {TRIES} 次口令错误，已锁定至 {until:%H:%M}，到时再试；急用请用恢复码重设口令。",
                until,
            )

    def _fail(self, content: _File, clerk_no: str, what: str) -> None:
        if len(content["failures"]) < _MOST_FAILURES:
            content["failures"].append([_stamp(self._now()), clerk_no, what])

    @contextmanager
    def _held(self) -> Iterator[_Open]:
        """The content, held against other windows; whoever changes it writes it."""
        with self._store.held() as held:
            yield _Open(self._parsed(held.read()), held)

    def _parsed(self, data: bytes) -> _File:
        try:
            content = json.loads(data)
            if content["format"] != _FORMAT:
                raise ValueError(content["format"])
            for slot in content["clerks"]:
                _identity(content["register"], _clerk(slot))
                bytes.fromhex(slot["wrapped"]["key"])
            bytes.fromhex(content["recovery"]["key"])  # what is missing shows here, not in the middle of a login
            list(content["failures"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise RegisterDamaged(
                f"密钥文件“{self._store.where}”内容已损坏，读不出密钥；请用备份文件夹中的同名文件替换它。"
            ) from error
        return cast(_File, content)


def _bytes(content: _File) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _identity(register: str, clerk: Clerk | None) -> bytes:
    kind: Literal["clerk", "recovery"] = "recovery" if clerk is None else "clerk"
    who = [] if clerk is None else [clerk.no, clerk.name, clerk.window]
    return json.dumps([_FORMAT, register, kind, *who], ensure_ascii=False).encode()


def _find(content: _File, clerk_no: str) -> _Slot:
    for slot in content["clerks"]:
        if slot["no"] == clerk_no:
            return slot
    raise UnknownClerk(f"没有工号为“{clerk_no}”的经办人，请在登录名单中选择，或请已登录的同事新增。")


def _clerk(slot: _Slot) -> Clerk:
    return Clerk(slot["no"], slot["name"], slot["window"])


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _check_clerk(clerk: Clerk) -> None:
    if not re.fullmatch(r"[0-9A-Za-z]{1,20}", clerk.no):
        raise InvalidEntry(f"工号“{clerk.no}”不合要求，应为 1 至 20 位字母或数字。")
    if not clerk.name.strip():
        raise InvalidEntry("经办人姓名没有填，请填写姓名。")
    if not re.fullmatch(r"[0-9A-Za-z]{0,8}", clerk.window):
        raise InvalidEntry(f"窗口号“{clerk.window}”不合要求，应为不超过 8 位的字母或数字，例如 03；没有窗口号可不填。")
