"""Rows of anything as a table's model: the heads, and what makes the cells of a row."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QTableView
from typing_extensions import override

Row = TypeVar("Row")
_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class RowsModel(QAbstractTableModel, Generic[Row]):
    """``cells`` makes the words of a row, one a head, when they are first looked at."""

    def __init__(
        self, heads: Sequence[str], cells: Callable[[Row], Sequence[str]], parent: QObject | None = None
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._heads, self._cells = tuple(heads), cells
        self.rows: Sequence[Row] = ()

    def show(self, rows: Sequence[Row], *, same: bool = False) -> None:
        """Show these rows; ``same``: they are the ones there were, told otherwise, and the row that is stood on stays."""
        if same and rows and len(rows) == len(self.rows):
            self.rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self._heads) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def at(self, row: int) -> Row | None:
        """What stands in a row; None where there is no such row."""
        return self.rows[row] if 0 <= row < len(self.rows) else None

    @override
    def rowCount(self, parent: _Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: _Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._heads)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return self._heads[section]
        return None

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) or not index.isValid():
            return None
        return self._cells(self.rows[index.row()])[index.column()]


def stand_again(
    table: QTableView, key: Callable[[int], Hashable | None], show: Callable[[], None], first: int = 0
) -> None:
    """Call ``show``, which fills a table anew, and stand where one stood: nothing is taken from under the keys.

    That is the row of the same ``key`` (None where there is no such row), as high on the screen as it was; where it is gone, the
    one that has come to its place; ``first`` where nobody stood anywhere. The column stays.
    """
    here, bar = table.currentIndex(), table.verticalScrollBar()
    row, stood, top = here.row(), key(here.row()) if here.isValid() else None, bar.value()
    show()
    rows = table.model().rowCount()
    if not rows:
        return
    to = next((one for one in range(rows) if key(one) == stood), None) if stood is not None else None
    if to is None:
        to = min(row if row >= 0 else first, rows - 1)
    table.setCurrentIndex(table.model().index(to, max(here.column(), 0)))
    if row >= 0:
        bar.setValue(top + to - row)
    table.scrollTo(table.currentIndex())
