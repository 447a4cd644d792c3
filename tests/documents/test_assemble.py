"""What reaches the papers is what the interview knows: nothing more, nothing less, nothing reworded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.engine import Engine
from pinggu_desk.assess.interview import Interview
from pinggu_desk.documents.assemble import assemble
from pinggu_desk.documents.sheet.values import visit_values
from pinggu_desk.documents.visit import Party, Together, Visit
from pinggu_desk.policy.text import Doubt
from tests import bundled

ON = date(2026, 11, 24)
LISTED = {
    "本区工商注册": "是", "独立法人资格": "是", "纳入平谷区统计": "是", "上市企业来源": "本区企业",
    "上市挂牌板块": "北交所", "上市挂牌方式": "首次上市或挂牌", "上市挂牌日": "20261010", "拟上市挂牌": "否",
}  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> Engine:
    return bundled.engine()


def _listed(engine: Engine, **more: object) -> Interview:
    return Interview(engine, "ss", ON, answers=LISTED, awards=[], **more)  # type: ignore[arg-type]


def _visit(engine: Engine, interview: Interview, serial: str | None = "PG-03-20261124-0001-01") -> Visit:
    return assemble(
        engine, interview, Party("示例谷地农业科技股份有限公司"), printed_at=datetime(2026, 11, 24, 9, 30),
        serial=serial, clerk="示例经办", window="03", office="示例街道政务服务中心", practice=True,
    )  # fmt: skip


def test_determinations_are_the_engines_own(engine: Engine) -> None:
    interview = _listed(engine)
    assert _visit(engine, interview).determinations == interview.determinations
    assert interview.determinations


def test_stated_facts_stand_in_the_texts_order_in_words_of_value(engine: Engine) -> None:
    interview = _listed(engine)
    stated = {s.name: s for s in _visit(engine, interview).stated}
    asked = [view.fact.name for view in (*interview.fields("eligibility"), *interview.fields("data"))]
    assert list(stated) == [name for name in asked if name in stated]
    assert set(LISTED) <= set(stated)
    assert stated["上市挂牌日"].value == "2026年10月10日"
    assert stated["上市挂牌日"].clause == interview.field("上市挂牌日").clause != ""
    assert {s.source for s in stated.values()} == {"申请人陈述", "登记簿"}


def test_where_a_value_nobody_typed_came_from_is_said(engine: Engine) -> None:
    awards = [Award("ss", "ss.neeq", 100_000_000, date(2024, 5, 6))]
    answers = {k: v for k, v in LISTED.items() if k != "独立法人资格"} | {"上市挂牌方式": "新三板挂牌企业转板上市"}
    interview = Interview(engine, "ss", ON, answers=answers, remembered={"独立法人资格": "是"}, awards=awards)
    stated = {s.name: s for s in _visit(engine, interview).stated}
    assert (stated["独立法人资格"].value, stated["独立法人资格"].source) == ("是", "上次填报")
    assert (stated["已领上市挂牌奖励"].value, stated["已领上市挂牌奖励"].source) == ("100万元", "登记簿")


def test_what_the_register_knows_but_nothing_depends_on_is_not_stated(engine: Engine) -> None:
    interview = Interview(engine, "ss", ON, answers={"拟上市挂牌": "是"}, awards=[], chosen=["ss.coaching"])
    assert "已领上市挂牌奖励" not in {s.name for s in _visit(engine, interview).stated}


def test_an_answer_that_cannot_be_read_is_not_stated(engine: Engine) -> None:
    interview = _listed(engine)
    interview.set("上市挂牌日", "去年秋天")
    assert "上市挂牌日" not in {s.name for s in _visit(engine, interview).stated}


@pytest.mark.parametrize("policy", ["ss", "zxqy", "tztc", "yl"])
def test_every_clause_a_paper_names_comes_with_its_words_and_place(engine: Engine, policy: str) -> None:
    visit = _visit(engine, Interview(engine, policy, ON, awards=[]))
    cited = {d.clause for d in visit.determinations} | {t.clause for d in visit.determinations for t in d.trace}
    cited |= {r.clause for d in visit.determinations for r in d.readings}
    cited |= {m.material.clause for m in visit.materials} | {s.clause for s in visit.stated if s.clause}
    assert cited
    for clause in cited:
        assert visit.quotes[clause], clause
        assert visit.clause_words[clause], clause


def test_a_material_nobody_ticked_is_still_to_come(engine: Engine) -> None:
    visit = _visit(engine, _listed(engine, materials={"licence": "已收", "other": "不适用"}))
    states = {m.material.key: m.state for m in visit.materials}
    assert (states["licence"], states["other"]) == ("已收", "不适用")
    assert {state for key, state in states.items() if key not in ("licence", "other")} == {"待补"}


def test_a_doubtful_telephone_carries_the_other_form(engine: Engine) -> None:
    interview = _listed(engine)
    policy = interview.policy
    doubt = Doubt("ss.4c", "010-69971260", "010-69970000", "示例存疑")
    interview.policy = replace(policy, text=replace(policy.text, doubts=(doubt,)))
    doubts = {c.role: c.doubt for c in _visit(engine, interview).contacts}
    assert "010-69970000" in doubts["咨询专线"] and "存疑" not in doubts["咨询专线"]
    assert doubts["负责科室"] == ""


def test_the_paper_says_which_edition_it_rests_on_and_no_more(engine: Engine) -> None:
    said = {policy.id: policy.basis for policy in engine.pack.policies.values()}
    assert said.pop("hgjh") == "依据京平发〔2021〕12号《平谷区高质量发展人才汇聚计划（汇谷计划）实施办法》"
    assert set(said.values()) == {"依据2024年2月《平谷区推动高质量发展惠企助企政策汇编（简版）》"}


def test_that_nothing_was_had_before_stands_in_the_forms_box(engine: Engine) -> None:
    """The sheet's box 以前领过奖励补贴 stayed empty where the visitor had said 否, beside a sum of nought that came of it."""
    of = _visit(engine, Interview(engine, "ss", ON, answers={**LISTED, "以前领过奖励补贴": "否"}, awards=None))
    assert visit_values(of)["以前领过奖励补贴"] == "否"


def test_that_nothing_was_had_before_stands_there_when_an_earlier_visit_told_it(engine: Engine) -> None:
    """Said at an earlier visit it is not asked again, and the box was empty beside the nought that rests on it."""
    interview = Interview(engine, "ss", ON, answers=LISTED, remembered={"以前领过奖励补贴": "否"}, awards=None)
    of = _visit(engine, interview)
    assert visit_values(of)["以前领过奖励补贴"] == "否"
    said = [(s.value, s.source) for s in of.stated if s.name == "以前领过奖励补贴"]
    assert said == [("否", "上次填报")]


def test_what_the_register_knows_of_awards_is_not_said_a_second_time(engine: Engine) -> None:
    interview = Interview(engine, "ss", ON, answers=LISTED, remembered={"以前领过奖励补贴": "否"}, awards=[])
    assert "以前领过奖励补贴" not in {s.name for s in _visit(engine, interview).stated}


def test_where_nothing_can_be_applied_for_nothing_is_added_up(engine: Engine) -> None:
    """Under a text that isn't in force on the day the letter said 没有可以申请的事项 and then a total of 50万元."""
    interview = Interview(engine, "ss", date(2024, 1, 31), answers=LISTED, awards=[])
    of = _visit(engine, interview)
    assert all(d.status not in ("eligible", "review") for d in of.determinations)
    assert of.together == of.applying == Together()


def test_without_the_register_there_is_no_serial(engine: Engine) -> None:
    assert _visit(engine, _listed(engine), serial=None).serial is None
