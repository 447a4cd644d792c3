"""What can wait is done in pauses: a key neither looks for garbage nor writes a policy's function."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication

from pinggu_desk.desk.sweeping import Sweeper
from tests.desk.conftest import Desk


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@pytest.mark.parametrize(("idle", "made"), [(timedelta(milliseconds=900), 0), (timedelta(seconds=2), 2)])
def test_one_thing_is_made_ready_in_each_look_of_a_pause(qapp: QApplication, idle: timedelta, made: int) -> None:
    ready: list[int] = []
    sweeper = Sweeper(lambda: idle, lambda: ready.append(1), qapp)
    sweeper.look()
    sweeper.look()
    assert len(ready) == made, "none while somebody types"
    sweeper.deleteLater()


def test_pauses_never_leave_the_whole_look_for_garbage_to_a_key(qapp: QApplication) -> None:
    """After fifty pauses Python looked at everything by itself, at whatever key came next: 84 ms."""
    sweeper = Sweeper(lambda: timedelta(seconds=2), parent=qapp)
    for _ in range(60):
        sweeper.look()
        assert gc.get_count()[2] < gc.get_threshold()[2]
    sweeper.deleteLater()


def test_the_window_makes_answers_ready_in_its_pauses(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The functions of policies are written there alone: at a key one took up to 49 ms."""
    sweeper: object = desk.window.findChild(Sweeper)
    assert isinstance(sweeper, Sweeper)
    asked: list[bool] = []
    monkeypatch.setattr(type(desk.services.engine), "write_one", lambda _self: asked.append(True))
    sweeper.use_pause()
    assert asked == [True]
