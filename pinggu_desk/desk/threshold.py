"""The threshold: what is seen, and takes keys, in the moment before the login page is there.

It shows the same page from the fewest widgets, and needs nothing of the kit, whose modules and whose share of Qt's enums
take longer to load than a window takes to open. (So there is no ``Qt.…`` in this module: that name alone costs 16 ms.)
Whatever is typed here is handed to the login page, which takes its place as soon as it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from pinggu_desk.desk import practice
from pinggu_desk.desk.theme import look
from pinggu_desk.policy.resources import product_name

#: what the login page says, here and there
PROMPT, ENTER, FORGOTTEN = "请经办人登录。", "登录", "忘记口令"
WHO, PASSWORD = "经办人", "口令"

#: as many clerks as number keys; where there are more, the login page has a list to search
MOST_CLERKS = 9
_CARD_WIDTH = 36  # body characters, as the login page's
_STRONG_FOCUS = 0xB  # Qt.FocusPolicy, as a number


class Card(QFrame):
    """Dressed like the kit's card: the style sheet goes by the names of classes."""


class Banner(QFrame):
    """Dressed like the kit's banner."""


class PrimaryButton(QPushButton):
    """Dressed like the kit's."""


class _Row(QLabel):
    """A clerk's name with a mark before it, as the kit draws a choice; put together, since painting takes names of ``Qt``."""

    def __init__(self, words: str, *, chosen: bool) -> None:
        super().__init__(words)
        scale, tokens = look().scale, look().tokens
        side, pad = round(scale.body * 1.2), scale.grid(0.5)
        line, left = self.fontMetrics().height(), pad + side + scale.grid(1)
        height = max(line, side) + 2 * pad + 2
        self.setFixedSize(left + self.fontMetrics().horizontalAdvance(words) + 2 * pad + 4, height)
        if chosen:
            self.setStyleSheet(f"_Row {{ background: {tokens.accent_on}; border-radius: 6px; margin: 1px; }}")
        self.setIndent(left)
        top = round(pad + 1 + max(0.0, (line - side) / 2) + scale.body * 0.06)
        mark = self._disc(pad + 1, top, side, tokens.card, tokens.accent if chosen else tokens.edge)
        if chosen:
            dot = round(mark.width() * 0.27)
            self._disc(pad + 1 + dot, top + dot, side - 2 * dot, tokens.accent, tokens.accent)

    def _disc(self, left: int, top: int, side: int, ground: str, rim: str) -> QFrame:
        disc = QFrame(self)
        disc.setGeometry(left, top, side, side)
        disc.setStyleSheet(f"background: {ground}; border: 2px solid {rim}; border-radius: {side // 2}px;")
        return disc


def _words(text: str, role: str = "") -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label


class Threshold(QWidget):
    """The login page for the eye: title, who may log in, the line for the password, the button.

    With one clerk the password may be typed at once; with several, the keys are kept in their order.
    ``painted`` is sent once, after it was first painted.
    """

    painted = Signal()

    def __init__(self, clerks: Sequence[tuple[str, str]], *, in_practice: bool) -> None:
        super().__init__()
        grid = look().scale.grid
        self.keys: list[QKeyEvent] = []
        self.wants_in = self._was_painted = False
        self.line = QLineEdit()
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setAccessibleName(PASSWORD)
        self.line.setFixedWidth(self.line.fontMetrics().horizontalAdvance("0") * 24 + grid(3))
        self.line.returnPressed.connect(self._enter)
        card = Card()
        card.setMaximumWidth(look().scale.body * _CARD_WIDTH)
        body = QVBoxLayout(card)
        body.setContentsMargins(*[grid(3)] * 4)
        body.setSpacing(grid(2))
        body.addWidget(_words(product_name(), "display"))
        body.addWidget(_words(PROMPT, "caption"))
        if in_practice:
            body.addWidget(self._banner(practice.NOTE))
        one = len(clerks) == 1
        rows = [_Row(f"{at + 1}  {name}（{no}）", chosen=one) for at, (no, name) in enumerate(clerks)]
        body.addLayout(self._field(WHO, rows))
        body.addLayout(self._field(PASSWORD, [self.line]))
        buttons = QHBoxLayout()
        for button in (PrimaryButton(ENTER), *map(QPushButton, () if in_practice else [FORGOTTEN])):
            buttons.addWidget(button)
        buttons.addStretch(1)
        body.addLayout(buttons)
        self._lay_out(card)
        self._begins_at: QWidget = self.line if one else self
        if not one:
            self.setProperty("focusPolicy", _STRONG_FOCUS)

    def enter(self) -> None:
        """Take the keys: in the line for the password when the clerk is known."""
        self._begins_at.setFocus()

    def _banner(self, note: str) -> Banner:
        banner = Banner()
        banner.setProperty("kind", "warn")
        scale = look().scale
        row = QHBoxLayout(banner)
        one = scale.grid(1)
        row.setContentsMargins(one + scale.icon + one, one, one, one)  # the icon comes with the login page
        row.addWidget(_words(note))
        return banner

    def _field(self, name: str, inputs: Sequence[QWidget]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(look().scale.grid(0.5))
        column.addWidget(_words(name, "question"))
        for one in inputs:
            column.addWidget(one)
        return column

    def _lay_out(self, card: Card) -> None:
        grid = look().scale.grid
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(card, 100)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[grid(3)] * 4)
        column.setSpacing(grid(1.5))
        column.addStretch(1)
        column.addLayout(row)
        column.addStretch(2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say so, once what is in it was painted as well."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self, self.painted.emit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep what no line took, for the login page."""
        self.keys.append(event.clone())

    def _enter(self) -> None:
        self.wants_in = True

    def hand_over(self, take: Callable[[str, Sequence[QKeyEvent], bool], None]) -> None:
        """Give what was typed so far to whoever takes this one's place: the password, other keys, whether Enter was pressed."""
        take(self.line.text(), self.keys, self.wants_in)
        self.line.clear()
