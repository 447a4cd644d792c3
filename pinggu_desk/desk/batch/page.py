"""批量: choose a list, check its columns, run it, look through the results, go on with any row. Everything by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk import dialogs
from pinggu_desk.desk.batch.choosing import ChoosePanel, dropped_list
from pinggu_desk.desk.batch.columns import ColumnsPanel
from pinggu_desk.desk.batch.matching import Stage
from pinggu_desk.desk.batch.running import RunPanel
from pinggu_desk.desk.batch.session import ListSession, session_of
from pinggu_desk.desk.kit import Banner, PrimaryButton, SecondaryButton
from pinggu_desk.desk.page import Page
from pinggu_desk.desk.services import Services
from pinggu_desk.register.records import Case
from pinggu_desk.register.roles import Act, may, refusal

_PLACES: dict[Stage, int] = {"choose": 0, "preview": 1, "reading": 2, "running": 2, "results": 3}


def ask_path(parent: QWidget, suggested: Path) -> Path | None:
    """Where the results are to be saved."""
    return dialogs.ask_save(parent, "导出结果", suggested, "工作簿 (*.xlsx)")


class BatchPage(Page):
    """The page of the rail's 批量; what it shows is the window's one list at work."""

    title = "批量"

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.session: ListSession = session_of(services)
        self._shown: object = None
        self._assumed = ""  # what was taken for granted of the row that is being opened
        self.opened_words = ""  # what is to be said of it where it is opened
        self._folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        self.ask_path: Callable[[QWidget, Path], Path | None] = ask_path
        self.setAcceptDrops(True)
        from pinggu_desk.desk.batch.results import ResultsPanel

        self.told = Banner("", "good")
        self.told.hide()
        self.choosing = ChoosePanel(services.today, practice=services.practice)
        self.columns, self.running, self.results = ColumnsPanel(self.session), RunPanel(), ResultsPanel(self.session)
        self.stack = QStackedWidget()
        for panel in (self.choosing, self.columns, self.running, self.results):
            self.stack.addWidget(panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.told)
        column.addWidget(self.stack, 1)
        self._make_buttons()
        self._join()

    def _make_buttons(self) -> None:
        self._next = PrimaryButton("读取名单")
        self._next.clicked.connect(self.choosing.take)
        self._other = SecondaryButton("换一份名单", "F3")
        self._other.clicked.connect(self.session.choose_another)
        self._run = PrimaryButton("开始测算", "F5")
        self._run.clicked.connect(self.session.run)
        self._cancel = SecondaryButton("取消", "Esc")
        self._cancel.clicked.connect(self.cancel)
        self._problems = SecondaryButton("名单问题", "F6")
        self._problems.clicked.connect(lambda: self.results.toggle_problems())
        self._export = SecondaryButton("导出", "Ctrl+E")
        self._export.setAccessibleDescription("把结果存成工作簿")
        self._export.clicked.connect(lambda: self.export())
        self._open = PrimaryButton("打开")
        self._open.setAccessibleDescription("把这一位当申请人打开，名单里的都填好")
        self._open.clicked.connect(lambda: self.results.open_here())

    def _join(self) -> None:
        session = self.session
        session.stage_changed.connect(lambda: self._show_stage(front=self.isVisible() and not self._services.locked))
        session.preview_changed.connect(self.columns.refresh)
        session.progressed.connect(self._show_progress)
        session.told.connect(self._tell)
        self.choosing.chosen.connect(self._chosen)
        self.choosing.sample_wanted.connect(self._take_sample)
        self.choosing.results_wanted.connect(session.show_results)
        self.results.detail_wanted.connect(lambda: self.export(detail=True))
        self.results.whole_wanted.connect(lambda: self.export(whole=True))
        self.results.check.clicked.connect(session.check_again)
        self.results.opened.connect(self.open_row)
        self.results.place_wanted.connect(self.clause_wanted)

    # --- the page, for the window

    @override
    def enter(self) -> None:
        self._show_stage(front=True)

    @override
    def foot(self) -> list[QPushButton]:
        stage = self.session.stage
        if stage == "choose":
            return [self._next]
        if stage == "preview":
            return [self._other, self._run]
        if stage != "results":
            return [self._cancel]
        if self.session.exporting:
            return [self._cancel]
        return [self._other, self._problems, self._export, self._open]

    @override
    def clause_here(self) -> str:
        return self.results.side.clause_here() if self.session.stage == "results" else ""

    @override
    def back(self) -> bool:
        if self.session.stage == "preview":
            return self.columns.back()
        return self.session.stage == "results" and self.results.back()

    def _show_stage(self, *, front: bool) -> None:
        """Show where the list is; ``front`` stands there too: work that ends behind another page or the lock takes no focus."""
        session, stage = self.session, self.session.stage
        self.stack.setCurrentIndex(_PLACES[stage])
        if stage == "results" and session.found is not None and self._shown is not session.found:
            self._shown = session.found
            self.results.show_found(session.found)
        if not front:
            pass  # it is entered when somebody comes back to it
        elif stage == "choose":
            self.choosing.begin(session.on, results=session.found is not None)
        elif stage == "preview":
            self.columns.begin()
        elif stage == "results":
            self.results.begin()
        elif not self.running.isVisible() or stage == "running":
            self.running.begin("正在测算" if stage == "running" else "正在读取", Path(session.source).name)
        self.foot_changed.emit()

    def _show_progress(self, done: int, claimed: int) -> None:
        if self.session.exporting:
            self.told.show_words(f"正在导出：{done:,} / {max(done, claimed):,}；导出时可以接着看，Esc 取消。", "info")
        else:
            self.running.show_progress(done, claimed)

    def _tell(self, words: str, good: bool) -> None:
        self.told.show_words(words, "good" if good else "bad")
        self.foot_changed.emit()

    # --- choosing

    def _chosen(self, path: str, on: date) -> None:
        self.told.show_words("")
        self.session.on = on
        self.session.read(path)

    def _take_sample(self) -> None:
        from pinggu_desk.desk.batch.sample import write_sample

        self.choosing.put(write_sample(self._services.folder))

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_list(event) is not None and self.session.stage in ("choose", "preview", "results"):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_list(event)
        if path is not None:
            event.acceptProposedAction()
            self.session.choose_another()
            self.choosing.put(path)

    # --- doing

    def cancel(self) -> None:
        """End what is being read, run or written."""
        if self.session.stage == "reading":
            self.session.choose_another()
        else:
            self.session.cancel()

    def export(self, *, detail: bool = False, whole: bool = False) -> None:
        """Ask where to, then write the results there; ``whole`` with every number whole, by who may see them."""
        found = self.session.found
        if found is None or self.session.busy:
            return
        role = self._services.clerk.role
        if whole and not may(role, Act.UNMASK):
            self._tell(refusal(role, Act.UNMASK), good=False)
            return
        name = f"批量测算结果_{datetime.now():%Y%m%d}.xlsx"
        path = self.ask_path(self, self._folder / name)
        if path is None or self._services.locked:
            return
        self._folder = path.parent
        self.told.show_words("正在导出…", "info")
        self.session.export(path, detail=detail, whole=whole)
        self.foot_changed.emit()  # Esc ends it now

    def open_row(self, row: int) -> None:
        """Go on with a row of the results as a case."""
        found = self.session.found
        if found is None:
            return
        from pinggu_desk.desk.batch.opening import kind_here, stated

        self._assumed = kind_here(found, row)[1]
        told = stated(found, row, self.session.source, sample=self._services.practice)
        version = self._services.pack.version
        self._services.operations.run(
            lambda register: register.open_listed(told, version), self._opened, self._refused, writes=True
        )

    def _opened(self, answer: tuple[Case, bool]) -> None:
        case, new = answer
        self.told.show_words("")
        whose = f"登记库里没有这一位，已登记。{self._assumed}" if new else "登记库里已有这一位。"
        self.opened_words = f"{whose}名单里的都已填好；按 Esc 或 Alt+6 回到批量结果。"
        self.case_wanted.emit(case.id)

    def _refused(self, error: Exception) -> None:
        from pinggu_desk.desk.operations import sentence_of

        self._tell(sentence_of(error), good=False)
