"""A table of applicants against every benefit at once: the same meanings as one case, run on NumPy columns.

Status, kind of figure and its ends come out as ``assess.conclude`` gives them one by one, because the forms' meanings
and what they lack (``assess.needs``) are written once for numbers and for arrays; a property test holds the two equal.
Rows are worked through in chunks that fit the processor's cache; there is no loop over rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from pinggu_desk.assess.determination import Award, Figure, Status
from pinggu_desk.assess.engine import Answers, Engine, from_awards
from pinggu_desk.assess.env import Env
from pinggu_desk.assess.ops import ArrayOps
from pinggu_desk.assess.rules import Rule
from pinggu_desk.policy.dates import Calendar
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.quantity import INF, Dim

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Given = Ints | tuple[Ints, Mask]

#: code in a column -> status; code in a column -> kind of figure (NO_FIGURE: none)
STATUSES: tuple[Status, ...] = get_args(Status)
FIGURES: tuple[Figure, ...] = get_args(Figure)
NO_FIGURE = -1
#: An end that may not be printed (None in a conclusion).
NO_END = -1
#: Rows a chunk: a column of it is 64 KiB.
CHUNK = 8192


@dataclass(frozen=True, slots=True)
class Column:
    """One benefit over all rows: codes of STATUSES and FIGURES, and the figure's ends in smallest units (fen) or NO_END."""

    status: NDArray[np.int8]
    figure: NDArray[np.int8]
    low: Ints
    high: Ints


class ColumnEngine:
    """An engine's pack, compiled for tables."""

    def __init__(self, engine: Engine) -> None:
        self.engine = Engine(engine.pack, ArrayOps())

    def assess(
        self,
        columns: Mapping[str, Given],
        on: date,
        awards: Sequence[Sequence[Award] | None] | None = None,
        policies: Iterable[str] | None = None,
    ) -> dict[str, Column]:
        """Every benefit (of those policies) over every row; see :func:`assess_columns`."""
        given = {name: _split(column) for name, column in columns.items()}
        rows = self._rows(given, awards)
        if awards is not None:
            self._histories(given, awards, on, rows)
        chosen = self.engine.chosen(policies)
        out = {rule.benefit.id: _empty(rows) for rule in chosen}
        for first in range(0, rows, CHUNK):
            part = slice(first, min(first + CHUNK, rows))
            self._chunk({name: (v[part], k[part]) for name, (v, k) in given.items()}, on, chosen, out, part)
        return out

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
        listed = [(row, item) for row, item in enumerate(awards) if item]
        for fact, _ in self.engine.histories:
            values, known = given.get(fact.name, (np.zeros(rows, np.int64), np.zeros(rows, np.bool_)))
            worked = np.zeros(rows, np.int64)
            for row, item in listed:
                worked[row] = from_awards(fact, item, on)
            given[fact.name] = np.where(known, values, worked), known | sure

    def _chunk(
        self, given: Mapping[str, tuple[Ints, Mask]], on: date, chosen: list[Rule], out: dict[str, Column], part: slice
    ) -> None:
        env, open_env = self.engine.envs(Answers(on))
        for one in (env, open_env) if open_env is not env else (env,):
            for name, (values, known) in given.items():
                slot = self.engine.slots.index.get(name)
                if slot is not None:
                    low, high = one.values[slot]
                    both = bool(known.all())
                    one.values[slot] = (values, values) if both else (
                        np.where(known, values, low), np.where(known, values, high)
                    )  # fmt: skip
        for rule in chosen:
            column = out[rule.benefit.id]
            if on < rule.policy.known_from:
                column.status[part] = STATUSES.index("unknown")
            else:
                _conclude(rule, env, open_env, column, part)


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
    return ColumnEngine(engine).assess(columns, on, awards)


def _split(column: Given) -> tuple[Ints, Mask]:
    values, known = column if isinstance(column, tuple) else (column, np.ones(len(column), np.bool_))
    return np.asarray(values, np.int64), np.asarray(known, np.bool_)


def _empty(rows: int) -> Column:
    return Column(
        np.zeros(rows, np.int8), np.full(rows, NO_FIGURE, np.int8), np.full(rows, NO_END, np.int64),
        np.full(rows, NO_END, np.int64),
    )  # fmt: skip


class _Where:
    """Where something to ask, or only a verdict, is lacking (a sink of ``assess.needs``)."""

    def __init__(self) -> None:
        self.asks: Any = False
        self.verdicts: Any = False

    def ask(self, _name: str, mask: Any) -> None:
        self.asks = self.asks | mask

    def parameter(self, _name: str, _about: str, mask: Any) -> None:
        self.asks = self.asks | mask

    def calendar(self, _calendar: Calendar, _start: Any, mask: Any) -> None:
        self.asks = self.asks | mask

    def verdict(self, _name: str, _who: str, _why: str, mask: Any) -> None:
        self.verdicts = self.verdicts | mask


def _conclude(rule: Rule, env: Env, open_env: Env, column: Column, part: slice) -> None:
    """``conclude.conclude`` for all rows of a chunk."""
    test, (low, high) = rule.test(env), rule.figure(env)
    ruled_out = (test[1] ^ True) | (high == 0)
    possible = ruled_out ^ True
    column.status[part] = STATUSES.index("ineligible")
    if not np.any(possible):
        return
    needs, own = _Where(), _Where()
    rule.test_lacks(env, possible, needs)
    rule.figure_lacks(env, possible, own)
    status = np.where(needs.verdicts | own.verdicts, STATUSES.index("review"), STATUSES.index("eligible"))
    status = np.where(needs.asks | own.asks, STATUSES.index("unknown"), status)
    column.status[part] = np.where(possible, status, STATUSES.index("ineligible"))
    if rule.dim is Dim.SERVICE:
        column.figure[part] = np.where(possible, FIGURES.index("in_kind"), NO_FIGURE)
        return
    figure, bottom, top = _figure(rule, low, high, own.asks, rule.figure(open_env)[1])
    column.figure[part] = np.where(possible, figure, NO_FIGURE)
    column.low[part] = np.where(possible, bottom, NO_END)
    column.high[part] = np.where(possible, top, NO_END)


def _figure(rule: Rule, low: Any, high: Any, asks: Any, open_high: Any) -> tuple[Any, Any, Any]:
    """``conclude._figure`` for all rows: kind and ends, whatever the conditions."""
    kind = FIGURES.index(next(iter(rule.kinds))) if len(rule.kinds) == 1 else NO_FIGURE
    exact, endless = low == high, high >= INF
    figure = np.where(low > 0, FIGURES.index("range"), FIGURES.index("up_to"))
    figure = np.where(endless, FIGURES.index("by_review"), figure)
    figure = np.where(exact, FIGURES.index("computed"), figure)
    bottom = np.where(exact | (low > 0), low, NO_END)
    top = np.where(endless & ~exact, NO_END, high)
    open_top = np.where(open_high >= INF, NO_END, open_high)
    return np.where(asks, kind, figure), np.where(asks, NO_END, bottom), np.where(asks, open_top, top)


__all__ = ["CHUNK", "FIGURES", "NO_END", "NO_FIGURE", "STATUSES", "Column", "ColumnEngine", "Given", "assess_columns"]
