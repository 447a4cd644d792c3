"""What stands around a cell of a form and belongs to it: labels at its left, a word behind it, heads above, its section."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pinggu_desk.documents.sheet.text import written
from pinggu_desk.documents.sheet.unitwords import folded, only_units, units_in

if TYPE_CHECKING:
    from pinggu_desk.documents.sheet.layout import Layout
    from pinggu_desk.documents.sheet.names import Place

#: how far up a head is looked for
_UP = 60
_TOTALS = ("合计", "总计", "小计", "共计", "总额", "总金额", "累计")
#: how the head of a section begins where it isn't merged over its columns
_NUMBERED = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十]+[）)、.．]|第[一二三四五六七八九十]+[部分节章])")
#: the heads of a sum written one digit a cell
_PLACES = frozenset("亿千仟百佰十拾万元圆角分")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """One sheet's texts, but for those in cells that names bind (``bound``): these are filled in, not printed on the form."""

    layout: Layout
    bound: set[tuple[str, int, int]]

    def text(self, row: int, column: int) -> str:
        """The words of a cell that no name binds; empty outside the sheet."""
        if not (1 <= column <= self.layout.last_column and 1 <= row <= self.layout.sheet.max_row):
            return ""
        cell = self.layout.cell(row, column)
        return "" if self.taken(cell.row, cell.column) else written(cell.value).strip()

    def taken(self, row: int, column: int) -> bool:
        """Whether a name binds the cell."""
        return (self.layout.sheet.title, row, column) in self.bound

    def labels(self, place: Place) -> Iterable[tuple[str, str]]:
        """(text, what it is) of all that belongs to the cell, nearest first."""
        box = self.layout.box(self.layout.cell(place.row, place.column))
        lefts = list(self._lefts(place.row, box.column))
        near = bool(lefts) and lefts[0][1] == box.column - 1
        if near:
            yield lefts[0][0], "标签"
        if behind := self.behind(place):
            yield behind, "后面写着"
        first = lefts[0][0] if near else ""
        heads = list(self._heads(place.row - 1, (box.column, box.last_column), box.column - 1 if near else 0, first))
        yield from ((head, "表头") for head in heads)
        if not any(units_in(text) for text in (first, *heads)):
            yield from ((text, "标签") for text, _ in lefts[near:])

    def behind(self, place: Place) -> str:
        """A unit that stands by itself right of the cell; empty where what stands there is something else."""
        column = self.layout.box(self.layout.cell(place.row, place.column)).last_column + 1
        while column <= self.layout.last_column:
            cell = self.layout.cell(place.row, column)
            if self.taken(cell.row, cell.column):
                return ""
            if text := self.text(place.row, column):
                units = only_units(text)
                return text if units and not any(unit.capitals for unit in units) else ""
            column = self.layout.box(cell).last_column + 1
        return ""

    def _lefts(self, row: int, column: int) -> Iterable[tuple[str, int]]:
        """Texts at the left: the nearest and those that stand against it, and what spans rows as the head of a group.

        With each stands the last column that it covers.
        """
        at, seen, gap = column - 1, False, False
        while at >= 1:
            cell = self.layout.cell(row, at)
            box = self.layout.box(cell)
            text = self.text(row, at)
            if self.taken(cell.row, cell.column) or (not text and seen):
                gap = True
            if text and (not gap or box.last_row > box.row):
                yield text, box.last_column
                seen = True
            at = box.column - 1

    def _heads(self, row: int, columns: tuple[int, int], beside: int, label: str) -> Iterable[str]:
        """Texts above, over cells that are still to be filled: the nearest, and the ones that stand right over it.

        A cell with a label at its left (in column ``beside``) has a head only in a table whose every row has one there, or
        is filled; a total's may be empty.
        """
        seen, total = False, label.strip("：: 　").startswith(_TOTALS)
        for above in range(row, max(row - _UP, 0), -1):
            cell = self.layout.cell(above, columns[0])
            box = self.layout.box(cell)
            text = self.text(above, columns[0])
            if not text and not seen:
                if beside and not total and not self._row_of_table(above, beside, cell.row, cell.column):
                    return
                continue
            if not text or box.column > columns[0] or box.last_column < columns[1]:
                return
            if not seen and (box.column, box.last_column) != columns and (beside or box.column != columns[0]):
                return  # the label of some other row, not the head of this column
            if box.last_column > box.column == 1 and self._only(above):
                return  # a title or a section's head
            seen = True
            yield text
            if units_in(text):
                return

    def _row_of_table(self, row: int, beside: int, at_row: int, at_column: int) -> bool:
        cell = self.layout.cell(row, beside)
        return bool(self.text(row, beside)) or self.taken(cell.row, cell.column) or self.taken(at_row, at_column)

    def _only(self, row: int) -> tuple[str, int] | None:
        """(text, column) of a row that has one text and no bound cell."""
        found: list[tuple[str, int]] = []
        column = 1
        while column <= self.layout.last_column:
            cell = self.layout.cell(row, column)
            if self.taken(cell.row, cell.column):
                return None
            if text := self.text(row, column):
                found.append((text, cell.column))
            column = self.layout.box(cell).last_column + 1
        return found[0] if len(found) == 1 else None

    def section(self, place: Place) -> str:
        """The head of the section that a cell stands in: the nearest row above with one text over it; empty for none."""
        for row in range(place.row - 1, max(place.row - _UP, 0), -1):
            only = self._only(row)
            if only and only[1] <= place.column and not only_units(only[0]):
                box = self.layout.box(self.layout.cell(row, only[1]))
                if box.last_column > box.column or _NUMBERED.match(only[0]):
                    return only[0]
        return ""

    def digit_by_digit(self, place: Place) -> bool:
        """Whether the cell is one of those for a single digit, under 万 千 百 十 元."""
        for above in range(place.row - 1, max(place.row - _UP, 0), -1):
            if text := self.text(above, place.column):
                beside = (self.text(above, place.column + 1), self.text(above, place.column - 1))
                return folded(text) in _PLACES and any(folded(one) in _PLACES for one in beside if one)
        return False
