"""Handing out a paper (文书): made on the register's thread, previewed, saved or printed; on record before it leaves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QWidget

from pinggu_desk.desk.operations import sentence_of
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.wizard import preview
from pinggu_desk.desk.wizard.issue import ENDINGS, Draft, papers_of, record, save
from pinggu_desk.register import Register


class HandOut(QObject):
    """One way for every page that hands papers out.

    ``draft_ready`` carries a paper once it is made, ``handed_out`` where it went (a path, or the printer's name),
    ``told`` a sentence and whether it is good news, ``closed`` the name of the paper whose preview was closed.
    """

    draft_ready = Signal(object)
    handed_out = Signal(str)
    told = Signal(str, bool)
    closed = Signal(str)

    def __init__(self, services: Services, owner: QWidget, case_of: Callable[[Register], int]) -> None:
        super().__init__(owner)
        self.ask_path: Callable[[QWidget, Path], Path | None] = preview.ask_path
        self.has_printer: Callable[[], bool] = preview.has_printer
        self.preview: preview.Preview | None = None
        self._services, self._owner, self._case_of = services, owner, case_of
        self._making = False
        self._folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))

    @property
    def busy(self) -> bool:
        """Whether a paper is being made or previewed: there is one at a time."""
        return self.preview is not None or self._making

    def prepare(self, make: Callable[[Register, int], Draft]) -> None:
        """Make a paper; the preview opens, or for a workbook the question where to save it."""
        if self.busy:
            return
        self.told.emit("", True)
        self._making = True
        self._services.operations.run(
            lambda register: make(register, self._case_of(register)), self._ready, self._refused
        )

    def _ready(self, draft: Draft) -> None:
        self._making = False
        self.draft_ready.emit(draft)
        if ENDINGS[draft.paper] == ".xlsx":
            self.save_as(draft)
            return
        window = preview.Preview(draft, self._owner.window(), printers=self.has_printer)
        self.preview = window
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.finished.connect(self._preview_closed)
        window.save_wanted.connect(lambda: self.save_as(window.draft))
        window.print_wanted.connect(lambda: self.print_out(window.draft))
        window.open()

    def _preview_closed(self) -> None:
        paper = self.preview.draft.paper if self.preview is not None else ""
        self.preview = None
        self._owner.window().activateWindow()
        self.closed.emit(paper)

    def save_as(self, draft: Draft) -> None:
        """Ask where to, record the paper, write it there."""
        path = self.ask_path(self.preview or self._owner, self._folder / draft.file_name)
        if path is None:
            return
        self._folder, self._to = path.parent, path
        papers = papers_of(self._services)
        self._services.operations.run(
            lambda register: save(register, self._case_of(register), draft, path, papers), self._saved, self._refused,
            writes=True,
        )  # fmt: skip

    def _saved(self, draft: Draft) -> None:
        self._handed_out(draft, f"已保存：{self._to}", str(self._to))

    def print_out(self, draft: Draft) -> None:
        """Choose a printer, record the paper, print it."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self._printer.setDocName(Path(draft.file_name).stem)
        if QPrintDialog(self._printer, self.preview or self._owner).exec() != QPrintDialog.DialogCode.Accepted:
            return
        papers = papers_of(self._services)
        self._services.operations.run(
            lambda register: record(register, self._case_of(register), draft, papers), self._print, self._refused,
            writes=True,
        )  # fmt: skip

    def _print(self, draft: Draft) -> None:
        pages = preview.print_pages(draft.data, self._printer)
        name = self._printer.printerName()
        if pages:
            self._handed_out(draft, f"已送打印机“{name}”，共 {pages} 页。", name)
        else:
            self._tell(f"打印机“{name}”没有接受，请检查打印机是否开机、有纸，再打印一次。", good=False)

    def _handed_out(self, draft: Draft, words: str, where: str) -> None:
        if self.preview is not None:
            self.preview.show_draft(draft)
        self._tell(words, good=True)
        self.handed_out.emit(where)

    def _refused(self, error: Exception) -> None:
        self._making = False
        self._tell(sentence_of(error), good=False)

    def _tell(self, words: str, *, good: bool) -> None:
        self.told.emit(words, good)
        if self.preview is not None:
            self.preview.tell(words, good=good)
