"""The line over 匹配 that tells what another pack (政策包) changed since the enquiry was last worked out."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from pinggu_desk.desk.kit import Banner
from pinggu_desk.desk.match.session import MatchSession

_KEY = "Ctrl+J"


class RepackedBanner(Banner):
    """Shown until it was read: a press, or Ctrl+J wherever on ``page`` one is, notes that on the trail."""

    def __init__(self, page: QWidget) -> None:
        super().__init__("", "warn", page, action="看过了", key=_KEY)
        self._session: MatchSession | None = None
        self.pressed.connect(self._read)
        QShortcut(QKeySequence(_KEY), page).activated.connect(self._read)
        self.hide()

    def follow(self, session: MatchSession) -> None:
        """Speak of this enquiry from now on."""
        self._session = session
        session.restored.connect(self._show)
        self._show()

    def _show(self) -> None:
        if self._session is not None:
            self.show_words(self._session.repacked, "warn")

    def _read(self) -> None:
        if self._session is not None and self._session.repacked:
            self._session.accept_pack()
            self._show()
