"""What every part of the register stands on: the database, the clerk at work, the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from pinggu_desk.register.errors import InvalidEntry
from pinggu_desk.register.records import Clerk
from pinggu_desk.register.statements import Value
from pinggu_desk.register.store import Store


class Shelf:
    """Base of the parts that make up `Register`."""

    _db: Store
    _clerk: Clerk
    _now: Callable[[], datetime]

    def _stamp(self) -> str:
        return self._now().isoformat(timespec="seconds")

    def _survivor(self, applicant_id: int) -> int:
        """The applicant that one was merged into, itself otherwise."""
        for _ in range(100):
            row = self._db.row("SELECT into_id FROM merges WHERE from_id = ?", applicant_id)
            if row is None:
                break
            applicant_id = int(row[0])
        return applicant_id

    def _next(self, highest: str) -> int:
        """The id of the row to come, by a query for the highest: it goes into the row's seal before it is written."""
        row = self._db.row(highest)
        return int(row[0] or 0) + 1 if row else 1


def one_of(value: str, allowed: Iterable[str], what: str) -> str:
    """The value, if it is among those allowed; raises `InvalidEntry` naming them otherwise."""
    choices = tuple(allowed)
    if value not in choices:
        raise InvalidEntry(f"{what}“{value}”不在可选范围内，应为{'、'.join(choices)}之一。")
    return value


Row = tuple[Value, ...]
