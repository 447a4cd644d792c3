"""What every part of the register stands on: the database, the clerk at work, the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import BindParameter, bindparam, select

from pinggu_desk.register import roster
from pinggu_desk.register.errors import InvalidEntry, KeyRenewed, NotAllowed, RegisterDamaged
from pinggu_desk.register.records import Clerk
from pinggu_desk.register.roles import Act, may, refusal
from pinggu_desk.register.statements import Value
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import merges

_GONE: BindParameter[int] = bindparam("gone")
_INTO = select(merges.c.into_id).where(merges.c.from_id == _GONE)
_P = ParamSpec("_P")
_S = TypeVar("_S", bound="Shelf")
_T = TypeVar("_T")


class Shelf:
    """Base of the parts that make up `Register`."""

    _db: Store
    _clerk: Clerk
    _now: Callable[[], datetime]
    #: what the call at work needs a role for, and the roster as it was when the role was looked up last
    _acts: tuple[Act, ...] = ()
    _known: tuple[object, ...] | None = None
    _is_in = False

    def _stamp(self) -> str:
        return self._now().isoformat(timespec="seconds")

    def require(self, act: Act) -> None:
        """Raise `NotAllowed` unless the clerk at work may do this, by the role that the register says he has now.

        One that was taken away counts at once, in a window that is open too, and so does a removal.
        """
        self._look_up()
        self._require_known(act)

    def _require_known(self, act: Act) -> None:
        """The same by the role that was looked up last: in a transaction, that is at its beginning."""
        if not may(self._clerk.role, act):
            raise NotAllowed(refusal(self._clerk.role, act))

    def _still_may(self, row: tuple[object, ...] | None = None) -> None:
        """Within each transaction, before it changes anything (`Store.guard`): a colleague may have decided otherwise meanwhile."""
        self._look_up(row)
        for act in self._acts:
            self._require_known(act)

    def _look_up(self, row: tuple[object, ...] | None = None) -> None:
        """Take the role that the register says the clerk has now. One row by its key, read anew only where it is another one.

        ``row`` is the roster's as it was read with something else of the same transaction. Another one must be what the trail
        tells: an earlier roster, copied back beside an open window, gives nobody a role.
        """
        row = row or roster.row_of(self._db)
        if row is not None and row == self._known:
            return
        if self._known is not None:
            try:
                roster.refuse_put_back(self._db)
            except RegisterDamaged as error:
                self._db.tallies.suspect(error.sentence)
                raise
        role, self._known = roster.role_of(self._db, self._clerk), None
        if role is None:
            raise NotAllowed(f"工号“{self._clerk.no}”已被移除，不能再办；请退出，由其他人登录。")
        if self._is_in and self._db.kind == "postgresql" and self._has_an_old_key():
            raise KeyRenewed  # a server's rows are read by any key; what is made of them would be under the old one
        if role != self._clerk.role:
            self._clerk = replace(self._clerk, role=role)
        self._known, self._is_in = row, True

    def _has_an_old_key(self) -> bool:
        """Whether the register has, or is being given, another key than this window has."""
        return False

    def may(self, act: Act) -> bool:
        """Whether the clerk at work may do this: for what is shown or left out."""
        return may(self._clerk.role, act)

    def _survivor(self, applicant_id: int) -> int:
        """The applicant that one was merged into, itself otherwise."""
        for _ in range(100):
            row = self._db.row(_INTO, gone=applicant_id)
            if row is None:
                break
            applicant_id = int(row[0])
        return applicant_id


def survivor_in(into: Mapping[int, int], applicant_id: int) -> int:
    """`Shelf._survivor` where it is known who was merged into whom."""
    for _ in range(100):
        if applicant_id not in into:
            break
        applicant_id = into[applicant_id]
    return applicant_id


def needs(act: Act) -> Callable[[Callable[Concatenate[_S, _P], _T]], Callable[Concatenate[_S, _P], _T]]:
    """Mark a method that not everybody may use: it raises `NotAllowed` first of all, before it reads or writes anything.

    What it writes is asked for again in the transaction that writes it (`_still_may`).
    """

    def marked(method: Callable[Concatenate[_S, _P], _T]) -> Callable[Concatenate[_S, _P], _T]:
        @wraps(method)
        def guarded(self: _S, *args: _P.args, **kwargs: _P.kwargs) -> _T:
            self.require(act)
            before, self._acts = self._acts, (*self._acts, act)
            try:
                return method(self, *args, **kwargs)
            finally:
                self._acts = before

        return cast("Callable[Concatenate[_S, _P], _T]", guarded)  # `wraps` loses that self stands first

    return marked


def one_of(value: str, allowed: Iterable[str], what: str) -> str:
    """The value, if it is among those allowed; raises `InvalidEntry` naming them otherwise."""
    choices = tuple(allowed)
    if value not in choices:
        raise InvalidEntry(f"{what}“{value}”不在可选范围内，应为{'、'.join(choices)}之一。")
    return value


Row = tuple[Value, ...]
