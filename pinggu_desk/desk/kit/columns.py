"""A column that scrolls, and keeps the field one is in in sight."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk.theme import is_dressing, look


class _Inside(QWidget):
    """What a column holds; a list, where a screen reader should count its rows."""

    def __init__(self, rows: bool) -> None:
        super().__init__()
        self.reader_role = QAccessible.Role.List if rows else QAccessible.Role.Client
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # else all that lies under it is painted first

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), look().tokens.ground)
        painter.end()


class ScrollColumn(QScrollArea):
    """A vertical column wider than nothing and longer than the page if need be; fill ``column.body``.

    What is in it wraps, so that it need not scroll sideways. When a widget in it takes the focus, the nearest ancestor that is
    ``keep_whole`` (a property that fields set) is brought into sight with its question, clause and error.
    ``rows``: what it holds are the items of a list.
    """

    reader_role = QAccessible.Role.Pane

    def __init__(self, parent: QWidget | None = None, *, margin: float = 3, rows: bool = False) -> None:
        super().__init__(parent)
        self._stays_later = False
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = _Inside(rows)
        self.body = QVBoxLayout(inside)
        space = look().scale.grid(margin)
        self.body.setContentsMargins(space, space, space, space)
        self.body.setSpacing(look().scale.grid(1.5))
        self.setWidget(inside)
        inside.installEventFilter(self)
        self.verticalScrollBar().rangeChanged.connect(self._keep_bar)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def _keep_bar(self, _least: int, most: int) -> None:
        """While there is something to scroll, the bar is there for certain.

        A bar that only may be there has Qt work out every height twice for each change: with it and without it.
        """
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOn if most > 0 else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        if self.verticalScrollBarPolicy() is not policy:
            self.setVerticalScrollBarPolicy(policy)

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is None or not self.widget().isAncestorOf(new):
            return
        # what was only just shown has no place yet
        QCoreApplication.sendPostedEvents(self.widget(), QEvent.Type.LayoutRequest)
        whole = new
        while whole is not self.widget() and not whole.property("keep_whole"):
            whole = whole.parentWidget()
        self._bring(whole if whole is not self.widget() else new)
        self.ensureWidgetVisible(new, 0, look().scale.grid(1))

    def _bring(self, whole: QWidget) -> None:
        """If it is not wholly in sight, put it a quarter down, so that what comes next is in sight, too."""
        bar, view, margin = self.verticalScrollBar(), self.viewport().height(), look().scale.grid(1)
        top, height = whole.mapTo(self.widget(), QPoint(0, 0)).y(), whole.height()
        if top - margin < bar.value() or top + height + margin > bar.value() + view:
            bar.setValue(top - max(margin, (view - height) // 4))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Once what is in the column has its size (first, or anew), the field one is in is brought into sight."""
        if event.type() is QEvent.Type.Resize:
            if not is_dressing():
                self._stay()
            elif not self._stays_later:
                self._stays_later = True
                QTimer.singleShot(0, self, self._stay)
        return super().eventFilter(watched, event)

    def _stay(self) -> None:
        self._stays_later = False
        self._follow(None, self.focusWidget() if self.focusWidget() is QApplication.focusWidget() else None)

    @override
    def minimumSizeHint(self) -> QSize:
        inside = self.widget()
        width = inside.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width() if inside else 0
        return QSize(width, look().scale.grid(12))

    @override
    def sizeHint(self) -> QSize:
        inside = self.widget()
        return (
            inside.sizeHint() + QSize(self.verticalScrollBar().sizeHint().width(), 0) if inside else super().sizeHint()
        )
