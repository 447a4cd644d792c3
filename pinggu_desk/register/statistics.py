"""What the register knows of its cases for counting them (统计): read in portions, so that nobody who types waits for it.

A case's result is what its latest paper states, as in the ledger; a case without a paper has none. Of a paper over several policies
a case counts its own policy's share; an enquiry (政策匹配) counts all that its paper states.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pinggu_desk.register.findings import Finding, condense, read_findings
from pinggu_desk.register.records import MATCHING
from pinggu_desk.register.shelf import Row, Shelf

_CASES = (
    "SELECT c.id, c.number, c.applicant_id, coalesce(a.sample, 0), c.policy_id, c.opened_at, c.judged_on, c.state, c.clerk_no"
    " FROM cases c LEFT JOIN applicants a ON a.id = c.applicant_id WHERE c.id > ? ORDER BY c.id LIMIT ?"
)
# a paper is its case's, and of every case that it was shared with; the latest comes last, as the ledger lists them
_PAPERS = (
    "SELECT case_id, serial, issued_at FROM (SELECT case_id, serial, issued_at FROM paper_findings"
    " WHERE case_id > ?1 AND case_id <= ?2 UNION ALL SELECT s.case_id, f.serial, f.issued_at FROM shared_papers s"
    " JOIN paper_findings f ON f.serial = s.serial WHERE s.case_id > ?1 AND s.case_id <= ?2)"
    " ORDER BY case_id, issued_at, length(serial), serial"
)
_UNREAD = "SELECT d.serial FROM documents d WHERE NOT EXISTS (SELECT 1 FROM paper_findings f WHERE f.serial = d.serial) LIMIT ?"


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

    def keep_findings(self, serial: str, case_id: int, issued_at: str, determinations_json: str) -> None:
        """Keep what a paper states, short (inside a transaction)."""
        row: Row = (serial, case_id, issued_at, condense(determinations_json))
        self._db.run(
            "INSERT OR REPLACE INTO paper_findings (serial, case_id, issued_at, found, seal) VALUES (?,?,?,?,?)",
            *(*row, self._db.seal("paper_findings", *row)),
        )

    def prepare_statistics(self, most: int = 100) -> int:
        """Read papers of an earlier program, at most so many; returns how many were read, 0 when none is left."""
        serials = [serial for (serial,) in self._db.rows(_UNREAD, most)]
        if not serials:
            return 0  # and no transaction: another window may be writing
        with self._db.transaction():
            for serial in serials:
                row = self._db.row("SELECT case_id, issued_at, determinations FROM documents WHERE serial = ?", serial)
                assert row
                self.keep_findings(serial, *row)
        return len(serials)

    def count_cases(self, after: int = 0, most: int = 1000) -> list[CountedCase]:
        """The next cases by id, of every state, each with what its latest paper states; empty at the end."""
        rows = self._db.rows(_CASES, after, most)
        if not rows:
            return []
        latest = {case: (serial, at) for case, serial, at in self._db.rows(_PAPERS, after, rows[-1][0])}
        found = self._found([serial for serial, _ in latest.values()])
        return [_counted(row, *latest.get(row[0], ("", "")), found) for row in rows]

    def _found(self, serials: Sequence[str]) -> dict[str, list[Finding]]:
        """The findings of papers by serial; each is looked up by its key."""
        sql = "SELECT found FROM paper_findings WHERE serial = ?"
        texts = {serial: self._db.row(sql, serial) for serial in set(serials)}
        return {serial: read_findings(row[0]) for serial, row in texts.items() if row}

    def case_total(self) -> int:
        """How many cases there are, for saying how far the counting is."""
        row = self._db.row("SELECT count(*) FROM cases")
        return int(row[0]) if row else 0

    def paper_counts(self, case_ids: Sequence[int]) -> dict[int, int]:
        """How many papers each case has, those that it shares among them."""
        wanted = set(case_ids)
        sql = (
            "SELECT case_id, count(*) FROM (SELECT case_id, serial FROM documents UNION"
            " SELECT case_id, serial FROM shared_papers) GROUP BY case_id"
        )
        return {case: count for case, count in self._db.rows(sql) if case in wanted}


def _counted(row: tuple[Any, ...], serial: str, issued_at: str, found: dict[str, list[Finding]]) -> CountedCase:
    number, applicant, sample, policy, opened, on, state, clerk = row[1:]
    mine = [f for f in found.get(serial, ()) if policy in (MATCHING, f.benefit.split(".", 1)[0])]
    return CountedCase(
        row[0], number, applicant, bool(sample), policy, datetime.fromisoformat(opened), date.fromisoformat(on), state,
        clerk, serial, issued_at, tuple(mine),
    )  # fmt: skip
