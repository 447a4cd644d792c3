"""来访先问: what the visitor came with decides what is gone into; everything else is 来访未涉及, neither refused nor answered.

A benefit is raised when a matter of it was mentioned, when its main question was answered of the visitor's own accord, or when
what was stated already earns it: nothing that can be had is ever hidden. What a licence shows (来者) still rules out by
subject, with the clause that says so. Nobody's silence is an answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from pinggu_desk.assess.conclude import Conclusion
from pinggu_desk.assess.engine import Answers
from pinggu_desk.assess.folds import Fold, plain_answers, without_joint_refusal
from pinggu_desk.assess.leading import askable
from pinggu_desk.assess.needs import Needs
from pinggu_desk.policy.quantity import Dim

if TYPE_CHECKING:
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.assess.env import Env
    from pinggu_desk.assess.rules import Rule
    from pinggu_desk.assess.run import Run
    from pinggu_desk.policy.errors import Diagnostic
    from pinggu_desk.policy.models import Pack

#: How many conditions one question may put together: more than a clerk can read out in a breath is asked in two.
MOST = 8
#: how an option begins that says that there is nothing of the kind
_NONE = ("没有", "都没有", "都不是", "未", "不", "其他或尚未")


def raised(run: Run, concluded: Mapping[str, Conclusion], mentioned: Collection[str]) -> frozenset[str]:
    """The benefits that this visit goes into, of those that were concluded on."""
    matters, values = run.engine.pack.matters, run.answers.values
    out = set(matters.raised(mentioned)) & set(concluded)
    # answers to what was put are not volunteered
    asked = {name for benefit in out for name in run.engine.rule(benefit).asks}
    told = {name for name, value in values.items() if name not in asked and _says_something(run.engine, name, value)}
    for benefit, conclusion in concluded.items():
        volunteered = not told.isdisjoint(matters.gates.get(benefit, ()))
        if volunteered or conclusion.status in ("eligible", "review"):
            out.add(benefit)
    return frozenset(out)


def _says_something(engine: Engine, name: str, value: int | str) -> bool:
    """Whether an answer tells that there is something: a No, a nought or 都不是 raises nothing, nor does who the visitor is."""
    fact = engine.pack.facts.get(name)
    if fact is None or name in engine.pack.matters.who:
        return False
    if fact.dim is Dim.OPTION and isinstance(value, int):
        return not fact.options[value].name.startswith(_NONE)
    return value != 0


def who_is(engine: Engine, answers: Answers) -> tuple[tuple[str, int | str], ...]:
    """What was stated of who the visitor is (来者): what a licence shows."""
    return tuple((name, answers.values[name]) for name in engine.pack.matters.who if name in answers.values)


def wrong_subject(
    engine: Engine, answers: Answers, rules: Mapping[str, Rule], refused: dict[str, bool]
) -> frozenset[str]:
    """The benefits that who the visitor is (来者) rules out alone, whatever else is answered.

    ``refused`` keeps what was found for the same visitor on the same day, and is added to.
    """
    who = dict(who_is(engine, answers))
    if not who:
        return frozenset()
    left = [i for i in rules if i not in refused]
    if left:
        env = engine.env(Answers(answers.on, who))
        refused.update((i, not rules[i].test(env)[1]) for i in left)
    return frozenset(i for i in rules if refused[i])


def folds(
    run: Run, rules: Mapping[str, Rule], concluded: Mapping[str, Conclusion], passed: Collection[str], kind: str,
    general: dict[str, Collection[str]],
) -> Iterator[Fold]:  # fmt: skip
    """The questions that several conditions of one policy make together, those that most benefits wait for first.

    A benefit's own conditions wait until its main question is answered; nobody is asked what another kind of applicant can tell.
    ``general`` keeps, by benefit, what its general conditions lack, and is added to.
    """
    facts, matters = run.engine.pack.facts, run.engine.pack.matters
    by_policy: dict[str, dict[str, set[int]]] = {}
    waiting: dict[str, int] = {}
    for benefit, rule in rules.items():
        asks = concluded[benefit].needs.asks
        if not asks:
            continue
        gates = matters.gates.get(benefit, ())
        told = may = set(askable(facts, asks, kind))
        if any(name in asks for name in gates):
            if benefit not in general:
                general[benefit] = _general(rule, run.env)
            may = told.intersection(general[benefit])
        found = by_policy.setdefault(rule.policy.id, {})
        for name, plain in plain_answers(run.engine, rule, run.answers).items():
            if name in may and name not in gates and name not in passed:
                found.setdefault(name, set()).add(plain)
                waiting[rule.policy.id] = waiting.get(rule.policy.id, 0) + 1
    for policy in sorted(by_policy, key=lambda p: -waiting.get(p, 0)):
        single = {name: min(plain) for name, plain in by_policy[policy].items() if len(plain) == 1}
        asked = [r for i, r in rules.items() if r.policy.id == policy and concluded[i].needs.asks]
        agreed = list(without_joint_refusal(run.engine, asked, run.answers, single).items()) if len(single) > 1 else []
        for at in range(0, len(agreed), MOST):
            if len(part := agreed[at : at + MOST]) > 1:
                yield Fold(policy, tuple(part), waiting[policy])


def soonest(
    run: Run, rules: Mapping[str, Rule], concluded: Mapping[str, Conclusion], passed: Collection[str], kind: str
) -> tuple[str, ...]:
    """The benefits that are still asked about, those first that the fewest questions settle; the texts' order among equals.

    Finishing the shortest first is what brings the first sure benefit, and every following one, soonest.
    """
    facts = run.engine.pack.facts
    left: dict[str, int] = {}
    for benefit, rule in rules.items():
        asks = askable(facts, concluded[benefit].needs.asks, kind)
        if not asks or not any(name not in passed for name in asks):
            continue
        plain = plain_answers(run.engine, rule, run.answers)
        folded = sum(name in plain for name in asks)
        history = sum(facts[name].history is not None for name in asks)
        left[benefit] = len(asks) - max(folded - 1, 0) - max(history - 1, 0)
    return tuple(sorted(left, key=lambda benefit: left[benefit]))


def _general(rule: Rule, env: Env) -> dict[str, None]:
    needs = Needs()
    for lacks in rule.lines[0]:
        lacks(env, True, needs)
    return needs.asks


def check_gates(pack: Pack, rules: Collection[Rule], engine: Engine) -> list[Diagnostic]:
    """The ledger of matters is closed: every benefit's main question is opened by a matter of that benefit."""
    from pinggu_desk.policy.errors import Diagnostic
    from pinggu_desk.policy.matters import FILE_NAME

    env = engine.env(Answers(max(date(2026, 1, 1), *(r.policy.begins for r in rules)), {}))
    found = []
    for rule in rules:
        gate, opened = main_question(rule, env, pack), pack.matters.gates.get(rule.benefit.id, ())
        if gate and gate not in opened:
            sentence = f"“{rule.benefit.title}”的主要问题“{gate}”没有写进打开它的任何一个事由的“开”，请补上。"
            found.append(Diagnostic("matter-gate", FILE_NAME, 0, sentence))
    asked = {name for rule in rules for name in rule.asks}
    for one in pack.matters.by_id.values():
        for name in one.opens:
            if name not in asked:
                sentence = f"事由“{one.name}”打开的“{name}”没有一个支持事项会问，请删去或改正。"
                found.append(Diagnostic("matter-gate", FILE_NAME, 0, sentence))
    return found


def main_question(rule: Rule, env: Env, pack: Pack) -> str:
    """A benefit's main question (主要问题): the first thing that it asks of itself, past who applies; empty for none."""
    facts, general, own = pack.facts, _general(rule, env), Needs()
    for lacks in rule.lines[1]:
        lacks(env, True, own)

    def first(names: Collection[str], but: Collection[str]) -> str:
        skip = {*pack.matters.who, *but}
        return next((n for n in names if n not in skip and facts[n].history is None and not facts[n].decided_by), "")

    return first(own.asks, general) or first(rule.asks, ())
