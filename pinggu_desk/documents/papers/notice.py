"""The notice of what is missing (一次性告知书): everything at once, in two copies, each on one page when it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinggu_desk.documents.papers import common as papers
from pinggu_desk.documents.papers.parts import CLOSER, moment_words
from pinggu_desk.documents.pdf.fonts import FontBook, installed
from pinggu_desk.documents.pdf.page import FINE, FOOT, HEIGHT, MM, TITLE, WIDTH, Flow
from pinggu_desk.documents.pdf.pdfdoc import save, to_pdf
from pinggu_desk.documents.pdf.table import Table, cell, label
from pinggu_desk.documents.pdf.typeset import Span
from pinggu_desk.documents.proof.record import proof_of

if TYPE_CHECKING:
    from pathlib import Path

    from pinggu_desk.assess.determination import Missing
    from pinggu_desk.documents.proof.record import Signer
    from pinggu_desk.documents.visit import Visit

NOTICE_TITLE = "一次性告知书"
APPLICANT_COPY, STUB_COPY = "申请人联", "存根联"
#: within how many working days everything must be told; the licensing law's own figure, taken as a reference
NOTIFY_WORKDAYS = 5


def make_notice(visit: Visit, out: Path, book: FontBook | None = None, notify_workdays: int = NOTIFY_WORKDAYS) -> None:
    """Write the notice, unsigned, to ``out`` in one step. Raises DeskError when it cannot be written."""
    save(notice_bytes(visit, book, notify_workdays), out)


def notice_bytes(
    visit: Visit,
    book: FontBook | None = None,
    notify_workdays: int = NOTIFY_WORKDAYS,
    signer: Signer | None = None,
) -> bytes:
    """Both copies of the notice as one PDF; pages are counted for each copy by itself.

    The file is signed like a letter; a page that is to be one page has no room for the code.
    """
    pages = []
    for copy, flow in notice_flows(visit, book or installed(), notify_workdays).items():
        pages += papers.frame(visit, corner=f"（{copy}）").dress(flow)
    return to_pdf(pages, papers.about(visit, NOTICE_TITLE), proof_of(visit, NOTICE_TITLE, signer))


def notice_flows(visit: Visit, book: FontBook, notify_workdays: int = NOTIFY_WORKDAYS) -> dict[str, Flow]:
    """The two copies, set alike: at 三号, or at 四号 with ever closer lines when that saves pages."""
    best: dict[str, Flow] = {}
    for lines in (None, *CLOSER):
        flows = {}
        for copy in (APPLICANT_COPY, STUB_COPY):
            flow = Flow(book, HEIGHT / lines, FOOT, grid=False) if lines else Flow(book)
            flows[copy] = _compose(flow, visit, copy, notify_workdays)
        if not best or _pages(flows) < _pages(best):
            best = flows
        if _pages(best) == len(best):
            break
    return best


def _pages(flows: dict[str, Flow]) -> int:
    return sum(len(flow.pages) for flow in flows.values())


def _compose(flow: Flow, visit: Visit, copy: str, notify_workdays: int) -> Flow:
    flow.centred(NOTICE_TITLE, "title", TITLE, 1.5 * flow.pitch)
    papers.serial_line(flow, visit, flow.pitch / 2)
    flow.paragraph([Span(visit.applicant.name), Span("：")], first=0)
    tables = [table for table in (lacking_materials(visit), lacking_facts(visit)) if table.rows]
    opening = f"{papers.you(visit.applicant)}办理{papers.policy_name(visit)}相关事项，"
    if tables:
        flow.paragraph(f"{opening}还需补正、说明下列内容，现一次告知：")
    else:
        flow.paragraph(f"{opening}目前没有需要补正的材料和需要说明的情况。")
    for table in tables:
        table.draw(flow)
    for words in limits(visit):
        flow.paragraph([Span("申请时限：", "hei"), Span(words)])
    if visit.contacts:
        flow.paragraph([Span("咨询：", "hei"), Span(papers.contact_words(visit.contacts))], justify=False)
    notes = [
        f"参照《中华人民共和国行政许可法》第三十二条，收到材料后当场或者{notify_workdays}个工作日内一次告知。",
        f"{visit.materials_note}{papers.source_words(visit)}。",
        f"告知时间：{moment_words(visit)}。一式两联：申请人联交申请人，存根联由窗口留存。",
    ]
    if copy == APPLICANT_COPY:
        papers.close(flow, visit, notes=notes)
    else:
        _receipt(flow, visit, notes)
    return flow


def lacking_materials(visit: Visit) -> Table:
    """Each material that is still to come (待补): its form and where to get it."""
    rows = [
        [
            cell(m.material.name),
            cell(papers.material_form(m.material) or "按主管部门要求", size=FINE),
            cell(m.material.source or "自备", size=FINE),
        ]
        for m in visit.materials
        if m.state == "待补"
    ]
    return Table((76, 38, 42), ("需补正的材料", "形式", "到哪里取得"), rows)


_WHO: dict[str, str] = {"ask": "申请人说明并提供证明", "parameter": "主管部门公布", "verdict": "主管部门认定"}
_ACT = {"parameter": "公布", "verdict": "认定"}


def lacking_facts(visit: Visit) -> Table:
    """Each lacking fact, outside parameter or verdict once: its name, who gives it, what it is for."""
    first: dict[str, Missing] = {}
    wanted_by: dict[str, list[str]] = {}
    for d in visit.determinations:
        if d.status in ("unknown", "review"):
            for m in d.missing:
                first.setdefault(m.code or m.name, m)
                wanted_by.setdefault(m.code or m.name, []).append(d.title)
    rows = []
    for key, m in first.items():
        who = _WHO[m.kind] if m.kind == "ask" or not m.who else f"{m.who}{_ACT[m.kind]}"
        use = m.why or "、".join(dict.fromkeys(wanted_by[key]))
        rows.append([cell(m.name), cell(who, size=FINE), cell(use, size=FINE)])
    return Table((60, 46, 50), ("需说明、认定的情况", "由谁提供", "用途"), rows)


def limits(visit: Visit) -> list[str]:
    """By when: the policy's own limits, else the year's call for applications; nothing is made up."""
    told: dict[str, None] = {}
    for d in visit.determinations:
        if d.deadline is not None and (d.status != "ineligible" or d.deadline.passed):
            told.setdefault(f"{papers.deadline_words(d.deadline)}依据{papers.place(visit, d.deadline.clause)}。")
    return list(told) or ["补正和申请的截止时间，按主管部门当年申报通知执行。"]


def _receipt(flow: Flow, visit: Visit, notes: list[str]) -> None:
    """The stub's lines: who told, when, and where the applicant signs for it."""
    rows = [
        [label("告知人工号", "body"), cell(visit.clerk), label("告知时间", "body"), cell(moment_words(visit))],
        [
            label("窗口", "body"),
            cell(visit.window),
            label("联系人和电话", "body"),
            cell(" ".join(filter(None, (visit.applicant.contact, visit.applicant.phone)))),
        ],
        [label("说明", "body"), cell(*notes, size=FINE, across=3)],
    ]
    table = Table((26, 52, 28, 50), (), rows)
    flow.snap()
    flow.need(table.height(flow) + 2.5 * flow.pitch)
    table.draw(flow)
    flow.space(flow.pitch / 2)
    for left, words in ((0.0, "申请人签收："), (WIDTH / 2, "签收时间：")):
        (line,) = flow.set(words, first=0)
        flow.put(line, flow.pitch, left, part=flow.part("P"))
        start, low = left + line.width + 1 * MM, flow.y + flow.pitch * 0.85
        flow.stroke(start, low, left + WIDTH / 2 - 4 * MM, low, 0.5)
    flow.y += flow.pitch
