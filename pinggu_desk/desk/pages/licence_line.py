"""粘贴执照信息: a licence's QR text, its copied words or a row of a list, split into the fields that the clerk then checks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal

from pinggu_desk.desk.kit import LineField
from pinggu_desk.policy.licence import Licence, read_licence

_HELP = "扫出或复制的整段、一行或表格里的一行都行，自动分到各栏；不带来可以不用。"


class LicenceLine(LineField):
    """``found`` carries what was read. The line is empty again then: nothing of it is kept but what stands in the fields."""

    found = Signal(object)

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__("粘贴执照信息", "粘贴执照信息（Ctrl+V，或扫执照二维码后回车）", chars=60)
        self._today = today
        self.set_help(_HELP)
        self.line.pasted.connect(self.take)
        self.left.connect(lambda: self.take(self.text()))

    def begin(self) -> None:
        """Empty, with nothing said of any licence."""
        self.set_text("")
        self.set_help(_HELP)

    def take(self, text: str) -> None:
        """Read a text, as it was before a line made one line of it."""
        if not text.strip():
            return
        licence = read_licence(text, self._today())
        self.set_text("")
        self.show_licence(licence)
        if licence:
            self.found.emit(licence)

    def show_licence(self, licence: Licence) -> None:
        """Say what was made of it."""
        self.set_help(licence.told)
