"""What the desk does behind the clerk's back: it looks the register over after the opening and when asked, and backs it up after work.

All of it runs on a thread of its own with a connection of its own, at the lowest priority, and lets whoever waits for the register go
first. What is wrong is told; what is well is not.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from pinggu_desk.desk.operations import NotOpen, Operations, sentence_of

if TYPE_CHECKING:
    from pinggu_desk.register import Register
    from pinggu_desk.register.backupnotes import Backup
    from pinggu_desk.register.backups import Source
    from pinggu_desk.register.checking import LookedOver
    from pinggu_desk.register.store import Breathe

LOOK_EVERY_MS = 15_000
CHECK_AFTER_MS, CHECK_AGAIN_MS = 20_000, 4 * 3600 * 1000
#: after which a window asks again whether the one that looks the register over for all has left
ASK_AGAIN_MS = 3600 * 1000
#: between two quick looks at a register that is open (`Register.look`): a tenth of a thousandth of the register's time
LOOK_AGAIN = timedelta(minutes=1)
_LOWEST = 19
#: so long the screen waits for what runs behind to notice that it is given up, and a program without a window for its end
_END_SECONDS, _LAST_SECONDS = 0.5, 60.0
#: so long what runs behind lets whoever waits go first at a time: a server ends what stands still for thirty seconds
_BREATH_SECONDS = 5.0


class StopError(BaseException):
    """The desk is about to close: what runs behind is given up."""


@dataclass(slots=True, eq=False)
class _Run:
    """Something that runs behind: what it does, who is told of it, and whether it is given up, whatever runs after it.

    ``asked`` is what somebody waits for, who is told in any case.
    """

    work: Callable[[Source, Breathe], Any]
    then: Callable[[Any], None]
    failed: Callable[[Exception], None]
    asked: bool = False
    stop: threading.Event = field(default_factory=threading.Event)

    def breathe(self, waiting: Callable[[], int]) -> None:
        """Let whoever waits for the register go first."""
        until = time.monotonic() + _BREATH_SECONDS
        while waiting() and time.monotonic() < until:
            if self.stop.wait(0.005):
                break
        if self.stop.is_set():
            raise StopError


class Keeper(QObject):
    """``told`` is what the clerk should know (empty: nothing any more), ``backed_up`` the words after a backup by itself.

    ``idle`` tells how long nobody has touched the desk.
    """

    told = Signal(str)
    backed_up = Signal(str)
    _over = Signal(object, object, object)

    def __init__(
        self, operations: Operations, folder: Path, idle: Callable[[], timedelta], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._operations, self._folder, self._idle = operations, folder, idle
        self._at: _Run | None = None
        self._check: _Run | None = None
        self._thread: threading.Thread | None = None
        self._left: list[threading.Thread] = []
        self._failed_sticks: dict[Path, datetime] = {}
        self._looked: datetime | None = None
        self._which = ""
        self.fault = ""
        self.now: Callable[[], datetime] = datetime.now
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._check_later = QTimer(self)
        self._check_later.setSingleShot(True)
        self._check_later.setInterval(CHECK_AFTER_MS)
        self._check_later.timeout.connect(self.check)
        self._over.connect(self._ended, Qt.ConnectionType.QueuedConnection)

    def begin(self) -> None:
        """Somebody came in: look the register over soon, and see what is due from now on."""
        from pinggu_desk.register.backupplan import PlanFile
        from pinggu_desk.register.errors import RegisterError

        self._check_later.setInterval(CHECK_AFTER_MS)
        file = PlanFile(self._folder)
        if file.read().since is None:
            with suppress(RegisterError):
                file.change(since=self.now().date())
        self._ask_which()
        self._timer.start()
        self._check_later.start()

    def _ask_which(self) -> None:
        self._operations.run(lambda register: register.which(), self._is, lambda _error: None)

    def _is(self, which: str) -> None:
        """Which register it is, by which its sticks are known: on a server no file here tells."""
        self._which = which

    def stop(self) -> None:
        """The desk closes, or another clerk comes: give up what runs. What can't be broken off ends without us, and tells nobody."""
        self._timer.stop()
        self._check_later.stop()
        self._give_up()
        for thread in self._left:
            thread.join(_END_SECONDS)

    def lock_up(self) -> None:
        """The desk is locked: no key stays open for a look that can be had later. A backup after work is made all the same."""
        if self._at is not None and self._at is self._check:
            self._give_up()
            self._check_later.start(CHECK_AFTER_MS)

    def _give_up(self) -> None:
        run, self._at = self._at, None
        thread, self._thread = self._thread, None
        if run is not None:
            run.stop.set()
        self._left = [one for one in (*self._left, thread) if one is not None and one.is_alive()]

    def wait_out(self) -> None:
        """Let what was given up come to its end: the program does, and nobody sees its window any more."""
        for thread in self._left:
            thread.join(_LAST_SECONDS)

    def notice(self) -> str:
        """The quiet line for whoever begins work; empty while all is well."""
        from pinggu_desk.register.backupplan import PlanFile, overdue

        return self.fault or overdue(PlanFile(self._folder).read(), self.now())

    @property
    def busy(self) -> bool:
        """Whether something runs behind."""
        return self._at is not None

    # --- what is due

    def look(self) -> None:
        """See whether a backup is due, or a backup stick was plugged in; and now and then whether the register was altered."""
        from pinggu_desk.register.backupplan import STICK_FOLDER, PlanFile, due, stick_due
        from pinggu_desk.register.backups import AFTER_WORK, ONTO_STICK
        from pinggu_desk.register.volumes import plugged_in

        now = self.now()
        if self._looked is None or not timedelta(0) <= now - self._looked < LOOK_AGAIN:
            self._looked = now
            self._operations.run(_look_again, failed=lambda _error: None)
            if not self._which:  # a server that was away
                self._ask_which()
        if self.busy or self._operations.unsaved_count:
            return
        plan = PlanFile(self._folder).read()
        for root in plugged_in():
            if self._again(root, now) and stick_due(plan, self._which, root, now):
                self.back_up(root / STICK_FOLDER, ONTO_STICK, stick=root)
                return
        if due(plan, now, self._idle()):
            self.back_up(Path(plan.place), AFTER_WORK)

    def _again(self, root: Path, now: datetime) -> bool:
        """Whether a stick that took nothing a while ago is to be tried again."""
        last = self._failed_sticks.get(root)
        return last is None or not timedelta(0) <= now - last < timedelta(minutes=10)

    def back_up(
        self, place: Path, why: str, *, stick: Path | None = None, then: Callable[[Backup], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> bool:  # fmt: skip
        """Back up to a folder, older backups thinned by the plan; False while something else runs."""
        from pinggu_desk.register.backupplan import PlanFile

        keep = PlanFile(self._folder).read().keep

        def work(source: Source, breathe: Breathe) -> Backup:
            from pinggu_desk.register.backups import make_backup

            return make_backup(source, place, why, keep=keep, breathe=breathe)

        return self._start(
            work, lambda made: self._made(made, stick, then), lambda error: self._not_made(error, stick, failed)
        )

    def check(self) -> None:
        """Look at every row, entry and paper (核验), unless another window does; only what is wrong is told."""

        def work(source: Source, breathe: Breathe) -> list[str]:
            return [fault.what for fault in _looked_over(source, breathe)[1]]

        begun = self._start(work, self._checked, lambda _error: None, _source_to_check)
        if begun:
            self._check = self._at
        self._check_later.start(CHECK_AGAIN_MS if begun else CHECK_AFTER_MS)

    def look_over(
        self, tell: Callable[[str], None], then: Callable[[LookedOver], None], failed: Callable[[Exception], None]
    ) -> bool:
        """Look at every row, entry and paper because somebody asked (核验): `check` gives way. False while a backup is made.

        ``tell`` is called on the thread behind.
        """

        def work(source: Source, breathe: Breathe) -> LookedOver:
            return _looked_over(source, breathe, tell)

        if self._at is not None and self._at is self._check:
            self._give_up()
        return self._start(work, then, failed, asked=True)

    # --- the thread

    def _start(
        self, work: Callable[[Source, Breathe], Any], then: Callable[[Any], None], failed: Callable[[Exception], None],
        source_of: Callable[[Register], Source | None] | None = None, *, asked: bool = False,
    ) -> bool:  # fmt: skip
        """Do something with the register's source on a thread behind; one at a time."""
        if self.busy:
            return False
        run = self._at = _Run(work, then, failed, asked)
        self._operations.run(
            source_of or _source_of, lambda source: self._run(run, source), lambda error: self._not_open(run, error)
        )
        return True

    def _not_open(self, run: _Run, error: Exception) -> None:
        if run.stop.is_set():
            return
        self._at = None
        if run.asked:
            run.failed(error)
        elif not isinstance(error, NotOpen):
            self.told.emit(sentence_of(error))

    def _run(self, run: _Run, source: Source | None) -> None:
        if run.stop.is_set():
            return
        if source is None:
            self._at = None
            self._check_later.start(ASK_AGAIN_MS)
            return

        def behind() -> None:
            _lower()
            try:
                result: Any = run.work(source, lambda: run.breathe(lambda: self._operations.waiting))
            except StopError:
                return
            except Exception as error:  # noqa: BLE001 - whatever it is, it is told on the screen's thread
                if not run.stop.is_set():
                    self._over.emit(run, error, None)
                return
            if not run.stop.is_set():
                self._over.emit(run, None, result)

        self._thread = threading.Thread(target=behind, name="keeper", daemon=True)
        self._thread.start()

    def _ended(self, run: _Run, error: Exception | None, result: Any) -> None:
        if run.stop.is_set():
            return
        if self._thread is not None:
            self._thread.join(_END_SECONDS)
        self._thread = self._at = None
        if error is not None:
            run.failed(error)
        else:
            run.then(result)

    # --- what came of it

    def _made(self, made: Backup, stick: Path | None, then: Callable[[Backup], None] | None) -> None:
        from pinggu_desk.register.backupplan import Done, PlanFile
        from pinggu_desk.register.errors import RegisterError

        file, place = PlanFile(self._folder), made.folder.parent
        sticks = dict(file.read().sticks)
        if stick is not None:
            sticks[str(stick)] = made.at
            self._failed_sticks.pop(stick, None)
        with suppress(RegisterError):  # the backup stands; the trail tells of it as well
            file.change(done=Done(made.at, made.name, str(place)), failed="", failed_at=None, sticks=sticks)
        self._operations.run(lambda register: register.note_backup(made), failed=lambda _error: None)
        self.told.emit(self.fault)
        words = (
            f"已自动备份并核验：{made.folder}" if stick is None else f"已备份到备份盘并核验，可以拔出：{made.folder}"
        )
        if then is not None:
            then(made)
        else:
            self.backed_up.emit(words)

    def _not_made(self, error: Exception, stick: Path | None, failed: Callable[[Exception], None] | None) -> None:
        from pinggu_desk.register.backupplan import PlanFile
        from pinggu_desk.register.errors import RegisterError

        if failed is not None:
            failed(error)
            return
        if stick is not None:
            self._failed_sticks[stick] = self.now()
        else:
            with suppress(RegisterError):  # the sentence is told all the same
                PlanFile(self._folder).change(failed=sentence_of(error), failed_at=self.now())
        self.told.emit(f"自动备份没有做成：{sentence_of(error)}")

    def _checked(self, faults: list[str]) -> None:
        self.fault = f"登记库核验发现 {len(faults)} 处问题：{faults[0]}请告诉负责人。" if faults else ""
        if faults:
            self.told.emit(self.fault)
            self._operations.run(lambda register: register.leave_looking(), failed=lambda _error: None)


def _looked_over(source: Source, breathe: Breathe, tell: Callable[[str], None] | None = None) -> LookedOver:
    """Everything, on a connection of its own, of which nothing stays in memory."""
    from pinggu_desk.register import checking
    from pinggu_desk.register.backups import opened_quietly

    db = opened_quietly(source, breathe)
    try:
        return checking.looked_over(db, tell)
    finally:
        db.close()
        db.forget()


def _look_again(register: Register) -> None:
    register.look()


def _source_of(register: Register) -> Source:
    register.look()  # before a backup: what was altered is not first heard of when it is needed
    return register.source


def _source_to_check(register: Register) -> Source | None:
    return _source_of(register) if register.looks_for_all() else None


def _lower() -> None:
    """Let the thread come last, where the system knows a thread's own priority."""
    if sys.platform.startswith("linux"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST)
