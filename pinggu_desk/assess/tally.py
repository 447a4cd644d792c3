"""What a list of applicants comes to (批量): of every row how many benefits, the certain sum, what is nearest, what to ask.

Every figure is the one that a match (能享受什么) of that applicant alone gives, the question apart (``tallied.asks``). Nobody of a
list was asked what they came for, so everything is gone into, as a match does that was not told of any matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.columnrun import ELIGIBLE, STATUSES, Column, Ints, Mask, blank
from pinggu_desk.assess.columns import ColumnEngine, Given
from pinggu_desk.assess.determination import Status
from pinggu_desk.assess.match.match import Subject
from pinggu_desk.assess.match.nearmiss import Change
from pinggu_desk.assess.rules import Rule
from pinggu_desk.assess.tallied.asks import Asks, Counts
from pinggu_desk.assess.tallied.changes import NONE, Changes, Found
from pinggu_desk.assess.tallied.near import Near
from pinggu_desk.assess.tallied.sums import Sums
from pinggu_desk.policy.quantity import Dim


class Hit(NamedTuple):
    """A benefit that one row's applicant can have (可申请), or could with one lawful change (差一点).

    ``figure``, ``low`` and ``high`` are as in a :class:`Column`: a code of FIGURES or NO_FIGURE, smallest units (fen) or NO_END; of a
    near miss they are what it would then come to. ``clause`` grants it, or sets the bound that must be met. ``change`` says what
    would have to change, in the words of 差一点; empty for what can be had. ``taken`` says whether the best lawful bundle keeps it;
    ``gap`` that the figure waits for a verdict, which only one of a near miss can.
    """

    rule: Rule
    figure: int
    low: int
    high: int
    clause: str
    change: str = ""
    taken: bool = True
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Nearest:
    """Of each row the near miss that a match lists first.

    ``benefit`` is an index of ``Tally.rules`` (-1: nothing is near), ``fact`` one of ``names`` (-1: waiting for ``day``), ``current``
    and ``target`` smallest units, ``day`` an ordinal (-1: none).
    """

    changes: Changes
    line: Ints
    benefit: Ints
    fact: Ints
    current: Ints
    target: Ints
    day: Ints
    names: tuple[str, ...]

    def change(self, row: int) -> Change | None:
        """The change of one row, as a match tells it; None where nothing is near."""
        line = int(self.line[row])
        return None if line == NONE else self.changes.at(line)

    def words(self, row: int) -> str:
        """What would have to change, in the words of 差一点; empty where nothing is near."""
        change = self.change(row)
        return change.words if change is not None else ""


@dataclass(frozen=True)
class Tally:
    """What a table comes to; every array has one entry a row, in the table's order.

    ``columns`` are each benefit's status and figure by id (with ``lacks`` and ``unsettled`` if names were asked for), ``rules``
    the benefits in the texts' order. ``counts`` says how many benefits have each status, those of ``absent`` (whose text in
    force on the day is not in the pack) left out. ``near`` counts 差一点. ``sure`` is the certain sum of the best lawful bundle
    and ``ceiling`` its published mosts, told apart (fen). ``question`` is an index of ``questions`` (fact names; -1: nothing
    to ask), ``settles`` how many benefits that answer alone is lacking for (``tallied.asks`` has the measure). ``given_up``
    tells where a benefit that can be had is left out of the bundle for another.
    """

    on: date
    rules: tuple[Rule, ...]
    absent: tuple[str, ...]
    columns: dict[str, Column]
    counts: dict[Status, Counts]
    near: Counts
    sure: Ints
    ceiling: Ints
    nearest: Nearest
    questions: list[str]
    question: Counts
    settles: Counts
    given_up: dict[str, Mask]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.sure)

    def hits(self, row: int) -> Iterator[Hit]:
        """The benefits that the row's applicant can have, as a match lists them: certain money first."""
        starts, table = self._hits
        for number, figure, low, high, taken in table[starts[row] : starts[row + 1]].tolist():
            rule = self.rules[number]
            yield Hit(rule, figure, low, high, rule.benefit.clause, "", bool(taken))

    def near_hits(self, row: int) -> Iterator[Hit]:
        """The near misses (差一点) of a row as a match lists them: what is worth most first."""
        changes = self.nearest.changes
        for found in changes.lines(row):
            words, clause = changes.words(found), changes.clause(found)
            yield Hit(
                self.rules[found.benefit],
                found.figure,
                found.low,
                found.high,
                clause,
                words,
                taken=False,
                gap=bool(found.gap),
            )

    def near_changes(self, row: int) -> Iterator[Change]:
        """The same as a match tells them."""
        return self.nearest.changes.of(row)

    @cached_property
    def _hits(self) -> tuple[Ints, Ints]:
        """Where each row's hits start, and of each its benefit's number, figure, ends and whether it is taken, row by row."""
        at: list[Ints] = []
        for number, rule in enumerate(self.rules):
            column, lost = self.columns[rule.benefit.id], self.given_up.get(rule.benefit.id)
            rows = np.flatnonzero(column.status == ELIGIBLE)
            low, high = column.low[rows], column.high[rows]
            taken = np.ones(len(rows)) if lost is None else ~lost[rows]
            at.append(
                np.stack([rows, np.full(len(rows), number), column.figure[rows], low, high, taken]).astype(np.int64)
            )
        found = np.concatenate(at, axis=1)
        low, high = found[3], np.maximum(found[4], 0) * np.array([r.dim is Dim.MONEY for r in self.rules])[found[1]]
        sure = np.where((low == high) & (high > 0), low, 0)
        order = np.lexsort((found[1], -high, -sure, found[0]))
        return np.searchsorted(found[0][order], np.arange(self.rows + 1)), found[1:, order].T


def tally(
    table: ColumnEngine, given: Mapping[str, Given], on: date, awards: Sequence[Sequence[Award] | None] | None = None,
    *, names: bool = False, who: Sequence[Subject] = (),
) -> Tally:  # fmt: skip
    """What every row of a table comes to, against every benefit in force on a day.

    ``given`` and ``awards`` are as :func:`assess_columns` takes them, and the same BadInput is raised. ``names`` asks for what each benefit
    lacks in each row and whether it rests on a reading (``Column.lacks``, ``Column.unsettled``), which costs as much again and as
    much memory as there are facts to name; everything else is there without. ``who`` says of each row who applies, where its code tells:
    nobody is asked what only another can tell.
    """
    prepared, engine = table.prepared(given, on, awards), table.engine
    rows = prepared.rows
    columns = {rule.benefit.id: blank(rule, rows, names=names) for rule in engine.rules}
    sums = table.beside(Sums) if engine.binds_as_written(on) else Sums(engine, on)
    asks, near = table.beside(Asks), table.beside(Near)
    sure, ceiling = np.zeros(rows, np.int64), np.zeros(rows, np.int64)
    question, settles = np.full(rows, -1, np.int16), np.zeros(rows, np.int16)
    given_up: dict[str, Mask] = {}
    changes: list[Ints] = []
    for chunk in table.chunks(prepared, on, columns, names=names, lacks=True):
        sure[chunk.part], ceiling[chunk.part], lost = sums.of(chunk, columns)
        for rule, mask in lost:
            given_up.setdefault(rule.benefit.id, np.zeros(rows, np.bool_))[chunk.part] = mask
        question[chunk.part], settles[chunk.part] = asks.of(chunk, columns, who[chunk.part])
        changes.append(near.of(chunk, columns, on))
    absent = tuple(rule.benefit.id for rule in engine.rules if not rule.policy.in_force(on))
    found = Changes(near.names, changes, rows)
    return Tally(
        on, engine.rules, absent, columns, _counts(columns, absent, rows), found.count, sure, ceiling,
        _nearest(found, tuple(near.names.facts.texts)), asks.names, question, settles, given_up,
    )  # fmt: skip


def _counts(columns: Mapping[str, Column], absent: Sequence[str], rows: int) -> dict[Status, Counts]:
    out: dict[Status, Counts] = {}
    for code, status in enumerate(STATUSES):
        out[status] = np.zeros(rows, np.int16)
        for benefit, column in columns.items():
            if benefit not in absent:
                out[status] += column.status == code
    return out


def _nearest(changes: Changes, facts: tuple[str, ...]) -> Nearest:
    line = changes.first
    lines = changes.table[line] if len(changes.table) else np.zeros((len(line), len(Found._fields)), np.int64)
    columns = dict(zip(Found._fields, np.where(line == NONE, NONE, lines.T), strict=True))
    return Nearest(
        changes,
        line,
        columns["benefit"],
        columns["fact"],
        columns["current"],
        columns["target"],
        columns["day"],
        tuple(facts),
    )


__all__ = ["Hit", "Nearest", "Tally", "tally"]
