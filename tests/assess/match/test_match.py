"""能享受什么 on worked profiles, and what holds of every match."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.engine import Answers
from pinggu_desk.assess.match.match import GROUP_WORDS, Match, moved
from pinggu_desk.assess.match.report import match_json
from tests.assess.generated import Case, cases
from tests.assess.profiles import ON, WAN, engine, example, match_of

# --- worked profiles ---

MANUFACTURER = {
    **example("gxjs.hitech"), **example("gjj.rd_subsidy"), **example("zxqy.srdi"), "高新技术企业证书": "是",
    "上一年度本区纳税总额": "30万元", "研发项目投资额": "900万元", "已领高企资助": "0元",
}  # fmt: skip
INCUBATOR = {**example("fhq.city_award"), "国家级孵化器认定": "是", "已领国家级孵化器奖励": "0元"}
LISTED = {**example("ss.listing"), "上市挂牌板块": "北交所"}
TRAVEL = {**example("wltst.tours"), "本年度输送游客人次": "8000", "上年度输送游客人次": "3000"}
STATION = {**example("bsh.station_grant"), "招收博士后人数": "3人"}
GRADUATE = {**example("bys.hires"), "已领一次性创业补贴": "8000元", "吸纳本区户籍劳动力人数": "1人"}
COUPLE = example("anju.couple_both")


def of(match: Match, group: str) -> set[str]:
    return {benefit for key, ids in match.groups.items() if GROUP_WORDS[key] == group for benefit in ids}


def kept(match: Match) -> dict[str, int]:
    return {k.benefit: k.fen for k in match.bundle.kept if k.fen is not None}


def test_a_manufacturer() -> None:
    match = match_of(MANUFACTURER, subject="单位")
    assert {"gxjs.hitech": 10 * WAN, "gjj.rd_subsidy": 45 * WAN, "zxqy.srdi": 10 * WAN}.items() <= kept(match).items()
    assert match.bundle.total_fen == 65 * WAN
    assert match.steps["gjj.rd_subsidy"].words == "“研发项目投资额”超过1000万元（现为900万元，再多100万元以上）"
    assert not any(rule.benefit.recipient == "个人" for rule in match.rules.values())


def test_an_incubator() -> None:
    match = match_of(INCUBATOR, subject="单位")
    assert kept(match)["fhq.city_award"] == 50 * WAN
    assert kept(match)["fhq.national_award"] == 100 * WAN


def test_a_listed_company() -> None:
    match = match_of(LISTED, subject="单位")
    assert kept(match)["ss.listing"] == 800 * WAN
    assert "hgjh.listing" in {g.benefit for g in match.bundle.given_up}
    assert "ss.coaching" in of(match, "不符合")
    words, clause = match.why_not("ss.coaching")
    assert "拟上市挂牌" in words
    assert clause.startswith("ss.")


def test_a_travel_company_from_outside_the_district() -> None:
    match = match_of(TRAVEL, subject="单位")
    assert kept(match)["wltst.tours"] == 5 * WAN  # 5000人次 more, 10元 each
    assert "wltst.facility" in of(match, "不符合")
    words, clause = match.why_not("wltst.facility")
    assert "本区" in words
    assert clause == "wltst.3a"


def test_a_postdoc_station() -> None:
    match = match_of(STATION, subject="单位")
    assert kept(match)["bsh.station_grant"] == 30 * WAN


def test_a_returning_graduate() -> None:
    match = match_of(GRADUATE, subject="个人")
    assert kept(match)["bys.hires"] > 0
    assert "bys.loan_person" in match.bundle.loans
    assert match.bundle.total_fen == sum(
        k.fen or 0 for k in match.bundle.kept if k.kind in ("grant", "interest")
    )  # a loan is no money received
    assert "bys.startup" in of(match, "不符合") | of(match, "差一点")


def test_a_couple_of_talents_keeps_one_home() -> None:
    match = match_of(COUPLE, subject="个人")
    homes = [k for k in match.bundle.kept if k.benefit.startswith("anju.") and k.rate is not None]
    assert [k.rate for k in homes if k.benefit.startswith("anju.couple")] == [(10000, 10000)]
    assert match.bundle.total_fen == 0


# --- near misses ---


def test_a_near_miss_names_the_change_its_worth_and_its_clause() -> None:
    match = match_of({**example("wzwm.fdi_cash"), "货币实物到位外资": "400万美元", "知识产权出资评估价值": "0"})
    change = match.near["wzwm.fdi_cash"]
    assert change.words == "“货币实物到位外资”达到500万美元（现为400万美元，再多100万美元）"
    assert change.gain_fen == 10 * WAN
    assert change.clause.startswith("wzwm.2.1.1")
    assert "wzwm.fdi_cash" in of(match, "差一点")


def test_a_waiting_period_says_from_when() -> None:
    match = match_of({**example("rcst.settling"), "人才认定类别": "A类", "全职工作起始日": "2022-09-15"})
    change = match.near["rcst.settling"]
    assert change.day == date(2027, 9, 15)
    assert change.words == "自2027年9月15日起"
    assert change.gain_fen == 10 * WAN


def test_a_new_year_opens_a_yearly_limit() -> None:
    facts = {k: v for k, v in example("wzwm.fdi_cash").items() if k != "本年度已领外资扶持"}
    received = [Award("wzwm", "fdi_cash", 100 * WAN, date(2026, 2, 1))]
    change = match_of(facts, received).near["wzwm.fdi_cash"]
    assert change.day == date(2027, 1, 1)


def test_what_may_not_lawfully_change_is_never_suggested() -> None:
    match = match_of({**example("wzwm.fdi_cash"), "合法经营": "否"})
    assert "wzwm.fdi_cash" not in match.near
    changed = {change.fact for change in [*match.near.values(), *match.steps.values()] if change.fact}
    assert all(engine().pack.facts[name].changes for name in changed)


# --- what-if, dates, editions ---


def test_what_if_says_what_moves_and_leaves_the_case_alone() -> None:
    match = match_of(MANUFACTURER)
    values = {**match.answers.values, "研发项目投资额": 1200 * WAN}
    other = match.updated(Answers(ON, values, match.answers.awards))
    (move,) = [m for m in moved(match, other) if m.benefit == "gjj.rd_subsidy"]
    assert (move.before, move.after) == ("可申请，45万元（按条款计算）", "可申请，96万元（按条款计算）")
    assert kept(match)["gjj.rd_subsidy"] == 45 * WAN
    assert not moved(match, match)


def test_on_a_date_before_the_pack_nothing_is_claimed() -> None:
    match = match_of(MANUFACTURER, on=date(2023, 12, 31))
    assert all(d.status == "unknown" for d in match.absent())
    assert {rule.policy.id for rule in match.not_in_pack} == set(engine().pack.policies) - {"hgjh"}
    assert match.bundle.total_fen == 0


def test_the_json_holds_all_of_it() -> None:
    out = match_json(match_of({**MANUFACTURER, "货币实物到位外资": "400万美元"}, subject="单位"))
    assert set(out["groups"]) == set(GROUP_WORDS)
    rows = [row for rows in out["groups"].values() for row in rows]
    assert len(rows) == len({row["benefit"] for row in rows})
    for row in rows:
        assert {"status", "figure", "clause", "place", "amount_yuan", "trace", "missing"} <= set(row)
        assert ("why_not" in row) == (row["status"] == "ineligible")
    assert out["bundle"]["total_yuan"] == "650000.00"
    assert out["next_question"]["question"]
    assert out["facts"]["needed"]
    assert out["facts"]["irrelevant"]


# --- the next question ---


def test_each_question_that_is_asked_can_settle_something() -> None:
    match = match_of({})
    assert match.question is not None
    assert match.question.settles > 1
    assert match.question.fact in match.needed


def test_asking_settles_a_profile_with_few_questions() -> None:
    hidden = {**MANUFACTURER}
    match, asked = match_of({}, subject="单位"), 0
    while match.question is not None:
        fact = engine().pack.facts[match.question.fact]
        known = match_of(hidden).answers.values.get(fact.name, fact.bounds[0])
        match = match.updated(Answers(ON, {**match.answers.values, fact.name: known}, match.answers.awards))
        asked += 1
    every = {name for rule in match.rules.values() for name in rule.asks}
    assert asked < len(every) / 3
    assert not of(match, "需补充信息") or not match.needed


# --- what holds of every match ---


def same(one: Match, other: Match) -> bool:
    return {i: (c.status, c.figure, c.low, c.high) for i, c in one.concluded.items()} == {
        i: (c.status, c.figure, c.low, c.high) for i, c in other.concluded.items()
    }


@given(cases(), st.data())
def test_what_is_worked_out_again_is_what_is_worked_out_afresh(case: Case, data: st.DataObject) -> None:
    values = dict(case.values)
    before = Match(engine(), case.answers(), policies=[case.policy])
    if values:
        values.pop(data.draw(st.sampled_from(sorted(values))))
    answers = Answers(case.on, values, case.awards)
    assert same(before.updated(answers), Match(engine(), answers, policies=[case.policy]))


@given(cases(), st.data())
def test_a_known_fact_never_turns_an_ineligible_benefit_unknown(case: Case, data: st.DataObject) -> None:
    full = Match(engine(), case.answers(), policies=[case.policy])
    if not case.values:
        return
    fewer = dict(case.values)
    fewer.pop(data.draw(st.sampled_from(sorted(fewer))))
    part = Match(engine(), Answers(case.on, fewer, case.awards), policies=[case.policy])
    for benefit, conclusion in part.concluded.items():
        if conclusion.status == "ineligible":
            assert full.concluded[benefit].status == "ineligible"


@given(cases())
def test_the_bundle_is_lawful_and_never_less_than_any_single_choice(case: Case) -> None:
    match = Match(engine(), case.answers(), policies=[case.policy])
    bundle = match.bundle
    ids = {k.benefit for k in bundle.kept}
    for overlap in engine().pack.overlaps:
        if overlap.holds(match.answers.values, engine().pack.facts):
            assert len(ids & set(overlap.benefits)) < 2
    assert ids | {g.benefit for g in bundle.given_up} == {
        i for i, c in match.concluded.items() if c.status == "eligible"
    }
    singles = [k.fen or 0 for k in bundle.kept if k.kind in ("grant", "interest")]
    assert bundle.total_fen >= max(singles, default=0)
    assert bundle.without_analogy_fen >= bundle.total_fen


@given(cases())
def test_every_near_miss_holds_when_it_is_tried(case: Case) -> None:
    match = Match(engine(), case.answers(), policies=[case.policy])
    for benefit, change in match.near.items():
        values: dict[str, Any] = dict(match.answers.values)
        if change.fact:
            values[change.fact] = change.target
        tried = Match(engine(), Answers(change.day or case.on, values, case.awards), policies=[case.policy])
        assert match.concluded[benefit].status == "ineligible"
        assert tried.concluded[benefit].status == change.status
        assert change.status in ("eligible", "review")


@pytest.mark.parametrize("subject", ["单位", "个人"])
def test_a_benefit_goes_to_somebody(subject: Any) -> None:
    both = set(match_of({}, subject="单位").rules) | set(match_of({}, subject="个人").rules)
    assert both == set(match_of({}).rules)
    assert match_of({}, subject=subject).rules


def test_a_near_miss_is_the_smallest_change_that_does_it_where_other_figures_count_too() -> None:
    """19 firms and 4 teams against 24 together: one firm more is enough, not the 23 that the clause also writes."""
    facts = {**example("fhq.innovative"), "在孵科技型企业数": "19家", "在孵项目团队数": "4个"}
    match = match_of(facts)
    assert match.concluded["fhq.innovative"].status == "ineligible"
    change = match.near["fhq.innovative"]
    assert change.fact == "在孵科技型企业数" and (change.current, change.target) == (19, 20)
    assert "再多1家" in change.words
