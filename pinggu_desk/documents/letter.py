"""The eligibility letter (政策符合性告知书): what was stated, what follows from it by which clause, and what it is not.

Every figure is the determination's own wording; this module never words or works out a figure itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinggu_desk.documents import papers
from pinggu_desk.documents.fonts import FontBook, installed
from pinggu_desk.documents.page import FINE, PITCH, TITLE, Flow
from pinggu_desk.documents.papertable import Cell, Para, Table, cell
from pinggu_desk.documents.pdfdoc import save, to_pdf
from pinggu_desk.documents.proof import proof_of
from pinggu_desk.documents.typeset import Span
from pinggu_desk.policy.capital import CAPITAL_MAX_FEN, rmb_capital

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pinggu_desk.assess.determination import Determination, TraceLine
    from pinggu_desk.documents.proof import Signer
    from pinggu_desk.documents.visit import Visit

LETTER_TITLE = "政策符合性告知书"
_MARKS = {"holds": "符合", "value": "测算", "open": "待补充", "note": "说明"}
#: so many conditions that an earlier benefit already showed are counted instead of shown again
_MANY = 3


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
    flow.centred(papers.serial_words(visit), "body", FINE, PITCH)
    flow.paragraph([Span(visit.applicant.name), Span("：")], first=0)
    you, policy = papers.you(visit.applicant), papers.policy_name(visit)
    flow.paragraph(
        f"{you}询问{policy}的适用情况。现按{papers.day_words(visit.on)}有效的政策文本和{you}陈述的情况，告知如下。"
    )
    _stated(flow, visit)
    _findings(flow, visit)
    _working(flow, visit)
    _deadlines(flow, visit)
    _materials(flow, visit)
    _procedure(flow, visit)
    papers.close(flow, visit, _statement(visit), code=code)
    return flow


def _statement(visit: Visit) -> str:
    return (
        "本告知书不是公文，也不是批准、许可或者拨付资金的决定，不构成承诺，以主管部门审核为准。"
        f"测算{papers.source_words(visit)}，政策包版本 {visit.pack_version}；政策现在是否有效，由主管部门解释。"
        "情况有变化的，测算结论可能随之变化。"
    )


def _stated(flow: Flow, visit: Visit) -> None:
    party = visit.applicant
    label = "证件号码" if papers.is_person(party) else "统一社会信用代码"
    head = [("名称" if not papers.is_person(party) else "姓名", party.name)]
    head += [(label, papers.code_words(party))] if party.code else []
    pairs = []
    for fact in visit.stated:
        origin = "" if fact.source == "申请人陈述" else f"（{fact.source}）"
        pairs.append((fact.name, fact.value + origin))
    table = papers.pair_table(head, pairs, flow.book)
    flow.heading("一、申请人陈述的情况", "hei", table.first_height(flow))
    table.draw(flow)


def _findings(flow: Flow, visit: Visit) -> None:
    rows = [
        [
            cell(d.title),
            cell(Span(d.status_words, "hei" if d.status == "eligible" else "body")),
            Cell(tuple(_figure(visit, d))),
            cell(papers.place(visit, d.clause), size=FINE),
        ]
        for d in visit.determinations
    ]
    table = Table((40, 26, 58, 32), ("事项", "结论", "金额与口径", "依据条款"), rows)
    flow.heading("二、测算结论", "hei", table.first_height(flow))
    if rows:
        table.draw(flow)
    else:
        flow.paragraph("本次没有测算任何事项。")


def _figure(visit: Visit, d: Determination) -> Iterable[Para]:
    """The figure as the determination words it, then what it means, then why it is refused or what is lacking."""
    yield Para((Span(d.headline, "hei"),))
    words = [d.figure_words]
    if d.status == "eligible" and d.figure == "computed" and d.amount_fen is not None:
        words.append(rmb_capital(d.amount_fen) if 0 <= d.amount_fen <= CAPITAL_MAX_FEN else "")
    if d.status != "ineligible":
        words.append(f"得分 {d.score} 分" if d.score is not None else "")
        rate = f"{d.rate_pct}%" if d.rate_pct is not None else ""
        words.append(f"比例 {rate}" if rate not in d.headline else "")
        words.append(f"最长 {d.max_months} 个月" if d.max_months is not None else "")
    words.append(d.reading_words)
    if d.status == "ineligible":
        failed = (line for line in d.trace if line.mark == "fails")
        words += [f"未满足：{papers.bare(line)}{_elsewhere(visit, line.clause, d.clause)}" for line in failed]
        words += d.notes
    else:
        words += papers.short_of(d.missing)
    yield from (Para((Span(text),), FINE) for text in words if text)


def _elsewhere(visit: Visit, clause: str, own: str) -> str:
    """The place of a line's clause, unless the row names it already."""
    where = papers.place(visit, clause)
    return f"。依据{where}" if clause and where != papers.place(visit, own) else ""


def _working(flow: Flow, visit: Visit) -> None:
    shown = [d for d in visit.determinations if d.status != "ineligible"]
    refused = [d for d in visit.determinations if d.status == "ineligible"]
    quoted: set[str] = set()
    readings: set[tuple[str, str]] = set()
    flow.heading("三、测算过程与依据", "hei", 5 * PITCH)
    told: set[TraceLine] = set()
    for number, d in enumerate(shown, start=1):
        table = _trace_table(visit, d, told)
        flow.heading(f"（{papers.numeral(number)}）{d.title}", "kai", table.first_height(flow))
        table.draw(flow)
        _indicators(flow, visit, d)
        clauses = [d.clause, *(t.clause for t in d.trace), *(i.clause for i in d.indicators)]
        _quotes(flow, visit, clauses, quoted)
        _readings(flow, visit, d, readings)
    if not shown:
        flow.paragraph("各事项均不符合条件，没有金额可测算。未满足的条件见第二部分，所依据的条款原文如下。")
    clauses = [t.clause for d in refused for t in d.trace if t.mark == "fails" and t.clause not in quoted]
    if shown and (any(papers.quote(visit, c) for c in clauses) or any(d.readings for d in refused)):
        flow.heading(f"（{papers.numeral(len(shown) + 1)}）不符合事项所依据的条款", "kai", 3 * PITCH)
    _quotes(flow, visit, clauses, quoted)
    for d in refused:
        _readings(flow, visit, d, readings)


def _trace_table(visit: Visit, d: Determination, told: set[TraceLine]) -> Table:
    """The working of one benefit; conditions that an earlier one had word for word are counted, not repeated."""
    marks = {**_MARKS, "value": "服务"} if d.figure == "in_kind" else _MARKS
    rows: list[list[Cell]] = []
    counted: set[TraceLine] = set()
    for mark in ("holds", "open"):
        again = [t for t in d.trace if t.mark == mark and t in told]
        if len(again) >= _MANY:
            counted.update(again)
            rows.append(_trace_row(marks[mark], f"与前面事项相同的条件 {len(again)} 项", ""))
    lines = [t for t in d.trace if t.mark in marks and t not in counted]
    told.update(d.trace)
    rows += [_trace_row(marks[t.mark], papers.bare(t), papers.place(visit, t.clause)) for t in lines]
    texts = "\n".join(t.text for t in d.trace)
    rows += [_trace_row("服务", text, "") for text in d.services if text not in texts]
    rows += [_trace_row("说明", text, "") for text in d.notes if text not in texts]
    return Table((16, 106, 34), ("判断", "内容", "条款"), rows or [_trace_row("说明", "还没有可列的测算步骤。", "")])


def _trace_row(mark: str, text: str, where: str) -> list[Cell]:
    return [cell(mark, size=FINE), cell(text), cell(where, size=FINE)]


def _indicators(flow: Flow, visit: Visit, d: Determination) -> None:
    if not d.indicators:
        return
    rows = []
    for i in d.indicators:
        result = f"{i.score} 分" if i.score is not None else {True: "达到", False: "未达到", None: "待定"}[i.passed]
        where = cell(papers.place(visit, i.clause), size=FINE)
        rows.append([cell(i.name), cell(i.value), cell(i.bound), cell(result), where])
    Table((40, 32, 32, 20, 32), ("指标", "数值", "所在档", "结果", "条款"), rows).draw(flow)


def _quotes(flow: Flow, visit: Visit, clauses: Iterable[str], quoted: set[str]) -> None:
    """The words of the clauses that the letter has not quoted yet."""
    rows = []
    for clause in dict.fromkeys(clauses):
        words = papers.quote(visit, clause)
        if words and clause not in quoted:
            quoted.add(clause)
            rows.append([cell(papers.place(visit, clause), size=FINE), cell(Span(words, "kai"))])
    if rows:
        Table((32, 124), ("条款", "原文"), rows).draw(flow)


def _readings(flow: Flow, visit: Visit, d: Determination, told: set[tuple[str, str]]) -> None:
    """Each reading that the answer rests on, with the other one and what it would change; the same one once."""
    for reading in d.readings:
        if (reading.id, reading.effect) in told:
            continue
        told.add((reading.id, reading.effect))
        head = f"口径待主管部门确认：{papers.place(visit, reading.clause)}"
        pairs = {"问题": reading.question, "所取读法": reading.taken, "另一读法": reading.other, "影响": reading.effect}
        rows = [[cell(Span(head, "hei"), size=FINE, across=2)]]
        rows += [[cell(name, size=FINE), cell(text)] for name, text in pairs.items() if text]
        Table((24, 132), (), rows).draw(flow, together=True)


def _deadlines(flow: Flow, visit: Visit) -> None:
    flow.heading("四、办理时限", "hei")
    told: dict[tuple[str, str], list[str]] = {}
    for d in visit.determinations:
        if d.deadline is not None and d.status != "ineligible":
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
        flow.paragraph("本次没有需列出的材料，以主管部门通知为准。")


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
