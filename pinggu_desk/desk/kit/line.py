"""A line of text that knows when the input method is composing, and keeps what it composed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QFocusEvent, QGuiApplication, QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget
from typing_extensions import override

from pinggu_desk.desk.kit.covered import CoveredLine
from pinggu_desk.desk.theme import look


class Line(CoveredLine):
    """A line of text as wide as what goes into it, that knows when the input method is composing."""

    reader_role = QAccessible.Role.EditableText
    entered = Signal()
    left = Signal()
    #: what Ctrl+V put here, as the clipboard has it: the line itself makes one line of several
    pasted = Signal(str)

    def __init__(self, chars: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.composing = False
        self._preedit = self._dropped = ""
        self._chars = chars
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def set_chars(self, chars: int) -> None:
        """Be as wide as so many characters."""
        if chars != self._chars:
            self._chars = chars
            self.updateGeometry()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Note the preedit, so that Enter is left to the input method while there is one, and leaving keeps it."""
        before, self._preedit = self._preedit, event.preeditString()
        self.composing = bool(self._preedit)
        super().inputMethodEvent(event)
        self._dropped = before if not self._preedit and not event.commitString() else ""
        if self._dropped and (app := QApplication.instance()) is not None:
            app.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See what comes next after the preedit went away uncommitted.

        Qt tells its ibus plug-in that the focus is about to go before it tells the widget, and the plug-in then throws the
        preedit away. So where the very next event is that the focus goes, it was not the person who took it back.
        """
        if (app := QApplication.instance()) is not None:
            app.removeEventFilter(self)
        if watched is self and event.type() is QEvent.Type.FocusAboutToChange:
            self._commit(self._dropped)
        self._dropped = ""
        return False

    def _commit(self, words: str) -> None:
        if words:
            event = QInputMethodEvent("", [])
            event.setCommitString(words)
            self.inputMethodEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key held with Alt belongs to the window, whether anything answers to it or not: it types nothing."""
        held = event.modifiers() & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier)
        if held == Qt.KeyboardModifier.AltModifier and event.text():  # AltGr is Ctrl and Alt together
            event.ignore()
            return
        if self.covered_key(event):
            return
        super().keyPressEvent(event)
        if event.matches(QKeySequence.StandardKey.Paste) and not self.isReadOnly():
            self.pasted.emit(QGuiApplication.clipboard().text())

    def finish_composing(self) -> None:
        """Take what is being composed as it stands: leaving the line, or the lock, must not lose it."""
        if not self._preedit:
            return
        QGuiApplication.inputMethod().commit()  # the input method's own way, where it has one
        self._commit(self._preedit or self._dropped)
        self._dropped = ""

    @override
    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        width = self.fontMetrics().horizontalAdvance("0") * self._chars
        return QSize(width + look().scale.grid(3), hint.height())

    @override
    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(self.sizeHint().width(), look().scale.grid(20)), hint.height())

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.finish_composing()
        super().focusOutEvent(event)
        self.composing = False
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.left.emit()
