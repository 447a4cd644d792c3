"""What a near miss (差一点) or a step up (再进一步) would add to what can be had together, and how that is worded.

A change is worth to the visitor what the best bundle grows by, not what the one benefit comes to: a joint limit (限额), what
it can't be had beside (竞合) or what the same change takes away elsewhere may leave less of it, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from pinggu_desk.assess.conclude import Conclusion, conclude
from pinggu_desk.assess.match.bundle import bundle_sums
from pinggu_desk.assess.run import Run
from pinggu_desk.policy.quantity import wan

if TYPE_CHECKING:
    from pinggu_desk.assess.match.match import Match
    from pinggu_desk.assess.match.nearmiss import Change

_LIMIT, _ONE, _ELSEWHERE = "受限额约束", "同另一项只取其一", "其他事项随之减少"


@dataclass(frozen=True, slots=True)
class Gain:
    """What a change adds to the bundle (fen); None where that is no settled sum or ceiling. ``why`` names what leaves less than its own."""

    fen: int | None
    why: str = ""

    @property
    def note(self) -> str:
        """What is left of it and why; empty where nothing takes from it."""
        if not self.why:
            return ""
        return f"{self.why}，合计只多{wan(self.fen)}" if self.fen else f"{self.why}，合计不增加"

    @property
    def words(self) -> str:
        """What it adds, in a few words that follow the change; empty where no sum can be told."""
        return self.note or (f"多{wan(self.fen)}" if self.fen else "")


@lru_cache(4096)
def told(fen: int | None, why: str = "") -> Gain:
    """The gain of so much; the very same one from match to match, so that a row sees whether its words still hold."""
    return Gain(fen, why)


class Gains:
    """The gains of one match, each worked out when it is first told of."""

    def __init__(self, match: Match) -> None:
        self._match = match
        self._found: dict[str, Gain] = {}

    def of(self, benefit: str) -> Gain:
        """The gain of the near miss or the step up of a benefit that has one."""
        found = self._found.get(benefit)
        if found is None:
            match = self._match
            change = match.near.get(benefit) or match.steps[benefit]
            found = self._found[benefit] = self._gain(change) if change.gain_fen else told(change.gain_fen)
        return found

    def _gain(self, change: Change) -> Gain:
        own, match = change.gain_fen or 0, self._match
        if change.day is not None and not self._beside(change, {}):
            return told(own)
        after = self._after(change)
        if change.day is None and not self._beside(change, after):
            return told(own)
        alone = {change.benefit: after.pop(change.benefit)}
        run = match.run if change.day is None else self._then(change)
        more, instead = self._growth(run, change, alone)
        why = _ONE if instead else _LIMIT
        if after and more > 0 and (both := self._growth(run, change, alone | after)[0]) < min(more, own):
            more, why = both, _ELSEWHERE
        return told(own) if more >= own else told(max(more, 0), why)

    def _beside(self, change: Change, after: Mapping[str, Conclusion]) -> bool:
        """Whether anything else that can be had, now or then, is tied to the change: mostly nothing is, and its own sum is all."""
        live = self._match.live
        return any(
            one != change.benefit and "eligible" in (live[one].status, after[one].status if one in after else "")
            for one in self._tied({change.benefit, *after})
        )

    def _after(self, change: Change) -> dict[str, Conclusion]:
        """What the benefit and, where a fact changes, all that can be had or nearly so and looks at it would come to."""
        match = self._match
        if change.day is not None:
            rule = match.rules[change.benefit]
            return {change.benefit: conclude(rule, *match.engine.case(replace(match.answers, on=change.day)))}
        assert change.target is not None
        touched = {i for i in self._open if change.fact in match.rules[i].asks} | {change.benefit}
        return {i: match.run.with_(match.rules[i], change.fact, change.target) for i in touched}

    @cached_property
    def _open(self) -> frozenset[str]:
        """What can be had, and what a change would bring back."""
        return frozenset(i for i, c in self._match.live.items() if c.status == "eligible" or i in self._match.near)

    def _then(self, change: Change) -> Run:
        """The case on the day to wait for: a new year's limits are whole again."""
        assert change.day is not None
        return Run(self._match.engine, replace(self._match.answers, on=change.day))

    def _growth(self, run: Run, change: Change, after: Mapping[str, Conclusion]) -> tuple[int, bool]:
        """How much more the bundle comes to with these conclusions (fen), and whether it is had in place of another, or not at all.

        Of a figure that will be certain the certain sums are told against each other, of a ceiling what all could come to at most.
        """
        match = self._match
        before = {i: c for i in self._tied(after) if (c := match.live.get(i)) is not None}
        values = dict(match.answers.values) | ({change.fact: change.target} if change.target is not None else {})
        sums = [
            bundle_sums(run, concluded, answered, match.choices, change.benefit)
            for concluded, answered in ((before, match.answers.values), ({**before, **after}, values))
        ]
        (sure, most, kept), (sure_then, most_then, kept_then) = sums
        certain = after[change.benefit].exact
        instead = change.benefit not in kept_then or not kept <= kept_then
        return sure_then - sure + (0 if certain else most_then - most), instead

    def _tied(self, ids: Iterable[str]) -> frozenset[str]:
        """These and what overlaps and joint limits tie to them, directly or through others: the rest adds the same to both."""
        out = set(ids)
        ties = self._ties
        while more := {i for tie in ties if not out.isdisjoint(tie) for i in tie} - out:
            out |= more
        return frozenset(out)

    @cached_property
    def _ties(self) -> list[frozenset[str]]:
        """What ties what can be had, or nearly so, together."""
        engine, on = self._match.engine, self._match.answers.on
        limits = (one.benefits for policy in engine.pack.policies.values() for one in engine.binding(policy, on))
        every = (*(one.benefits for one in engine.pack.overlaps), *limits)
        return [tie for ids in every if len(tie := self._open & frozenset(ids)) > 1]
