"""What becomes of an enquiry: one case or several, its lists, and one 正页 for all policies; with the buttons for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from pinggu_desk.desk.kit import PrimaryButton, QuietButton, SecondaryButton
from pinggu_desk.desk.match.papers import visit_of
from pinggu_desk.desk.match.session import MatchSession
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.wizard.handout import HandOut
from pinggu_desk.desk.wizard.issue import BOOK, LIST, PaperName, draft_or_again, papers_of
from pinggu_desk.desk.wizard.onesheet import one_sheet
from pinggu_desk.register.records import Case


class Onward(QObject):
    """``case_wanted`` carries the case to go on with, ``told`` a sentence and whether it is good news."""

    case_wanted = Signal(int)
    several_wanted = Signal()
    told = Signal(str, bool)

    def __init__(self, services: Services, owner: QWidget, session: Callable[[], MatchSession]) -> None:
        super().__init__(owner)
        self._services, self._session = services, session
        self.hand = HandOut(services, owner, lambda register: session().case_of(register), lambda: session().head)
        self.hand.told.connect(self.told)
        self.hand.handed_out.connect(lambda _where: session().leave())
        self.finish = SecondaryButton("办结")
        self.finish.clicked.connect(lambda: session().close())
        self.book = SecondaryButton("表格", "F8")
        self.book.clicked.connect(lambda: self.make_paper(BOOK))
        self.list_paper = SecondaryButton("清单", "F9")
        self.list_paper.clicked.connect(lambda: self.make_paper(LIST))
        self.letter = QuietButton("合出一张告知书", "F11")
        self.letter.setAccessibleDescription("几项政策合出一张告知书")
        self.letter.clicked.connect(self.make_letter)
        self.several = QuietButton("几项政策一起办", "F12")
        self.several.setAccessibleDescription("几项政策各开一件，共同的只答一次")
        self.several.clicked.connect(self.several_wanted)
        self.handle = PrimaryButton("办理  Ctrl+回车")
        self.handle.setAccessibleName("办理")
        self.handle.setShortcut(QKeySequence("Ctrl+Return"))

    def buttons(self) -> list[SecondaryButton | PrimaryButton]:
        """What leads on at the foot; ``several`` and ``letter`` stand under the best bundle, which they are about."""
        return [self.book, self.list_paper, self.handle]

    def open_case(self, benefit: str) -> None:
        """办理: a case under the policy of a benefit, everything filled in."""
        session = self._session()
        if not benefit or session.enquiry.trial is not None:
            return
        kept = {kept.benefit for kept in session.enquiry.match.bundle.kept}
        order = [rule.benefit.id for rule in self._services.engine.rules_of(benefit.split(".", 1)[0])]
        self._open([[i for i in order if i == benefit or i in kept]], together=False)

    def open_cases(self, several: list[list[str]]) -> None:
        """A case for each policy, by its benefits, all of one visit; the first opens."""
        self._open(several, together=True)

    def _open(self, several: list[list[str]], *, together: bool) -> None:
        self.handle.setEnabled(False)
        self._session().open_wizards(several, self._begun, together=together)

    def _begun(self, case: Case) -> None:
        self.handle.setEnabled(True)
        self.case_wanted.emit(case.id)

    def make_paper(self, paper: PaperName) -> None:
        """清单 or 表格: made of what was stated, never of what is only tried."""
        session = self._session()
        if self.hand.busy or session.enquiry.trial is not None:
            return
        session.journal.flush()
        found, papers = visit_of(session, datetime.now()), papers_of(self._services)
        self.hand.prepare(
            lambda register, case_id: draft_or_again(register, case_id, paper, found.visit, papers, found)
        )

    def make_letter(self) -> None:
        """One 告知书 over the policies: of the visit's cases where some were opened, else of what the enquiry found."""
        session = self._session()
        if self.hand.busy or session.enquiry.trial is not None:
            return
        session.journal.flush()
        now, services = datetime.now(), self._services
        found = visit_of(session, now)
        self.hand.prepare(lambda register, case_id: one_sheet(register, services, case_id, now, found))
