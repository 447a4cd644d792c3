"""On every page, in both themes and all sizes: everything has a name, and no word is cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListView,
    QScrollArea,
    QTableView,
    QWidget,
)

from pinggu_desk.desk.batch.page import BatchPage
from pinggu_desk.desk.desk_frame import DeskFrame
from pinggu_desk.desk.importing.page import ImportPage
from pinggu_desk.desk.kit import Field
from pinggu_desk.desk.kit.marks import RadioRow, Tick
from pinggu_desk.desk.pages.enterprise import EnterprisePage
from pinggu_desk.desk.pages.new_case import NewCasePage
from pinggu_desk.desk.pages.policy import PolicyPage
from pinggu_desk.desk.theme import BODY_PIXELS, Mode, Size, look
from tests.work.test_import_applicants import untidy

from .conftest import Desk, within
from .test_pages import new_case, register_of
from .test_statistics import fill

LONG = "示例" + "极长名称的农业科技装备制造股份有限公司" * 4 + "㛃𬭎𡌶分公司"


#: the largest type and the dark look in make test, the others in make exhaustive: colours change no size
LOOKS = [
    pytest.param(
        mode, size, marks=() if (mode, size) in (("light", "特大"), ("dark", "中")) else pytest.mark.exhaustive
    )
    for mode in ("light", "dark")
    for size in BODY_PIXELS
]
#: the smallest and the largest type in make test, those between in make exhaustive
SIZES = [pytest.param(s, marks=() if s in ("小", "特大") else pytest.mark.exhaustive) for s in BODY_PIXELS]


def visit(desk: Desk) -> Iterator[str]:
    """Every page of the frame, with something on it, one after another."""
    frame = desk.frame
    yield "受理"
    desk.type("示例")
    yield "受理·找到"
    frame.open_applicant(register_of(desk).search("示例装备")[0].id)
    desk.settle()
    yield "企业"
    frame.open_applicant(register_of(desk).search("jcmc")[0].id)
    desk.settle()
    yield "企业·长名称"
    page = frame.current()
    assert isinstance(page, EnterprisePage)
    assert page.view is not None
    page.view.award_form._begin()
    desk.settle()
    yield "企业·选事项"
    desk.key(Qt.Key.Key_Return)
    yield "企业·登记奖励"
    page.view._change()
    desk.settle()
    yield "企业·修改"
    desk.key(Qt.Key.Key_F2)
    yield "新办·选政策"
    frame.begin_case(None, "")
    desk.settle()
    desk.key(Qt.Key.Key_F3)
    new = frame.page("新办")
    assert isinstance(new, NewCasePage)
    new.form.code.set_text("91110117MA00DEMA8E")
    new.form.phone.focus_input()
    desk.settle()
    yield "新办·登记"
    frame.open_clause("zxqy.2.5a")
    desk.settle()
    policy = frame.current()
    assert isinstance(policy, PolicyPage)
    yield "政策"
    desk.alt(3)
    yield "政策·全部"
    desk.type("wycz")
    yield "政策·按事项找"
    desk.alt(4)
    yield "台账"
    desk.key(Qt.Key.Key_F7)
    yield "验真"
    desk.type("PGZ1")
    desk.key(Qt.Key.Key_Return)
    yield "验真·不是验真码"
    yield from visit_lists(desk)
    yield from visit_import(desk)
    fill(register_of(desk))
    desk.alt(7)
    yield "统计"
    desk.type("2")
    desk.key(Qt.Key.Key_Return)
    desk.type("5")
    yield "统计·两个方面"
    desk.alt(8)
    yield "设置"
    desk.key(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    desk.type("示例")
    yield "搜索"
    desk.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    desk.type("人才")
    yield "搜索·条款"


def visit_lists(desk: Desk) -> Iterator[str]:
    """批量 with the sample list of practice: chosen, checked, run."""
    desk.alt(6)
    yield "批量"
    page = desk.frame.current()
    assert isinstance(page, BatchPage)
    desk.key(Qt.Key.Key_F7)
    until(desk, lambda: page.session.stage == "preview")
    yield "批量·核对列"
    desk.key(Qt.Key.Key_Return)
    yield "批量·改一列"
    desk.key(Qt.Key.Key_F5)
    until(desk, lambda: page.session.stage == "results")
    page.results.table.measure()
    page.results.side.work_out()
    yield "批量·结果"
    desk.key(Qt.Key.Key_F6)
    page.results.problems.measure()
    yield "批量·名单问题"


def visit_import(desk: Desk) -> Iterator[str]:
    """从名单导入: chosen, checked, what it would change, what is to be decided."""
    desk.frame.open_place("导入")
    desk.settle()
    page = desk.frame.current()
    assert isinstance(page, ImportPage)
    yield "导入"
    page.choosing.put(untidy(desk.services.folder / "示例花名册.xlsx"))
    page.choosing.take()
    until(desk, lambda: page.session.stage == "preview" and not page.session.busy)
    desk.key(Qt.Key.Key_F5)
    until(desk, lambda: page.session.stage == "results")
    page.changes.measure()
    yield "导入·会改什么"
    desk.key(Qt.Key.Key_Return)
    yield "导入·要先定"
    desk.key(Qt.Key.Key_F6)
    yield "导入·没有读出的"


def until(desk: Desk, seen: Callable[[], bool]) -> None:
    """Wait for something that another thread works at."""
    for _ in range(6000):
        desk.settle()
        if seen():
            return
        QTest.qWait(5)
    raise AssertionError("it did not come")


def shown(root: QWidget, kind: type[QWidget]) -> list[QWidget]:
    return [widget for widget in within(root, kind) if widget.isVisible()]


def nameless(root: QWidget) -> list[str]:
    """What a screen reader could only call by its kind."""
    found = []
    for kind in (QLineEdit, QAbstractItemView):
        found += [repr(w) for w in shown(root, kind) if not w.accessibleName()]
    for button in within(root, QAbstractButton):
        if button.isVisible() and not (button.accessibleName() or button.text()):
            found.append(repr(button))
    for line in shown(root, QLineEdit):
        if line.accessibleName() == getattr(line, "placeholderText", lambda: "")():
            found.append(f"placeholder for a name: {line!r}")
    return found


def cut(root: QWidget) -> list[str]:
    """Words that do not fit where they stand."""
    found: list[str] = []
    for label in within(root, QLabel):
        if not label.isVisible() or not label.text():
            continue
        if label.wordWrap():
            fits = label.heightForWidth(label.width()) <= label.height() + 1
            longest = max((label.fontMetrics().horizontalAdvance(c) for c in label.text()), default=0)
            fits = fits and label.width() >= longest
        else:
            fits = label.sizeHint().width() <= label.width() and label.sizeHint().height() <= label.height() + 1
        if not fits:
            found.append(f"{label.text()[:30]} {label.size()} {label.sizeHint()}")
    for button in within(root, QAbstractButton):
        if button.isVisible() and button.text():
            wanted = (
                button.heightForWidth(button.width())
                if isinstance(button, (RadioRow, Tick))
                else button.sizeHint().height()
            )
            narrow = not isinstance(button, (RadioRow, Tick)) and button.sizeHint().width() > button.width()
            if narrow or wanted > button.height() + 1:
                found.append(f"button {button.text()} {button.size()} {button.sizeHint()}")
    for line in within(root, QLineEdit):
        room = line.width() - 2 * look().scale.grid(1) - 8
        if line.isVisible() and line.fontMetrics().horizontalAdvance(line.placeholderText()) > room:
            found.append(f"placeholder {line.placeholderText()} {line.size()}")
    for header in within(root, QHeaderView):
        for at in range(header.count() if header.isVisible() else 0):
            if header.sectionSizeHint(at) > header.sectionSize(at):
                found.append(f"head {at} {header.sectionSizeHint(at)} {header.sectionSize(at)}")
    for field in within(root, Field):
        if field.isVisible() and field.height() > field.heightForWidth(field.width()) + 2:
            found.append(f"gaps in {field.name}: {field.height()} for {field.heightForWidth(field.width())}")
    return found + cut_rows(root)


def cut_rows(root: QWidget) -> list[str]:
    """Rows of lists and tables lower than their words need, or whose text Qt would elide."""
    found = []
    for view in within(root, QAbstractItemView):
        if not view.isVisible():
            continue
        if view.textElideMode() is not Qt.TextElideMode.ElideNone:
            found.append(f"elides: {view.accessibleName()}")
        model = view.model()
        for row in range(model.rowCount()):
            for column in range(model.columnCount() if isinstance(view, QTableView) else 1):
                index = model.index(row, column)
                hidden = isinstance(view, QListView) and view.isRowHidden(row)
                if hidden or not index.data():
                    continue
                needed = view.sizeHintForIndex(index)
                has = view.visualRect(index)
                if needed.height() > has.height() + 1:
                    found.append(f"row {index.data()!r} {needed} {has}")
                stiff = isinstance(view, QTableView) and not wraps(view, column)
                if stiff and needed.width() > has.width() + 1:
                    found.append(f"cell {index.data()!r} {needed} {has}")
    return found


def wraps(view: QTableView, column: int) -> bool:
    """Whether a column takes what room is left, or says that it is to, and wraps in it."""
    stretches = view.horizontalHeader().sectionResizeMode(column) is QHeaderView.ResizeMode.Stretch
    return stretches or view.property("wraps") == column


def spilled(frame: DeskFrame) -> list[str]:
    """What reaches beyond the window, and columns that would have to be scrolled sideways."""
    found = []
    for area in within(frame, QScrollArea):
        if area.isVisible() and area.horizontalScrollBar().maximum() > 0:
            found.append(f"sideways by {area.horizontalScrollBar().maximum()}")
    for bar in (frame.rail, frame.top, frame.foot):
        for child in within(bar, QWidget):
            if child.isVisible():
                place = QRect(child.mapTo(frame, QPoint(0, 0)), child.size())
                if not frame.rect().contains(place):
                    found.append(f"{child!r} at {place}")
    return found


@pytest.mark.parametrize(("mode", "size"), LOOKS)
def test_everything_has_a_name_and_no_word_is_cut(desk: Desk, mode: Mode, size: Size) -> None:
    register = register_of(desk)
    register.add_applicant("企业", LONG, address="示例镇" * 30, sample=True)
    new_case(desk)
    new_case(desk, "jcmc")
    desk.services.settings.change(mode=mode, size=size)
    desk.window.resize(1366, 768)
    desk.alt(1)
    assert look().dark is (mode == "dark")
    wrong = {}
    for name in visit(desk):
        desk.settle()
        found = nameless(desk.frame) + cut(desk.frame) + spilled(desk.frame)
        if found:
            wrong[name] = found
    assert wrong == {}
    assert desk.window.size().width() <= 1366
    assert desk.window.size().height() <= 768
