"""Issue 12: two windows at one case on a real PostgreSQL, by keyboard alone: nothing is written over, nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from pinggu_desk.desk.application import make_services
from pinggu_desk.desk.pages.ledger import LedgerPage
from pinggu_desk.desk.rehearsal import Hands, in_front, leave
from pinggu_desk.desk.shell import build_window
from pinggu_desk.desk.sidebyside import SideBySide
from pinggu_desk.desk.wizard.factform import FactForm
from pinggu_desk.desk.wizard.page import WizardPage
from pinggu_desk.register import Register
from pinggu_desk.register.engines import server as settings
from tests import bundled
from tests.documents.paper_reader import Paper
from tests.journeys.test_office import ALT, CTRL, ENTER, come_in, frame_of
from tests.journeys.test_visits import EXIT
from tests.register.postgres import Where, postgres_made_ready, postgres_ready, postgres_server

__all__ = ["postgres_made_ready", "postgres_ready", "postgres_server"]  # fixtures
SECRET = "Sample-Two-2026"  # noqa: S105 - a sample's
STAFF = "职工人数"


@pytest.fixture
def office(
    postgres_ready: tuple[Where, settings.Server], tmp_path: Path, quick_passwords: None
) -> Iterator[tuple[Register, str, str]]:
    """A register on the server: two clerks, an applicant with two cases, of which the first lacks one answer."""
    del quick_passwords
    folder = tmp_path / "register"
    folder.mkdir()
    settings.write(folder, postgres_ready[1])
    register, _ = Register.create(folder, clerk_no="01", clerk_name="示例甲", password=SECRET, window="1")
    register.add_clerk("02", "示例乙", SECRET, "2", "负责人")
    whose = register.add_applicant("企业", "示例两窗公司", code="91110117MA00DEMA8F").id
    numbers = []
    for left in (STAFF, ""):
        case = register.open_case("tztc", bundled.pack().version, applicant_id=whose, on=date.today())
        for fact, text in EXIT.items():
            if fact != left:
                register.set_answer(case.id, fact, text)
        numbers.append(case.number)
    yield register, numbers[0], numbers[1]
    register.close()


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path) -> Iterator[Callable[[int], Hands]]:
    """Opens a window of the office and lets a clerk in."""
    opened: list[Hands] = []

    def open_window(number: int) -> Hands:
        made = build_window(make_services(tmp_path / "register", practice=False))
        made.show()
        hands = Hands(made)
        opened.append(hands)
        front(hands)
        come_in(hands, number, SECRET)
        return hands

    yield open_window
    for hands in opened:
        leave(hands.window)
        hands.window.deleteLater()
    qapp.processEvents()


def front(hands: Hands) -> None:
    """Somebody turns to this window."""
    hands.window.activateWindow()
    hands.wait(lambda: hands.window.isActiveWindow(), "the window does not come to the front")


def at_case(hands: Hands, number: str) -> WizardPage:
    """Open a case out of the ledger."""
    hands.press(Qt.Key.Key_4, ALT)
    frame = frame_of(hands)
    hands.wait(lambda: isinstance(frame.current(), LedgerPage), "the ledger does not open")
    ledger = frame.current()
    assert isinstance(ledger, LedgerPage)
    hands.press_on(ledger.line, Qt.Key.Key_A, CTRL)  # what was looked for last stands there
    hands.type(number)
    hands.wait(lambda: [row.case.number for row in ledger.model.rows] == [number], f"{number} is not listed")
    hands.press(ENTER)
    page = hands.wizard()
    hands.wait(lambda: page.session.case.number == number, "another case is open")
    return page


def to_staff(hands: Hands, page: WizardPage) -> FactForm:
    """Stand in the field 职工人数."""
    hands.step(page, "data")
    form = page.steps["data"]
    assert isinstance(form, FactForm)
    hands.tab_to(lambda focus: form.fields[STAFF].isAncestorOf(focus), STAFF)
    return form


def asked() -> SideBySide | None:
    dialog = QApplication.activeModalWidget()
    return dialog if isinstance(dialog, SideBySide) else None


def test_the_second_window_is_told_who_and_what_and_decides_side_by_side(
    office: tuple[Register, str, str], window: Callable[[int], Hands], tmp_path: Path
) -> None:
    register, number, other = office
    case = next(one.id for one in register.recent() if one.number == number)
    first, second = window(1), window(2)
    there = at_case(second, number)
    theirs = to_staff(second, there)
    front(first)
    here = at_case(first, number)
    mine = to_staff(first, here)
    first.type("100")
    first.press(ENTER)
    first.wait(lambda: register.answers(case).get(STAFF) == "100", "the first window's answer is not kept")

    front(second)
    second.wait(lambda: theirs.fields[STAFF].has_focus(), "the keys are elsewhere")
    second.type("150")
    second.press(ENTER)
    second.wait(lambda: in_front(asked()), "it is not asked which of the two answers counts")
    dialog = asked()
    assert dialog is not None
    said = " ".join(label.text() for label in dialog.findChildren(QLabel))  # type: ignore[var-annotated]
    assert "示例甲（工号 01，窗口 1）" in said and "100" in said, said
    (choice,) = dialog.fields.values()
    assert "150" in choice.options[0] and "100" in choice.options[1], "both sides' words"
    assert register.answers(case)[STAFF] == "100" and theirs.fields[STAFF].text() == "150", (
        "typed, and nothing written over"
    )
    second.shot("两边都填了")
    second.press(Qt.Key.Key_Escape)
    second.wait(lambda: asked() is None and there.overtaken.isVisible(), "deciding later is not said")
    assert theirs.fields[STAFF].text() == "150" and register.answers(case)[STAFF] == "100"
    second.shot("以后再定")
    second.press(Qt.Key.Key_D, CTRL)
    second.wait(lambda: in_front(asked()), "it is not asked again")
    second.press(Qt.Key.Key_1)
    second.press(ENTER, CTRL)
    second.wait(lambda: register.answers(case)[STAFF] == "150", "what was decided is not kept")

    front(first)
    first.step(here, "data")
    first.tab_to(lambda focus: mine.fields["占地规模"].isAncestorOf(focus), "another field")
    first.press(Qt.Key.Key_A, CTRL)
    first.type("61000")
    first.press(ENTER)
    first.wait(lambda: mine.fields[STAFF].text() == "150", "the first window goes on showing what counts no more")
    first.wait(lambda: register.answers(case)["占地规模"] == "61000", "the first window's next answer is not kept")
    told = [row.event for row in register.audit_rows(60)]
    assert "查阅他人办件" in told and "修改他人办件" in told

    first.step(here, "result")
    letter = Paper(first.issue(here, Qt.Key.Key_F9, tmp_path, "告知书").read_bytes()).text
    (serial,) = [one.serial for one in register.documents(case)]
    assert serial in letter
    front(second)
    again = at_case(second, other)
    second.step(again, "result")
    paper = Paper(second.issue(again, Qt.Key.Key_F9, tmp_path, "告知书").read_bytes()).text
    assert "在途" in paper and serial in paper, "the same sum of one year told twice"
    assert register.check() == []
