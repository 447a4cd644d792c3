"""Nothing lost: what was typed is on the disk by itself, comes back where it was, and can be undone after a restart."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pinggu_desk.desk import practice
from pinggu_desk.desk.application import kept_words
from pinggu_desk.desk.kit import LineField
from pinggu_desk.register import Register
from pinggu_desk.register.errors import DiskFull
from tests.desk.wizard.conftest import CTRL, ELIGIBLE_SS, ENTER, LISTED, ON, Opener, Work, words

K = Qt.Key


def test_an_edit_is_on_the_disk_without_leaving_the_field(work: Work) -> None:
    page = work.begin("ss", ELIGIBLE_SS)
    page.open_step("data", "上市挂牌日")
    QTest.keyClicks(work.desk.focus, "2026")
    assert work.kept()["上市挂牌日"] == "2026"
    assert "已暂存" in work.desk.frame.foot.saved.text()


@pytest.mark.parametrize("how", ["another step", "another page", "lock", "enter"])
def test_leaving_sends_at_once_what_was_held(work: Work, how: str) -> None:
    page = work.begin("ss", ELIGIBLE_SS)
    page.open_step("data", "上市挂牌日")
    QTest.keyClicks(work.desk.focus, "20260105")
    if how == "another step":
        page.open_step("result")
    elif how == "another page":
        work.desk.frame.open_place("台账")
    elif how == "lock":
        work.desk.window.lock_now()
    else:
        QTest.keyClick(work.desk.focus, ENTER)
        page.session.flush()
    assert not page.session.journal.waiting
    work.desk.settle()
    if how == "lock":  # the register is closed behind it
        work.desk.type(practice.PASSWORD)
        work.desk.key(ENTER)
    assert work.register().answers(work.case_id)["上市挂牌日"] == "20260105"


def test_a_killed_program_comes_back_to_the_same_field_text_and_cursor(
    work: Work, open_work: Opener, tmp_path: Path
) -> None:
    page = work.begin("ss", ELIGIBLE_SS)
    page.open_step("data", "上市挂牌日")
    QTest.keyClicks(work.desk.focus, "202601")
    work.kept()
    after = open_work(work.crash_copy(tmp_path / "after"))
    again = after.open(work.case_id)
    assert again.stack.currentWidget() is again.steps["data"]
    assert after.field_here() == "上市挂牌日"
    field = after.field("上市挂牌日")
    assert isinstance(field, LineField)
    assert (field.text(), field.line.cursorPosition(), field.line.hasSelectedText()) == ("202601", 6, False)
    QTest.keyClicks(after.desk.focus, "05")
    assert after.kept()["上市挂牌日"] == "20260105"
    assert {k: v for k, v in after.kept().items() if k in ELIGIBLE_SS} == ELIGIBLE_SS


def test_what_is_wrong_comes_back_as_it_was_typed(work: Work) -> None:
    page = work.begin("ss", ELIGIBLE_SS)
    page.open_step("data", "上市挂牌日")
    work.keys("去年秋天", ENTER)
    work.desk.frame.open_place("受理")
    work.desk.settle()
    work.open(work.case_id).open_step("data", "上市挂牌日")
    work.desk.settle()
    field = work.field("上市挂牌日")
    assert field.text() == "去年秋天" and "看不懂" in field.error()


def test_undo_and_redo_reach_over_fields_and_steps(work: Work) -> None:
    page = work.begin("ss")
    page.open_step("eligibility", "本区工商注册")
    work.keys(K.Key_1)
    page.open_step("eligibility", "独立法人资格")
    work.keys(K.Key_1)
    work.kept()
    page.open_step("data", "上市挂牌日")
    work.keys("20260105")
    work.kept()
    work.keys((K.Key_Z, CTRL))
    assert work.field("上市挂牌日").text() == "" and work.field_here() == "上市挂牌日"
    work.keys((K.Key_Z, CTRL))
    assert page.stack.currentWidget() is page.steps["eligibility"]
    assert (work.field("独立法人资格").text(), work.field_here()) == ("", "独立法人资格")
    assert work.kept() == {"本区工商注册": "是"}
    work.keys((K.Key_Y, CTRL), (K.Key_Y, CTRL))
    assert work.field("上市挂牌日").text() == "20260105"
    assert work.kept() == {"本区工商注册": "是", "独立法人资格": "是", "上市挂牌日": "20260105"}
    assert page.session.interview.answers["独立法人资格"] == "是"


def test_undo_works_after_a_restart_and_a_line_has_nothing_of_its_own_to_undo(
    work: Work, open_work: Opener, tmp_path: Path
) -> None:
    page = work.begin("ss", ELIGIBLE_SS)
    page.open_step("data", "上市挂牌日")
    work.keys("20260105")
    work.kept()
    work.keys((K.Key_A, CTRL), "20260202")
    work.kept()
    after = open_work(work.crash_copy(tmp_path / "after"))
    after.open(work.case_id)
    field = after.field("上市挂牌日")
    assert isinstance(field, LineField) and not field.line.isUndoAvailable()
    while field.text() != "20260105":
        before = field.text()
        after.keys((K.Key_Z, CTRL))
        assert field.text() != before
    assert after.kept()["上市挂牌日"] == "20260105"
    redone = []
    while field.text() != "20260202":
        after.keys((K.Key_Y, CTRL))
        assert field.text() not in redone
        redone.append(field.text())


def test_undo_of_what_is_asked_for(work: Work) -> None:
    page = work.begin("ss")
    work.keys(K.Key_1)
    work.kept()
    page.open_step("data", "上市挂牌日")
    work.keys((K.Key_Z, CTRL))
    assert len(page.session.interview.chosen) == 4
    assert page.stack.currentWidget() is page.steps["scope"]


def test_nothing_left_to_undo_is_said(work: Work) -> None:
    page = work.begin("ss")
    page.open_step("data")
    work.keys((K.Key_Z, CTRL))
    assert "没有可以撤销" in work.desk.frame.foot.said.text()


def test_an_earlier_visit_is_remembered_with_its_day_and_can_be_cleared_for_good(work: Work) -> None:
    work.begin("ss", LISTED)
    work.desk.frame.open_place("受理")
    work.desk.settle()
    page = work.begin("zxqy")
    page.open_step("eligibility", "独立法人资格")
    field = work.field("独立法人资格")
    assert field.text() == "是"
    assert f"来自上次填报，{ON.year}年{ON.month}月{ON.day}日" in words(field)
    assert "独立法人资格" not in work.kept()
    work.keys(K.Key_Delete)
    assert field.text() == "" and "上次填报" not in words(field)
    work.kept()
    case_id = work.case_id
    work.desk.frame.open_place("受理")
    work.desk.settle()
    again = work.open(case_id)
    again.open_step("eligibility")
    assert work.field("独立法人资格").text() == ""
    assert "独立法人资格" not in again.session.interview.values
    work.keys((K.Key_Z, CTRL))
    assert work.field("独立法人资格").text() == "是"
    assert "来自上次填报" in words(work.field("独立法人资格"))


def test_what_a_past_award_tells_is_not_remembered_over_the_register(work: Work) -> None:
    page = work.begin("ss", LISTED | {"已领上市挂牌奖励": "300"})
    page.leave()
    work.desk.settle()
    known = work.register().known_facts(1)
    assert "上市挂牌日" in known and "已领上市挂牌奖励" not in known


def test_what_the_disk_refused_is_kept_and_written_again_by_itself(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    """FOUND 59: nothing says saved that isn't; when the disk is back, all of it is there in its order."""
    page = work.begin("ss", ELIGIBLE_SS)
    page.open_step("data", "上市挂牌日")
    real, full = Register.set_answer, [True]
    operations = work.desk.services.operations

    def set_answer(self: Register, case_id: int, fact_name: str, text: str | None) -> int:
        if full:
            raise DiskFull("磁盘已满，没有保存；请腾出空间。")
        return real(self, case_id, fact_name, text)

    monkeypatch.setattr(Register, "set_answer", set_answer)
    QTest.keyClicks(work.desk.focus, "20260105")
    page.session.flush()
    work.desk.settle()
    said = words(work.desk.frame)
    assert "磁盘已满" in said and "还没有写入登记库" in said and "已暂存" not in work.desk.frame.foot.saved.text()
    assert "未保存" in work.desk.frame.foot.saved.text()
    assert work.field("上市挂牌日").text() == "20260105"
    QTest.keyClick(work.desk.focus, ENTER)
    work.keys(K.Key_1)
    page.session.flush()
    work.desk.settle()
    assert operations.unsaved_count >= 2 and "上市挂牌日" not in work.kept()
    assert kept_words(True, operations.unsaved_count).startswith(f"有 {operations.unsaved_count} 处改动没有写入")
    full.clear()
    operations.try_again()
    work.desk.settle()
    assert operations.unsaved_count == 0 and "已暂存" in work.desk.frame.foot.saved.text()
    assert "还没有写入登记库" not in words(work.desk.frame)
    assert work.kept()["上市挂牌日"] == "20260105"
    assert work.kept()["上市挂牌方式"] == "首次上市或挂牌"


def test_a_case_closed_elsewhere_says_so_and_can_be_reopened(work: Work) -> None:
    page = work.begin("ss", ELIGIBLE_SS)
    page.open_step("data", "上市挂牌日")
    work.register().close_case(work.case_id)
    QTest.keyClicks(work.desk.focus, "2")
    page.session.flush()
    work.desk.settle()
    assert "不能再改" in page.banner.text() and page.banner.isVisible()
    assert not work.field("上市挂牌日").isEnabled()
    work.desk.window.activateWindow()
    page.stack.setFocus()
    work.keys((K.Key_R, CTRL))
    assert not page.banner.isVisible()
    assert work.field("上市挂牌日").isEnabled()


def test_two_wizards_one_after_another_do_not_read_before_the_other_wrote(work: Work) -> None:
    page = work.begin("ss", ELIGIBLE_SS)
    page.open_step("data", "上市挂牌日")
    QTest.keyClicks(work.desk.focus, "20260105")
    work.open(work.case_id)
    assert work.field("上市挂牌日").text() == "20260105"
