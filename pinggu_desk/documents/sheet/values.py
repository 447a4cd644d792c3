"""What a visit puts into a form: each name's value, typed; nothing here knows a workbook.

Figures are the determinations' own; this module never works one out, except to add up sums that are certain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.notes import MaterialNote
from pinggu_desk.documents.sheet.text import for_applicant
from pinggu_desk.documents.visit import Visit
from pinggu_desk.policy.capital import CAPITAL_MAX_FEN, rmb_capital
from pinggu_desk.policy.quantity import UNITS, Dim, parse_quantity

TO_BE_FIXED = "以审定为准"
PRACTICE = "演练　示例数据，不作办理依据"
UNREGISTERED = "未登记"
#: more refused items than this are counted, not named
MOST_REFUSED = 8
#: rows for items to be written in by hand
BLANK_ITEMS = 3
#: kinds that offer no money, and so don't make a total uncertain
_NO_MONEY = frozenset({"service", "status", "price_preference"})


@dataclass(frozen=True, slots=True)
class Money:
    """A sum in whole fen (分)."""

    fen: int


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number in its usual unit, ``size`` smallest units in one (0: no unit); ``percent`` for a share of one whole."""

    value: Fraction
    percent: bool = False
    size: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Words:
    """A figure that is no sum (最高 …, … 至 …): ``say`` words it with sums of fen as they are written in the cell's unit."""

    say: Callable[[Callable[[int], str]], str]


Value = str | Money | Number | Words | date
Row = dict[str, Value]


def visit_values(visit: Visit) -> dict[str, Value]:
    """Every name of ``VISIT_NAMES`` and every fact that was stated, with its value; an empty cell is an empty text."""
    marks = ("演练" if visit.practice else "", UNREGISTERED if visit.serial is None else "")
    score = next((d.score for d in applied(visit) if d.score is not None), None)
    total, capital = _total(visit)
    return {
        **_standing(visit),
        **fact_values(visit),
        **_applicant(visit),
        "编号": visit.serial or UNREGISTERED,
        "标记": "　".join(filter(None, marks)),
        "制表日期": visit.printed_at.date(),
        "判断日": visit.on,
        "经办人": visit.clerk,
        "窗口": visit.window,
        "办理单位": visit.office,
        "政策名称": visit.policy_title if visit.policy_title.startswith("《") else f"《{visit.policy_title}》",
        "政策包版本": visit.edition,
        "申报事项": _few([d.title for d in applied(visit)]),
        "合计金额": total,
        "申请金额": total,
        "合计大写": capital,
        "得分合计": "" if score is None else Number(Fraction(score)),
        "事项说明": _remarks(visit),
        "材料说明": for_applicant(visit.materials_note),
        "依据说明": f"以主管部门审核为准。{visit.source.strip().rstrip('。；')}。",
    }


def _applicant(visit: Visit) -> dict[str, Value]:
    """The applicant as stated; an identity number shows its ends only.

    A form without a cell for the kind of document (证件类型) says it beside the number, unless it is the common one.
    """
    party = visit.applicant
    odd = party.person and party.document not in ("", "居民身份证")
    return {
        "申请人名称": party.name, "姓名": party.name if party.person else "",
        "统一社会信用代码": f"{party.document} {party.code_shown}" if odd and party.code else party.code_shown,
        "申请人类型": party.kind if party.code or party.person else "", "证件类型": party.document if party.person else "",
        "证件号码": party.code_shown if party.person else "", "联系人": party.contact, "联系电话": party.phone,
        "地址": party.address,
    }  # fmt: skip


def _standing(visit: Visit) -> dict[str, Value]:
    """What is kept with the applicant for the form alone (长期): its bank and account, who represents it."""
    out: dict[str, Value] = {}
    for name, fact in visit.facts.items():
        value = visit.values.get(name)
        if fact.standing and value is not None:
            out[name] = (fact.show(value) if isinstance(value, str) else _typed(value, fact.dim, fact.input_unit)) or ""
    return out


def fact_values(visit: Visit) -> dict[str, Value]:
    """Each stated fact (填报项) that what is applied for rests on, by its name, but for an authority's verdicts."""
    out: dict[str, Value] = {}
    for stated in visit.stated:
        if visit.concerned is not None and stated.name not in visit.concerned:
            continue
        fact, value = visit.facts.get(stated.name), visit.values.get(stated.name)
        if fact is not None and fact.decided_by:
            continue  # an authority's verdict is not the applicant's to fill in
        if fact is None or value is None:
            out[stated.name] = _of_words(stated.value)
        else:
            out[stated.name] = _typed(value, fact.dim, fact.input_unit) or fact.show(value)
    return out


def _typed(value: int | str, dim: Dim, unit: str) -> Value | None:
    """A read value as what its cell holds; None for choices, which stand there in words."""
    if isinstance(value, str):
        return value
    if dim is Dim.MONEY:
        return Money(value)
    if dim is Dim.DATE:
        return date.fromordinal(value)
    if dim is Dim.RATE and unit == "%":
        return Number(Fraction(value, 10_000), percent=True)
    if unit in UNITS and dim not in (Dim.TRUTH, Dim.OPTION):
        size = UNITS[unit][1]
        return Number(value / size, size=size)
    return None


def _of_words(words: str) -> Value:
    """A value that came in words alone (from the register): a sum, a count or, failing that, the words."""
    quantity = parse_quantity(words)
    if quantity is None or quantity.dim not in (Dim.MONEY, Dim.COUNT, Dim.AREA, Dim.COAL, Dim.MONTHS):
        return words
    unit = words.lstrip("-0123456789,.")
    return _typed(quantity.value, quantity.dim, unit.removeprefix("万") if unit not in UNITS else unit) or words


def applied(visit: Visit) -> tuple[Determination, ...]:
    """The determinations that the form applies for: those that the visitor came for and that are not ruled out."""
    came_for = visit.asked_for
    return tuple(
        d for d in visit.determinations if d.status != "ineligible" and (came_for is None or d.benefit in came_for)
    )


def visit_rows(visit: Visit) -> dict[str, list[Row]]:
    """The rows of each family of ``ROW_NAMES``."""
    # the form doesn't list itself among what is handed in with it
    listed = [m for m in visit.materials if m.state != "不适用" and m.material.name != visit.form_title]
    return {
        "事项": [_item(visit, number, d) for number, d in enumerate(applied(visit), 1)] or _blank_items(visit),
        "材料": [
            {
                "序号": Number(Fraction(number)), "名称": m.material.name, "来源": m.material.source, "状态": m.state,
                "形式": "，".join(filter(None, (_form(m.material), "加盖公章" if m.material.sealed else ""))),
            }
            for number, m in enumerate(listed, 1)
        ],
        "指标": [
            {
                "名称": i.name, "数值": i.value, "分档": i.bound, "依据": _place(visit.clause_words, i.clause),
                "得分": Number(Fraction(i.score)) if i.score is not None else _passed(i.passed),
            }
            for d in applied(visit) for i in d.indicators
        ],
    }  # fmt: skip


def _form(material: MaterialNote) -> str:
    """The form of a material where the text says one; that it says none is a note to whoever keeps the pack."""
    return "" if material.form.startswith("原文") else material.form


def _blank_items(visit: Visit) -> list[Row]:
    """Rows to be written in by hand where nothing says yet what is applied for."""
    still_open = any(d.status != "ineligible" for d in visit.determinations)
    return [{"序号": Number(Fraction(number))} for number in range(1, BLANK_ITEMS + 1)] if still_open else []


def _passed(passed: bool | None) -> str:
    return "" if passed is None else "符合" if passed else "不符合"


def _place(places: Mapping[str, str], clause: str) -> str:
    return places.get(clause, clause)


def _item(visit: Visit, number: int, d: Determination) -> Row:
    """One item applied for: a sum as a number when it is certain, else the determination's own words."""
    fen = certain(d)
    return {
        "序号": Number(Fraction(number)), "名称": d.title, "结论": d.status_words,
        "金额": Words(d.headline_in) if fen is None else Money(fen),
        "口径": "；".join(_meaning(d)), "服务": "；".join(d.services), "依据": _place(visit.clause_words, d.clause),
    }  # fmt: skip


def certain(d: Determination) -> int | None:
    """The sum in fen of an item whose figure is computed and whose conditions hold; None for every other."""
    return d.amount_fen if d.status == "eligible" and d.figure == "computed" else None


def _meaning(d: Determination) -> Iterable[str]:
    """What the figure means, and what it still hangs on."""
    if d.figure_words:
        yield d.figure_words
    if d.status == "unknown":
        yield d.status_words + _bracket(_few([m.name for m in d.missing if m.kind != "verdict"]))
    elif d.status == "review":
        who = dict.fromkeys(m.who or "主管部门" for m in d.missing if m.kind == "verdict")
        yield d.status_words + _bracket("、".join(who))
    if d.reading_words:
        yield d.reading_words


def _few(names: list[str]) -> str:
    """The first three names; the form's own empty cells show the rest."""
    return "、".join(names[:3]) + (f"等{len(names)}项" if len(names) > 3 else "")


def _bracket(words: str) -> str:
    return f"（{words}）" if words else ""


def _total(visit: Visit) -> tuple[Value, str]:
    """Total and capitals of the grants that are certain; words when one of the items has no certain figure.

    Of grants of which only one may be had, or which a joint limit binds, it counts what the letter counts.
    """
    paid = [d for d in applied(visit) if d.kind not in _NO_MONEY and d.figure != "in_kind"]
    if not paid:
        return "", ""
    sums = [certain(d) for d in paid]
    if any(fen is None for fen in sums):
        return TO_BE_FIXED, ""
    counted = dict(visit.applying.counted)
    grants = [
        counted.get(d.benefit, fen) for d, fen in zip(paid, sums, strict=True) if d.kind == "grant" and fen is not None
    ]
    total = sum(grants)
    if not grants or not 0 <= total <= CAPITAL_MAX_FEN:
        return ("", "") if not grants else (Money(total), "")
    return Money(total), rmb_capital(total)


def _remarks(visit: Visit) -> str:
    """What is not on the list and why, and what the total leaves out."""
    came_for = visit.asked_for
    open_still = any(d.status != "ineligible" for d in visit.determinations)
    refused = [
        d.title for d in visit.determinations
        if d.status == "ineligible" and (came_for is None or d.benefit in came_for)
    ]  # fmt: skip
    words = []
    if not open_still:
        words.append("本次所询事项测算均为不符合，没有可以列入的事项")
    elif len(refused) > MOST_REFUSED:
        words.append(f"测算为不符合的{len(refused)}项没有列入，各项原因见政策符合性告知书")
    elif refused:
        words.append(f"测算为不符合的事项没有列入：{'、'.join(refused)}")
    if open_still and not applied(visit):
        words.append("申报哪些事项还没有说明，请逐项填写")
    if any(d.kind not in _NO_MONEY and d.kind != "grant" for d in applied(visit)):
        words.append("贷款、贴息、补贴比例不计入资金合计")
    counted = dict(visit.applying.counted)
    if any(
        counted.get(d.benefit, fen) != fen
        for d in applied(visit)
        if d.kind == "grant" and (fen := certain(d)) is not None
    ):
        words.append("合计已按只能取其一的规定和限额计算，见政策符合性告知书")
    return "；".join(words) + ("。" if words else "")
