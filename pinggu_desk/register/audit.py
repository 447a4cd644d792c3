"""The audit trail (审计): append-only, each row chained to the one before by a keyed hash.

The key comes from the register's key, so that a person who has only the file can't make the chain anew. How far
the chain goes is sealed apart, so that cutting off its end shows too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pinggu_desk.register.records import AuditRow
from pinggu_desk.register.roles import Act
from pinggu_desk.register.shelf import Shelf, needs
from pinggu_desk.register.store import Store

_START = bytes(32)
_END = "audit_end"


def append(db: Store, at: str, clerk_no: str, event: str, subject: str, detail: str) -> None:
    """Add a row to the trail (inside a transaction)."""
    number, previous = claimed_end(db)  # not the last row that is there: a row cut off must leave a hole
    number += 1
    digest = db.digest([number, at, clerk_no, event, subject, detail, previous])
    db.run(
        "INSERT INTO audit (id, at, clerk_no, event, subject, detail, previous, hash) VALUES (?,?,?,?,?,?,?,?)",
        *(number, at, clerk_no, event, subject, detail, previous, digest),
    )
    end = f"{number}:{digest.hex()}"
    db.run("INSERT OR REPLACE INTO meta (name, value, seal) VALUES (?,?,?)", _END, end, db.seal("meta", _END, end))


def broken_rows(db: Store) -> list[int]:
    """The ids of rows that were altered, don't follow on the row before, or are missing; empty when sound."""
    broken: list[int] = []
    number, previous = 0, _START
    with db.stream("SELECT id, at, clerk_no, event, subject, detail, previous, hash FROM audit ORDER BY id") as rows:
        for row in rows:
            broken += range(number + 1, row[0])
            number = int(row[0])
            if bytes(row[6]) != previous or bytes(row[7]) != db.digest([*row[:6], bytes(row[6])]):
                broken.append(number)
            previous = bytes(row[7])
    last, digest = claimed_end(db)
    if (last, digest) != (number, previous) and number not in broken:
        broken += range(number + 1, last + 1) if last > number else [number]
    return broken


def claimed_end(db: Store) -> tuple[int, bytes]:
    """The number of the last entry and its hash, as they are sealed apart."""
    row = db.row("SELECT value FROM meta WHERE name = ?", _END)
    if row is None:
        return 0, _START
    number, _, digest = str(row[0]).partition(":")
    return int(number), bytes.fromhex(digest)


class AuditShelf(Shelf):
    """The trail's part of the register."""

    def record_event(self, event: str, subject: str, detail: str = "") -> None:
        """Put an event on the trail: a print, an export, a full number shown. Committed on return.

        Names and identity numbers don't belong in `subject` or `detail`: applicants and cases are named by number.
        """
        with self._db.transaction():
            append(self._db, self._stamp(), self._clerk.no, event, subject, detail)

    @needs(Act.TRAIL)
    def audit_rows(self, limit: int = 200) -> list[AuditRow]:
        """The latest rows of the trail, newest first."""
        sql = "SELECT id, at, clerk_no, event, subject, detail FROM audit ORDER BY id DESC LIMIT ?"
        return [_row(row) for row in self._db.rows(sql, limit)]

    def case_events(self, number: str) -> list[AuditRow]:
        """What the trail tells of a case and of its papers, oldest first."""
        sql = (
            "SELECT id, at, clerk_no, event, subject, detail FROM audit WHERE subject = ?1 OR subject LIKE ?1 || '-__'"
        )
        return [_row(row) for row in self._db.rows(f"{sql} ORDER BY id", number)]

    def verify_audit(self) -> list[int]:
        """The ids of rows that were altered, cut out or cut off; empty when the trail is sound."""
        return broken_rows(self._db)


def _row(row: tuple[Any, ...]) -> AuditRow:
    return AuditRow(row[0], datetime.fromisoformat(row[1]), *row[2:])
