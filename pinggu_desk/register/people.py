"""The people (人员) at work with a register: who they are, in which role, their passwords, the recovery code."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from pinggu_desk.register import events, rekeying, roster, spent
from pinggu_desk.register.audit import append
from pinggu_desk.register.errors import (
    DiskFault,
    DiskFull,
    InvalidEntry,
    Overtaking,
    RegisterBusy,
    RegisterError,
    UnknownClerk,
    WrongPassword,
    WrongRecoveryCode,
)
from pinggu_desk.register.keys import KeyFile, Unlocked
from pinggu_desk.register.overtaking import refuse_unseen
from pinggu_desk.register.records import Clerk
from pinggu_desk.register.roles import CLERK, HEAD, ROLES, Act, Role
from pinggu_desk.register.sessions import SessionShelf
from pinggu_desk.register.shelf import needs, one_of
from pinggu_desk.register.store import wipe
from pinggu_desk.register.tries import RECOVERY
from pinggu_desk.register.twoplaces import in_both, mend, put_back


class PeopleShelf(SessionShelf):
    """The people's part of the register."""

    _keys: KeyFile
    _key: bytes
    #: the recovery code that took the place of one that was used: to be shown and printed at once, then ""
    fresh_code: str

    @property
    def clerk(self) -> Clerk:
        """The clerk at work."""
        return self._clerk

    @property
    def password_set_at(self) -> datetime:
        """When the clerk's password was last set (local time): for advising a change after 90 days."""
        return self._keys.changed_at(self._clerk.no)

    def passwords_set_at(self) -> dict[str, datetime]:
        """When everybody's password was last set, by number (工号); needs no look at a password."""
        return {one.no: self._keys.changed_at(one.no) for one in self._keys.clerks()}

    def colleagues(self) -> list[Clerk]:
        """Everybody who may log in, in the order in which they came."""
        return [one.clerk for one in roster.read(self._db).values() if not one.gone]

    def clerk_name(self, no: str) -> str:
        """A clerk's name by number, also of one who left; empty where there never was such."""
        found = roster.read(self._db).get(no)
        return found.clerk.name if found is not None else ""

    def verify_password(self, password: str) -> None:
        """Unlock the screen: raises `WrongPassword` or `ClerkLocked` unless it is the clerk's password."""
        self._keys.unlock(self._clerk.no, password)
        self._refuse_spent()
        with suppress(DiskFull, DiskFault):  # what was typed and waits for the disk must not stay behind the lock
            self._take_failures()
            self.record_event(events.UNLOCKED, f"工号{self._clerk.no}")

    def note_locked(self, *, ends: bool = False) -> None:
        """Put on the trail that the screen was locked, and whether this session ends by it."""
        self.record_event(events.LOCKED, f"工号{self._clerk.no}", self._ending if ends else "")

    def change_password(self, old: str, new: str) -> None:
        """Change the clerk's own password. Raises `WrongPassword`, `ClerkLocked`, `WeakPassword`."""
        self._keys.unlock(self._clerk.no, old)
        with in_both(self._db, self._keys):
            self.record_event(events.CREDENTIAL_CHANGED, f"工号{self._clerk.no}")
            self._keys.set_password(self._clerk.no, new, self._key)

    @needs(Act.UNMASK)
    def note_numbers_shown(self, applicant_id: int | None) -> None:
        """Put on the trail that an applicant's numbers, telephones and accounts are shown whole; None is one not registered yet.

        Raises `NotAllowed`.
        """
        self.record_event(events.NUMBERS_SHOWN, f"申请人{applicant_id}" if applicant_id else "未登记的申请人")

    @needs(Act.UNMASK)
    def note_list_shown(self, what: str) -> None:
        """Put on the trail that the numbers of a whole list are given out whole. Raises `NotAllowed`."""
        self.record_event(events.NUMBERS_SHOWN, "名单", what)

    @needs(Act.CLERKS)
    def add_clerk(self, no: str, name: str, password: str, window: str = "", role: Role = CLERK) -> Clerk:
        """Give a colleague access. Raises `ClerkExists`, `WeakPassword`, `InvalidEntry`, `NotAllowed`."""
        one_of(role, ROLES, "角色")
        clerk = Clerk(no, name.strip(), window, role)
        before = roster.read(self._db)
        if no in before and before[no].gone:
            raise InvalidEntry(
                f"工号“{no}”用过（{before[no].clerk.name}，已移除），以前办的事记在它名下；请换一个工号。"
            )
        with in_both(self._db, self._keys):
            roster.write(self._db, {**roster.read(self._db), no: roster.Colleague(clerk)})
            self.record_event(events.CLERK_ADDED, f"工号{no}", role)
            self._keys.add(clerk, password, self._key)
        return clerk

    @needs(Act.CLERKS)
    def set_role(self, no: str, role: Role, *, seen: Clerk | None = None) -> Clerk:
        """Give a colleague another role; it counts from his next step on. Raises `UnknownClerk`, `InvalidEntry`, `NotAllowed`.

        ``seen`` is what the roster said of him on the screen: raises `Overtaken` where another window has changed it since.
        """
        one_of(role, ROLES, "角色")
        with self._db.transaction():
            people = roster.read(self._db)
            before = self._present(people, no)
            self._refuse_unseen_clerk(before, seen)
            self._keep_a_head(people, no, role)
            after = replace(before, role=role)
            roster.write(self._db, {**people, no: roster.Colleague(after)})
            self.record_event(events.CLERK_CHANGED, f"工号{no}", f"角色 {before.role} 改为 {role}")
        if no == self._clerk.no:
            self._clerk = after
        return after

    @needs(Act.CLERKS)
    def rename_clerk(self, no: str, name: str, window: str, *, seen: Clerk | None = None) -> Clerk:
        """Call a colleague otherwise, or move him to another window. Raises as `set_role`."""
        before = self._present(roster.read(self._db), no)
        self._refuse_unseen_clerk(before, seen)
        after = replace(before, name=name.strip(), window=window)
        if after == before:
            return after
        with in_both(self._db, self._keys):
            people = roster.read(self._db)
            after = replace(after, role=self._present(people, no).role)  # given another role in between, he keeps that
            roster.write(self._db, {**people, no: roster.Colleague(after)})
            self.record_event(events.CLERK_CHANGED, f"工号{no}", "姓名" if before.name != after.name else "窗口号")
            self._keys.change(after, self._key)
        if no == self._clerk.no:
            self._clerk = after
        return after

    @needs(Act.CLERKS)
    def give_password(self, no: str, password: str, *, made_on: datetime | None = None) -> None:
        """Give a colleague another password, and lift a lock-out. Raises `UnknownClerk`, `WeakPassword`, `NotAllowed`.

        ``made_on`` is when the one that was seen was set (`passwords_set_at`): raises `Overtaken` where there is a newer one.
        """
        self._present(roster.read(self._db), no)
        now = self._keys.changed_at(no)
        if made_on is not None and now != made_on:
            changed = [Overtaking("口令", None, f"{now:%m-%d %H:%M} 所设")]
            told = (events.CREDENTIAL_CHANGED, events.CREDENTIAL_RESET, events.RECOVERED)
            refuse_unseen(self._db, f"工号“{no}”的口令", f"工号{no}", told, changed)
        with in_both(self._db, self._keys):
            self.record_event(events.CREDENTIAL_RESET, f"工号{no}")
            self._keys.set_password(no, password, self._key)

    def seconds_to_remove(self) -> float:
        """How long removing somebody is going to take: the whole register is encrypted anew."""
        return rekeying.seconds_for(self._db.path)

    @needs(Act.CLERKS)
    def remove_clerk(self, no: str, *, seen: Clerk | None = None) -> str:
        """Remove a colleague: the register gets a new key, so that neither his password nor an old key file opens it.

        Returns the recovery code that had to be made anew, or "". Older backups go on being opened by the key that they were
        made under. Raises `UnknownClerk`, `InvalidEntry` (oneself, the last 负责人, somebody whose slot can't be given a new
        key), `RegisterBusy`, `NotAllowed`, `Overtaken` (as `set_role`); nothing is changed then.
        """
        if no == self._clerk.no:
            raise InvalidEntry("不能移除正在登录的自己；请由另一位负责人来移除。")
        people = roster.read(self._db)
        self._refuse_unseen_clerk(self._present(people, no), seen)
        self._keep_a_head(people, no, None)

        def apply(new: bytes) -> RegisterError | None:
            if (failed := rekeying.rekey(self._db, self._key, new)) is not None:
                return failed
            self._take_key(new)
            self._mark_gone(no)
            return None

        _new, code = self._keys.renew(self._key, no, apply)
        self._watch_key()
        return code

    @needs(Act.CLERKS)
    def new_recovery_code(self) -> str:
        """A new recovery code, to be printed once; the old one is void."""
        with in_both(self._db, self._keys):
            self.record_event(events.RECOVERY_RENEWED, "登记库")
            return self._keys.renew_recovery_code(self._key)

    def _mark_gone(self, no: str) -> None:
        """Put in the roster that somebody left, unless that stands there already."""
        people = roster.read(self._db)
        if no in people and not people[no].gone:
            with self._db.transaction():
                roster.write(self._db, {**people, no: replace(people[no], gone=True)})
                self.record_event(events.CLERK_REMOVED, f"工号{no}", "登记库已换密钥")

    def _end_leaving(self, unlocked: Unlocked) -> None:
        """End the removal of somebody that a crash cut short; where that can't be now, the next who comes in ends it."""
        if unlocked.renewed is None:
            return
        new, gone = unlocked.renewed, self._keys.leaving()

        def apply(_new: bytes) -> RegisterError | None:
            if self._key != new:
                if (failed := rekeying.rekey(self._db, self._key, new)) is not None:
                    return failed
                self._take_key(new)
            self._mark_gone(gone)
            return None

        with suppress(RegisterBusy, DiskFull, DiskFault):
            self._keys.end_renewing(new, apply)
            self._watch_key()

    def _refuse_spent(self, before: bytes = b"") -> None:
        """Refuse a password, or a recovery code, that was given up since: the slots are an older copy of what they were.

        ``before`` are the slots that a recovery code led in by; they are put back. Where everybody in charge would be shut out,
        whoever comes is let in and told, since a backup's key file is what is left after a disk.
        """
        by = spent.marks(before or self._keys.slots())
        old, no = spent.among(self._db, by), RECOVERY if before else self._clerk.no
        heads = [one.clerk.no for one in roster.read(self._db).values() if one.clerk.role == HEAD and not one.gone]
        others = {no for no in (RECOVERY, *heads) if no in by} - old
        if no not in old or not (others - {RECOVERY} if before else others):
            return
        what = f"工号{self._clerk.no}"
        with self._db.transaction():
            append(self._db, self._stamp(), self._clerk.no, events.LOGIN_FAILED, what, "用的口令或恢复码已作废")
        if before:
            put_back(self._keys, before)
            raise WrongRecoveryCode(
                "这个恢复码已经用过或换过，作废了：密钥文件是较早的一份；请用最近一次打印的恢复码，并找回最新的密钥文件。"
            )
        raise WrongPassword(
            f"工号“{no}”的这个口令已经改过，作废了：密钥文件是较早的一份；请找回最新的密钥文件，或请负责人重设口令。"
        )

    def _take_key(self, new: bytes) -> None:
        old, self._key = self._key, new
        wipe(old)

    def _has_an_old_key(self) -> bool:
        """See `Shelf._has_an_old_key`."""
        return self._db.renewed() or bool(self._keys.leaving())

    def _watch_key(self) -> None:
        """From now on, what can't be read is held against whether the register has another key by now."""
        epoch = self._keys.epoch()

        def renewed() -> bool:
            with suppress(RegisterError):
                return self._keys.epoch() != epoch
            return False

        self._db.renewed = renewed

    def _take_place(self, slots: Iterable[Clerk]) -> None:
        """Come in as who the roster says one is. Raises `UnknownClerk` for one who was removed."""
        people = roster.read(self._db)
        with suppress(RegisterBusy, DiskFull, DiskFault):  # the next opening will do it
            mend(people, self._keys, self._key)
            slots = self._keys.clerks()
        if any(slot.no not in people for slot in slots):
            with self._db.transaction():
                people = roster.ensure(self._db, slots)
        self._clerk = self._present(people, self._clerk.no)

    def _present(self, people: roster.Roster, no: str) -> Clerk:
        """Somebody of the roster who has not left."""
        if no not in people or people[no].gone:
            raise UnknownClerk(f"没有工号为“{no}”的经办人，请在人员名单中选择。")
        return people[no].clerk

    def _refuse_unseen_clerk(self, now: Clerk, seen: Clerk | None) -> None:
        if seen is None or now == seen:
            return
        said = {"姓名": (seen.name, now.name), "窗口号": (seen.window, now.window), "角色": (seen.role, now.role)}
        changed = [Overtaking(what, before, after) for what, (before, after) in said.items() if before != after]
        told = (events.CLERK_ADDED, events.CLERK_CHANGED)
        refuse_unseen(self._db, f"工号“{now.no}”的资料", f"工号{now.no}", told, changed)

    def _keep_a_head(self, people: roster.Roster, no: str, role: Role | None) -> None:
        """Refuse what would leave nobody in charge: the last 负责人 neither goes nor becomes anything else."""
        heads = [one.clerk.no for one in people.values() if one.clerk.role == HEAD and not one.gone]
        if heads == [no] and role != HEAD:
            raise InvalidEntry(f"工号“{no}”是唯一的负责人，不能改任或移除；请先让另一人任负责人。")

    def _take_failures(self) -> None:
        """Move failed tries from the key file to the trail; a crash in between notes them twice, never not at all."""
        failures = self._keys.failures()
        if not failures:
            return
        with self._db.transaction():
            for at, clerk_no, what in failures:
                subject = f"工号{clerk_no}" if clerk_no else "登记库"
                append(self._db, at, clerk_no, events.LOGIN_FAILED, subject, what)
        self._keys.forget_failures(len(failures))
