"""The application sheet (申请表): a policy's form, filled from a visit.

Everything of the form stays: merged cells, styles, print set-up, validation, protection. What has no room goes to a
continuation sheet (续页). No cell becomes a formula.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pinggu_desk.documents.pdf.pdfdoc import save
from pinggu_desk.documents.sheet.file import workbook_bytes
from pinggu_desk.documents.sheet.forms import (
    ROW_NAMES,
    Place,
    binds_rows,
    form_path,
    open_form,
    places,
    row_name,
    value_name,
)
from pinggu_desk.documents.sheet.layout import Layout
from pinggu_desk.documents.sheet.more import Continuation, Left, Rest, RowLook, show
from pinggu_desk.documents.sheet.pages import keep_heads
from pinggu_desk.documents.sheet.parts import leave_out
from pinggu_desk.documents.sheet.text import clean
from pinggu_desk.documents.sheet.values import PRACTICE, UNREGISTERED, visit_rows, visit_values

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell

    from pinggu_desk.documents.sheet.values import Row
    from pinggu_desk.documents.visit import Visit

_NOTES = {"事项": "事项说明", "材料": "材料说明"}


def make_sheet(visit: Visit, out: Path, template: Path | None = None) -> None:
    """Write the application sheet (.xlsx) of a visit to ``out`` in one step: nothing half written is ever there.

    ``template`` is an office's own form in place of ours. Raises DeskError when the form can't be read or ``out`` can't be
    written.
    """
    save(sheet_bytes(visit, template), out)


def sheet_bytes(visit: Visit, template: Path | None = None) -> bytes:
    """The application sheet as .xlsx; the same visit gives the same bytes. Raises BadInput when the form can't be read."""
    book = open_form(template or form_path(visit.policy))
    _Filling(book, visit).fill()
    marks = "（演练）" if visit.practice else ""
    title = f"{visit.form_title}{marks}"
    return workbook_bytes(book, visit.printed_at, clean(title), clean(visit.office) or "平谷惠企窗口")


class _Filling:
    """One form being filled."""

    def __init__(self, book: Workbook, visit: Visit) -> None:
        self.book, self.visit = book, visit
        self.places, _ = places(book)
        self.layouts = {sheet.title: Layout(sheet) for sheet in book.worksheets}
        self.rest: dict[str, Rest] = {title: Rest() for title in self.layouts}

    def fill(self) -> None:
        """Fill every name that the visit has a value for, then whatever goes on another sheet."""
        values = visit_values(self.visit)
        for family, rows in visit_rows(self.visit).items():
            left = self._rows(family, rows)
            note = _NOTES.get(family)
            if left and note:
                values[note] = f"{values[note]}其余{left}项见续页。"
        for name, place in self.places.items():
            value = "" if row_name(name) or binds_rows(name) else values.get(value_name(name), "")
            if value != "":
                layout, texts = self.layouts[place.sheet.title], self.rest[place.sheet.title].texts
                show(layout, layout.cell(place.row, place.column), value, value_name(name), texts)
        leave_out(self.layouts, self.places, self.visit)
        cells = {name: place for name, place in self.places.items() if not binds_rows(name)}
        for layout in self.layouts.values():
            places_here = [place for place in cells.values() if place.sheet is layout.sheet]
            keep_heads(layout, {row for place in places_here for row in range(place.row, place.last_row + 1)})
        for title, rest in self.rest.items():
            if rest:
                serial = self.visit.serial or UNREGISTERED
                more = Continuation(self.book, self.layouts[title])
                more.write(rest, clean(self.visit.form_title), clean(self.visit.applicant.name), clean(serial))
        self._mark()

    def _rows(self, family: str, rows: list[Row]) -> int:
        """One row of the form for each of ``rows``; how many had no room is returned, and they are kept for later."""
        columns = {c: place for c in ROW_NAMES[family] if (place := self.places.get(f"{family}_{c}"))}
        if not columns:
            return 0
        first = next(iter(columns.values()))
        layout, rest = self.layouts[first.sheet.title], self.rest[first.sheet.title]
        room = min(place.last_row - place.row + 1 for place in columns.values())
        if len(rows) > room:
            rest.rows[family] = self._left(layout, columns, rows[room:])
        for offset, row in enumerate(rows[:room]):
            for column, place in columns.items():
                cell = self._like(layout, place, offset)
                show(layout, cell, row.get(column, ""), f"{family}{offset + 1} {column}", rest.texts)
        return max(len(rows) - room, 0)

    def _left(self, layout: Layout, columns: dict[str, Place], rows: list[Row]) -> Left:
        """The rows without room, with the look of the form's own before any of them is filled."""
        row, last = next(iter(columns.values())).row, layout.last_column
        head = RowLook.of(layout, row - 1, last) if row > 1 else None
        return Left(head, RowLook.of(layout, row, last), {c: place.column for c, place in columns.items()}, rows)

    def _like(self, layout: Layout, place: Place, offset: int) -> Cell:
        """The cell ``offset`` rows below the pattern, with the pattern's look where the form gave it none."""
        cell = layout.cell(place.row + offset, place.column)
        if not cell.has_style:
            pattern = layout.cell(place.row, place.column)
            cell._style = pattern._style  # type: ignore[attr-defined]
        return cell

    def _mark(self) -> None:
        """On every page of every sheet: the number of the visit at the foot, and the practice mark at the head."""
        serial = clean(self.visit.serial or UNREGISTERED).replace("&", "&&")
        for sheet in self.book.worksheets:
            page: Any = sheet
            if not page.oddFooter.left.text:
                page.oddFooter.left.text = f"编号 {serial}"
            if self.visit.practice:
                page.oddHeader.center.text = PRACTICE
