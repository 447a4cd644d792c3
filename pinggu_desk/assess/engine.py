"""Facts in, determinations out: the one engine behind every screen, sheet, letter and batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pinggu_desk.assess.conclude import Conclusion, conclude
from pinggu_desk.assess.determination import Award, Determination
from pinggu_desk.assess.explain import Explainer
from pinggu_desk.assess.meaning import Env, Fn, Meaning, Slots, Span
from pinggu_desk.assess.ops import ScalarOps
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.errors import BadAnswer
from pinggu_desk.policy.facts import Fact, read_answer
from pinggu_desk.policy.forms import Cond, Expr
from pinggu_desk.policy.models import Benefit, Consistency, Limit, Pack, Parameter, Policy
from pinggu_desk.policy.quantity import INF, Dim, parse_quantity
from pinggu_desk.policy.scope import JUDGED_ON, Scope


@dataclass(frozen=True)
class Answers:
    """What is known of an applicant on one date.

    ``values`` maps fact names to read values (smallest units, or text); ``awards`` are the past awards, or None when
    nobody knows them. A fact that is not there is unknown, never zero.
    """

    on: date
    values: Mapping[str, int | str] = field(default_factory=dict)
    awards: Sequence[Award] | None = None


@dataclass(frozen=True)
class Rule:
    """One benefit made ready to run: its conditions with their labels, its figure with limits, compiled."""

    policy: Policy
    benefit: Benefit
    conditions: tuple[tuple[str, Cond], ...]
    condition: Cond
    give: Expr
    test: Fn
    figure: Fn
    meaning: Meaning


def read_answers(pack: Pack, raw: Mapping[str, Any]) -> dict[str, int | str]:
    """Read ``{fact id or Chinese label: value}``; None and empty text leave the fact unknown.

    Raises BadAnswer for an unknown fact (with what may have been meant) or a value that cannot be taken.
    """
    values: dict[str, int | str] = {}
    for key, value in raw.items():
        fact = pack.fact(key)
        if fact is None:
            raise BadAnswer(f"没有名为“{key}”的填报项{_meant(pack, key)}。")
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


class Engine:
    """Compiles a pack once; then answers for any applicant.

    ``ops`` chooses one case (the default) or tables; see ``assess.columns``.
    """

    def __init__(self, pack: Pack, ops: Any = None) -> None:
        self.pack = pack
        self.slots = Slots()
        self._ops = ops or ScalarOps()
        self.rules: tuple[Rule, ...] = tuple(
            rule for policy in pack.policies.values() for rule in self._policy_rules(policy)
        )
        self._consistency: list[tuple[Consistency, Fn]] = []
        for item in pack.consistency:
            scope = Scope(pack, pack.policies[item.condition.cite[0].split(".", 1)[0]])
            self._consistency.append((item, Meaning(scope, self.slots, self._ops).of(item.condition)))
        self._by_policy: dict[str, list[Rule]] = {}
        for rule in self.rules:
            self._by_policy.setdefault(rule.policy.id, []).append(rule)

    # --- compiling ---

    def _policy_rules(self, policy: Policy) -> list[Rule]:
        meaning = Meaning(Scope(self.pack, policy), self.slots, self._ops)
        return [self._rule(policy, benefit, meaning) for benefit in policy.benefits]

    def _rule(self, policy: Policy, benefit: Benefit, meaning: Meaning) -> Rule:
        labelled: list[tuple[str, Cond]] = [
            (general.name, general.condition) for general in policy.general if general.name not in benefit.exempt
        ]
        if benefit.condition is not None:
            labelled.append(("申报条件", benefit.condition))
        if (deadline := deadline_condition(benefit)) is not None:
            labelled.append(("办理时限", deadline))
        give = benefit.give
        for limit in policy.limits:
            if benefit.id in limit.benefits:
                give, extra = self._limited(meaning.scope, limit, give)
                labelled.extend(extra)
        condition = f.All(benefit.cite, benefit.path, tuple(part for _, part in labelled))
        return Rule(
            policy, benefit, tuple(labelled), condition, give, meaning.of(condition), meaning.of(give), meaning
        )

    @staticmethod
    def _limited(scope: Scope, limit: Limit, give: Expr) -> tuple[Expr, list[tuple[str, Cond]]]:
        """A limit in money caps the figure by what is left of it; a limit in times or years is a condition."""
        received = f.Name(limit.cite, limit.path, limit.received)
        if scope.dim(limit.most) is Dim.MONEY:
            left = f.Less(limit.cite, limit.path, limit.most, received)
            return f.Cap(limit.cite, limit.path, give, left), []
        return give, [(limit.name, f.Compare(limit.cite, limit.path, received, "低于", limit.most))]

    # --- running ---

    def env(self, answers: Answers, readings: Mapping[str, bool] | None = None, *, open_tops: bool = False) -> Env:
        """The environment of one case: a span for every fact, parameter and reading.

        ``readings`` switches readings to their other branch (False). ``open_tops`` leaves unknown facts without
        their declared most, so that no printed end can come from it.
        """
        values: list[Span] = [(0, INF)] * len(self.slots.index)
        for name, slot in self.slots.index.items():
            values[slot] = self._span(name, answers, readings or {}, open_tops=open_tops)
        return Env(values, answers.on.toordinal(), len(self.slots.definitions))

    def _span(self, name: str, answers: Answers, readings: Mapping[str, bool], *, open_tops: bool) -> Span:
        if name.startswith("读法:"):
            taken = int(readings.get(name.removeprefix("读法:"), True))
            return taken, taken
        if name in self.pack.parameters and name not in self.pack.facts:
            return parameter_span(self.pack.parameters[name], answers.on)
        fact = self.pack.facts[name]
        value = answers.values.get(name)
        if isinstance(value, int):
            return value, value
        if fact.history is not None and answers.awards is not None:
            known = from_awards(fact, answers.awards, answers.on)
            return known, known
        least, most = fact.bounds
        top = INF if not fact.most or (open_tops and fact.dim not in (Dim.TRUTH, Dim.OPTION)) else most
        return least, (most if fact.dim in (Dim.TRUTH, Dim.OPTION, Dim.DATE) else top)

    def determine(self, answers: Answers, policies: Iterable[str] | None = None) -> tuple[Determination, ...]:
        """The determinations of every benefit (or of those policies), in the texts' order."""
        env, open_env = self.env(answers), self.env(answers, open_tops=True)
        chosen = list(self._by_policy) if policies is None else list(policies)
        return tuple(
            self._determine(rule, answers, env, open_env) for name in chosen for rule in self._by_policy[name]
        )

    def _determine(self, rule: Rule, answers: Answers, env: Env, open_env: Env) -> Determination:
        if answers.on < rule.policy.known_from:
            return self._not_in_force(rule, answers.on)
        explainer = Explainer(rule.meaning, env)
        conclusion = conclude(rule.meaning, rule.condition, rule.give, env, open_env)
        from pinggu_desk.assess.present import present

        return present(self, rule, answers, explainer, conclusion)

    @staticmethod
    def _not_in_force(rule: Rule, on: date) -> Determination:
        from pinggu_desk.assess.present import not_in_force

        return not_in_force(rule, on)

    def inconsistencies(self, values: Mapping[str, int | str], on: date) -> list[Consistency]:
        """The consistency checks (校核) that the answers break for certain."""
        env = self.env(Answers(on, values))
        return [item for item, test in self._consistency if not test(env)[1]]

    def status_of(self, rule: Rule, answers: Answers, readings: Mapping[str, bool]) -> Conclusion:
        """Only the conclusion, with some readings taken the other way: what another reading would change."""
        env = self.env(answers, readings)
        return conclude(rule.meaning, rule.condition, rule.give, env, self.env(answers, readings, open_tops=True))

    def rules_of(self, policy: str) -> list[Rule]:
        """The rules of one policy, in the text's order."""
        return self._by_policy.get(policy, [])

    def rule(self, benefit: str) -> Rule:
        """The rule of one benefit id; KeyError when there is none."""
        for rule in self._by_policy.get(benefit.split(".", 1)[0], []):
            if rule.benefit.id == benefit:
                return rule
        raise KeyError(benefit)


def deadline_condition(benefit: Benefit) -> Cond | None:
    """The benefit's deadline as a condition on the day of judgement, bound only by those whom it binds."""
    deadline = benefit.deadline
    if deadline is None:
        return None
    judged = f.Name(deadline.cite, benefit.path, JUDGED_ON)
    on_time = f.Compare(deadline.cite, benefit.path, judged, "不晚于", deadline.last_day)
    if deadline.when is None:
        return on_time
    return f.AnyOf(deadline.cite, benefit.path, (f.Not(deadline.cite, benefit.path, deadline.when), on_time))


def parameter_span(parameter: Parameter, on: date) -> Span:
    """The value of an outside figure on a date; unknown when none is entered for it, never the last one known."""
    for value in parameter.values:
        if value.since <= on and (value.until is None or on <= value.until):
            quantity = parse_quantity(value.value)
            if quantity is not None:
                return quantity.value, quantity.value
    return 0, INF


def from_awards(fact: Fact, awards: Sequence[Award], on: date) -> int:
    """What the past awards make of a history fact: a sum in fen, a number of awards, or a number of years (in months)."""
    assert fact.history is not None
    history = fact.history
    mine = [
        award
        for award in awards
        if f"{award.policy}.{award.benefit.removeprefix(award.policy + '.')}" in history.benefits
        and award.on <= on
        and _in_window(history.window, award.on, on)
    ]
    if history.counts == "金额":
        return sum(award.amount_fen for award in mine)
    if history.counts == "次数":
        return len(mine)
    return 12 * len({award.on.year for award in mine})


def _in_window(window: str, awarded: date, on: date) -> bool:
    if window == "本年度":
        return awarded.year == on.year
    return window == "全部" or awarded.year < on.year


def with_other_reading(rule: Rule) -> tuple[str, ...]:
    """Ids of the readings that the rule's forms switch on."""
    scope = rule.meaning.scope
    found: dict[str, None] = {}
    for root in (rule.condition, rule.give):
        for node in scope.reach(root):
            if isinstance(node, f.ByReading):
                found[node.reading] = None
    return tuple(found)


__all__ = ["Answers", "Engine", "Rule", "deadline_condition", "from_awards", "read_answers", "replace"]
