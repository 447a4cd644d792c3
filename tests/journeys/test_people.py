"""Issue 12: an auditor looks and changes nothing, and two doubles become one, in a real window by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from pinggu_desk.desk import practice
from pinggu_desk.desk.application import make_services
from pinggu_desk.desk.login import LoginForm
from pinggu_desk.desk.pages.audit import AuditPage
from pinggu_desk.desk.pages.enterprise import EnterprisePage
from pinggu_desk.desk.pages.ledger import LedgerPage
from pinggu_desk.desk.rehearsal import Hands, leave
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.shell import build_window
from pinggu_desk.register import Register, events
from tests.journeys.conftest import Open

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SECRET = "Sample-Role-2026"  # noqa: S105 - a sample's
T = TypeVar("T")


def of(hands: Hands, services: Services, work: Callable[[Register], T]) -> T:
    """What the desk's own register says."""
    got: list[T] = []
    services.operations.run(work, got.append)
    hands.wait(lambda: bool(got), "the register does not answer")
    return got[0]


def button(words: str) -> Callable[[QWidget], bool]:
    return lambda focus: isinstance(focus, QPushButton) and words in (focus.text() or focus.accessibleName())


@pytest.mark.usefixtures("quick_passwords")
def test_two_doubles_are_made_one_by_keys_with_their_cases_and_awards(open_desk: Open, tmp_path: Path) -> None:
    hands, services = open_desk(tmp_path / "practice")

    def prepare(register: Register) -> tuple[int, int]:
        kept = register.add_applicant("企业", "示例合并公司", code="91110117MA0000000X", sample=True)
        double = register.add_applicant("企业", "示例合并（公司）", phone="13800000000", sample=True)
        for who, day in ((kept, date(2026, 1, 5)), (double, date(2026, 1, 6))):
            register.open_case("tztc", services.pack.version, applicant_id=who.id, on=day)
            register.add_award(who.id, "ss", "ss.1a", 100_00, day)
        return kept.id, double.id

    whose, gone = of(hands, services, prepare)
    frame = hands.window.frame
    assert frame is not None
    hands.press(Qt.Key.Key_5, ALT)
    page = frame.current()
    assert isinstance(page, EnterprisePage)
    hands.press_on(page.line, Qt.Key.Key_End)
    hands.type("91110117MA0000000X")
    hands.wait(lambda: bool(page.results.hits()), "nobody is found")
    hands.press(Qt.Key.Key_Return)
    hands.wait(lambda: page.view is not None and page.view.applicant.id == whose, "the dossier does not open")
    hands.tab_to(button("合并到本申请人"), "the way to merge")
    hands.press(Qt.Key.Key_Space)
    hands.wait(lambda: button("确定合并")(hands.focus), "it is not asked whether they are one")
    hands.shot("合并")
    hands.press(Qt.Key.Key_Space)
    hands.wait(lambda: of(hands, services, lambda r: r.get(gone).id) == whose, "they are not one")
    awards, cases, phone = of(hands, services, lambda r: (r.awards(whose), r.cases_of(whose), r.get(whose).phone))
    assert [one.on.day for one in awards] == [5, 6] and len(cases) == 2 and phone == "13800000000"
    told = of(hands, services, lambda r: [row.event for row in r.audit_rows(20)])
    assert events.APPLICANTS_MERGED in told
    hands.press(Qt.Key.Key_4, ALT)
    hands.wait(lambda: isinstance(frame.current(), LedgerPage), "the ledger does not open")
    hands.type("示例合并公司")
    ledger = frame.current()
    assert isinstance(ledger, LedgerPage)
    hands.wait(lambda: ledger.model.rowCount() == 2, "both cases are not listed under the one that stays")
    hands.shot("台账")
    assert of(hands, services, lambda r: r.check()) == []


@pytest.mark.usefixtures("quick_passwords")
def test_an_auditor_sees_the_trail_exports_it_and_changes_nothing(open_desk: Open, tmp_path: Path) -> None:
    hands, services = open_desk(tmp_path / "practice")

    def prepare(register: Register) -> str:
        register.add_clerk("0007", "示例审计", SECRET, "7")
        register.set_role("0007", "审计员")
        who = register.add_applicant("企业", "示例审计公司", sample=True)
        case = register.open_case("ss", services.pack.version, applicant_id=who.id)
        register.set_answer(case.id, "独立法人资格", "是")
        return case.number

    number = of(hands, services, prepare)
    cases = of(hands, services, lambda r: len(r.recent(50)))
    theirs = make_services(tmp_path / "practice", practice=True)
    window = build_window(theirs)
    window.show()
    window.activateWindow()
    second = Hands(window)
    try:
        second.wait(lambda: isinstance(window.door.currentWidget(), LoginForm), "no login")
        form = window.door.currentWidget()
        assert isinstance(form, LoginForm)
        second.wait(form.isVisible, "no login to be seen")
        second.press_on(form.who, Qt.Key.Key_2)
        second.press(Qt.Key.Key_Return)
        second.wait(form.password.has_focus, "the password is not asked for")
        second.type(SECRET)
        second.press(Qt.Key.Key_Return)
        second.wait(lambda: window.frame is not None, "not let in")
        frame = window.frame
        assert frame is not None
        second.press(Qt.Key.Key_F2)  # a new case is not his
        second.press(Qt.Key.Key_2, ALT)
        home = frame.current()
        assert home is not None and home.title == "受理"
        second.press(Qt.Key.Key_4, ALT)
        second.wait(lambda: isinstance(frame.current(), LedgerPage), "the ledger does not open")
        second.press(Qt.Key.Key_F8)
        second.wait(lambda: isinstance(frame.current(), AuditPage), "the trail does not open")
        page = frame.current()
        assert isinstance(page, AuditPage)
        second.wait(lambda: page.model.rowCount() > 3, "the trail is empty")
        second.shot("审计")
        second.tab_to(lambda focus: focus is page.subject, "the number that is asked for")
        second.type(number)
        second.press(Qt.Key.Key_Return)
        second.wait(
            lambda: page.model.rowCount() > 0 and all(row.subject.startswith(number) for row in page.model.rows),
            "the case's own entries are not listed",
        )
        path = tmp_path / "审计记录.xlsx"
        page.ask_path = lambda _owner, _path: path
        second.press(Qt.Key.Key_E, CTRL)
        second.wait(lambda: page.answer.text().startswith("已保存"), "not exported")
        assert path.read_bytes()[:2] == b"PK"
    finally:
        leave(window)
        window.deleteLater()
    told = of(hands, services, lambda r: [(row.clerk_no, row.event) for row in r.audit_rows(30)])
    his = {event for no, event in told if no == "0007"}
    assert {events.TRAIL_READ, events.TRAIL_EXPORTED} <= his
    assert of(hands, services, lambda r: len(r.recent(50))) == cases and practice.CLERK_NO != "0007"
    assert of(hands, services, lambda r: r.check()) == []
