"""Applicants of a list (名单) read together: kept by column, as tables are worked out, and one by one for whoever looks at one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np

from pinggu_desk.documents.books.columnwise import Answers
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.quantity import Dim


@dataclass(frozen=True, slots=True)
class Listed:
    """One applicant: its row, what was given for each fact (as it is to be shown), the read values (None: not known).

    ``faults`` are the names of facts whose cells could not be taken.
    """

    row: int
    shown: tuple[Any, ...]
    values: tuple[int | str | None, ...]
    faults: tuple[str, ...] = ()


@dataclass(slots=True)
class Rows(Sequence[Listed]):
    """Some applicants: their rows' numbers; a column a fact of what was read, and of texts as they are to be shown.

    ``faults`` names by an applicant's place the facts that could not be taken.
    """

    numbers: list[int]
    answers: list[Answers]
    shown: list[list[Any] | None]
    faults: dict[int, tuple[str, ...]]

    @classmethod
    def of(cls, facts: Sequence[Fact], rows: Sequence[Listed]) -> Rows:
        """Applicants that were read one by one."""
        texts = [fact.dim is Dim.TEXT for fact in facts]
        return cls(
            [row.row for row in rows],
            [answers_of([row.values[at] for row in rows], text=text) for at, text in enumerate(texts)],
            [[row.shown[at] for row in rows] if text else None for at, text in enumerate(texts)],
            {at: row.faults for at, row in enumerate(rows) if row.faults},
        )

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, at: int) -> Listed: ...

    @overload
    def __getitem__(self, at: slice) -> list[Listed]: ...

    def __getitem__(self, at: int | slice) -> Listed | list[Listed]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        shown = (None if column is None else column[at] for column in self.shown)
        return Listed(self.numbers[at], tuple(shown), tuple(_one(a, at) for a in self.answers), self.faults.get(at, ()))

    def note_faults(self, at: int, names: Iterable[str]) -> None:
        """Add facts that could not be taken of the applicant at a place."""
        self.faults[at] = tuple(dict.fromkeys((*self.faults.get(at, ()), *names)))

    def show(self, at: int, fact: int, words: str) -> None:
        """Show other words of a text; numbers are not shown."""
        column = self.shown[fact]
        if column is not None:
            column[at] = words

    def texts(self, fact: int) -> Sequence[str | None]:
        """The texts of a fact, by its place."""
        answers = self.answers[fact]
        return answers if isinstance(answers, list) else [None] * len(self)

    def put(self, at: int, listed: Listed) -> None:
        """Put one that was read by itself in a place."""
        for fact, answers in enumerate(self.answers):
            value, column = listed.values[fact], self.shown[fact]
            if isinstance(answers, list):
                answers[at] = None if value is None else str(value)
            else:
                answers[0][at], answers[1][at] = value or 0, value is not None
            if column is not None:
                column[at] = listed.shown[fact]
        if listed.faults:
            self.faults[at] = listed.faults

    def without(self, places: set[int]) -> Rows:
        """All but those at some places."""
        if not places:
            return self
        kept = [at for at in range(len(self)) if at not in places]
        return Rows(
            [self.numbers[at] for at in kept],
            [[a[at] for at in kept] if isinstance(a, list) else (a[0][kept], a[1][kept]) for a in self.answers],
            [None if column is None else [column[at] for at in kept] for column in self.shown],
            {place: self.faults[at] for place, at in enumerate(kept) if at in self.faults},
        )


def answers_of(values: Sequence[int | str | None], *, text: bool) -> Answers:
    """Read values as a column."""
    if text:
        return [None if value is None else str(value) for value in values]
    known = np.fromiter((value is not None for value in values), np.bool_, len(values))
    return np.fromiter((value or 0 for value in values), np.int64, len(values)), known


def shown_of(answers: Answers) -> list[Any] | None:
    """A column of texts to be shown; numbers are not."""
    return list(answers) if isinstance(answers, list) else None


def _one(answers: Answers, at: int) -> int | str | None:
    if isinstance(answers, list):
        return answers[at]
    return int(answers[0][at]) if answers[1][at] else None


__all__ = ["Listed", "Rows", "answers_of", "shown_of"]
