"""A card that answers: what was asked of it is told in a banner at its head; and rows of buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk.kit import Banner, Card, Kind, SecondaryButton, Subtitle
from pinggu_desk.desk.operations import sentence_of
from pinggu_desk.register.errors import NotFound, Overtaken

if TYPE_CHECKING:
    from pinggu_desk.desk.services import Services


class Answer(Banner):
    """What a card answers; it outlives no page, so a late answer to a page that is gone is dropped."""

    def refuse(self, error: Exception) -> None:
        """Say what went wrong."""
        self.show_words(sentence_of(error), "bad")

    @override
    def show_words(self, text: str, kind: Kind = "warn") -> None:
        super().show_words(text, kind)


def is_overtaken(error: Exception) -> bool:
    """Whether another window was faster: what is shown here is not what there is any more."""
    return isinstance(error, (NotFound, Overtaken))


def refusing(answer: Answer, again: Callable[[], None] | None = None) -> Callable[[Exception], None]:
    """What an operation calls when it fails; ``again`` shows what there is now, where another window was faster."""

    def refused(error: Exception) -> None:
        answer.refuse(error)
        if again is not None and is_overtaken(error):
            again()

    return refused


def telling(services: Services, again: Callable[[], None]) -> Callable[[Exception], None]:
    """The same where nothing on the page could say it, since ``again`` makes it anew: the window says it."""

    def refused(error: Exception) -> None:
        services.operations.failed.emit(sentence_of(error))
        if is_overtaken(error):
            again()

    return refused


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
