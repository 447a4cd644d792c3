"""One benefit over a chunk of rows: status, kind of figure, ends and what is lacking, as ``assess.conclude`` gives them one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from pinggu_desk.assess.determination import Figure, Status
from pinggu_desk.assess.env import Env, Span
from pinggu_desk.assess.rules import Rule
from pinggu_desk.policy.dates import Calendar
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.quantity import INF, Dim

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

#: code in a column -> status; code in a column -> kind of figure (NO_FIGURE: none)
STATUSES: tuple[Status, ...] = get_args(Status)
FIGURES: tuple[Figure, ...] = get_args(Figure)
NO_FIGURE = -1
ELIGIBLE, INELIGIBLE, UNKNOWN, REVIEW = map(STATUSES.index, ("eligible", "ineligible", "unknown", "review"))
_ELIGIBLE, _INELIGIBLE, _UNKNOWN, _REVIEW = map(np.int8, (ELIGIBLE, INELIGIBLE, UNKNOWN, REVIEW))
_COMPUTED, _UP_TO, _RANGE, _BY_REVIEW, _IN_KIND = (
    np.int8(FIGURES.index(word)) for word in ("computed", "up_to", "range", "by_review", "in_kind")
)
_NO_FIGURE = np.int8(NO_FIGURE)
#: In what a column of values is run, where that is not 64 bits.
_KINDS: dict[Dim, Any] = {Dim.TRUTH: np.bool_, Dim.OPTION: np.int8}
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

    ``gap`` says where the figure itself waits for a verdict, so that a range is no published one. Where names were asked for,
    ``lacks`` says what is missing where, and ``unsettled`` where the answer rests on a reading (口径待主管部门确认).
    """

    status: NDArray[np.int8]
    figure: NDArray[np.int8]
    low: Ints
    high: Ints
    lacks: Lacks = field(default_factory=Lacks)
    unsettled: Mask = field(default_factory=lambda: np.zeros(0, np.bool_))
    gap: Mask = field(default_factory=lambda: np.zeros(0, np.bool_))


def span_of(fact: Fact, values: Any, known: Mask, unknown: Span) -> Span:
    """A column of a fact as a span: its values where they are known, all that is possible elsewhere."""
    kind = _KINDS.get(fact.dim, np.int64)
    values = values.astype(kind, copy=False)
    if known.all():
        return values, values
    low, high = (np.where(known, values, kind(end)) for end in unknown)
    return low, high


class _Where:
    """Where something to ask, or only a verdict, is lacking (a sink of ``assess.needs``), in the rows ``wanted``.

    ``sated``: something to ask was found in every one of them, and what else is lacking changes nothing.
    """

    def __init__(self, wanted: Any) -> None:
        self._wanted = wanted
        self.asks: Any = False
        self.verdicts: Any = False
        self.sated = False

    def ask(self, _name: str, mask: Any) -> None:
        self.asks = self.asks | mask
        left = self._wanted & (self.asks ^ True)
        self.sated = not (left.any() if isinstance(left, np.ndarray) else left)

    def parameter(self, _name: str, _about: str, mask: Any) -> None:
        self.asks = self.asks | mask

    def calendar(self, _calendar: Calendar, _start: Any, mask: Any) -> None:
        self.asks = self.asks | mask

    def verdict(self, _name: str, _who: str, _why: str, mask: Any) -> None:
        self.verdicts = self.verdicts | mask


class _Named:
    """The same, and what it is by name, each with the mask of the chunk's rows; ``open``: a fact, rather than an outside figure."""

    sated = False

    def __init__(self, lacks: Lacks) -> None:
        self._lacks = lacks
        self.asks: Any = False
        self.verdicts: Any = False
        self.open: Any = False

    def ask(self, name: str, mask: Any) -> None:
        self.open = self.open | mask
        _note(self._lacks.asks, name, mask)

    def parameter(self, name: str, _about: str, mask: Any) -> None:
        self.asks = self.asks | mask
        _note(self._lacks.parameters, name, mask)

    def calendar(self, calendar: Calendar, start: Any, mask: Any) -> None:
        self.asks = self.asks | mask
        mask, start = np.broadcast_arrays(mask, start)
        for year in {date.fromordinal(int(day)).year for day in np.unique(start[mask])}:
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            name = f"{calendar.first_unpublished(year)}年节假日安排"
            _note(self._lacks.parameters, name, mask & (start >= first) & (start <= last))

    def verdict(self, name: str, _who: str, _why: str, mask: Any) -> None:
        self.verdicts = self.verdicts | mask
        _note(self._lacks.verdicts, name, mask)


def _note(where: dict[str, Any], name: str, mask: Any) -> None:
    found = where.get(name)
    where[name] = mask if found is None else found | mask


def blank(rule: Rule, rows: int, *, names: bool = False) -> Column:
    """A column of so many rows to be filled by :func:`conclude_rows`; what is not there to be written takes no room."""
    service = rule.dim is Dim.SERVICE
    ends = [np.broadcast_to(np.int64(NO_END), rows) if service else np.empty(rows, np.int64) for _ in range(2)]
    return Column(
        np.empty(rows, np.int8),
        np.empty(rows, np.int8),
        ends[0],
        ends[1],
        Lacks(),
        np.zeros(rows, np.bool_) if names else np.broadcast_to(np.False_, rows),
        np.zeros(rows, np.bool_) if "range" in rule.kinds else np.broadcast_to(np.False_, rows),
    )


def conclude_rows(
    rule: Rule, env: Env, open_env: Env, column: Column, part: slice, lacks: Lacks | None = None
) -> None:  # fmt: skip
    """``conclude.conclude`` for the rows of a chunk (``part`` of the column); ``lacks`` takes what they lack, by name."""
    may = rule.test(env)[1]
    span = rule.figure(env) if np.any(may) else (0, 0)
    possible = (may != 0) & (span[1] != 0)
    if not np.any(possible):
        column.status[part], column.figure[part] = INELIGIBLE, NO_FIGURE
        if rule.dim is not Dim.SERVICE:
            column.low[part] = column.high[part] = NO_END
        return
    asks, verdicts, figure_asks, gap = map(_truth, _lacking(rule, env, possible, lacks))
    status = _where(asks, _UNKNOWN, _where(verdicts, _REVIEW, _ELIGIBLE))
    column.status[part] = _where(possible, status, _INELIGIBLE)
    if rule.dim is Dim.SERVICE:
        column.figure[part] = _where(possible, _IN_KIND, _NO_FIGURE)
        return
    figure, low, high = _figure(rule, span, figure_asks, open_env)
    column.figure[part] = _where(possible, figure, _NO_FIGURE)
    if column.gap.flags.writeable:
        column.gap[part] = gap
    column.low[part] = bottom = _where(possible, low, NO_END)
    column.high[part] = bottom if high is low else _where(possible, high, NO_END)


def _where(test: Any, yes: Any, no: Any) -> Any:
    """``np.where``, which a test that is the same for all rows does not need."""
    if isinstance(test, np.ndarray):
        return np.where(test, yes, no)
    return yes if test else no


def _lacking(rule: Rule, env: Env, possible: Any, lacks: Lacks | None) -> tuple[Any, Any, Any, Any]:
    """Where something to ask is lacking, where a verdict is, and where the figure itself lacks something to ask, or a verdict."""
    if lacks is None:
        plain = _Where(possible), _Where(possible)
        rule.test_lacks(env, possible, plain[0])
        rule.figure_lacks(env, possible, plain[1])
        needs, own = plain
        return needs.asks | own.asks, needs.verdicts | own.verdicts, own.asks, own.verdicts
    named = _Named(lacks), _Named(lacks)
    rule.test_lacks(env, possible, named[0])
    rule.figure_lacks(env, possible, named[1])
    open_ = named[0].open | named[1].open
    if lacks.verdicts:  # facts first (``Needs.facts_first``)
        settled = np.logical_not(open_)
        for name, mask in lacks.verdicts.items():
            lacks.verdicts[name] = mask & settled
    verdicts, gap = named[0].verdicts | named[1].verdicts, named[1].verdicts
    return open_ | named[0].asks | named[1].asks, verdicts, named[1].open | named[1].asks, gap


def _truth(mask: Any) -> Any:
    """A mask as booleans: what a Yes/No fact leaves may be noughts and ones."""
    return mask if isinstance(mask, bool) or mask.dtype == np.bool_ else mask != 0


def unchecked(rule: Rule, env: Env, lacks: Lacks) -> None:
    """What a check (核对) that has failed still lacks, added to ``lacks`` (``conclude._unchecked``)."""
    if rule.check is not None:
        possible = rule.test(env)[1] & (rule.figure(env)[1] != 0)
        still = (possible ^ True) & rule.check.applies(env)[1]
        asked = _Named(Lacks(lacks.asks, lacks.parameters))
        for missing in rule.check.lacks:
            missing(env, still, asked)


def _figure(rule: Rule, span: Any, asks: Any, open_env: Env) -> tuple[Any, Any, Any]:
    """``conclude._figure`` for all rows: kind and ends, whatever the conditions."""
    low, high = span
    if low is high:  # known in every row, so nothing is asked
        return _COMPUTED, low, low
    exact, endless, some = low == high, high >= INF, low > 0
    figure = _where(exact, _COMPUTED, _where(endless, _BY_REVIEW, _where(some, _RANGE, _UP_TO)))
    bottom = _where(exact | some, low, NO_END)
    top = _where(endless & (exact ^ True), NO_END, high)
    if not np.any(asks):
        return figure, bottom, top
    most = rule.figure(open_env)[1]
    kind = np.int8(FIGURES.index(next(iter(rule.kinds)))) if len(rule.kinds) == 1 else _NO_FIGURE
    return (
        _where(asks, kind, figure), _where(asks, NO_END, bottom), _where(asks, _where(most >= INF, NO_END, most), top)
    )  # fmt: skip
