"""The editor of a pack's file: plain text with the lines numbered, those that speak of the chosen sentence marked."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget
from typing_extensions import override

from pinggu_desk.desk.theme import look

_ROOM = 3  # characters of the widest line number


class _Numbers(QWidget):
    """The strip of line numbers beside the text."""

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self._editor = editor

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._editor.numbers_width(), 0)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self._editor.paint_numbers(event)


class Editor(QPlainTextEdit):
    """One file. ``mark`` shows lines that are meant, ``go`` puts the cursor on one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("文件内容")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setTabChangesFocus(True)
        self._numbers = _Numbers(self)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._follow)
        self._make_room()

    def numbers_width(self) -> int:
        """How wide the strip of numbers is."""
        return self.fontMetrics().horizontalAdvance("0" * max(_ROOM, len(str(self.blockCount())))) + 12

    def _make_room(self, _count: int = 0) -> None:
        self.setViewportMargins(self.numbers_width(), 0, 0, 0)

    def _follow(self, rect: QRect, dy: int) -> None:
        if dy:
            self._numbers.scroll(0, dy)
        else:
            self._numbers.update(0, rect.y(), self._numbers.width(), rect.height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inside = self.contentsRect()
        self._numbers.setGeometry(inside.left(), inside.top(), self.numbers_width(), inside.height())

    def paint_numbers(self, event: QPaintEvent) -> None:
        """Draw the numbers of the lines in sight."""
        painter = QPainter(self._numbers)
        painter.setPen(QColor(look().tokens.soft))
        block = self.firstVisibleBlock()
        top = round(self.blockBoundingGeometry(block).translated(self.contentOffset()).top())
        while block.isValid() and top <= event.rect().bottom():
            height = round(self.blockBoundingRect(block).height())
            if block.isVisible() and top + height >= event.rect().top():
                box = QRect(0, top, self._numbers.width() - 6, self.fontMetrics().height())
                painter.drawText(box, Qt.AlignmentFlag.AlignRight, str(block.blockNumber() + 1))
            block, top = block.next(), top + height
        painter.end()

    def mark(self, lines: Iterable[int]) -> None:
        """Show which lines (from 1) are meant, and bring the first into sight without moving the cursor."""
        marks = []
        first: QTextCursor | None = None
        for line in lines:
            block = self.document().findBlockByNumber(line - 1)
            if not block.isValid():
                continue
            one = QTextEdit.ExtraSelection()
            cursor = QTextCursor(block)
            one.cursor = cursor  # type: ignore[attr-defined]
            shape = one.format  # type: ignore[attr-defined]
            shape.setBackground(QColor(look().tokens.accent_on))
            shape.setProperty(QTextFormat.Property.FullWidthSelection, True)
            marks.append(one)
            first = first or cursor
        self.setExtraSelections(marks)
        if first is not None and not self.hasFocus():
            self.setTextCursor(first)
            self.centerCursor()

    def go(self, line: int) -> None:
        """Put the cursor at the beginning of a line (from 1) and show it."""
        block = self.document().findBlockByNumber(max(line - 1, 0))
        self.setTextCursor(QTextCursor(block))
        self.centerCursor()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
