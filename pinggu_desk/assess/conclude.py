"""Status and kind of figure, derived from spans and needs; nobody declares them."""

from __future__ import annotations

from dataclasses import dataclass

from pinggu_desk.assess.determination import Figure, Status
from pinggu_desk.assess.meaning import Env, Meaning
from pinggu_desk.assess.needs import Needs, collect
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.forms import Cond, Expr
from pinggu_desk.policy.quantity import INF, Dim


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


def conclude(meaning: Meaning, condition: Cond, give: Expr, env: Env, open_env: Env) -> Conclusion:
    """Conclude one benefit.

    Condition surely false, or figure surely zero: ineligible. Something askable or a parameter missing: unknown.
    Only an authority's verdict missing: review. Else eligible.
    """
    test, span = meaning.of(condition)(env), meaning.of(give)(env)
    dim = meaning.scope.dim(give)
    if not test[1] or not span[1]:
        return Conclusion("ineligible", None, None, None, False, dim, Needs())
    needs, own = Needs(), Needs()
    collect(meaning, condition, env, needs)
    collect(meaning, give, env, own)
    status: Status = "eligible"
    if needs.asks or needs.parameters or own.asks or own.parameters:
        status = "unknown"
    elif needs.any or own.any:
        status = "review"
    figure, low, high = _figure(meaning, give, dim, own, env, open_env)
    needs.asks.update(own.asks)
    needs.parameters.update(own.parameters)
    needs.verdicts.update(own.verdicts)
    exact = low is not None and low == high
    return Conclusion(status, figure, low, high, exact, dim, needs)


def _figure(
    meaning: Meaning, give: Expr, dim: Dim, own: Needs, env: Env, open_env: Env
) -> tuple[Figure | None, int | None, int | None]:
    if dim is Dim.SERVICE:
        return "in_kind", None, None
    low, high = (int(end) for end in meaning.of(give)(env))
    if own.asks or own.parameters:
        kinds = kinds_of(meaning, give)
        top = int(meaning.of(give)(open_env)[1])
        return (next(iter(kinds)) if len(kinds) == 1 else None), None, (top if top < INF else None)
    if low == high:
        return "computed", low, high
    if high >= INF:
        return "by_review", (low or None), None
    return ("range" if low else "up_to"), (low if low else None), high


def kinds_of(meaning: Meaning, node: Expr | Cond) -> set[Figure]:
    """The kinds of figure that a form can come to, whatever the answers."""
    match node:
        case f.Undetermined():
            return {"by_review"}
        case f.InKind():
            return {"in_kind"}
        case f.UpTo():
            return {"range"} if node.low is not None else {"up_to"}
        case f.Nothing():
            return set()
        case f.Verdict():
            return {"range"} if len(node.possible) > 1 else {"by_review"}
        case f.Cap() | f.Times():
            return kinds_of(meaning, node.of)
        case f.Less():
            return kinds_of(meaning, node.of)
        case f.If():
            return kinds_of(meaning, node.then) | kinds_of(meaning, node.other)
        case f.ByReading():
            return kinds_of(meaning, node.taken)
        case f.Bands():
            values = [row.value for row in node.rows] + ([node.otherwise] if node.otherwise is not None else [])
            return {kind for value in values for kind in kinds_of(meaning, value)}
        case f.Name() if (body := meaning.scope.body(node)) is not None:
            return kinds_of(meaning, body)
        case f.Sum() | f.Choose():
            kinds = {kind for part in node.parts for kind in kinds_of(meaning, part)}
            return kinds if len(kinds) < 2 else kinds - {"computed"}
        case _:
            return {"computed"}
