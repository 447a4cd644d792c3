"""Issue 12: two windows on one case. The second is shown what the first did, and where both answered, decides by a key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pinggu_desk.desk import practice
from pinggu_desk.desk.sidebyside import MINE, THEIRS, SideBySide
from pinggu_desk.desk.wizard.issue import LETTER
from pinggu_desk.desk.wizard.preview import Preview
from pinggu_desk.register import Register

from .conftest import CTRL, ELIGIBLE_SS, ENTER, LISTED, Work

FIRST, SECOND = "独立法人资格", "纳入平谷区统计"


@pytest.fixture
def other(work: Work) -> Iterator[Register]:
    """A colleague's window on the same register."""
    opened = Register.open(work.desk.services.folder, clerk_no=practice.CLERK_NO, password=practice.PASSWORD)
    yield opened
    opened.close()


def sent(work: Work) -> None:
    work.page.session.flush()
    work.desk.settle()


def asked() -> SideBySide | None:
    window = QApplication.activeModalWidget()
    return window if isinstance(window, SideBySide) else None


def test_what_the_other_window_answered_appears_and_one_s_own_is_kept(work: Work, other: Register) -> None:
    page = work.begin("ss", LISTED)
    said: list[str] = []
    page.session.said.connect(said.append)
    other.set_answer(work.case_id, FIRST, "否")
    page.session.set(SECOND, "否")
    sent(work)
    assert other.answers(work.case_id) == LISTED | {FIRST: "否", SECOND: "否"}
    assert page.session.interview.answers[FIRST] == "否" and work.field(FIRST).text() == "否"
    assert FIRST in said[-1] and "工号" in said[-1] and asked() is None
    page.session.set(SECOND, "是")
    sent(work)
    assert other.answers(work.case_id)[SECOND] == "是", "and it goes on"


@pytest.mark.parametrize(("key", "kept"), [(Qt.Key.Key_1, "否"), (Qt.Key.Key_2, "")])
def test_where_both_answered_the_clerk_decides_by_a_key(work: Work, other: Register, key: Qt.Key, kept: str) -> None:
    page = work.begin("ss", ELIGIBLE_SS)
    other.set_answer(work.case_id, FIRST, "")
    page.session.set(FIRST, "否")
    sent(work)
    dialog = asked()
    assert dialog is not None and other.answers(work.case_id)[FIRST] == "", "nothing is written over unseen"
    assert page.session.interview.answers[FIRST] == "否", "what was typed stays on the screen"
    (field,) = dialog.fields.values()
    assert [option.partition("：")[0] for option in field.options] == [MINE, THEIRS] and field.has_focus()
    assert "否" in field.options[0] and "未填" in field.options[1]
    work.keys(key, (ENTER, CTRL))
    work.desk.settle()
    assert asked() is None and other.answers(work.case_id)[FIRST] == kept
    assert page.session.interview.answers.get(FIRST, "") == kept


def test_deciding_later_keeps_what_was_typed_and_asks_again(work: Work, other: Register) -> None:
    page = work.begin("ss", ELIGIBLE_SS)
    other.set_answer(work.case_id, FIRST, "")
    page.session.set(FIRST, "否")
    sent(work)
    work.keys(Qt.Key.Key_Escape)
    work.desk.settle()
    assert asked() is None and page.session.catch_up.open
    page.session.set(SECOND, "否")
    sent(work)
    assert other.answers(work.case_id)[SECOND] == "是", "nothing is sent before it is decided"
    assert not page.overtaken.isHidden() and "改过" in page.overtaken.text()
    work.keys((Qt.Key.Key_D, CTRL))
    assert asked() is not None
    work.keys(Qt.Key.Key_1, (ENTER, CTRL))
    work.desk.settle()
    assert other.answers(work.case_id) == ELIGIBLE_SS | {FIRST: "否", SECOND: "否"} and page.overtaken.isHidden()


def test_undo_is_told_too(work: Work, other: Register) -> None:
    page = work.begin("ss", ELIGIBLE_SS)
    page.session.set(FIRST, "否")
    sent(work)
    other.set_answer(work.case_id, SECOND, "否")
    page.session.undo()
    work.desk.settle()
    assert other.answers(work.case_id) == ELIGIBLE_SS | {FIRST: "否", SECOND: "否"}, "nothing was taken back unseen"
    assert work.field(SECOND).text() == "否" and page.session.interview.answers[SECOND] == "否"


def test_a_colleague_s_answer_is_not_taken_back_and_that_is_said(work: Work, other: Register) -> None:
    page = work.begin("ss", ELIGIBLE_SS)
    other.add_clerk("0002", "示例同事", practice.PASSWORD)
    colleague = Register.open(work.desk.services.folder, clerk_no="0002", password=practice.PASSWORD)
    try:
        colleague.set_answer(work.case_id, SECOND, "否")
    finally:
        colleague.close()
    said: list[str] = []
    page.session.said.connect(said.append)
    page.session.set(FIRST, "否")
    sent(work)
    page.session.undo()
    work.desk.settle()
    page.session.undo()
    work.desk.settle()
    assert other.answers(work.case_id)[SECOND] == "否"
    assert said[-1].startswith("没有可以撤销的填报了") and "同事填的" in said[-1]


def test_a_case_that_was_withdrawn_elsewhere_is_not_closed_as_issued_unseen(work: Work, other: Register) -> None:
    page = work.begin("ss", ELIGIBLE_SS)
    said: list[str] = []
    work.desk.services.operations.failed.connect(said.append)
    other.close_case(work.case_id, "已撤销")
    page.session.close_case()
    work.desk.settle()
    assert other.case(work.case_id).state == "已撤销"
    assert "已撤销" in said[-1] and "工号" in said[-1]


def test_the_judged_day_set_in_both_windows_is_decided_by_a_key(work: Work, other: Register) -> None:
    """Issue 12: the day that a colleague set is never written over unseen, and what was typed stays on the screen."""
    page = work.begin("ss", ELIGIBLE_SS)
    theirs, mine = date(2026, 1, 5), date(2026, 1, 6)
    other.set_judged_on(work.case_id, theirs)
    page.session.judge_on(mine)
    work.desk.settle()
    dialog = asked()
    assert dialog is not None and other.case(work.case_id).on == theirs, "nothing is written over unseen"
    assert page.session.interview.on == mine, "what was typed stays on the screen"
    (field,) = dialog.fields.values()
    assert "2026年1月6日" in field.options[0] and "2026年1月5日" in field.options[1]
    work.keys(Qt.Key.Key_1, (ENTER, CTRL))
    work.desk.settle()
    assert other.case(work.case_id).on == mine == page.session.interview.on
    other.set_judged_on(work.case_id, theirs)
    page.session.judge_on(date(2026, 1, 7))
    work.desk.settle()
    work.keys(Qt.Key.Key_2, (ENTER, CTRL))
    work.desk.settle()
    assert other.case(work.case_id).on == theirs == page.session.interview.on


def test_a_day_that_nobody_else_set_is_kept_though_something_else_of_the_case_was_changed(
    work: Work, other: Register
) -> None:
    page = work.begin("ss", ELIGIBLE_SS)
    day = page.session.interview.on
    other.set_pack_version(work.case_id, "another")
    page.session.judge_on(date(2026, 1, 6))
    work.desk.settle()
    assert asked() is None and other.case(work.case_id).on == date(2026, 1, 6) != day


def test_a_material_that_was_ticked_elsewhere_is_shown_and_told(work: Work, other: Register) -> None:
    page = work.begin("ss", LISTED)
    said: list[str] = []
    work.desk.services.operations.failed.connect(said.append)
    note = page.session.interview.material_list[0]
    other.set_material(work.case_id, note.key, "不适用")
    page.session.set_material(note.key, "已收")
    work.desk.settle()
    assert other.materials(work.case_id)[note.key] == "不适用" == page.session.interview.materials[note.key]
    assert note.name in said[-1] and "工号" in said[-1] and "再按一次" in said[-1]
    page.session.set_material(note.key, "已收")
    work.desk.settle()
    assert other.materials(work.case_id)[note.key] == "已收", "seen, it is the clerk's to say"


def test_no_paper_is_made_of_what_a_colleague_has_changed_meanwhile(work: Work, other: Register) -> None:
    """The answer, or the day, that the screen doesn't show yet would stand wrong on the letter: it is shown, and nothing is issued."""
    page = work.begin("ss", LISTED)
    hand = page.output.hand

    def open_preview() -> Preview | None:
        return hand.preview

    told: list[str] = []
    hand.told.connect(lambda words, _good: told.append(words))
    other.set_answer(work.case_id, FIRST, "否")
    page.output.prepare(LETTER)
    work.desk.settle()
    assert open_preview() is None and other.documents(work.case_id) == []
    assert FIRST in told[-1] and page.session.interview.answers[FIRST] == "否", "told, and on the screen"
    other.set_judged_on(work.case_id, date(2026, 2, 2))
    page.output.prepare(LETTER)
    work.desk.settle()
    assert open_preview() is None and page.session.interview.on == date(2026, 2, 2)
    page.output.prepare(LETTER)
    work.desk.settle()
    preview = open_preview()
    assert preview is not None, "seen, it is issued"
    other.set_answer(work.case_id, SECOND, "否")
    hand.ask_path = lambda _owner, path: work.desk.services.folder / path.name
    hand.save_as(preview.draft)
    work.desk.settle()
    assert other.documents(work.case_id) == [] and SECOND in told[-1], "not even where the preview stood open meanwhile"
    preview.close()
