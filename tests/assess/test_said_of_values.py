"""What is said of values that are open, used up or of another kind than money (FOUND 25–28): the fuller half of ``test_said``."""

from __future__ import annotations

from pathlib import Path

import pytest

from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, read_answers
from pinggu_desk.assess.present import result_words
from pinggu_desk.policy import say
from pinggu_desk.policy.quantity import Dim
from tests.assess.generated import engine, pack
from tests.assess.packs import ON, Small, judge
from tests.assess.test_said import fails
from tests.assess.wording import faults

EACH = {"xx.1": "每个席位给予10万元。"}


def test_the_most_that_a_field_takes_is_no_figure(tmp_path: Path) -> None:
    """FOUND 25 (未填是上限): a working said 最高400万元 of seats that nobody had stated."""
    engine = Small("{按: 10万元, 乘: 席位}", EACH).engine(tmp_path)
    open_, known = judge(engine), judge(engine, {"席位": 3})
    assert [line.text for line in open_.trace] == ["10万元/个 × 席位（未填）"]
    assert [line.text for line in known.trace] == ["10万元/个 × 3个（席位） = 30万元"]
    assert open_.headline == "待补充后测算"


def test_a_range_of_months_has_one_unit(tmp_path: Path) -> None:
    """FOUND 26: 0个月至3年."""
    give = "{按: 1000元, 乘: {较低: [租期, {按: 3年, 扣减: 领过年限}]}}"
    engine = Small(give, {"xx.1": "每月给予1000元，最长3年。"}).engine(tmp_path)
    said = " ".join(line.text for line in judge(engine, {"租期": 40}).trace)
    assert "0个月至36个月" in said and "年）" not in said.replace("领过年限", "")


def test_what_may_be_had_so_often_says_so_and_not_lower_than(tmp_path: Path) -> None:
    """FOUND 25: 以前年度已享受…3年，应低于3年，已达到."""
    text = "领过年限低于3年的，给予10万元。"
    assert fails("{领过年限: 低于 3年}", {"领过年限": 3}, tmp_path / "a", text) == [
        "领过年限3年，应低于3年（本项最多3年，已满）"
    ]
    assert fails("{领过年限: 低于 3年}", {"领过年限": 4}, tmp_path / "b", text) == [
        "领过年限4年，应低于3年（本项最多3年，已超过）"
    ]
    engine = Small("10万元", {"xx.1": text}, condition="{领过年限: 低于 3年}").engine(tmp_path / "c")
    assert next(say.bare(line.text) for line in judge(engine, {"领过年限": 1}).trace) == "领过年限1年，低于3年"


def test_months_and_shares_that_are_used_up_are_no_sum_of_yuan() -> None:
    """FOUND 25: 已享受…月数3年，可得金额为 0元; LPR减150BP已达到本项可得的2%."""
    assert say.used_up("已享受月数3年", "本项可得的3年", Dim.MONTHS).endswith("没有剩余的月数，可得金额为 0元")
    assert say.used_up("LPR减150BP为2%", "贷款年利率2%", Dim.RATE).endswith("没有剩余的比例，可得金额为 0元")
    assert say.used_up("已领10万元", "本项可得的10万元", Dim.MONEY).endswith("的10万元，可得金额为 0元")


def test_a_bound_below_a_fen_says_what_it_takes(tmp_path: Path) -> None:
    """FOUND 15, 26: nobody can pay 0.005元."""
    text = "投资额不低于营收的50%的给予10万元。"
    (said,) = fails("{投资额: 不低于 营收 的 50%}", {"投资额": "0.01元", "营收": "0.05元"}, tmp_path, text)
    assert said == "投资额0.01元，应不低于营收的50%（0.05元的50%为0.025元），差0.02元"


def test_a_term_whose_beginning_is_not_stated_is_told_as_a_term(tmp_path: Path) -> None:
    """FOUND 25: 判断日2026年4月1日应不晚于上市日后1年（待定）."""
    condition = "{判断日: 不晚于 上市日 后 1年}"
    engine = Small("10万元", {"xx.1": "上市日后1年内申请的，给予10万元。"}, condition=condition).engine(tmp_path)
    lines = [say.bare(line.text) for line in judge(engine).trace if line.mark == "open"]
    assert lines == ["应在上市日后1年内办理（上市日未填）"]


def test_a_time_limit_says_what_has_to_be_done_within_it() -> None:
    """A year to mend and five days to approve are no terms to apply in; where nothing is said, it is the application."""
    found = {d.benefit: d for d in determine(engine(), Answers(ON, {}), ["jqzc", "gzjzz", "ss"])}
    told = {
        benefit: [line.text for line in found[benefit].trace if "后" in line.text and "未填" in line.text]
        for benefit in ("jqzc.rectify", "gzjzz.approval", "gzjzz.cancel", "ss.listing")
    }
    assert "应在集群注册区整改起始日后1年内整改达标（集群注册区整改起始日未填）" in "".join(told["jqzc.rectify"])
    assert "5个工作日内完成核准（" in "".join(told["gzjzz.approval"])
    assert "5天内申请注销（" in "".join(told["gzjzz.cancel"])
    assert "60个工作日内提出（" in "".join(told["ss.listing"])


def test_a_day_that_is_counted_from_an_unstated_one_names_that(tmp_path: Path) -> None:
    """FOUND 25: 开办补助期满前一日后1个工作日（待定）: a day that nobody can look up says which one it is counted from."""
    text = {"xx.1": "上市日后1年或者1个工作日以后申请的，给予10万元。"}
    for word in ("超过: 上市日 后 1年", "不早于: 上市日 后 1个工作日"):
        engine = Small("10万元", text, condition=f"{{判断日: {{{word}}}}}").engine(tmp_path / word[:2])
        (said,) = [say.bare(line.text) for line in judge(engine).trace if line.mark == "open"]
        assert said.endswith("（上市日未填）") and "待定" not in said


def test_a_verdict_that_is_no_is_told_as_whose_it_is(tmp_path: Path) -> None:
    """FOUND 25: 超龄培养对象不能列入，本项要求超龄培养对象可以列入."""
    text = "经评定的，给予10万元。"
    assert fails("{评定: 是}", {"评定": "否"}, tmp_path, text) == ["评定：示例局的认定是“否”"]


def test_a_yes_or_no_that_is_still_to_be_stated_reads_as_a_question(tmp_path: Path) -> None:
    """FOUND 28: 还缺：合格 reads as if the applicant were not fit; 还缺：合格（是否） asks."""
    engine = Small(
        "10万元", {"xx.1": "合格、投资额1元的，给予10万元。"}, condition="{合格: 是, 投资额: 不低于 1元}"
    ).engine(tmp_path)
    assert judge(engine).lacking() == ["还缺：合格（是否）、投资额"]
    assert [one.name for one in judge(engine).missing] == ["合格", "投资额"], "the fact itself keeps its name"


@pytest.mark.parametrize(
    ("name", "why", "said"),
    [
        ("平均工资", "平均工资（全年），办法引用而没有给出", "还缺外部参数：平均工资（全年），办法引用而没有给出"),
        ("平均工资", "办法引用而没有给出", "还缺外部参数：平均工资（办法引用而没有给出）"),
        ("平均工资", "", "还缺外部参数：平均工资"),
    ],
)
def test_an_outside_figure_is_named_once(name: str, why: str, said: str) -> None:
    """FOUND 25, 28: 平均工资（平均工资（全年），…）."""
    assert say.still_unknown(name, why) == said


def test_a_verdict_that_is_waited_for_is_its_question() -> None:
    """FOUND 28: brackets in brackets, and the same said twice."""
    assert (
        say.still_decided("示例局", "安家条件符合", "是否符合条件（原文未写）")
        == "由示例局认定：是否符合条件（原文未写）"
    )
    assert say.still_decided("示例局", "怎样计分", "怎样计分") == "由示例局认定：怎样计分"
    assert say.still_decided("", "名次", "按通知") == "由主管部门认定：名次（按通知）"


def test_what_another_reading_comes_to_is_no_bare_sum_while_something_is_open() -> None:
    """FOUND 25: 按另一读法：需补充信息，5万元（按条款计算）."""
    sum_ = 5_000_000
    assert result_words("eligible", "computed", Dim.MONEY, sum_, sum_) == "可申请，5万元（按条款计算）"
    assert result_words("unknown", "computed", Dim.MONEY, sum_, sum_) == "需补充信息，符合条件时5万元（按条款计算）"
    assert result_words("unknown", "computed", Dim.MONEY, None, sum_) == "需补充信息，不超过5万元（按条款计算）"
    assert result_words("unknown", "computed", Dim.MONEY, None, None) == "需补充信息"


def test_an_indicator_that_is_not_met_is_told_as_it_is() -> None:
    """FOUND 25: 未达标（不在禁限之列）, of a project that is among what is forbidden."""
    stated = read_answers(
        pack(), {"不在禁限之列": "否", "会商投资类型": "内资项目", "形成固定资产投资的产业项目": "是"}
    )
    (check,) = [d for d in determine(engine(), Answers(ON, stated), ["hs"]) if d.answers]
    (one,) = [i for i in check.indicators if i.name == "不在禁限之列"]
    assert (one.value, one.bound, one.passed) == ("在禁限之列", "不在禁限之列", False)
    assert check.headline == "未达标（在禁限之列）"


def test_what_the_rows_of_a_table_do_not_have_is_told_as_a_choice(tmp_path: Path) -> None:
    """FOUND 25: 类型丙类，不在列明的各档之内."""
    engine = Small("{分档: 类型, 各档: {甲类: 10万元}, 其余: 5万元}", {"xx.1": "甲类给予10万元，其余5万元。"}).engine(
        tmp_path
    )
    assert judge(engine, {"类型": "丙类"}).trace[0].text == "类型：丙类，不在列明的各类之内"


def test_every_no_of_the_pack_is_a_sentence() -> None:
    """FOUND 25: “合格”一项为否, 尚未婚, 没有达到齐备: a No is said in words that somebody would use."""
    for fact in pack().facts.values():
        if fact.dim is Dim.TRUTH:
            said = say.no_words(fact)
            assert not faults(said), said
            for wrong in (
                "一项为否",
                "尚未婚",
                "达到齐备",
                "达到明显",
                "达到突出",
                "达到健全",
                "不是经",
                "不是评",
                "不是认",
            ):
                assert wrong not in said, f"{fact.name}：{said}"
