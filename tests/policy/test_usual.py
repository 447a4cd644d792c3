"""FOUND 31: a sense of size. What lies far from usual is asked about in one sentence, and never refused."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from pinggu_desk.assess.doubts import by_fact, doubts
from pinggu_desk.assess.engine import Engine, read_answers
from pinggu_desk.policy.facts import Fact, read_answer
from pinggu_desk.policy.identity import check_phone
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.quantity import Dim
from pinggu_desk.policy.usual import beyond, doubt_of, usual_bounds
from tests import bundled

ON = date(2026, 4, 1)
SIZED = (Dim.MONEY, Dim.DOLLAR, Dim.RATE, Dim.AREA, Dim.COAL, Dim.COUNT, Dim.MONTHS)


@cache
def pack() -> Pack:
    return bundled.pack()


@cache
def engine() -> Engine:
    return bundled.engine()


def asked(name: str, raw: object) -> str:
    fact = pack().facts[name]
    return doubt_of(fact, read_answer(fact, raw), ON)


def test_one_sentence_says_what_was_entered_and_what_may_have_been_meant() -> None:
    assert asked("研发项目投资额", 8_000_000) == (
        "研发项目投资额 8000000 万元（800亿元）比平常的大得多，请核对单位是万元还是元。"
    )
    assert asked("月租金", "0.35") == "月租金 0.35 元比平常的小得多，请核对单位是元还是万元。"
    assert (
        asked("两年营业收入平均增长率", "480%") == "两年营业收入平均增长率 480%比平常的大得多，请核对百分数和小数点。"
    )
    assert "请核对单位是亩还是平方米" in asked("新建项目用地面积", 6000)
    assert "比平常的大得多" in asked("创业贷款年利率", "48")


def test_a_day_of_the_past_that_is_to_come_is_asked_about_and_a_term_s_end_is_not() -> None:
    assert asked("上市挂牌日", "2062-03-02") == "上市挂牌日 2062年3月2日晚于判断日2026年4月1日，请核对年份。"
    assert asked("上市挂牌日", "2026-04-01") == ""
    assert asked("证件有效期满日", "2027-03-02") == ""


def test_a_year_that_slipped_is_asked_about_in_the_past_and_in_the_far_future() -> None:
    """FOUND 31: nobody has worked full time since 1950, no permit runs to 2126; an ordinary day says nothing."""
    assert (
        asked("全职工作起始日", "1950-01-01")
        == "全职工作起始日 1950年1月1日比判断日2026年4月1日早了60多年，请核对年份。"
    )
    assert asked("证件有效期满日", "2126-01-01").endswith("晚于判断日2026年4月1日，请核对年份。")
    assert not asked("全职工作起始日", "1967-01-01") and not asked("证件有效期满日", "2036-01-01")
    assert not asked("生产经营起始日", "1979-01-01")


def test_every_fact_that_is_measured_has_a_usual_range_within_which_the_ordinary_lies() -> None:
    lacking = [fact.name for fact in pack().facts.values() if fact.dim in SIZED and usual_bounds(fact) is None]
    assert lacking == []


@pytest.mark.parametrize("fact", [f for f in bundled.pack().facts.values() if f.dim is Dim.MONEY], ids=lambda f: f.id)
def test_money_that_is_ten_thousand_times_too_large_or_too_small_is_seen(fact: Fact) -> None:
    """The slip this is for: an ordinary sum of the fact, entered in 元 where 万元 is meant, and the other way round."""
    low, high = usual_bounds(fact) or (0, 0)
    ordinary = round((low * high) ** 0.5)  # the middle, by order of size
    assert beyond(fact, ordinary) == 0
    seen = (beyond(fact, ordinary * 10_000), beyond(fact, max(ordinary // 10_000, 1)))
    assert seen == (1, -1)


def test_a_share_written_as_a_decimal_is_asked_about() -> None:
    """0.3 for 30 % is taken as 0.3 %, as the field says, and the slip is seen: the bound is 30 %."""
    for name in ("本地劳动力就业比例", "团队持股比例", "创业贷款年利率"):
        assert beyond(pack().facts[name], 30) == -1, name
    assert "请核对百分数和小数点" in asked("本地劳动力就业比例", "0.3")


def test_nought_is_always_usual() -> None:
    assert [f.name for f in pack().facts.values() if f.dim in SIZED and beyond(f, 0)] == []


def test_a_part_above_its_whole_is_asked_about_at_both() -> None:
    values = read_answers(pack(), {"产业融合审定投资额": 500, "产业融合申报投资额": 400})
    found = by_fact(doubts(engine(), values, ON))
    assert set(found) == {"产业融合审定投资额", "产业融合申报投资额"}
    assert found["产业融合审定投资额"].sentence.startswith("产业融合审定投资额超过了产业融合申报投资额")
    assert engine().inconsistencies(values, ON) == []


#: checks that only ask, by answers that break them and answers that don't: those not of one part and its whole
ASKED = {
    "知识产权申请主体与申请人类型": (
        {"申请人类型": "企业", "知识产权申请主体": "自然人"}, {"申请人类型": "企业", "知识产权申请主体": "其他组织"},
    ),
    "文旅商体申报主体与申请人类型": (
        {"申请人类型": "个人", "申报主体性质": "企业法人"}, {"申请人类型": "个人", "申报主体性质": "个体工商户"},
    ),
    "重大项目主体与申请人类型": (
        {"申请人类型": "企业", "重大项目主体类型": "社会团体"}, {"申请人类型": "企业", "重大项目主体类型": "新型研发机构"},
    ),
    "未婚没有配偶": (
        {"已婚": "否", "配偶符合毕业生条件": "是"}, {"已婚": "否", "配偶符合毕业生条件": "否", "配偶符合人才申请条件": "否"},
    ),
    "各项外资外贸扶持不超过合计": (
        {"本年度已领展会考察支持": "3万元", "本年度已领外资扶持": "2万元", "本年度已领外资外贸扶持": "4万元"},
        {"本年度已领展会考察支持": "2万元", "本年度已领外资扶持": "2万元", "本年度已领外资外贸扶持": "4万元"},
    ),
}  # fmt: skip


def test_answers_that_are_told_in_two_places_are_held_together_and_asked_about() -> None:
    """Who applies, a spouse of somebody unmarried, sums of one year: none is refused, since the wrong one is not known."""
    for name, (wrong, right) in ASKED.items():
        assert name in [item.name for item in engine().oddities(read_answers(pack(), wrong), ON)], name
        assert name not in [item.name for item in engine().oddities(read_answers(pack(), right), ON)], name
        assert engine().inconsistencies(read_answers(pack(), wrong), ON) == [], name


def test_every_other_check_that_only_asks_is_broken_by_a_larger_part_and_names_facts_of_one_kind() -> None:
    facts = pack().facts
    for item, _ in engine().doubtful:
        if item.name in ASKED:
            continue
        first, second = (facts[name] for name in item.facts)
        assert first.dim is second.dim, item.name
        larger, smaller = second.bounds[0] + 200_000, second.bounds[0] + 100_000
        assert item in engine().oddities({first.name: larger, second.name: smaller}, ON), item.name
        assert item not in engine().oddities({first.name: smaller, second.name: larger}, ON), item.name


@pytest.mark.parametrize(
    "text",
    ["13800000000", "138-0000-0000", "+86 13800000000", "010-69960000", "(010)69960000", "010-69960000-8012", "69960000",
     "69960000转801", "0316-3212345", "400-000-0000", "+852 2345 6789", "１３８００００００００"],
)  # fmt: skip
def test_a_telephone_that_can_be_dialled_says_nothing(text: str) -> None:
    assert (check_phone(text).ok, check_phone(text).hint) == (True, "")


@pytest.mark.parametrize(
    "text", ["1380000000", "138000000000", "6996000", "010-699600", "12345678901", "01069960000000"]
)
def test_a_telephone_with_a_figure_too_few_or_too_many_is_asked_about(text: str) -> None:
    assert check_phone(text).ok and "请核对" in check_phone(text).hint
    assert "联系电话" in asked("联系电话", text)


def test_a_postcode_has_six_figures() -> None:
    assert "6 位" in asked("邮政编码", "10120")
    assert asked("邮政编码", "101200") == ""
