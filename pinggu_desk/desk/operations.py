"""Every use of the register, one after another, on one thread of its own; answers come back on the screen's thread.

The screen never waits for the disk. What is asked for is done in the order it was asked for, so an answer that was
typed is written before anything that is asked for later is read.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal, Slot
from shiboken6 import isValid

from pinggu_desk.policy.errors import DeskError
from pinggu_desk.register import Register, RegisterError
from pinggu_desk.register.records import Clerk

T = TypeVar("T")
Work = Callable[[Register], T]
Failed = Callable[[Exception], None]


def sentence_of(error: Exception) -> str:
    """The one Chinese sentence for an error, whether it was foreseen or is a fault of ours."""
    if isinstance(error, (RegisterError, DeskError)):
        return error.sentence
    return f"程序出错（{type(error).__name__}），刚才这一步没有保存；请重做一次，仍不行请联系维护人员。"


class NotOpen(DeskError):
    """The register was asked for while nobody is logged in."""

    def __init__(self) -> None:
        super().__init__("还没有登录，登记库没有打开；请先登录。")


@dataclass(slots=True)
class _Job:
    work: Callable[[], Any]
    then: Callable[[Any], None] | None
    failed: Failed | None
    writes: bool
    result: Any = None
    error: Exception | None = None


class Operations(QObject):
    """The one door of the desk to the register.

    ``saved`` carries the time of every acknowledged write, ``failed`` the sentence of an error that nobody asked to
    handle, ``pending`` how many jobs are not yet answered.
    """

    saved = Signal(datetime)
    failed = Signal(str)
    pending = Signal(int)
    _done = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: SimpleQueue[_Job | threading.Event | None] = SimpleQueue()
        self._register: Register | None = None
        self._waiting = 0
        self._closed = False
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name="register", daemon=True)
        self._thread.start()

    # --- asking

    def run(
        self,
        work: Work[T],
        then: Callable[[T], None] | None = None,
        failed: Failed | None = None,
        *,
        writes: bool = False,
    ) -> None:
        """Do ``work`` with the open register, then call ``then`` with its result, or ``failed`` with its error.

        Both are called on the screen's thread, and not at all when they belong to a widget that is gone by then.
        ``writes`` says that a success is worth announcing as 已暂存. Without ``failed`` the error's sentence is sent
        by the signal ``failed``.
        """
        self._ask(_Job(lambda: work(self._opened()), then, failed, writes))

    def open(
        self, opener: Callable[[], Register], then: Callable[[Clerk], None] | None = None, failed: Failed | None = None
    ) -> None:
        """Log in: ``opener`` gives the open register, which this thread owns from then on."""

        def work() -> Clerk:
            self._leave()
            self._register = opener()
            return self._register.clerk

        self._ask(_Job(work, then, failed, writes=False))

    def without_register(
        self, work: Callable[[], T], then: Callable[[T], None] | None = None, failed: Failed | None = None
    ) -> None:
        """Do something that may take a while but needs no open register, in its turn."""
        self._ask(_Job(work, then, failed, writes=False))

    def log_out(self, then: Callable[[None], None] | None = None) -> None:
        """Close the register after everything asked for so far."""
        self._ask(_Job(self._leave, then, None, writes=False))

    @property
    def waiting(self) -> int:
        """How many jobs are not yet answered."""
        return self._waiting

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until all that was asked for is done and answered; False if that takes longer than ``timeout`` s."""
        if self._closed:
            return True
        done = threading.Event()
        self._jobs.put(done)  # no job: its own answer could come after the wait, and be counted as waiting still
        finished = done.wait(timeout)
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall)
        return finished

    def close(self, timeout: float = 10.0) -> bool:
        """Finish what was asked for, close the register, end the thread; False if it would not end in time."""
        if not self._closed:
            self.flush(timeout)
            self._closed = True
            self._jobs.put(None)
            self._thread.join(timeout)
        return not self._thread.is_alive()

    # --- doing

    def _ask(self, job: _Job) -> None:
        if self._closed:
            return
        self._waiting += 1
        self.pending.emit(self._waiting)
        self._jobs.put(job)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            if isinstance(job, threading.Event):
                job.set()
                continue
            try:
                job.result = job.work()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the asker's to hear, not this thread's end
                job.error = error
            self._done.emit(job)
        self._leave()

    def _opened(self) -> Register:
        if self._register is None:
            raise NotOpen
        return self._register

    def _leave(self) -> None:
        if self._register is not None:
            self._register.close()
            self._register = None

    @Slot(object)
    def _deliver(self, job: _Job) -> None:
        self._waiting -= 1
        self.pending.emit(self._waiting)
        if job.error is None:
            if job.writes:
                self.saved.emit(datetime.now())
            if job.then is not None and _alive(job.then):
                job.then(job.result)
            return
        if not isinstance(job.error, (RegisterError, DeskError)):
            sys.excepthook(type(job.error), job.error, job.error.__traceback__)
        if job.failed is None:
            self.failed.emit(sentence_of(job.error))
        elif _alive(job.failed):
            job.failed(job.error)


def _alive(callback: Callable[..., None]) -> bool:
    """Whether the widget that a bound method belongs to still exists."""
    owner = getattr(callback, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)
