"""The foot of a first page: who answers for it and what it is not, the place for the seal, the code; no page carries it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinggu_desk.documents.papers import common as papers
from pinggu_desk.documents.pdf import qr
from pinggu_desk.documents.pdf.page import FINE, MM, SMALL
from pinggu_desk.documents.pdf.typeset import Measure, Span, set_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pinggu_desk.documents.pdf.page import Flow
    from pinggu_desk.documents.pdf.typeset import Line
    from pinggu_desk.documents.visit import Visit

_GAP = 3 * MM
#: a name of more lines than this is set above the foot instead of in it
_MOST_LINES = 4


class Foot:
    """Left who made it and what it is not, then the seal's square, then the code; at the foot of the page that it is on."""

    def __init__(self, flow: Flow, visit: Visit, notes: Sequence[str], code: str) -> None:
        self.flow, self._code = flow, code
        self._side = qr.side(code) if code else 0.0
        width = flow.area.width
        self._seal = width - papers.SEAL - (self._side + 1 * MM if code else 0.0)
        room = self._seal - _GAP
        self.before: list[list[Span]] = []
        self._lines: list[tuple[list[Line], float]] = []
        who = visit.clerk + (f"　窗口：{visit.window}" if visit.window else "")
        for name, value in (("单位：", visit.office), ("经办人：", who)):
            if not value and name != "经办人：":
                continue
            spans = [Span(name), Span(value)]
            lines = set_lines(flow.book, spans, Measure(room, SMALL, rest=len(name) * SMALL))
            if len(lines) > _MOST_LINES:
                self.before.append(spans)
            else:
                self._lines.append((lines, SMALL * 1.3))
        for size in (FINE, FINE - 1, FINE - 1.5):
            set_ = [(set_lines(flow.book, [Span(note)], Measure(room, size)), size * 1.28) for note in notes]
            if self._tall([*self._lines, *set_]) <= papers.SEAL:
                break
        self._lines += set_

    @staticmethod
    def _tall(parts: Sequence[tuple[list[Line], float]]) -> float:
        return sum(len(lines) * height for lines, height in parts)

    @property
    def height(self) -> float:
        """What it takes, the rule above it included."""
        return max(papers.SEAL, self._side, self._tall(self._lines)) + 3 * MM

    def draw(self) -> None:
        """Place it at the foot of this page, or of the next where there is no room."""
        flow = self.flow
        for spans in self.before:
            flow.paragraph(spans, first=0)
        flow.need(self.height)
        flow.y = flow.area.height - self.height
        flow.stroke(0, flow.y + 0.5 * MM, flow.area.width, flow.y + 0.5 * MM, 0.9)
        top = y = flow.y + 2.5 * MM
        for lines, height in self._lines:
            part = flow.part("P")
            for line in lines:
                flow.put(line, height, 0.0, y, part)
                y += height
        papers.seal_corners(flow, self._seal, top)
        (caption,) = set_lines(flow.book, [Span("（盖章处）")], Measure(papers.SEAL, FINE - 1.5))
        middle = self._seal + (papers.SEAL - caption.width) / 2
        flow.put(caption, FINE, middle, top + (papers.SEAL - FINE) / 2, flow.part("P"))
        if self._code:
            self._draw_code(top)
        flow.y = flow.area.height

    def _draw_code(self, top: float) -> None:
        flow, left = self.flow, self.flow.area.width - self._side
        qr.draw(flow, self._code, left, top, papers.CODE_ALT)
        for row, words in enumerate(("验真码：扫码核对真伪，", "不含个人信息")):
            (line,) = set_lines(flow.book, [Span(words)], Measure(self._side + 2 * _GAP, FINE - 2.5))
            x = flow.area.width - self._side / 2 - line.width / 2
            flow.put(line, FINE, min(x, flow.area.width - line.width), top + self._side + row * FINE, flow.part("P"))
