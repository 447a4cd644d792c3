"""差一点 over a table: which one lawful change would bring which row's benefit back, kept as columns, worded on demand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pinggu_desk.assess.columnrun import FIGURES, NO_END, NO_FIGURE, STATUSES, Ints
from pinggu_desk.assess.match.nearmiss import Change, change_words
from pinggu_desk.policy.quantity import Dim

if TYPE_CHECKING:
    from pinggu_desk.assess.rules import Rule

#: A change that is no day to wait for, or no fact to change.
NONE = -1


class Found(NamedTuple):
    """One change, in numbers.

    The row, the benefit and the fact by number (NONE: waiting), where it stands and must come to, the day to wait for (NONE:
    none), what it then comes to, and the clause by number.
    """

    row: int
    benefit: int
    fact: int
    current: int
    target: int
    day: int
    status: int
    figure: int
    low: int
    high: int
    clause: int


@dataclass(frozen=True, slots=True)
class Names:
    """What the numbers stand for, added to as they come up."""

    rules: Sequence[Rule]
    facts: dict[str, int]
    clauses: dict[str, int]

    def fact(self, name: str) -> int:
        """The number of a fact."""
        return self.facts.setdefault(name, len(self.facts))

    def clause(self, clause: str) -> int:
        """The number of a clause."""
        return self.clauses.setdefault(clause, len(self.clauses))


class Changes:
    """All near misses of a table, row by row, in the order in which a match lists them: what is worth most first."""

    def __init__(self, names: Names, parts: Iterable[Ints], rows: int) -> None:
        """``parts`` are arrays of one :class:`Found` a line."""
        kept = [part for part in parts if len(part)]
        self._names, self.rows = names, rows
        table = np.concatenate(kept) if kept else np.zeros((0, len(Found._fields)), np.int64)
        money = np.array([rule.dim is Dim.MONEY for rule in names.rules], np.bool_)
        gain = np.where(money[table[:, 1]] & (table[:, 9] != NO_END), table[:, 9], 0)
        self.table: Ints = table[np.lexsort((table[:, 1], -gain, table[:, 0]))]
        self._starts = np.searchsorted(self.table[:, 0], np.arange(rows + 1))

    @property
    def count(self) -> NDArray[np.int16]:
        """How many near misses each row has."""
        return np.diff(self._starts).astype(np.int16)

    @property
    def first(self) -> Ints:
        """Of each row the line of ``table`` that comes first, NONE where there is none."""
        return np.where(np.diff(self._starts) > 0, self._starts[:-1], NONE)

    def of(self, row: int) -> Iterator[Change]:
        """The near misses of one row, as a match lists them."""
        for line in range(self._starts[row], self._starts[row + 1]):
            yield self.at(line)

    def at(self, line: int) -> Change:
        """One line of ``table`` as the change that a match tells."""
        found = Found(*self.table[line].tolist())
        rule, waits = self._names.rules[found.benefit], found.fact == NONE
        fact = None if waits else list(self._names.facts)[found.fact]
        day = date.fromordinal(found.day) if waits else None
        high = None if found.high == NO_END else found.high
        current, target = (None, None) if waits else (found.current, found.target)
        known = None if fact is None else rule.meaning.scope.pack.facts[fact]
        return Change(
            rule.benefit.id, rule.benefit.title, fact or "", current, target, day,
            change_words(rule, known, current, target, day), STATUSES[found.status],
            None if found.figure == NO_FIGURE else FIGURES[found.figure], None if found.low == NO_END else found.low, high,
            high if rule.dim is Dim.MONEY else None, list(self._names.clauses)[found.clause],
        )  # fmt: skip
