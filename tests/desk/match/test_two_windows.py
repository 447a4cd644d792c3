"""Issue 12: two windows on one enquiry."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pinggu_desk.desk import practice
from pinggu_desk.desk.sidebyside import SideBySide
from pinggu_desk.register import Register
from tests.desk.match.conftest import Enquirer


def test_two_windows_on_one_enquiry_are_told_and_decided_later_by_a_key(enquirer: Enquirer) -> None:
    """Issue 12: after Esc what was typed waits, the page says so, and Ctrl+D asks again."""
    page = enquirer.begin({"独立法人资格": "是"})
    case_id = enquirer.cases()[0].id
    other = Register.open(enquirer.desk.services.folder, clerk_no=practice.CLERK_NO, password=practice.PASSWORD)
    try:
        other.set_answer(case_id, "独立法人资格", "")
        page.session.set("独立法人资格", "否")
        page.session.journal.flush()
        enquirer.desk.settle()
        assert isinstance(QApplication.activeModalWidget(), SideBySide)
        enquirer.desk.key(Qt.Key.Key_Escape)
        enquirer.desk.settle()
        assert other.answers(case_id)["独立法人资格"] == "" and not page.overtaken.isHidden()
        enquirer.desk.key(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
        assert isinstance(QApplication.activeModalWidget(), SideBySide)
        enquirer.desk.key(Qt.Key.Key_1)
        enquirer.desk.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        enquirer.desk.settle()
        assert other.answers(case_id)["独立法人资格"] == "否" and page.overtaken.isHidden()
    finally:
        other.close()
