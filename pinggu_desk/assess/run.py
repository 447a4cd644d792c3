"""One case being answered: what is worked out once, however many benefits, readings and papers look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinggu_desk.assess.conclude import Conclusion, conclude
from pinggu_desk.assess.env import Env
from pinggu_desk.assess.explain import Explainer
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.quantity import Dim

if TYPE_CHECKING:
    from pinggu_desk.assess.engine import Answers, Engine
    from pinggu_desk.assess.rules import Rule
    from pinggu_desk.policy.models import Limit


class Run:
    """The environments of one case, and an explainer a policy, so that shared conditions are explained once."""

    def __init__(self, engine: Engine, answers: Answers) -> None:
        self.engine, self.answers = engine, answers
        self.env, self.open_env = engine.envs(answers)
        self._others: dict[str, tuple[Env, Env]] = {}
        self._explainers: dict[str, Explainer] = {}

    def conclusion(self, rule: Rule) -> Conclusion:
        """The conclusion on one benefit."""
        return conclude(rule, self.env, self.open_env)

    def other_conclusion(self, rule: Rule, reading: str) -> Conclusion:
        """The conclusion if that reading were taken the other way."""
        envs = self._others.get(reading)
        if envs is None:
            envs = self._others[reading] = self.engine.envs(self.answers, {reading: False})
        return conclude(rule, *envs)

    def left_of(self, policy: str, limit: Limit) -> int | None:
        """What is left of a limit in money (fen), after what was received before; None where that is not known."""
        rules = self.engine.rules_of(policy)
        meaning = rules[0].meaning if rules else None
        if meaning is None or meaning.dim(limit.most) is not Dim.MONEY:
            return None
        received = f.Name(limit.cite, limit.path, limit.received)
        low, high = meaning.of(f.Less(limit.cite, limit.path, limit.most, received))(self.env)
        return int(low) if low == high else None

    def explainer(self, rule: Rule) -> Explainer:
        """The explainer of the rule's policy."""
        found = self._explainers.get(rule.policy.id)
        if found is None:
            found = self._explainers[rule.policy.id] = Explainer(rule.meaning, self.env)
        return found
