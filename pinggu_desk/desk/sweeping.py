"""Looking for garbage (cycles that nobody refers to) while nobody types: in the middle of a key it takes as long as the key."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import QObject, QTimer

_LOOK_MS = 2_000
_PAUSE, _REST = timedelta(seconds=1), timedelta(seconds=5)
#: objects made and kept since the last look, and looks of the smaller kind, from which Python looks by itself: only where
#: somebody types on and on without a pause
_UNLESS = 20_000, 20, 50


class Sweeper(QObject):
    """Takes over from Python when it looks. ``idle`` tells how long nobody has touched the desk."""

    def __init__(self, idle: Callable[[], timedelta], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._idle, self._rested = idle, False
        gc.set_threshold(*_UNLESS)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """In a pause at what is new, in a rest at everything, once a rest."""
        idle = self._idle()
        if idle < _PAUSE:
            self._rested = False
        elif idle >= _REST and not self._rested:
            self._rested = True
            gc.collect()
        elif not self._rested:
            gc.collect(1)
