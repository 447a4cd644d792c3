"""Tables on paper (表格): three rules and hairlines, a head repeated on every page, rows kept whole where they fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from pinggu_desk.documents.pdf.page import ABOVE, FINE, HEIGHT, MM, SMALL
from pinggu_desk.documents.pdf.structure import Part
from pinggu_desk.documents.pdf.typeset import Line, Measure, Span, set_lines

if TYPE_CHECKING:
    from pinggu_desk.documents.pdf.fonts import FontBook, Role
    from pinggu_desk.documents.pdf.page import Flow

_PAD_X, _PAD_Y = 1.6 * MM, 1.2 * MM
_HEAVY, _LIGHT, _HAIR = 0.9, 0.5, 0.35
#: a row higher than this may be broken where a page ends; lower ones go to the next page whole
_WHOLE = HEIGHT / 3
#: a row that is broken shows at least this many lines on each side
_LEAST = 3
#: from the top of a cell's text to its first baseline, whatever its size: the first lines of a row stand level
_FIRST_BASELINE = SMALL * (0.36 / 2 + ABOVE)


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph in a cell: its spans, its size, how far it stands in, and its later lines further (characters)."""

    spans: tuple[Span, ...]
    size: float = SMALL
    hang: float = 0.0
    centred: bool = False
    indent: float = 0.0

    @property
    def leading(self) -> float:
        """From line to line."""
        return self.size * 1.36


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: paragraphs, one under the other, across ``across`` columns; ``heads`` is what it heads."""

    paras: tuple[Para, ...]
    across: int = 1
    heads: Literal["", "Column", "Row"] = ""


def cell(*parts: str | Span | Para, size: float = SMALL, across: int = 1, centred: bool = False) -> Cell:
    """A cell of paragraphs; a bare string or span is a paragraph of its own."""
    paras = []
    for part in parts:
        if isinstance(part, Para):
            paras.append(part)
        else:
            span = part if isinstance(part, Span) else Span(part)
            paras.append(Para((span,), size, centred=centred))
    return Cell(tuple(paras), across)


def label(text: str, role: Role = "hei", across: int = 1) -> Cell:
    """The cell that names what stands beside it, or, across the table, below it."""
    return Cell((Para((Span(text, role),), FINE),), across, heads="Row")


@dataclass(frozen=True, slots=True)
class _Strip:
    """One set line of a cell with the height it takes."""

    line: Line
    height: float
    x: float
    part: Part | None


_Row = list[list[_Strip]]


@dataclass(frozen=True, slots=True)
class Table:
    """Column widths in millimetres (together the type area's width), the head's words, the rows."""

    widths: tuple[float, ...]
    head: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]

    def first_height(self, flow: Flow) -> float:
        """The height of the head with the first row, which a heading above must leave room for."""
        rows = [self._set(flow.book, row) for row in (self._head_row(), *self.rows[:1]) if row]
        return sum(min(_height(row), _WHOLE) for row in rows) + 6

    def height(self, flow: Flow) -> float:
        """The whole table on one page."""
        rows = [self._head_row()] if self.head else []
        return sum(_height(self._set(flow.book, row)) for row in (*rows, *self.rows)) + 7

    def draw(self, flow: Flow, together: bool = False) -> None:
        """Set the table into the flow, over as many pages as it takes; ``together`` keeps a short one on one page."""
        if together and (height := self.height(flow)) < flow.area.height / 2:
            flow.need(height)
        # a table of one column without a head is a frame around text, not a table to a reader's ear
        part = flow.part("Table" if self.head or len(self.widths) > 1 else "Div")
        head = self._set(flow.book, self._head_row(), part) if self.head else []
        rows = [self._set(flow.book, row, part) for row in self.rows]
        flow.space(3)
        flow.need(_height(head) + (min(_height(rows[0]), _WHOLE) if rows else 0))
        self._open(flow, head)
        for number, row in enumerate(rows):
            if len(row) == 1 and number + 1 < len(rows):  # a heading of its own, which goes with what follows it
                self._keep(flow, head, _height(row) + min(_height(rows[number + 1]), _WHOLE))
            self._place(flow, head, row)
            last = number == len(rows) - 1
            flow.stroke(0, flow.y, flow.area.width, flow.y, _HEAVY if last else _HAIR)
        flow.space(4)

    def draw_if_any(self, flow: Flow) -> None:
        """The same, unless there is no row."""
        if self.rows:
            self.draw(flow)

    def _place(self, flow: Flow, head: _Row, row: _Row) -> None:
        """One row on this page if it fits, else on the next, else broken over as many as it takes."""
        rest = row
        while True:
            if _height(rest) <= flow.room + 0.1:
                _draw_row(flow, rest)
                return
            fresh = flow.y <= _height(head) + 1
            if _height(row) > _WHOLE or fresh:
                part, left = _part(rest, flow.room)
                if part and (fresh or max(map(len, part)) >= _LEAST):
                    _draw_row(flow, part)
                    rest = left
            self._turn(flow, head)

    def _keep(self, flow: Flow, head: _Row, height: float) -> None:
        """Go to the next page unless ``height`` is left on this one or this one holds nothing but the head."""
        if height > flow.room + 0.1 and flow.y > _height(head) + 1:
            self._turn(flow, head)

    def _turn(self, flow: Flow, head: _Row) -> None:
        flow.stroke(0, flow.y, flow.area.width, flow.y, _HEAVY)
        flow.new_page()
        self._open(flow, head, again=True)

    def _open(self, flow: Flow, head: _Row, again: bool = False) -> None:
        """The head, which is read aloud once, not on each page."""
        flow.stroke(0, flow.y, flow.area.width, flow.y, _HEAVY)
        if head:
            _draw_row(flow, [[replace(strip, part=None) for strip in strips] for strips in head] if again else head)
            flow.stroke(0, flow.y, flow.area.width, flow.y, _LIGHT)

    def _head_row(self) -> list[Cell]:
        return [Cell((Para((Span(word, "hei"),), FINE),), heads="Column") for word in self.head]

    def _set(self, book: FontBook, row: Sequence[Cell], table: Part | None = None) -> _Row:
        """The strips of each cell, their places from the table's left edge; as parts of ``table`` when it is drawn."""
        columns: _Row = []
        start = 0
        row_part = table.add(Part("TR")) if table and table.kind == "Table" else None
        for item in row:
            left = sum(self.widths[:start]) * MM
            width = sum(self.widths[start : start + item.across]) * MM - 2 * _PAD_X
            strips: list[_Strip] = []
            cell_part = row_part.add(_cell_part(item)) if row_part else table
            for para in item.paras:
                whole = row_part is not None and len(item.paras) == 1
                part = cell_part if whole or cell_part is None else cell_part.add(Part("P"))
                first = para.indent * para.size
                measure = Measure(width, para.size, first=first, rest=first + para.hang * para.size)
                for line in set_lines(book, para.spans, measure):
                    shift = (width - line.width) / 2 if para.centred else 0.0
                    height = para.leading if strips else 2 * (_FIRST_BASELINE - ABOVE * para.size) + para.size
                    strips.append(_Strip(line, height, left + _PAD_X + shift, part))
            columns.append(strips)
            start += item.across
        return columns


def _cell_part(item: Cell) -> Part:
    return Part("TH" if item.heads else "TD", across=item.across, scope=item.heads)


def _height(row: _Row) -> float:
    tallest = max((sum(strip.height for strip in strips) for strips in row), default=0.0)
    return tallest + 2 * _PAD_Y if row else 0.0


def _draw_row(flow: Flow, row: _Row) -> None:
    for strips in row:
        y = flow.y + _PAD_Y
        for strip in strips:
            flow.put(strip.line, strip.height, strip.x, y, strip.part)
            y += strip.height
    flow.y += _height(row)


def _part(row: _Row, room: float) -> tuple[_Row, _Row]:
    """What of ``row`` fits into ``room``, and the rest; the first is empty when not even a line fits."""
    fitting: _Row = []
    rest: _Row = []
    for strips in row:
        left, count = room - 2 * _PAD_Y, 0
        while count < len(strips) and strips[count].height <= left:
            left -= strips[count].height
            count += 1
        fitting.append(strips[:count])
        rest.append(strips[count:])
    return (fitting if any(fitting) else []), rest
