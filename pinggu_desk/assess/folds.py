"""一并确认: conditions of one policy that one answer each keeps open, put as a single question (以下几项都符合吗).

Nothing is answered by putting the question, only by its confirmation; a benefit's main question always stands by itself.
The match puts them over all policies (``assess.match.triage``), a wizard over its own form (``form_folds``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from pinggu_desk.assess.engine import Answers
from pinggu_desk.policy.quantity import Dim

if TYPE_CHECKING:
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.assess.rules import Rule
    from pinggu_desk.assess.views import FieldView

#: what a place over several conditions is called in a case's position, before its group
FOLD_PLACE = "一并确认："
#: How many conditions one question of the form may put together: as many as there are number keys.
MOST_OF_FORM = 9
#: of each engine, for a day and a state of the outside figures
_PLAIN: WeakKeyDictionary[Engine, tuple[tuple[date, int], dict[str, dict[str, int]]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Fold:
    """Conditions of one policy put as one question.

    ``facts`` are Yes/No facts with the answer (0 or 1) that rules nothing out; ``benefits`` is how many benefits wait for them.
    """

    policy: str
    facts: tuple[tuple[str, int], ...]
    benefits: int


@dataclass(frozen=True, slots=True)
class FormFold:
    """Conditions of one group of a form put as one question; ``open`` while one of them is still to be answered."""

    group: str
    facts: tuple[tuple[str, int], ...]
    open: bool


def plain_answers(engine: Engine, rule: Rule, answers: Answers) -> dict[str, int]:
    """Yes/No facts of which one answer alone rules the benefit out, each with the other answer; worked out once a benefit."""
    at = answers.on, engine.edition
    known = _PLAIN.setdefault(engine, (at, {}))
    if known[0] != at:  # what is past its day, or above an outside figure, may be ruled out by another answer
        known = _PLAIN[engine] = at, {}
    found = known[1].get(rule.benefit.id)
    if found is None:
        found = known[1][rule.benefit.id] = _plain(engine, rule, answers)
    return found


def _plain(engine: Engine, rule: Rule, answers: Answers) -> dict[str, int]:
    env, found = engine.env(Answers(answers.on, {})), dict[str, int]()
    for name in rule.asks:
        fact = engine.pack.facts[name]
        if fact.dim is Dim.TRUTH and not fact.decided_by and fact.history is None:
            slot = engine.slots.slot(name)
            out = [value for value in (0, 1) if not rule.test(engine.varied(env, slot, value))[1]]
            if len(out) == 1:
                found[name] = 1 - out[0]
    return found


def agreed_answers(engine: Engine, rules: Iterable[Rule], answers: Answers) -> dict[str, int]:
    """Per fact the answer that rules out none of these benefits; nothing for main questions and where benefits disagree.

    Nor do all of them together rule one out: what would do so with the rest (married, and the spouse qualifies, where one
    benefit is for the unmarried) is asked by itself.
    """
    rules = list(rules)
    found: dict[str, set[int]] = {}
    main: set[str] = set()
    for rule in rules:
        main.update(engine.pack.matters.gates.get(rule.benefit.id, ()))
        for name, plain in plain_answers(engine, rule, answers).items():
            found.setdefault(name, set()).add(plain)
    agreed = {name: min(plain) for name, plain in found.items() if len(plain) == 1 and name not in main}
    return without_joint_refusal(engine, rules, Answers(answers.on, {}), agreed)


def without_joint_refusal(
    engine: Engine, rules: Iterable[Rule], answers: Answers, agreed: Mapping[str, int]
) -> dict[str, int]:
    """Of ``agreed``, the answers that all together, given what is stated, rule none of these benefits out.

    What each answer leaves open by itself, two may close: those are left out, to be asked one by one.
    """
    rules, left = list(rules), dict(agreed)
    while left:
        env = engine.env(replace(answers, values={**answers.values, **left}))
        out = [rule for rule in rules if not rule.test(env)[1]]
        if not out:
            break
        mine = {name for rule in out for name in rule.asks if name in left}
        drop = {
            name
            for rule in out
            for name in rule.asks
            if name in left and name not in plain_answers(engine, rule, answers)
        }
        if not mine:  # ruled out by what is stated already
            break
        left = {name: plain for name, plain in left.items() if name not in (drop or mine)}
    return left


def form_folds(
    views: Iterable[FieldView], plain: Mapping[str, int], values: Mapping[str, int | str], apart: Collection[str]
) -> tuple[FormFold, ...]:
    """The questions that the conditions of a form make together, by group in the form's order.

    In are those that are asked and those that are answered plainly already, known from the register or confirmed; out is
    what the clerk wants by itself (``apart``), what an earlier visit told otherwise, and a condition that is alone.
    """
    groups: dict[str, list[FieldView]] = {}
    for view in views:
        name = view.fact.name
        if name not in plain or name in apart or view.error or view.doubt is not None:
            continue
        asked = view.state == "needed" and not view.text
        told = view.fact.show(plain[name])
        otherwise = view.offer is not None and view.offer.text != told
        if (asked and not otherwise) or (view.state == "answered" and values.get(name) == plain[name]):
            groups.setdefault(view.group, []).append(view)
    out = []
    for group, members in groups.items():
        parts = -(-len(members) // MOST_OF_FORM)
        size = -(-len(members) // parts)
        for at in range(0, len(members), size):
            part = members[at : at + size]
            if len(part) > 1:
                facts = tuple((view.fact.name, plain[view.fact.name]) for view in part)
                out.append(FormFold(group, facts, any(view.state == "needed" for view in part)))
    return tuple(out)
