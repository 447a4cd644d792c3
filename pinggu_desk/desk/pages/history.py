"""经过: who did what in a case, and when; opened from the wizard and from 台账, Esc goes back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHeaderView, QVBoxLayout
from typing_extensions import override

from pinggu_desk.desk.history import CaseHistory, lines_of, read_history
from pinggu_desk.desk.kit import Banner, Caption, Title
from pinggu_desk.desk.kit.heights import Heights
from pinggu_desk.desk.kit.rows import row_table
from pinggu_desk.desk.operations import sentence_of
from pinggu_desk.desk.page import Page
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.words import moment_words

_HEADS = ("时间", "经办人", "做了什么", "内容")


class HistoryPage(Page):
    """The lines of one case, the latest first."""

    title = "经过"

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._case_id: int | None = None
        scale = look().scale
        column = QVBoxLayout(self)
        column.setContentsMargins(*[scale.grid(3)] * 4)
        column.setSpacing(scale.grid(1.5))
        self._head = Caption("")
        self.wrong = Banner("", "bad")
        self.wrong.hide()
        self.model = QStandardItemModel(0, len(_HEADS), self)
        self.model.setHorizontalHeaderLabels(list(_HEADS))
        self.table = row_table(self.model, "办件经过")
        self._heights = Heights(self.table)
        for widget in (Title("办件经过"), self._head, self.wrong):
            column.addWidget(widget)
        column.addWidget(self.table, 1)

    def want(self, case_id: int) -> None:
        """Show this case's when the page comes to the front."""
        self._case_id = case_id

    @override
    def enter(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        case_id = self._case_id
        if case_id is not None:
            self._services.operations.run(lambda register: read_history(register, case_id), self._show, self._refused)

    @override
    def again(self) -> Callable[[HistoryPage], None] | None:
        case_id = self._case_id
        return None if case_id is None else lambda page: page.want(case_id)

    def _show(self, history: CaseHistory) -> None:
        self.wrong.show_words("")
        case, today = history.case, self._services.today()
        about = (history.applicant, self._services.policy_title(case.policy_id), case.number, case.state)
        self._head.setText("　".join(part for part in (*about, "Esc 返回") if part))
        self.model.setRowCount(0)
        for line in lines_of(history, self._services.pack):
            cells = (moment_words(line.at, today), line.who, line.done, line.what)
            self.model.appendRow([QStandardItem(text) for text in cells])
        header = self.table.horizontalHeader()
        for index in range(len(_HEADS) - 1):
            header.setSectionResizeMode(index, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(len(_HEADS) - 1, QHeaderView.ResizeMode.Stretch)
        self.table.selectRow(0)
        self._heights.again()

    def _refused(self, error: Exception) -> None:
        self.wrong.show_words(sentence_of(error), "bad")
