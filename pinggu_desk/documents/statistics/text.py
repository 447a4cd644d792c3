"""Statistics as comma-separated text: UTF-8 with a mark, for office programs; a line a row, the total last, then the notes."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from pinggu_desk.documents.statistics.table import HEADS, SUMS
from pinggu_desk.documents.statistics.words import head_pairs
from pinggu_desk.policy.quantity import yuan

if TYPE_CHECKING:
    from pinggu_desk.documents.statistics.table import StatRow, StatTable, Told

#: what an office program takes for the start of a formula
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def statistics_csv(table: StatTable, told: Told) -> bytes:
    """The table as text; numbers without separators, sums in 元 with two places. The head and notes follow behind an empty line."""
    out = StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow([*table.by, *HEADS])
    for row in table.rows:
        lines.writerow([*map(_safe, row.keys), *_figures(row)])
    lines.writerow(["合计", *[""] * (len(table.by) - 1), *_figures(table.total)])
    lines.writerow([])
    for name, words in head_pairs(table, told):
        lines.writerow([name, _safe(words)])
    return out.getvalue().encode("utf-8-sig")


def _figures(row: StatRow) -> list[str]:
    return [yuan(value) if n in SUMS else str(value) for n, value in enumerate(row.figures)]


def _safe(text: str) -> str:
    """A text that no office program takes for a formula."""
    return f"'{text}" if text.startswith(_RISKY) else text
