"""What a chart of statistics shows, before it is drawn: which bars, how long, what stands at their ends, how far the axis goes.

Everything is whole numbers (fen or cases). A chart begins at nought, certain sums and ceilings are bars of their own, and what
doesn't fit is gathered in one bar that says how many rows it is of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pinggu_desk.documents.statistics.table import CEILING, CERTAIN, Measure, StatRow, StatTable
from pinggu_desk.policy.quantity import grouped

_WAN = 1_000_000  # fen in one 万元
#: dimensions of benefits: one case may stand in several rows
_SHARED = frozenset({"支持事项", "结论"})


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of the chart: its label, the value of each series (None: nothing to draw), what stands at each bar's end."""

    label: str
    values: tuple[int, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars with the names of their series, the unit in words, the marks of the axis (value, words), what was left out."""

    title: str
    series: tuple[str, ...]
    bars: tuple[Bar, ...]
    unit: str
    marks: tuple[tuple[int, str], ...]
    note: str = ""

    @property
    def alt(self) -> str:
        """The chart in words, for who can't see it."""
        told = [
            f"{bar.label}："
            + "，".join(f"{name} {words}" for name, words in zip(self.series, bar.words, strict=True) if words)
            for bar in self.bars
        ]
        return f"{self.title}条形图，单位{self.unit}。" + "；".join(told) + ("。" if told else "") + self.note


def chart_of(table: StatTable, measure: Measure, most: int) -> Chart:
    """The chart of a table with at most so many bars (at least two)."""
    money = measure == "金额"
    rows = [row for row in table.rows if not money or row.certain_fen or row.ceiling_fen]
    left_out = len(table.rows) - len(rows)
    shown, rest = _parted(table, rows, max(most, 2), money=money)
    pairs = [(row.label, _values(row, money=money)) for row in shown]
    if rest:
        gathered = f"{_rest_words(table)} {len(rest)} 行", _together(table, rest, money=money)
        pairs.insert(0 if _in_time(table) else len(pairs), gathered)
    longest = max((value for _, values in pairs for value in values), default=0)
    wan = money and longest >= _WAN
    unit = ("万元" if wan else "元") if money else "件"
    bars = tuple(Bar(label, values, tuple(_words(v, money=money, wan=wan) for v in values)) for label, values in pairs)
    series = (CERTAIN, CEILING) if money else ("办件",)
    note = f"没有金额的 {left_out} 行没有画出。" if left_out else ""
    return Chart(table.title, series, bars, unit, _marks(longest, money=money, wan=wan), note)


def _values(row: StatRow, *, money: bool) -> tuple[int, ...]:
    return (row.certain_fen, row.ceiling_fen) if money else (row.cases,)


def _in_time(table: StatTable) -> bool:
    return table.by[0] == "月份"


def _rest_words(table: StatTable) -> str:
    return "更早的" if _in_time(table) else "其余"


def _parted(
    table: StatTable, rows: Sequence[StatRow], most: int, *, money: bool
) -> tuple[list[StatRow], list[StatRow]]:  # fmt: skip
    """The rows that are drawn, in the table's order, and those that are gathered: the smallest, of months the earliest."""
    if len(rows) <= most:
        return list(rows), []
    if _in_time(table):
        return list(rows[len(rows) - most + 1 :]), list(rows[: len(rows) - most + 1])
    ranked = sorted(range(len(rows)), key=lambda n: [-v for v in _values(rows[n], money=money)])
    kept = set(ranked[: most - 1])
    return [r for n, r in enumerate(rows) if n in kept], [r for n, r in enumerate(rows) if n not in kept]


def _together(table: StatTable, rest: Sequence[StatRow], *, money: bool) -> tuple[int, ...]:
    if money:
        return sum(r.certain_fen for r in rest), sum(r.ceiling_fen for r in rest)
    if _SHARED & set(table.by):
        return (len({case for r in rest for case in r.case_ids}),)
    return (sum(r.cases for r in rest),)


def _words(value: int, *, money: bool, wan: bool) -> str:
    """A bar's own figure; money to two places of its unit."""
    if not value:
        return ""
    if not money:
        return f"{value:,}"
    if not wan or value < _WAN // 100:
        return grouped(f"{value // 100}.{value % 100:02d}") + ("元" if wan else "")
    hundredths = (value + _WAN // 200) // (_WAN // 100)
    return f"{hundredths // 100:,}.{hundredths % 100:02d}"


def _marks(longest: int, *, money: bool, wan: bool) -> tuple[tuple[int, str], ...]:
    """Marks from nought to at least the longest bar, at 1, 2 or 5 times a power of ten of the unit, four to eight of them."""
    unit = (_WAN if wan else 100) if money else 1
    step = unit
    while step * 6 < longest:
        step = _next(step, unit)
    count = max(-(-longest // step), 1)
    return tuple((n * step, f"{n * step // unit:,}") for n in range(count + 1))


def _next(step: int, unit: int) -> int:
    power = int("1" + "0" * (len(str(step // unit)) - 1))
    lead = step // unit // power
    return {1: 2, 2: 5, 5: 10}[lead] * power * unit
