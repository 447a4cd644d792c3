"""The list of what an applicant can have (政策匹配清单), for the applicant to take away: PDF.

Figures are worded by the determinations, totals are the bundle's own; nothing is worked out here. Its workbook is in
``matchbook``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pinggu_desk.assess.match.bundle import SUMMED, over_lines
from pinggu_desk.assess.match.match import GROUP_WORDS
from pinggu_desk.documents.books.match import make_match_book, match_book_bytes
from pinggu_desk.documents.papers import common as papers
from pinggu_desk.documents.papers.parts import capitals, disclaimer, few, figure_notes, grounds, stated_table
from pinggu_desk.documents.pdf.fonts import FontBook, installed
from pinggu_desk.documents.pdf.page import FINE, PITCH, TITLE, Flow
from pinggu_desk.documents.pdf.pdfdoc import save, to_pdf
from pinggu_desk.documents.pdf.table import Cell, Para, Table, cell, label
from pinggu_desk.documents.pdf.typeset import Span
from pinggu_desk.documents.proof.record import proof_of
from pinggu_desk.policy import say
from pinggu_desk.policy.quantity import headline_sum, wan

if TYPE_CHECKING:
    from pathlib import Path

    from pinggu_desk.assess.determination import Determination
    from pinggu_desk.assess.match.bundle import GivenUp
    from pinggu_desk.documents.matchvisit import MatchVisit
    from pinggu_desk.documents.proof.record import Signer

__all__ = ["LIST_TITLE", "make_match_book", "make_match_list", "match_book_bytes", "match_list_bytes"]

LIST_TITLE = "政策匹配清单"
#: so many of the benefits nearest to being settled are listed one by one; the rest by policy, in full in the workbook
_MOST_OPEN = 20
_MOST_MISSING = 4
_MOST_QUESTIONS = 10


def make_match_list(found: MatchVisit, out: Path, book: FontBook | None = None) -> None:
    """Write the list to ``out`` in one step. Raises DeskError when it cannot be written."""
    save(match_list_bytes(found, book), out)


def match_list_bytes(found: MatchVisit, book: FontBook | None = None, signer: Signer | None = None) -> bytes:
    """The list as a PDF, signed where it has a serial and a signer; the same match and key give the same bytes.

    ``book`` defaults to this machine's fonts.
    """
    visit = found.visit
    proof = proof_of(visit, LIST_TITLE, signer)
    flow = list_flow(found, book or installed(), proof.code if proof else "")
    return to_pdf(papers.frame(visit).dress(flow), papers.about(visit, LIST_TITLE), proof)


def list_flow(found: MatchVisit, book: FontBook, code: str = "") -> Flow:
    """The list's pages before they are dressed with feet; ``code`` is that of its proof."""
    visit, flow = found.visit, Flow(book)
    flow.centred(LIST_TITLE, "title", TITLE, 2 * PITCH)
    papers.serial_line(flow, visit, PITCH)
    flow.paragraph([Span(visit.applicant.name or "来访人"), Span("：")], first=0)
    flow.paragraph(_opening(found))
    sections = (_stated, _eligible, _bundle, _near, _open, _review, _refused, _questions)
    number = 0
    for section in sections:
        number += section(flow, found, papers.numeral(number + 1))
    papers.close(flow, visit, _statement(found), code=code)
    return flow


def _opening(found: MatchVisit) -> str:
    match, party = found.match, found.visit.applicant
    you = papers.you(party) if party.name else "您"
    policies = len({rule.policy.id for rule in match.rules.values()})
    counts = [f"{GROUP_WORDS[key]} {len(ids)} 项" for key, ids in match.groups.items() if ids]
    who = {"单位": "（只列单位能享受的）", "个人": "（只列个人能享受的）"}.get(match.subject, "")
    said = f"现按{papers.day_words(found.visit.on)}有效的政策文本和{you}陈述的情况，逐项比对 {policies} 项政策的"
    return f"{said} {len(match.rules)} 个支持事项{who}：{'，'.join(counts) or '没有可比对的事项'}。"


def _statement(found: MatchVisit) -> str:
    return (
        f"{disclaimer('清单')}{grounds(found.visit)}"
        "能否同时享受以主管部门认定为准。情况有变化、补充的，匹配结果可能随之变化。"
    )


def _stated(flow: Flow, found: MatchVisit, number: str) -> bool:
    table = stated_table(found.visit, flow.book)
    flow.heading(f"{number}、申请人陈述的情况", "hei", table.first_height(flow))
    table.draw(flow)
    if not found.visit.stated:
        flow.paragraph("还没有陈述任何情况。")
    return True


# --- what can be applied for


def _eligible(flow: Flow, found: MatchVisit, number: str) -> bool:
    given_up = {lost.benefit: lost for lost in found.match.bundle.given_up}
    rows = [_finding(found, benefit, given_up.get(benefit)) for benefit in found.match.groups["eligible"]]
    table = Table((52, 66, 38), ("事项", "金额与口径", "依据条款"), rows)
    flow.heading(f"{number}、可申请的事项", "hei", table.first_height(flow))
    if rows:
        table.draw(flow)
    else:
        flow.paragraph("按目前陈述的情况，还没有能够确定可申请的事项。")
    return True


def _finding(found: MatchVisit, benefit: str, lost: GivenUp | None) -> list[Cell]:
    d = found.determination(benefit)
    words = figure_notes(d)
    words += [f"时限：{papers.deadline_words(d.deadline)}"] if d.deadline is not None else []
    if lost:
        both = "不能同时享受" if lost.explicit else "能否同时享受待主管部门确认"
        words.append(f"与“{lost.instead_title}”{both}，最优组合不另取")
    words += [note.words for note in d.overlaps if note.state in ("had", "elsewhere")]  # the rest is told of the bundle
    figure = Cell((Para((Span(d.headline, "hei"),)), *(Para((Span(text),), FINE) for text in words)))
    return [_title(found, benefit), figure, cell(found.place(d.clause), size=FINE)]


def _title(found: MatchVisit, benefit: str) -> Cell:
    rule = found.match.rules[benefit]
    who = Para((Span(f"{found.policy_title(benefit)}　受益人：{rule.benefit.recipient}"),), FINE)
    return cell(rule.benefit.title, who)


# --- the best bundle


def _bundle(flow: Flow, found: MatchVisit, number: str) -> bool:
    """The totals by kind, each with what it is; what is given up, for what and why; limits that bite."""
    if not found.match.bundle.kept:
        return False
    table = _totals(found)
    flow.heading(f"{number}、最优组合", "hei", table.first_height(flow))
    chosen = [f"“{one.title}”" for one in found.match.bundle.choices if not one.gone]
    first = f"申请人选择了{'、'.join(chosen)}；其余" if chosen else ""
    flow.paragraph(f"{first}在不能同时享受的事项之间，按能够确定的金额选取，得到下列组合：")
    table.draw(flow)
    if found.match.bundle.given_up:
        _given_up(flow, found)
    told = [one.words for one in found.match.bundle.waiting]
    told += [choice.words for choice in found.match.bundle.choices if choice.gone]
    for words in told:
        flow.paragraph(f"{words}。")
    for cut in found.match.bundle.cuts:
        titles = few((found.match.rules[i].benefit.title for i in cut.benefits), 6)
        flow.paragraph(
            f"{titles}合计{wan(cut.sum_fen)}，受限额约束，按{wan(cut.left_fen)}计。依据{found.full_place(cut.clause)}。"
        )
    return True


def _totals(found: MatchVisit) -> Table:
    bundle = found.match.bundle
    figure = found.match.determination
    rows: list[list[Cell]] = []
    if any(k.fen is not None and k.kind in SUMMED for k in bundle.kept):
        rows.append(_pair("按条款计算的资金合计", f"{headline_sum(bundle.total_fen)}", capitals(bundle.total_fen)))
    if len(bundle.by_recipient) > 1:
        rows += [_pair(f"其中{who}", f"{headline_sum(fen)}") for who, fen in bundle.by_recipient.items()]
    if bundle.open:
        open_ = "待主管部门确认：原文没有写明不能并领的事项如可以并领"
        if bundle.without_analogy_ceilings_fen != bundle.ceilings_fen:
            open_ += f"，只有上限的相加{headline_sum(bundle.without_analogy_ceilings_fen)}"
        rows.append(_pair("另一合计", f"{headline_sum(bundle.without_analogy_fen)}", open_))
    if bundle.ceilings_fen:
        titles = (k.title for k in bundle.kept if k.figure == "up_to" and k.max_fen and k.rate is None)
        most = f"最高额相加 {headline_sum(bundle.ceilings_fen)}，具体由主管部门核定，不计入合计"
        rows.append(_pair("只有上限的", most, few(titles, 12)))
    if spread := over_lines(bundle):
        rows.append(_pair("分年、分月给的", few(spread, 6)))
    rest = (
        ("金额在一定区间的", bundle.ranges), ("金额由主管部门核定的", bundle.by_review), ("贷款（须归还）", bundle.loans),
        ("补贴率、贴息率", bundle.rates), ("服务、资格", bundle.services),
    )  # fmt: skip
    for kind, ids in rest:
        if ids:
            shown = [f"{figure(i).title}（{figure(i).headline}）" for i in ids]
            rows.append(_pair(f"{kind} {len(ids)} 项", few(shown, 12), "不计入合计"))
    return Table((44, 112), (), rows)


def _pair(name: str, value: str, note: str = "") -> list[Cell]:
    notes = [Para((Span(note),), FINE)] if note else []
    return [label(name), cell(value, *notes)]


def _given_up(flow: Flow, found: MatchVisit) -> None:
    rows = []
    for lost in found.match.bundle.given_up:
        figure = found.match.determination(lost.benefit).headline
        instead = f"“{lost.instead_title}”" + ("（专门办法优先）" if lost.preferred else "")
        rows.append(
            [
                cell(lost.title, Para((Span(figure),), FINE)),
                cell(instead, Para((Span(f"{lost.matter}只取一项"),), FINE)),
                cell(*why_given_up(found, lost), size=FINE),
                cell(*filter(None, (lost.difference, _chosen_words(lost), lost.same_words)), size=FINE),
            ]
        )
    Table((42, 44, 42, 28), ("不另取的事项", "已取的事项", "依据", "差额"), rows).draw(flow)


def _chosen_words(lost: GivenUp) -> str:
    return f"申请人选择“{lost.instead_title}”" if lost.chosen else "由申请人选择" if lost.choice else ""


def why_given_up(found: MatchVisit, lost: GivenUp) -> list[str]:
    """By which clause two benefits may not both be had, and whether its words say so."""
    if not lost.rule:
        return ["原文没有写明能否同时享受，待主管部门确认"]
    how = "明文规定" if lost.explicit else "由该条类推，原文没有写明，待主管部门确认"
    return [found.full_place(lost.rule), how]


# --- what is nearly there, open, for somebody's verdict, ruled out


def _near(flow: Flow, found: MatchVisit, number: str) -> bool:
    match = found.match
    if not match.near and not match.steps:
        return False
    rows = []
    for further, changes in (("", (match.near[i] for i in match.groups["near"])), ("再进一步：", match.steps.values())):
        for change in changes:
            more = [f"多{wan(change.gain_fen)}"] if further and change.gain_fen else []
            words = [Para((Span(text),), FINE) for text in more]
            after = cell(found.after(change), *words, size=FINE)
            where = cell(found.place(change.clause), size=FINE)
            rows.append([_title(found, change.benefit), cell(further + change.words), after, where])
    table = Table((44, 50, 36, 26), ("事项", "差在哪里", "达到后", "条款"), rows)
    flow.heading(f"{number}、差一点的事项", "hei", table.first_height(flow))
    table.draw(flow)
    return True


def _open(flow: Flow, found: MatchVisit, number: str) -> bool:
    ids = found.match.groups["unknown"]
    if not ids:
        return False
    rows = []
    for benefit in ids[:_MOST_OPEN]:
        d = found.match.determination(benefit)
        lacking = _lacking(d)
        figure = cell(d.headline, *([Para((Span(d.figure_words),), FINE)] if d.figure_words else []))
        rows.append([_title(found, benefit), figure, cell(lacking, size=FINE), cell(found.place(d.clause), size=FINE)])
    table = Table((52, 38, 40, 26), ("事项", "如符合条件", "还缺", "条款"), rows)
    flow.heading(f"{number}、需补充信息的事项", "hei", table.first_height(flow))
    table.draw(flow)
    rest = ids[_MOST_OPEN:]
    if rest:
        flow.paragraph(f"另有 {len(rest)} 项还缺较多情况，按政策列名，金额和所缺情况见匹配工作簿：")
        Table((46, 110), ("政策", "事项"), _by_policy(found, rest)).draw(flow)
    return True


def _lacking(d: Determination) -> str:
    """What is lacking in few words, of several ways the nearest."""
    asks = [m.name for m in d.missing if m.kind == "ask"]
    if not asks:
        return "；".join(d.lacking())
    return say.asked(d.nearest, asks, _MOST_MISSING)


def _by_policy(found: MatchVisit, ids: Iterable[str]) -> list[list[Cell]]:
    by: dict[str, list[str]] = {}
    for benefit in ids:
        by.setdefault(found.policy_title(benefit), []).append(found.match.rules[benefit].benefit.title)
    return [[cell(policy, size=FINE), cell("；".join(titles), size=FINE)] for policy, titles in by.items()]


def _review(flow: Flow, found: MatchVisit, number: str) -> bool:
    rows = []
    for benefit in found.match.groups["review"]:
        d = found.match.determination(benefit)
        notes = [Para((Span(text),), FINE) for text in figure_notes(d)]
        wanted = cell(*papers.short_of(d), size=FINE)
        rows.append([_title(found, benefit), cell(d.headline, *notes), wanted, cell(found.place(d.clause), size=FINE)])
    if not rows:
        return False
    table = Table((48, 38, 44, 26), ("事项", "金额与口径", "由谁认定什么", "条款"), rows)
    flow.heading(f"{number}、需人工认定的事项", "hei", table.first_height(flow))
    table.draw(flow)
    return True


def _refused(flow: Flow, found: MatchVisit, number: str) -> bool:
    """What is ruled out, by policy; the benefits that fail by the same condition in one row."""
    match = found.match
    by: dict[str, dict[tuple[str, str], list[str]]] = {}
    for benefit in match.groups["ineligible"]:
        text, clause = match.why_not(benefit)
        reasons = by.setdefault(found.policy_title(benefit), {})
        reasons.setdefault((say.bare(text), clause), []).append(match.rules[benefit].benefit.title)
    rows: list[list[Cell]] = []
    for policy, reasons in by.items():
        rows.append([label(policy, across=3)])
        for (reason, clause), titles in reasons.items():
            cells = ("；".join(titles), reason, found.place(clause))
            rows.append([cell(text, size=FINE) for text in cells])
    if not rows and not match.not_in_pack:
        return False
    table = Table((60, 66, 30), ("事项", "未满足的条件", "条款"), rows)
    flow.heading(
        f"{number}、不符合的事项" if rows else f"{number}、不在政策包内的事项", "hei", table.first_height(flow)
    )
    if rows:
        table.draw(flow)
    if match.not_in_pack:
        flow.paragraph(f"{match.absent()[0].notes[0]}，下列事项没有比对：")
        Table((46, 110), ("政策", "事项"), _absent(found)).draw(flow)
    return True


def _absent(found: MatchVisit) -> list[list[Cell]]:
    by: dict[str, list[str]] = {}
    for rule in found.match.not_in_pack:
        by.setdefault(rule.policy.title, []).append(rule.benefit.title)
    return [
        [cell(f"《{policy.strip('《》')}》", size=FINE), cell("；".join(titles), size=FINE)]
        for policy, titles in by.items()
    ]


def _questions(flow: Flow, found: MatchVisit, number: str) -> bool:
    """What is worth saying next, the question that settles most first."""
    match, facts = found.match, found.match.engine.pack.facts
    first = [match.question.fact] if match.question is not None else []
    names = list(dict.fromkeys([*first, *match.needed]))
    names = [name for name in names if not facts[name].decided_by][:_MOST_QUESTIONS]
    if not names:
        return False
    rows = [
        [
            cell(str(row), centred=True),
            cell(facts[name].question, *([Para((Span(f"凭{facts[name].proof}"),), FINE)] if facts[name].proof else [])),
            cell(f"{match.needed.get(name, 0)} 项", size=FINE),
        ]
        for row, name in enumerate(names, start=1)
    ]
    table = Table((12, 116, 28), ("序号", "还需要了解的情况", "关系到"), rows)
    flow.heading(f"{number}、下一步补充什么", "hei", table.first_height(flow))
    table.draw(flow)
    return True
