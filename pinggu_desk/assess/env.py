"""What a run of the rules looks at: spans for what is asked, and a memo of what was worked out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pinggu_desk.policy import forms as f
from pinggu_desk.policy.dates import Calendar

Span = tuple[Any, Any]
Fn = Callable[["Env"], Span]


class Env:
    """One run's inputs: a span for every slot (facts, parameters, readings), the day of judgement, and a memo.

    The memo keeps the span of every form that was worked out: the status, what is missing and the working all look at
    the same forms, and benefits share general conditions and definitions.
    """

    __slots__ = ("lacks", "memo", "on", "values")

    def __init__(self, values: list[Span], on: Any) -> None:
        """``on`` is an ordinal; over a table it may be one a row."""
        self.values, self.on = values, on
        self.memo: dict[f.Node, Span] = {}
        #: what shared forms lack (``assess.needs``), by whoever worked it out; of one case only
        self.lacks: dict[object, Any] = {}


class Slots:
    """Where each fact, parameter and reading stands in an environment."""

    def __init__(self) -> None:
        self.index: dict[str, int] = {}
        #: the calendars that were entered, from which day of judgement on each counts, the latest first
        self.calendars: list[tuple[int, Calendar]] = []
        #: counts how often they changed: what was worked out before stands on others
        self.edition = 0

    def calendar(self, own: Calendar, on: Any) -> Calendar:
        """The calendar by which is counted for a day of judgement (an ordinal): the latest entered by then, else the pack's own."""
        for since, calendar in self.calendars:
            if since <= on:
                return calendar
        return own

    def slot(self, name: str) -> int:
        """The slot of a fact, parameter or reading (``读法:<id>``)."""
        return self.index.setdefault(name, len(self.index))


def once(node: f.Node, work: Fn) -> Fn:
    """``work`` done at most once in an environment, on behalf of ``node``."""

    def remembered(env: Env) -> Span:
        memo = env.memo
        span = memo.get(node)
        if span is None:
            span = memo[node] = work(env)
        return span

    return remembered
