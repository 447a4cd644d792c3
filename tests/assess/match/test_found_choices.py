"""Is it one thing at all, and which of two does the applicant choose: asked, kept, told, taken back (FOUND 82, 83)."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinggu_desk.assess.engine import Answers, read_answers
from pinggu_desk.assess.match.bundle import Bundle, best
from pinggu_desk.assess.match.enquiry import Enquiry
from pinggu_desk.assess.match.match import Match
from pinggu_desk.assess.match.report import match_json
from tests.assess.match.test_bundle import lawful_sets, problems, value
from tests.assess.match.test_found_overlaps import STARTUP
from tests.assess.profiles import ON, WAN, engine, example

HIRES: dict[str, Any] = {**STARTUP, "吸纳本区户籍劳动力人数": 3}
#: two benefits of one thing, worked examples of both, and the fact that asks whether it is one
PAIRS = [
    ("zscq.pledge", "zxqy.interest", "同一笔贷款"), ("gjj.rd_subsidy", "zxqy.upgrade", "同一笔投资"),
    ("gjj.city_centre", "zxqy.city_centre", "同一个研发中心"), ("zscq.navigation", "jsq.ip_service", "同一笔服务费"),
    ("bsh.scout", "hgjh.scout", "同一名引进人才"), ("gjj.rd_subsidy", "zsjd.construction", "同一笔投资"),
]  # fmt: skip


def match(facts: dict[str, Any], choices: tuple[str, ...] = ()) -> Match:
    return Match(engine(), Answers(ON, read_answers(engine().pack, facts), ()), choices=choices)


def kept(bundle: Bundle) -> set[str]:
    return {k.benefit for k in bundle.kept}


def both(one: str, other: str, **more: Any) -> dict[str, Any]:
    facts = {**example(one), **example(other), **more}
    if "zscq.navigation" in (one, other):
        facts["专利工作项目"] = "专利导航"
    return facts


# --- one thing or two (FOUND 83)


@pytest.mark.parametrize(("one", "other", "fact"), PAIRS)
def test_whether_it_is_one_thing_is_asked_when_both_are_open(one: str, other: str, fact: str) -> None:
    found = match(both(one, other))
    assert {one, other} <= set(found.groups["eligible"]), "both can be had"
    assert set(found.same[fact]) >= {one, other}
    assert fact in found.needed
    (lost,) = [g for g in found.bundle.given_up if g.benefit in (one, other) and g.instead in (one, other)]
    assert lost.same == fact
    assert f"按{fact}计" in lost.why_open and "两项都可以申请" in lost.why_open


@pytest.mark.parametrize(("one", "other", "fact"), PAIRS)
def test_no_allows_both_and_yes_one(one: str, other: str, fact: str) -> None:
    two = match(both(one, other, **{fact: "否"}))
    assert {one, other} <= kept(two.bundle)
    assert fact not in two.same
    same = match(both(one, other, **{fact: "是"}))
    assert not {one, other} <= kept(same.bundle)
    assert fact not in same.same
    (lost,) = [g for g in same.bundle.given_up if g.benefit in (one, other) and g.instead in (one, other)]
    assert lost.same == ""


def test_it_is_the_next_question_and_may_be_passed_over() -> None:
    found = match(both("zscq.pledge", "zxqy.interest"))
    assert found.question is not None and found.question.fact == "同一笔贷款"
    after = found.question_but({"同一笔贷款"})
    assert after is None or after.fact != "同一笔贷款"


def test_it_is_not_asked_while_only_one_side_is_open() -> None:
    for facts in ({}, example("zscq.pledge"), {**both("zscq.pledge", "zxqy.interest"), "纳入银税互动": "否"}):
        assert "同一笔贷款" not in match(facts).same


def test_nothing_is_asked_where_another_overlap_settles_it() -> None:
    """Two ways to one home are one matter whatever is said of the enterprise's flat."""
    routes = {**example("anju.quick_abc"), **example("anju.queue")}
    assert "同一套公寓" not in match(routes).same


def test_every_same_question_can_be_answered_and_names_its_thing() -> None:
    """Over the pack: the fact's name is the thing, and a new visit doesn't take over what the last one said."""
    facts = engine().pack.facts
    for overlap in engine().pack.overlaps:
        if overlap.same:
            assert overlap.same.startswith("同一") and facts[overlap.same].earlier == "本次"


def test_json_names_the_question_the_benefits_and_what_is_taken() -> None:
    out = match_json(match(both("zscq.pledge", "zxqy.interest")))
    (one,) = [s for s in out["same_thing"] if s["fact"] == "同一笔贷款"]
    assert set(one["benefits"]) >= {"zscq.pledge", "zxqy.interest"} and one["taken"] == "是"
    assert out["next_question"]["fact"] == "同一笔贷款"
    lost = next(g for g in out["bundle"]["given_up"] if g["benefit"] in one["benefits"])
    assert lost["taken_as_same"] == "同一笔贷款"


# --- what the applicant chooses (FOUND 82)


def test_the_certain_sum_may_be_chosen_in_place_of_the_ceiling() -> None:
    before, after = match(HIRES).bundle, match(HIRES, ("bys.hires",)).bundle
    assert "hgjh.startup" in kept(before) and "bys.hires" not in kept(before)
    assert "bys.hires" in kept(after) and "hgjh.startup" not in kept(after)
    (lost,) = [g for g in after.given_up if g.benefit == "hgjh.startup"]
    assert lost.chosen and lost.choice and lost.instead == "bys.hires"
    assert "申请人选择了“带动就业奖励”" in lost.why_open
    assert after.total_fen >= 3 * WAN
    assert [(c.benefit, c.gone) for c in after.choices] == [("bys.hires", "")]


def test_what_was_shut_out_by_the_one_given_up_is_open_again() -> None:
    """Without the talent plan's grant nothing excludes the one-off grant beside the award for hiring."""
    assert "bys.startup" in kept(match(HIRES, ("bys.hires",)).bundle)


def test_the_later_of_two_choices_against_each_other_counts() -> None:
    bundle = match(HIRES, ("bys.hires", "hgjh.startup")).bundle
    assert "hgjh.startup" in kept(bundle)
    assert {c.benefit: bool(c.gone) for c in bundle.choices} == {"bys.hires": True, "hgjh.startup": False}


@pytest.mark.parametrize(
    ("facts", "chosen", "word"),
    [
        ({**HIRES, "吸纳本区户籍劳动力人数": 0}, "bys.hires", "现在的结论是“不符合”"),
        ({**HIRES, "汇谷人才类别": "战略人才"}, "bys.hires", "没有要同它二选一的事项"),
        ({**example("ss.listing"), "上市挂牌板块": "沪深交易所主板", "已领上市挂牌奖励": "0元"}, "hgjh.listing", "专门办法"),
    ],
)  # fmt: skip
def test_a_choice_that_holds_no_more_falls_away_with_a_word(facts: dict[str, Any], chosen: str, word: str) -> None:
    bundle = match(facts, (chosen,)).bundle
    (choice,) = bundle.choices
    assert word in choice.gone and "不再适用" in choice.words
    assert bundle.total_fen == match(facts).bundle.total_fen


def test_a_choice_comes_back_with_the_facts() -> None:
    enquiry = Enquiry(engine(), ON, answers={k: str(v) for k, v in HIRES.items()}, awards=())
    enquiry.choose("bys.hires")
    assert "bys.hires" in kept(enquiry.match.bundle)
    enquiry.set("吸纳本区户籍劳动力人数", "0")
    assert enquiry.match.bundle.choices[0].gone
    enquiry.set("吸纳本区户籍劳动力人数", "3")
    assert "bys.hires" in kept(enquiry.match.bundle)
    enquiry.choose("hgjh.startup")
    assert enquiry.choices == ("hgjh.startup",) and "hgjh.startup" in kept(enquiry.match.bundle)
    enquiry.take_choices(())
    assert enquiry.match.bundle == match(HIRES).bundle


def test_a_trial_tries_a_choice_and_leaves_nothing() -> None:
    enquiry = Enquiry(engine(), ON, answers={k: str(v) for k, v in HIRES.items()}, awards=())
    enquiry.begin_trial()
    enquiry.choose("bys.hires")
    assert "bys.hires" in kept(enquiry.match.bundle) and "bys.hires" not in kept(enquiry.stated.bundle)
    enquiry.end_trial()
    assert enquiry.choices == () and "bys.hires" not in kept(enquiry.match.bundle)


@given(problems(), st.data())
def test_with_a_choice_the_bundle_is_the_best_that_holds_it(problem: Any, data: st.DataObject) -> None:
    """The search equals brute force over the lawful sets that hold what was chosen."""
    items, pairs, groups = problem
    chosen = data.draw(st.sampled_from([item.id for item in items]))
    out = {other for pair in pairs if chosen in pair for other in pair - {chosen}}
    found = best([item for item in items if item.id not in out], pairs, groups)
    lawful = [one for one in lawful_sets(items, pairs) if chosen in one]
    assert chosen in found
    assert value(found, items, groups) == max(value(one, items, groups) for one in lawful)


def test_every_choice_that_is_offered_can_be_taken() -> None:
    """Kind: over the worked examples put together, what is told as the applicant's choice is kept once it is chosen."""
    seen = 0
    mixes: list[Callable[[], dict[str, Any]]] = [
        lambda: HIRES, lambda: {**HIRES, "人才认定类别": "A类"}, lambda: STARTUP,
    ]  # fmt: skip
    for make, lost in itertools.product(mixes, range(3)):
        facts = make()
        offered = [g for g in match(facts).bundle.given_up if g.choice]
        if lost >= len(offered):
            continue
        seen += 1
        bundle = match(facts, (offered[lost].benefit,)).bundle
        assert offered[lost].benefit in kept(bundle) and not bundle.choices[0].gone
    assert seen
