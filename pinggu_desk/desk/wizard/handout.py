"""Handing out a paper (文书): made on the register's thread, previewed, saved or printed; on record before it leaves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from pinggu_desk.desk.dialogs import sensible_folder
from pinggu_desk.desk.head import Head
from pinggu_desk.desk.operations import sentence_of
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.wizard import preview, printing
from pinggu_desk.desk.wizard.issue import Draft, Issued, ending, note_again, papers_of, record, save, save_again
from pinggu_desk.register import Register
from pinggu_desk.register.issuing import Standing

_LOCKED_MEANWHILE = "文书已登记，但还没打印窗口就锁定了；请在“已出具”中补打。"


class HandOut(QObject):
    """One way for every page that hands papers out.

    ``draft_ready`` carries a paper once it is made, ``handed_out`` where it went (a path, a folder, the printer's name),
    ``told`` a sentence and whether it is good news, ``closed`` the paper whose preview was closed.
    """

    draft_ready = Signal(object)
    handed_out = Signal(str)
    told = Signal(str, bool)
    closed = Signal(object)

    def __init__(
        self, services: Services, owner: QWidget, case_of: Callable[[Register], int], head: Callable[[], Head]
    ) -> None:  # fmt: skip
        super().__init__(owner)
        self._head = head
        self._seen = Standing(None, None)  # how the case stood on the screen that the paper is made of
        self.ask_path: Callable[[QWidget, Path], Path | None] = preview.ask_path
        self.ask_folder: Callable[[QWidget, Path], Path | None] = preview.ask_folder
        self.ask_printer: Callable[[QWidget, str], Any] = printing.ask_printer
        self.has_printer: Callable[[], bool] = printing.has_printer
        self.annexes = False  # whether a set of papers is printed with the 附页 of its letter
        self.preview: preview.Preview | None = None
        self._services, self._owner, self._case_of = services, owner, case_of
        self._making = False
        self._folder = sensible_folder()

    @property
    def busy(self) -> bool:
        """Whether a paper is being made or previewed: there is one at a time."""
        return self.preview is not None or self._making

    def prepare(self, make: Callable[[Register, int], Draft | Issued]) -> None:
        """Make a paper, or take an issued one from the register; the preview opens, or for a workbook the question where to save it."""
        if self.busy or self._locked():
            return
        self.told.emit("", True)
        self._making = True
        seen = self._seen = self._head().standing()

        def work(register: Register) -> Draft | Issued:
            register.refuse_unseen(self._case_of(register), seen)
            return make(register, self._case_of(register))

        self._services.operations.run(work, self._ready, self._refused)

    def _ready(self, draft: Draft | Issued) -> None:
        self._making = False
        self.draft_ready.emit(draft)
        if ending(draft.paper) == ".xlsx":  # nobody previews it: what there is to tell stands on the page first
            if isinstance(draft, Draft) and draft.note:
                self._tell(draft.note, good=False)
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
        draft = self.preview.draft if self.preview is not None else None
        self.preview = None
        self._owner.window().activateWindow()
        self.closed.emit(draft)

    def save_as(self, draft: Draft | Issued) -> None:
        """Ask where to, record the paper, write it there."""
        if self._locked():
            return
        path = self.ask_path(self.preview or self._owner, self._folder / draft.file_name)
        if path is None or self._locked():
            return
        self._folder, self._to = path.parent, path
        papers, seen = papers_of(self._services), self._seen

        def write(register: Register) -> Draft | Issued:
            if isinstance(draft, Issued):
                return save_again(register, draft, path)
            return save(register, self._case_of(register), draft, path, papers, seen)

        self._services.operations.run(write, self._saved, self._refused, writes=True)

    def _saved(self, draft: Draft | Issued) -> None:
        again = f"内容没有变，仍是编号 {draft.serial}，按补打记入审计。" if isinstance(draft, Issued) else ""
        note = draft.note if isinstance(draft, Draft) else ""
        self._handed_out(draft, "　".join(part for part in (f"已保存：{self._to}", again, note) if part), str(self._to))

    def print_out(self, draft: Draft | Issued) -> None:
        """Choose a printer, record the paper, print it."""
        if self._locked():
            return
        self._printer = self.ask_printer(self.preview or self._owner, Path(draft.file_name).stem)
        if self._printer is None or self._locked():
            return
        papers, seen = papers_of(self._services), self._seen

        def put_down(register: Register) -> Draft | Issued:
            if isinstance(draft, Issued):
                return note_again(register, draft, "打印")
            return record(register, self._case_of(register), draft, papers, "打印", seen)

        self._services.operations.run(put_down, self._print, self._refused, writes=True)

    def _locked(self) -> bool:
        """Whether the desk is locked: then nothing is made, recorded, saved or printed, whatever window asked for it."""
        return self._services.locked

    def _print(self, draft: Draft | Issued) -> None:
        if self._locked():
            self._tell(_LOCKED_MEANWHILE, good=False)
            return
        annex = self.preview is not None and self.preview.annex.isChecked()
        self._printer.setDocName(printing.job_name(draft.paper, draft.serial))
        pages = printing.print_pages(draft.data, self._printer, draft.mark, annex=annex)
        name = self._printer.printerName()
        words, good = printing.sent(name, pages)
        if good:
            self._handed_out(draft, words, name)
        else:
            self._tell(words, good=False)

    # --- several at once

    def print_all(self, title: str, issue: Callable[[Register, int], list[Draft]], rest: str) -> None:
        """Choose a printer once, issue the papers, print each as a job of its own; ``rest`` is said of what isn't printed."""
        printer = None if self.busy or self._locked() else self.ask_printer(self._owner, title)
        if printer is not None and not self._locked():
            self._printer = printer
            self._issue_all(issue, lambda drafts: self._print_all(drafts, rest))

    def save_all(self, issue: Callable[[Path, Register, int], list[Draft]]) -> None:
        """Choose a folder once, issue the papers into it."""
        folder = None if self.busy or self._locked() else self.ask_folder(self._owner, self._folder)
        if folder is not None and not self._locked():
            self._folder = folder
            self._issue_all(lambda register, case_id: issue(folder, register, case_id), self._saved_all)

    def _issue_all(
        self, issue: Callable[[Register, int], list[Draft]], done: Callable[[list[Draft]], None]
    ) -> None:  # fmt: skip
        self.told.emit("", True)
        self._making = True
        seen = self._seen = self._head().standing()

        def work(register: Register) -> list[Draft]:
            register.refuse_unseen(self._case_of(register), seen)
            return issue(register, self._case_of(register))

        self._services.operations.run(work, done, self._refused, writes=True)

    def _print_all(self, drafts: list[Draft], rest: str) -> None:
        self._making = False
        if self._locked():
            self._tell(_LOCKED_MEANWHILE, good=False)
            return
        name = self._printer.printerName()
        sides = 0
        for draft in drafts:
            self._printer.setDocName(printing.job_name(draft.paper, draft.serial))
            printed = printing.print_pages(draft.data, self._printer, draft.mark, annex=self.annexes)
            if not printed:
                self._tell(f"{printing.sent(name, 0)[0]}各件已登记，可在“已出具”中补打。", good=False)
                self.handed_out.emit(name)
                return
            sides += printed
        told = "、".join(draft.paper for draft in drafts)
        self._tell(f"已送打印机“{name}”：{told}，共 {sides} 页。{rest}{_lacking(drafts)}", good=True)
        self.handed_out.emit(name)

    def _saved_all(self, drafts: list[Draft]) -> None:
        self._making = False
        told = "、".join(draft.paper for draft in drafts)
        notes = "".join(draft.note for draft in drafts)
        self._tell(f"已保存 {len(drafts)} 件到 {self._folder}：{told}。{_lacking(drafts)}{notes}", good=True)
        self.handed_out.emit(str(self._folder))

    def _handed_out(self, draft: Draft | Issued, words: str, where: str) -> None:
        if self.preview is not None:
            self.preview.show_draft(draft)
        self._tell(words, good=True)
        self.handed_out.emit(where)

    def _refused(self, error: Exception) -> None:
        self._making = False
        self._tell(sentence_of(error), good=False)
        self._head().overtaken(error)

    def _tell(self, words: str, *, good: bool) -> None:
        self.told.emit(words, good)
        if self.preview is not None:
            self.preview.tell(words, good=good)


def _lacking(drafts: list[Draft]) -> str:
    """The characters that no font has, for a set that nobody previews."""
    missing = dict.fromkeys(glyph for draft in drafts for glyph in draft.missing)
    return f"本机没有{'、'.join(missing)}的字形，纸上是编码，请手写补正。" if missing else ""
