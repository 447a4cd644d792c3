"""A benefit tried on some rows of a chunk with something changed: a fact at another value, or another day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from pinggu_desk.assess.columnrun import ELIGIBLE, REVIEW, Column, Ints, Mask, blank, conclude_rows
from pinggu_desk.assess.engine import parameter_span
from pinggu_desk.assess.env import Env
from pinggu_desk.policy import forms as f

if TYPE_CHECKING:
    from pinggu_desk.assess.columns import Chunk
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.assess.rules import Rule


class Trial:
    """One rule over the rows ``where`` of a chunk."""

    def __init__(self, engine: Engine, chunk: Chunk, rule: Rule, where: Ints) -> None:
        self._engine, self._chunk, self.rule, self.where = engine, chunk, rule, where
        self._slots = [engine.slots.index[name] for name in rule.asks]

    def cut(self, keep: Any) -> Trial:
        """The same over some of its rows."""
        return Trial(self._engine, self._chunk, self.rule, self.where[keep])

    def envs(self, slot: int | None = None, value: Any = None) -> tuple[Env, Env]:
        """The environments of the rows, one fact (by slot) at other values (one a row, or a span of two)."""
        closed, open_ = self._chunk.envs
        one = self._cut(closed, slot, value)
        return one, one if open_ is closed else self._cut(open_, slot, value)

    def _cut(self, env: Env, slot: int | None, value: Any) -> Env:
        values = env.values.copy()
        for at in self._slots:
            low, high = values[at]
            if isinstance(low, np.ndarray):
                cut = low[self.where]
                values[at] = cut, cut if high is low else high[self.where]
        if slot is not None:
            values[slot] = value if isinstance(value, tuple) else (value, value)
        return Env(values, env.on)

    def may(self, slot: int, low: Any, high: Any) -> Mask:
        """The rows in which some value of the fact within a span might bring the benefit back."""
        env = self._cut(self._chunk.envs[0], slot, (low, high))
        possible = (self.rule.test(env)[1] != 0) & (self.rule.figure(env)[1] != 0)
        return np.broadcast_to(possible, len(self.where))

    def had(self, envs: tuple[Env, Env]) -> Mask:
        """The rows in which the benefit can be had, or waits for a verdict alone."""
        status = self.concluded(envs).status
        back: Mask = (status == ELIGIBLE) | (status == REVIEW)
        return back

    def concluded(self, envs: tuple[Env, Env]) -> Column:
        """What the benefit comes to in each row."""
        column = blank(self.rule, len(self.where))
        conclude_rows(self.rule, *envs, column, slice(0, len(self.where)))
        return column

    # --- another day

    def envs_on(self, days: Ints) -> tuple[Env, Env]:
        """The environments of the rows, each on another day: what past awards and outside figures come to then as well."""
        closed, open_ = self._chunk.envs
        one = self._on(closed, days, open_end=False)
        return one, one if open_ is closed else self._on(open_, days, open_end=True)

    def _on(self, env: Env, days: Ints, *, open_end: bool) -> Env:
        moved = self._cut(env, None, None)
        moved.on = days
        self._past(moved, days)
        names = {node.name for node in self.rule.reach if isinstance(node, f.Name)}
        for parameter, slot in self._engine.parameters:
            if parameter.name in names:
                spans = [parameter_span(parameter, date.fromordinal(day), open_end=open_end) for day in days.tolist()]
                moved.values[slot] = np.array([low for low, _ in spans]), np.array([high for _, high in spans])
        return moved

    def _past(self, env: Env, days: Ints) -> None:
        """What past awards make of the history facts on those days, where no row states them itself."""
        facts = [(fact, slot) for fact, slot in self._engine.histories if fact.name in self.rule.asks]
        if self._chunk.awards is None or not facts:
            return
        listed = self._listed(self._chunk.awards)
        for fact, slot in facts:
            _, known = self._chunk.stated.get(fact.name, (None, None))
            low, high = (np.array(np.broadcast_to(end, len(days))) for end in env.values[slot])
            for at, awards in listed:
                if known is None or not known[self.where[at]]:
                    low[at], high[at] = self._engine.from_past(awards, date.fromordinal(int(days[at])))[fact.name]
            env.values[slot] = low, high

    def _listed(self, awards: Sequence[Any]) -> list[tuple[int, Any]]:
        """The rows that have past awards (by their place here) with these."""
        return [(at, awards[row]) for at, row in enumerate(self.where.tolist()) if awards[row]]
