"""The next question worth asking (下一个要问的): the one that would settle the most money and the most benefits.

A question is tried before it is asked: with each answer that it may get, how many open benefits are settled, and how
much money hangs on them. What can be read off a licence or simply said comes before what needs a document. Only what
``assess.leading`` lets be asked now is tried: no detail before its main question, nothing of another kind of applicant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log10
from typing import TYPE_CHECKING

from pinggu_desk.assess.conclude import Conclusion
from pinggu_desk.assess.leading import askable, opened
from pinggu_desk.assess.match.kept import Kept
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.quantity import Dim

if TYPE_CHECKING:
    from pinggu_desk.assess.env import Env
    from pinggu_desk.assess.rules import Rule
    from pinggu_desk.assess.run import Run

#: How many of the likeliest questions are tried out before one is chosen.
_TRIED = 10
#: What an answer costs: read off the licence, said at the window, looked up in a document.
_LICENCE, _SAID, _DOCUMENT = 1.0, 0.9, 0.6


@dataclass(frozen=True, slots=True)
class Question:
    """The question to ask next: how many open benefits name it (``open_``) and how many it can settle at one stroke."""

    fact: str
    open_: int
    settles: int
    score: float


def needed(concluded: Mapping[str, Conclusion]) -> dict[str, int]:
    """Every fact that could still move an answer (还需要), with how many benefits look at it; all others are 已无关."""
    count: dict[str, int] = {}
    for conclusion in concluded.values():
        for name in conclusion.needs.asks:
            count[name] = count.get(name, 0) + 1
    return count


def next_question(
    run: Run, rules: Iterable[Rule], concluded: Mapping[str, Conclusion], passed: Collection[str] = (), kind: str = "",
    kept: Kept | None = None,
) -> Question | None:  # fmt: skip
    """The question worth asking next, or None when every benefit is settled as far as questions can settle it.

    ``passed`` are facts that were asked and could not be answered now (暂不清楚); they are not asked again, nor are the
    details that wait for them. ``kind`` says who applies; ``kept`` holds what was found before and is added to.
    """
    facts, kept = run.engine.pack.facts, kept if kept is not None else Kept()
    open_ = [(rule, concluded[rule.benefit.id]) for rule in rules if concluded[rule.benefit.id].needs.asks]
    by_fact: dict[str, list[tuple[Rule, float]]] = {}
    hope: dict[str, float] = {}
    for rule, conclusion in open_:
        weight = _weight(conclusion)
        for name in _opened(run, rule, conclusion, kind, kept):
            if name in passed:
                continue
            by_fact.setdefault(name, []).append((rule, weight))
            hope[name] = hope.get(name, 0.0) + weight / len(conclusion.needs.asks)
    # Equal hopes go to the fact that the dictionary names first, so that the order of rules plays no part.
    order = {name: i for i, name in enumerate(facts)}
    likely = sorted(hope, key=lambda n: (-hope[n] * ease(facts[n]), order[n]))[:_TRIED]
    tried = [_try(run, facts[name], by_fact[name], kept) for name in likely]
    return max(tried, key=lambda q: (q.score, -order[q.fact])) if tried else None


def _opened(run: Run, rule: Rule, conclusion: Conclusion, kind: str, kept: Kept) -> tuple[str, ...]:
    facts, known = run.engine.pack.facts, kept.opened.setdefault(rule.benefit.id, {})
    if kind not in known:
        may = askable(facts, conclusion.needs.asks, kind)
        known[kind] = opened(rule, run.env, conclusion, may.__contains__)
    return known[kind]


def ease(fact: Fact) -> float:
    """How easily an answer is had: off the licence, by asking, or only from a document."""
    if "营业执照" in fact.proof:
        return _LICENCE
    return _SAID if not fact.proof else _DOCUMENT


def _weight(conclusion: Conclusion) -> float:
    """What hangs on a benefit: one, and more for the money that it may come to (by orders of magnitude)."""
    if conclusion.dim is not Dim.MONEY or conclusion.high is None:
        return 1.0
    return 1.0 + log10(1 + conclusion.high / 100_000)  # in thousands of yuan


def _try(run: Run, fact: Fact, benefits: Sequence[tuple[Rule, float]], kept: Kept) -> Question:
    """Give the fact each answer it may get and see how much is settled on the average."""
    slot = run.engine.slots.slot(fact.name)
    answers = _answers(fact, [rule for rule, _ in benefits])
    settled, best = 0.0, 0
    for value in answers:
        env = run.engine.varied(run.env, slot, value)
        count = 0
        for rule, weight in benefits:
            known = kept.settled.setdefault(rule.benefit.id, {})
            if (fact.name, value) not in known:
                known[fact.name, value] = _is_settled(rule, env)
            if known[fact.name, value]:
                settled += weight / len(answers)
                count += 1
        best = max(best, count)
    nudge = sum(weight for _, weight in benefits) * 0.01
    return Question(fact.name, len(benefits), best, (settled + nudge) * ease(fact))


def _is_settled(rule: Rule, env: Env) -> bool:
    sure, maybe = rule.test(env)
    if not maybe:
        return True
    low, high = rule.figure(env)
    return bool(not high or (sure and low == high))


def _answers(fact: Fact, rules: Sequence[Rule]) -> list[int]:
    """The answers to try: each choice, or for a quantity one on either side of the bounds that are written for it."""
    least, most = fact.bounds
    if fact.dim in (Dim.TRUTH, Dim.OPTION):
        return list(range(least, most + 1))
    written = {least}
    for rule in rules[:4]:
        for node in rule.reach:
            if isinstance(node, f.Compare) and isinstance(node.right, f.Lit) and _is(node.left, fact):
                written |= {node.right.quantity.value, node.right.quantity.value + 1}
    return sorted(value for value in written if least <= value <= most)[:6]


def _is(node: f.Expr | f.Cond, fact: Fact) -> bool:
    return isinstance(node, f.Name) and node.name == fact.name
