"""Typesetting (排版): text to lines, by the rules of Chinese setting.

No line begins with a closing mark or ends with an opening one (避头尾); a number stays with its unit (40.00 万元,
2026年3月2日, 60个工作日), a telephone number or a Latin word stays whole. Lengths are points (1/72 inch).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pinggu_desk.documents.pdf.fonts import Face, FontBook, Role

_UNITS = (
    "万美元|万元|亿元|美元|元|%|％|倍|个工作日|工作日|个年度|个月|年度|平方米|吨标煤|公顷|亩|分|年|月|日|天|人|家|个|项"
    "|次|名|套|件|份|条|款|页|万|亿"
)
_WORD = re.compile(
    r"[0-9]{4}年(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?)?|[0-9]{1,2}月[0-9]{1,2}日"
    rf"|[≤≥<>=×＋+±-]?[0-9][0-9,]*(?:\.[0-9]+)?\s?(?:{_UNITS})"
    rf"|[!-~]*[0-9]\s?(?:{_UNITS})"
    r"|[≤≥×][0-9][0-9,.]*|[!-~]+|—+|…+|.",
    re.DOTALL,
)
#: may not begin a line, may not end one
NO_START = frozenset("，。、；：？！）》〉”’』」】〕〗］｝％‰℃·—…～!%),.:;?]}")
NO_END = frozenset("（《〈“‘『「【〔〖［｛￥¥([{$")
_EPSILON = 0.01
#: a line is spread to the full width up to this much a gap, in type sizes; beyond it, it stays short
_MOST_SPREAD = 0.3


@dataclass(frozen=True, slots=True)
class Span:
    """Text in one role; a field, such as a name, is a span of its own, so that it stays in one face."""

    text: str
    role: Role = "body"


@dataclass(frozen=True, slots=True)
class Measure:
    """What lines are set to: their full width, type size, the space after each character, indents, justification.

    ``first`` and ``rest`` are the indents of the first and of the other lines.
    """

    width: float
    size: float
    track: float = 0.0
    first: float = 0.0
    rest: float = 0.0
    justify: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A run drawn in one go: one face, one space after each character."""

    face: Face
    text: str
    track: float


@dataclass(frozen=True, slots=True)
class Line:
    """A set line: its pieces, type size, indent and the width of its ink, spread included."""

    pieces: tuple[Piece, ...]
    size: float
    indent: float
    width: float

    @property
    def text(self) -> str:
        """The line as read."""
        return "".join(piece.text for piece in self.pieces)


def text_width(book: FontBook, text: str, role: Role, size: float, track: float = 0.0) -> float:
    """The width of ``text`` set in one line."""
    width = 0.0
    for face, run in book.split(text, role):
        widths = face.widths
        width += sum(widths.get(ord(c), 1000.0) for c in run) * size / 1000 + track * len(run)
    return width - track if text else 0.0


@lru_cache(maxsize=2048)
def _set(book: FontBook, spans: tuple[Span, ...], measure: Measure) -> tuple[Line, ...]:
    return tuple(_Paragraph(book, spans, measure).lines())


def set_lines(book: FontBook, spans: Sequence[Span], measure: Measure) -> list[Line]:
    """The lines of one paragraph; at least one, even for no text.

    Kept for a while: a cell is set once to know its height and once to be placed, a notice twice for its two copies.
    """
    return list(_set(book, tuple(spans), measure))


class _Paragraph:
    """One paragraph on its way into lines: the text flat, the right edge of every character, the faces by stretch."""

    def __init__(self, book: FontBook, spans: Sequence[Span], measure: Measure) -> None:
        self.measure = measure
        self.faces: list[Face] = []
        self.starts: list[int] = []
        texts: list[str] = []
        advances: list[float] = [0.0]
        scale, track, length = measure.size / 1000, measure.track, 0
        for span in spans:
            for face, run in book.split(span.text, span.role):
                self.faces.append(face)
                self.starts.append(length)
                texts.append(run)
                length += len(run)
                widths = face.widths
                advances += [widths.get(ord(c), 1000.0) * scale + track for c in run]
        self.text = "".join(texts)
        self.edges = list(accumulate(advances))

    def lines(self) -> list[Line]:
        lines: list[Line] = []
        start = 0
        ranges = self._ranges()
        for number, (start, end) in enumerate(ranges):
            lines.append(self._line(start, end, first=number == 0, last=number == len(ranges) - 1))
        return lines or [Line((), self.measure.size, self.measure.first, 0.0)]

    def _room(self, first: bool) -> float:
        return self.measure.width - (self.measure.first if first else self.measure.rest)

    def _fits(self, start: int, end: int, room: float) -> bool:
        while end > start and self.text[end - 1] == " ":
            end -= 1
        return self.edges[end] - self.edges[start] - self.measure.track <= room + _EPSILON

    def _ranges(self) -> list[tuple[int, int]]:
        """Start and end of each line, spaces at the turn of a line left out."""
        ranges: list[tuple[int, int]] = []
        start = end = 0
        for unit in _units(self.text):
            room = self._room(not ranges)
            if self._fits(start, unit[-1], room):
                end = unit[-1]
                continue
            if end > start:
                ranges.append((start, end))
                start = end = self._skip_spaces(end)
                room = self._room(first=False)
            if self._fits(start, unit[-1], room):
                end = max(unit[-1], start)
                continue
            start, end = self._force(unit, start, ranges)
        if end > start or not ranges:
            ranges.append((start, max(end, start)))
        return [(s, self._trim(s, e)) for s, e in ranges if e > s]

    def _force(self, unit: list[int], start: int, ranges: list[tuple[int, int]]) -> tuple[int, int]:
        """Break a unit too wide for any line: between its words if that helps, else between characters."""
        end = start
        for stop in unit[1:]:
            while not self._fits(start, stop, self._room(not ranges)):
                if end == start:
                    end = self._most(start, stop, self._room(not ranges))
                ranges.append((start, end))
                start = end
            end = max(stop, start)
        return start, end

    def _most(self, start: int, stop: int, room: float) -> int:
        """How far characters from ``start`` on fit, one at least."""
        end = bisect_right(self.edges, self.edges[start] + self.measure.track + room + _EPSILON) - 1
        return min(max(end, start + 1), stop)

    def _skip_spaces(self, at: int) -> int:
        while at < len(self.text) and self.text[at] == " ":
            at += 1
        return at

    def _trim(self, start: int, end: int) -> int:
        while end > start + 1 and self.text[end - 1] == " ":
            end -= 1
        return end

    def _line(self, start: int, end: int, first: bool, last: bool) -> Line:
        measure = self.measure
        indent = measure.first if first else measure.rest
        width = self.edges[end] - self.edges[start] - measure.track
        spread = 0.0
        if measure.justify and not last:
            gaps = sum(1 for c in self.text[start : end - 1] if _spreads(c))
            slack = measure.width - indent - width
            if gaps and slack / gaps <= _MOST_SPREAD * measure.size:
                spread, width = slack / gaps, measure.width - indent
        return Line(tuple(self._pieces(start, end, spread)), measure.size, indent, width)

    def _pieces(self, start: int, end: int, spread: float) -> list[Piece]:
        """The runs of one line; the spread goes behind Han characters and spaces, not into words and numbers."""
        track = self.measure.track
        pieces: list[Piece] = []
        index = bisect_right(self.starts, start) - 1
        while start < end:
            stop = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)
            run = self.text[start : min(stop, end)]
            if not spread:
                pieces.append(Piece(self.faces[index], run, track))
            else:
                for part in _SPREADING.findall(run):
                    extra = spread if _spreads(part[0]) else 0.0
                    pieces.append(Piece(self.faces[index], part, track + extra))
            start, index = min(stop, end), index + 1
        return [piece for piece in pieces if piece.text]


_SPREADING = re.compile(r"[!-~]+|[^!-~]+")


def _spreads(char: str) -> bool:
    return not "!" <= char <= "~"


def _units(text: str) -> list[list[int]]:
    """What must stay on one line, each as the bounds of its words: ``[start, …, end]``."""
    units: list[list[int]] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        first = text[start]
        joined = bool(units) and (
            first in NO_START or text[start - 1] in NO_END or unicodedata.category(first).startswith("M")
        )
        if joined and first == " ":
            joined = False
        if joined:
            units[-1].append(end)
        else:
            units.append([start, end])
    return units
