"""Issue 12: a restore after its rehearsal, and an auditor who is made, looks, and is removed; in a real window by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPdfWriter
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from pinggu_desk.desk import practice
from pinggu_desk.desk.desk_frame import DeskFrame
from pinggu_desk.desk.kit import Field
from pinggu_desk.desk.login import LoginForm
from pinggu_desk.desk.pages.audit import AuditPage
from pinggu_desk.desk.pages.ledger import LedgerPage
from pinggu_desk.desk.pages.settings import SettingsPage
from pinggu_desk.desk.rehearsal import Hands
from pinggu_desk.register import Register, errors, events
from pinggu_desk.register.records import AuditRow
from tests.journeys.conftest import Open
from tests.journeys.test_people import of
from tests.journeys.test_visits import HEALTH

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
ENTER = Qt.Key.Key_Return
SECRET = "Sample-Role-2026"  # noqa: S105 - a sample's


def frame_of(hands: Hands) -> DeskFrame:
    frame = hands.window.frame
    assert isinstance(frame, DeskFrame)
    return frame


def settings_of(hands: Hands) -> SettingsPage:
    hands.press(Qt.Key.Key_8, ALT)
    frame = frame_of(hands)
    hands.wait(lambda: isinstance(frame.current(), SettingsPage), "the settings do not open")
    page = frame.current()
    assert isinstance(page, SettingsPage)
    return page


def trail_of(hands: Hands) -> AuditPage:
    hands.press(Qt.Key.Key_4, ALT)
    frame = frame_of(hands)
    hands.wait(lambda: isinstance(frame.current(), LedgerPage), "the ledger does not open")
    hands.press(Qt.Key.Key_F8)
    hands.wait(lambda: isinstance(frame.current(), AuditPage), "the trail does not open")
    page = frame.current()
    assert isinstance(page, AuditPage)
    hands.wait(lambda: page.model.rowCount() > 0, "the trail is empty")
    return page


def on(words: str) -> Callable[[QWidget], bool]:
    """A button that begins with some words."""
    return lambda focus: isinstance(focus, QPushButton) and focus.text().startswith(words)


def to(hands: Hands, field: Field) -> None:
    """Tab to a field."""
    hands.tab_to(lambda focus: field.isAncestorOf(focus), field.name)


def only(page: AuditPage, fits: Callable[[AuditRow], bool]) -> bool:
    """Whether all that is listed fits, and something is."""
    return page.model.rowCount() > 0 and all(map(fits, page.model.rows))


def come_in(hands: Hands, number: int, secret: str) -> None:
    """At the login: choose who by the number key, and the password."""
    window = hands.window
    hands.wait(lambda: isinstance(window.door.currentWidget(), LoginForm), "no login")
    form = window.door.currentWidget()
    assert isinstance(form, LoginForm)
    hands.wait(form.isVisible, "no login to be seen")
    if len(form.who.options) > 1:
        hands.press_on(form.who, Qt.Key(Qt.Key.Key_0 + number))
        hands.press(ENTER)
    hands.wait(form.password.has_focus, "the password is not asked for")
    hands.type(secret)
    hands.press(ENTER)
    hands.wait(lambda: window.frame is not None and window.stack.currentWidget() is window.frame, "not let in")


def somebody_else(hands: Hands, number: int, secret: str) -> None:
    """Lock, and another clerk comes in."""
    hands.press(Qt.Key.Key_L, CTRL)
    hands.wait(lambda: hands.window.lock is not None, "it does not lock")
    lock = hands.window.lock
    assert lock is not None
    hands.wait(lock.password.has_focus, "the lock does not ask for the password")
    hands.tab_to(on("换其他经办人登录"), "the way to another clerk")
    hands.press(Qt.Key.Key_Space)
    come_in(hands, number, secret)


@pytest.mark.usefixtures("quick_passwords")
def test_a_backup_is_put_back_after_a_rehearsal_that_names_what_would_be_lost(open_desk: Open, tmp_path: Path) -> None:
    hands, services = open_desk(tmp_path / "practice")
    place = tmp_path / "U盘"
    place.mkdir()
    kept = of(hands, services, lambda r: r.open_case("ss", services.pack.version).number)
    page = settings_of(hands)
    to(hands, page.backups.place)
    hands.type(str(place))
    hands.press(ENTER)
    hands.wait(
        lambda: page.backups.answer.text().startswith("已备份并核验"), lambda: page.backups.answer.text() or "no backup"
    )

    wizard = hands.new_case("示例㛃𬭎𡌶", "ylbz")
    lost = wizard.session.case.number
    hands.step(wizard, "eligibility")
    hands.answer(wizard, HEALTH)
    hands.step(wizard, "result")
    hands.issue(wizard, Qt.Key.Key_F9, tmp_path, "告知书")
    (paper,) = of(hands, services, lambda r: [one.serial for one in r.documents(wizard.session.case.id)])

    page = settings_of(hands)
    hands.tab_to(on("列出备份"), "the list of backups")
    hands.press(Qt.Key.Key_Space)
    hands.wait(
        lambda: len(page.restores.rows.rows()) == 1, lambda: page.restores.answer.text() or "no backup is listed"
    )
    hands.tab_to(on("预演"), "the rehearsal")
    hands.press(Qt.Key.Key_Space)
    hands.wait(lambda: page.restores.answer.text().startswith("预演完成"), lambda: page.restores.answer.text())
    shown = [page.restores.lines.itemAt(n).widget() for n in range(page.restores.lines.count())]
    told = [line.text() for line in shown if isinstance(line, QLabel)]
    assert any(line.startswith(f"会失去的办件：{lost}") for line in told), told
    assert any(line.startswith(f"会失去的文书：{paper}") for line in told), told
    assert not any(kept in line for line in told) and not page.restores.go.isEnabled()
    hands.wait(lambda: hands.focus is page.restores.sure, "the keys do not go to what is to be confirmed")
    hands.shot("预演")
    hands.press(Qt.Key.Key_Space)
    hands.press(Qt.Key.Key_Tab)
    hands.press_on(page.restores.go, Qt.Key.Key_Space)
    hands.wait(lambda: hands.window.stack.currentWidget() is hands.window.door, "the desk goes on after the restore")
    form = hands.window.door.currentWidget()
    assert isinstance(form, LoginForm) and "已从备份恢复" in form.banner.text()
    hands.shot("恢复以后")
    come_in(hands, 1, practice.PASSWORD)

    audit = trail_of(hands)
    restored = next(row for row in audit.model.rows if row.event == events.RESTORED)
    assert "登记库备份-" in restored.detail and "恢复前-" in restored.detail, (
        "what was put back, and where the other one is"
    )
    assert lost not in "".join(row.subject for row in audit.model.rows)
    hands.press(Qt.Key.Key_4, ALT)
    ledger = frame_of(hands).current()
    assert isinstance(ledger, LedgerPage)
    hands.wait(lambda: bool(ledger.model.rows), "nothing in the ledger")
    assert [row.case.number for row in ledger.model.rows] == [kept]
    again = hands.new_case("示例㛃𬭎𡌶", "ylbz").session.case.number
    assert again not in (kept, lost), "a number that stands on a paper does not come again"
    assert of(hands, services, lambda r: r.check()) == []


@pytest.mark.usefixtures("quick_passwords")
def test_an_auditor_is_made_finds_his_way_and_is_removed(open_desk: Open, tmp_path: Path) -> None:
    hands, services = open_desk(tmp_path / "practice")

    def prepare(register: Register) -> tuple[int, str, str]:
        who = register.add_applicant("个人", "示例人", code="110117199001011230", sample=True)
        case = register.open_case("ss", services.pack.version, applicant_id=who.id)
        serial = register.record_document(
            case.id, "告知书", "a.pdf", sha256(b"%PDF").hexdigest(), "[]", b"%PDF", content="一", how="打印"
        )
        register.open_case("ss", services.pack.version)
        return who.id, case.number, serial

    whose, number, serial = of(hands, services, prepare)
    card = settings_of(hands).people
    hands.wait(lambda: len(card.who.options) == 2, "who there is is not read")
    to(hands, card.who)
    hands.press(Qt.Key.Key_2)  # 新增一人, behind the only clerk
    hands.wait(card.no.isVisible, "no particulars of somebody new")
    hands.press(ENTER)
    for text in ("0007", "示例审计", "7"):
        hands.type(text)
        hands.press(ENTER)
    hands.press(Qt.Key.Key_3)  # 审计员
    hands.press(ENTER)
    for text in (SECRET, SECRET):
        hands.type(text)
        hands.press(ENTER)
    hands.wait(
        lambda: "已新增示例审计（0007），角色审计员" in card.answer.text(), lambda: card.answer.text() or "not added"
    )
    hands.shot("新增审计员")
    hands.tab_to(on("更换恢复码"), "a new recovery code")
    hands.press(Qt.Key.Key_Space)
    hands.wait(lambda: card.code is not None and card.code.print_button.hasFocus(), "no code is shown")
    assert card.code is not None
    paper = tmp_path / "恢复码.pdf"
    card.code.ask_printer = lambda _parent, _title: QPdfWriter(str(paper))
    hands.shot("恢复码")
    hands.press(ENTER)
    assert paper.stat().st_size > 1000
    hands.tab_to(
        lambda focus: (
            focus.accessibleName() == "已抄写或打印，并核对无误" or getattr(focus, "text", str)().startswith("已抄写")
        ),
        "the tick",
    )
    hands.press(Qt.Key.Key_Space)
    hands.wait(lambda: card.code is None, "the code stays on the screen")

    somebody_else(hands, 2, SECRET)
    page = trail_of(hands)
    for subject, fits in (
        (f"申请人{whose}", lambda row: row.subject in (f"申请人{whose}", number, serial)),
        (number, lambda row: row.subject.startswith(number)),
        (serial, lambda row: row.subject.startswith(serial)),
    ):
        hands.tab_to(lambda focus: focus is page.subject, "the number that is asked for")
        hands.press(Qt.Key.Key_A, CTRL)
        hands.type(subject)
        hands.press(ENTER)
        hands.wait(partial(only, page, fits), f"{subject} is not found")
        assert any(row.subject != f"申请人{whose}" for row in page.model.rows), "his cases and papers are there, too"
    hands.shot("审计员查文书")
    hands.press(Qt.Key.Key_A, CTRL)
    hands.press(Qt.Key.Key_Delete)
    hands.press(ENTER)
    to(hands, page.period)
    hands.press(Qt.Key.Key_1)  # 今天
    hands.wait(
        lambda: any(row.event == events.CLERK_ADDED for row in page.model.rows), "today's entries are not listed"
    )
    out = tmp_path / "审计记录.xlsx"
    page.ask_path = lambda _owner, _path: out
    hands.press(Qt.Key.Key_E, CTRL)
    hands.wait(lambda: page.answer.text().startswith("已保存"), "not exported")
    cells = [str(cell) for row in openpyxl.load_workbook(out).worksheets[0].iter_rows(values_only=True) for cell in row]
    assert any(number in cell for cell in cells) and not any(
        "示例人" in cell or "110117199001011230" in cell for cell in cells
    )
    hands.press(Qt.Key.Key_F9)
    hands.wait(lambda: "核验" in page.answer.text() and not page.answer.text().startswith("已保存"), "not verified")
    assert page.answer.property("kind") == "good", page.answer.text()
    hands.shot("审计员核验")

    somebody_else(hands, 1, practice.PASSWORD)
    card = settings_of(hands).people
    hands.wait(lambda: len(card.who.options) == 3, "who there is is not read")
    to(hands, card.who)
    hands.press(Qt.Key.Key_2)
    hands.wait(card.remove.isVisible, "his particulars are not shown")
    hands.tab_to(lambda focus: focus is card.remove, "his removal")
    hands.press(ENTER)
    hands.wait(lambda: "换密钥，约需" in card.answer.text(), "it is not said how long it takes")
    hands.shot("移除")
    hands.press_on(card.remove, ENTER)
    hands.wait(lambda: "已移除示例审计（0007），登记库已换密钥" in card.answer.text(), lambda: card.answer.text())
    hands.wait(lambda: card.who.has_focus() or card.renew.hasFocus(), "the keys are nowhere")
    with pytest.raises(errors.UnknownClerk):
        Register.open(tmp_path / "practice", clerk_no="0007", password=SECRET)
    assert of(hands, services, lambda r: r.check()) == []
