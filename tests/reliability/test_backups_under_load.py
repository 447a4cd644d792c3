"""A hundred backups while windows go on writing: each is whole, and each shows an exact prefix of what every window did."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pinggu_desk.register import Register, errors
from tests.conftest import Counted

from .conftest import reopen
from .typist import Day, seen
from .windows import Starter, Window, new_office
from .writer import PASSWORD


@pytest.fixture
def starter(tmp_path: Path) -> Iterator[Starter]:
    made = Starter(tmp_path)
    yield made
    made.close()


def prefix(register: Register, window: Window, day: Day, most: int) -> None:
    """Go on with a day until it is what the register shows; it is one of the window's states, or nothing is."""
    found = seen(register, window.day.name, window.applicant)
    while found != day.seen():
        assert day.done < most, f"window {day.name} was never like this"
        day.step()


def patiently(register: Register, place: Path) -> Path:
    """A backup beside windows that never rest; one that found no gap in five seconds is made again, as the desk does."""
    while True:
        try:
            return register.backup(place)
        except errors.RegisterBusy:
            shutil.rmtree(place, ignore_errors=True)


@pytest.mark.parametrize("backups", [4, pytest.param(100, marks=pytest.mark.torture)])
def test_backups_of_a_register_at_work_all_restore(
    tmp_path: Path, starter: Starter, counted: Counted, backups: int
) -> None:
    folder = tmp_path / "登记库"
    office = new_office(folder, "甲乙")
    for window in office:
        window.start(starter, folder)
    register, made = reopen(folder), []
    for turn in range(backups):
        for window in office:  # each goes on a little: what it says must be heard, or it waits
            next(k for k in window.hear() if len(window.acknowledged) > 3 * (turn + 1))
        told = {window.day.name: len(window.acknowledged) for window in office}
        made.append((patiently(register, tmp_path / "备份" / str(turn)), told))
    register.close()
    for window in office:
        window.kill(starter)
    days = {window.day.name: Day(window.day.name) for window in office}
    for backup, told in made:
        restored = tmp_path / "恢复"
        shutil.copytree(backup, restored)
        register = Register.open(restored, clerk_no="01", password=PASSWORD)
        for window in office:
            day = days[window.day.name]
            prefix(register, window, day, len(window.acknowledged) + 1)
            assert day.done >= told[day.name], "what was heard before the backup began is in it"
        assert register.check() == []
        register.close()
        shutil.rmtree(restored)
    writes = sum(len(window.acknowledged) for window in office)
    counted("backups under load", made=backups, restored=backups, acknowledged_writes=writes)
