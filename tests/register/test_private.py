"""FOUND 62, 65: what lies on the disk is its user's alone, and a folder that may not be looked into is told in a sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pinggu_desk.places import report_fault
from pinggu_desk.register import Register, errors

from .conftest import PASSWORD, Clock

ROOT = Path(__file__).parents[2]
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
    with pytest.raises(errors.DiskFault, match=r"登记库.*没有写入权限"):
        Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    with pytest.raises(errors.DiskFault):
        Register.clerks_of(folder)


#: what drivers and readers say of what they stumbled over
SAID = (
    "Key (code)=(110117199001010019) already exists, input_value='Sample Person', Sample sample@example.org E12345678 “示例公司”"
    " 13800001111"
)


def test_what_an_error_quotes_is_covered_in_its_report() -> None:
    """Issue 12: no name or number in clear in a crash report."""
    name = "示例丙丁戊"
    try:
        try:
            raise KeyError(name)
        except KeyError as first:
            raise ValueError(SAID) from first
    except ValueError as error:
        path = report_fault(error)
    assert path is not None
    text = path.read_text("utf-8")
    for secret in (name, "110117199", "Person", "Sample", "sample@", "E1234", "示例公司", "1380000"):
        assert secret not in text, secret
    assert "builtins.ValueError: " in text and "already exists" in text and "builtins.KeyError" in text
    assert "in test_what_an_error_quotes_is_covered_in_its_report" in text


@pytest.mark.skipif(sys.platform == "win32", reason="of the system")
def test_a_crash_of_the_interpreter_leaves_no_memory_on_the_disk(tmp_path: Path) -> None:
    words = "import os, resource as r; from pinggu_desk.entry import main;main(['--version']);print(r.getrlimit(4), flush=True);os.abort()"
    done = subprocess.run(
        [sys.executable, "-c", words], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True
    )
    assert done.returncode < 0 and done.stdout.decode().splitlines()[-1] in ("(1, 1)", "(0, 0)")
    assert list(tmp_path.iterdir()) == []
