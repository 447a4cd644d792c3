"""Long work off the screen's thread, so that no key waits for it: it tells how far it is, and ends when asked to."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from pinggu_desk.policy.errors import DeskError
from pinggu_desk.register.errors import RegisterError

#: While work goes on, the interpreter looks so often (seconds) whether the screen wants its turn. Qt's calls give the turn
#: away many times a key; with Python's own 5 ms each of them could wait that long.
TURN = 0.001
_WAIT = 30.0

Step = Callable[[int, int], None]
Stop = Callable[[], bool]
Work = Callable[[Step, Stop], Any]


class Stopped(Exception):
    """The work was ended before it was done."""


@dataclass(slots=True)
class _Job:
    work: Work
    then: Callable[[Any], None]
    failed: Callable[[Exception], None]
    stopped: bool = False
    result: Any = None
    error: Exception | None = None


class Background(QObject):
    """One piece of work at a time, on a thread of its own.

    ``progressed`` tells how many are done, and how many there may be (0: not known). What the work gives, or raises, comes
    back on the screen's thread; work that was stopped raises :class:`Stopped`, whatever it made of it.
    """

    progressed = Signal(int, int)
    _done = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job: _Job | None = None
        self._thread: threading.Thread | None = None
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether something is going on."""
        return self._job is not None

    def run(self, work: Work, then: Callable[[Any], None], failed: Callable[[Exception], None]) -> None:
        """Do ``work``; what went before is stopped first, and nothing more is heard of it."""
        self.stop()
        job = self._job = _Job(work, then, failed)
        self._thread = threading.Thread(target=self._work, args=(job,), name="batch", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Ask the work to end; ``failed`` is told when it has."""
        if self._job is not None:
            self._job.stopped = True

    def stop(self) -> None:
        """End the work and wait for its end; nothing more is heard of it."""
        job, self._job = self._job, None
        if job is not None:
            job.stopped = True
        if self._thread is not None:
            self._thread.join(_WAIT)
            self._thread = None

    def _work(self, job: _Job) -> None:
        before = sys.getswitchinterval()
        sys.setswitchinterval(min(TURN, before))
        try:
            job.result = job.work(lambda done, claimed: self._step(job, done, claimed), lambda: job.stopped)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the asker's to hear, not this thread's end
            job.error = error
        finally:
            sys.setswitchinterval(before)
        if job.stopped:
            job.error = Stopped()
        if isValid(self):
            self._done.emit(job)

    def _step(self, job: _Job, done: int, claimed: int) -> None:
        if not job.stopped and isValid(self):
            self.progressed.emit(done, claimed)

    @Slot(object)
    def _deliver(self, job: _Job) -> None:
        if job is not self._job:
            return
        self._job = None
        if self._thread is not None:
            self._thread.join(_WAIT)
            self._thread = None
        if job.error is None:
            job.then(job.result)
            return
        if not isinstance(job.error, (Stopped, RegisterError, DeskError)):
            sys.excepthook(type(job.error), job.error, job.error.__traceback__)
        job.failed(job.error)
