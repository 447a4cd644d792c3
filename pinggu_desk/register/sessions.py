"""Sessions with a register on a server: whether everybody has left in order, and nobody is here.

Only then must the tables be what the last entry tells: a window at work changes some of them without one. A file's log tells the same
by being there (`register.log_of`). Each session's beginning and end bear its mark on the trail.
"""

from __future__ import annotations

import secrets

from sqlalchemy import or_, select

from pinggu_desk.register import events
from pinggu_desk.register.audit import AuditShelf
from pinggu_desk.register.tables import audit

ENDS = (events.LOGGED_OUT, events.LOCKED)
_BEGINS = (events.LOGGED_IN, events.RECOVERED, events.UNLOCKED)
_MARK, _ALONE = "会话 ", "，没有别的窗口"
_LATEST = (
    select(audit.c.event, audit.c.detail)
    .where(
        or_(*(audit.c.event == event for event in (*_BEGINS, *ENDS))),
        audit.c.detail.startswith(_MARK, autoescape=True),
    )
    .order_by(audit.c.id.desc())
)


class SessionShelf(AuditShelf):
    """The part of the register that knows who else has it open."""

    _session = ""
    _began_alone = False

    def _come_in(self) -> bool:
        """Be seen by the windows to come; whether nobody is here and everybody before us has left in order."""
        if self._db.kind != "postgresql":
            return False
        self._session, self._began_alone = secrets.token_hex(4), self._db.come_in()
        return self._began_alone and self._all_left()

    def _all_left(self) -> bool:
        """Whether each session since one that began alone has told its end: one that was cut off may have written after it."""
        ended: set[str] = set()
        with self._db.stream(_LATEST) as rows:
            for event, detail in rows:
                which = str(detail).removeprefix(_MARK).removesuffix(_ALONE)
                if event in ENDS:
                    ended.add(which)
                elif which not in ended:
                    return False
                elif str(detail).endswith(_ALONE):
                    return True
        return False

    @property
    def _beginning(self) -> str:
        """What the entry of this session's beginning says."""
        return self._ending and self._ending + (_ALONE if self._began_alone else "")

    @property
    def _ending(self) -> str:
        """What that of its end says."""
        return f"{_MARK}{self._session}" if self._session else ""
