"""Answers that may be true and seldom are (提示): each with one sentence that asks for a second look; nothing is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pinggu_desk.policy.usual import beyond, doubt_of

if TYPE_CHECKING:
    from pinggu_desk.assess.engine import Engine


@dataclass(frozen=True, slots=True)
class Doubt:
    """What to look at again: the facts concerned (by name) and the sentence.

    ``plain`` says that it stands already while the answer is being typed: more figures only make it larger.
    """

    facts: tuple[str, ...]
    sentence: str
    plain: bool = False


def doubts(engine: Engine, values: Mapping[str, int | str], on: date) -> tuple[Doubt, ...]:
    """Everything worth a second look in what was read (smallest units, or text): by itself first, then beside its neighbours."""
    out: list[Doubt] = []
    for name, value in values.items():
        fact = engine.pack.facts.get(name)
        if fact is not None and (sentence := doubt_of(fact, value, on)):
            out.append(Doubt((name,), sentence, isinstance(value, int) and beyond(fact, value) > 0))
    out += [Doubt(item.facts, item.sentence) for item in engine.oddities(values, on)]
    return tuple(out)


def by_fact(found: Iterable[Doubt]) -> dict[str, Doubt]:
    """The first doubt about each fact, which is the one that its field shows."""
    out: dict[str, Doubt] = {}
    for doubt in found:
        for name in doubt.facts:
            out.setdefault(name, doubt)
    return out
