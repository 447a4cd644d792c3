"""The Chinese reading of a rule (规则读法), generated from its form, for an officer to hold against the text."""

from __future__ import annotations

import itertools

from pinggu_desk.policy import forms as f
from pinggu_desk.policy.forms import Cond, Expr
from pinggu_desk.policy.models import Benefit, Policy
from pinggu_desk.policy.quantity import Quantity


def phrase(node: Expr | Cond) -> str:  # noqa: C901 - one case a form
    """One form in words."""
    match node:
        case f.Lit():
            return node.quantity.text
        case f.Name():
            return node.name
        case f.Share():
            return f"{phrase(node.base)}的{node.rate.text}"
        case f.Per():
            return f"{phrase(node.base)}每{'满' if node.whole else ''}{node.step.text}计{node.each.text}"
        case f.Times():
            return f"{phrase(node.of)}乘以{phrase(node.by)}"
        case f.After():
            return f"{phrase(node.base)}后{node.term.text}"
        case f.Cap():
            return f"{phrase(node.of)}，最高不超过{phrase(node.cap)}"
        case f.Less():
            return f"{phrase(node.of)}减去{phrase(node.less)}"
        case f.UpTo():
            return f"{phrase(node.low)}至{phrase(node.high)}" if node.low else f"不高于{phrase(node.high)}（上限）"
        case f.Sum():
            return "、".join(phrase(part) for part in node.parts) + "之和"
        case f.Choose():
            return "、".join(phrase(part) for part in node.parts) + f"中较{'高' if node.highest else '低'}者"
        case f.Bands():
            rows = "；".join(f"{row.label}：{phrase(row.value)}" for row in node.rows)
            rest = f"；其余：{phrase(node.otherwise)}" if node.otherwise is not None else ""
            return f"按{node.on.name}分档：{rows}{rest}"
        case f.Steps():
            return f"按{node.on.name}分档：{'；'.join(f'{label}：{give.text}' for label, give in step_rows(node))}"
        case f.If():
            return f"{phrase(node.when)}的，{phrase(node.then)}；否则{phrase(node.other)}"
        case f.Undetermined():
            return "金额未公布，由评审确定"
        case f.InKind():
            return "、".join(node.services)
        case f.Nothing():
            return "不予支持"
        case f.Verdict():
            maybe = f"，可能为{'或'.join(phrase(part) for part in node.possible)}" if node.possible else ""
            return f"由{node.who}认定（{node.why}{maybe}）"
        case f.ByReading():
            return f"{phrase(node.taken)}（口径待主管部门确认；另一读法：{phrase(node.other)}）"
        case f.All():
            return "，且".join(phrase(part) for part in node.parts)
        case f.AnyOf():
            return _any(node)
        case f.Not():
            return f"并非（{phrase(node.part)}）"
        case f.Compare():
            return f"{phrase(node.left)}{node.word}{phrase(node.right)}"
        case f.IsOne():
            if node.options in (("是",), ("否",)):
                return f"{node.left.name}：{node.options[0]}"
            return f"{node.left.name}为{'或'.join(node.options)}"
        case f.Since():
            return f"{node.left.name}已满{node.term.text}"


def _any(node: f.AnyOf) -> str:
    if len(node.parts) == 2 and isinstance(node.parts[0], f.Not):
        return f"凡{phrase(node.parts[0].part)}的，须{phrase(node.parts[1])}"
    return "符合以下任一：" + "；".join(f"（{i}）{phrase(part)}" for i, part in enumerate(node.parts, 1))


def step_rows(node: f.Steps) -> list[tuple[str, Quantity]]:
    """The rows of a step table as (label, what it gives): ``不足10吨标煤``, ``10吨标煤以上、不足30吨标煤`` …"""
    edges = [quantity.text for quantity in node.at]
    labels = [f"不足{edges[0]}"]
    labels += [f"{low}以上、不足{high}" for low, high in itertools.pairwise(edges)]
    labels.append(f"{edges[-1]}以上")
    return list(zip(labels, node.give, strict=True))


def reading_of(policy: Policy, clause: str) -> list[str]:
    """Every piece of rule that cites the clause, in words: what F1 shows beside the text."""
    lines: list[str] = []
    for general in policy.general:
        if clause in general.cite or _cites(general.condition, clause):
            lines.append(f"总则·{general.name}：{phrase(general.condition)}")
    for definition in policy.definitions:
        if clause in definition.cite or _cites(definition.body, clause):
            lines.append(f"定义·{definition.name}：{phrase(definition.body)}")
    for benefit in policy.benefits:
        lines.extend(_benefit_lines(benefit, clause))
    for limit in policy.limits:
        if clause in limit.cite:
            lines.append(f"限额·{limit.name}：不超过{phrase(limit.most)}")
    return lines or _claimed(policy, clause)


def _cites(node: Expr | Cond, clause: str) -> bool:
    return any(clause in item.cite for item in f.walk(node))


def _benefit_lines(benefit: Benefit, clause: str) -> list[str]:
    lines: list[str] = []
    if benefit.condition is not None and _cites(benefit.condition, clause):
        lines.append(f"{benefit.title}·条件：{phrase(benefit.condition)}")
    if clause in benefit.cite or _cites(benefit.give, clause):
        lines.append(f"{benefit.title}·给予：{phrase(benefit.give)}")
    deadline = benefit.deadline
    if deadline is not None and clause in deadline.cite:
        lines.append(f"{benefit.title}·时限：{deadline.start}后{deadline.term}内，逾期{deadline.consequence}")
    return lines


def _claimed(policy: Policy, clause: str) -> list[str]:
    claim = policy.ledger.get(clause)
    return [f"{claim.claim}：{claim.why}"] if claim is not None and claim.why else []
