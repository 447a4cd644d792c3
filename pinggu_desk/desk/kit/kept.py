"""A column of rows that is shown anew without taking it from under the keys: what is as it was stays, and so does the focus."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from pinggu_desk.desk.theme import look


@dataclass(frozen=True)
class Kept:
    """A row: what it stands for, all that its looks depend on, and what makes it."""

    key: Hashable
    face: Any  # compared: a row of the same key and an equal face stays as it is
    make: Callable[[], QWidget]


class KeptRows(QWidget):
    """Shows rows one under another; ``fallback`` takes the keys when the row they were in is gone and no other has stops."""

    def __init__(
        self, fallback: Callable[[], QWidget | None] = lambda: None, *, spacing: int | None = None,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._fallback = fallback
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(look().scale.grid(1) if spacing is None else spacing)
        self._shown: dict[Hashable, tuple[Any, QWidget]] = {}

    def rows(self) -> list[QWidget]:
        """The rows that are shown, in order."""
        return [row for _, row in self._shown.values()]

    def show_rows(self, wanted: Sequence[Kept]) -> None:
        """Show these rows, each key once.

        The keys stay in the row they are in, at the same place of it; where that row is gone, they go to the one that
        has come to its place.
        """
        before, here = self._shown, self._where()
        self._shown = {}
        for place, one in enumerate(wanted):
            face, row = before.get(one.key, (None, None))
            if row is None or face != one.face:
                row = one.make()
            if self._column.indexOf(row) != place:
                self._column.insertWidget(place, row)
                row.show()  # at once: a layout shows it only later, and till then Tab passes it over
            self._shown[one.key] = one.face, row
        self._order()
        if here is not None:
            self._stand(*here)
        stay = set(self.rows())
        for row in [row for _, row in before.values() if row not in stay]:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()

    def _order(self) -> None:
        """Let Tab go through the rows as they stand, after whatever comes before the column."""
        last = self.previousInFocusChain()
        while last is not self and (not _takes_keys(last) or self.isAncestorOf(last)):
            last = last.previousInFocusChain()
        for stop in [stop for row in self.rows() for stop in _stops(row)]:
            QWidget.setTabOrder(last, stop)  # does nothing where one of the two never has the keys
            last = stop

    def _where(self) -> tuple[Hashable, int, int] | None:
        """Of the row that has the keys: its key, its place, and at which of its stops they are."""
        focus = QApplication.focusWidget()
        for place, (key, (_, row)) in enumerate(self._shown.items()):
            if focus is not None and focus in (stops := _stops(row)):
                return key, place, stops.index(focus)
        return None

    def _stand(self, key: Hashable, place: int, at: int) -> None:
        """Give the keys to what has taken the place of the stop where they were."""
        rows = self.rows()
        if key in self._shown:
            stops = _stops(self._shown[key][1])
        else:
            at, stops = (
                0,
                next((found for row in [*rows[place:], *reversed(rows[:place])] if (found := _stops(row))), []),
            )
        to = stops[min(at, len(stops) - 1)] if stops else self._fallback()
        if to is not None and to is not QApplication.focusWidget():
            to.setFocus(Qt.FocusReason.OtherFocusReason)


def _takes_keys(widget: QWidget) -> bool:
    """Whether Tab stops at a widget."""
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _stops(row: QWidget) -> list[QWidget]:
    """A row's places to stand: itself, and what is inside it, in the order in which it was put there."""
    return [one for one in (row, *row.findChildren(QWidget)) if _takes_keys(one)]
