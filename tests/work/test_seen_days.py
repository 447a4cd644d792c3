"""A day in a list is previewed as a day, not as the number that a workbook keeps for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from openpyxl import Workbook

from pinggu_desk.work.listpreview import preview
from tests.bundled import engine


def test_days_are_previewed_as_days(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["申请人名称", "上市挂牌日", "职工人数"])
    sheet.append(["示例一", date(2024, 2, 29), 45000])
    book.save(tmp_path / "名单.xlsx")
    seen = preview(engine(), str(tmp_path / "名单.xlsx")).columns
    assert [one.samples for one in seen] == [("示例一",), ("2024-02-29",), ("45000",)]
