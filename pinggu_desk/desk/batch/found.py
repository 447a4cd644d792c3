"""What a run of a list found, kept compactly for looking through: a few numbers a row, a row's answers on demand.

A hundred thousand rows of forty columns take some forty megabytes; what each benefit says of a row is worked out anew when
somebody looks at the row, by the very match that a visit at the window gets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.columns import STATUSES
from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.assess.match.match import Match
from pinggu_desk.assess.match.nearmiss import change_words
from pinggu_desk.policy.facts import Fact

if TYPE_CHECKING:
    from pinggu_desk.work.listrun import Chunk, Done

Ints = NDArray[np.int64]
_ELIGIBLE = STATUSES.index("eligible")
_NAME, _CODE = "名称", "代码"
_NUMBERS = (
    "row",
    "eligible",
    "near",
    "sure",
    "ceiling",
    "benefit",
    "fact",
    "current",
    "target",
    "day",
    "question",
    "settles",
)


@dataclass(frozen=True, slots=True)
class Totals:
    """What a list comes to in all: applicants, those who can have something, who are near something, with a problem; fen."""

    applicants: int
    eligible: int
    near: int
    faulty: int
    sure_fen: int
    ceiling_fen: int


class Found:
    """A sink of :func:`~pinggu_desk.work.listrun.run_list`; complete once ``done`` is there.

    ``column(name)`` is one array over all rows (``eligible``, ``near``, ``sure`` and ``ceiling`` in fen, ``benefit`` of the nearest or
    -1, ``question`` or -1, ``settles``, ``row`` of the list). ``names``, ``codes`` and ``faults`` are texts, one a row.
    """

    def __init__(self, engine: Engine, on: date) -> None:
        self.engine, self.on = engine, on
        self.edition = engine.edition
        self.rules = engine.rules
        self.facts: list[Fact] = []
        self.names: list[str] = []
        self.codes: list[str] = []
        self.faults: list[str] = []
        self.questions: list[str] = []
        self.done: Done | None = None
        self._awards: dict[int, tuple[Award, ...]] = {}
        self._numbers: dict[str, list[NDArray[Any]]] = {name: [] for name in _NUMBERS}
        self._given: dict[str, list[tuple[Ints, NDArray[np.bool_]]]] = {}
        self._texts: dict[str, list[str]] = {}
        self._has: list[NDArray[np.uint8]] = []
        self._nears: list[NDArray[np.uint8]] = []
        self._near_facts: list[str] = []

    # --- taking

    def start(self, names: Sequence[str]) -> None:
        """Hear which facts the list gives."""
        self.facts = [self.engine.pack.facts[name] for name in names]

    def chunk(self, chunk: Chunk) -> None:
        """Take some rows."""
        rows, tally, before = chunk.rows, chunk.tally, len(self.names)
        places: dict[str, int] = {fact.party: at for at, fact in enumerate(self.facts) if fact.party}
        codes = [at for at, fact in enumerate(self.facts) if fact.party == _CODE]  # a unit's, and a person's number
        self.names += [_text(row.shown, places.get(_NAME)) or f"第 {row.row} 行" for row in rows]
        self.codes += [next((code for at in codes if (code := _text(row.values, at))), "") for row in rows]
        self.faults += ["、".join(row.faults) for row in rows]
        for at, fact in enumerate(self.facts):
            if fact.name in chunk.given:
                given = chunk.given[fact.name]
                values, known = given if isinstance(given, tuple) else (given, np.ones(len(rows), np.bool_))
                self._given.setdefault(fact.name, []).append(
                    (np.asarray(values, np.int64), np.asarray(known, np.bool_))
                )
            else:
                self._texts.setdefault(fact.name, []).extend(_text(row.values, at) for row in rows)
        self._awards |= {before + at: awards for at, awards in enumerate(chunk.awards) if awards is not None}
        nearest = tally.nearest
        found: dict[str, Any] = {
            "row": np.fromiter((row.row for row in rows), np.int32, len(rows)), "eligible": tally.counts["eligible"],
            "near": tally.near, "sure": tally.sure, "ceiling": tally.ceiling, "benefit": nearest.benefit.astype(np.int16),
            "fact": _renamed(nearest.fact, nearest.names, self._near_facts), "current": nearest.current,
            "target": nearest.target, "day": nearest.day.astype(np.int32),
            "question": _renamed(tally.question, tally.questions, self.questions), "settles": tally.settles,
        }  # fmt: skip
        for name, array in found.items():
            self._numbers[name].append(array)
        has = np.stack([tally.columns[rule.benefit.id].status == _ELIGIBLE for rule in self.rules], axis=1)
        near = np.zeros_like(has)
        table = nearest.changes.table
        near[table[:, 0], table[:, 1]] = True
        self._has.append(np.packbits(has, axis=1))
        self._nears.append(np.packbits(near, axis=1))

    def finish(self, done: Done) -> None:
        """Put the chunks together."""
        for parts in self._numbers.values():
            parts[:] = [np.concatenate(parts)]
        for name, pairs in self._given.items():
            self._given[name] = [(np.concatenate([v for v, _ in pairs]), np.concatenate([k for _, k in pairs]))]
        for bits in (self._has, self._nears):
            bits[:] = [np.concatenate(bits)]
        self.done = done

    # --- looking

    def __len__(self) -> int:
        return len(self.names)

    def column(self, name: str) -> NDArray[Any]:
        """One number a row."""
        return self._numbers[name][0]

    @cached_property
    def totals(self) -> Totals:
        """What the whole list comes to."""
        return Totals(
            len(self), int((self.column("eligible") > 0).sum()), int((self.column("near") > 0).sum()),
            sum(map(bool, self.faults)), int(self.column("sure").sum()), int(self.column("ceiling").sum()),
        )  # fmt: skip

    def having(self, benefits: Sequence[int], *, near: bool) -> NDArray[np.bool_]:
        """In which rows one of these benefits (places among ``rules``) is 可申请, or (``near``) 差一点."""
        bits = (self._nears if near else self._has)[0]
        found = np.zeros(len(self), np.bool_)
        for place in benefits:
            found |= (bits[:, place // 8] >> (7 - place % 8)) & 1 == 1
        return found

    def nearest_title(self, row: int) -> str:
        """The title of the benefit that is nearest; empty where nothing is near."""
        benefit = int(self.column("benefit")[row])
        return self.rules[benefit].benefit.title if benefit >= 0 else ""

    def nearest_words(self, row: int) -> str:
        """What would have to change for it, in the words of 差一点."""
        benefit, fact = int(self.column("benefit")[row]), int(self.column("fact")[row])
        if benefit < 0:
            return ""
        current, target, day = (int(self.column(name)[row]) for name in ("current", "target", "day"))
        known = self.engine.pack.facts[self._near_facts[fact]] if fact >= 0 else None
        waits = date.fromordinal(day) if known is None else None
        return change_words(
            self.rules[benefit], known, current if known else None, target if known else None, waits
        )  # fmt: skip

    def question_words(self, row: int) -> str:
        """``职工人数（定 3 项）``; empty where nothing is left to ask."""
        at = int(self.column("question")[row])
        return f"{self.questions[at]}（定 {int(self.column('settles')[row])} 项）" if at >= 0 else ""

    def values(self, row: int) -> dict[str, int | str]:
        """What the list states of a row's applicant, by fact, in smallest units; what could not be taken is not there."""
        found: dict[str, int | str] = {}
        for fact in self.facts:
            if fact.name in self._given:
                values, known = self._given[fact.name][0]
                if known[row]:
                    found[fact.name] = int(values[row])
            elif self._texts[fact.name][row]:
                found[fact.name] = self._texts[fact.name][row]
        return found

    def texts(self, row: int) -> dict[str, str]:
        """The same in words that read as the same values."""
        facts = self.engine.pack.facts
        return {n: facts[n].typed(v) for n, v in self.values(row).items()}

    def awards(self, row: int) -> tuple[Award, ...] | None:
        """The past awards that the row was worked out with; None where nobody knew."""
        return self._awards.get(row)

    def match(self, row: int) -> Match:
        """Everything about one row, by the match that a visitor at the window gets."""
        return Match(self.engine, Answers(self.on, self.values(row), self.awards(row)))


def _text(values: Sequence[Any], at: int | None) -> str:
    return "" if at is None or values[at] is None else str(values[at])


def _renamed(numbers: Any, names: Sequence[str], known: list[str]) -> NDArray[np.int16]:
    """Numbers that stand for names of one chunk as numbers that stand for the same names of all."""
    places = {name: at for at, name in enumerate(known)}
    fresh = [name for name in names if name not in places]
    places |= {name: len(known) + at for at, name in enumerate(fresh)}
    known += fresh
    table: NDArray[np.int16] = np.array([*(places[name] for name in names), -1], np.int16)
    return np.take(table, np.asarray(numbers, np.int64))
