"""A colleague's case: that it was looked at or changed is put on the trail; a clerk's own costs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pinggu_desk.register import events
from pinggu_desk.register.audit import append
from pinggu_desk.register.shelf import Shelf


class ColleagueShelf(Shelf):
    """Base of the parts that change cases. ``_touched`` are the cases that this session has looked up and noted."""

    _touched: set[int]

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """A transaction that changes a case; what it noted counts as noted once that is on the disk."""
        before = set(self._touched)
        try:
            with self._db.transaction():
                yield
        except BaseException:
            self._touched = before
            raise

    def _touch(self, case_id: int) -> None:
        """Note the session's first change of a colleague's case, in the transaction of the change itself."""
        if case_id in self._touched:
            return
        self._note_others(case_id, events.CASE_CHANGED)
        self._touched.add(case_id)

    def _note_others(self, case_id: int, event: str) -> None:
        """Put it on the trail if the case is a colleague's (inside a transaction)."""
        row = self._db.row("SELECT number, clerk_no FROM cases WHERE id = ?", case_id)
        if row is not None and row[1] != self._clerk.no:
            append(self._db, self._stamp(), self._clerk.no, event, row[0], f"由工号{row[1]}开办")
