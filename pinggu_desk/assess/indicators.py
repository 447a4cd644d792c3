"""One indicator (指标) of a score or a screening, as screens, papers and JSON show it: what is stated, asked and between them."""

from __future__ import annotations

from fractions import Fraction

from pinggu_desk.assess.explain import Explainer
from pinggu_desk.assess.notes import Indicator
from pinggu_desk.policy import forms as f
from pinggu_desk.policy import say
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.forms import Cond, Expr
from pinggu_desk.policy.models import Definition
from pinggu_desk.policy.parameters import Parameter
from pinggu_desk.policy.quantity import Dim, plain, show
from pinggu_desk.policy.reading import step_rows


def indicator_of(explainer: Explainer, definition: Definition) -> Indicator | None:
    """A definition marked 指标: the value it looks at, the row it fell in or the bound, its points or its pass.

    None where its 凡 … 当 … is settled and not so: an indicator of another kind of project.
    """
    low, high = explainer.span(definition.body)
    body = looked_at = definition.body
    only = ""
    if isinstance(body, f.AnyOf) and len(body.parts) == 2 and isinstance(body.parts[0], f.Not):  # 凡 … 当 … 须 …
        spared = explainer.span(body.parts[0])
        if spared == (1, 1):
            return None
        looked_at = body.parts[1]
        only = "" if spared == (0, 0) else f"（凡{explainer.meaning.said(body.parts[0].part)}的）"
        body = looked_at
    base = _base(explainer, looked_at)
    known = low == high
    return Indicator(
        name=base.name if base is not None else definition.name,
        value=_stated(explainer, base) if base is not None else "",
        bound=_bound(explainer, body) + only if definition.is_condition else _row(explainer, body) if known else "",
        score=low if known and not definition.is_condition else None,
        passed=bool(low) if known and definition.is_condition else None,
        clause=definition.cite[0],
        difference=_difference(explainer, body) if definition.is_condition else "",
    )


def _base(explainer: Explainer, body: Expr | Cond) -> f.Name | None:
    """The fact whose value the indicator shows: the first that its words name."""
    names = (node for node in f.walk(body) if isinstance(node, f.Name))
    return next((n for n in names if not isinstance(explainer.scope.lookup(n), (Definition, Parameter))), None)


def _stated(explainer: Explainer, base: f.Name) -> str:
    """What is stated of it; a Yes or No as a statement (在禁限之列), since 否 beside a name that denies says nothing."""
    found, (low, high) = explainer.scope.lookup(base), explainer.span(base)
    if isinstance(found, Fact) and found.dim is Dim.TRUTH and low == high:
        return found.name if low else say.no_words(found)
    return explainer.value(base)


def _row(explainer: Explainer, body: Expr | Cond) -> str:
    """The row of a step table that the value fell in."""
    steps = next((node for node in f.walk(body) if isinstance(node, f.Steps)), None)
    if steps is None:
        return ""
    first, last = explainer.span(steps.on)
    return step_rows(steps)[sum(first >= at.value for at in steps.at)][0] if first == last else ""


def _bound(explainer: Explainer, body: Expr | Cond) -> str:
    """What is asked, as a number with its unit where it is settled: ``不低于3.3亿元（每公顷1.65亿元）``."""
    if isinstance(body, f.IsOne):
        found = explainer.scope.lookup(body.left)
        if isinstance(found, Fact) and found.dim is Dim.TRUTH:
            return say.answered(found, body.options == ("是",), "holds")
        return say.one_of(body.options)
    if not isinstance(body, f.Compare):
        return explainer.meaning.said(body)
    right = body.right
    rate = f"每{right.step.text.removeprefix('1')}{say.literal(right.each)}" if isinstance(right, f.Per) else ""
    low, high = explainer.span(right)
    if low != high:
        return f"{body.word}{rate or explainer.meaning.said(right)}"
    shown = show(low, explainer.meaning.dim(right), explainer.unit(body.left))
    return f"{body.word}{shown}{f'（{rate}）' if rate else ''}"


def _difference(explainer: Explainer, body: Expr | Cond) -> str:
    """By how much what is stated falls short of the bound or goes beyond it: ``差2.3亿元``, ``多0.7亿元``, ``恰好``."""
    if not isinstance(body, f.Compare) or body.word in ("不晚于", "不早于"):
        return ""
    (low, high), (least, most) = explainer.span(body.left), explainer.span(body.right)
    if low != high or least != most:
        return ""
    dim, by = explainer.meaning.dim(body.left), low - least
    if not by:
        return "恰好"
    words = (
        f"{plain(Fraction(abs(by), 100))}个百分点" if dim is Dim.RATE else show(abs(by), dim, explainer.unit(body.left))
    )
    return f"{'多' if by > 0 else '差' if body.word in ('不低于', '超过') else '少'}{words}"
