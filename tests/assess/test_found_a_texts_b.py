"""FOUND section A for anju, rcst, rxyc, bsh, bys, hgjh, gzs: what a visitor is told, through the engine and the interview."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest

from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, Engine, read_answers
from pinggu_desk.assess.interview import VERDICTS, WORTH, Interview
from pinggu_desk.assess.match.bundle import find_bundle, over_lines
from pinggu_desk.assess.run import Run
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.roots import roots
from tests import bundled

ON = date(2026, 4, 1)
NAMED = (
    "anju rcst rxyc bsh bys hgjh gzs ss jsq zsjd zxqy hs jy jqzc zscq wltst jr tztc yl wzwm fhq gjj gxjs gzjzz".split()
)


@cache
def engine() -> Engine:
    return bundled.engine()


def one(benefit: str, facts: dict[str, Any]) -> Determination:
    answers = Answers(ON, read_answers(engine().pack, facts))
    return next(d for d in determine(engine(), answers, [benefit.split(".", maxsplit=1)[0]]) if d.benefit == benefit)


@pytest.mark.parametrize("policy", NAMED)
def test_no_condition_waits_for_a_verdict_that_nobody_can_enter(policy: str) -> None:
    """FOUND 9: 符合条件的… and every other condition of an authority is a fact, so that its answer can be entered."""
    nodes = [node for root, _, _ in roots(engine().pack.policies[policy]) for node in f.walk(root)]
    # a next step (须先签订 …) stands beside the fact by which its being done is entered: 任一 of a Yes and the step, or of the
    # result that is asked for and “not yet” (尚未评价) of the same fact
    entered: set[str] = set()
    for node in (n for n in nodes if isinstance(n, f.AnyOf)):
        said = {part.left.name: part.options for part in node.parts if isinstance(part, f.IsOne)}
        for part in node.parts:
            step = [n for n in f.walk(part) if isinstance(n, f.Verdict)]
            again = any(isinstance(n, f.IsOne) and n.left.name in said for n in f.walk(part))
            if again or (isinstance(part, f.Verdict) and ("是",) in said.values()):
                entered |= {n.why for n in step}
    nameless = [n.why for n in nodes if isinstance(n, f.Verdict) and n.truth and n.why not in entered]
    assert not nameless


@pytest.mark.parametrize(
    ("benefit", "facts", "verdict"),
    [
        ("bsh.settling", {"博士后身份": "本区工作站在站博士后", "已领安家补贴": 0}, "博士后安家条件符合"),
        ("hgjh.settling", {"引进人才": "是", "已领安家补贴": 0}, "引进人才安家条件符合"),
        ("hgjh.youth_startup", {"引进人才": "是", "在平谷创业": "是", "已领汇谷创业资助": 0}, "引进人才创业条件符合"),
        ("bys.premises", {"应届情形": "毕业年度内", "本区户籍": "是", "在平谷创业": "是"}, "免费场地条件符合"),
        ("bys.training", {"应届情形": "毕业年度内", "本区户籍": "是"}, "免费培训条件符合"),
    ],
)
def test_a_verdict_not_given_waits_and_one_given_settles(benefit: str, facts: dict[str, Any], verdict: str) -> None:
    """FOUND 9: 尚未 is 需人工认定, 是 can be applied for, 否 is a refusal: one treatment everywhere."""
    waiting = one(benefit, facts)
    assert (waiting.status, [m.name for m in waiting.missing]) == ("review", [verdict])
    assert one(benefit, {**facts, verdict: "是"}).status == "eligible"
    assert one(benefit, {**facts, verdict: "否"}).status == "ineligible"


GRADUATE = {
    "用人单位性质": "其他企业", "用人单位在平谷注册": "是", "用人单位在平谷实地经营": "是", "签订劳动合同或合作协议": "是",
    "最高学历": "大学本科", "平谷区内产权住房": "没有", "无违纪违法和违规住房情形": "是", "全日制毕业": "是",
    "毕业院校类别": "985或211高校", "已婚": "否", "已享受毕业生租金补贴": 12,
}  # fmt: skip


def test_rent_is_told_in_yuan_and_never_waited_for() -> None:
    """FOUND 7: the rate stands alone until the rent is known; then yuan a month and in all, within what the term leaves."""
    alone = one("anju.graduate", GRADUATE)
    assert (alone.status, alone.rate_pct, alone.max_months, alone.amount_fen) == ("eligible", "100", 36, None)
    assert [m.name for m in alone.optional] == ["月租金", "申领租金补贴月数", "同期每月已领其他租金补贴"]
    told = one("anju.graduate", {**GRADUATE, "月租金": 2000, "申领租金补贴月数": 36})
    assert told.to_json()["over"]["each_max_yuan"] == "2000.00"
    assert told.to_json()["amount_yuan"] == "48000.00"  # 36 个月里已享受 12 个月，还有 24 个月
    assert (told.rate_pct, told.max_months, told.over and told.over.months) == ("100", 36, 24)
    assert "每月2000元，24个月合计4.8万元" in told.figure_words


def test_rent_is_not_asked_where_it_cannot_matter() -> None:
    """FOUND 7: neither a benefit that is ruled out nor one that is still open asks what the rent is."""
    assert not one("anju.quick_abc", {**GRADUATE, "人才认定类别": "未经认定"}).optional
    assert not one("anju.quick_abc", GRADUATE).optional  # 人才认定类别 has to be known first
    interview = Interview(engine(), "anju", ON, answers={name: str(value) for name, value in GRADUATE.items()})
    interview.set("已享受毕业生租金补贴", "12个月")
    interview.choose(["anju.graduate"])
    assert interview.field("月租金").state == "optional"
    assert interview.step("data").left == 0
    interview.set("月租金", "2000元")
    assert interview.field("月租金").state == "answered"
    interview.choose(["anju.enterprise"])
    assert interview.field("申领租金补贴月数").state == "irrelevant"


def told_unsaid(facts: dict[str, Any]) -> tuple[str, list[str]]:
    chief = one("rxyc.chief", facts)
    return chief.status, [m.name for m in chief.optional]


def test_heads_and_years_give_a_years_and_the_whole_sum() -> None:
    """FOUND 11, 78: one person where nobody says otherwise; heads and years are offered, with what was had before."""
    chief = {"柔性引进人才类别": "首席专家", "在聘期内": "是", "本年度聘期满一年": "是", "本年度已领柔性引才经费": 0}
    alone = one("rxyc.chief", chief)
    # whose money was had before hangs on who applies: he himself, or a unit for these few
    assert (alone.to_json()["amount_yuan"], [m.name for m in alone.optional]) == (
        "100000.00", ["柔性引才受聘人数", "申请人类型", "申领柔性引才经费年数"],
    )  # fmt: skip
    # so it does where all was had: a unit may apply for others; a person who was refused is asked nothing, nor one never hired
    assert told_unsaid({**chief, "本年度已领柔性引才经费": 10_000_000}) == ("ineligible", ["申请人类型"])
    assert told_unsaid({**chief, "本年度已领柔性引才经费": 10_000_000, "申请人类型": "个人"}) == ("ineligible", [])
    assert told_unsaid({**chief, "柔性引进人才类别": "周末专家"}) == ("ineligible", [])
    two = one("rxyc.chief", {**chief, "柔性引才受聘人数": 2, "申领柔性引才经费年数": 3})
    assert two.to_json()["amount_yuan"] == "200000.00"
    assert two.to_json()["over"]["whole_max_yuan"] == "600000.00"
    coop = {
        "与流动站联合开展合作": "是", "稳定合作年限": 4, "博士后身份": "合作单位流动站或工作站在站博士后", "全职在平谷工作": "是",
        "科研成果本区转化良好": "是", "本年度已领合作博士后经费": 0, "以前年度已享受合作博士后经费年限": 1,
    }  # fmt: skip
    assert "每年10万元，已享受1年，最长还可2年，合计至多20万元" in one("bsh.coop", coop).figure_words


@pytest.mark.parametrize(
    ("benefit", "facts"),
    [
        ("rxyc.special", {"柔性引进人才类别": "首席专家"}),
        ("hgjh.strategic", {"汇谷人才类别": "战略人才"}),
        ("hgjh.leading", {"汇谷人才类别": "领军人才"}),
        ("gzs.special", {"已获工作室资格": "是", "工作室发挥作用明显": "是"}),
    ],
)
def test_support_by_the_case_may_be_money(benefit: str, facts: dict[str, Any]) -> None:
    """FOUND 10: 一事一议 and support under funds have no published sum, which is not the same as no money."""
    found = one(benefit, facts)
    assert (found.status, found.figure, found.kind) == ("eligible", "by_review", "grant")
    assert "不发放" not in found.figure_words
    assert found.headline != "服务事项"


def test_the_commissioners_category_is_asked() -> None:
    """FOUND 11: rxyc 三（三） gathers needs by three categories."""
    found = one("rxyc.select_commissioner", {"柔性引才选聘意向": "人才专员"})
    assert [m.name for m in found.missing if m.kind == "ask"] == ["人才专员类别"]


def test_the_parameter_is_the_published_rate() -> None:
    """FOUND 8 (bys.6): the officer enters LPR as published; the 150 basis points are the rule's."""
    assert "贷款市场报价利率" in engine().pack.parameters
    assert not any("150" in name for name in engine().pack.parameters)


def test_repealed_measures_and_who_to_ask_are_told() -> None:
    """FOUND 14, 55: hgjh repeals two measures and prints no telephone: both are said, citing the sentence."""
    policy = engine().pack.policies["hgjh"]
    assert any("废止" in step.text and step.clause == "hgjh.9d" for step in policy.steps)
    assert any("废止" in caution for caution in policy.cautions)
    assert any("没有写" in contact.text for contact in policy.contacts)
    assert any("区人才工作领导小组办公室" in contact.text for contact in policy.contacts)


def test_each_service_shows_the_sentence_that_carries_it() -> None:
    """FOUND 18: rcst 二 gives three things by three sentences."""
    found = one("rcst.settle_a", {"人才认定类别": "A类", "需要办理落户": "是"})
    carries = {
        "人才认定类别": "rcst.2b",
        "需要办理落户": "rcst.2a",
        "直接推荐": "rcst.2b",
        "配偶及子女": "rcst.2a",
        "1年内": "rcst.2d",
    }
    said = {words: {line.clause for line in found.trace if words in line.text} for words in carries}
    assert said == {words: {clause} for words, clause in carries.items()}


def test_routes_to_one_home_say_which_replaces_which() -> None:
    """FOUND 21: the couple's home takes the place of the single graduate's."""
    notes = {b.id: "".join(b.notes) for b in engine().pack.policies["anju"].benefits}
    assert "只取一项" in notes["anju.graduate"]
    assert all("代替单人配租" in notes[f"anju.{code}"] for code in ("couple_both", "couple_one"))


def test_other_merit_can_be_declined() -> None:
    """FOUND 9: with routes 1 to 4 failing and no other merit claimed, an enterprise is refused, not left waiting."""
    firm = {
        "用人单位性质": "其他企业", "用人单位在平谷注册": "是", "用人单位在平谷实地经营": "是", "上一年度纳税总额": 0,
        "再上一年度纳税总额": 0, "上市挂牌板块": "其他或尚未上市挂牌", "已在境外上市": "否", "获批国家级或市级科研平台": "否",
        "设立院士或博士后科研平台": "否", "已专项配租套数": 0,
    }  # fmt: skip
    assert one("anju.enterprise", {**firm, "申报其他重大成果": "否"}).status == "ineligible"
    assert one("anju.enterprise", {**firm, "申报其他重大成果": "是"}).status == "review"


def test_the_bundle_counts_one_year_and_says_the_whole() -> None:
    """FOUND 78: bsh.coop is up to three years; the total is a year's, the whole stands beside it with what was had."""
    facts = {
        "与流动站联合开展合作": "是", "稳定合作年限": 4, "博士后身份": "合作单位流动站或工作站在站博士后", "全职在平谷工作": "是",
        "科研成果本区转化良好": "是", "本年度已领合作博士后经费": 0, "以前年度已享受合作博士后经费年限": 1,
    }  # fmt: skip
    answers = Answers(ON, read_answers(engine().pack, facts))
    run = Run(engine(), answers)
    concluded = {rule.benefit.id: run.conclusion(rule) for rule in engine().chosen(["bsh"])}
    bundle = find_bundle(run, concluded)
    assert bundle.total_fen == 10_000_000
    assert over_lines(bundle) == [
        "合作在站博士后工作经费：每年10万元，已享受1年，最长还可2年，合计至多20万元，资金合计只计一年"
    ]


def test_the_rent_stands_behind_what_the_answer_waits_for() -> None:
    """FOUND 7: the wizard asks for sums in money last, in a group that says nothing depends on them."""
    interview = Interview(engine(), "anju", ON)
    groups = [view.group for view in interview.fields("data")]
    assert groups.index(WORTH) > groups.index("A类人才入住专家小院")
    assert groups.index(VERDICTS) > groups.index(WORTH)


def test_a_rate_says_on_one_line_what_it_comes_to() -> None:
    """FOUND 7: once the rent is known the line itself tells yuan a month, with the months all of it; a ceiling stays one."""
    assert one("anju.graduate", GRADUATE).headline == "补贴比例 100%"
    assert one("anju.graduate", {**GRADUATE, "月租金": 2000}).headline == "每月 2000 元（补贴比例 100%）"
    whole = one("anju.graduate", {**GRADUATE, "月租金": 2000, "申领租金补贴月数": 12})
    assert whole.headline == "2.40 万元（补贴比例 100%）"
    waiting = one("anju.graduate", {**GRADUATE, "月租金": 2000, "已婚": "是"})
    assert (waiting.status, waiting.headline) == ("review", "符合条件时 每月 2000 元（补贴比例 100%）")
    recognised = {"人才认定类别": "B类", "人才评定类别": "未经评定", "月租金": 2000}
    assert one("rcst.rent", recognised).headline == "每月 1200 元至 2000 元（补贴比例 60% 至 100%）"
    agreed = {**GRADUATE, "人才认定类别": "B类", "申请专家小院": "是", "专家小院集体研究支持": "是", "月租金": 2000}
    assert one("anju.courtyard_agreed", agreed).headline == "每月最高 2000 元（补贴比例 最高 100%）"
