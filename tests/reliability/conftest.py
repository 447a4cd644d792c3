"""A register with one open case, and writers in processes of their own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pinggu_desk.register import Register, passwords
from pinggu_desk.register.engines import server as settings
from pinggu_desk.register.engines.prepare import prepare
from tests.register.postgres import Where, owner_of, postgres, postgres_server

from . import writer

__all__ = ["postgres", "postgres_server"]  # fixtures
ROOT = Path(__file__).parents[2]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cost is kept in the key slot, so the child processes log in quickly too."""
    monkeypatch.setattr(passwords, "COST", (1, 8, 1))


@pytest.fixture
def shared(postgres: Where, tmp_path: Path) -> Path:
    """A folder that says that its register is on a real server, which is ready for one."""
    folder = tmp_path / "共用"
    folder.mkdir()
    settings.write(folder, prepare(owner_of(postgres)))
    return folder


@pytest.fixture
def case(tmp_path: Path) -> tuple[Path, int]:
    """A register's folder, closed, and the id of its open case."""
    folder = tmp_path / "登记库"
    register, _ = Register.create(folder, clerk_no="01", clerk_name="示例经办", password=writer.PASSWORD)
    case_id = register.open_case("tztc", "1").id
    register.close()
    return folder, case_id


@pytest.fixture(scope="session")
def failing_disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that lets calls to the disk fail, for the real system calls of a real register."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("a compiler is not here")
    library = tmp_path_factory.mktemp("disk") / "failing_disk.so"
    source = Path(__file__).with_name("failing_disk.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a writer and let it go (unless `hold`); what still runs at the end of the test is killed."""
    running: list[subprocess.Popen[str]] = []

    def begin(*arguments: object, before: tuple[str, ...] = (), hold: bool = False) -> subprocess.Popen[str]:
        command = [*before, sys.executable, "-m", "tests.reliability.writer", *map(str, arguments)]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True, encoding="utf-8")
        running.append(process)
        if not hold:
            go(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.communicate()


def go(process: subprocess.Popen[str]) -> None:
    """Let a writer that is open begin to type."""
    assert process.stdin
    assert process.stdout
    assert process.stdout.readline() == "open\n"
    process.stdin.write("go\n")
    process.stdin.flush()


def reopen(folder: Path) -> Register:
    return Register.open(folder, clerk_no="01", password=writer.PASSWORD)


def replayed(name: str, last: int, size: int = 0) -> dict[str, str]:
    """The answers after the first `last` edits of a writer."""
    return {writer.fact(name, k): writer.text(k, size) for k in range(1, last + 1)}


def last_edit(answers: dict[str, str]) -> int:
    """The number of the youngest edit that the answers show."""
    return max((int(text.partition("：")[0]) for text in answers.values()), default=0)
