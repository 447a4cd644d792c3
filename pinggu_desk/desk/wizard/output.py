"""出具文书: the papers one by one or the whole set; what stands in the way; what was issued already, to be had again."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk.allowed import only
from pinggu_desk.desk.kit import Banner, Caption, Card, QuietButton, SecondaryButton, Subtitle
from pinggu_desk.desk.kit.kept import Kept, KeptRows
from pinggu_desk.desk.kit.marks import Tick
from pinggu_desk.desk.operations import sentence_of
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.wizard.handout import HandOut
from pinggu_desk.desk.wizard.issue import (
    CHECKLIST,
    LETTER,
    NOTICE,
    RECEIPT,
    SHEET,
    WORKING,
    Draft,
    Issued,
    PaperName,
    Papers,
    draft_or_again,
    issue_set,
    issued_again,
    papers_of,
    save_set,
    set_of,
    visit_of,
)
from pinggu_desk.desk.wizard.onesheet import one_sheet
from pinggu_desk.desk.wizard.session import Session
from pinggu_desk.desk.wizard.step import Step
from pinggu_desk.desk.words import moment_words
from pinggu_desk.documents.visit import Visit
from pinggu_desk.register.records import IssuedDocument
from pinggu_desk.register.roles import Act

_ABOUT: dict[PaperName, tuple[str, str, str]] = {
    LETTER: ("预览", "F9", "正页一页：能申请什么、多少、什么时候、找谁，交申请人；附页是依据，需要时打印。"),
    SHEET: ("保存", "F8", "政策要求的申请表，已填好能填的，签字盖章后提交。"),
    NOTICE: ("预览", "", "还缺哪些材料和情况，一次说清；一式两联。"),
    RECEIPT: ("预览", "", "收到哪些材料、还缺哪些、什么时候前补齐，盖章交申请人。"),
    CHECKLIST: ("预览", "", "全部材料的形式、盖章要求和来处，供申请人逐件勾对。"),
    WORKING: ("预览", "", "每个事项逐条的判断、条款原文和口径，供存档复核。"),
}


class OutputStep(Step):
    """Offers the papers of a case; ``hand`` makes them and hands them out."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "output")
        self._wrong, self._left, self._said = Banner("", "bad"), Banner("", "warn"), Banner("", "good")
        for banner in (self._wrong, self._left, self._said):
            banner.hide()
            self.body.addWidget(banner)
        self.hand = HandOut(session.services, self, lambda _register: session.case.id, lambda: session.head)
        self.hand.told.connect(lambda words, good: self._said.show_words(words, "good" if good else "bad"))
        self.hand.closed.connect(self._preview_closed)
        self.hand.handed_out.connect(self._handed_out)
        self.form_note = Banner("", "warn")
        self.form_note.hide()
        self.buttons: dict[PaperName, QPushButton] = {}
        for paper in _ABOUT:
            self.body.addWidget(self._card(paper))
            if paper == NOTICE:  # what is wanted most stands above it
                self.body.addWidget(self._set_card())
        self._papers = Card(margin=2, spacing=0.5)
        self._papers.body.addWidget(Subtitle("已出具"))
        self._list = KeptRows()
        self.again: dict[str, QPushButton] = {}
        self._papers.body.addWidget(self._list)
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
        only(session.services, Act.WORK, self.set_print, self.set_save, self.finish, *self.buttons.values())
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
        if paper == SHEET:
            card.body.addWidget(self.form_note)
        return card

    def _set_card(self) -> Card:
        card = Card(margin=2, spacing=0.5)
        self.set_print = SecondaryButton("打印整套", "Ctrl+F9")
        self.set_save = SecondaryButton("保存整套", "Ctrl+F8")
        self.set_print.clicked.connect(self.print_whole)
        self.set_save.clicked.connect(self.save_whole)
        self._set_words = Caption()
        self.annex = Tick("告知书的附页也打印")
        self.annex.setAccessibleDescription("不选只打印正页")
        self.annex.toggled.connect(lambda on: setattr(self.hand, "annexes", on))
        card.body.addWidget(Subtitle("整套文书"))
        card.body.addWidget(self._set_words)
        row = QHBoxLayout()
        row.setSpacing(look().scale.grid(2))
        for button in (self.set_print, self.set_save):
            row.addWidget(button)
        row.addStretch(1)
        card.body.addLayout(row)
        card.body.addWidget(self.annex)  # under them: beside, the row is wider than the page at the largest size
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
        self.set_print.setEnabled(self.hand.has_printer())
        no_printer = "" if self.set_print.isEnabled() else "本机没有装打印机，请保存整套再打印。"
        self._set_words.setText(f"这次办件该出的文书一次出齐，各有编号；申请表只存成文件。{no_printer}")

    def _show_papers(self) -> None:
        papers = self.session.record.papers if self.session.record else ()
        today = self.session.services.today()
        self._list.show_rows(
            [
                Kept(paper.serial, when, partial(self._issued, paper, when))
                for paper, when in ((paper, moment_words(paper.issued_at, today)) for paper in papers)
            ]
        )
        self._papers.setVisible(bool(papers))

    def _issued(self, paper: IssuedDocument, when: str) -> QWidget:
        """A line of what was issued, with the way to have it again."""
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Caption(f"{paper.kind}　编号 {paper.serial}　{when}"), 1)
        button = self.again[paper.serial] = QuietButton("补打")
        button.setAccessibleName(f"补打 {paper.kind} {paper.serial}")
        button.clicked.connect(lambda: self.prepare_again(paper))
        only(self.session.services, Act.WORK, button)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return line

    def _look_at_form(self) -> None:
        """Say beside the sheet what is wrong with the office's own form, before anything is saved."""
        papers, policy = papers_of(self.session.services), self.session.case.policy_id
        version = self.session.pack.version
        self.session.services.operations.without_register(
            lambda: papers.form_note(policy, version),
            self._show_note,
            lambda error: self._show_note(sentence_of(error)),
        )

    def _show_note(self, words: str) -> None:
        self.form_note.show_words(words, "warn")

    @override
    def stand_in(self, field: str = "") -> bool:
        self._look_at_form()
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
        """Make a paper and hand it out."""
        if self.hand.busy:
            return
        self.session.flush()
        visit, papers = visit_of(self.session, datetime.now()), papers_of(self.session.services)
        self.hand.prepare(lambda register, case_id: draft_or_again(register, case_id, paper, visit, papers))

    def prepare_together(self) -> None:
        """Make one letter over all cases of the visit (同一来访)."""
        if self.hand.busy:
            return
        self.session.flush()
        services, now = self.session.services, datetime.now()
        self.hand.prepare(lambda register, case_id: one_sheet(register, services, case_id, now))

    def prepare_again(self, paper: IssuedDocument) -> None:
        """Have an issued paper again (补打): its own bytes, marked on the print, on the audit trail once handed out."""
        now = datetime.now()
        self.hand.prepare(lambda register, _case_id: issued_again(register, paper, now))

    def print_whole(self) -> None:
        """Issue every paper that this visit wants, and print it."""
        (names, visit, papers), seen = self._whole(), self.session.head.standing()
        printed = [name for name in names if name != SHEET]
        self.hand.print_all(
            "整套文书", lambda register, case_id: issue_set(register, case_id, printed, visit, papers, seen=seen),
            "申请表请按 F8 保存后打印。",
        )  # fmt: skip

    def save_whole(self) -> None:
        """Issue every paper that this visit wants into a folder."""
        (names, visit, papers), seen = self._whole(), self.session.head.standing()
        self.hand.save_all(
            lambda folder, register, case_id: save_set(folder, register, case_id, names, visit, papers, seen)
        )

    def _whole(self) -> tuple[list[PaperName], Visit, Papers]:
        self.session.flush()
        visit = visit_of(self.session, datetime.now())
        return set_of(visit), visit, papers_of(self.session.services)

    def _preview_closed(self, draft: Draft | Issued | None) -> None:
        again = self.again.get(draft.serial) if isinstance(draft, Issued) else None
        button = next((b for name, b in self.buttons.items() if draft and name == draft.paper), self.buttons[LETTER])
        (again or button).setFocus(Qt.FocusReason.OtherFocusReason)

    def _handed_out(self, _where: str) -> None:
        self.session.remember()
        self.session.reload_papers()
