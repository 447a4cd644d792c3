"""The Chinese reading of a rule (规则读法), generated from its form, for an officer to hold against the text.

``phrase`` says a form in one sentence that can be read in one way only: a compound inside another stands in 〔 〕, so that
且 and 或, a cap and what it caps, a reading and what it is a reading of, are never mixed up. ``policy.outline`` sets the
same words out in numbered lines.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import NamedTuple

from pinggu_desk.policy import forms as f
from pinggu_desk.policy.forms import Cond, Expr
from pinggu_desk.policy.models import USUAL_DEED, Benefit, Limit, Policy
from pinggu_desk.policy.quantity import Quantity
from pinggu_desk.policy.say import OPPOSITE, literal, one_of
from pinggu_desk.policy.surface import AT_LEAST


def phrase(node: Expr | Cond) -> str:  # noqa: C901 - one case a form
    """One form in words."""
    match node:
        case f.Lit():
            return literal(node.quantity)
        case f.Name():
            return node.name
        case f.Share():
            return f"{inner(node.base)}的{node.rate.text}"
        case f.Per():
            return f"{inner(node.base)}每{'满' if node.whole else ''}{node.step.text}计{literal(node.each)}"
        case f.Times():
            return f"{inner(node.of)}乘以{inner(node.by)}"
        case f.After():
            return _after(node)
        case f.Cap():
            return f"{inner(node.of)}，最高不超过{inner(node.cap)}"
        case f.Less():
            return f"{inner(node.of)}减去{inner(node.less)}"
        case f.Rounded():
            return f"{inner(node.of)}，按{node.step.text}取整（{rounding(node)}）"
        case f.Between():
            return f"自{inner(node.start)}至{inner(node.end)}的{'整月数' if node.months else '天数'}"
        case f.Growth():
            return f"{inner(node.now)}比{inner(node.then)}的增长率"
        case f.UpTo():
            return f"{inner(node.low)}至{inner(node.high)}" if node.low else f"不高于{inner(node.high)}（上限）"
        case f.Each():
            return f"{node.over.name}逐项计算的合计（每项：{inner(node.body)}）"
        case f.Sum():
            return _listed(node.parts, "与") + "之和"
        case f.Choose():
            return f"{_listed(node.parts, '与')}中较{'高' if node.highest else '低'}者"
        case f.Bands():
            rows = "；".join(f"{row.label}：{inner(row.value)}" for row in node.rows)
            rest = f"；其余：{inner(node.otherwise)}" if node.otherwise is not None else ""
            return f"按{node.on.name}分档：{rows}{rest}"
        case f.Steps():
            return f"按{node.on.name}分档：{'；'.join(f'{label}：{give.text}' for label, give in step_rows(node))}"
        case f.If():
            return f"{inner(node.when)}的，{inner(node.then)}；否则{inner(node.other)}"
        case f.Undetermined():
            return "金额未公布，由主管部门核定"
        case f.InKind():
            return "；".join(node.services)
        case f.Nothing():
            return "不予支持"
        case f.Verdict():
            maybe = f"；可能为{_listed(node.possible, '或')}" if node.possible else ""
            return f"由{node.who}认定（{node.why}{maybe}）"
        case f.ByReading():
            if (least := at_least(node)) is not None:
                return least
            return f"{inner(node.taken)}（口径待主管部门确认；另一读法：{phrase(node.other)}）"
        case f.All():
            parts = conjuncts(node)
            return "，且".join(map(inner, parts)) if len(parts) > 1 else phrase(parts[0])
        case f.AnyOf():
            return _any(node)
        case f.AtLeast():
            ways = "；".join(f"（{i}）{inner(part)}" for i, part in enumerate(node.parts, 1))
            return f"{so_many(node)}：{ways}"
        case f.Not():
            return _denied(node.part)
        case f.Compare():
            return f"{inner(node.left)}{node.word}{inner(node.right)}"
        case f.IsOne():
            return _choice(node)
        case f.Since():
            return f"{node.left.name}已满{node.term.text}"


def inner(node: Expr | Cond) -> str:
    """A form as a part of another: a compound in brackets (六角括号), so that its end can be seen."""
    if isinstance(node, f.AnyOf) and whenever(node) is None:  # numbered once, where the whole is no part
        return f"〔{'；或者'.join(map(inner, node.parts))}〕"
    words = phrase(node)
    return f"〔{words}〕" if _is_compound(node) else words


def _denied(node: Cond) -> str:
    """A condition that is not to be so, said of what it is about and never as a denial of a quotation."""
    match node:
        case f.Not():
            return phrase(node.part)
        case f.IsOne() if node.options in (("是",), ("否",)):
            return node.left.name if node.options == ("否",) else f"“{node.left.name}”为否"
        case f.IsOne():
            return f"{node.left.name}不是{one_of(node.options)}"
        case f.Compare():
            return f"{inner(node.left)}{OPPOSITE[node.word]}{inner(node.right)}"
        case f.Since():
            return f"{node.left.name}未满{node.term.text}"
        case _:
            return f"不属于下列情形：{inner(node)}"


def _is_compound(node: Expr | Cond) -> bool:
    if isinstance(node, f.ByReading):
        return at_least(node) is None
    return isinstance(
        node,
        (f.All, f.AnyOf, f.AtLeast, f.If, f.Bands, f.Steps, f.Cap, f.Less, f.Rounded, f.Sum, f.Choose, f.Times, f.Per),
    ) or (isinstance(node, f.InKind) and len(node.services) > 1)


def at_least(node: f.ByReading) -> str | None:
    """``投资额在300万元以上（含本数；口径待主管部门确认）``: the word 以上 without （含）, which is a reading of its own."""
    if node.reading != AT_LEAST or not isinstance(node.taken, f.Compare):
        return None
    return f"{inner(node.taken.left)}在{inner(node.taken.right)}以上（含本数；口径待主管部门确认）"


def rounding(node: f.Rounded) -> str:
    """What becomes of what is less than a whole step."""
    return {"舍去": "不足的部分舍去", "进位": "不足的部分按一个整数计", "四舍五入": "四舍五入"}[node.way]


def so_many(node: f.AtLeast) -> str:
    """``以下4项中至少符合2项``."""
    return f"以下{len(node.parts)}项中至少符合{node.number.value}项"


def _after(node: f.After) -> str:
    text = node.term.text
    return f"{inner(node.base)}{'前' if text.startswith('-') else '后'}{text.removeprefix('-')}"


def _listed(parts: tuple[Expr, ...], last: str) -> str:
    """``甲、乙与丙``."""
    words = [inner(part) for part in parts]
    return f"{'、'.join(words[:-1])}{last}{words[-1]}" if len(words) > 1 else words[0]


def _choice(node: f.IsOne) -> str:
    """A fact that is 是 is said by its name alone (``本区工商注册``); choices are quoted, since some hold the word 或."""
    if node.options == ("是",):
        return node.left.name
    if node.options == ("否",):
        return f"“{node.left.name}”为否"
    taken = "（没有填的按此计）" if node.presumed else ""
    if len(node.options) == 1:
        return f"{node.left.name}为{node.options[0]}{taken}"
    return f"{node.left.name}为{''.join(f'“{option}”' for option in node.options)}之一{taken}"


def whenever(node: f.AnyOf) -> tuple[Cond, Cond] | None:
    """The two halves (当, 须) of a 凡 form; None for an ordinary 任一."""
    first = node.parts[0]
    return (first.part, node.parts[1]) if len(node.parts) == 2 and isinstance(first, f.Not) else None


def conjuncts(node: f.All) -> list[Cond]:
    """What must all hold, blocks within blocks laid flat."""
    return [one for part in node.parts for one in (conjuncts(part) if isinstance(part, f.All) else [part])]


def _any(node: f.AnyOf) -> str:
    if (halves := whenever(node)) is not None:
        return f"凡{inner(halves[0])}的，须{inner(halves[1])}"
    ways = (phrase(part) if isinstance(part, f.All) else inner(part) for part in node.parts)
    return "符合以下任一：" + "；".join(f"（{i}）{way}" for i, way in enumerate(ways, 1))


def step_rows(node: f.Steps) -> list[tuple[str, Quantity]]:
    """The rows of a step table as (label, what it gives): ``不足10吨标煤``, ``10吨标煤以上、不足30吨标煤`` …"""
    edges = [literal(quantity) for quantity in node.at]
    labels = [f"不足{edges[0]}"]
    labels += [f"{low}以上、不足{high}" for low, high in itertools.pairwise(edges)]
    labels.append(f"{edges[-1]}以上")
    return list(zip(labels, node.give, strict=True))


def reading_of(policy: Policy, clause: str) -> list[str]:
    """Every piece of rule that cites the clause, in words: what F1 shows beside the text."""
    return [f"{title}：{words}" for title, words in _said(policy, clause)] or _claimed(policy, clause)


def _said(policy: Policy, clause: str) -> Iterator[tuple[str, str]]:
    meant = covering(policy, clause)
    for piece in pieces_of(policy, clause):
        yield piece.title, phrase(piece.node)
    for benefit in policy.benefits:
        if benefit.deadline is not None and meant & set(benefit.deadline.cite):
            yield f"{benefit.title}·时限", deadline_words(benefit)
    for limit in policy.limits:
        if meant & set(limit.cite):
            yield f"限额·{limit.name}", limit_words(limit)


def covering(policy: Policy, clause: str) -> set[str]:
    """The ids by which a rule may cite a sentence: its own, and those of the clauses that it is a part of."""
    stems = {clause[:end] for end in range(1, len(clause) + 1) if not clause[end : end + 1].isdigit()}
    return {clause} | {stem for stem in stems if any(s.id == clause for s in policy.text.find(stem))}


class Piece(NamedTuple):
    """A piece of rule that cites a clause: where it stands (``企业上市奖励·给予``), its form, and whether it is whole."""

    title: str
    node: Expr | Cond
    whole: bool


def pieces_of(policy: Policy, clause: str) -> Iterator[Piece]:
    """The pieces of general conditions, definitions and benefits that cite a clause.

    A rule that cites the clause as a whole comes whole; of one that cites it in a part only, that part comes.
    """
    meant = covering(policy, clause)
    for general in policy.general:
        yield from _of(f"总则·{general.name}", general.condition, general.cite, meant)
    for definition in policy.definitions:
        yield from _of(f"定义·{definition.name}", definition.body, definition.cite, meant)
    for benefit in policy.benefits:
        if benefit.condition is not None:
            yield from _of(f"{benefit.title}·条件", benefit.condition, (), meant)
        yield from _of(f"{benefit.title}·给予", benefit.give, benefit.cite, meant)


def _of(title: str, root: Expr | Cond, cite: tuple[str, ...], meant: set[str]) -> Iterator[Piece]:
    if meant & {*cite, *root.cite}:
        yield Piece(title, root, True)
        return
    for context, node in _parts(root, meant):
        yield Piece(f"{title}{f'（{context}）' if context else ''}", node, False)


def _parts(node: Expr | Cond, meant: set[str], context: str = "") -> Iterator[tuple[str, Expr | Cond]]:
    """The highest nodes below ``node`` that cite the clause, each with the row or branch that it stands in."""
    for child in f.children(node):
        own = _branch(node, child) or context
        if meant & set(child.cite):
            yield own, child
        else:
            yield from _parts(child, meant, own)


def _branch(node: Expr | Cond, child: Expr | Cond) -> str:
    match node:
        case f.Bands():
            label = next((row.label for row in node.rows if row.value is child), "")
            return f"{node.on.name}：{label}" if label else "其余" if child is node.otherwise else ""
        case f.If() if child is not node.when:
            return f"{phrase(node.when)}的" if child is node.then else f"不是{phrase(node.when)}的"
        case f.ByReading():
            return "" if child is node.taken else "另一读法"
        case f.Verdict():
            return "可能的结果之一"
        case _:
            return ""


def limit_words(limit: Limit) -> str:
    """``不超过100万元，已领的按“本年度已领贴息”计``."""
    only = f"（只在“{limit.reading}”的另一读法下）" if limit.reading else ""
    return f"不超过{phrase(limit.most)}，已领的按“{limit.received}”计{only}"


def worth_words(benefit: Benefit) -> str:
    """What a benefit comes to in money over time (折算), and what is asked for it; empty where it says nothing of it."""
    worth = benefit.worth
    if worth is None:
        return ""
    each = {"月": "每月", "年": "每年", "": "合计"}[worth.period]
    of = f"{phrase(worth.base)}乘以上述比例" if worth.base is not None else "按上述给予"
    parts = [f"{each}{of}"]
    parts += [f"这次申领：{worth.asked.name}"] if worth.asked is not None else []
    parts += [f"此前已享受：{worth.had.name}"] if worth.had is not None else []
    parts += [f"同{worth.other.name}合计不超过{phrase(worth.base)}"] if worth.other and worth.base is not None else []
    return "；".join(parts)


def deadline_words(benefit: Benefit) -> str:
    """``上市挂牌日后60个工作日内，逾期视为自动放弃``, and whom it binds when not everybody; empty without a deadline."""
    deadline = benefit.deadline
    if deadline is None:
        return ""
    lapse = deadline.consequence if deadline.consequence.startswith("逾期") else f"逾期{deadline.consequence}"
    bound = f"（适用于：{phrase(deadline.when)}）" if deadline.when is not None else ""
    other = deadline.other
    either = f"；{phrase(other.when)}时，也可能从{other.start}起算，由{other.who}认定" if other is not None else ""
    last = deadline.last_day
    deed = last.deed if isinstance(last, f.After) and last.deed != USUAL_DEED else ""
    return f"{deadline.start}后{deadline.term}内{deed}，{lapse}{bound}{either}"


def _claimed(policy: Policy, clause: str) -> list[str]:
    claim = policy.ledger.get(clause)
    return [f"{claim.claim}：{claim.why}"] if claim is not None and claim.why else []
