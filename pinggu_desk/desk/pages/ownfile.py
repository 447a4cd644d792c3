"""个人信息查阅: the paper of everything stored of an applicant, previewed, printed and saved; each of these on the trail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
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
from pinggu_desk.register import Register, events


class OwnFileOutput(QObject):
    """``told`` carries a sentence and whether it is good news."""

    told = Signal(str, bool)

    def __init__(self, services: Services, owner: QWidget, applicant_id: int) -> None:
        super().__init__(owner)
        self.ask_printer: Callable[[QWidget, str], Any] = printing.ask_printer
        self.ask_path: Callable[..., Path | None] = dialogs.ask_save
        self.shown: Preview | None = None
        self._services, self._owner, self._id = services, owner, applicant_id
        self._printer: Any = None

    def preview(self) -> None:
        """Gather everything and show the paper."""
        if self._services.locked or self.shown is not None:
            return
        services, number = self._services, self._id

        def make(register: Register) -> Issued:
            from pinggu_desk.documents.papers.ownfile import own_file_bytes
            from pinggu_desk.work.ownfile import own_file_paper

            made = datetime.now().replace(microsecond=0)
            paper = own_file_paper(register, services.pack, number, made, services.settings.now.office)
            return Issued(paper.title, "", f"{paper.title}_{made:%Y%m%d}.pdf", own_file_bytes(paper), "")

        self._services.operations.run(make, self._show, self._refused)

    def _refused(self, error: Exception) -> None:
        self.told.emit(sentence_of(error), False)

    def _show(self, paper: Issued) -> None:
        if self._services.locked:
            return
        shown = self.shown = Preview(paper, self._owner.window(), printers=printing.has_printer)
        shown.print_wanted.connect(self._print)
        shown.save_wanted.connect(self._save)
        shown.finished.connect(self._closed)
        shown.open()

    def _closed(self) -> None:
        if self.shown is not None:
            self.shown.deleteLater()
        self.shown = None

    def _save(self) -> None:
        shown = self.shown
        if shown is None or self._services.locked:
            return
        path = self.ask_path(shown, "另存为", dialogs.sensible_folder() / shown.draft.file_name, "PDF 文件 (*.pdf)")
        if path is None or self._services.locked:
            return
        from pinggu_desk.documents.pdf.pdfdoc import save

        data, to, subject = shown.draft.data, path, f"申请人{self._id}"

        def write(register: Register) -> Path:
            register.record_event(events.OWN_FILE, subject, "保存")
            save(data, to)
            return to

        self._services.operations.run(
            write, lambda where: self._tell(f"已保存：{where}", good=True), self._refused, writes=True
        )

    def _print(self) -> None:
        shown = self.shown
        if shown is None or self._services.locked:
            return
        self._printer = self.ask_printer(shown, shown.draft.paper)
        if self._printer is None or self._services.locked:
            return
        subject = f"申请人{self._id}"
        self._services.operations.run(
            lambda register: register.record_event(events.OWN_FILE, subject, "打印"), self._send, self._refused,
            writes=True,
        )  # fmt: skip

    def _send(self, _none: None) -> None:
        if self.shown is None or self._services.locked:
            return
        pages = printing.print_pages(self.shown.draft.data, self._printer)
        name = self._printer.printerName()
        if pages:
            self._tell(f"已送打印机“{name}”，共 {pages} 页。", good=True)
        else:
            self._tell(f"打印机“{name}”没有接受，请检查打印机是否开机、有纸，再打印一次。", good=False)

    def _tell(self, words: str, *, good: bool) -> None:
        if self.shown is not None:
            self.shown.tell(words, good=good)
        self.told.emit(words, good)
