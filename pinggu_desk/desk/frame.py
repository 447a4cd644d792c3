"""The frame of the window: the rail of places at the left, the bar on top, the bar at the foot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QColor, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk.icons import IconMark, paint_icon
from pinggu_desk.desk.kit import Badge, Banner, Caption, Kind, Line, SecondaryButton
from pinggu_desk.desk.kit.accessible import announce
from pinggu_desk.desk.theme import look


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the rail, reached by Alt and its number."""

    name: str
    icon: str
    number: int


#: The numbers stay as they are when a place is added between them.
PLACES = (
    Place("受理", "desk", 1), Place("匹配", "match", 2), Place("政策", "policy", 3), Place("台账", "ledger", 4),
    Place("企业", "enterprise", 5), Place("批量", "lists", 6), Place("统计", "statistics", 7),
    Place("设置", "settings", 8),
)  # fmt: skip


#: so long a sentence stands at least, unless another takes its place
_READ_MS = 15_000
#: in larger type than this (pixels of the body) the rail has no room for drawings on the least screen
_LARGEST_DRAWN = 18


class RailButton(QAbstractButton):
    """An icon, a word and its key, one over the other."""

    reader_role = QAccessible.Role.PageTab

    def __init__(self, place: Place, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self.setText(place.name)
        self.setAccessibleName(place.name)
        self.setAccessibleDescription(f"Alt+{place.number}")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setShortcut(QKeySequence(f"Alt+{place.number}"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Maximum)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Shortcut:
            self.click()  # at once, where Qt would first show a press for 100 ms
            return True
        return super().event(event)

    @override
    def sizeHint(self) -> QSize:
        """Eight places in the largest type are higher than the least screen: there the drawing gives way to word and key."""
        scale = look().scale
        width = max(scale.grid(9), self.fontMetrics().horizontalAdvance(f"Alt+{self.place.number}") + scale.grid(2))
        drawn = scale.icon if scale.body <= _LARGEST_DRAWN else 0
        return QSize(width, drawn + sum(self._lines()) + scale.grid(1.5))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), sum(self._lines()) + 2)

    def _lines(self) -> tuple[int, int]:
        """The heights of the word and of its key."""
        line = self.fontMetrics().height()
        return line, round(line * 0.85)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.updateGeometry()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens, scale = look().tokens, look().scale
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1.0 if self.isEnabled() else 0.4)  # out of the role's reach
        here = self.isChecked()
        if here or self.underMouse():
            painter.fillRect(self.rect(), QColor(tokens.rail_here))
        if here:
            painter.fillRect(QRect(0, 0, 4, self.height()), QColor("#FFFFFF"))
        ink = "#FFFFFF" if here else tokens.rail_ink
        line, small = self._lines()
        drawn = scale.icon if self.height() >= scale.icon + line + small else 0
        top = (self.height() - drawn - line - small) // 2
        if drawn:
            paint_icon(painter, self.place.icon, ink, QRectF((self.width() - drawn) / 2, top, drawn, drawn))
        painter.setPen(QColor(ink))
        top += drawn
        painter.drawText(QRect(0, top, self.width(), line), int(Qt.AlignmentFlag.AlignCenter), self.place.name)
        font = self.font()
        font.setPixelSize(scale.small)
        painter.setFont(font)
        keys = QRect(0, top + line, self.width(), small)
        painter.drawText(keys, int(Qt.AlignmentFlag.AlignCenter), f"Alt+{self.place.number}")
        if self.hasFocus():
            painter.setPen(QPen(QColor("#FFFFFF"), 2))
            painter.drawRect(self.rect().adjusted(3, 3, -3, -3))
        painter.end()


class Rail(QFrame):
    """The places, and which one is open."""

    reader_role = QAccessible.Role.PageTabList
    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons = {place.name: RailButton(place, self) for place in PLACES}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, look().scale.grid(1), 0, look().scale.grid(1))
        column.setSpacing(look().scale.grid(0.5))
        for name, button in self.buttons.items():
            if name == "设置":
                column.addStretch(1)
            column.addWidget(button)
            button.clicked.connect(lambda _on=False, name=name: self.chosen.emit(name))

    def show_place(self, name: str) -> None:
        """Mark the place that is open."""
        if name in self.buttons:
            self.buttons[name].setChecked(True)


class TopBar(QFrame):
    """The search, the mark of practice, who is at work, and the lock."""

    lock_wanted = Signal()

    def __init__(self, clerk: str, *, practice: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        scale = look().scale
        row = QHBoxLayout(self)
        row.setContentsMargins(scale.grid(2), scale.grid(1), scale.grid(2), scale.grid(1))
        row.setSpacing(scale.grid(1))
        self.line = Line(52, self)
        self.line.setPlaceholderText("企业名称、代码、政策、拼音首字母")
        self.line.setAccessibleName("搜索申请人、办件和政策")
        self.line.setAccessibleDescription("按名称、统一社会信用代码、办件编号或拼音首字母查找，上下键选择，回车打开")
        self.lock = SecondaryButton("锁定", "Ctrl+L", self)
        self.lock.clicked.connect(self.lock_wanted)
        row.addWidget(IconMark("search", "soft", self))
        row.addWidget(self.line, 100)
        row.addWidget(Caption("Ctrl+K", self, wrap=False))
        row.addStretch(1)
        if practice:
            row.addWidget(Badge("演练", "warn", self))
        row.addWidget(IconMark("clerk", "soft", self))
        row.addWidget(Caption(clerk, self, wrap=False))
        row.addWidget(self.lock)


class Reading(QObject):
    """Time to read a sentence in: what would take it away sooner waits until then."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._then: Callable[[], object] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_READ_MS)
        self._timer.timeout.connect(self.over)

    def begin(self) -> None:
        """A sentence stands from now on."""
        self._then = None
        self._timer.start()

    def then(self, go: Callable[[], object]) -> None:
        """Do what takes it away, once it could be read."""
        if self._timer.isActive():
            self._then = go
        else:
            go()

    def over(self) -> None:
        """It could be read, or is true no more."""
        self._timer.stop()
        go, self._then = self._then, None
        if go is not None:
            go()


class Notice(Banner):
    """The line over the page: what became of what was asked for.

    What was refused can be read although the next thing succeeds at once; what waits to be written goes as it is written.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "bad", parent)
        self.read = Reading(self)
        self.hide()

    @override
    def show_words(self, text: str, kind: Kind = "warn") -> None:
        self.read.over()
        super().show_words(text, kind)

    def tell(self, sentence: str, kind: Kind) -> None:
        """Say what must be read, and may go then."""
        self.show_words(sentence, kind)
        self.read.begin()

    def saved(self) -> None:
        """Something was kept: nothing that stands here is so any more, but may not have been read yet."""
        self.read.then(self.hide)


class FootBar(QFrame):
    """What was kept and when, that there is no network, the pack; at the right the page's own buttons."""

    def __init__(self, version: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        scale = look().scale
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(scale.grid(2), scale.grid(1), scale.grid(2), scale.grid(1))
        self._row.setSpacing(scale.grid(1))
        self._mark = IconMark("check", "good", self)
        self._mark.hide()
        self.saved = Caption("", self, wrap=False)
        self.saved.setAccessibleName("暂存时间")
        self.said = Caption("", self)
        self.said.setProperty("role", "caption")
        self._row.addWidget(self._mark)
        self._row.addWidget(self.saved)
        self._no_network, self._lies = IconMark("offline", "soft", self), Caption("离线", self, wrap=False)
        self._row.addWidget(self._no_network)
        self._row.addWidget(self._lies)
        self._row.addWidget(Caption(f"政策包 {version.split('+', maxsplit=1)[0]}", self, wrap=False))
        self._row.addWidget(self.said, 1)
        self.read = Reading(self)
        self._page_buttons: list[QPushButton] = []
        sample = SecondaryButton("样", parent=self)
        sample.hide()
        sample.ensurePolished()
        self.setMinimumHeight(sample.sizeHint().height() + 2 * scale.grid(1))  # the same with buttons and without

    def show_lies(self, words: str) -> None:
        """Say where the register lies, if it is no file of this machine's: that is not without a network."""
        if words:
            self._lies.setText(words)
            self._no_network.hide()

    def show_saved(self, at: datetime) -> None:
        """Say when the last edit was on the disk."""
        self.saved.setText(f"已暂存 {at:%H:%M:%S}")
        self._show_mark("check", "good")
        self.read.then(lambda: self.say(""))

    def show_pending(self, waiting: int) -> None:
        """Say that something is still on its way, once there is more than a moment's work."""
        if waiting > 20:
            self.saved.setText("正在保存…")
            self._show_mark("info", "soft")

    def show_unsaved(self, count: int) -> None:
        """Say how much of what was typed is in memory only."""
        if count:
            self.saved.setText(f"未保存 {count} 处，正在重试")
            self._show_mark("error", "bad")

    def show_aside(self, count: int) -> None:
        """Say how much of what was typed this machine keeps until the server is back."""
        self.saved.setText(f"已存本机 {count} 处，待并入" if count else "服务器未连上")
        self._show_mark("info", "warn")

    def show_left(self, count: int) -> None:
        """Say how much of what this machine kept the register would not take."""
        self.saved.setText(f"有 {count} 处没能并入")
        self._show_mark("warning", "warn")

    def show_failure(self, sentence: str) -> None:
        """Say what went wrong; it stays until something succeeds."""
        self._show_mark("error", "bad")
        self.saved.setText("未保存")
        self.say(sentence, urgent=True)

    def say(self, sentence: str, *, urgent: bool = False) -> None:
        """Say something in passing: it can be read in peace, then it goes with what is kept next."""
        self.read.begin()
        if sentence != self.said.text():
            self.said.setText(sentence)
            announce(self.said, sentence, urgent=urgent)

    def show_buttons(self, buttons: Sequence[QPushButton]) -> None:
        """Show the buttons of the page that is open; they stay the page's."""
        for old in self._page_buttons:
            self._row.removeWidget(old)
            old.hide()
        self._page_buttons = list(buttons)
        for button in buttons:
            self._row.addWidget(button)
            button.show()

    def _show_mark(self, icon: str, tint: str) -> None:
        self._mark.show_icon(icon, tint)
        self._mark.show()
