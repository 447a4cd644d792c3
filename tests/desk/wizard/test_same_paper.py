"""FOUND 69 and 70 at the desk: a sheet of the same content is the same sheet; an unusable own form is told before saving."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pinggu_desk.desk.wizard.issue import LETTER, SHEET, Draft, Issued, make_draft, papers_of, record, visit_of
from pinggu_desk.work.papers import Papers
from tests.desk.conftest import PATIENCE
from tests.desk.wizard.conftest import LISTED, Work, words
from tests.desk.wizard.test_output import to

K = Qt.Key


def save_sheet(work: Work, path: Path) -> Draft | Issued:
    hand = work.page.output.hand
    hand.ask_path = to(path)
    with (
        work.qtbot.waitSignal(hand.draft_ready, timeout=PATIENCE) as made,
        work.qtbot.waitSignal(hand.handed_out, timeout=PATIENCE),
    ):
        QTest.keyClick(work.desk.focus, K.Key_F8)
    work.desk.settle()
    paper = made.args[0]
    assert isinstance(paper, (Draft, Issued))
    return paper


def test_the_same_sheet_keeps_its_number_and_a_changed_one_has_another(work: Work, tmp_path: Path) -> None:
    page = work.begin("ss", LISTED)
    first = save_sheet(work, tmp_path / "first.xlsx")
    again = save_sheet(work, tmp_path / "again.xlsx")
    assert isinstance(again, Issued) and again.serial == first.serial
    assert (tmp_path / "again.xlsx").read_bytes() == (tmp_path / "first.xlsx").read_bytes()
    assert f"仍是编号 {first.serial}" in words(page.steps["output"])
    register = work.register()
    assert [paper.kind for paper in register.documents(work.case_id)] == [SHEET]
    row = register.audit_rows()[0]
    assert (row.event, row.subject, row.detail) == ("补打文书", first.serial, "申请表，另存")

    page.session.set_party(phone="010-00009999")
    page.session.flush()
    work.desk.settle()
    changed = save_sheet(work, tmp_path / "changed.xlsx")
    assert isinstance(changed, Draft) and changed.serial != first.serial, "the telephone is printed on it"


def test_an_own_form_that_cannot_be_used_is_told_before_the_sheet_is_saved(work: Work, tmp_path: Path) -> None:
    """FOUND 70: beside the sheet's button when the step is opened, and again when it is saved."""
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "ss.xlsx").write_bytes(b"no workbook")
    work.desk.services.papers = Papers(tmp_path / "forms")
    page = work.begin("ss", LISTED)
    page.open_step("output")
    work.desk.settle()
    assert page.output.form_note.isVisible() and "没有采用" in page.output.form_note.text()
    seen: list[str] = []

    def ask(_parent: object, _suggested: Path) -> Path:
        seen.append(words(page.steps["output"]))
        return tmp_path / "sheet.xlsx"

    page.output.hand.ask_path = ask
    with work.qtbot.waitSignal(page.output.hand.handed_out, timeout=PATIENCE):
        QTest.keyClick(work.desk.focus, K.Key_F8)
    work.desk.settle()
    assert seen and seen[0].count("没有采用") == 2, "while it is asked where to save"
    assert "已保存" in words(page.steps["output"])


def test_nothing_is_told_where_there_is_no_own_form(work: Work) -> None:
    page = work.begin("ss", LISTED)
    page.open_step("output")
    work.desk.settle()
    assert not page.output.form_note.isVisible()


def test_the_same_letter_of_two_windows_is_one_letter_and_a_reprint(work: Work) -> None:
    """FOUND 69: both windows have it on the screen; whoever prints second prints what the first issued, marked."""
    page = work.begin("ss", LISTED)
    papers, register = papers_of(work.desk.services), work.register()
    visit = visit_of(page.session, datetime.now())
    first, second = (make_draft(register, work.case_id, LETTER, visit, papers) for _ in range(2))
    issued = record(register, work.case_id, first, papers, "打印")
    again = record(register, work.case_id, second, papers, "打印")
    assert again.serial == issued.serial and again.data == issued.data
    assert again.mark.startswith("补打") and not issued.mark
    assert len(register.documents(work.case_id)) == 1
    assert (register.audit_rows()[0].event, register.audit_rows()[0].subject) == ("补打文书", issued.serial)
