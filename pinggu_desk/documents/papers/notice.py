"""The notice of what is missing (一次性告知书): everything at once, in two copies, each on one page when it can be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pinggu_desk.documents.papers import common as papers
from pinggu_desk.documents.papers.frontfoot import Foot
from pinggu_desk.documents.papers.parts import CLOSER, moment_words, not_raised_words
from pinggu_desk.documents.pdf.fonts import FontBook, installed
from pinggu_desk.documents.pdf.page import FINE, FOOT, HEIGHT, MM, SMALL, TITLE, WIDTH, Flow
from pinggu_desk.documents.pdf.pdfdoc import save, to_pdf
from pinggu_desk.documents.pdf.table import Table, cell, label
from pinggu_desk.documents.pdf.typeset import Span
from pinggu_desk.documents.proof.record import proof_of
from pinggu_desk.policy.district import here

if TYPE_CHECKING:
    from pathlib import Path

    from pinggu_desk.assess.determination import Determination
    from pinggu_desk.assess.notes import Missing
    from pinggu_desk.documents.proof.record import Signer
    from pinggu_desk.documents.visit import Visit

NOTICE_TITLE = "一次性告知书"


@dataclass(frozen=True, slots=True)
class _Way:
    """How closely what is lacking is told: in type of what size, fact by fact or ``gathered`` by benefit."""

    size: float
    gathered: bool = False


_WIDE, _CLOSE, _GATHERED = _Way(SMALL), _Way(FINE), _Way(FINE, gathered=True)
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
    """The two copies, set alike: at 三号, or at 四号 with ever closer lines when that saves pages; at last in closer tables."""
    best: dict[str, Flow] = {}
    for lines, way in (
        (None, _WIDE),
        *((lines, _WIDE) for lines in CLOSER),
        (CLOSER[-1], _CLOSE),
        (CLOSER[-1], _GATHERED),
    ):
        flows = {}
        for copy in (APPLICANT_COPY, STUB_COPY):
            flow = Flow(book, HEIGHT / lines, FOOT, grid=False) if lines else Flow(book)
            flows[copy] = _compose(flow, visit, copy, notify_workdays, way)
        if not best or _pages(flows) < _pages(best):
            best = flows
        if _pages(best) == len(best):
            break
    return best


def _pages(flows: dict[str, Flow]) -> int:
    return sum(len(flow.pages) for flow in flows.values())


def _compose(flow: Flow, visit: Visit, copy: str, notify_workdays: int, way: _Way) -> Flow:
    flow.centred(here().title(NOTICE_TITLE), "title", TITLE, 1.5 * flow.pitch)
    papers.serial_line(flow, visit, flow.pitch / 2)
    flow.paragraph([Span(visit.applicant.name), Span("：")], first=0)
    facts = lacking_by_benefit(visit) if way.gathered else lacking_facts(visit, way.size)
    tables = [table for table in (lacking_materials(visit, way.size), facts) if table.rows]
    opening = f"{papers.you(visit.applicant)}办理{papers.policy_name(visit)}相关事项，"
    if tables:
        flow.paragraph(f"{opening}还需补正、说明下列内容，现一次告知：")
    else:
        refused = bool(visit.determinations) and all(d.status == "ineligible" for d in visit.determinations)
        nothing = "目前没有需要补正的材料和需要说明的情况"
        why = (
            f"按所述情况没有符合条件的事项，{nothing}；不符合的理由见政策符合性告知书。" if refused else f"{nothing}。"
        )
        flow.paragraph(f"{opening}{why}")
    for table in tables:
        table.draw(flow)
    left_out = not_raised_words(visit)
    if left_out and not way.gathered:
        flow.paragraph(left_out)
    told = [(("申请时限：", words) if number == 0 else ("", words)) for number, words in enumerate(limits(visit))]
    if visit.contacts:
        told.append(("咨询：", papers.contact_words(visit.contacts)))
    if way.gathered:
        rows = [[label(name.rstrip("：")), cell(words, size=FINE)] for name, words in told]
        rows += [[label("未涉及"), cell(left_out, size=FINE)]] if left_out else []
        Table((24, 132), (), rows, FINE, close=True).draw(flow)
    else:
        for name, words in told:
            flow.paragraph([Span(name, "hei"), Span(words)], justify=name != "咨询：")
    notes = [
        f"参照《中华人民共和国行政许可法》第三十二条，收到材料后当场或者{notify_workdays}个工作日内一次告知。",
        f"{visit.materials_note}{papers.source_words(visit)}。",
        f"告知时间：{moment_words(visit)}。一式两联：申请人联交申请人，存根联由窗口留存。",
    ]
    if copy == APPLICANT_COPY and way.gathered:
        Foot(flow, visit, notes, "").draw()
    elif copy == APPLICANT_COPY:
        papers.close(flow, visit, notes=notes)
    else:
        _receipt(flow, visit, notes, way)
    return flow


def lacking_materials(visit: Visit, size: float = SMALL) -> Table:
    """Each material that is still to come (待补): its form and where to get it."""
    rows = [
        [
            cell(m.material.name, size=size),
            cell(papers.material_form(m.material) or "按主管部门要求", size=FINE),
            cell(m.material.source or "自备", size=FINE),
        ]
        for m in visit.materials
        if m.state == "待补"
    ]
    return Table(
        (76, 38, 42) if size >= SMALL else (84, 36, 36),
        ("需补正的材料", "形式", "到哪里取得"),
        rows,
        size,
        close=size < SMALL,
    )


_WHO: dict[str, str] = {"ask": "申请人说明并提供证明", "parameter": "主管部门公布", "verdict": "主管部门认定"}
_ACT = {"parameter": "公布", "verdict": "认定"}


def _open(visit: Visit) -> list[Determination]:
    """What the visit went into and what still lacks something."""
    left_out = {one.benefit for one in visit.not_raised}
    return [d for d in visit.determinations if d.status in ("unknown", "review") and d.benefit not in left_out]


def lacking_facts(visit: Visit, size: float = SMALL) -> Table:
    """Each lacking fact, outside parameter or verdict once: its name, who gives it, what it is for."""
    first: dict[str, Missing] = {}
    wanted_by: dict[str, list[str]] = {}
    for d in _open(visit):
        for m in d.missing:
            first.setdefault(m.code or m.name, m)
            wanted_by.setdefault(m.code or m.name, []).append(d.title)
    rows = []
    for key, m in first.items():
        who = _given_by(m)
        use = m.why or "、".join(dict.fromkeys(wanted_by[key]))
        rows.append([cell(m.name, size=size), cell(who, size=FINE), cell(use, size=FINE)])
    return Table((60, 46, 50), ("需说明、认定的情况", "由谁提供", "用途"), rows, size, close=size < SMALL)


def lacking_by_benefit(visit: Visit) -> Table:
    """The same gathered by benefit: what the applicant states and proves, by each a fact once, then what others give."""
    rows, told = [], set[str]()
    for d in _open(visit):
        new = [m for m in d.missing if (m.code or m.name) not in told]
        told.update(m.code or m.name for m in new)
        asked = "、".join(m.name for m in new if m.kind == "ask")
        others = [f"{m.name}（{_given_by(m)}）" for m in new if m.kind != "ask"]
        if words := "、".join(filter(None, (asked, *others))):
            rows.append([cell(d.title, size=FINE), cell(words, size=FINE)])
    return Table(
        (52, 104), ("用于哪一项", "需说明的情况（由申请人说明并提供证明，注明的除外）"), rows, FINE, close=True
    )


def _given_by(m: Missing) -> str:
    return _WHO[m.kind] if m.kind == "ask" or not m.who else f"{m.who}{_ACT[m.kind]}"


def limits(visit: Visit) -> list[str]:
    """By when: the policy's own limits, else the year's call for applications; nothing is made up."""
    told: dict[str, None] = {}
    for d in visit.determinations:
        if d.deadline is not None and (d.status != "ineligible" or d.deadline.passed):
            told.setdefault(f"{papers.deadline_words(d.deadline)}依据{papers.place(visit, d.deadline.clause)}。")
    if not told and papers.no_deadline(visit) == papers.NO_MATTER:
        return [papers.NO_MATTER]
    return list(told) or ["补正和申请的截止时间，按主管部门当年申报通知执行。"]


def _receipt(flow: Flow, visit: Visit, notes: list[str], way: _Way) -> None:
    """The stub's lines: who told, when, and where the applicant signs for it."""
    who = " ".join(filter(None, (visit.applicant.contact, visit.applicant.phone)))
    pairs = (
        (("告知人工号", visit.clerk), ("告知时间", moment_words(visit))),
        (("窗口", visit.window), ("联系人和电话", who)),
    )
    rows = [
        [part for name, value in row for part in (label(name, "body"), cell(value, size=way.size))] for row in pairs
    ]
    rows.append([label("说明", "body"), cell(*notes, size=FINE, across=3)])
    table = Table((26, 52, 28, 50), (), rows, way.size, close=way.size < SMALL)
    flow.snap()
    gap = 0.0 if way.gathered else flow.pitch / 2
    flow.need(table.height(flow) + 1.5 * flow.pitch + gap)
    table.draw(flow)
    flow.space(gap)
    for left, words in ((0.0, "申请人签收："), (WIDTH / 2, "签收时间：")):
        (line,) = flow.set(words, first=0)
        flow.put(line, flow.pitch, left, part=flow.part("P"))
        start, low = left + line.width + 1 * MM, flow.y + flow.pitch * 0.85
        flow.stroke(start, low, left + WIDTH / 2 - 4 * MM, low, 0.5)
    flow.y += flow.pitch
