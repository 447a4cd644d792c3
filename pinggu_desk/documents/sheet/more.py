"""The continuation sheet (续页): rows beyond a form's room and texts beyond its cells, under the same heads."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Border, Font, Side

from pinggu_desk.documents.sheet.cells import put, put_text
from pinggu_desk.documents.sheet.layout import TALLEST, Box, Layout
from pinggu_desk.documents.sheet.rare import dress
from pinggu_desk.documents.sheet.text import LINE
from pinggu_desk.documents.sheet.values import Words

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

    from pinggu_desk.documents.sheet.unitwords import Unit
    from pinggu_desk.documents.sheet.values import Row, Value

TITLE = "续页"
_SIZE = 10.5
_LINE = 20.0
_THIN = Side(style="thin")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


@dataclass(frozen=True, slots=True)
class RowLook:
    """How one row of a form looks: its height, and for each merged or single cell its box, style and words."""

    height: float
    cells: tuple[tuple[Box, StyleArray, str], ...]

    @staticmethod
    def of(layout: Layout, row: int, last_column: int) -> RowLook:
        """The look of row ``row`` as it is now."""
        cells = []
        for column in range(1, last_column + 1):
            cell: Any = layout.sheet.cell(row, column)
            if not isinstance(cell, MergedCell):
                words = "" if cell.value is None else str(cell.value)
                cells.append((layout.box(cell), copy(cell._style), words))
        return RowLook(layout.row_height(row), tuple(cells))


@dataclass(frozen=True, slots=True)
class Left:
    """The rows of one family that had no room, the look of the form's pattern and head, and where each column stands."""

    head: RowLook | None
    pattern: RowLook
    columns: dict[str, int]
    rows: list[Row]
    units: dict[str, Unit] = field(default_factory=dict)


@dataclass(slots=True)
class Rest:
    """What did not fit on one sheet of the form: rows by family, and texts as (label, whole text)."""

    rows: dict[str, Left] = field(default_factory=dict)
    texts: list[tuple[str, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.rows or self.texts)


def show(
    layout: Layout, cell: Cell, value: Value, label: str, texts: list[tuple[str, str]], unit: Unit | None = None
) -> None:  # fmt: skip
    """Put ``value`` into ``cell``, in ``unit``, so that all of it is seen; a text too long for that goes to ``texts``, too."""
    shown = put(cell, value, unit)
    if isinstance(value, str):
        dress(cell, shown)
    if not isinstance(value, str | Words):
        layout.squeeze(cell, shown)
    elif shown and not layout.fits(cell, shown):
        texts.append((label, shown))
        start = layout.shorten(cell, shown)
        put_text(cell, start)
        layout.fits(cell, start)


class Continuation:
    """Writes the continuation sheet of a form; its columns, heads and rows are copies of the form's."""

    def __init__(self, book: Workbook, form: Layout) -> None:
        source = form.sheet
        self.form = form
        self.sheet: Worksheet = book.create_sheet(TITLE)  # numbered by the library when there is one already
        for key, dimension in source.column_dimensions.items():
            mine = self.sheet.column_dimensions[key]
            mine.min, mine.max, mine.width = dimension.min, dimension.max, dimension.width
        _same_page(source, self.sheet)
        self.layout = Layout(self.sheet)
        self.last_column = form.last_column
        self.row = 1

    def write(self, rest: Rest, title: str, applicant: str, serial: str) -> None:
        """Write everything that is left, under the form's title, the applicant and the number of the visit."""
        first = self.form.sheet.cell(1, 1)
        self._line(f"{title}（续页）", "center", first.font)
        self._line(f"申请人：{applicant}　　编号：{serial}", "left")
        self.sheet.print_title_rows = "1:2"
        for family, left in rest.rows.items():
            self._family(f"{family}（续）", left, rest.texts)
        for label, text in rest.texts:
            self._text(label, text)
        self.sheet.print_area = f"A1:{self.sheet.cell(self.row - 1, self.last_column).coordinate}"

    def _line(self, text: str, across: str, font: Any = None, frame: Border | None = None) -> None:
        """One text over the whole width."""
        for column in range(1, self.last_column + 1):
            self.sheet.cell(self.row, column).border = frame or Border()
        cell: Any = self.sheet.cell(self.row, 1)
        cell.font = copy(font) if font else Font(name="宋体", sz=_SIZE)
        cell.alignment = Alignment(across, vertical="center", wrap_text=True, indent=0 if across == "center" else 1)
        put_text(cell, text)
        self.layout.merge(Box(self.row, 1, self.row, self.last_column))
        self.sheet.row_dimensions[self.row].height = max(_LINE, cell.font.sz * 1.8)
        self.layout.fits(cell, text)
        self.row += 1

    def _family(self, caption: str, left: Left, texts: list[tuple[str, str]]) -> None:
        """The rows of one family under the head that stands above its pattern."""
        self._line(caption, "left")
        if left.head:
            self._look(left.head, words=True)
        for row in left.rows:
            self._look(left.pattern, words=False)
            for column, at in left.columns.items():
                cell, unit = self.layout.cell(self.row - 1, at), left.units.get(column)
                show(self.layout, cell, row.get(column, ""), f"{caption}{column}", texts, unit)

    def _look(self, look: RowLook, *, words: bool) -> None:
        """A row that looks as the form's; with its words when it is a head."""
        self.sheet.row_dimensions[self.row].height = look.height
        for box, style, text in look.cells:
            for column in range(box.column, box.last_column + 1):
                mine: Any = self.sheet.cell(self.row, column)
                mine._style = copy(style)
            if words:
                put_text(self.layout.cell(self.row, box.column), text)
            self.layout.merge(Box(self.row, box.column, self.row, box.last_column))
        self.row += 1

    def _text(self, label: str, text: str) -> None:
        """A long text from beginning to end, in as many full rows as it takes."""
        self._line(f"{label}（全文）", "left")
        room = self.layout.room(Box(1, 1, 1, self.last_column))
        most = max(int(room / _SIZE - 2) * int((TALLEST - 20) / (_SIZE * LINE)), 1)
        for start in range(0, len(text), most):
            self._line(text[start : start + most], "left", frame=_FRAME)


def _same_page(source: Worksheet, sheet: Worksheet) -> None:
    """The same paper, margins, feet and protection as the form's."""
    sheet.page_setup.paperSize = source.page_setup.paperSize
    sheet.page_setup.orientation = source.page_setup.orientation
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = copy(source.sheet_properties.pageSetUpPr)
    sheet.page_margins = copy(source.page_margins)
    sheet.print_options.horizontalCentered = source.print_options.horizontalCentered
    sheet.HeaderFooter = copy(source.HeaderFooter)
    sheet.protection = copy(source.protection)
