"""One case being answered: what is worked out once, however many benefits, readings and papers look at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from pinggu_desk.assess.conclude import Conclusion, conclude, settled
from pinggu_desk.assess.env import Env
from pinggu_desk.assess.explain import Explainer
from pinggu_desk.policy.facts import PRIOR

if TYPE_CHECKING:
    from pinggu_desk.assess.engine import Answers, Engine
    from pinggu_desk.assess.rules import Rule
    from pinggu_desk.assess.straight import Ends
    from pinggu_desk.policy.models import Limit


class Run:
    """The environments of one case, and an explainer a policy, so that shared conditions are explained once."""

    def __init__(self, engine: Engine, answers: Answers) -> None:
        self.engine, self.answers = engine, answers
        #: with the outside figures of the time: what is made later stands on the same as what was made at once
        self.pack = engine.pack
        self.env, self._opened = engine.case(answers)
        self._others: dict[str, tuple[Env, Callable[[], Env]]] = {}
        self._ends: dict[str, tuple[Sequence[Ends], Mapping[str, int]] | None] = {}
        self._made = False
        self._explainers: dict[str, Explainer] = {}

    @cached_property
    def open_env(self) -> Env:
        """The environment without the most that unknown facts declare and with open parameters (``Engine.envs``)."""
        return self._opened()

    def conclusion(self, rule: Rule) -> Conclusion:
        """The conclusion on one benefit."""
        policy = rule.policy.id
        known = self._ends[policy] if policy in self._ends else self._straight(policy)
        if known is not None and (found := settled(rule, known[0][known[1][rule.benefit.id]])) is not None:
            return found
        return self._walked(rule)

    def conclusions(self, policy: str) -> list[Conclusion]:
        """The conclusions on all benefits of a policy, in the text's order."""
        rules, known = self.engine.rules_of(policy), self._ends.get(policy) or self._straight(policy)
        if known is None:
            return list(map(self._walked, rules))
        return [settled(rule, ends) or self._walked(rule) for rule, ends in zip(rules, known[0], strict=True)]

    def _walked(self, rule: Rule) -> Conclusion:
        """The conclusion by walking through the rule's forms."""
        return rule.once(self.env, lambda: conclude(rule, self.env, lambda: self.open_env), None)

    def _straight(self, policy: str) -> tuple[Sequence[Ends], Mapping[str, int]] | None:
        """Both ends of every benefit of a policy, where it has one function for all, with where each stands."""
        found = self.engine.straight(policy)
        if found is None and not self._made and self.engine.straighten(policy):
            self._made, found = True, self.engine.straight(policy)
        known = self._ends[policy] = None if found is None else (found.ends(*self._sides, self.env.on), found.at)
        return known

    @cached_property
    def _sides(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The low ends of all slots, and the high ones."""
        values = self.env.values
        return tuple([low for low, _ in values]), tuple([high for _, high in values])

    def other_conclusion(self, rule: Rule, reading: str) -> Conclusion:
        """The conclusion if that reading were taken the other way than it is in this run."""
        envs = self._others.get(reading)
        if envs is None:
            name = f"读法:{reading}"
            taken = self.env.values[self.engine.slots.slot(name)][0]
            envs = self._others[reading] = self._turned(name, 0 if taken else 1)
        return rule.once(envs[0], lambda: conclude(rule, *envs), None)

    def with_(self, rule: Rule, name: str, value: int) -> Conclusion:
        """The conclusion on one benefit if that fact were ``value``, all else as it is."""
        if name == PRIOR:  # whether there ever was an award says what all history facts are
            answers = replace(self.answers, values={**self.answers.values, name: value})
            return conclude(rule, *self.engine.case(answers))
        if (straight := self.engine.straight(rule.policy.id)) is not None:
            slot, (low, high) = self.engine.slots.slot(name), map(list, self._sides)
            low[slot] = high[slot] = value
            found = settled(rule, straight.ends(low, high, self.env.on)[straight.at[rule.benefit.id]])
            if found is not None:
                return found
        return conclude(rule, *self._turned(name, value))

    def can_be(self, name: str, value: int) -> bool:
        """Whether the other answers leave room for that value (校核): one project can't outgrow the total that was stated."""
        slot = self.engine.slots.index.get(name)
        if slot is None or self.contradicted:
            return not self.contradicted
        return not self.engine.broken(self.engine.varied(self._stated, slot, value), name)

    @cached_property
    def _stated(self) -> Env:
        """What was stated, without what past awards make of it."""
        return self.engine.env(replace(self.answers, awards=None))

    @cached_property
    def contradicted(self) -> bool:
        """Whether the answers contradict each other as they stand."""
        return bool(self.engine.broken(self._stated))

    def _turned(self, name: str, value: int) -> tuple[Env, Callable[[], Env]]:
        slot = self.engine.slots.slot(name)
        env = self.engine.varied(self.env, slot, value)
        return env, lambda: env if self.open_env is self.env else self.engine.varied(self.open_env, slot, value)

    def left_of(self, policy: str, limit: Limit) -> int | None:
        """What is left of a limit in money (fen), after what was received before; None where that is not known."""
        left = self.engine.left_of(policy, limit)
        if left is None:
            return None
        low, high = left(self.env)
        return int(low) if low == high else None

    def explainer(self, rule: Rule) -> Explainer:
        """The explainer of the rule's policy."""
        found = self._explainers.get(rule.policy.id)
        if found is None:
            found = self._explainers[rule.policy.id] = Explainer(rule.meaning, self.env, lambda: self.open_env)
        return found
