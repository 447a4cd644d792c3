"""A colleague's case: that it was looked at or changed is put on the trail; a clerk's own costs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType

from sqlalchemy import BindParameter, bindparam, func, select

from pinggu_desk.register import events
from pinggu_desk.register.audit import append
from pinggu_desk.register.roles import Act
from pinggu_desk.register.shelf import Shelf
from pinggu_desk.register.tables import cases, edits

_CASE: BindParameter[int] = bindparam("case_id")
_LAST = select(func.max(edits.c.seq)).where(edits.c.case_id == _CASE)
_WHOSE = select(cases.c.number, cases.c.clerk_no).where(cases.c.id == _CASE)

#: what was changed, which one of them, its version then
Version = tuple[str, int, int]


class _Changing:
    """What `ColleagueShelf._changing` gives; a pair of calls for the same reason as the transaction within."""

    __slots__ = ("_before", "_guarded", "_inner", "_outer", "_shelf")

    def __init__(self, shelf: ColleagueShelf, *, guarded: bool) -> None:
        self._shelf, self._before, self._outer, self._guarded = shelf, shelf._touched, shelf._own, guarded
        self._inner = shelf._db.transaction(guarded=guarded)

    def __enter__(self) -> None:
        self._inner.__enter__()
        self._shelf._own = []
        try:
            if self._guarded:
                self._shelf._require_known(Act.WORK)  # looked up as the transaction began
        except BaseException as error:
            self.__exit__(None, error, None)
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        made, self._shelf._own = self._shelf._own, self._outer
        try:
            self._inner.__exit__(kind, error, trace)
        except BaseException:
            self._shelf._touched = self._before
            raise
        if error is not None:
            self._shelf._touched = self._before
        elif self._outer is not None:
            self._outer += made or ()
        else:
            self._shelf._ours.update(made or ())


class ColleagueShelf(Shelf):
    """Base of the parts that change cases. ``_touched`` are the cases that this session has looked up and noted.

    ``_seen`` are the edits (by number) up to which it has read each case.
    ``_ours`` are the versions that this session made itself (of what, whose number, which version): what was made on an earlier
    one of them is not overtaken. ``_own`` are those of the change at work, which may yet fail; None where none is.
    """

    _touched: frozenset[int]
    _seen: dict[int, int]
    _ours: set[Version]
    _own: list[Version] | None

    def _changing(self, *, guarded: bool = True) -> AbstractContextManager[None]:
        """A transaction that changes a case; what it noted counts as noted once that is on the disk.

        Whoever has it not ``guarded`` calls `_may_change` before he changes anything.
        """
        return _Changing(self, guarded=guarded)

    def _may_change(self, roster: tuple[object, ...]) -> None:
        """The guard of a transaction whose first query brought the roster's row along."""
        if self._db.guard is not None:
            self._db.guard(roster if roster[0] is not None else None)
        self._require_known(Act.WORK)

    @contextmanager
    def at_once(self, name: str) -> Iterator[None]:
        """Several calls as one step: kept whole or not at all, and nobody else's of the same ``name`` comes between.

        What is looked up within is what holds until the step is kept.
        """
        with self._changing():
            self._db.lock(name)
            yield

    def last_edit(self, case_id: int) -> int:
        """The number of the latest edit of a case, 0 before any: on this a change is made (`made_on`)."""
        row = self._db.row(_LAST, case_id=case_id)
        return int(row[0] or 0) if row else 0

    def saw(self, case_id: int, last_edit: int | None) -> None:
        """Say up to which edit a case is on the screen: what is changed next is made on that (None: nothing is shown yet)."""
        if last_edit is not None:
            self._seen[case_id] = last_edit

    def _we_made(self, what: str, number: int, version: int) -> None:
        """Note a version that the change at work makes."""
        assert self._own is not None, "a version is made by a change"
        self._own.append((what, number, version))

    def _only_ours(self, what: str, number: int, since: int, now: int) -> bool:
        """Whether all versions after ``since`` up to today's were made here."""
        return all((what, number, version) in self._ours for version in range(since + 1, now + 1))

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
