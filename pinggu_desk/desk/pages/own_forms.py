"""设置: the office's own forms (本单位表样): where they go, and what the check says of each."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout

from pinggu_desk.desk.kit import Banner, Caption
from pinggu_desk.desk.operations import sentence_of
from pinggu_desk.desk.pages.answers import answering, buttons
from pinggu_desk.desk.services import Services
from pinggu_desk.places import own_forms_of


class OwnForms:
    """A card that lists the workbooks of the folder, each with its verdict; read anew whenever it is asked for."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.folder = own_forms_of(services.folder)
        like = next(iter(services.pack.policies))
        self.card, self.answer = answering("本单位表样")
        self.card.body.addWidget(
            Caption(
                f"把本单位的申请表（.xlsx）放进“{self.folder}”，文件名用政策编号（如 {like}.xlsx），就代替随附的表样。"
                "更新程序不会动这个文件夹。"
            )
        )
        self.lines = QVBoxLayout()
        self.card.body.addLayout(self.lines)
        self.card.body.addLayout(buttons(("检查表样", self.read), ("建立文件夹", self._make)))

    def read(self) -> None:
        """Look through the folder; opening workbooks takes a moment, so on the other thread."""
        from pinggu_desk.work.forms import own_lines

        folder, pack = self.folder, self._services.pack
        self._services.operations.without_register(lambda: own_lines(folder, pack), self._show, self.answer.refuse)

    def _make(self) -> None:
        try:
            Path(self.folder).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self.answer.show_words(f"文件夹建不成（{error.strerror or sentence_of(error)}），请检查磁盘。", "bad")
            return
        self.answer.show_words(f"文件夹已有：{self.folder}", "good")

    def _show(self, lines: list[tuple[str, bool]]) -> None:
        while self.lines.count():
            widget = self.lines.takeAt(0).widget()
            widget.hide()
            widget.deleteLater()
        if not lines:
            self.lines.addWidget(Caption("文件夹里还没有表样，用的是随附的表样。"))
        for words, good in lines:
            self.lines.addWidget(Banner(words, "good" if good else "bad"))
