"""企业: the applicants, and all that is known of one: particulars, facts with their days, past awards, cases."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk.allowed import only
from pinggu_desk.desk.kit import EmptyState, PrimaryButton, SecondaryButton
from pinggu_desk.desk.kit.line import Line
from pinggu_desk.desk.page import Page
from pinggu_desk.desk.pages.applicant_view import ApplicantView, Dossier, read_dossier
from pinggu_desk.desk.search import WHOM, Hit, ResultList, Searching
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.words import about
from pinggu_desk.register import Register
from pinggu_desk.register.roles import Act, may

_RECENT = 30


def recent_applicants(register: Register) -> list[Hit]:
    """The applicants of the latest cases, each once."""
    hits: dict[int, Hit] = {}
    for case in register.recent(200):
        if case.applicant_id is not None and case.applicant_id not in hits and len(hits) < _RECENT:
            applicant = register.glance(case.applicant_id)
            hits[applicant.id] = Hit("申请人", applicant.id, applicant.name, about(applicant))
    return list(hits.values())


class EnterprisePage(Page):
    """A list at the left (who came lately, or what is searched for), one applicant's dossier at the right."""

    title = "企业"

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.view: ApplicantView | None = None
        self._wanted = 0
        scale = look().scale
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        side = QWidget()
        side.setMaximumWidth(scale.body * 20)
        column = QVBoxLayout(side)
        column.setContentsMargins(scale.grid(2), scale.grid(2), 0, scale.grid(2))
        self.line = Line(40)
        self.line.setPlaceholderText("名称、代码、拼音首字母")
        self.line.setAccessibleName("查找申请人")
        self.line.setAccessibleDescription("上下键选择，回车打开")
        self.results = ResultList()
        column.addWidget(self.line)
        column.addWidget(self.results, 1)
        self.bring = SecondaryButton("从名单导入", "F7")
        self.bring.setAccessibleDescription("把一份名单写进登记库，先看会改什么")
        self.bring.clicked.connect(lambda: self.place_wanted.emit("导入"))
        column.addWidget(self.bring)
        self.bring.setVisible(may(services.clerk.role, Act.IMPORT))
        self.searching = Searching(self.line, self.results, services.operations, {}, ("申请人",), advice=WHOM)
        self.searching.taken.connect(self._take)
        self.searching.shown.connect(self._searched)
        self._place = QVBoxLayout()
        self._empty = EmptyState(
            "选一位申请人", "左边列出最近来过的；也可以按名称、代码或拼音首字母查找。", icon="enterprise"
        )
        self._place.addWidget(self._empty)
        row.addWidget(side, 1)
        row.addLayout(self._place, 3)
        self._begin = PrimaryButton("为其新办", "F2")
        self._begin.clicked.connect(self._begin_case)
        self._match = SecondaryButton("能享受什么", "F5")
        self._match.clicked.connect(self._ask_match)
        only(services, Act.WORK, self._match, self._begin)

    @override
    def enter(self) -> None:
        if self._wanted:
            self.open(self._wanted)
            return
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.line.selectAll()
        if not self.line.text():
            self._services.operations.run(recent_applicants, self._show_recent)
        if self.view is not None:
            self.open(self.view.applicant.id)

    @override
    def again(self) -> Callable[[EnterprisePage], None] | None:
        applicant = self.view.applicant.id if self.view is not None else 0
        return (lambda page: page.want(applicant)) if applicant else None

    @override
    def foot(self) -> list[QPushButton]:
        return [self._match, self._begin] if self.view is not None else []

    def want(self, applicant_id: int) -> None:
        """Show this applicant when the page comes to the front."""
        self._wanted = applicant_id

    def open(self, applicant_id: int) -> None:
        """Read an applicant's dossier and show it."""
        self._wanted = 0
        self._services.operations.run(lambda register: read_dossier(register, applicant_id), self._show)
        if not self.line.text():
            self._services.operations.run(recent_applicants, self._show_recent)

    def _show_recent(self, hits: list[Hit]) -> None:
        if not self.line.text():
            own = "" if may(self._services.clerk.role, Act.SEE_ALL) else "您"
            self.results.show_hits(hits, f"{own}还没有办过件；上面输名称、代码或拼音查找。")

    def _searched(self, shown: bool) -> None:
        if not shown:
            self._services.operations.run(recent_applicants, self._show_recent)
        elif not self.results.hits():
            self._put_away()

    def _put_away(self) -> None:
        """Nobody was found: another's page must not stay beside the name that was typed, nor its F2."""
        view, self.view = self.view, None
        if view is not None:
            self._place.removeWidget(view)
            view.hide()
            view.deleteLater()
        if self.searching.failed:
            self._empty.show_words("没有查成", "登记库这一次没有读出来，原因写在左边；处理好后再查。")
        else:
            self._empty.show_words("没有找到这位申请人", "换个说法再找；没来过的按 F2 新办时登记。")
        self._empty.show()
        self.foot_changed.emit()

    def _take(self, hit: Hit) -> None:
        self.open(int(hit.key))

    def _show(self, dossier: Dossier) -> None:
        old, self.view = self.view, ApplicantView(self._services, dossier)
        if old is not None:
            self._place.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._empty.hide()
        self._place.addWidget(self.view)
        self.view.show()  # the layout would do it by and by; the focus can't wait
        self.view.case_wanted.connect(self.case_wanted)
        self.view.changed.connect(self.open)
        self.view.existing_wanted.connect(self.open)
        if old is None or old.applicant.id != dossier.applicant.id:
            self.view.focus_first()
        self.foot_changed.emit()

    def _begin_case(self) -> None:
        if self.view is not None:
            self.new_case_wanted.emit(self.view.applicant.id, "")

    def _ask_match(self) -> None:
        if self.view is not None:
            self.match_wanted.emit(self.view.applicant.id)
