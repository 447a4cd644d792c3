"""Cells of a list that are merged: whose a name is that spans rows, and which values are nobody's."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from pinggu_desk.documents.books.grid import Area, Cell, Row
from pinggu_desk.policy.characters import plain_text


def name_above(
    names: Sequence[int], number: int, cells: Mapping[int, Cell], areas: Sequence[Area], group: Sequence[Row]
) -> tuple[str, int, int] | None:  # fmt: skip
    """A name merged downwards over a row, its column and the row that it begins in.

    ``names`` are the columns of names, ``group`` the rows that merges hold together.
    """
    for column in names:
        for area in areas:
            if area.left <= column <= area.right and area.top < number and column not in cells:
                cell = next((own.get(area.left) for row, own in group if row == area.top), None)
                text = plain_text(cell.text) if cell is not None and cell.kind == "text" else ""
                if text:
                    return text, column, area.top
    return None


def is_shared(
    number: int, column: int, areas: Sequence[Area], group: Sequence[Row], across: Mapping[int, Area], read: Collection[int]
) -> bool:  # fmt: skip
    """Whether a merge spreads a cell over other applicants' rows or over other columns that are ``read``.

    ``across`` are the merges over columns by row.
    """
    area = across.get(number)
    if area is not None and area.left == column:
        return sum(area.left <= one <= area.right for one in read) > 1
    for one in areas:
        if one.left <= column <= one.right:
            live = [row for row, cells in group if one.top <= row <= one.bottom and set(cells) & set(read)]
            return len(live) > 1
    return False
