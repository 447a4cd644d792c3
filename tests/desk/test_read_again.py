"""台账, 审计, 统计 and 人员 are read again under the keys: whoever stands on a row, or types, goes on where he is."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt

from pinggu_desk.desk import practice
from pinggu_desk.desk.pages.audit import AuditPage
from pinggu_desk.desk.pages.ledger import LedgerPage
from pinggu_desk.desk.pages.people import NEW
from pinggu_desk.desk.pages.settings import SettingsPage
from pinggu_desk.desk.statistics.page import StatisticsPage
from pinggu_desk.register import Register

from .conftest import Desk
from .test_audit_page import done
from .test_statistics import fill

DOWN = Qt.Key.Key_Down
CASES = 40


@pytest.fixture
def many(desk: Desk) -> Desk:
    """More cases than the ledger shows at once."""

    def work(register: Register) -> None:
        for number in range(CASES):
            register.open_case(("ss", "tztc")[number % 2], "1", on=date(2026, 1, 5))

    done(desk, work)
    return desk


def ledger_of(desk: Desk) -> LedgerPage:
    desk.alt(4)
    page = desk.frame.current()
    assert isinstance(page, LedgerPage)
    return page


def test_the_ledger_keeps_the_case_one_stands_on_though_newer_ones_come_above(many: Desk) -> None:
    page = ledger_of(many)
    page.table.setFocus()
    for _ in range(25):
        many.key(DOWN)
    stood, top = page.model.rows[25].case.id, page.table.rowAt(0)
    many.services.operations.run(lambda register: register.open_case("ss", "1"))
    page.read()
    many.settle()
    assert page.model.rowCount() == CASES + 1 and page.table.currentIndex().row() == 26
    assert page.model.rows[26].case.id == stood and page.table.hasFocus()
    assert page.table.rowAt(0) == top + 1, "as high on the screen as it was"
    page.line.setFocus()
    many.type("tztc")
    assert page.table.currentIndex().row() == 0, "other words: the first that fits"


def test_a_closed_case_is_still_asked_about_and_one_that_is_gone_leaves_its_place(many: Desk) -> None:
    page = ledger_of(many)
    third = page.model.rows[2].case.id
    done(many, lambda register: register.close_case(third))
    page.read()
    many.settle()
    page.table.setFocus()
    for key in (DOWN, DOWN, Qt.Key.Key_Return):
        many.key(key)
    assert page._ask.isVisible()
    page.read()
    many.settle()
    assert page._ask.isVisible(), "the answer that was asked for still counts"
    page.state.set_text("已出具")
    page._filter()
    done(many, lambda register: register.reopen_case(third))
    page.read()
    many.settle()
    assert page.model.rowCount() == 0 and page.line.hasFocus(), "a table that goes takes no keys with it"


def test_the_trail_keeps_the_entry_one_stands_on(many: Desk) -> None:
    many.alt(4)
    many.key(Qt.Key.Key_F8)
    page = many.frame.current()
    assert isinstance(page, AuditPage)
    page.table.setFocus()
    for _ in range(12):
        many.key(DOWN)
    stood = page.model.rows[12].id
    many.key(Qt.Key.Key_F9)  # 核验 is an entry, and so is each look
    here = page.model.at(page.table.currentIndex().row())
    assert here is not None and here.id == stood and page.model.rows[0].id > stood + 12
    assert page.table.hasFocus() and f"第 {stood} 条" in page.whole.text()


def test_statistics_keep_their_row_and_their_order(desk: Desk) -> None:
    fill(done(desk, lambda register: register))
    desk.alt(7)
    page = desk.frame.current()
    assert isinstance(page, StatisticsPage)
    page.table.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Space, DOWN):
        desk.key(key)
    here = page.model.row_at(2)
    assert here is not None and page.table.currentIndex().row() == 2
    order, column = [row.keys for row in page.model.rows()], page.table.currentIndex().column()
    desk.key(Qt.Key.Key_F5)
    at = page.table.currentIndex()
    again = page.model.row_at(at.row())
    assert again is not None and again.keys == here.keys and at.column() == column and page.table.hasFocus()
    assert [row.keys for row in page.model.rows()] == order and page.table.horizontalHeader().isSortIndicatorShown()


def test_people_keep_whoever_is_chosen_and_what_is_being_typed(desk: Desk) -> None:
    done(desk, lambda register: register.add_clerk("0002", "示例同事", practice.PASSWORD, "05"))
    desk.alt(8)
    page = desk.frame.current()
    assert isinstance(page, SettingsPage)
    card = page.people
    card.who.focus_input()
    desk.key(Qt.Key.Key_3)
    assert card.who.text() == NEW
    card.name.focus_input()
    desk.type("示例新人")
    card.read()
    desk.settle()
    assert card.who.text() == NEW and card.name.text() == "示例新人" and card.name.has_focus()
    card.who.focus_input()
    desk.key(Qt.Key.Key_2)
    card.window_no.focus_input()
    desk.type("7")
    done(desk, lambda register: register.add_clerk("0003", "示例另一人", practice.PASSWORD, "06"))
    card.read()
    desk.settle()
    assert len(card.who.options) == 4 and card.who.text().startswith("示例同事（0002）")
    assert card.window_no.text() == "7" and card.window_no.has_focus()
    card.who.focus_input()
    done(desk, lambda register: register.add_clerk("0004", "示例第四人", practice.PASSWORD, "08"))
    card.read()
    desk.settle()
    assert card.who.has_focus() and card.who.text().startswith("示例同事（0002）")
    card.save.setFocus()
    desk.key(Qt.Key.Key_Return)
    assert card.save.hasFocus() and "已保存" in card.answer.text()
