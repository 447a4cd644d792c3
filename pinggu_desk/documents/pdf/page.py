"""The page of GB/T 9704-2012 (版面) and the flow of text down it. Lengths are points, from the bottom left of A4.

Type area (版心) 156 x 225 mm, 37 mm from the top, 28 mm from the left; 22 lines of 28 characters. Nothing here knows
the PDF library: pages are lists of placed lines, rules and boxes, so that a test can measure them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Any

from pinggu_desk.documents.pdf.structure import Part
from pinggu_desk.documents.pdf.typeset import Line, Measure, Span, set_lines, text_width

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pinggu_desk.documents.pdf.fonts import FontBook, Role
    from pinggu_desk.documents.pdf.structure import Kind

MM = 72 / 25.4
A4_WIDTH, A4_HEIGHT = 210 * MM, 297 * MM
LEFT, TOP = 28 * MM, 37 * MM
WIDTH, HEIGHT = 156 * MM, 225 * MM
LINES, CHARS = 22, 28
PITCH, CELL = HEIGHT / LINES, WIDTH / CHARS

#: type sizes (字号): 二号 22, 三号 15.75 (its value on this page), 四号 14, 小四 12, 五号 10.5, 小五 9
TITLE, BODY, FOOT, SMALL, FINE, NOTE = 22.0, 15.75, 14.0, 12.0, 10.5, 9.0
TRACK = CELL - BODY
#: the two sections of a paper that answers first: what is handed over, and what shows how, printed when asked for
FRONT, ANNEX = "正页", "附页"
#: how much of the type size stands above the baseline (the em box of Chinese faces)
ABOVE = 0.88


@dataclass(frozen=True, slots=True)
class Area:
    """A sheet of paper and its type area: the area's left edge and top from the paper's, its size, the paper's size."""

    left: float
    top: float
    width: float
    height: float
    paper_width: float
    paper_height: float


#: the page of the standard, and the same paper on its side for wide tables (横排)
UPRIGHT = Area(LEFT, TOP, WIDTH, HEIGHT, A4_WIDTH, A4_HEIGHT)
WIDE = Area(18 * MM, 18 * MM, 261 * MM, 166 * MM, A4_HEIGHT, A4_WIDTH)


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line with the place of its baseline's left end, its indent included, and the part of the paper it is of."""

    x: float
    y: float
    line: Line
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight rule of ``weight`` points."""

    x1: float
    y1: float
    x2: float
    y2: float
    weight: float


@dataclass(frozen=True, slots=True)
class Box:
    """A black rectangle by its bottom left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PlacedDrawing:
    """A drawing of the PDF library's graphics (a chart) by its bottom left corner, and the figure that it is."""

    x: float
    y: float
    drawing: Any
    part: Part


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    """A picture (a screenshot) by its bottom left corner, as wide and high as it is shown; ``path`` holds it without transparency."""

    x: float
    y: float
    width: float
    height: float
    path: Path
    part: Part


@dataclass(slots=True)
class Page:
    """One page: what is placed on it, and the paper.

    ``parts`` are those parts of the paper that begin here, in reading order; ``figure`` is what the boxes draw.
    ``section`` names the part of a paper whose pages are counted by themselves (正页, 附页); empty for a paper of one.
    """

    area: Area = UPRIGHT
    section: str = ""
    lines: list[PlacedLine] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    drawings: list[PlacedDrawing] = field(default_factory=list)
    pictures: list[PlacedPicture] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    figure: Part | None = None


class Flow:
    """Text running down page after page. ``y`` is how far below the top of the type area the next thing goes."""

    def __init__(
        self, book: FontBook, pitch: float = PITCH, size: float = BODY, grid: bool = True, area: Area = UPRIGHT,
        section: str = "",
    ) -> None:  # fmt: skip
        self.book = book
        self.pitch = pitch
        self.size = size
        self.track = TRACK
        self.grid = grid
        self.area = area
        self.section = section
        self.pages: list[Page] = [Page(area, section)]
        self.y = 0.0

    @property
    def room(self) -> float:
        """What is left of this page's type area."""
        return self.area.height - self.y

    @property
    def em(self) -> float:
        """One character of running text with the space after it."""
        return self.size + self.track

    def new_page(self) -> None:
        """Go on at the top of a fresh page."""
        self.pages.append(Page(self.area, self.section))
        self.y = 0.0

    def need(self, height: float) -> None:
        """Go to a fresh page unless ``height`` is left on this one (or this one is fresh)."""
        if self.y > 0 and height > self.room + 0.1:
            self.new_page()

    def space(self, height: float) -> None:
        """Leave ``height`` empty, but never at the top of a page."""
        if self.y > 0:
            self.y = min(self.y + height, self.area.height)

    def snap(self) -> None:
        """Go down to the next line of the page's grid, so that running text keeps to its 22 lines."""
        if not self.grid:
            return
        self.y = min(ceil(self.y / self.pitch - 0.02) * self.pitch, self.area.height)

    def part(self, kind: Kind) -> Part:
        """The next part of the paper in reading order, whose lines are to be put."""
        part = Part(kind)
        self.pages[-1].parts.append(part)
        return part

    def put(self, line: Line, height: float, x: float = 0.0, y: float | None = None, part: Part | None = None) -> None:
        """Place ``line`` in a strip of ``height`` at ``y`` (default: here), ``x`` from the type area's left edge.

        A line without a part isn't read aloud.
        """
        top = self.y if y is None else y
        area = self.area
        baseline = area.paper_height - area.top - top - (height - line.size) / 2 - ABOVE * line.size
        self.pages[-1].lines.append(PlacedLine(area.left + x + line.indent, baseline, line, part))

    def stroke(self, x1: float, y1: float, x2: float, y2: float, weight: float) -> None:
        """A rule between two points given from the type area's top left corner."""
        left, top = self.area.left, self.area.paper_height - self.area.top
        self.pages[-1].strokes.append(Stroke(left + x1, top - y1, left + x2, top - y2, weight))

    def box(self, x: float, y: float, width: float, height: float) -> None:
        """A black rectangle, its top left corner given from the type area's."""
        self.pages[-1].boxes.append(Box(LEFT + x, A4_HEIGHT - TOP - y - height, width, height))

    def figure(self, alt: str, x: float, y: float, width: float, height: float) -> None:
        """Say what this page's boxes draw, and where, from the type area's top left corner."""
        part = self.part("Figure")
        left, top = LEFT + x, A4_HEIGHT - TOP - y
        part.alt, part.box = alt, (left, top - height, left + width, top)
        self.pages[-1].figure = part

    def drawing(self, drawing: Any, alt: str) -> None:
        """Place a drawing here, on a page that has room for it; ``alt`` says it in words."""
        self.need(drawing.height)
        part = self.part("Figure")
        x, y = self.area.left, self.area.paper_height - self.area.top - self.y - drawing.height
        part.alt, part.box = alt, (x, y, x + drawing.width, y + drawing.height)
        self.pages[-1].drawings.append(PlacedDrawing(x, y, drawing, part))
        self.y += drawing.height

    def picture(self, path: Path, width: float, height: float, alt: str) -> None:
        """Place a picture here, on a page that has room for it; ``alt`` says it in words."""
        self.need(height)
        part = self.part("Figure")
        x, y = self.area.left, self.area.paper_height - self.area.top - self.y - height
        part.alt, part.box = alt, (x, y, x + width, y + height)
        self.pages[-1].pictures.append(PlacedPicture(x, y, width, height, path, part))
        self.y += height

    def set(self, spans: Sequence[Span] | str, first: float = 2, justify: bool = True) -> list[Line]:
        """The lines of a paragraph of running text, its indent in characters."""
        measure = Measure(self.area.width, self.size, self.track, first * self.em, justify=justify)
        return set_lines(self.book, [Span(spans)] if isinstance(spans, str) else spans, measure)

    def lines(self, lines: Sequence[Line], part: Part | None = None) -> None:
        """Place set lines of running text one under the other; they are a paragraph unless told otherwise."""
        part = part or self.part("P")
        for line in lines:
            self.need(self.pitch)
            self.put(line, self.pitch, part=part)
            self.y += self.pitch

    def paragraph(self, spans: Sequence[Span] | str, first: float = 2, justify: bool = True) -> None:
        """A paragraph of running text, two characters in, spread to the full width unless told otherwise."""
        self.snap()
        self.lines(self.set(spans, first, justify=justify))

    def heading(self, text: str, role: Role, follows: float | None = None) -> None:
        """A heading on the page of what follows it: ``follows`` points, or two lines of text."""
        self.snap()
        lines = self.set([Span(text, role)], justify=False)
        self.need(len(lines) * self.pitch + (2 * self.pitch if follows is None else follows))
        self.lines(lines, self.part("H2" if role == "hei" else "H3"))

    def centred(self, text: str, role: Role, size: float, height: float) -> None:
        """A title or a serial line, centred; long ones turn into several lines."""
        part = self.part("H1" if role == "title" else "P")
        for line in set_lines(self.book, [Span(text, role)], Measure(self.area.width, size)):
            self.need(height)
            self.put(line, height, (self.area.width - line.width) / 2, part=part)
            self.y += height


def _counted(pages: Sequence[Page]) -> list[tuple[int, int]]:
    """Each page's number in its section, and how many pages the section has."""
    totals = Counter(page.section for page in pages)
    seen: Counter[str] = Counter()
    numbers = []
    for page in pages:
        seen[page.section] += 1
        numbers.append((seen[page.section], totals[page.section]))
    return numbers


def page_names(pages: Sequence[Page]) -> list[str]:
    """What each page is called: ``第 2 页``, ``附页第 2 页``."""
    return [f"{page.section}第 {number} 页" for page, (number, _) in zip(pages, _counted(pages), strict=True)]


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands on every page outside the type area: the foot, and the mark of a practice run (演练)."""

    foot_notes: tuple[str, ...]
    practice: bool = False
    corner: str = ""

    def dress(self, flow: Flow) -> list[Page]:
        """The flow's pages with their feet; pages count from 1 to the last of the flow, or of their section.

        Feet and marks aren't read aloud, but for the corner's words, which are read once, before the title.
        """
        height, width = flow.area.height, flow.area.width
        book = flow.book
        for page, name, (number, total) in zip(flow.pages, page_names(flow.pages), _counted(flow.pages), strict=True):
            foot = f"{name} 共 {total} 页"
            self._centred(book, page, foot, FOOT, height + 7 * MM)
            for row, note in enumerate(self.foot_notes):
                self._centred(book, page, note, NOTE, height + 7 * MM + FOOT + 4 + row * NOTE * 1.3)
            if self.practice:
                self._boxed(book, page, "演练", SMALL, width, height + 7 * MM)
                self._boxed(book, page, "演练 非正式文书", FOOT, width, -16 * MM)
            if self.corner:
                part = Part("P") if number == 1 else None
                page.parts[:0] = [part] if part else []
                self._text(book, page, self.corner, "hei", FOOT, 0.0, -16 * MM, part)
        return flow.pages

    @staticmethod
    def _text(
        book: FontBook, page: Page, text: str, role: Role, size: float, x: float, top: float, part: Part | None = None
    ) -> None:
        (line, *_) = set_lines(book, [Span(text, role)], Measure(WIDTH * 2, size))
        area = page.area
        page.lines.append(PlacedLine(area.left + x, area.paper_height - area.top - top - ABOVE * size, line, part))

    def _centred(self, book: FontBook, page: Page, text: str, size: float, top: float) -> None:
        area = page.area
        for row, line in enumerate(set_lines(book, [Span(text)], Measure(area.width, size))):
            y = area.paper_height - area.top - top - row * size * 1.3 - ABOVE * size
            page.lines.append(PlacedLine(area.left + (area.width - line.width) / 2, y, line))

    def _boxed(self, book: FontBook, page: Page, text: str, size: float, right: float, top: float) -> None:
        """A bordered word whose border ends at ``right``."""
        width, pad = text_width(book, text, "hei", size), size * 0.35
        left = right - width - 2 * pad
        self._text(book, page, text, "hei", size, left + pad, top)
        x1, x2 = page.area.left + left, page.area.left + right
        above = page.area.paper_height - page.area.top - top
        y1, y2 = above + pad * 0.8, above - size - pad * 0.8
        for a, b, c, d in ((x1, y1, x2, y1), (x2, y1, x2, y2), (x2, y2, x1, y2), (x1, y2, x1, y1)):
            page.strokes.append(Stroke(a, b, c, d, 0.8))
