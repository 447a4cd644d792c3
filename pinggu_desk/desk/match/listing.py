"""How the list of benefits looks, and the keys it answers to."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QStaticText, QTextOption, QTransform
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from pinggu_desk.assess.match.match import Match
from pinggu_desk.desk.kit.rows import text_height
from pinggu_desk.desk.kit.steady import SteadyList
from pinggu_desk.desk.match.rows import BENEFIT, MatchModel, Row, RowWords
from pinggu_desk.desk.theme import Look, look

_MIDDLE = int(Qt.AlignmentFlag.AlignVCenter)
_BAR = 3
_NEW_LINE = "\u2028"  # the only one that Qt's static text knows
_KEPT = 4000  # measures of a font
_ASIDE = 36  # body characters of a row from which the figure stands at the right of the title, not under it
_FIGURE_WIDE = 13  # body characters for the figure at the right


class Face(QFont):
    """A font with what was measured in it: rows are measured and painted over and over, and say much the same."""

    def __init__(self, base: QFont, *, pixels: int = 0, weight: QFont.Weight | None = None) -> None:
        super().__init__(base)
        if pixels:
            self.setPixelSize(pixels)
        if weight is not None:
            self.setWeight(weight)
        self.metrics = QFontMetrics(self)
        self.line = self.metrics.height()
        self._heights: dict[tuple[str, int], int] = {}
        self._widths: dict[str, int] = {}
        self._set: dict[tuple[str, int, Qt.AlignmentFlag], QStaticText] = {}

    def height(self, text: str, width: int) -> int:
        """How high a text is, wrapped at a width."""
        key = text, width
        found = self._heights.get(key)
        if found is None:
            if len(self._heights) > _KEPT:
                self._heights.clear()
            found = self._heights[key] = text_height(text, self, width)
        return found

    def write(
        self, painter: QPainter, ink: QColor, box: tuple[int, int, int, int], text: str,
        way: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:  # fmt: skip
        """Write a text into a box, wrapped at its width: its lines are broken and its letters found once, however often it is painted."""
        if not text:
            return
        left, top, width, _ = box
        key = text, width, way
        found = self._set.get(key)
        if found is None:
            if len(self._set) > _KEPT:
                self._set.clear()
            found = self._set[key] = QStaticText(text.replace("\n", _NEW_LINE))
            found.setTextFormat(Qt.TextFormat.PlainText)
            found.setTextWidth(width)
            found.setTextOption(QTextOption(way))
            found.prepare(QTransform(), self)
        painter.setFont(self)
        painter.setPen(ink)
        painter.drawStaticText(left, top, found)

    def width(self, text: str) -> int:
        """How wide a text is on one line."""
        found = self._widths.get(text)
        if found is None:
            if len(self._widths) > _KEPT:
                self._widths.clear()
            found = self._widths[text] = self.metrics.horizontalAdvance(text)
        return found


class _Shape:
    """Where the parts of a row stand, at a width, in the look in use; and in what they are written."""

    def __init__(self, base: QFont, width: int) -> None:
        scale, tokens = look().scale, look().tokens
        self.width = width
        self.pad, self.across = scale.grid(0.75), scale.grid(1.25) + _BAR
        self.gap, self.badge_room, self.badge_pad = scale.grid(1), scale.grid(3), scale.grid(1.5)
        bold = QFont.Weight.Bold
        self.small, self.strong = Face(base, pixels=scale.small), Face(base, weight=QFont.Weight.DemiBold)
        self.large, self.bold = Face(base, pixels=scale.title, weight=bold), Face(base, weight=bold)
        self.badge = Face(base, pixels=scale.small, weight=bold)
        self.aside = width >= scale.body * _ASIDE
        inner = width - 2 * self.across
        self.figure_width = scale.body * _FIGURE_WIDE if self.aside else inner
        self.left_width = inner - (self.figure_width + scale.grid(1.5) if self.aside else 0)
        self.whole_width = inner
        self.ink, self.soft, self.accent = QColor(tokens.ink), QColor(tokens.soft), QColor(tokens.accent)
        self.accent_on, self.ground, self.edge = QColor(tokens.accent_on), QColor(tokens.ground), QColor(tokens.line)
        self.kinds = {
            "good": (QColor(tokens.good), QColor(tokens.good_on)), "warn": (QColor(tokens.warn), QColor(tokens.warn_on)),
            "bad": (QColor(tokens.bad), QColor(tokens.bad_on)), "info": (self.accent, self.accent_on),
            "plain": (self.soft, self.ground),
        }  # fmt: skip

    def figure_face(self, figure: str) -> Face:
        """Large where it fits one line, else as the rest."""
        return self.large if self.large.width(figure) <= self.figure_width else self.bold


class MatchDelegate(QStyledItemDelegate):
    """Measures and paints a row. Only what must be known for its height is worked out before it is in sight."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._made: tuple[int, Look, _Shape] | None = None
        self._known: dict[str, tuple[str, Hashable, int]] = {}

    def _shape(self) -> _Shape:
        """The shape of rows at the width and in the look in use; heights measured in another are forgotten."""
        view = self.parent()
        assert isinstance(view, QListView)
        width, now = view.viewport().width(), look()
        if self._made is None or self._made[0] != width or self._made[1] is not now:
            self._made = width, now, _Shape(view.font(), width)
            self._known = {}
        return self._made[2]

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        model = index.model()
        if not isinstance(model, MatchModel) or not index.isValid():
            return QSize()
        return QSize(self._shape().width, self.heights(model)[index.row()])

    def heights(self, model: MatchModel) -> list[int]:
        """How high every row is."""
        shape, known = self._shape(), self._known
        head = shape.small.line + 2 * shape.pad
        found = []
        for row, measure in model.measured():
            benefit = row.benefit
            if not benefit:
                found.append(head)
                continue
            before = known.get(benefit)
            if before is None or before[1] is not measure or before[0] != row.group:
                before = known[benefit] = row.group, measure, self._row_height(shape, model, row) + 2 * shape.pad
            found.append(before[2])
        return found

    def _row_height(self, shape: _Shape, model: MatchModel, row: Row) -> int:
        small = shape.small
        title = shape.strong.height(model.title(row.benefit), self._title_width(shape, row))
        if row.group == "ineligible":  # its reason takes a determination, and there are hundreds: one line, elided
            return title + small.height(model.place(row.benefit), shape.whole_width) + small.line
        left = title + small.height(model.place(row.benefit), shape.left_width)
        left += small.height(model.detail(row.benefit, row.group), shape.left_width)
        if row.group == "unknown":  # likewise: room for the figure, and for what it means
            right = self._room(shape, model, row)
        else:
            words = model.words(row.benefit, row.group)
            right = shape.figure_face(words.figure).height(words.figure, shape.figure_width)
            right += small.height(words.meaning, shape.figure_width)
        return max(left, right) if shape.aside else left + right

    @staticmethod
    def _room(shape: _Shape, model: MatchModel, row: Row) -> int:
        """Room for a figure that is not worked out yet: a line of it, and what it will mean as far as that can be told."""
        if (expected := model.expected(row.benefit)) is not None:
            figure, meaning = expected
            line = shape.strong.height(figure, shape.figure_width)
            return max(line, shape.large.line) + shape.small.height(meaning, shape.figure_width)
        return shape.large.line + model.meaning_lines(row.benefit) * shape.small.line

    @staticmethod
    def _title_width(shape: _Shape, row: Row) -> int:
        width = shape.whole_width if row.group == "ineligible" or not shape.aside else shape.left_width
        return width - shape.badge.width(_BADGE_WORDS) - shape.badge_room

    # --- painting

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        if isinstance(model, MatchModel) and (row := model.row_at(index)) is not None:
            rect, state = option.rect, option.state  # type: ignore[attr-defined]
            chosen, pointed = QStyle.StateFlag.State_Selected, QStyle.StateFlag.State_MouseOver
            self.draw(painter, rect, model, row, chosen=bool(state & chosen), pointed=bool(state & pointed))

    def draw(self, painter: QPainter, rect: QRect, model: MatchModel, row: Row, *, chosen: bool, pointed: bool) -> None:
        """Paint a row, or the head of a group."""
        shape = self._shape()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not row.benefit:
            painter.fillRect(rect, shape.ground)
            painter.setFont(shape.badge)
            painter.setPen(shape.soft)
            inside = rect.adjusted(shape.across, 0, -shape.across, 0)
            painter.drawText(inside, _MIDDLE, model.head(row))
        else:
            self._ground(painter, rect, shape, chosen=chosen, pointed=pointed)
            self._row(painter, rect, shape, model, row)
        painter.restore()

    @staticmethod
    def _ground(painter: QPainter, rect: QRect, shape: _Shape, *, chosen: bool, pointed: bool) -> None:
        if chosen or pointed:
            painter.fillRect(rect, shape.accent_on)
        if chosen:
            painter.fillRect(QRect(rect.left(), rect.top(), _BAR, rect.height()), shape.accent)
        painter.setPen(shape.edge)
        painter.drawLine(rect.left() + 12, rect.bottom(), rect.right() - 12, rect.bottom())

    def _row(self, painter: QPainter, rect: QRect, shape: _Shape, model: MatchModel, row: Row) -> None:
        words, small = model.words(row.benefit, row.group), shape.small
        left, top = rect.left() + shape.across, rect.top() + shape.pad
        refused = row.group == "ineligible"
        width = shape.whole_width if refused else shape.left_width
        wide = self._title_width(shape, row)
        high = shape.strong.height(words.title, wide)
        shape.strong.write(painter, shape.soft if refused else shape.ink, (left, top, wide, high), words.title)
        beside = left + min(shape.strong.width(words.title), wide) + shape.gap
        badge = "有变化" if words.moved else words.badge
        _badge(painter, shape, (beside, top, shape.strong.line), badge, "warn" if words.moved else words.kind)
        top += high
        if not refused and not shape.aside:
            top += self._figure(painter, shape, words, left, top, row)
        elif not refused:
            aside = rect.right() - shape.across - shape.figure_width
            self._figure(painter, shape, words, aside, rect.top() + shape.pad, row)
        place = small.height(words.place, width)
        small.write(painter, shape.soft, (left, top, width, place), words.place)
        top += place
        if refused:
            detail = small.metrics.elidedText(words.detail, Qt.TextElideMode.ElideRight, width)
            small.write(painter, shape.soft, (left, top, width, rect.bottom() - top), detail)
        elif words.detail:
            ink = shape.accent if row.group in ("near", "eligible") else shape.soft
            small.write(painter, ink, (left, top, width, rect.bottom() - top), words.detail)

    def _figure(self, painter: QPainter, shape: _Shape, words: RowWords, left: int, top: int, row: Row) -> int:
        """Write the figure and what it means; how high that is."""
        way = Qt.AlignmentFlag.AlignRight if shape.aside else Qt.AlignmentFlag.AlignLeft
        width = shape.figure_width
        face = shape.figure_face(words.figure) if row.group != "unknown" else shape.strong
        height, below = face.height(words.figure, width), shape.small.height(words.meaning, width)
        ink = shape.ink if row.group in ("eligible", "near", "review") else shape.soft
        face.write(painter, ink, (left, top, width, height), words.figure, way)
        shape.small.write(painter, shape.soft, (left, top + height, width, below), words.meaning, way)
        return height + below


_BADGE_WORDS = "需补充信息"


def _badge(painter: QPainter, shape: _Shape, at: tuple[int, int, int], words: str, kind: str) -> None:
    """A short word on a coloured ground, as the kit's own badges look."""
    (left, top, line), face = at, shape.badge
    ink, ground = shape.kinds[kind]
    box = QRectF(left, top + (line - face.line) / 2, face.width(words) + shape.badge_pad, face.line)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, 4, 4)
    face.write(
        painter, ink, (left, round(box.top()), round(box.width()), face.line), words, Qt.AlignmentFlag.AlignHCenter
    )


class MatchList(SteadyList):
    """The list. ``stood_on`` carries the benefit one is at, ``opened`` that Enter was pressed on it."""

    stood_on = Signal(str)
    opened = Signal(str)

    def __init__(self, model: MatchModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._rows_of = MatchDelegate(self)
        self.setItemDelegate(self._rows_of)
        self.setModel(model)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # rows must not wrap anew as it comes
        self.setMouseTracking(True)
        self.setAccessibleName("支持事项")
        self.setAccessibleDescription("上下键选择，回车看测算过程，Ctrl+回车办理")
        self.selectionModel().currentChanged.connect(self._moved)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(BENEFIT) or ""))
        self._told = ""
        self.chosen_by_hand = False

    @override
    def heights(self) -> list[int]:
        return self._rows_of.heights(self._model)

    @override
    def face(self, row: int) -> Hashable:
        one = self._model.row(row)
        return self._model.words(one.benefit, one.group) if one.benefit else self._model.head(one)

    @override
    def draw(self, painter: QPainter, rect: QRect, row: int, *, chosen: bool, pointed: bool) -> None:
        self._rows_of.draw(painter, rect, self._model, self._model.row(row), chosen=chosen, pointed=pointed)

    @property
    def benefit(self) -> str:
        """The benefit one stands on; empty for none."""
        return self.currentIndex().data(BENEFIT) or ""

    def stand_on(self, benefit: str) -> None:
        """Stand on a benefit, or where it is not listed on the first; the view moves no more than it must."""
        index = self._model.find(benefit)
        if not index.isValid():
            index = self._model.first()
        self.setCurrentIndex(index)
        self._moved(index, index)

    def follow(self, fact: str, match: Match) -> None:
        """Stand on what the question is about, so that its working is seen as the answer falls.

        Where one stands stays while the question is about that too, or while one was sent there by hand and it is open.
        """
        here = match.concluded.get(self.benefit)
        if not fact or (here is not None and (fact in here.needs.asks or (self.chosen_by_hand and here.needs.asks))):
            return
        about = (one for one in self._model.listed() if fact in match.concluded[one].needs.asks)
        if wanted := next(about, ""):
            self.stand_on(wanted)

    def _moved(self, index: QModelIndex, _before: QModelIndex) -> None:
        benefit = index.data(BENEFIT) or ""
        self.chosen_by_hand = self.hasFocus()
        if index.row() == self._model.first().row():
            self.scrollToTop()  # the head of its group is in sight as well
        if benefit != self._told:
            self._told = benefit
            self.stood_on.emit(benefit)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            if self.benefit:
                self.opened.emit(self.benefit)
            return
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.setCurrentIndex(self._model.first() if event.key() == Qt.Key.Key_Home else self._model.last())
            return
        super().keyPressEvent(event)
