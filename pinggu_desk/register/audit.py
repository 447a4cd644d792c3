"""The audit trail (审计): append-only, each entry hashed with the register's key over the one before and what the tables come to.

A person who has only the file can't make the chain anew. How far it goes is sealed apart, so that cutting off its end shows too.
Entries are written at the end of their transaction, behind the sums that they tell (`tallies`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, or_, select

from pinggu_desk.register import events, trailcheck
from pinggu_desk.register.records import AuditRow
from pinggu_desk.register.roles import Act
from pinggu_desk.register.shelf import Shelf, needs
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import audit, cases, documents, merges
from pinggu_desk.register.tallies import Entry

_a = audit.c
_ROWS = select(_a.id, _a.at, _a.clerk_no, _a.event, _a.subject, _a.detail)
_LATEST = _ROWS.order_by(_a.id.desc()).limit(bindparam("most", type_=_a.id.type))
_NUMBER: BindParameter[str] = bindparam("number")
_OF_CASE = (
    _ROWS.where(or_(_a.subject == _NUMBER, _a.subject.like(_NUMBER.concat("-%"))))
    .where(_a.event != events.CASE_OPENED)
    .order_by(_a.id)
)
_MERGED = select(merges.c.from_id, merges.c.into_id)
_WHO = select(_a.clerk_no).distinct().order_by(_a.clerk_no)
_WHAT = select(_a.event, func.count()).group_by(_a.event).order_by(_a.event)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries of the trail are asked for; what is empty takes them all.

    ``applicant`` is an applicant's number: his own entries, also under the numbers of those that were merged with him, and those of
    his cases and their papers. ``paper`` is a paper's serial or a case's number. ``first`` and ``last`` are days.
    """

    clerk_no: str = ""
    event: str = ""
    applicant: int | None = None
    paper: str = ""
    first: date | None = None
    last: date | None = None


def append(db: Store, at: str, clerk_no: str, event: str, subject: str, detail: str) -> None:
    """Add an entry to the trail (inside a transaction): it is written at the transaction's end."""
    db.tallies.note(Entry(at, clerk_no, event, subject, detail))


def claimed_end(db: Store) -> tuple[int, bytes]:
    """The number and the hash of the trail's last entry, as they are kept apart from it."""
    return trailcheck.claimed_end(db)


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
        return [_row(row) for row in self._db.rows(_LATEST, most=limit)]

    def case_events(self, number: str) -> list[AuditRow]:
        """What the trail tells of a case and of its papers, oldest first; when it was opened the case itself tells."""
        return [_row(row) for row in self._db.rows(_OF_CASE, number=number)]

    @needs(Act.TRAIL)
    def trail(self, wanted: Wanted = Wanted(), limit: int = 20_000) -> list[AuditRow]:
        """The latest entries that are wanted, newest first."""
        numbers = [] if wanted.applicant is None else self.one_of(wanted.applicant)
        picked = _picked(wanted, numbers).order_by(_a.id.desc()).limit(limit)
        return [_row(row) for row in self._db.rows(picked)]

    def one_of(self, applicant: int) -> list[int]:
        """The numbers under which one applicant has been known: those that were merged lead to one another."""
        into: dict[int, int] = dict(self._db.rows(_MERGED))

        def last(number: int) -> int:
            for _ in into:  # so many steps at most, whatever somebody wrote there
                if number not in into:
                    break
                number = into[number]
            return number

        end = last(applicant)
        return sorted({applicant, end, *(number for number in into if last(number) == end)})

    @needs(Act.TRAIL)
    def trail_clerks(self) -> list[str]:
        """The numbers of everybody who is on the trail."""
        return [str(no) for (no,) in self._db.rows(_WHO)]

    @needs(Act.TRAIL)
    def trail_events(self) -> dict[str, int]:
        """What is on the trail, and how often."""
        return {str(event): int(count) for event, count in self._db.rows(_WHAT)}

    def verify_audit(self) -> list[int]:
        """The ids of rows that were altered, cut out or cut off (of a gap the first); empty when the trail is sound."""
        return trailcheck.read_trail(self._db).wrong()


def _picked(wanted: Wanted, numbers: list[int]) -> Select[Any]:
    picked = _ROWS
    if wanted.clerk_no:
        picked = picked.where(_a.clerk_no == wanted.clerk_no)
    if wanted.event:
        picked = picked.where(_a.event == wanted.event)
    if wanted.first is not None:
        picked = picked.where(_a.at >= wanted.first.isoformat())
    if wanted.last is not None:
        picked = picked.where(_a.at < (wanted.last + timedelta(days=1)).isoformat())
    if wanted.paper:
        picked = picked.where(_a.subject.startswith(wanted.paper, autoescape=True))
    if numbers:
        his = select(cases.c.number).where(cases.c.applicant_id.in_(numbers))
        papers = select(documents.c.serial).join(cases, cases.c.id == documents.c.case_id)
        papers = papers.where(cases.c.applicant_id.in_(numbers))
        own = _a.subject.in_([f"申请人{number}" for number in numbers])
        picked = picked.where(or_(own, _a.subject.in_(his), _a.subject.in_(papers)))
    return picked


def _row(row: tuple[Any, ...]) -> AuditRow:
    return AuditRow(row[0], datetime.fromisoformat(row[1]), *row[2:])
