"""What a screen reader is told: role and state of each widget of ours, and sentences said as they appear.

Qt knows its own widgets; what we draw or put together ourselves it takes for a border, a client area or a check box.
A class (or one widget) says by ``reader_role`` what it is. What has ``state`` "bad" (a property that the kit sets) is
told as invalid; the bridge of Qt 6.8 to AT-SPI has no word for that, so the error begins the description as well.

Qt's own interface goes on answering for everything but role and state: without it a line would lose its text, a
button its press. What PySide wants here was found by trial: an ``interface_cast`` must answer with a null pointer,
never None; and a factory must not answer for a widget that is being destroyed, which Qt asks about by the name of a
base class.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QAccessibleWidget, QLineEdit, QWidget
from shiboken6 import VoidPtr
from typing_extensions import override

_SETTLED_MS = 600  # a figure that has stood so long is told; each key's is not
_CHOSEN = (QAccessible.Role.ListItem, QAccessible.Role.PageTab)  # what is selected, where a button would be checked


def role_of(thing: QObject | None) -> QAccessible.Role | None:
    """The role that a widget of ours says it has; None where Qt knows best."""
    role = getattr(thing, "reader_role", None)
    return role if isinstance(role, QAccessible.Role) else None


class _Interface(QAccessibleWidget):
    """Qt's own interface of a widget but for role and state."""

    def __init__(self, widget: QWidget, native: int) -> None:
        super().__init__(widget)
        self._native = native

    def _qt(self) -> QAccessibleInterface | None:
        """Qt's own, looked up anew each time: held, it would be taken for whatever comes to lie at its address.

        Qt deletes it without Python hearing of it, and PySide finds the Python side of a thing by its address.
        """
        return QAccessible.accessibleInterface(self._native) if self._native else None

    @override
    def role(self) -> QAccessible.Role:
        return role_of(self.widget()) or super().role()

    @override
    def interface_cast(self, kind: QAccessible.InterfaceType) -> Any:
        qt = self._qt()
        own = qt.interface_cast(kind) if qt else super().interface_cast(kind)
        return VoidPtr(0) if own is None else own

    @override
    def text(self, kind: QAccessible.Text) -> str:
        qt = self._qt()
        return qt.text(kind) if qt else super().text(kind)

    @override
    def state(self) -> QAccessible.State:
        if not self.isValid():  # the widget is gone
            return QAccessible.State()
        widget = self.widget()
        qt = self._qt()
        state = qt.state() if qt else super().state()
        bits = {"invalid": widget.property("state") == "bad"}
        if isinstance(widget, QAbstractButton) and self.role() in _CHOSEN:
            bits |= {"checkable": False, "checked": False, "selectable": True, "selected": widget.isChecked()}
        for bit, on in bits.items():
            setattr(state, bit, on)
        return state


class _Factory:
    """Makes the interfaces of what has a role of its own, and of lines, which may be invalid."""

    def __init__(self) -> None:
        self._asking_qt = False

    def __call__(self, name: str, thing: QObject) -> QAccessibleInterface | None:
        if self._asking_qt or name != type(thing).__name__ or not isinstance(thing, QWidget):
            return None
        if role_of(thing) is None:
            return None
        native = 0
        if isinstance(thing, (QAbstractButton, QLineEdit)):
            self._asking_qt = True
            try:
                native = QAccessible.uniqueId(QAccessible.queryAccessibleInterface(thing))
            finally:
                self._asking_qt = False
        return _Interface(thing, native)


QAccessible.installFactory(_Factory())


def announce(widget: QWidget, sentence: str, *, urgent: bool = False) -> None:
    """Have a screen reader say a sentence about a widget; an urgent one interrupts what it is saying."""
    if not sentence:
        return
    event = QAccessibleAnnouncementEvent(widget, sentence)
    manner = QAccessible.AnnouncementPoliteness
    event.setPoliteness(manner.Assertive if urgent else manner.Polite)
    QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.Alert))
    QAccessible.updateAccessibility(event)


class Teller(QObject):
    """Says what became of something once it has stood for a moment, so that typing is not talked over."""

    def __init__(self, widget: QWidget, after: int = _SETTLED_MS) -> None:
        super().__init__(widget)
        self._widget = widget
        self._words: Callable[[], str] = str
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(after)
        self._timer.timeout.connect(self._say)

    def tell(self, words: Callable[[], str]) -> None:
        """Ask for the words, and say them, when nothing else was to be said for a moment."""
        self._words = words
        self._timer.start()

    def _say(self) -> None:
        if self._widget.isVisible():
            announce(self._widget, self._words())
