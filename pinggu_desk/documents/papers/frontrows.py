"""Rows of a first page: a name at the left, its figure right-aligned; and what is told under a label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pinggu_desk.documents.pdf.page import FINE, MM
from pinggu_desk.documents.pdf.structure import Part
from pinggu_desk.documents.pdf.typeset import Measure, Span, set_lines, text_width

if TYPE_CHECKING:
    from pinggu_desk.documents.pdf.fonts import Role
    from pinggu_desk.documents.pdf.page import Flow
    from pinggu_desk.documents.pdf.typeset import Line

_GAP = 3 * MM
#: the figures' column is as wide as its widest line, but no wider than this
_WIDEST = 84 * MM
#: how large a telephone number is set
NUMBER = 18.0


@dataclass(frozen=True, slots=True)
class Look:
    """How closely a first page is set: type size, leading, whether a row's small words stand beside or below its large ones.

    At most ``waits`` of what waits are listed, at most ``groups`` reasons for what can't be had told; ``close`` sets remarks small.
    """

    size: float
    lead: float
    beside: bool
    waits: int
    groups: int
    close: bool = False

    @property
    def pad(self) -> float:
        """What stands above and below a row."""
        return 1.0 if self.close else 2.2

    @property
    def notes(self) -> int:
        """So many remarks on sums are told."""
        return self.groups + 1


@dataclass(frozen=True, slots=True)
class Item:
    """A benefit on a first page: its name, where it stands in the text, its figure, what kind of figure (long and short).

    ``strong`` figures can be had as things stand.
    """

    title: str
    where: str
    figure: str
    kind: str
    short: str = ""
    strong: bool = True


@dataclass(frozen=True, slots=True)
class _Put:
    line: Line
    x: float
    y: float  # of the top of its strip
    height: float
    side: int


class Rows:
    """Draws items in one look. A string among them is a policy's name, above the items that are its own."""

    def __init__(self, flow: Flow, look: Look) -> None:
        self.flow, self.look = flow, look

    def first_height(self, items: Sequence[Item | str]) -> float:
        """What a heading above must leave room for."""
        if not items:
            return self.flow.pitch
        second = self._set(items[1])[0] if isinstance(items[0], str) and len(items) > 1 else 0.0
        return self._set(items[0])[0] + second

    def draw(self, items: Sequence[Item | str]) -> list[Item | str]:
        """All of them, over as many pages as it takes."""
        return self._draw(items, None)

    def draw_within(self, items: Sequence[Item | str], reserved: float) -> list[Item | str]:
        """As many as stand above ``reserved`` points on this page; those left over."""
        return self._draw(items, reserved)

    def _draw(self, items: Sequence[Item | str], reserved: float | None) -> list[Item | str]:
        if not items:
            return []
        flow, table = self.flow, self.flow.part("Table")
        least, above = 1 + isinstance(items[0], str), ""  # one benefit at least stands above what is reserved
        for number, item in enumerate(items):
            height, placed = self._set(item)
            wanted = height + (
                self._set(items[number + 1])[0] if isinstance(item, str) and number + 1 < len(items) else 0
            )
            if reserved is not None and flow.y + wanted > flow.area.height - reserved and number >= least:
                again = [above] if above and isinstance(item, Item) else []
                return [*again, *items[number:]]
            above = item if isinstance(item, str) else above
            flow.need(wanted)
            self._put(item, placed, table)
            flow.y += height
            flow.stroke(0, flow.y, flow.area.width, flow.y, 0.9 if number == len(items) - 1 else 0.35)
        return []

    def _put(self, item: Item | str, placed: Sequence[_Put], table: Part) -> None:
        row = table.add(Part("TR"))
        head = row.add(Part("TH", across=2 if isinstance(item, str) else 1, scope="Row"))
        cells = [head] if isinstance(item, str) else [head, row.add(Part("TD"))]
        parts = [(cell.add(Part("P")), cell.add(Part("P"))) for cell in cells]
        for one in placed:
            small = one.line.size == FINE
            self.flow.put(one.line, one.height, one.x, self.flow.y + one.y, parts[one.side][small])

    def _set(self, item: Item | str) -> tuple[float, list[_Put]]:
        """A row's height and its lines."""
        flow, look, width = self.flow, self.look, self.flow.area.width
        if isinstance(item, str):
            lines = set_lines(flow.book, [Span(item, "hei")], Measure(width, FINE))
            step, pad = FINE * 1.4, look.pad
            named = [_Put(line, 0.0, pad + n * step, step, 0) for n, line in enumerate(lines)]
            return len(lines) * step + 2 * pad, named
        role: Role = "hei" if item.strong else "body"
        figure = set_lines(flow.book, [Span(item.figure, role)], Measure(_WIDEST, look.size))
        kind = item.short if look.beside else item.kind
        small = set_lines(flow.book, [Span(kind)], Measure(_WIDEST, FINE)) if kind else []
        right = max((line.width for line in figure), default=0.0)
        beside = look.beside and len(figure) == 1 and len(small) == 1 and right + small[0].width + FINE / 2 <= _WIDEST
        column = right + small[0].width + FINE / 2 if beside else max([right, *(line.width for line in small)])
        placed, low = self._right(figure, small, beside=beside)
        own, lower = self._left(item, width - column - _GAP)
        return max(low, lower) + 2 * self.look.pad, [*own, *placed]

    def _right(self, figure: Sequence[Line], small: Sequence[Line], *, beside: bool) -> tuple[list[_Put], float]:
        width = self.flow.area.width
        placed, y = self._down([(line, width - line.width) for line in figure], self.look.pad, 1)
        if beside:
            x = width - figure[0].width - FINE / 2 - small[0].width
            placed.append(_Put(small[0], x, self.look.pad + self._level, FINE * 1.3, 1))
        else:
            more, y = self._down([(line, width - line.width) for line in small], y, 1)
            placed += more
        return placed, y - self.look.pad

    def _left(self, item: Item, width: float) -> tuple[list[_Put], float]:
        book, size = self.flow.book, self.look.size
        title = set_lines(book, [Span(item.title)], Measure(width, size))
        placed, y = self._down([(line, 0.0) for line in title], self.look.pad, 0)
        if not item.where:
            return placed, y - self.look.pad
        below_it = item.strong and not self.look.beside
        (one, *more) = set_lines(book, [Span(f"依据 {item.where}" if below_it else item.where)], Measure(width, FINE))
        start = title[-1].width + FINE * 0.6
        if self.look.beside and not more and start + one.width <= width:
            placed.append(_Put(one, start, y - size * self._lead + self._level, FINE * 1.3, 0))
            return placed, y - self.look.pad
        below, y = self._down([(line, 0.0) for line in (one, *more)], y, 0)
        return [*placed, *below], y - self.look.pad

    def _down(self, lines: Sequence[tuple[Line, float]], y: float, side: int) -> tuple[list[_Put], float]:
        placed = []
        for line, x in lines:
            height = line.size * (self._lead if line.size > FINE else 1.3)
            placed.append(_Put(line, x, y, height, side))
            y += height
        return placed, y

    @property
    def _lead(self) -> float:
        """Lines of one row stand closer than those of running text."""
        return min(self.look.lead, 1.3)

    @property
    def _level(self) -> float:
        """How far a small line's strip stands below a large one's, so that both have one baseline."""
        large, small = self.look.size, FINE
        return (large * self._lead - large) / 2 + 0.88 * large - (small * 0.3 / 2 + 0.88 * small)


@dataclass(frozen=True, slots=True)
class Told:
    """What is told under a label: paragraphs at the page's size; numbers, ``large``, each with small words behind; small words."""

    label: str
    paras: tuple[tuple[Span, ...], ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()
    fine: tuple[str, ...] = ()
    large: float = NUMBER


def pairs(flow: Flow, told: Sequence[Told]) -> None:
    """Labels at the left, what they tell beside them."""
    table = flow.part("Table")
    left = max(2.5 * flow.em, max(text_width(flow.book, one.label, "hei", flow.size) for one in told) + flow.em / 2)
    for one in told:
        row = table.add(Part("TR"))
        head, cell = row.add(Part("TH", scope="Row")), row.add(Part("TD"))
        (label,) = set_lines(flow.book, [Span(one.label, "hei")], Measure(left, flow.size))
        label_put = False
        for placed in _strips(flow, one, left):
            flow.need(max(height for _, _, height, _ in placed))
            part = cell.add(Part("P"))
            if not label_put:
                flow.put(label, placed[0][2], 0.0, part=head)
                label_put = True
            for line, x, height, down in placed:
                flow.put(line, height, x, flow.y + down, part)
            flow.y += max(height for _, _, height, _ in placed)


_Strip = tuple[
    "Line", float, float, float
]  # a line, its place from the left, its strip's height and how far down it stands


def _strips(flow: Flow, one: Told, left: float) -> list[list[_Strip]]:
    """The lines under one label, from the top; those that stand on one height together."""
    room, out = flow.area.width - left, []
    for spans in one.paras:
        out += [[(line, left, flow.pitch, 0.0)] for line in set_lines(flow.book, spans, Measure(room, flow.size))]
    for number, words in one.numbers:
        (large,) = set_lines(flow.book, [Span(number, "hei")], Measure(room * 2, one.large))
        strip: list[_Strip] = [(large, left, one.large * 1.35, 0.0)]
        start = large.width + FINE
        small = set_lines(flow.book, [Span(words)], Measure(max(room - start, FINE), FINE)) if words else []
        beside = len(small) == 1 and start + small[0].width <= room
        if beside:
            strip.append((small[0], left + start, FINE * 1.35, (one.large - FINE) * (1.35 / 2 + 0.38)))
        out.append(strip)
        if small and not beside:
            out += _fine(flow, words, left)
    for text in one.fine:
        out += _fine(flow, text, left)
    return out


def _fine(flow: Flow, text: str, left: float) -> list[list[_Strip]]:
    lines = set_lines(flow.book, [Span(text)], Measure(flow.area.width - left, FINE))
    return [[(line, left, FINE * 1.35, 0.0)] for line in lines]
