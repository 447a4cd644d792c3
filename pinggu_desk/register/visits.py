"""One visit (来访), several cases: which cases were opened together from one enquiry, and the papers that they share.

A visit is named by the id of the enquiry's own case. The cases stay cases of their own; what is kept here only says that they
belong together, in which order, and which paper was issued for several of them under one number.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BindParameter, bindparam, func, or_, select

from pinggu_desk.register.cases import CaseShelf
from pinggu_desk.register.records import Case
from pinggu_desk.register.rows import add, put
from pinggu_desk.register.tables import edit_origins, edits, shared_papers, visits

_CASE: BindParameter[int] = bindparam("case_id")
_VISIT: BindParameter[int] = bindparam("visit")
_LAST_PLACE = select(func.max(visits.c.place))
_VISIT_OF = select(visits.c.visit).where(or_(visits.c.case_id == _CASE, visits.c.visit == _CASE)).limit(1)
_CASES = select(visits.c.case_id).where(visits.c.visit == _VISIT).order_by(visits.c.place)
_later = edits.alias("later").c
_last_of_fact = (
    select(func.max(_later.seq)).where(_later.case_id == edits.c.case_id, _later.fact == edits.c.fact).scalar_subquery()
)
_BROUGHT = (
    select(edits.c.fact)
    .join(edit_origins, (edit_origins.c.case_id == edits.c.case_id) & (edit_origins.c.seq == edits.c.seq))
    .where(edits.c.case_id == _CASE, edits.c.seq == _last_of_fact, edit_origins.c.origin == bindparam("origin"))
)


class VisitShelf(CaseShelf):
    """The visits' part of the register."""

    def join_visit(self, visit: int, case_ids: Iterable[int]) -> None:
        """Say that cases belong to the visit of an enquiry, behind those that do already. Raises `NotFound`."""
        with self._changing():
            self._touch(self.case(visit).id)
            for case_id in case_ids:
                self.case(case_id)
                row = self._db.row(_LAST_PLACE)
                add(self._db, visits, case_id, visit, int(row[0] or 0) + 1 if row else 1)

    def visit_of(self, case_id: int) -> int | None:
        """The visit of a case: the enquiry that it was opened from, itself for the enquiry; None for a case by itself."""
        row = self._db.row(_VISIT_OF, case_id=case_id)
        return int(row[0]) if row else None

    def cases_of_visit(self, visit: int) -> list[Case]:
        """The visit's cases in the order in which they were opened, without those that were withdrawn (已撤销)."""
        rows = self._db.rows(_CASES, visit=visit)
        return [case for (number,) in rows if (case := self.case(number)).state != "已撤销"]

    def brought(self, case_id: int, origin: str) -> set[str]:
        """The facts whose text came from that origin and was not typed, or taken back, since."""
        return {fact for (fact,) in self._db.rows(_BROUGHT, case_id=case_id, origin=origin)}

    def share_paper(self, serial: str, case_ids: Iterable[int]) -> None:
        """Say that an issued paper is one of these cases' as well, under its one number."""
        with self._changing():
            for case_id in case_ids:
                put(self._db, shared_papers, serial, case_id)
