"""The certain sum and the ceilings of the best lawful bundle (最优组合) of every row, as ``match.bundle`` finds them one by one.

Benefits that no overlap (竞合) and no joint limit ties to another are added up as columns. Those that are tied fall into
components; rows in which no two of a component's benefits meet are added up as well. The few other rows go through the exact
search itself, once for all rows in which it would see the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from pinggu_desk.assess.columnrun import ELIGIBLE, FIGURES, NO_END, Column, Ints, Mask
from pinggu_desk.assess.match.bundle import SUMMED, settle
from pinggu_desk.assess.match.search import Group, Item
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.models import KIND_CODES, Limit
from pinggu_desk.policy.overlaps import Overlap
from pinggu_desk.policy.quantity import Dim

if TYPE_CHECKING:
    from pinggu_desk.assess.columns import Chunk
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.assess.env import Env, Fn
    from pinggu_desk.assess.rules import Rule

_UP_TO = FIGURES.index("up_to")
#: as many searches of a component are remembered
_KEPT = 20_000
#: what the search would see of a joint limit of which nobody knows what is left
_NO_LIMIT = -1


class _Joint:
    """A limit over several benefits (限额) and the form that says what is left of it (``Run.left_of``)."""

    def __init__(self, engine: Engine, policy: str, limit: Limit) -> None:
        self.benefits = frozenset(limit.benefits)
        received = f.Name(limit.cite, limit.path, limit.received)
        meaning = engine.rules_of(policy)[0].meaning
        self._left: Fn = meaning.of(f.Less(limit.cite, limit.path, limit.most, received))

    def left(self, env: Env, rows: int) -> Ints:
        """What is left of it in each row (fen); ``_NO_LIMIT`` where that is not known."""
        low, high = self._left(env)
        return np.broadcast_to(np.where(low == high, low, _NO_LIMIT), rows).astype(np.int64)


class _Component:
    """Benefits that overlaps and joint limits tie together, with what is remembered of searches over them."""

    def __init__(self, rules: Sequence[Rule], overlaps: Sequence[Overlap], limits: Sequence[_Joint]) -> None:
        self.rules, self.overlaps, self.limits = rules, overlaps, limits
        at = {rule.benefit.id: index for index, rule in enumerate(rules)}
        #: which of the benefits are tied to one another at all, an overlap or limit a row
        self.ties = [
            [at[b] for b in ids if b in at]
            for ids in (*(o.benefits for o in overlaps), *(li.benefits for li in limits))
        ]
        self._found: dict[bytes, tuple[int, int, tuple[int, ...]]] = {}

    def meet(self, eligible: Sequence[Mask], holds: Sequence[Any]) -> Mask:
        """The rows in which two benefits that can be had exclude each other or share a limit."""
        out = np.zeros(len(eligible[0]), np.bool_)
        for tie, live in zip(self.ties, holds, strict=True):
            once: Any = False
            for index in tie:
                out |= once & eligible[index] & live
                once = once | eligible[index]
        return out

    def search(self, key: Ints) -> tuple[int, int, tuple[int, ...]]:
        """Of one row: the certain sum and the ceilings (fen) of what is kept, and which of the benefits are given up.

        ``key`` holds a certain sum, a ceiling, a rate and whether it is a published most for every benefit (-1: it can't be had),
        whether each overlap holds, and what is left of each limit.
        """
        found = self._found.get(known := key.tobytes())
        if found is None:
            if len(self._found) >= _KEPT:
                self._found.clear()
            found = self._found[known] = self._search(key.tolist())
        return found

    def _search(self, key: Sequence[int]) -> tuple[int, int, tuple[int, ...]]:
        size = len(self.rules)
        rows = [key[4 * index : 4 * index + 4] for index in range(size)]
        rest = key[4 * size :]
        items = {
            rule.benefit.id: Item(rule.benefit.id, row[0], row[1], row[2], int(rule.months is not None), rule.policy.begins.toordinal())
            for rule, row in zip(self.rules, rows, strict=True) if row[0] >= 0
        }  # fmt: skip
        overlaps = [
            o for o, live in zip(self.overlaps, rest, strict=False) if live and sum(b in items for b in o.benefits) > 1
        ]
        groups = []
        for limit, left in zip(self.limits, rest[len(self.overlaps) :], strict=True):
            mine = limit.benefits & items.keys()
            if len(mine) > 1 and left != _NO_LIMIT:
                groups.append(Group(mine, left))
        rules = {rule.benefit.id: rule for rule in self.rules}
        most = {benefit for benefit, row in zip(rules, rows, strict=True) if row[3]}
        kept, total, ceilings = settle(items, rules, overlaps, groups, most)
        lost = tuple(i for i, rule in enumerate(self.rules) if rule.benefit.id in items.keys() - kept)
        return total, ceilings, lost


class Sums:
    """Sums of one pack's tables; what was searched is remembered from chunk to chunk."""

    def __init__(self, engine: Engine, on: date = date.min) -> None:
        """``on`` is the day of judgement, where limits hang on a reading that was settled (`Engine.binds_as_written`)."""
        self.engine = engine
        pack = engine.pack
        limits = [
            _Joint(engine, policy.id, limit)
            for policy in pack.policies.values() for limit in engine.binding(policy, on)
            if len(limit.benefits) > 1 and engine.rules_of(policy.id)[0].meaning.dim(limit.most) is Dim.MONEY
        ]  # fmt: skip
        self.components = [
            _Component(
                [rule for rule in engine.rules if rule.benefit.id in ids],
                [o for o in pack.overlaps if not ids.isdisjoint(o.benefits)],
                [limit for limit in limits if not ids.isdisjoint(limit.benefits)],
            )
            for ids in _tied([frozenset(o.benefits) for o in pack.overlaps] + [limit.benefits for limit in limits])
        ]
        tied = {rule.benefit.id for component in self.components for rule in component.rules}
        self.free = [
            rule for rule in engine.rules if rule.benefit.id not in tied and KIND_CODES[rule.benefit.kind] in SUMMED
        ]

    def of(
        self, chunk: Chunk, columns: Mapping[str, Column]
    ) -> tuple[Ints, Ints, list[tuple[Rule, Mask]]]:  # fmt: skip
        """The certain sum and the ceilings (fen) of each row of a chunk, and which benefits are given up where."""
        rows = chunk.part.stop - chunk.part.start
        sure, ceiling = np.zeros(rows, np.int64), np.zeros(rows, np.int64)
        for rule in self.free:
            if rule.dim is Dim.MONEY:
                _add(columns[rule.benefit.id], chunk.part, sure, ceiling)
        lost: list[tuple[Rule, Mask]] = []
        for component in self.components:
            lost += self._tied(component, chunk, columns, sure, ceiling)
        return sure, ceiling, lost

    def _tied(
        self, component: _Component, chunk: Chunk, columns: Mapping[str, Column], sure: Ints, ceiling: Ints
    ) -> list[tuple[Rule, Mask]]:
        part, rows = chunk.part, len(sure)
        eligible = [columns[rule.benefit.id].status[part] == ELIGIBLE for rule in component.rules]
        if not np.any(eligible):
            return []
        holds = [self._holds(overlap, chunk, rows) for overlap in component.overlaps]
        meet = component.meet(eligible, [*holds, *(np.True_ for _ in component.limits)])
        alone = ~meet
        for rule in component.rules:
            if rule.dim is Dim.MONEY and KIND_CODES[rule.benefit.kind] in SUMMED:
                _add(columns[rule.benefit.id], part, sure, ceiling, alone)
        where = np.flatnonzero(meet)
        if not len(where):
            return []
        env = chunk.envs[0]
        key = np.stack(
            [
                *(end for rule in component.rules for end in _item(rule, columns[rule.benefit.id], part, where)),
                *(hold[where] for hold in holds), *(limit.left(env, rows)[where] for limit in component.limits),
            ], axis=1,
        ).astype(np.int64)  # fmt: skip
        out = np.zeros((len(component.rules), rows), np.bool_)
        for row, one in zip(where.tolist(), key, strict=True):
            total, most, lost = component.search(one)
            sure[row] += total
            ceiling[row] += most
            for index in lost:
                out[index, row] = True
        return [(rule, mask) for rule, mask in zip(component.rules, out, strict=True) if mask.any()]

    def _holds(self, overlap: Overlap, chunk: Chunk, rows: int) -> Mask:
        """``Overlap.holds`` for every row: what was answered leaves the benefits one and the same matter."""
        out = np.ones(rows, np.bool_)
        if overlap.same in chunk.stated:
            values, known = chunk.stated[overlap.same]
            out &= ~(known & (values == 0))
        for name, words in overlap.when.items():
            if name in chunk.stated:
                values, known = chunk.stated[name]
                show, wanted = self.engine.pack.facts[name].show, words.split("、")
                fitting = [value for value in np.unique(values[known]).tolist() if show(value) in wanted]
                out &= ~known | np.isin(values, fitting)
        return out


def _tied(ties: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """The ids that ties join, directly or through others."""
    out: list[frozenset[str]] = []
    for tie in ties:
        joined = tie.union(*(one for one in out if one & tie))
        out = [*(one for one in out if not one & tie), joined]
    return out


def _add(column: Column, part: slice, sure: Ints, ceiling: Ints, where: Mask | None = None) -> None:
    """Add what a benefit that nothing ties to another comes to: its computed sum, or its published most."""
    had = column.status[part] == ELIGIBLE
    if where is not None:
        had &= where
    if had.any():
        low, high = column.low[part], column.high[part]
        np.add(sure, low, out=sure, where=had & (low == high) & (low != NO_END))
        np.add(ceiling, high, out=ceiling, where=had & (column.figure[part] == _UP_TO) & (high != NO_END))


def _item(rule: Rule, column: Column, part: slice, where: Any) -> tuple[Any, Any, Any, Any]:
    """``match.bundle``'s item of a benefit in some rows, as columns: certain, ceiling, rate, whether it is a published most."""
    had = column.status[part][where] == ELIGIBLE
    low, high, figure = column.low[part][where], column.high[part][where], column.figure[part][where]
    most, nought = np.where(high == NO_END, 0, high), np.zeros(len(had), np.int64)
    exact = (low == high) & (low != NO_END)
    certain, ceiling, rate = nought, nought, nought
    if rule.dim is Dim.RATE:
        rate = most
    elif rule.dim is Dim.MONEY:
        certain, ceiling = np.where(exact, most, 0), np.where(exact, 0, most)
    published = (figure == _UP_TO) & (rule.dim is Dim.MONEY)
    return np.where(had, certain, -1), np.where(had, ceiling, 0), np.where(had, rate, 0), had & published
