"""A table of thousands of rows measures those in sight and no others; these are never cut, whichever way they came into sight."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHeaderView, QTableView

from pinggu_desk.desk.kit.heights import Heights
from pinggu_desk.desk.kit.rows import row_table
from pinggu_desk.desk.kit.table import RowsModel

ROWS = 3000
HEADS = ("编号", "名称", "状态")
LONG = "示例装备制造股份有限公司平谷区第一分公司及其合作社"


class Long:
    """A table whose names wrap, each in its own way; ``asked`` counts the rows whose words were asked for."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self.asked: set[int] = set()
        self.model: RowsModel[int] = RowsModel(HEADS, self._cells)
        self.table: QTableView = row_table(self.model, "示例")
        self.heights = Heights(self.table)
        header = self.table.horizontalHeader()
        header.setResizeContentsPrecision(0)
        for column, mode in enumerate((QHeaderView.ResizeMode.ResizeToContents, QHeaderView.ResizeMode.Stretch)):
            header.setSectionResizeMode(column, mode)
        self.table.resize(420, 360)
        self.table.show()
        self.model.show(range(ROWS))
        self.settle()

    def _cells(self, row: int) -> tuple[str, ...]:
        self.asked.add(row)
        return f"PG-{row:04d}", LONG * (row % 4) or "短名", "办理中"

    def settle(self) -> None:
        for _ in range(3):
            self._app.processEvents()

    def press(self, key: Qt.Key, times: int = 1) -> None:
        for _ in range(times):
            QTest.keyClick(self.table, key)
        self.settle()

    def hold_good(self) -> None:
        """Every row in sight is as high as its words, and the one stood on, if it is in sight, is not cut."""
        table, height = self.table, self.table.viewport().height()
        first, last = table.rowAt(0), table.rowAt(height - 1)
        for row in range(first, (last if last >= 0 else self.model.rowCount() - 1) + 1):
            wanted = max(table.sizeHintForRow(row), table.verticalHeader().sectionSizeHint(row))
            assert table.rowHeight(row) == wanted, f"row {row} is cut, or too high"

    def stands_whole(self) -> None:
        table, row = self.table, self.table.currentIndex().row()
        top = table.rowViewportPosition(row)
        assert top >= 0 and top + table.rowHeight(row) <= table.viewport().height(), f"row {row} is cut by the edge"


@pytest.fixture
def long(qapp: QApplication) -> Iterator[Long]:
    made = Long(qapp)
    yield made
    made.table.close()
    made.table.deleteLater()


def test_of_thousands_of_rows_those_in_sight_are_measured(long: Long) -> None:
    long.hold_good()
    assert len(long.asked) < 60
    long.table.resize(520, 500)
    long.settle()
    long.hold_good()
    assert len(long.asked) < 90


def test_whoever_walks_by_keys_sees_each_row_whole(long: Long) -> None:
    long.table.selectRow(0)
    for key, times in (
        (Qt.Key.Key_Down, 1), (Qt.Key.Key_Down, 37), (Qt.Key.Key_PageDown, 3), (Qt.Key.Key_Up, 9), (Qt.Key.Key_PageUp, 2),
        (Qt.Key.Key_Down, 50), (Qt.Key.Key_Up, 30),
    ):  # fmt: skip
        for _ in range(times):
            long.press(key)
            long.hold_good()
            long.stands_whole()
    assert len(long.asked) < 400


def test_the_last_row_is_reached_and_whole(long: Long) -> None:
    long.table.selectRow(ROWS - 1)
    long.settle()
    long.hold_good()
    long.stands_whole()
    long.table.verticalScrollBar().setValue(long.table.verticalScrollBar().maximum())
    long.settle()
    long.hold_good()
    assert long.table.rowAt(long.table.viewport().height() - 1) in (-1, ROWS - 1), "nothing is left beneath"
    long.press(Qt.Key.Key_Up, 20)
    long.stands_whole()


def test_rows_that_come_by_the_wheel_are_measured_and_nothing_is_scrolled_back(long: Long) -> None:
    bar = long.table.verticalScrollBar()
    long.table.selectRow(5)
    for value in (3, 40, 41, 900, 899, 2500, 7):
        bar.setValue(value)
        long.settle()
        assert bar.value() == value
        long.hold_good()


def test_other_rows_and_other_widths_are_measured_anew(long: Long) -> None:
    long.model.show(range(3, ROWS, 4))
    long.settle()
    long.hold_good()
    before = long.table.rowHeight(0)
    long.table.resize(300, 360)
    long.settle()
    long.hold_good()
    assert long.table.rowHeight(0) > before
    long.table.resize(300, 800)
    long.settle()
    long.hold_good()
    long.table.horizontalHeader().resizeSection(2, 120)
    long.settle()
    long.hold_good()
    long.model.show(())
    long.settle()
    long.model.show([0])
    long.settle()
    long.hold_good()
