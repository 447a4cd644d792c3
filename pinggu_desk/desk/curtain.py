"""The lock's curtain: while it is drawn no window but the locked one is seen, takes a key, or comes up."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid
from typing_extensions import override

#: A property of a window that the lock leaves alone: it shows nothing of a case (a fault of ours).
OVER_THE_LOCK = "over_the_lock"
_KEYS = {QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride, QEvent.Type.Shortcut}


class Curtain(QObject):
    """Knows every window of the application, whoever opened it.

    A window that says ``waits_for_unlock`` (a preview) is hidden and comes back; any other dialog is given up as by
    Esc, so that whoever waits for its answer gets none. What is opened while the curtain is drawn never reaches the
    screen.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._waiting: list[QWidget] = []
        self.drawn = False

    def draw(self) -> None:
        """Hide or close everything but the window."""
        if self.drawn:
            return
        self.drawn = True
        self._put_away()
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def lift(self) -> None:
        """Bring back what waited."""
        for window in self._end():
            window.setWindowOpacity(1)
            window.open() if isinstance(window, QDialog) else window.show()
            window.activateWindow()

    def drop(self) -> None:
        """Close what waited: somebody else is at the desk now."""
        for window in self._end():
            window.close()

    def _end(self) -> list[QWidget]:
        waiting, self._waiting, self.drawn = self._waiting, [], False
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        return [window for window in waiting if isValid(window)]

    def _put_away(self) -> None:
        while (popup := QApplication.activePopupWidget()) is not None and popup.close() and not popup.isVisible():
            pass
        while (dialog := QApplication.activeModalWidget()) is not None and self._is_other(dialog):
            self._hide(dialog)  # the innermost first: each waits for the one over it
        for window in QApplication.topLevelWidgets():
            if isValid(window) and self._is_other(window):
                self._hide(window)

    def _is_other(self, widget: object) -> bool:
        return (
            isinstance(widget, QWidget) and widget.isWindow() and widget.isVisible() and widget is not self._window
            and not widget.property(OVER_THE_LOCK)
        )  # fmt: skip

    def _hide(self, window: QWidget) -> None:
        if getattr(window, "waits_for_unlock", False):
            self._waiting.append(window)
        elif isinstance(window, QDialog):
            window.reject()
        else:
            window.close()
        if isValid(window):
            window.hide()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.Show and isinstance(watched, QWidget) and self._is_other(watched):
            watched.setWindowOpacity(0)  # it is not on the screen yet, and will not be seen before it is put away
            self._later()
        elif kind in _KEYS and isinstance(watched, QWidget) and watched.window() is not self._window:
            return not watched.window().property(OVER_THE_LOCK)
        elif kind is QEvent.Type.User and watched is self:
            self._put_away()
            self._window.activateWindow()
            return True
        return False

    def _later(self) -> None:
        """Put away what came up, once whoever opened it waits for its answer."""
        QApplication.postEvent(self, QEvent(QEvent.Type.User))
