"""Where the pages of a filled form end: a head is not left alone at the foot of a page.

Office programs ignore page breaks on a sheet that is fitted to the width of its paper, so the row above is made taller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.utils.cell import range_boundaries

from pinggu_desk.documents.sheet_layout import TALLEST

if TYPE_CHECKING:
    from pinggu_desk.documents.sheet_layout import Layout

_INCH = 72.0
#: A4 (paper size 9) in points, upright
_A4 = (595.28, 841.89)
#: what is left free at the foot, so that a program that counts a little differently breaks at the same row
_SPARE = 9.0
#: a gap larger than this at the foot of a page looks worse than a head alone
_WIDEST = 170.0


def keep_heads(layout: Layout, bound: set[int]) -> None:
    """Let no page of an A4 form end with a head; ``bound`` are the rows in which a name binds a cell."""
    sheet: Any = layout.sheet
    if str(sheet.page_setup.paperSize) != "9" or not sheet.print_area:
        return
    _, first, _, last = range_boundaries(sheet.print_area.rsplit("!", 1)[-1].replace("$", ""))
    repeated = _repeated(layout)
    page = _page_height(layout)
    start, used = int(first or 1), 0.0
    row = start
    while row <= int(last or 0):
        tall = layout.row_height(row)
        if used + tall <= page or row == start:
            used, row = used + tall, row + 1
            continue
        begin = row
        while begin - 1 > start and _is_head(layout, begin - 1, bound):
            begin -= 1
        kept = used - sum(map(layout.row_height, range(begin, row)))
        _stretch(layout, begin - 1, page - kept - _SPARE if begin < row else 0.0)
        start = row = begin
        used = repeated


def _stretch(layout: Layout, row: int, by: float) -> None:
    if 0 < by <= _WIDEST and layout.row_height(row) + by <= TALLEST:
        layout.sheet.row_dimensions[row].height = round(layout.row_height(row) + by, 1)


def _is_head(layout: Layout, row: int, bound: set[int]) -> bool:
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
