"""No name, number, telephone or answer stands in clear in any byte that is left: register, backup, bundle, temporary, crash."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import Counted

from .conftest import ROOT
from .leaking import CODE, SECRETS

CODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gbk")


def found_in(folder: Path) -> list[str]:
    """Which secret stands in which file, or file's name, in which coding; and that there was something to search."""
    wanted = []
    for secret in SECRETS:
        for coding in CODINGS:
            text = secret.replace("㛃", "") if coding == "gbk" else secret
            wanted.append((secret, coding, text.encode(coding)))
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 8
    found = []
    for path in files:
        content = path.read_bytes() + str(path.relative_to(folder)).encode()
        found += [f"{secret} ({coding}) in {path.name}" for secret, coding, data in wanted if data in content]
    return found


def test_nothing_of_an_applicant_is_left_in_clear(tmp_path: Path, counted: Counted) -> None:
    for name in ("tmp", "home"):
        (tmp_path / name).mkdir()
    places = {name: str(tmp_path / "tmp") for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR")}
    places |= {"HOME": str(tmp_path / "home"), "PINGGU_DESK_HOME": str(tmp_path / "home" / "desk")}
    ended = subprocess.run(
        [sys.executable, "-m", "tests.reliability.leaking", str(tmp_path)], cwd=ROOT, env=os.environ | places,
        capture_output=True,
    )  # fmt: skip
    assert b"RuntimeError: forced" in ended.stderr, ended.stderr.decode()
    (tmp_path / "crash.txt").write_bytes(ended.stdout + ended.stderr)
    assert found_in(tmp_path) == []
    files = sum(path.is_file() for path in tmp_path.rglob("*"))
    counted("nothing in clear", files=files, secrets=len(SECRETS), codings=len(CODINGS), found=0)


def test_the_search_would_find_it(tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / f"{number}").write_bytes(b"")
    (tmp_path / "9").write_bytes(b"\0" + CODE.encode("utf-16-le"))
    assert f"{CODE} (utf-16-le) in 9" in found_in(tmp_path)
