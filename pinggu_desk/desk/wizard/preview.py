"""The preview: the very bytes of a paper as pictures of its pages, to be read, saved and printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QImage, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk import dialogs
from pinggu_desk.desk.kit import Banner, Caption, PrimaryButton, ScrollColumn, SecondaryButton, Subtitle
from pinggu_desk.desk.kit.marks import Tick
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.wizard.issue import Draft, Issued
from pinggu_desk.desk.wizard.printing import pages_of, sections_of
from pinggu_desk.documents.pdf.page import ANNEX

_ZOOMS = (0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)
_POINT = 96 / 72  # pixels a point at 100 %
_TALL = 1180
_A4_WIDE = 595.28  # points


class PageView(QLabel):
    """One page; a screen reader reads its text."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number = number
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)

    def show_page(self, image: QImage, text: str, total: int) -> None:
        """Show the page at the zoom it was drawn for."""
        self.setPixmap(QPixmap.fromImage(image))
        self.setAccessibleName(f"第 {self.number} 页，共 {total} 页")
        self.setAccessibleDescription(text)


class Preview(QDialog):
    """A paper before it leaves the machine.

    PgUp and PgDn turn pages, Ctrl and + or - zoom, Ctrl+P prints, Ctrl+S saves, Esc closes; of a letter Alt+F has the 附页
    printed as well.
    """

    save_wanted = Signal()
    print_wanted = Signal()
    #: the lock hides it and unlocking brings it back; every other dialog is closed by the lock
    waits_for_unlock = True

    def __init__(self, draft: Draft | Issued, parent: QWidget | None = None, *, printers: Callable[[], bool]) -> None:
        super().__init__(parent)
        self.draft = draft
        self.setWindowTitle(f"{draft.paper} 预览")
        scale = look().scale
        column = QVBoxLayout(self)
        column.setContentsMargins(scale.grid(2), scale.grid(1), scale.grid(2), scale.grid(1))
        head = QHBoxLayout()
        self._title = Subtitle(draft.paper, self)
        self.where = Caption("", self, wrap=False)
        head.addWidget(self._title, 1)
        head.addWidget(self.where)
        column.addLayout(head)
        self._serial = Caption("", self)
        self._tell_serial()
        column.addWidget(self._serial)
        self.glyphs = Banner("", "bad", self)
        self.said = Banner("", "good", self)
        for banner in (self.glyphs, self.said):
            banner.hide()
            column.addWidget(banner)
        if draft.missing:
            self.glyphs.show_words(
                f"这些字本机没有字形，打印出来只有编码：{'、'.join(draft.missing)}。请核对，或手写补正。", "bad"
            )
        self.column = ScrollColumn(self, margin=1)
        self.column.reader_role = QAccessible.Role.Document
        self.column.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.column.setAccessibleName(f"{draft.paper}各页")
        column.addWidget(self.column, 1)
        self.views: list[PageView] = []
        self._zoom = _ZOOMS.index(1.0)
        self.print_button = PrimaryButton("打印", "Ctrl+P", self)
        self.save_button = SecondaryButton("另存为", "Ctrl+S", self)
        self.close_button = SecondaryButton("关闭", "", self)
        self._buttons(column, printers())
        self.column.verticalScrollBar().valueChanged.connect(self._tell_page)
        room = self.screen().availableSize()
        wide = round(_A4_WIDE * _POINT) + scale.grid(14)
        self.resize(min(wide, room.width()), min(_TALL, room.height() - scale.grid(5)))
        self._draw()
        self.column.setFocus()

    def _buttons(self, column: QVBoxLayout, can_print: bool) -> None:
        row = QHBoxLayout()
        smaller, larger = SecondaryButton("缩小", "", self), SecondaryButton("放大", "", self)
        smaller.clicked.connect(lambda: self.zoom(-1))
        larger.clicked.connect(lambda: self.zoom(1))
        for keys, by in (("Ctrl+-", -1), ("Ctrl++", 1), ("Ctrl+=", 1)):
            QShortcut(QKeySequence(keys), self).activated.connect(lambda by=by: self.zoom(by))
        for keys, by in (("PgDown", 1), ("PgUp", -1)):
            QShortcut(QKeySequence(keys), self).activated.connect(lambda by=by: self.turn_to(self.page_here() + by))
        self.print_button.clicked.connect(self.print_wanted)
        self.save_button.clicked.connect(self.save_wanted)
        self.close_button.clicked.connect(self.close)
        row.addWidget(smaller)
        row.addWidget(larger)
        self.annex = Tick("", self)
        QShortcut(QKeySequence("Alt+F"), self).activated.connect(self.annex.click)
        self._offer_annex()
        row.addWidget(self.annex)
        self.no_printer = Caption("" if can_print else "本机没有装打印机，请另存为 PDF 再打印。", self)
        row.addWidget(self.no_printer, 1)
        self.print_button.setEnabled(can_print)
        for button in (self.close_button, self.save_button, self.print_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        for button in (smaller, larger):
            button.setAutoDefault(False)
        column.addLayout(row)

    def show_draft(self, draft: Draft | Issued) -> None:
        """Show the paper as it was recorded; drawn anew only if its bytes changed."""
        changed = draft.data != self.draft.data
        self.draft = draft
        self._tell_serial()
        if changed:
            self._offer_annex()
            self._draw()

    def _offer_annex(self) -> None:
        """The choice to print the 附页 too, of a paper that has any; the 正页 is printed anyway."""
        more = sections_of(self.draft.data).count(ANNEX)
        self.annex.setText(f"附页也打印（{more} 页）  Alt+F")
        self.annex.setAccessibleName(f"附页也打印，{more} 页")
        self.annex.setAccessibleDescription("不选只打印正页；另存为时正页和附页在同一个文件里")
        self.annex.setVisible(bool(more))

    def _tell_serial(self) -> None:
        mark = f"　{self.draft.mark}" if self.draft.mark else ""
        number = f"编号 {self.draft.serial}　" if self.draft.serial else ""
        self._serial.setText(f"{number}{self.draft.file_name}{mark}")

    def tell(self, words: str, *, good: bool = True) -> None:
        """Say how saving or printing went."""
        self.said.show_words(words, "good" if good else "bad")

    # --- pages

    def zoom(self, by: int) -> None:
        """Draw the pages larger or smaller."""
        self._zoom = min(max(self._zoom + by, 0), len(_ZOOMS) - 1)
        self._draw()

    def _draw(self) -> None:
        page = self.page_here()
        pages = pages_of(self.draft.data, _POINT * _ZOOMS[self._zoom], self.draft.mark)
        while len(self.views) < len(pages):
            view = PageView(len(self.views) + 1, self)
            self.views.append(view)
            self.column.body.addWidget(view)
        for view, (image, text) in zip(self.views, pages, strict=False):
            view.show_page(image, text, len(pages))
        for view in self.views[len(pages) :]:
            view.hide()
        self.turn_to(page)
        self._tell_page()

    def page_here(self) -> int:
        """The page that is at the top of the view, from 1."""
        top = self.column.verticalScrollBar().value() + self.column.viewport().height() // 3
        here = [view.number for view in self.views if view.y() <= top]
        return here[-1] if here else 1

    def turn_to(self, number: int) -> None:
        """Bring a page to the top."""
        if 1 <= number <= len(self.views):
            self.column.widget().layout().activate()
            self.column.verticalScrollBar().setValue(self.views[number - 1].y() - look().scale.grid(1))

    def _tell_page(self) -> None:
        self.where.setText(f"第 {self.page_here()} 页 共 {len(self.views)} 页　{round(_ZOOMS[self._zoom] * 100)}%")

    @override
    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self.column.setFocus()


def ask_path(parent: QWidget, suggested: Path) -> Path | None:
    """Ask where to save; None when the person thinks better of it."""
    kinds = {".pdf": "PDF 文件 (*.pdf)", ".xlsx": "Excel 工作簿 (*.xlsx)"}
    return dialogs.ask_save(parent, "另存为", suggested, kinds[suggested.suffix])


def ask_folder(parent: QWidget, suggested: Path) -> Path | None:
    """Ask for the folder that a set of papers goes to; None when the person thinks better of it."""
    return dialogs.ask_folder(parent, "整套保存到哪个文件夹", suggested)
