"""Every use of the register, one after another, on one thread of its own; answers come back on the screen's thread.

The screen never waits for the disk. What is asked for is done in the order it was asked for, so an answer that was
typed is written before anything that is asked for later is read. What the disk refused for the time being is kept and
written again, before anything else and by itself, until it is there; nothing is called saved while some of it is not.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal, Slot
from shiboken6 import isValid

from pinggu_desk.policy.errors import DeskError
from pinggu_desk.register.errors import DiskFault, DiskFull, KeyRenewed, RegisterBusy, RegisterDamaged, RegisterError
from pinggu_desk.register.files import disk_sentence

if TYPE_CHECKING:  # the register comes with whoever logs in
    from pinggu_desk.register import Register
    from pinggu_desk.register.records import Clerk

T = TypeVar("T")
Work = Callable[["Register"], T]
Failed = Callable[[Exception], None]
#: what may pass by itself, or once somebody has made room: the write is kept and tried again
PASSING = (DiskFault, DiskFull, RegisterBusy, RegisterDamaged)
#: so often what waits is tried again
RETRY_MS = 3000


def sentence_of(error: Exception) -> str:
    """The one Chinese sentence for an error, whether it was foreseen or is a fault of ours."""
    if isinstance(error, (RegisterError, DeskError)):
        return error.sentence
    if isinstance(error, OSError) and error.filename:  # of a file: the disk's fault, not the program's
        return disk_sentence(error)
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
    keep: bool = False
    result: Any = None
    error: Exception | None = None
    held: bool = False
    late: bool = False  # answered once already, as held
    inside: bool = False  # it needs the open register


class Operations(QObject):
    """The one door of the desk to the register.

    ``saved`` carries the time of every acknowledged write behind which nothing waits, ``failed`` the sentence of an error
    that nobody asked to handle of a step that was to change something, ``unread`` that of one which only looked,
    ``pending`` how many jobs are not yet answered, ``unsaved`` how many writes the disk refused and why (0 and empty once
    all of them are there), ``renewed`` that the register has another key by now, so that the password is wanted again,
    ``put_aside`` how many writes this machine keeps in a file of its own because the register's server is away (0 once
    they were joined, which is tried again by itself), ``left_over`` how much of it the register
    would not take, ``alarmed`` all that was found to be altered in the register since
    it was opened, whenever there is more of it.
    """

    saved = Signal(datetime)
    unsaved = Signal(int, str)
    failed = Signal(str)
    unread = Signal(str)
    left_over = Signal(int)
    pending = Signal(int)
    renewed = Signal()
    put_aside = Signal(int)
    alarmed = Signal(str)
    _done = Signal(object)
    _waits = Signal(int, str)
    _aside = Signal(int, int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: SimpleQueue[_Job | threading.Event | None] = SimpleQueue()
        self._register: Register | None = None
        #: where the register lies that was opened last; None before. Without its server that is not the office's folder
        self.home: Path | None = None
        self._waiting = self._unsaved = self._put_aside = self._typed_aside = 0
        self._seen_aside = 0, 0  # how many wait and are left; the register's thread alone looks at it
        self._left = 0
        self._closed = False
        self._held: list[_Job] = []  # the register's thread alone looks at these
        self._parked: list[_Job] = []
        self._locked = False
        self._why: Exception | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(RETRY_MS)
        self._again.timeout.connect(self.try_again)
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._waits.connect(self._told, Qt.ConnectionType.QueuedConnection)
        self._aside.connect(self._told_aside, Qt.ConnectionType.QueuedConnection)
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
        keep: bool = False,
    ) -> None:
        """Do ``work`` with the open register, then call ``then`` with its result, or ``failed`` with its error.

        Both are called on the screen's thread, and not at all when they belong to a widget that is gone by then.
        ``writes`` says that a success is worth announcing as 已暂存. Without ``failed`` the error's sentence is sent by the
        signal ``failed``, or ``unread`` where nothing was to be changed. ``keep`` is for what was typed: where the disk
        refuses it for the time being, it is not given up but done again (it must bear that), and whatever writes after it
        waits or is refused.
        """
        self._ask(_Job(lambda: work(self._opened()), then, failed, writes, keep, inside=True))

    def try_again(self) -> None:
        """Write what waits, now; without anything waiting nothing happens."""
        if self._unsaved or self._put_aside:
            self._ask(_Job(lambda: None, None, None, writes=False))

    @property
    def unsaved_count(self) -> int:
        """How many writes of what was typed are in memory only, because the disk refused them."""
        return self._unsaved

    @property
    def aside_count(self) -> int:
        """How many writes this machine keeps for the server, of whatever kind."""
        return self._put_aside

    @property
    def left_count(self) -> int:
        """How much of what this machine kept the register would not take."""
        return self._left

    @property
    def typed_aside(self) -> int:
        """How much of what this machine keeps for the server was typed; the rest is where somebody stood in a case."""
        return self._typed_aside

    def open(
        self, opener: Callable[[], Register], then: Callable[[Clerk], None] | None = None, failed: Failed | None = None
    ) -> None:
        """Log in: ``opener`` gives the open register, which this thread owns from then on."""

        def work() -> Clerk:
            self._leave()
            self._register = opener()
            self.home = self._register.folder
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

    def lock(self, then: Callable[[None], None] | None = None) -> None:
        """Close the register after everything asked for so far, so that neither key nor password is in memory any more.

        What is asked for from now on waits until `unlock`, and so does what the disk refused; nothing of it is lost.
        """
        self._ask(_Job(self._lock_up, then, None, writes=False))

    def unlock(
        self, opener: Callable[[], Register], then: Callable[[Clerk], None] | None = None, failed: Failed | None = None
    ) -> None:
        """Open the register again by ``opener``, and do what waited, in its order; where that fails it stays locked."""

        def work() -> Clerk:
            self._register = opener()
            self._locked = False
            return self._register.clerk

        self._ask(_Job(work, then, failed, writes=False))

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
            self._again.stop()
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
            self._write_held()
            if isinstance(job, threading.Event):
                job.set()
            elif self._locked and job.inside:
                self._park(job)
            else:
                self._next(job)
                self._unpark()
            if self._register is not None and self._jobs.empty() and not self._held:
                self._register.tidy()
        self._write_held()
        self._leave()

    def _next(self, job: _Job) -> None:
        if self._held and job.writes:
            self._put_off(job)
        else:
            self._try(job)

    def _park(self, job: _Job) -> None:
        """Keep what is asked for behind the lock until the register is open again."""
        self._parked.append(job)
        self._done.emit(replace(job, held=True))
        if job.keep:
            self._tell_waiting()

    def _unpark(self) -> None:
        """Do what was kept behind the lock, once the register is open again."""
        if not self._parked or self._locked:
            return
        parked, self._parked = self._parked, []
        for job in parked:
            self._write_held()
            self._next(replace(job, held=False, late=True))
        self._tell_waiting()

    def _tell_waiting(self) -> None:
        """How much of what was typed is in memory only, and why."""
        held = sum(job.writes for job in self._held)  # where somebody stands in a case is kept, too: nobody typed it
        parked = sum(job.keep and job.writes for job in self._parked)
        why = sentence_of(self._why) if held and self._why else "已锁定，解锁后写入。" if parked else ""
        self._waits.emit(held + parked, why)

    def _try(self, job: _Job) -> None:
        try:
            job.result = job.work()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the asker's to hear, not this thread's end
            if isinstance(error, KeyRenewed):
                self.renewed.emit()
            if job.keep and isinstance(error, PASSING):
                self._why = error
                self._put_off(job)
                return
            job.error = error
        self._look_aside()  # first: what the machine keeps is not announced as saved
        if self._register is not None and self._register.unheard():
            self.alarmed.emit("".join(self._register.warnings))
        self._done.emit(job)

    def _put_off(self, job: _Job) -> None:
        """Keep a write that the disk refused, or one that must not overtake such; anything else is refused with it."""
        if not job.keep:
            job.error = self._why
            self._done.emit(job)
            return
        self._held.append(job)
        if not job.late:
            self._done.emit(replace(job, held=True))
        self._tell_waiting()

    def _look_aside(self) -> None:
        """Say how much is put aside, and what could not be joined: as long as anything waits, and whenever it has changed."""
        register, before = self._register, self._seen_aside
        waits, typed, left = (register.aside, register.aside_typed, register.aside_left) if register else (0, 0, 0)
        self._seen_aside = waits, left
        if waits or before != self._seen_aside:
            self._aside.emit(waits, typed, left)

    def _write_held(self) -> None:
        """Write what waits, in its order, as far as the disk or the server lets us."""
        if self._register is not None and self._register.aside:
            with suppress(*PASSING):
                self._register.join_aside()
            self._look_aside()
        before = 0 if self._locked else len(self._held)
        while self._held and not self._locked:
            job = self._held[0]
            try:
                job.result = job.work()
            except PASSING as error:
                if isinstance(error, KeyRenewed) and not isinstance(self._why, KeyRenewed):
                    self.renewed.emit()
                self._why = error
                break
            except Exception as error:  # noqa: BLE001 - as above
                job.error = error
            del self._held[0]
            self._done.emit(replace(job, late=True))
        if before:
            self._tell_waiting()

    def _opened(self) -> Register:
        if self._register is None:
            raise NotOpen
        return self._register

    def _leave(self) -> None:
        """Close the register for good; what waited for whoever locked it has nobody to go on for."""
        self._locked = False
        parked, self._parked = self._parked, []
        if self._register is not None:
            self._register.close()
            self._register = None
        if parked:
            self._tell_waiting()

    def _lock_up(self) -> None:
        if self._register is not None:
            register, self._register, self._locked = self._register, None, True
            register.lock()

    @Slot(object)
    def _deliver(self, job: _Job) -> None:
        if not job.late:
            self._waiting -= 1
            self.pending.emit(self._waiting)
        if job.held:
            return
        if job.error is None:
            if job.writes and not self._unsaved and not self._put_aside:
                self.saved.emit(datetime.now())
            if job.then is not None and _alive(job.then):
                job.then(job.result)
            return
        if not isinstance(job.error, (RegisterError, DeskError)):
            sys.excepthook(type(job.error), job.error, job.error.__traceback__)
        if job.failed is None:
            (self.failed if job.writes or job.keep else self.unread).emit(sentence_of(job.error))
        elif _alive(job.failed):
            job.failed(job.error)

    @Slot(int, int, int)
    def _told_aside(self, count: int, typed: int, left: int) -> None:
        """How much the machine keeps for the server: joining is tried again by itself as long as there is any."""
        more, changed, self._left = left > self._left, left != self._left, left
        before, self._put_aside, self._typed_aside = self._put_aside, count, typed
        if count and not self._closed and not self._again.isActive():
            self._again.start()
        if count or before:
            self.put_aside.emit(count)
        if changed:
            self.left_over.emit(left)
        if before and not count and not self._unsaved and not more:
            self.saved.emit(datetime.now())

    @Slot(int, str)
    def _told(self, count: int, why: str) -> None:
        """How much waits now: it is tried again by itself as long as there is any."""
        before, self._unsaved = self._unsaved, count
        if count and not self._closed:
            self._again.start()
        elif not count and not self._put_aside:
            self._again.stop()
        if count or before:
            self.unsaved.emit(count, why)
        if before and not count:
            self.saved.emit(datetime.now())


def _alive(callback: Callable[..., None]) -> bool:
    """Whether the widget that a bound method belongs to still exists."""
    owner = getattr(callback, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)
