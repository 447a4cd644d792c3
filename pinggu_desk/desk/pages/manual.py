"""手册: the clerk's manual (经办人手册), opened by F1 on the first page; Esc goes back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout
from typing_extensions import override

from pinggu_desk.desk.page import Page
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.theme import look
from pinggu_desk.policy.resources import manual_path

_MISSING = "手册文件不在程序文件夹里，请向维护人员要《经办人手册》。"


class ManualPage(Page):
    """The manual's own text; arrows, PgUp, PgDn, Home and End read on."""

    title = "手册"

    def __init__(self, _services: Services) -> None:
        super().__init__()
        margin = look().scale.grid(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(margin, margin, margin, margin)
        self.text = QTextBrowser(self)
        self.text.setAccessibleName("经办人手册")
        self.text.setOpenLinks(False)
        try:
            self.text.setMarkdown(manual_path().read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self.text.setPlainText(_MISSING)
        column.addWidget(self.text)

    @override
    def enter(self) -> None:
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)
