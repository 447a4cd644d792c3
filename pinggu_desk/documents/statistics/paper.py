"""Statistics on paper: A4 on its side, the table with its total, the chart, what is counted and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinggu_desk.documents.pdf.fonts import FontBook, installed
from pinggu_desk.documents.pdf.page import FINE, MM, SMALL, WIDE, Flow, Frame
from pinggu_desk.documents.pdf.pdfdoc import WRITING, About, to_pdf
from pinggu_desk.documents.pdf.table import Cell, Para, Table
from pinggu_desk.documents.pdf.typeset import Span
from pinggu_desk.documents.statistics.bars import chart_of
from pinggu_desk.documents.statistics.chart import ChartLook, bars_in, drawing_of
from pinggu_desk.documents.statistics.table import HEADS, STATISTICS_TITLE, SUMS
from pinggu_desk.documents.statistics.words import moment
from pinggu_desk.policy.district import here
from pinggu_desk.policy.quantity import grouped, yuan

if TYPE_CHECKING:
    from pinggu_desk.documents.statistics.table import Measure, StatRow, StatTable, Told

_SIZE, _TITLE = FINE, 18.0
#: widths in millimetres: of the figures in turn; what is left of the page is the labels'
_FIGURES = (19.0, 21.0, 21.0, 21.0, 38.0, 38.0, 21.0)
_WHOLE = WIDE.width / MM
_SECOND = 26.0  # a second dimension that is a month, a result, a clerk or a window
_SHORT = ("月份", "结论", "窗口")
#: the chart takes at most so much of a page
_CHART = 140 * MM
_INK = ChartLook(size=9.0, certain="#16324F", ceiling="#16324F")


def statistics_pdf(table: StatTable, told: Told, measure: Measure | None = None, book: FontBook | None = None) -> bytes:
    """The sheet as PDF/A; the same table and moment give the same bytes. ``book`` defaults to this machine's fonts."""
    book = book or installed()
    flow = Flow(book, pitch=SMALL * 1.5, size=SMALL, grid=False, area=WIDE)
    flow.track = 0.0
    flow.centred(table.title, "title", _TITLE, _TITLE * 1.5)
    said = [f"期间：{table.period}（按开办日）", *([f"范围：{table.picked}"] if table.picked else [])]
    said += [f"单位：{told.office}"] if told.office else []
    said += [f"制表：{told.clerk}　{moment(told)}" if told.clerk else f"制表：{moment(told)}"]
    flow.centred("　　".join(said), "body", FINE, FINE * 1.7)
    _table(table).draw(flow)
    if table.rows:
        _chart(flow, table, measure or table.measure, book)
    flow.space(SMALL * 0.6)
    for number, note in enumerate(table.notes, start=1):
        flow.size, flow.pitch = FINE, FINE * 1.45
        flow.paragraph([Span(f"{number}. {note}")], first=0, justify=False)
    mark = "（演练）" if told.practice else ""
    notes = ("内部统计，不是公文；金额为测算数，以主管部门审核为准。", *([told.office] if told.office else []))
    about = About(
        f"{STATISTICS_TITLE}{mark}", told.office or here().program, f"{table.title}　{table.period}", told.made
    )
    return to_pdf(Frame(notes, told.practice).dress(flow), about)


def _table(table: StatTable) -> Table:
    left = _WHOLE - sum(_FIGURES)
    labels = (left,) if len(table.by) == 1 else _two(table, left)
    rows = [[*(_text(key) for key in row.keys), *_figures(row)] for row in table.rows]
    rows.append([_text("合计", across=len(table.by), bold=True), *_figures(table.total, bold=True)])
    return Table((*labels, *_FIGURES), (*table.by, *HEADS), rows, _SIZE, close=True, figures=len(table.by))


def _two(table: StatTable, left: float) -> tuple[float, float]:
    """The widths of two dimensions' labels: the short one needs little."""
    first, second = table.by
    if second in _SHORT:
        return left - _SECOND, _SECOND
    return (_SECOND, left - _SECOND) if first in _SHORT else (left / 2, left / 2)


def _text(words: str, across: int = 1, *, bold: bool = False) -> Cell:
    return Cell((Para((Span(words, "hei" if bold else "body"),), _SIZE),), across, heads="Row")


def _figures(row: StatRow, *, bold: bool = False) -> list[Cell]:
    """The figures, to the right; sums in 元."""
    words = [grouped(yuan(v)) if n in SUMS else f"{v:,}" for n, v in enumerate(row.figures)]
    return [Cell((Para((Span(one, "hei" if bold else "body"),), _SIZE, right=True),)) for one in words]


def _chart(flow: Flow, table: StatTable, measure: Measure, book: FontBook) -> None:
    chart = chart_of(table, measure, bars_in(_CHART, measure, _INK))
    with WRITING:  # measuring opens the library's fonts
        drawing = drawing_of(chart, WIDE.width, _INK, book)
    flow.space(SMALL)
    flow.drawing(drawing, chart.alt)
