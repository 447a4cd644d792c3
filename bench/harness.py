"""Timing two things against each other in one run: ours and the floor beneath it.

A ratio survives a slow machine; a number of milliseconds does not. Nothing here is a test: `make bench` prints a table to read.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: ours and the floor, and the most that their ratio should be (None: only told).

    Both are seconds, or counts of what ``unit`` names.
    """

    name: str
    ours: float
    floor: float
    floor_name: str
    budget: float | None
    unit: str = ""

    def said(self, value: float) -> str:
        """A time, or a count with its unit."""
        return f"{value:.1f} {self.unit}" if self.unit else seconds(value)

    @property
    def ratio(self) -> float:
        """Ours as a multiple of the floor."""
        return self.ours / self.floor


def once(work: Callable[[], object]) -> float:
    """Seconds that one call of ``work`` takes, with the collector of cycles held off."""
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start
    finally:
        gc.enable()


def compare(
    name: str,
    ours: Callable[[], object],
    floor: Callable[[], object],
    *,
    floor_name: str,
    budget: float | None,
    rounds: int = 7,
) -> Row:
    """Best of ``rounds`` of each, taken in turn so that a slow moment of the machine strikes both alike."""
    best_ours = best_floor = float("inf")
    for _ in range(rounds):
        best_floor = min(best_floor, once(floor))
        best_ours = min(best_ours, once(ours))
    return Row(name, best_ours, best_floor, floor_name, budget)


def seconds(value: float) -> str:
    """A time with three figures, in the unit that fits."""
    for unit, scale in (("s", 1.0), ("ms", 1e-3)):
        if value >= scale:
            return f"{value / scale:.3g} {unit}"
    return f"{value / 1e-6:.3g} us"


def table(rows: Iterable[Row]) -> str:
    """The rows as an aligned table; a ratio over its budget is marked."""
    head = ("work", "ours", "floor", "ratio", "budget", "")
    cells = [
        (
            row.name,
            row.said(row.ours),
            f"{row.said(row.floor)} ({row.floor_name})",
            f"{row.ratio:.2f}",
            "-" if row.budget is None else f"{row.budget:g}",
            "over" if row.budget is not None and row.ratio > row.budget else "",
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in (head, *cells)) for column in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in (head, *cells)
    ]
    return "\n".join(lines)
