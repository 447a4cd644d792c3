"""A visit as a clerk makes it: by keyboard, with the answer beside the form always the engine's own."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pinggu_desk.desk.wizard.applicant import ApplicantStep
from pinggu_desk.desk.wizard.materials import MaterialsStep
from pinggu_desk.desk.wizard.page import WizardPage
from pinggu_desk.desk.wizard.phrases import bare, meaning
from pinggu_desk.desk.wizard.results import ResultStep
from pinggu_desk.desk.wizard.scope import ScopeStep
from tests.desk.conftest import commit
from tests.desk.wizard.conftest import (
    ALT,
    CTRL,
    ELIGIBLE_SS,
    ENTER,
    LEAVING,
    LISTED,
    SHIFT,
    SOUND_SME,
    Work,
    words,
)  # fmt: skip

K = Qt.Key


def test_a_whole_visit_without_a_mouse(work: Work) -> None:
    work.begin("ss")
    assert isinstance(work.page.stack.currentWidget(), ScopeStep)
    work.keys((K.Key_Right, ALT))
    work.keys(ENTER)  # what all listed companies must meet, confirmed as one question
    assert work.field_here() == "上市企业来源"
    work.keys(K.Key_1, ENTER)
    keys: dict[str, Qt.Key | str] = {
        "拟上市挂牌": K.Key_2,
        "上市挂牌板块": K.Key_2,
        "上市挂牌日": "20260105",
        "上市挂牌方式": K.Key_1,
    }
    while (name := work.field_here()) in keys:
        work.keys(keys.pop(name), ENTER)
    assert keys == {}
    card = work.page.panel.cards["ss.listing"]
    assert card.figure.text() == "800.00 万元"
    assert card.badge.text() == "可申请"
    assert "捌佰万元整" in card.meaning.text()
    assert work.kept() == LISTED


ANSWERS = {
    "ss-nothing": ("ss", {}), "ss-listed": ("ss", LISTED), "ss-not-here": ("ss", LISTED | {"本区工商注册": "否"}),
    "ss-move": ("ss", LISTED | {"上市挂牌方式": "新三板挂牌企业转板上市"}),
    "ss-out-of-town": ("ss", LISTED | {"上市企业来源": "京外迁入"}),
    "zxqy-nothing": ("zxqy", {}),
    "zxqy-upgrade": ("zxqy", SOUND_SME | {
        "技改项目类别": "企业技术创新", "技改固定资产投资": "500", "技改设备投资": "400", "技改基建投资": "50"}),
    "tztc-scored": ("tztc", LEAVING), "tztc-half": ("tztc", {"职工人数": "120"}),
    "yl-yes": ("yl", {"平谷区服务包企业": "是", "高级别管理人员": "是"}),
}  # fmt: skip


def unfold(page: WizardPage) -> None:
    """Every card of the panel, with all of its working, where a policy has so many that they are folded."""
    folded = [section.head for section in page.panel.sections.values() if not section.open]
    for head in folded:
        head.click()
    for card in page.panel.cards.values() if folded else ():
        card.unfold()


@pytest.mark.parametrize("sample", list(ANSWERS))
def test_every_answer_shown_is_the_engines(work: Work, sample: str) -> None:
    policy, answers = ANSWERS[sample]
    page = work.begin(policy, answers)
    truth = work.truth()
    shown = page.panel.cards
    unfold(page)
    assert set(shown) == set(truth)
    for benefit, d in truth.items():
        card = shown[benefit]
        assert (card.title.text(), card.badge.text()) == (d.title, d.status_words)
        figure = card.figure.text() or card.small_figure.text()
        assert figure == ("" if d.status == "ineligible" else d.headline)
        assert card.meaning.text() == meaning(d)
        assert d.figure_words in card.meaning.text()
        assert d.status == "ineligible" or all(service in card.services.text() for service in d.services)
        if d.status == "ineligible":
            assert all(bare(t) in card.working.accessibleDescription() for t in d.trace if t.mark == "fails")
        if d.readings:
            assert all(r.other in card.reading.text() for r in d.readings)
    order = [["可申请", "需人工认定", "需补充信息", "不符合"].index(shown[b].badge.text()) for b in page.panel.order]
    assert order == sorted(order)
    page.open_step("result")
    work.desk.settle()
    step = page.steps["result"]
    assert isinstance(step, ResultStep)
    rows = {row.determination.benefit: row.determination for row in step.rows}
    gathered = {d.benefit: d for card in step.gathered for d in card.determinations}
    assert rows | gathered == truth and not rows.keys() & gathered.keys()
    assert all(d.headline in words(step) for d in rows.values())
    assert all(d.title in words(step) for d in gathered.values())
    assert "以主管部门审核为准" in words(step) and not page.panel.isVisible(), "page or pane, not both"
    page.open_step("materials")
    assert page.panel.isVisible()


def test_the_answer_follows_each_key(work: Work) -> None:
    answers = SOUND_SME | {"技改项目类别": "企业技术创新", "技改设备投资": "400", "技改基建投资": "50"}
    page = work.begin("zxqy", answers)
    page.open_step("data", "技改固定资产投资")
    figures = []
    for key in "500":
        QTest.keyClicks(work.desk.focus, key)
        d = work.truth()["zxqy.upgrade"]
        card = page.panel.cards["zxqy.upgrade"]
        assert card.determination == d
        figures.append((d.status, d.headline))
    assert figures[-1] == ("eligible", "最高 50.00 万元")
    assert "伍佰万元整" in words(work.field("技改固定资产投资"))


def test_a_score_lists_its_indicators_with_points_and_sum(work: Work) -> None:
    page = work.begin("tztc", LEAVING)
    d = work.truth()["tztc.fund"]
    assert d.score == 72
    spoken = page.panel.cards["tztc.fund"].working.accessibleDescription()
    for one in d.indicators:
        assert f"{one.name} {one.value}，{one.score} 分" in spoken
    page.open_step("result")
    work.desk.settle()
    assert "72 分" in words(page.steps["result"])


def test_enter_walks_and_leaves_the_input_method_alone(work: Work) -> None:
    page = work.begin("ss")
    page.open_step("applicant", "联系人")
    step = page.steps["applicant"]
    assert isinstance(step, ApplicantStep)
    work.keys((K.Key_A, CTRL))
    QApplication.sendEvent(work.desk.focus, QInputMethodEvent("shi", []))
    QTest.keyClick(work.desk.focus, ENTER)
    assert step.contact.has_focus()
    commit(work.desk.focus, "示例㛃某")
    work.keys(ENTER)
    assert step.phone.has_focus()
    work.keys((ENTER, SHIFT))
    assert step.contact.has_focus()
    page.leave()
    work.desk.settle()
    assert work.register().glance(1).contact == "示例㛃某"


def test_a_name_belongs_to_the_applicant_and_cannot_be_empty(work: Work) -> None:
    page = work.begin("ss")
    page.open_step("applicant", "名称")
    work.keys((K.Key_A, CTRL), K.Key_Delete)
    page.leave()
    work.desk.settle()
    step = page.steps["applicant"]
    assert isinstance(step, ApplicantStep)
    assert "名称" in step.name.error()
    assert work.register().glance(1).name == "示例装备制造有限公司"
    assert page.list.rows["applicant"].accessibleName().endswith("还缺 1")
    work.keys("示例改名有限公司")
    page.leave()
    work.desk.settle()
    assert work.register().glance(1).name == "示例改名有限公司"
    assert "示例改名有限公司" in words(page.list)


def test_a_case_without_an_applicant_begins_with_who_it_is(work: Work) -> None:
    page = work.begin("ss", applicant=None)
    step = page.steps["applicant"]
    assert isinstance(step, ApplicantStep)
    assert page.stack.currentWidget() is step and step.name.has_focus()
    work.keys("示例新来的公司", ENTER)
    work.desk.settle()
    register = work.register()
    whose = register.case(work.case_id).applicant_id
    assert whose is not None and register.glance(whose).name == "示例新来的公司"
    page.leave()
    work.desk.settle()
    assert len(register.search("示例新来的公司")) == 1


def test_another_day_of_judgement_judges_anew_and_is_kept(work: Work) -> None:
    page = work.begin("ss", LISTED)
    assert page.panel.cards["ss.listing"].badge.text() == "可申请"
    page.open_step("applicant", "判断日")
    work.keys((K.Key_A, CTRL), "20260901")
    assert page.panel.cards["ss.listing"].badge.text() == "不符合"
    assert "期限已过" in words(page.panel.cards["ss.listing"])
    assert work.register().case(work.case_id).on == date(2026, 9, 1)
    work.keys((K.Key_A, CTRL), "20200101")
    assert "不在政策包内" in words(page.panel.cards["ss.listing"])


def test_f1_knows_the_clause_of_the_field_and_comes_back_to_it(work: Work) -> None:
    page = work.begin("ss", ELIGIBLE_SS)
    page.open_step("data", "上市挂牌日")
    assert page.clause_here() == page.session.interview.field("上市挂牌日").clause
    work.keys(K.Key_F1)
    assert work.desk.frame.current() is not page
    work.keys(K.Key_Escape)
    assert work.desk.frame.current() is page
    assert work.field_here() == "上市挂牌日"


def test_a_place_in_the_working_opens_the_text_by_keyboard(work: Work) -> None:
    page = work.begin("ss", LISTED)
    wanted: list[str] = []
    page.clause_wanted.disconnect()
    page.clause_wanted.connect(wanted.append)
    working = page.panel.cards["ss.listing"].working
    working.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(working, K.Key_Tab)
    QTest.keyClick(working, ENTER)
    assert wanted and wanted[0].startswith("ss.")


def test_number_keys_choose_what_is_asked_for(work: Work) -> None:
    page = work.begin("ss")
    work.keys(K.Key_2, K.Key_3, K.Key_4)
    assert page.session.interview.chosen == ["ss.coaching"]
    assert [b for b, card in page.panel.cards.items() if card.isVisible()] == ["ss.coaching"]
    page.open_step("data")
    work.desk.settle()
    assert work.in_sight() == ["拟上市挂牌"]
    page.open_step("scope", "ss.coaching")
    work.keys(K.Key_1)
    assert "请至少选一项" in words(page.steps["scope"])
    assert page.list.rows["scope"].accessibleName().endswith("还缺 1")
    case_id = work.case_id
    work.desk.frame.open_place("受理")
    assert work.open(case_id).session.interview.chosen == []


def test_materials_are_ticked_by_number_and_space_and_kept(work: Work) -> None:
    page = work.begin("ss", LISTED)
    page.open_step("materials")
    step = page.steps["materials"]
    assert isinstance(step, MaterialsStep)
    names = list(step.fields)
    assert len(names) == 5 and page.list.rows["materials"].accessibleName().endswith("还缺 5")
    work.keys(K.Key_1, ENTER, K.Key_3, ENTER, K.Key_Space)
    assert [step.fields[n].text() for n in names] == ["已收", "不适用", "已收", "待补", "待补"]
    work.keys(K.Key_Space, K.Key_Space)
    assert step.fields[names[2]].text() == "待补"
    assert page.list.rows["materials"].accessibleName().endswith("还缺 3")
    again = work.open(work.case_id)
    assert again.session.interview.materials == {names[0]: "已收", names[1]: "不适用", names[2]: "待补"}
    assert again.stack.currentWidget() is again.steps["materials"]


@pytest.mark.parametrize("policy", ["zxqy", "tztc"])
def test_where_the_text_lists_no_materials_that_is_said(work: Work, policy: str) -> None:
    page = work.begin(policy)
    page.open_step("materials")
    work.desk.settle()
    note = page.session.interview.materials_words
    assert note and note in words(page.steps["materials"])


def test_past_awards_are_shown_and_counted(work: Work) -> None:
    work.register().add_award(1, "ss", "ss.neeq", 100_000_000, date(2024, 5, 6))
    page = work.begin("ss", LISTED | {"上市挂牌方式": "新三板挂牌企业转板上市"})
    assert page.panel.cards["ss.listing"].figure.text() == "700.00 万元"
    page.open_step("applicant")
    work.desk.settle()
    assert "新三板创新层挂牌奖励" in words(page.steps["applicant"]) and "100万元" in words(page.steps["applicant"])
    page.open_step("data")
    work.desk.settle()
    field = work.field("已领上市挂牌奖励")
    assert field.text() == "100万元" and "来自登记簿" in words(field)


def test_every_input_of_the_wizard_tells_its_clause_to_a_screen_reader(work: Work) -> None:
    page = work.begin("zxqy")
    page.open_step("data")
    work.desk.settle()
    for view in page.session.interview.fields("data"):
        for one in work.field(view.fact.name).inputs():
            assert view.fact.name in one.accessibleName()
            assert view.quote[:20] in one.accessibleDescription()


def test_the_applicant_step_is_reached_and_left_with_alt_and_arrows(work: Work) -> None:
    page = work.begin("yl")
    work.keys((K.Key_Left, ALT))
    assert page.stack.currentWidget() is page.steps["applicant"]
    work.keys((K.Key_Left, ALT))
    assert page.stack.currentWidget() is page.steps["applicant"]
    for _ in range(10):
        work.keys((K.Key_Right, ALT))
    assert page.stack.currentWidget() is page.steps["output"]


def test_a_policy_of_one_benefit_has_no_scope_to_choose(work: Work) -> None:
    page = work.begin("tztc")
    assert "scope" not in page.steps
    assert page.stack.currentWidget() is page.steps["eligibility"]
    assert work.field_here() == "本区正常生产经营实体工业企业"
