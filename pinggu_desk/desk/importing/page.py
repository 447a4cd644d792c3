"""从名单导入: choose a list, check its columns, see what it would change, decide what is asked, write it. All by keyboard."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout
from typing_extensions import override

from pinggu_desk.desk.batch.choosing import dropped_list
from pinggu_desk.desk.batch.columns import ColumnsPanel
from pinggu_desk.desk.batch.matching import Stage
from pinggu_desk.desk.batch.running import RunPanel
from pinggu_desk.desk.importing.changes import ChangesPanel
from pinggu_desk.desk.importing.choosing import KINDS, ChoosePanel
from pinggu_desk.desk.importing.session import ImportSession, import_of
from pinggu_desk.desk.kit import Banner, PrimaryButton, SecondaryButton
from pinggu_desk.desk.page import Page
from pinggu_desk.desk.services import Services
from pinggu_desk.register.roles import Act, may, refusal

_PLACES: dict[Stage, int] = {"choose": 0, "preview": 1, "reading": 2, "running": 2, "results": 3}


class ImportPage(Page):
    """The page behind 企业's “从名单导入”; what it shows is the window's one list that is imported."""

    title = "导入"

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.session: ImportSession = import_of(services)
        self._may = may(services.clerk.role, Act.IMPORT)
        self._shown: object = None
        self._told_left: object = None  # the preview whose open questions were told
        self.setAcceptDrops(True)
        self.told = Banner("", "good")
        self.told.hide()
        self.choosing, self.columns = ChoosePanel(services.today), ColumnsPanel(self.session)
        self.running, self.changes = RunPanel(), ChangesPanel()
        self.stack = QStackedWidget()
        for panel in (self.choosing, self.columns, self.running, self.changes):
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
        self._lay_out = PrimaryButton("看会改什么", "F5")
        self._lay_out.clicked.connect(self.session.lay_out)
        self._cancel = SecondaryButton("取消", "Esc")
        self._cancel.clicked.connect(self.session.cancel)
        self._columns = SecondaryButton("核对列", "F4")
        self._columns.clicked.connect(self.session.check_again)
        self._unread = SecondaryButton("没有读出的", "F6")
        self._unread.clicked.connect(self.changes.toggle_unread)
        self._agree = PrimaryButton("写入登记库", "F5")
        self._agree.clicked.connect(self.agree)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.changes.decide_alike)

    def _join(self) -> None:
        session = self.session
        session.stage_changed.connect(lambda: self._show_stage(front=self.isVisible() and not self._services.locked))
        session.preview_changed.connect(self.columns.refresh)
        session.progressed.connect(self._show_progress)
        session.told.connect(self._tell)
        self.choosing.chosen.connect(self._chosen)

    # --- the page, for the window

    @override
    def enter(self) -> None:
        if not self._may:
            self._tell(refusal(self._services.clerk.role, Act.IMPORT), good=False)
        self._show_stage(front=True)

    @override
    def foot(self) -> list[QPushButton]:
        stage = self.session.stage
        if not self._may:
            return []
        if stage == "choose":
            return [self._next]
        if stage == "preview":
            return [self._other, self._lay_out]
        if stage != "results":
            return [self._cancel]
        return [self._other, self._columns, self._unread, self._agree]

    @override
    def back(self) -> bool:
        stage = self.session.stage
        if stage == "preview" and self.columns.back():
            return True
        if stage == "results" and self.changes.back():
            return True
        if stage == "choose":
            self.place_wanted.emit("企业")
        elif stage == "results":
            self.session.check_again()
        else:
            self.session.choose_another()
        return True

    def _show_stage(self, *, front: bool) -> None:
        session, stage = self.session, self.session.stage
        self.stack.setEnabled(self._may)
        self.stack.setCurrentIndex(_PLACES[stage])
        if stage == "results" and session.plan is not None and self._shown is not session.plan:
            self._shown = session.plan
            self.changes.show_plan(session.plan)
        if front and self._may:
            self._stand(stage)
        self.foot_changed.emit()

    def _stand(self, stage: Stage) -> None:
        if stage == "choose":
            self.choosing.begin(self.session.what)
        elif stage == "preview":
            self.columns.begin()
        elif stage == "results":
            self.changes.begin()
        else:
            what = "正在写入登记库" if self.session.writing else "正在读取"
            self.running.begin(what, Path(self.session.source).name, "已写入" if self.session.writing else "已读取")

    def _show_progress(self, done: int, claimed: int) -> None:
        self.running.show_progress(done, claimed)

    def _tell(self, words: str, good: bool) -> None:
        self.told.show_words(words, "good" if good else "bad")
        self.foot_changed.emit()

    # --- doing

    def _chosen(self, what: str, path: str, on: date) -> None:
        self.told.show_words("")
        self.session.what = next(kind for kind in KINDS if kind == what)
        self.session.on = on
        self.session.read(path)

    def agree(self) -> None:
        """Write; where something waits to be decided, say once that it is left out."""
        plan = self.session.plan
        if plan is None:
            return
        left = plan.count("要先定")
        if left and self._told_left is not plan:
            self._told_left = plan
            wanted = plan.count("新登记") + plan.count("有变化")
            self.told.show_words(f"还有 {left} 个要先定，没有定的不写入；再按一次 F5 就写入其余 {wanted} 个。", "warn")
            return
        self.told.show_words("")
        self.session.agree()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_list(event) is not None and self.session.stage == "choose":
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_list(event)
        if path is not None:
            event.acceptProposedAction()
            self.choosing.put(path)
