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

_PAD_X = 1.6 * MM
#: above and below a row, in type sizes of its table
_PAD_Y = 1.2 * MM / SMALL
#: of that space what stands between close rows
_CLOSE = 0.5
_HEAVY, _LIGHT, _HAIR = 0.9, 0.5, 0.35
#: a row higher than this may be broken where a page ends; lower ones go to the next page whole
_WHOLE = HEIGHT / 3
#: the same of a close table, whose rows are gathered from several
_WHOLE_CLOSE = HEIGHT / 6
#: a row that is broken shows at least this many lines on each side
_LEAST = 3
#: from line to line, in type sizes; the first lines of a row stand level, whatever their size
_LEAD, _LEAD_CLOSE = 1.36, 1.29


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph in a cell: its spans, its size, how far it stands in, and its later lines further (characters).

    ``right`` keeps it to the right: a figure under figures.
    """

    spans: tuple[Span, ...]
    size: float = SMALL
    hang: float = 0.0
    centred: bool = False
    indent: float = 0.0
    right: bool = False

    @property
    def leading(self) -> float:
        """From line to line."""
        return self.size * _LEAD


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


def label(text: str, role: Role = "hei", across: int = 1, size: float = FINE) -> Cell:
    """The cell that names what stands beside it, or, across the table, below it."""
    return Cell((Para((Span(text, role),), size),), across, heads="Row")


@dataclass(frozen=True, slots=True)
class _Strip:
    """One set line of a cell with the height it takes."""

    line: Line
    height: float
    x: float
    part: Part | None


@dataclass(frozen=True, slots=True)
class _Row:
    """The set lines of a row, cell by cell, with the space above and below them."""

    columns: list[list[_Strip]]
    pad: float

    def __bool__(self) -> bool:
        return any(self.columns)

    @property
    def height(self) -> float:
        tallest = max((sum(strip.height for strip in strips) for strips in self.columns), default=0.0)
        return tallest + 2 * self.pad if self.columns else 0.0

    @property
    def longest(self) -> int:
        return max(map(len, self.columns), default=0)


@dataclass(frozen=True, slots=True)
class Table:
    """Column widths in millimetres (together the type area's width), the head's words, the rows, the largest type in them.

    ``close`` rows stand nearer to each other: small type over many pages. Heads from column ``figures`` on are kept to the right, as
    the figures under them are.
    """

    widths: tuple[float, ...]
    head: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    size: float = SMALL
    close: bool = False
    figures: int | None = None
    #: a row higher than this (points) may be broken where a page ends; None for the usual height
    breaks: float | None = None

    @property
    def _whole(self) -> float:
        return self.breaks or (_WHOLE_CLOSE if self.close else _WHOLE)

    def first_height(self, flow: Flow) -> float:
        """The height of the head with the first row, which a heading above must leave room for."""
        rows = [self._set(flow.book, row) for row in (self._head_row(), *self.rows[:1]) if row]
        return sum(min(row.height, self._whole) for row in rows) + 6

    def height(self, flow: Flow) -> float:
        """The whole table on one page."""
        rows = [self._head_row()] if self.head else []
        return sum(self._set(flow.book, row).height for row in (*rows, *self.rows)) + 7

    def draw(self, flow: Flow, together: bool = False) -> None:
        """Set the table into the flow, over as many pages as it takes; ``together`` keeps a short one on one page."""
        if together and (height := self.height(flow)) < flow.area.height / 2:
            flow.need(height)
        # a table of one column without a head is a frame around text, not a table to a reader's ear
        part = flow.part("Table" if self.head or len(self.widths) > 1 else "Div")
        head = self._set(flow.book, self._head_row(), part) if self.head else _Row([], 0.0)
        rows = [self._set(flow.book, row, part) for row in self.rows]
        flow.space(3)
        flow.need(head.height + (min(rows[0].height, self._whole) if rows else 0))
        self._open(flow, head)
        for number, row in enumerate(rows):
            if len(row.columns) == 1 and number + 1 < len(
                rows
            ):  # a heading of its own, which goes with what follows it
                self._keep(flow, head, row.height + min(rows[number + 1].height, self._whole))
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
            if rest.height <= flow.room + 0.1:
                _draw_row(flow, rest)
                return
            fresh = flow.y <= head.height + 1
            if row.height > self._whole or fresh:
                part, left = _part(rest, flow.room)
                if part and (fresh or part.longest >= _LEAST):
                    _draw_row(flow, part)
                    rest = left
            self._turn(flow, head)

    def _keep(self, flow: Flow, head: _Row, height: float) -> None:
        """Go to the next page unless ``height`` is left on this one or this one holds nothing but the head."""
        if height > flow.room + 0.1 and flow.y > head.height + 1:
            self._turn(flow, head)

    def _turn(self, flow: Flow, head: _Row) -> None:
        flow.stroke(0, flow.y, flow.area.width, flow.y, _HEAVY)
        flow.new_page()
        self._open(flow, head, again=True)

    def _open(self, flow: Flow, head: _Row, again: bool = False) -> None:
        """The head, which is read aloud once, not on each page."""
        flow.stroke(0, flow.y, flow.area.width, flow.y, _HEAVY)
        if head:
            _draw_row(flow, _unread(head) if again else head)
            flow.stroke(0, flow.y, flow.area.width, flow.y, _LIGHT)

    def _head_row(self) -> list[Cell]:
        first = len(self.head) if self.figures is None else self.figures
        return [
            Cell((Para((Span(word, "hei"),), min(FINE, self.size), right=column >= first),), heads="Column")
            for column, word in enumerate(self.head)
        ]

    def _set(self, book: FontBook, row: Sequence[Cell], table: Part | None = None) -> _Row:
        """The strips of each cell, their places from the table's left edge; as parts of ``table`` when it is drawn."""
        columns: list[list[_Strip]] = []
        lead = _LEAD_CLOSE if self.close else _LEAD
        baseline = ((lead - 1) / 2 + ABOVE) * self.size
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
                    shift = (width - line.width) * (0.5 if para.centred else 1.0 if para.right else 0.0)
                    height = lead * para.size if strips else 2 * (baseline - ABOVE * para.size) + para.size
                    strips.append(_Strip(line, height, left + _PAD_X + shift, part))
            columns.append(strips)
            start += item.across
        return _Row(columns, _PAD_Y * self.size * (_CLOSE if self.close else 1))


def _cell_part(item: Cell) -> Part:
    return Part("TH" if item.heads else "TD", across=item.across, scope=item.heads)


def _unread(row: _Row) -> _Row:
    """The row as it is repeated on a further page: seen, not read aloud again."""
    return _Row([[replace(strip, part=None) for strip in strips] for strips in row.columns], row.pad)


def _draw_row(flow: Flow, row: _Row) -> None:
    for strips in row.columns:
        y = flow.y + row.pad
        for strip in strips:
            flow.put(strip.line, strip.height, strip.x, y, strip.part)
            y += strip.height
    flow.y += row.height


def _part(row: _Row, room: float) -> tuple[_Row, _Row]:
    """What of ``row`` fits into ``room``, and the rest; the first is empty when not even a line fits."""
    fitting: list[list[_Strip]] = []
    rest: list[list[_Strip]] = []
    for strips in row.columns:
        left, count = room - 2 * row.pad, 0
        while count < len(strips) and strips[count].height <= left:
            left -= strips[count].height
            count += 1
        fitting.append(strips[:count])
        rest.append(strips[count:])
    return _Row(fitting if any(fitting) else [], row.pad), _Row(rest, row.pad)
