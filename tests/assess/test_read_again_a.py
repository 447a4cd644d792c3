"""Read again, sentence by sentence, at the end of 0.2: what a worked example beside wltst, wzwm, jr, zscq and tztc can't say.

Bounds and outcomes stand in each policy's ``cases.yaml``; here is what is told beside an answer, and when it is not.
"""

from __future__ import annotations

from datetime import date

import pytest

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.interview import Interview
from pinggu_desk.policy.cases import fen
from tests.assess.test_found_a_texts_c import ON, example, found, tells, the_engine


def paid(benefit: str, amount: str, on: str) -> Award:
    return Award(benefit.split(".", maxsplit=1)[0], benefit, fen(amount), date.fromisoformat(on))


def test_a_published_rank_and_a_published_range_rest_on_no_reading() -> None:
    """FOUND 19: with the rank that was published, or only the published ends, there is nothing a reading could move."""
    rank = example("wltst.visitor_rank")
    assert tells(found("wltst", rank)["visitor_rank"]) == []
    assert not any("合并排名" in note for note in found("wltst", rank)["visitor_rank"].notes)
    fourth = found("wltst", {**rank, "年度接待游客排名": "第四名及以后"})["visitor_rank"]
    assert fourth.status == "ineligible"
    assert any("合并排名" in note for note in fourth.notes)
    setup, fund = found("jr", example("jr.setup"))["setup"], found("jr", example("jr.fund"))["fund"]
    assert setup.figure == fund.figure == "range"
    assert not {"jr.no_table", "jr.no_fund_table"} & {*tells(setup), *tells(fund)}
    assert all(any("各档怎样定" in note for note in one.notes) for one in (setup, fund))


@pytest.mark.parametrize(("benefit", "history"), [
    ("wltst.scenic", "已领景区等级奖励"), ("wltst.hotel_star", "已领饭店星级奖励"), ("wltst.sport_national", "已领体育产业示范奖励"),
    ("wltst.sport_tour_city", "已领体育旅游奖励"),
])  # fmt: skip
def test_a_title_paid_for_before_is_told_beside_the_next(benefit: str, history: str) -> None:
    """The text pays what is 首次评定 or 新认定: whoever was paid before hears that the same one is not paid again."""
    policy, code = benefit.split(".")
    facts = {name: value for name, value in example(benefit).items() if name != history}
    again = found(policy, facts, awards=[paid(benefit, "20万元", "2025-06-01")])[code]
    assert any("此前已领过同类奖励" in note for note in again.notes)
    none: list[Award] = []
    for awards in (none, None):
        assert not any("此前已领过" in note for note in found(policy, facts, awards=awards)[code].notes)


def test_who_is_late_by_his_own_day_hears_that_the_day_is_for_the_authority_to_fix() -> None:
    """jr.3.1a counts a year from 符合条件之日, which it doesn't define: a refusal that rests on it says so."""
    for code, day in (
        ("setup", "开办补助"),
        ("fund", "基金奖励"),
        ("office_buy", "购房补贴"),
        ("office_rent", "租房补贴"),
    ):
        start = f"{day}符合条件之日"
        late = found("jr", example(f"jr.{code}", **{start: "2025-03-31"}))[code]
        assert late.status == "ineligible"
        assert any("核定的日期为准" in note for note in late.notes)
        assert not any("核定的日期为准" in note for note in found("jr", example(f"jr.{code}"))[code].notes)


def test_a_fair_under_thirty_thousand_hears_that_other_costs_may_count() -> None:
    """wzwm.2.2.2c compares the 支出金额 of a project, and doesn't say whether that is more than the costs it lists."""
    for code, costs in (("fair", "展会四类费用"), ("survey", "考察交通食宿费用")):
        short = found("wzwm", example(f"wzwm.{code}", **{costs: "2.99万元"}))[code]
        assert short.status == "ineligible"
        assert any("全部支出" in note for note in short.notes)
        assert not any("全部支出够" in note for note in found("wzwm", example(f"wzwm.{code}"))[code].notes)
        peaches = found("wzwm", example(f"wzwm.{code}", 出口本地特色农产品="是"))[code]
        assert "wzwm.key_products" not in tells(peaches)  # 农产品 stands in the list
        assert "wzwm.key_products" in tells(found("wzwm", example(f"wzwm.{code}"))[code])


def test_an_open_figure_names_who_the_text_leaves_it_to() -> None:
    """FOUND 20: what another bureau's policy settles is not settled by the bureau that takes the application."""
    transfer = found("zscq", example("zscq.national_model", 专利成果转化主体="自有专利技术成果转化企业"))["transfer"]
    assert "区科学技术和工业信息化局" in transfer.headline
    nobody = found("tztc", example("tztc.fund", 职工人数=0))["fund"]
    assert "区工作领导小组" in nobody.figure_words


@pytest.mark.parametrize("benefit", ["wltst.cluster", "wltst.circle_contribution", "tztc.fund"])
def test_what_is_given_by_the_year_or_on_leaving_says_when_it_was_had(benefit: str) -> None:
    """2.3.2b gives 100元 a 平米 and year, 2.3.1b a year's contribution: one had this year is told beside the next."""
    policy, code = benefit.split(".")
    none: list[Award] = []
    had = found(policy, example(benefit), awards=[paid(benefit, "20万元", "2026-02-01")])[code]
    assert any("已领过" in note for note in had.notes)
    assert not any("已领过" in note for note in found(policy, example(benefit), awards=none)[code].notes)


def test_a_note_follows_the_answer_that_it_hangs_on() -> None:
    """A fact that only a note (提示) looks at renews the kept answer as any other does."""
    interview = Interview(the_engine(), "tztc", ON)

    def told() -> bool:
        return any("已领过" in note for note in interview.determinations[0].notes)

    seen = [told()]
    for said in ("5万元", "0元", "5万元"):
        interview.set("已领调整退出资金", said)
        seen.append(told())
    assert seen == [False, True, False, True]
