"""What to ask of each row first: the fact that one answer to would settle most (``Tally.question``, ``Tally.settles``).

A match of one applicant tries each question with each of its answers, which a table can't afford. Of a row it is asked: which
fact is the only thing that most of its open benefits lack. Of equals the one that most open benefits name comes first, then
the dictionary's order. Only what this kind of applicant can be asked counts, and only benefits that can go to one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pinggu_desk.assess.columnrun import UNKNOWN, Column, Lacks, Mask
from pinggu_desk.assess.leading import APPLICANT, kind_of, serves, tells
from pinggu_desk.assess.match.match import Subject
from pinggu_desk.policy.facts import PRIOR

if TYPE_CHECKING:
    from pinggu_desk.assess.columns import Chunk
    from pinggu_desk.assess.engine import Engine

Counts = NDArray[np.int16]
#: more than any number of benefits
_MOST = 10_000
_KINDS: tuple[Subject, ...] = ("", "单位", "个人")


class Asks:
    """The questions of one pack, numbered in the dictionary's order."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.facts = engine, engine.pack.facts
        self.names = [name for name in self.facts if name in engine.slots.index or name == PRIOR]
        self.at = {name: index for index, name in enumerate(self.names)}
        self._past = {name for name in self.names if self.facts[name].history is not None}

    def of(self, chunk: Chunk, columns: Mapping[str, Column], who: Sequence[Subject] = ()) -> tuple[Counts, Counts]:
        """The number of the question to ask of each row of a chunk (-1: none), and how many benefits it alone is lacking for.

        ``who`` says of each row who applies, where its code tells.
        """
        count = _Count(chunk.rows, self._kinds(chunk, who), self._untold(chunk))
        for rule in self.engine.rules:
            lacks = chunk.lacks[rule.benefit.id]
            if lacks.asks:
                open_ = columns[rule.benefit.id].status[chunk.part] == UNKNOWN
                count.add(lacks, open_ & count.all_but(kind for kind in _KINDS if not serves(rule, kind)), self)
        return count.best(self.at)

    def is_past(self, name: str) -> bool:
        """Whether past awards tell a fact."""
        return name in self._past

    def foreign(self, name: str) -> list[Subject]:
        """The kinds of applicant that can't be asked for a fact."""
        return [kind for kind in _KINDS if not tells(self.facts[name], kind)]

    def _kinds(self, chunk: Chunk, who: Sequence[Subject]) -> dict[Subject, Mask]:
        """The rows of each kind of applicant, as the row says, else as its code tells; empty where nothing says."""
        found: dict[Subject, Mask] = {}
        said = np.zeros(chunk.rows, np.bool_)
        if APPLICANT in chunk.stated and APPLICANT in self.facts:
            values, said = chunk.stated[APPLICANT]
            options = range(len(self.facts[APPLICANT].options))
            kinds = {code: kind_of(self.facts, {APPLICANT: code}) for code in options}
            found = {kind: said & np.isin(values, [c for c in options if kinds[c] == kind]) for kind in _KINDS if kind}
        for kind in {one for one in who if one}:
            mask = np.fromiter((one == kind for one in who), np.bool_, len(who)) & ~said
            found[kind] = found[kind] | mask if kind in found else mask
        return found

    def _untold(self, chunk: Chunk) -> Mask:
        """The rows of which neither the register nor the applicant says whether there were awards."""
        if PRIOR not in self.facts:
            return np.zeros(chunk.rows, np.bool_)
        out = ~chunk.awarded()
        if PRIOR in chunk.stated:
            out &= ~chunk.stated[PRIOR][1]
        return out


class _Count:
    """Of a chunk's rows: for how many benefits each fact is asked, and for how many it alone is lacking."""

    def __init__(self, rows: int, kinds: Mapping[Subject, Mask], untold: Mask) -> None:
        self.rows, self.kinds, self.untold = rows, kinds, untold
        self.asked: dict[str, Counts] = {}
        self.alone: dict[str, Counts] = {}

    def all_but(self, kinds: Iterable[Subject]) -> Any:
        """The rows of no such kind of applicant; True for all."""
        out: Any = True
        for kind in kinds:
            if kind in self.kinds:
                out = out & ~self.kinds[kind]
        return out

    def add(self, lacks: Lacks, open_: Mask, asks: Asks) -> None:
        """Add one benefit's questions. What past awards would tell is one question while nobody spoke of any (以前领过吗)."""
        if not open_.any():
            return
        lacking: dict[str, Any] = {}
        can: dict[str, Any] = {}
        for name, mask in lacks.asks.items():
            here, told = (mask != 0) & open_, self.all_but(asks.foreign(name))
            if asks.is_past(name):
                lacking[PRIOR] = lacking.get(PRIOR, False) | (here & self.untold)
                can[PRIOR] = can.get(PRIOR, False) | (here & self.untold & told)
                here = here & ~self.untold
            lacking[name], can[name] = here, here & told
        many = np.zeros(self.rows, np.int8)
        for mask in lacking.values():
            many += mask
        one = many == 1
        for mask in lacks.parameters.values():
            one &= np.logical_not(mask)
        for name, mask in can.items():
            if mask.any():
                self._note(self.asked, name, mask)
                self._note(self.alone, name, mask & one)

    def _note(self, into: dict[str, Counts], name: str, mask: Mask) -> None:
        count = into.get(name)
        if count is None:
            count = into[name] = np.zeros(self.rows, np.int16)
        count += mask

    def best(self, at: Mapping[str, int]) -> tuple[Counts, Counts]:
        """The question of each row by number, and how much it settles."""
        best, settles = np.full(self.rows, -1, np.int16), np.zeros(self.rows, np.int16)
        top = np.zeros(self.rows, np.int32)
        for name in sorted(self.asked, key=at.__getitem__):
            score = self.alone[name] * np.int32(_MOST) + self.asked[name]
            better = score > top
            best[better], settles[better], top[better] = at[name], self.alone[name][better], score[better]
        return best, settles
