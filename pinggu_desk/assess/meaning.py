"""What each rule form means, once: a function from an environment to a span (certain, still possible).

Every value is a pair of whole numbers. Kleene's truth values are (1,1), (0,0) and (0,1), so that *and*, *or* and
*not* are min, max and complement. The same code runs on ints (one case) and on arrays (a table); see ``assess.ops``.
"""

from __future__ import annotations

from collections.abc import Callable
from math import gcd
from typing import Any

from pinggu_desk.assess.ops import MAX_FACTOR, scale, times, wide
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.dates import add_months, latest_start
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.forms import Cond, Expr
from pinggu_desk.policy.models import Definition
from pinggu_desk.policy.quantity import INF, Dim
from pinggu_desk.policy.scope import JUDGED_ON, Scope

Span = tuple[Any, Any]
Fn = Callable[["Env"], Span]


class Env:
    """One run's inputs: a span for every slot (facts, parameters, readings), the day of judgement, and a memo."""

    __slots__ = ("memo", "on", "values")

    def __init__(self, values: list[Span], on: int, definitions: int) -> None:
        self.values, self.on = values, on
        self.memo: list[Span | None] = [None] * definitions


class Slots:
    """Where each fact, parameter and reading stands in an environment; definitions have slots in the memo."""

    def __init__(self) -> None:
        self.index: dict[str, int] = {}
        self.definitions: dict[tuple[str, str], int] = {}

    def slot(self, name: str) -> int:
        """The slot of a fact, parameter or reading (``读法:<id>``)."""
        return self.index.setdefault(name, len(self.index))

    def definition(self, policy: str, name: str) -> int:
        """The memo slot of a policy's definition."""
        return self.definitions.setdefault((policy, name), len(self.definitions))


class Meaning:
    """Compiles one policy's forms into functions over spans, for one kind of ``ops``."""

    def __init__(self, scope: Scope, slots: Slots, ops: Any) -> None:
        self.scope, self.slots, self.ops = scope, slots, ops
        self._built: dict[int, Fn] = {}

    def of(self, node: Expr | Cond) -> Fn:
        """The meaning of a form; built once."""
        built = self._built.get(id(node))
        if built is None:
            built = self._build(node)
            self._built[id(node)] = built
        return built

    def _build(self, node: Expr | Cond) -> Fn:  # noqa: PLR0911, PLR0912, C901 - one case a form
        match node:
            case f.Lit():
                value = node.quantity.value
                return lambda env: (value, value)
            case f.Nothing():
                return lambda env: (0, 0)
            case f.InKind():
                return lambda env: (1, 1)
            case f.Undetermined():
                return lambda env: (0, INF)
            case f.Name():
                return self._name(node)
            case f.Share() | f.Per():
                return self._scaled(node)
            case f.Times():
                return self._times(node)
            case f.After():
                return self._after(node)
            case f.Cap():
                return self._pairwise(node.of, node.cap, self.ops.minimum)
            case f.Choose():
                return self._fold(node.parts, self.ops.maximum if node.highest else self.ops.minimum)
            case f.Sum():
                minimum = self.ops.minimum
                return self._fold(node.parts, lambda a, b: minimum(a + b, INF))
            case f.Less():
                return self._less(node)
            case f.UpTo():
                return self._up_to(node)
            case f.Bands():
                return self._bands(node)
            case f.Steps():
                return self._steps(node)
            case f.If():
                return self._choice(self.of(node.when), self.of(node.then), self.of(node.other))
            case f.ByReading():
                slot = self.slots.slot(f"读法:{node.reading}")
                return self._choice(lambda env: env.values[slot], self.of(node.taken), self.of(node.other))
            case f.Verdict():
                return self._verdict(node)
            case f.All():
                return self._kleene(node.parts, all_of=True)
            case f.AnyOf():
                return self._kleene(node.parts, all_of=False)
            case f.Not():
                part = self.of(node.part)
                return lambda env: (lambda s: (s[1] ^ 1, s[0] ^ 1))(part(env))
            case f.IsOne():
                return self._is_one(node)
            case f.Since():
                return self._since(node)
            case f.Compare():
                return self._compare(node)

    # --- quantities ---

    def _name(self, node: f.Name) -> Fn:
        if node.name == JUDGED_ON:
            return lambda env: (env.on, env.on)
        found = self.scope.lookup(node)
        if not isinstance(found, Definition):
            slot = self.slots.slot(node.name)
            return lambda env: env.values[slot]
        memo, body = self.slots.definition(self.scope.policy.id, node.name), self.of(found.body)

        def once(env: Env) -> Span:
            value = env.memo[memo]
            if value is None:
                value = env.memo[memo] = body(env)
            return value

        return once

    def _ratio(self, node: Expr | Cond) -> tuple[Fn, int, int]:
        """A form as (base, numerator, denominator), so that comparisons need no division."""
        if isinstance(node, f.Share):
            numerator, denominator = node.rate.value, MAX_FACTOR
        elif isinstance(node, f.Per) and not node.whole:
            numerator, denominator = node.each.value, node.step.value
        else:
            return self.of(node), 1, 1
        common = gcd(numerator, denominator)
        return self.of(node.base), numerator // common, denominator // common

    def _scaled(self, node: f.Share | f.Per) -> Fn:
        ops = self.ops
        if isinstance(node, f.Per) and node.whole:
            base, step, each = self.of(node.base), node.step.value, node.each.value

            def whole(env: Env) -> Span:
                low, high = base(env)
                return low // step * each, ops.where(high >= INF, INF, high // step * each)

            return whole
        base, numerator, denominator = self._ratio(node)

        def share(env: Env) -> Span:
            low, high = base(env)
            return scale(ops, low, numerator, denominator), scale(ops, high, numerator, denominator)

        return share

    def _times(self, node: f.Times) -> Fn:
        of, by, ops = self.of(node.of), self.of(node.by), self.ops
        unit = MAX_FACTOR if self.scope.dim(node.by) is Dim.RATE else 1

        def product(env: Env) -> Span:
            a, b = of(env), by(env)
            return times(ops, a[0], b[0], unit), times(ops, a[1], b[1], unit)

        return product

    def _after(self, node: f.After) -> Fn:
        base, count, each = self.of(node.base), node.term.value, self.ops.each
        calendar = self.scope.pack.calendar
        from datetime import date

        if node.term.dim is Dim.WORKDAYS:
            early: Callable[[int], int] = lambda day: calendar.after(day, count)[0]  # noqa: E731
            late: Callable[[int], int] = lambda day: calendar.after(day, count)[1]  # noqa: E731
        elif node.term.dim is Dim.MONTHS:
            early = late = lambda day: add_months(date.fromordinal(day), count).toordinal()
        else:
            early = late = lambda day: day + count

        def after(env: Env) -> Span:
            low, high = base(env)
            return each(early, low), each(late, high)

        return after

    def _pairwise(self, left: Expr | Cond, right: Expr | Cond, join: Any) -> Fn:
        first, second = self.of(left), self.of(right)

        def both(env: Env) -> Span:
            a, b = first(env), second(env)
            return join(a[0], b[0]), join(a[1], b[1])

        return both

    def _fold(self, parts: tuple[Expr, ...], join: Any) -> Fn:
        built = [self.of(part) for part in parts]

        def folded(env: Env) -> Span:
            low, high = built[0](env)
            for part in built[1:]:
                a, b = part(env)
                low, high = join(low, a), join(high, b)
            return low, high

        return folded

    def _less(self, node: f.Less) -> Fn:
        of, less, ops = self.of(node.of), self.of(node.less), self.ops

        def remaining(env: Env) -> Span:
            a, b = of(env), less(env)
            return ops.maximum(a[0] - b[1], 0), ops.where(a[1] >= INF, INF, ops.maximum(a[1] - b[0], 0))

        return remaining

    def _up_to(self, node: f.UpTo) -> Fn:
        high = self.of(node.high)
        if node.low is None:
            return lambda env: (0, high(env)[1])
        low = self.of(node.low)
        return lambda env: (low(env)[0], high(env)[1])

    def _choice(self, when: Fn, then: Fn, other: Fn) -> Fn:
        ops = self.ops

        def chosen(env: Env) -> Span:
            sure, maybe = when(env)
            a, b = then(env), other(env)
            low = ops.where(sure, a[0], ops.where(maybe, ops.minimum(a[0], b[0]), b[0]))
            high = ops.where(sure, a[1], ops.where(maybe, ops.maximum(a[1], b[1]), b[1]))
            return low, high

        return chosen

    def _bands(self, node: f.Bands) -> Fn:
        on = self.of(node.on)
        rows = [(self.row_test(node, row), self.of(row.value)) for row in node.rows]
        rest = self.of(node.otherwise) if node.otherwise is not None else None
        ops = self.ops

        def band(env: Env) -> Span:
            a, b = on(env)
            low, high, settled = INF, 0, 0
            for test, value in rows:
                sure, maybe = test(a, b)
                v = value(env)
                low = ops.where(maybe, ops.minimum(low, v[0]), low)
                high = ops.where(maybe, ops.maximum(high, v[1]), high)
                settled = settled | sure
            if rest is not None:
                v = rest(env)
                low = ops.where(settled, low, ops.minimum(low, v[0]))
                high = ops.where(settled, high, ops.maximum(high, v[1]))
            return low, high

        return band

    def row_test(self, node: f.Bands, row: f.Row) -> Callable[[Any, Any], Span]:
        """Whether a value within (a, b) falls in a row: surely, possibly."""
        if row.options:
            wanted = self._codes(node.on, row.options)
            return lambda a, b: _among(a, b, wanted)
        low = -1 if row.low is None else row.low.value + (0 if row.low_in else 1)
        high = 2 * INF if row.high is None else row.high.value - (0 if row.high_in else 1)
        return lambda a, b: ((a >= low) & (b <= high), (b >= low) & (a <= high))

    def _steps(self, node: f.Steps) -> Fn:
        on, ops = self.of(node.on), self.ops
        edges = [q.value for q in node.at]
        lows, highs = [-INF, *edges], [edge - 1 for edge in edges] + [2 * INF]
        rows = list(zip(lows, highs, (q.value for q in node.give), strict=True))

        def step(env: Env) -> Span:
            a, b = on(env)
            low, high = INF, 0
            for first, last, value in rows:
                maybe = (b >= first) & (a <= last)
                low = ops.where(maybe, ops.minimum(low, value), low)
                high = ops.where(maybe, ops.maximum(high, value), high)
            return low, high

        return step

    def _verdict(self, node: f.Verdict) -> Fn:
        if not node.possible:
            top = 1 if node.truth else INF
            return lambda env: (0, top)
        built = [self.of(part) for part in node.possible]
        ops = self.ops

        def possible(env: Env) -> Span:
            low, high = built[0](env)
            for part in built[1:]:
                a, b = part(env)
                low, high = ops.minimum(low, a), ops.maximum(high, b)
            return low, high

        return possible

    # --- conditions ---

    def _kleene(self, parts: tuple[Cond, ...], *, all_of: bool) -> Fn:
        built = [self.of(part) for part in parts]
        if all_of:

            def every(env: Env) -> Span:
                low, high = 1, 1
                for part in built:
                    a, b = part(env)
                    low, high = low & a, high & b
                return low, high

            return every

        def some(env: Env) -> Span:
            low, high = 0, 0
            for part in built:
                a, b = part(env)
                low, high = low | a, high | b
            return low, high

        return some

    def _codes(self, name: f.Name, options: tuple[str, ...]) -> tuple[int, ...]:
        found = self.scope.lookup(name)
        if isinstance(found, Fact) and found.dim is Dim.OPTION:
            names = [option.name for option in found.options]
            return tuple(names.index(option) for option in options)
        return tuple(int(option == "是") for option in options)

    def _is_one(self, node: f.IsOne) -> Fn:
        left, wanted = self.of(node.left), self._codes(node.left, node.options)
        return lambda env: _among(*left(env), wanted)

    def _since(self, node: f.Since) -> Fn:
        left, months = self.of(node.left), node.term.value

        def since(env: Env) -> Span:
            from datetime import date

            last = latest_start(date.fromordinal(env.on), months).toordinal()
            a, b = left(env)
            return b <= last, a <= last

        return since

    def _compare(self, node: f.Compare) -> Fn:
        left, an, ad = self._ratio(node.left)
        right, bn, bd = self._ratio(node.right)
        common = gcd(an * bd, bn * ad)
        k, m, ops, word = an * bd // common, bn * ad // common, self.ops, node.word

        def compare(env: Env) -> Span:
            a, b = left(env), right(env)
            al, ah, bl, bh = (wide(ops, v, x) for v, x in ((a[0], k), (a[1], k), (b[0], m), (b[1], m)))
            if word in ("不低于", "不早于"):
                return al >= bh, ah >= bl
            if word == "超过":
                return al > bh, ah > bl
            if word == "低于":
                return ah < bl, al < bh
            if word in ("不超过", "不晚于"):
                return ah <= bl, al <= bh
            return (al == ah) & (bl == bh) & (al == bl), (al <= bh) & (bl <= ah)

        return compare


def _among(low: Any, high: Any, wanted: tuple[int, ...]) -> Span:
    """Whether a choice is among ``wanted``: sure when it is known, possible when it is not."""
    known, hit = low == high, low == wanted[0]
    for code in wanted[1:]:
        hit = hit | (low == code)
    return known & hit, (known ^ 1) | hit
