"""A new case (新办): whose it is, and under which policy. Nothing else is asked before the wizard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout
from typing_extensions import override

from pinggu_desk.desk.kit import Caption, Card, Line, PrimaryButton, ScrollColumn, SecondaryButton, Subtitle, Title
from pinggu_desk.desk.page import Page
from pinggu_desk.desk.pages.applicant_form import ApplicantForm
from pinggu_desk.desk.pages.policy_list import PolicyList
from pinggu_desk.desk.search import WHOM, Hit, ResultList, Searching
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.words import about
from pinggu_desk.policy.licence import Licence
from pinggu_desk.register.records import Applicant, Case


class NewCasePage(Page):
    """First the applicant (known or new), then the policy; Esc goes back a step."""

    title = "新办"

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._applicant: Applicant | None = None
        self._policy = ""
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        column = ScrollColumn()
        outer.addWidget(column)
        column.body.addWidget(Title("新办一件"))
        self._who = self._build_who()
        self._new = Card(spacing=2)
        self.form = ApplicantForm(services)
        self._new.body.addWidget(Subtitle("登记新申请人"))
        self._new.body.addWidget(self.form)
        self.form.kept.connect(self._chosen)
        self.form.given_up.connect(self._ask_who)
        self.form.existing_wanted.connect(self._fetch)
        self._which = self._build_which()
        for card in (self._who, self._new, self._which):
            column.body.addWidget(card)
        column.body.addStretch(1)
        self._register = SecondaryButton("登记新申请人", "F3")
        self._register.clicked.connect(lambda: self._ask_new())
        self._back = SecondaryButton("换申请人")
        self._back.clicked.connect(self._ask_who)
        self._matters = SecondaryButton("来访先问", "F10")
        self._matters.setToolTip("还不知道办哪一项：先问来访者为什么事来，再看能享受什么")
        self._matters.clicked.connect(self._what_for)
        self._open = PrimaryButton("开始办理")
        self._open.clicked.connect(self.policies.take_current)

    def _build_who(self) -> Card:
        card = Card(spacing=1.5)
        card.body.addWidget(Subtitle("申请人"))
        card.body.addWidget(Caption("以前来过的直接查出来；没来过的按 F3 登记。"))
        self.line = Line(60)
        self.line.setPlaceholderText("名称、代码、拼音首字母")
        self.line.setAccessibleName("查找申请人")
        self.line.setAccessibleDescription("上下键选择，回车选定；没有找到时按 F3 登记")
        self.results = ResultList()
        self.results.hide()
        self.searching = Searching(self.line, self.results, self._services.operations, {}, ("申请人",), advice=WHOM)
        self.searching.taken.connect(self._hit)
        self.searching.shown.connect(self._fit_results)
        self._sought = ""
        self.line.textEdited.connect(self._note_sought)
        row = QHBoxLayout()
        row.addWidget(self.line, 100)
        row.addStretch(1)
        card.body.addLayout(row)
        card.body.addWidget(self.results)
        return card

    def _build_which(self) -> Card:
        card = Card(spacing=1.5)
        self._whose = Subtitle("")
        self._whose_more = Caption("")
        card.body.addWidget(self._whose)
        card.body.addWidget(self._whose_more)
        card.body.addWidget(Subtitle("办哪一项政策？"))
        self.policies = PolicyList(self._services.pack)
        self.policies.taken.connect(self._begin)
        card.body.addWidget(self.policies)
        return card

    # --- the page

    def start(self, applicant_id: int | None, policy_id: str, licence: Licence | None = None) -> None:
        """Begin: with an applicant or a policy where these are known already, or with a licence to be registered."""
        self._policy = policy_id
        self._applicant = None
        if licence is not None:
            self._ask_new(licence)
        elif applicant_id is None:
            self._ask_who()
        else:
            self._fetch(applicant_id)

    @override
    def enter(self) -> None:
        if not self._who.isHidden():
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def foot(self) -> list[QPushButton]:
        if not self._who.isHidden():
            return [self._register]
        return [self._back, self._matters, self._open] if not self._which.isHidden() else []

    def _stage(self, card: Card) -> None:
        for one in (self._who, self._new, self._which):
            one.setVisible(one is card)
        self.foot_changed.emit()

    def _ask_who(self) -> None:
        """Begin with nothing: the last visitor's name must not run into the next one's."""
        self.searching.close()
        self._sought = ""
        self._stage(self._who)
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_new(self, licence: Licence | None = None) -> None:
        licence = licence or self.searching.licence
        self._stage(self._new)
        if licence is not None:
            self.form.begin()
            self.form.take_licence(licence)
            return
        looks_like_name = any(ord(c) > 0x2E80 for c in self._sought)
        self.form.begin(name=self._sought if looks_like_name else "")
        if self._sought and not looks_like_name and any(c.isdigit() for c in self._sought):
            self.form.code.set_text(self._sought)

    def _note_sought(self, text: str) -> None:
        self._sought = text.strip()

    def _hit(self, hit: Hit) -> None:
        self._fetch(int(hit.key))

    def _fetch(self, applicant_id: int) -> None:
        self._services.operations.run(lambda register: register.get(applicant_id), self._chosen)

    def _chosen(self, applicant: Applicant) -> None:
        self._applicant = applicant
        self._sought = ""
        if self._policy:
            self._begin(self._policy)
            return
        self._whose.setText(applicant.name)
        self._whose_more.setText(about(applicant))
        self._stage(self._which)
        self.policies.begin()

    def _what_for(self) -> None:
        """Nobody knows yet under which policy: ask what the visitor came with, for this applicant."""
        if self._applicant is not None:
            self.match_wanted.emit(self._applicant.id)

    def _begin(self, policy_id: str) -> None:
        applicant = self._applicant
        if applicant is None:
            self._policy = policy_id
            self._ask_who()
            return
        version, today = self._services.pack.version, self._services.today()
        self._services.operations.run(
            lambda register: register.open_case(policy_id, version, applicant_id=applicant.id, on=today),
            self._opened,
            writes=True,
        )

    def _opened(self, case: Case) -> None:
        self._policy = ""
        self.case_wanted.emit(case.id)

    def _fit_results(self, shown: bool) -> None:
        self.results.setVisible(shown)
        if shown:
            self.results.setFixedHeight(min(self.results.wanted_height(), look().scale.body * 20))
