"""A sender's trail that forks (审计记录分叉): he was restored from a backup, or somebody put an older file back.

What he says now does not follow on what he said. Nothing is joined then, until who is in charge has seen both sides and agreed: the
entries of before are kept as they were joined, those of now are kept beside them as another line, and joining goes on. Whatever
he brings of a row that he brought before the fork is held against what stands here as if both sides had changed it, for he may have
lost what is here: nothing is overwritten by what is older.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, or_, select

from pinggu_desk.register.bundles.records import Parcel, TrailRecord
from pinggu_desk.register.errors import InvalidEntry
from pinggu_desk.register.rows import add, put
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import counters, foreign_trail

#: between a sender's id and the number of a later line of his trail, and before his id in the counter that tells which bundle forked
_LINE, _FORKED = "#", "fork:"
_t = foreign_trail.c
_OF_SENDER = or_(_t.sender == bindparam("sender"), _t.sender.like(bindparam("lines")))
_FIRSTS = select(_t.sender, func.min(_t.id)).where(_OF_SENDER).group_by(_t.sender)
_AROUND = select(_t.sender, _t.id, _t.previous, _t.hash).where(
    _OF_SENDER, _t.id >= bindparam("low"), _t.id <= bindparam("high")
)
_FROM = (
    select(_t.id, _t.at, _t.clerk_no, _t.event, _t.subject, _t.detail, _t.hash)
    .where(_t.sender == bindparam("sender"), _t.id >= bindparam("low"))
    .order_by(_t.id)
)
_LAST = select(counters.c.last).where(counters.c.scope == bindparam("scope"))


class Line(NamedTuple):
    """An entry of the sender's trail, to be shown."""

    id: int
    at: datetime
    clerk_no: str
    event: str
    subject: str
    detail: str
    hash: str


@dataclass(frozen=True, slots=True)
class Fork:
    """Where a sender's trail is no more what it was: from entry ``number`` on what was joined here, and what he says now."""

    sender: str
    office: str
    number: int
    kept: tuple[Line, ...]
    now: tuple[Line, ...]

    @property
    def lost_since(self) -> datetime | None:
        """The moment from which on he may have lost what he had; None where nothing tells."""
        return min((line.at for line in (*self.kept[:1], *self.now[:1])), default=None)


class TrailForked(InvalidEntry):
    """A bundle's trail does not follow on what its sender brought before; ``fork`` shows both sides."""

    def __init__(self, fork: Fork) -> None:
        super().__init__(
            f"“{fork.office}”的审计记录从第 {fork.number} 条起与以前并入的对不上，没有并入；对方的登记库可能从备份恢复过，"
            "也可能被换回旧的或被改动，请与对方核对，由负责人看过两边后决定。"
        )
        self.fork = fork


class _Link(NamedTuple):
    previous: str
    hash: str


class SenderTrail:
    """The lines of one sender's trail that are kept here, and where each entry of a parcel belongs."""

    def __init__(self, db: Store, parcel: Parcel, office: str) -> None:
        self._db, self._parcel, self._office = db, parcel, office
        numbers = [entry.id for entry in parcel.trail] or [0]
        asked = {"sender": parcel.sender, "lines": f"{parcel.sender}{_LINE}%"}
        self._firsts = {parcel.sender: 1} | {
            str(name): int(first) for name, first in db.rows(_FIRSTS, **asked) if name != parcel.sender
        }
        self._names = sorted(self._firsts, key=_number_of)
        self._links: dict[str, dict[int, _Link]] = {name: {} for name in self._names}
        for name, number, previous, hashed in db.rows(_AROUND, **asked, low=min(numbers) - 1, high=max(numbers) + 1):
            self._links[name][int(number)] = _Link(previous, hashed)

    @property
    def forked_at(self) -> int:
        """The number of the sender's bundle with which it was agreed last that his trail forks; 0 for never."""
        row = self._db.row(_LAST, scope=_FORKED + self._parcel.sender)
        return int(row[0]) if row else 0

    def keep(self, entry: TrailRecord, clerk_no: str, *, agreed: Fork | None) -> bool:
        """Keep an entry as evidence, in the line that it goes on; False where it is kept already.

        Raises `TrailForked` where it goes on none, unless that very fork was agreed to: then it begins another line.
        """
        if any(self._here(name, entry) for name in self._names):
            return False
        fits = [name for name in reversed(self._names) if self._fits(name, entry)]
        # the one that its neighbour says it is of; in a gap without neighbours, the last one
        name = next((name for name in fits if self._at(name, entry.id - 1) or self._at(name, entry.id + 1)), None)
        name = name or next(iter(fits), None)
        if name is None:
            name = self._begun(entry, agreed)
        self._links[name][entry.id] = _Link(entry.previous, entry.hash)
        add(
            self._db, foreign_trail, name, entry.id, entry.at, clerk_no, entry.event, entry.subject, entry.detail,
            entry.previous, entry.hash,
        )  # fmt: skip
        return True

    def _begun(self, entry: TrailRecord, agreed: Fork | None) -> str:
        fork = self._fork(entry)
        if agreed != fork:
            raise TrailForked(fork)
        name = f"{self._parcel.sender}{_LINE}{_number_of(self._names[-1]) + 1}"
        self._names.append(name)
        self._firsts[name], self._links[name] = entry.id, {}
        put(self._db, counters, _FORKED + self._parcel.sender, self._parcel.number)
        return name

    def _fork(self, entry: TrailRecord) -> Fork:
        """Both sides from an entry on: of what is kept here, the line that was the last one."""
        name = next(name for name in reversed(self._names) if entry.id >= self._firsts[name])
        kept = self._db.rows(_FROM, sender=name, low=entry.id) or self._db.rows(_FROM, sender=name, low=entry.id - 1)
        now = [
            (e.id, e.at, e.clerk_no, e.event, e.subject, e.detail, e.hash)
            for e in self._parcel.trail
            if e.id >= entry.id
        ]
        return Fork(self._parcel.sender, self._office, entry.id, _lines(kept), _lines(now))

    # --- one line

    def _at(self, name: str, number: int) -> _Link | None:
        """The entry of that number as a line tells it: below its own beginning it is the one that it branched off."""
        place = self._names.index(name)
        if number < self._firsts[name] and place:
            return self._at(self._names[place - 1], number)
        return self._links[name].get(number)

    def _here(self, name: str, entry: TrailRecord) -> bool:
        link = self._links[name].get(entry.id)
        return link is not None and link.hash == entry.hash

    def _fits(self, name: str, entry: TrailRecord) -> bool:
        """Whether an entry may go on a line, or fill a gap of it: no neighbour that is here says otherwise."""
        if entry.id < self._firsts[name] or self._at(name, entry.id) is not None:
            return False
        before, after = self._at(name, entry.id - 1), self._at(name, entry.id + 1)
        return (before is None or before.hash == entry.previous) and (after is None or after.previous == entry.hash)


def _number_of(line: str) -> int:
    """Which line of a sender's it is, the first for the one without a number."""
    _, _, number = line.partition(_LINE)
    return int(number or 1)


def _lines(rows: Sequence[tuple[object, ...]]) -> tuple[Line, ...]:
    return tuple(Line(int(str(row[0])), datetime.fromisoformat(str(row[1])), *map(str, row[2:])) for row in rows)
