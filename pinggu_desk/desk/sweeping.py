"""What can wait is done while nobody types: looking for garbage (cycles that nobody refers to), and what answers will want.

In the middle of a key either takes as long as the key.
"""

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
    """Takes over from Python when it looks. ``idle`` tells how long nobody has touched the desk; ``ahead`` makes one thing ready."""

    def __init__(
        self, idle: Callable[[], timedelta], ahead: Callable[[], object] = lambda: None, parent: QObject | None = None
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._idle, self._ahead, self._rested = idle, ahead, False
        gc.set_threshold(*_UNLESS)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """In a pause what it is good for; in a rest at everything, once a rest."""
        idle = self._idle()
        if idle < _PAUSE:
            self._rested = False
        elif idle >= _REST and not self._rested:
            self._rested = True
            gc.collect()
        else:
            self.use_pause()

    def use_pause(self) -> None:
        """Make one thing ready, and look for garbage among what is new unless everything was looked at in this rest."""
        self._ahead()
        if not self._rested:
            # looks at what is new are counted by Python, which then looks at everything itself, in the middle of a key
            gc.collect(1 if gc.get_count()[2] < _UNLESS[2] // 2 else 2)
