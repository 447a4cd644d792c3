"""Icons of one family: line drawings of 24 units in ``resources/icons``, tinted by the look when they are drawn."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from pinggu_desk.desk.theme import look
from pinggu_desk.policy.resources import resource_root


@lru_cache(maxsize=64)
def _drawing(name: str) -> str:
    return (resource_root() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=256)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour).encode()))


def paint_icon(painter: QPainter, name: str, colour: str, where: QRectF) -> None:
    """Draw the icon ``name`` (a file of ``resources/icons`` without its ending) in ``colour``."""
    _renderer(name, colour).render(painter, where)


def icon(name: str, colour: str, side: int) -> QIcon:
    """The icon as a QIcon of ``side`` logical pixels, sharp on a screen of any density."""
    ratio = max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)
    pixels = QPixmap(round(side * ratio), round(side * ratio))
    pixels.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixels)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_icon(painter, name, colour, QRectF(pixels.rect()))
    painter.end()
    pixels.setDevicePixelRatio(ratio)
    return QIcon(pixels)


class IconMark(QWidget):
    """A small drawing beside words; it says nothing by itself, so readers of the screen pass it by."""

    def __init__(self, name: str, tint: str = "soft", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._tint = name, tint
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_icon(self, name: str, tint: str) -> None:
        """Show another icon, in the colour of another token."""
        self._name, self._tint = name, tint
        self.update()

    @override
    def sizeHint(self) -> QSize:
        side = look().scale.icon
        return QSize(side, side)

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_icon(painter, self._name, getattr(look().tokens, self._tint), QRectF(self.rect()))
        painter.end()
