"""Statistics leave the machine: as a file, or printed from the preview; on the audit trail before they do."""

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
from pinggu_desk.documents.statistics.table import STATISTICS_TITLE, Measure, StatTable
from pinggu_desk.register import Register, events
from pinggu_desk.work.statfiles import ENDINGS, statistics_bytes, told_by, trail_words, write_statistics

_KINDS = "Excel 工作簿 (*.xlsx);;PDF 文件 (*.pdf);;文字表格 (*.csv)"


def ask_where(parent: QWidget, suggested: Path) -> Path | None:
    """Ask for the file; its ending says of which kind it is, that of the chosen filter where none was typed."""
    dialog = dialogs.save_dialog(parent, "导出统计", suggested, _KINDS)
    dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(kind.rpartition("*.")[2].rstrip(")")))
    return dialogs.answer_of(dialog)


class Output(QObject):
    """``told`` carries a sentence and whether it is good news."""

    told = Signal(str, bool)

    def __init__(self, services: Services, owner: QWidget) -> None:
        super().__init__(owner)
        self.ask_path: Callable[[QWidget, Path], Path | None] = ask_where
        self.ask_printer: Callable[[QWidget, str], Any] = printing.ask_printer
        self.has_printer: Callable[[], bool] = printing.has_printer
        self.shown: Preview | None = None
        self._services, self._owner = services, owner
        self._folder = dialogs.sensible_folder()
        self._table: StatTable | None = None
        self._printer: Any = None

    def export(self, table: StatTable | None, measure: Measure) -> None:
        """Ask where to, then write the table that is shown."""
        if table is None or self._services.locked:
            return
        path = self.ask_path(self._owner, self._folder / f"{STATISTICS_TITLE}_{datetime.now():%Y%m%d}.xlsx")
        if path is None or self._services.locked:
            return
        if path.suffix.lower() not in ENDINGS:
            path = path.with_name(f"{path.name}.xlsx")
        self._folder, to, office = path.parent, path, self._services.settings.now.office
        self._services.operations.run(
            lambda register: write_statistics(register, table, to, datetime.now(), office=office, measure=measure),
            self._saved, self._refused, writes=True,
        )  # fmt: skip

    def _saved(self, path: Path) -> None:
        self.told.emit(f"已保存：{path}", True)

    def _refused(self, error: Exception) -> None:
        self.told.emit(sentence_of(error), False)

    # --- printing

    def preview(self, table: StatTable | None, measure: Measure) -> None:
        """Show the paper as it will be printed."""
        if table is None or self._services.locked or self.shown is not None:
            return
        self._table, office = table, self._services.settings.now.office

        def make(register: Register) -> Issued:
            made = datetime.now()
            data = statistics_bytes(table, ".pdf", told_by(register, made, office), measure)
            return Issued(STATISTICS_TITLE, "", f"{STATISTICS_TITLE}_{made:%Y%m%d}.pdf", data, "")

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
        shown, table = self.shown, self._table
        if shown is None or table is None or self._services.locked:
            return
        path = dialogs.ask_save(shown, "另存为", self._folder / shown.draft.file_name, "PDF 文件 (*.pdf)")
        if path is None or self._services.locked:
            return
        from pinggu_desk.documents.pdf.pdfdoc import save

        data, to = shown.draft.data, path

        def write(register: Register) -> Path:
            register.record_event(events.STATISTICS_EXPORTED, "统计", trail_words(table))
            save(data, to)
            return to

        self._services.operations.run(write, self._saved_shown, self._refused, writes=True)

    def _saved_shown(self, path: Path) -> None:
        self._tell(f"已保存：{path}", good=True)

    def _print(self) -> None:
        shown, table = self.shown, self._table
        if shown is None or table is None or self._services.locked:
            return
        self._printer = self.ask_printer(shown, STATISTICS_TITLE)
        if self._printer is None or self._services.locked:
            return
        self._services.operations.run(
            lambda register: register.record_event(events.STATISTICS_PRINTED, "统计", trail_words(table)),
            self._send, self._refused, writes=True,
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
