"""The nearest way (最接近的一种情形): of any-of-many that is open, what the one that is furthest along still lacks.

That is the one of which the largest part is answered; of equals (nothing was said yet) one that facts alone decide before one
that ends with somebody's verdict, then the one with the fewest open facts. What could still move an answer is named whole by
``assess.needs``, and status, tables and states rest on that alone. Here is only what is said first: who fits none of seven
ways yet is not told the sum of all seven.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from pinggu_desk.assess.env import Env, Fn
from pinggu_desk.assess.needs import NOTHING, Collector, Lacking, Needs, Sink
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.forms import Cond, Expr

if TYPE_CHECKING:
    from pinggu_desk.assess.rules import Rule


class Nearest(Lacking):
    """The same walk for one case, but of an open ``任一`` only the nearest line; of equals the author's first."""

    def _told(self, parts: Sequence[Cond]) -> list[Callable[[Env], int]]:
        """Of each line, how many of the facts that it speaks of are answered, those left out that every line speaks of."""
        scope = self.meaning.scope
        names = [
            {n.name: n for n in scope.reach(part) if isinstance(n, f.Name) and isinstance(scope.lookup(n), Fact)}
            for part in parts
        ]
        common = set.intersection(*map(set, names))
        return [_answered([self.meaning.of(n) for name, n in own.items() if name not in common]) for own in names]

    def _build(self, node: Expr | Cond) -> Collector:
        if not isinstance(node, f.AnyOf):
            return super()._build(node)
        span, parts = self.meaning.of(node), list(zip(map(self.of, node.parts), self._told(node.parts), strict=True))

        def lacking(env: Env, mask: Any, sink: Sink) -> None:
            low, high = span(env)
            if low == high or not mask:
                return
            ways: list[tuple[tuple[Fraction, bool, int], Needs]] = []
            for part, told in parts:
                way = Needs()
                part(env, True, way)
                if way.asks:
                    ways.append((_order(way, told(env)), way))
            nearest = min(ways, key=itemgetter(0))[1] if ways else NOTHING
            for name in nearest.asks:
                sink.ask(name, mask)
            for name, (who, why) in nearest.verdicts.items():
                sink.verdict(name, who, why, mask)

        return lacking


def _answered(spans: Sequence[Fn]) -> Callable[[Env], int]:
    return lambda env: sum(low == high for low, high in (span(env) for span in spans))


def _order(way: Needs, told: int) -> tuple[Fraction, bool, int]:
    """What is furthest along first, then what facts alone decide, then what is shortest."""
    left = len(way.asks) + len(way.parameters)
    return Fraction(left, left + told), bool(way.verdicts), left


def nearest_asks(rule: Rule, env: Env, asks: Sequence[str]) -> tuple[str, ...]:
    """Of the facts that a benefit lacks, those of the nearest way; all of them where there is one way only."""
    if rule.nearest is None or len(asks) < 2 or not rule.test(env)[1]:
        return tuple(asks)
    found = Needs()
    for node in (rule.condition, rule.give):
        rule.nearest.of(node)(env, True, found)
    return tuple(name for name in asks if name in found.asks) or tuple(asks)
