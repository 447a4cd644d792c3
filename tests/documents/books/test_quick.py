"""Issue 11: the fast reader and the exact one give the same cells, and by columns a list reads as row by row."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pinggu_desk.documents.books import looked, quick
from pinggu_desk.documents.books.applicants import EnterpriseList
from pinggu_desk.documents.books.columnwise import _AS_IT_STANDS
from pinggu_desk.documents.books.grid import Cell
from pinggu_desk.documents.books.rows import Listed
from pinggu_desk.documents.books.xlsx import Book
from pinggu_desk.policy.characters import plain_text
from tests import bundled

FORMS = (
    "General", "0", "0.00", "#,##0", "#,##0.00", "0%", "0.00%", '0.00"万元"', '#,##0.00"元"', "yyyy-mm-dd", "yyyy/m/d", "h:mm",
    'yyyy"年"m"月"', 'yyyy"年"m"月"d"日"', "m/d/yyyy", "0,", "00000", "@", '"￥"#,##0', ";;;",
)  # fmt: skip
HEAD = (
    "申请人名称",
    "职工人数",
    "税收贡献",
    "上市挂牌日",
    "本区工商注册",
    "上市挂牌板块",
    "本地劳动力就业比例",
    "统一社会信用代码",
    "备注",
)


def same_number(one: str, other: str) -> bool:
    return one == other or abs(float(one) - float(other)) < 1e-7  # a moment is kept to the microsecond


def told_alike(one: Cell, other: Cell) -> bool:
    """A format that shows the number alone, or the whole day, may be told as none, or as another whole day."""
    if one == other:
        return True
    plain = {"General", *FORMS[:5], "yyyy-mm-dd", "yyyy/m/d", 'yyyy"年"m"月"d"日"'}
    alike = one.kind == other.kind == "number" and one.form in plain and other.form in plain
    return alike and same_number(one.text, other.text)


def both(path: Path) -> Iterator[tuple[tuple[int, int], Cell | None, Cell | None]]:
    book = Book(str(path))
    try:
        for sheet in book.sheets:
            found = looked.look(book, sheet)
            assert found is not None, "a file of the usual shape is read fast"
            assert found.marks == book._look_through(sheet)
            fast, exact = dict(quick.rows(book, sheet)), dict(book.rows(sheet))
            for row in sorted({*fast, *exact}):
                one, other = fast.get(row, {}), exact.get(row, {})
                yield from (((row, column), one.get(column), other.get(column)) for column in {*one, *other})
    finally:
        book.close()


def value(rnd: random.Random) -> Any:
    return rnd.choice(
        [
            None, 0, 1, 12, -3, 0.07, 1e-7, 12.5, 0.1 + 0.2, 45000, 123456789.25, 10**15, True, False, "是", "示例", "  12 ", "80万元",
            "<&>\"'", "a\nb", date(2024, 2, 29), datetime(2024, 2, 29, 12), time(1, 2), "=1+1", "#N/A", "𠮷", "合计",
        ]
    )  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_both_readers_give_the_same_cells(tmp_path: Path, seed: int) -> None:
    rnd = random.Random(seed)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in range(1 + rnd.randrange(3), 8):
        for column in range(1 + rnd.randrange(3), 7):
            cell = sheet.cell(row, column, value(rnd))
            if rnd.random() < 0.5:
                cell.number_format = rnd.choice(FORMS)
    sheet.row_dimensions[3].hidden = rnd.random() < 0.5
    sheet.column_dimensions["B"].hidden = rnd.random() < 0.5
    if rnd.random() < 0.3:
        sheet.merge_cells("J1:K2")
    path = tmp_path / "in.xlsx"
    book.save(path)
    for place, fast, exact in both(path):
        assert fast is not None and exact is not None, (place, fast, exact)
        assert told_alike(fast, exact), (place, fast, exact)


def row_by_row(path: Path) -> tuple[list[Listed], list[Any], list[str]]:
    with EnterpriseList(str(path), bundled.engine().pack) as listed:
        listed._by_columns = False
        rows = [row for chunk in listed.chunks(100) for row in chunk]
        return rows, sorted(listed.bad, key=str), listed.told()


def by_columns(path: Path) -> tuple[list[Listed], list[Any], list[str]]:
    with EnterpriseList(str(path), bundled.engine().pack) as listed:
        assert listed._by_columns
        rows = [row for chunk in listed.chunks(7) for row in chunk]
        return rows, sorted(listed.bad, key=str), listed.told()


def untidy(rnd: random.Random) -> list[Any]:
    kind = rnd.random()
    if kind < 0.05:
        return list(HEAD)
    if kind < 0.1:
        return ["合计", rnd.randrange(100), None, None, None, None, None, None, None]
    if kind < 0.15:
        return ["注：示例", *[None] * 8]
    if kind < 0.2:
        return [None, 3, *[None] * 7]
    if kind < 0.25:
        return [None] * 9
    names = ["示例企业甲", "示例企业乙 ", "示例\u200b企业", 12, "示例企业丙"]
    return [
        rnd.choice(names), rnd.choice([12, "12人", 1.5, -3, "十二", None, 12.0, True]),
        rnd.choice([0.07, 12345.678901, "80万元", "80元", 0.1 + 0.2, 1e-9, None, rnd.randrange(10**6) / 100]),
        rnd.choice([date(2024, 2, 29), "2024-02-29", "20240229", 45000, "三月", None]), rnd.choice(["是", "否", True, 1, "也许", None]),
        rnd.choice(["北交所", "纳斯达克", None]), rnd.choice([0.07, 7, "7%", None]),
        rnd.choice(["91110117MA00DEMA8F", "91110117MA00DEMA8E", 9.1e17, None]), rnd.choice([None, "说明", "小计"]),
    ]  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_by_columns_a_list_reads_as_row_by_row(tmp_path: Path, seed: int) -> None:
    """The same answers, the same problems, the same remarks, whatever stands in the list."""
    rnd = random.Random(seed)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(HEAD))
    for _ in range(rnd.randrange(1, 60)):
        sheet.append(untidy(rnd))
    for row in range(2, sheet.max_row + 1):
        if rnd.random() < 0.3:
            sheet.cell(row, 7).number_format = "0.0%"
        if rnd.random() < 0.1:
            sheet.cell(row, 3).number_format = '0.00"万元"'
    path = tmp_path / "in.xlsx"
    book.save(path)
    assert by_columns(path) == row_by_row(path)


def test_what_is_not_of_the_usual_shape_is_left_to_the_exact_reader(tmp_path: Path) -> None:
    """A far cell would take room for all before it; a prefix, a day count from 1904, a cut sheet are read exactly or refused."""
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"], book.worksheets[0]["XFD1048576"] = "申请人名称", 1
    book.save(tmp_path / "far.xlsx")
    opened = Book(str(tmp_path / "far.xlsx"))
    assert looked.look(opened, opened.sheets[0]) is None
    opened.close()


@pytest.mark.parametrize("number", [0.07, 0.1 + 0.2, 12345.678901, 1e-9, 123456789012345.0, 8.005, 1.0, 0.0])
def test_numbers_worked_out_at_once_are_exact_or_left(tmp_path: Path, number: float) -> None:
    """Forty of them in a column are worked out at once: each is the figure that one alone is read as, or refused as one is."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["申请人名称", "税收贡献"])
    for at in range(60):
        book.worksheets[0].append([f"示例企业{at}", number + at / 8])
    path = tmp_path / "in.xlsx"
    book.save(path)
    assert by_columns(path) == row_by_row(path)


def test_words_that_are_taken_as_they_stand_are_what_the_reader_makes_of_them() -> None:
    """Names and codes of plain characters are not read one by one: nothing would be taken out of them or folded."""
    for code in (*range(0x4E00, 0xA000), *map(ord, "0123456789ABCXYZabcxyz")):
        word = f"示例{chr(code)}有限公司"
        assert _AS_IT_STANDS.fullmatch(word) and plain_text(word) == word
    for other in (
        "示例 有限公司",
        "示例\u200b有限公司",
        "⼀⼆⼀⼆⼀⼆",
        "９１１１０１１７",
        "9.1E+17",
        "9E17",
        "123456\n",
    ):
        assert _AS_IT_STANDS.fullmatch(other) is None
