"""Radio rows and tick boxes that we draw ourselves, so that their marks read in the dark and their words wrap."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QSizePolicy, QWidget
from typing_extensions import override

from pinggu_desk.desk.icons import paint_icon
from pinggu_desk.desk.theme import look

_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class _Geometry:
    """Sizes of a mark and its words for the look in use."""

    def __init__(self) -> None:
        scale = look().scale
        self.side = round(scale.body * 1.2)
        self.pad = scale.grid(0.5)
        self.gap = scale.grid(1)
        self.drop = scale.body * 0.06  # Han characters stand a little below the middle of their line
        self.left = self.pad + self.side + self.gap


@lru_cache(maxsize=2048)
def _words_height(text: str, font: str, width: int) -> int:
    """How high words are, wrapped at a width: a layout asks for it over and over."""
    face = QFont()
    face.fromString(font)
    return QFontMetrics(face).boundingRect(QRect(0, 0, max(width, 1), 10_000), int(_WRAP), text).height()


class _Marked:
    """What the two marked buttons share: how they measure and paint. Mixed into a QAbstractButton."""

    round_mark = True

    def measured(self, button: QAbstractButton) -> QSize:
        g = _Geometry()
        metrics = button.fontMetrics()
        return QSize(
            g.left + metrics.horizontalAdvance(button.text()) + 2 * g.pad + 4,
            max(metrics.height(), g.side) + 2 * g.pad + 2,
        )

    def height_for(self, button: QAbstractButton, width: int) -> int:
        g = _Geometry()
        words = _words_height(button.text(), button.font().toString(), width - g.left - 2 * g.pad)
        return max(words, g.side) + 2 * g.pad + 2

    def paint(self, button: QAbstractButton) -> None:
        g, tokens = _Geometry(), look().tokens
        painter = QPainter(button)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(button.rect()).adjusted(1, 1, -1, -1)
        if button.isChecked() and self.round_mark:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent_on))
            painter.drawRoundedRect(whole, 6, 6)
        if button.hasFocus():
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(whole, 6, 6)
        first_line = button.fontMetrics().height()
        mark = QRectF(g.pad + 1, g.pad + 1 + max(0.0, (first_line - g.side) / 2) + g.drop, g.side, g.side)
        self._paint_mark(painter, button, mark)
        painter.setPen(QColor(tokens.ink if button.isEnabled() else tokens.soft))
        painter.setFont(button.font())
        words = QRect(g.left + 1, g.pad, button.width() - g.left - 2 * g.pad, button.height() - 2 * g.pad)
        painter.drawText(words, int(_WRAP), button.text())
        painter.end()

    def _paint_mark(self, painter: QPainter, button: QAbstractButton, mark: QRectF) -> None:
        tokens = look().tokens
        on = button.isChecked()
        rim = QColor(tokens.bad if button.property("state") == "bad" else tokens.accent if on else tokens.edge)
        painter.setPen(QPen(rim, 2))
        painter.setBrush(QColor(tokens.card if self.round_mark or not on else tokens.accent))
        inner = mark.adjusted(1, 1, -1, -1)
        if self.round_mark:
            painter.drawEllipse(inner)
            if on:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(tokens.accent))
                dot = mark.width() * 0.27
                painter.drawEllipse(mark.adjusted(dot, dot, -dot, -dot))
            return
        painter.drawRoundedRect(inner, 3, 3)
        if on:
            paint_icon(painter, "check", tokens.on_accent, mark.adjusted(1, 1, -1, -1))


def _prepare(button: QAbstractButton) -> None:
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    button.setSizePolicy(policy)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


class RadioRow(QRadioButton):
    """One choice of several, drawn with its number key."""

    reader_role = (
        QAccessible.Role.RadioButton
    )  # Qt goes by autoExclusive, which would keep an answer from being taken back

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._marked = _Marked()
        self.setAutoExclusive(False)  # the field keeps one answer, or none; Qt's own way can't go back to none
        _prepare(self)

    @override
    def sizeHint(self) -> QSize:
        return self._marked.measured(self)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), look().scale.grid(14)), self.sizeHint().height())

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        return self._marked.height_for(self, width)

    def hitButton(self, pos: QPoint) -> bool:
        """The whole row may be pressed, not the mark alone."""
        return self.rect().contains(pos)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.updateGeometry()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        self._marked.paint(self)


class Tick(QCheckBox):
    """A box to tick: 已收, 已抄写."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._marked = _Marked()
        self._marked.round_mark = False
        _prepare(self)

    @override
    def sizeHint(self) -> QSize:
        return self._marked.measured(self)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), look().scale.grid(14)), self.sizeHint().height())

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        return self._marked.height_for(self, width)

    def hitButton(self, pos: QPoint) -> bool:
        """The words may be pressed as well as the box."""
        return self.rect().contains(pos)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.updateGeometry()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        self._marked.paint(self)
