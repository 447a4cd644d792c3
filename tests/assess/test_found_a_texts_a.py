"""Faults found against the texts of ss, zxqy, hs, zsjd, jsq and tztc at 0.1.0, each with the answer that the text gives.

Bounds and outcomes of each policy stand beside it in ``cases.yaml``; here is what holds over several of them, or what a worked
example can't say. Numbers are those of the list of findings (FOUND).
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.columns import ColumnEngine, assess_columns
from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, Engine, read_answers
from tests import bundled
from tests.assess.packs import Small, judge

ON = date(2026, 4, 1)


@cache
def the_engine() -> Engine:
    return bundled.engine()


def found(
    policy: str, facts: dict[str, Any], on: date = ON, awards: list[Award] | None = None
) -> dict[str, Determination]:
    """The determinations of a policy by code."""
    engine = the_engine()
    answers = Answers(on, read_answers(engine.pack, facts), awards)
    return {d.benefit.removeprefix(f"{policy}."): d for d in determine(engine, answers, [policy])}


def tells(determination: Determination) -> list[str]:
    """The readings that an answer is said to rest on."""
    return [note.id for note in determination.readings]


# --- the language: a reading only where it can move the answer, a term that may count from another day --------------


def test_a_reading_that_no_rule_computes_is_told_only_where_it_can_matter(tmp_path: Any) -> None:
    """FOUND 19: 口径 with 当 stands beside an answer only while its condition may hold; in a table as in one case."""
    told = "    口径: [{读法: xx.alike, 当: {人数: 超过 20人}}]\n"
    text = {"xx.1": "给予10万元，人数超过20人的另行商定。"}
    engine = Small("10万元", text, benefit=told).engine(tmp_path)
    assert [tells(judge(engine, {"人数": n} if n else {})) for n in (None, 20, 21)] == [["xx.alike"], [], ["xx.alike"]]
    table = assess_columns(engine, {"人数": np.array([20, 21])}, ON)
    assert table["xx.award"].status.tolist() == [0, 0]


def test_a_reading_that_could_turn_a_refusal_is_told_beside_it(tmp_path: Any) -> None:
    """FOUND 19 (the other side of it): no refusal hides a reading that no rule computes; 不符合当 says beside which it stands."""
    told = "    口径: [{读法: xx.alike, 当: {人数: 超过 20人}, 不符合当: {人数: [不低于 8人, 低于 10人]}}]\n"
    text = {"xx.1": "人数不低于10人的给予10万元，人数超过20人的另行商定。"}
    engine = Small("10万元", text, condition="{人数: 不低于 10人}", benefit=told).engine(tmp_path)
    said = {n: judge(engine, {"人数": n}) for n in (7, 8, 9, 10, 21)}
    assert {n: tells(d) for n, d in said.items()} == {7: [], 8: ["xx.alike"], 9: ["xx.alike"], 10: [], 21: ["xx.alike"]}
    assert [said[n].status for n in (9, 10)] == ["ineligible", "eligible"]
    table = ColumnEngine(engine).assess({"人数": np.array(list(said))}, ON, names=True)["xx.award"]
    assert table.unsettled.tolist() == [bool(tells(d)) for d in said.values()]


LISTED = {
    "本区工商注册": "是", "独立法人资格": "是", "纳入平谷区统计": "是", "上市企业来源": "京外迁入", "上市挂牌板块": "北交所",
    "上市挂牌方式": "首次上市或挂牌", "上市挂牌日": "2026-03-02", "已领上市挂牌奖励": "0元",
}  # fmt: skip


def test_who_moved_here_is_treated_as_one_from_here_and_must_have_moved() -> None:
    """FOUND 1: 同等享受 spares nobody from being registered here; 法人 and 统计 are a reading with both outcomes."""
    assert found("ss", LISTED)["listing"].status == "eligible"
    elsewhere = found("ss", LISTED | {"本区工商注册": "否"})
    assert {d.status for d in elsewhere.values() if d.benefit != "ss.neeq"} == {"ineligible"}
    for lacking in ("独立法人资格", "纳入平谷区统计"):
        answer = found("ss", LISTED | {lacking: "否"})["listing"]
        assert answer.status == "ineligible" and tells(answer) == ["ss.moved_terms"]
        assert "可申请，800万元" in answer.readings[0].effect


def test_one_that_prepares_to_list_is_asked_neither_board_nor_origin() -> None:
    """FOUND 14: 上市培育辅导 is for enterprises here that prepare to list; nothing else is looked at."""
    known = {"本区工商注册": "是", "独立法人资格": "是", "纳入平谷区统计": "是", "拟上市挂牌": "是"}
    answer = found("ss", known)["coaching"]
    assert (answer.status, answer.missing, answer.readings) == ("eligible", (), ())


def test_a_mover_sees_the_day_that_is_safe_however_the_sixty_days_count() -> None:
    """FOUND 23: 60 working days from the listing or from the move; in time on both, on one, on neither."""
    within = found("ss", LISTED)["listing"]
    assert within.deadline is not None and within.deadline.day == date(2026, 5, 28) and within.deadline.passed is False
    assert "两种起算都不会逾期" in within.deadline.text
    between = found("ss", LISTED | {"迁入本区日": "2026-03-03"}, date(2026, 5, 29))["listing"]
    assert between.status == "review" and between.deadline is not None
    assert (between.deadline.day, between.deadline.passed) == (date(2026, 5, 29), None)
    assert "由区财政局（金融办）认定" in between.deadline.text
    late = found("ss", LISTED | {"迁入本区日": "2026-03-03"}, date(2026, 5, 30))["listing"]
    assert late.status == "ineligible" and late.deadline is not None and late.deadline.passed is True
    unlisted = {name: value for name, value in LISTED.items() if name != "上市挂牌日"} | {"迁入本区日": "2026-03-03"}
    waits = found("ss", unlisted)["listing"].deadline
    assert waits is not None and waits.passed is None and "不会逾期" not in waits.text, (
        "listed long ago it would be late"
    )
    assert "上市挂牌日还没有填" in waits.text and waits.day == date(2026, 5, 29)
    asked = found("ss", LISTED, date(2026, 5, 29))["listing"]
    assert asked.status == "unknown" and [m.name for m in asked.missing if m.kind == "ask"] == ["迁入本区日"]


def test_a_term_that_may_count_from_another_day_is_the_same_in_a_table() -> None:
    """FOUND 23: 批量 gives the outcomes that the desk gives."""
    engine = the_engine()
    days = [("2026-03-03", date(2026, 5, 29)), ("2026-03-03", date(2026, 5, 30)), ("2026-03-02", date(2026, 5, 28))]
    for moved, on in days:
        values = read_answers(engine.pack, LISTED | {"迁入本区日": moved})
        table = assess_columns(engine, {n: np.array([v]) for n, v in values.items() if isinstance(v, int)}, on)
        one = found("ss", LISTED | {"迁入本区日": moved}, on)["listing"].status
        assert ["eligible", "ineligible", "unknown", "review"][table["ss.listing"].status[0]] == one


# --- an award is bound by what its own policy asks before it ---------------------------------------------------------

RESIDENT = {
    "加速器申请身份": "入驻企业或申请入驻的企业", "本区工商注册": "是", "独立法人资格": "是", "知识产权明晰且前景广阔": "是",
    "稳定商业模式和专业团队": "是", "制定中长期发展规划": "是", "信用记录良好": "是", "上一年度营业收入": "1500万元",
    "两年前营业收入": "1000万元", "两年营业收入平均增长率": "22.5%", "技术性收入": "400万元", "成果产业化产品销售收入": "400万元",
    "全年总销售收入": "1500万元", "入驻加速器办公面积": "300平方米", "入驻加速器空间面积": "400平方米", "已通过审核入驻加速器": "是",
    "孵化器毕业外迁高成长企业": "否", "自主知识产权和特殊人才": "否", "中关村高新技术企业资质": "否", "高新技术企业证书": "否",
    "入驻加速器日": "2025-03-01", "当年加速器办公用房租金": "80万元", "租金补贴已过年度": 0, "本年度已领加速器租金补贴": 0,
    "已领搬迁安置补贴": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    "lacking",
    [{"本区工商注册": "否"}, {"独立法人资格": "否"}, {"信用记录良好": "否"}, {"入驻加速器办公面积": "199.99平方米"}],
)
def test_no_award_of_a_resident_where_its_entry_is_refused(lacking: dict[str, str]) -> None:
    """FOUND 2: the conditions of entry bind rent, relocation and the rest; the other reading is worked out and shown."""
    answers = found("jsq", RESIDENT | lacking)
    assert answers["entry"].status == "ineligible"
    for code in ("rent", "relocation", "park"):
        assert answers[code].status == "ineligible", code
        assert tells(answers[code]) == ["jsq.entry"] and "可申请" in answers[code].readings[0].effect
    sound = found("jsq", RESIDENT)
    assert [sound[code].status for code in ("entry", "rent", "relocation")] == ["eligible"] * 3


FILED = {
    "本区工商注册": "是", "运营场所位于平谷区内": "是", "中试基地已备案": "是", "中试基地未曾撤销备案": "是",
    "未缺席年度绩效评价": "是", "无连续两次评价不合格": "是", "无安全环保事故": "是", "年度绩效评价结果": "合格",
    "年度服务性收入": "200万元", "本年度已领绩效支持": 0, "已领绩效支持": 0, "中试基地建设投资额": "1000万元", "已领中试建设支持": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("also", "status"),
    [
        ({}, "eligible"),
        ({"无连续两次评价不合格": "否"}, "ineligible"),
        ({"中试基地未曾撤销备案": "否", "撤销后重新获得备案": "否"}, "ineligible"),
        ({"中试基地未曾撤销备案": "否"}, "unknown"),
        ({"无安全环保事故": "否", "事故非因管理不善": "否"}, "ineligible"),
        ({"无安全环保事故": "否", "事故非因管理不善": "是"}, "eligible"),
        ({"无安全环保事故": "否"}, "unknown"),
        ({"未缺席年度绩效评价": "否"}, "review"),
    ],
)
def test_what_ends_the_filing_ends_the_money_that_rests_on_it(also: dict[str, str], status: str) -> None:
    """FOUND 3: accidents, revocation, two failures bind performance and construction; a cause unknown is 需补充信息."""
    answers = found("zsjd", FILED | also)
    assert {code: answers[code].status for code in ("keep", "performance", "construction")} == dict.fromkeys(
        ("keep", "performance", "construction"), status
    )


# --- zxqy: 亩 is land; two titles at once -----------------------------------------------------------------------------

SME = {
    "位于平谷区内": "是", "申报主体类型": "实体中小企业", "符合北京市产业政策": "是", "独立法人资格": "是", "生产经营起始日": "2020-01-01",
    "财务管理制度健全规范": "是", "生产经营情况良好": "是", "会计信用良好": "是", "纳税信用良好": "是", "银行信用良好": "是",
    "符合专项资金支持方向": "是",
}  # fmt: skip
NEW = SME | {
    "新建企业": "是", "新建项目总投资": "6000万元", "新建项目固定资产投资": "6000万元", "新建项目用地面积": "10亩",
    "不在禁限之列": "是", "已投产经营": "是", "本项目未领过新建补助": "是",
}  # fmt: skip


def test_a_mu_is_of_land_and_floor_is_only_the_other_reading() -> None:
    """FOUND 4: 亩投入 needs no floor area; with one, both outcomes are shown; total against fixed stays open."""
    alone = found("zxqy", NEW)["new_build"]
    assert (alone.status, alone.max_fen, alone.missing) == ("eligible", 120 * 1_000_000, ())
    tall = found("zxqy", NEW | {"新建项目建筑面积": "20亩"})["new_build"]
    assert tall.status == "eligible" and "zxqy.mu_area" in tells(tall)
    assert next("不符合" in note.effect for note in tall.readings if note.id == "zxqy.mu_area")
    wide = found("zxqy", NEW | {"新建项目用地面积": "10.000001亩", "新建项目建筑面积": "1亩"})["new_build"]
    assert wide.status == "ineligible" and tells(wide) == ["zxqy.mu_area"]
    assert found("zxqy", NEW | {"新建项目固定资产投资": "59999999.99元"})["new_build"].status == "review"


@pytest.mark.parametrize(
    "said", ["两种称号都有", ["国家级专精特新小巨人", "专精特新企业"], "专精特新企业、国家级专精特新小巨人"]
)
def test_a_firm_with_both_titles_keeps_the_certain_sum(said: Any) -> None:
    """FOUND 24: 10万元 certain and up to 40万元 (晋级补差) on top, however both titles are said."""
    both = {"专精特新称号": said, "专精特新取得方式": "首次认定", "小巨人取得方式": "首次认定", "已领专精特新类奖励": 0}
    answers = found("zxqy", SME | both)
    assert (answers["srdi"].status, answers["srdi"].amount_fen) == ("eligible", 10 * 1_000_000)
    assert (answers["giant"].figure, answers["giant"].max_fen) == ("up_to", 40 * 1_000_000)


# --- hs: 入区标准核对 is an answer of its own ---------------------------------------------------------------------------

PROJECT = {
    "形成固定资产投资的产业项目": "是", "非农村集体建设用地项目": "是", "乡镇或管委会同意": "是", "会商投资类型": "内资项目",
    "不在禁限之列": "是", "本地劳动力就业比例": "40%", "会商项目类别": "新建新一代信息技术产业", "会商项目用地面积": "2公顷",
    "会商项目年产值": "4亿元", "会商项目年税收": "4000万元",
}  # fmt: skip


def test_whether_a_project_meets_the_entry_standards_is_answered_with_every_indicator() -> None:
    """FOUND 6: 达标 or 未达标 in the conclusion, the working and the JSON; value, bound as a number, difference, pass."""
    met = found("hs", PROJECT)["standard"]
    assert (met.status, met.status_words, met.headline) == ("eligible", "达标", "达标")
    assert all(i.passed for i in met.indicators) and len(met.indicators) == 4
    short = found("hs", PROJECT | {"会商项目年产值": "1亿元"})["standard"]
    assert short.status_words == "未达标" and "会商项目年产值差2.3亿元" in short.headline
    assert any("会商项目年产值" in line.text and line.mark == "fails" for line in short.trace)
    (output,) = (i for i in short.to_json()["indicators"] if i["name"] == "会商项目年产值")
    assert (output["value"], output["pass"]) == ("1亿元", False)
    assert output["bound"] == "不低于3.3亿元（每公顷1.65亿元）" and output["difference"] == "差2.3亿元"
    opinion = found("hs", PROJECT | {"会商项目年产值": "1亿元"})["opinion"]
    assert opinion.status == "review", "the government's opinion stays a verdict"


def test_one_indicator_that_fails_does_not_silence_what_is_missing() -> None:
    """FOUND 6: 未达标 already, and what the other indicators need is asked all the same; in a table as at the desk."""
    known = {n: v for n, v in PROJECT.items() if n not in ("会商项目年税收", "本地劳动力就业比例")}
    short = found("hs", known | {"会商项目年产值": "1亿元"})["standard"]
    assert short.status_words == "未达标"
    assert [m.name for m in short.missing] == ["会商项目年税收", "本地劳动力就业比例"]
    engine = the_engine()
    values = read_answers(engine.pack, known | {"会商项目年产值": "1亿元"})
    given = {n: np.array([v]) for n, v in values.items() if isinstance(v, int)}
    column = ColumnEngine(engine).assess(given, ON, names=True)["hs.standard"]
    assert [name for name, mask in column.lacks.asks.items() if mask[0]] == ["会商项目年税收", "本地劳动力就业比例"]


def test_a_project_on_collective_land_is_told_that_it_goes_another_way() -> None:
    """FOUND 6: hs.1b (另行规定) and hs.3.1a (产业政策) are told; a matter that the policy isn't for is not 未达标."""
    rural = found("hs", PROJECT | {"非农村集体建设用地项目": "否"})
    for code in ("consult", "standard", "opinion"):
        assert rural[code].status_words == "不符合"
        assert any("另行规定" in note for note in rural[code].notes), code
    listed = found("hs", PROJECT | {"不在禁限之列": "否"})["standard"]
    assert listed.status_words == "未达标" and any("禁止和限制目录" in note for note in listed.notes)
    assert not any("另行规定" in note for note in listed.notes)


def test_a_reading_that_moves_a_check_is_told_once_and_in_the_checks_own_words() -> None:
    """FOUND 6: per square metre of floor the factory falls short, per square metre of ground it doesn't: 按另一读法：达标."""
    facts = {
        "形成固定资产投资的产业项目": "是", "非农村集体建设用地项目": "是", "会商投资类型": "内资项目", "不在禁限之列": "是",
        "本地劳动力就业比例": "30%", "会商项目类别": "租用或自有厂房项目", "会商厂房建筑面积": "1000平方米",
        "会商厂房占地面积": "500平方米", "会商项目固定资产投资": "59万元", "会商项目年产值": "1200万元", "会商项目年税收": "100万元",
    }  # fmt: skip
    [note] = found("hs", facts)["standard"].readings
    assert note.id == "hs.area" and note.effect.endswith("按另一读法：达标")
    wide = facts | {"会商厂房占地面积": "2000平方米", "会商项目固定资产投资": "60万元"}
    [note] = found("hs", wide)["standard"].readings
    assert note.effect.endswith("按另一读法：未达标")


def test_both_titles_of_an_accelerator_and_an_incubator_lose_no_certain_sum() -> None:
    """FOUND 24: 两种认定都有的，50万元、100万元是定的，算在最优组合里；各给一次是另一读法。"""
    facts = {
        "加速器申请身份": "加速器运营主体", "本区工商注册": "是", "加速器场地在平谷": "是", "加速器管理制度和团队": "是",
        "加速器设施和服务能力": "是", "加速器已获区政府审定": "是", "获准市级载体认定": "市级加速器和孵化器都有",
        "本项市级认定未领过奖励": "是", "已领市级载体认定奖励": "0元", "获准国家级载体认定": "国家级加速器和孵化器都有",
        "本项国家级认定未领过奖励": "是", "已领国家级载体认定奖励": "0元",
    }  # fmt: skip
    answers = found("jsq", facts)
    for code, once, each in (("city_title", 50, 100), ("national_title", 100, 200)):
        assert answers[code].status == "eligible" and answers[code].headline == f"{once}.00 万元"
        both = next(note for note in answers[code].readings if note.id == "jsq.both_titles")
        assert both.effect.endswith(f"按另一读法：可申请，{each}万元（按条款计算）")
