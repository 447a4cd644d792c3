"""A list to search: type part of a word or its pinyin, or what it is called elsewhere; walk with the arrows, take with Enter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidgetItem, QVBoxLayout, QWidget

from pinggu_desk.desk.kit.basics import restyle, settle_heights
from pinggu_desk.desk.kit.line import Line
from pinggu_desk.desk.kit.rows import RowList
from pinggu_desk.desk.theme import look

_SHOWN = 6  # rows in sight at once
_ALIKE = "没有完全相符的，以上相近，按下键选。"


def _chars(options: Sequence[str]) -> int:
    """How wide the line is: twice the longest option, within bounds."""
    return min(max(2 * max(map(len, options), default=8), 24), 60)


#: by what other words each option is sought
Said = Callable[[], Mapping[str, Sequence[str]]]


def _not_said() -> Mapping[str, Sequence[str]]:
    return {}


class PickList(QWidget):
    """A line to search in, and under it, while one is in it, the options that fit."""

    chosen = Signal(str)
    entered = Signal()
    left = Signal()

    def __init__(
        self, options: Sequence[str], notes: Sequence[str] = (), parent: QWidget | None = None, *, said: Said = _not_said,
    ) -> None:  # fmt: skip
        """``said`` gives the other words by which an option is sought, once they are wanted."""
        super().__init__(parent)
        self._said = said
        self._options: tuple[str, ...] = ()
        self._choice, self._loose = "", False
        self.line = Line(_chars(options), self)
        self.line.setPlaceholderText("输入文字或拼音首字母")
        self.list = RowList("可选项", self)
        self.list.hide()
        self.line.textEdited.connect(self._filter)
        self.offer(options, notes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().scale.grid(0.5))
        column.addWidget(self.line)
        column.addWidget(self.list)
        self.line.entered.connect(self._open)
        self.line.left.connect(self._close)
        self.line.installEventFilter(self)
        self.list.itemClicked.connect(self._take)

    def offer(self, options: Sequence[str], notes: Sequence[str] = ()) -> None:
        """Offer these, each with its note, and nothing chosen."""
        self.show_choice("")
        self.line.set_chars(_chars(options))
        self.list.clear()
        self._options = tuple(options)
        for option, note in zip_longest(options, notes, fillvalue=""):
            item = QListWidgetItem(f"{option}\n{note}" if note else option)
            item.setData(Qt.ItemDataRole.UserRole, option)
            self.list.addItem(item)
        self._nothing = QListWidgetItem()  # says that none fits, where an empty box would say nothing
        self._nothing.setFlags(Qt.ItemFlag.NoItemFlags)
        self._nothing.setHidden(True)
        self.list.addItem(self._nothing)

    def show_choice(self, option: str) -> None:
        """Show what is chosen (empty: nothing)."""
        self._choice = option
        if self.line.text() != option:
            self._put(option)

    def _put(self, option: str) -> None:
        """Write an option as one step that can be undone; it is not typed, so it narrows nothing down and the arrows go on."""
        self.line.textEdited.disconnect(self._filter)
        self.line.selectAll()
        self.line.insert(option) if option else self.line.del_()
        self.line.textEdited.connect(self._filter)

    def mark_bad(self, bad: bool) -> None:
        """Show an error on the line."""
        self.line.setProperty("state", "bad" if bad else "")
        restyle(self.line)

    def _open(self) -> None:
        self._filter("")
        self.list.setVisible(True)
        self._fit_height()
        if self._choice in self._options:
            self.list.setCurrentRow(self._options.index(self._choice))
        self.entered.emit()

    def _fit_height(self) -> None:
        """As high as the rows that fit, no more than so many of them."""
        shown = [row for row in range(self.list.count()) if not self.list.item(row).isHidden()][:_SHOWN]
        height = sum(map(self.list.sizeHintForRow, shown)) + 2 * self.list.frameWidth()
        if height != self.list.maximumHeight():
            self.list.setFixedHeight(height)
            settle_heights(self)

    def _close(self) -> None:
        """Leaving: what was typed counts only if it is an option; else the earlier choice stands again."""
        self.list.hide()
        settle_heights(self)
        typed = self.line.text().strip()
        if typed in self._options and typed != self._choice:
            self.chosen.emit(typed)
        elif not typed and self._choice:
            self.chosen.emit("")
        else:
            self.show_choice(self._choice)
        self.left.emit()

    def _filter(self, typed: str) -> None:
        from pinggu_desk.desk.spoken import fitting

        found, self._loose = fitting(self._options, typed, self._said)
        for index, option in enumerate(self._options):
            self.list.item(index).setHidden(option not in found)
        first = next((index for index, option in enumerate(self._options) if option in found), -1)
        self.list.setCurrentRow(-1 if self._loose else first)  # what only sounds alike is not taken by Enter unseen
        nothing = f"没有找到“{typed.strip()}”，删去几个字再找，或用上下键从头看。"
        self._nothing.setText(_ALIKE if self._loose else nothing)
        self._nothing.setHidden(first >= 0 and not self._loose)
        if self.list.isVisible():
            self._fit_height()

    def _take(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows walk the list."""
        if watched is not self.line or not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._walk(1 if key == Qt.Key.Key_Down else -1)
            return True
        return False

    def accept(self) -> None:
        """Take the row that is stood on, if something was typed to find it."""
        item = self.list.currentItem()
        if self.line.text() and self.line.text() != self._choice and item is not None and not item.isHidden():
            self._take(item)

    def _walk(self, way: int) -> None:
        if not self._nothing.isHidden() and not self._loose:
            self._filter("")
            way, row = 1, 0
        else:
            row = self.list.currentRow() + way
        while 0 <= row < len(self._options):
            if not self.list.item(row).isHidden():
                self.list.setCurrentRow(row)
                self._put(self.list.item(row).data(Qt.ItemDataRole.UserRole))
                return
            row += way
