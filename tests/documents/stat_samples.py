"""Sample tables of statistics (示例): a typical one, one with more rows than a chart takes, none at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pinggu_desk.documents.statistics.table import StatRow, StatTable, Told

TOLD = Told(datetime(2026, 11, 29, 9, 30), "示例街道政务服务中心", "示例经办 01")
_NOTES = ("结论和金额取自每个办件最近出具的一件文书。", "确定金额和上限是两列，不能相加。")


def total_of(rows: tuple[StatRow, ...]) -> StatRow:
    """Rows that share no case, added up."""
    figures = [sum(column) for column in zip(*(row.figures for row in rows), strict=True)] or [0] * 7
    return StatRow(("合计",), *figures)


def table_of(*rows: StatRow, by: tuple[str, ...] = ("政策",)) -> StatTable:
    """A table of these rows."""
    return StatTable(by, rows, total_of(rows), "2026年1月1日至2026年12月31日", notes=_NOTES)


TYPICAL = table_of(
    StatRow(
        ("示例促进高精尖产业发展若干措施实施细则（试行）及一个很长的名字、在图上两行也写不下的另一半",),
        41,
        30,
        22,
        3,
        1_234_567_805,
        5_000_000_000,
        2,
    ),
    StatRow(("企业上市办法",), 12, 11, 9, 0, 300_000_000, 0, 0),
    StatRow(("示例㛃𬭎𡌶措施",), 3, 2, 1, 1, 0, 120_000_000, 0),
    StatRow(("=SUM(A1)",), 2, 2, 1, 0, 50_001, 0, 0),
    StatRow(("政策匹配",), 25, 20, 0, 0, 0, 0, 0),
)
MANY = table_of(
    *(
        StatRow((f"示例政策{n:03d}", f"2026年{n % 12 + 1}月"), n, n, n, 0, n * 1_000_000, n * 2_000_000, 0, (n,))
        for n in range(1, 81)
    ),
    by=("政策", "月份"),
)
NOTHING = table_of()
PRACTICE = replace(TOLD, practice=True)
