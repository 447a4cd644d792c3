"""Holding the register against what was kept elsewhere, at each opening and whenever somebody asks (核验)."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import bindparam, select

from pinggu_desk.places import data_home
from pinggu_desk.register import checking, events, keys, numbering, roster, spent
from pinggu_desk.register.anchor import (
    Anchor,
    AnchorFile,
    Kept,
    Printed,
    gone_from,
    hash_of,
    head_of,
    mark_of,
    replaced_on_purpose,
)
from pinggu_desk.register.audit import append
from pinggu_desk.register.errors import RegisterDamaged, RegisterError
from pinggu_desk.register.house import HouseShelf
from pinggu_desk.register.roles import Act
from pinggu_desk.register.rows import put
from pinggu_desk.register.sessions import ENDS
from pinggu_desk.register.shelf import needs
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import audit, counters, metadata, trail_end
from pinggu_desk.register.trailcheck import Fault, claimed_end

_OF_TRAIL = (audit.name, trail_end.name)
_EVENT = select(audit.c.event).where(audit.c.id == bindparam("number"))
_TOLD = select(audit.c.id, audit.c.at, audit.c.event, audit.c.detail).where(audit.c.event == bindparam("event"))
_BEGUN = select(audit.c.id).where(audit.c.event == bindparam("event"), audit.c.detail == bindparam("detail")).limit(1)
_COUNTED = select(counters.c.last).where(counters.c.scope == bindparam("scope"))
_PASSED_OVER = "断号 "
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check found: how much of what was looked at, what is wrong (the first first), and how far the trail goes."""

    looked: dict[str, int]
    faults: tuple[Fault, ...]
    head: Anchor

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


class WatchShelf(HouseShelf):
    """The part of the register that holds it against what was kept elsewhere."""

    folder: Path
    _keys: keys.KeyFile
    _key: bytes
    #: what the opening found, one sentence each: for whoever logged in
    warnings: tuple[str, ...] = ()
    _told_end = False
    _machine: AnchorFile | None = None
    _kept = _heard = 0

    def anchor(self) -> Anchor:
        """The trail's head, for writing it where the file can't reach it."""
        return head_of(self._db)

    def verify(
        self,
        printed: Iterable[Printed] = (),
        progress: Progress | None = None,
        looked: checking.LookedOver | None = None,
    ) -> Verification:
        """Look at every row, entry, paper, key slot and kept head. ``printed`` is what stands on papers.

        ``looked`` is what was found of rows, entries and papers on a connection of its own, just now.
        """
        counts, faults = checking.looked_over(self._db, progress) if looked is None else looked
        trail = [
            *self._machine_faults(),
            *(f for one in printed if (f := _held(self._db, one))),
            *(f for f in faults if f.table in _OF_TRAIL),
        ]
        rows = [*(f for f in faults if f.table not in _OF_TRAIL), *self._slot_faults()]
        try:
            head = self.anchor()
        except RegisterDamaged:  # told among the faults
            head = Anchor(mark_of(self._db), 0, "", "")
        # what a broken trail says of rows is told behind it, and what openings have told of either comes last
        told = (*sorted(trail, key=_first), *sorted(rows, key=_first), *self._alarms())
        return Verification(counts, told, head)

    def check(self) -> list[str]:
        """Look for any damage or tampering within the register; one Chinese sentence each, none when sound."""
        return checking.faults(self._db)

    @needs(Act.BACKUP_RESTORE)
    def accept_head(self) -> None:
        """Keep what there is from now on: it is known why the register is not what this machine kept of it."""
        self.record_event(events.ANCHOR_ACCEPTED, "登记库")
        if self._machine is not None:
            self._machine.accept(self._db, self.anchor())
        self.warnings, self._heard = (), 0

    def _begin_watch(self, *, practice: bool, closed: bool = False) -> None:
        """At the opening: is the register still what this machine kept of it? What is wrong goes on the trail.

        ``closed`` says that nobody has it open and that no session ended by a crash: then it must be what the last entry tells.
        """
        if practice:
            return
        self._machine = machine_file(self._db, self.folder)
        self._machine.hear(self._db)
        here = _here(self.folder)
        kept = self._machine.read(self._db)
        if isinstance(kept, Kept) and gone_from(self._db, kept.points[-1:]):
            if replaced_on_purpose(self._db, kept):
                self._machine.accept(self._db, self.anchor())
            else:
                self._pass_over_numbers(kept)
        faults = self._machine_faults(latest=True)
        if closed and not faults:
            faults = self._since_closed()
        begun = self._machine.read(self._db) is not None
        if not begun and not faults:
            with self._db.transaction():
                append(self._db, self._stamp(), self._clerk.no, events.ANCHOR_BEGUN, "登记库", here)
        for fault in faults:
            self.record_event(events.ANCHOR_BROKEN, "登记库", fault.what[:200])
        self.warnings = tuple(fault.what for fault in faults)
        self._heard = len(self.warnings)  # told by whoever opens it
        if self._db.kind == "sqlcipher":
            self._be_on_machine()

    def _pass_over_numbers(self, kept: Kept) -> None:
        """An older file was put back: what was handed out since bears numbers that must not come again, whoever goes on with it."""
        number, digest, _at = kept.points[-1]
        once = f"{_PASSED_OVER}{number} {digest[:16]}"
        with self._db.transaction():
            last = self._db.row(_EVENT, number=claimed_end(self._db)[0])
            established = last is not None and last[0] == events.RESTORED  # which has passed them over already
            if established or self._db.row(_COUNTED, scope=once) is not None:
                return
            numbering.never_again(self._db, numbering.perhaps_given_out(self._db, self._now().date()))
            put(self._db, counters, once, 1)
            append(self._db, self._stamp(), self._clerk.no, events.NUMBERS_PASSED, "登记库", f"审计曾至第 {number} 条")

    def _alarms(self) -> list[Fault]:
        """What openings have told since somebody last said that it was cleared up."""
        cleared = max((int(row[0]) for row in self._db.rows(_TOLD, event=events.ANCHOR_ACCEPTED)), default=0)
        return [
            Fault(
                f"打开登记库时报过：{str(detail).rstrip('。')}；还没有查明，查明后由负责人重新留存校验。",
                number,
                at,
                event,
            )
            for number, at, event, detail in self._db.rows(_TOLD, event=events.ANCHOR_BROKEN)
            if number > cleared
        ]

    def _slot_faults(self) -> list[Fault]:
        """Key slots that are not what the program made, and people of the roster who have none any more."""
        where = keys.FILE_NAME
        try:
            found = [Fault(sentence, table=where, row=no) for no, sentence in self._keys.altered(self._key)]
            found += self._spent_faults()
            there = {one.no for one in self._keys.clerks()}
            people = {} if self._keys.leaving() else roster.read(self._db)
        except RegisterDamaged as error:
            return [Fault(error.sentence, table=where)]
        gone = [no for no, one in people.items() if not one.gone and no not in there]
        return found + [
            Fault(
                f"密钥文件中工号“{no}”的记录不见了，他不能登录；请负责人与备份中的密钥文件核对。", table=where, row=no
            )
            for no in gone
        ]

    def _spent_faults(self) -> list[Fault]:
        """Passwords and codes in the key slots that were given up since: an older copy was put in their place."""
        found = []
        for no in sorted(spent.among(self._db, spent.marks(self._keys.slots()))):
            what = f"工号“{no}”的口令" if no else "恢复码"
            remedy = "重设其口令" if no else "换一个恢复码"
            words = f"密钥文件是较早的一份，其中{what}已经改过、作废了；请找回最新的密钥文件，或由负责人{remedy}。"
            found.append(Fault(words, table=keys.FILE_NAME, row=no))
        return found

    def _since_closed(self) -> list[Fault]:
        """What the tables come to against what the last session told at its end."""
        number, _ = claimed_end(self._db)
        last = self._db.row(_EVENT, number=number)
        told = self._db.tallies.end()[2]
        if self._machine is not None and self._machine.is_left_open(self._db, number):
            return []  # another window wrote after it, and the disk refused to have its end told
        if last is None or last[0] not in ENDS or not told:
            return []
        now = {name: one.told() for name, one in self._db.tallies.sums().items()}
        names = [str(metadata.tables[name].info["sealed"]) for name in sorted(told.keys() | now.keys())
                 if told.get(name) != now.get(name) and name in metadata.tables]  # fmt: skip
        if not names:
            return []
        return [
            Fault(
                f"登记库在上次退出以后、这次打开以前被改动过：{'、'.join(names)}与退出时登记的校验和不符；请保留现场，与备份核对。"
            )
        ]

    def _machine_faults(self, *, latest: bool = False) -> list[Fault]:
        if self._machine is None:
            return []
        kept = self._machine.read(self._db)
        try:
            claimed_end(self._db)
        except RegisterDamaged as error:
            return [Fault(error.sentence)]
        if isinstance(kept, Kept):
            fault = gone_from(self._db, kept.points[-1:] if latest else kept.points)
            return [fault] if fault is not None else []
        if isinstance(kept, str):
            return [Fault(kept)]
        if self._db.row(_BEGUN, event=events.ANCHOR_BEGUN, detail=_here(self.folder)) is None:
            return []
        return [
            Fault(
                f"本机留存的登记库校验“{self._machine.path}”不见了，不能拿它核对；请用打印的台账或文书上的登记库校验核对。"
            )
        ]

    def keep_head(self) -> None:
        """Keep the trail's head in this machine's second place, unless something is wrong with what it keeps already."""
        if self._machine is None:
            return
        with suppress(RegisterError):  # the next time will do
            head = self.anchor()
            if head.number != self._kept:
                self._machine.keep(self._db, head, closed=False)
                self._kept = head.number

    def keep_end(self) -> None:
        """The same where this session's end is the head: on a server that is all; of a file other windows may still write to it."""
        if self._machine is not None:
            self._machine.keep(self._db, self.anchor(), closed=self._db.kind != "sqlcipher")
            self._told_end = True

    def keep_closed(self) -> None:
        """Keep that nobody has the file any more: until it is opened the rows are what this session told at its end."""
        if self._machine is not None:
            self._machine.say_closed(self._db)


def machine_file(db: Store, folder: Path) -> AnchorFile:
    """Where this machine keeps the heads of a register that lies in a folder."""
    return AnchorFile(data_home() / "anchors", folder, head_of(db).register)


def _here(folder: Path) -> str:
    """A mark of this machine, this account's own folder and the register's: nobody's name."""
    where = f"{platform.node()}\n{data_home().absolute()}\n{folder.absolute()}"
    return hashlib.sha256(where.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _held(db: Store, printed: Printed) -> Fault | None:
    """What is wrong with an entry by what stands of it on a paper."""
    found = hash_of(db, printed.number)
    if printed.fits(found):
        return None
    if found is None:
        return Fault(
            f"纸上的登记库校验记到审计记录第 {printed.number} 条，登记库中没有这一条；可能放回了较早的文件，或末尾被删去。",
            printed.number,
        )
    return Fault(
        f"审计记录第 {printed.number} 条与纸上的登记库校验 {printed.code} 不符，这一条或之前的记录被重写过；请保留现场，与备份核对。",
        printed.number,
    )


def _first(fault: Fault) -> tuple[bool, int]:
    return not fault.number, fault.number
