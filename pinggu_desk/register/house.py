"""Which machine a register lies on (所在电脑): a folder that was copied to another one and is used there is told to whoever comes in.

Each machine that the file is opened on puts its mark on the trail, when it is another one than before. What came through one of the
office's own doors (made, set up from a backup, restored, moved back from a server) is at home where it is opened next. A folder that
was simply carried is not: the copy that stayed may be worked on as well, and neither knows of the other. So nobody is told that all
is well until who is in charge said so; numbers that the other copy may give out are passed over at once, and what was done there
can be joined here by a bundle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import bindparam, or_, select

from pinggu_desk.register import events, machine, numbering
from pinggu_desk.register.audit import append
from pinggu_desk.register.roles import Act
from pinggu_desk.register.sessions import SessionShelf
from pinggu_desk.register.shelf import needs
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import audit

_MARK_CHARS = 12
_CARRIED, _AND = "，此前在另一台", "、"
#: doors by which a register comes to where it is opened next
_DOORS = (events.CREATED, events.RESTORED, events.MOVED_HERE)
_a = audit.c
_LAST = (
    select(_a.event, _a.detail)
    .where(or_(*(_a.event == event for event in (events.ON_MACHINE, *_DOORS))))
    .order_by(_a.id.desc())
    .limit(1)
)
_TOLD = (
    select(_a.id, _a.event, _a.detail)
    .where(or_(_a.event == events.ON_MACHINE, _a.event == events.MACHINE_AGREED))
    .order_by(_a.id)
)
#: what an opening itself puts on the trail, before whoever opens it is told
_OF_OPENING = (events.SUMS_BEGUN, events.ANCHOR_BEGUN, events.ANCHOR_BROKEN, events.NUMBERS_PASSED)
_BEFORE = (
    select(_a.at, _a.clerk_no)
    .where(_a.id < bindparam("number"), *(_a.event != event for event in _OF_OPENING))
    .order_by(_a.id.desc())
    .limit(1)
)
_AT = select(_a.at, _a.clerk_no).where(_a.id == bindparam("number"))
_ONE_PLACE = "同一份登记库只能在一台电脑上接着办：两边各办各的，彼此查不到。"


class _Seen(NamedTuple):
    """The machines of a register: those at home, and each that the folder was carried to, with the entry that tells of it."""

    home: frozenset[str]
    carried: dict[str, int]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A register that is, or was, on a machine that nobody agreed to yet: when it was last on the other one, and who was there."""

    at: str
    clerk_no: str
    #: whether it was carried to this machine; else it came back from another
    here: bool

    def sentence(self, *, in_charge: bool) -> str:
        """For whoever comes in; ``in_charge`` is told what to do."""
        when, who = self.at.replace("T", " ")[:16], f"（工号{self.clerk_no}）"
        where = (
            f"这份登记库是从另一台电脑拷来的，{when} 还在那一台上{who}。"
            if self.here
            else f"这份登记库 {when} 起在另一台电脑上用过{who}。"
        )
        if not in_charge:
            return where + _ONE_PLACE + "请告诉负责人。"
        return (
            where + _ONE_PLACE + "那一台请停用；那边后来又办了的，在那边导出数据包、在这里并入。都清楚以后，"
            "在“设置”的“登记库与服务器”里认可。"
        )


class HouseShelf(SessionShelf):
    """The part of the register that knows which machine it is on."""

    def elsewhere(self) -> Elsewhere | None:
        """Whether the register is, or was, on a machine that who is in charge hasn't agreed to; None where all is well."""
        seen = _machines(self._db)
        strangers = {mark: number for mark, number in seen.carried.items() if mark not in seen.home}
        if not strangers or self._db.kind != "sqlcipher":
            return None
        here = strangers.get(_mark())
        number = here if here is not None else max(strangers.values())
        row = self._db.row(_BEFORE if here is not None else _AT, number=number)
        return None if row is None else Elsewhere(str(row[0]), str(row[1]), here is not None)

    @property
    def elsewhere_words(self) -> str:
        """The same in a sentence, for the clerk at work; empty where all is well."""
        found = self.elsewhere()
        return "" if found is None else found.sentence(in_charge=self.may(Act.BACKUP_RESTORE))

    @needs(Act.BACKUP_RESTORE)
    def agree_to_machine(self) -> None:
        """The register goes on here: whatever it was carried to so far is known."""
        seen = _machines(self._db)
        marks = _AND.join(dict.fromkeys((_mark(), *seen.carried)))
        with self._db.transaction():
            append(self._db, self._stamp(), self._clerk.no, events.MACHINE_AGREED, "登记库", marks)

    def _be_on_machine(self) -> None:
        """At the opening: put this machine on the trail, where it is another one than before."""
        mark = _mark()
        last = self._db.row(_LAST)
        through_door = last is None or last[0] != events.ON_MACHINE
        if not through_door and last is not None and str(last[1]).partition(_CARRIED)[0] == mark:
            return
        seen = _machines(self._db)
        strange = not through_door and mark not in seen.home and mark not in seen.carried
        with self._db.transaction():
            if strange:
                numbering.never_again(self._db, numbering.perhaps_given_out(self._db, self._now().date()))
                append(self._db, self._stamp(), self._clerk.no, events.NUMBERS_PASSED, "登记库", "另一台电脑上还有一份")
            told = mark if through_door or mark in seen.home else mark + _CARRIED
            append(self._db, self._stamp(), self._clerk.no, events.ON_MACHINE, "登记库", told)


def is_carried(db: Store) -> bool:
    """Whether the file was carried to this machine: numbers that the copy left behind may give out are not given out here."""
    return db.kind == "sqlcipher" and _mark() in _machines(db).carried


def _machines(db: Store) -> _Seen:
    home: set[str] = set()
    carried: dict[str, int] = {}
    for number, event, detail in db.rows(_TOLD):
        mark, was_carried, _ = str(detail).partition(_CARRIED)
        if event == events.MACHINE_AGREED:
            home |= {*mark.split(_AND)}
        elif was_carried:
            carried[mark] = int(number)
        else:
            home.add(mark)
    return _Seen(frozenset(home), carried)


def _mark() -> str:
    return machine.name()[:_MARK_CHARS]
