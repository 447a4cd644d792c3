"""What may be asked now: who and what first, a detail only when its main question has opened it.

Within a benefit's own conditions the author's order is the order of asking: a later line is not asked while an earlier
one could still close the benefit, and the figure's details wait for the conditions. Nobody is asked what only another
kind of applicant can tell (归属). What is lacking (``assess.needs``) is another thing: that names everything that matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from pinggu_desk.assess.conclude import Conclusion
from pinggu_desk.assess.needs import Collector, Needs
from pinggu_desk.policy.facts import Fact

if TYPE_CHECKING:
    from pinggu_desk.assess.env import Env
    from pinggu_desk.assess.rules import Rule

#: The fact that says what kind of applicant it is.
APPLICANT = "申请人类型"
#: Whose facts an applicant of a kind cannot tell.
_OTHERS = {"单位": ("个人",), "个人": ("企业", "机构")}


def tells(fact: Fact, kind: str) -> bool:
    """Whether an applicant of this kind (单位, 个人; empty: not known) can be asked for a fact, by whose it is (归属)."""
    return fact.owner not in _OTHERS.get(kind, ())


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


def _first(lines: Iterable[Collector], env: Env, may: Callable[[str], bool]) -> str | None:
    """The first fact, in reading order, that some lines still lack; a form names what decides it before its branches."""
    needs = Needs()
    for lacks in lines:
        lacks(env, True, needs)
    return next(filter(may, needs.asks), None)
