"""重复登记: applicants that seem to be the one that is shown, each to be merged into it by two keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pinggu_desk.desk.allowed import only
from pinggu_desk.desk.kit import Caption, Card, PrimaryButton, QuietButton, SecondaryButton, Subtitle, Words
from pinggu_desk.desk.kit.accessible import announce
from pinggu_desk.desk.operations import sentence_of
from pinggu_desk.desk.pages.answers import is_overtaken, telling
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.words import about
from pinggu_desk.register.records import Applicant
from pinggu_desk.register.roles import Act


class DoublesCard(Card):
    """One row for each possible double; ``merged`` says that one was made part of the applicant shown."""

    merged = Signal()

    def __init__(self, services: Services, applicant: Applicant, doubles: list[Applicant]) -> None:
        super().__init__()
        self.services, self._applicant = services, applicant
        self.body.addWidget(Subtitle("可能重复登记"))
        self.body.addWidget(
            Caption("名称只差括号、空格或全半角，或者号码相同。是同一申请人的，合并后奖励一并计算，办件和文书都保留。")
        )
        self.rows = [_Row(self, one) for one in doubles]
        for row in self.rows:
            self.body.addWidget(row)

    def merge(self, other: Applicant, row: _Row) -> None:
        """Make the other one part of the applicant shown."""
        into, gone = self._applicant.id, other.id
        made_on = self._applicant.version, other.version

        def refused(error: Exception) -> None:
            if is_overtaken(error):
                telling(self.services, self.merged.emit)(error)
            else:
                row.refuse(sentence_of(error))

        self.services.operations.run(
            lambda register: register.merge(into, gone, made_on=made_on), lambda _kept: self.merged.emit(),
            refused, writes=True,
        )  # fmt: skip


class _Row(QWidget):
    def __init__(self, card: DoublesCard, other: Applicant) -> None:
        super().__init__()
        self._card, self._other = card, other
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        top = QHBoxLayout()
        top.addWidget(Words(f"{other.name}　{about(other)}"), 1)
        self.ask = SecondaryButton("合并到本申请人")
        self.ask.setAccessibleName(f"把 {other.name} 合并到本申请人")
        self.ask.clicked.connect(lambda: self._sure(True))
        only(card.services, Act.WORK, self.ask)
        top.addWidget(self.ask)
        column.addLayout(top)
        self._question = QWidget()
        inside = QHBoxLayout(self._question)
        inside.setContentsMargins(0, 0, 0, 0)
        self._words = Words(
            f"把“{other.name}”的办件、奖励、文书和已知情况都转到这里，合并后不能再拆开。确定是同一申请人吗？"
        )
        inside.addWidget(self._words, 1)
        self.yes, no = PrimaryButton("确定合并"), QuietButton("不合并")
        self.yes.setAccessibleDescription(self._words.text())
        self.yes.clicked.connect(lambda: card.merge(other, self))
        no.clicked.connect(lambda: self._sure(False))
        inside.addWidget(self.yes)
        inside.addWidget(no)
        self._question.hide()
        column.addWidget(self._question)

    def _sure(self, asking: bool) -> None:
        self._question.setVisible(asking)
        self.ask.setVisible(not asking)
        (self.yes if asking else self.ask).setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, sentence: str) -> None:
        """Say why these two can't be one."""
        self._words.setText(sentence)
        self.yes.setAccessibleDescription(sentence)
        announce(self, sentence, urgent=True)
