"""The application sheet (申请表): a policy's form, filled from a visit.

Everything of the form stays: merged cells, styles, print set-up, validation, protection. What has no room goes to a
continuation sheet (续页). No cell becomes a formula.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Protection

from pinggu_desk.documents.pdf.pdfdoc import save
from pinggu_desk.documents.sheet.boxes import box_of, part_of_day, tick, ticked_words
from pinggu_desk.documents.sheet.cells import put_text
from pinggu_desk.documents.sheet.file import workbook_bytes
from pinggu_desk.documents.sheet.forms import form_bytes, open_form
from pinggu_desk.documents.sheet.layout import Layout, steady_widths
from pinggu_desk.documents.sheet.more import Continuation, Left, Rest, RowLook, show
from pinggu_desk.documents.sheet.names import (
    PAGE,
    ROW_NAMES,
    TOGETHER,
    Place,
    binds_rows,
    cell_unit,
    form_path,
    places,
    row_name,
    split_name,
    unit_finder,
)
from pinggu_desk.documents.sheet.package import carried, drawn_texts, needs_carrying, set_aside
from pinggu_desk.documents.sheet.pages import keep_heads
from pinggu_desk.documents.sheet.parts import leave_out
from pinggu_desk.documents.sheet.rare import told
from pinggu_desk.documents.sheet.text import clean, written
from pinggu_desk.documents.sheet.values import PRACTICE, UNREGISTERED, visit_rows, visit_values
from pinggu_desk.policy.district import here
from pinggu_desk.policy.errors import BadInput

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell

    from pinggu_desk.documents.sheet.unitwords import Unit
    from pinggu_desk.documents.sheet.values import Row, Value
    from pinggu_desk.documents.visit import Visit

_OPEN: Any = Protection(locked=False)
_NOTES = {"事项": "事项说明", "材料": "材料说明"}


def make_sheet(visit: Visit, out: Path, template: Path | None = None) -> None:
    """Write the application sheet (.xlsx) of a visit to ``out`` in one step: nothing half written is ever there.

    ``template`` is an office's own form in place of ours. Raises DeskError when the form can't be read or ``out`` can't be
    written.
    """
    save(sheet_bytes(visit, template), out)


def sheet_bytes(visit: Visit, template: Path | None = None, forms: Path | None = None) -> bytes:
    """The application sheet as .xlsx; the same visit gives the same bytes. Raises BadInput when the form can't be read.

    ``forms`` is the folder of the forms of the visit's pack, where another one is in use.
    """
    path = template or form_path(visit.policy, visit.version, forms)
    form = form_bytes(path)
    book = open_form(path, form)
    carrying = template is not None and needs_carrying(form)
    filling = _Filling(book, visit, drawn_texts(form) if carrying else {})
    if carrying:
        set_aside(book)
    if template is None:
        steady_widths(book)
    filling.fill()
    marks = "（演练）" if visit.practice else ""
    title = f"{visit.form_title}{marks}"
    made = workbook_bytes(book, visit.printed_at, clean(title), clean(visit.office) or here().program)
    return carried(form, made) if carrying else made


class _Filling:
    """One form being filled."""

    def __init__(self, book: Workbook, visit: Visit, drawn: dict[str, list[str]]) -> None:
        self.book, self.visit = book, visit
        self.places, _ = places(book)
        self.layouts = {sheet.title: Layout(sheet) for sheet in book.worksheets}
        self.rest: dict[str, Rest] = {title: Rest() for title in self.layouts}
        self.finder = unit_finder(self.layouts, self.places, drawn)

    def fill(self) -> None:
        """Fill every name that the visit has a value for, then whatever goes on another sheet."""
        self._redial()
        values, families = visit_values(self.visit), visit_rows(self.visit)
        rows_of = [row for rows in families.values() for row in rows]
        fonts = told(v for one in (values, *rows_of) for v in one.values() if isinstance(v, str))
        if fonts:
            where = "字体说明" if "字体说明" in self.places else "事项说明"
            values[where] = f"{values.get(where, '')}{fonts}"
        for family, rows in families.items():
            left = self._rows(family, rows)
            note = _NOTES.get(family)
            if left and note:
                values[note] = f"{values[note]}其余{left}项见续页。"
        for name, place in self.places.items():
            if not (row_name(name) or binds_rows(name)):
                self._single(name, place, values)
        leave_out(self.layouts, self.places, self.visit)
        cells = {name: place for name, place in self.places.items() if not binds_rows(name)}
        for layout in self.layouts.values():
            places_here = [place for place in cells.values() if place.sheet is layout.sheet]
            bound = {row for place in places_here for row in range(place.row, place.last_row + 1)}
            keep_heads(layout, bound, self._last_rows(layout), self._together(layout))
        for title, rest in self.rest.items():
            if rest:
                serial = self.visit.serial or UNREGISTERED
                more = Continuation(self.book, self.layouts[title])
                more.write(rest, clean(self.visit.form_title), clean(self.visit.applicant.name), clean(serial))
        self._mark()

    def _single(self, name: str, place: Place, values: dict[str, Value]) -> None:
        """Fill the one cell that a name binds."""
        layout, texts = self.layouts[place.sheet.title], self.rest[place.sheet.title].texts
        cell = layout.cell(place.row, place.column)
        bare, part = split_name(name)
        value = values.get(bare, "")
        if value == "":
            if (box := box_of(name, values)) is not None:
                tick(cell, ticked=box)
            return
        unit = None if isinstance(value, str) else self._unit(name, place, cell)
        if isinstance(value, date) and part:
            value = part_of_day(cell, value, part)
        elif isinstance(value, str) and (ticked := ticked_words(written(cell.value), value)):
            value = ticked
        show(layout, cell, value, bare, texts, unit)

    def _redial(self) -> None:
        """The telephone numbers that a form prints and that were corrected (更正), wherever it prints them."""
        for old, now in self.visit.redialled:
            for cell in (c for sheet in self.book.worksheets for row in sheet.iter_rows() for c in row):
                if not isinstance(cell, MergedCell) and old in (text := written(cell.value)):
                    put_text(cell, clean(text.replace(old, now)))

    def _last_rows(self, layout: Layout) -> set[int]:
        """The last rows of the pages of their own."""
        return {p.last_row for name, p in self.places.items() if name.startswith(PAGE) and p.sheet is layout.sheet}

    def _together(self, layout: Layout) -> dict[int, int]:
        """Each row that stays with others on one page, with the first of them."""
        return {
            row: place.row for name, place in self.places.items()
            if name.startswith(TOGETHER) and place.sheet is layout.sheet
            for row in range(place.row, place.last_row + 1)
        }  # fmt: skip

    def _rows(self, family: str, rows: list[Row]) -> int:
        """One row of the form for each of ``rows``; how many had no room is returned, and they are kept for later."""
        named: dict[str, tuple[str, Place]] = {}
        for name, place in self.places.items():
            if (parts := row_name(name)) and parts[0] == family:
                named.setdefault(parts[1], (name, place))
        if not named:
            return 0
        columns = {c: named[c][1] for c in ROW_NAMES[family] if c in named}
        units = {c: unit for c in columns if (unit := self._unit(*named[c]))}
        first = next(iter(columns.values()))
        layout, rest = self.layouts[first.sheet.title], self.rest[first.sheet.title]
        room = min(place.last_row - place.row + 1 for place in columns.values())
        if len(rows) > room:
            rest.rows[family] = self._left(layout, columns, rows[room:], units)
        for offset, row in enumerate(rows[:room]):
            for column, place in columns.items():
                cell = self._like(layout, place, offset)
                if column not in row and len(row) == 1:  # a row with its number alone is for a person to write in
                    cell.protection = _OPEN
                show(layout, cell, row.get(column, ""), f"{family}{offset + 1} {column}", rest.texts, units.get(column))
        return max(len(rows) - room, 0)

    def _unit(self, name: str, place: Place, cell: Cell | None = None) -> Unit | None:
        """The unit of a name's cell, whose number format is made to fit. Raises BadInput with the sentence that refuses it."""
        found = cell_unit(self.finder, name, place, self.visit.facts)
        if found is not None and found.wrong:
            raise BadInput(f"表样不能用：{found.wrong}")
        if found is not None and found.shape and cell is not None:
            cell.number_format = found.shape
        return found.unit if found else None

    def _left(self, layout: Layout, columns: dict[str, Place], rows: list[Row], units: dict[str, Unit]) -> Left:
        """The rows without room, with the look of the form's own before any of them is filled."""
        row, last = next(iter(columns.values())).row, layout.last_column
        head = RowLook.of(layout, row - 1, last) if row > 1 else None
        return Left(head, RowLook.of(layout, row, last), {c: place.column for c, place in columns.items()}, rows, units)

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
