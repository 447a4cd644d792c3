"""What a filled form leaves out: rows that hold nothing of this visit, parts that belong to what isn't applied for.

Rows are hidden, not deleted: the form's names, merges and rules stay where they are, and a person can show them again.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from openpyxl.utils.cell import range_boundaries

from pinggu_desk.documents.sheet.names import KEEP, KINDS, WHEN, Place, binds_rows, row_name, value_name
from pinggu_desk.documents.sheet.pages import is_head
from pinggu_desk.documents.sheet.values import applied, fact_values

if TYPE_CHECKING:
    from pinggu_desk.documents.sheet.layout import Layout
    from pinggu_desk.documents.visit import Visit


def leave_out(layouts: dict[str, Layout], places: dict[str, Place], visit: Visit) -> None:
    """Hide the rows that ``仅留_`` and ``仅当_`` names say are not for this visit, and a sheet with none left."""
    wanted = _wanted(visit)
    bound = [(name, place) for name, place in places.items() if not binds_rows(name)]
    for title, layout in layouts.items():
        here = {name: place for name, place in places.items() if place.sheet is layout.sheet}
        cells = [(value_name(name), place) for name, place in bound if place.sheet is layout.sheet]
        _hide(layout, _outside(here, wanted))
        for name, place in here.items():
            if name.startswith(KEEP):
                _hide(layout, _empty(layout, place, cells, wanted))
        if title != next(iter(layouts)) and _nothing_left(layout):
            layout.sheet.sheet_state = "hidden"


def _wanted(visit: Visit) -> set[str]:
    """Benefits applied for, facts stated, facts still missing (a person writes those in by hand), and who applies."""
    listed = applied(visit)
    missing = {m.name for d in listed for m in d.missing if m.kind != "verdict"}
    who = KINDS[visit.applicant.person]
    return {d.benefit for d in listed} | fact_values(visit).keys() | missing | {who}


def _outside(here: dict[str, Place], wanted: Collection[str]) -> set[int]:
    """Rows that stand under conditions none of which holds; rows under several are shown when one of them does."""
    held: dict[int, bool] = {}
    for name, place in here.items():
        if name.startswith(WHEN):
            for row in range(place.row, place.last_row + 1):
                held[row] = held.get(row, False) or value_name(name).removeprefix(WHEN) in wanted
    return {row for row, shown in held.items() if not shown}


def _empty(layout: Layout, block: Place, cells: list[tuple[str, Place]], wanted: Collection[str]) -> set[int]:
    """Rows of a block whose bound cells are all empty and not waited for, and heads with no other row under them."""
    bound: dict[int, bool] = {}
    for name, place in cells:
        for row in range(place.row, place.last_row + 1) if row_name(name) else (place.row,):
            filled = layout.cell(row, place.column).value is not None
            bound[row] = bound.get(row, False) or filled or name in wanted
    left_out: set[int] = set()
    below = after_head = False  # whether a row under the next head is shown; whether the row below was a head
    for row in range(block.last_row, block.row - 1, -1):
        head = is_head(layout, row, bound)
        if not head and after_head:
            below = False
        shown = below if head else bound.get(row, True)
        below, after_head = below or shown, head
        if not shown:
            left_out.add(row)
    return left_out


def _hide(layout: Layout, rows: Collection[int]) -> None:
    for row in rows:
        layout.sheet.row_dimensions[row].hidden = True


def _nothing_left(layout: Layout) -> bool:
    """Whether every row that would be printed is left out."""
    sheet = layout.sheet
    area = (sheet.print_area or sheet.dimensions).rsplit("!", 1)[-1].replace("$", "")
    _, first, _, last = range_boundaries(area)
    return all(layout.row_height(row) == 0 for row in range(int(first or 1), int(last or 1) + 1))
