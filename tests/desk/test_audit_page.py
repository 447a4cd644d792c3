"""审计: the trail found by number, word and period, exported, the register checked; for those who may see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
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
    assert "没有找到“不是编号”" in page.answer.text()
    assert done(desk, lambda register: register.trail_events())[events.TRAIL_READ] >= 2, "a look is on the trail too"


def asked(desk: Desk, page: AuditPage, text: str) -> list[str]:
    """What is listed of whom or what was typed, by its subjects."""
    page.subject.setText(text)
    page.subject.setFocus()
    desk.key(Qt.Key.Key_Return)
    return [row.subject for row in page.model.rows]


def test_an_applicant_is_asked_for_by_name_and_number_and_stands_on_no_entry(desk: Desk) -> None:
    """Somebody asks who looked at his file: nobody knows by which number the register knows him."""

    def work(register: Register) -> tuple[int, int]:
        firm = register.add_applicant("企业", "示例甲果业公司", code="91110117MA01ABCE3N", sample=True)
        register.add_applicant("企业", "示例甲果业中心", sample=True)
        who = register.add_applicant("个人", "示例查", code="110105194912310038", document="居民身份证")
        register.look_up(firm.id)
        return firm.id, who.id

    firm, who = done(desk, work)
    page = opened(desk)
    for typed in ("示例甲果业公司", "sljgygs", "91110117ma01abce3n", f"{firm}"):
        found = asked(desk, page, typed)
        assert found and set(found) == {f"申请人{firm}"}, typed
    assert set(asked(desk, page, "110105194912310038")) == {f"申请人{who}"}
    asked(desk, page, "示例甲果业")
    assert (
        f"有 2 位申请人，请写全，或者填编号：{firm + 1}（示例甲果业中心）、{firm}（示例甲果业公司）"
        in page.answer.text()
    )
    asked(desk, page, "没有这家公司")
    assert "没有找到“没有这家公司”" in page.answer.text()
    assert set(asked(desk, page, "示例查")) == {f"申请人{who}"} and page.answer.isHidden()
    looks = [row.detail for row in done(desk, lambda r: r.audit_rows(50)) if row.event == events.TRAIL_READ]
    assert f"申请人{who}" in looks[0] and not [detail for detail in looks if "示例" in detail or "110105" in detail]


def test_a_day_is_asked_for_and_what_is_narrowed_is_exported_as_such(desk: Desk, tmp_path: Path) -> None:
    now = datetime.now().replace(microsecond=0)

    def work(register: Register) -> None:
        clock, register._now = register._now, lambda: now - timedelta(days=60)
        register.record_event(events.LEDGER_EXPORTED, "台账", "示例")
        register._now = clock

    done(desk, work)
    page = opened(desk)
    day = (now - timedelta(days=60)).date()
    page.period.focus_input()
    desk.key(Qt.Key.Key_5)
    assert page.since.hasFocus() and page.since.isVisible()
    desk.type(f"{day:%Y%m%d}")
    desk.key(Qt.Key.Key_Return)
    desk.type(f"{day - timedelta(days=1):%Y%m%d}")
    desk.key(Qt.Key.Key_Return)
    assert "晚于止日" in page.answer.text()
    page.until.setText("六十天前")
    desk.key(Qt.Key.Key_Return)
    assert "看不懂" in page.answer.text()
    page.until.setText(f"{day:%Y-%m-%d}")
    desk.key(Qt.Key.Key_Return)
    assert [row.event for row in page.model.rows] == [events.LEDGER_EXPORTED] and page.answer.isHidden()
    page.period.focus_input()
    desk.key(Qt.Key.Key_4)
    assert page.model.rowCount() > 1 and page.since.isHidden()
    page.line.setText(f"{day} dctz")
    assert [row.event for row in page.model.rows] == [events.LEDGER_EXPORTED]
    out = tmp_path / "审计.xlsx"
    page.ask_path = lambda _parent, _path: out
    desk.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    notes = [str(cell.value) for row in openpyxl.load_workbook(out)["说明"] for cell in row]
    assert f"全部，筛选“{day} dctz”" in notes
    told = next(row.detail for row in done(desk, lambda r: r.audit_rows(9)) if row.event == events.TRAIL_EXPORTED)
    assert told == "全部，筛选后，1 条"


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
