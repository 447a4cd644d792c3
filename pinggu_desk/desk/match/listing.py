"""How the list of benefits looks, and the keys it answers to."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from pinggu_desk.assess.match.match import Match
from pinggu_desk.desk.kit.rows import text_height
from pinggu_desk.desk.kit.steady import SteadyList
from pinggu_desk.desk.match.rows import BENEFIT, MatchModel, Row, RowWords
from pinggu_desk.desk.theme import Look, look

_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
_RIGHT = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
_BAR = 3
_ASIDE = 36  # body characters of a row from which the figure stands at the right of the title, not under it
_FIGURE_WIDE = 13  # body characters for the figure at the right


class _Shape:
    """Where the parts of a row stand, at a width, in the look in use."""

    def __init__(self, base: QFont, width: int) -> None:
        scale = look().scale
        self.width = width
        self.pad, self.across = scale.grid(0.75), scale.grid(1.25) + _BAR
        self.base, self.small, self.strong, self.large = QFont(base), QFont(base), QFont(base), QFont(base)
        self.small.setPixelSize(scale.small)
        self.strong.setWeight(QFont.Weight.DemiBold)
        self.large.setPixelSize(scale.title)
        self.large.setBold(True)
        self.aside = width >= scale.body * _ASIDE
        inner = width - 2 * self.across
        self.figure_width = scale.body * _FIGURE_WIDE if self.aside else inner
        self.left_width = inner - (self.figure_width + scale.grid(1.5) if self.aside else 0)
        self.whole_width = inner


class MatchDelegate(QStyledItemDelegate):
    """Measures and paints a row. Only what must be known for its height is worked out before it is in sight."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._made: tuple[int, Look, _Shape] | None = None
        self._known: dict[tuple[str, str, str], int] = {}

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
        head = QFontMetrics(shape.small).height() + 2 * shape.pad
        found = []
        for row, measure in model.measured():
            key = row.benefit, row.group, measure
            height = known.get(key) if row.benefit else head
            if height is None:
                height = known[key] = self._row_height(shape, model, row) + 2 * shape.pad
            found.append(height)
        return found

    def _row_height(self, shape: _Shape, model: MatchModel, row: Row) -> int:
        small = QFontMetrics(shape.small).height()
        title = text_height(model.title(row.benefit), shape.strong, self._title_width(shape, row))
        if row.group == "ineligible":  # its reason takes a determination, and there are hundreds: one line, elided
            return title + text_height(model.place(row.benefit), shape.small, shape.whole_width) + small
        detail = model.detail(row.benefit, row.group)
        left = title + text_height(model.place(row.benefit), shape.small, shape.left_width)
        left += text_height(detail, shape.small, shape.left_width)
        if row.group == "unknown":  # likewise: room for the figure, and for what it means
            right = self._room(shape, model, row)
        else:
            words = model.words(row.benefit, row.group)
            right = self._figure_height(shape, words)
        return max(left, right) if shape.aside else left + right

    @staticmethod
    def _room(shape: _Shape, model: MatchModel, row: Row) -> int:
        """Room for a figure that is not worked out yet: a line of it, and as many of what it may mean."""
        lines = model.meaning_lines(row.benefit)
        return QFontMetrics(shape.large).height() + lines * QFontMetrics(shape.small).height()

    @staticmethod
    def _title_width(shape: _Shape, row: Row) -> int:
        width = shape.whole_width if row.group == "ineligible" or not shape.aside else shape.left_width
        return width - _badge_width(shape, _BADGE_WORDS)

    @staticmethod
    def _figure_height(shape: _Shape, words: RowWords) -> int:
        font = _figure_font(shape, words.figure)
        return text_height(words.figure, font, shape.figure_width) + text_height(
            words.meaning, shape.small, shape.figure_width
        )

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
        shape, tokens = self._shape(), look().tokens
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not row.benefit:
            painter.fillRect(rect, QColor(tokens.ground))
            bold = QFont(shape.small)
            bold.setBold(True)
            painter.setFont(bold)
            painter.setPen(QColor(tokens.soft))
            inside = rect.adjusted(shape.across, 0, -shape.across, 0)
            painter.drawText(inside, int(Qt.AlignmentFlag.AlignVCenter), model.head(row))
        else:
            self._ground(painter, rect, chosen=chosen, pointed=pointed)
            self._row(painter, rect, shape, model, row)
        painter.restore()

    @staticmethod
    def _ground(painter: QPainter, rect: QRect, *, chosen: bool, pointed: bool) -> None:
        tokens = look().tokens
        if chosen or pointed:
            painter.fillRect(rect, QColor(tokens.accent_on))
        if chosen:
            painter.fillRect(QRect(rect.left(), rect.top(), _BAR, rect.height()), QColor(tokens.accent))
        painter.setPen(QColor(tokens.line))
        painter.drawLine(rect.left() + 12, rect.bottom(), rect.right() - 12, rect.bottom())

    def _row(self, painter: QPainter, rect: QRect, shape: _Shape, model: MatchModel, row: Row) -> None:
        tokens, words = look().tokens, model.words(row.benefit, row.group)
        left, top = rect.left() + shape.across, rect.top() + shape.pad
        refused = row.group == "ineligible"
        width = shape.whole_width if refused else shape.left_width
        title_width = self._title_width(shape, row)
        title_height = text_height(words.title, shape.strong, title_width)
        _write(
            painter,
            shape.strong,
            tokens.soft if refused else tokens.ink,
            (left, top, title_width, title_height),
            words.title,
        )
        metrics = QFontMetrics(shape.strong)
        beside = left + min(metrics.horizontalAdvance(words.title), title_width) + look().scale.grid(1)
        badge = "有变化" if words.moved else words.badge
        _badge(painter, shape, (beside, top, metrics.height()), badge, "warn" if words.moved else words.kind)
        top += title_height
        if not refused and not shape.aside:
            top += self._figure(painter, shape, words, left, top, row)
        elif not refused:
            self._figure(
                painter, shape, words, rect.right() - shape.across - shape.figure_width, rect.top() + shape.pad, row
            )
        place_height = text_height(words.place, shape.small, width)
        _write(painter, shape.small, tokens.soft, (left, top, width, place_height), words.place)
        top += place_height
        if refused:
            detail = QFontMetrics(shape.small).elidedText(words.detail, Qt.TextElideMode.ElideRight, width)
            _write(painter, shape.small, tokens.soft, (left, top, width, rect.bottom() - top), detail)
        elif words.detail:
            ink = tokens.accent if row.group in ("near", "eligible") else tokens.soft
            _write(painter, shape.small, ink, (left, top, width, rect.bottom() - top), words.detail)

    def _figure(self, painter: QPainter, shape: _Shape, words: RowWords, left: int, top: int, row: Row) -> int:
        """Write the figure and what it means; how high that is."""
        tokens, way = look().tokens, _RIGHT if shape.aside else _WRAP
        font = _figure_font(shape, words.figure) if row.group != "unknown" else shape.strong
        height = text_height(words.figure, font, shape.figure_width)
        painter.setFont(font)
        painter.setPen(QColor(tokens.ink if row.group in ("eligible", "near", "review") else tokens.soft))
        painter.drawText(QRect(left, top, shape.figure_width, height), way, words.figure)
        below = text_height(words.meaning, shape.small, shape.figure_width)
        painter.setFont(shape.small)
        painter.setPen(QColor(tokens.soft))
        painter.drawText(QRect(left, top + height, shape.figure_width, below), way, words.meaning)
        return height + below


_BADGE_WORDS = "需补充信息"


def _figure_font(shape: _Shape, figure: str) -> QFont:
    """Large where it fits one line, else as the rest."""
    if QFontMetrics(shape.large).horizontalAdvance(figure) <= shape.figure_width:
        return shape.large
    font = QFont(shape.base)
    font.setBold(True)
    return font


def _badge_width(shape: _Shape, words: str) -> int:
    font = QFont(shape.small)
    font.setBold(True)
    return QFontMetrics(font).horizontalAdvance(words) + look().scale.grid(3)


def _badge(painter: QPainter, shape: _Shape, at: tuple[int, int, int], words: str, kind: str) -> None:
    """A short word on a coloured ground, as the kit's own badges look."""
    tokens, (left, top, line) = look().tokens, at
    ink, ground = {
        "good": (tokens.good, tokens.good_on), "warn": (tokens.warn, tokens.warn_on), "bad": (tokens.bad, tokens.bad_on),
        "info": (tokens.accent, tokens.accent_on), "plain": (tokens.soft, tokens.ground),
    }[kind]  # fmt: skip
    font = QFont(shape.small)
    font.setBold(True)
    metrics = QFontMetrics(font)
    width = metrics.horizontalAdvance(words) + look().scale.grid(1.5)
    box = QRectF(left, top + (line - metrics.height()) / 2, width, metrics.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(box, 4, 4)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)


def _write(painter: QPainter, font: QFont, ink: str, box: tuple[int, int, int, int], text: str) -> None:
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(QRect(*box), _WRAP, text)


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
