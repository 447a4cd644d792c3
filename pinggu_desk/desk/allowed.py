"""What a role may not do is not offered: it stands there, out of reach, and says who may."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from pinggu_desk.desk.services import Services
from pinggu_desk.register.roles import Act, may, whose


class _Held(QObject):
    """Keeps a widget out of reach, whatever its page does with it later."""

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.EnabledChange and isinstance(watched, QWidget) and watched.isEnabled():
            watched.setEnabled(False)
        return False


def only(services: Services, act: Act, *offered: QWidget | QShortcut) -> bool:
    """Offer these to whoever may do it; whether the clerk at work may."""
    if may(services.clerk.role, act):
        return True
    words = whose(services.clerk.role, act)
    for one in offered:
        one.setEnabled(False)
        if isinstance(one, QWidget):
            one.setToolTip(words)
            one.setAccessibleDescription(words)
            one.installEventFilter(_Held(one))
    return False


def may_work(services: Services, say: Callable[[str], None] = lambda _words: None) -> bool:
    """Whether the clerk at work changes cases at all; an auditor only looks, and is told so by ``say``."""
    if may(services.clerk.role, Act.WORK):
        return True
    say(whose(services.clerk.role, Act.WORK))
    return False
