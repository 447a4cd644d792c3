"""What is still needed for an answer: by reducing the rule on what is known, down to the facts that are left.

A fact that this walk does not name cannot change the answer any more (已无关), whatever its value. As with meanings, each
form says once what it still leaves open, for one case and for a table: a ``mask`` says where the question matters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Protocol

from pinggu_desk.assess.env import Env, Fn
from pinggu_desk.assess.meaning import Meaning
from pinggu_desk.assess.ops import ScalarOps
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.dates import Calendar
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.forms import Cond, Expr
from pinggu_desk.policy.models import Definition
from pinggu_desk.policy.parameters import Parameter


class Sink(Protocol):
    """Where what is lacking is noted, each with the mask of where it is."""

    @property
    def sated(self) -> bool:
        """Whether nothing more that is lacking would change anything."""

    def ask(self, name: str, mask: Any) -> None:
        """A fact to ask."""

    def parameter(self, name: str, about: str, mask: Any) -> None:
        """An outside figure to enter."""

    def calendar(self, calendar: Calendar, start: Any, mask: Any) -> None:
        """A year's holiday arrangement that is not published."""

    def verdict(self, name: str, who: str, why: str, mask: Any) -> None:
        """A verdict to obtain."""


@dataclass(slots=True)
class Needs:
    """Facts to ask, parameters to enter, and verdicts to obtain (who, why) in one case, each once, in reading order.

    ``later`` are verdicts that may come to matter once the facts are known.
    """

    sated: ClassVar[bool] = False
    asks: dict[str, None] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, tuple[str, str]] = field(default_factory=dict)
    later: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        """Whether anything at all is lacking."""
        return bool(self.asks or self.parameters or self.verdicts)

    def ask(self, name: str, _mask: Any) -> None:
        """A fact to ask."""
        self.asks[name] = None

    def parameter(self, name: str, about: str, _mask: Any) -> None:
        """An outside figure to enter."""
        self.parameters[name] = about

    def calendar(self, calendar: Calendar, start: Any, _mask: Any) -> None:
        """The first year from ``start`` (an ordinal) on whose arrangement is not published."""
        name = f"{calendar.first_unpublished(date.fromordinal(start).year)}年节假日安排"
        self.parameters[name] = f"{name}（以国务院办公厅公布为准）尚未录入"

    def verdict(self, name: str, who: str, why: str, _mask: Any) -> None:
        """A verdict to obtain."""
        self.verdicts.setdefault(name, (who, why))

    def take(self, other: Needs) -> None:
        """Note everything that ``other`` names."""
        self.asks.update(other.asks)
        self.parameters.update(other.parameters)
        for name, why in other.verdicts.items():
            self.verdicts.setdefault(name, why)

    def with_(self, other: Needs) -> Needs:
        """Everything that is here, and behind it what ``other`` names."""
        if not other.any:
            return self
        if not self.any:
            return other
        return Needs(
            {**self.asks, **other.asks}, {**self.parameters, **other.parameters}, {**self.verdicts, **other.verdicts}
        )

    def facts_first(self) -> Needs:
        """Verdicts are named only where they would decide: while a fact is open, no authority can be asked to."""
        return Needs(self.asks, self.parameters, later=self.verdicts) if self.asks and self.verdicts else self


#: Nothing is lacking. Never added to.
NOTHING = Needs()
Collector = Callable[[Env, Any, Sink], None]
_Part = tuple[Collector, Callable[[Env], Any] | None]


class Lacking:
    """Compiles one policy's forms into functions that note what could still move their value."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning, self._ops = meaning, meaning.ops
        self._built: dict[f.Node, Collector] = {}
        self._defined: dict[f.Node, Collector] = {}

    def of(self, node: Expr | Cond) -> Collector:
        """What ``node`` lacks where the mask is true; built once."""
        built = self._built.get(node)
        if built is None:
            built = self._built[node] = self._same_as(node) or self._build(node)
        return built

    def keep(self, node: Expr | Cond) -> None:
        """Work out what ``node`` lacks once in an environment of one case, however many benefits rest on it."""
        self._built[node] = self._kept(node, self.of(node))

    def _same_as(self, node: Expr | Cond) -> Collector | None:
        """A form that is open just where another is, and lacks just what that lacks, is walked through as that one."""
        match node:
            case f.Not():
                return self.of(node.part)
            case f.IsOne() if not node.presumed:
                return self.of(node.left)
            case f.Name() if isinstance(found := self.meaning.scope.lookup(node), Definition):
                body = self._defined.get(found.body)
                if body is None:
                    body = self._defined[found.body] = self._kept(found.body, self.of(found.body))
                return body
        return None

    def _kept(self, node: Expr | Cond, collect: Collector) -> Collector:
        if not isinstance(self._ops, ScalarOps):
            return collect
        span, key = self.meaning.of(node), object()

        def kept(env: Env, mask: Any, sink: Sink) -> None:
            low, high = span(env)
            if low == high or not mask:
                return
            if not isinstance(sink, Needs):
                collect(env, mask, sink)
                return
            found = env.lacks.get(key)
            if found is None:
                found = env.lacks[key] = Needs()
                collect(env, True, found)
            sink.take(found)

        return kept

    def _build(self, node: Expr | Cond) -> Collector:
        span, none = self.meaning.of(node), self._ops.none
        own, parts = self._own(node), self._parts(node)

        def lacking(env: Env, mask: Any, sink: Sink) -> None:
            low, high = span(env)
            if low is high or sink.sated:
                return
            mask = mask & (low != high)
            if none(mask):
                return
            if own is not None:
                own(env, mask, sink)
            for part, when in parts:
                part(env, mask if when is None else mask & when(env), sink)

        return lacking

    def _own(self, node: Expr | Cond) -> Collector | None:
        """What a form names itself, rather than through its parts."""
        if isinstance(node, f.Verdict):
            why, who = node.why, node.who
            return lambda env, mask, sink: sink.verdict(why, who, why, mask)
        if isinstance(node, f.After):
            return self._calendar(node)
        if not isinstance(node, f.Name):
            return None
        found = self.meaning.scope.lookup(node)
        if isinstance(found, Parameter):
            parameter = found
            return lambda env, mask, sink: sink.parameter(parameter.name, parameter.about, mask)
        if isinstance(found, Fact):
            name, decides, question = found.name, found.decided_by, found.question
            if decides:
                return lambda env, mask, sink: sink.verdict(name, decides, question, mask)
            return lambda env, mask, sink: sink.ask(name, mask)
        return None

    def _calendar(self, node: f.After) -> Collector:
        base, span, own = self.meaning.of(node.base), self.meaning.of(node), self.meaning.scope.pack.calendar
        slots = self.meaning.slots

        def unpublished(env: Env, mask: Any, sink: Sink) -> None:
            low, high = base(env)
            calendar = slots.calendar(own, env.on) if slots.calendars else own
            first, last = calendar.edges
            mask = mask & (low == high) & ((low < first) | (span(env)[1] > last))
            if not self._ops.none(mask):
                sink.calendar(calendar, low, mask)

        return unpublished

    def _parts(self, node: Expr | Cond) -> list[_Part]:
        """The parts that may matter, each with where it does (None: wherever the form itself does)."""
        match node:
            case f.Cap():
                of, cap = self.meaning.of(node.of), self.meaning.of(node.cap)
                return [(self.of(node.of), lambda env: of(env)[0] < cap(env)[1]), (self.of(node.cap), None)]
            case f.If():
                when = self.meaning.of(node.when)
                return [
                    (self.of(node.when), None),
                    (self.of(node.then), lambda env: when(env)[1]),
                    (self.of(node.other), lambda env: when(env)[0] ^ True),
                ]
            case f.ByReading():
                slot = self.meaning.slots.slot(f"读法:{node.reading}")
                return [
                    (self.of(node.taken), lambda env: bool(env.values[slot][0])),
                    (self.of(node.other), lambda env: not env.values[slot][0]),
                ]
            case f.Bands():
                return self._rows(node)
            case _:
                return [(self.of(child), None) for child in f.children(node)]

    def _rows(self, node: f.Bands) -> list[_Part]:
        """The quantity that chooses the row, the values of the rows still possible, and the rest unless one is sure."""
        on = self.meaning.of(node.on)
        tests = [self.meaning.row_test(node, row) for row in node.rows]
        parts: list[_Part] = [(self.of(node.on), None)]
        for row, test in zip(node.rows, tests, strict=True):
            parts.append((self.of(row.value), _possible(on, test)))
        if node.otherwise is not None:

            def unsettled(env: Env) -> Any:
                low, high = on(env)
                settled: Any = False
                for test in tests:
                    settled = settled | test(low, high)[0]
                return settled ^ True

            parts.append((self.of(node.otherwise), unsettled))
        return parts


def _possible(on: Fn, test: Callable[[Any, Any], tuple[Any, Any]]) -> Callable[[Env], Any]:
    return lambda env: test(*on(env))[1]
