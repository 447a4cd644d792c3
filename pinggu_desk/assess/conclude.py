"""Status and kind of figure, derived from spans and needs; nobody declares them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pinggu_desk.assess.determination import Figure, Status
from pinggu_desk.assess.env import Env
from pinggu_desk.assess.needs import Needs
from pinggu_desk.policy.quantity import INF, Dim

if TYPE_CHECKING:
    from pinggu_desk.assess.rules import Rule


@dataclass(frozen=True)
class Conclusion:
    """Status, kind of figure, the figure's ends (None where nothing may be printed), and what is needed.

    ``exact`` says that both ends are one settled figure, should the conditions hold.
    """

    status: Status
    figure: Figure | None
    low: int | None
    high: int | None
    exact: bool
    dim: Dim
    needs: Needs


def conclude(rule: Rule, env: Env, open_env: Env) -> Conclusion:
    """Conclude one benefit.

    Condition surely false, or figure surely zero: ineligible. Something askable or a parameter missing: unknown.
    Only an authority's verdict missing: review. Else eligible. ``open_env`` is ``env`` without the most that unknown
    facts declare.
    """
    dim = rule.dim
    if not rule.test(env)[1] or not rule.figure(env)[1]:
        return Conclusion("ineligible", None, None, None, False, dim, Needs())
    needs, own = Needs(), Needs()
    rule.test_lacks(env, True, needs)
    rule.figure_lacks(env, True, own)
    figure, low, high = _figure(rule, own, env, open_env)
    needs.add(own)
    status: Status = "eligible"
    if needs.asks or needs.parameters:
        status = "unknown"
    elif needs.any:
        status = "review"
    exact = low is not None and low == high
    return Conclusion(status, figure, low, high, exact, dim, needs)


def _figure(rule: Rule, own: Needs, env: Env, open_env: Env) -> tuple[Figure | None, int | None, int | None]:
    if rule.dim is Dim.SERVICE:
        return "in_kind", None, None
    low, high = rule.figure(env)
    if own.asks or own.parameters:
        top = rule.figure(open_env)[1]
        return (next(iter(rule.kinds)) if len(rule.kinds) == 1 else None), None, (top if top < INF else None)
    if low == high:
        return "computed", low, high
    if high >= INF:
        return "by_review", (low or None), None
    return ("range" if low else "up_to"), (low if low else None), high
