"""Near misses (差一点) over a table: what ``match.nearmiss`` tries one applicant at a time, tried for all rows at once.

The same facts that may lawfully change (可变), the same bounds in the same order, the same days to wait for, and each change run
by the rule itself with the column changed. A rule is run on the rows alone that a change might bring back: a first run with
the span of all that could be tried says which these can be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from pinggu_desk.assess.columnrun import INELIGIBLE, Column, Ints, Mask, span_of
from pinggu_desk.assess.env import Env
from pinggu_desk.assess.match.nearmiss import FAR, LATEST_YEARS, bounds_of, change_words
from pinggu_desk.assess.tallied.changes import NONE, Found, Names
from pinggu_desk.assess.tallied.trial import Trial
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.dates import add_months
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.quantity import INF
from pinggu_desk.policy.scope import JUDGED_ON, Scope

if TYPE_CHECKING:
    from pinggu_desk.assess.columns import Chunk
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.assess.rules import Rule

#: What waiting weighs against changes of figures (``match.nearmiss``).
_WAITING = 0.5
_NEVER = 1 << 40


@dataclass(frozen=True, slots=True)
class _Changeable:
    """A fact of a rule that may lawfully change, the clause that looks at it, and the bounds that the rule writes for it."""

    fact: Fact
    slot: int
    clause: str
    bounds: tuple[int, ...]

    @property
    def up(self) -> bool:
        """Whether it may grow."""
        return "增" in self.fact.changes

    @property
    def down(self) -> bool:
        """Whether it may become less."""
        return "减" in self.fact.changes


@dataclass(frozen=True, slots=True)
class _Way:
    """One change tried in some rows of a chunk: which rows it would bring back, with what."""

    rows: Ints
    effort: Any
    fact: Fact | None
    clauses: Sequence[str]
    current: Ints
    target: Ints
    days: Ints
    then: Column


class Near:
    """Near misses of one pack's tables."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.names = engine, Names(engine.rules)
        self._changeable = {rule.benefit.id: tuple(_changeable(engine, rule)) for rule in engine.rules}
        self._waiting = {rule.benefit.id: tuple(_waiting(engine, rule)) for rule in engine.rules}
        pack = engine.pack
        self._looks = [
            Scope(pack, pack.policies[item.condition.cite[0].split(".", 1)[0]]).facts_of(item.condition)
            for item, _ in engine.consistency
        ]

    def of(self, chunk: Chunk, columns: Mapping[str, Column], on: date) -> Ints:
        """The near misses of a chunk's rows (numbered within the table), a line of :class:`Found` each."""
        lines: list[Ints] = []
        relaxed, broken = self._relaxed(chunk), _Broken(self, chunk, on)
        awarded = chunk.awarded()
        for number, rule in enumerate(self.engine.rules):
            mine, waits = self._changeable[rule.benefit.id], self._waiting[rule.benefit.id]
            if not rule.policy.in_force(on) or not (mine or waits):
                continue
            out = columns[rule.benefit.id].status[chunk.part] == INELIGIBLE
            if out.any():
                ways = list(self._by_facts(chunk, rule, mine, out, relaxed, broken))
                ways += self._by_waiting(chunk, rule, waits, out, on, awarded)
                if ways:
                    lines.append(self._lines(chunk, number, rule, ways))
        return np.concatenate(lines) if lines else np.zeros((0, len(Found._fields)), np.int64)

    def _relaxed(self, chunk: Chunk) -> Env:
        """The environment in which every fact that may change and is known spans all that could be tried."""
        env = chunk.envs[0]
        values = env.values.copy()
        for one in {c.slot: c for every in self._changeable.values() for c in every}.values():
            if one.fact.name in chunk.stated:
                current, known = _stated(chunk, one)
                low, high = _reach(one, current)
                least, most = values[one.slot]
                values[one.slot] = np.where(known, low, least), np.where(known, high, most)
        return Env(values, env.on)

    # --- a fact that changes

    def _by_facts(
        self, chunk: Chunk, rule: Rule, mine: Sequence[_Changeable], out: Mask, relaxed: Env, broken: _Broken
    ) -> Iterator[_Way]:
        mine = [one for one in mine if one.fact.name in chunk.stated]
        if not mine:
            return
        may = out & (rule.test(relaxed)[1] != 0)
        if may.any():
            may = may & (rule.figure(relaxed)[1] != 0)
        for one in mine if may.any() else ():
            current, known = _stated(chunk, one)
            trial = Trial(self.engine, chunk, rule, np.flatnonzero(may & known))
            if len(trial.where):
                trial = trial.cut(trial.may(one.slot, *_reach(one, current[trial.where])))
            if len(trial.where):
                yield from self._by_fact(trial, one, current[trial.where], broken)

    def _by_fact(self, trial: Trial, one: _Changeable, current: Ints, broken: _Broken) -> Iterator[_Way]:
        target = _nearest(trial, one, current)
        found = target != current
        if not found.any():
            return
        trial, current, target = trial.cut(found), current[found], target[found]
        sound = broken.sound(trial.where, one.fact.name, target)
        if not sound.any():
            return
        trial, current, target = trial.cut(sound), current[sound], target[sound]
        effort = np.abs(target - current) / np.maximum(np.abs(current), 1)
        then = trial.concluded(trial.envs(one.slot, target))
        size = len(target)
        yield _Way(
            trial.where, effort, one.fact, [one.clause] * size, current, target, np.full(size, NONE), then
        )  # fmt: skip

    # --- waiting

    def _by_waiting(
        self, chunk: Chunk, rule: Rule, waits: Sequence[_Wait], out: Mask, on: date, awarded: Mask
    ) -> Iterator[_Way]:
        rows = np.flatnonzero(out)
        days = np.stack([wait.days(chunk, rule, on, awarded)[rows] for wait in waits]) if waits else np.zeros((0, 0))
        if not waits or not (days < _NEVER).any():
            return
        order = np.argsort(days, axis=0, kind="stable")  # of equal days the one that the text names first
        last = min(date(on.year + LATEST_YEARS, 12, 31), rule.policy.last or date.max).toordinal()
        open_, day, clause = np.ones(len(rows), np.bool_), np.full(len(rows), NONE), np.zeros(len(rows), np.int64)
        for which in order:
            here = days[which, np.arange(len(rows))]
            at = np.flatnonzero(open_ & (here > on.toordinal()) & (here <= last))
            if len(at):
                trial = Trial(self.engine, chunk, rule, rows[at])
                at = at[trial.had(trial.envs_on(here[at]))]
                day[at], clause[at], open_[at] = here[at], which[at], False
        found = np.flatnonzero(~open_)
        if len(found):
            trial, day = Trial(self.engine, chunk, rule, rows[found]), day[found]
            nought = np.zeros(len(found), np.int64)
            yield _Way(
                trial.where, np.full(len(found), _WAITING), None, [waits[k].clause for k in clause[found].tolist()],
                nought, nought, day, trial.concluded(trial.envs_on(day)),
            )  # fmt: skip

    # --- the smallest change of each row

    def _lines(self, chunk: Chunk, number: int, rule: Rule, ways: Sequence[_Way]) -> Ints:
        """One line a row: of the ways that bring the benefit back the one with the smallest change."""
        effort = np.full((len(ways), chunk.rows), np.inf)
        for at, way in enumerate(ways):
            effort[at, way.rows] = way.effort
        best = effort.argmin(axis=0)
        least = effort.min(axis=0)
        for row in np.flatnonzero((effort == least).sum(axis=0) > 1).tolist() if len(ways) > 1 else ():
            if least[row] < np.inf:
                tied = np.flatnonzero(effort[:, row] == least[row]).tolist()
                best[row] = min(tied, key=lambda at: (_words(rule, ways[at], row), at))
        parts = []
        for at, way in enumerate(ways):
            mine = best[way.rows] == at
            size = int(mine.sum())
            fact = NONE if way.fact is None else self.names.facts.of(way.fact.name)
            clauses = np.array([self.names.clauses.of(clause) for clause in way.clauses], np.int64)
            parts.append(
                np.stack(
                    [
                        way.rows[mine] + chunk.part.start, np.full(size, number), np.full(size, fact), way.current[mine],
                        way.target[mine], way.days[mine], way.then.status[mine], way.then.figure[mine],
                        way.then.low[mine], way.then.high[mine], clauses[mine], way.then.gap[mine],
                    ],
                    axis=1,
                )
            )  # fmt: skip
        return np.concatenate(parts).astype(np.int64)


def _words(rule: Rule, way: _Way, row: int) -> str:
    at = int(np.flatnonzero(way.rows == row)[0])
    if way.fact is None:
        return change_words(rule, None, None, None, date.fromordinal(int(way.days[at])))
    return change_words(rule, way.fact, int(way.current[at]), int(way.target[at]), None)


def _changeable(engine: Engine, rule: Rule) -> Iterator[_Changeable]:
    """``nearmiss._changeable``, before anything is known."""
    seen: set[str] = set()
    for node in rule.reach:
        if isinstance(node, f.Name) and node.name not in seen:
            seen.add(node.name)
            fact = engine.pack.facts.get(node.name)
            if fact is not None and fact.changes:
                least, most = fact.bounds
                bounds = tuple(sorted({b for b in bounds_of(rule, fact) if least <= b <= most}))
                clause = node.cite[0] if node.cite else rule.benefit.clause
                yield _Changeable(fact, engine.slots.slot(fact.name), clause, bounds)


def _stated(chunk: Chunk, one: _Changeable) -> tuple[Ints, Mask]:
    """What the rows state of a fact, in a type that has room for all that is tried."""
    values, known = chunk.stated[one.fact.name]
    return values.astype(np.int64, copy=False), known


def _reach(one: _Changeable, current: Ints) -> tuple[Ints, Ints]:
    """The least and the most that a fact is tried at."""
    least, most = one.fact.bounds
    room = np.maximum(current, 1) * FAR
    high = np.minimum(np.maximum(current, most), current + room + 1) if one.up else current
    low = np.maximum(np.minimum(current, least), current - room) if one.down else current
    return low, high


def _nearest(trial: Trial, one: _Changeable, current: Ints) -> Ints:
    """``nearmiss._reach`` for benefits that are ruled out: the value of each row; the current one where there is none."""
    far = current.copy()
    open_ = np.ones(len(current), np.bool_)
    room = FAR * np.maximum(current, 1)
    tried = [(b, current < b) for b in one.bounds if one.up]
    tried += [(b, b < current) for b in reversed(one.bounds) if one.down]
    for bound, beyond in tried:
        at = np.flatnonzero(open_ & beyond & (np.abs(bound - current) <= room))
        if len(at):
            at = at[_brings_back(trial, one, at, np.full(len(at), bound))]
            far[at], open_[at] = bound, False
    if one.up:
        least = np.minimum(one.fact.bounds[1], np.maximum(current, 1) * (FAR + 1))
        at = np.flatnonzero(open_ & (least != current))
        if len(at):
            at = at[_brings_back(trial, one, at, least[at])]
            far[at] = least[at]
    return _tips(trial, one, current, far)


def _brings_back(trial: Trial, one: _Changeable, at: Ints, values: Ints) -> Mask:
    some = trial.cut(at)
    return some.had(some.envs(one.slot, values))


def _tips(trial: Trial, one: _Changeable, current: Ints, far: Ints) -> Ints:
    """``nearmiss._tips``: the value nearest to the current one at which the benefit stops being ruled out."""
    near, far = current.copy(), far.copy()
    while len(at := np.flatnonzero(np.abs(far - near) > 1)):
        middle = (near[at] + far[at]) // 2
        back = _brings_back(trial, one, at, middle)
        far[at[back]], near[at[~back]] = middle[back], middle[~back]
    return far


class _Broken:
    """Whether the other answers leave room for a change (``nearmiss._can_be``): the consistency checks (校核) of a chunk."""

    def __init__(self, near: Near, chunk: Chunk, on: date) -> None:
        self._near, self._chunk, self._on = near, chunk, on
        self._env: Env | None = None
        self._masks: list[Any] = []

    def sound(self, rows: Ints, changing: str, target: Ints) -> Mask:
        """The rows in which no check is broken once the fact is at its target."""
        from pinggu_desk.assess.engine import Answers

        engine = self._near.engine
        if self._env is None:
            self._env = engine.env(Answers(self._on))
            for name, (values, known) in self._chunk.stated.items():
                slot = engine.slots.index.get(name)
                if slot is not None:
                    fact = engine.pack.facts[name]
                    self._env.values[slot] = span_of(fact, values, known, self._env.values[slot])
            self._masks = [np.broadcast_to(test(self._env)[1] != 0, self._chunk.rows) for _, test in engine.consistency]
        out = np.ones(len(rows), np.bool_)
        changed: Env | None = None
        for (_, test), holds, looks in zip(engine.consistency, self._masks, self._near._looks, strict=True):
            if changing not in looks:
                out &= holds[rows]
                continue
            if changed is None:
                changed = Env([_cut(span, rows) for span in self._env.values], self._env.on)
                changed.values[engine.slots.slot(changing)] = target, target
            out &= test(changed)[1] != 0
        return out


def _cut(span: tuple[Any, Any], rows: Ints) -> tuple[Any, Any]:
    low, high = (end[rows] if isinstance(end, np.ndarray) else end for end in span)
    return low, high


@dataclass(frozen=True, slots=True)
class _Wait:
    """A form on which waiting may work (``nearmiss._waits``), with the clause that looks at it."""

    node: f.Since | f.Compare | f.Name
    clause: str
    #: of a term, the day on which it is complete, by the day on which it began (ordinals)
    complete: Callable[[int], int] = int

    def days(self, chunk: Chunk, rule: Rule, on: date, awarded: Mask) -> Ints:
        """The day to wait for in each row; ``_NEVER`` where there is none."""
        env, node = chunk.envs[0], self.node
        if isinstance(node, f.Name):
            told = chunk.stated[node.name][1] if node.name in chunk.stated else np.zeros(chunk.rows, np.bool_)
            return np.where(awarded & ~told, date(on.year + 1, 1, 1).toordinal(), _NEVER)
        low, high = rule.meaning.of(node.left if isinstance(node, f.Since) else node.right)(env)
        low, known = np.broadcast_to(low, chunk.rows), np.broadcast_to(low == high, chunk.rows)
        if isinstance(node, f.Since):
            out = np.full(chunk.rows, _NEVER)
            out[known] = rule.meaning.ops.each(self.complete, low[known])
            return out
        return np.where(known & (low > 0) & (low < INF), low + (node.word == "超过"), _NEVER)


def _waiting(engine: Engine, rule: Rule) -> Iterator[_Wait]:
    for node in rule.reach:
        if isinstance(node, f.Since):
            yield _Wait(node, node.cite[0], partial(_complete, node.term.value))
        elif isinstance(node, f.Compare) and isinstance(node.left, f.Name) and node.left.name == JUDGED_ON:
            if node.word in ("不早于", "超过"):
                yield _Wait(node, node.cite[0])
        elif isinstance(node, f.Name):
            fact = engine.pack.facts.get(node.name)
            if fact is not None and fact.history is not None and fact.history.window == "本年度":
                yield _Wait(node, node.cite[0] if node.cite else rule.benefit.clause)


def _complete(months: int, began: int) -> int:
    return add_months(date.fromordinal(began), months).toordinal()
