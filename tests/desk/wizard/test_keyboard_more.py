"""FOUND 35: the wizard's steps and 匹配 by keyboard alone: Tab comes to everything, and the focus is seen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pinggu_desk.desk.match.page import MatchPage
from tests.desk.test_keyboard import mouse_alone
from tests.desk.wizard.conftest import LISTED, Work

K, ALT = Qt.Key, Qt.KeyboardModifier.AltModifier


def test_every_step_of_the_wizard_by_keyboard(work: Work) -> None:
    page = work.begin("ss", LISTED)
    wrong = {}
    for step in list(page.steps):
        page.open_step(step)
        work.desk.settle()
        if found := mouse_alone(work.desk):
            wrong[step] = found
    assert not wrong, wrong


def enquiry(work: Work) -> MatchPage:
    work.desk.alt(2)
    page = work.desk.frame.current()
    assert isinstance(page, MatchPage)
    work.keys(K.Key_Return)  # 来访先问 with nothing ticked: everything is gone into
    return page


def test_matching_by_keyboard(work: Work) -> None:
    page = enquiry(work)
    work.keys(K.Key_1, K.Key_Return, K.Key_1, K.Key_Return)
    assert mouse_alone(work.desk) == []
    work.keys(K.Key_F3)
    assert mouse_alone(work.desk) == []
    assert page.stack.currentIndex() == 1


def test_enter_takes_the_choice_that_was_gone_to_and_nothing_otherwise(work: Work) -> None:
    page = enquiry(work)
    asked = page.asking.name
    work.keys(K.Key_Return)
    assert asked in page.session.enquiry.passed and not page.session.enquiry.known()
    asked = page.asking.name
    work.keys(K.Key_Down, K.Key_Return)
    (known,) = page.session.enquiry.known()
    assert known.name == asked


def test_the_other_facts_are_two_tabs_away_whatever_is_asked(work: Work) -> None:
    page = enquiry(work)
    for name in ("本区工商注册", "申报主体性质", "上市挂牌板块", "上市挂牌日", "投资额"):
        if name not in work.desk.services.pack.facts:
            continue
        for answered in (False, True):
            page.asking.ask(name)
            if answered and page.asking.field is not None and not page.asking.field.text():
                page.asking.field.inputs()[0].setFocus()
                work.keys(K.Key_1)
            for _ in range(2):
                if not page.asking.other.has_focus():
                    QTest.keyClick(QApplication.focusWidget(), K.Key_Tab)
            assert page.asking.other.has_focus(), name
    work.keys(K.Key_Tab)
    assert QApplication.focusWidget() is page.asking._later


def test_alt_2_comes_back_to_the_question(work: Work) -> None:
    page = enquiry(work)
    for key in (K.Key_Right, K.Key_Left):
        work.keys((key, ALT))
        assert page.asking.field is not None and not page.asking.field.has_focus()
        work.desk.alt(2)
        assert page.asking.field is not None and page.asking.field.has_focus()
    work.desk.alt(3)
    work.desk.alt(2)
    assert page.asking.field is not None and page.asking.field.has_focus()


def test_home_and_end_in_the_list(work: Work) -> None:
    page = enquiry(work)
    page.list.setFocus()
    work.keys(K.Key_End)
    assert page.list.currentIndex() == page.model.last()
    work.keys(K.Key_Home)
    assert page.list.currentIndex() == page.model.first() and page.list.benefit


def test_the_row_stood_on_follows_the_question(work: Work) -> None:
    page = enquiry(work)
    for _ in range(6):
        match, name = page.session.enquiry.match, page.asking.name
        assert name in match.concluded[page.list.benefit].needs.asks
        work.keys(K.Key_1, K.Key_Return)
        assert page.list.visualRect(page.list.currentIndex()).intersects(page.list.viewport().rect())
    page.list.setFocus()
    work.keys(K.Key_End, K.Key_Home)
    pinned = page.list.benefit
    work.desk.alt(2)
    if page.session.enquiry.match.concluded[pinned].needs.asks:
        assert page.list.benefit == pinned
