"""Sixty cases opened, worked at and closed: pages, widgets, timers, threads and memory are as before (issue 11)."""

from __future__ import annotations

import ctypes
import gc
import os
import shutil
import sys
import threading
import weakref
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pinggu_desk.assess.determine import conclude_all
from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.desk.wizard.page import WizardPage
from pinggu_desk.register import Register
from pinggu_desk.work.papers import Papers
from tests.desk.conftest import Desk

_CASES = 60
_ROUNDS = 2  # what a policy's second case still adds is kept as well: fonts, words of answers, what undo remembers
_GROWTH = 0.05
_PASSING = 3  # what is just being said or drawn has a timer for a moment; a case that left one would leave sixty


def settled(desk: Desk) -> None:
    """Everything that was let go is gone."""
    desk.settle()
    desk.app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    desk.app.processEvents()
    gc.collect()


def timers(app: QApplication) -> int:
    """Timers that run, of every widget and of the application."""
    roots: list[QObject] = [app, *app.topLevelWidgets()]
    every = [cast("list[QTimer]", root.findChildren(QTimer)) for root in roots]
    return sum(timer.isActive() for some in every for timer in some)


def held_mib() -> float:
    """What the process holds of the machine's memory, without what the C library keeps of what was given back; nought but on Linux."""
    if sys.platform != "linux":
        return 0.0
    ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def write_functions(engine: Engine) -> None:
    """Have each policy's one function made: in the window that comes in pauses, after many walks of its rules, and stays."""
    day = date(2026, 3, 2)
    for _ in range(100):
        conclude_all(engine, Answers(day))
    while engine.write_one():
        pass


def work_at(desk: Desk, register: Register, policy: str) -> weakref.ref[WizardPage]:
    """Open a case of a policy, answer a little in each of its steps, and go back to the first page."""
    case = register.open_case(policy, desk.services.pack.version, applicant_id=1)
    desk.frame.open_case(case.id)
    desk.settle()
    page = desk.frame.current()
    assert isinstance(page, WizardPage)
    for step in page.steps:
        page.open_step(step)
        if step in ("eligibility", "data") and (here := QApplication.focusWidget()) is not None:
            QTest.keyClicks(here, "1")
        desk.settle()
    desk.alt(1)
    return weakref.ref(page)


@pytest.mark.exhaustive
def test_sixty_cases_leave_nothing_behind(
    make_desk: Callable[..., Desk], practice_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "register"
    shutil.copytree(practice_folder, folder)
    desk = make_desk(folder, in_practice=True)
    desk.services.make_wizard, desk.services.papers = WizardPage, Papers()
    desk.log_in()
    got: list[Register] = []
    desk.services.operations.run(lambda register: register, got.append)
    desk.settle()
    policies = list(desk.services.pack.policies)
    write_functions(desk.services.engine)
    for policy in policies * _ROUNDS:  # what is kept of each policy once, on purpose
        work_at(desk, got[0], policy)
    settled(desk)
    before = len(desk.app.allWidgets()), timers(desk.app), threading.active_count()
    held = held_mib()
    pages = [work_at(desk, got[0], policies[at % len(policies)]) for at in range(_CASES)]
    settled(desk)
    after = len(desk.app.allWidgets()), timers(desk.app), threading.active_count()
    assert sum(page() is not None for page in pages) <= 1  # the last may be gone back to
    assert after[0] <= before[0] * (1 + _GROWTH), "widgets"
    assert after[1] <= before[1] + _PASSING, "timers"
    assert after[2] <= before[2], "threads"
    assert held_mib() <= held * (1 + _GROWTH), f"memory: {held:.1f} MiB before"
