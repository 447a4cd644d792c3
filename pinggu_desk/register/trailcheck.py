"""Is the audit trail what it was when it was written? And what does it say that the tables come to?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import select

from pinggu_desk.register.errors import RegisterDamaged
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import audit, trail_end
from pinggu_desk.register.tallies import START, Entry, chained

_a = audit.c
_TRAIL = select(
    _a.id, _a.at, _a.clerk_no, _a.event, _a.subject, _a.detail, _a.previous, _a.hash, _a.state
).order_by(_a.id)  # fmt: skip
#: what an entry's values are; a file takes bytes for a text, and a hash over JSON can't tell them apart
_KINDS = (int, str, str, str, str, str, bytes, bytes, str)
_LAST = select(trail_end.c.number, trail_end.c.hash, trail_end.c.told, trail_end.c.seal)


class Fault(NamedTuple):
    """One thing that is not what it was.

    ``number``, ``at``, ``event`` and ``clerk`` name the first entry of the trail that is broken, or the last that told of what is
    not so any more; 0 and empty where none does. ``table`` and ``row`` name what was altered, a row by its key.
    """

    what: str
    number: int = 0
    at: str = ""
    event: str = ""
    table: str = ""
    row: str = ""
    clerk: str = ""


class Said(NamedTuple):
    """What an entry says of a table (as `tallies.Sum.told`) or of a row (whether it is there, and its seal)."""

    number: int
    size: int
    digest: str
    version: int = 0

    def told(self) -> list[Any]:
        """What it says of a table, as the entry has it."""
        return [self.size, self.digest, *([self.version] if self.version else [])]


@dataclass
class Trail:
    """A trail that was read to its end: its entries, what is broken in it, and what it says last of each table and row.

    ``entries`` are time, clerk and event by number. ``missing`` are gaps: the first number that isn't there, and the last.
    """

    entries: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    broken: list[int] = field(default_factory=list)
    missing: list[tuple[int, int]] = field(default_factory=list)
    sums: dict[str, Said] = field(default_factory=dict)
    rows: dict[tuple[str, str], Said] = field(default_factory=dict)
    number: int = 0
    last: bytes = START
    end_forged: bool = False

    def fault(self, what: str, number: int, table: str = "", row: str = "") -> Fault:
        """A fault at an entry."""
        at, clerk, event = self.entries.get(number, ("", "", ""))
        return Fault(what, number, at, event, table, row, clerk)

    def named(self, number: int) -> str:
        """An entry as a sentence names it."""
        at, _clerk, event = self.entries.get(number, ("", "", ""))
        return f"审计记录第 {number} 条（{event}，{at.replace('T', ' ')[:16]}）" if event else f"审计记录第 {number} 条"

    def told(self, table: str) -> int:
        """The last entry that told what a table comes to; 0 where none did."""
        return self.sums[table].number if table in self.sums else 0

    def wrong(self) -> list[int]:
        """The entries that are not what they were, of a gap the first, in their order."""
        return sorted({*self.broken, *(first for first, _ in self.missing)})

    def faults(self) -> Iterator[Fault]:
        """What is wrong with the trail itself, the first first."""
        gaps = dict(self.missing)
        for number in self.wrong():
            last = gaps.get(number, number)
            which = f"第 {number} 条" if last == number else f"第 {number} 条至第 {last} 条"
            how = "缺失" if number in gaps else "被改动"
            yield self.fault(f"审计记录{which}{how}，请保留现场并报告管理员。", number, audit.name, str(number))
        if self.end_forged:
            yield self.fault("审计记录的末条登记被改动，请保留现场并报告管理员。", self.number, trail_end.name)


def blob(value: object) -> bytes:
    """Bytes as they were written; whatever else stands there now is none."""
    return value if isinstance(value, bytes) else b""


def claimed_end(db: Store) -> tuple[int, bytes]:
    """The number and the hash of the trail's last entry, as they are kept apart from it. Raises `RegisterDamaged`."""
    number, digest, _ = db.tallies.end()
    return number, digest


def read_trail(db: Store) -> Trail:
    """Go along the trail. Behind an entry that is broken or missing the next is held against itself alone."""
    trail, sure = Trail(), True
    with db.stream(_TRAIL) as rows:
        for row in rows:
            number, previous, digest, state = int(row[0]), blob(row[6]), blob(row[7]), row[8]
            trail.entries[number] = str(row[1]), str(row[2]), str(row[3])
            if number <= trail.number:  # none of ours begins before the first
                trail.broken.append(number)
                continue
            if number > trail.number + 1:
                trail.missing.append((trail.number + 1, number - 1))
                sure = False
            genuine = tuple(map(type, row)) == _KINDS and digest == db.digest(
                chained(number, Entry(*row[1:6]), previous, state)
            )
            if not genuine or (sure and previous != trail.last):
                trail.broken.append(number)
            elif state:
                _take(trail, number, state)
            trail.number, trail.last, sure = number, digest, genuine
    _look_at_end(db, trail)
    return trail


def _look_at_end(db: Store, trail: Trail) -> None:
    """The trail's last entry against what is kept of it apart."""
    try:
        last, digest = claimed_end(db)
    except RegisterDamaged:
        trail.end_forged = True
        return
    if last > trail.number:
        trail.missing.append((trail.number + 1, last))
    elif (last, digest) != (trail.number, trail.last) and trail.number not in trail.broken:
        trail.broken.append(trail.number)
    end = db.row(_LAST)
    trail.end_forged = end is not None and blob(end[3]) != db.seal(trail_end.name, 1, *end[:3])


def _take(trail: Trail, number: int, state: str) -> None:
    said: dict[str, Any] = json.loads(state)
    for table, told in said.get("sums", {}).items():
        trail.sums[table] = Said(number, *told)
    for table, rows in said.get("rows", {}).items():
        for key, seal in rows.items():
            trail.rows[table, key] = Said(number, 1 if seal else 0, seal)
