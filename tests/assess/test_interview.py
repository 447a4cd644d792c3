"""The interview asks only what matters, keeps what was typed, and depends on nothing but what stands in its fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers
from pinggu_desk.assess.interview import Interview
from pinggu_desk.assess.leading import serves, tells
from pinggu_desk.policy.cases import load_cases
from pinggu_desk.policy.district import here
from pinggu_desk.policy.facts import PRIOR
from tests.assess.generated import SOME_OR_MANY, engine, facts_of, pack, value_of

ON = date(2026, 3, 2)
SS_GOOD = {
    "本区工商注册": "是",
    "独立法人资格": "是",
    "纳入平谷区统计": "是",
    "上市企业来源": "本区企业",
    "拟上市挂牌": "是",
    "上市挂牌板块": "北交所",
    "上市挂牌方式": "首次上市或挂牌",
    "上市挂牌日": "2026-02-02",
    "已领上市挂牌奖励": "0",
}
TEXTS = [
    "是",
    "否",
    "1",
    "2",
    "3",
    "800",
    "0",
    "-5",
    "八百",
    "2026-02-02",
    "20250101",
    "2024-02-30",
    "5000万",
    "1,5",
    "３０",
]


def start(policy: str, **more: Any) -> Interview:
    return Interview(engine(), policy, ON, **more)


def seen(interview: Interview) -> tuple[Any, ...]:
    """Everything that the screen shows."""
    return (
        interview.steps,
        interview.fields("eligibility"),
        interview.fields("data"),
        interview.determinations,
        interview.next_question(),
        interview.material_list,
        interview.irrelevant,
        dict(interview.values),
    )


def walk(interview: Interview, answers: dict[str, str]) -> list[str]:
    """Answer whatever is asked next until nothing is; the order in which it was asked."""
    asked: list[str] = []
    while (name := interview.next_question(asked[-1] if asked else None)) is not None:
        assert name not in asked, "asked twice"
        asked.append(name)
        interview.set(name, {PRIOR: "是", **answers}[name])
    return asked


# --- one visit ----------------------------------------------------------------------------------------------------


def test_the_next_question_leads_to_the_end() -> None:
    interview = start("ss", chosen=["ss.listing"])
    asked = walk(interview, SS_GOOD)
    assert set(asked) <= set(SS_GOOD) - {"拟上市挂牌"} | {PRIOR}
    answer = interview.determinations[0]
    assert (answer.status, answer.amount_fen) == ("eligible", 800_000_000)
    assert interview.next_question() is None
    assert interview.step("result").done


def test_an_answer_that_rules_out_leaves_nothing_to_ask() -> None:
    interview = start("yl")
    interview.set("平谷区服务包企业", "否")
    assert interview.next_question() is None
    assert {d.status for d in interview.determinations} == {"ineligible"}
    assert set(interview.irrelevant) == {"高级别管理人员", "组织职工体检"}
    assert interview.material_list == ()
    interview.set("平谷区服务包企业", "是")
    assert interview.irrelevant == ()


def test_questions_come_in_the_texts_order_and_wrap_around() -> None:
    interview = start("tztc")
    names = [field.fact.name for field in (*interview.fields("eligibility"), *interview.fields("data"))]
    assert interview.next_question() == names[0]
    assert interview.next_question(names[0]) == names[1]
    assert interview.next_question(names[-1]) == names[0]


def test_each_question_names_the_clause_it_comes_from_in_the_texts_words() -> None:
    for policy in pack().policies:
        interview = start(policy)
        for field in (*interview.fields("eligibility"), *interview.fields("data")):
            assert field.quote == pack().clause_words(field.clause) != ""
            assert field.place and field.group


# --- bad answers ----------------------------------------------------------------------------------------------------


def test_a_wrong_answer_stays_as_typed_and_says_why_and_counts_as_unknown() -> None:
    interview = start("tztc")
    interview.set("职工人数", "十几")
    field = interview.field("职工人数")
    assert (field.text, field.state) == ("十几", "needed")
    assert field.error.startswith("“职工人数”") and "12人" in field.error
    assert "职工人数" not in interview.values
    assert interview.step("data").errors == 1 and interview.step("data").summary == "有误 1"
    assert interview.determinations[0].status == "unknown"
    interview.set("职工人数", "12")
    assert (interview.field("职工人数").error, interview.field("职工人数").shown) == ("", "12人")


def test_shares_that_do_not_add_up_are_told_at_every_one_of_them() -> None:
    interview = start("zxqy", chosen=["zxqy.upgrade"])
    for name, text in (("技改固定资产投资", "300"), ("技改设备投资", "250"), ("技改基建投资", "60")):
        interview.set(name, text)
    for name in ("技改固定资产投资", "技改设备投资", "技改基建投资"):
        assert "超过 100%" in interview.field(name).error
        assert interview.field(name).text
    assert interview.determinations[0].status == "unknown"
    interview.set("技改基建投资", "50")
    assert not interview.field("技改设备投资").error


# --- where values come from ---------------------------------------------------------------------------------------------


def test_what_the_register_knows_is_shown_with_its_source_and_may_be_overruled() -> None:
    award = Award("ss", "neeq", 100_000_000, date(2025, 5, 6))
    interview = start("ss", answers={**SS_GOOD, "上市挂牌方式": "新三板挂牌企业转板上市"}, awards=[award])
    interview.set("已领上市挂牌奖励", "")
    field = interview.field("已领上市挂牌奖励")
    assert (field.text, field.source, field.state) == ("100万元", "登记簿", "answered")
    listing = next(d for d in interview.determinations if d.benefit == "ss.listing")
    assert listing.amount_fen == 700_000_000
    interview.set("已领上市挂牌奖励", "60")
    assert interview.field("已领上市挂牌奖励").source == ""
    assert next(d for d in interview.determinations if d.benefit == "ss.listing").amount_fen == 740_000_000


def test_what_was_given_last_time_is_there_until_it_is_typed_over_or_cleared() -> None:
    interview = start("tztc", remembered={"职工人数": "80"})
    assert (interview.field("职工人数").text, interview.field("职工人数").source) == ("80", "上次填报")
    assert interview.values["职工人数"] == 80
    interview.set("职工人数", "90")
    assert (interview.field("职工人数").text, interview.field("职工人数").source) == ("90", "")
    interview.set("职工人数", "")
    assert (interview.field("职工人数").text, interview.field("职工人数").state) == ("", "needed")


def test_choosing_less_and_more_again_keeps_the_answers() -> None:
    interview = start("ss", answers=SS_GOOD)
    before = seen(interview)
    interview.choose(["ss.coaching"])
    assert [d.benefit for d in interview.determinations] == ["ss.coaching"]
    assert "上市挂牌板块" not in [f.fact.name for f in interview.fields("data")]
    interview.choose([benefit.id for benefit in interview.benefits])
    assert seen(interview) == before


def test_another_day_another_answer_and_back() -> None:
    interview = start("ss", answers=SS_GOOD)
    before = seen(interview)
    interview.judge_on(date(2026, 12, 1))
    assert next(d for d in interview.determinations if d.benefit == "ss.listing").status == "ineligible"
    interview.judge_on(ON)
    assert seen(interview) == before


def test_materials_are_left_until_each_is_in_hand_or_needless() -> None:
    interview = start("ss", answers=SS_GOOD)
    keys = [material.key for material in interview.material_list]
    assert keys and interview.step("materials").left == len(keys)
    for key, state in zip(keys, ["已收", "不适用", *["已收"] * len(keys)], strict=False):
        interview.set_material(key, state)
    assert interview.step("materials").done
    interview.set_material(keys[0], "待补")
    assert interview.step("materials").left == 1


# --- to and fro ----------------------------------------------------------------------------------------------------


def typed(policy: str) -> st.SearchStrategy[list[tuple[str, str]]]:
    """Any sequence of typing into fields: good answers, bad ones, clearing."""
    names = [fact.name for fact in facts_of(policy)]
    good = st.sampled_from(facts_of(policy)).flatmap(
        lambda fact: st.tuples(st.just(fact.name), value_of(fact).map(lambda v: fact.show(v)))
    )
    anything = st.tuples(st.sampled_from(names), st.sampled_from([*TEXTS, ""]) | st.text(max_size=8))
    return st.lists(good | anything, max_size=25)


POLICIES = st.sampled_from(sorted(pack().policies))


def only_what_stands_in_the_fields_counts_not_how_it_came_there(data: st.DataObject) -> None:
    policy = data.draw(POLICIES)
    steps = data.draw(typed(policy))
    to_and_fro = start(policy)
    for name, text in steps:
        to_and_fro.set(name, text)
    straight = start(policy)
    for name, text in sorted(to_and_fro.answers.items()):
        straight.set(name, text)
    assert seen(to_and_fro) == seen(straight) == seen(start(policy, answers=to_and_fro.answers))


def going_back_on_one_answer_is_exact(data: st.DataObject) -> None:
    policy = data.draw(POLICIES)
    interview = start(policy)
    for name, text in data.draw(typed(policy)):
        interview.set(name, text)
    before = seen(interview)
    name = data.draw(st.sampled_from([fact.name for fact in facts_of(policy)]))
    old = interview.answers.get(name, "")
    interview.set(name, data.draw(st.sampled_from(TEXTS)))
    interview.set(name, old)
    assert seen(interview) == before


def what_is_shown_as_irrelevant_is(data: st.DataObject) -> None:
    policy = data.draw(POLICIES)
    interview = start(policy)
    for name, text in data.draw(typed(policy)):
        interview.set(name, text)
    told = [(d.status, d.figure, d.min_fen, d.max_fen, d.missing) for d in interview.determinations]
    consistent = {name for item in pack().consistency for name in item.facts}
    open_now = [name for name in interview.irrelevant if name not in consistent]
    if not open_now:
        return
    name = data.draw(st.sampled_from(open_now))
    fact = pack().facts[name]
    interview.set(name, fact.show(data.draw(value_of(fact))))
    assert [(d.status, d.figure, d.min_fen, d.max_fen, d.missing) for d in interview.determinations] == told


def whatever_is_typed_nothing_is_raised_and_counts_agree(data: st.DataObject) -> None:
    policy = data.draw(POLICIES)
    interview = start(policy)
    for name, text in data.draw(typed(policy)):
        interview.set(name, text)
        for key in ("eligibility", "data"):
            fields, step = interview.fields(key), interview.step(key)
            assert step.errors == sum(bool(field.error) for field in fields)
            assert step.left == sum(field.state == "needed" and not field.error for field in fields)
            assert step.done == (not step.errors and not step.left)
        upcoming = interview.next_question()
        pending = [m.name for d in interview.determinations for m in d.missing if m.kind == "ask"]
        assert (upcoming is None) == (
            not pending and not any(f.error for k in ("eligibility", "data") for f in interview.fields(k))
        )


PROPERTIES: list[Callable[[st.DataObject], None]] = [
    only_what_stands_in_the_fields_counts_not_how_it_came_there,
    going_back_on_one_answer_is_exact,
    what_is_shown_as_irrelevant_is,
    whatever_is_typed_nothing_is_raised_and_counts_agree,
]


@pytest.mark.parametrize("much", SOME_OR_MANY)
@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda p: p.__name__)
def test_holds(holds: Callable[[st.DataObject], None], much: settings) -> None:
    much(given(st.data())(holds))()


def test_a_fact_of_another_policy_does_no_harm() -> None:
    interview = start("yl")
    before = seen(interview)
    interview.set("职工人数", "12")
    interview.set("没有这一项", "12")
    assert seen(interview)[:3] == before[:3]
    with pytest.raises(KeyError):
        interview.field("没有这一项")


@pytest.mark.parametrize("policy", here().order)
def test_what_is_kept_from_key_to_key_is_what_a_fresh_engine_says(policy: str) -> None:
    """Each worked example on top of the one before, fact by fact and back again, as a clerk who changes the case."""
    interview, last = Interview(engine(), policy, ON, awards=()), ""
    examples = [case for case in load_cases(pack(), policy).cases if not case.parameters]
    for case in examples[:: max(1, len(examples) // 2)]:
        for name, value in case.facts.items():
            fact = pack().fact(name)
            assert fact is not None
            last = fact.name
            interview.set(last, str(value))
            fresh = determine(engine(), Answers(ON, dict(interview.values), ()), [policy])
            assert interview.determinations == fresh, (case.says, name)
        interview.set(last, "")
        assert interview.determinations == determine(engine(), Answers(ON, dict(interview.values), ()), [policy])


def others(policy: str, kind: str, answers: dict[str, str] | None = None, chosen: list[str] | None = None) -> Interview:
    said = {"申请人类型": kind, "申请人名称": "示例", **(answers or {})}
    return Interview(engine(), policy, date(2026, 4, 1), answers=said, chosen=chosen)


def states(interview: Interview) -> dict[str, str]:
    return {view.fact.name: view.state for view in (*interview.fields("eligibility"), *interview.fields("data"))}


@pytest.mark.parametrize("policy", list(engine().pack.policies))
@pytest.mark.parametrize("kind", ["企业", "机构", "个人"])
def test_what_only_another_kind_of_applicant_is_asked_waits_until_it_is_wanted(policy: str, kind: str) -> None:
    """FOUND 85 in the wizard: nothing is concluded from what waits, and nothing waits that a benefit for whom stands here looks at."""
    now = others(policy, kind)
    before, found = states(now), now.determinations
    waiting = {name for name, state in before.items() if state == "others"}
    facts, of = engine().pack.facts, "个人" if kind == "个人" else "单位"
    own = [rule for rule in engine().rules_of(policy) if serves(rule, of)]
    assert all(not tells(facts[name], of) for name in waiting)
    assert not waiting & {name for rule in own for name in rule.asks}
    assert now.step("eligibility").left + now.step("data").left == sum(s == "needed" for s in before.values())
    now.ask_others()
    assert now.determinations == found
    assert states(now) == {name: "needed" if name in waiting else state for name, state in before.items()}


def test_what_waits_is_asked_once_some_of_it_is_answered_or_the_benefits_were_chosen() -> None:
    bys = others("bys", "企业")
    assert {"有回区就业意愿", "最高学历"} <= bys.others and bys.field("最高学历").state == "others"
    assert not {"在平谷创业", "本区户籍"} & bys.others, "a firm's own loan looks at them"
    bys.set("最高学历", "硕士研究生")
    assert not bys.others and bys.field("有回区就业意愿").state == "needed"
    assert not others("bys", "企业", chosen=["bys.master"]).others
    assert not others("gjj", "个人").others, "of a policy that has nothing for him everything is shown"
    assert not others("bys", "企业", {"申请人类型": ""}).others
