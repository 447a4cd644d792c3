"""What stands beside a table of statistics, in the same words on paper, in the workbook and in text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinggu_desk.documents.sheet.values import PRACTICE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pinggu_desk.documents.statistics.table import StatTable, Told


def moment(told: Told) -> str:
    """When it was made."""
    at = told.made
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"


def head_pairs(table: StatTable, told: Told) -> Iterator[tuple[str, str]]:
    """What it is of and who made it, in named lines, then what is to be said of it."""
    if told.practice:
        yield "演练", PRACTICE
    yield "统计", table.title
    yield "期间", f"{table.period}（按开办日）"
    if table.picked:
        yield "范围", table.picked
    if told.office:
        yield "单位", told.office
    yield "制表", f"{told.clerk}　{moment(told)}" if told.clerk else moment(told)
    for number, note in enumerate(table.notes, start=1):
        yield f"说明 {number}", note
