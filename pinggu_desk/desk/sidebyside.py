"""What two windows answered differently, side by side: 保留我的 or 采用对方的, one by one, by key."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from pinggu_desk.desk.catchup import CatchUp, Question
from pinggu_desk.desk.kit import Banner, Caption, PrimaryButton, SecondaryButton
from pinggu_desk.desk.kit.choice import ChoiceField
from pinggu_desk.desk.theme import look

MINE, THEIRS = "保留我的", "采用对方的"
_WIDE, _HIGH = 34, 18  # body characters


class SideBySide(QDialog):
    """Each row answers to 1 and 2; Ctrl+Enter takes all, Esc decides later. It waits behind the lock.

    ``decided`` carries the facts for which the other window's answer is taken, ``whole_wanted`` that F8 asks for what is covered.
    """

    decided = Signal(object)
    whole_wanted = Signal()
    waits_for_unlock = True

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("另一窗口也改了")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        scale = look().scale
        column = QVBoxLayout(self)
        column.setContentsMargins(*[scale.grid(2)] * 4)
        column.setSpacing(scale.grid(1.5))
        column.addWidget(Banner(question.sentence, "warn"))
        self.fields = {
            clash.fact: ChoiceField(
                clash.called,
                (f"{MINE}：{clash.my_words}", f"{THEIRS}：{clash.their_words}"),
                clash.called,
                required=True,
            )
            for clash in question.clashes
        }
        rows = QWidget(self)
        lines = QVBoxLayout(rows)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(scale.grid(1.5))
        for field in self.fields.values():
            field.edited.connect(self._answered)
            lines.addWidget(field)
        lines.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(rows)
        area.setMinimumSize(scale.body * _WIDE, min(rows.sizeHint().height(), scale.body * _HIGH))
        column.addWidget(area, 1)
        column.addWidget(Caption("1 或 2 选择，选完按 Ctrl+回车 保存；Esc 以后再定，您填的先留在屏幕上。", self))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        self.whole = SecondaryButton("显示完整号码", "F8")
        self.whole.setAutoDefault(False)
        self.whole.clicked.connect(self.whole_wanted)
        self.later, self.done_ = SecondaryButton("以后再定", "Esc"), PrimaryButton("保存", "Ctrl+回车")
        self.later.setAutoDefault(False)
        self.done_.setAutoDefault(False)
        self.done_.setEnabled(False)
        self.later.clicked.connect(self.reject)
        self.done_.clicked.connect(self._decide)
        for button in (self.whole, self.later, self.done_):
            buttons.addWidget(button)
        column.addLayout(buttons)
        self.whole.setVisible(question.whole() != question)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._decide)
        next(iter(self.fields.values())).focus_input()

    def _answered(self) -> None:
        """On to the first that is still open; none: it can be saved."""
        left = [field for field in self.fields.values() if not field.text()]
        self.done_.setEnabled(not left)
        if left:
            left[0].focus_input()

    def _decide(self) -> None:
        if self.done_.isEnabled():
            self.accept()
            self.decided.emit({fact for fact, field in self.fields.items() if field.text().startswith(THEIRS)})


class OvertakenBanner(Banner):
    """While two windows' answers are still to be decided, says so; a press asks again, and Ctrl+D wherever on ``page`` one is."""

    def __init__(self, page: QWidget) -> None:
        super().__init__("", "warn", page, action="对照", key="Ctrl+D")
        self._catch_up: CatchUp | None = None
        self.pressed.connect(self._ask)
        QShortcut(QKeySequence("Ctrl+D"), page).activated.connect(self._ask)
        self.hide()

    def follow(self, catch_up: CatchUp) -> None:
        """Speak of this one from now on."""
        if self._catch_up is not None:
            self._catch_up.open_changed.disconnect(self.show_words)
        self._catch_up = catch_up
        catch_up.open_changed.connect(self.show_words)
        self.show_words("")

    def _ask(self) -> None:
        if self._catch_up is not None:
            self._catch_up.ask_again()


def ask_over_window(catch_up: CatchUp, note: Callable[[Callable[[], None]], None] | None = None) -> None:
    """Have a `CatchUp` put its questions in a dialog over the window at work; ``note`` puts on the trail that numbers are shown."""

    def ask(question: Question) -> None:
        window = QApplication.activeWindow()
        dialog = SideBySide(question, window)
        dialog.decided.connect(catch_up.decide)
        if window is not None:
            dialog.finished.connect(window.activateWindow)

        def again_whole() -> None:
            dialog.reject()
            ask(question.whole())

        def show_whole() -> None:
            if note is not None:
                note(again_whole)

        dialog.whole_wanted.connect(show_whole)
        dialog.open()

    catch_up.asks.connect(ask)
