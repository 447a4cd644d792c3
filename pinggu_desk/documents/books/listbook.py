"""Lists as workbooks: a frozen head with filters, widths that fit, real numbers and days, a sheet of notes; prints as it comes.

Every value goes in by its type (``sheet_cells.put``): nothing that a person typed becomes a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import TYPE_CHECKING, Any

from pinggu_desk.documents.sheet.cells import DATE_FORMAT, put
from pinggu_desk.documents.sheet.text import height
from pinggu_desk.documents.sheet.values import Value

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_FONT, _SIZE = "宋体", 10.0
#: a column's width is counted in characters of this many points
_POINT = 5.25
#: the tallest row that an office program shows, in points
_TALLEST = 409
#: a list of more characters than this would be too small to read on A4
_A4_HOLDS = 250
MOMENT_FORMAT = "yyyy-mm-dd hh:mm"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its head, its width in characters, the number format of its values where it has one of its own."""

    head: str
    width: int
    form: str = ""


def new_book(first: str) -> tuple[Workbook, Worksheet]:
    """An empty workbook with its first sheet called ``first``."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = first
    return book, sheet


def fill_list(
    sheet: Worksheet, columns: Sequence[Column], rows: Iterable[Sequence[Value | None]], still: int = 1
) -> None:
    """Write a list: heads, rows; the head and the first ``still`` columns stay in sight, every column can be filtered."""
    from openpyxl.styles import PatternFill
    from openpyxl.utils import get_column_letter

    shade = PatternFill("solid", fgColor="E8EDF2")
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
        _write(sheet, 1, number, column.head, bold=True).fill = shade
    sheet.row_dimensions[1].height = _height([(column.head, column.width) for column in columns])
    styles: dict[tuple[str, bool, bool], Any] = {}
    last = 1
    for last, row in enumerate(rows, start=2):
        shown = []
        for number, (column, value) in enumerate(zip(columns, row, strict=True), start=1):
            cell: Any = sheet.cell(last, number)
            if form := column.form or (DATE_FORMAT if isinstance(value, date) else ""):
                cell.number_format = form
            if value is not None:
                put(cell, value)
            text = value if isinstance(value, str) else ""
            # a style is looked up in the library's tables, slowly: once for each kind of cell
            kind = cell.number_format, bool(text) or value is None, cell.quotePrefix
            if kind not in styles:
                _dress(cell, wrap=kind[1])
                cell.border = _hairline()
                styles[kind] = cell._style
            cell._style = styles[kind]
            shown.append((text, column.width))
        sheet.row_dimensions[last].height = _height(shown)
    sheet.freeze_panes = sheet.cell(2, still + 1).coordinate
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last}"
    _page(sheet, landscape=True, large=sum(column.width for column in columns) > _A4_HOLDS)
    sheet.print_title_rows = "1:1"


def fill_pairs(sheet: Worksheet, title: str, pairs: Iterable[tuple[str, Value]]) -> None:
    """Write names and values, one pair a row, under a title."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 84
    _write(sheet, 1, 1, title, bold=True, size=14.0).alignment = _alignment(wrap=False)
    sheet.row_dimensions[1].height = 26
    for number, (name, value) in enumerate(pairs, start=2):
        _write(sheet, number, 1, name, bold=True)
        _write(sheet, number, 2, value).alignment = _alignment(wrap=True)
        sheet.row_dimensions[number].height = _height([(name, 26), (value if isinstance(value, str) else "", 84)])
    _page(sheet, landscape=False)


def _write(sheet: Worksheet, row: int, column: int, value: Value, *, bold: bool = False, size: float = _SIZE) -> Any:
    cell: Any = sheet.cell(row, column)
    if isinstance(value, date):
        cell.number_format = DATE_FORMAT
    put(cell, value)
    _dress(cell, wrap=isinstance(value, str), bold=bold, size=size)
    return cell


def _dress(cell: Any, *, wrap: bool, bold: bool = False, size: float = _SIZE) -> None:
    from openpyxl.styles import Font

    cell.font = Font(name=_FONT, size=size, bold=bold)
    cell.alignment = _alignment(wrap=wrap)


def _alignment(*, wrap: bool) -> Any:
    """Text reads from the left in lines; a number or a day is kept to its right, as office programs do."""
    from openpyxl.styles import Alignment

    return Alignment(vertical="top", wrap_text=wrap, horizontal="left" if wrap else None)


def _hairline() -> Any:
    from openpyxl.styles import Border, Side

    return Border(bottom=Side("hair", color="9AA5B1"))


def _height(cells: Iterable[tuple[str, int]]) -> float:
    tallest = max((height(text, _SIZE, width * _POINT) for text, width in cells), default=0.0)
    return min(ceil(tallest), _TALLEST)


def _page(sheet: Any, *, landscape: bool, large: bool = False) -> None:
    """A4, or A3 for a wide list, as it comes out: one page wide, as many pages long as it takes, numbered."""
    sheet.page_setup.paperSize = 8 if large else 9
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.oddFooter.center.text = "第 &P 页 共 &N 页"
