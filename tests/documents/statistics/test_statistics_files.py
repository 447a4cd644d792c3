"""Statistics as chart, paper, workbook and text, read back: every figure exact, certain sums and ceilings never one."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from io import BytesIO, StringIO
from itertools import pairwise
from typing import Any

import numpy as np
import openpyxl
import pypdfium2
import pytest

from pinggu_desk.documents.pdf.fonts import bundled
from pinggu_desk.documents.statistics.bars import chart_of
from pinggu_desk.documents.statistics.book import statistics_book
from pinggu_desk.documents.statistics.chart import ChartLook, chart_pdf
from pinggu_desk.documents.statistics.paper import statistics_pdf
from pinggu_desk.documents.statistics.table import HEADS, StatRow
from pinggu_desk.documents.statistics.text import statistics_csv
from tests.documents.paper_reader import Paper
from tests.documents.pdf.test_pdfa import FORBIDDEN, dictionaries
from tests.documents.stat_samples import MANY, NOTHING, PRACTICE, TOLD, TYPICAL, table_of

LONG = TYPICAL.rows[0].label


def words_of(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    try:
        return re.sub(r"\s+", "", "".join(page.get_textpage().get_text_bounded() for page in document))
    finally:
        document.close()


def test_a_chart_begins_at_nought_and_its_marks_hold_the_longest_bar() -> None:
    for longest in (1, 99, 100, 999_999, 1_000_000, 5_999_999, 123_456_789_01, 7 * 10**14):
        chart = chart_of(table_of(StatRow(("甲",), 1, 1, 1, 0, longest, 0, 0)), "金额", 10)
        values = [value for value, _ in chart.marks]
        assert values[0] == 0 and values[-2] < longest <= values[-1] and len(values) <= 8
        assert len({b - a for a, b in pairwise(values)}) == 1


def test_bars_carry_their_own_figures_and_small_sums_are_no_nought() -> None:
    chart = chart_of(TYPICAL, "金额", 10)
    first, *_, small = chart.bars
    assert (
        chart.unit == "万元"
        and first.words == ("1,234.57", "5,000.00")
        and first.values == (1_234_567_805, 5_000_000_000)
    )
    assert small.words == ("0.05", "") and chart.note == "没有金额的 1 行没有画出。"
    tiny = chart_of(table_of(TYPICAL.rows[0], StatRow(("甲",), 1, 1, 1, 0, 501, 0, 0)), "金额", 10)
    assert tiny.bars[1].words[0] == "5.01元"
    assert "确定金额 1,234.57，上限 5,000.00" in chart.alt


def test_many_rows_are_gathered_in_one_bar_that_says_of_how_many_and_nothing_is_lost() -> None:
    chart = chart_of(MANY, "金额", 12)
    assert len(chart.bars) == 12 and chart.bars[-1].label == "其余 69 行"
    assert [sum(bar.values[n] for bar in chart.bars) for n in (0, 1)] == [
        MANY.total.certain_fen,
        MANY.total.ceiling_fen,
    ]
    by_month = replace(MANY, by=("月份", "政策"))
    assert chart_of(by_month, "件数", 12).bars[0].label == "更早的 69 行"
    shared = table_of(*(StatRow((f"事项{n}",), 2, 1, 1, 0, 0, 0, 0, (1, n)) for n in range(9)), by=("支持事项",))
    assert chart_of(shared, "件数", 4).bars[-1].values == (
        len({1, *range(3, 9)}),
    )  # a case of several rows counts once


def test_the_chart_is_drawn_and_the_two_series_differ_in_black_and_white() -> None:
    look = ChartLook(size=12, ground="#FFFFFF")
    data, chart = chart_pdf(TYPICAL, "金额", 600, 400, look)
    assert "企业上市办法" in words_of(data) and "1,234.57" in words_of(data) and "示例㛃𬭎𡌶措施" in words_of(data)
    assert LONG not in words_of(data) and "示例促进高精尖" in words_of(data) and "…" in words_of(data)  # cut by measure
    document = pypdfium2.PdfDocument(data)
    grey = np.asarray(document[0].render(scale=2, grayscale=True).to_pil().convert("L"))
    document.close()
    high = grey.shape[0] / 2
    row = 12 * 2.7
    solid, hatched = (
        grey[round(2 * (2.3 * 12 + row * at)) - 2 : round(2 * (2.3 * 12 + row * at)) + 2, 480:580] for at in (0.3, 0.68)
    )
    assert high > 100 and solid.max() < 130 and hatched.min() < 200 < hatched.max()
    nothing, empty = chart_pdf(NOTHING, "件数", 600, 400, look)
    assert nothing.startswith(b"%PDF") and empty.bars == () and chart.series == ("确定金额", "上限")


@pytest.fixture(scope="module")
def paper() -> bytes:
    return statistics_pdf(TYPICAL, TOLD, book=bundled())


def test_the_paper_says_who_when_and_of_what_and_every_figure_of_the_table(paper: bytes) -> None:
    said = words_of(paper)
    for words in ("办件统计（按政策）", "2026年1月1日至2026年12月31日（按开办日）", "示例街道政务服务中心", "2026年11月29日09:30",
                  "第1页共1页",
                  "12,345,678.05", "50,000,000.00", "合计83", "示例㛃𬭎𡌶措施", *TYPICAL.notes):  # fmt: skip
        assert words in said, words
    assert "演练" not in said and "演练非正式文书" in words_of(statistics_pdf(TYPICAL, PRACTICE, book=bundled()))
    assert paper == statistics_pdf(TYPICAL, TOLD, book=bundled())


def test_the_paper_is_pdfa_and_its_chart_is_a_figure_with_words(paper: bytes) -> None:
    assert FORBIDDEN.findall(dictionaries(paper)) == []
    pages: Any = Paper(paper).pdf.pages
    fonts = [font.get_object()["/BaseFont"] for page in pages for font in page["/Resources"]["/Font"].values()]
    assert fonts and all("+" in name for name in fonts), fonts  # each is embedded as a subset, none is only named
    figures: list[bytes] = re.findall(rb"/S/Figure.*?/Alt<FEFF([0-9A-F]+)>", paper)
    assert (
        len(figures) == 1
        and bytes.fromhex(figures[0].decode()).decode("utf-16-be") == chart_of(TYPICAL, "金额", 99).alt
    )


def test_a_long_table_goes_on_over_pages_and_an_empty_one_is_one() -> None:
    long = statistics_pdf(MANY, TOLD, book=bundled())
    document = pypdfium2.PdfDocument(long)
    assert len(document) > 2
    document.close()
    assert "示例政策080" in words_of(long) and "其余" in words_of(long)
    assert "合计00" in words_of(statistics_pdf(NOTHING, TOLD, book=bundled()))


def test_the_workbook_has_numbers_a_frozen_head_filters_and_a_chart_of_its_own() -> None:
    book = openpyxl.load_workbook(BytesIO(statistics_book(TYPICAL, TOLD)))
    assert book.sheetnames == ["统计", "图", "说明"]
    sheet = book["统计"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("政策", *HEADS)
    assert rows[1] == (LONG, 41, 30, 22, 3, 12_345_678.05, 50_000_000, 2)
    assert rows[4][0] == "=SUM(A1)" and sheet["A5"].data_type == "s"  # what a person typed is never a formula
    assert rows[-1][0] == "合计" and rows[-1][5] == 15_346_178.06
    assert sheet.freeze_panes == "B2" and sheet.auto_filter.ref == "A1:H6" and sheet.print_title_rows == "$1:$1"
    assert sheet["F2"].number_format == "#,##0.00" and sheet.page_setup.orientation == "landscape"
    drawn: Any = book["图"]
    (chart,) = drawn._charts
    assert [series.val.numRef.f for series in chart.series] == ["统计!$F$2:$F$6", "统计!$G$2:$G$6"]
    assert chart.x_axis is not None and chart.y_axis.scaling.min == 0
    notes = {str(a): str(b) for a, b in book["说明"].iter_rows(values_only=True)}
    assert notes["单位"] == TOLD.office and notes["说明 2"] == TYPICAL.notes[1] and "不能相加" in notes["金额单位"]
    assert openpyxl.load_workbook(BytesIO(statistics_book(NOTHING, PRACTICE))).sheetnames == ["统计", "说明"]


def test_the_text_reads_back_exactly_and_runs_nothing() -> None:
    data = statistics_csv(TYPICAL, TOLD)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == ["政策", *HEADS] and rows[1] == [LONG, "41", "30", "22", "3", "12345678.05", "50000000.00", "2"]
    assert rows[4][0] == "'=SUM(A1)" and rows[6][0] == "合计" and rows[6][5] == "15346178.06"
    assert rows[7] == [] and ["制表", "示例经办 01　2026年11月29日 09:30"] in rows
