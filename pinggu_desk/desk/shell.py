"""The window: the door, the frame with its pages, the lock."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QMessageBox, QStackedWidget, QStyle
from typing_extensions import override

from pinggu_desk.desk import practice
from pinggu_desk.desk.curtain import Curtain
from pinggu_desk.desk.kit.field import Line
from pinggu_desk.desk.lock import IdleWatch, LockForm
from pinggu_desk.desk.login import PRODUCT, Entry
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.theme import apply_theme, fitting, is_dressed
from pinggu_desk.register.errors import RegisterError
from pinggu_desk.register.records import Clerk

if TYPE_CHECKING:  # the pages come once somebody is in
    from pinggu_desk.desk.desk_frame import DeskFrame

_FIRST_SIZE = (1366, 768)
_FLUSH_SECONDS = 5.0


class MainWindow(QMainWindow):
    """Shows the door, then the frame; the lock before everything. It passes each what it needs and knows no page."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self.frame: DeskFrame | None = None
        self.lock: LockForm | None = None
        self.setWindowTitle(PRODUCT + ("（演练）" if services.practice else ""))
        self.resize(*_FIRST_SIZE)
        self.stack = QStackedWidget()
        self.setCentralWidget(self.stack)
        self.door = Entry(services.folder, services.operations, services.settings, in_practice=services.practice)
        self.door.entered.connect(self._come_in)
        self.stack.addWidget(self.door)
        self.curtain = Curtain(self)
        self.idle = IdleWatch(self)
        self.idle.idle.connect(self.lock_now)
        self.idle.lock_wanted.connect(self.lock_now)
        services.settings.changed.connect(self._dress)
        hints = QApplication.styleHints()
        hints.colorSchemeChanged.connect(self._dress)
        self._began = False
        self._room: QSize | None = None

    def place(self) -> None:
        """Before it is first shown: where it stood the last time, or maximised; never larger than the screen has room for."""
        free = self.screen().availableGeometry()
        self._room = free.size() - QSize(0, self.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight))
        self._dress()
        stood = QByteArray.fromBase64(self.services.settings.now.window.encode("ascii", "ignore"))
        if stood.isEmpty() or not self.restoreGeometry(stood):
            self.resize(self.size().boundedTo(self._room))
            self.setWindowState(self.windowState() | Qt.WindowState.WindowMaximized)
        elif not self.isMaximized():
            self.resize(self.size().boundedTo(self._room))
            corner = self.pos()
            x = min(max(corner.x(), free.left()), free.right() + 1 - self.width())
            y = min(max(corner.y(), free.top()), free.bottom() + 1 - self.height())
            self.move(x, y)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._began:
            self._began = True
            self.door.begin()
            self.door.painted.connect(self._warm_up)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.hand_over()
        operations = self.services.operations
        operations.flush(_FLUSH_SECONDS)
        if operations.unsaved_count and not self._give_up(operations.unsaved_count):
            event.ignore()
            return
        if self._room is not None:
            with suppress(RegisterError, OSError):
                self.services.settings.change(window=bytes(self.saveGeometry().toBase64().data()).decode("ascii"))
        self.idle.stop()
        operations.close()
        event.accept()

    def hand_over(self) -> None:
        """Send what the open page still holds to the register."""
        if self.frame is not None:
            self.frame.leave()

    def _give_up(self, unsaved: int) -> bool:
        """Ask whether to close although the disk refused some of what was typed."""
        box = QMessageBox(
            QMessageBox.Icon.Warning, PRODUCT,
            f"有 {unsaved} 处改动还没有写入登记库，现在关闭就丢失了。磁盘恢复后会自动写入。", parent=self,
        )  # fmt: skip
        stay = box.addButton("不关闭", QMessageBox.ButtonRole.RejectRole)
        leave = box.addButton("仍然关闭", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.exec()
        return box.clickedButton() is leave

    def lock_now(self) -> None:
        """Lock: what was typed is on the disk first, and stays on the page behind the lock."""
        if self.frame is None or self.lock is not None:
            return
        finish_composing()
        self.frame.leave()
        self.services.operations.run(lambda register: register.note_locked(), failed=lambda _error: None)
        self.services.operations.flush(_FLUSH_SECONDS)
        self.services.locked = True  # after the answers that were due: what was asked for before the lock is done
        clerk = self.services.clerk
        hint = f"演练口令是 {practice.PASSWORD}" if self.services.practice else ""
        self.lock = LockForm(self.services.operations, f"{clerk.name}（{clerk.no}）", hint)
        self.lock.unlocked.connect(self._unlock)
        self.lock.another_wanted.connect(self._change_clerk)
        self.stack.addWidget(self.lock)
        self.stack.setCurrentWidget(self.lock)
        self.curtain.draw()
        self.activateWindow()
        self.lock.enter()
        self.idle.stop()

    def _warm_up(self) -> None:
        """Load the pages and then the pack once the door can be seen; a key waits a moment for one of them at worst."""

        def load_pages() -> None:
            import pinggu_desk.desk.desk_frame  # noqa: F401

            QTimer.singleShot(0, lambda: self.services.pack)

        QTimer.singleShot(0, load_pages)

    def _come_in(self, clerk: Clerk) -> None:
        from pinggu_desk.desk.desk_frame import DeskFrame

        self.services.clerk = clerk
        self.services.operations.run(lambda register: register.parameters(), self.services.take_parameters)
        self.frame = DeskFrame(self.services)
        self.frame.lock_wanted.connect(self.lock_now)
        self.stack.addWidget(self.frame)
        self.stack.setCurrentWidget(self.frame)
        self.idle.watch(self.windowHandle())
        self.frame.open_place("受理")

    def _unlock(self) -> None:
        self._drop_lock()
        if self.frame is not None:
            self.stack.setCurrentWidget(self.frame)
            self.frame.take_focus_back()
        self.curtain.lift()
        self.idle.timer.start()

    def _change_clerk(self) -> None:
        """Let another clerk log in: the register is closed, the pages are made anew for whoever comes.

        What one clerk typed is never written under the other's name: while some of it is not on the disk, he stays.
        """
        self.services.operations.flush(_FLUSH_SECONDS)
        unsaved = self.services.operations.unsaved_count
        if unsaved and self.lock is not None:
            self.lock.refuse(f"有 {unsaved} 处改动还没有写入登记库，写入之前不能换人；请检查磁盘，或先解锁。")
            return
        self._drop_lock()
        self.curtain.drop()
        if self.frame is not None:
            self.stack.removeWidget(self.frame)
            self.frame.deleteLater()
            self.frame = None
        self.services.operations.log_out()
        self.stack.setCurrentWidget(self.door)
        self.door.begin()

    def _drop_lock(self) -> None:
        self.services.locked = False
        if self.lock is not None:
            self.stack.removeWidget(self.lock)
            self.lock.deleteLater()
            self.lock = None

    def _dress(self) -> None:
        app = QApplication.instance()
        now = self.services.settings.now
        size = fitting(now.size, self._room.width(), self._room.height()) if self._room is not None else now.size
        if isinstance(app, QApplication) and not is_dressed(app, now.mode, size):
            if self.frame is not None:
                self.frame.shed()
            apply_theme(app, now.mode, size)
        if self.frame is not None and size != now.size:
            self.frame.foot.say(f"屏幕放不下“{now.size}”字号，按“{size}”显示。")


def finish_composing() -> None:
    """Take what the input method is in the middle of, wherever the focus is."""
    line = QApplication.focusWidget()
    if isinstance(line, Line):
        line.finish_composing()
    else:
        QGuiApplication.inputMethod().commit()


def build_window(services: Services) -> MainWindow:
    """Dress the application and make its window; show it, and run the application.

    There must be a QApplication. Raises RuntimeError if a font is missing.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("build_window needs a QApplication")
    apply_theme(app, services.settings.now.mode, services.settings.now.size)
    return MainWindow(services)
