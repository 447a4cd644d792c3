"""A column that scrolls, and keeps the field one is in in sight."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk.theme import look


class ScrollColumn(QScrollArea):
    """A vertical column wider than nothing and longer than the page if need be; fill ``column.body``.

    What is in it wraps, so that it need not scroll sideways. When a widget in it takes the focus, the nearest ancestor that is
    ``keep_whole`` (a property that fields set) is brought into sight with its question, clause and error.
    """

    def __init__(self, parent: QWidget | None = None, *, margin: float = 3) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setObjectName("body")
        self.body = QVBoxLayout(inside)
        space = look().scale.grid(margin)
        self.body.setContentsMargins(space, space, space, space)
        self.body.setSpacing(look().scale.grid(1.5))
        self.setWidget(inside)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is None or not self.widget().isAncestorOf(new):
            return
        whole = new
        while whole is not self.widget() and not whole.property("keep_whole"):
            whole = whole.parentWidget()
        margin = look().scale.grid(1)
        if whole is not self.widget() and whole.height() < self.viewport().height():
            self.ensureWidgetVisible(whole, 0, margin)
        self.ensureWidgetVisible(new, 0, margin)

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
