"""Enter goes to the next field, Shift+Enter back: one helper for every form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QObject, Qt, Signal, SignalInstance
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


@runtime_checkable
class HasInputs(Protocol):
    """A field made of one or more inputs, of which one takes the focus at a time."""

    def inputs(self) -> list[QWidget]:
        """Every widget of the field that can take the focus."""

    def focus_input(self) -> None:
        """Put the focus where typing should go."""

    def accept(self) -> None:
        """Enter was pressed in it: take what it offers before the focus moves on."""


@runtime_checkable
class AnswersAtOnce(Protocol):
    """A field that one key answers: ``at_once`` is sent when it did, and the next field is gone to."""

    at_once: SignalInstance


@runtime_checkable
class Confirms(Protocol):
    """A field that Enter confirms: going back over it confirms nothing."""

    confirmed: SignalInstance


@runtime_checkable
class Composes(Protocol):
    """An input that knows whether the input method is in the middle of a word."""

    composing: bool


class FocusChain(QObject):
    """The order in which Enter walks the fields of one form.

    The main Enter and the keypad's do the same. While the input method is composing (preedit not empty) Enter is
    the input method's. Hidden and disabled fields are passed over. ``finished`` is sent when Enter is pressed in
    the last field, ``begun`` when Shift+Enter is pressed in the first. A choice made by its number key goes on by itself, past
    the last field only where ``to_the_end``; an Enter pressed behind it out of habit does nothing more. Going on, Enter passes over
    the fields that ``passes`` says have nothing to be done in; going back, none.
    """

    finished = Signal()
    begun = Signal()

    def __init__(
        self, parent: QObject | None = None, *, to_the_end: bool = False,
        passes: Callable[[QWidget], bool] = lambda _field: False,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._passes = passes
        self._fields: list[QWidget] = []
        self._of_input: dict[QWidget, QWidget] = {}
        self._to_the_end = to_the_end
        self._went_on = False  # by itself, with no key since
        #: brings the form up to an answer that one key gave, before the next field is looked for
        self.before_going_on: Callable[[], None] = lambda: None

    def set_fields(self, fields: Iterable[QWidget]) -> None:
        """Walk these, in this order (fields of the kit, or single widgets)."""
        for old in self._of_input:
            old.removeEventFilter(self)
        for gone in self._fields:
            if isinstance(gone, AnswersAtOnce):
                gone.at_once.disconnect(self._answered)
        self._fields = list(fields)
        for field in self._fields:
            if isinstance(field, AnswersAtOnce):
                field.at_once.connect(self._answered)
        self._of_input = {one: field for field in self._fields for one in _inputs(field)}
        previous: QWidget | None = None
        for one in self._of_input:
            one.installEventFilter(self)
            if previous is not None and previous.window() is one.window():
                QWidget.setTabOrder(previous, one)
            previous = one

    def focus_first(self) -> None:
        """Begin at the first field that can be filled in."""
        self._step(-1, 1)

    def onward_from(self, field: QWidget) -> None:
        """Go on behind a field as Enter does."""
        self._step(self._fields.index(field), 1)

    def goes_on_from(self, field: QWidget) -> bool:
        """Whether Enter would find another field of this form behind it."""
        return any(map(self._stops, self._fields[self._fields.index(field) + 1 :]))

    def forget_key(self) -> None:
        """Somebody came here another way than by the key before: the next Enter is meant."""
        self._went_on = False

    def fields(self) -> list[QWidget]:
        """The fields in order."""
        return list(self._fields)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Enter from the inputs; everything else is theirs."""
        if isinstance(event, QInputMethodEvent) and (event.commitString() or event.preeditString()):
            self._went_on = False  # words came, by no key that is seen here: the next Enter is meant
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        went_on, self._went_on = self._went_on, False
        if event.key() not in _ENTER or event.modifiers() & _HELD or not isinstance(watched, QWidget):
            return False
        if isinstance(watched, Composes) and watched.composing:
            return False
        field = self._of_input.get(watched)
        if field is None:
            return False
        if went_on:
            return True
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        at = self._fields.index(field)
        if isinstance(field, HasInputs) and not (back and isinstance(field, Confirms)):
            field.accept()
        stays = field in self._fields  # what was confirmed may have gone, and what it put together stands in its place
        self._step(self._fields.index(field) if stays else at - 1, -1 if back else 1)
        return True

    def _answered(self) -> None:
        """One key answered the field that has the focus: go on as Enter would, among what is asked now."""
        self.before_going_on()
        field = next((one for one in self._fields if one.isAncestorOf(one.window().focusWidget() or one)), None)
        if field is None:
            return
        if self._to_the_end or self.goes_on_from(field):
            self._step(self._fields.index(field), 1)
            self._went_on = True

    def _stops(self, field: QWidget) -> bool:
        return field.isVisible() and field.isEnabled() and not self._passes(field)

    def _step(self, index: int, way: int) -> None:
        index += way
        while 0 <= index < len(self._fields):
            field = self._fields[index]
            if self._stops(field) or (way < 0 and field.isVisible() and field.isEnabled()):
                if isinstance(field, HasInputs):
                    field.focus_input()
                else:
                    field.setFocus(Qt.FocusReason.TabFocusReason)
                return
            index += way
        (self.finished if way > 0 else self.begun).emit()


def _inputs(field: QWidget) -> list[QWidget]:
    return field.inputs() if isinstance(field, HasInputs) else [field]
