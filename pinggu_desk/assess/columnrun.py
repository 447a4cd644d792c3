"""One benefit over a chunk of rows: status, kind of figure, ends and what is lacking, as ``assess.conclude`` gives them one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from pinggu_desk.assess.determination import Figure, Status
from pinggu_desk.assess.env import Env
from pinggu_desk.assess.rules import Rule
from pinggu_desk.policy.dates import Calendar
from pinggu_desk.policy.quantity import INF, Dim

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

#: code in a column -> status; code in a column -> kind of figure (NO_FIGURE: none)
STATUSES: tuple[Status, ...] = get_args(Status)
FIGURES: tuple[Figure, ...] = get_args(Figure)
NO_FIGURE = -1
ELIGIBLE, INELIGIBLE, UNKNOWN, REVIEW = map(STATUSES.index, ("eligible", "ineligible", "unknown", "review"))
#: An end that may not be printed (None in a conclusion).
NO_END = -1


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


class _Where:
    """Where something to ask, or only a verdict, is lacking (a sink of ``assess.needs``)."""

    def __init__(self) -> None:
        self.asks: Any = False
        self.verdicts: Any = False
        self.open: Any = False  # a fact, rather than an outside figure

    def ask(self, _name: str, mask: Any) -> None:
        self.asks = self.asks | mask
        self.open = self.open | mask

    def parameter(self, _name: str, _about: str, mask: Any) -> None:
        self.asks = self.asks | mask

    def calendar(self, _calendar: Calendar, _start: Any, mask: Any) -> None:
        self.asks = self.asks | mask

    def verdict(self, _name: str, _who: str, _why: str, mask: Any) -> None:
        self.verdicts = self.verdicts | mask


class _Named(_Where):
    """The same, and what it is by name, each with the mask of the chunk's rows."""

    def __init__(self, lacks: Lacks) -> None:
        super().__init__()
        self._lacks = lacks

    def ask(self, name: str, mask: Any) -> None:
        super().ask(name, mask)
        _note(self._lacks.asks, name, mask)

    def parameter(self, name: str, about: str, mask: Any) -> None:
        super().parameter(name, about, mask)
        _note(self._lacks.parameters, name, mask)

    def calendar(self, calendar: Calendar, start: Any, mask: Any) -> None:
        super().calendar(calendar, start, mask)
        mask, start = np.broadcast_arrays(mask, start)
        for year in {date.fromordinal(int(day)).year for day in np.unique(start[mask])}:
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            name = f"{calendar.first_unpublished(year)}年节假日安排"
            _note(self._lacks.parameters, name, mask & (start >= first) & (start <= last))

    def verdict(self, name: str, who: str, why: str, mask: Any) -> None:
        super().verdict(name, who, why, mask)
        _note(self._lacks.verdicts, name, mask)


def _note(where: dict[str, Any], name: str, mask: Any) -> None:
    found = where.get(name)
    where[name] = mask if found is None else found | mask


def blank(rows: int) -> Column:
    """A column of so many rows, nothing in it yet."""
    return Column(
        np.zeros(rows, np.int8), np.full(rows, NO_FIGURE, np.int8), np.full(rows, NO_END, np.int64),
        np.full(rows, NO_END, np.int64), Lacks(), np.zeros(rows, np.bool_),
    )  # fmt: skip


def conclude_rows(
    rule: Rule, env: Env, open_env: Env, column: Column, part: slice, lacks: Lacks | None = None
) -> None:  # fmt: skip
    """``conclude.conclude`` for the rows of a chunk (``part`` of the column); ``lacks`` takes what they lack, by name."""
    test, (low, high) = rule.test(env), rule.figure(env)
    possible = test[1] & (high != 0)
    column.status[part] = INELIGIBLE
    if not np.any(possible):
        return
    needs, own = (_Where(), _Where()) if lacks is None else (_Named(lacks), _Named(lacks))
    rule.test_lacks(env, possible, needs)
    rule.figure_lacks(env, possible, own)
    status = np.where(needs.verdicts | own.verdicts, REVIEW, ELIGIBLE)
    status = np.where(needs.asks | own.asks, UNKNOWN, status)
    column.status[part] = np.where(possible, status, INELIGIBLE)
    if lacks is not None and lacks.verdicts:  # facts first (``Needs.facts_first``)
        settled = np.logical_not(needs.open | own.open)
        for name, mask in lacks.verdicts.items():
            lacks.verdicts[name] = mask & settled
    if rule.dim is Dim.SERVICE:
        column.figure[part] = np.where(possible, FIGURES.index("in_kind"), NO_FIGURE)
        return
    figure, bottom, top = _figure(rule, low, high, own.asks, rule.figure(open_env)[1])
    column.figure[part] = np.where(possible, figure, NO_FIGURE)
    column.low[part] = np.where(possible, bottom, NO_END)
    column.high[part] = np.where(possible, top, NO_END)


def unchecked(rule: Rule, env: Env, lacks: Lacks) -> None:
    """What a check (核对) that has failed still lacks, added to ``lacks`` (``conclude._unchecked``)."""
    if rule.check is not None:
        possible = rule.test(env)[1] & (rule.figure(env)[1] != 0)
        still = (possible ^ True) & rule.check.applies(env)[1]
        asked = _Named(Lacks(lacks.asks, lacks.parameters))
        for missing in rule.check.lacks:
            missing(env, still, asked)


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
