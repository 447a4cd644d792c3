"""批量 (Alt+6): choose, check the columns, run, look through, go on with a row; by keyboard in the window."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import openpyxl
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from pinggu_desk.desk import practice
from pinggu_desk.desk.batch.matching import Stage
from pinggu_desk.desk.batch.page import BatchPage
from pinggu_desk.desk.match.page import MatchPage
from pinggu_desk.register import events
from pinggu_desk.work.listpreview import preview
from tests.desk.conftest import Desk
from tests.desk.test_pages import register_of

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
ENTER, DOWN, DELETE = Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Delete
HEAD = (
    "企业名称",
    "统一社会信用代码",
    "申请人类型",
    "本区工商注册",
    "独立法人资格",
    "纳入平谷区统计",
    "来自哪里",
    "上市挂牌板块",
)
ROWS = (
    ("示例装备制造有限公司", "91110117MA00DEMA8F", "企业", "是", "是", "是", "本区企业", "北交所"),
    ("示例新企业有限公司", "", "企业", "是", "是", "是", "本区企业", "新三板创新层"),
    ("示例外区有限公司", "", "企业", "否", "是", "是", "本区企业", "北交所"),
    ("示例写错有限公司", "", "企业", "也许", "是", "是", "本区企业", ""),
)  # fmt: skip
ON = date(2026, 4, 1)


def write(path: Path, rows: Sequence[Sequence[str]] = ROWS, head: Sequence[str] = HEAD) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def to(path: Path) -> Callable[[QWidget, Path], Path]:
    """What asks where to save, answered."""
    return lambda _parent, _suggested: path


def until(desk: Desk, seen: Callable[[], bool], what: str) -> None:
    for _ in range(6000):
        desk.settle()
        if seen():
            return
        QTest.qWait(5)
    raise AssertionError(what)


def at(desk: Desk, page: BatchPage, stage: Stage) -> None:
    until(desk, lambda: page.session.stage == stage and not page.session.busy, f"{stage}: {page.session.stage}")
    desk.settle()


def opened(desk: Desk) -> BatchPage:
    desk.alt(6)
    page = desk.frame.current()
    assert isinstance(page, BatchPage)
    return page


def checked(desk: Desk, path: Path) -> BatchPage:
    page = opened(desk)
    page.choosing.path.line.insert(str(path))
    page.choosing.day.set_text(ON.isoformat())
    desk.key(ENTER)
    desk.key(ENTER)
    at(desk, page, "preview")
    return page


def run(desk: Desk, path: Path) -> BatchPage:
    page = checked(desk, path)
    desk.key(Qt.Key.Key_F5)
    at(desk, page, "results")
    return page


def test_a_column_is_corrected_by_keyboard_and_remembered_for_the_next_list(desk: Desk, tmp_path: Path) -> None:
    page = checked(desk, write(tmp_path / "一.csv"))
    seen = {one.head: (one.fact, one.why) for one in page.columns.model.rows}
    assert seen["企业名称"] == ("申请人名称", "同义") and seen["本区工商注册"] == ("本区工商注册", "名称")
    assert seen["来自哪里"] == (None, "未识别")
    assert page.columns.model.rows[page.columns.table.currentIndex().row()].head == "来自哪里", (
        "stands where work waits"
    )
    desk.key(ENTER)
    desk.type("ssqyly")
    desk.key(ENTER)
    until(desk, lambda: page.columns.model.rows[6].fact == "上市企业来源", "not corrected")
    assert page.columns.model.rows[6].why == "改定"
    desk.key(Qt.Key.Key_F5)
    at(desk, page, "results")
    told = [row.event for row in register_of(desk).audit_rows()]
    assert events.LIST_COLUMNS in told and events.LIST_RUN in told
    desk.key(Qt.Key.Key_F3)
    again = checked(desk, write(tmp_path / "二.csv", ROWS[:2]))
    assert (again.columns.model.rows[6].fact, again.columns.model.rows[6].why) == ("上市企业来源", "记得")
    assert "和以前核对过的一样" in again.columns.kept.text() and again.columns.kept.isVisible()
    desk.key(Qt.Key.Key_F9)
    until(desk, lambda: again.columns.model.rows[6].why == "未识别", "not forgotten")


def test_a_list_whose_columns_moved_after_they_were_checked_is_not_run_by_the_old_ones(
    desk: Desk, tmp_path: Path
) -> None:
    """Choices go by column: after a column was put in, they would stand for other columns."""
    path = write(tmp_path / "一.csv")
    page = checked(desk, path)
    page.session.choose(7, "上市企业来源")
    until(desk, lambda: page.columns.model.rows[6].fact == "上市企业来源", "not chosen")
    write(path, [("1", *row) for row in ROWS], ("序号", *HEAD))
    desk.key(Qt.Key.Key_F5)
    until(desk, lambda: "改过" in page.told.text() and not page.session.busy, "not told")
    at(desk, page, "preview")
    assert page.session.found is None and page.session.own == {}
    assert [one.head for one in page.columns.model.rows] == ["序号", *HEAD]


def test_a_remembered_fact_that_the_pack_has_no_more_does_not_keep_a_list_from_being_read(
    desk: Desk, tmp_path: Path
) -> None:
    path = write(tmp_path / "一.csv")
    shape = preview(desk.services.engine, str(path)).shape
    register_of(desk).keep_list_shape(shape, {7: "早先的填报项", 8: None})
    page = checked(desk, path)
    assert [one.why for one in page.columns.model.rows[6:]] == ["未识别", "略过"]


def test_a_list_whose_values_were_mended_after_the_check_is_run_as_it_is_now(desk: Desk, tmp_path: Path) -> None:
    path = write(tmp_path / "一.csv")
    page = checked(desk, path)
    page.session.choose(7, "上市企业来源")
    until(desk, lambda: page.columns.model.rows[6].fact == "上市企业来源", "not chosen")
    write(path, ROWS[:2])
    desk.key(Qt.Key.Key_F5)
    at(desk, page, "results")
    found = page.session.found
    assert found is not None and len(found) == 2 and "上市企业来源" in found.values(0)


def test_results_are_sorted_filtered_and_told_with_problems(desk: Desk, tmp_path: Path) -> None:
    page = run(desk, write(tmp_path / "一.csv"))
    found = page.session.found
    assert found is not None and found.names == [row[0] for row in ROWS]
    assert "4 个申请人" in page.results.totals.text() and "1 处没有读取" in page.results.totals.text()
    assert desk.focus is page.results.view
    desk.key(Qt.Key.Key_Right)
    desk.key(Qt.Key.Key_F8)
    counts = [int(found.column("eligible")[row]) for row in page.results.model.rows]
    assert counts == sorted(counts, reverse=True) and page.results.model.by == 1
    page.results.to_filter()
    desk.type("slwq")
    until(desk, lambda: page.results.model.rowCount() == 1, "not filtered")
    assert page.results.model.words(int(page.results.model.rows[0]), 0) == "示例外区有限公司"
    desk.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    desk.key(DELETE)
    until(desk, lambda: page.results.model.rowCount() == 4, "not given back")
    desk.key(Qt.Key.Key_F6)
    assert page.results.shows_problems and page.results.problems.model.rowCount() == 1
    bad = [page.results.problems.model.index(0, c).data() for c in range(5)]
    assert bad[1:4] == ["D5", "本区工商注册", "也许"] and "是或否" in bad[4].replace("“", "").replace("”", "")
    desk.key(Qt.Key.Key_F6)
    assert not page.results.shows_problems


def test_a_row_opens_as_an_applicant_with_everything_filled_in_and_back_is_where_it_was(
    desk: Desk, tmp_path: Path
) -> None:
    page = run(desk, write(tmp_path / "一.csv"))
    found = page.session.found
    assert found is not None
    desk.key(DOWN)
    desk.key(ENTER)
    until(desk, lambda: isinstance(desk.frame.current(), MatchPage), "no enquiry")
    desk.settle()
    match = desk.frame.current()
    assert isinstance(match, MatchPage) and match.session.case is not None and match.session.applicant is not None
    assert match.session.applicant.name == "示例新企业有限公司" and match.session.case.on == ON
    enquiry = match.session.enquiry
    stated = {name: text for name, text in found.texts(1).items() if name not in ("申请人名称", "申请人类型")}
    assert {name: enquiry.answers[name] for name in stated} == stated
    assert "已采用名单“一.csv”第 3 行" in match.session.source_of("本区工商注册", "")
    mine = found.match(1)
    for benefit in enquiry.match.rules:
        ours, theirs = mine.determination(benefit), enquiry.match.determination(benefit)
        assert (ours.status, ours.headline) == (theirs.status, theirs.headline), benefit
    case = match.session.case.id
    desk.alt(6)
    assert desk.frame.current() is page and page.results.table.here == 1 and desk.focus is page.results.view
    desk.key(ENTER)
    until(desk, lambda: desk.frame.current() is match, "not opened again")
    desk.settle()
    assert match.session.case is not None and match.session.case.id == case, "the same row is the same case"
    assert len(register_of(desk).search("示例新企业有限公司")) == 1


def test_who_is_registered_already_is_found_by_code(desk: Desk, tmp_path: Path) -> None:
    page = run(desk, write(tmp_path / "一.csv"))
    desk.key(ENTER)
    until(desk, lambda: isinstance(desk.frame.current(), MatchPage), "no enquiry")
    desk.settle()
    assert [a.name for a in register_of(desk).search("91110117MA00DEMA8F")] == ["示例装备制造有限公司"]
    match = desk.frame.current()
    assert isinstance(match, MatchPage) and "登记库里已有这一位" in match.told.text() and page.session.found is not None


def many(path: Path, rows: int) -> Path:
    return write(path, [(f"示例第{n}号公司", "", "企业", "是", "是", "是", "本区企业", "北交所") for n in range(rows)])


def test_a_run_that_is_cancelled_leaves_what_was_open_as_it_was(desk: Desk, tmp_path: Path) -> None:
    page = run(desk, write(tmp_path / "一.csv"))
    before = page.session.found
    desk.key(Qt.Key.Key_F3)
    checked(desk, many(tmp_path / "多.csv", 9000))
    QTest.keyClick(desk.focus, Qt.Key.Key_F5)
    assert "F5" not in [button.shortcut().toString() for button in page.foot()]
    assert page.running.isVisible() and page.running.bar.accessibleName() == "测算进度"
    QTest.keyClick(desk.focus, Qt.Key.Key_Escape)
    at(desk, page, "preview")
    assert "已取消" in page.told.text() and page.session.found is before
    desk.key(Qt.Key.Key_F3)
    desk.key(Qt.Key.Key_F6)
    at(desk, page, "results")
    assert page.results.model.rowCount() == 4


def test_a_run_goes_on_behind_other_pages_and_the_lock_and_ends_with_the_window(desk: Desk, tmp_path: Path) -> None:
    page = checked(desk, many(tmp_path / "多.csv", 5000))
    QTest.keyClick(desk.focus, Qt.Key.Key_F5)
    desk.alt(1)
    assert desk.frame.current() is not page and page.session.busy
    desk.window.lock_now()
    desk.settle()
    at(desk, page, "results")
    assert desk.window.lock is not None and not page.isVisible()
    assert page.session.found is not None and len(page.session.found) == 5000
    desk.type(practice.PASSWORD)
    desk.key(ENTER)
    desk.alt(6)
    desk.key(Qt.Key.Key_F4)
    at(desk, page, "preview")
    QTest.keyClick(desk.focus, Qt.Key.Key_F5)
    desk.settle()
    desk.window.close()
    assert not page.session.busy, "no thread goes on without its window"


def test_a_file_that_is_no_list_is_told_in_one_sentence_where_it_was_chosen(desk: Desk, tmp_path: Path) -> None:
    page = opened(desk)
    desk.key(ENTER)
    desk.key(ENTER)
    assert "还没有选名单" in page.choosing.path.error()
    for name, words in (("甲.pdf", "不是能读的名单"), ("没有.xlsx", "")):
        page.choosing.path.set_text(str(tmp_path / name))
        page.choosing.path.focus_input()
        desk.key(ENTER)
        desk.key(ENTER)
        at(desk, page, "choose")
        assert (words in page.choosing.path.error()) if words else (page.told.isVisible() and name in page.told.text())


def test_numbers_are_written_whole_only_when_asked_for_and_that_is_on_the_trail(desk: Desk, tmp_path: Path) -> None:
    number, head = "110117199001011237", ("申请人名称", "证件号码", "申请人类型", "独立法人资格")
    page = run(desk, write(tmp_path / "一.csv", [("示例人", number, "个人", "否")], head))
    assert number not in "".join(page.results.model.words(0, column) for column in range(8))
    for at_, (key, held) in enumerate(((Qt.Key.Key_E, CTRL), (Qt.Key.Key_E, CTRL | ALT))):
        out = tmp_path / f"结果{at_}.xlsx"
        page.ask_path = to(out)
        desk.key(key, held)
        until(desk, lambda: page.told.text().startswith("已保存") and not page.session.busy, "not written")
        page.told.show_words("")
        cells = [
            cell for sheet in openpyxl.load_workbook(out) for row in sheet.iter_rows(values_only=True) for cell in row
        ]
        assert (number in cells) is bool(at_)
    told = [row.event for row in register_of(desk).audit_rows()]
    assert told.count(events.NUMBERS_SHOWN) == 1 and told.count(events.LIST_EXPORTED) == 2
