"""Issue 10: plain conditions are one question in the wizard; nothing is answered before it is confirmed, each may stand by itself."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt

from pinggu_desk.desk.folding import FoldList
from pinggu_desk.desk.wizard.factform import FactForm
from tests.desk.wizard.conftest import CTRL, ENTER, ON, Work, words

K, SHIFT = Qt.Key, Qt.KeyboardModifier.ShiftModifier
NINE = (
    "位于平谷区内", "符合北京市产业政策", "独立法人资格", "财务管理制度健全规范", "生产经营情况良好", "会计信用良好", "纳税信用良好",
    "银行信用良好", "符合专项资金支持方向",
)  # fmt: skip


def form(work: Work) -> FactForm:
    step = work.page.steps["eligibility"]
    assert isinstance(step, FactForm)
    return step


def begun(work: Work) -> FactForm:
    page = work.begin("zxqy")
    page.open_step("eligibility")
    work.desk.settle()
    return form(work)


def test_one_enter_confirms_nine_conditions_and_nothing_is_answered_before(work: Work) -> None:
    step = begun(work)
    values = work.page.session.interview.values
    assert isinstance(work.desk.focus, FoldList) and not set(NINE) & set(values)
    assert "以下 9 项都符合吗？" in words(step) and not any(step.fields[name].isVisible() for name in NINE)
    work.keys((ENTER, SHIFT))
    assert not set(NINE) & set(work.page.session.interview.values), "going back confirms nothing"
    work.page.open_step("eligibility")
    work.keys(ENTER)
    assert all(work.page.session.interview.values[name] == 1 for name in NINE)
    assert work.field_here() == "申报主体类型" and "以下 9 项都已答为符合" in words(step)
    kept = work.kept()
    assert all(kept[name] == "是" for name in NINE)


def test_a_number_turns_one_to_no_and_another_to_not_clear(work: Work) -> None:
    step = begun(work)
    work.keys(K.Key_8, K.Key_9, K.Key_9, ENTER)
    work.page.open_step("eligibility")
    work.desk.settle()
    values = work.page.session.interview.values
    assert values["银行信用良好"] == 0 and "符合专项资金支持方向" not in values and values["位于平谷区内"] == 1
    assert step.fields["银行信用良好"].isVisible() and "以下 7 项都已答为符合" in words(step)
    assert all(d.status == "ineligible" for d in work.page.session.interview.determinations)


def test_one_is_had_by_itself_by_a_key_and_all_by_a_click_and_undo_comes_back_to_it(work: Work) -> None:
    step = begun(work)
    work.keys(K.Key_Down, K.Key_Right)
    work.desk.settle()
    assert work.field_here() == NINE[1] and "以下 8 项都符合吗？" in words(step)
    assert step.fields[NINE[1]].quote.isVisible()
    work.page.open_step("eligibility", "位于平谷区内")
    assert work.field_here() == "位于平谷区内", "what is asked for by its name stands by itself"
    work.keys(K.Key_1, (K.Key_Z, CTRL))
    work.desk.settle()
    assert work.field_here() == "位于平谷区内" and "位于平谷区内" not in work.page.session.interview.values


def test_what_is_known_stands_with_its_source_and_what_was_told_otherwise_stays_apart(work: Work) -> None:
    register = work.register()
    register.remember(1, "独立法人资格", "是", ON)
    register.remember(1, "银行信用良好", "否", ON)
    register.remember(1, "纳税信用良好", "是", ON)
    page = work.begin("zxqy", on=date(2027, 3, 1))
    page.open_step("eligibility")
    work.desk.settle()
    step = form(work)
    asked = step.folds.live[0].card.list
    told = [asked.item(at).text() for at in range(asked.count())]
    assert any(line.startswith("2  独立法人资格") or "独立法人资格：是（来自上次填报" in line for line in told)
    assert any(f"纳税信用良好：是（上次 {ON:%Y-%m-%d} 也是）" in line for line in told)
    assert not any("银行信用良好" in line for line in told) and step.fields["银行信用良好"].isVisible()
    work.keys(ENTER)
    assert "银行信用良好" not in page.session.interview.values


def test_a_key_that_changes_what_is_asked_goes_to_what_is_asked_now(work: Work) -> None:
    """The main question answered Yes: the focus is in the next question, never in a card that has nothing to confirm."""
    page = work.begin("zsjd", {"本区工商注册": "是", "运营场所位于平谷区内": "是"})
    page.open_step("data", "中试基地已备案")
    work.keys(Qt.Key.Key_1)
    form = work.forms()[-1]
    focus = work.desk.focus
    assert not any(place.card.isAncestorOf(focus) for place in form.folds.places if place.fold is None)
    assert work.field_here() not in ("", "中试基地已备案")
    assert page.session.interview.field(work.field_here()).state == "needed"
