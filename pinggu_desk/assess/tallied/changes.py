"""差一点 over a table: which one lawful change would bring which row's benefit back, kept as columns, worded on demand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pinggu_desk.assess.columnrun import FIGURES, NO_END, NO_FIGURE, STATUSES, Ints
from pinggu_desk.assess.match.nearmiss import Change, change_words
from pinggu_desk.policy.quantity import Dim

if TYPE_CHECKING:
    from pinggu_desk.assess.rules import Rule
    from pinggu_desk.policy.facts import Fact

#: A change that is no day to wait for, or no fact to change.
NONE = -1


class Found(NamedTuple):
    """One change, in numbers.

    The row, the benefit and the fact by number (NONE: waiting), where it stands and must come to, the day to wait for (NONE:
    none), what it then comes to, the clause by number, and whether its figure waits for a verdict (``Column.gap``).
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
    gap: int


class Numbered:
    """Texts by number, numbered as they come up."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}

    def of(self, text: str) -> int:
        """The number of a text."""
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return number


class Names:
    """What the numbers of changes stand for."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules, self.facts, self.clauses = rules, Numbered(), Numbered()
        self.money = np.array([rule.dim is Dim.MONEY for rule in rules], np.bool_)


class Changes:
    """All near misses of a table, row by row, in the order in which a match lists them: what is worth most first."""

    def __init__(self, names: Names, parts: Iterable[Ints], rows: int) -> None:
        """``parts`` are arrays of one :class:`Found` a line."""
        kept = [part for part in parts if len(part)]
        self._names, self.rows = names, rows
        table = np.concatenate(kept) if kept else np.zeros((0, len(Found._fields)), np.int64)
        gain = np.where(names.money[table[:, 1]] & (table[:, 9] != NO_END), table[:, 9], 0)
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
        rule = self._names.rules[found.benefit]
        low, high = (None if end == NO_END else end for end in (found.low, found.high))
        fact, current, target, day = self._what(found)
        return Change(
            rule.benefit.id, rule.benefit.title, fact.name if fact is not None else "", current, target, day,
            change_words(rule, fact, current, target, day), STATUSES[found.status],
            None if found.figure == NO_FIGURE else FIGURES[found.figure], low, high,
            high if rule.dim is Dim.MONEY else None, self.clause(found),
        )  # fmt: skip

    def lines(self, row: int) -> list[Found]:
        """The near misses of one row in numbers, as a match lists them."""
        return [Found(*line) for line in self.table[self._starts[row] : self._starts[row + 1]].tolist()]

    def words(self, found: Found) -> str:
        """What would have to change, in the words of 差一点."""
        return change_words(self._names.rules[found.benefit], *self._what(found))

    def clause(self, found: Found) -> str:
        """The clause whose bound is met."""
        return self._names.clauses.texts[found.clause]

    def _what(self, found: Found) -> tuple[Fact | None, int | None, int | None, date | None]:
        if found.fact == NONE:
            return None, None, None, date.fromordinal(found.day)
        facts = self._names.rules[found.benefit].meaning.scope.pack.facts
        return facts[self._names.facts.texts[found.fact]], found.current, found.target, None
