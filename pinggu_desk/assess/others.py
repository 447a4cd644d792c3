"""Open questions that are about another kind of applicant than stands at the window: they wait until they are wanted.

An organisation that opens a policy for graduates may come for itself or for its people. Nothing is concluded from what waits: it is
lacking (还缺) as it was; only the form does not put it unasked.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from pinggu_desk.assess.leading import PERSON, kind_of, serves, tells

if TYPE_CHECKING:
    from pinggu_desk.assess.interview import Interview


def others_of(interview: Interview, needed: Collection[str]) -> frozenset[str]:
    """Of what is ``needed``, what only benefits ask that can't go to the stated kind of applicant, and only another can tell.

    Nothing where somebody chose among the benefits, where none can go to whom stands here, or where such a question was answered; and
    nothing where a policy takes no applications but from his kind: what its benefits ask of others, only he can be asked.
    """
    facts = interview.engine.pack.facts
    kind = kind_of(facts, interview.values)
    alone = all((one == PERSON) == (kind == PERSON) for one in interview.policy.serves)
    if not kind or alone or len(interview.chosen) != len(interview.benefits):
        return frozenset()
    rules = [rule for rule in interview.engine.rules_of(interview.policy.id) if rule.benefit.id in interview.chosen]
    own = [rule for rule in rules if serves(rule, kind)]
    mine = {name for rule in own for name in rule.asks}
    foreign = {name for rule in rules for name in rule.asks if not tells(facts[name], kind)}
    if not own or any(name in interview.answers for name in foreign - mine):
        return frozenset()
    return frozenset((foreign - mine) & set(needed))
