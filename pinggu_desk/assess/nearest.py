"""The nearest way (最接近的一种情形): of any-of-many that is open, what the one with the fewest open facts still lacks.

What could still move an answer is named whole by ``assess.needs``, and status, tables and states rest on that alone. Here is
only what is said first: who fits none of seven ways yet is not told the sum of all seven.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pinggu_desk.assess.env import Env
from pinggu_desk.assess.needs import Collector, Lacking, Needs, Sink
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.forms import Cond, Expr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pinggu_desk.assess.rules import Rule


class Nearest(Lacking):
    """The same walk for one case, but of an open ``任一`` only the nearest line; of equals the author's first."""

    def _build(self, node: Expr | Cond) -> Collector:
        if not isinstance(node, f.AnyOf):
            return super()._build(node)
        span, parts = self.meaning.of(node), [self.of(part) for part in node.parts]

        def lacking(env: Env, mask: Any, sink: Sink) -> None:
            low, high = span(env)
            if low == high or not mask:
                return
            ways: list[Needs] = []
            for part in parts:
                way = Needs()
                part(env, True, way)
                if way.asks:
                    ways.append(way)
            for name in min(ways, key=_length).asks if ways else ():
                sink.ask(name, mask)

        return lacking


def _length(way: Needs) -> int:
    return len(way.asks) + len(way.parameters)


def nearest_asks(rule: Rule, env: Env, asks: Sequence[str]) -> tuple[str, ...]:
    """Of the facts that a benefit lacks, those of the nearest way; all of them where there is one way only."""
    if rule.nearest is None or len(asks) < 2 or not rule.test(env)[1]:
        return tuple(asks)
    found = Needs()
    for node in (rule.condition, rule.give):
        rule.nearest.of(node)(env, True, found)
    return tuple(name for name in asks if name in found.asks) or tuple(asks)
