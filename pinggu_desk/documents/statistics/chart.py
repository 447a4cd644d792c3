"""The chart of statistics as one drawing, for the screen and for paper: bars side by side, their figures at their ends.

reportlab's bar chart draws it; what is drawn is decided in ``bars``. Certain sums are solid, ceilings hatched, so that they are told
apart in black and white. Labels are cut by measure where they are too long.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from reportlab.graphics import shapes as _shapes
from reportlab.graphics.charts.barcharts import HorizontalBarChart
from reportlab.graphics.renderPDF import draw
from reportlab.graphics.widgetbase import Widget
from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth

from pinggu_desk.documents.pdf.fonts import bundled, clean
from pinggu_desk.documents.statistics.bars import chart_of
from pinggu_desk.documents.statistics.table import BETWEEN, CEILING, CERTAIN

if TYPE_CHECKING:
    from pinggu_desk.documents.pdf.fonts import FontBook
    from pinggu_desk.documents.statistics.bars import Chart
    from pinggu_desk.documents.statistics.table import Measure, StatTable

shapes: Any = _shapes  # its stubs ask for every state of every shape
_FACE = "NotoSansSC-Regular"
#: of the width at most so much is the labels', in type sizes a bar's height, the space of one row, what stands above and below the bars
_LABELS, _BAR, _ROW_ONE, _ROW_TWO, _ABOVE, _BELOW = 0.34, 1.0, 2.0, 2.7, 2.3, 3.6
_LEAD = 1.25
_ELLIPSIS = "…"
_MEANING = {CERTAIN: "按条款算定", CEILING: "只有上限，不与确定金额相加"}


@dataclass(frozen=True, slots=True)
class ChartLook:
    """Colours (``#RRGGBB``) and type size in points; ``ground`` None draws no ground (paper)."""

    ink: str = "#000000"
    soft: str = "#333333"
    line: str = "#BBBBBB"
    certain: str = "#1F5FA8"
    ceiling: str = "#1F5FA8"
    ground: str | None = None
    size: float = 9.0


class Hatched(Widget):
    """A bar of slanting lines within an outline: a ceiling."""

    def __init__(self, colour: Any, ground: Any, gap: float) -> None:
        self.x = self.y = self.width = self.height = 0.0
        self.colour, self.ground, self.gap = colour, ground, gap

    def draw(self) -> Any:
        """The shapes; every line ends on the outline, so that nothing is clipped."""
        group = shapes.Group()
        left, right = sorted((self.x, self.x + self.width))
        low, high = sorted((self.y, self.y + self.height))
        width, height = right - left, high - low
        if width <= 0 or height <= 0:
            return group
        group.add(
            shapes.Rect(left, low, width, height, fillColor=self.ground, strokeColor=self.colour, strokeWidth=0.8)
        )
        at = self.gap
        while at < width + height:  # from the left and bottom edges upwards to the right
            x1, y1 = (left + at, low) if at <= width else (right, low + at - width)
            x2, y2 = (left, low + at) if at <= height else (left + at - height, high)
            group.add(shapes.Line(x1, y1, x2, y2, strokeColor=self.colour, strokeWidth=0.6))
            at += self.gap
        return group


def bars_in(height: float, measure: Measure, look: ChartLook) -> int:
    """How many rows of bars a height has room for."""
    row = look.size * (_ROW_TWO if measure == "金额" else _ROW_ONE)
    return max(int((height - look.size * (_ABOVE + _BELOW)) / row), 2)


def height_of(chart: Chart, look: ChartLook) -> float:
    """The height that a chart takes."""
    row = look.size * (_ROW_TWO if len(chart.series) > 1 else _ROW_ONE)
    return look.size * (_ABOVE + _BELOW) + row * max(len(chart.bars), 1)


def drawing_of(chart: Chart, width: float, look: ChartLook, book: FontBook) -> Any:
    """The chart as a reportlab drawing of that width; as high as its bars take."""
    text, size = _Text(book, look.size), look.size
    height = height_of(chart, look)
    drawing = shapes.Drawing(width, height, initialFontName=text.font)
    if look.ground is not None:
        drawing.add(shapes.Rect(0, 0, width, height, fillColor=HexColor(look.ground), strokeColor=None))
    _legend(drawing, chart, height - size * 1.4, look, text)
    if not chart.bars:
        return drawing
    most = 2 if len(chart.series) > 1 else 1  # lines of a label beside two bars, or one
    labels = [text.lines(bar.label, width * _LABELS, most) for bar in chart.bars]
    left = max(text.width(line) for lines in labels for line in lines) + size
    values = max(text.width(words) for bar in chart.bars for words in bar.words)
    plot: Any = HorizontalBarChart()
    plot.x, plot.y = left, size * _BELOW
    plot.width, plot.height = max(width - left - values - size * 1.2, size * 4), height - size * (_ABOVE + _BELOW)
    _bars(plot, chart, look, text)
    _axes(plot, chart, look, text)
    drawing.add(plot)
    for n, lines in enumerate(labels):
        y = plot.y + plot.height * (1 - (n + 0.5) / len(labels)) + size * (_LEAD * (len(lines) - 1) / 2 - 0.36)
        for line in lines:
            text.put(drawing, left - size * 0.5 - text.width(line), y, line, look.ink)
            y -= size * _LEAD
    text.put(
        drawing, left, size * 0.7, text.cut(f"单位：{chart.unit}　{chart.note}".rstrip("　"), width - left), look.soft
    )
    return drawing


def chart_pdf(table: StatTable, measure: Measure, width: float, height: float, look: ChartLook) -> tuple[bytes, Chart]:
    """The chart alone on a page of that width, for the screen, with what it shows; as many bars as the height has room for."""
    from reportlab.pdfgen.canvas import Canvas

    from pinggu_desk.documents.pdf.pdfdoc import WRITING

    chart = chart_of(table, measure, bars_in(height, measure, look))
    with WRITING:
        drawing = drawing_of(chart, width, look, bundled())
        out = BytesIO()
        options: dict[str, Any] = {"pageCompression": 0, "initialFontName": _Text(bundled(), look.size).font}
        canvas: Any = Canvas(out, (drawing.width, drawing.height), **options)
        draw(drawing, canvas, 0, 0)
        canvas.showPage()
        canvas.save()
    return out.getvalue(), chart


def _bars(plot: Any, chart: Chart, look: ChartLook, text: _Text) -> None:
    """The library draws from the bottom up: the last series first."""
    order = list(reversed(range(len(chart.series))))
    plot.data = [[bar.values[n] or None for bar in chart.bars] for n in order]
    plot.barLabelFormat = "values"
    plot.barLabelArray = [[bar.words[n] or None for bar in chart.bars] for n in order]
    plot.barSpacing, plot.groupSpacing, plot.barWidth = 0.6, look.size * 0.6, look.size * _BAR
    colours = (HexColor(look.certain), HexColor(look.ceiling))
    for place, n in enumerate(order):
        bars = plot.bars[place]
        bars.strokeColor, bars.strokeWidth, bars.fillColor = colours[n], 0.8, colours[n]
        if n:
            bars.symbol = Hatched(colours[n], _ground(look), look.size * 0.5)
    plot.barLabels.fontName, plot.barLabels.fontSize = text.font, look.size
    plot.barLabels.fillColor = HexColor(look.ink)
    plot.barLabels.boxAnchor, plot.barLabels.dx = "w", look.size * 0.4
    plot.barLabels.boxFillColor = plot.barLabels.boxStrokeColor = None


def _axes(plot: Any, chart: Chart, look: ChartLook, text: _Text) -> None:
    names, value = plot.categoryAxis, plot.valueAxis
    names.categoryNames = [""] * len(chart.bars)  # the labels are put beside it: a name may need two faces
    names.reverseDirection, names.visibleTicks = 1, 0
    names.strokeColor = HexColor(look.soft)
    names.labels.fontName = text.font
    words = dict(chart.marks)
    value.valueMin, value.valueMax, value.valueSteps = 0, max(words), list(words)
    value.labelTextFormat = lambda step: words.get(round(step), "")
    value.labels.fontName, value.labels.fontSize = text.font, look.size
    value.labels.fillColor = HexColor(look.soft)
    value.visibleGrid, value.gridStrokeColor, value.gridStrokeWidth = 1, HexColor(look.line), 0.4
    value.strokeColor, value.visibleTicks = HexColor(look.line), 0


def _ground(look: ChartLook) -> Any:
    return HexColor(look.ground or "#FFFFFF")


def _legend(drawing: Any, chart: Chart, y: float, look: ChartLook, text: _Text) -> None:
    """What the bars are, each beside a small one of its kind."""
    x, size = 0.0, look.size
    for n, name in enumerate(chart.series):
        if n:
            key = Hatched(HexColor(look.ceiling), _ground(look), size * 0.5)
            key.x, key.y, key.width, key.height = x, y, size * 1.8, size * 0.9
            drawing.add(key.draw())
        else:
            colour = HexColor(look.certain)
            drawing.add(shapes.Rect(x, y, size * 1.8, size * 0.9, fillColor=colour, strokeColor=None))
        said = f"{name}（{_MEANING[name]}）" if name in _MEANING else name
        text.put(drawing, x + size * 2.2, y + size * 0.06, said, look.ink)
        x += size * 3.6 + text.width(said)


class _Text:
    """Measuring, cutting and putting text in the chart's face, and in others where a name has characters that it lacks."""

    def __init__(self, book: FontBook, size: float) -> None:
        self._size = size
        chain = book.chain("hei")
        self._chain = (next((face for face in chain if face.path.stem == _FACE), chain[0]), *chain)

    @property
    def font(self) -> str:
        """The chart's own face by the library's name."""
        return str(self._chain[0].font.fontName)

    def runs(self, text: str) -> list[tuple[str, str]]:
        """The text in stretches of one face each, by the library's names."""
        runs: list[tuple[str, str]] = []
        for char in clean(text):
            face = next((face for face in self._chain if face.has(char)), None)
            drawn = char if face else f"[U+{ord(char):04X}]"
            font = str((face or self._chain[0]).font.fontName)
            if runs and runs[-1][0] == font:
                runs[-1] = font, runs[-1][1] + drawn
            else:
                runs.append((font, drawn))
        return runs

    def put(self, drawing: Any, x: float, y: float, text: str, colour: str) -> None:
        """Put a line of text, its left end and baseline at a place."""
        for font, part in self.runs(text):
            style = {"fontName": font, "fontSize": self._size, "fillColor": HexColor(colour)}
            drawing.add(shapes.String(x, y, part, **style))
            x += stringWidth(part, font, self._size)

    def width(self, text: str) -> float:
        """How wide a text is."""
        return float(sum(stringWidth(part, font, self._size) for font, part in self.runs(text)))

    def lines(self, text: str, room: float, most: int) -> list[str]:
        """A text in at most so many lines, the last cut where there is more; a label of two dimensions has one for each."""
        lines: list[str] = []
        parts = text.split(BETWEEN)
        if len(parts) == most:
            return [self.cut(part, room) for part in parts]
        while len(lines) < most - 1 and self.width(text) > room:
            end = len(text)
            while end > 1 and self.width(text[:end]) > room:
                end -= 1
            lines.append(text[:end])
            text = text[end:]
        return [*lines, self.cut(text, room)]

    def cut(self, text: str, room: float) -> str:
        """As much of a text as there is room for, its end told by an ellipsis."""
        if self.width(text) <= room:
            return text
        while text and self.width(text + _ELLIPSIS) > room:
            text = text[:-1]
        return text + _ELLIPSIS
