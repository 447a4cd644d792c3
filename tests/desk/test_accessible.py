"""FOUND 80: what a screen reader is told of each kind of widget, and what is said to it as it appears."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from pinggu_desk.desk.kit import Banner, Card, ChoiceField, LineField, Tick
from pinggu_desk.desk.wizard.results import ResultRow
from pinggu_desk.desk.wizard.steplist import StepRow
from pinggu_desk.desk.wizard.working import Working
from tests.assess.match.test_match import MANUFACTURER
from tests.desk.conftest import PATIENCE

from .conftest import Desk, within
from .match.conftest import Enquirer, enquirer, open_desk
from .test_every_page import LONG, visit
from .test_pages import new_case, register_of
from .wizard.conftest import LEAVING, LISTED, Work, open_work, work

__all__ = ["enquirer", "open_desk", "open_work", "work"]
Role, Name = QAccessible.Role, QAccessible.Text.Name
Description = QAccessible.Text.Description
#: roles that say nothing of what one can do there
_NOTHING = {Role.Client, Role.Border, Role.NoRole, Role.Grouping, Role.Pane, Role.Window, Role.Form, Role.StaticText}


def told(widget: QWidget) -> QAccessibleInterface:
    """What a screen reader is told of a widget."""
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface is not None
    return interface


def holds(widget: QWidget, state: str) -> bool:
    """Whether it is told as checked, selected, invalid …"""
    return bool(getattr(told(widget).state(), state))


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is said to a screen reader, in order; an urgent one begins with ``!``."""
    said: list[str] = []

    def hear(event: QAccessibleEvent) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            urgent = event.politeness() is QAccessible.AnnouncementPoliteness.Assertive
            said.append(("!" if urgent else "") + event.message())

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    return said


def misheard(root: QWidget) -> list[str]:
    """Where the focus may come to by Tab and nobody hears what it is, or hears the wrong thing."""
    found = []
    for widget in within(root, QWidget):
        if not widget.isVisible() or not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            continue
        one = told(widget)
        places = isinstance(widget, Working)  # words that hold places to go to; each is said as one comes to it
        wrong_box = one.role() is Role.CheckBox and not isinstance(widget, Tick)
        if not one.text(Name) or wrong_box or (one.role() in _NOTHING and not places):
            found.append(f"{type(widget).__name__} {one.role()} {one.text(Name)!r}")
    return found


def unseen(desk: Desk) -> list[str]:
    """Where the focus comes to by Tab and nothing shows it."""
    found: list[str] = []
    been: set[QWidget] = set()
    while (here := desk.app.focusWidget()) is not None and here not in been:
        been.add(here)
        after = here.grab().toImage()
        QTest.keyClick(here, Qt.Key.Key_Tab)
        while desk.app.focusWidget() is here and isinstance(here, Working):  # from place to place
            QTest.keyClick(here, Qt.Key.Key_Tab)
        if isValid(here) and here.isVisible() and here.grab().toImage() == after:
            found.append(f"{type(here).__name__} {here.accessibleName()}")
    return found


def test_on_every_page_what_takes_the_focus_has_a_role_a_name_and_shows_it(desk: Desk) -> None:
    register = register_of(desk)
    register.add_applicant("企业", LONG, address="示例镇" * 30, sample=True)
    new_case(desk)
    new_case(desk, "jcmc")
    wrong: dict[str, list[str]] = {}
    for name in visit(desk):
        desk.settle()
        if found := misheard(desk.window):
            wrong[name] = found
    assert not wrong, wrong
    for number in (1, 3, 4, 5, 8):
        desk.alt(number)
        if found := unseen(desk):
            wrong[f"Alt+{number}"] = found
    assert not wrong, wrong


@pytest.mark.parametrize(("policy", "answers"), [("ss", LISTED), ("tztc", LEAVING)])
def test_on_every_step_what_takes_the_focus_has_a_role_a_name_and_shows_it(
    work: Work, policy: str, answers: dict[str, str]
) -> None:  # fmt: skip
    page = work.begin(policy, answers)
    wrong: dict[str, list[str]] = {}
    for step in list(page.steps):
        page.open_step(step)
        work.desk.settle()
        if found := misheard(work.desk.window) + unseen(work.desk):
            wrong[step] = found
    assert not wrong, wrong
    rows = within(page, StepRow)
    assert {told(row).role() for row in rows} == {Role.ListItem}
    assert [holds(row, "selected") for row in rows] == [row.isChecked() for row in rows]
    assert not any(holds(row, "checkable") for row in rows)
    assert told(rows[0]).parent().role() is Role.List
    page.open_step("result")
    work.desk.settle()
    results = within(page, ResultRow)
    assert results and {told(row).role() for row in results} == {Role.ListItem}
    assert told(results[0]).text(Name).startswith(results[0].determination.title)


def test_matching_too(work: Work) -> None:
    work.desk.alt(2)
    work.desk.settle()
    assert misheard(work.desk.window) == []


def test_a_choice_is_radio_buttons_that_say_which_one_is_chosen_and_can_be_taken_back(qtbot: QtBot) -> None:
    field = ChoiceField("级别", ("市级", "区级"))
    qtbot.addWidget(field)
    field.show()
    rows = field.inputs()
    assert {told(row).role() for row in rows} == {Role.RadioButton}
    assert (told(field).role(), told(field).text(Name)) == (Role.Grouping, "级别")
    field.set_text("区级")
    assert [holds(row, "checked") for row in rows] == [False, True]
    assert told(rows[1]).actionInterface().actionNames()  # a reader can press it
    field.set_text("")
    assert not any(holds(row, "checked") for row in rows)
    assert told(Tick("已收")).role() is Role.CheckBox


def test_a_wrong_field_is_invalid_until_it_is_mended_and_its_words_can_still_be_read(
    qtbot: QtBot, heard: list[str]
) -> None:  # fmt: skip
    field = LineField("邮编", chars=8, check=lambda text: ("" if text.isdigit() else "邮编只有数字，请更正。", ""))
    choice = ChoiceField("级别", ("市级", "区级"))
    form = QWidget()
    column = QVBoxLayout(form)
    for one in (field, choice):
        column.addWidget(one)
    qtbot.addWidget(form)
    form.show()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow, timeout=PATIENCE)
    field.focus_input()
    QTest.keyClicks(field.line, "10x")
    assert not holds(field.line, "invalid") and heard == []
    choice.focus_input()
    line = told(field.line)
    assert holds(field.line, "invalid") and line.text(Description).startswith("有误：邮编只有数字，请更正。")
    assert line.role() is Role.EditableText and line.textInterface().text(0, 3) == "10x"
    assert heard == ["!邮编有误：邮编只有数字，请更正。"]
    field.focus_input()
    QTest.keyClicks(field.line, "y")
    assert len(heard) == 1  # not again with every key
    field.set_text("101200")
    assert not holds(field.line, "invalid") and not told(field.line).text(Description).startswith("有误")
    choice.set_error("还没有选级别，请选择。")
    assert all(holds(row, "invalid") for row in choice.inputs()) and holds(choice, "invalid")
    assert heard[-1] == "!级别有误：还没有选级别，请选择。"
    choice.set_error("")
    assert not any(holds(row, "invalid") for row in choice.inputs())


def test_a_banner_is_an_alert_and_is_said_when_it_is_in_sight_once(qtbot: QtBot, heard: list[str]) -> None:
    holder = QWidget()
    banner, note = Banner("", "bad", holder), Banner("", "warn", holder, quiet=True)
    qtbot.addWidget(holder)
    banner.show_words("期限已过。", "bad")
    note.show_words("在旁边已经说过。")
    assert heard == []  # nobody sees it yet
    holder.show()
    assert heard == ["!期限已过。"]
    assert (told(banner).role(), told(banner).text(Name)) == (Role.AlertMessage, "期限已过。")
    banner.show_words("期限已过。", "bad")
    assert len(heard) == 1
    banner.show_words("已存好。", "good")
    assert heard[-1] == "已存好。" and told(banner).role() is Role.Note
    assert told(Card()).role() is Role.Grouping


def test_answers_that_changed_are_said_once_they_stand_not_with_each_key(
    work: Work, heard: list[str], qtbot: QtBot
) -> None:  # fmt: skip
    page = work.begin("ss", LISTED)
    page.open_step("data")
    work.desk.settle()
    heard.clear()
    work.page.session.set("上市挂牌板块", "")
    work.desk.settle()
    assert heard == []
    qtbot.waitUntil(lambda: bool(heard), timeout=PATIENCE)
    assert heard == ["3 项有变化：需补充信息 3 项，不符合 1 项"]
    work.page.session.set("上市挂牌板块", "北交所")
    qtbot.waitUntil(lambda: len(heard) > 1, timeout=PATIENCE)
    assert "可申请 2 项" in heard[-1]


def test_the_total_of_a_match_is_said_once_it_stands(enquirer: Enquirer, heard: list[str], qtbot: QtBot) -> None:
    page = enquirer.begin({"上一年度本区纳税总额": "30万元"})
    heard.clear()
    total = page.answer.bundle.accessibleName()
    for name, text in MANUFACTURER.items():
        page.session.set(name, str(text))
    assert page.answer.bundle.accessibleName() != total
    assert not [one for one in heard if one.startswith("合法最优组合")]
    qtbot.waitUntil(lambda: page.answer.bundle.accessibleName() in heard, timeout=PATIENCE)


def test_the_row_that_enter_would_take_is_said_while_the_focus_is_in_the_line(
    desk: Desk, heard: list[str], qtbot: QtBot
) -> None:  # fmt: skip
    desk.type("示例装备")
    qtbot.waitUntil(lambda: any("示例装备制造有限公司" in one for one in heard), timeout=PATIENCE)
    desk.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    desk.type("qqqqzz")
    qtbot.waitUntil(lambda: any(one.startswith("没有找到“qqqqzz”") for one in heard), timeout=PATIENCE)


def test_interfaces_of_what_is_gone_leave_nothing_behind(qtbot: QtBot) -> None:
    """Qt deletes its interfaces unseen by Python; what was held of one would be taken for what comes to lie there."""
    for _ in range(10):
        holder = QWidget()
        for _ in range(20):
            line = LineField("名称", parent=holder).line
            assert told(line).role() is Role.EditableText
        row = ChoiceField("级别", ("市级", "区级"), parent=holder)
        assert {told(one).role() for one in row.inputs()} == {Role.RadioButton}
        assert all(isinstance(one, QLineEdit) for one in within(holder, QLineEdit))
        holder.deleteLater()
        qtbot.wait(1)
