"""What an earlier visit told, shown at its question: it counts for nothing until it is taken by a key (采用)."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pinggu_desk.desk.kit import Caption, QuietButton
from pinggu_desk.desk.theme import look
from pinggu_desk.policy.earlier import Earlier

#: takes what is offered at the field one stands in; with Ctrl, all that the step offers
KEY, KEY_ALL = "F6", "Ctrl+F6"


class OfferLine(QWidget):
    """``taken`` is sent when the offer is taken by the mouse; the key is the page's, for it answers wherever one stands."""

    taken = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.offer: Earlier | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().scale.grid(1))
        self._words = Caption(parent=self)
        self._button = QuietButton(f"采用 {KEY}", parent=self)
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._button.clicked.connect(self.taken)
        row.addWidget(self._words, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_offer(self, offer: Earlier | None) -> None:
        """Offer this; nothing takes the line away."""
        if offer == self.offer:
            return
        self.offer = offer
        self._words.setText(offer.words if offer is not None else "")
        self._button.setAccessibleName(f"采用：{offer.words}" if offer is not None else "")
        self.setVisible(offer is not None)

    def text(self) -> str:
        """What it says; empty while nothing is offered."""
        return self._words.text()


def all_words(offers: Collection[Earlier], where: str) -> str:
    """What is said of everything that is offered at once; empty where nothing is."""
    if not offers:
        return ""
    days = sorted({offer.day for offer in offers})
    when = f"{days[0]:%Y-%m-%d}" if len(days) == 1 else f"{days[0]:%Y-%m-%d} 至 {days[-1]:%Y-%m-%d}"
    told = f"{where}有 {len(offers)} 项以前填过（{when}），没有采用的按未填算。"
    return f"{told}当面核对后按 {KEY} 逐项采用，都没有变的按 {KEY_ALL}。"
