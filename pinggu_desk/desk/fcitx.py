"""fcitx where nothing answers in ibus' place (fcitx 4, or fcitx 5 without its ibus part): asked key by key on the session bus."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from time import monotonic

from PySide6.QtCore import QEvent, QObject, QSocketNotifier
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit
from typing_extensions import override

from pinggu_desk.desk.inputmethod import FCITX
from pinggu_desk.desk.kit.line import Line
from pinggu_desk.desk.sessionbus import BUS, BusError, Message, SessionBus

_DOOR = ("/org/freedesktop/portal/inputmethod", "org.fcitx.Fcitx.InputMethod1")
_CONTEXT = "org.fcitx.Fcitx.InputContext1"
_CAN = 1 << 1 | 1 << 4 | 1 << 5  # shows what is composed, in pieces, and commits it itself when the focus goes
#: seconds that a key may wait for fcitx: on a slow machine its answer comes late, and the letter would come twice
_PATIENCE = 2.0
#: seconds after which fcitx is asked again where it gave no answer: typing must not stand still at every key
_AGAIN = 5.0
_KEYS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)


class Fcitx(QObject):
    """Offers every key of the field in focus to fcitx first, and puts what fcitx makes of it into the field."""

    def __init__(self, app: QApplication, environment: Mapping[str, str]) -> None:
        super().__init__(app)
        self._environment, self._path = environment, ""
        self._bus: SessionBus | None = None
        self._notifier: QSocketNotifier | None = None
        self._field: QLineEdit | None = None
        self._composing = False
        self._lost: float | None = None
        app.installEventFilter(self)
        app.focusObjectChanged.connect(self._focus)
        QGuiApplication.inputMethod().cursorRectangleChanged.connect(self._place)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and self._field is not None:
            if event.type() in _KEYS and isinstance(watched, QWindow):
                self._look_again()
                return self._takes(event)
            if event.type() is QEvent.Type.ShortcutOverride and self._composing:
                event.accept()  # the key is fcitx' before it is any shortcut's
                return True
        return False

    def _takes(self, event: QKeyEvent) -> bool:
        released = event.type() is QEvent.Type.KeyRelease
        key = (event.nativeVirtualKey(), event.nativeScanCode(), event.nativeModifiers(), released, 0)
        answer = self._ask("ProcessKeyEvent", "uuubu", *key)
        self._hear()
        return bool(answer and answer[0])

    def _ask(self, member: str, signature: str = "", *body: object) -> list[object]:
        """Ask about the context; an empty answer when fcitx is gone or too slow, which is looked for again a little later."""
        if self._bus is None or not self._path:
            return []
        try:
            return self._bus.ask(FCITX, self._path, _CONTEXT, member, signature, *body)
        except BusError:
            self._lose()
            return []

    def _lose(self) -> None:
        """No answer: what is composed stands as it is, and what the answer would still bring must not come twice."""
        path, self._path, self._lost = self._path, "", monotonic()
        if isinstance(self._field, Line):
            self._field.finish_composing()
        self._composing = False
        with suppress(BusError):
            if self._bus is not None:
                self._bus.tell(FCITX, path, _CONTEXT, "DestroyIC")

    def _look_again(self) -> None:
        """Ask again whoever was busy at a key (fcitx loads its words at the first one): Chinese is not gone for good."""
        if not self._path and self._lost is not None and monotonic() - self._lost >= _AGAIN:
            self._lost = monotonic()
            self._open()
            self._ask("FocusIn")

    def _open(self) -> None:
        with suppress(BusError):
            if self._bus is None:
                self._bus = SessionBus(self._environment, _PATIENCE)
                rule = f"type='signal',interface='{_CONTEXT}'"
                self._bus.tell(BUS, "/org/freedesktop/DBus", BUS, "AddMatch", "s", rule)
                self._notifier = QSocketNotifier(self._bus.fileno(), QSocketNotifier.Type.Read, self)
                self._notifier.activated.connect(self._hear)
            if not self._path:
                pairs = [("program", "pinggu-desk")]
                self._path = str(self._bus.ask(FCITX, *_DOOR, "CreateInputContext", "a(ss)", pairs)[0])
                self._ask("SetCapability", "t", _CAN)
        if not self._path:
            self._lost = monotonic()

    def _focus(self, now: QObject | None) -> None:
        if self._field is not None:
            self._field = None  # what is composed is the line's to keep: fcitx' taking it back is not passed on
            self._ask("Reset")
            self._ask("FocusOut")
            self._hear()
        self._composing = False
        shown = isinstance(now, QLineEdit) and now.echoMode() is QLineEdit.EchoMode.Normal and not now.isReadOnly()
        self._field = now if shown and isinstance(now, QLineEdit) else None
        if self._field is not None:
            self._open()
            self._ask("FocusIn")
            self._place()

    def _place(self) -> None:
        """Tell where the cursor is, so that the candidates stand under it."""
        window = QGuiApplication.focusWindow()
        if self._field is None or window is None:
            return
        where = QGuiApplication.inputMethod().cursorRectangle().toRect()
        corner, ratio = window.mapToGlobal(where.topLeft()), window.devicePixelRatio()
        place = (corner.x(), corner.y(), where.width(), where.height())
        self._ask("SetCursorRect", "iiii", *(round(one * ratio) for one in place))

    def _hear(self) -> None:
        if self._bus is None:
            return
        try:
            came = self._bus.signals()
        except BusError:  # the session is ending
            self._bus, self._path = None, ""
            if self._notifier is not None:
                self._notifier.setEnabled(False)
            return
        for signal in came:
            if signal.path == self._path and self._field is not None and QApplication.focusWidget() is self._field:
                self._pass_on(signal, self._field)

    def _pass_on(self, signal: Message, field: QLineEdit) -> None:
        if signal.member == "CommitString":
            event = QInputMethodEvent("", [])
            event.setCommitString(signal.body[0])
        elif signal.member == "UpdateFormattedPreedit":
            words = "".join(text for text, _format in signal.body[0])
            self._composing = bool(words)
            at = len(words.encode()[: max(signal.body[1], 0)].decode(errors="ignore"))
            cursor = QInputMethodEvent.Attribute(QInputMethodEvent.AttributeType.Cursor, at, 1, None)
            event = QInputMethodEvent(words, [cursor])
        else:
            return
        QApplication.sendEvent(field, event)
