"""A paper that is no case's (统计, 个人信息查阅): previewed, saved or printed as it is shown, on the trail before it leaves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from pinggu_desk.desk import dialogs
from pinggu_desk.desk.operations import sentence_of
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.wizard import printing
from pinggu_desk.desk.wizard.issue import Issued
from pinggu_desk.desk.wizard.preview import Preview
from pinggu_desk.register import Register
from pinggu_desk.register.events import How

#: what the trail says of a paper that leaves in this way: event, subject, detail
Trail = Callable[[How], tuple[str, str, str]]


class ShownPaper(QObject):
    """One paper at a time. ``told`` carries a sentence and whether it is good news."""

    told = Signal(str, bool)

    def __init__(self, services: Services, owner: QWidget) -> None:
        super().__init__(owner)
        self.ask_printer: Callable[[QWidget, str], Any] = printing.ask_printer
        self.has_printer: Callable[[], bool] = printing.has_printer
        self.ask_pdf: Callable[..., Path | None] = dialogs.ask_save
        self.shown: Preview | None = None
        self._services, self._owner = services, owner
        self._folder = dialogs.sensible_folder()
        self._trail: Trail | None = None
        self._printer: Any = None

    def show_made(self, make: Callable[[Register], Issued], trail: Trail) -> None:
        """Have the paper made on the register's thread, then show it; nothing while one is shown or the desk is locked."""
        if self._services.locked or self.shown is not None:
            return
        self._trail = trail
        self._services.operations.run(make, self._show, self._refused)

    def _show(self, paper: Issued) -> None:
        if self._services.locked:
            return
        shown = self.shown = Preview(paper, self._owner.window(), printers=self.has_printer)
        shown.print_wanted.connect(self._print)
        shown.save_wanted.connect(self._save)
        shown.finished.connect(self._closed)
        shown.open()

    def _closed(self) -> None:
        if self.shown is not None:
            self.shown.deleteLater()
        self.shown = None

    def _save(self) -> None:
        """Save the very paper that is previewed."""
        shown, trail = self.shown, self._trail
        if shown is None or trail is None or self._services.locked:
            return
        path = self.ask_pdf(shown, "另存为", self._folder / shown.draft.file_name, "PDF 文件 (*.pdf)")
        if path is None or self._services.locked:
            return
        from pinggu_desk.documents.pdf.pdfdoc import save

        data, to = shown.draft.data, path

        def write(register: Register) -> Path:
            register.record_event(*trail("保存"))
            save(data, to)
            return to

        self._services.operations.run(
            write, lambda where: self._tell(f"已保存：{where}", good=True), self._refused, writes=True
        )

    def _print(self) -> None:
        shown, trail = self.shown, self._trail
        if shown is None or trail is None or self._services.locked:
            return
        self._printer = self.ask_printer(shown, shown.draft.paper)
        if self._printer is None or self._services.locked:
            return
        self._services.operations.run(
            lambda register: register.record_event(*trail("打印")), self._send, self._refused, writes=True
        )

    def _send(self, _none: None) -> None:
        if self.shown is None or self._services.locked:
            return
        pages = printing.print_pages(self.shown.draft.data, self._printer)
        words, good = printing.sent(self._printer.printerName(), pages)
        self._tell(words, good=good)

    def _refused(self, error: Exception) -> None:
        self.told.emit(sentence_of(error), False)

    def _tell(self, words: str, *, good: bool) -> None:
        if self.shown is not None:
            self.shown.tell(words, good=good)
        self.told.emit(words, good)
