"""The locked window: nothing of the case is to be seen, everything typed is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid
from typing_extensions import override

from pinggu_desk.desk.kit import CentredForm, LineField
from pinggu_desk.desk.login import SOON, WITHOUT
from pinggu_desk.desk.operations import Operations, sentence_of
from pinggu_desk.desk.settings import LOCK_MINUTES
from pinggu_desk.register.errors import KeysHeld, ServerGone

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pinggu_desk.register import Register
    from pinggu_desk.register.records import Clerk

_LIFE = {
    QEvent.Type.KeyPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel,
    QEvent.Type.TouchBegin, QEvent.Type.InputMethod,
}  # fmt: skip


def _nothing() -> None:
    """No try is under way: nothing keeps the password."""


class LockForm(CentredForm):
    """Asks for the password of the clerk at work, or lets another log in."""

    unlocked = Signal(object)
    another_wanted = Signal()

    def __init__(self, folder: Path, operations: Operations, clerk: Clerk, hint: str = "") -> None:
        who = f"{clerk.name}（{clerk.no}）"
        super().__init__("已锁定", f"{who} 正在使用。登记库已关上，填到一半的内容都在，解锁后接着办。{hint}", "解锁")
        self._folder, self._no, self._operations = folder, clerk.no, operations
        self.password = LineField("口令", secret=True, chars=24)
        self.password.edited.connect(lambda _text: self.password.set_error(""))
        self._attempt: Callable[[], None] = _nothing
        self.put([self.password], others=[("换其他经办人登录", self.another_wanted.emit)])
        self.submitted.connect(self._unlock)

    def _unlock(self) -> None:
        if not self.password.text():
            self.password.set_error("还没有输入口令，请输入。")
            self.password.focus_input()
            return
        folder, no, password = self._folder, self._no, self.password.text()

        def opened() -> Register:
            from pinggu_desk.register import Register, events

            return Register.open(folder, clerk_no=no, password=password, event=events.UNLOCKED, patience=SOON)

        self.busy("正在核对口令…")
        self._attempt = lambda: self._operations.unlock(opened, self._right, self._wrong)
        self._attempt()

    def _right(self, clerk: Clerk) -> None:
        self._attempt = _nothing
        self.password.line.clear()
        self.banner.show_words("")
        self.busy("")
        self.unlocked.emit(clerk)

    def _wrong(self, error: Exception) -> None:
        self.refuse("")
        if isinstance(error, KeysHeld):  # somebody else is at the keys: say who, and go on trying
            self.banner.show_words(f"{sentence_of(error)}正在等待，让出来就解锁。", "warn")
            self.busy("正在等待…")
            self._attempt()
            return
        self._attempt = _nothing
        gone = isinstance(error, ServerGone) and not self._operations.unsaved_count  # otherwise nobody else is let in
        instead = f"急着办可以“换其他经办人登录”，再按“{WITHOUT}”。" if gone else ""
        self.password.set_error(sentence_of(error) + instead)
        self.password.focus_input()


class IdleWatch(QObject):
    """Says when nobody has touched keyboard or mouse for a while, in whichever window of the application.

    It watches every window from when it first has the focus, and the widget that keys go to. ``lock_wanted`` is sent
    when Ctrl+L was pressed in a window that has no button for it (a dialog).
    """

    idle = Signal()
    lock_wanted = Signal()

    def __init__(self, parent: QObject | None = None, minutes: float = LOCK_MINUTES) -> None:
        super().__init__(parent)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.wait(minutes)
        self.timer.timeout.connect(self.idle)
        self._main: QWindow | None = None

    def wait(self, minutes: float) -> None:
        """How long nobody may have touched anything; a watch that is going begins anew."""
        self.timer.setInterval(round(minutes * 60_000))

    def how_long(self) -> timedelta:
        """How long nobody has touched anything; as long as it takes to lock where it is locked already."""
        left = self.timer.remainingTime() if self.timer.isActive() else 0
        return timedelta(milliseconds=self.timer.interval() - left)

    def watch(self, window: QWindow | None) -> None:
        """Watch from now on; ``window`` is the main one, which has a button for the lock."""
        app = QApplication.instance()
        if self._main is None and isinstance(app, QApplication):
            app.focusWindowChanged.connect(self._see)
            app.focusChanged.connect(self._see_widget)
        self._main = window
        for one in QGuiApplication.topLevelWindows():
            self._see(one)
        self.timer.start()

    def stop(self) -> None:
        """Watch no more."""
        self.timer.stop()

    def _see(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)
        self._touched()  # a window that came up or went is somebody's doing

    def _see_widget(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None and isValid(old):
            old.removeEventFilter(self)
        if new is not None:
            new.installEventFilter(self)

    def _touched(self) -> None:
        if self.timer.isActive():
            self.timer.start()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in _LIFE:
            return False
        self._touched()
        if (
            isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_L
            and event.modifiers() == Qt.KeyboardModifier.ControlModifier
            and isinstance(watched, QWidget) and watched.window().windowHandle() is not self._main
        ):  # fmt: skip
            QTimer.singleShot(0, self.lock_wanted.emit)
            return True
        return False
