"""The best lawful bundle (最优组合): the search against brute force, and what the answer says of what is given up."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pinggu_desk.assess.match.bundle import SUMMED, Bundle, Group, Item, Worth, best, worth
from tests.assess.profiles import WAN, example, match_of

NAMES = "甲乙丙丁戊己庚辛"


def bundle(facts: dict[str, Any]) -> Bundle:
    return match_of(facts).bundle


# --- the search ---


def most_within(amounts: dict[str, int], groups: list[Group]) -> int:
    """By trying every share: the most that these come to while each limit holds."""
    names = list(amounts)
    return max(
        sum(shares) for shares in itertools.product(*(range(amounts[name] + 1) for name in names))
        if all(sum(s for n, s in zip(names, shares, strict=True) if n in g.ids) <= g.left for g in groups)
    )  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=4, max_size=4), st.data())
def test_limits_that_lie_within_one_another_or_cross_never_cut_the_same_sum_twice(
    sums: list[tuple[int, int]], data: st.DataObject
) -> None:
    """A limit of one part of a policy within that of the whole: exact; limits that cross one another: never too much."""
    items = [Item(name, *pair, 0) for name, pair in zip("甲乙丙丁", sums, strict=True)]
    nested = data.draw(st.booleans())
    parts = ["甲乙丙丁", "甲乙", "丙丁"] if nested else ["甲乙丙", "乙丙丁", "甲丁"]
    groups = [Group(frozenset(part), data.draw(st.integers(0, 7))) for part in parts]
    certain, _, ceiling, *_ = worth(items, groups)
    sure = most_within({item.id: item.certain for item in items}, groups)
    whole = most_within({item.id: item.certain + item.ceiling for item in items}, groups)
    if nested:
        assert (certain, ceiling) == (sure, whole - sure)
    assert 0 <= certain <= sure and ceiling >= 0 and certain + ceiling <= whole


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[Item], set[frozenset[str]], list[Group]]:
    money = st.integers(0, 5)
    names = NAMES[: draw(st.integers(1, len(NAMES)))]
    items = [Item(name, draw(money), draw(money), draw(st.sampled_from([0, 0, 0, 3, 5]))) for name in names]
    pairs = draw(st.sets(st.sampled_from(list(itertools.combinations(names, 2)) or [("甲", "甲")]), max_size=10))
    cut = draw(st.integers(0, len(names)))
    limits = [Group(frozenset(part), draw(st.integers(0, 8))) for part in (names[:cut], names[cut:]) if len(part) > 1]
    return items, {frozenset(pair) for pair in pairs if len(set(pair)) == 2}, draw(
        st.lists(st.sampled_from(limits), unique=True) if limits else st.just([])
    )  # fmt: skip


def lawful_sets(items: list[Item], pairs: set[frozenset[str]]) -> list[frozenset[str]]:
    names = [item.id for item in items]
    every = (frozenset(chosen) for size in range(len(names) + 1) for chosen in itertools.combinations(names, size))
    return [chosen for chosen in every if not any(pair <= chosen for pair in pairs)]


def value(chosen: frozenset[str], items: list[Item], groups: list[Group]) -> Worth:
    return worth([item for item in items if item.id in chosen], groups)


@given(problems())
def test_the_search_equals_brute_force(problem: tuple[list[Item], set[frozenset[str]], list[Group]]) -> None:
    items, pairs, groups = problem
    found = best(items, pairs, groups)
    assert found in lawful_sets(items, pairs)
    assert value(found, items, groups) == max(value(chosen, items, groups) for chosen in lawful_sets(items, pairs))


@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_the_rules_does_not_matter(
    problem: tuple[list[Item], set[frozenset[str]], list[Group]], order: Any
) -> None:
    items, pairs, groups = problem
    shuffled = items.copy()
    order.shuffle(shuffled)
    assert best(shuffled, pairs, groups) == best(items, pairs, groups)


@given(problems())
def test_no_single_choice_is_worth_more(problem: tuple[list[Item], set[frozenset[str]], list[Group]]) -> None:
    items, pairs, groups = problem
    found = value(best(items, pairs, groups), items, groups)
    assert all(value(frozenset({item.id}), items, groups) <= found for item in items)


def test_a_greedy_choice_would_lose() -> None:
    items = [Item("甲", 60, 0, 0), Item("乙", 50, 0, 0), Item("丙", 50, 0, 0)]
    assert best(items, [frozenset("甲乙"), frozenset("甲丙")]) == {"乙", "丙"}


def test_a_limit_over_several_caps_their_sum() -> None:
    items = [Item("甲", 60, 0, 0), Item("乙", 50, 0, 0)]
    assert worth(items, [Group(frozenset("甲乙"), 100)])[0] == 100
    assert worth(items, [Group(frozenset("甲乙"), 110)])[0] == 110
    assert worth(items, [Group(frozenset("甲乙"), 111)])[0] == 110


# --- the bundle of real cases ---


def test_nothing_eligible_comes_to_nothing() -> None:
    found = bundle({})
    assert (found.total_fen, found.kept, found.given_up, found.cuts) == (0, (), (), ())


def test_the_fixed_listing_award_is_kept_before_the_ceiling_of_the_talent_plan() -> None:
    found = bundle({**example("ss.listing"), "上市挂牌板块": "沪深交易所主板", "已领上市挂牌奖励": "0元"})
    (lost,) = [g for g in found.given_up if g.benefit == "hgjh.listing"]
    assert (lost.instead, lost.preferred, lost.explicit, lost.rule) == ("ss.listing", True, True, "hgjh.9c")
    assert found.total_fen == found.without_analogy_fen == 1000 * WAN
    assert found.by_recipient == {"单位": 1000 * WAN}


def test_one_recognition_that_two_measures_award_is_counted_once_and_both_totals_are_told() -> None:
    facts = {**example("fhq.city_award"), **example("jsq.city_title"), "获准市级载体认定": "市级孵化器",
             "国家级孵化器认定": "否"}  # fmt: skip
    found = bundle(facts)
    assert {"fhq.city_award", "jsq.city_title"} & {g.benefit for g in found.given_up}
    (lost,) = [g for g in found.given_up if g.benefit in ("fhq.city_award", "jsq.city_title")]
    assert (lost.explicit, lost.rule, lost.difference) == (False, "", "金额相同")
    assert found.without_analogy_fen - found.total_fen == 50 * WAN


def test_a_fixed_sum_is_kept_and_what_the_ceiling_given_up_may_come_to_is_said() -> None:
    facts = {**example("rcst.studio"), **example("bsh.studio"), **example("gzs.grant"), "工作室级别": "区级"}
    found = bundle(facts)
    lost = {g.benefit: g for g in found.given_up}
    assert lost["rcst.studio"].instead == lost["bsh.studio"].instead == "gzs.grant"
    assert lost["rcst.studio"].preferred
    assert not lost["rcst.studio"].explicit
    assert lost["rcst.studio"].difference == "放弃的一项如按上限核定，可能多10万元，以审定为准"
    assert found.total_fen == 20 * WAN
    assert found.ceilings_fen == 0


def test_a_yearly_limit_caps_what_two_benefits_come_to_together() -> None:
    facts = {**example("wzwm.fdi_cash"), "货币实物到位外资": "4000万美元", "知识产权出资评估价值": "4000万美元",
             "本年度已领外资扶持": "0元"}  # fmt: skip
    found = bundle(facts)  # 80万元 and 40万元 against 100万元 a year
    assert found.total_fen == 100 * WAN
    (cut,) = found.cuts
    assert (cut.clause, cut.sum_fen, cut.left_fen) == ("wzwm.2.1.0b", 120 * WAN, 100 * WAN)


def test_a_yearly_limit_caps_what_two_ceilings_may_come_to_together() -> None:
    """A fair and a survey of up to 5万元 each, where 5万元 of the year's 20万元 are left: no more than these 5万元 in all."""
    facts = {**example("wzwm.fair"), **example("wzwm.survey"), "展会四类费用": "50万元", "考察交通食宿费用": "50万元"}
    for had, most in (("0元", 20), ("5万元", 15), ("15万元", 5)):
        found = bundle({**facts, "本年度已领展会考察支持": had})
        assert {"wzwm.fair", "wzwm.survey"} <= {k.benefit for k in found.kept}
        others = sum(
            k.max_fen or 0 for k in found.kept
            if k.figure == "up_to" and k.kind in SUMMED and k.benefit not in ("wzwm.fair", "wzwm.survey")
        )  # fmt: skip
        assert found.ceilings_fen - others == most * WAN, had


def test_ceilings_loans_and_services_stand_beside_the_total() -> None:
    found = bundle({**example("zxqy.upgrade"), **example("rcst.loan")})
    assert found.loans
    assert found.ceilings_fen > 0
    certain = sum(k.fen or 0 for k in found.kept if k.kind in ("grant", "interest"))
    assert found.total_fen == certain


# --- overlaps that hold only under some answers ---


def test_a_special_measure_on_housing_comes_before_the_general_range() -> None:
    found = bundle({**example("rcst.rent"), **example("anju.quick_abc"), "人才认定类别": "C类"})
    lost = {g.benefit: g for g in found.given_up}
    assert lost["rcst.rent"].instead == "anju.quick_abc"
    assert lost["rcst.rent"].preferred


def test_one_enterprise_is_given_its_flats_by_one_measure() -> None:
    found = bundle({**example("anju.enterprise"), **example("rcst.enterprise_flats")})
    assert {g.benefit: g.instead for g in found.given_up} == {"rcst.enterprise_flats": "anju.enterprise"}


def test_two_subsidies_that_are_not_applied_for_together_are_not_added() -> None:
    facts = {**example("gxjs.trade"), **example("gxjs.hitech"), "上年度技术交易总额": "5000万元",
             "上一年度本区纳税总额": "1000万元"}  # fmt: skip
    apart = bundle({**facts, "同时申报高企和技术交易资助": "否"})
    assert apart.total_fen == apart.without_analogy_fen == 10 * WAN
    assert [(g.rule, g.explicit) for g in apart.given_up] == [("gxjs.3.n", True)]
    assert bundle({**facts, "同时申报高企和技术交易资助": "是"}).total_fen == 20 * WAN


def test_an_accelerator_and_an_incubator_are_not_one_recognition() -> None:
    facts = {**example("fhq.city_award"), **example("jsq.city_title"), "获准市级载体认定": "市级加速器",
             "国家级孵化器认定": "否"}  # fmt: skip
    found = bundle(facts)
    assert {"fhq.city_award", "jsq.city_title"} <= {k.benefit for k in found.kept}


def test_a_laboratory_is_not_the_academician_station() -> None:
    facts = {**example("rcst.station"), **example("hgjh.carrier")}
    both = {"rcst.station", "hgjh.carrier"}
    assert both <= {k.benefit for k in bundle({**facts, "创新载体类别": "重点实验室"}).kept}
    assert len(both & {k.benefit for k in bundle({**facts, "创新载体类别": "院士专家工作站"}).kept}) == 1
