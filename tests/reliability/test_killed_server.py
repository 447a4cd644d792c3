"""On PostgreSQL the same: windows killed while they write, and the server itself killed (-9) and brought back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.conftest import Counted
from tests.register.postgres import Server

from .conftest import reopen
from .typist import GONE
from .windows import Starter, new_office, settle


@pytest.fixture
def starter(tmp_path: Path) -> Iterator[Starter]:
    made = Starter(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("kills", [6, pytest.param(250, marks=pytest.mark.torture)])
def test_windows_on_a_server_killed_at_any_moment_lose_nothing_acknowledged(
    shared: Path, starter: Starter, counted: Counted, kills: int
) -> None:
    chance, killed, writes = Random(kills), 0, 0
    office = new_office(shared, "甲乙丙")
    while killed < kills:
        for window in office:
            window.start(starter, shared)
        if chance.random() < 0.9:
            wanted = chance.randint(1, 60)
            next(k for k in office[0].hear() if len(office[0].acknowledged) >= wanted)
        for window in office:
            window.kill(starter)
            killed += 1
        writes += settle(shared, office, reopen)
    counted("killed processes on a server", kills=killed, acknowledged_writes=writes, lost=0)


@pytest.mark.parametrize("kills", [2, pytest.param(40, marks=pytest.mark.torture)])
def test_a_server_that_is_killed_has_everything_that_was_acknowledged(
    shared: Path, postgres_server: Server, starter: Starter, counted: Counted, kills: int
) -> None:
    chance, writes = Random(kills), 0
    office = new_office(shared, "甲乙")
    for _ in range(kills):
        for window in office:
            window.start(starter, shared)
        wanted = chance.randint(5, 60)
        next(k for k in office[0].hear() if len(office[0].acknowledged) >= wanted)
        postgres_server.kill()
        assert [window.end(starter) for window in office] == [GONE] * len(office), "each was told in a sentence"
        postgres_server.start()
        writes += settle(shared, office, reopen)
    counted("killed servers", kills=kills, acknowledged_writes=writes, lost=0)
