"""The form asks only what still matters, says what is wrong where it is wrong, and never jumps."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from pinggu_desk.assess.interview import Interview
from pinggu_desk.desk.match.page import MatchPage
from pinggu_desk.desk.wizard.factform import FactForm
from pinggu_desk.desk.wizard.formorder import FormOrder
from pinggu_desk.desk.wizard.session import Session
from tests.desk.conftest import within
from tests.desk.wizard.conftest import CTRL, ELIGIBLE_SS, ENTER, LISTED, ON, SOUND_SME, Work, words

K = Qt.Key
UPGRADE = SOUND_SME | {"技改项目类别": "企业技术创新", "技改固定资产投资": "500", "技改设备投资": "400"}
THREE = ("技改固定资产投资", "技改设备投资", "技改基建投资")


def test_what_cannot_all_be_true_is_told_at_each_field_once_the_last_is_left(work: Work) -> None:
    page = work.begin("zxqy", UPGRADE)
    page.open_step("data", "技改基建投资")
    QTest.keyClicks(work.desk.focus, "200")
    assert page.list.rows["data"].accessibleName().endswith("有误 3")
    assert [work.field(name).error() for name in THREE] == ["", "", ""]
    work.keys(ENTER)
    assert all("超过了“项目实际完成的固定资产投资”" in work.field(name).error() for name in THREE)
    assert all("有误" in work.field(name).inputs()[0].accessibleDescription() for name in THREE)
    work.keys((ENTER, Qt.KeyboardModifier.ShiftModifier), (K.Key_A, CTRL), "5")
    assert [work.field(name).error() for name in THREE] == ["", "", ""]
    assert "有误" not in page.list.rows["data"].accessibleName()


def test_half_a_date_is_no_error_until_it_is_left(work: Work) -> None:
    page = work.begin("ss", ELIGIBLE_SS)
    page.open_step("data", "上市挂牌日")
    QTest.keyClicks(work.desk.focus, "2026")
    assert work.field("上市挂牌日").error() == ""
    work.keys(ENTER)
    assert "看不懂" in work.field("上市挂牌日").error()
    assert work.field("上市挂牌日").isVisible()


def test_what_no_longer_matters_is_folded_into_one_line_and_what_was_answered_stays(work: Work) -> None:
    page = work.begin("ss", {k: v for k, v in LISTED.items() if k in ("上市挂牌日", "上市挂牌板块")})
    page.open_step("eligibility", "上市企业来源")
    work.keys(K.Key_1)
    page.open_step("eligibility", "本区工商注册")
    work.keys(K.Key_2)
    page.open_step("data")
    work.desk.settle()
    assert work.in_sight() == ["上市挂牌日"]
    line = words(page.steps["data"])
    assert "已无关：" in line and "拟上市挂牌" in line and "上市挂牌方式" in line
    assert page.list.rows["data"].accessibleName().endswith("已完成")
    page.open_step("eligibility", "本区工商注册")
    work.keys(K.Key_1)
    page.open_step("data")
    work.desk.settle()
    assert "拟上市挂牌" in work.in_sight()


def test_fields_keep_their_identity_while_typing(work: Work) -> None:
    page = work.begin("zxqy", UPGRADE)
    page.open_step("data", "技改基建投资")
    before = {name: work.field(name) for form in work.forms() for name in form.fields}
    focus = work.desk.focus
    work.keys("50", (K.Key_A, CTRL), "60")
    assert work.desk.focus is focus
    assert {name: work.field(name) for form in work.forms() for name in form.fields} == before


def test_nothing_jumps_when_fields_above_go_away(work: Work) -> None:
    page = work.begin("zxqy", SOUND_SME)
    page.open_step("data", "市级中小企业平台认定")
    work.desk.settle()
    form = page.steps["data"]
    focus = work.desk.focus

    def place() -> int:
        return focus.mapTo(form.viewport(), focus.rect().topLeft()).y()

    before, count = place(), len(work.in_sight())
    page.session.set("技改项目类别", "都不是")
    page.session.set("新建企业", "否")
    page.session.set("纳入银税互动", "否")
    work.desk.settle()
    assert len(work.in_sight()) < count - 4
    assert work.desk.focus is focus
    assert abs(place() - before) <= 1


def test_a_field_that_becomes_irrelevant_under_the_hands_stays_until_it_is_left(work: Work) -> None:
    page = work.begin("ss", ELIGIBLE_SS | {"上市挂牌板块": "其他或尚未上市挂牌"})
    page.open_step("data", "拟上市挂牌")
    page.session.set("上市挂牌板块", "北交所")
    work.desk.settle()
    work.keys(K.Key_1)
    page.open_step("data", "上市挂牌日")
    work.desk.settle()
    assert work.field_here() == "上市挂牌日"
    page.session.set("上市挂牌板块", "其他或尚未上市挂牌")
    work.desk.settle()
    assert work.field_here() == "上市挂牌日"
    work.keys(ENTER, ENTER)  # the first stands behind the key that answered by itself, and does nothing
    work.desk.settle()
    assert not work.field("上市挂牌日").isVisible()


def test_a_clause_shared_by_neighbours_is_quoted_once_beneath_them(work: Work) -> None:
    page = work.begin("ss")
    page.open_step("eligibility")
    work.desk.settle()
    quote = page.session.interview.field("本区工商注册").quote
    assert words(page.steps["eligibility"]).count(quote) == 1
    page.open_step("data")
    work.desk.settle()
    for view in page.session.interview.fields("data"):
        if work.field(view.fact.name).isVisible():
            assert view.quote in words(page.steps["data"])
            assert view.place in words(page.steps["data"])


@pytest.mark.parametrize("policy", ["ss", "zxqy", "tztc", "yl"])
def test_enter_reaches_every_question_that_is_open(work: Work, policy: str) -> None:
    page = work.begin(policy)
    for key in ("eligibility", "data"):
        page.open_step(key)
        work.desk.settle()
        wanted = [v.fact.name for v in page.session.interview.fields(key) if v.state == "needed"]
        form = page.steps[key]
        assert isinstance(form, FactForm)
        form.open_apart(sorted(form.folds.names, key=wanted.index))  # else one Enter confirms them together
        form.stand_in()
        reached = []
        while (name := work.field_here()) and name not in reached and page.stack.currentWidget() is page.steps[key]:
            reached.append(name)
            work.keys(ENTER)
        details = page.session.interview.details_of(set(reached)) if key == "data" else frozenset()
        assert [name for name in wanted if name not in reached and name not in details] == []


def test_details_are_gone_to_only_when_their_main_question_is_answered(work: Work) -> None:
    """FOUND 85: Enter on an open main question goes to the next benefit's; a detail that is gone into by hand goes on to the next."""
    page = work.begin("zxqy", SOUND_SME)
    page.open_step("data", "技改项目类别")
    work.keys(ENTER)
    work.desk.settle()
    assert work.field_here() == "充分应用新一代信息技术"
    page.open_step("data", "技改项目类别")
    work.keys(K.Key_1)
    work.desk.settle()
    assert work.field_here() == "技改固定资产投资"
    page.session.set("技改项目类别", "")
    page.open_step("data", "技改设备投资")
    work.keys(ENTER)
    assert work.field_here() == "技改基建投资"


def test_no_policy_goes_on_from_an_open_main_question_to_its_details(work: Work) -> None:
    """FOUND 85, all policies: of what Enter comes to, one question left open after the other, none waits for one of its group."""
    passed_over = 0
    for policy in work.desk.services.pack.policies:
        interview = Interview(work.desk.services.engine, policy, ON)
        order = FormOrder(cast(Session, SimpleNamespace(interview=interview)), "data")
        reached: list[str] = []
        for view in (view for view in interview.fields("data") if view.state == "needed"):
            if order.passes(view, reached[-1] if reached else ""):
                passed_over += 1
                continue
            waits = interview.details_of({one for one in reached if interview.field(one).group == view.group})
            assert view.fact.name not in waits, (policy, view.fact.name)
            reached.append(view.fact.name)
        assert reached or not interview.fields("data"), policy
    assert passed_over > 200


def test_the_steps_say_in_words_what_is_left(work: Work) -> None:
    page = work.begin("ss", ELIGIBLE_SS | {"上市挂牌板块": "北交所"})
    rows = {key: row.accessibleName() for key, row in page.list.rows.items()}
    assert rows["applicant"].endswith("已完成") and rows["eligibility"].endswith("已完成")
    left = page.session.interview.step("data").left
    assert left > 0 and rows["data"].endswith(f"还缺 {left}")


def test_another_day_of_judgement_stands_over_every_step_and_over_the_match(work: Work) -> None:
    """FOUND 32: and 今天是最后一天 is not said of a day that is not today."""
    page = work.begin("ss", LISTED, on=ON)
    assert page.judged.isVisible() and "不是今天" in page.judged.text()
    for step in list(page.steps):
        page.open_step(step)
        assert page.judged.isVisible()
    assert "今天是最后一天" not in words(page) and "只剩" not in words(page)
    today = work.desk.services.today()
    page.session.judge_on(today)
    work.desk.settle()
    assert not page.judged.isVisible()
    page.session.judge_on(today + timedelta(days=30))
    work.desk.settle()
    assert "之后" in page.judged.text() and "预估" in page.judged.text()
    work.desk.alt(2)
    match = work.desk.frame.current()
    assert isinstance(match, MatchPage)
    match.session.judge_on(today - timedelta(days=30))
    work.desk.settle()
    assert "不是今天" in match.triage._who.text()
    work.keys(ENTER)
    assert match.banner.isVisible() and "不是今天" in match.banner.text()


def test_a_firm_is_not_shown_what_is_asked_of_persons_until_it_wants_it(work: Work) -> None:
    """FOUND 85: 匹配 left them out; the wizard put thirty of them before a firm that came for itself."""
    page = work.begin("rcst", applicant=1)
    page.open_step("data")
    form = page.steps["data"]
    assert isinstance(form, FactForm)
    assert form.others.isVisible() and form.others.button.text() == "为本单位人员申报，填这些"
    (waits,) = [words for words in within(form.others, QLabel) if words.text().startswith("另有")]
    assert "是问个人情况的（" in waits.text()
    left = page.session.interview.step("data").left
    assert "人才评定类别" not in {name for name, field in form.fields.items() if field.isVisible()}
    assert f"还缺 {left}" in page.list.rows["data"].accessibleName()
    form.others.button.setFocus()
    work.keys(K.Key_Space)
    assert not form.others.isVisible() and page.session.interview.step("data").left > left
    assert f"还缺 {page.session.interview.step('data').left}" in page.list.rows["data"].accessibleName()
    focused = work.desk.focus
    assert any(form.fields[name].isAncestorOf(focused) for name in form.fields if form.fields[name].isVisible())


def test_a_question_that_waits_is_shown_where_it_is_asked_for_by_name(work: Work) -> None:
    page = work.begin("rcst", applicant=1)
    page.open_step("data", "人才评定类别")
    assert work.field("人才评定类别").isVisible() and not any(form.others.isVisible() for form in work.forms())
