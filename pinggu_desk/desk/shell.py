"""The window: first the threshold, then the door, the frame with its pages, the lock.

What the first paint doesn't need is imported after it: this module names no kit, no page, no register.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRect, QSize, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget
from shiboken6 import isValid

from pinggu_desk.desk import practice
from pinggu_desk.desk.theme import apply_first, apply_theme, fitting, is_dressed
from pinggu_desk.desk.threshold import MOST_CLERKS, Threshold
from pinggu_desk.policy.resources import product_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pinggu_desk.desk.curtain import Curtain
    from pinggu_desk.desk.desk_frame import DeskFrame
    from pinggu_desk.desk.lock import IdleWatch, LockForm
    from pinggu_desk.desk.login import Entry
    from pinggu_desk.desk.services import Services
    from pinggu_desk.desk.settings import SettingsStore
    from pinggu_desk.register.records import Clerk

_FIRST_SIZE = (1366, 768)
_TITLE_BAR = 24  # logical pixels, about
_FLUSH_SECONDS = 5.0
#: loaded while the password is typed: without Qt on the register's thread, with Qt in the moments between two keys
_UNSEEN = (
    "register.register", "policy.licence", "policy.synonyms", "assess.interview", "assess.match", "documents.assemble",
    "documents.matchvisit", "work.packs",
)  # fmt: skip
_PIECES = (
    "kit.make", "search", "wizard.session", "wizard.factform", "match.session", "match.listing", "match.page",
    "pages.enterprise", "pages.ledger", "pages.policy", "pages.settings", "desk_frame", "wizard.page",
)  # fmt: skip


class MainWindow(QMainWindow):
    """Shows the door, then the frame; the lock before everything. It passes each what it needs and knows no page.

    It is bare until it is furnished with services: it can be placed, shown and closed, and show the threshold.
    """

    services: Services
    door: Entry
    curtain: Curtain
    idle: IdleWatch

    def __init__(self, settings: SettingsStore, *, in_practice: bool) -> None:
        super().__init__()
        self.settings = settings
        self.furnished = self.gone = False
        self.keeps_place = True
        self.frame: DeskFrame | None = None
        self.lock: LockForm | None = None
        self.threshold: Threshold | None = None
        self.setWindowTitle(product_name() + ("（演练）" if in_practice else ""))
        self.resize(*_FIRST_SIZE)
        self.stack = QStackedWidget()
        self.setCentralWidget(self.stack)
        self._in_practice = in_practice
        self._began = False
        self._room: QSize | None = None
        self._back_to = "", ""  # who comes back, and to which place of the rail

    # --- opening

    def place(self) -> None:
        """Show it for the first time where it stood the last time, or maximised; never larger than the screen has room for."""
        free, room = self._look_round()
        stood = QByteArray.fromBase64(self.settings.now.window.encode("ascii", "ignore"))
        if stood.isEmpty() or not self.restoreGeometry(stood):
            self.resize(self.size().boundedTo(room))
            self.showMaximized()
            return
        if not self.isMaximized():
            self.resize(self.size().boundedTo(room))
            corner = self.pos()
            x = min(max(corner.x(), free.left()), free.right() + 1 - self.width())
            y = min(max(corner.y(), free.top()), free.bottom() + 1 - self.height())
            self.move(x, y)
        self.show()

    def welcome(self, clerks: Sequence[tuple[str, str]], furnish: Callable[[], None]) -> None:
        """Before `place`: show those who may log in the threshold, and furnish the window once that was painted.

        Where it would not be the login page that comes, or there are too many clerks, the window is furnished at once.
        """
        self._look_round()
        if not 0 < len(clerks) <= MOST_CLERKS:
            furnish()
            return
        self.threshold = Threshold(clerks, in_practice=self._in_practice)
        self.threshold.painted.connect(lambda: None if self.gone else furnish())
        self.stack.addWidget(self.threshold)
        self.threshold.enter()

    def _look_round(self) -> tuple[QRect, QSize]:
        """See where the screen has room, and how much below a title, and dress to fit."""
        free = self.screen().availableGeometry()
        self._room = room = free.size() - QSize(0, _TITLE_BAR)
        self._dress()
        return free, room

    def furnish(self, services: Services) -> None:
        """Put in the door, and all that the window does beside showing itself."""
        from pinggu_desk.desk.curtain import Curtain
        from pinggu_desk.desk.keeper import Keeper
        from pinggu_desk.desk.lock import IdleWatch
        from pinggu_desk.desk.login import Entry
        from pinggu_desk.desk.sweeping import Sweeper

        self.services, self.furnished = services, True
        self._dress()
        self.door = Entry(services.folder, services.operations, services.settings, in_practice=services.practice)
        self.door.entered.connect(self._come_in)
        self.stack.addWidget(self.door)
        self.curtain = Curtain(self)
        self.idle = IdleWatch(self, services.settings.now.lock_minutes)
        services.settings.changed.connect(self._keep_time)
        self.idle.idle.connect(self.lock_now)
        self.idle.lock_wanted.connect(self.lock_now)
        services.operations.renewed.connect(self._lock_renewed)
        Sweeper(self.idle.how_long, services.work_ahead, self)
        if not services.practice:
            services.keeper = Keeper(services.operations, services.folder, self.idle.how_long, self)
        services.leave, services.pack_changed = self._leave_register, self._another_pack
        services.settings.changed.connect(self._dress)
        QApplication.styleHints().colorSchemeChanged.connect(self._dress)
        if self.isVisible():
            self._begin()

    def _begin(self) -> None:
        """Open the door; what was typed on the threshold is typed there."""
        self._began = True
        self.door.begin()
        QTimer.singleShot(0, self, self._warm_up)  # after what is posted already: the first paint
        if self.threshold is not None:
            self.stack.setCurrentWidget(self.door)
            self.threshold.hand_over(self.door.take_over)
            self.stack.removeWidget(self.threshold)
            self.threshold.deleteLater()
            self.threshold = None

    def showEvent(self, event: QShowEvent) -> None:
        """Begin, if there is a door already."""
        super().showEvent(event)
        if self.furnished and not self._began:
            self._begin()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what was typed, and where the window stood; stay where the disk has refused something and the person wishes it."""
        if self.furnished and not self._all_kept():
            event.ignore()
            self.activateWindow()  # the keys go back to where they were before it was asked
            return
        if self.keeps_place and self._room is not None:
            from pinggu_desk.register.errors import RegisterError

            with suppress(RegisterError, OSError):
                self.settings.change(window=bytes(self.saveGeometry().toBase64().data()).decode("ascii"))
        if self.furnished:
            from pinggu_desk.desk.kit.copied import forget_copied

            self.idle.stop()
            self.services.stop_work()
            self.services.operations.close()
            forget_copied()
        self.gone = True
        event.accept()

    def _all_kept(self) -> bool:
        """Whether all that was typed is on the disk, or is given up."""
        self.hand_over()
        operations = self.services.operations
        operations.flush(_FLUSH_SECONDS)
        return not operations.unsaved_count or self._give_up(operations.unsaved_count)

    def hand_over(self) -> None:
        """Send what the open page still holds to the register."""
        if self.frame is not None:
            self.frame.leave()

    def _give_up(self, unsaved: int) -> bool:
        """Ask whether to close although the disk refused some of what was typed."""
        from PySide6.QtWidgets import QMessageBox

        from pinggu_desk.desk.curtain import OVER_THE_LOCK

        box = QMessageBox(
            QMessageBox.Icon.Warning, product_name(),
            f"有 {unsaved} 处改动还没有写入登记库，现在关闭就丢失了。磁盘或服务器恢复后会自动写入。", parent=self,
        )  # fmt: skip
        stay = box.addButton("不关闭", QMessageBox.ButtonRole.RejectRole)
        leave = box.addButton("仍然关闭", QMessageBox.ButtonRole.DestructiveRole)
        box.setProperty(OVER_THE_LOCK, True)  # it names a number and nothing else; behind the lock nobody could close
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
        self.services.operations.lock()
        self.services.operations.flush(_FLUSH_SECONDS)
        if self.services.keeper is not None:
            self.services.keeper.lock_up()
        self.services.locked = True  # after the answers that were due: what was asked for before the lock is done
        from pinggu_desk.desk.kit.copied import forget_copied
        from pinggu_desk.desk.lock import LockForm

        forget_copied()
        hint = f"演练口令是 {practice.PASSWORD}" if self.services.practice else ""
        operations = self.services.operations
        self.lock = LockForm(operations.home or self.services.folder, operations, self.services.clerk, hint)
        self.lock.unlocked.connect(self._unlock)
        self.lock.another_wanted.connect(self._change_clerk)
        self.stack.addWidget(self.lock)
        self.stack.setCurrentWidget(self.lock)
        self.curtain.draw()
        self.activateWindow()
        self.lock.enter()
        self.idle.stop()

    def _lock_renewed(self) -> None:
        """The register has another key: the password is wanted, and it is said why, to whoever was in the middle of something."""
        self.lock_now()
        if self.lock is not None:
            self.lock.banner.show_words(
                "登记库刚换了密钥（有人员被移除），所以锁定了：请输入口令接着办，填到一半的都在。", "info"
            )

    def _warm_up(self) -> None:
        """Load what comes next while the password is typed: the register and the pack on the register's thread, then the pages.

        The pages are Qt's, and so this thread's: one piece at a time, and keys go in between.
        """

        def load_pack() -> object:
            for name in _UNSEEN:
                import_module(f"pinggu_desk.{name}")
            return self.services.pack

        self.services.operations.without_register(load_pack, lambda _pack: self._load_pages(list(_PIECES)))

    def _load_pages(self, pieces: list[str]) -> None:
        import_module(f"pinggu_desk.desk.{pieces.pop(0)}")
        if pieces:
            QTimer.singleShot(0, self, lambda: self._load_pages(pieces))

    def _come_in(self, clerk: Clerk) -> None:
        from pinggu_desk.desk.desk_frame import DeskFrame

        self.services.clerk = clerk
        self.services.operations.run(lambda register: register.parameters(), self.services.take_parameters)
        self.services.operations.run(lambda register: register.corrections(), self.services.take_corrections)
        self.frame = DeskFrame(self.services)
        self.frame.lock_wanted.connect(self.lock_now)
        self.stack.addWidget(self.frame)
        self.stack.setCurrentWidget(self.frame)
        self.idle.watch(self.windowHandle())
        if self.services.keeper is not None:
            if self.services.operations.home == self.services.folder:
                self.services.keeper.begin()
            self.services.keeper.told.connect(self.frame.foot.say)
            self.services.keeper.backed_up.connect(self.frame.foot.say)
        whose, place = self._back_to
        self._back_to = "", ""
        self.frame.open_place(place if whose == clerk.no and place else "受理")
        version = self.services.pack.version
        if whose:
            self.frame.foot.say(f"现按政策包 {version} 作答。")
        self.services.operations.run(lambda register: register.note_pack(version), failed=lambda _error: None)
        for sentence in self.services.told_of_pack:
            self.frame.foot.say(sentence)

    def _unlock(self, clerk: Clerk | None = None) -> None:
        if clerk is not None:  # renamed, perhaps, or in another role
            self.services.clerk = clerk
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
            self.lock.refuse(
                f"有 {unsaved} 处改动还只在本窗口里，换人就丢了：请先解锁，写入登记库后再换。"
                f"解不开又急着办，可以关闭程序重新登录，这 {unsaved} 处要重填。"
            )
            self.lock.enter()
            return
        self._drop_lock()
        self.curtain.drop()
        self.services.stop_work()
        if self.frame is not None:
            self.stack.removeWidget(self.frame)
            self.frame.deleteLater()
            self.frame = None
        self.services.operations.log_out()
        if self.services.take_up_pack():  # one was installed meanwhile: all pages are made anew with it
            self.setWindowTitle(product_name() + ("（演练）" if self._in_practice else ""))
            self._warm_up()
        self.stack.setCurrentWidget(self.door)
        self.door.begin()

    def _leave_register(self, sentence: str) -> None:
        """Close the register and show the door, with a sentence (a backup took its place)."""
        self._change_clerk()
        self.door.say(sentence)

    def _another_pack(self, sentence: str) -> None:
        """Another pack serves: whoever is at work logs in anew and comes back to where he was, with every page made by it."""
        self.hand_over()
        page = self.frame.current() if self.frame is not None else None
        self._back_to = self.services.clerk.no, page.title if page is not None else ""
        self._leave_register(sentence)

    def _drop_lock(self) -> None:
        self.services.locked = False
        if self.lock is not None:
            self.stack.removeWidget(self.lock)
            self.lock.deleteLater()
            self.lock = None

    def _keep_time(self) -> None:
        self.idle.wait(self.settings.now.lock_minutes)

    def _dress(self) -> None:
        app = QApplication.instance()
        now = self.settings.now
        size = fitting(now.size, self._room.width(), self._room.height()) if self._room is not None else now.size
        if not isinstance(app, QApplication):
            return
        if not self.furnished:
            apply_first(app, now.mode, size)
            return
        if self.frame is not None and not is_dressed(app, now.mode, size):
            self.frame.shed()
            with self._out_of_sight():
                apply_theme(app, now.mode, size)
        else:
            apply_theme(app, now.mode, size)
        if self.frame is not None and size != now.size:
            self.frame.foot.say(f"屏幕放不下“{now.size}”字号，按“{size}”显示。")

    @contextmanager
    def _out_of_sight(self) -> Iterator[None]:
        """Hide the page while another look is put on: what is hidden is laid out once, at the end, and not at every step of it.

        Nothing is painted in between; the focus comes back to where it was, with its selection.
        """
        here = QApplication.focusWidget()
        self.stack.hide()
        try:
            yield
        finally:
            self.stack.show()
            if here is not None and isValid(here) and here.isVisible():
                here.setFocus()


def finish_composing() -> None:
    """Take what the input method is in the middle of, wherever the focus is."""
    from pinggu_desk.desk.kit.line import Line

    line = QApplication.focusWidget()
    if isinstance(line, Line):
        line.finish_composing()
    else:
        QGuiApplication.inputMethod().commit()


def build_window(services: Services) -> MainWindow:
    """Dress the application and make its window, furnished; show it, and run the application.

    There must be a QApplication. Raises RuntimeError if a font is missing.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("build_window needs a QApplication")
    apply_theme(app, services.settings.now.mode, services.settings.now.size)
    window = MainWindow(services.settings, in_practice=services.practice)
    window.furnish(services)
    return window
