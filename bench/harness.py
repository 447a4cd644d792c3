"""Timing two things against each other in one run: ours and the floor beneath it.

A ratio survives a slow machine; a number of milliseconds does not. What is told is the median of many, wall time; beside it the
processor's time of both, which survives a machine that does other work meanwhile. Nothing here is a test: `make bench` prints a
table to read and writes BENCHMARKS.md.
"""

from __future__ import annotations

import gc
import math
import resource
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

Verdict = Literal["met", "met by processor time", "over", "failed", ""]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: ours and the floor, and the most that their ratio should be (None: only told).

    Both are seconds, or counts of what ``unit`` names. ``cpu`` is the processor's time of both where wall time may have been
    disturbed; ``note`` is told below the table; ``failed`` says why there is no figure.
    """

    name: str
    ours: float
    floor: float
    floor_name: str
    budget: float | None
    unit: str = ""
    cpu: tuple[float, float] | None = None
    note: str = ""
    failed: str = ""

    def said(self, value: float) -> str:
        """A time, or a count with its unit."""
        if math.isnan(value):
            return "-"
        return f"{value:.4g} {self.unit}" if self.unit else seconds(value)

    @property
    def ratio(self) -> float:
        """Ours as a multiple of the floor."""
        return self.ours / self.floor if self.floor else math.nan

    @property
    def cpu_ratio(self) -> float:
        """The same in the processor's time; NaN where it was not taken."""
        return self.cpu[0] / self.cpu[1] if self.cpu is not None and self.cpu[1] else math.nan

    @property
    def verdict(self) -> Verdict:
        """Whether the budget is met; by processor time alone where the wall clock says otherwise."""
        if self.failed:
            return "failed"
        if self.budget is None:
            return ""
        if self.ratio <= self.budget:
            return "met"
        return "met by processor time" if self.cpu_ratio <= self.budget else "over"


def failed(name: str, why: str) -> Row:
    """A row for what could not be measured, and why."""
    return Row(name, math.nan, math.nan, "", None, failed=why)


def once(work: Callable[[], object]) -> float:
    """Seconds that one call of ``work`` takes, with the collector of cycles held off."""
    return timed(work)[0]


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Wall seconds and processor seconds (children's too) of one call, with the collector of cycles held off."""
    gc.collect()
    gc.disable()
    try:
        spent, start = _processor(), time.perf_counter()
        work()
        return time.perf_counter() - start, _processor() - spent
    finally:
        gc.enable()


def _processor() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of them do not exceed."""
    return sorted(values)[min(len(values) - 1, math.ceil(len(values) * share) - 1)]


def compare(
    name: str,
    ours: Callable[[], object],
    floor: Callable[[], object],
    *,
    floor_name: str,
    budget: float | None,
    rounds: int = 7,
) -> Row:
    """The median of ``rounds`` of each, taken in turn so that a slow moment of the machine strikes both alike."""
    floors, mine = [], []
    for _ in range(rounds):
        floors.append(timed(floor))
        mine.append(timed(ours))
    (wall, cpu), (floor_wall, floor_cpu) = (
        tuple(median(one[part] for one in times) for part in (0, 1)) for times in (mine, floors)
    )
    return Row(name, wall, floor_wall, floor_name, budget, cpu=(cpu, floor_cpu))


def peak_mib() -> float:
    """The most memory that this process has held so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def seconds(value: float) -> str:
    """A time with three figures, in the unit that fits."""
    for unit, scale in (("s", 1.0), ("ms", 1e-3)):
        if value >= scale:
            return f"{value / scale:.3g} {unit}"
    return f"{value / 1e-6:.3g} us"


HEAD = ("work", "ours", "beside", "ratio", "by processor", "budget", "")


def cells(row: Row) -> tuple[str, ...]:
    """A row's cells under HEAD."""
    if row.failed:
        return (row.name, "-", "-", "-", "-", "-", f"failed: {row.failed}")
    beside, budget = f"{row.said(row.floor)} ({row.floor_name})", "-"
    if row.budget is not None and row.floor_name in ("the budget", "budget", "at most"):
        beside, budget = "-", row.said(row.floor * row.budget)  # the floor is the budget itself
    elif row.budget is not None:
        budget = f"{row.budget:g} x"
    return (
        row.name,
        row.said(row.ours),
        beside,
        _figure(row.ratio),
        _figure(row.cpu_ratio),
        budget,
        row.verdict,
    )


def _figure(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.2f}" if value < 100 else f"{value:.0f}"


def table(rows: Iterable[Row]) -> str:
    """The rows as an aligned table; what is over its budget is marked."""
    lines = [HEAD, *map(cells, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
