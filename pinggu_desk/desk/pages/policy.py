"""政策: a policy's text, clause by clause, beside what the rules make of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk.kit import (
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
    restyle,
)
from pinggu_desk.desk.page import Page
from pinggu_desk.desk.pages.policy_list import PolicyList
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.words import day_words
from pinggu_desk.policy import say
from pinggu_desk.policy.corrections import contact_line, policy_on
from pinggu_desk.policy.models import Policy
from pinggu_desk.policy.reading import reading_of
from pinggu_desk.policy.text import Sentence
from pinggu_desk.policy.versions import days_of, versions_of

_NARROW = 46  # body characters; below, the reading stands under the sentence instead of beside it


_TRY_AGAIN = "换个说法再试：常说的词（如 技改、租房、招人）、政策名称中的几个字、拼音全拼或首字母都可以。清空上面的输入，就列出全部政策。"


def contact_words(policy: Policy) -> str:
    """Whom to call, numbers first; with the other form of a number that is printed doubtfully."""
    if not policy.contacts:
        return f"咨询：{policy.department}（原文没有写电话）"
    doubts = {doubt.at: doubt for doubt in policy.text.doubts}
    parts = []
    for contact in policy.contacts:
        number = any(c.isdigit() for c in contact.text)
        doubt = doubts.get(contact.clause)
        more = f"（另见 {doubt.other}）" if number and doubt is not None and doubt.printed in contact.text else ""
        parts.append((not number, f"{contact_line(contact)}{more}"))
    return "　".join(words for _, words in sorted(parts, key=lambda part: part[0]))


LAST = -2  # where one walks to by End; -1 is one above the first


class ClauseRow(Card):
    """One sentence of the text, and its reading; the arrows walk from one to the next."""

    reader_role = QAccessible.Role.ListItem
    walked = Signal(int)

    def __init__(self, index: int, sentence: Sentence, place: str, readings: list[str], doubt: str) -> None:
        super().__init__(margin=1.25, spacing=0.5)
        self.index, self.clause = index, sentence.id
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("keep_whole", True)
        self.setAccessibleName(f"{place} {say.text_words(sentence.words)}")
        self.setAccessibleDescription("规则读法：" + "；".join(readings) if readings else "")
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(look().scale.grid(2))
        left = QVBoxLayout()
        left.addWidget(Caption(f"{place}　{sentence.id}"))
        words = Words(say.text_words(sentence.words))
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        left.addWidget(words)
        if doubt:
            left.addWidget(Banner(doubt, "warn"))
        left.addStretch(1)
        right = QVBoxLayout()
        for line in readings:
            right.addWidget(Words(line))
        right.addStretch(1)
        self._row.addLayout(left, 11)
        self._row.addLayout(right, 10)
        self.body.addLayout(self._row)

    def narrow(self, yes: bool) -> None:
        """Put the reading under the sentence, or beside it."""
        wanted = QBoxLayout.Direction.TopToBottom if yes else QBoxLayout.Direction.LeftToRight
        if self._row.direction() is not wanted:
            self._row.setDirection(wanted)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.walked.emit(self.index + (1 if event.key() == Qt.Key.Key_Down else -1))
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.walked.emit(0 if event.key() == Qt.Key.Key_Home else LAST)
        else:
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: object) -> None:
        self._mark(True)

    @override
    def focusOutEvent(self, event: object) -> None:
        self._mark(False)

    def _mark(self, here: bool) -> None:
        self.setProperty("here", "true" if here else "false")
        restyle(self)


class PolicyText(ScrollColumn):
    """The whole of one policy: where it comes from, its sentences, whom to call."""

    def __init__(self, policy: Policy, now: bool = True) -> None:
        """``now`` says whether it is the version that cases of today are judged by."""
        super().__init__(rows=True)
        self.policy = policy
        self.rows: list[ClauseRow] = []
        self.setAccessibleName(policy.title)
        self.body.addWidget(Title(policy.title))
        known = policy.known_words or f"自{day_words(policy.known_from)}起可查"
        self.body.addWidget(Caption(f"{policy.source}　主管部门：{policy.department}　{known}"))
        if days := days_of(policy):
            which = "是现行版本" if now else "不是现行版本，今天的办件不按它判断"
            self.body.addWidget(Banner(f"这一版{days}执行，{which}。", "info" if now else "warn"))
        for caution in policy.cautions:
            self.body.addWidget(Banner(caution, "warn"))
        head = QHBoxLayout()
        head.addWidget(Caption("原文"), 11)
        head.addWidget(Caption("规则读法（供核对）"), 10)
        self.body.addLayout(head)
        doubts: dict[str, list[str]] = {}
        for doubt in policy.text.doubts:
            doubts.setdefault(doubt.at, []).append(
                f"这里印作“{doubt.printed}”，政策另一处作“{doubt.other}”：{doubt.why}"
            )
        for sentence in policy.sentences:
            self._add(policy, sentence, "；".join(doubts.get(sentence.id, ())))
        self.body.addStretch(1)

    def _add(self, policy: Policy, sentence: Sentence, doubt: str) -> None:
        if sentence.heading:
            self.body.addSpacing(look().scale.grid(1))
            if sentence.level > 1:
                self.body.addWidget(Subtitle(sentence.words))
            return
        row = ClauseRow(len(self.rows), sentence, policy.place(sentence.id), reading_of(policy, sentence.id), doubt)
        row.walked.connect(self.walk_to)
        self.rows.append(row)
        self.body.addWidget(row)

    def walk_to(self, index: int) -> None:
        """Stand on a sentence by its place in the order."""
        index = len(self.rows) - 1 if index == LAST else index
        if 0 <= index < len(self.rows):
            self.rows[index].setFocus(Qt.FocusReason.OtherFocusReason)

    def go_to(self, clause: str) -> bool:
        """Stand on a clause, or on the first sentence under it; False when the text has none such."""
        ids = [s.id for s in self.policy.text.find(clause) if not s.heading]
        for row in self.rows:
            if row.clause in ids or row.clause == clause:
                row.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return False

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.viewport().width() < look().scale.body * _NARROW
        for row in self.rows:
            row.narrow(narrow)


class PolicyPage(Page):
    """The policies at the left, the chosen one's text at the right; F1 anywhere comes here, at a clause."""

    title = "政策"

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.text: PolicyText | None = None
        self._came_by_f1 = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        margin = look().scale.grid(2)
        side.setContentsMargins(margin, margin, 0, margin)
        self.policies = PolicyList(services.pack, brief=True)
        side.addWidget(self.policies)
        self._side.setMaximumWidth(look().scale.body * 17)
        self._place = QVBoxLayout()
        self._place.setContentsMargins(0, 0, 0, 0)
        self._place.setSpacing(0)
        self.contacts = Banner(
            "", "info"
        )  # over the text, not at its very end: it is what a visitor is told on the telephone
        self.contacts.setAccessibleName("咨询电话")
        self.nothing = EmptyState("没有找到", _TRY_AGAIN)
        edge = QVBoxLayout()
        edge.setContentsMargins(margin, margin // 2, margin, 0)
        edge.addWidget(self.contacts)
        self._place.addLayout(edge)
        self._place.addWidget(self.nothing, 1)
        self.contacts.hide()
        self.nothing.hide()
        row.addWidget(self._side, 1)
        row.addLayout(self._place, 4)
        self.policies.walked.connect(self.show_policy)
        self.policies.taken.connect(self._read)
        self._begin = PrimaryButton("按此政策新办")
        self._begin.clicked.connect(lambda: self.new_case_wanted.emit(None, self.text.policy.id if self.text else ""))

        self._version = SecondaryButton("看另一个版本", "F3")
        self._version.clicked.connect(self._another_version)
        self._others: list[Policy] = []

    @override
    def enter(self) -> None:
        if self.text is not None:
            self._show_contacts(self.text.policy)
        if self._came_by_f1:
            self._came_by_f1 = False
            return
        self.policies.begin()

    @override
    def foot(self) -> list[QPushButton]:
        return [self._begin, *([self._version] if self._others else [])]

    @override
    def clause_here(self) -> str:
        focused = self.focusWidget()
        return focused.clause if isinstance(focused, ClauseRow) else ""

    def show_policy(self, policy_id: str, folder: str = "") -> None:
        """Show a policy's text, in the version of that folder or the one in force.

        With no policy, that none was found: the text of another must not stay beside it.
        """
        policy = self._services.pack.policies.get(policy_id)
        if policy is None and policy_id:
            return
        every = versions_of(self._services.pack, policy_id) if policy is not None else ()
        policy = next((one for one in every if one.folder == folder), policy)
        self._show_contacts(policy)
        if self.text is not None and self.text.policy is policy:
            return
        self._others = [one for one in every if one is not policy]
        now = self._services.pack.policies.get(policy_id)
        old, self.text = self.text, PolicyText(policy, policy is now) if policy is not None else None
        if old is not None:
            self._place.removeWidget(old)
            old.hide()
            old.deleteLater()
        if self.text is not None:
            self._place.addWidget(self.text, 1)
        else:
            self.nothing.show_words(f"没有找到“{self.policies.line.text().strip()}”", _TRY_AGAIN)
        self.nothing.setVisible(policy is None)
        self._begin.setEnabled(policy is not None)
        self.foot_changed.emit()

    def _show_contacts(self, policy: Policy | None) -> None:
        """Whom to call today, by what was corrected (更正) until now."""
        corrections, today = self._services.engine.corrections, self._services.today()
        self.contacts.show_words(contact_words(policy_on(policy, corrections, today)) if policy else "", "info")

    def _another_version(self) -> None:
        """The next version of the policy that is shown, round and round."""
        if self.text is not None and self._others:
            every = versions_of(self._services.pack, self.text.policy.id)
            at = [one.folder for one in every].index(self.text.policy.folder)
            self.show_policy(self.text.policy.id, every[(at + 1) % len(every)].folder)
            self.text.walk_to(0)

    def open_at(self, clause: str) -> None:
        """Open a policy (``ss``) or a clause (``ss.2.1.1``), in another version by its folder (``ss@2027-01-01/ss.2.1.1``)."""
        folder, _, clause = clause.rpartition("/")
        policy_id = clause.split(".", 1)[0]
        self.policies.line.clear()
        self.policies.show_current(policy_id)
        self.show_policy(policy_id, folder)
        if self.text is not None and "." in clause:
            self._came_by_f1 = True
            self.layout().activate()
            if not self.text.go_to(clause):
                self.said.emit(f"政策原文中没有“{clause}”这一条，已打开该政策。")
        elif self.text is not None:
            self._came_by_f1 = True
            self.text.walk_to(0)

    def _read(self, policy_id: str) -> None:
        self.show_policy(policy_id)
        if self.text is not None:
            self.text.walk_to(0)
