"""Whose enquiry it is: found among those who came before, or registered now. What was answered already stays."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from pinggu_desk.desk.kit import Caption, Card, Line, ScrollColumn, SecondaryButton, Subtitle
from pinggu_desk.desk.pages.applicant_form import ApplicantForm
from pinggu_desk.desk.search import WHOM, Hit, ResultList, Searching
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.theme import look
from pinggu_desk.register.records import Applicant


class WhoPanel(ScrollColumn):
    """``chosen`` carries the applicant's id, ``given_up`` that it is left open for now."""

    chosen = Signal(int)
    given_up = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.setAccessibleName("登记申请人")
        self._find = Card(spacing=1.5)
        self._find.body.addWidget(Subtitle("是哪一位？"))
        self._find.body.addWidget(Caption("以前来过的直接查出来；没来过的登记。已经问到的都保留。"))
        self.line = Line(60)
        self.line.setPlaceholderText("名称、代码、拼音首字母")
        self.line.setAccessibleName("查找申请人")
        self.line.setAccessibleDescription("上下键选择，回车选定；没有找到时按 F3 登记")
        self.results = ResultList()
        self.results.hide()
        self.searching = Searching(self.line, self.results, services.operations, {}, ("申请人",), advice=WHOM)
        self.searching.taken.connect(self._hit)
        self.searching.shown.connect(self._fit)
        row = QHBoxLayout()
        row.addWidget(self.line, 100)
        row.addStretch(1)
        self._find.body.addLayout(row)
        self._find.body.addWidget(self.results)
        self.register = SecondaryButton("登记新申请人", "F3")
        self.register.clicked.connect(self.begin_new)
        back = SecondaryButton("先不登记")
        back.clicked.connect(self.given_up)
        buttons = QHBoxLayout()
        buttons.addWidget(self.register)
        buttons.addWidget(back)
        buttons.addStretch(1)
        self._find.body.addLayout(buttons)
        self._new = Card(spacing=2)
        self.form = ApplicantForm(services)
        self._new.body.addWidget(Subtitle("登记新申请人"))
        self._new.body.addWidget(self.form)
        self.form.kept.connect(self._kept)
        self.form.given_up.connect(self.begin)
        self.form.existing_wanted.connect(self.chosen)
        self._sought = ""
        self.line.textEdited.connect(self._note)
        for card in (self._find, self._new):
            self.body.addWidget(card)
        self.body.addStretch(1)

    def begin(self) -> None:
        """Begin with the search, and with nothing in it."""
        self.searching.close()
        self._sought = ""
        self._new.hide()
        self._find.show()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin_new(self) -> None:
        """Register one who was never here."""
        licence = self.searching.licence
        self._find.hide()
        self._new.show()
        self.form.begin(name=self._sought if any(ord(c) > 0x2E80 for c in self._sought) and licence is None else "")
        if licence is not None:
            self.form.take_licence(licence)

    def _note(self, text: str) -> None:
        self._sought = text.strip()

    def _hit(self, hit: Hit) -> None:
        self.chosen.emit(int(hit.key))

    def _kept(self, applicant: Applicant) -> None:
        self.chosen.emit(applicant.id)

    def _fit(self, shown: bool) -> None:
        self.results.setVisible(shown)
        if shown:
            self.results.setFixedHeight(min(self.results.wanted_height(), look().scale.body * 20))
