"""已知情况: what is known in a match, each with its value and where it came from."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from pinggu_desk.assess.match.enquiry import KnownValue
from pinggu_desk.desk.kit.rows import draw_row, row_height
from pinggu_desk.desk.kit.steady import SteadyList
from pinggu_desk.desk.theme import look
from pinggu_desk.policy.masking import covered

_NAME = Qt.ItemDataRole.UserRole
_ROWS = 5  # answers in sight at least
_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class Line(NamedTuple):
    """One answer as it stands: the fact, and its words; what is wrong and where it came from on a line of its own."""

    name: str
    words: str

    def text(self) -> str:
        """What is shown."""
        return self.words


class _Model(QAbstractListModel):
    """The lines, for the view and for readers of the screen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []

    def show(self, lines: list[Line]) -> None:
        """Show these; most often a new answer stands first, and the rest moves down."""
        old, new = [one.name for one in self.lines], [one.name for one in lines]
        if old == new:
            before, self.lines = self.lines, lines
            for at, (was, line) in enumerate(zip(before, lines, strict=True)):
                if was != line:
                    self.dataChanged.emit(self.index(at), self.index(at))
            return
        first = next(
            (at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new))
        )
        same = 0  # of the last ones
        while same < min(len(old), len(new)) - first and old[-1 - same] == new[-1 - same]:
            same += 1
        if gone := len(old) - first - same:
            self.beginRemoveRows(_TOP, first, first + gone - 1)
            del self.lines[first : first + gone]
            self.endRemoveRows()
        if more := len(new) - first - same:
            self.beginInsertRows(_TOP, first, first + more - 1)
            self.lines[first:first] = lines[first : first + more]
            self.endInsertRows()
        self.show(lines)

    def rowCount(self, parent: _Index = _TOP) -> int:
        """How many lines there are."""
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A line's words, and the fact that it is of."""
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        line = self.lines[index.row()]
        if role == _NAME:
            return line.name
        if role == Qt.ItemDataRole.DisplayRole:
            return line.words
        return line.words.replace("\n", "，") if role == Qt.ItemDataRole.AccessibleTextRole else None


class AnswerList(SteadyList):
    """What is known, each with its value and where it came from. Enter changes one, Delete takes it back."""

    change_wanted = Signal(str)
    clear_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = _Model(self)
        self.setModel(self._lines)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("已知情况")
        self.setAccessibleDescription("上下键选择，回车修改，Delete 清除")
        self.clicked.connect(lambda index: self.change_wanted.emit(index.data(_NAME)))

    def show_answers(self, known: tuple[KnownValue, ...], source_of: Callable[[str, str], str]) -> None:
        """Show what is known; what did not change stays as it is."""
        wanted = [Line(one.name, self._words(one, source_of(one.name, one.source))) for one in known]
        if wanted == self._lines.lines:
            return
        here = self.name_here()
        self._lines.show(wanted)
        names = [line.name for line in wanted]
        if here != self.name_here() or here not in names:
            self.setCurrentIndex(self._lines.index(names.index(here)) if here in names else QModelIndex())
        self.doItemsLayout()

    @staticmethod
    def _words(one: KnownValue, source: str) -> str:
        parts = (f"有误：{one.error}" if one.error else "", f"提示：{one.doubt}" if one.doubt else "", source)
        more = "　".join(part for part in parts if part)
        return f"{one.name}：{covered(one.name, one.shown) or '不清楚'}" + (f"\n{more}" if more else "")

    def count(self) -> int:
        """How many answers there are."""
        return len(self._lines.lines)

    def item(self, row: int) -> Line:
        """The answer in a row."""
        return self._lines.lines[row]

    def name_here(self) -> str:
        """The fact one stands on; empty for none."""
        return str(self.currentIndex().data(_NAME) or "")

    # --- for the list

    @override
    def heights(self) -> list[int]:
        width, base = self.viewport().width(), self.font()
        return [row_height(line.words, base, width) for line in self._lines.lines]

    @override
    def face(self, row: int) -> Hashable:
        return self._lines.lines[row].words

    @override
    def draw(self, painter: QPainter, rect: QRect, row: int, *, chosen: bool, pointed: bool) -> None:
        draw_row(painter, rect, self._lines.lines[row].words, self.font(), chosen=chosen, pointed=pointed)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), (self.fontMetrics().height() + look().scale.grid(2)) * _ROWS)

    @override
    def focusInEvent(self, event: object) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]
        if not self.currentIndex().isValid() and self.count():
            self.setCurrentIndex(self._lines.index(0))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        name = self.name_here()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and name:
            self.change_wanted.emit(name)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and name:
            self.clear_wanted.emit(name)
        else:
            super().keyPressEvent(event)
