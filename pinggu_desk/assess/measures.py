"""What the forms mean that other districts' texts need: figures in whole steps, time between days, growth, so many of these.

As in ``assess.meaning``, each is a function from an environment to a span, the same for one case and for a table.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pinggu_desk.assess.ops import MAX_FACTOR
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.quantity import INF

if TYPE_CHECKING:
    from pinggu_desk.assess.env import Env, Fn, Span
    from pinggu_desk.assess.meaning import Meaning

Measure = f.Rounded | f.Between | f.Growth | f.AtLeast


def measure(meaning: Meaning, node: Measure) -> Fn:
    """The meaning of one of these forms."""
    match node:
        case f.Rounded():
            return _rounded(meaning, node)
        case f.Between():
            return _between(meaning, node)
        case f.Growth():
            return _growth(meaning, node)
        case f.AtLeast():
            return _at_least(meaning, node)


def _rounded(meaning: Meaning, node: f.Rounded) -> Fn:
    of, ops, step = meaning.of(node.of), meaning.ops, node.step.value
    more = {"舍去": 0, "四舍五入": step // 2, "进位": step - 1}[node.way]

    def whole(value: Any) -> Any:
        return ops.where(value >= INF, INF, (value + more) // step * step)

    def rounded(env: Env) -> Span:
        low, high = of(env)
        least = whole(low)
        return least, least if low is high else whole(high)

    return rounded


def _between(meaning: Meaning, node: f.Between) -> Fn:
    start, end, ops = meaning.of(node.start), meaning.of(node.end), meaning.ops

    def days(a: Any, b: Any) -> Any:
        return ops.maximum(b - a, 0)

    def months(a: Any, b: Any) -> Any:
        # where the last month has no such day, its last day completes the term (民法典 第202条)
        due = ops.minimum(ops.each(_day, a), ops.each(_length, b))
        full = ops.each(_month, b) - ops.each(_month, a) - ops.where(ops.each(_day, b) < due, 1, 0)
        return ops.maximum(full, 0)

    count = months if node.months else days

    def between(env: Env) -> Span:
        a, b = start(env), end(env)
        least = count(a[1], b[0])
        return least, least if a[0] is a[1] and b[0] is b[1] else count(a[0], b[1])

    return between


def _growth(meaning: Meaning, node: f.Growth) -> Fn:
    now, then, ops = meaning.of(node.now), meaning.of(node.then), meaning.ops

    def grown(a: Any, b: Any) -> Any:
        """Rounded down: a comparison is made without division (``Meaning.factors``), so no bound hangs on that."""
        rate = ops.maximum(a - b, 0) * MAX_FACTOR // ops.maximum(b, 1)
        return ops.where((a >= INF) | (b <= 0), INF, ops.minimum(rate, INF))

    def growth(env: Env) -> Span:
        a, b = now(env), then(env)
        least = ops.where(b[1] >= INF, 0, grown(a[0], b[1]))
        return least, least if a[0] is a[1] and b[0] is b[1] else grown(a[1], b[0])

    return growth


def _at_least(meaning: Meaning, node: f.AtLeast) -> Fn:
    parts, number = [meaning.of(part) for part in node.parts], node.number.value

    def so_many(env: Env) -> Span:
        sure: Any = 0
        maybe: Any = 0
        for part in parts:
            low, high = part(env)
            sure, maybe = sure + low * 1, maybe + high * 1
        return sure >= number, maybe >= number

    return so_many


@lru_cache(maxsize=1 << 14)
def _month(day: int) -> int:
    at = date.fromordinal(day)
    return at.year * 12 + at.month


@lru_cache(maxsize=1 << 14)
def _day(day: int) -> int:
    return date.fromordinal(day).day


@lru_cache(maxsize=1 << 14)
def _length(day: int) -> int:
    at = date.fromordinal(day)
    return monthrange(at.year, at.month)[1]
