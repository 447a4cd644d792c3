"""Is the audit trail what it was when it was written? And what does it say that the tables come to?"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
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
_LAST = select(trail_end.c.number, trail_end.c.hash, trail_end.c.told, trail_end.c.seal)


class Fault(NamedTuple):
    """One thing that is not what it was.

    ``number``, ``at`` and ``event`` name the first entry of the trail that is broken, or that tells otherwise than the table
    does; 0 and empty where none does.
    """

    what: str
    number: int = 0
    at: str = ""
    event: str = ""
    table: str = ""
    row: str = ""


class Said(NamedTuple):
    """What an entry says of a table (how many rows, and the digest of their sum) or of a row (its seal, or empty)."""

    number: int
    size: int
    digest: str


@dataclass
class Trail:
    """A trail that was read to its end: its entries, what is broken in it, and what it says last of each table and row."""

    entries: list[tuple[str, str]] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    sums: dict[str, Said] = field(default_factory=dict)
    rows: dict[tuple[str, str], Said] = field(default_factory=dict)
    hashes: dict[int, bytes] = field(default_factory=dict)
    number: int = 0
    last: bytes = START
    end_forged: bool = False

    def fault(self, what: str, number: int, table: str = "", row: str = "") -> Fault:
        """A fault at an entry."""
        at, event = self.entries[number - 1] if 0 < number <= len(self.entries) else ("", "")
        return Fault(what, number, at, event, table, row)

    def named(self, number: int) -> str:
        """An entry as a sentence names it."""
        at, event = self.entries[number - 1] if 0 < number <= len(self.entries) else ("", "")
        return f"审计记录第 {number} 条（{event}，{at.replace('T', ' ')[:16]}）" if event else f"审计记录第 {number} 条"

    def faults(self) -> Iterator[Fault]:
        """What is wrong with the trail itself."""
        for number in self.broken:
            yield self.fault(
                f"审计记录第 {number} 条被改动或缺失，请保留现场并报告管理员。", number, audit.name, str(number)
            )
        if self.end_forged:
            yield self.fault("审计记录的末条登记被改动，请保留现场并报告管理员。", self.number, trail_end.name)


def blob(value: object) -> bytes:
    """Bytes as they were written; whatever else stands there now is none."""
    return value if isinstance(value, bytes) else b""


def claimed_end(db: Store) -> tuple[int, bytes]:
    """The number and the hash of the trail's last entry, as they are kept apart from it. Raises `RegisterDamaged`."""
    number, digest, _ = db.tallies.end()
    return number, digest


def read_trail(db: Store, wanted: Collection[int] = ()) -> Trail:
    """Go along the trail; the hashes of the entries ``wanted`` are kept."""
    trail = Trail()
    broken = trail.broken
    with db.stream(_TRAIL) as rows:
        for row in rows:
            number, previous, digest, state = int(row[0]), blob(row[6]), blob(row[7]), row[8]
            broken += range(trail.number + 1, number)
            trail.entries += [("", "")] * (number - trail.number - 1)
            trail.entries.append((str(row[1]), str(row[3])))
            if previous != trail.last or digest != db.digest(chained(number, Entry(*row[1:6]), previous, state)):
                broken.append(number)
            elif state:
                _take(trail, number, state)
            trail.number, trail.last = number, digest
            if number in wanted:
                trail.hashes[number] = trail.last
    try:
        last, digest = claimed_end(db)
    except RegisterDamaged:
        last, digest = trail.number, b""
    if (last, digest) != (trail.number, trail.last) and trail.number not in broken:
        broken += range(trail.number + 1, last + 1) if last > trail.number else [trail.number]
    end = db.row(_LAST)
    trail.end_forged = end is not None and blob(end[3]) != db.seal(trail_end.name, 1, *end[:3])
    return trail


def _take(trail: Trail, number: int, state: str) -> None:
    said: dict[str, Any] = json.loads(state)
    for table, (count, digest) in said.get("sums", {}).items():
        trail.sums[table] = Said(number, count, digest)
    for table, rows in said.get("rows", {}).items():
        for key, seal in rows.items():
            trail.rows[table, key] = Said(number, 1 if seal else 0, seal)
