"""Statistics leave the machine: as a file, or printed from the preview; on the audit trail before they do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QWidget

from pinggu_desk.desk import dialogs
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.shownpaper import ShownPaper
from pinggu_desk.desk.wizard.issue import Issued
from pinggu_desk.documents.statistics.table import STATISTICS_TITLE, Measure, StatTable
from pinggu_desk.register import Register, events
from pinggu_desk.register.events import How
from pinggu_desk.work.statfiles import ENDINGS, statistics_bytes, told_by, trail_words, write_statistics

_KINDS = "Excel 工作簿 (*.xlsx);;PDF 文件 (*.pdf);;文字表格 (*.csv)"


def ask_where(parent: QWidget, suggested: Path) -> Path | None:
    """Ask for the file; its ending says of which kind it is, that of the chosen filter where none was typed."""
    dialog = dialogs.save_dialog(parent, "导出统计", suggested, _KINDS)
    dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(kind.rpartition("*.")[2].rstrip(")")))
    return dialogs.answer_of(dialog)


class Output(ShownPaper):
    """The table that is shown, as a file of one of three kinds, or on paper."""

    def __init__(self, services: Services, owner: QWidget) -> None:
        super().__init__(services, owner)
        self.ask_path: Callable[[QWidget, Path], Path | None] = ask_where

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
            lambda where: self.told.emit(f"已保存：{where}", True), self._refused, writes=True,
        )  # fmt: skip

    def preview(self, table: StatTable | None, measure: Measure) -> None:
        """Show the paper as it will be printed."""
        if table is None:
            return
        office = self._services.settings.now.office
        leaves: dict[How, str] = {"打印": events.STATISTICS_PRINTED, "保存": events.STATISTICS_EXPORTED}

        def make(register: Register) -> Issued:
            made = datetime.now()
            data = statistics_bytes(table, ".pdf", told_by(register, made, office), measure)
            return Issued(STATISTICS_TITLE, "", f"{STATISTICS_TITLE}_{made:%Y%m%d}.pdf", data, "")

        self.show_made(make, lambda how: (leaves[how], "统计", trail_words(table)))
