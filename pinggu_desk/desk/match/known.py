"""已知情况: what is known in a match, each with its value and where it came from."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidgetItem, QWidget
from typing_extensions import override

from pinggu_desk.assess.match.enquiry import KnownValue
from pinggu_desk.desk.kit import RowList
from pinggu_desk.desk.theme import look

_NAME = Qt.ItemDataRole.UserRole
_ROWS = 5  # answers in sight at least


class AnswerList(RowList):
    """What is known, each with its value and where it came from. Enter changes one, Delete takes it back."""

    change_wanted = Signal(str)
    clear_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("已知情况", parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleDescription("上下键选择，回车修改，Delete 清除")
        self._shown: list[tuple[str, str]] = []
        self.itemClicked.connect(lambda item: self.change_wanted.emit(item.data(_NAME)))

    def show_answers(self, known: tuple[KnownValue, ...], source_of: Callable[[str, str], str]) -> None:
        """Show what is known; what did not change stays as it is."""
        wanted = [(one.name, self._words(one, source_of(one.name, one.source))) for one in known]
        if [name for name, _ in wanted] == [name for name, _ in self._shown]:
            for row, (was, line) in enumerate(zip(self._shown, wanted, strict=True)):
                if was != line:
                    self._write(self.item(row), line)
            self._shown = wanted
            return
        here, old = self.name_here(), [name for name, _ in self._shown]
        new = [name for name, _ in wanted]
        first = next(
            (at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new))
        )
        same = 0  # of the last ones: most often a new answer stands first, and the rest moves down
        while same < min(len(old), len(new)) - first and old[-1 - same] == new[-1 - same]:
            same += 1
        for _ in range(len(old) - first - same):
            self.takeItem(first)
        for at in range(first, len(new) - same):
            item = QListWidgetItem()
            self._write(item, wanted[at])
            self.insertItem(at, item)
        before = dict(self._shown)
        for at, line in enumerate(wanted):
            if line[0] in before and before[line[0]] != line[1]:
                self._write(self.item(at), line)
        self._shown = wanted
        if here in new and here != self.name_here():
            self.setCurrentRow(new.index(here))
        elif here not in new:
            self.setCurrentRow(-1)

    @staticmethod
    def _write(item: QListWidgetItem, line: tuple[str, str]) -> None:
        name, words = line
        item.setText(words)
        item.setData(_NAME, name)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words.replace("\n", "，"))

    @staticmethod
    def _words(one: KnownValue, source: str) -> str:
        parts = (f"有误：{one.error}" if one.error else "", f"提示：{one.doubt}" if one.doubt else "", source)
        more = "　".join(part for part in parts if part)
        return f"{one.name}：{one.shown or '不清楚'}" + (f"\n{more}" if more else "")

    def name_here(self) -> str:
        """The fact one stands on; empty for none."""
        item = self.currentItem()
        return str(item.data(_NAME)) if item is not None else ""

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), (self.fontMetrics().height() + look().scale.grid(2)) * _ROWS)

    @override
    def focusInEvent(self, event: object) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]
        if self.currentItem() is None and self.count():
            self.setCurrentRow(0)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        name = self.name_here()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and name:
            self.change_wanted.emit(name)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and name:
            self.clear_wanted.emit(name)
        else:
            super().keyPressEvent(event)
