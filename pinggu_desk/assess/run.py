"""One case being answered: what is worked out once, however many benefits, readings and papers look at it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from pinggu_desk.assess.conclude import Conclusion, conclude
from pinggu_desk.assess.env import Env
from pinggu_desk.assess.explain import Explainer
from pinggu_desk.policy.facts import PRIOR

if TYPE_CHECKING:
    from pinggu_desk.assess.engine import Answers, Engine
    from pinggu_desk.assess.rules import Rule
    from pinggu_desk.policy.models import Limit


class Run:
    """The environments of one case, and an explainer a policy, so that shared conditions are explained once."""

    def __init__(self, engine: Engine, answers: Answers) -> None:
        self.engine, self.answers = engine, answers
        #: with the outside figures of the time: what is made later stands on the same as what was made at once
        self.pack = engine.pack
        self.env, self.open_env = engine.envs(answers)
        self._others: dict[str, tuple[Env, Env]] = {}
        self._explainers: dict[str, Explainer] = {}

    def conclusion(self, rule: Rule) -> Conclusion:
        """The conclusion on one benefit."""
        return rule.once(self.env, lambda: conclude(rule, self.env, self.open_env), None)

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
            return conclude(rule, *self.engine.envs(answers))
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

    def _turned(self, name: str, value: int) -> tuple[Env, Env]:
        slot = self.engine.slots.slot(name)
        env = self.engine.varied(self.env, slot, value)
        return env, env if self.open_env is self.env else self.engine.varied(self.open_env, slot, value)

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
            found = self._explainers[rule.policy.id] = Explainer(rule.meaning, self.env)
        return found
