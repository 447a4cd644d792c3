# ruff: noqa: S106  the passwords here open nothing but what these tests make
"""人员 in 设置: the one in charge adds, renames, moves, resets, removes and renews by keyboard; others see who that is."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPdfWriter
from PySide6.QtWidgets import QLabel, QWidget

from pinggu_desk.desk import practice
from pinggu_desk.desk.kit import Field
from pinggu_desk.desk.pages.people import NEW, PeopleCard
from pinggu_desk.desk.pages.settings import SettingsPage
from pinggu_desk.register import Register, errors

from .conftest import Desk, within

ENTER = Qt.Key.Key_Return
SECRET, OTHER = "Sample-2-abc", "Sample-3-abc"


def people(desk: Desk) -> PeopleCard:
    desk.alt(8)
    page = desk.frame.current()
    assert isinstance(page, SettingsPage)
    return page.people


def typed(desk: Desk, field: Field, text: str) -> None:
    field.focus_input()
    field.set_text("")
    desk.type(text)


def pressed(desk: Desk, button: QWidget) -> None:
    assert button.isVisible() and button.isEnabled()
    button.setFocus()
    desk.key(ENTER)


def come_in(desk: Desk, no: str, password: str) -> Register:
    return Register.open(desk.services.folder, clerk_no=no, password=password)


def added(desk: Desk) -> PeopleCard:
    card = people(desk)
    card.who.focus_input()
    desk.key(Qt.Key.Key_2)  # the second row: 新增一人, behind the only clerk
    assert card.who.text() == NEW
    card.no.focus_input()
    for text in ("0002", "示例同事", "05"):
        desk.type(text)
        desk.key(ENTER)
    desk.key(ENTER)  # 经办人, as it stands
    for text in (SECRET, SECRET):
        desk.type(text)
        desk.key(ENTER)
    assert "已新增示例同事（0002），角色经办人" in card.answer.text()
    return card


def test_somebody_is_added_renamed_moved_put_in_charge_and_given_a_password_by_keyboard(desk: Desk) -> None:
    card = added(desk)
    come_in(desk, "0002", SECRET).close()
    card.who.focus_input()
    desk.key(Qt.Key.Key_2)
    assert (card.name.text(), card.window_no.text(), card.role.text()) == ("示例同事", "05", "经办人")
    assert not card.no.isVisible() and not card.passwords.first.isVisible()
    typed(desk, card.name, "示例同事改")
    typed(desk, card.window_no, "07")
    card.role.focus_input()
    desk.key(Qt.Key.Key_2)
    pressed(desk, card.save)
    assert "角色负责人" in card.answer.text()
    pressed(desk, card.give)
    for text in (OTHER, OTHER):
        desk.type(text)
        desk.key(ENTER)
    assert "口令已重设" in card.answer.text()
    other = come_in(desk, "0002", OTHER)
    assert (other.clerk.name, other.clerk.window, other.clerk.role) == ("示例同事改", "07", "负责人")
    other.close()


def test_removing_says_how_long_it_takes_asks_twice_and_the_others_come_in(desk: Desk) -> None:
    card = added(desk)
    card.who.focus_input()
    desk.key(Qt.Key.Key_2)
    pressed(desk, card.remove)
    said = card.answer.text()
    assert "约需 1 秒" in said and "旧的密钥文件" in said and "以前的备份" in said
    come_in(desk, "0002", SECRET).close()
    pressed(desk, card.remove)
    assert "已移除示例同事" in card.answer.text()
    with pytest.raises(errors.UnknownClerk):
        come_in(desk, "0002", SECRET)
    assert card.who.options == ("示例经办（0001）　负责人　窗口 00", NEW)
    come_in(desk, "0001", practice.PASSWORD).close()


def test_a_removal_at_another_window_locks_this_one_and_it_is_said_why(desk: Desk) -> None:
    added(desk)
    other = come_in(desk, "0001", practice.PASSWORD)
    other.remove_clerk("0002")
    other.close()
    desk.alt(4)
    desk.settle()
    lock = desk.window.lock
    assert (
        lock is not None
        and "刚换了密钥" in lock.banner.accessibleName()
        and "填到一半的都在" in lock.banner.accessibleName()
    )
    desk.type(practice.PASSWORD)
    desk.key(ENTER)
    desk.settle()
    assert desk.window.lock is None


def test_what_is_refused_is_said_in_the_card(desk: Desk) -> None:
    card = added(desk)
    card.who.focus_input()
    desk.key(Qt.Key.Key_1)
    pressed(desk, card.remove)
    pressed(desk, card.remove)
    assert "不能移除正在登录的自己" in card.answer.text()
    card.role.focus_input()
    desk.key(Qt.Key.Key_3)
    pressed(desk, card.save)
    assert "唯一的负责人" in card.answer.text()


def test_a_recovery_code_is_renewed_shown_once_and_printed_once(desk: Desk, tmp_path: Path) -> None:
    card = people(desk)
    pressed(desk, card.renew)
    assert card.code is not None
    code = card.code.words.text()
    paper = tmp_path / "恢复码.pdf"
    shown = card.code
    shown.ask_printer = lambda _parent, _title: QPdfWriter(str(paper))
    pressed(desk, shown.print_button)
    assert not shown.print_button.isEnabled() and paper.stat().st_size > 1000
    shown.tick.setFocus()
    desk.key(Qt.Key.Key_Space)
    assert code not in [label.text() for label in within(desk.window, QLabel)]
    Register.reset_password(desk.services.folder, clerk_no="0001", recovery_code=code, password="New-pass-1").close()


def test_others_are_told_who_is_in_charge_and_can_change_nothing(desk: Desk) -> None:
    added(desk)
    desk.window.lock_now()
    desk.settle()
    assert desk.window.lock is not None
    desk.window.lock.another_wanted.emit()
    desk.settle()
    desk.key(Qt.Key.Key_2)
    desk.key(ENTER)
    desk.type(SECRET)
    desk.key(ENTER)
    card = people(desk)
    assert not card.in_charge and "由负责人办理：示例经办（0001）" in card.told.text()
    assert not [field for field in within(card.card, Field) if field.isVisible()]
    page = desk.frame.current()
    assert isinstance(page, SettingsPage)
    told = " ".join(label.text() for label in within(page.parameters.card, QLabel) if label.isVisible())
    assert "录入外部参数由负责人办理，您现在的角色是经办人" in told and not page.parameters._add.isVisible()
