"""受理: look for whoever stands at the window, or go on with what was begun."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout
from typing_extensions import override

from pinggu_desk.desk.allowed import only
from pinggu_desk.desk.kit import (
    Badge,
    Banner,
    Caption,
    Card,
    EmptyState,
    PrimaryButton,
    ScrollColumn,
    SecondaryButton,
    Subtitle,
    Title,
    Words,
)
from pinggu_desk.desk.kit.kept import Kept, KeptRows
from pinggu_desk.desk.kit.line import Line
from pinggu_desk.desk.operations import sentence_of
from pinggu_desk.desk.page import Page
from pinggu_desk.desk.search import Hit, ResultList, Searching
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.words import STATE_KINDS, about, how_far, moment_words
from pinggu_desk.register import Register
from pinggu_desk.register.records import Applicant, Case
from pinggu_desk.register.roles import Act
from pinggu_desk.work.newversions import replaced_cases, told

_OPEN_SHOWN = 30


@dataclass(frozen=True)
class Begun:
    """The open cases: those shown, newest first, each with its applicant and how many answers it has; and all of them."""

    rows: Sequence[tuple[Case, Applicant | None, int]]
    every: Sequence[Case]


def open_cases(register: Register, only: Collection[int] = ()) -> Begun:
    """The open cases as the page shows them; of those in ``only`` (ids), where there are any."""
    every = register.open_cases()
    names: dict[int, Applicant] = {}
    rows: list[tuple[Case, Applicant | None, int]] = []
    for case in [case for case in every if not only or case.id in only][:_OPEN_SHOWN]:
        whose = None
        if case.applicant_id is not None:
            if case.applicant_id not in names:
                names[case.applicant_id] = register.glance(case.applicant_id)
            whose = names[case.applicant_id]
        rows.append((case, whose, len(register.answers(case.id))))
    return Begun(rows, every)


class CaseRow(Card):
    """One open case: Enter or a press goes on with it."""

    reader_role = QAccessible.Role.Button
    pressed = Signal(int)
    end_wanted = Signal(bool)

    def __init__(
        self, case: Case, whose: Applicant | None, answered: int, policy: str, services: Services, version: str = ""
    ) -> None:
        super().__init__(margin=1.5, spacing=0.25)
        self._id = case.id
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        name = whose.name if whose else "尚未登记申请人"
        far = how_far(case, answered)
        row = QHBoxLayout()
        row.addWidget(Subtitle(name), 1)
        row.addWidget(Badge(case.state, STATE_KINDS[case.state]), 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        self.body.addWidget(Words(policy))
        parts = (
            about(whose) if whose else "",
            case.number,
            moment_words(case.opened_at, services.today()),
            far,
            version,
        )
        self.body.addWidget(Caption("　".join(part for part in parts if part)))
        self.setAccessibleName("，".join(part for part in (f"继续办理 {name}", policy, far, version) if part))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit(self._id)
        elif event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.end_wanted.emit(event.key() == Qt.Key.Key_End)
        else:
            super().keyPressEvent(event)

    @override
    def mouseReleaseEvent(self, event: object) -> None:
        self.pressed.emit(self._id)


class HomePage(Page):
    """The page one begins at."""

    title = "受理"

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        scale = look().scale
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        column = ScrollColumn()
        outer.addWidget(column)
        self.notice = Banner("", "warn")
        self.notice.hide()
        column.body.addWidget(self.notice)
        column.body.addWidget(Title("来办什么？"))
        column.body.addWidget(Caption("输入企业名称、统一社会信用代码、姓名或拼音首字母；以前来过的，填过的内容都在。"))
        self.line = Line(60)
        self.line.setPlaceholderText("名称、代码、拼音首字母，例如 slzb")
        self.line.setAccessibleName("查找申请人、办件和政策")
        self.line.setAccessibleDescription("上下键选择，回车打开；没有找到时按 F2 新办")
        self.results = ResultList()
        self.results.hide()
        self.searching = Searching(
            self.line, self.results, services.operations, services.titles, passages=lambda: services.passages
        )
        self.searching.taken.connect(self._take)
        self.searching.shown.connect(self._fit_results)
        row = QHBoxLayout()
        row.addWidget(self.line, 100)
        row.addStretch(1)
        column.body.addLayout(row)
        column.body.addWidget(self.results)
        column.body.addSpacing(scale.grid(1))
        self._head = Subtitle("继续办理")
        column.body.addWidget(self._head)
        self.versions = Banner(
            "", "info", action="只看这几件", key="F7"
        )  # open cases whose policy has another version soon
        self.versions.hide()
        self.versions.pressed.connect(self._only_replaced)
        column.body.addWidget(self.versions)
        self._replaced: dict[int, str] = {}
        self._only: set[int] = set()
        self._rows = KeptRows(lambda: self.line)
        column.body.addWidget(self._rows)
        self._empty = EmptyState("正在读取办件", "请稍候。")
        self._was_read = False
        column.body.addWidget(self._empty)
        column.body.addStretch(1)
        self._match = SecondaryButton("能享受什么", "F5")
        self._match.setAccessibleDescription("查到了申请人就按这一位的情况，没有就直接提问")
        self._match.clicked.connect(self._ask_match)
        self._new = PrimaryButton("新办", "F2")
        self._new.clicked.connect(lambda: self.new_case_wanted.emit(None, ""))
        only(services, Act.WORK, self._match, self._new)

    @override
    def foot(self) -> list[QPushButton]:
        return [self._match, self._new]

    @override
    def enter(self) -> None:
        self.searching.close()  # whoever stands here now is another visitor
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self._only = set()
        self.read()
        self.tell()

    def read(self) -> None:
        """Read again what is open; the keys stay where they are."""
        self._services.operations.run(partial(open_cases, only=frozenset(self._only)), self._show, self._not_read)

    def _not_read(self, error: Exception) -> None:
        """What stands here goes on standing; where nothing was read yet, nobody is told that there is nothing."""
        self._services.operations.unread.emit(sentence_of(error))
        if not self._was_read:
            self._empty.show_unread()

    def tell(self) -> None:
        """Say what the desk has noticed by itself: the last backup is long ago, or the register isn't sound."""
        keeper = self._services.keeper
        self.notice.show_words(keeper.notice() if keeper is not None else "", "warn")

    def _only_replaced(self) -> None:
        """Only the cases under a version that is being replaced, or all of them again."""
        self._only = set() if self._only else set(self._replaced)
        self.read()

    def case_rows(self) -> list[CaseRow]:
        """The open cases on the page, newest first."""
        return [row for row in self._rows.rows() if isinstance(row, CaseRow)]

    def _show(self, begun: Begun) -> None:
        rows, total = begun.rows, len(self._only or begun.every)
        found = replaced_cases(self._services.pack, begun.every, self._services.today())
        self._replaced = {one.case.id: one.words for one in found}
        self.versions.show_words(told(found), "info")
        self._rows.show_rows([self._kept(*one) for one in rows])
        self._rows.setVisible(bool(rows))
        more = f"（共 {total} 件，此处列出最近 {len(rows)} 件，其余在台账）" if total > len(rows) else f"（{total} 件）"
        self._head.setText(f"继续办理{more}" if rows else "继续办理")
        self._was_read = True
        self._empty.show_words("没有办到一半的办件", "按 F2 新办一件；填到一半离开的会留在这里，随时接着办。")
        self._empty.setVisible(not rows)

    def _kept(self, case: Case, whose: Applicant | None, answered: int) -> Kept:
        title, version = self._services.policy_title(case.policy_id), self._replaced.get(case.id, "")

        def make() -> CaseRow:
            row = CaseRow(case, whose, answered, title, self._services, version)
            row.pressed.connect(self.case_wanted)
            row.end_wanted.connect(self._go_to_end)
            return row

        return Kept(case.id, (case, whose, answered, title, version, self._services.today()), make)

    def _go_to_end(self, last: bool) -> None:
        rows = self.case_rows()
        if rows:
            rows[-1 if last else 0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _fit_results(self, shown: bool) -> None:
        self.results.setVisible(shown)
        if shown:
            self.results.setFixedHeight(min(self.results.wanted_height(), look().scale.body * 26))

    def _take(self, hit: Hit) -> None:
        if hit.kind == "申请人":
            self.applicant_wanted.emit(int(hit.key))
        elif hit.kind == "办件":
            self.case_wanted.emit(int(hit.key))
        else:
            self.clause_wanted.emit(str(hit.key))

    def _ask_match(self) -> None:
        """能享受什么: of the applicant that is stood on, or of a visitor whose name will be asked later."""
        hit = self.results.current() if self.results.isVisible() else None
        if hit is not None and hit.kind == "申请人":
            self.searching.close()
            self.match_wanted.emit(int(hit.key))
        else:
            self.place_wanted.emit("匹配")
