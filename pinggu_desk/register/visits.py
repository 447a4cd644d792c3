"""One visit (来访), several cases: which cases were opened together from one enquiry, and the papers that they share.

A visit is named by the id of the enquiry's own case. The cases stay cases of their own; what is kept here only says that they
belong together, in which order, and which paper was issued for several of them under one number.
"""

from __future__ import annotations

from collections.abc import Iterable

from pinggu_desk.register.cases import CaseShelf
from pinggu_desk.register.records import Case
from pinggu_desk.register.shelf import Row


class VisitShelf(CaseShelf):
    """The visits' part of the register."""

    def join_visit(self, visit: int, case_ids: Iterable[int]) -> None:
        """Say that cases belong to the visit of an enquiry, behind those that do already. Raises `NotFound`."""
        with self._changing():
            self._touch(self.case(visit).id)
            for case_id in case_ids:
                self.case(case_id)
                place = self._next("SELECT max(place) FROM visits")
                row: Row = (case_id, visit, place)
                self._db.run(
                    "INSERT INTO visits (case_id, visit, place, seal) VALUES (?,?,?,?)",
                    *(*row, self._db.seal("visits", *row)),
                )

    def visit_of(self, case_id: int) -> int | None:
        """The visit of a case: the enquiry that it was opened from, itself for the enquiry; None for a case by itself."""
        row = self._db.row("SELECT visit FROM visits WHERE case_id = ?1 OR visit = ?1 LIMIT 1", case_id)
        return int(row[0]) if row else None

    def cases_of_visit(self, visit: int) -> list[Case]:
        """The visit's cases in the order in which they were opened, without those that were withdrawn (已撤销)."""
        rows = self._db.rows("SELECT case_id FROM visits WHERE visit = ? ORDER BY place", visit)
        return [case for (number,) in rows if (case := self.case(number)).state != "已撤销"]

    def brought(self, case_id: int, origin: str) -> set[str]:
        """The facts whose text came from that origin and was not typed, or taken back, since."""
        sql = (
            "SELECT a.fact FROM answers a JOIN edit_origins o ON o.case_id = a.case_id AND o.seq = a.seq"
            " WHERE a.case_id = ? AND o.origin = ?"
        )
        return {fact for (fact,) in self._db.rows(sql, case_id, origin)}

    def share_paper(self, serial: str, case_ids: Iterable[int]) -> None:
        """Say that an issued paper is one of these cases' as well, under its one number."""
        with self._changing():
            for case_id in case_ids:
                row: Row = (serial, case_id)
                self._db.run(
                    "INSERT OR REPLACE INTO shared_papers (serial, case_id, seal) VALUES (?,?,?)",
                    *(*row, self._db.seal("shared_papers", *row)),
                )
