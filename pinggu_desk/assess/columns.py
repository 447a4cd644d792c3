"""A table of applicants against every benefit at once: the same meanings as one case, run on NumPy columns.

Status, kind of figure and its ends come out as ``assess.conclude`` gives them one by one, because the forms' meanings
and what they lack (``assess.needs``) are written once for numbers and for arrays; a property test holds the two equal.
Rows are worked through in chunks that fit the processor's cache; there is no loop over rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import numpy as np

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.columnrun import (
    FIGURES,
    INELIGIBLE,
    NO_END,
    NO_FIGURE,
    STATUSES,
    UNKNOWN,
    Column,
    Ints,
    Lacks,
    Mask,
    blank,
    conclude_rows,
    span_of,
    unchecked,
)
from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.assess.env import Env
from pinggu_desk.assess.ops import ArrayOps
from pinggu_desk.assess.rules import Rule
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.facts import PRIOR, Fact
from pinggu_desk.policy.models import Consistency
from pinggu_desk.policy.quantity import Dim

T = TypeVar("T")
Given = Ints | tuple[Ints, Mask]

#: Rows a chunk: enough that work on the numbers outweighs calling NumPy, few enough that the columns stay near the processor.
CHUNK = 16_384


@dataclass(frozen=True, slots=True)
class Prepared:
    """A table made ready: what each row states, the same with what past awards make of each history fact, and the awards."""

    stated: Mapping[str, tuple[Ints, Mask]]
    given: Mapping[str, tuple[Ints, Mask]]
    awards: Sequence[Sequence[Award] | None] | None
    rows: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a table that were just run: which, what they state, their environments, and what each benefit lacks."""

    part: slice
    stated: Mapping[str, tuple[Ints, Mask]]
    awards: Sequence[Sequence[Award] | None] | None
    envs: tuple[Env, Env]
    lacks: Mapping[str, Lacks]

    @property
    def rows(self) -> int:
        """How many rows it has."""
        rows: int = self.part.stop - self.part.start
        return rows

    def awarded(self) -> Mask:
        """The rows whose past awards are known, or that say that there were none (``Answers.past``)."""
        out = np.zeros(self.rows, np.bool_)
        if self.awards is not None:
            out |= np.fromiter((item is not None for item in self.awards), np.bool_, self.rows)
        if PRIOR in self.stated:
            values, known = self.stated[PRIOR]
            out |= known & (values == 0)
        return out


class ColumnEngine:
    """An engine's pack, compiled for tables."""

    def __init__(self, engine: Engine) -> None:
        self._beside: dict[Any, Any] = {}
        # of one stretch of days: who runs a list asks for its day's
        self.engine = Engine(engine.own, ArrayOps())
        self.engine.enter(engine.figures, engine.corrections)
        facts, index = engine.pack.facts, self.engine.slots.index
        self._truths = [slot for name, slot in index.items() if _is_truth(facts.get(name), name)]

    def beside(self, kind: Callable[[Engine], T]) -> T:
        """What is made of the engine once and used for every table."""
        made: T | None = self._beside.get(kind)
        if made is None:
            made = self._beside[kind] = kind(self.engine)
        return made

    def assess(
        self,
        columns: Mapping[str, Given],
        on: date,
        awards: Sequence[Sequence[Award] | None] | None = None,
        policies: Iterable[str] | None = None,
        *,
        names: bool = False,
    ) -> dict[str, Column]:
        """Every benefit (of those policies) over every row; see :func:`assess_columns`.

        ``names`` asks for what each row lacks and for whether it rests on a reading, at about twice the cost.
        """
        table = self.prepared(columns, on, awards)
        out = {rule.benefit.id: blank(rule, table.rows, names=names) for rule in self.engine.chosen(policies)}
        for _ in self.chunks(table, on, out, names=names):
            pass
        return out

    def prepared(
        self, columns: Mapping[str, Given], on: date, awards: Sequence[Sequence[Award] | None] | None
    ) -> Prepared:
        """The table made ready. Raises as :func:`assess_columns` does."""
        stated = {name: _split(column) for name, column in columns.items()}
        given, rows = dict(stated), self._rows(stated, awards)
        if PRIOR in given:
            self._never(given, awards, rows)
        if awards is not None:
            self._histories(given, awards, on, rows)
        return Prepared(stated, given, awards, rows)

    def chunks(
        self, table: Prepared, on: date, out: Mapping[str, Column], *, names: bool, lacks: bool = False
    ) -> Iterator[Chunk]:  # fmt: skip
        """Work through a table chunk by chunk, writing into ``out``; ``lacks`` keeps what each benefit lacks in the chunk."""
        rules = [self.engine.rule(benefit) for benefit in out]
        for part in _parts(table.rows):
            envs = self.envs(_cut(table.given, part), on)
            awards = table.awards[part] if table.awards is not None else None
            chunk = Chunk(part, _cut(table.stated, part), awards, envs, {rule.benefit.id: Lacks() for rule in rules})
            self._chunk(chunk, on, rules, out, names=names, lacks=lacks)
            yield chunk
            for env in envs:  # so that no two chunks are held at once, whoever still looks at this one
                env.memo.clear()
                env.values.clear()

    def _never(
        self, given: dict[str, tuple[Ints, Mask]], awards: Sequence[Sequence[Award] | None] | None, rows: int
    ) -> None:
        """Where the applicant says that it never had an award, every history fact that its row leaves open is nought.

        Known awards go before what it says, as they do for one applicant (``Answers.past``).
        """
        values, known = given[PRIOR]
        never = known & (values == 0)
        if awards is not None:
            never &= np.fromiter((item is None for item in awards), np.bool_, rows)
        for fact, _ in self.engine.histories:
            own, told = given.get(fact.name, (np.zeros(rows, np.int64), np.zeros(rows, np.bool_)))
            given[fact.name] = np.where(told, own, 0), told | never

    def broken(
        self, columns: Mapping[str, Given], on: date, *, soft: bool = False
    ) -> list[tuple[Consistency, Mask]]:  # fmt: skip
        """The consistency checks (校核) that some rows break for certain, each with the mask of those rows.

        ``soft`` asks for those that only ask for a second look (级: 提示) instead.
        """
        given = {name: _split(column) for name, column in columns.items()}
        rows = self._rows(given, None)
        checks = self.engine.doubtful if soft else self.engine.consistency
        found: dict[int, Mask] = {}
        for part in _parts(rows):
            env, _ = self.envs(_cut(given, part), on)
            for number, (_, test) in enumerate(checks):
                mask = np.logical_not(test(env)[1])
                if mask.any():
                    found.setdefault(number, np.zeros(rows, np.bool_))[part] = mask
        return [(checks[number][0], found[number]) for number in sorted(found)]

    def _rows(self, given: Mapping[str, tuple[Ints, Mask]], awards: Sequence[object] | None) -> int:
        for name in given:
            fact = self.engine.pack.facts.get(name)
            if fact is None or fact.dim is Dim.TEXT:
                raise BadInput(f"表里的“{name}”不是能参加测算的填报项，请核对列名。")
        lengths = {len(values) for values, _ in given.values()} | ({len(awards)} if awards is not None else set())
        if len(lengths) > 1:
            raise BadInput(f"表里各列的行数不一致（{'、'.join(map(str, sorted(lengths)))}），请补齐。")
        return lengths.pop() if lengths else 0

    def _histories(
        self, given: dict[str, tuple[Ints, Mask]], awards: Sequence[Sequence[Award] | None], on: date, rows: int
    ) -> None:
        """What the past awards make of each history fact, where the column itself says nothing."""
        sure = np.fromiter((item is not None for item in awards), np.bool_, rows)
        listed = [(row, self.engine.from_past(item, on)) for row, item in enumerate(awards) if item]
        for fact, _ in self.engine.histories:
            values, known = given.get(fact.name, (np.zeros(rows, np.int64), np.zeros(rows, np.bool_)))
            worked, told = np.zeros(rows, np.int64), sure.copy()
            for row, item in listed:
                worked[row], most = item[fact.name]
                told[row] = worked[row] == most
            given[fact.name] = np.where(known, values, worked), known | told

    def envs(self, given: Mapping[str, tuple[Ints, Mask]], on: date) -> tuple[Env, Env]:
        """The environments of a chunk (see ``Engine.envs``), its columns as spans; what is Yes or No as booleans, choices in a byte."""
        env, open_env = self.engine.envs(Answers(on))
        for one in (env, open_env) if open_env is not env else (env,):
            for slot in self._truths:
                low, high = one.values[slot]
                one.values[slot] = bool(low), bool(high)
            for name, (values, known) in given.items():
                at = self.engine.slots.index.get(name)
                if at is not None:
                    one.values[at] = span_of(self.engine.pack.facts[name], values, known, one.values[at])
        return env, open_env

    def _chunk(
        self, chunk: Chunk, on: date, chosen: list[Rule], out: Mapping[str, Column], *, names: bool, lacks: bool
    ) -> None:
        switched: dict[str, tuple[Env, Env]] = {}
        part, envs = chunk.part, chunk.envs
        for before, rule in zip([None, *chosen], chosen, strict=False):
            if before is not None and before.policy is not rule.policy:  # no policy looks at another's forms
                for env in (*envs, *(env for pair in switched.values() for env in pair)):
                    env.memo.clear()
            column = out[rule.benefit.id]
            if not rule.policy.in_force(on):
                column.status[part] = INELIGIBLE if rule.policy.ended(on) else UNKNOWN
                column.figure[part] = NO_FIGURE
                if rule.dim is not Dim.SERVICE:
                    column.low[part] = column.high[part] = NO_END
                continue
            found = chunk.lacks[rule.benefit.id]
            conclude_rows(rule, *envs, column, part, found if names or lacks else None)
            if names:
                _name(column, part, found, rule, envs[0])
                possible = column.status[part] != INELIGIBLE
                for reading, when, doubt in zip(rule.benefit.readings, rule.told, rule.doubts, strict=True):
                    if self.engine.settled(reading, on) is not None:
                        continue
                    column.unsettled[part] |= possible if when is None else possible & (when(envs[0])[1] != 0)
                    if doubt is not None:
                        column.unsettled[part] |= ~possible & (doubt(envs[0])[1] != 0)
                for reading in rule.switches:
                    if self.engine.settled(reading, on) is not None:
                        continue
                    other = switched.get(reading)
                    if other is None:
                        other = switched[reading] = self._switched(envs, reading)
                    _compare(rule, other, column, part)

    def _switched(self, envs: tuple[Env, Env], reading: str) -> tuple[Env, Env]:
        slot = self.engine.slots.index[f"读法:{reading}"]
        other = 0 if envs[0].values[slot][0] else 1
        env, open_env = (self.engine.varied(one, slot, other) for one in envs)
        return env, (env if envs[0] is envs[1] else open_env)


def assess_columns(
    engine: Engine,
    columns: Mapping[str, Given],
    on: date,
    awards: Sequence[Sequence[Award] | None] | None = None,
) -> dict[str, Column]:
    """A table against every benefit: by benefit id, the status, kind and ends of each row's figure.

    ``columns`` maps fact names to read values (smallest units, option numbers, ordinals), alone or with a mask of which
    are known; a fact without a column is unknown in every row. ``awards`` are the past awards of each row, or None where
    nobody knows them. Raises BadInput for a column that is no fact, or columns of unequal length. Whoever runs many
    tables keeps a :class:`ColumnEngine`.
    """
    return ColumnEngine(engine.at(on)).assess(columns, on, awards)


def _is_truth(fact: Fact | None, name: str) -> bool:
    return fact.dim is Dim.TRUTH if fact is not None else name.startswith("读法:")


def _split(column: Given) -> tuple[Ints, Mask]:
    """Values and which are known; values may be of any whole or truth type, and are not copied."""
    if isinstance(column, tuple):
        values, known = column
        return np.asarray(values), np.asarray(known, np.bool_)
    return np.asarray(column), np.broadcast_to(np.True_, len(column))


def _parts(rows: int) -> Iterator[slice]:
    for first in range(0, rows, CHUNK):
        yield slice(first, min(first + CHUNK, rows))


def _cut(given: Mapping[str, tuple[Ints, Mask]], part: slice) -> dict[str, tuple[Ints, Mask]]:
    return {name: (values[part], known[part]) for name, (values, known) in given.items()}


def _name(column: Column, part: slice, found: Lacks, rule: Rule, env: Env) -> None:
    """Write what a chunk lacks by name into the whole column."""
    full = Lacks(
        dict(found.asks), dict(found.parameters), found.verdicts
    )  # a failed check's own stays out of ``found``
    unchecked(rule, env, full)
    for mine, whole in ((full.asks, column.lacks.asks), (full.parameters, column.lacks.parameters),
                        (full.verdicts, column.lacks.verdicts)):  # fmt: skip
        for name, mask in mine.items():
            if name not in whole:
                whole[name] = np.zeros(len(column.status), np.bool_)
            whole[name][part] = mask


def _compare(rule: Rule, other: tuple[Env, Env], column: Column, part: slice) -> None:
    """Note the rows of a chunk whose outcome the other reading would change."""
    size = part.stop - part.start
    turned = blank(rule, size)
    conclude_rows(rule, *other, turned, slice(0, size))
    pairs = ((column.status, turned.status), (column.figure, turned.figure), (column.low, turned.low),
             (column.high, turned.high))  # fmt: skip
    for mine, theirs in pairs:
        column.unsettled[part] |= mine[part] != theirs


__all__ = [
    "CHUNK", "FIGURES", "NO_END", "NO_FIGURE", "STATUSES", "Chunk", "Column", "ColumnEngine", "Given", "Ints", "Lacks", "Mask",
    "assess_columns",
]  # fmt: skip
