"""What the window knows of a page: its title, its buttons at the foot, and what it may ask the window for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtWidgets import QPushButton, QWidget
from typing_extensions import override

from pinggu_desk.desk.theme import look

_LEAST_LINES = 20  # body heights that a page is never asked to do with less than


class Page(QWidget):
    """One page of the centre. Every page of the desk, the wizard among them, is one.

    A page asks for another by sending a signal; the window listens. ``case_wanted`` (case id) opens a case,
    ``applicant_wanted`` (applicant id) an applicant, ``clause_wanted`` (clause id) the text at that place,
    ``new_case_wanted`` (applicant id or None, policy id or "") a new case, ``match_wanted`` (applicant id) what that
    applicant could have, ``place_wanted`` (its title) another page of the window, ``history_wanted`` (case id) what
    happened in a case. ``foot_changed`` says that :meth:`foot` answers differently now, ``said`` puts a sentence into the
    status bar.
    """

    case_wanted = Signal(int)
    applicant_wanted = Signal(int)
    clause_wanted = Signal(str)
    new_case_wanted = Signal(object, str)
    place_wanted = Signal(str)
    match_wanted = Signal(int)
    history_wanted = Signal(int)
    foot_changed = Signal()
    said = Signal(str)
    title = ""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")

    @override
    def hasHeightForWidth(self) -> bool:
        return False  # pages scroll; asking for a page's whole height would push the foot out of the window

    @override
    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        return QSize(least.width(), min(least.height(), look().scale.body * _LEAST_LINES))

    def enter(self) -> None:
        """Called whenever the page comes to the front: read again what may have changed, and take the focus."""

    def leave(self) -> None:
        """Called before the page goes to the back or the window is locked: nothing typed may be pending after it."""

    def shed(self) -> None:
        """Called before another look is put on: let go of what is out of sight and can be made anew."""

    def again(self) -> Callable[[Any], None] | None:
        """What puts a new page of the same kind where this one was left; None where it may begin anew."""
        return None

    def foot(self) -> list[QPushButton]:
        """The page's own buttons for the foot of the window, the main one last; they belong to the page."""
        return []

    def clause_here(self) -> str:
        """The clause that F1 opens from here; empty for none."""
        return ""

    def back(self) -> bool:
        """Esc: a step back inside the page; False where there is none to go."""
        return False


class ColumnsPage(Page):
    """A page of columns side by side, each of which scrolls by itself; some are as wide as so many characters."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: list[tuple[QWidget, int, int]] = []

    def keep_wide(self, column: QWidget, characters: int, beside: int) -> None:
        """Keep a column as wide as ``characters`` of the body and ``beside`` pixels, whatever size is chosen."""
        self._columns.append((column, characters, beside))
        self._fit()

    def _fit(self) -> None:
        for column, characters, beside in self._columns:
            column.setFixedWidth(look().scale.body * characters + beside)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit()
