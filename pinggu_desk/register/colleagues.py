"""A colleague's case: that it was looked at or changed is put on the trail; a clerk's own costs nothing."""

from __future__ import annotations

from contextlib import AbstractContextManager
from types import TracebackType

from sqlalchemy import BindParameter, bindparam, select

from pinggu_desk.register import events
from pinggu_desk.register.audit import append
from pinggu_desk.register.roles import Act
from pinggu_desk.register.shelf import Shelf
from pinggu_desk.register.tables import cases

_CASE: BindParameter[int] = bindparam("case_id")
_WHOSE = select(cases.c.number, cases.c.clerk_no).where(cases.c.id == _CASE)


class _Changing:
    """What `ColleagueShelf._changing` gives; a pair of calls for the same reason as the transaction within."""

    __slots__ = ("_before", "_inner", "_shelf")

    def __init__(self, shelf: ColleagueShelf) -> None:
        self._shelf, self._before, self._inner = shelf, shelf._touched, shelf._db.transaction()

    def __enter__(self) -> None:
        self._inner.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._inner.__exit__(kind, error, trace)
        except BaseException:
            self._shelf._touched = self._before
            raise
        if error is not None:
            self._shelf._touched = self._before


class ColleagueShelf(Shelf):
    """Base of the parts that change cases. ``_touched`` are the cases that this session has looked up and noted."""

    _touched: frozenset[int]

    def _changing(self) -> AbstractContextManager[None]:
        """A transaction that changes a case; what it noted counts as noted once that is on the disk."""
        self._require_quickly(Act.WORK)
        return _Changing(self)

    def _touch(self, case_id: int) -> None:
        """Note the session's first change of a colleague's case, in the transaction of the change itself."""
        if case_id in self._touched:
            return
        self._note_others(case_id, events.CASE_CHANGED)
        self._touched = self._touched | {case_id}  # a new set: whoever holds the old one can go back to it

    def _note_others(self, case_id: int, event: str) -> None:
        """Put it on the trail if the case is a colleague's (inside a transaction)."""
        row = self._db.row(_WHOSE, case_id=case_id)
        if row is not None and row[1] != self._clerk.no:
            append(self._db, self._stamp(), self._clerk.no, event, row[0], f"由工号{row[1]}开办")
