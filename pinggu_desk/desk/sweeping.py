"""What can wait is done while nobody types: looking for garbage (cycles that nobody refers to), and what answers will want.

In the middle of a key either takes as long as the key. And Python looks on whichever thread makes the next object: a widget that
is found and dies on another one holds a lock of Qt's and waits for Python's, while the screen's thread waits the other way round,
and the desk stands still for good. So from here on nobody looks but this, on the screen's thread.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import QObject, QTimer

_LOOK_MS = 2_000
_PAUSE, _REST = timedelta(seconds=1), timedelta(seconds=5)
#: objects made and kept since the last look from which one is made although somebody types on and on; looks at what is new
#: after which what is older is looked at, too
_MANY, _OFTEN = 20_000, 25


class Sweeper(QObject):
    """Takes over from Python for good. ``idle`` tells how long nobody has touched the desk; ``ahead`` makes one thing ready."""

    def __init__(
        self, idle: Callable[[], timedelta], ahead: Callable[[], object] = lambda: None, parent: QObject | None = None
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._idle, self._ahead, self._rested = idle, ahead, False
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """In a pause what it is good for; in a rest at everything, once a rest; between keys only where much was made."""
        idle = self._idle()
        if idle < _PAUSE:
            self._rested = False
            if gc.get_count()[0] > _MANY:
                gc.collect(0 if gc.get_count()[1] < _OFTEN else 1)
        elif idle >= _REST and not self._rested:
            self._rested = True
            gc.collect()
        else:
            self.use_pause()

    def use_pause(self) -> None:
        """Make one thing ready, and look for garbage among what is new unless everything was looked at in this rest."""
        self._ahead()
        if not self._rested:
            gc.collect(1 if gc.get_count()[2] < _OFTEN else 2)
