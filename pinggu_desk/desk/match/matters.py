"""One matter (事由) of the page 来访先问, with its details, as boxes to tick."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pinggu_desk.desk.kit import Tick
from pinggu_desk.desk.theme import look
from pinggu_desk.policy.matters import Detail, Matter


class MatterTick(Tick):
    """One matter or detail to tick."""

    def __init__(self, one: Matter | Detail, parent: QWidget) -> None:
        super().__init__(one.name, parent)
        self.one = one
        detail = isinstance(one, Detail)
        self.setAccessibleName(one.name)
        self.setAccessibleDescription(f"{'细目' if detail else '事由'}，空格勾选")


class MatterRows(QWidget):
    """A matter with its details, which show once it is ticked."""

    ticked = Signal()

    def __init__(self, matter: Matter, parent: QWidget) -> None:
        super().__init__(parent)
        self.matter = matter
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.tick = MatterTick(matter, self)
        self.tick.toggled.connect(self._toggled)
        column.addWidget(self.tick)
        self._inner = QWidget(self)
        inner = QVBoxLayout(self._inner)
        inner.setContentsMargins(look().scale.grid(3), 0, 0, look().scale.grid(0.5))
        inner.setSpacing(0)
        self.details = [MatterTick(detail, self._inner) for detail in matter.details]
        for tick in self.details:
            tick.toggled.connect(lambda _on: self.ticked.emit())
            inner.addWidget(tick)
        self._inner.hide()
        column.addWidget(self._inner)

    def _toggled(self, on: bool) -> None:
        if not on:
            for tick in self.details:
                _set(tick, False)
        self._inner.setVisible(on and bool(self.details))
        self.ticked.emit()

    def show_mentioned(self, mentioned: frozenset[str]) -> None:
        """Show what was mentioned, without sending it."""
        inner = [tick for tick in self.details if tick.one.id in mentioned]
        for tick in self.details:
            _set(tick, tick in inner)
        _set(self.tick, self.matter.id in mentioned or bool(inner))
        self._inner.setVisible(self.tick.isChecked() and bool(self.details))

    def mentioned(self) -> Iterable[str]:
        """The ids that are ticked here."""
        if self.tick.isChecked():
            yield self.matter.id
            yield from (tick.one.id for tick in self.details if tick.isChecked())

    def ticks(self) -> list[MatterTick]:
        """The boxes that can be gone to now."""
        return [self.tick, *(self.details if self.tick.isChecked() else ())]


def _set(tick: Tick, on: bool) -> None:
    tick.blockSignals(True)
    tick.setChecked(on)
    tick.blockSignals(False)
    tick.update()
