"""A small form on a card in the middle of the window: logging in, the first start, unlocking."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pinggu_desk.desk.kit.basics import Banner, Caption, Card, PrimaryButton, SecondaryButton, Title
from pinggu_desk.desk.kit.chain import FocusChain
from pinggu_desk.desk.kit.columns import ScrollColumn
from pinggu_desk.desk.kit.field import Field
from pinggu_desk.desk.theme import look

_WIDTH = 36  # body characters a card is wide


class CentredForm(ScrollColumn):
    """A title, a sentence, fields, and what to do; Enter walks the fields and in the last one does it."""

    submitted = Signal()

    def __init__(self, title: str, sentence: str, action: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card = Card(margin=3, spacing=2)
        self.card.setMaximumWidth(look().scale.body * _WIDTH)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.card, 100)
        row.addStretch(1)
        self.body.addStretch(1)
        self.body.addLayout(row)
        self.body.addStretch(2)
        self.banner = Banner("", "bad")
        self.banner.hide()
        self.sentence = Caption(sentence)
        self.button = PrimaryButton(action)
        self._action = action
        self._others = QHBoxLayout()
        self.chain = FocusChain(self)
        self.card.body.addWidget(Title(title))
        self.card.body.addWidget(self.sentence)
        self.card.body.addWidget(self.banner)
        self.button.clicked.connect(self.submit)
        self.chain.finished.connect(self.submit)

    def put(self, widgets: Sequence[QWidget], *, others: Sequence[tuple[str, Callable[[], None]]] = ()) -> None:
        """Put the fields in, and after the main button the other things that may be done."""
        for widget in widgets:
            self.card.body.addWidget(widget)
        self.chain.set_fields([widget for widget in widgets if isinstance(widget, Field)])
        self._others.addWidget(self.button)
        for text, act in others:
            button = SecondaryButton(text)
            button.clicked.connect(act)
            self._others.addWidget(button)
        self._others.addStretch(1)
        self.card.body.addLayout(self._others)

    def submit(self) -> None:
        """Do it, unless it is being done."""
        if self.button.isEnabled():
            self.refuse("")
            self.submitted.emit()

    def busy(self, words: str) -> None:
        """Say what is being done, and take no second order; an empty text ends it."""
        self.button.setEnabled(not words)
        self.button.setText(words or self._action)

    def refuse(self, sentence: str) -> None:
        """Say why it could not be done (empty: nothing to say)."""
        self.busy("")
        self.banner.show_words(sentence, "bad")

    def focus_first_bad(self) -> bool:
        """Go to the first field with an error; False when there is none."""
        for field in self.chain.fields():
            if isinstance(field, Field) and field.isVisible() and field.error():
                field.focus_input()
                return True
        return False

    def enter(self) -> None:
        """Begin at the first field."""
        self.chain.focus_first()
