"""What each rule form means, once: a function from an environment to a span (certain, still possible).

Every value is a pair of whole numbers. Kleene's truth values are (1,1), (0,0) and (0,1), so that *and*, *or* and
*not* are min, max and complement. The same code runs on ints (one case) and on arrays (a table); see ``assess.ops``.
"""

from __future__ import annotations

from collections.abc import Callable
from math import gcd
from typing import Any

from pinggu_desk.assess.env import Env, Fn, Slots, Span, once
from pinggu_desk.assess.kleene import COMPARISONS, among, presumably, within
from pinggu_desk.assess.measures import measure
from pinggu_desk.assess.ops import MAX_FACTOR, scale, times, wide
from pinggu_desk.assess.terms import Days, ends_of, start_of
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.forms import Cond, Expr
from pinggu_desk.policy.models import Definition
from pinggu_desk.policy.quantity import INF, Dim
from pinggu_desk.policy.reading import phrase
from pinggu_desk.policy.scope import JUDGED_ON, Scope

_LEAVES = (f.Lit, f.Name, f.Nothing, f.InKind, f.Undetermined)


class Meaning:
    """Compiles one policy's forms into functions over spans, for one kind of ``ops``."""

    def __init__(self, scope: Scope, slots: Slots, ops: Any) -> None:
        self.scope, self.slots, self.ops = scope, slots, ops
        self._built: dict[f.Node, Fn] = {}
        self._said: dict[f.Node, str] = {}
        self._dims: dict[f.Node, Dim] = {}
        #: what is said of a statement whose words depend on its own answer alone; kept by ``assess.grounds``
        self.told: dict[tuple[f.Node, bool, int, int], Any] = {}
        self.told_ways: dict[tuple[f.Node, bool, Any], Any] = {}

    def said(self, node: Expr | Cond) -> str:
        """The form in words (``policy.reading.phrase``); put together once."""
        words = self._said.get(node)
        if words is None:
            words = self._said[node] = phrase(node)
        return words

    def dim(self, node: Expr | Cond) -> Dim:
        """What the form counts (``Scope.dim``); looked up once."""
        dim = self._dims.get(node)
        if dim is None:
            dim = self._dims[node] = self.scope.dim(node)
        return dim

    def of(self, node: Expr | Cond) -> Fn:
        """The meaning of a form: built once, and worked out once in an environment."""
        built = self._built.get(node)
        if built is None:
            built = self._build(node)
            if not isinstance(node, _LEAVES):
                built = once(node, built)
            self._built[node] = built
        return built

    def _build(self, node: Expr | Cond) -> Fn:  # noqa: C901 - one case a form
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
            case f.Rounded() | f.Between() | f.Growth() | f.AtLeast():
                return measure(self, node)
            case f.Cap():
                return self._fold((node.of, node.cap), self.ops.minimum)
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
                return self._not(node)
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
        return self.of(found.body)

    def ratio(self, node: Expr | Cond) -> tuple[Fn, int, int]:
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
        base, numerator, denominator = self.ratio(node)

        def share(env: Env) -> Span:
            low, high = base(env)
            least = scale(ops, low, numerator, denominator)
            return least, least if low is high else scale(ops, high, numerator, denominator)

        return share

    def _times(self, node: f.Times) -> Fn:
        of, by, ops = self.of(node.of), self.of(node.by), self.ops
        unit = MAX_FACTOR if self.scope.dim(node.by) is Dim.RATE else 1

        def product(env: Env) -> Span:
            a, b = of(env), by(env)
            least = times(ops, a[0], b[0], unit)
            return least, least if a[0] is a[1] and b[0] is b[1] else times(ops, a[1], b[1], unit)

        return product

    def _after(self, node: f.After) -> Fn:
        base, each = self.of(node.base), self.ops.each
        own, slots = self.scope.pack.calendar, self.slots
        counted: dict[int, tuple[Days, Days]] = {}  # by calendar: the pack's own, and any that was entered

        def after(env: Env) -> Span:
            low, high = base(env)
            calendar = slots.calendar(own, env.on) if slots.calendars else own
            ends = counted.get(id(calendar))
            if ends is None:
                ends = counted[id(calendar)] = ends_of(node.term, calendar)
            return each(ends[0], low), each(ends[1], high)

        return after

    def _fold(self, parts: tuple[Expr, ...], join: Any) -> Fn:
        built = [self.of(part) for part in parts]

        def folded(env: Env) -> Span:
            low, high = built[0](env)
            for part in built[1:]:
                a, b = part(env)
                same = low is high and a is b
                low = join(low, a)
                high = low if same else join(high, b)
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
        low, minimum = self.of(node.low), self.ops.minimum

        def ends(env: Env) -> Span:
            least, most = high(env)
            return minimum(low(env)[0], least), most  # the stated least holds up to the ceiling, wherever that falls

        return ends

    def _choice(self, when: Fn, then: Fn, other: Fn) -> Fn:
        ops = self.ops

        def chosen(env: Env) -> Span:
            sure, maybe = when(env)
            if ops.every(sure):
                return then(env)
            if ops.none(maybe):
                return other(env)
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
            low, high, settled = INF, 0, False
            for test, value in rows:
                sure, maybe = test(a, b)
                if ops.none(maybe):
                    continue
                v = value(env)
                low = ops.where(maybe, ops.minimum(low, v[0]), low)
                high = ops.where(maybe, ops.maximum(high, v[1]), high)
                settled = settled | sure
            if rest is not None and not ops.every(settled):
                v = rest(env)
                low = ops.where(settled, low, ops.minimum(low, v[0]))
                high = ops.where(settled, high, ops.maximum(high, v[1]))
            return low, high

        return band

    def row_test(self, node: f.Bands, row: f.Row) -> Callable[[Any, Any], Span]:
        """Whether a value within (a, b) falls in a row: surely, possibly."""
        if row.options:
            wanted = self._codes(node.on, row.options)
            return lambda a, b: among(a, b, wanted)
        low = -1 if row.low is None else row.low.value + (0 if row.low_in else 1)
        high = 2 * INF if row.high is None else row.high.value - (0 if row.high_in else 1)
        return lambda a, b: within(low, high, a, b)

    def _steps(self, node: f.Steps) -> Fn:
        on, ops = self.of(node.on), self.ops
        edges, give = [q.value for q in node.at], [q.value for q in node.give]
        if give == sorted(give):

            def rising(env: Env) -> Span:
                low, high = on(env)
                least = ops.step(edges, give, low)
                return least, least if low is high else ops.step(edges, give, high)

            return rising
        rows = list(zip([-INF, *edges], [*(edge - 1 for edge in edges), 2 * INF], give, strict=True))

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
            open_span: Span = (False, True) if node.truth else (0, INF)
            return lambda env: open_span
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
        ops = self.ops
        if all_of:

            def all_hold(env: Env) -> Span:
                low, high = True, True
                for part in built:
                    a, b = part(env)
                    same = low is high and a is b
                    low = low & a
                    high = low if same else high & b
                    if ops.none(high):
                        break
                return low, high

            return all_hold

        def one_holds(env: Env) -> Span:
            low, high = False, False
            for part in built:
                a, b = part(env)
                same = low is high and a is b
                low = low | a
                high = low if same else high | b
                if ops.every(low):
                    break
            return low, high

        return one_holds

    def _not(self, node: f.Not) -> Fn:
        part = self.of(node.part)

        def fails(env: Env) -> Span:
            low, high = part(env)
            neither = high ^ True
            return neither, neither if low is high else low ^ True

        return fails

    def _codes(self, name: f.Name, options: tuple[str, ...]) -> tuple[int, ...]:
        found = self.scope.lookup(name)
        chosen = found.options if isinstance(found, Fact) and found.dim is Dim.OPTION else None
        names = ["否", "是"] if chosen is None else [option.name for option in chosen]
        return tuple(map(names.index, options))

    def _is_one(self, node: f.IsOne) -> Fn:
        left, wanted = self.of(node.left), self._codes(node.left, node.options)
        tell = presumably if node.presumed else among
        if tell is among and wanted == (1,) and self.ops.single and self.dim(node.left) is Dim.TRUTH:
            return left  # of one case, that a truth is so is that truth
        return lambda env: tell(*left(env), wanted)

    def _since(self, node: f.Since) -> Fn:
        left, start, each = self.of(node.left), start_of(node.term.value), self.ops.each

        def since(env: Env) -> Span:
            last = each(start, env.on)
            a, b = left(env)
            sure = b <= last
            return sure, sure if a is b else a <= last

        return since

    def factors(self, node: f.Compare) -> tuple[Fn, int, Fn, int]:
        """The two sides of a comparison, and what each is multiplied by so that nothing is divided."""
        if isinstance(node.left, f.Growth) and isinstance(node.right, f.Lit):  # 比上期增长r, as 本期 against 上期×(1+r)
            common = gcd(MAX_FACTOR, grown := MAX_FACTOR + node.right.quantity.value)  # 20% is 6 against 5: exact
            return self.of(node.left.now), MAX_FACTOR // common, self.of(node.left.then), grown // common
        left, an, ad = self.ratio(node.left)
        right, bn, bd = self.ratio(node.right)
        common = gcd(an * bd, bn * ad)
        return left, an * bd // common, right, bn * ad // common

    def _compare(self, node: f.Compare) -> Fn:
        left, k, right, m = self.factors(node)
        ops, test = self.ops, COMPARISONS[node.word]
        if k == m == 1:
            return lambda env: test(*left(env), *right(env))

        def compare(env: Env) -> Span:
            a, b = left(env), right(env)
            return test(wide(ops, a[0], k), wide(ops, a[1], k), wide(ops, b[0], m), wide(ops, b[1], m))

        return compare
