"""What a table of statistics (统计表) is made of; kept apart from the making, whose libraries are slow to load."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

STATISTICS_TITLE = "办件统计"
#: what a chart may show of a table: money (确定金额, 上限) or the number of cases
Measure = Literal["金额", "件数"]
MEASURES: tuple[Measure, ...] = ("金额", "件数")
#: heads of the figures of every row, in order; sums are in 元
HEADS = ("办件（件）", "申请人（个）", "可申请（项）", "需认定（项）", "确定金额（元）", "上限（元）", "金额待定（项）")
CERTAIN, CEILING = "确定金额", "上限"
#: what stands between the labels of two dimensions where there is one line for both
BETWEEN = "　"


@dataclass(frozen=True, slots=True)
class StatRow:
    """One row: what it is about (a label for each dimension), and its figures.

    ``cases`` and ``applicants`` count each once in the row; ``eligible``, ``review`` and ``open`` count benefits on papers (可申请,
    需认定, 可申请而金额待定). ``certain_fen`` and ``ceiling_fen`` are whole fen and never added to each other. ``case_ids`` are the cases
    behind it.
    """

    keys: tuple[str, ...]
    cases: int
    applicants: int
    eligible: int
    review: int
    certain_fen: int
    ceiling_fen: int
    open: int
    case_ids: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        """The row's name where there is one line for it."""
        return BETWEEN.join(self.keys)

    @property
    def figures(self) -> tuple[int, ...]:
        """The figures as ``HEADS`` names them; sums in fen."""
        return (
            self.cases, self.applicants, self.eligible, self.review, self.certain_fen, self.ceiling_fen, self.open,
        )  # fmt: skip


#: which of the figures are sums
SUMS = (4, 5)


@dataclass(frozen=True, slots=True)
class StatTable:
    """A table of statistics: dimensions, rows, the total over all rows (each case and applicant once), what is to be said of it.

    ``period`` and ``picked`` say in words which cases it is of; ``total`` is None only where nothing was counted at all.
    """

    by: tuple[str, ...]
    rows: tuple[StatRow, ...]
    total: StatRow
    period: str
    picked: str = ""
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What it is: 办件统计（按政策、月份）."""
        return f"{STATISTICS_TITLE}（按{'、'.join(self.by)}）"

    @property
    def measure(self) -> Measure:
        """What its chart shows unless something else is asked for: money where there is any."""
        return "金额" if self.total.certain_fen or self.total.ceiling_fen else "件数"


@dataclass(frozen=True, slots=True)
class Told:
    """Who made it and when, for whom: as the head of the paper and the notes of the workbook say it."""

    made: datetime
    office: str = ""
    clerk: str = ""
    practice: bool = False
