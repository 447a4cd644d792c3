"""A determination is made piece by piece: whatever is looked at first, and however late, says what it said at once."""

from __future__ import annotations

import operator
import random
from copy import copy
from dataclasses import fields, replace
from datetime import date

import pytest

from pinggu_desk.assess.conclude import conclude
from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.determine import conclude_all, determine
from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.assess.run import Run
from pinggu_desk.policy.parameters import ParameterValue
from pinggu_desk.policy.quantity import Dim
from tests.assess.generated import engine

ON = date(2026, 4, 1)


def _some(seed: int) -> Answers:
    rnd = random.Random(seed)
    values = {}
    for fact in engine().pack.facts.values():
        if fact.dim is not Dim.TEXT and rnd.random() < 0.4:
            least, most = fact.bounds
            values[fact.name] = rnd.randint(least, min(most, least + 10 ** rnd.randint(0, 9)))
    return Answers(ON, values, ())


def test_whatever_is_looked_at_first_the_determination_is_the_same() -> None:
    rnd = random.Random(2)
    names = [field.name for field in fields(Determination)]
    answers = _some(1)
    at_once = determine(engine(), answers, ["ss", "zxqy", "hgjh"])
    late = determine(engine(), answers, ["ss", "zxqy", "hgjh"])
    for one, other in zip(at_once, late, strict=True):
        operator.attrgetter(*names)(one)
        rnd.shuffle(names)
        operator.attrgetter(*names)(other)
        assert one == other
        assert replace(one, title="x") == replace(other, title="x") and copy(one) == other


def test_a_misspelt_attribute_is_none() -> None:
    made = determine(engine(), Answers(ON), ["ss"])[0]
    with pytest.raises(AttributeError, match="tracee"):
        operator.attrgetter("tracee")(made)


def test_figures_that_the_office_enters_later_are_not_in_what_was_determined_before() -> None:
    own = Engine(engine().pack)
    before = determine(own, Answers(ON))
    untouched = determine(own, Answers(ON))
    said = [d.outside for d in untouched]
    entered = [ParameterValue.model_validate({"值": "1234567元", "自": ON, "来源": "示例"})]
    own.enter({parameter.name: entered for parameter, _ in own.parameters if parameter.kind == "金额"})
    assert [d.outside for d in before] == said


def test_trying_a_value_is_the_run_with_that_value() -> None:
    """Near misses try values in the environment of the case: as if the answer had been that from the start."""
    run = Run(engine(), _some(3))
    for rule in engine().rules[::9]:
        for name in rule.asks[:3]:
            tried = Run(engine(), replace(run.answers, values={**run.answers.values, name: 1}))
            assert run.with_(rule, name, 1) == tried.conclusion(rule), (rule.benefit.id, name)


def test_a_reading_turned_is_the_run_with_that_reading() -> None:
    answers = _some(4)
    run = Run(engine(), answers)
    for rule in engine().rules:
        for reading in rule.switches:
            turned = Run(engine(), answers)
            turned.env, turned.open_env = engine().envs(answers, {reading: False})
            assert run.other_conclusion(rule, reading) == turned.conclusion(rule), (rule.benefit.id, reading)


def test_what_was_concluded_before_is_what_would_be_concluded_now() -> None:
    """A rule's last conclusions are looked up by all that it looks at: answer by answer, day by day, as worked out afresh."""
    own, fresh = Engine(engine().pack), engine()
    for seed in range(4):
        rnd = random.Random(seed)
        said = list(_some(seed).values.items())
        for count in sorted(rnd.sample(range(len(said)), 5)):
            for on in (ON, date(2027, 1, 4), ON):
                answers = Answers(on, dict(said[:count]), () if seed % 2 else None)
                run, again = Run(own, answers), fresh.case(answers)
                for rule, other in zip(own.rules, fresh.rules, strict=True):
                    assert run.conclusion(rule) == conclude(other, *again), rule.benefit.id
                for shown in determine(own, answers, ["zxqy", "ss", "bys"]):
                    assert shown.trace or shown.nearest
        assert determine(own, answers) == determine(Engine(own.pack), answers)  # one that has nothing to look up


def test_what_was_concluded_on_other_outside_figures_does_not_stand() -> None:
    own = Engine(engine().pack)
    entered = [ParameterValue.model_validate({"值": "1234567元", "自": ON, "来源": "示例"})]
    answers = _some(5)
    conclude_all(own, answers)
    own.enter({parameter.name: entered for parameter, _ in own.parameters if parameter.kind == "金额"})
    again = Run(own, answers)
    for rule in own.rules:
        assert again.conclusion(rule) == conclude(rule, *own.case(answers)), rule.benefit.id
