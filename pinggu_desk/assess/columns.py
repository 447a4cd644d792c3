"""A table of applicants against every benefit at once: the same meanings as one case, run on NumPy columns.

Status, kind of figure and its ends come out as ``assess.conclude`` gives them one by one, because the forms' meanings
and what they lack (``assess.needs``) are written once for numbers and for arrays; a property test holds the two equal.
Rows are worked through in chunks that fit the processor's cache; there is no loop over rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.determination import Figure, Status
from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.assess.env import Env
from pinggu_desk.assess.ops import ArrayOps
from pinggu_desk.assess.rules import Rule
from pinggu_desk.policy.dates import Calendar
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.facts import PRIOR
from pinggu_desk.policy.models import Consistency
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
class Lacks:
    """What a benefit lacks, by name, and in which rows: facts to ask, parameters to enter, verdicts to obtain."""

    asks: dict[str, Mask] = field(default_factory=dict)
    parameters: dict[str, Mask] = field(default_factory=dict)
    verdicts: dict[str, Mask] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """One benefit over all rows: codes of STATUSES and FIGURES, and the figure's ends in smallest units (fen) or NO_END.

    Where names were asked for, ``lacks`` says what is missing where, and ``unsettled`` where the answer rests on a reading
    (口径待主管部门确认).
    """

    status: NDArray[np.int8]
    figure: NDArray[np.int8]
    low: Ints
    high: Ints
    lacks: Lacks = field(default_factory=Lacks)
    unsettled: Mask = field(default_factory=lambda: np.zeros(0, np.bool_))


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
        *,
        names: bool = False,
    ) -> dict[str, Column]:
        """Every benefit (of those policies) over every row; see :func:`assess_columns`.

        ``names`` asks for what each row lacks and for whether it rests on a reading, at about twice the cost.
        """
        given = {name: _split(column) for name, column in columns.items()}
        rows = self._rows(given, awards)
        if PRIOR in given:
            self._never(given, awards, rows)
        if awards is not None:
            self._histories(given, awards, on, rows)
        chosen = self.engine.chosen(policies)
        out = {rule.benefit.id: _empty(rows) for rule in chosen}
        for first in range(0, rows, CHUNK):
            part = slice(first, min(first + CHUNK, rows))
            self._chunk({name: (v[part], k[part]) for name, (v, k) in given.items()}, on, chosen, out, part, names)
        return out

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
        env, _ = self._envs(given, on)
        checks = self.engine.doubtful if soft else self.engine.consistency
        found = [(item, np.broadcast_to(test(env)[1] ^ True, rows)) for item, test in checks]
        return [(item, mask) for item, mask in found if mask.any()]

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
            worked = np.zeros(rows, np.int64)
            for row, item in listed:
                worked[row] = item[fact.name]
            given[fact.name] = np.where(known, values, worked), known | sure

    def _envs(self, given: Mapping[str, tuple[Ints, Mask]], on: date) -> tuple[Env, Env]:
        """The environments of a chunk (see ``Engine.envs``), its columns as spans."""
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
        return env, open_env

    def _chunk(
        self, given: Mapping[str, tuple[Ints, Mask]], on: date, chosen: list[Rule], out: dict[str, Column], part: slice,
        names: bool,
    ) -> None:  # fmt: skip
        envs = self._envs(given, on)
        switched: dict[str, tuple[Env, Env]] = {}
        for rule in chosen:
            column = out[rule.benefit.id]
            if on < rule.policy.known_from:
                column.status[part] = STATUSES.index("unknown")
                continue
            _conclude(rule, *envs, column, part, names)
            if names:
                possible = column.status[part] != STATUSES.index("ineligible")
                for when in rule.told:
                    column.unsettled[part] |= possible if when is None else possible & (when(envs[0])[1] != 0)
                for reading in rule.switches:
                    other = switched.get(reading)
                    if other is None:
                        other = switched[reading] = self._switched(envs, reading)
                    _compare(rule, other, column, part)

    def _switched(self, envs: tuple[Env, Env], reading: str) -> tuple[Env, Env]:
        slot = self.engine.slots.index[f"读法:{reading}"]
        env, open_env = (self.engine.varied(one, slot, 0) for one in envs)
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
    return ColumnEngine(engine).assess(columns, on, awards)


def _split(column: Given) -> tuple[Ints, Mask]:
    values, known = column if isinstance(column, tuple) else (column, np.ones(len(column), np.bool_))
    return np.asarray(values, np.int64), np.asarray(known, np.bool_)


def _empty(rows: int) -> Column:
    return Column(
        np.zeros(rows, np.int8), np.full(rows, NO_FIGURE, np.int8), np.full(rows, NO_END, np.int64),
        np.full(rows, NO_END, np.int64), Lacks(), np.zeros(rows, np.bool_),
    )  # fmt: skip


class _Where:
    """Where something to ask, or only a verdict, is lacking (a sink of ``assess.needs``)."""

    def __init__(self) -> None:
        self.asks: Any = False
        self.verdicts: Any = False
        self.open: Any = False  # a fact, rather than an outside figure

    def ask(self, _name: str, mask: Any) -> None:
        self.asks = self.asks | mask
        self.open = self.open | mask

    def facts_first(self, asking: Any) -> None:
        """``Needs.facts_first`` for all rows; nothing is named here."""

    def parameter(self, _name: str, _about: str, mask: Any) -> None:
        self.asks = self.asks | mask

    def calendar(self, _calendar: Calendar, _start: Any, mask: Any) -> None:
        self.asks = self.asks | mask

    def verdict(self, _name: str, _who: str, _why: str, mask: Any) -> None:
        self.verdicts = self.verdicts | mask


class _Named(_Where):
    """The same, and what it is by name."""

    def __init__(self, lacks: Lacks, part: slice, rows: int) -> None:
        super().__init__()
        self._lacks, self._part, self._rows = lacks, part, rows

    def _note(self, where: dict[str, Mask], name: str, mask: Any) -> None:
        found = where.get(name)
        if found is None:
            found = where[name] = np.zeros(self._rows, np.bool_)
        found[self._part] |= mask

    def ask(self, name: str, mask: Any) -> None:
        super().ask(name, mask)
        self._note(self._lacks.asks, name, mask)

    def parameter(self, name: str, about: str, mask: Any) -> None:
        super().parameter(name, about, mask)
        self._note(self._lacks.parameters, name, mask)

    def calendar(self, calendar: Calendar, start: Any, mask: Any) -> None:
        super().calendar(calendar, start, mask)
        mask, start = np.broadcast_arrays(mask, start)
        for year in {date.fromordinal(int(day)).year for day in np.unique(start[mask])}:
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            name = f"{calendar.first_unpublished(year)}年节假日安排"
            self._note(self._lacks.parameters, name, mask & (start >= first) & (start <= last))

    def verdict(self, name: str, who: str, why: str, mask: Any) -> None:
        super().verdict(name, who, why, mask)
        self._note(self._lacks.verdicts, name, mask)

    @override
    def facts_first(self, asking: Any) -> None:
        for where in self._lacks.verdicts.values():
            where[self._part] &= np.logical_not(asking)


def _compare(rule: Rule, other: tuple[Env, Env], column: Column, part: slice) -> None:
    """Note the rows of a chunk whose outcome the other reading would change."""
    size = part.stop - part.start
    turned = _empty(size)
    _conclude(rule, *other, turned, slice(0, size), False)
    pairs = ((column.status, turned.status), (column.figure, turned.figure), (column.low, turned.low),
             (column.high, turned.high))  # fmt: skip
    for mine, theirs in pairs:
        column.unsettled[part] |= mine[part] != theirs


def _conclude(rule: Rule, env: Env, open_env: Env, column: Column, part: slice, names: bool) -> None:
    """``conclude.conclude`` for all rows of a chunk."""
    test, (low, high) = rule.test(env), rule.figure(env)
    ruled_out = (test[1] ^ True) | (high == 0)
    possible = ruled_out ^ True
    column.status[part] = STATUSES.index("ineligible")
    if names and rule.check is not None:
        still = ruled_out & rule.check.applies(env)[1]
        asked = _Named(Lacks(column.lacks.asks, column.lacks.parameters), part, len(column.status))
        for lacks in rule.check.lacks:
            lacks(env, still, asked)
    if not np.any(possible):
        return
    needs, own = _sink(column, part, names), _sink(column, part, names)
    rule.test_lacks(env, possible, needs)
    rule.figure_lacks(env, possible, own)
    status = np.where(needs.verdicts | own.verdicts, STATUSES.index("review"), STATUSES.index("eligible"))
    status = np.where(needs.asks | own.asks, STATUSES.index("unknown"), status)
    column.status[part] = np.where(possible, status, STATUSES.index("ineligible"))
    needs.facts_first(needs.open | own.open)
    if rule.dim is Dim.SERVICE:
        column.figure[part] = np.where(possible, FIGURES.index("in_kind"), NO_FIGURE)
        return
    figure, bottom, top = _figure(rule, low, high, own.asks, rule.figure(open_env)[1])
    column.figure[part] = np.where(possible, figure, NO_FIGURE)
    column.low[part] = np.where(possible, bottom, NO_END)
    column.high[part] = np.where(possible, top, NO_END)


def _sink(column: Column, part: slice, names: bool) -> _Where:
    return _Named(column.lacks, part, len(column.status)) if names else _Where()


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
