"""Statistics as a workbook: real numbers, a frozen head with filters, a native chart to go on with, a sheet of notes."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from pinggu_desk.documents.statistics.table import CEILING, CERTAIN, HEADS, STATISTICS_TITLE, SUMS
from pinggu_desk.documents.statistics.words import head_pairs
from pinggu_desk.policy.district import here

if TYPE_CHECKING:
    from pinggu_desk.documents.statistics.table import Measure, StatRow, StatTable, Told

_SHEET, _CHART, _NOTES = "统计", "图", "说明"
_MONEY, _WHOLE = "#,##0.00", "#,##0"
_WIDE = {1: 52, 2: 34}  # of a label's column, by how many there are
#: an office program's chart of more bars than this can't be read
_MOST_BARS = 30
_FONT = {"font_name": "宋体", "font_size": 10, "valign": "top"}


def statistics_book(table: StatTable, told: Told, measure: Measure | None = None) -> bytes:
    """The table as .xlsx: 统计, 图 (where there is anything to draw), 说明. Nothing in it is a formula."""
    from xlsxwriter import Workbook

    out = BytesIO()
    book = Workbook(out, {
        "in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False,
    })  # fmt: skip
    book.set_properties({
        "title": table.title, "author": told.office or here().program, "subject": STATISTICS_TITLE, "created": told.made,
    })  # fmt: skip
    _table(book, table, told)
    if table.rows:
        _chart(book, table, measure or table.measure)
    _notes(book, table, told)
    book.close()
    return out.getvalue()


def _table(book: Any, table: StatTable, told: Told) -> None:
    sheet = book.add_worksheet(_SHEET)
    head = book.add_format(_FONT | {"bold": True, "bg_color": "#E8EDF2", "text_wrap": True, "bottom": 1})
    text = book.add_format(_FONT | {"text_wrap": True, "bottom": 4})
    forms = [
        book.add_format(_FONT | {"num_format": _MONEY if n in SUMS else _WHOLE, "bottom": 4}) for n in range(len(HEADS))
    ]
    sums = [
        book.add_format(_FONT | {"num_format": _MONEY if n in SUMS else _WHOLE, "bold": True, "top": 1})
        for n in range(len(HEADS))
    ]
    labels = len(table.by)
    sheet.set_column(0, labels - 1, _WIDE.get(labels, 30))
    sheet.set_column(labels, labels + len(HEADS) - 1, 13)
    sheet.set_column(labels + SUMS[0], labels + SUMS[1], 20)
    for column, words in enumerate((*table.by, *HEADS)):
        sheet.write_string(0, column, words, head)
    for number, row in enumerate(table.rows, start=1):
        for column, words in enumerate(row.keys):
            sheet.write_string(number, column, words, text)
        _figures(sheet, number, labels, row, forms)
    last = len(table.rows) + 1
    sheet.write_string(last, 0, "合计", book.add_format(_FONT | {"bold": True, "top": 1}))
    for column in range(1, labels):
        sheet.write_blank(last, column, None, book.add_format(_FONT | {"top": 1}))
    _figures(sheet, last, labels, table.total, sums)
    sheet.freeze_panes(1, labels)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), labels + len(HEADS) - 1)
    _page(sheet, table, told)
    sheet.repeat_rows(0)


def _figures(sheet: Any, line: int, start: int, row: StatRow, forms: list[Any]) -> None:
    """Numbers as numbers; a sum in 元: a binary number of 15 digits holds each fen of it."""
    for n, value in enumerate(row.figures):
        sheet.write_number(line, start + n, value / 100 if n in SUMS else value, forms[n])


def _chart(book: Any, table: StatTable, measure: Measure) -> None:
    """A chart of the office program's own, over the cells of the table: it changes with them."""
    sheet = book.add_worksheet(_CHART)
    rows = min(len(table.rows), _MOST_BARS)
    labels = len(table.by)
    columns = (
        {f"{CERTAIN}（元）": labels + SUMS[0], f"{CEILING}（元）": labels + SUMS[1]}
        if measure == "金额"
        else {"办件（件）": labels}
    )
    chart = book.add_chart({"type": "bar"})
    for number, (name, column) in enumerate(columns.items()):
        plain = {"fill": {"color": "#1F5FA8"}, "border": {"color": "#16324F"}}
        hatched = {
            "pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#1F5FA8", "bg_color": "#FFFFFF"},
            "border": {"color": "#16324F"},
        }
        chart.add_series({
            "name": name, "categories": [_SHEET, 1, 0, rows, labels - 1], "values": [_SHEET, 1, column, rows, column],
            "data_labels": {"value": True, "num_format": "#,##0;;"}, "gap": 60, **(hatched if number else plain),
        })  # fmt: skip
    more = f"（表中前 {rows} 行）" if rows < len(table.rows) else ""
    chart.set_title({"name": f"{table.title}{more}　{table.period}", "name_font": {"size": 12}})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"min": 0, "num_format": _WHOLE, "label_position": "low"})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 980, "height": max(320, 110 + rows * (44 if measure == "金额" else 26))})
    sheet.insert_chart(0, 0, chart, {"description": f"{table.title}的条形图，数据见“{_SHEET}”工作表"})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)


def _notes(book: Any, table: StatTable, told: Told) -> None:
    sheet = book.add_worksheet(_NOTES)
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 96)
    bold, wrapped = book.add_format(_FONT | {"bold": True}), book.add_format(_FONT | {"text_wrap": True})
    pairs = [*head_pairs(table, told), ("金额单位", "元；确定金额和上限是两列，不能相加。")]
    for number, (name, words) in enumerate(pairs):
        sheet.write_string(number, 0, name, bold)
        sheet.write_string(number, 1, words, wrapped)
    _page(sheet, table, told)


def _page(sheet: Any, table: StatTable, told: Told) -> None:
    """A4 on its side, one page wide, numbered, with what it is in the head."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    mark = "（演练）" if told.practice else ""
    head = f"{told.office}　{table.title}{mark}　{table.period}".strip("　")
    sheet.set_header(f"&C{head.replace('&', '&&')}"[:255])
    sheet.set_footer("&C第 &P 页 共 &N 页")
