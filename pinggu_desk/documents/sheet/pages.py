"""Where the pages of a filled form end: a head is not left alone at the foot of a page, a cover is a page of its own.

Office programs ignore page breaks on a sheet that is fitted to the width of its paper, so the rows above are made taller.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping
from typing import TYPE_CHECKING, Any

from openpyxl.utils.cell import range_boundaries

from pinggu_desk.documents.sheet.layout import TALLEST

if TYPE_CHECKING:
    from pinggu_desk.documents.sheet.layout import Layout

_INCH = 72.0
#: A4 (paper size 9) in points, upright
_A4 = (595.28, 841.89)
#: what is left free at the foot: LibreOffice counts 7 points less to a page than its margins leave
_SPARE = 9.0
#: from there, so much more may be on a page where a program prints at 98 % to fit the width
_MORE = 18.0
#: a gap larger than this at the foot of a page looks worse than a head alone
_WIDEST = 200.0
#: less than this is not left alone on the last page
_FEW_POINTS = 60.0
#: heights are whole pixels in office programs
_PIXEL = 0.75


def keep_heads(
    layout: Layout, bound: set[int], whole: Collection[int] = (), together: Mapping[int, int] | None = None
) -> None:  # fmt: skip
    """Let no page of an A4 form end with a head, and each page of its own end after its last row (``whole``).

    ``bound`` are the rows in which a name binds a cell; ``together`` maps each row that stays with others on one page to
    the first of them.
    """
    sheet: Any = layout.sheet
    if str(sheet.page_setup.paperSize) != "9" or not sheet.print_area:
        return
    _, first, _, last = range_boundaries(sheet.print_area.rsplit("!", 1)[-1].replace("$", ""))
    repeated = _repeated(layout)
    page = _page_height(layout) - _SPARE
    area = range(int(first or 1), min(int(last or 0), sheet.max_row) + 1)
    rows = [row for row in area if layout.row_height(row)]
    start, used, at = 0, 0.0, 0
    while at < len(rows):
        tall = layout.row_height(rows[at])
        if (used + tall <= page or at == start) and (at == start or rows[at - 1] not in whole):
            used, at = used + tall, at + 1
            continue
        if rows[at - 1] in whole:
            _fill(layout, rows[start:at], page - used)
            start, used = at, repeated
            continue
        begin = _block(layout, rows, at, start, bound)
        if together and (first_row := together.get(rows[begin])) in rows and rows.index(first_row) > start:
            begin = rows.index(first_row)
        kept = used - sum(map(layout.row_height, rows[begin:at]))
        if begin < at or used + tall <= page + _MORE:  # the break must be here in every program
            if _empty(layout, rows[begin - 1]):  # room between two parts is nobody's gap
                _fill(layout, [r for r in rows[begin - 2 : begin] if _empty(layout, r)], page - kept)
            else:
                _stretch(layout, [r for r in rows[start:begin] if not is_head(layout, r, bound)], page - kept)
        start = at = begin
        used = repeated


def _fill(layout: Layout, rows: list[int], by: float) -> None:
    """Fill a page to its foot by making its empty rows taller."""
    gaps = [row for row in rows if _empty(layout, row)] or rows[-1:]
    for left, row in enumerate(reversed(gaps)):
        tall = layout.row_height(row)
        new = min(tall + max(by, 0.0) / (len(gaps) - left), TALLEST) // _PIXEL * _PIXEL
        if new > tall:
            layout.sheet.row_dimensions[row].height = new
            by -= new - tall


def _empty(layout: Layout, row: int) -> bool:
    """Whether a row holds nothing and is drawn without lines."""
    cells = [layout.sheet.cell(row, column) for column in range(1, layout.last_column + 1)]
    return all(cell.value is None and not _lined(cell) for cell in cells)


def _lined(cell: Any) -> bool:
    border = cell.border
    return any(side and side.style for side in (border.left, border.right, border.top, border.bottom))


def _block(layout: Layout, rows: list[int], at: int, start: int, bound: set[int]) -> int:
    """Where the next page begins when ``rows[at]`` has no room: at the heads above it.

    When so little is left that it would stand alone on the last page, it takes the block above it along.
    """
    begin = at
    if sum(map(layout.row_height, rows[at:])) < _FEW_POINTS:
        while begin - 1 > start and not is_head(layout, rows[begin - 1], bound):
            begin -= 1
    while begin - 1 > start and is_head(layout, rows[begin - 1], bound):
        begin -= 1
    return begin if begin - 1 > start else at


def _stretch(layout: Layout, rows: list[int], by: float) -> None:
    """Make rows taller, each a little, by so many points in all."""
    if not 0 < by <= _WIDEST:
        return
    for left, row in enumerate(reversed(rows)):
        tall = layout.row_height(row)
        more = by / (len(rows) - left)
        new = min(tall + more, TALLEST) // _PIXEL * _PIXEL
        if new > tall:
            layout.sheet.row_dimensions[row].height = new
            by -= new - tall


def is_head(layout: Layout, row: int, bound: Container[int]) -> bool:
    """Whether a row only introduces what follows: words, no bound cell, nothing left to fill in by hand."""
    if row in bound:
        return False
    words = False
    for column in range(1, layout.last_column + 1):
        cell = layout.sheet.cell(row, column)
        if not cell.protection.locked:
            return False
        words = words or cell.value is not None
    return words


def _page_height(layout: Layout) -> float:
    """Points of height for rows on one page, at the scale at which the width fits."""
    sheet: Any = layout.sheet
    wide, high = _A4 if sheet.page_setup.orientation != "landscape" else _A4[::-1]
    margins = sheet.page_margins
    across = wide - float(margins.left + margins.right) * _INCH
    down = high - float(margins.top + margins.bottom) * _INCH
    return down * max(1.0, layout.width / across)


def _repeated(layout: Layout) -> float:
    """The height of the rows that head every page but the first."""
    first, _, last = (layout.sheet.print_title_rows or "").replace("$", "").rpartition("!")[2].partition(":")
    return sum(map(layout.row_height, range(int(first), int(last) + 1))) if first and last else 0.0
