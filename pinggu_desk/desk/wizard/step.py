"""What the page knows of a step: it can be shown anew, stood in, and asked where one stands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.assess.views import STEP_TITLES, StepKey
from pinggu_desk.desk.kit import Caption, FocusChain, ScrollColumn, Title
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.wizard.session import Session

_WIDE = 52  # body characters; a form is never wider, however wide the screen


class Step(ScrollColumn):
    """One step of the wizard in the centre of the page.

    ``here`` carries the name of the field that one came into, ``onward`` and ``backward`` that Enter went past the
    last field or Shift+Enter before the first, ``step_wanted`` the key of another step that is offered.
    """

    here = Signal(str)
    onward = Signal()
    backward = Signal()
    place_wanted = Signal(str)
    step_wanted = Signal(str)

    def __init__(
        self, session: Session, key: StepKey, sentence: str = "", *, rows: bool = False,
        passes: Callable[[QWidget], bool] = lambda _field: False,
    ) -> None:  # fmt: skip
        super().__init__(margin=2, rows=rows)
        self.session, self.key = session, key
        self.setAccessibleName(STEP_TITLES[key])
        self.chain = FocusChain(self, passes=passes)
        self.chain.finished.connect(self.onward)
        self.chain.begun.connect(self.backward)
        self.head = Caption(session.interview.policy.title)
        self.title = Title(STEP_TITLES[key])
        head = QVBoxLayout()
        head.setSpacing(look().scale.grid(0.25))
        for words in (self.head, self.title, *([Caption(sentence)] if sentence else ())):
            head.addWidget(words)
        self.body.addLayout(head)
        self._fit()

    def refresh(self) -> None:
        """Show how things stand after an edit, in place."""

    def stand_in(self, field: str = "") -> bool:
        """Put the focus into a field, or where it is best put; False when there is nothing to stand in."""
        raise NotImplementedError

    def clause_here(self) -> str:
        """The clause that the field with the focus comes from."""
        return ""

    def lock_up(self, closed: bool) -> None:
        """Take no edits while the case is closed."""

    def _fit(self) -> None:
        self.widget().setMaximumWidth(look().scale.body * _WIDE)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self.widget() is not None:
            self._fit()


def rest_of(widget: QWidget) -> None:
    """Let go of a widget that has been taken out of its layout."""
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()


def is_redo(event: QKeyEvent) -> bool:
    """The system's key for redo, or Ctrl+Y, which not every system counts as one."""
    own = event.key() == Qt.Key.Key_Y and event.modifiers() == Qt.KeyboardModifier.ControlModifier
    return own or event.matches(QKeySequence.StandardKey.Redo)


def set_visible(widget: QWidget, visible: bool) -> bool:
    """Show or hide; True if that was a change."""
    if widget.isHidden() is not visible:
        return False
    widget.setVisible(visible)
    return True
