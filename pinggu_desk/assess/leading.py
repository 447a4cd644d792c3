"""What may be asked now: who and what first, a detail only when its main question has opened it.

Within a benefit's own conditions the author's order is the order of asking: a later line is not asked while an earlier
one could still close the benefit, and the figure's details wait for the conditions. Nobody is asked what only another
kind of applicant can tell (归属). What is lacking (``assess.needs``) is another thing: that names everything that matters.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from pinggu_desk.assess.answers import Answers
from pinggu_desk.assess.conclude import Conclusion
from pinggu_desk.assess.needs import Collector, Needs
from pinggu_desk.assess.run import Run
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.quantity import Dim

if TYPE_CHECKING:
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.assess.env import Env
    from pinggu_desk.assess.rules import Rule

#: The fact that says what kind of applicant it is.
APPLICANT = "申请人类型"
PERSON = "个人"
#: Whose facts an applicant of a kind cannot tell.
_OTHERS = {"单位": ("个人",), "个人": ("企业", "机构")}


def tells(fact: Fact, kind: str) -> bool:
    """Whether an applicant of this kind (单位, 个人; empty: not known) can be asked for a fact, by whose it is (归属)."""
    return fact.owner not in _OTHERS.get(kind, ())


def askable(facts: Mapping[str, Fact], asks: Iterable[str], kind: str) -> list[str]:
    """Of what a benefit that can go to such an applicant lacks, what he can be asked for.

    That is what he can tell; an organisation whose own benefit hangs on one of its people and on nothing else any more (who founded
    it, who is trained there) is asked for that, since nobody else will be. A person cannot tell for an organisation.
    """
    asks = list(asks)
    return [name for name in asks if tells(facts[name], kind)] or (asks if kind == "单位" else [])


def serves(rule: Rule, kind: str) -> bool:
    """Whether a benefit can go to an applicant of this kind: persons get what persons receive, organisations the rest."""
    recipient = rule.benefit.recipient
    if kind == "个人":
        return recipient == PERSON or (
            recipient in rule.meaning.scope.pack.district.either and "个人" in rule.policy.serves
        )
    return not kind or recipient != PERSON


def kind_of(facts: Mapping[str, Fact], values: Mapping[str, int | str]) -> Literal["单位", "个人", ""]:
    """Who applies, by the kind of applicant that was stated; empty while that is not known."""
    said = values.get(APPLICANT)
    if APPLICANT not in facts or not isinstance(said, int):
        return ""
    return "个人" if facts[APPLICANT].options[said].name == "个人" else "单位"


def opened(rule: Rule, env: Env, conclusion: Conclusion, may: Callable[[str], bool]) -> tuple[str, ...]:
    """Of the facts that a benefit still lacks, those whose main questions are answered: what may be asked of it now.

    Each general condition (who applies) gives its first open fact, the benefit's own conditions together theirs; the
    figure gives its own only when no condition has any left. ``may`` leaves out what this applicant cannot tell.
    """
    general, own = rule.lines
    lines = [*((line,) for line in general), own]
    if conclusion.status == "ineligible":  # a check (核对) goes on with its other indicators
        lines = [(line,) for line in rule.check.lacks] if rule.check is not None and conclusion.needs.any else []
    found = [_first(one, env, may) for one in lines]
    names = tuple(dict.fromkeys(name for name in found if name))
    return names or tuple(filter(may, conclusion.needs.asks))[:1]


class Details:
    """What need not be gone to while main questions are left open, for one state of the answers.

    Of a benefit that an answer to an open choice could close, the conditions of the same line wait, and the figure; what another
    benefit asks for as well does not. Of routes of which any one will do (任一) none closes, so each is gone to.
    """

    def __init__(self, engine: Engine, answers: Answers, rules: Iterable[Rule]) -> None:
        self._engine, self._answers = engine, answers
        run = Run(engine, answers)
        self._rules = [(rule, set(run.conclusion(rule).needs.asks), _by_line(rule, run.env)) for rule in rules]
        self._closed: dict[tuple[str, str], bool] = {}
        self._found: dict[frozenset[str], frozenset[str]] = {}

    def of(self, mains: Collection[str]) -> frozenset[str]:
        """The open questions that wait for these, and for these alone."""
        key = frozenset(mains)
        if key not in self._found:
            self._found[key] = self._waiting(key)
        return self._found[key]

    def _waiting(self, mains: frozenset[str]) -> frozenset[str]:
        held, free = set[str](), set[str]()
        for rule, asks, lines in self._rules:
            closing = [name for name in mains if name in asks and self._closes(rule, name)]
            waiting = {name for names in lines for name in names if any(main in names for main in closing)}
            if any(main in lines[-1] for main in closing):
                waiting |= asks.difference(*lines)
            held |= waiting
            free |= asks - waiting
        return frozenset(held - free - mains)

    def _closes(self, rule: Rule, name: str) -> bool:
        """Whether some answer to a choice would settle that the benefit can't be had."""
        key = rule.benefit.id, name
        if key not in self._closed:
            fact, (on, awards) = self._engine.pack.facts[name], (self._answers.on, self._answers.awards)
            choices = 2 if fact.dim is Dim.TRUTH else len(fact.options)
            told = (Answers(on, {**self._answers.values, name: value}, awards) for value in range(choices))
            found = (Run(self._engine, one).conclusion(rule).status for one in told)
            self._closed[key] = any(status == "ineligible" for status in found)
        return self._closed[key]


def _by_line(rule: Rule, env: Env) -> list[dict[str, None]]:
    general, own = rule.lines
    return [*(_lacking((line,), env) for line in general), _lacking(own, env)]


def _lacking(lines: Iterable[Collector], env: Env) -> dict[str, None]:
    needs = Needs()
    for lacks in lines:
        lacks(env, True, needs)
    return needs.asks


def _first(lines: Iterable[Collector], env: Env, may: Callable[[str], bool]) -> str | None:
    """The first fact, in reading order, that some lines still lack; a form names what decides it before its branches."""
    return next(filter(may, _lacking(lines, env)), None)
