"""The chart of statistics on the screen: the drawing that is printed, in the colours and the type of the look."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QPoint, QSize
from PySide6.QtGui import QAccessible, QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from pinggu_desk.desk.theme import look
from pinggu_desk.documents.statistics.table import Measure, StatTable

_LEAST = (26, 14)  # in characters and lines of the body


class ChartView(QWidget):
    """Draws a table's chart as sharp as the screen is; what it shows is told in words to a screen reader."""

    reader_role = QAccessible.Role.Graphic

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table: StatTable | None = None
        self._measure: Measure = "金额"
        self._drawn: tuple[object, ...] = ()
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("统计图")

    def show_table(self, table: StatTable, measure: Measure) -> None:
        """Show what a table says by a measure."""
        self._table, self._measure = table, measure
        self._drawn = ()
        self.setAccessibleName(f"统计图，{measure}")
        self.update()

    def image(self) -> QImage:
        """The picture as it is shown, drawn anew where size, look or table are others."""
        ratio, now = self.devicePixelRatioF(), look()
        key = (self._table, self._measure, self.width(), self.height(), ratio, now)
        if self._table is not None and key != self._drawn:
            self._image = self._draw(self._table, ratio)
            self._drawn = key
        return self._image

    def _draw(self, table: StatTable, ratio: float) -> QImage:
        import pypdfium2

        from pinggu_desk.documents.statistics.chart import ChartLook, chart_pdf

        tokens, scale = look().tokens, look().scale
        dress = ChartLook(
            ink=tokens.ink, soft=tokens.soft, line=tokens.line, certain=tokens.accent, ceiling=tokens.accent,
            ground=tokens.card, size=float(scale.small),
        )  # fmt: skip
        data, chart = chart_pdf(table, self._measure, max(self.width(), 1), max(self.height(), 1), dress)
        self.setAccessibleDescription(chart.alt)
        document: Any = pypdfium2.PdfDocument(data)
        try:
            bitmap = document[0].render(scale=ratio, rev_byteorder=True)
            form = QImage.Format.Format_RGB888 if bitmap.n_channels == 3 else QImage.Format.Format_RGBX8888
            image = QImage(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, form).copy()
        finally:
            document.close()
        image.setDevicePixelRatio(ratio)
        return image

    @override
    def minimumSizeHint(self) -> QSize:
        body = look().scale.body
        return QSize(body * _LEAST[0], body * _LEAST[1])

    @override
    def sizeHint(self) -> QSize:
        body = look().scale.body
        return QSize(body * 30, body * 20)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self.updateGeometry()
            self.update()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(look().tokens.card))
        painter.drawImage(QPoint(0, 0), self.image())
        painter.end()
