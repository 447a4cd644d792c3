"""FOUND 59: one failed read ends nothing: the file is opened anew, and called damaged only when it is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pinggu_desk.register import Register, errors

from . import writer
from .conftest import ROOT, reopen

COUNT = 300
CALLS = ("answers", "set", "applicant", "search", "trail", "backup", "check")


def filled(folder: Path, case_id: int) -> None:
    register = reopen(folder)
    for k in range(COUNT):
        register.set_answer(case_id, f"事项{k}", "示例" * 200)
    register.close()


def day(library: Path, folder: Path, case_id: int, failures: int) -> list[str]:
    environment = os.environ | {"LD_PRELOAD": str(library), "EIO_FLAG": str(folder.parent / "坏")}
    command = [sys.executable, "-m", "tests.reliability.unlucky", str(folder), str(case_id), environment["EIO_FLAG"]]
    made = subprocess.run(
        [*command, str(failures)], cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", timeout=600
    )
    assert made.returncode == 0, made.stderr
    return made.stdout.splitlines()


def test_one_or_two_failed_reads_are_not_even_noticed(case: tuple[Path, int], failing_disk: Path) -> None:
    folder, case_id = case
    filled(folder, case_id)
    for failures in (1, 2):
        said = day(failing_disk, folder, case_id, failures)
        assert [line.split()[:2] for line in said if not line.startswith("after")] == [
            ["done", what] for what in ("open", *CALLS)
        ], said  # fmt: skip
        assert said[-2] == "done check 0", "a sound file is called sound"
    register = reopen(folder)
    assert register.answers(case_id)["事项7"] == "改过" and register.check() == []
    assert len(register.search("示例公司")) == 2, "a step that was done again was done once"
    register.close()


def test_many_failed_reads_are_the_disk_s_fault_and_the_next_call_works(
    case: tuple[Path, int], failing_disk: Path
) -> None:
    folder, case_id = case
    filled(folder, case_id)
    for failures in (5, 9, 40):
        said = day(failing_disk, folder, case_id, failures)
        assert not [line for line in said if "已损坏" in line or "恢复" in line], said
        assert any(line.startswith("error DiskFault") and "读写失败（磁盘读写出错）" in line for line in said)
        assert not re.search("[a-z]{4}", "".join(line.split("”", 1)[1] for line in said if line.startswith("error"))), (
            said
        )
        assert [line for line in said if line.startswith("after")] == [f"after {what} {COUNT}" for what in CALLS], (
            "the same register goes on by itself"
        )
    register = reopen(folder)
    assert register.check() == []
    register.close()


def test_a_file_that_is_damaged_is_still_called_damaged(case: tuple[Path, int]) -> None:
    folder, case_id = case
    filled(folder, case_id)
    register = reopen(folder)
    file = folder / "register.db"
    sound = file.read_bytes()
    register.close()
    file.write_bytes(sound[:8192] + b"\0" * (len(sound) - 8192))
    with pytest.raises(errors.RegisterDamaged, match="已损坏"):
        Register.open(folder, clerk_no="01", password=writer.PASSWORD).answers(case_id)
    file.write_bytes(sound)
    again = reopen(folder)
    assert len(again.answers(case_id)) == COUNT
    again.close()


def test_bytes_that_come_back_are_read_by_the_connection_that_failed(case: tuple[Path, int]) -> None:
    """Corrupted and restored between two calls: the connection's error must not stick."""
    folder, case_id = case
    filled(folder, case_id)
    register = reopen(folder)
    file = folder / "register.db"
    sound = file.read_bytes()
    file.write_bytes(sound[:4096] + bytes(255 - one for one in sound[4096:]))
    with pytest.raises(errors.RegisterDamaged):
        register.answers(case_id)
    file.write_bytes(sound)
    assert len(register.answers(case_id)) == COUNT
    assert register.set_answer(case_id, "事项1", "之后") > COUNT
    assert register.check() == []
    register.close()
