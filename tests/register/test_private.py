"""FOUND 62, 65: what lies on the disk is its user's alone, and a folder that may not be looked into is told in a sentence."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from pinggu_desk.places import report_fault
from pinggu_desk.register import Register, errors

from .conftest import PASSWORD, Clock

_MODES = sys.platform != "win32"  # Windows has no such modes: there a profile's folder is its user's alone


def open_to_others(folder: Path) -> list[str]:
    every = [folder, *folder.rglob("*")]
    return [f"{path.name} {path.stat().st_mode & 0o777:o}" for path in every if path.stat().st_mode & 0o077] * _MODES


def test_found_65_all_that_a_register_writes_is_its_users_alone(folder: Path, clock: Clock, tmp_path: Path) -> None:
    home = Path(os.environ["PINGGU_DESK_HOME"])
    before = os.umask(0o022)
    try:
        made, _ = Register.create(folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD, now=clock)
        made.open_case("ss", "v")
        with pytest.raises(errors.WrongPassword):
            Register.open(folder, clerk_no="01", password=PASSWORD + "x", now=clock)
        Register.open(folder, clerk_no="01", password=PASSWORD, now=clock).close()
        assert {path.name for path in folder.iterdir()} >= {"register.db", "register.db-wal", "register.db-shm"}
        (tmp_path / "备份").mkdir(mode=0o700)
        made.backup(tmp_path / "备份")
        report_fault(ValueError("示例"))
        made.close()
        places = [folder, tmp_path / "备份", *home.parent.glob(f"{home.name}-*"), home / "faults"]
        assert len(places) > 3
        assert [what for place in places if place.is_dir() for what in open_to_others(place)] == []
    finally:
        os.umask(before)


def test_found_65_what_an_earlier_program_left_open_is_closed_at_the_next_login(
    register: Register, folder: Path, clock: Clock
) -> None:
    register.close()
    folder.chmod(0o755)
    for path in folder.iterdir():
        path.chmod(0o644)
    Register.open(folder, clerk_no="01", password=PASSWORD, now=clock).close()
    assert open_to_others(folder) == []


def test_found_62_a_folder_that_may_not_be_looked_into_is_a_sentence(
    register: Register, folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    register.close()

    def refused(path: Path, *_more: object, **_most: object) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "exists", refused)
    with pytest.raises(errors.DiskFault, match=r"登记库.*Permission denied"):
        Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    with pytest.raises(errors.DiskFault):
        Register.clerks_of(folder)
