"""The 附页 of a letter: what was stated, the ground for each refusal, the working, the clauses' words; set as closely as it takes.

It is in the letter's file, under the same signature, and is printed when asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinggu_desk.documents.papers import common as papers
from pinggu_desk.documents.papers.frontwords import AHEAD
from pinggu_desk.documents.papers.parts import ground_of, stated_list, stated_table
from pinggu_desk.documents.papers.working import draw_working
from pinggu_desk.documents.pdf.page import ANNEX, BODY, FINE, FOOT, NOTE, Flow
from pinggu_desk.documents.pdf.table import Cell, Table, cell
from pinggu_desk.documents.pdf.typeset import Span

if TYPE_CHECKING:
    from pinggu_desk.assess.determination import Determination
    from pinggu_desk.documents.pdf.fonts import FontBook
    from pinggu_desk.documents.visit import Visit

#: more pages than this are set in smaller type, never smaller than 小五; at last what was stated stands in running lines
MOST = 4
SIZES = ((FINE, False), (NOTE, False), (NOTE, True))
_NAME = 30


def annex_flow(visit: Visit, book: FontBook, title: str) -> Flow:
    """The pages before their feet; ``title`` is the paper's."""
    flow = _composed(visit, book, title, *SIZES[0])
    for size, running in SIZES[1:]:
        if len(flow.pages) <= MOST:
            break
        flow = _composed(visit, book, title, size, running)
    return flow


def _composed(visit: Visit, book: FontBook, title: str, size: float, running: bool) -> Flow:
    """In type of ``size``; what was stated as a table, or one after the other (``running``)."""
    flow = Flow(book, size * 1.5, size, grid=False, section=ANNEX)
    flow.centred(f"{title}附页", "hei", BODY, BODY * 1.5)
    name = visit.applicant.name if len(visit.applicant.name) <= _NAME else ""  # a longer one stands below anyway
    flow.centred(f"{papers.serial_words(visit)}　{name}".strip(), "body", FINE, FINE * 1.5)
    _Annex(flow, visit, size, running=running).draw()
    return flow


class _Annex:
    """The parts of one 附页, numbered as they come."""

    def __init__(self, flow: Flow, visit: Visit, size: float, *, running: bool) -> None:
        self.flow, self.visit, self.size, self.running = flow, visit, size, running
        self.number = 0
        left_out = {one.benefit for one in visit.not_raised}
        self.found = [d for d in visit.determinations if d.benefit not in left_out]

    def draw(self) -> None:
        table = (
            stated_list(self.visit, self.size) if self.running else stated_table(self.visit, self.flow.book, self.size)
        )
        self._heading("申请人陈述的情况", table.first_height(self.flow))
        table.draw(self.flow)
        self._refused([d for d in self.found if d.refused])
        if self.found:
            self._heading("测算过程与依据", 4 * self.flow.pitch)
            draw_working(self.flow, self.visit, self.found, self.size, lean=self.running)
        self._together()
        self._near()
        self._limits()
        self._ahead()
        self._materials()
        self._steps()

    def _heading(self, text: str, follows: float) -> None:
        self.number += 1
        flow, size = self.flow, self.flow.size
        flow.space(flow.pitch * 0.3)
        flow.size = min(FOOT, size + 2)
        flow.heading(f"{papers.numeral(self.number)}、{text}", "hei", follows)
        flow.size = size

    def _refused(self, refused: list[Determination]) -> None:
        """The ground for each refusal in one line; those with the same ground in one row."""
        if not refused:
            return
        groups: dict[tuple[str, str], list[str]] = {}
        for d in refused:
            where = papers.places(self.visit, d.ground_clauses)
            groups.setdefault((ground_of(d), where), []).append(papers.title_of(self.visit, d))
        rows = [
            [cell("；".join(titles), size=self.size), cell(ground, size=self.size), cell(where, size=self.size)]
            for (ground, where), titles in groups.items()
        ]
        self._table("不符合条件、不予支持的事项", (58, 70, 28), ("事项", "没有满足的条件", "依据条款"), rows)

    def _together(self) -> None:
        """What may be had together, which limits bite: a close first page tells one line of its sums and no more."""
        said = self.visit.together.said
        if said:
            words = Span("".join(said))
            self._heading("几项合在一起怎样算", 2 * self.flow.pitch)
            self.flow.lines(self.flow.set([words], first=0), self.flow.part("P"))

    def _near(self) -> None:
        rows = [[cell(text, size=self.size) for text in (one.title, one.words, one.after)] for one in self.visit.near]
        self._table("差一点的事项", (50, 62, 44), ("事项", "差在哪里", "达到后"), rows)

    def _limits(self) -> None:
        told: dict[tuple[str, str], list[str]] = {}
        for d in self.found:
            if d.deadline is not None and (d.status != "ineligible" or d.deadline.passed):
                key = papers.deadline_words(d.deadline), papers.place(self.visit, d.deadline.clause)
                told.setdefault(key, []).append(papers.title_of(self.visit, d))
        rows = [
            [cell("；".join(titles), size=self.size), cell(words, size=self.size), cell(where, size=self.size)]
            for (words, where), titles in told.items()
        ]
        self._table("办理时限", (44, 84, 28), ("事项", "时限", "依据条款"), rows)

    def _ahead(self) -> None:
        """What changes after this day (即将变化), where the first page could not tell it all."""
        rows = [[cell(words, size=self.size)] for words in self.visit.ahead]
        if len(rows) > AHEAD:
            self._table("即将变化", (156,), ("新版本执行以后",), rows)

    def _materials(self) -> None:
        rows: list[list[Cell]] = []
        for line in self.visit.materials:
            if line.state != "不适用":
                note = line.material
                form = "；".join(filter(None, (papers.material_form(note), note.source)))
                state = Span(line.state, "hei" if line.state == "待补" else "body")
                rows.append([cell(note.name, size=self.size), cell(form, size=self.size), cell(state, size=self.size)])
        if len(rows) > 1:
            self._table("材料", (78, 62, 16), ("材料", "形式与来源", "状态"), rows)

    def _steps(self) -> None:
        steps = [step for part in self.visit.each for step in part.steps]
        if steps:
            table = papers.step_table(steps, self.size)
            self._heading("办理流程", table.first_height(self.flow))
            table.draw(self.flow)

    def _table(self, title: str, widths: tuple[float, ...], head: tuple[str, ...], rows: list[list[Cell]]) -> None:
        if rows:
            table = Table(widths, head, rows, self.size, close=True)
            self._heading(title, table.first_height(self.flow))
            table.draw(self.flow)
