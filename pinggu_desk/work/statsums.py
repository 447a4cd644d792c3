"""Rows of statistics while they are added up: cases and applicants once each, one applicant's money for one benefit once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from pinggu_desk.documents.statistics.table import StatRow
from pinggu_desk.register.records import MATCHING

if TYPE_CHECKING:
    from pinggu_desk.register.findings import Finding
    from pinggu_desk.register.statistics import CountedCase


class Record(NamedTuple):
    """One thing to count: a case (``finding`` None) or a benefit of its paper; ``counts`` if it makes the case one of the row."""

    keys: tuple[str, ...]
    case: CountedCase
    finding: Finding | None
    counts: bool


#: whose money for what: an applicant (an unnamed one is each case's own, below nought) and a benefit
_Money = tuple[int, str]


class Sum:
    """A row, or the total. ``money`` keeps of each applicant and benefit the finding of the latest paper, with its case.

    ``older`` counts the findings with a figure that later ones took the place of, ``older_certain`` their certain sums (fen).
    """

    def __init__(self) -> None:
        self.cases: set[int] = set()
        self.behind: dict[int, None] = {}
        self.people: set[int] = set()
        self.told: dict[tuple[str, str], Finding] = {}  # by paper and benefit: a paper that cases share tells it once
        self.money: dict[_Money, tuple[CountedCase, Finding]] = {}
        self.older = self.older_certain = 0

    @property
    def certain(self) -> int:
        """The certain sum in fen."""
        return sum(finding.certain or 0 for _, finding in self.money.values())

    @property
    def ceiling(self) -> int:
        """The ceilings in fen."""
        return sum(finding.ceiling or 0 for _, finding in self.money.values())

    def add(self, record: Record) -> None:
        """Count one thing."""
        _, case, finding, counts = record
        self.behind[case.id] = None
        if counts:
            self.cases.add(case.id)
            if case.applicant is not None:
                self.people.add(case.applicant)
        if finding is None or finding.status not in ("eligible", "review"):
            return
        self.told[case.serial, finding.benefit] = finding
        if finding.certain is not None or finding.ceiling is not None:
            self._take((case.applicant or -case.id, finding.benefit), case, finding)

    def _take(self, whose: _Money, case: CountedCase, finding: Finding) -> None:
        """Keep the later of two findings for one thing; of one paper that of the policy's own case."""
        there = self.money.get(whose)
        if there is None:
            self.money[whose] = case, finding
            return
        earlier, later = sorted((there, (case, finding)), key=lambda one: _rank(one[0]))
        self.money[whose] = later
        if earlier[0].serial != later[0].serial:  # one paper that two cases share is no earlier one
            self.older += 1
            self.older_certain += earlier[1].certain or 0

    def take_all(self, row: Sum) -> None:
        """Count what is in a row."""
        self.cases |= row.cases
        self.people |= row.people
        self.behind |= row.behind
        self.told |= row.told
        self.older += row.older
        self.older_certain += row.older_certain
        for whose, (case, finding) in row.money.items():
            self._take(whose, case, finding)

    def row(self, keys: tuple[str, ...]) -> StatRow:
        """The row as it is shown."""
        told = self.told.values()
        review = sum(finding.status == "review" for finding in told)
        return StatRow(
            keys, len(self.cases), len(self.people), len(told) - review, review, self.certain, self.ceiling,
            sum(finding.open for finding in told), tuple(self.behind),
        )  # fmt: skip


def sum_of(rows: Iterable[Sum]) -> Sum:
    """The total of rows: each case, each applicant and each applicant's money for one benefit once."""
    total = Sum()
    for row in rows:
        total.take_all(row)
    return total


def _rank(case: CountedCase) -> tuple[object, ...]:
    return (case.issued_at, len(case.serial), case.serial, case.policy != MATCHING, case.id)
