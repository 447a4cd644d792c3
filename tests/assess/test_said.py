"""One maker of what was stated, asked and missing (FOUND 17, 18, 25, 26, 28, 73): over every form, example and unknown."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers
from pinggu_desk.policy import say, sayways
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.quantity import Dim
from pinggu_desk.policy.reading import phrase
from pinggu_desk.policy.roots import roots
from tests.assess.generated import Case, cases, engine, pack
from tests.assess.packs import ON, Small, judge
from tests.assess.wording import faults, faults_of

TEXT = {"xx.1": "符合条件的给予10万元。"}
WAN = 1_000_000


def fails(condition: str, given: dict[str, object], tmp_path: Path, text: str = "") -> list[str]:
    engine = Small("10万元", {"xx.1": text or TEXT["xx.1"]}, condition=condition).engine(tmp_path)
    answer = judge(engine, given)
    assert answer.status == "ineligible"
    return [say.bare(line.text) for line in answer.trace if line.mark == "fails"]


@pytest.mark.parametrize(
    ("condition", "given", "said"),
    [
        ("{投资额: 不低于 1000万元}", {"投资额": "600万元"}, "投资额600万元，应不低于1000万元，差400万元"),
        ("{投资额: 超过 1000万元}", {"投资额": "1000万元"}, "投资额1000万元，应超过1000万元，没有超过"),
        ("{投资额: 不超过 50万元}", {"投资额": "60万元"}, "投资额60万元，应不超过50万元，超出10万元"),
        ("{人数: 不低于 10人}", {"人数": 9}, "人数9人，应不低于10人，差1人"),
        ("{已领: 为 0元}", {"已领": "500万元"}, "已领500万元，本项要求没有领过"),
        ("{在册: 否}", {"在册": "是"}, "在册：是，本项只适用于不在册的"),
        ("{类型: 为 甲类、乙类}", {"类型": "丙类"}, "类型：丙类，本项要求甲类、乙类之一"),
        ("{非: {类型: 为 丙类}}", {"类型": "丙类"}, "类型：丙类，本项不给予这一类"),
        ("{非: {投资额: 不低于 1000万元}}", {"投资额": "1000万元"}, "投资额1000万元，应低于1000万元，已达到"),
        ("{成立日: 满 1年}", {"成立日": "2025-03-03"}, "成立日2025年3月3日，应满1年，到2026年3月3日才满"),
        ("{上市日: 不晚于 判断日}", {"上市日": "2026-03-03"},
         "上市日2026年3月3日，应不晚于判断日2026年3月2日，还没有到这一天"),
        ("{入选率: 不低于 20%}", {"入选率": "12%"}, "入选率12%，应不低于20%，差8个百分点"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_was_stated_what_is_asked_and_the_difference(
    condition: str, given: dict[str, object], said: str, tmp_path: Path
) -> None:
    """FOUND 25, 73."""
    text = re.sub("[{}: ]", "", condition).replace("为0元", "没有领过")
    assert fails(condition, given, tmp_path, f"{text}的，给予10万元。") == [said]


def test_a_share_of_a_count_says_what_it_takes(tmp_path: Path) -> None:
    """FOUND 15, 26: 40% of 8 persons is 3.2, which takes four."""
    (said,) = fails("{席位: 不低于 人数 的 40%}", {"席位": 3, "人数": 8}, tmp_path, "席位不低于人数的40%的给予10万元。")
    assert said == "席位3个，应不低于人数的40%（8人的40%为3.2个，至少4个），差1个"


def test_alternatives_that_all_fail_stand_in_one_line_numbered_once(tmp_path: Path) -> None:
    """FOUND 25, 28: no （1）…（2）…（1）."""
    condition = "{任一: [{合格: 是}, {任一: [{投资额: 不低于 300万元}, {人数: 不低于 10人}]}]}"
    (said,) = fails(condition, {"合格": "否", "投资额": 299, "人数": 9}, tmp_path, "300万元，10人，给予10万元。")
    assert said.startswith("以下之一即可，均未达到：（1）")
    assert "（3）" in said and not faults(said)


def test_what_is_for_another_kind_of_applicant_is_an_exception_and_no_demand(tmp_path: Path) -> None:
    """FOUND 25: never 应为新三板创新层 to a firm whose fault is elsewhere."""
    condition = "{任一: [{合格: 是}, {类型: 为 乙类, 在册: 是}]}"
    (said,) = fails(condition, {"合格": "否", "类型": "甲类", "在册": "否"}, tmp_path)
    assert said == "“合格”一项为否，本项要求合格（类型为乙类的，另有条件）"


def test_an_open_alternative_shows_the_failed_one_too(tmp_path: Path) -> None:
    """FOUND 17: 任一 with one failed and one open branch."""
    condition = "{任一: [{投资额: 不低于 300万元}, {合格: 是}]}"
    engine = Small("10万元", {"xx.1": "300万元或者合格，给予10万元。"}, condition=condition).engine(tmp_path)
    answer = judge(engine, {"投资额": 299})
    (line,) = [line for line in answer.trace if line.mark == "open"]
    assert "投资额299万元，应不低于300万元，差1万元" in line.text and "合格（待补充）" in line.text


def test_of_many_ways_what_all_fail_by_stands_first_then_the_nearest_and_the_others_are_counted(tmp_path: Path) -> None:
    """FOUND 25: one line of up to twelve compound ways was read by nobody."""
    ways = [f"{{合格: 是, 席位: 不低于 {seats}个}}" for seats in range(39, 30, -1)]
    condition = f"{{任一: [{', '.join(ways)}, {{合格: 是, 人数: 不低于 10人}}]}}"
    words = "、".join(f"{seats}个" for seats in range(39, 30, -1))
    said = fails(condition, {"合格": "否", "席位": 30, "人数": 1}, tmp_path, f"席位{words}，10人，给予10万元。")
    assert said[0] == "“合格”一项为否，本项要求合格" and len(said) == 2
    assert said[1].startswith("以下之一即可，均未达到：（1）席位30个，应不低于31个，差1个；（2）席位30个，应不低于32个")
    assert said[1].endswith("；其他4种情形也未达到") and "（7）" not in said[1] and "合格" not in said[1]


def test_a_line_shows_all_that_it_rests_on(tmp_path: Path) -> None:
    """FOUND 18: never only the first of several citations."""
    condition = "{依据: [xx.1, xx.2], 合格: 是}"
    engine = Small("10万元", {**TEXT, "xx.2": "申请人应当合格。"}, condition=condition).engine(tmp_path)
    lines = [line for line in judge(engine, {"合格": "是"}).trace if line.mark == "holds"]
    assert lines[0].clauses == ("xx.1", "xx.2")


def test_months_are_told_as_months_and_one_line_has_one_unit(tmp_path: Path) -> None:
    """FOUND 26: 6000元/月 × 12个月, not 6000元 × 1年 = 7.2万元."""
    engine = Small("{按: 6000元, 乘: 租期}", {"xx.1": "每月给予6000元。"}).engine(tmp_path)
    (line,) = judge(engine, {"租期": 12}).trace
    assert line.text == "6000元/月 × 12个月（租期） = 72,000元"


def test_a_figure_that_comes_to_nought_says_why(tmp_path: Path) -> None:
    """FOUND 73: a refusal without its reason."""
    engine = Small("{按: 100万元, 扣减: 已领}", {"xx.1": "补足100万元的差额。"}).engine(tmp_path)
    refused = judge(engine, {"已领": "100万元"})
    assert [say.bare(t.text) for t in refused.trace if t.mark == "fails"] == [
        "已领100万元，已达到本项可得的100万元，可得金额为 0元"
    ]


# --- why something is not given, in one line ---


def test_a_ground_in_one_line_names_the_nearest_way_and_counts_the_others(tmp_path: Path) -> None:
    """Issue 10: grounds for each refusal in one line each, what was stated and what is asked in it."""
    condition = "{类型: 为 甲类、乙类, 任一: [{投资额: 不低于 300万元}, {人数: 不低于 10人}, {合格: 是}]}"
    text = {"xx.1": "甲类、乙类，300万元，10人，给予10万元。"}
    engine = Small("10万元", text, condition=condition).engine(tmp_path)
    one = judge(engine, {"合格": "否", "投资额": 299, "人数": 9, "类型": "甲类"})
    assert one.ground_line == "投资额299万元，应不低于300万元，差1万元（其他2种情形也未达到）"
    both = judge(engine, {"合格": "否", "投资额": 299, "人数": 9, "类型": "丙类"})
    assert both.ground_line.startswith("类型：丙类，本项要求甲类、乙类之一；投资额299万元，应不低于300万元，差1万元")
    assert both.ground_clauses == ("xx.1",)
    assert judge(engine, {"合格": "是", "类型": "甲类"}).ground_line == ""


def test_ways_within_the_nearest_way_are_counted_with_the_others() -> None:
    """One ending, not two: …没有超过（其他12种情形也未达到）（另一种情形也未达到）."""
    inner = sayways.nearest_way(["人数9人，应不低于10人，差1人"], 12)
    assert sayways.nearest_way([inner], 1) == "人数9人，应不低于10人，差1人（其他13种情形也未达到）"
    two = sayways.nearest_way([sayways.nearest_way(["人数9人"], 1)], 1)
    assert two == "人数9人（其他2种情形也未达到）"
    assert sayways.nearest_way([inner], 0) == inner


def test_of_more_grounds_than_a_line_holds_the_rest_are_counted() -> None:
    grounds = [f"指标{number}为{number}人，应不低于100人，差{100 - number}人" for number in range(1, 8)]
    said = sayways.in_one_line(grounds)
    assert said.startswith(f"{grounds[0]}；{grounds[1]}") and said.endswith("；另有5项不符合")
    assert sayways.in_one_line(["很长" * 60]) == "很长" * 60 and sayways.in_one_line([]) == ""


def test_of_many_options_a_ground_names_some_and_says_how_many() -> None:
    options = [f"第{number}种申报主体" for number in range(1, 13)]
    said = say.chosen_shortly("申报主体性质", "其他", options, True, "fails")
    assert len(said) <= say.LINE and "等12类" in said
    assert say.chosen_shortly("类型", "丙", ["甲", "乙"], True, "fails") == say.chosen(
        "类型", "丙", ["甲", "乙"], True, "fails"
    )


# --- every rule of the pack ---


@pytest.mark.parametrize("policy", list(pack().policies))
def test_with_nothing_known_every_benefit_reads_without_a_fault(policy: str) -> None:
    wrong = [fault for d in determine(engine(), Answers(ON), [policy]) for fault in faults_of(d)]
    assert not wrong, "\n".join(wrong[:20])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_any_case_reads_without_a_fault(case: Case) -> None:
    wrong = [fault for d in determine(engine(), case.answers(), [case.policy]) for fault in faults_of(d)]
    assert not wrong, "\n".join(wrong[:20])


# --- facts ---


def every_fact() -> list[Fact]:
    return list(pack().facts.values())


def test_a_question_asks_positively() -> None:
    """FOUND 28: no 是否没有、是否不属于、是否从未."""
    denials = ("是否没有", "是否不", "是否未", "是否从未", "是否非", "是否无", "是否都没有")
    asked = [fact.question for fact in every_fact() if not fact.decided_by]
    assert not [question for question in asked if any(denial in question for denial in denials)]


def test_a_no_reads_as_a_sentence_that_is_not_its_yes() -> None:
    """FOUND 25: 否，应为是 said of what cannot be changed."""
    for fact in every_fact():
        if fact.dim is Dim.TRUTH:
            said, refused = say.no_words(fact), say.answered(fact, True, "fails")
            assert said and said != fact.name, (fact.name, said)
            asked = f"{fact.decided_by}的认定是" if fact.decided_by else "本项要求"
            assert asked in refused and not faults(refused), (fact.name, refused)
            assert "一项为否" not in said, f"{fact.name}: its No is to be said in words (否说)"


def test_a_count_is_a_whole_number() -> None:
    """FOUND 26: 1.5人."""
    from pinggu_desk.policy.errors import BadAnswer
    from pinggu_desk.policy.facts import read_answer

    for fact in every_fact():
        if fact.dim is Dim.COUNT and not fact.least:
            with pytest.raises(BadAnswer, match="须为整数"):
                read_answer(fact, "1.5")


def test_a_future_listing_is_refused_with_its_reason() -> None:
    """FOUND 73."""
    values: dict[str, int | str] = {"上市挂牌日": date(2026, 12, 25).toordinal()}
    found = {d.benefit: d for d in determine(engine(), Answers(date(2026, 11, 29), values), ["ss"])}
    reasons = [line.text for line in found["ss.main"].trace if line.mark == "fails"] if "ss.main" in found else []
    reasons = reasons or [t.text for d in found.values() for t in d.trace if t.mark == "fails"]
    assert any("还没有到这一天" in reason for reason in reasons)


@pytest.mark.parametrize("policy", list(pack().policies))
def test_the_reading_of_every_rule_is_numbered_once_and_denies_no_quotation(policy: str) -> None:
    """FOUND 25, 28: what F1 and the sign-off say of a rule."""
    for root, _, _ in roots(pack().policies[policy]):
        words = phrase(root)
        assert "并非" not in words
        assert not re.search("（1）[^；]*（1）", words), words
