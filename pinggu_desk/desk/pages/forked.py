"""审计记录分叉: what a sender said before and what he says now, side by side; who is in charge agrees, and joining goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from pinggu_desk.desk.kit import Caption, Card, SecondaryButton, Subtitle, Tick, Words
from pinggu_desk.desk.services import Services
from pinggu_desk.register.roles import Act, may, whose

if TYPE_CHECKING:
    from pinggu_desk.register.bundles.forks import Fork

_HEADS = ("条号", "本处留存的（以前并入）", "对方现在的")


class ForkCard(Card):
    """``agreed`` carries the fork that was seen and agreed to. It is made for one fork, and goes with it."""

    agreed = Signal(object)

    def __init__(self, services: Services, fork: Fork, parent: QWidget | None = None) -> None:
        from pinggu_desk.work.bundles import fork_rows

        super().__init__(spacing=2)
        self.setParent(parent)
        self.fork = fork
        self.body.addWidget(Subtitle(f"{fork.office}的审计记录从第 {fork.number} 条起分叉"))
        self.body.addWidget(
            Caption(
                "对方从备份恢复过，就会这样：恢复以前并入的都还在本处，对方已没有。认可以后两边的记录都留存，接着并入；"
                "两边都改过的逐处裁定，不会用旧的盖掉新的。若对方没有恢复过，就是登记库被换回旧的或被改动，不要认可。"
            )
        )
        self.body.addLayout(self._grid(fork_rows(fork)))
        self.sure = Tick("已与对方核对：确实从备份恢复过")
        self.go = SecondaryButton("认可并接着并入")
        self.go.setAutoDefault(True)  # Enter presses it
        self.go.setEnabled(False)
        self.sure.toggled.connect(self.go.setEnabled)
        self.go.clicked.connect(self._agree)
        role = services.clerk.role
        if may(role, Act.FORKS):
            self.body.addWidget(self.sure)
            self.body.addWidget(self.go, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            self.body.addWidget(Words(whose(role, Act.FORKS)))

    def _grid(self, rows: list[tuple[str, str, str]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        for place, head in enumerate(_HEADS):
            grid.addWidget(Caption(head), 0, place)
        for line, row in enumerate(rows, start=1):
            for place, text in enumerate(row):
                words = Words(text)
                words.setAccessibleName(f"{_HEADS[place]}：{text}")
                grid.addWidget(words, line, place, Qt.AlignmentFlag.AlignTop)
        return grid

    def _agree(self) -> None:
        if self.sure.isChecked():
            self.go.setEnabled(False)  # once
            self.agreed.emit(self.fork)
