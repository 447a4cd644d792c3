"""The list of what an applicant can have (政策匹配清单) as a workbook: every benefit a row, real numbers, to sort and filter."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from pinggu_desk.assess.match.match import GROUP_WORDS, GroupKey
from pinggu_desk.documents.books.listbook import Column, fill_list, fill_pairs, new_book
from pinggu_desk.documents.papers import common as papers
from pinggu_desk.documents.papers.parts import disclaimer, grounds, moment_words
from pinggu_desk.documents.pdf.pdfdoc import save
from pinggu_desk.documents.sheet.cells import MONEY_FORMAT
from pinggu_desk.documents.sheet.file import workbook_bytes
from pinggu_desk.documents.sheet.values import PRACTICE, UNREGISTERED, Money, Number, Value
from pinggu_desk.policy.district import here
from pinggu_desk.policy.quantity import Dim

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from pinggu_desk.documents.matchvisit import MatchVisit

BOOK_TITLE = "政策匹配清单"
_Row = list[Value | None]

_ITEMS = (
    Column("分组", 11), Column("政策", 30), Column("支持事项", 28), Column("类别", 9), Column("受益人", 10),
    Column("金额与口径", 20), Column("口径说明", 22), Column("确定金额（元）", 16, MONEY_FORMAT),
    Column("下限（元）", 16, MONEY_FORMAT), Column("上限（元）", 16, MONEY_FORMAT), Column("得分", 7),
    Column("最长月数", 8), Column("最优组合", 10), Column("还缺、由谁认定", 30), Column("原因、差在哪里", 40),
    Column("申请截止", 16), Column("时限说明", 30), Column("依据条款", 16), Column("条款号", 14),
)  # fmt: skip
_BUNDLE = (
    Column("取舍", 9), Column("支持事项", 30), Column("政策", 34), Column("受益人", 10), Column("金额与口径", 22),
    Column("计入合计（元）", 16, MONEY_FORMAT), Column("已取的事项", 30), Column("同一事", 22), Column("依据", 40),
    Column("是否明文", 12), Column("差额", 26), Column("说明", 40),
)  # fmt: skip
_STATED = (Column("填报项", 30), Column("陈述的情况", 50), Column("来源", 24))
_QUESTIONS = (
    Column("序号", 7), Column("填报项", 28), Column("问法", 50), Column("凭什么证明", 40), Column("关系到的事项数", 12),
    Column("单位", 10), Column("选项", 50),
)  # fmt: skip


def make_match_book(found: MatchVisit, out: Path) -> None:
    """Write the workbook to ``out`` in one step. Raises DeskError when it cannot be written."""
    save(match_book_bytes(found), out)


def match_book_bytes(found: MatchVisit) -> bytes:
    """The workbook as .xlsx: 概况, 支持事项, 最优组合, 陈述的情况, 还需了解, 说明; the same match gives the same bytes."""
    book, front = new_book("概况")
    fill_pairs(front, here().title(BOOK_TITLE), _front(found))
    lists: tuple[tuple[str, tuple[Column, ...], Iterable[_Row], int], ...] = (
        ("支持事项", _ITEMS, _items(found), 3), ("最优组合", _BUNDLE, _bundle(found), 2),
        ("陈述的情况", _STATED, _stated(found), 1), ("还需了解", _QUESTIONS, _questions(found), 2),
    )  # fmt: skip
    for name, columns, rows, still in lists:
        sheet: Worksheet = book.create_sheet(name)
        fill_list(sheet, columns, rows, still)
    fill_pairs(book.create_sheet("说明"), "说明", _notes(found))
    visit = found.visit
    title = "：".join(filter(None, (here().title(BOOK_TITLE), visit.applicant.name)))
    return workbook_bytes(book, visit.printed_at, title, papers.about(visit, BOOK_TITLE).author)


def _front(found: MatchVisit) -> Iterable[tuple[str, Value]]:
    visit, bundle, party = found.visit, found.match.bundle, found.visit.applicant
    if visit.practice:
        yield "演练", PRACTICE
    yield "申请人", party.name
    yield from party.identity[1 if party.name else 0 :]
    yield "编号", visit.serial or UNREGISTERED
    yield "判断日", visit.on
    yield "政策包版本", visit.edition
    if found.match.subject:
        yield "范围", f"只列{found.match.subject}能享受的"
    yield "按条款计算的资金合计（元）", Money(bundle.total_fen)
    if len(bundle.by_recipient) > 1:
        yield from ((f"其中{who}（元）", Money(fen)) for who, fen in bundle.by_recipient.items())
    if bundle.open:
        yield "如可并领的合计（元）", Money(bundle.without_analogy_fen)
        yield "如可并领", "原文没有写明不能并领的事项，待主管部门确认"
    if bundle.ceilings_fen:
        yield "最高额相加（元）", Money(bundle.ceilings_fen)
        yield "最高额", "具体由主管部门核定，不计入合计"
    beside = (
        ("金额在一定区间", bundle.ranges), ("金额由主管部门核定", bundle.by_review), ("贷款", bundle.loans),
        ("补贴率、贴息率", bundle.rates), ("服务、资格", bundle.services),
    )  # fmt: skip
    yield from ((f"{name}（项）", Number(Fraction(len(ids)))) for name, ids in beside if ids)
    for key, ids in found.match.groups.items():
        yield f"{GROUP_WORDS[key]}（项）", Number(Fraction(len(ids)))
    if found.match.not_in_pack:
        yield "不在政策包内（项）", Number(Fraction(len(found.match.not_in_pack)))


def _items(found: MatchVisit) -> Iterable[_Row]:
    given_up = {lost.benefit for lost in found.match.bundle.given_up}
    for key, ids in found.match.groups.items():
        for benefit in ids:
            yield _item(found, key, benefit, "不另取" if benefit in given_up else "取" if key == "eligible" else "")
    for d in found.match.absent():
        rule = found.match.engine.rule(d.benefit)
        row: _Row = ["不在政策包内", d.policy_title, d.title, rule.benefit.kind, d.recipient, *[None] * 14]
        row[14], row[17], row[18] = d.notes[0], found.place(d.clause), d.clause
        yield row


def _item(found: MatchVisit, key: GroupKey, benefit: str, choice: str) -> _Row:
    match = found.match
    d, rule = found.determination(benefit), match.rules[benefit]
    ruled_out = d.status == "ineligible"
    money = rule.dim is Dim.MONEY and not ruled_out
    computed = d.amount_fen if d.status == "eligible" and d.figure == "computed" else None
    deadline = None if ruled_out else d.deadline
    why = ""
    if key == "near":
        why = f"{match.near[benefit].words}；达到后{found.after(match.near[benefit])}"
    elif ruled_out:
        why = match.why_not(benefit)[0]
    elif benefit in match.steps:
        why = f"再进一步：{match.steps[benefit].words}；达到后{found.after(match.steps[benefit])}"
    words = [d.figure_words, d.reading_words]
    return [
        GROUP_WORDS[key], d.policy_title, d.title, rule.benefit.kind, d.recipient, d.headline,
        "；".join(filter(None, words)), _money(computed), _money(d.min_fen if money else None),
        _money(d.max_fen if money else None), _number(d.score), _number(None if ruled_out else d.max_months), choice,
        "；".join(papers.short_of(d)), why, deadline.day if deadline else None,
        papers.deadline_words(deadline) if deadline else "", found.place(d.clause), d.clause,
    ]  # fmt: skip


def _money(fen: int | None) -> Money | None:
    return None if fen is None else Money(fen)


def _number(value: int | None) -> Number | None:
    return None if value is None else Number(Fraction(value))


def _bundle(found: MatchVisit) -> Iterable[_Row]:
    from pinggu_desk.assess.match.bundle import SUMMED

    bundle = found.match.bundle
    for kept in bundle.kept:
        counted = kept.fen if kept.kind in SUMMED else None
        head = "，".join(filter(None, (found.match.determination(kept.benefit).headline, kept.over)))
        where = found.full_place(kept.clause)
        policy = found.policy_title(kept.benefit)
        yield ["取", kept.title, policy, kept.recipient, head, _money(counted), "", "", where, "", "", ""]
    for lost in bundle.given_up:
        d = found.match.determination(lost.benefit)
        sure = "明文规定" if lost.explicit else "类推，待主管部门确认" if lost.rule else "原文未写，待主管部门确认"
        first = "专门办法优先。" if lost.preferred else ""
        yield [
            "不另取", lost.title, found.policy_title(lost.benefit), d.recipient, d.headline, None, lost.instead_title,
            lost.matter, found.full_place(lost.rule) if lost.rule else "", sure, lost.difference,
            "；".join(filter(None, (first + lost.about, lost.choice_words, lost.same_words))),
        ]  # fmt: skip
    for cut in bundle.cuts:
        titles = "、".join(found.match.rules[i].benefit.title for i in cut.benefits)
        yield [
            "受限额", titles, found.policy_title(cut.benefits[0]), "", "", Money(cut.left_fen), "", cut.limit,
            found.full_place(cut.clause), "明文规定", "", "所列事项的金额相加受此限额约束，合计已按限额计",
        ]  # fmt: skip


def _stated(found: MatchVisit) -> Iterable[_Row]:
    for one in found.visit.stated:
        yield [one.name, one.value, one.source]


def _questions(found: MatchVisit) -> Iterable[_Row]:
    match, facts = found.match, found.match.engine.pack.facts
    first = [match.question.fact] if match.question is not None else []
    for number, name in enumerate(dict.fromkeys([*first, *match.needed]), start=1):
        fact = facts[name]
        yield [
            _number(number), name, f"由{fact.decided_by}认定" if fact.decided_by else fact.question, fact.proof,
            _number(match.needed.get(name, 0)), fact.input_unit, "、".join(option.name for option in fact.options),
        ]  # fmt: skip


def _notes(found: MatchVisit) -> Iterable[tuple[str, Value]]:
    yield "性质", disclaimer("清单")
    yield "依据", grounds(found.visit)
    yield "金额", "“确定金额”是按条款计算的数；只有上限、区间或者由主管部门核定的，不填确定金额，也不计入合计。"
    yield "最优组合", "在不能同时享受的事项之间按确定金额选取；能否同时享受以主管部门认定为准。"
    yield "口径", "“口径待主管部门确认”表示原文有不止一种读法，所列按其中一种计算。"
    yield "金额单位", "元；空白表示没有这个数，不是零。"
    yield "制表", " ".join(filter(None, (found.visit.office, found.visit.window, found.visit.clerk)))
    yield "制表时间", moment_words(found.visit)
