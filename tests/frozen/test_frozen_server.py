"""The folder that make package builds against a real PostgreSQL: its own libpq, TLS and all that is loaded only for a server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pinggu_desk.register.engines import server as settings
from pinggu_desk.register.engines.prepare import prepare
from tests.register.postgres import Where, owner_of, postgres, postgres_server

__all__ = ["postgres", "postgres_server"]

BUILT = Path(__file__).resolve().parents[2] / "dist" / "pinggu-desk"
SUFFIX = ".exe" if sys.platform == "win32" else ""
PASSWORD = "Sample-2024"  # noqa: S105  of registers that live as long as a test

pytestmark = pytest.mark.frozen


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, copied to a path with a space and Chinese in it, as an office would."""
    target = tmp_path_factory.mktemp("bare") / "惠企 窗口"
    shutil.copytree(BUILT, target, symlinks=True)
    return target / f"pinggu-desk{SUFFIX}"


def test_it_connects_works_and_moves_back(program: Path, postgres: Where, tmp_path: Path) -> None:
    home, carried, folder = tmp_path / "home", tmp_path / "office.server", tmp_path / "register"
    home.mkdir()
    settings.write_file(carried, prepare(owner_of(postgres)))
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "TMP") if name in os.environ}
    env = kept | {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "PATH": str(tmp_path / "nonexistent"),
        "LANG": "C.UTF-8",
    }

    def run(*words: str) -> str:
        done = subprocess.run(
            [str(program), "register", *words, "--data", str(folder)], env=env, cwd=home, capture_output=True, text=True,
            encoding="utf-8", input=f"{PASSWORD}\n", timeout=180,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "本机登记库已设为服务器" in run("connect", str(carried))
    assert "恢复码" in run("create", "--clerk", "01", "--name", "示例负责人")
    told = json.loads(run("status", "--json"))
    assert told["reachable"] and told["tls"] == "verify-full" and told["clerks"] == 1
    assert "能办：办件 PG-0-" in run("try", "--clerk", "01")
    run("backup", str(tmp_path / "盘"), "--clerk", "01")
    assert "登记库已搬回本机" in run("disconnect", "--clerk", "01") and (folder / "register.db").exists()
    assert "能办：办件 PG-0-" in run("try", "--clerk", "01")
