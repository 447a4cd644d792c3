"""What can wait is done in pauses: a key neither looks for garbage nor writes a policy's function."""

from __future__ import annotations

import gc
import threading
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication

from pinggu_desk.desk.sweeping import Sweeper
from tests.desk.conftest import Desk


@pytest.mark.parametrize(("idle", "made"), [(timedelta(milliseconds=900), 0), (timedelta(seconds=2), 2)])
def test_one_thing_is_made_ready_in_each_look_of_a_pause(qapp: QApplication, idle: timedelta, made: int) -> None:
    ready: list[int] = []
    sweeper = Sweeper(lambda: idle, lambda: ready.append(1), qapp)
    sweeper.look()
    sweeper.look()
    assert len(ready) == made, "none while somebody types"
    sweeper.deleteLater()


def test_only_the_screens_thread_looks_for_garbage(qapp: QApplication) -> None:
    """A widget that Python found on the register's thread died there, with Qt's lock held: the desk stood still for good."""
    seen: list[str] = []

    class Mark:
        itself: object = None

        def __del__(self) -> None:
            seen.append(threading.current_thread().name)

    def make_much() -> None:
        kept: list[object] = []
        for _ in range(100_000):
            kept.append([kept])

    sweeper = Sweeper(lambda: timedelta(0), parent=qapp)
    here = Mark()
    here.itself = here
    del here
    thread = threading.Thread(target=make_much, name="register")
    thread.start()
    thread.join()
    assert seen == []
    sweeper.look()
    assert seen == [threading.current_thread().name], "much was made: although somebody types"
    sweeper.deleteLater()


def test_pauses_look_at_everything_now_and_then(qapp: QApplication) -> None:
    sweeper = Sweeper(lambda: timedelta(seconds=2), parent=qapp)
    before = gc.get_stats()[2]["collections"]
    for _ in range(60):
        sweeper.look()
    assert 1 <= gc.get_stats()[2]["collections"] - before <= 3
    sweeper.deleteLater()


def test_the_window_makes_answers_ready_in_its_pauses(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The functions of policies are written there alone: at a key one took up to 49 ms."""
    sweeper: object = desk.window.findChild(Sweeper)
    assert isinstance(sweeper, Sweeper)
    asked: list[bool] = []
    monkeypatch.setattr(type(desk.services.engine), "write_one", lambda _self: asked.append(True))
    sweeper.use_pause()
    assert asked == [True]
