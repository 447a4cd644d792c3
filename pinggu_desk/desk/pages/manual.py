"""手册: the three manuals, opened by F1 where no clause is; a number key changes to another, Ctrl+P prints one, Esc goes back."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTextBrowser, QVBoxLayout
from typing_extensions import override

from pinggu_desk.desk.page import Page
from pinggu_desk.desk.pages.server import TITLE
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.theme import look
from pinggu_desk.policy.resources import MANUALS, manual_path

#: where a page is told of: which manual, and the chapter's heading
CHAPTERS = {
    "新办": (0, "办一件事"), "办理": (0, "办一件事"), "匹配": (0, "能享受什么"), "批量": (0, "一份名单：批量"), "统计": (0, "统计"),
    "政策": (0, "结论是什么意思"), "企业": (0, "办一件事"), "导入": (0, "名单写进登记库"), "台账": (0, "出具文书"), "经过": (0, "出具文书"),
    "验真": (0, "验真"), "设置": (2, "装在一台机器上"), "审计": (2, "审计"), "数据包": (2, "没有网的乡镇"),
    TITLE: (2, "几个窗口用一个登记库（PostgreSQL）"),
}  # fmt: skip


class ManualPage(Page):
    """A manual's own text; arrows, PgUp, PgDn, Home and End read on."""

    title = "手册"

    def __init__(self, _services: Services) -> None:
        super().__init__()
        margin = look().scale.grid(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(margin, margin, margin, margin)
        row = QHBoxLayout()
        self.choices: list[QPushButton] = []
        for number, name in enumerate(MANUALS, start=1):
            button = QPushButton(f"{number} {name}", self)
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.clicked.connect(partial(self.read, name))
            key = QShortcut(QKeySequence(str(number)), self)
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            key.activated.connect(partial(self.read, name))
            self.choices.append(button)
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self.text = QTextBrowser(self)
        self.text.setOpenLinks(False)
        column.addWidget(self.text)
        self.read(MANUALS[0])

    def read(self, name: str) -> None:
        """Show a manual from its beginning."""
        self.choices[MANUALS.index(name)].setChecked(True)
        self.text.setAccessibleName(name)
        path = manual_path(name)
        try:
            words = path.read_text(encoding="utf-8")
        except (OSError, ValueError):
            self.text.setPlainText(f"手册文件不在程序文件夹里，请向维护人员要《{name}》。")
            return
        self.text.document().setBaseUrl(QUrl.fromLocalFile(f"{path.parent}/"))
        self.text.setMarkdown(words)
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def read_about(self, page: str) -> None:
        """Show what is told of a page of the desk, by its title; of the first page, the clerk's manual from its beginning."""
        number, heading = CHAPTERS.get(page, (0, ""))
        self.read(MANUALS[number])
        block = self.text.document().begin()
        while heading and block.isValid():
            if block.text() == heading:
                self.text.setTextCursor(QTextCursor(block))
                self.text.verticalScrollBar().setValue(
                    round(self.text.document().documentLayout().blockBoundingRect(block).y())
                )
                break
            block = block.next()

    @override
    def enter(self) -> None:
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)
