"""How each answer follows (测算过程与依据), line by line, in the policies' own words: a part of the letter's 附页.

Nothing is said twice: a condition that several benefits share is counted after the first, a clause is quoted once, what
still waits for the applicant's word is gathered into one table.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from pinggu_desk.documents.papers import common as papers
from pinggu_desk.documents.papers.parts import figure_notes, told_together
from pinggu_desk.documents.pdf.page import FINE, SMALL
from pinggu_desk.documents.pdf.table import Cell, Para, Table, cell, label
from pinggu_desk.documents.pdf.typeset import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pinggu_desk.assess.determination import Determination
    from pinggu_desk.assess.notes import ReadingNote, TraceLine
    from pinggu_desk.documents.pdf.page import Flow
    from pinggu_desk.documents.visit import Visit

_MARKS = {"holds": "符合", "value": "测算", "open": "待补", "note": "说明"}
#: so many conditions that an earlier benefit already showed are counted instead of shown again
_MANY = 3
_WIDTHS, _LEAN_WIDTHS = (14.0, 110.0, 32.0), (12.0, 118.0, 26.0)
READING = "口径待主管部门确认"
_HEAD = ("判断", "内容", "条款")


def draw_working(flow: Flow, visit: Visit, found: Sequence[Determination], size: float, *, lean: bool = False) -> None:
    """The whole part, in type of ``size`` and smaller; ``found`` are the benefits that the visit went into.

    ``lean`` leaves out what is only remarked of benefits that still lack an answer; 测算明细 has it.
    """
    _Working(flow, visit, size, lean=lean).draw(found)


class _Working:
    """One letter's working, with what it has told already."""

    def __init__(self, flow: Flow, visit: Visit, size: float, *, lean: bool) -> None:
        self.flow, self.lean = flow, lean
        self.visit = visit
        self.size, self.fine = size, min(size, FINE)
        self.told: set[TraceLine] = set()
        self.quoted: set[str] = set()
        self.remarked: set[str] = set()
        self.readings: set[tuple[str, str]] = set()

    def draw(self, determinations: Sequence[Determination]) -> None:
        settled = [d for d in determinations if d.status != "unknown" and not d.refused]
        waiting = [d for d in determinations if d.status == "unknown"]
        refused = [d for d in determinations if d.refused]
        rows: list[list[Cell]] = []
        for d in (*settled, *waiting):
            rows += self._settled(d) if d in settled else self._waiting(d)
            rows += self._readings(d)
            if d.indicators:
                self._flush(rows)
                indicator_table(self.visit, d, self.size).draw_if_any(self.flow)
        grounds = self._quotes([clause for d in refused for clause in d.ground_clauses])
        readings = [row for d in refused for row in self._readings(d)]
        if grounds or readings:
            rows += [[label("不符合事项所依据的条款", across=3, size=self.fine)], *grounds, *readings]
        self._flush(rows)

    def _flush(self, rows: list[list[Cell]]) -> None:
        """Draw the rows that were gathered."""
        widths = _LEAN_WIDTHS if self.lean else _WIDTHS
        Table(widths, _HEAD, list(rows), self.size, close=True).draw_if_any(self.flow)
        rows.clear()

    def _settled(self, d: Determination) -> Iterable[list[Cell]]:
        """A benefit that is settled or waits for a verdict: its title, outcome, working, the clauses' words."""
        clauses = [d.clause, *(t.clause for t in d.trace), *(i.clause for i in d.indicators)]
        yield [label(papers.title_of(self.visit, d), across=3, size=self.fine)]
        yield self._outcome(d)
        yield from self._lines(d)
        yield from self._quotes(clauses)

    def _outcome(self, d: Determination) -> list[Cell]:
        """What the working leads to, as the figure is worded everywhere, a computed sum in capitals too."""
        said = [f"{d.status_words}：{d.headline}", *figure_notes(d), *papers.short_of(d)]
        return [
            cell("结论", size=self.fine), Cell((Para((Span("；".join(said), "hei"),), self.size),)),
            cell(papers.places(self.visit, d.clauses), size=self.fine),
        ]  # fmt: skip

    def _lines(self, d: Determination) -> Iterable[list[Cell]]:
        """The working of one benefit; conditions that an earlier one had word for word are counted, not repeated."""
        marks = {**_MARKS, "value": "服务"} if d.figure == "in_kind" else _MARKS
        counted: set[TraceLine] = set()
        told: list[tuple[str, str, str]] = []
        for mark in ("holds", "open"):
            again = [t for t in d.trace if t.mark == mark and t in self.told]
            if len(again) >= _MANY:
                counted.update(again)
                told.append((marks[mark], f"与前面事项相同的条件 {len(again)} 项", ""))
        lines = [t for t in d.trace if t.mark in marks and t not in counted]
        self.told.update(d.trace)
        marks = {**marks, "note": marks["value"]}  # a remark among the steps of a sum is one of them
        told += [(marks[t.mark], papers.bare(t), papers.places(self.visit, t.clauses)) for t in lines]
        yield from self._rows(told)
        yield from self._rows([*self._remarks(d)])
        if not lines and not counted:
            yield self._row("说明", "还没有可列的测算步骤。", "")

    def _rows(self, told: Sequence[tuple[str, str, str]]) -> Iterable[list[Cell]]:
        """Lines of the working as rows: those of one kind in one row, of several clauses each with its own."""
        for mark, lines in groupby(told, key=lambda line: line[0]):
            by = [  # of one clause, one after the other
                ("；".join(text.rstrip("。；") for _, text, _ in alike), where)
                for where, alike in groupby(lines, key=lambda line: line[2])
            ]
            if len(by) == 1:
                yield self._row(mark, *by[0])
            else:
                yield self._row(mark, "；".join(text + (f"（{where}）" if where else "") for text, where in by), "")

    def _remarks(self, d: Determination) -> Iterable[tuple[str, str, str]]:
        """Services and notes that no line of the working says already, nor what is said of all together; each once in a letter."""
        texts = "\n".join([*(t.text for t in d.trace), *told_together(self.visit, d)])
        for mark, remarks in (("服务", d.services), ("说明", d.notes)):
            for text in remarks:
                if text not in texts and text not in self.remarked:
                    self.remarked.add(text)
                    yield mark, text, ""

    def _waiting(self, d: Determination) -> Iterable[list[Cell]]:
        """An unsettled benefit: what it would come to, what it lacks, what else it says, its clause."""
        lacking = {m.name for m in d.missing}
        marks = {"open": "待补", "value": "服务" if d.figure == "in_kind" else "测算", "note": "说明"}
        said = "；".join([d.headline, *figure_notes(d), *papers.short_of(d)])
        yield [label(f"{papers.title_of(self.visit, d)}：{d.status_words}", across=3, size=self.fine)]
        yield self._row("还缺", said, papers.places(self.visit, d.clauses))
        told = [
            (marks[t.mark], papers.bare(t), papers.places(self.visit, t.clauses))
            for t in d.trace
            if t.mark in marks and papers.bare(t) not in lacking and t not in self.told
        ]
        self.told.update(t for t in d.trace if t.mark == "open")
        yield from self._rows([] if self.lean else [*told, *self._remarks(d)])
        yield from self._quotes([d.clause])

    def _quotes(self, clauses: Iterable[str]) -> list[list[Cell]]:
        """The words of the clauses that the letter has not quoted yet."""
        by: dict[str, list[Span]] = {}
        for clause in dict.fromkeys(clauses):
            words = papers.quote(self.visit, clause)
            if words and clause not in self.quoted:
                self.quoted.add(clause)
                by.setdefault(papers.place(self.visit, clause), []).append(Span(words, "kai"))
        if len(by) == 1:
            ((where, alone),) = by.items()
            return [[cell("原文", size=self.fine), cell(*alone, size=self.size), cell(where, size=self.fine)]]
        paras = [
            Para((Span(f"〔{where}〕"), *words), self.size) if where else Para(tuple(words), self.size)
            for where, words in by.items()
        ]
        return [[cell("原文", size=self.fine), Cell(tuple(paras)), cell("")]] if paras else []

    def _readings(self, d: Determination) -> Iterable[list[Cell]]:
        """The readings that an answer rests on, with the other one and what it would change; the same one once.

        Of what is refused, those that were settled as well: what can be had tells them among its remarks.
        """
        for one in d.settled if d.refused else ():
            if (one.id, one.settled) not in self.readings:
                self.readings.add((one.id, one.settled))
                yield self._row("口径", f"{one.settled_words}。", papers.place(self.visit, one.clause))
        for one in d.readings:
            if (one.id, one.effect) in self.readings:
                continue
            told = {"问题": one.question, "所取读法": one.taken, "另一读法": one.other, "影响": one.effect}
            if one.id in {known for known, _ in self.readings}:
                told = {"问题": f"{one.question.rstrip('。')}（读法同前）", "影响": one.effect}
            self.readings.add((one.id, one.effect))
            words = "；".join(f"{name}：{text.rstrip('。')}" for name, text in told.items() if text)
            yield self._row("口径", f"{READING}。{words}。", papers.place(self.visit, one.clause))

    def _row(self, mark: str, text: str, where: str) -> list[Cell]:
        return [cell(mark, size=self.fine), cell(text, size=self.size), cell(where, size=self.fine)]


def indicator_table(visit: Visit, d: Determination, size: float = SMALL) -> Table:
    """The indicators of a score or a screening, each with its row and its points."""
    rows = []
    for i in d.indicators:
        where = cell(papers.place(visit, i.clause), size=min(size, FINE))
        rows.append([*(cell(text, size=size) for text in (i.name, i.value, i.bound, i.result)), where])
    scored = any(i.score is not None for i in d.indicators)
    head = ("指标", "数值", "所在档" if scored else "标准", "结果", "条款")
    return Table((36, 28, 38, 26, 28), head, rows, size)


def reading_table(visit: Visit, reading: ReadingNote, size: float = SMALL) -> Table:
    """A reading that an answer rests on (口径待主管部门确认), with the other one and what it would change."""
    head = f"口径待主管部门确认：{papers.place(visit, reading.clause)}"
    pairs = {"问题": reading.question, "所取读法": reading.taken, "另一读法": reading.other, "影响": reading.effect}
    rows = [[label(head, across=2, size=min(size, FINE))]]
    rows += [[label(name, "body", size=min(size, FINE)), cell(text, size=size)] for name, text in pairs.items() if text]
    return Table((24, 132), (), rows, size)
