"""What other districts' texts need said: whole steps, a floor, days between dates, growth, so many of these, per mille."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.engine import Engine
from pinggu_desk.assess.measures import _day, _length, _month
from pinggu_desk.policy.dates import add_months
from pinggu_desk.policy.errors import BadPack
from pinggu_desk.policy.outline import outline
from pinggu_desk.policy.pack import load_pack
from pinggu_desk.policy.reading import phrase
from tests.assess.packs import Small, judge, missing

WAN = 1_000_000  # fen


def told(answer: Determination) -> list[str]:
    return [line.text for line in answer.trace]


@pytest.mark.parametrize(("way", "given", "over"), [("舍去", 3, 4), ("进位", 4, 4), ("四舍五入", 3, 4)])
def test_a_sum_in_whole_steps(tmp_path: Path, way: str, given: int, over: int) -> None:
    engine = Small(f"{{按: 投资额 的 5%, 取整: 万元 {way}}}", {"xx.1": "按投资额的5%给予补助，按万元取整。"}).engine(
        tmp_path
    )
    assert judge(engine, {"投资额": "60万元"}).amount_fen == 3 * WAN  # a whole step stays one
    assert judge(engine, {"投资额": "60.2万元"}).amount_fen == given * WAN  # 3.01万元
    assert judge(engine, {"投资额": "79.8万元"}).amount_fen == (over if way != "舍去" else 3) * WAN  # 3.99万元
    assert judge(engine, {"投资额": "70万元"}).amount_fen == (3 if way == "舍去" else 4) * WAN  # 3.5万元, half up
    assert missing(judge(engine)) == ["投资额"]
    lines = told(judge(engine, {"投资额": "60.2万元"}))
    assert (
        lines[0] == "投资额（60.2万元） × 5% = 3.01万元"
        and lines[1].startswith("按万元取整（")
        and f"计{given}万元" in lines[1]
    )


def test_a_floor_and_a_ceiling_of_one_award(tmp_path: Path) -> None:
    engine = Small(
        "{按: 投资额 的 5%, 保底: 5万元, 封顶: 50万元}", {"xx.1": "按投资额的5%给予补助，最低5万元，最高50万元。"}
    ).engine(tmp_path)
    sums = [("99万元", 5), ("100万元", 5), ("101万元", 5.05), ("1000万元", 50), ("1001万元", 50)]
    assert [judge(engine, {"投资额": at}).amount_fen for at, _ in sums] == [round(due * WAN) for _, due in sums]


def test_per_mille_is_a_rate(tmp_path: Path) -> None:
    engine = Small("投资额 的 3‰", {"xx.1": "按投资额的3‰给予补助。"}).engine(tmp_path)
    answer = judge(engine, {"投资额": "100万元"})
    assert answer.amount_fen == 300_000
    assert told(answer) == ["投资额（100万元） × 3‰ = 3000元"]


def test_a_rule_rounds_to_the_thousand_that_a_text_says(tmp_path: Path) -> None:
    engine = Small(
        "{按: 投资额 的 5‰, 取整: 千元 舍去}", {"xx.1": "按投资额的5‰给予奖励，按千元取整，不足千元的舍去。"}
    ).engine(tmp_path)
    sums = {"39.99万元": 1_000, "40万元": 2_000, "59.99万元": 2_000}
    assert {at: (judge(engine, {"投资额": at}).amount_fen or 0) // 100 for at in sums} == sums


def test_two_of_three_may_be_printed_in_characters(tmp_path: Path) -> None:
    """“下列三项中的两项” was refused as a number that no sentence has, in the manual's own words."""
    condition = "{至少: 2项, 其中: [{合格: 是}, {在册: 是}, {类型: 为 甲类}]}"
    words = {"xx.1": "符合下列三项中的两项的，奖励10万元。"}
    engine = Small("10万元", words, condition=condition).engine(tmp_path / "a")
    assert judge(engine, {"合格": "是", "在册": "是"}).status == "eligible"
    with pytest.raises(BadPack, match="number-invented"):
        Small("10万元", {"xx.1": "符合下列四项中的三项的，奖励10万元。"}, condition=condition).engine(tmp_path / "b")


def test_a_yearly_limit_over_what_is_had_from_everywhere_is_asked_for(tmp_path: Path) -> None:
    """A limit of several benefits over what all levels gave: the register knows a part of it, so the applicant is asked."""
    small = Small(
        "{按: 投资额 的 10%}", {"xx.1": "按投资额的10%给予奖励，全年从各级财政获得的合计不超过60万元。"},
        sections="限额:\n  - {名: 全年各级, 依据: xx.1, 对: [award], 不超过: 60万元, 已领: 各级已得}\n",
        extra_facts="- {名: 各级已得, 代号: from_all, 类: 金额, 问: 全年已从各级财政得到多少, 旧值: 当年}\n",
    )  # fmt: skip
    facts = small.write(tmp_path) / "facts.yaml"  # the small pack adds what its own word 已领 counts
    facts.write_text(
        "\n".join(line for line in facts.read_text("utf-8").splitlines() if "received" not in line), "utf-8"
    )
    engine = Engine(load_pack(tmp_path))
    assert missing(judge(engine, {"投资额": "500万元"})) == ["各级已得"]
    assert judge(engine, {"投资额": "500万元", "各级已得": "0元"}).amount_fen == 50 * WAN
    assert judge(engine, {"投资额": "500万元", "各级已得": "35万元"}).amount_fen == 25 * WAN
    assert judge(engine, {"投资额": "500万元", "各级已得": "60万元"}).status == "ineligible"


def test_a_figure_in_the_working_is_said_once(tmp_path: Path) -> None:
    """Issue 13, left by an officer alone: the annex had “× 1%（1%）”; no form doubles what is its own value."""
    told_of = {
        "{按: 投资额, 乘: 1%}": ("按投资额的1%给予。", "投资额（100万元） × 1% = 1万元"),
        "{按: 投资额, 乘: 5‰}": ("按投资额的5‰给予。", "投资额（100万元） × 5‰ = 5000元"),
        "{按: 投资额, 乘: 2倍}": ("按投资额的2倍给予。", "投资额（100万元） × 2倍 = 200万元"),
        "100万元 的 5%": ("按100万元的5%给予。", "100万元 × 5% = 5万元"),
        "{按: 投资额, 扣减: 10万元}": ("按投资额减去10万元给予。", "减去10万元，余90万元"),
        "{按: 6000元, 乘: 6个月}": ("每月6000元，给予6个月。", "6000元/月 × 6个月 = 36,000元"),
        "{按: 3000元, 乘: 5人}": ("每人3000元，给予5人。", "3000元 × 5人 = 15,000元"),
        "{按: 投资额, 乘: 入选率}": ("按投资额和入选率给予。", "投资额（100万元） × 20%（入选率） = 20万元"),
    }
    for number, (give, (words, line)) in enumerate(told_of.items()):
        engine = Small(give, {"xx.1": words}).engine(tmp_path / str(number))
        facts = {name: value for name, value in (("投资额", "100万元"), ("入选率", "20%")) if name in engine.pack.facts}
        assert told(judge(engine, facts))[-1] == line


def test_days_between_two_dates_leave_the_first_out(tmp_path: Path) -> None:
    engine = Small(
        "{按: 100元, 乘: {自: 成立日, 至: 上市日, 计: 天数}}", {"xx.1": "自成立至上市每天给予100元。"}
    ).engine(tmp_path)
    assert judge(engine, {"成立日": "2025-01-06", "上市日": "2025-04-07"}).amount_fen == 91 * 10_000
    assert judge(engine, {"成立日": "2025-01-06", "上市日": "2025-01-06"}).status == "ineligible"
    assert judge(engine, {"成立日": "2025-01-06", "上市日": "2025-01-05"}).status == "ineligible"
    assert missing(judge(engine, {"成立日": "2025-01-06"})) == ["上市日"]
    assert "自成立日至上市日的天数" in phrase(engine.rules[0].give)


@given(st.dates(date(1960, 1, 1), date(2100, 1, 1)), st.integers(0, 400), st.integers(-40, 40))
def test_months_are_complete_just_when_the_term_is(start: date, count: int, days: int) -> None:
    """The same as ``add_months`` counts a term: complete from its last day on, and not the day before."""
    end = max(add_months(start, count) + timedelta(days), start)
    a, b = start.toordinal(), end.toordinal()
    months = _month(b) - _month(a) - (_day(b) < min(_day(a), _length(b)))
    assert add_months(start, months) <= end < add_months(start, months + 1)


def growth(tmp_path: Path, word: str) -> Engine:
    return Small(
        "10万元",
        {"xx.1": f"营收同比增长{word}20%的，奖励10万元。"},
        condition=f"{{比: {{同比: [营收, 上年营收]}}, {word}: 20%}}",
    ).engine(tmp_path)


def test_growth_is_held_against_its_bound_without_division(tmp_path: Path) -> None:
    at_least, above = growth(tmp_path / "a", "不低于"), growth(tmp_path / "b", "超过")
    before = {"上年营收": "3333.33元"}  # 20 % more is 3999.996元
    for now, least, more in (("3999.99元", False, False), ("4000.00元", True, True)):
        assert (judge(at_least, {"营收": now, **before}).status == "eligible") is least
        assert (judge(above, {"营收": now, **before}).status == "eligible") is more
    even = {"营收": "120万元", "上年营收": "100万元"}
    assert (judge(at_least, even).status, judge(above, even).status) == ("eligible", "ineligible")
    assert judge(above, {"营收": "120.01万元", "上年营收": "100万元"}).status == "eligible"  # 20.01 %
    assert judge(above, {"营收": "1200000.01元", "上年营收": "100万元"}).status == "eligible"  # by one fen
    assert missing(judge(at_least, {"营收": "120万元"})) == ["上年营收"]
    short = told(judge(at_least, {"营收": "115万元", "上年营收": "100万元"}))
    assert any("增长率" in line and "15%" in line and "20%" in line for line in short), short


def test_growth_from_nought_is_nothing_that_a_rule_may_divide_by(tmp_path: Path) -> None:
    with pytest.raises(BadPack, match="上期为零"):
        Small("10万元", {"xx.1": "营收同比增长20%的。"}, condition="{比: {同比: [营收, 投资额]}, 不低于: 20%}").engine(
            tmp_path
        )


@pytest.fixture
def some(tmp_path: Path) -> Engine:
    return Small(
        "10万元",
        {"xx.1": "合格、在册、超过10人三项中符合2项的，奖励10万元。"},
        condition="{至少: 2项, 其中: [{合格: 是}, {在册: 是}, {人数: 超过 10人}]}",
    ).engine(tmp_path)


def test_two_of_three_hold_fail_or_are_open(some: Engine) -> None:
    assert judge(some, {"合格": "是", "在册": "是"}).status == "eligible"  # the third no longer matters
    assert judge(some, {"合格": "否", "在册": "否"}).status == "ineligible"
    assert judge(some, {"合格": "否", "在册": "是", "人数": "11人"}).status == "eligible"
    assert judge(some, {"合格": "否", "在册": "是", "人数": "10人"}).status == "ineligible"
    half = judge(some, {"合格": "是"})
    assert (half.status, sorted(missing(half))) == ("unknown", sorted(["在册", "人数"]))


def test_two_of_three_say_how_many_and_which(some: Engine) -> None:
    assert phrase(some.rules[0].condition) == "以下3项中至少符合2项：（1）合格；（2）在册；（3）人数超过10人"
    assert [line.words for line in outline(some.rules[0].condition)][1:] == [
        "1. 以下3项中至少符合2项：", "（1）合格", "（2）在册", "（3）人数超过10人",
    ]  # fmt: skip
    refused = told(judge(some, {"合格": "是", "在册": "否", "人数": "10人"}))
    assert refused[0].startswith("以下3项中应至少符合2项，现符合1项"), refused
    assert len(refused) >= 3 and any("10人" in line for line in refused), refused
    held = told(judge(some, {"合格": "是", "在册": "否", "人数": "11人"}))
    assert not any("在册" in line for line in held), held


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("{至少: 1项, 其中: [{合格: 是}, {在册: 是}, {人数: 超过 10人}]}", "任一"),
        ("{至少: 3项, 其中: [{合格: 是}, {在册: 是}, {人数: 超过 10人}]}", "全部"),
        ("{至少: 2项, 其中: [{合格: 是}, {在册: 是}]}", "三个以上"),
        ("{至少: 2万元, 其中: [{合格: 是}, {在册: 是}, {人数: 超过 10人}]}", "项数"),
    ],
)
def test_so_many_that_is_said_wrongly_is_told_what_would_be_right(tmp_path: Path, wrong: str, says: str) -> None:
    with pytest.raises(BadPack, match=says):
        Small("10万元", {"xx.1": "两项。"}, condition=wrong).engine(tmp_path)


@pytest.mark.parametrize("step", ["万元", "万元 抹零", "5 舍去", "1人 舍去"])
def test_whole_steps_that_are_said_wrongly_are_refused(tmp_path: Path, step: str) -> None:
    with pytest.raises(BadPack):
        Small(f"{{按: 投资额 的 5%, 取整: {step}}}", {"xx.1": "按投资额的5%给予。"}).engine(tmp_path)
