"""Whatever the disk refuses, and whenever: nothing acknowledged is lost, nothing is half done, one sentence says so.

The nth write, sync, rename, open, read, cut, link, removal or new folder fails with EIO, ENOSPC, EROFS or EACCES, once or from
then on, for n = 1, 2, 3 … until a run meets no failure (`failing_runs`, in a process of its own under `failing_disk.c`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import pytest

from pinggu_desk.register import errors
from pinggu_desk.register.engines.prepare import prepare
from pinggu_desk.register.files import refuse_unfolded
from tests.conftest import Counted
from tests.register.postgres import Server as RealServer
from tests.register.postgres import owner_of

from .conftest import ROOT
from .failing_bundles import EVERY
from .failing_moves import SCENARIOS as MOVES
from .failing_runs import KINDS, SCENARIOS

ALL = pytest.param(1, marks=pytest.mark.torture)
REST = pytest.param([name for at, name in enumerate(EVERY) if at % 4], 149, marks=pytest.mark.exhaustive)
#: of scenarios with few calls to the disk more are made to fail in the small run
FEW_CALLS = {"export": 1, "forget": 59}
#: a move reads some thousand times: its reads are a long run of their own
APART = (tuple(kind for kind in KINDS if kind != "read"), ("read",))
#: of the moves those of the small runs: the others take a minute of the processor
FEW_MOVES = ("onto a server", "established", "ledger and trail")
MORE_MOVES = pytest.param(FEW_MOVES[1:], 59, KINDS, marks=pytest.mark.exhaustive)


@pytest.mark.parametrize("one_in", [97, ALL])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_each_call_to_the_disk_fails_in_turn(
    tmp_path: Path, failing_disk: Path, counted: Counted, scenario: str, one_in: int
) -> None:
    ((_, failed, refused),) = made(tmp_path, failing_disk, [scenario], min(one_in, FEW_CALLS.get(scenario, one_in)))
    assert failed >= refused and failed > 0
    assert refused or one_in > 1, "a sample may meet what is done again and works"
    counted(
        f"failing disk: {scenario}", runs_with_a_failure=failed, refused_with_a_sentence=refused, lost=0, half_done=0
    )


@pytest.mark.parametrize(
    ("which", "one_in"), [([*EVERY][::4], 149), REST, *(pytest.param([one], 1, marks=pytest.mark.torture) for one in EVERY)],
    ids=lambda value: value[0] if isinstance(value, list) and len(value) == 1 else "",
)  # fmt: skip
def test_whatever_changes_something_is_done_or_not(
    tmp_path: Path, failing_disk: Path, counted: Counted, which: Iterable[str], one_in: int
) -> None:
    """Issue 12: of everything that somebody does the nth call to the disk fails; the trail holds, and the next try does it."""
    for name, failed, refused in made(tmp_path, failing_disk, which, one_in):
        assert failed >= refused and (failed or one_in > 1), name
        counted("failing disk: operations", operations=1, runs_with_a_failure=failed, refused_with_a_sentence=refused,
                lost=0, half_done=0)  # fmt: skip


@pytest.mark.parametrize(
    ("which", "one_in", "kinds"),
    [
        (FEW_MOVES[:1], 151, KINDS), MORE_MOVES,
        *(pytest.param([one], 1, kinds, marks=pytest.mark.torture) for one in MOVES for kinds in APART),
    ],
    ids=lambda value: value[0] if isinstance(value, list) and len(value) == 1 else "read" if value == ("read",) else "",
)  # fmt: skip
def test_a_register_that_moves_is_on_one_side_whole(
    tmp_path: Path,
    failing_disk: Path,
    counted: Counted,
    postgres_server: RealServer,
    which: Iterable[str],
    one_in: int,
    kinds: Iterable[str],
) -> None:
    """Issue 12: onto a server and back, from a backup on another machine or server; and nothing is called altered that is not."""
    places = [postgres_server.fresh(), postgres_server.fresh()]
    servers = [[asdict(owner_of(where)), asdict(prepare(owner_of(where)))] for where in places]
    for name, failed, refused in made(
        tmp_path, failing_disk, which, one_in, "failing_moves", json.dumps(servers), ",".join(kinds)
    ):
        assert failed >= refused and (failed or one_in > 1), name
        counted("failing disk: moves", scenarios=1, runs_with_a_failure=failed, refused_with_a_sentence=refused,
                lost=0, half_done=0)  # fmt: skip
    for where in places:
        postgres_server.drop(where)


def made(
    tmp_path: Path, library: Path, scenarios: Iterable[str], one_in: int, module: str = "failing_runs", *more: str
) -> list[tuple[str, int, int]]:
    """Do them in a process of its own; of each its name, the runs that met a failure, and how many of these were refused."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.reliability.{module}", str(tmp_path), ",".join(scenarios), str(one_in), *more],
        cwd=ROOT, env=os.environ | {"LD_PRELOAD": str(library)}, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    return [(name, int(failed), int(refused)) for name, failed, refused in lines]


def test_a_log_that_closing_did_not_fold_in_is_never_left_behind(tmp_path: Path) -> None:
    """One read that failed while a new or restored database was closed left half of its last change in it, and the rest behind."""
    database = tmp_path / "register.db"
    refuse_unfolded(database)
    database.with_name("register.db-wal").write_bytes(b"")
    refuse_unfolded(database)
    database.with_name("register.db-wal").write_bytes(b"1")
    with pytest.raises(errors.DiskFault, match="写前日志没有并入"):
        refuse_unfolded(database)
