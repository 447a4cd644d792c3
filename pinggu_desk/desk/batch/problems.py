"""名单问题: every cell that could not be taken, with its place and what would be right; and how the list was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QListWidgetItem, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk.kit import Caption, EmptyState, RowList
from pinggu_desk.desk.kit.rows import row_table
from pinggu_desk.desk.kit.table import RowsModel
from pinggu_desk.desk.theme import look

if TYPE_CHECKING:
    from pinggu_desk.documents.books.findings import Bad
    from pinggu_desk.work.listrun import Done

_HEADS = ("工作表", "位置", "列名", "填的是", "问题和改法")


def _cells(bad: Bad) -> tuple[str, ...]:
    place = f"{bad.column}{bad.row}" if bad.column else f"第 {bad.row} 行"
    return bad.sheet, place, bad.head, bad.given, bad.sentence


class ProblemsPanel(QWidget):
    """The table of problems, and under it how the list was read."""

    def __init__(self) -> None:
        super().__init__()
        self.model: RowsModel[Bad] = RowsModel(_HEADS, _cells, self)
        self.table = row_table(self.model, "名单问题")
        self.count = Caption("")
        self.told = RowList("名单的读法")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(EmptyState("名单没有读不出的地方", "每一格都读进去了；按 F6 回到结果。", icon="check"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().scale.grid(1))
        column.addWidget(self.count)
        column.addWidget(self._stack, 3)
        column.addWidget(self.told, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.measure)
        self.table.verticalScrollBar().valueChanged.connect(lambda _value: self._timer.start())

    def show_done(self, done: Done | None) -> None:
        """Show what a run could not take."""
        bad = done.found if done is not None else []
        self.model.show(bad)
        self._stack.setCurrentIndex(0 if bad else 1)
        total = done.bad if done is not None else 0
        more = f"，此处列出前 {len(bad):,} 处" if total > len(bad) else ""
        self.count.setText(f"名单问题 {total:,} 处{more}：按未知处理，改好名单后可以重新测算。" if total else "")
        self.told.clear()
        for line in done.told if done is not None else ():
            self.told.addItem(QListWidgetItem(line))
        self.told.setVisible(self.told.count() > 0)
        header = self.table.horizontalHeader()
        for column in range(len(_HEADS)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)

    def begin(self) -> None:
        """Stand on the first."""
        if self.model.rowCount():
            self.table.selectRow(max(self.table.currentIndex().row(), 0))
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._timer.start()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._timer.start()

    def measure(self) -> None:
        """Make the rows in sight as high as what is in them."""
        at, room = max(self.table.rowAt(0), 0), self.table.viewport().height()
        while at < self.model.rowCount() and room > 0:
            self.table.resizeRowToContents(at)
            room -= self.table.rowHeight(at)
            at += 1
