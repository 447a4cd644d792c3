"""The table of statistics on the screen: sorted by any column, its total always first, where it is in sight."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QHeaderView, QStyle, QStyleOptionViewItem, QTableView
from typing_extensions import override

from pinggu_desk.desk.kit.rows import RowDelegate, row_pad
from pinggu_desk.desk.theme import look
from pinggu_desk.documents.statistics.table import SUMS, StatRow, StatTable
from pinggu_desk.policy.quantity import grouped, yuan

_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
#: the heads of the figures, short: the unit stands under the word
HEADS = ("办件\n件", "申请人\n个", "可申请\n项", "需认定\n项", "确定金额\n元", "上限\n元", "待定\n项")
_DOWN = Qt.SortOrder.DescendingOrder


class StatModel(QAbstractTableModel):
    """A table's rows under its total."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table: StatTable | None = None
        self._rows: list[StatRow] = []
        self._own_order = True
        self._widest: dict[int, str] = {}

    def show(self, table: StatTable) -> None:
        """Show this table in its own order."""
        self.beginResetModel()
        self._table, self._rows, self._own_order, self._widest = table, list(table.rows), True, {}
        self.endResetModel()

    @property
    def labels(self) -> int:
        """How many columns are labels."""
        return len(self._table.by) if self._table is not None else 1

    def row_at(self, row: int) -> StatRow | None:
        """The row of the screen, the total for the first."""
        if self._table is None or not 0 <= row <= len(self._rows):
            return None
        return self._rows[row - 1] if row else self._table.total

    def rows(self) -> list[StatRow]:
        """The rows as they are sorted now, without the total."""
        return list(self._rows)

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; a negative one gives the table's own order back."""
        if self._table is None:
            return
        self.beginResetModel()
        self._rows, self._own_order = list(self._table.rows), column < 0
        if column >= 0:
            self._rows.sort(key=self._value(self._rows, column), reverse=order is _DOWN)
        self.endResetModel()

    def _value(self, rows: list[StatRow], column: int) -> Callable[[StatRow], int]:
        """What a column is sorted by: labels stand as the table has them, figures by their size."""
        if column >= self.labels:
            return lambda row: row.figures[column - self.labels]
        places = {label: place for place, label in enumerate(dict.fromkeys(one.keys[column] for one in rows))}
        return lambda row: places[row.keys[column]]

    def widest(self, column: int) -> str:
        """The longest words of a column: by them it is as wide as any of its rows needs, in sight or not."""
        if column not in self._widest:
            self._widest[column] = max(self._longest(column), key=len, default="")
        return self._widest[column]

    def _longest(self, column: int) -> Iterable[str]:
        """Words of which one is the longest of a column: of sums the largest of those with as many places behind the point."""
        rows = [*self._table.rows, self._table.total] if self._table is not None else []
        if column < self.labels:
            return {row.keys[column] for row in rows if column < len(row.keys)}
        place = column - self.labels
        largest: dict[tuple[bool, bool], int] = {}
        for figure in {row.figures[place] for row in rows}:
            kind = figure % 100 == 0, figure % 10 == 0
            largest[kind] = max(figure, largest.get(kind, 0))
        return [_words(place, figure) for figure in largest.values()]

    def _said_above(self, row: int, column: int) -> bool:
        """Whether the row above begins with the same label: it stands once over all that it is of."""
        if column or self.labels == 1 or not self._own_order or row <= 1:
            return False
        return self._rows[row - 1].keys[0] == self._rows[row - 2].keys[0]

    @override
    def rowCount(self, parent: _Index = _TOP) -> int:
        return 0 if parent.isValid() or self._table is None else len(self._rows) + 1

    @override
    def columnCount(self, parent: _Index = _TOP) -> int:
        return 0 if parent.isValid() else self.labels + len(HEADS)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            by = self._table.by if self._table is not None else ("",)
            return by[section] if section < self.labels else HEADS[section - self.labels]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if section < self.labels else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        column = index.column()
        if column < self.labels:
            said = column >= len(row.keys) or (
                role == Qt.ItemDataRole.DisplayRole and self._said_above(index.row(), column)
            )
            return "" if said else row.keys[column]
        place = column - self.labels
        words = _words(place, row.figures[place])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{HEADS[place].replace(chr(10), '')} {words}"
        return words


def _words(place: int, figure: int) -> str:
    return grouped(yuan(figure)) if place in SUMS else f"{figure:,}"


class StatDelegate(RowDelegate):
    """Figures to the right under one another, the total in bold over a rule; labels as in every table."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> Any:
        size = super().sizeHint(option, index)
        view, model = self.parent(), index.model()
        if not isinstance(view, QTableView) or not isinstance(model, StatModel):
            return size
        column = index.column()
        if view.horizontalHeader().sectionResizeMode(column) is QHeaderView.ResizeMode.Stretch:
            size.setWidth(min(size.width(), view.columnWidth(column)))  # its words wrap
        else:
            font = view.font()
            font.setBold(True)  # wide enough for the total of a column
            size.setWidth(QFontMetrics(font).horizontalAdvance(model.widest(column)) + 2 * row_pad()[0] + 2)
        return size

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        if not isinstance(model, StatModel):
            super().paint(painter, option, index)
            return
        total = index.row() == 0
        if index.column() < model.labels and not total:
            super().paint(painter, option, index)
            return
        rect, state = option.rect, option.state  # type: ignore[attr-defined]
        tokens = look().tokens
        across, down = row_pad()
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(tokens.accent_on))
            if index.column() == 0:
                painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), QColor(tokens.accent))
        if total:
            painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(tokens.edge))
        view = self.parent()
        font = view.font() if isinstance(view, QTableView) else painter.font()
        font.setBold(total)
        painter.setFont(font)
        painter.setPen(QColor(tokens.ink))
        side = Qt.AlignmentFlag.AlignLeft if index.column() < model.labels else Qt.AlignmentFlag.AlignRight
        inner = rect.adjusted(across, down, -across, -down)
        painter.drawText(inner, int(side | Qt.AlignmentFlag.AlignTop), str(index.data(Qt.ItemDataRole.DisplayRole)))
        painter.restore()
