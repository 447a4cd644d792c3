"""The eligibility letter (政策符合性告知书): what was stated, what follows from it by which clause, and what it is not.

Every figure is the determination's own wording; this module never words or works out a figure itself.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pinggu_desk.assess.determination import STATUS_WORDS
from pinggu_desk.documents.papers import common as papers
from pinggu_desk.documents.papers.parts import disclaimer, figure_notes, grounds, stated_table
from pinggu_desk.documents.papers.working import draw_working
from pinggu_desk.documents.pdf.fonts import FontBook, installed
from pinggu_desk.documents.pdf.page import FINE, PITCH, TITLE, Flow
from pinggu_desk.documents.pdf.pdfdoc import save, to_pdf
from pinggu_desk.documents.pdf.table import Cell, Para, Table, cell
from pinggu_desk.documents.pdf.typeset import Span
from pinggu_desk.documents.proof.record import proof_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pinggu_desk.assess.determination import Determination, Status
    from pinggu_desk.documents.proof.record import Signer
    from pinggu_desk.documents.visit import Visit

LETTER_TITLE = "政策符合性告知书"


def make_letter(visit: Visit, out: Path, book: FontBook | None = None) -> None:
    """Write the letter, unsigned, to ``out`` in one step. Raises DeskError when it cannot be written."""
    save(letter_bytes(visit, book), out)


def letter_bytes(visit: Visit, book: FontBook | None = None, signer: Signer | None = None) -> bytes:
    """The letter as a PDF, signed where it has a serial and a signer; the same visit and key give the same bytes.

    ``book`` defaults to this machine's fonts.
    """
    proof = proof_of(visit, LETTER_TITLE, signer)
    flow = letter_flow(visit, book or installed(), proof.code if proof else "")
    return to_pdf(papers.frame(visit).dress(flow), papers.about(visit, LETTER_TITLE), proof)


def letter_flow(visit: Visit, book: FontBook, code: str = "") -> Flow:
    """The letter's pages before they are dressed with feet; ``code`` is that of its proof."""
    flow = Flow(book)
    flow.centred(LETTER_TITLE, "title", TITLE, 2 * PITCH)
    papers.serial_line(flow, visit, PITCH)
    flow.paragraph([Span(visit.applicant.name), Span("：")], first=0)
    you, policy = papers.you(visit.applicant), papers.policy_name(visit)
    flow.paragraph(
        f"{you}询问{policy}的适用情况。现按{papers.day_words(visit.on)}有效的政策文本和{you}陈述的情况，告知如下。"
    )
    _stated(flow, visit)
    _findings(flow, visit)
    draw_working(flow, visit)
    _deadlines(flow, visit)
    _materials(flow, visit)
    _procedure(flow, visit)
    papers.close(flow, visit, _statement(visit), code=code)
    return flow


def _statement(visit: Visit) -> str:
    return f"{disclaimer('告知书')}{grounds(visit)}情况有变化的，测算结论可能随之变化。"


def _stated(flow: Flow, visit: Visit) -> None:
    table = stated_table(visit, flow.book)
    flow.heading("一、申请人陈述的情况", "hei", table.first_height(flow))
    table.draw(flow)


def _findings(flow: Flow, visit: Visit) -> None:
    """First what can be had or may yet be, then what can't, gathered by its reasons."""
    order: tuple[Status, ...] = ("eligible", "review", "unknown")
    ranked = sorted(visit.determinations, key=lambda d: order.index(d.status) if d.status in order else len(order))
    rows = [
        [
            cell(d.title),
            cell(Span(d.status_words, "hei" if d.status == "eligible" else "body")),
            Cell(tuple(_figure(d))),
            cell(papers.places(visit, d.clauses), size=FINE),
        ]
        for d in ranked
        if not d.refused
    ]
    table = Table((36, 25, 65, 30), ("事项", "结论", "金额与口径", "依据条款"), rows)
    counts = Counter(d.status_words for d in ranked)
    words = dict.fromkeys(
        [STATUS_WORDS[status] for status in order] + [d.status_words for d in ranked if not d.refused]
    )
    told = [f"{word} {counts[word]} 项" for word in (*words, STATUS_WORDS["ineligible"]) if counts[word]]
    flow.heading("二、测算结论", "hei", PITCH + table.first_height(flow))
    flow.paragraph(f"共测算 {len(ranked)} 个事项：{'，'.join(told)}。" if ranked else "本次没有测算任何事项。")
    if rows:
        table.draw(flow)
    _refused(flow, visit, [d for d in ranked if d.refused])


def _refused(flow: Flow, visit: Visit, refused: Sequence[Determination]) -> None:
    """What is ruled out, and why: those that fail for the same reasons stand in one row."""
    if not refused:
        return
    groups: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for d in refused:
        failed = [line for line in d.trace if line.mark == "fails"]
        words = [*map(papers.bare, failed), *d.notes, d.reading_words]
        where = papers.places(visit, [one for line in failed for one in line.clauses] or d.clauses)
        groups.setdefault(tuple(dict.fromkeys(filter(None, words))), []).append((d.title, where))
    rows = []
    for reasons, alike in groups.items():
        places = dict.fromkeys(where for _, where in alike)
        titles = [title if len(places) == 1 else f"{title}（{where}）" for title, where in alike]
        where = next(iter(places)) if len(places) == 1 else "见各事项后"
        rows.append([cell("；".join(titles), size=FINE), cell(*reasons, size=FINE), cell(where, size=FINE)])
    table = Table((64, 64, 28), ("事项", "未满足的条件", "依据条款"), rows)
    flow.snap()
    flow.need(PITCH + table.first_height(flow))
    flow.paragraph("下列事项不符合条件，不予支持：")
    table.draw(flow)


def _figure(d: Determination) -> Iterable[Para]:
    """The figure as the determination words it, then what it means, then what is lacking."""
    yield Para((Span(d.headline, "hei"),))
    words = figure_notes(d)
    words += papers.short_of(d)
    yield from (Para((Span(text),), FINE) for text in words)


def _deadlines(flow: Flow, visit: Visit) -> None:
    flow.heading("四、办理时限", "hei")
    told: dict[tuple[str, str], list[str]] = {}
    for d in visit.determinations:
        if d.deadline is not None and (d.status != "ineligible" or d.deadline.passed):
            key = papers.deadline_words(d.deadline), papers.place(visit, d.deadline.clause)
            told.setdefault(key, []).append(d.title)
    for (words, where), titles in told.items():
        flow.paragraph(f"{'、'.join(titles)}：{words}依据{where}。")
    if not told and any(d.deadline for d in visit.determinations):
        flow.paragraph("没有符合条件的事项，不涉及申请时限。")
    elif not told:
        flow.paragraph("政策文本没有规定具体截止日期，按主管部门当年申报通知办理。")


def _materials(flow: Flow, visit: Visit) -> None:
    rows: list[list[Cell]] = []
    for line in visit.materials:
        if line.state == "不适用":
            continue
        note = line.material
        notes = [papers.material_form(note), f"来源：{note.source}" if note.source else ""]
        rows.append(
            [
                cell(str(len(rows) + 1), centred=True),
                cell(note.name),
                cell(*filter(None, notes), size=FINE),
                cell(Span(line.state, "hei" if line.state == "待补" else "body")),
            ]
        )
    table = Table((12, 74, 50, 20), ("序号", "材料", "形式与来源", "状态"), rows)
    flow.heading("五、材料", "hei", table.first_height(flow))
    if rows:
        table.draw(flow)
    else:
        flow.paragraph(visit.materials_note)
        return
    flow.paragraph(visit.materials_note)


def _procedure(flow: Flow, visit: Visit) -> None:
    tables = []
    if visit.steps:
        tables.append(papers.step_table(visit.steps))
    if visit.contacts:
        tables.append(papers.contact_table(visit.contacts))
    flow.heading("六、流程与咨询", "hei", tables[0].first_height(flow) if tables else None)
    for table in tables:
        table.draw(flow)
    if not tables:
        flow.paragraph("流程和咨询方式请向主管部门了解。")
