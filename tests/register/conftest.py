"""A register in a temporary folder, on real SQLCipher, with a clock that the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pinggu_desk.register import Register, machine, passwords
from pinggu_desk.register.engines import server as settings
from tests.register.postgres import Where, postgres, postgres_made_ready, postgres_ready, postgres_server

__all__ = ["postgres", "postgres_made_ready", "postgres_ready", "postgres_server"]

PASSWORD = "Sample-2024"  # noqa: S105  of registers that live as long as a test


class Clock:
    """Stands still until it is told."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, 30)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


class Boot:
    """How long the machine has been running, as the test says."""

    def __init__(self) -> None:
        self.seconds = 5000.0

    def forward(self, **by: float) -> None:
        self.seconds += timedelta(**by).total_seconds()

    def again(self) -> None:
        """The machine is started anew."""
        self.seconds = 30.0


@pytest.fixture
def boot(monkeypatch: pytest.MonkeyPatch) -> Boot:
    made = Boot()
    monkeypatch.setattr(machine, "uptime", lambda: made.seconds)
    return made


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id at its lowest cost: the tests log in hundreds of times. The real cost has a test of its own."""
    monkeypatch.setattr(passwords, "COST", (1, 8, 1))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "登记库"


@pytest.fixture
def register(folder: Path, clock: Clock) -> Iterator[Register]:
    made, _ = Register.create(folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD, window="03", now=clock)
    yield made
    made.close()


@pytest.fixture
def office(postgres_ready: tuple[Where, settings.Server], folder: Path) -> settings.Server:
    """A server made ready, and a folder that says how to come in."""
    windows = postgres_ready[1]
    folder.mkdir()
    settings.write(folder, windows)
    return windows


@pytest.fixture
def owned(postgres_ready: tuple[Where, settings.Server]) -> Where:
    """The database of `office`, as its owner comes in."""
    return postgres_ready[0]


@pytest.fixture
def shared(office: settings.Server, folder: Path, clock: Clock) -> Iterator[Register]:
    assert settings.read(folder) == office
    made, _ = Register.create(folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD, window="03", now=clock)
    yield made
    made.close()


@pytest.fixture(params=["sqlcipher", "postgresql"])
def on_each(request: pytest.FixtureRequest, folder: Path, clock: Clock) -> Iterator[Register]:
    """A register in a file and one on a server: for what must be the same on both. A module takes it as its `register`."""
    if request.param == "postgresql":
        request.getfixturevalue("office")
    made, _ = Register.create(folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD, window="03", now=clock)
    yield made
    made.close()
