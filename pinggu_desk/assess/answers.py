"""What is known of an applicant on one date, read by a pack's facts."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from pinggu_desk.policy.characters import brief
from pinggu_desk.policy.errors import BadAnswer
from pinggu_desk.policy.facts import PRIOR, read_answer

if TYPE_CHECKING:
    from pinggu_desk.assess.awards import Award
    from pinggu_desk.assess.rules import Rule
    from pinggu_desk.policy.models import Pack


@dataclass(frozen=True)
class Answers:
    """What is known of an applicant on one date.

    ``values`` maps fact names to read values (smallest units, or text); ``awards`` are the past awards, or None when
    nobody knows them. A fact that is not there is unknown, never zero.
    """

    on: date
    values: Mapping[str, int | str] = field(default_factory=dict)
    awards: Sequence[Award] | None = None

    @property
    def past(self) -> Sequence[Award] | None:
        """The past awards; none where the applicant says that it never had any, None where nobody knows."""
        return () if self.awards is None and self.values.get(PRIOR) == 0 else self.awards


def read_answers(pack: Pack, raw: Mapping[str, Any]) -> dict[str, int | str]:
    """Read ``{fact id or Chinese label: value}``; None and empty text leave the fact unknown.

    Raises BadAnswer for an unknown fact (with what may have been meant) or a value that cannot be taken.
    """
    values: dict[str, int | str] = {}
    for key, value in raw.items():
        fact = pack.fact(key)
        if fact is None and pack.of_another_version(key):
            continue
        if fact is None:
            raise BadAnswer(f"没有名为“{brief(key)}”的填报项{_meant(pack, key[:60])}。")
        if fact.name in values:
            raise BadAnswer(f"填报项“{fact.name}”给了两次（名称和代号各一次），请只留一个。")
        if value is None or value == "":
            continue
        values[fact.name] = read_answer(fact, value)
    return values


def _meant(pack: Pack, key: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key, [*pack.facts, *pack.fact_ids], n=1, cutoff=0.5)
    return f"，是否指“{near[0]}”" if near else "，可用 facts 命令列出全部填报项"


def carried(values: Mapping[str, int | str], before: Pack, after: Pack) -> dict[str, int | str]:
    """Answers by the facts of another version: what it doesn't ask is left out, what it reads otherwise is read by its words."""
    out: dict[str, int | str] = {}
    for name, value in values.items():
        old, new = before.facts.get(name), after.facts.get(name)
        if new is None:
            continue
        if old is None or old == new:
            out[name] = value
            continue
        with contextlib.suppress(BadAnswer):  # an option that there is no more is no answer
            out[name] = read_answer(new, old.show(value))
    return out


def untouched(before: Answers, now: Answers, rules: Iterable[Rule]) -> frozenset[str]:
    """The benefits that stand as they stood: same day, same past awards, and no fact changed that they look at."""
    if before.on != now.on or before.past != now.past:
        return frozenset()
    others = changed(before, now)
    return frozenset(rule.benefit.id for rule in rules if others.isdisjoint(rule.looks_at))


def changed(before: Answers, now: Answers) -> set[str]:
    """The facts that were answered otherwise, or answered in one of the two alone."""
    return {n for n in {*before.values, *now.values} if before.values.get(n) != now.values.get(n)}
