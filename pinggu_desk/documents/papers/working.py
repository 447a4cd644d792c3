"""The letter's third part (测算过程与依据): how each answer follows, line by line, in the policies' own words.

Nothing is said twice: a condition that several benefits share is counted after the first, a clause is quoted once, what
still waits for the applicant's word is gathered into one table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinggu_desk.documents.papers import common as papers
from pinggu_desk.documents.pdf.page import FINE, PITCH, SMALL
from pinggu_desk.documents.pdf.table import Cell, Table, cell, label
from pinggu_desk.documents.pdf.typeset import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pinggu_desk.assess.determination import Determination, ReadingNote, TraceLine
    from pinggu_desk.documents.pdf.page import Flow
    from pinggu_desk.documents.visit import Visit

_MARKS = {"holds": "符合", "value": "测算", "open": "待补充", "note": "说明"}
#: so many conditions that an earlier benefit already showed are counted instead of shown again
_MANY = 3
_WIDTHS = (16.0, 106.0, 34.0)
_HEAD = ("判断", "内容", "条款")


def draw_working(flow: Flow, visit: Visit) -> None:
    """The whole part, its heading included."""
    _Working(flow, visit).draw()


class _Working:
    """One letter's working, with what it has told already."""

    def __init__(self, flow: Flow, visit: Visit) -> None:
        self.flow = flow
        self.visit = visit
        self.number = 0
        self.told: set[TraceLine] = set()
        self.quoted: set[str] = set()
        self.readings: set[tuple[str, str]] = set()

    def draw(self) -> None:
        determinations = self.visit.determinations
        settled = [d for d in determinations if d.status != "unknown" and not d.refused]
        waiting = [d for d in determinations if d.status == "unknown"]
        refused = [d for d in determinations if d.refused]
        self.flow.heading("三、测算过程与依据", "hei", 5 * PITCH)
        for d in settled:
            self._settled(d)
        if waiting:
            self._gathered("需补充信息的事项", [row for d in waiting for row in self._waiting(d)], waiting)
        failed = [t.clause for d in refused for t in d.trace if t.mark == "fails"]
        if not settled and not waiting:
            self.flow.paragraph("各事项均不符合条件，没有金额可测算。未满足的条件见第二部分，所依据的条款原文如下。")
            Table(_WIDTHS, _HEAD, self._quotes(failed)).draw_if_any(self.flow)
            self._readings(refused)
        elif refused:
            self._gathered("不符合事项所依据的条款", self._quotes(failed), refused)

    def _heading(self, text: str, room: float) -> None:
        self.number += 1
        self.flow.heading(f"（{papers.numeral(self.number)}）{text}", "kai", room)

    def _settled(self, d: Determination) -> None:
        clauses = [d.clause, *(t.clause for t in d.trace), *(i.clause for i in d.indicators)]
        table = Table(_WIDTHS, _HEAD, [*self._lines(d), *self._quotes(clauses)])
        self._heading(d.title, table.first_height(self.flow))
        table.draw(self.flow)
        self._indicators(d)
        self._readings([d])

    def _gathered(self, title: str, rows: list[list[Cell]], group: Sequence[Determination]) -> None:
        if rows or any(d.readings for d in group):
            table = Table(_WIDTHS, _HEAD, rows)
            self._heading(title, table.first_height(self.flow) if rows else 3 * PITCH)
            table.draw_if_any(self.flow)
            self._readings(group)

    def _lines(self, d: Determination) -> Iterable[list[Cell]]:
        """The working of one benefit; conditions that an earlier one had word for word are counted, not repeated."""
        marks = {**_MARKS, "value": "服务"} if d.figure == "in_kind" else _MARKS
        counted: set[TraceLine] = set()
        for mark in ("holds", "open"):
            again = [t for t in d.trace if t.mark == mark and t in self.told]
            if len(again) >= _MANY:
                counted.update(again)
                yield _row(marks[mark], f"与前面事项相同的条件 {len(again)} 项", "")
        lines = [t for t in d.trace if t.mark in marks and t not in counted]
        self.told.update(d.trace)
        for t in lines:
            yield _row(marks[t.mark], papers.bare(t), papers.places(self.visit, t.clauses))
        yield from self._remarks(d)
        if not lines and not counted:
            yield _row("说明", "还没有可列的测算步骤。", "")

    def _remarks(self, d: Determination, size: float = SMALL) -> Iterable[list[Cell]]:
        """Services and notes that no line of the working says already."""
        texts = "\n".join(t.text for t in d.trace)
        for mark, remarks in (("服务", d.services), ("说明", d.notes)):
            for text in remarks:
                if text not in texts:
                    yield _row(mark, text, "", size)

    def _waiting(self, d: Determination) -> Iterable[list[Cell]]:
        """What an unsettled benefit still has to say beyond the names of what is lacking, under its title."""
        lacking = {m.name for m in d.missing}
        marks = {"open": "待补充", "value": "服务" if d.figure == "in_kind" else "测算", "note": "说明"}
        rows = [
            _row(marks[t.mark], papers.bare(t), papers.places(self.visit, t.clauses), FINE)
            for t in d.trace
            if t.mark in marks and papers.bare(t) not in lacking and t not in self.told
        ]
        self.told.update(t for t in d.trace if t.mark == "open")
        rows += [*self._remarks(d, FINE), *self._quotes([d.clause, *(t.clause for t in d.trace)], FINE)]
        return [[label(d.title, across=3)], *rows] if rows else []

    def _quotes(self, clauses: Iterable[str], size: float = SMALL) -> list[list[Cell]]:
        """The words of the clauses that the letter has not quoted yet."""
        rows = []
        for clause in dict.fromkeys(clauses):
            words = papers.quote(self.visit, clause)
            if words and clause not in self.quoted:
                self.quoted.add(clause)
                place = cell(papers.place(self.visit, clause), size=FINE)
                rows.append([cell("原文", size=FINE), cell(Span(words, "kai"), size=size), place])
        return rows

    def _indicators(self, d: Determination) -> None:
        indicator_table(self.visit, d).draw_if_any(self.flow)

    def _readings(self, group: Iterable[Determination]) -> None:
        """The readings that the answers rest on; the same one once."""
        for reading in (reading for d in group for reading in d.readings):
            if (reading.id, reading.effect) not in self.readings:
                self.readings.add((reading.id, reading.effect))
                reading_table(self.visit, reading).draw(self.flow, together=True)


def indicator_table(visit: Visit, d: Determination) -> Table:
    """The indicators of a score or a screening, each with its row and its points."""
    rows = []
    for i in d.indicators:
        where = cell(papers.place(visit, i.clause), size=FINE)
        rows.append([cell(i.name), cell(i.value), cell(i.bound), cell(i.result), where])
    scored = any(i.score is not None for i in d.indicators)
    return Table((36, 28, 38, 26, 28), ("指标", "数值", "所在档" if scored else "标准", "结果", "条款"), rows)


def reading_table(visit: Visit, reading: ReadingNote) -> Table:
    """A reading that an answer rests on (口径待主管部门确认), with the other one and what it would change."""
    head = f"口径待主管部门确认：{papers.place(visit, reading.clause)}"
    pairs = {"问题": reading.question, "所取读法": reading.taken, "另一读法": reading.other, "影响": reading.effect}
    rows = [[label(head, across=2)]]
    rows += [[label(name, "body"), cell(text)] for name, text in pairs.items() if text]
    return Table((24, 132), (), rows)


def _row(mark: str, text: str, where: str, size: float = SMALL) -> list[Cell]:
    return [cell(mark, size=FINE), cell(text, size=size), cell(where, size=FINE)]
