"""What the register knows of its cases for counting them (统计): read in portions, so that nobody who types waits for it.

A case's result is what its latest paper states, as in the ledger; a case without a paper has none. Of a paper over several policies
a case counts its own policy's share; an enquiry (政策匹配) counts all that its paper states.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, exists, func, select, union, union_all

from pinggu_desk.register.findings import Finding, condense, read_findings
from pinggu_desk.register.records import MATCHING
from pinggu_desk.register.rows import put
from pinggu_desk.register.shelf import Shelf
from pinggu_desk.register.tables import applicants, cases, documents, paper_findings, shared_papers

_AFTER: BindParameter[int] = bindparam("after")
_LAST: BindParameter[int] = bindparam("last")
_MOST: BindParameter[int] = bindparam("most", type_=cases.c.id.type)
_SERIAL: BindParameter[str] = bindparam("serial")
_c, _d, _f, _s = cases.c, documents.c, paper_findings.c, shared_papers.c
_CASES = (
    select(
        *(_c.id, _c.number, _c.applicant_id, func.coalesce(applicants.c.sample, 0), _c.policy_id, _c.opened_at),
        *(_c.judged_on, _c.state, _c.clerk_no),
    )
    .select_from(cases.outerjoin(applicants, applicants.c.id == _c.applicant_id))
    .where(_c.id > _AFTER)
    .order_by(_c.id)
    .limit(_MOST)
)
# a paper is its case's, and of every case that it was shared with; the latest comes last, as the ledger lists them
_papers = union_all(
    select(_f.case_id, _f.serial, _f.issued_at).where(_f.case_id > _AFTER, _f.case_id <= _LAST),
    select(_s.case_id, _f.serial, _f.issued_at)
    .join(paper_findings, _f.serial == _s.serial)
    .where(_s.case_id > _AFTER, _s.case_id <= _LAST),
).subquery()
_p = _papers.c
_PAPERS = select(_p.case_id, _p.serial, _p.issued_at).order_by(
    _p.case_id, _p.issued_at, func.length(_p.serial), _p.serial
)
_UNREAD = select(_d.serial).where(~exists().where(_f.serial == _d.serial)).limit(_MOST)
_PAPER = select(_d.case_id, _d.issued_at, _d.determinations).where(_d.serial == _SERIAL)
_FOUND = select(_f.found).where(_f.serial == _SERIAL)
_TOTAL = select(func.count()).select_from(cases)
_issued = union(select(_d.case_id, _d.serial), select(_s.case_id, _s.serial)).subquery()
_COUNTS = select(_issued.c.case_id, func.count()).group_by(_issued.c.case_id)


@dataclass(frozen=True, slots=True)
class CountedCase:
    """A case as it is counted. ``serial`` and ``issued_at`` are of its latest paper (empty: none), whose findings these are.

    ``applicant`` is the survivor where two were made one; None while nobody was named. ``sample`` marks an invented applicant.
    """

    id: int
    number: str
    applicant: int | None
    sample: bool
    policy: str
    opened_at: datetime
    on: date
    state: str
    clerk_no: str
    serial: str = ""
    issued_at: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def window(self) -> str:
        """The window (窗口号) that it was opened at, as its number says: ``0`` where the clerk had none."""
        return self.number.split("-")[1]


class StatisticsShelf(Shelf):
    """The counting's part of the register."""

    def _keep_findings(self, serial: str, case_id: int, issued_at: str, determinations_json: str) -> None:
        """Keep what a paper states, short (inside a transaction)."""
        put(self._db, paper_findings, serial, case_id, issued_at, condense(determinations_json))

    def prepare_statistics(self, most: int = 100) -> int:
        """Read papers of an earlier program, at most so many; returns how many were read, 0 when none is left."""
        serials = [serial for (serial,) in self._db.rows(_UNREAD, most=most)]
        if not serials:
            return 0  # and no transaction: another window may be writing
        with self._db.transaction():
            for serial in serials:
                row = self._db.row(_PAPER, serial=serial)
                assert row
                self._keep_findings(serial, *row)
        return len(serials)

    def count_cases(self, after: int = 0, most: int = 1000) -> list[CountedCase]:
        """The next cases by id, of every state, each with what its latest paper states; empty at the end."""
        rows = self._db.rows(_CASES, after=after, most=most)
        if not rows:
            return []
        latest = {case: (serial, at) for case, serial, at in self._db.rows(_PAPERS, after=after, last=rows[-1][0])}
        found = self._found([serial for serial, _ in latest.values()])
        return [_counted(row, *latest.get(row[0], ("", "")), found) for row in rows]

    def _found(self, serials: Sequence[str]) -> dict[str, list[Finding]]:
        """The findings of papers by serial; each is looked up by its key."""
        texts = {serial: self._db.row(_FOUND, serial=serial) for serial in set(serials)}
        return {serial: read_findings(row[0]) for serial, row in texts.items() if row}

    def case_total(self) -> int:
        """How many cases there are, for saying how far the counting is."""
        row = self._db.row(_TOTAL)
        return int(row[0]) if row else 0

    def paper_counts(self, case_ids: Sequence[int]) -> dict[int, int]:
        """How many papers each case has, those that it shares among them."""
        wanted = set(case_ids)
        return {case: count for case, count in self._db.rows(_COUNTS) if case in wanted}


def _counted(row: tuple[Any, ...], serial: str, issued_at: str, found: dict[str, list[Finding]]) -> CountedCase:
    number, applicant, sample, policy, opened, on, state, clerk = row[1:]
    mine = [f for f in found.get(serial, ()) if policy in (MATCHING, f.benefit.split(".", 1)[0])]
    return CountedCase(
        row[0], number, applicant, bool(sample), policy, datetime.fromisoformat(opened), date.fromisoformat(on), state,
        clerk, serial, issued_at, tuple(mine),
    )  # fmt: skip
