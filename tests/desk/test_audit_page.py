"""审计: the trail found by number, word and period, exported, the register checked; for those who may see it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import openpyxl
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pinggu_desk.desk.outage import Opening
from pinggu_desk.desk.pages.audit import AuditPage
from pinggu_desk.register import Register, events

from .conftest import Desk, within

T = TypeVar("T")


def done(desk: Desk, work: Callable[[Register], T]) -> T:
    """What the register answers, after everything asked for so far."""
    answers: list[T] = []
    desk.services.operations.run(work, answers.append)
    desk.settle()
    return answers[0]


def page_of(desk: Desk) -> AuditPage:
    page = desk.frame.page("审计")
    assert isinstance(page, AuditPage)
    return page


def opened(desk: Desk) -> AuditPage:
    desk.alt(4)
    desk.key(Qt.Key.Key_F8)
    return page_of(desk)


def test_what_was_done_is_found_by_word_and_by_number_without_a_mouse(desk: Desk) -> None:
    def work(register: Register) -> int:
        who = register.add_applicant("个人", "示例人")
        case = register.open_case("ss", "1", applicant_id=who.id)
        register.close_case(case.id)
        register.get(who.id)
        return who.id

    number = done(desk, work)
    page = opened(desk)
    assert desk.frame.current() is page and page.line.hasFocus()
    every = page.model.rowCount()
    assert every > 5
    desk.type("cygrda")
    assert {row.event for row in page.model.rows} == {events.PERSON_READ}
    page.line.clear()
    page.subject.setFocus()
    desk.type(f"申请人{number}")
    desk.key(Qt.Key.Key_Return)
    told = [row.event for row in page.model.rows]
    assert {events.APPLICANT_ADDED, events.PERSON_READ, events.CASE_OPENED, events.CASE_CLOSED} <= set(told), (
        "his cases too"
    )
    page.table.selectRow(told.index(events.PERSON_READ))
    desk.settle()
    assert "示＊＊" in page.whole.text() and "示例人" not in page.whole.text()
    page.subject.setText("不是编号")
    desk.key(Qt.Key.Key_Return)
    assert "不是申请人编号" in page.answer.text()
    assert done(desk, lambda register: register.trail_events())[events.TRAIL_READ] >= 2, "a look is on the trail too"


def test_the_register_is_checked_with_what_a_paper_says(desk: Desk) -> None:
    page = opened(desk)
    code = done(desk, lambda register: register.anchor().code)
    page.printed.setText(code)
    desk.key(Qt.Key.Key_F9)
    assert "登记库完好" in page.answer.text()
    page.printed.setText(code[:-1] + ("A" if code[-1] != "A" else "B"))
    desk.key(Qt.Key.Key_F9)
    assert "与纸上的登记库校验" in page.answer.text() and page.answer.property("kind") == "bad"


def test_what_is_listed_is_exported_and_that_is_on_the_trail(desk: Desk, tmp_path: Path) -> None:
    page = opened(desk)
    out = tmp_path / "审计.xlsx"
    page.ask_path = lambda _parent, _path: out
    desk.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    sheet = openpyxl.load_workbook(out)["审计记录"]
    assert [cell.value for cell in sheet[1]][:4] == ["条号", "时间", "工号", "事项"]
    assert sheet.max_row - 1 == page.model.rowCount()
    assert events.TRAIL_EXPORTED in done(desk, lambda register: register.trail_events())


def test_who_may_not_see_the_trail_has_no_way_to_it(desk: Desk) -> None:
    from dataclasses import replace

    desk.services.clerk = replace(desk.services.clerk, role="经办人")
    desk.alt(4)
    desk.key(Qt.Key.Key_F8)
    assert not isinstance(desk.frame.current(), AuditPage)


def test_what_the_opening_found_stays_in_sight(desk: Desk, qapp: QApplication) -> None:
    """FOUND 61: the sentence of a file put back stands over every page."""
    assert not desk.frame.alarm.isVisible()
    desk.frame._show_warnings(Opening("登记库比本机留存的校验旧。", "", ""))
    desk.alt(4)
    desk.alt(1)
    assert desk.frame.alarm.isVisible() and within(desk.window, type(desk.frame.alarm))
    qapp.processEvents()
