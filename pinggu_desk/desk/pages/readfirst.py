"""What a file would change, read before it is taken: the two buttons, and its lines under them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pinggu_desk.desk.kit import PrimaryButton, QuietButton, Words

_SHOWN = 200


class ReadFirst(QWidget):
    """Hidden until there is something to read; ``sure`` takes it, the other button gives it up."""

    def __init__(self, yes: str, no: str, take: Callable[[], None], give_up: Callable[[], None]) -> None:
        super().__init__()
        self.hide()
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        self.told = Words("")
        self.sure, self.cancel = PrimaryButton(yes), QuietButton(no)
        self.sure.clicked.connect(take)
        self.cancel.clicked.connect(give_up)
        row = QHBoxLayout()
        row.addWidget(self.sure)
        row.addWidget(self.cancel)
        row.addStretch(1)
        inside.addLayout(row)  # over the lines: under two hundred of them nobody would see what has the focus
        inside.addWidget(self.told)

    def show_lines(self, lines: Sequence[str], rest: str) -> None:
        """Show what changes, no more than can be read here; ``rest`` says where the rest stands."""
        more = [f"……另有 {len(lines) - _SHOWN} 行，{rest}"] if len(lines) > _SHOWN else []
        self.told.setText("\n".join([*lines[:_SHOWN], *more]))
        self.show()
        self.sure.setFocus()
