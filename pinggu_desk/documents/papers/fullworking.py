"""The working in full (测算明细), for the file: facts with sources, each benefit line by line, the clauses' own words, readings.

Where the letter leaves out what it said already, this says everything of every benefit, those ruled out too, so that a
second person can follow each answer without the program.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from pinggu_desk.documents.papers import common as papers
from pinggu_desk.documents.papers.parts import disclaimer, figure_notes, grounds, head, made_by
from pinggu_desk.documents.papers.working import indicator_table, reading_table
from pinggu_desk.documents.pdf.fonts import FontBook, installed
from pinggu_desk.documents.pdf.page import FINE, HEIGHT, MM, PITCH, WIDTH, Flow
from pinggu_desk.documents.pdf.pdfdoc import save, to_pdf
from pinggu_desk.documents.pdf.table import Cell, Para, Table, cell, label
from pinggu_desk.documents.pdf.typeset import Span
from pinggu_desk.documents.proof.record import proof_of
from pinggu_desk.policy.district import here

if TYPE_CHECKING:
    from pathlib import Path

    from pinggu_desk.assess.determination import Determination
    from pinggu_desk.assess.notes import ReadingNote
    from pinggu_desk.documents.proof.record import Signer
    from pinggu_desk.documents.visit import Visit

WORKING_TITLE = "测算明细"
_MARKS = {"holds": "符合", "fails": "不符合", "open": "待补充", "value": "测算", "note": "说明"}


def make_working(visit: Visit, out: Path, book: FontBook | None = None) -> None:
    """Write the working, unsigned, to ``out`` in one step. Raises DeskError when it cannot be written."""
    save(working_bytes(visit, book), out)


def working_bytes(visit: Visit, book: FontBook | None = None, signer: Signer | None = None) -> bytes:
    """The working as a PDF, signed where it has a serial and a signer; the same visit and key give the same bytes."""
    flow = _flow(visit, book or installed())
    proof = proof_of(visit, WORKING_TITLE, signer)
    return to_pdf(papers.frame(visit).dress(flow), papers.about(visit, WORKING_TITLE), proof)


def _flow(visit: Visit, book: FontBook) -> Flow:
    flow = Flow(book)
    head(flow, visit, here().title(WORKING_TITLE))
    flow.space(PITCH / 2)
    _case(visit).draw(flow)
    _facts(flow, visit)
    first = _outcome(visit, visit.determinations[0]).height(flow) if visit.determinations else 0.0
    flow.heading("二、逐项测算", "hei", 2 * PITCH + min(first, HEIGHT / 3))
    if not visit.determinations:
        flow.paragraph("本次没有测算任何事项。")
    for number, d in enumerate(visit.determinations, start=1):
        _benefit(flow, visit, d, number)
    _readings(flow, visit)
    _quotes(flow, visit)
    _close(flow, visit)
    return flow


def _case(visit: Visit) -> Table:
    """What was judged, by which text and edition, on which day."""
    party = visit.applicant
    pairs = {
        "申请人": party.name,
        **dict(party.identity[1 if party.name else 0 :]),
        "政策": papers.policy_name(visit),
        "判断日": papers.day_words(visit.on),
        "政策文本": papers.source_words(visit),
        "政策包版本": visit.edition,
    }
    return Table((40, 116), (), [[label(k), cell(v)] for k, v in pairs.items() if v])


def _facts(flow: Flow, visit: Visit) -> None:
    rows = [
        [
            cell(one.name),
            cell(one.value),
            cell(one.source, size=FINE),
            cell(papers.place(visit, one.clause) if one.clause else "", size=FINE),
        ]
        for one in visit.stated
    ]
    table = Table((50, 50, 30, 26), ("填报项", "值", "来源", "条款"), rows)
    flow.heading("一、陈述的情况", "hei", table.first_height(flow))
    if rows:
        table.draw(flow)
    else:
        flow.paragraph("没有陈述任何情况。")


def _benefit(flow: Flow, visit: Visit, d: Determination, number: int) -> None:
    outcome = _outcome(visit, d)
    flow.heading(f"（{papers.numeral(number)}）{d.title}", "kai", outcome.height(flow))
    outcome.draw(flow, together=True)
    marks = {**_MARKS, "value": "服务"} if d.figure == "in_kind" else _MARKS
    rows = [_line(marks[t.mark], papers.bare(t), papers.places(visit, t.clauses)) for t in d.trace]
    told = "\n".join(t.text for t in d.trace)
    rows += [_line("服务", text, "") for text in d.services if text not in told]
    rows += [_line("说明", text, "") for text in d.notes if text not in told]
    Table((16, 96, 44), ("判断", "内容", "条款"), rows).draw_if_any(flow)
    indicator_table(visit, d).draw_if_any(flow)


def _line(mark: str, text: str, where: str) -> list[Cell]:
    """A line of the working; the clauses by their places in the text."""
    return [cell(mark, size=FINE), cell(text), cell(where, size=FINE)]


def _outcome(visit: Visit, d: Determination) -> Table:
    figure = Cell((Para((Span(d.headline),)), *(Para((Span(text),), FINE) for text in figure_notes(d))))
    rows = [
        [label("结论"), cell(Span(d.status_words, "hei"))],
        [label("金额与口径"), figure],
        [label("依据"), cell(papers.places(visit, d.clauses))],
    ]
    if d.missing:
        lacking = [m.name + (f"（由{m.who}）" if m.who else "") + (f"：{m.why}" if m.why else "") for m in d.missing]
        rows.append([label("还缺"), cell(*lacking, size=FINE)])
    if d.deadline is not None:
        words = f"{papers.deadline_words(d.deadline)}依据{papers.place(visit, d.deadline.clause)}。"
        rows.append([label("时限"), cell(words, size=FINE)])
    return Table((30, 126), (), rows)


def _readings(flow: Flow, visit: Visit) -> None:
    """Every reading that an answer rests on, with the benefits that rest on it."""
    by: dict[ReadingNote, list[str]] = {}
    for d in visit.determinations:
        for reading in d.readings:
            by.setdefault(reading, []).append(d.title)
    tables = []
    for reading, titles in by.items():
        table = reading_table(visit, reading)
        tables.append(replace(table, rows=[*table.rows, [label("涉及", "body"), cell("；".join(titles), size=FINE)]]))
    flow.heading("三、口径", "hei", min(tables[0].height(flow), 8 * PITCH) if tables else None)
    for table in tables:
        table.draw(flow, together=True)
    if not tables:
        flow.paragraph("本次结论不取决于待主管部门确认的口径。")


def _quotes(flow: Flow, visit: Visit) -> None:
    rows = [
        [cell(papers.place(visit, clause), size=FINE), cell(Span(papers.quote(visit, clause), "kai"))]
        for clause, words in visit.quotes.items()
        if words
    ]
    table = Table((36, 120), ("条款", "原文"), rows)
    flow.heading("四、所依据的条款原文", "hei", table.first_height(flow))
    if rows:
        table.draw(flow)
    else:
        flow.paragraph("没有引用条款。")


def _close(flow: Flow, visit: Visit) -> None:
    """What the paper is not, who made it, and where a second person signs that the working was gone through."""
    flow.snap()
    lines = flow.set(f"{disclaimer('明细')}{grounds(visit)}")
    made = Table((156,), (), [[cell(made_by(visit), size=FINE)]])
    part = flow.part("P")
    flow.lines(lines[:-2], part)
    flow.need((len(lines[-2:]) + 2) * PITCH + made.height(flow))
    flow.lines(lines[-2:], part)
    made.draw(flow)
    flow.space(PITCH / 2)
    labels: Iterable[str] = ("测算人：", "复核人：", "复核日期：")
    third = WIDTH / 3
    for number, words in enumerate(labels):
        (line,) = flow.set(words, first=0)
        flow.put(line, PITCH, number * third, part=flow.part("P"))
        low = flow.y + PITCH * 0.85
        flow.stroke(number * third + line.width + 1 * MM, low, (number + 1) * third - 4 * MM, low, 0.5)
    flow.y += PITCH
