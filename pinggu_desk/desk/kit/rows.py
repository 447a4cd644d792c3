"""Rows of lists and tables that wrap and are never cut: Qt's own forget the padding when they measure."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QListWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from pinggu_desk.desk.kit.accessible import Teller
from pinggu_desk.desk.theme import look

_Index = QModelIndex | QPersistentModelIndex
_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
_RIGHT = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)  # figures
_BAR = 3
_WALKED_MS = 200  # a row that one only passes is not told


def _parts(text: str, base: QFont, *, head: bool = False) -> list[tuple[str, QFont, str]]:
    """A row's lines: the first is its title, what follows is soft; a row that can't be chosen is a head."""
    small = QFont(base)
    small.setPixelSize(look().scale.small)
    if head:
        small.setBold(True)
        return [(text, small, look().tokens.soft)]
    title, _, rest = text.partition("\n")
    lines = [(title, base, look().tokens.ink)]
    return [*lines, (rest, small, look().tokens.soft)] if rest else lines


def row_pad() -> tuple[int, int]:
    """Pixels beside and over a row's words."""
    return look().scale.grid(1) + _BAR, look().scale.grid(0.625)


def row_height(text: str, base: QFont, width: int, *, head: bool = False) -> int:
    """How high a row of these words is at a width."""
    across, down = row_pad()
    return (
        sum(text_height(part, font, width - 2 * across) for part, font, _ in _parts(text, base, head=head)) + 2 * down
    )


def draw_row(
    painter: QPainter, rect: QRect, text: str, base: QFont, *, chosen: bool, pointed: bool, head: bool = False,
    bar: bool = True, wrap: int = _WRAP,
) -> None:  # fmt: skip
    """Paint a row of these words in the look in use; ``bar`` marks its beginning where it is chosen."""
    tokens = look().tokens
    across, down = row_pad()
    painter.save()
    if chosen or pointed:
        painter.fillRect(rect, QColor(tokens.accent_on))
    if chosen and bar:
        painter.fillRect(QRect(rect.left(), rect.top(), _BAR, rect.height()), QColor(tokens.accent))
    top, width = rect.top() + down, rect.width() - 2 * across
    for part, font, ink in _parts(text, base, head=head):
        height = text_height(part, font, width)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(QRect(rect.left() + across, top, width, height), wrap, part)
        top += height
    painter.restore()


def text_height(text: str, font: QFont, width: int) -> int:
    """How high a text is, wrapped at a width. Rows are measured anew whenever one changes, and most are as they were."""
    return _measured(text, tuple(font.families()), font.pixelSize(), font.bold(), width) if text else 0


@lru_cache(maxsize=8192)
def _measured(text: str, families: tuple[str, ...], pixels: int, bold: bool, width: int) -> int:
    font = QFont(list(families))
    font.setPixelSize(pixels)
    font.setBold(bold)
    return QFontMetrics(font).boundingRect(QRect(0, 0, max(width, 1), 100_000), _WRAP, text).height()


class RowDelegate(QStyledItemDelegate):
    """Measures a row by the width it has, and paints it in the look in use."""

    def _width(self, index: _Index) -> int:
        view = self.parent()
        if isinstance(view, QTableView):
            return view.columnWidth(index.column())
        return view.viewport().width() if isinstance(view, QListView) else 0

    def _words(self, index: _Index) -> tuple[str, QFont, bool]:
        """A row's words, the view's font, and whether it is a head."""
        view = self.parent()
        base = view.font() if isinstance(view, QWidget) else QFont()
        head = not index.flags() & Qt.ItemFlag.ItemIsSelectable
        return str(index.data(Qt.ItemDataRole.DisplayRole) or ""), base, head

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        (text, base, head), width = self._words(index), self._width(index)
        height = row_height(text, base, width, head=head)
        if not isinstance(self.parent(), QTableView):
            return QSize(width, height)
        widest = max(QFontMetrics(font).horizontalAdvance(part) for part, font, _ in _parts(text, base, head=head))
        return QSize(widest + 2 * row_pad()[0] + 2, height)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect, state = option.rect, option.state  # type: ignore[attr-defined]
        text, base, head = self._words(index)
        draw_row(
            painter, rect, text, base, chosen=bool(state & QStyle.StateFlag.State_Selected),
            pointed=bool(state & QStyle.StateFlag.State_MouseOver) and not head, head=head, bar=index.column() == 0,
            wrap=_WRAP if index.data(Qt.ItemDataRole.TextAlignmentRole) is None else _RIGHT,
        )  # fmt: skip


class RowList(QListWidget):
    """A list of rows. It never takes the focus: keys reach it from the line it belongs to.

    A screen reader follows the focus, so the row that Enter would take is said to it.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(RowDelegate(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setAccessibleName(name)
        self._teller = Teller(self, _WALKED_MS)
        self.currentItemChanged.connect(self._tell_row)

    def _tell_row(self) -> None:
        if not self.hasFocus():  # with the focus in it, Qt tells it
            self._teller.tell(self._row_words)

    def _row_words(self) -> str:
        item = self.currentItem()
        return item.text().replace("\n", "，") if item is not None else ""

    def wanted_height(self) -> int:
        """The height that shows all rows at the width it has."""
        rows = [self.sizeHintForRow(row) for row in range(self.count()) if not self.item(row).isHidden()]
        return sum(rows) + 2 * self.frameWidth() + 2

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.scheduleDelayedItemsLayout()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self.scheduleDelayedItemsLayout()


def row_table(model: QAbstractItemModel, name: str) -> QTableView:
    """A table of whole rows to read and choose from, under an accessible name: wrapped, never cut, never edited in place."""
    table = QTableView()
    table.setModel(model)
    table.setItemDelegate(RowDelegate(table))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTextElideMode(Qt.TextElideMode.ElideNone)
    table.setWordWrap(True)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setAccessibleName(name)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setAccessibleName("表头")
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return table
