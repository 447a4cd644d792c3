"""The locked window: nothing of the case is to be seen, everything typed is kept."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QWindow
from typing_extensions import override

from pinggu_desk.desk.kit import CentredForm, LineField
from pinggu_desk.desk.operations import Operations, sentence_of

IDLE_MINUTES = 10
_LIFE = {
    QEvent.Type.KeyPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel,
    QEvent.Type.TouchBegin, QEvent.Type.InputMethod,
}  # fmt: skip


class LockForm(CentredForm):
    """Asks for the password of the clerk at work, or lets another log in."""

    unlocked = Signal()
    another_wanted = Signal()

    def __init__(self, operations: Operations, clerk: str, hint: str = "") -> None:
        super().__init__("已锁定", f"{clerk} 正在使用。填到一半的内容都在，解锁后接着办。{hint}", "解锁")
        self._operations = operations
        self.password = LineField("口令", secret=True, chars=24)
        self.password.edited.connect(lambda _text: self.password.set_error(""))
        self.put([self.password], others=[("换其他经办人登录", self.another_wanted.emit)])
        self.submitted.connect(self._unlock)

    def _unlock(self) -> None:
        if not self.password.text():
            self.password.set_error("还没有输入口令，请输入。")
            self.password.focus_input()
            return
        password = self.password.text()
        self.busy("正在核对口令…")
        self._operations.run(lambda register: register.verify_password(password), self._right, self._wrong)

    def _right(self, _none: None) -> None:
        self.password.line.clear()
        self.busy("")
        self.unlocked.emit()

    def _wrong(self, error: Exception) -> None:
        self.refuse("")
        self.password.set_error(sentence_of(error))
        self.password.focus_input()


class IdleWatch(QObject):
    """Says when nobody has touched keyboard or mouse for a while."""

    idle = Signal()

    def __init__(self, parent: QObject | None = None, minutes: float = IDLE_MINUTES) -> None:
        super().__init__(parent)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(round(minutes * 60_000))
        self.timer.timeout.connect(self.idle)

    def watch(self, window: QWindow | None) -> None:
        """Watch the keys and the mouse of a window from now on."""
        if window is not None:
            window.installEventFilter(self)
        self.timer.start()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _LIFE and self.timer.isActive():
            self.timer.start()
        return False
