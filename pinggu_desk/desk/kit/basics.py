"""Words, cards, badges, banners and buttons: what every page is put together from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from PySide6.QtCore import QCoreApplication, QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from pinggu_desk.desk.icons import IconMark
from pinggu_desk.desk.kit.accessible import announce
from pinggu_desk.desk.theme import look

Kind = Literal["good", "warn", "bad", "info", "plain"]

_MARKS: dict[Kind, tuple[str, str]] = {
    "good": ("check", "good"), "warn": ("warning", "warn"), "bad": ("error", "bad"), "info": ("info", "accent"),
    "plain": ("info", "soft"),
}  # fmt: skip


def restyle(widget: QWidget) -> None:
    """Make a changed property show; Qt reads property selectors only when a widget is polished."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


@contextmanager
def laid_out_once(*layouts: QLayout) -> Iterator[None]:
    """Lay out once what is changed within: each label that comes would lay out anew everything around it, at once."""
    for layout in layouts:
        layout.setEnabled(False)
    try:
        yield
    finally:
        for layout in layouts:
            layout.setEnabled(True)


def lay_out(widget: QWidget) -> None:
    """Lay out what changed inside a widget, the innermost first: each layout once, where Qt would begin anywhere and come again."""
    for child in widget.children():
        if isinstance(child, QWidget) and not child.isHidden() and child.layout() is not None:
            lay_out(child)
    if (layout := widget.layout()) is not None:
        layout.activate()


def settle(*inside: QWidget) -> None:
    """Lay out what changed inside these, and whatever that asks of the window around them, before anything is painted.

    Qt paints what was asked for first, then lays out what a layout asked for in turn, and paints once more.
    """
    for one in inside:
        lay_out(one)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)


def paint_now(widget: QWidget) -> None:
    """Paint what changed in a widget's window before anything else is done; nothing else is handled meanwhile.

    For a key that does two things: what it says first is on the screen while the second is still worked out.
    """
    QCoreApplication.sendPostedEvents(widget.window(), QEvent.Type.UpdateRequest)


def settle_heights(widget: QWidget) -> None:
    """Make every layout around a widget measure anew after its height changed.

    Qt keeps the height that a wrapped column needed at a width, and on a change deep inside does not always drop it in
    every layout above; the column then stays as high as it was, with gaps.
    """
    above: QWidget | None = widget
    while above is not None and not isinstance(above, QAbstractScrollArea):
        above.updateGeometry()
        above = above.parentWidget()


class Words(QLabel):
    """Plain text that wraps and never clips. Markup in it is shown, not obeyed."""

    role = ""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, wrap: bool = True) -> None:
        super().__init__(parent)
        self._heights: dict[int, int] = {}
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setProperty("role", self.role)
        self.setText(text)

    @override
    def heightForWidth(self, width: int) -> int:
        """Kept until the text, font or style is another: a layout asks every label for it at each change of any."""
        found = self._heights.get(width)
        if found is None:
            found = self._heights[width] = super().heightForWidth(width)
        return found

    @override
    def setText(self, text: str) -> None:
        self._heights = {}
        super().setText(text)

    @override
    def changeEvent(self, event: QEvent) -> None:
        self._heights.clear()  # another font, another style
        super().changeEvent(event)


class Title(Words):
    """The title of a page, or the one figure that matters."""

    role = "display"


class Subtitle(Words):
    """The title of a card or a group."""

    role = "title"


class Caption(Words):
    """Small soft words: places, units, dates."""

    role = "caption"


class Question(Words):
    """The question that a field asks."""

    role = "question"


class Badge(QLabel):
    """A short word on a coloured ground. The word says it all; the colour only helps.

    It paints itself: another kind would have Qt work out its whole style anew.
    """

    def __init__(self, text: str, kind: Kind = "plain", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._kind = kind
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def kind(self) -> Kind:
        """What the colour means."""
        return self._kind

    def show_state(self, text: str, kind: Kind) -> None:
        """Show another word on another ground."""
        self.setText(text)
        if self._kind != kind:
            self._kind = kind
            self.update()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens, box = look().tokens, QRectF(self.rect())
        ink, ground = {
            "good": (tokens.good, tokens.good_on), "warn": (tokens.warn, tokens.warn_on),
            "bad": (tokens.bad, tokens.bad_on), "info": (tokens.accent, tokens.accent_on),
            "plain": (tokens.soft, tokens.ground),
        }[self._kind]  # fmt: skip
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = self._kind == "plain"
        painter.setPen(QColor(tokens.line) if edge else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5) if edge else box, 4, 4)
        painter.setPen(QColor(ink))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())
        painter.end()


class Card(QFrame):
    """A card; put widgets into ``card.body`` (a vertical layout). Margin and spacing in steps of the grid; 2.5 for forms."""

    reader_role = QAccessible.Role.Grouping

    def __init__(self, parent: QWidget | None = None, *, margin: float = 2, spacing: float = 1) -> None:
        super().__init__(parent)
        self.body = QVBoxLayout(self)
        space = look().scale.grid(margin)
        self.body.setContentsMargins(space, space, space, space)
        self.body.setSpacing(look().scale.grid(spacing))


class ClauseQuote(QFrame):
    """A clause in the text's own words, with its place; selectable, and silent until there are words."""

    reader_role = QAccessible.Role.Paragraph

    def __init__(self, words: str = "", place: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        row = QVBoxLayout(self)
        one, half = look().scale.grid(1), look().scale.grid(0.5)
        row.setContentsMargins(one, half, one, half)
        self._words = Words(parent=self)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(self._words)
        self.show_clause(words, place)

    def show_clause(self, words: str, place: str = "") -> None:
        """Show the words of a clause and where they stand (``二、（三）1``)."""
        self._words.setText(f"{place}　{words}" if place and words and not words.startswith(place) else words or place)
        self.setVisible(bool(words or place))

    def text(self) -> str:
        """What is shown."""
        return self._words.text()


class Button(QPushButton):
    """A button that Enter presses too, and that names its key (``出具 F9``) and answers to it while it is in sight."""

    def __init__(self, text: str, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(f"{text}  {key}" if key else text, parent)
        self.setAccessibleName(text)
        if key:
            self.setShortcut(QKeySequence(key.replace("←", "Left").replace("→", "Right")))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Shortcut:
            self.click()  # at once, where Qt would first show a press for 100 ms
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)


class PrimaryButton(Button):
    """The one thing to do next."""


class SecondaryButton(Button):
    """Something else that may be done."""


class QuietButton(Button):
    """A small action within a card."""


class Banner(QFrame):
    """A line across the page that must not be missed: 演练, 期限已过, 原文存疑.

    What ``show_words`` says is told to a screen reader as it appears, at once or when the banner comes into sight;
    not so a banner that stands in a text from the first, nor a ``quiet`` one, whose neighbour tells the whole.
    """

    pressed = Signal()

    def __init__(
        self, text: str, kind: Kind = "warn", parent: QWidget | None = None, *, action: str = "", key: str = "",
        quiet: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._quiet, self._untold = quiet, False
        self.setAccessibleName(text)
        self.setProperty("kind", kind)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        row = QHBoxLayout(self)
        one = look().scale.grid(1)
        row.setContentsMargins(one, one, one, one)
        row.setSpacing(one)
        self._mark = IconMark(*_MARKS[kind], parent=self)
        self._words = Words(text, self)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        if action:
            button = QuietButton(action, key, self)
            button.clicked.connect(self.pressed)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_words(self, text: str, kind: Kind = "warn") -> None:
        """Say something else; an empty text takes the banner away."""
        if text != self.text():
            self._untold = bool(text) and not self._quiet
        self._words.setText(text)
        self.setAccessibleName(text)
        self._mark.show_icon(*_MARKS[kind])
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            restyle(self)
            restyle(self._words)
        self.setVisible(bool(text))
        self._tell()

    @property
    def reader_role(self) -> QAccessible.Role:
        """An alert, where something is wrong or in the way; else a note."""
        loud = self.property("kind") in ("bad", "warn")
        return QAccessible.Role.AlertMessage if loud else QAccessible.Role.Note

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tell()

    def _tell(self) -> None:
        if self._untold and self.isVisible():
            self._untold = False
            announce(self, self.text(), urgent=self.property("kind") == "bad")

    def text(self) -> str:
        """What it says."""
        return self._words.text()


class EmptyState(QWidget):
    """Nothing here yet: what would be here, and how to begin."""

    def __init__(self, title: str, sentence: str, parent: QWidget | None = None, *, icon: str = "empty") -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[look().scale.grid(2)] * 4)
        column.setSpacing(look().scale.grid(1))
        mark = IconMark(icon, "soft", self)
        self._title, self._sentence = Subtitle(title, self), Caption(sentence, self)
        column.addStretch(1)
        column.addWidget(mark, 0, Qt.AlignmentFlag.AlignHCenter)
        for words in (self._title, self._sentence):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(words)
        column.addStretch(2)

    def show_words(self, title: str, sentence: str) -> None:
        """Say something else."""
        self._title.setText(title)
        self._sentence.setText(sentence)

    def show_unread(self) -> None:
        """Say that nothing is known: what could not be read is not nothing."""
        self.show_words("没有读出来", "不是没有，是登记库这一次没有读出来，原因见上面的提示；处理好后再打开这一页。")

    @override
    def minimumSizeHint(self) -> QSize:
        return self.layout().minimumSize()
