"""Where text goes on a sheet and whether it fits: widths of merged cells, heights of rows, sizes of type.

Office programs don't fit the height of a row to a merged cell, so it is worked out here.
"""

from __future__ import annotations

import math
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openpyxl.cell.cell import MergedCell

from pinggu_desk.documents.sheet.text import LINE, height, width

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

#: an office program's tallest row, in points, less a little
TALLEST = 400.0
#: from this height on, smaller type is tried before the row grows on
_TALL = 150.0
#: the smallest type (points) that is still read without effort
_SMALLEST = 8.0
#: how a text ends that goes on elsewhere
CUT = "……（全文见续页）"
#: points of a cell's width that its borders and margins take
_MARGIN = 6.0
#: points that one step of indentation takes
_INDENT = 9.0
#: the normal type of our own forms, by which office programs reckon the width of columns; cells have types of their own.
#: It is as wide as 宋体 there, and every machine has it or its equal: without 宋体 the columns came out wider than the page,
#: the whole was made smaller, and pages ended elsewhere
NORMAL = "Arial"
_DEFAULT_HEIGHT = 15.0
_DEFAULT_WIDTH = 8.43


def steady_widths(book: Workbook) -> None:
    """Let the columns of one of our forms be as wide on every machine."""
    inner: Any = book
    normal = copy(inner._named_styles["Normal"].font)
    normal.name, normal.family, normal.charset, normal.scheme = NORMAL, 2, None, None
    inner._named_styles["Normal"].font = normal
    inner._fonts[0].name, inner._fonts[0].family, inner._fonts[0].charset, inner._fonts[0].scheme = (
        NORMAL,
        2,
        None,
        None,
    )


@dataclass(frozen=True, slots=True)
class Box:
    """The cells that show one value: those of a merge, or one cell alone."""

    row: int
    column: int
    last_row: int
    last_column: int


@dataclass(slots=True)
class Layout:
    """The measures of one sheet."""

    sheet: Worksheet
    _widths: dict[int, float] = field(default_factory=dict)
    _boxes: dict[tuple[int, int], Box] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for letter, dimension in self.sheet.column_dimensions.items():
            first = dimension.min or self.sheet[f"{letter}1"].column
            for column in range(first, (dimension.max or first) + 1):
                if dimension.width:
                    self._widths[column] = dimension.width
        for merged in self.sheet.merged_cells.ranges:
            box = Box(merged.min_row, merged.min_col, merged.max_row, merged.max_col)
            self._boxes[merged.min_row, merged.min_col] = box

    def cell(self, row: int, column: int) -> Cell:
        """The cell that shows what is put at ``row``, ``column``: under a merge, its first."""
        cell = self.sheet.cell(row, column)
        if not isinstance(cell, MergedCell):
            return cell
        box = next(
            b for b in self._boxes.values() if b.row <= row <= b.last_row and b.column <= column <= b.last_column
        )
        return self.sheet.cell(box.row, box.column)  # type: ignore[return-value]

    def box(self, cell: Cell) -> Box:
        """The cells that the value of ``cell`` is shown in."""
        row, column = cell.row, cell.column
        return self._boxes.get((row, column)) or Box(row, column, row, column)

    def merge(self, box: Box) -> None:
        """Merge the cells of ``box``."""
        if (box.row, box.column) != (box.last_row, box.last_column):
            self.sheet.merge_cells(None, box.row, box.column, box.last_row, box.last_column)
            self._boxes[box.row, box.column] = box

    @property
    def last_column(self) -> int:
        """The last column that the form gives a width or a cell."""
        return max(self.sheet.max_column, *self._widths) if self._widths else self.sheet.max_column

    @property
    def width(self) -> float:
        """The width of all columns in points."""
        columns = range(1, self.last_column + 1)
        return sum(self._widths.get(c, _DEFAULT_WIDTH) for c in columns) * self._points()

    def room(self, box: Box) -> float:
        """Width in points that text has in ``box``."""
        chars = sum(self._widths.get(c, _DEFAULT_WIDTH) for c in range(box.column, box.last_column + 1))
        indent = self.sheet.cell(box.row, box.column).alignment.indent or 0
        return chars * self._points() - _MARGIN - indent * _INDENT

    def _points(self) -> float:
        """Points that one unit of column width takes: a digit of the workbook's normal type, in whole pixels."""
        normal: Any = self.sheet.parent._named_styles["Normal"].font  # type: ignore[union-attr]  # told nowhere else
        pixels = (normal.sz or 11) * 96 / 72
        if normal.name == NORMAL:
            return round(pixels * 0.556) * 0.75
        chinese = not (normal.name or "").isascii()
        return (math.ceil(pixels * 0.5) if chinese else round(pixels * 0.51)) * 0.75

    def row_height(self, row: int) -> float:
        """The height of a row in points, as set or by default; nought for one that is left out."""
        dimensions = self.sheet.row_dimensions
        if row in dimensions and dimensions[row].hidden:
            return 0.0
        set_height = dimensions[row].height if row in dimensions else None
        return set_height or self.sheet.sheet_format.defaultRowHeight or _DEFAULT_HEIGHT

    def fits(self, cell: Cell, text: str) -> bool:
        """Make room for ``text`` in its cells: a taller last row, smaller type when that gets tall.

        False when even the tallest row at the smallest type would not hold it; nothing is changed then.
        """
        box = self.box(cell)
        room = self.room(box)
        size = cell.font.sz or 11.0
        needed = height(text, size, room)
        have = sum(map(self.row_height, range(box.row, box.last_row + 1)))
        if needed <= have:
            return True
        smaller = size
        while needed > max(have, _TALL) and smaller > _SMALLEST:
            smaller = max(smaller - 1, _SMALLEST)
            needed = height(text, smaller, room)
        if needed - have > TALLEST - self.row_height(box.last_row):
            return False
        if smaller != size:
            _resize(cell, smaller)
        if not cell.alignment.wrap_text:
            _wrap(cell)
        if needed > have:
            taller = self.row_height(box.last_row) + needed - have
            self.sheet.row_dimensions[box.last_row].height = math.ceil(taller)
        return True

    def shorten(self, cell: Cell, text: str) -> str:
        """A beginning of ``text`` that fits with ease, and where the whole is to be found."""
        lines = int((_TALL - 10) / (_SMALLEST * LINE))
        most = int(lines * (self.room(self.box(cell)) / _SMALLEST - 1))
        return text[: max(most - len(CUT), 1)] + CUT

    def squeeze(self, cell: Cell, shown: str) -> None:
        """Make a number's type small enough for its width: office programs show ``####`` for one that doesn't fit."""
        size = cell.font.sz or 11.0
        room, wide = self.room(self.box(cell)), width(shown, size)
        if wide > room:
            _resize(cell, max(int(size * room / wide * 2) / 2, 4.0))


def _wrap(cell: Cell) -> None:
    alignment: Any = copy(cell.alignment)
    alignment.wrap_text = True
    cell.alignment = alignment


def _resize(cell: Cell, size: float) -> None:
    font: Any = copy(cell.font)
    font.sz = size
    cell.font = font
