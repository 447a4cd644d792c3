"""What every part of the register stands on: the database, the clerk at work, the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import BindParameter, bindparam, select

from pinggu_desk.register import roster
from pinggu_desk.register.errors import InvalidEntry, NotAllowed
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

    def _stamp(self) -> str:
        return self._now().isoformat(timespec="seconds")

    def require(self, act: Act) -> None:
        """Raise `NotAllowed` unless the clerk at work may do this, by the role that the register says he has now.

        One that was taken away counts at once, in a window that is open too, and so does a removal.
        """
        role = roster.role_of(self._db, self._clerk)
        if role is None:
            raise NotAllowed(f"工号“{self._clerk.no}”已被移除，不能再办；请退出，由其他人登录。")
        if not may(role, act):
            raise NotAllowed(refusal(role, act))

    def _require_quickly(self, act: Act) -> None:
        """The same by the role that he came in with, for what is done at every key."""
        if not may(self._clerk.role, act):
            raise NotAllowed(refusal(self._clerk.role, act))

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


def needs(act: Act) -> Callable[[Callable[Concatenate[_S, _P], _T]], Callable[Concatenate[_S, _P], _T]]:
    """Mark a method that not everybody may use: it raises `NotAllowed` first of all, before it reads or writes anything."""

    def marked(method: Callable[Concatenate[_S, _P], _T]) -> Callable[Concatenate[_S, _P], _T]:
        @wraps(method)
        def guarded(self: _S, *args: _P.args, **kwargs: _P.kwargs) -> _T:
            self.require(act)
            return method(self, *args, **kwargs)

        return cast("Callable[Concatenate[_S, _P], _T]", guarded)  # `wraps` loses that self stands first

    return marked


def one_of(value: str, allowed: Iterable[str], what: str) -> str:
    """The value, if it is among those allowed; raises `InvalidEntry` naming them otherwise."""
    choices = tuple(allowed)
    if value not in choices:
        raise InvalidEntry(f"{what}“{value}”不在可选范围内，应为{'、'.join(choices)}之一。")
    return value


Row = tuple[Value, ...]
