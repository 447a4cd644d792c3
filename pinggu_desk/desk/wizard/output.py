"""出具文书: the letter, the sheet, the notice; what stands in the way; what was issued already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk.kit import Banner, Caption, Card, SecondaryButton, Subtitle
from pinggu_desk.desk.operations import sentence_of
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.wizard import preview
from pinggu_desk.desk.wizard.issue import (
    LETTER,
    NOTICE,
    SHEET,
    Draft,
    PaperName,
    make_draft,
    papers_of,
    record,
    save,
    visit_of,
)
from pinggu_desk.desk.wizard.session import Session
from pinggu_desk.desk.wizard.step import Step, rest_of
from pinggu_desk.desk.words import moment_words

_ABOUT: dict[PaperName, tuple[str, str, str]] = {
    LETTER: ("预览", "F9", "结论、金额与口径、测算过程、时限、材料和咨询方式，交申请人。"),
    SHEET: ("保存", "F8", "政策要求的申请表，已填好能填的，签字盖章后提交。"),
    NOTICE: ("预览", "", "还缺哪些材料和情况，一次说清；一式两联。"),
}


class OutputStep(Step):
    """Makes papers, on the register's thread, and hands them out.

    ``draft_ready`` carries a paper once it is made, ``handed_out`` where it went (a path, or the printer's name).
    """

    draft_ready = Signal(object)
    handed_out = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__(session, "output")
        self.ask_path: Callable[[QWidget, Path], Path | None] = preview.ask_path
        self.has_printer: Callable[[], bool] = preview.has_printer
        self.preview: preview.Preview | None = None
        self._making = False
        self._folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        self._wrong, self._left, self._said = Banner("", "bad"), Banner("", "warn"), Banner("", "good")
        for banner in (self._wrong, self._left, self._said):
            banner.hide()
            self.body.addWidget(banner)
        self.buttons: dict[PaperName, QPushButton] = {}
        for paper in (LETTER, SHEET, NOTICE):
            self.body.addWidget(self._card(paper))
        self._papers = Card(margin=2, spacing=0.5)
        self._papers.body.addWidget(Subtitle("已出具"))
        self._list = QVBoxLayout()
        self._papers.body.addLayout(self._list)
        self.body.addWidget(self._papers)
        self.finish = SecondaryButton("办结")
        self.finish.setAccessibleDescription("文书已交申请人，本办件不再改动；需要时可以重新打开")
        self.finish.clicked.connect(session.close_case)
        row = QHBoxLayout()
        row.addWidget(self.finish)
        self._finish_words = Caption("文书已交申请人，本办件不再改动；需要时可以重新打开。")
        row.addWidget(self._finish_words, 1)
        self.body.addLayout(row)
        self.body.addStretch(1)
        session.papers_changed.connect(self._show_papers)
        self._show_papers()
        self.refresh()

    def _card(self, paper: PaperName) -> Card:
        action, key, about = _ABOUT[paper]
        card = Card(margin=2, spacing=0.5)
        title = Subtitle(self.session.interview.policy.form_title or paper if paper == SHEET else paper)
        # the keys answer on every step, so the page has them, not these buttons
        button = self.buttons[paper] = SecondaryButton(f"{action}  {key}".strip())
        button.setAccessibleName(f"{action} {paper}")
        button.clicked.connect(lambda: self.prepare(paper))
        row = QHBoxLayout()
        words = QVBoxLayout()
        words.addWidget(title)
        words.addWidget(Caption(about))
        words.setSpacing(look().scale.grid(0.5))
        words.addStretch(1)
        row.addLayout(words, 1)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.setSpacing(look().scale.grid(2))
        card.body.addLayout(row)
        return card

    # --- showing

    @override
    def refresh(self) -> None:
        steps = {step.key: step for step in self.session.interview.steps}
        wrong = [f"{s.title} {s.errors} 处" for s in steps.values() if s.errors]
        self._wrong.show_words(f"有误：{'，'.join(wrong)}。有误的填报不会写进文书，请先改正。" if wrong else "", "bad")
        left = [
            f"{s.title}还缺 {s.left} 项"
            for s in steps.values()
            if s.left and s.key in ("applicant", "eligibility", "data")
        ]
        self._left.show_words(f"{'，'.join(left)}；现在出具，文书会写明还缺什么。" if left else "", "warn")

    def _show_papers(self) -> None:
        papers = self.session.record.papers if self.session.record else ()
        while self._list.count():
            rest_of(self._list.takeAt(0).widget())
        today = self.session.services.today()
        for paper in papers:
            self._list.addWidget(Caption(f"{paper.kind}　编号 {paper.serial}　{moment_words(paper.issued_at, today)}"))
        self._papers.setVisible(bool(papers))

    @override
    def stand_in(self, field: str = "") -> bool:
        target = self.buttons[LETTER]
        for paper, button in self.buttons.items():
            if field == paper:
                target = button
        target.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    @override
    def lock_up(self, closed: bool) -> None:
        for widget in (self.finish, self._finish_words):
            widget.setVisible(not closed)

    # --- making

    def prepare(self, paper: PaperName) -> None:
        """Make a paper; the preview opens, or for the sheet the question where to save it."""
        if self.preview is not None or self._making:
            return
        self._said.show_words("")
        self._making = True  # the buttons stay enabled: a disabled one would lose the focus
        self.session.flush()
        visit, case_id = visit_of(self.session, datetime.now()), self.session.case.id
        papers = papers_of(self.session.services)
        self.session.services.operations.run(
            lambda register: make_draft(register, case_id, paper, visit, papers), self._ready, self._refused
        )

    def _ready(self, draft: Draft) -> None:
        self._making = False
        self.draft_ready.emit(draft)
        if draft.paper == SHEET:
            self.save_as(draft)
            return
        window = preview.Preview(draft, self.window(), printers=self.has_printer)
        self.preview = window
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.finished.connect(self._preview_closed)
        window.save_wanted.connect(lambda: self.save_as(window.draft))
        window.print_wanted.connect(lambda: self.print_out(window.draft))
        window.open()

    def _preview_closed(self) -> None:
        paper = self.preview.draft.paper if self.preview is not None else LETTER
        self.preview = None
        self.window().activateWindow()
        self.buttons[paper].setFocus(Qt.FocusReason.OtherFocusReason)

    # --- handing out

    def save_as(self, draft: Draft) -> None:
        """Ask where to, record the paper, write it there."""
        path = self.ask_path(self.preview or self, self._folder / draft.file_name)
        if path is None:
            return
        self._folder = path.parent
        case_id, papers = self.session.case.id, papers_of(self.session.services)
        self._to = path
        self.session.services.operations.run(
            lambda register: save(register, case_id, draft, path, papers), self._saved, self._refused, writes=True
        )

    def _saved(self, draft: Draft) -> None:
        self._handed_out(draft, f"已保存：{self._to}", str(self._to))

    def print_out(self, draft: Draft) -> None:
        """Choose a printer, record the paper, print it."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self._printer.setDocName(Path(draft.file_name).stem)
        if QPrintDialog(self._printer, self.preview or self).exec() != QPrintDialog.DialogCode.Accepted:
            return
        case_id, papers = self.session.case.id, papers_of(self.session.services)
        self.session.services.operations.run(
            lambda register: record(register, case_id, draft, papers), self._print, self._refused, writes=True
        )

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
        self.session.remember()
        self.session.reload_papers()
        self.handed_out.emit(where)

    def _refused(self, error: Exception) -> None:
        self._making = False
        self._tell(sentence_of(error), good=False)

    def _tell(self, words: str, *, good: bool) -> None:
        self._said.show_words(words, "good" if good else "bad")
        if self.preview is not None:
            self.preview.tell(words, good=good)
