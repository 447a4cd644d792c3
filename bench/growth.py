"""How cost grows: a straight line through what was measured, how far off it the worst point is, and the curve in a line of text."""

from __future__ import annotations

from collections.abc import Mapping

from bench.harness import Row, seconds

#: a point may lie so far off the straight line
WORST = 20.0
_BARS = "▁▂▃▄▅▆▇█"


def line(points: Mapping[int, float]) -> tuple[float, float]:
    """Start and slope of the line that is nearest in proportion: each point counts by its share, not by its size."""
    weights = {count: 1 / cost**2 for count, cost in points.items()}
    total = sum(weights.values())
    mean_n = sum(w * n for n, w in weights.items()) / total
    mean_c = sum(w * points[n] for n, w in weights.items()) / total
    slope = sum(w * (n - mean_n) * (points[n] - mean_c) for n, w in weights.items()) / sum(
        w * (n - mean_n) ** 2 for n, w in weights.items()
    )
    return mean_c - slope * mean_n, slope


def curve(name: str, unit: str, points: Mapping[int, float]) -> Row:
    """The worst deviation as a row, with the curve below the table."""
    start, slope = line(points)
    off = {count: 100 * abs(cost / (start + slope * count) - 1) for count, cost in points.items()}
    start = max(start, 0.0)
    each = {count: max(cost - start, 0.0) / count for count, cost in points.items()}
    most = max(each.values())
    bars = "".join(_BARS[max(0, min(7, round(7 * value / most)))] for value in each.values())
    lines = [
        f"{name}. The line: {seconds(start) if start > 0 else 'nothing'} to start with and {seconds(slope)} for each of the {unit}.",
        "",
        f"| {unit} | {' | '.join(f'{count:,}' for count in points)} |",
        f"| --- | {' | '.join('---' for _ in points)} |",
        f"| whole (processor) | {' | '.join(seconds(cost) for cost in points.values())} |",
        f"| each, beyond the start | {' | '.join(seconds(value) for value in each.values())} |",
        "",
        f"each, drawn: `{bars}`",
    ]
    return Row(name, max(off.values()), WORST, "at most", 1.0, "%", note="\n".join(lines))
