"""对比政策包: what another edition of the rules would say of the same answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from pinggu_desk.assess.engine import Answers
from pinggu_desk.assess.match.match import Match
from pinggu_desk.desk import dialogs
from pinggu_desk.desk.operations import sentence_of
from pinggu_desk.desk.services import Services
from pinggu_desk.work.packs.against import against


class Comparing(QObject):
    """``other`` is the same match by the other edition, None while nothing is compared; ``changed`` that it came or went."""

    changed = Signal()
    said = Signal(str)

    def __init__(self, services: Services, owner: QWidget) -> None:
        super().__init__(owner)
        self._services, self._owner = services, owner
        self.other: Match | None = None

    def toggle(self, match: Match, ask_folder: Callable[[QWidget], Path | None]) -> None:
        """Compare with the edition in a folder; pressed again, put that away."""
        if self.other is not None:
            self.other = None
            self.changed.emit()
            return
        folder = ask_folder(self._owner)
        if folder is None:
            return
        self.said.emit("正在读取另一个政策包…")
        self._services.operations.without_register(
            lambda: against(match, folder), self._compared, lambda error: self.said.emit(sentence_of(error))
        )

    def _compared(self, other: Match) -> None:
        self.other = other
        self.said.emit("对比结果在右边最下面；再按一次“对比政策包”收起。")
        self.changed.emit()

    def renew(self, stated: Answers) -> None:
        """Take up what was answered since."""
        if self.other is not None:
            facts = self.other.engine.pack.facts
            values = {name: value for name, value in stated.values.items() if name in facts}
            self.other = self.other.updated(Answers(stated.on, values, stated.awards))


def ask_folder(parent: QWidget) -> Path | None:
    """Where the other edition lies."""
    return dialogs.ask_folder(parent, "选择另一个政策包的 resources 文件夹")
