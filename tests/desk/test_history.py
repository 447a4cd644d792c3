"""FOUND 74: whose case it is, is said; who edited what, and when, can be read in the desk."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from pinggu_desk.desk import practice
from pinggu_desk.desk.history import lines_of, read_history
from pinggu_desk.desk.match.page import MatchPage
from pinggu_desk.desk.pages.history import HistoryPage
from pinggu_desk.desk.wizard.page import WizardPage
from pinggu_desk.register import Register, events
from pinggu_desk.register.records import MATCHING, Case
from tests.desk.conftest import Desk
from tests.desk.wizard.conftest import words

SECRET = "Another-2025"  # noqa: S105


def colleague(desk: Desk) -> Register:
    """A second clerk, at a window of his own on the same register."""
    desk.services.make_wizard = WizardPage
    added: list[object] = []
    desk.services.operations.run(lambda register: register.add_clerk("0002", "示例乙", SECRET), added.append)
    desk.settle()
    return Register.open(Path(desk.services.folder), clerk_no="0002", password=SECRET)


def the_register(desk: Desk) -> Register:
    got: list[Register] = []
    desk.services.operations.run(lambda register: register, got.append)
    desk.settle()
    return got[0]


def test_a_colleagues_case_says_whose_it_is_and_what_was_done(desk: Desk) -> None:
    other = colleague(desk)
    case: Case = other.open_case("ss", desk.services.pack.version, applicant_id=1)
    other.set_answer(case.id, "上市挂牌日", "20260105")
    other.set_answer(case.id, "独立法人资格", "是", origin="采用上次填报（2025-03-02）")
    other.close()
    desk.frame.open_case(case.id)
    desk.settle()
    page = desk.frame.current()
    assert isinstance(page, WizardPage)
    assert page.whose.isVisible() and "示例乙（0002）" in page.whose.text()
    page.session.set("上市挂牌日", "20260106")
    page.session.flush()
    desk.settle()
    desk.key(Qt.Key.Key_F4)
    shown = desk.frame.current()
    assert isinstance(shown, HistoryPage)
    rows = [tuple(shown.model.item(row, c).text() for c in range(1, 4)) for row in range(shown.model.rowCount())]
    assert ("示例乙（0002）", "开办", f"办件 {case.number}") in rows
    assert ("示例乙（0002）", "填写", "上市挂牌日：2026年1月5日") in rows
    assert ("示例乙（0002）", "采用上次填报（2025-03-02）", "独立法人资格：是") in rows
    mine = f"{desk.services.clerk.name}（{desk.services.clerk.no}）"
    assert (mine, "修改", "上市挂牌日：2026年1月5日 → 2026年1月6日") in rows
    assert (mine, events.CASE_READ, "由工号0002开办") in rows and (mine, events.CASE_CHANGED, "由工号0002开办") in rows
    desk.key(Qt.Key.Key_Escape)
    assert desk.frame.current() is page


def test_ones_own_case_says_nothing_and_its_story_is_read_from_the_ledger(desk: Desk) -> None:
    register = the_register(desk)
    desk.services.make_wizard = WizardPage
    case = register.open_case("ss", desk.services.pack.version, applicant_id=1)
    desk.frame.open_case(case.id)
    desk.settle()
    page = desk.frame.current()
    assert isinstance(page, WizardPage) and not page.whose.isVisible()
    desk.alt(4)
    desk.key(Qt.Key.Key_F4)
    shown = desk.frame.current()
    assert isinstance(shown, HistoryPage) and case.number in words(shown)
    assert shown.model.rowCount() == 1


def test_an_enquiry_says_whose_it_is(desk: Desk) -> None:
    other = colleague(desk)
    case = other.open_case(MATCHING, desk.services.pack.version, applicant_id=1)
    other.close()
    desk.frame.open_case(case.id)
    desk.settle()
    page = desk.frame.current()
    assert isinstance(page, MatchPage) and "示例乙（0002）" in page.banner.text()


def test_typing_in_several_goes_is_one_line_and_numbers_stay_masked(desk: Desk) -> None:
    register = the_register(desk)
    case = register.open_case("ss", desk.services.pack.version, applicant_id=1)
    for text in ("2", "202", "20260105"):
        register.set_answer(case.id, "上市挂牌日", text)
    register.set_answer(case.id, "法定代表人证件号码", "110117199001011230")
    register.set_answer(case.id, "法定代表人证件号码", "")
    register.undo(case.id)
    lines = lines_of(read_history(register, case.id), desk.services.pack)
    told = [(line.done, line.what) for line in lines]
    assert [what for _, what in told if what.startswith("上市挂牌日")] == ["上市挂牌日：2026年1月5日"]
    assert not any("19900101" in what for _, what in told)
    assert told[0][0] == "撤销", "the latest first"


def test_a_look_at_a_file_and_a_lock_are_on_the_trail(desk: Desk) -> None:
    desk.frame.open_applicant(1)
    desk.settle()
    desk.window.lock_now()
    desk.settle()
    assert desk.window.lock is not None
    desk.type(practice.PASSWORD)
    desk.key(Qt.Key.Key_Return)
    rows = [(row.event, row.subject) for row in the_register(desk).audit_rows(10)]
    assert (events.DOSSIER_READ, "申请人1") in rows and (events.LOCKED, f"工号{desk.services.clerk.no}") in rows
