"""A card that answers: what was asked of it is told in a banner at its head; and rows of buttons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk.kit import Banner, Card, Kind, SecondaryButton, Subtitle
from pinggu_desk.desk.operations import sentence_of


class Answer(Banner):
    """What a card answers; it outlives no page, so a late answer to a page that is gone is dropped."""

    def refuse(self, error: Exception) -> None:
        """Say what went wrong."""
        self.show_words(sentence_of(error), "bad")

    @override
    def show_words(self, text: str, kind: Kind = "warn") -> None:
        super().show_words(text, kind)


def refusing(answer: Answer) -> Callable[[Exception], None]:
    """What an operation calls when it fails."""
    return answer.refuse


def answering(title: str) -> tuple[Card, Answer]:
    """A card with a title and, hidden at first, its answer."""
    card = Card(spacing=2)
    card.body.addWidget(Subtitle(title))
    answer = Answer("", "info")
    answer.hide()
    card.body.addWidget(answer)
    return card, answer


def buttons(*items: tuple[str, Callable[[], None]]) -> QHBoxLayout:
    """Buttons side by side, by their words and what they do."""
    row = QHBoxLayout()
    for text, act in items:
        button = SecondaryButton(text)
        button.clicked.connect(lambda _on=False, act=act: act())
        row.addWidget(button)
    row.addStretch(1)
    return row


def in_row(row: QLayout) -> list[QWidget]:
    """The buttons of a row."""
    return [widget for at in range(row.count()) if (widget := row.itemAt(at).widget()) is not None]
