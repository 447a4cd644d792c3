"""Status and kind of figure, derived from spans and needs; nobody declares them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from pinggu_desk.assess.determination import Figure, Status
from pinggu_desk.assess.env import Env, Span
from pinggu_desk.assess.needs import NOTHING, Collector, Needs
from pinggu_desk.policy.quantity import INF, Dim

if TYPE_CHECKING:
    from pinggu_desk.assess.rules import Rule
    from pinggu_desk.assess.straight import Ends


class Conclusion(NamedTuple):
    """Status, kind of figure, the figure's ends (None where nothing may be printed), and what is needed.

    ``exact`` says that both ends are one settled figure, should the conditions hold; ``gap`` that the figure itself
    waits for a verdict.
    """

    status: Status
    figure: Figure | None
    low: int | None
    high: int | None
    exact: bool
    dim: Dim
    needs: Needs
    gap: bool = False


def conclude(rule: Rule, env: Env, opened: Callable[[], Env]) -> Conclusion:
    """Conclude one benefit.

    Condition surely false, or figure surely zero: ineligible. Something askable or a parameter missing: unknown.
    Only an authority's verdict missing: review. Else eligible. ``opened`` makes ``env`` without the most that unknown
    facts declare.
    """
    test = rule.test(env)
    if not test[1] or not rule.figure(env)[1]:
        return Conclusion("ineligible", None, None, None, False, rule.dim, _unchecked(rule, env))
    span, needs = rule.figure(env), _needs(rule.test_lacks, test, env)
    own = _needs(rule.figure_lacks, span, env)
    figure, low, high = _figure(rule, span, own, opened)
    gap, needs = bool(own.verdicts), needs.with_(own).facts_first()
    status: Status = "eligible"
    if needs.asks or needs.parameters:
        status = "unknown"
    elif needs.any:
        status = "review"
    return Conclusion(status, figure, low, high, low is not None and low == high, rule.dim, needs, gap)


def settled(rule: Rule, ends: Ends) -> Conclusion | None:
    """The same from spans that were worked out otherwise (``assess.straight``), where nothing is open; None: to be concluded."""
    if ends is None:
        return rule.refused
    sure, low, high = ends
    if not high:
        return rule.refused
    if not sure or low != high or high >= INF:
        return None
    if rule.dim is Dim.SERVICE:
        return rule.served
    return Conclusion("eligible", "computed", low, high, True, rule.dim, NOTHING)


def _unchecked(rule: Rule, env: Env) -> Needs:
    """What a check (核对) that has failed still lacks: one failing indicator does not silence the others."""
    if rule.check is None or not rule.check.applies(env)[1]:
        return NOTHING
    needs = Needs()
    for lacks in rule.check.lacks:
        lacks(env, True, needs)
    return Needs(needs.asks, needs.parameters)


def _needs(lacks: Collector, span: Span, env: Env) -> Needs:
    if span[0] == span[1]:
        return NOTHING
    needs = Needs()
    lacks(env, True, needs)
    return needs


def _figure(
    rule: Rule, span: Span, own: Needs, opened: Callable[[], Env]
) -> tuple[Figure | None, int | None, int | None]:
    if rule.dim is Dim.SERVICE:
        return "in_kind", None, None
    low, high = span
    if own.asks or own.parameters:
        top = rule.figure(opened())[1]
        return (next(iter(rule.kinds)) if len(rule.kinds) == 1 else None), None, (top if top < INF else None)
    if low == high:
        return "computed", low, high
    if high >= INF:
        return "by_review", (low or None), None
    return ("range" if low else "up_to"), (low if low else None), high
