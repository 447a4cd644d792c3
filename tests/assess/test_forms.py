"""Each form on a small pack: at its bounds, unknown, what it asks, its line with its clause, its words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pinggu_desk.assess.awards import Award
from pinggu_desk.policy.reading import phrase
from tests.assess.packs import Small, ends, judge, missing

WAN = 1_000_000  # fen


def lines(determination: object) -> list[tuple[str, str, str]]:
    return [(line.text, line.clause, line.mark) for line in determination.trace]  # type: ignore[attr-defined]


# --- quantities -----------------------------------------------------------------------------------------------


def test_a_stated_sum(tmp_path: Path) -> None:
    engine = Small("10万元", {"xx.1": "给予10万元奖励。"}).engine(tmp_path)
    answer = judge(engine)
    assert (answer.status, answer.amount_fen, *ends(answer)) == ("eligible", 10 * WAN, "computed", 10 * WAN, 10 * WAN)
    assert lines(answer) == [("按条款给予10万元", "xx.1", "value")]
    assert phrase(engine.rules[0].give) == "10万元"


def test_a_share_is_rounded_once_half_up_to_the_fen(tmp_path: Path) -> None:
    engine = Small("投资额 的 5%", {"xx.1": "按投资额的5%给予补助。"}).engine(tmp_path)
    assert judge(engine, {"投资额": "800万元"}).amount_fen == 40 * WAN
    assert judge(engine, {"投资额": "0.09元"}).status == "ineligible"  # 0.45 fen is nothing
    assert judge(engine, {"投资额": "0.10元"}).amount_fen == 1  # 0.5 fen is one
    assert judge(engine, {"投资额": "0.29元"}).amount_fen == 1  # 1.45
    assert judge(engine, {"投资额": "0.30元"}).amount_fen == 2
    unknown = judge(engine)
    assert (unknown.status, missing(unknown), *ends(unknown)) == ("unknown", ["投资额"], "computed", None, None)
    assert judge(engine, {"投资额": 0}).status == "ineligible"
    assert lines(judge(engine, {"投资额": 800})) == [("投资额（800万元） × 5% = 40万元", "xx.1", "value")]
    assert phrase(engine.rules[0].give) == "投资额的5%"


def test_so_much_for_each_step_in_proportion_or_for_whole_steps(tmp_path: Path) -> None:
    part = Small("外资 每100万美元 2万元", {"xx.1": "到位外资每100万美元奖励2万元。"}).engine(tmp_path / "a")
    whole = Small("外资 每整100万美元 2万元", {"xx.1": "到位外资每满100万美元奖励2万元。"}).engine(tmp_path / "b")
    at = {"外资": "250万美元"}
    assert (judge(part, at).amount_fen, judge(whole, at).amount_fen) == (5 * WAN, 4 * WAN)
    assert judge(whole, {"外资": "99.999999万美元"}).status == "ineligible"
    assert judge(whole, {"外资": "100万美元"}).amount_fen == 2 * WAN
    assert missing(judge(whole)) == ["外资"]
    assert "只计整数" in lines(judge(whole, at))[0][0]
    assert phrase(whole.rules[0].give) == "外资每满100万美元计2万元"


def test_an_area_is_exact_in_mu(tmp_path: Path) -> None:
    engine = Small("面积 每亩 6万元", {"xx.1": "每亩给予6万元。"}).engine(tmp_path)
    assert judge(engine, {"面积": "3亩"}).amount_fen == 18 * WAN
    assert judge(engine, {"面积": "2000平方米"}).amount_fen == 18 * WAN


def test_a_sum_times_a_count_and_times_a_rate(tmp_path: Path) -> None:
    months = Small("{按: 1000元, 乘: 租期}", {"xx.1": "每月给予1000元。"}).engine(tmp_path / "a")
    assert judge(months, {"租期": 18}).amount_fen == 18 * 100_000
    assert judge(months, {"租期": 0}).status == "ineligible"
    assert (judge(months).figure, missing(judge(months))) == ("computed", ["租期"])
    rate = Small("{按: 投资额, 乘: 入选率}", {"xx.1": "按投资额和入选率给予。"}).engine(tmp_path / "b")
    assert judge(rate, {"投资额": "100万元", "入选率": "12.5%"}).amount_fen == 12_500_000
    assert missing(judge(rate, {"投资额": "100万元"})) == ["入选率"]
    assert judge(rate, {"投资额": 0}).status == "ineligible"


def test_a_cap_leaves_a_computed_figure(tmp_path: Path) -> None:
    text = {"xx.1": "按投资额的5%给予最高不超过50万元补助。"}
    engine = Small("{按: 投资额 的 5%, 封顶: 50万元}", text).engine(tmp_path)
    below, at, above = (judge(engine, {"投资额": f"{n}万元"}) for n in ("999.9999", "1000", "1000.0001"))
    assert [a.amount_fen for a in (below, at, above)] == [49_999_995, 50 * WAN, 50 * WAN]
    assert {a.figure for a in (below, at, above)} == {"computed"}
    unknown = judge(engine)
    assert (unknown.status, *ends(unknown)) == ("unknown", "computed", None, 50 * WAN)
    assert lines(above)[-1] == ("超过上限，按上限50万元计", "xx.1", "value")
    assert lines(at)[-1] == ("未超过上限50万元", "xx.1", "value")
    assert phrase(engine.rules[0].give) == "投资额的5%，最高不超过50万元"


def test_a_cap_that_is_surely_reached_asks_nothing_more(tmp_path: Path) -> None:
    give = "{按: {合计: [80万元, 投资额 的 5%]}, 封顶: 50万元}"
    engine = Small(give, {"xx.1": "80万元加投资额的5%，最高不超过50万元。"}).engine(tmp_path)
    answer = judge(engine)
    assert (answer.status, answer.amount_fen, missing(answer)) == ("eligible", 50 * WAN, [])


def test_a_difference_never_goes_below_nought(tmp_path: Path) -> None:
    engine = Small("{按: 100万元, 扣减: 已领}", {"xx.1": "补足100万元的差额。"}).engine(tmp_path)
    assert judge(engine, {"已领": "30万元"}).amount_fen == 70 * WAN
    assert judge(engine, {"已领": "99.9999万元"}).amount_fen == 100
    assert judge(engine, {"已领": "100万元"}).status == "ineligible"
    assert judge(engine, {"已领": "150万元"}).status == "ineligible"
    unknown = judge(engine)
    assert (unknown.status, missing(unknown), *ends(unknown)) == ("unknown", ["已领"], "computed", None, 100 * WAN)


def test_the_register_answers_what_was_received(tmp_path: Path) -> None:
    engine = Small("{按: 100万元, 扣减: 已领}", {"xx.1": "补足100万元的差额。"}).engine(tmp_path)
    this_year, last_year = (Award("xx", "award", 30 * WAN, date(year, 2, 1)) for year in (2026, 2025))
    assert judge(engine, awards=[this_year, last_year]).amount_fen == 70 * WAN
    assert judge(engine, awards=[]).amount_fen == 100 * WAN
    assert judge(engine, {"已领": "40万元"}, awards=[this_year]).amount_fen == 60 * WAN
    assert judge(engine, awards=None).status == "unknown"


def test_a_ceiling_is_never_a_promise(tmp_path: Path) -> None:
    engine = Small("{不高于: 投资额 的 10%}", {"xx.1": "不高于投资额的10%。"}).engine(tmp_path)
    answer = judge(engine, {"投资额": "300万元"})
    assert (answer.status, answer.amount_fen, *ends(answer)) == ("eligible", None, "up_to", None, 30 * WAN)
    assert answer.headline == "最高 30.00 万元"
    assert (judge(engine).figure, missing(judge(engine))) == ("up_to", ["投资额"])
    assert judge(engine, {"投资额": 0}).status == "ineligible"
    assert any("上限" in text for text, _, _ in lines(answer))


def test_published_ends(tmp_path: Path) -> None:
    give = "{不低于: 500万元, 不高于: 7000万元}"
    engine = Small(give, {"xx.1": "奖励不低于500万元，不高于7000万元。"}).engine(tmp_path)
    answer = judge(engine)
    assert (answer.status, answer.amount_fen, *ends(answer)) == ("eligible", None, "range", 500 * WAN, 7000 * WAN)
    assert answer.headline == "500.00 万元至 7,000.00 万元"
    assert phrase(engine.rules[0].give) == "500万元至7000万元"


def test_a_stated_least_holds_only_up_to_the_ceiling(tmp_path: Path) -> None:
    give = "{不低于: 5万元, 不高于: 投资额 的 10%}"
    engine = Small(give, {"xx.1": "不低于5万元，不高于投资额的10%。"}).engine(tmp_path)
    assert ends(judge(engine, {"投资额": "80万元"})) == ("range", 5 * WAN, 8 * WAN)
    assert ends(judge(engine, {"投资额": "30万元"})) == ("computed", 3 * WAN, 3 * WAN)
    assert judge(engine, {"投资额": 0}).status == "ineligible"
    assert judge(engine).status == "unknown"


def test_an_unpublished_figure_is_left_to_review_and_capped_is_a_ceiling(tmp_path: Path) -> None:
    engine = Small("待定", {"xx.1": "给予适当奖励。"}).engine(tmp_path / "a")
    answer = judge(engine)
    assert (answer.status, *ends(answer), answer.headline) == ("eligible", "by_review", None, None, "由主管部门核定")
    capped = Small("{按: 待定, 封顶: 20万元}", {"xx.1": "给予适当奖励，最高20万元。"}).engine(tmp_path / "b")
    assert ends(judge(capped)) == ("up_to", None, 20 * WAN)
    assert capped.rules[0].kinds == {"up_to"}


def test_services_are_no_money(tmp_path: Path) -> None:
    engine = Small("{实物: [提供辅导, 提供场地]}", {"xx.1": "提供辅导和场地。"}).engine(tmp_path)
    answer = judge(engine)
    assert (answer.status, *ends(answer), answer.services) == (
        "eligible",
        "in_kind",
        None,
        None,
        ("提供辅导", "提供场地"),
    )
    assert lines(answer)[0] == ("提供：提供辅导", "xx.1", "value")


def test_a_sum_of_a_sum_and_a_ceiling_is_a_range(tmp_path: Path) -> None:
    text = {"xx.1": "给予10万元，另按不高于20万元补助。"}
    engine = Small("{合计: [10万元, {不高于: 20万元}]}", text).engine(tmp_path)
    assert ends(judge(engine)) == ("range", 10 * WAN, 30 * WAN)
    assert engine.rules[0].kinds == {"range"}
    assert any("合计" in text for text, _, _ in lines(judge(engine)))


@pytest.mark.parametrize(("word", "amount"), [("较高", 40), ("较低", 30)])
def test_the_higher_or_the_lower_of_two(tmp_path: Path, word: str, amount: int) -> None:
    engine = Small(f"{{{word}: [投资额 的 5%, 30万元]}}", {"xx.1": "投资额的5%与30万元相比。"}).engine(tmp_path)
    assert judge(engine, {"投资额": "800万元"}).amount_fen == amount * WAN
    assert judge(engine, {"投资额": "600万元"}).amount_fen == 30 * WAN
    assert missing(judge(engine)) == ["投资额"]


BANDS = """
      分档: 投资额
      各档:
        500万元（含）至1000万元（含）: {按: 投资额 的 5%, 依据: xx.2}
        1000万元（不含）以上: {按: 投资额 的 8%, 封顶: 100万元, 依据: xx.3}
      其余: 不予
"""
BAND_TEXT = {
    "xx.1": "分两档给予。",
    "xx.2": "500万元（含）至1000万元（含）的，按5%。",
    "xx.3": "1000万元（不含）以上的，按8%，最高100万元。",
}


def test_bands_at_each_bound(tmp_path: Path) -> None:
    engine = Small(BANDS, BAND_TEXT).engine(tmp_path)
    said = {n: judge(engine, {"投资额": f"{n}万元"}) for n in ("499.9999", "500", "1000", "1000.0001", "2000")}
    assert said["499.9999"].status == "ineligible"
    assert [said[n].amount_fen for n in ("500", "1000", "2000")] == [25 * WAN, 50 * WAN, 100 * WAN]
    assert said["1000.0001"].amount_fen == 80_000_008
    assert [line[1] for line in lines(said["500"])] == ["xx.2", "xx.2"]
    assert "xx.3" in [line[1] for line in lines(said["2000"])]
    assert lines(said["499.9999"])[0][0] == "投资额499.9999万元，应不低于500万元，差1元：不符合"
    unknown = judge(engine)
    assert (unknown.status, missing(unknown)) == ("unknown", ["投资额"])
    assert "500万元（含）至1000万元（含）：投资额的5%" in phrase(engine.rules[0].give)


def test_bands_by_option(tmp_path: Path) -> None:
    give = "{分档: 类型, 各档: {甲类: 30万元, 乙类、丙类: 20万元}}"
    engine = Small(give, {"xx.1": "甲类30万元，乙类、丙类20万元。"}).engine(tmp_path)
    assert [judge(engine, {"类型": kind}).amount_fen for kind in ("甲类", "乙类", "丙类")] == [
        30 * WAN,
        20 * WAN,
        20 * WAN,
    ]
    unknown = judge(engine)
    assert (unknown.status, missing(unknown), *ends(unknown)) == ("unknown", ["类型"], "computed", None, 30 * WAN)


def test_steps_at_each_breakpoint(tmp_path: Path) -> None:
    give = "{阶梯: 人数, 界: '[10, 30] 人', 得: '[1, 3, 5] 万元'}"
    text = {"xx.1": "人数 | 不足10人 | 10人以上不足30人 | 30人以上", "xx.2": "万元 | 1 | 3 | 5"}
    engine = Small(give.replace("}", ", 依据: [xx.1, xx.2]}"), text).engine(tmp_path)
    got = {n: judge(engine, {"人数": n}).amount_fen for n in (0, 9, 10, 29, 30, 500)}
    assert got == {0: WAN, 9: WAN, 10: 3 * WAN, 29: 3 * WAN, 30: 5 * WAN, 500: 5 * WAN}
    unknown = judge(engine)
    assert (unknown.status, missing(unknown), unknown.max_fen) == ("unknown", ["人数"], 5 * WAN)
    assert lines(judge(engine, {"人数": 10}))[0][0] == "人数 10人，在10人以上、不足30人一档：3万元"


def test_if_asks_only_the_branch_that_is_taken(tmp_path: Path) -> None:
    give = "{若: {合格: 是}, 则: 投资额 的 5%, 否则: 营收 的 2%}"
    engine = Small(give, {"xx.1": "合格的按投资额的5%，否则按营收的2%。"}).engine(tmp_path)
    assert missing(judge(engine)) == ["合格", "投资额", "营收"]
    assert missing(judge(engine, {"合格": "是"})) == ["投资额"]
    assert missing(judge(engine, {"合格": "否"})) == ["营收"]
    assert judge(engine, {"合格": "是", "投资额": 100}).amount_fen == 5 * WAN
    assert judge(engine, {"合格": "否", "营收": 100}).amount_fen == 2 * WAN


# --- conditions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "words", "verdicts"),
    [
        ("不低于", "不低于300万元", "否是是"),
        ("超过", "超过300万元", "否否是"),
        ("低于", "低于300万元", "是否否"),
        ("不超过", "不超过300万元", "是是否"),
        ("为", "为300万元", "否是否"),
    ],
)
def test_every_comparison_below_at_and_above(tmp_path: Path, word: str, words: str, verdicts: str) -> None:
    text = {"xx.1": f"投资额{words}的，给予10万元。"}
    engine = Small("10万元", text, condition=f"{{投资额: {word} 300万元}}").engine(tmp_path)
    got = [judge(engine, {"投资额": f"{n}万元"}).status for n in ("299.9999", "300", "300.0001")]
    assert got == [{"是": "eligible", "否": "ineligible"}[v] for v in verdicts]
    unknown = judge(engine)
    assert (unknown.status, missing(unknown), *ends(unknown)) == ("unknown", ["投资额"], "computed", 10 * WAN, 10 * WAN)
    assert unknown.amount_fen is None
    refused = judge(
        engine, {"投资额": "300万元" if verdicts[1] == "否" else "299.9999万元" if verdicts[0] == "否" else "301万元"}
    )
    assert ("xx.1", "fails") in [line[1:] for line in lines(refused)]
    assert phrase(engine.rules[0].condition) == f"投资额{words}"


def test_a_bound_that_is_itself_a_share_is_compared_without_rounding(tmp_path: Path) -> None:
    text = {"xx.1": "投资额不低于营收的70%的，给予10万元。"}
    engine = Small("10万元", text, condition="{投资额: 不低于 营收 的 70%}").engine(tmp_path)
    assert judge(engine, {"投资额": "0.07元", "营收": "0.10元"}).status == "eligible"
    assert (
        judge(engine, {"投资额": "0.07元", "营收": "0.11元"}).status == "ineligible"
    )  # 0.077: rounding would say 0.08
    assert judge(engine, {"投资额": "0.08元", "营收": "0.11元"}).status == "eligible"
    assert missing(judge(engine, {"投资额": 70})) == ["营收"]


def test_above_that_says_no_more_is_a_reading(tmp_path: Path) -> None:
    text = {"xx.1": "投资额300万元以上的，给予10万元。"}
    engine = Small("10万元", text, condition="{投资额: 以上 300万元}").engine(tmp_path)
    at = judge(engine, {"投资额": 300})
    assert (at.status, [note.id for note in at.readings]) == ("eligible", ["general.at_least"])
    assert "不符合" in at.readings[0].effect
    assert judge(engine, {"投资额": "300.0001"}).readings == ()


def test_choices_and_yes_and_no(tmp_path: Path) -> None:
    condition = "{类型: 为 甲类、乙类, 合格: 是, 在册: 否}"
    engine = Small("10万元", {"xx.1": "符合的给予10万元。"}, condition=condition).engine(tmp_path)
    good = {"类型": "乙类", "合格": "是", "在册": "否"}
    assert judge(engine, good).status == "eligible"
    for change in ({"类型": "丙类"}, {"合格": "否"}, {"在册": "是"}):
        refused = judge(engine, {**good, **change})
        assert refused.status == "ineligible"
        fails = [text for text, clause, mark in lines(refused) if mark == "fails" and clause == "xx.1"]
        assert len(fails) == 1 and next(iter(change)) in fails[0]
    assert missing(judge(engine, {"合格": "是"})) == ["类型", "在册"]
    assert missing(judge(engine, {"合格": "否"})) == []


def test_any_of_several_shows_the_line_that_held(tmp_path: Path) -> None:
    condition = "{任一: [{合格: 是}, {投资额: 不低于 300万元}]}"
    text = {"xx.1": "合格或者投资额不低于300万元的，给予10万元。"}
    engine = Small("10万元", text, condition=condition).engine(tmp_path)
    assert judge(engine, {"合格": "是"}).status == "eligible"
    assert judge(engine, {"投资额": 300}).status == "eligible"
    assert missing(judge(engine, {"合格": "否"})) == ["投资额"]
    both = judge(engine, {"合格": "否", "投资额": 299})
    assert both.status == "ineligible"
    assert [(line[2], "以下之一" in line[0]) for line in lines(both)] == [("fails", True)]
    assert "合格" in lines(both)[0][0] and "299万元" in lines(both)[0][0]
    assert lines(judge(engine, {"投资额": 300}))[0][0].startswith("投资额")


def test_whoever_is_one_must_be_the_other(tmp_path: Path) -> None:
    condition = "{凡: {当: {类型: 为 甲类}, 须: {合格: 是}}}"
    engine = Small("10万元", {"xx.1": "甲类须合格，给予10万元。"}, condition=condition).engine(tmp_path)
    other = judge(engine, {"类型": "乙类"})
    assert other.status == "eligible"
    assert [line for line in other.trace if line.mark != "value"] == []
    assert judge(engine, {"类型": "甲类", "合格": "否"}).status == "ineligible"
    assert judge(engine, {"类型": "甲类", "合格": "是"}).status == "eligible"
    assert missing(judge(engine, {"类型": "甲类"})) == ["合格"]
    assert phrase(engine.rules[0].condition) == "凡类型为甲类的，须合格"


def test_not(tmp_path: Path) -> None:
    condition = "{非: {类型: 为 甲类, 合格: 是}}"
    engine = Small("10万元", {"xx.1": "不合格的甲类除外，给予10万元。"}, condition=condition).engine(tmp_path)
    assert judge(engine, {"类型": "甲类", "合格": "是"}).status == "ineligible"
    assert judge(engine, {"类型": "乙类"}).status == "eligible"
    assert missing(judge(engine)) == ["类型", "合格"]


def test_a_term_that_must_be_complete(tmp_path: Path) -> None:
    text = {"xx.1": "成立满两年的，给予10万元。"}
    engine = Small("10万元", text, condition="{成立日: 满 2年}").engine(tmp_path)
    assert judge(engine, {"成立日": "2024-03-02"}).status == "eligible"
    assert judge(engine, {"成立日": "2024-03-03"}).status == "ineligible"
    leap = {"成立日": "2024-02-29"}
    assert judge(engine, leap, on=date(2026, 2, 27)).status == "ineligible"
    assert judge(engine, leap, on=date(2026, 2, 28)).status == "eligible"
    assert missing(judge(engine)) == ["成立日"]


DEADLINE = "    时限: {起: 上市日, 内: 60个工作日, 逾期: 视为放弃, 依据: xx.2}\n"
DEADLINE_TEXT = {"xx.1": "给予10万元。", "xx.2": "上市后60个工作日内申请，逾期视为放弃。"}


def test_a_deadline_in_working_days(tmp_path: Path) -> None:
    engine = Small("10万元", DEADLINE_TEXT, benefit=DEADLINE).engine(tmp_path)
    facts = {"上市日": "2026-03-02"}
    # 3 March is the first day; 1 May is off and 9 May (a Saturday) is worked, so the 60th is 25 May
    on_last, after = judge(engine, facts, on=date(2026, 5, 25)), judge(engine, facts, on=date(2026, 5, 26))
    assert (on_last.status, after.status) == ("eligible", "ineligible")
    assert on_last.deadline is not None and on_last.deadline.day == date(2026, 5, 25)
    assert (on_last.deadline.provisional, on_last.deadline.days_left, on_last.deadline.clause) == (False, 0, "xx.2")
    assert ("xx.2", "fails") in [line[1:] for line in lines(after)]
    assert missing(judge(engine)) == ["上市日"]


def test_a_deadline_past_the_published_years_is_said_to_be_provisional(tmp_path: Path) -> None:
    engine = Small("10万元", DEADLINE_TEXT, benefit=DEADLINE).engine(tmp_path)
    facts = {"上市日": "2026-12-01"}
    soon = judge(engine, facts, on=date(2026, 12, 30))
    assert soon.status == "eligible" and soon.deadline is not None and soon.deadline.provisional
    near = judge(engine, facts, on=date(2027, 3, 1))
    assert (near.status, missing(near)) == ("unknown", ["2027年节假日安排"])
    assert judge(engine, facts, on=date(2028, 1, 3)).status == "ineligible"


# --- what is not asked of the applicant ---------------------------------------------------------------------------


def test_a_verdict_is_reviewed_not_asked(tmp_path: Path) -> None:
    engine = Small("10万元", {"xx.1": "经评定的给予10万元。"}, condition="{评定: 是}").engine(tmp_path)
    answer = judge(engine)
    assert answer.status == "review"
    assert [(m.kind, m.who) for m in answer.missing] == [("verdict", "示例局")]
    assert answer.amount_fen is None
    assert judge(engine, {"评定": "是"}).amount_fen == 10 * WAN
    assert judge(engine, {"评定": "否"}).status == "ineligible"


def test_a_gap_in_the_text_is_decided_by_somebody(tmp_path: Path) -> None:
    condition = "[{合格: 是}, {人工认定: 怎样算，原文未写, 由: 示例局}]"
    engine = Small("10万元", {"xx.1": "合格的给予10万元。"}, condition=condition).engine(tmp_path / "a")
    assert judge(engine).status == "unknown"
    assert judge(engine, {"合格": "是"}).status == "review"
    assert judge(engine, {"合格": "否"}).status == "ineligible"
    give = "{人工认定: 是否重复，原文未写, 由: 示例局, 可能: [10万元, 不予]}"
    either = Small(give, {"xx.1": "给予10万元。"}).engine(tmp_path / "b")
    assert (judge(either).status, *ends(judge(either))) == ("review", "up_to", None, 10 * WAN)
    assert either.rules[0].kinds == {"up_to"}
    two = Small(give.replace("不予", "20万元"), {"xx.1": "给予10万元或20万元。"}).engine(tmp_path / "c")
    assert ends(judge(two)) == ("range", 10 * WAN, 20 * WAN)


def test_a_parameter_without_a_value_for_the_date_is_unknown(tmp_path: Path) -> None:
    condition = "{投资额: 超过 平均工资 的 3倍}"
    engine = Small("10万元", {"xx.1": "超过平均工资的3倍的，给予10万元。"}, condition=condition).engine(tmp_path)
    rich = {"投资额": "40万元"}
    last_year = judge(engine, rich, on=date(2025, 6, 1))
    assert last_year.status == "eligible"
    assert judge(engine, {"投资额": "30万元"}, on=date(2025, 6, 1)).status == "ineligible"
    first_and_last = (judge(engine, rich, on=day).status for day in (date(2025, 1, 1), date(2025, 12, 31)))
    assert list(first_and_last) == ["eligible", "eligible"]
    now = judge(engine, rich)
    assert (now.status, [m.kind for m in now.missing], missing(now)) == ("unknown", ["parameter"], ["平均工资"])


def test_a_reading_can_be_switched_and_says_what_it_would_change(tmp_path: Path) -> None:
    give = "{按读法: xx.alike, 取: 10万元, 另: 8万元}"
    engine = Small(give, {"xx.1": "给予10万元或8万元。"}).engine(tmp_path)
    answer = judge(engine)
    assert answer.amount_fen == 10 * WAN and answer.reading_words == "口径待主管部门确认"
    assert [(r.id, "8万元" in r.effect) for r in answer.readings] == [("xx.alike", True)]
    assert "另一读法：8万元" in phrase(engine.rules[0].give)


# --- around the forms -------------------------------------------------------------------------------------------


def test_a_limit_in_money_caps_by_what_is_left_and_one_in_years_ends_it(tmp_path: Path) -> None:
    sections = (
        "限额:\n  - {名: 每年限额, 依据: xx.2, 对: [award], 不超过: 100万元, 已领: 已领}\n"
        "  - {名: 年限, 依据: xx.3, 对: [award], 不超过: 2年, 已领: 领过年限}\n"
    )
    text = {"xx.1": "按投资额的5%给予。", "xx.2": "每年不超过100万元。", "xx.3": "不超过2年。"}
    engine = Small("投资额 的 5%", text, sections=sections).engine(tmp_path)
    big = {"投资额": "2000万元"}
    assert judge(engine, big, awards=[]).amount_fen == 100 * WAN
    before = [Award("xx", "award", 30 * WAN, date(2026, 1, 5))]
    assert judge(engine, big, awards=before).amount_fen == 70 * WAN
    years = [Award("xx", "award", WAN, date(year, 1, 5)) for year in (2024, 2025)]
    ended = judge(engine, big, awards=years)
    assert ended.status == "ineligible" and ("xx.3", "fails") in [line[1:] for line in lines(ended)]
    assert judge(engine, big, awards=years[:1]).amount_fen == 100 * WAN
    assert missing(judge(engine, big)) == ["领过年限", "已领"]


def test_general_conditions_bind_unless_spared(tmp_path: Path) -> None:
    sections = "总则:\n  - {名: 须合格, 依据: xx.2, 条件: {合格: 是}}\n  - {名: 须在册, 依据: xx.2, 条件: {在册: 是}}\n"
    text = {"xx.1": "给予10万元。", "xx.2": "申请人应合格并在册。"}
    engine = Small("10万元", text, sections=sections, benefit="    豁免: [须在册]\n").engine(tmp_path)
    assert judge(engine, {"合格": "是"}).status == "eligible"
    refused = judge(engine, {"合格": "否"})
    assert refused.status == "ineligible" and lines(refused) == [
        ("“合格”一项为否，本项要求合格：不符合", "xx.2", "fails")
    ]


def test_a_definition_is_opened_where_it_is_used(tmp_path: Path) -> None:
    sections = (
        "定义:\n  - {名: 得分甲, 依据: xx.2, 指标: true, 量: {阶梯: 人数, 界: '[10] 人', 得: '[1, 3] 分'}}\n"
        "  - {名: 达标, 依据: xx.2, 条件: {得分甲: 不低于 3分}}\n"
    )
    text = {"xx.1": "达标的给予10万元。", "xx.2": "人数不足10人得1分，10人以上得3分，不低于3分为达标。"}
    engine = Small("10万元", text, sections=sections, condition="{达标: 是}").engine(tmp_path)
    assert judge(engine, {"人数": 10}).status == "eligible"
    assert judge(engine, {"人数": 9}).status == "ineligible"
    assert missing(judge(engine)) == ["人数"]
    indicator = judge(engine, {"人数": 12}).indicators[0]
    assert (indicator.name, indicator.value, indicator.bound, indicator.score) == ("人数", "12人", "10人以上", 3)


def test_an_indicator_of_another_kind_of_project_is_not_shown(tmp_path: Path) -> None:
    sections = (
        "定义:\n  - {名: 人数核对, 依据: xx.2, 指标: true, 条件: {凡: {当: {在册: 是}, 须: {人数: 不低于 10人}}}}\n"
    )
    text = {"xx.1": "达标的给予10万元。", "xx.2": "在册的，人数不低于10人。"}
    engine = Small("10万元", text, sections=sections, condition="{人数核对: 是}").engine(tmp_path)
    assert judge(engine, {"在册": "否"}).indicators == ()
    (short,) = judge(engine, {"在册": "是", "人数": 9}).indicators
    assert (short.name, short.value, short.bound, short.passed) == ("人数", "9人", "不低于10人", False)
    (open_,) = judge(engine, {"人数": 9}).indicators
    assert (open_.name, open_.passed, "凡在册" in open_.bound) == ("人数", None, True)


def test_a_declared_most_is_never_printed_as_an_end(tmp_path: Path) -> None:
    engine = Small("席位 每1个 1万元", {"xx.1": "每1个席位1万元。"}).engine(tmp_path)
    assert ends(judge(engine)) == ("computed", None, None)
    assert judge(engine, {"席位": 40}).amount_fen == 40 * WAN


def test_on_a_date_before_the_text_is_known_nothing_is_said_of_it(tmp_path: Path) -> None:
    engine = Small("10万元", {"xx.1": "给予10万元。"}).engine(tmp_path)
    early = judge(engine, on=date(2024, 1, 31))
    assert (early.status, early.figure, early.max_fen, missing(early)) == (
        "unknown",
        None,
        None,
        ["当时有效的政策文本"],
    )
    assert judge(engine, on=date(2024, 2, 1)).status == "eligible"
