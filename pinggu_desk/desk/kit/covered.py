"""A line whose text may be covered: whole while it is typed, masked once it is left, opened by F8 by whoever notes that.

What the line holds is always the true text: reading, checking, undoing and copying go by it. Only what is painted, and what a
screen reader is told, is covered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QWidget
from typing_extensions import override

from pinggu_desk.desk.kit.copied import copy_number

#: shows a covered text whole, and covers it again
KEY = Qt.Key.Key_F8
_STAYS = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


@runtime_checkable
class Notes(Protocol):
    """What stands around such a line and knows whose number it is."""

    def note_numbers(self, then: Callable[[], None]) -> None:
        """Put it on the audit trail that a number is shown whole, and go on with ``then`` once it is there."""


class CoveredLine(QLineEdit):
    """``cover_changed`` says that it is covered now, or no more."""

    cover_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cover: Callable[[str], str] | None = None
        self._typed = self._opened = False
        self.filling = False  # while the program puts a text here: nobody typed that
        self.textChanged.connect(self._dress)
        self.textEdited.connect(self._note_typed)

    def set_cover(self, cover: Callable[[str], str] | None) -> None:
        """Cover what stands here by ``cover``; None shows everything."""
        self._cover, self._typed, self._opened = cover, False, False
        self._dress()

    @property
    def coverable(self) -> bool:
        """Whether what stands here is of the kind that is covered."""
        return self._cover is not None

    @property
    def covered(self) -> bool:
        """Whether something is hidden now."""
        return self._cover is not None and not (self._typed or self._opened) and self.seen() != self.text()

    def seen(self) -> str:
        """The text as it is shown covered."""
        return self._cover(self.text()) if self._cover is not None else self.text()

    def show_whole(self) -> None:
        """Show it whole until it is left."""
        self._opened = True
        self._dress()

    def _note_typed(self, _text: str) -> None:
        if self._cover is not None and not self._typed and not self.filling:
            self._typed = True
            self._dress()

    def _dress(self) -> None:
        if self._cover is None and self.echoMode() is not QLineEdit.EchoMode.Password:
            return
        mode = QLineEdit.EchoMode.Password if self.covered else QLineEdit.EchoMode.Normal
        if self._cover is not None and self.echoMode() is not mode:
            self.setEchoMode(mode)
            self.cover_changed.emit()
        self.update()

    # --- keys

    @override
    def event(self, event: QEvent) -> bool:
        """The key that opens it is the line's own while there is something to open or to cover again."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride and self._opens(event):
            event.accept()
            return True
        return super().event(event)

    def _opens(self, event: QKeyEvent) -> bool:
        return event.key() == KEY and not event.modifiers() and (self.covered or self._opened)

    def covered_key(self, event: QKeyEvent) -> bool:
        """Answer a key as a covered line does; whether it was answered. Typing takes the place of what is covered."""
        if self._opens(event):
            if self.covered:
                self._ask(self.show_whole)
            else:
                self._opened = False
                self._dress()
            return True
        if not self.covered:
            return False
        if event.matches(QKeySequence.StandardKey.Copy):
            text = self.text()
            self._ask(lambda: copy_number(text))
            return True
        if event.matches(QKeySequence.StandardKey.Cut) or event.matches(QKeySequence.StandardKey.Undo):
            return True
        erases = event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
        types = (
            bool(event.text())
            and event.text().isprintable()
            and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        )
        if (erases or types or event.matches(QKeySequence.StandardKey.Paste)) and not self.isReadOnly():
            self.selectAll()  # nobody can correct one figure of what he doesn't see
            self._typed = True
            self._dress()
        return False

    def _ask(self, then: Callable[[], None]) -> None:
        around: QWidget | None = self.parentWidget()
        while around is not None:
            if isinstance(around, Notes):
                around.note_numbers(then)
                return
            around = around.parentWidget()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _STAYS and self._cover is not None:
            self._typed = self._opened = False
            self._dress()

    # --- what is seen

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Covered, the line shows the ends of what it holds, where the echo would show dots."""
        if not self.covered:
            super().paintEvent(event)
            return
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        painter = QPainter(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        inside = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        inside.adjust(2, 0, -2, 0)  # as the line itself indents its text
        group = QPalette.ColorRole.Text
        if self.hasFocus() and self.hasSelectedText():
            width = min(self.fontMetrics().horizontalAdvance(self.seen()), inside.width())
            high = self.fontMetrics().height()
            marked = QRect(inside.left(), inside.center().y() - high // 2, width, high)
            painter.fillRect(marked, self.palette().highlight())
            group = QPalette.ColorRole.HighlightedText
        painter.setPen(self.palette().color(group))
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.seen())
        painter.end()
