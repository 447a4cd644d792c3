"""批量 as somebody who looks at it finds it: what was assumed, what is hidden, what is not known, where keys go."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pinggu_desk.desk import practice
from pinggu_desk.desk.match.page import MatchPage
from pinggu_desk.desk.theme import Size
from tests.desk.batch.test_page import ENTER, at, checked, many, run, until, write
from tests.desk.conftest import Desk


def opened_with(desk: Desk, path: Path) -> MatchPage:
    run(desk, path)
    desk.key(ENTER)
    until(desk, lambda: isinstance(desk.frame.current(), MatchPage), "no enquiry")
    desk.settle()
    match = desk.frame.current()
    assert isinstance(match, MatchPage) and match.session.applicant is not None and match.told.isVisible()
    return match


def test_a_kind_that_nobody_stated_is_said_where_the_row_is_opened(desk: Desk, tmp_path: Path) -> None:
    head = ("申请人名称", "本区工商注册")
    match = opened_with(desk, write(tmp_path / "一.csv", [("示例没说种类", "是")], head))
    assert match.session.applicant is not None and match.session.applicant.kind == "企业"
    assert "已登记" in match.told.text() and "先按企业登记" in match.told.text()
    match.begin_fresh()
    assert not match.told.isVisible(), "said of the row that was opened, not of another"
    desk.alt(6)
    desk.key(Qt.Key.Key_F3)
    match = opened_with(desk, write(tmp_path / "二.csv", [("示例没说种类", "是")], head))
    assert "已有这一位" in match.told.text() and "先按" not in match.told.text(), "the register knows"


def test_a_persons_facts_or_number_make_a_row_a_person(desk: Desk, tmp_path: Path) -> None:
    match = opened_with(desk, write(tmp_path / "一.csv", [("示例甲", "是", "否")], ("申请人名称", "本区户籍", "已婚")))
    assert match.session.applicant is not None and match.session.applicant.kind == "个人"
    assert "先按个人登记" in match.told.text()
    desk.alt(6)
    desk.key(Qt.Key.Key_F3)
    head = ("申请人名称", "统一社会信用代码", "证件号码", "本区户籍", "本区工商注册")
    match = opened_with(desk, write(tmp_path / "二.csv", [("示例乙", "", "110101199001011237", "是", "是")], head))
    assert match.session.applicant is not None and match.session.applicant.code == "110101199001011237"
    assert match.session.applicant.kind == "个人" and "先按" not in match.told.text()
    desk.alt(6)
    desk.key(Qt.Key.Key_F3)
    match = opened_with(desk, write(tmp_path / "三.csv", [("示例丙", "91110117MA00DEMA8F", "", "", "是")], head))
    assert match.session.applicant is not None and match.session.applicant.code == "91110117MA00DEMA8F", (
        "an empty column of persons' numbers does not take a unit's code away"
    )


def test_no_screen_of_a_list_shows_a_persons_number_whole(desk: Desk, tmp_path: Path) -> None:
    number = "110101199001011237"
    rows = [("示例甲", number, number, "也许"), ("示例乙", "", "", "否")]
    page = checked(desk, write(tmp_path / "一.csv", rows, ("申请人名称", "证件号码", "备用号", "已婚")))
    shown = [str(page.columns.model.index(row, 5).data()) for row in range(4)]
    assert shown[1] == shown[2] == "110101********1237", "in its own column, and in one that nobody recognised"
    desk.key(Qt.Key.Key_F5)
    at(desk, page, "results")
    told = [page.results.problems.model.index(0, c).data() for c in range(5)]
    assert told[3] == "也许" and not any(number in str(words) for words in told)


def test_esc_leaves_what_was_begun_as_it_was(desk: Desk, tmp_path: Path) -> None:
    page = checked(desk, write(tmp_path / "一.csv"))
    desk.key(ENTER)
    assert page.columns.field.isVisible() and not page.columns.told.isVisible()
    desk.key(Qt.Key.Key_Escape)
    assert not page.columns.field.isVisible() and desk.focus is page.columns.table
    assert page.columns.model.rows[6].fact is None and page.columns.hint.isVisible()
    desk.key(Qt.Key.Key_F5)
    at(desk, page, "results")
    for away in (page.results.to_filter, page.results.to_side, page.results.toggle_problems):
        away()
        desk.key(Qt.Key.Key_Escape)
        assert desk.focus is page.results.view and not page.results.shows_problems


def test_what_is_not_known_is_said_beside_what_can_be_had(desk: Desk, tmp_path: Path) -> None:
    page = run(desk, write(tmp_path / "一.csv", [("示例话少有限公司", "是")], ("申请人名称", "本区工商注册")))
    assert (
        "没有可申请的不等于不符合" in page.results.totals.text() and "以主管部门审核为准" in page.results.totals.text()
    )
    page.results.side.work_out()
    last = page.results.side.list.item(page.results.side.list.count() - 1).text()
    assert "需补充信息" in last and "还不能定" in last
    right = Qt.AlignmentFlag.AlignRight
    model = page.results.model
    sides = [model.index(0, column).data(Qt.ItemDataRole.TextAlignmentRole) for column in range(8)]
    assert [side == right for side in sides] == [False, True, True, True, True, False, False, True]
    page.ask_path = lambda _parent, _suggested: tmp_path / "没有这个文件夹" / "结果.xlsx"
    desk.key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    until(desk, lambda: "没有写成" in page.told.text(), "not told")
    assert "（文件夹不存在）" in page.told.text()


def test_work_that_ends_behind_another_page_or_the_lock_leaves_the_keys_where_they_are(
    desk: Desk, tmp_path: Path
) -> None:
    page = checked(desk, many(tmp_path / "多.csv", 3000))
    QTest.keyClick(desk.focus, Qt.Key.Key_F5)
    desk.alt(1)
    here = desk.focus
    at(desk, page, "results")
    assert desk.focus is here, "who types elsewhere goes on typing there"
    desk.alt(6)
    desk.key(Qt.Key.Key_F4)
    at(desk, page, "preview")
    QTest.keyClick(desk.focus, Qt.Key.Key_F5)
    desk.window.lock_now()
    at(desk, page, "results")
    assert desk.window.lock is not None and desk.window.lock.isAncestorOf(desk.focus)
    QTest.keyClicks(desk.focus, practice.PASSWORD)
    QTest.keyClick(desk.focus, ENTER)
    until(desk, lambda: desk.window.lock is None, "not unlocked")
    assert page.results.line.text() == "" and desk.focus is page.results.view


def test_an_export_is_ended_by_the_key_that_it_names(desk: Desk, tmp_path: Path) -> None:
    page = run(desk, many(tmp_path / "多.csv", 9000))
    page.ask_path = lambda _parent, _suggested: tmp_path / "结果.xlsx"
    QTest.keyClick(desk.focus, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert [button.shortcut().toString() for button in page.foot()] == ["Esc"]
    until(desk, lambda: page.session.busy, "not begun")
    QTest.keyClick(desk.focus, Qt.Key.Key_Escape)
    until(desk, lambda: not page.session.exporting, "not ended")
    assert "已取消" in page.told.text() and not list(tmp_path.glob("*结果*"))
    desk.settle()
    assert page.session.stage == "results" and desk.focus is page.results.view


def test_who_is_listed_twice_is_pointed_to_where_nothing_else_is_wrong(desk: Desk, tmp_path: Path) -> None:
    page = run(desk, write(tmp_path / "一.csv", [("示例一", "是"), ("示例一", "否")], ("申请人名称", "本区工商注册")))
    assert "1 条提示（F6 看）" in page.results.totals.text()
    desk.key(Qt.Key.Key_F6)
    assert "“示例一”在第 2、3 行" in page.results.problems.told.item(0).text()


def test_a_name_is_read_on_one_line_at_the_largest_type(desk: Desk, tmp_path: Path) -> None:
    """FOUND 36, 38 at 特大: who it is goes before what is near; the columns follow the window's width."""
    page = run(desk, write(tmp_path / "一.csv"))
    looks: tuple[tuple[Size, int], ...] = (("特大", 1366), ("中", 1366), ("中", 1920))
    for size, wide in looks:
        desk.services.settings.change(size=size)
        desk.window.resize(wide, 768)
        desk.settle()
        view = page.results.view
        widths = [view.columnWidth(column) for column in range(8)]
        assert sum(widths) <= view.viewport().width()
        enough = 18 * view.fontMetrics().horizontalAdvance("示") * 9 // 10  # a name needs no more
        assert widths[0] >= min(max(widths[5], widths[6]) - 2, enough), (size, wide, widths)
        assert view.fontMetrics().horizontalAdvance("示例装备制造有限公司") < widths[0], (size, wide, widths)


def test_columns_are_as_wide_as_their_figures_and_long_names_have_the_rest(desk: Desk, tmp_path: Path) -> None:
    """At 特大 on 1366x768 a name of thirty characters took five lines beside empty columns kept for sums of ten digits."""
    page = run(desk, write(tmp_path / "一.csv"))
    desk.services.settings.change(size="特大")
    desk.window.resize(1366, 768)
    desk.settle()
    view, model = page.results.view, page.results.table.model
    told = [model.words(row, column) for row in range(model.rowCount()) for column in (2, 3)]
    assert any(told), "the list has sums"
    for row in range(model.rowCount()):
        for column in (1, 2, 3, 4, 7):
            assert view.fontMetrics().horizontalAdvance(model.words(row, column)) < view.columnWidth(column) - 8
    nobody = [("示例平谷区峪口镇现代农业产业发展投资管理股份有限公司", "", "企业", "是", "是", "是", "本区企业", "")]
    desk.key(Qt.Key.Key_F3)
    page = run(desk, write(tmp_path / "二.csv", nobody))
    desk.settle()
    assert page.results.table.model.near_nothing
    assert page.results.view.columnWidth(0) > 12 * page.results.view.fontMetrics().horizontalAdvance("示")
