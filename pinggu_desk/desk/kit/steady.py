"""A list of rows of many heights that is laid out in one pass, and painted only where a row looks other than before.

Qt's own list asks its delegate for every row's size whenever rows are others, and paints all of them anew whenever data
changed. Where hundreds of rows follow every key, that takes longer than the answer; most rows look as they did.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterator, Sequence
from itertools import accumulate

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QAccessible, QCursor, QPainter, QPaintEvent, QPixmap, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget
from typing_extensions import override

from pinggu_desk.desk.theme import look

_PICTURES, _STEP = 32, 64  # rows whose pictures are kept: some screens full; their heights, by so many pixels
_Index = QModelIndex | QPersistentModelIndex
_Action = QAbstractItemView.CursorAction
_Hint = QAbstractItemView.ScrollHint


class SteadyList(QListView):
    """A kind of it says how high its rows are, what each looks like, and paints one.

    Everything that Qt asks a list for its places is answered here; keys, selection and readers of the screen are Qt's.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tops: list[int] = [0]
        self._pictures: dict[Hashable, QPixmap] = {}
        self._seen_once: dict[Hashable, None] = {}  # rows that were drawn and have no picture yet
        self._drawn: dict[int, tuple[int, Hashable]] = {}  # what stands on the screen: height and face, by place
        self.viewport().setAttribute(
            Qt.WidgetAttribute.WA_OpaquePaintEvent
        )  # else all that lies under it is painted first
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    # --- what a kind of list says for itself

    def heights(self) -> Sequence[int]:
        """How high each row is at the width there is, in pixels."""
        raise NotImplementedError

    def face(self, row: int) -> Hashable:
        """All that a row's looks depend on but for its place, and whether it is chosen or pointed at."""
        raise NotImplementedError

    def draw(self, painter: QPainter, rect: QRect, row: int, *, chosen: bool, pointed: bool) -> None:
        """Paint a row."""
        raise NotImplementedError

    # --- where rows stand

    @override
    def doItemsLayout(self) -> None:
        self._tops = [0, *accumulate(self.heights() if self.model() is not None else ())]
        self.updateGeometries()
        self._paint_others()

    @override
    def updateGeometries(self) -> None:
        bar, seen = self.verticalScrollBar(), self.viewport().height()
        bar.setPageStep(seen)
        bar.setSingleStep(self.fontMetrics().height())
        bar.setRange(0, max(0, self._tops[-1] - seen))

    @override
    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    @override
    def horizontalOffset(self) -> int:
        return 0

    def _rect(self, row: int) -> QRect:
        top, below = self._tops[row], self._tops[row + 1]
        return QRect(0, top - self.verticalOffset(), self.viewport().width(), below - top)

    def _row_at(self, place: int) -> int:
        """The row at so many pixels from the first one's top; -1 where there is none."""
        return bisect_right(self._tops, place) - 1 if 0 <= place < self._tops[-1] else -1

    def _rows(self, top: int, bottom: int) -> range:
        """The rows that touch these lines of the viewport."""
        offset = self.verticalOffset()
        first = max(0, bisect_right(self._tops, top + offset) - 1)
        return range(first, min(bisect_right(self._tops, bottom + offset), len(self._tops) - 1))

    @override
    def visualRect(self, index: _Index) -> QRect:
        self.executeDelayedItemsLayout()
        known = index.isValid() and index.model() is self.model() and index.row() < len(self._tops) - 1
        return self._rect(index.row()) if known else QRect()

    @override
    def indexAt(self, point: QPoint) -> QModelIndex:
        self.executeDelayedItemsLayout()
        row = self._row_at(point.y() + self.verticalOffset())
        return self.model().index(row, 0) if row >= 0 else QModelIndex()

    @override
    def scrollTo(self, index: _Index, hint: _Hint = _Hint.EnsureVisible) -> None:
        rect, seen = self.visualRect(index), self.viewport().height()
        if not rect.isValid():
            return
        bar, top = self.verticalScrollBar(), rect.top() + self.verticalOffset()
        if hint is _Hint.PositionAtTop:
            bar.setValue(top)
        elif hint is _Hint.PositionAtBottom:
            bar.setValue(top + rect.height() - seen)
        elif hint is _Hint.PositionAtCenter:
            bar.setValue(top + (rect.height() - seen) // 2)
        elif rect.top() < 0 or rect.height() > seen:
            bar.setValue(top)
        elif rect.bottom() >= seen:
            bar.setValue(top + rect.height() - seen)

    @override
    def moveCursor(self, action: _Action, _held: Qt.KeyboardModifier) -> QModelIndex:
        here, page = self.currentIndex().row(), self.viewport().height()
        last = len(self._tops) - 2
        if last < 0:
            return QModelIndex()
        if action in (_Action.MoveHome, _Action.MoveEnd):
            return self._can_stand(range(last + 1) if action is _Action.MoveHome else range(last, -1, -1))
        down = action in (_Action.MoveDown, _Action.MoveNext, _Action.MoveRight, _Action.MovePageDown)
        start = here + (1 if down else -1)
        if action in (_Action.MovePageDown, _Action.MovePageUp) and here >= 0:
            place = self._tops[here] + (page if down else -page)
            start = max(0, min(last, bisect_right(self._tops, place) - 1))
            start = max(start, here + 1) if down else min(start, here - 1)
        found = self._can_stand(range(start, last + 1) if down else range(start, -1, -1))
        return found if found.isValid() else self.currentIndex()

    def _can_stand(self, rows: range) -> QModelIndex:
        indices = (self.model().index(row, 0) for row in rows)
        return next((index for index in indices if index.flags() & Qt.ItemFlag.ItemIsSelectable), QModelIndex())

    @override
    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        first, last = (self._row_at(y + self.verticalOffset()) for y in (rect.top(), rect.bottom()))
        model = self.model()
        chosen = QItemSelection(model.index(first, 0), model.index(last, 0)) if 0 <= first <= last else QItemSelection()
        self.selectionModel().select(chosen, command)

    @override
    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        region = QRegion()
        for index in selection.indexes():
            region += self.visualRect(index)
        return region

    # --- painting

    @override
    def dataChanged(self, first: _Index, last: _Index, roles: Sequence[int] = ()) -> None:
        if QAccessible.isActive():  # Qt tells readers of the screen
            super().dataChanged(first, last, list(roles))
        self.renew()

    def renew(self) -> None:
        """Paint what looks other than it stands on the screen."""
        if self.model() is not None and self.model().rowCount() != len(self._tops) - 1:
            self.doItemsLayout()  # rows came or went since: by their old places one would be asked for that is gone
        else:
            self._paint_others()

    def _paint_others(self) -> None:
        if not self.isVisible():
            self._drawn = {}
            self.viewport().update()
            return
        before, now = self._drawn, {rect.top(): (rect.height(), face) for rect, face in self._seen()}
        width = self.viewport().width()
        for top in {**before, **now}:
            if before.get(top) != now.get(top):
                height = max(one[0] for one in (before.get(top), now.get(top)) if one is not None)
                self.viewport().update(0, top, width, height)
        self._drawn = now

    def _seen(self) -> Iterator[tuple[QRect, Hashable]]:
        for row in self._rows(0, self.viewport().height() - 1):
            yield self._rect(row), (self.face(row), *self._state(row))

    def _state(self, row: int) -> tuple[bool, bool]:
        """Whether a row is chosen, and whether it is pointed at."""
        index, view = self.model().index(row, 0), self.viewport()
        pointed = view.underMouse() and self._rect(row).contains(view.mapFromGlobal(QCursor.pos()))
        return self.selectionModel().isSelected(index), pointed

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self.executeDelayedItemsLayout()
        painter = QPainter(self.viewport())
        region, area = event.region(), event.rect()
        for row in self._rows(area.top(), area.bottom()):
            rect = self._rect(row)
            if region.intersects(rect):
                looks = self.face(row), *self._state(row)
                self._drawn[rect.top()] = rect.height(), looks
                self._put(painter, rect, row, looks)
        below = self.viewport().rect().adjusted(0, self._tops[-1] - self.verticalOffset(), 0, 0)
        painter.fillRect(area.intersected(below), look().tokens.card)
        painter.end()

    def _put(self, painter: QPainter, rect: QRect, row: int, looks: tuple[Hashable, bool, bool]) -> None:
        """Paint a row where it stands, most often as it looked before: then its picture is put there.

        One that is painted for the first time is drawn at once: it may be another with the next key, and a picture costs as much again.
        """
        sharp, size = self.devicePixelRatioF(), rect.size()
        key = looks, size.width(), size.height(), sharp
        found = self._pictures.pop(key, None)
        if found is None and key not in self._seen_once:
            if len(self._seen_once) >= _PICTURES:
                del self._seen_once[next(iter(self._seen_once))]
            self._seen_once[key] = None
            painter.save()
            painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
            self._draw_on(painter, rect, row, looks)
            painter.restore()
            return
        if found is None:
            found = self._blank(size, sharp)
            on_it = QPainter(found)
            self._draw_on(on_it, QRect(QPoint(), size), row, looks)
            on_it.end()
        self._pictures[key] = found  # behind those that were wanted longer ago
        painter.drawPixmap(QRectF(rect), found, QRectF(0, 0, rect.width() * sharp, rect.height() * sharp))

    def _draw_on(self, painter: QPainter, rect: QRect, row: int, looks: tuple[Hashable, bool, bool]) -> None:
        painter.setFont(self.font())
        painter.fillRect(rect, look().tokens.card)
        self.draw(painter, rect, row, chosen=looks[1], pointed=looks[2])

    def forget_pictures(self) -> None:
        """Draw everything anew: fonts or colours are others."""
        self._drawn, self._pictures, self._seen_once = {}, {}, {}
        self.viewport().update()

    def _blank(self, size: QSize, sharp: float) -> QPixmap:
        """Room for a row; that of the one wanted longest ago where it will do, for new memory takes longer than the drawing."""
        width, height = round(size.width() * sharp), -(-round(size.height() * sharp) // _STEP) * _STEP
        found = self._pictures.pop(next(iter(self._pictures))) if len(self._pictures) >= _PICTURES else None
        if found is None or found.size() != QSize(width, height):
            found = QPixmap(width, height)
        found.setDevicePixelRatio(sharp)
        return found

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._drawn = {top + dy: one for top, one in self._drawn.items()}
        self.viewport().scroll(dx, dy)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        QAbstractItemView.resizeEvent(self, event)
        if event.oldSize().width() != event.size().width():
            self.scheduleDelayedItemsLayout()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self.forget_pictures()
            self.scheduleDelayedItemsLayout()
