"""Is the audit trail what it was when it was written?"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import bindparam, select

from pinggu_desk.register.errors import RegisterDamaged
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import audit, meta

START = bytes(32)
END = "audit_end"
_a = audit.c
_TRAIL = select(_a.id, _a.at, _a.clerk_no, _a.event, _a.subject, _a.detail, _a.previous, _a.hash).order_by(_a.id)
_END = select(meta.c.value).where(meta.c.name == bindparam("name"))


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


@dataclass
class Trail:
    """A trail that was read to its end: when and what each entry is, and which of them are broken."""

    entries: list[tuple[str, str]] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    hashes: dict[int, bytes] = field(default_factory=dict)
    number: int = 0
    last: bytes = START

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


def blob(value: object) -> bytes:
    """Bytes as they were written; whatever else stands there now is none."""
    return value if isinstance(value, bytes) else b""


def claimed_end(db: Store) -> tuple[int, bytes]:
    """The number and the hash of the trail's last entry, as they are kept apart from it. Raises `RegisterDamaged`."""
    row = db.row(_END, name=END)
    if row is None:
        return 0, START
    number, _, digest = str(row[0]).partition(":")
    try:
        return int(number), bytes.fromhex(digest)
    except ValueError:
        raise RegisterDamaged("登记库中审计记录的末条登记被改动，不能接着记；请保留现场，从最近的备份恢复。") from None


def read_trail(db: Store, wanted: Collection[int] = ()) -> Trail:
    """Go along the trail; the hashes of the entries ``wanted`` are kept."""
    trail = Trail()
    broken = trail.broken
    with db.stream(_TRAIL) as rows:
        for row in rows:
            number, previous, digest = int(row[0]), blob(row[6]), blob(row[7])
            broken += range(trail.number + 1, number)
            trail.entries += [("", "")] * (number - trail.number - 1)
            trail.entries.append((row[1], row[3]))
            if previous != trail.last or digest != db.digest([*row[:6], previous]):
                broken.append(number)
            trail.number, trail.last = number, digest
            if number in wanted:
                trail.hashes[number] = trail.last
    try:
        last, digest = claimed_end(db)
    except RegisterDamaged:
        last, digest = trail.number, b""
    if (last, digest) != (trail.number, trail.last) and trail.number not in broken:
        broken += range(trail.number + 1, last + 1) if last > trail.number else [trail.number]
    return trail
