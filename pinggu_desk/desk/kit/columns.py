"""A column that scrolls, and keeps the field one is in in sight."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk.theme import is_dressing, look


class Ground(QWidget):
    """The ground that others stand on, painted at once."""

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # else all that lies under it is painted first

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), look().tokens.ground)
        painter.end()


class _Inside(Ground):
    """What a column holds; a list, where a screen reader should count its rows."""

    def __init__(self, rows: bool) -> None:
        super().__init__()
        self.reader_role = QAccessible.Role.List if rows else QAccessible.Role.Client


_FOLLOWED = "columns_follow_the_focus"


def _follow_focus(_old: QWidget | None, new: QWidget | None) -> None:
    """The columns that what has the focus is in bring it into sight; the window has many more."""
    inside, above = None, new
    while above is not None:
        if isinstance(above, ScrollColumn) and new is not None and inside is above.viewport():
            above.follow(new)
        inside, above = above, above.parentWidget()


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
        if isinstance(app, QApplication) and not app.property(_FOLLOWED):
            app.setProperty(_FOLLOWED, True)
            app.focusChanged.connect(_follow_focus)

    def _keep_bar(self, _least: int, most: int) -> None:
        """While there is something to scroll, the bar is there for certain.

        A bar that only may be there has Qt work out every height twice for each change: with it and without it.
        """
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOn if most > 0 else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        if self.verticalScrollBarPolicy() is not policy:
            self.setVerticalScrollBarPolicy(policy)

    def follow(self, new: QWidget) -> None:
        """Bring what has the focus into sight: something inside this column."""
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
        here = QApplication.focusWidget()
        if here is not None and here is self.focusWidget() and self.widget().isAncestorOf(here):
            self.follow(here)

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
