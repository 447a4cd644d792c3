"""Issue 11: a policy written as one function says what its rules say when they are walked, over the whole space of facts."""

from __future__ import annotations

import linecache
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pinggu_desk.assess.conclude import conclude, settled
from pinggu_desk.assess.determine import conclude_all
from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.assess.run import Run
from pinggu_desk.assess.straight import Straight, straight
from pinggu_desk.assess.traced import Tracer
from pinggu_desk.policy.corrections import Correction
from tests.assess import test_every_form_in_tables as every_form
from tests.assess.generated import SOME_OR_MANY, Case, cases, engine, pack

ON = date(2026, 3, 2)


@cache
def written(policy: str) -> Straight:
    return straight(engine().rules_of(policy))


def same_as_walked(of: Engine, one: Straight, policy: str, answers: Answers, readings: dict[str, bool]) -> None:
    """Both ends of every benefit, and the conclusion where nothing is open."""
    env, opened = of.case(answers, readings)
    low, high = zip(*env.values, strict=True)
    ends = one.ends(low, high, env.on)
    for rule in of.rules_of(policy):
        mine, test = ends[one.at[rule.benefit.id]], rule.test(env)
        assert (mine is None) == (not test[1]), rule.benefit.id
        if mine is not None:
            assert (bool(mine[0]), *mine[1:]) == (bool(test[0]), *rule.figure(env)), rule.benefit.id
        told = settled(rule, mine)
        assert told is None or told == conclude(rule, env, opened), rule.benefit.id


@pytest.mark.parametrize("much", SOME_OR_MANY)
def test_what_is_written_is_what_is_walked(much: settings) -> None:
    readings = st.dictionaries(st.sampled_from(sorted(pack().readings)), st.booleans(), max_size=3)

    def holds(case: Case, switched: dict[str, bool]) -> None:
        same_as_walked(engine(), written(case.policy), case.policy, case.answers(), switched)

    much(given(cases() | cases(all_known=True), readings)(holds))()


def test_every_form_of_the_language_is_written_as_it_is_walked() -> None:
    of = every_form.engine()
    (policy,) = of.pack.policies
    one = straight(of.rules_of(policy))
    for row in every_form.answers(21, 400):
        same_as_walked(of, one, policy, Answers(ON, row), {})


def test_an_engine_answers_the_same_before_it_is_written_and_after() -> None:
    of = every_form.engine()
    fresh = Engine(of.pack)
    rows = [Answers(ON, row) for row in every_form.answers(22, 40)]
    before = [conclude_all(fresh, answers) for answers in rows]
    (policy,) = fresh.pack.policies
    assert fresh.straight(policy) is not None, "after so many it pays"
    assert [conclude_all(fresh, answers) for answers in rows] == before
    for answers, told in zip(rows, before, strict=True):
        run = Run(fresh, answers)
        assert {rule.benefit.id: run.conclusion(rule) for rule in fresh.rules} == told


def test_of_all_policies_one_is_written_at_a_time() -> None:
    """Writing one takes as long as some hundred answers: at a key the clerk waits for one and no more."""
    of, known = Engine(pack()), 0
    for _ in range(60):
        conclude_all(of, Answers(ON))
        now = sum(of.straight(policy) is not None for policy in pack().policies)
        assert now - known <= 1
        known = now
    assert known == len(pack().policies)


def test_where_somebody_waits_they_are_written_in_pauses_alone() -> None:
    """In the window a key that wrote one took 49 ms: there it is left to a pause, one at a time, the most walked first."""
    of = Engine(pack())
    of.write_in_pauses()
    assert not of.write_one(), "nothing was walked"
    for _ in range(60):
        conclude_all(of, Answers(ON))
    assert not any(of.straight(policy) for policy in pack().policies)
    walked = Run(of, Answers(ON))
    for _ in range(5):
        for rule in of.rules_of("ss"):
            walked.with_(rule, "申报主体类型", 0)
    assert of.write_one() and [p for p in pack().policies if of.straight(p)] == ["ss"]
    while of.write_one():
        pass
    assert all(of.straight(policy) for policy in pack().policies)


def test_days_off_that_were_entered_are_counted_by_what_was_entered() -> None:
    of, policy = every_form.engine(), next(iter(every_form.engine().pack.policies))
    of = Engine(of.pack)
    while not of.straighten(policy):
        assert of.straight(policy) is None
    assert of.straight(policy) is not None
    days = Correction("放假", "2027年", "休：2027-01-01", ON, "国务院办公厅")
    of.enter({}, (days,))
    assert of.straight(policy) is None


def test_the_source_can_be_read_where_something_goes_wrong() -> None:
    one = written("zxqy")
    assert "# zxqy.upgrade 技术创新" in one.source and ": 技改固定资产投资" in one.source
    assert linecache.getline("<straight zxqy>", 1) == one.source.splitlines(keepends=True)[0]


def test_a_meaning_that_branches_on_a_value_is_refused_and_not_written_wrongly() -> None:
    env = Tracer().env([0])
    low, high = env.values[0]
    with pytest.raises(TypeError, match="branched on a value"):
        max(low, high)
    with pytest.raises(TypeError, match="complement"):
        low ^ high
