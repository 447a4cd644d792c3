"""Faults found against the texts of wltst, wzwm, jr, zscq, gxjs, gjj, fhq, jqzc, jy, yl and gzjzz at 0.1.0.

Bounds and outcomes of each policy stand beside it in ``cases.yaml``; here is what holds over several of them, or what a worked
example can't say. Numbers are those of the list of findings (FOUND).
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.determine import conclude_all, determine
from pinggu_desk.assess.engine import Answers, Engine, read_answers
from pinggu_desk.assess.interview import Interview
from tests import bundled
from tests.policy.test_cases import the_cases

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


def example(benefit: str, **other: Any) -> dict[str, Any]:
    """The facts of the first worked example in which a benefit can be had, with what is changed of them."""
    policy, code = benefit.split(".")
    for cases in the_cases():
        for case in cases.cases if cases.policy == policy else ():
            expected = case.expects.get(code) or case.expects.get(benefit)
            if expected is not None and expected.status == "可申请" and case.on == ON:
                return {**case.facts, **other}
    raise LookupError(benefit)


def where(determination: Determination, words: str) -> str:
    """The clause of the line of the working that says ``words``."""
    (clause,) = {line.clause for line in determination.trace if words in line.text}
    return clause


def tells(determination: Determination) -> list[str]:
    """The readings that an answer is said to rest on."""
    return [note.id for note in determination.readings]


# --- jqzc, yl: what is said rests on its own sentence ------------------------------------------------------------------


def test_what_awaits_the_answer_to_the_application_can_be_applied_for() -> None:
    """FOUND 9: the approval of a 集群注册区 and the publication of a 中试基地 are answers to the application, not its conditions."""
    ready = {
        "招商引资部门类别": "街道办事处或乡镇政府", "注册地址建筑物合法建设": "是", "统一对外标志": "是", "配备办公设备": "是",
        "设置公共会议室等办公条件": "是", "专人负责企业服务管理": "是",
    }  # fmt: skip
    establish = found("jqzc", ready)["establish"]
    assert establish.status == found("zsjd", example("zsjd.filing"))["filing"].status == "eligible"
    assert where(establish, "审议批准后设立") == "jqzc.4a"


def test_suspension_revocation_and_take_over_are_told_with_their_term_and_sentence() -> None:
    """FOUND 13: who was graded 不合格 hears of suspension (2.5a), and of revocation and take-over after a year (2.5b)."""
    graded = {
        "招商引资部门类别": "区内园区管理部门", "集群注册区已设立": "是", "集群注册区未被撤销": "是",
        "集群注册区年度考核等次": "不合格", "集群注册区整改起始日": "2026-01-15", "整改合格经认定": "否",
    }  # fmt: skip
    answers = found("jqzc", graded)
    assert answers["recruit"].status == "ineligible"
    assert [t.clause for t in answers["recruit"].trace if t.mark == "fails"] == ["jqzc.2.5a"]
    rectify = answers["rectify"]
    assert where(rectify, "暂停") == "jqzc.2.5a" and where(rectify, "恢复") == "jqzc.2.5a"
    assert where(rectify, "接管") == "jqzc.2.5b"
    assert rectify.deadline is not None and rectify.deadline.clause == "jqzc.2.5b"
    assert rectify.deadline.day == date(2027, 1, 15) and "撤销" in rectify.deadline.consequence
    revoked = found("jqzc", graded | {"集群注册区未被撤销": "否"})
    assert revoked["takeover"].status == "eligible" and where(revoked["takeover"], "接管") == "jqzc.2.5b"


def test_each_service_is_shown_with_the_sentence_that_promises_it() -> None:
    """FOUND 18: of a benefit whose services rest on several sentences, each line shows its own."""
    answers = found("yl", {"平谷区服务包企业": "是", "高级别管理人员": "是", "组织职工体检": "是"})
    said = {
        "先诊疗后付费": "yl.2.2b", "多学科诊疗": "yl.2.2c", "一条龙": "yl.2.2d", "北京友谊医院": "yl.2.2e",
        "初步审核": "yl.3.1.3a", "动态调整": "yl.3.1.3b",
    }  # fmt: skip
    assert {words: where(answers["green_channel"], words) for words in said} == said
    assert where(answers["nearby"], "医保政策") == "yl.2.1b"
    assert where(answers["checkup"], "69971790") == "yl.3.2.1d"


# --- readings only where they can move the answer ------------------------------------------------------------------------


def test_a_reading_stands_only_beside_the_answer_that_it_would_change() -> None:
    """FOUND 19: the yearly cap of 外资 beside a trade award, and 补差 beside a platform, only after other awards."""
    facts = example("wzwm.hedge")
    assert "wzwm.annual_cap" not in tells(found("wzwm", facts, awards=[])["hedge"])
    had = [Award("wzwm", "wzwm.breeding", 99_50_0000_00, date(2026, 2, 1))]
    assert tells(found("wzwm", facts, awards=had)["hedge"]) == ["wzwm.annual_cap"]
    centre = example("gjj.national_centre", 申请人类型="企业")
    centre.pop("已领市级平台建设奖励", None)
    assert "gjj.no_step_up" not in tells(found("gjj", centre, awards=[])["national_centre"])
    had = [Award("gjj", "gjj.city_centre", 20_0000_00, date(2024, 5, 1))]
    (note,) = [r for r in found("gjj", centre, awards=had)["national_centre"].readings if r.id == "gjj.no_step_up"]
    assert "10万元" in note.effect


def test_whom_a_list_that_nobody_has_would_serve_is_told_once_for_the_policy() -> None:
    """FOUND 19: 重点外资外贸企业 has neither a definition nor a list; that is told of the policy, not beside every award."""
    policy = the_engine().pack.policies["wzwm"]
    assert any("重点外资外贸企业" in caution for caution in policy.cautions)
    answers = found("wzwm", example("wzwm.hedge"), awards=[])
    assert not any("key_enterprise" in one for d in answers.values() for one in tells(d))


# --- who applies ----------------------------------------------------------------------------------------------------


def test_what_is_for_enterprises_asks_what_the_applicant_is() -> None:
    """FOUND 14: 科技创新支持对象 are 企业; an institution is no such applicant, and an applicant page that says so is enough."""
    facts = example("gjj.rd_subsidy")
    assert found("gjj", facts | {"申请人类型": "企业"})["rd_subsidy"].status == "eligible"
    assert found("gjj", facts | {"申请人类型": "机构"})["rd_subsidy"].status == "ineligible"
    interview = Interview(the_engine(), "gjj", ON, answers={k: str(v) for k, v in facts.items()})
    assert "申请人类型" not in {view.fact.name for view in interview.fields("data")}


#: persons apply for these themselves, or the list of who may ends in 等
PERSONS_TOO = {"jr.talent", "jr.talent_care", "gjj.major"}


@pytest.mark.parametrize("policy", ["wzwm", "jr", "ss", "gxjs", "gjj", "fhq", "jsq", "zsjd", "zxqy", "tztc", "jqzc"])
def test_what_is_for_organisations_is_no_person_s_and_waits_for_nobody_to_say_so(policy: str) -> None:
    """FOUND 14: who was stated to be a person is refused by the clause; nobody is asked who is taken for what the text is for."""
    engine, person = the_engine(), read_answers(the_engine().pack, {"申请人类型": "个人"})
    for rule in engine.rules_of(policy):
        if rule.benefit.id in PERSONS_TOO:
            continue
        alone = conclude_all(engine, Answers(ON, person), [policy])[rule.benefit.id]
        assert alone is not None and alone.status == "ineligible", rule.benefit.id
        d = found(policy, {"申请人类型": "个人"})[rule.benefit.id.removeprefix(f"{policy}.")]
        assert any("申请人类型：个人，本项要求" in line.text and line.clauses for line in d.failed), rule.benefit.id


def test_who_is_presumed_is_told_and_offered_and_never_lacking() -> None:
    """FOUND 14: as a number of persons that nobody stated is."""
    unsaid = found("gxjs", example("gxjs.trade"))["trade"]
    assert unsaid.status == "eligible" and "申请人类型" in {m.name for m in unsaid.optional}
    assert any("申请人类型：没有填，按企业计" in line.text for line in unsaid.trace)
    assert "申请人类型" not in {m.name for d in found("ss", {}).values() for m in d.missing}
    said = found("gxjs", example("gxjs.trade", 申请人类型="企业"))["trade"]
    assert not any("没有填" in line.text for line in said.trace) and not said.optional


# --- dates, shares, routes, who decides ------------------------------------------------------------------------------


def test_days_that_the_text_counts_are_asked_and_dated() -> None:
    """FOUND 14: the five working days of 核准 and the five days of 注销 start on days that are asked."""
    answers = found("gzjzz", {
        "工作居住证受理日": "2026-03-30", "持有工作居住证": "是", "解除劳动聘用关系": "是", "持证人离职日": "2026-03-30",
    })  # fmt: skip
    approval, cancel = answers["approval"].deadline, answers["cancel"].deadline
    assert approval is not None and approval.clause == "gzjzz.4a" and approval.day == date(2026, 4, 7)  # 清明 off
    assert cancel is not None and cancel.clause == "gzjzz.5.3a" and cancel.day == date(2026, 4, 4)
    assert {m.name for m in found("gzjzz", {})["approval"].missing} == {"工作居住证受理日"}


def test_a_won_case_has_its_year_like_its_neighbours() -> None:
    """FOUND 14: zscq.2.4a names no year; 4b does for all of it. Both readings are told."""
    facts = example("zscq.litigation") | {"上年度维权胜诉": "否"}
    (note,) = [r for r in found("zscq", facts, awards=[])["litigation"].readings if r.id == "zscq.case_year"]
    assert "可申请" in note.effect


def test_a_bound_that_is_a_share_of_a_count_is_never_rounded() -> None:
    """FOUND 15: 40% of 8 persons is 3.2 persons: the paper never says 3."""
    said = " ".join(
        line.text for line in found("fhq", {"孵化器员工总数": "8", "运营团队专业人员数": "3"})["professional"].trace
    )
    assert "3.2人" in said and "（3人）" not in said
    said = " ".join(
        line.text for line in found("fhq", {"全部在孵企业数": "11", "同一产业在孵企业数": "5"})["professional"].trace
    )
    assert "5.5家" in said


def test_who_decides_is_the_policys_own_word() -> None:
    """FOUND 20: 评审 is said only of policies whose text has it."""
    for policy in the_engine().pack.policies.values():
        words = "".join(sentence.words for sentence in policy.sentences)
        said = [policy.decided, *(benefit.decided for benefit in policy.benefits)]
        assert "评审" in words or not any("评审" in one for one in said), policy.id
    assert "区财政局（金融办）" in found("jr", example("jr.setup"), awards=[])["setup"].figure_words


def test_routes_to_one_permit_are_said_to_replace_one_another() -> None:
    """FOUND 21: one route is enough, and the seven stand in for degree, title and income."""
    notes = "".join(found("gzjzz", example("gzjzz.permit"))["permit"].notes)
    assert "不必都符合" in notes and "代替" in notes


@pytest.mark.parametrize(
    ("benefit", "day"),
    [
        ("jr.setup", "开办补助符合条件之日"), ("jr.fund", "基金奖励符合条件之日"),
        ("jr.office_buy", "购房补贴符合条件之日"), ("jr.office_rent", "租房补贴符合条件之日"),
    ],
)  # fmt: skip
def test_a_year_that_is_counted_from_an_unstated_day_names_that_day(benefit: str, day: str) -> None:
    """FOUND 25: 期满前一日后1个工作日（待定） told nobody what to look for; the time limit itself says it too."""
    stated = {name: value for name, value in example(benefit).items() if name != day}
    one = found("jr", stated, awards=[])[benefit.removeprefix("jr.")]
    assert one.status == "unknown" and [lack.name for lack in one.missing] == [day]
    counted = [line.text for line in one.trace if "期满" in line.text]
    assert counted and all(text.count(f"（{day}未填）") == 2 and "待定" not in text for text in counted)
    assert one.deadline is not None and one.deadline.day is None and one.deadline.text.endswith(f"；{day}未填）")
    known = found("jr", example(benefit), awards=[])[benefit.removeprefix("jr.")]
    assert known.deadline is not None and known.deadline.day == date(2027, 1, 5) and "未填" not in known.deadline.text
