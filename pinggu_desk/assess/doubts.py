"""Answers that may be true and seldom are (提示): each with one sentence that asks for a second look; nothing is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pinggu_desk.policy.usual import beyond, doubt_of

if TYPE_CHECKING:
    from pinggu_desk.assess.awards import Award
    from pinggu_desk.assess.engine import Engine


@dataclass(frozen=True, slots=True)
class Doubt:
    """What to look at again: the facts concerned (by name) and the sentence.

    ``plain`` says that it stands already while the answer is being typed: more figures only make it larger.
    """

    facts: tuple[str, ...]
    sentence: str
    plain: bool = False


def doubts(
    engine: Engine, values: Mapping[str, int | str], on: date, awards: Sequence[Award] | None = None
) -> tuple[Doubt, ...]:
    """Everything worth a second look in what was read (smallest units, or text).

    By itself first, then beside its neighbours, then beside the past ``awards`` (None: nobody knows them).
    """
    out: list[Doubt] = []
    for name, value in values.items():
        fact = engine.pack.facts.get(name)
        if fact is not None and (sentence := doubt_of(fact, value, on)):
            out.append(Doubt((name,), sentence, isinstance(value, int) and beyond(fact, value) > 0))
    out += [Doubt(item.facts, item.sentence) for item in engine.oddities(values, on)]
    return (*out, *_beside_awards(engine, values, on, awards)) if awards else tuple(out)


def _beside_awards(
    engine: Engine, values: Mapping[str, int | str], on: date, awards: Sequence[Award]
) -> Iterable[Doubt]:  # fmt: skip
    """What was stated as had before, where the awards that are known come to more: the statement counts, so it is looked at again."""
    known = engine.from_past(awards, on)
    for name, value in values.items():
        least = known.get(name, (0, 0))[0]
        if isinstance(value, int) and value < least:
            fact = engine.pack.facts[name]
            yield Doubt((name,), f"{name} {fact.show(value)}，少于按以往奖励算出的{fact.show(least)}，请核对。")


def by_fact(found: Iterable[Doubt]) -> dict[str, Doubt]:
    """The first doubt about each fact, which is the one that its field shows."""
    out: dict[str, Doubt] = {}
    for doubt in found:
        for name in doubt.facts:
            out.setdefault(name, doubt)
    return out
