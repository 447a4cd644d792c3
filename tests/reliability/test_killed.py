"""Killed at any moment, windows of an office lose nothing that was acknowledged, and leave nothing half done.

Each window is a process of its own that writes all that a window writes and says so after each call. It is killed (-9) while it
logs in, works, or a moment after an acknowledgement; then the register must show exactly what that window's steps add up to.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import perf_counter

import pytest

from tests.conftest import Counted

from .conftest import reopen
from .windows import Starter, new_office, settle

KILLS_A_REGISTER = 25


@pytest.fixture
def starter(tmp_path: Path) -> Iterator[Starter]:
    made = Starter(tmp_path)
    yield made
    made.close()


def spend(seconds: float) -> None:
    """Let less time pass than any timer of the system measures."""
    until = perf_counter() + seconds
    while perf_counter() < until:
        pass


@pytest.mark.parametrize("kills", [25, pytest.param(500, marks=pytest.mark.torture)])
def test_windows_killed_at_any_moment_lose_nothing_acknowledged(
    tmp_path: Path, starter: Starter, counted: Counted, kills: int
) -> None:
    chance = Random(kills)
    killed = writes = 0
    while killed < kills or writes < 40 * kills:
        folder = tmp_path / f"登记库{killed}"
        office = new_office(folder, "甲乙丙"[: chance.randint(1, 3)])
        until = killed + KILLS_A_REGISTER
        while killed < until:
            for window in office:
                window.start(starter, folder)
            wanted = chance.randint(0, 60) if chance.random() < 0.9 else 0
            if wanted:
                next(k for k in office[0].hear() if len(office[0].acknowledged) >= wanted)
            spend(chance.choice((0, chance.uniform(0, 0.004), chance.uniform(0, 0.03))))
            for window in office:
                window.kill(starter)
                killed += 1
            writes += settle(folder, office, reopen)
    counted("killed processes", kills=killed, acknowledged_writes=writes, lost=0)
