"""Power lost: whatever part of the write-ahead log reached the disk, the register shows an exact prefix of what was acknowledged.

And what is acknowledged has reached it: the system's own record of calls tells that every file that was written is synced
before the window says so; with `synchronous=NORMAL` the same record tells otherwise.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pinggu_desk.register import Register
from tests.conftest import Counted

from .conftest import reopen
from .typist import seen
from .windows import Starter, new_office

STEPS = 150
_HEAD, _FRAME = 32, 24 + 4096
_NOT_KEPT = ("-shm", ".lock")  # made anew from the log after a crash; who holds the keys now
_FILES = ("register.db", "register.keys")


@dataclass
class Worked:
    """A register whose log holds every step of a day: how long it was after each, and what was there to be seen."""

    files: dict[str, bytes]
    log: bytes
    ends: list[int] = field(default_factory=list)
    seen: list[dict[str, Any]] = field(default_factory=list)

    def steps_in(self, length: int) -> int:
        """How many steps lie whole within the first bytes of the log."""
        return sum(end <= length for end in self.ends[1:])

    def opened(self, folder: Path, log: bytes) -> Register:
        folder.mkdir()
        for name, content in self.files.items():
            (folder / name).write_bytes(content)
        (folder / "register.db-wal").write_bytes(log)
        return reopen(folder)


@pytest.fixture
def worked(tmp_path: Path) -> Worked:
    folder = tmp_path / "登记库"
    window = new_office(folder, "甲")[0]
    files = {name: (folder / name).read_bytes() for name in _FILES}
    register = reopen(folder)
    window.day.go_on(register, window.applicant)
    log = folder / "register.db-wal"
    made = Worked(files, b"", [log.stat().st_size], [seen(register, "甲", window.applicant)])
    while window.day.done < STEPS:
        window.day.step()
        made.ends.append(log.stat().st_size)
        made.seen.append(seen(register, "甲", window.applicant))
    assert made.seen[-1] == window.day.seen()
    assert sorted(set(made.ends)) == made.ends, "each step made the log longer: none had gone into the database yet"
    made.files = {name: (folder / name).read_bytes() for name in _FILES}
    made.log = log.read_bytes()
    register.close()
    return made


def shows(worked: Worked, folder: Path, log: bytes, steps: int) -> None:
    """With this log the register shows so many steps, and is sound."""
    register = worked.opened(folder, log)
    assert seen(register, "甲", 1) == worked.seen[steps]
    assert register.check() == []
    register.close()
    shutil.rmtree(folder)


@pytest.mark.parametrize("places", [25, pytest.param(2000, marks=pytest.mark.torture)])
def test_a_log_cut_anywhere_holds_an_exact_prefix(
    worked: Worked, tmp_path: Path, counted: Counted, places: int
) -> None:
    chance = Random(places)
    edges = [end + by for end in chance.sample(worked.ends, min(places // 5, STEPS)) for by in (-1, 0, 1)]
    cuts = [0, *edges, *(chance.randrange(len(worked.log)) for _ in range(places - len(edges) - 1))]
    for cut in cuts:
        shows(worked, tmp_path / f"断电{cut}", worked.log[:cut], worked.steps_in(cut))
    counted("cut logs", places=len(cuts), exact_prefixes=len(cuts))


@pytest.mark.parametrize("places", [15, pytest.param(600, marks=pytest.mark.torture)])
def test_bytes_of_the_log_that_came_out_wrong_end_it_there(
    worked: Worked, tmp_path: Path, counted: Counted, places: int
) -> None:
    chance = Random(places)
    for turn in range(places):
        tail = len(worked.log) - chance.randrange(1, 40 * _FRAME)
        place = chance.randrange(len(worked.log)) if turn % 3 == 0 else tail
        log = bytearray(worked.log)
        for at in range(place, min(place + chance.choice((1, 4, 512)), len(log))):
            log[at] ^= chance.randrange(1, 256)
        frame = 0 if place < _HEAD else _HEAD + (place - _HEAD) // _FRAME * _FRAME
        shows(worked, tmp_path / f"坏字节{turn}", bytes(log), worked.steps_in(frame))
    counted("logs with wrong bytes", places=places, exact_prefixes=places)


def unsynced(trace: Path) -> tuple[int, list[str]]:
    """How many steps a traced window said were done, and which of them while something written was not synced yet."""
    waiting: set[str] = set()
    told, early = 0, []
    for line in trace.read_text(errors="replace").splitlines():
        if (found := re.search(r"(pwrite64|write|fsync|fdatasync)\(\d+<([^>]*)>.*= \d+$", line)) is None:
            continue
        call, path = found[1], found[2]
        if "sync" in call:
            waiting.discard(path)
        elif '"ack ' in line:
            told += 1
            if waiting:
                early.append(f"{line}: {waiting}")
        elif "/office/" in path and not path.endswith(_NOT_KEPT):
            waiting.add(path)
    return told, early


@pytest.mark.parametrize("careful", [True, False])
@pytest.mark.parametrize("steps", [40, pytest.param(400, marks=pytest.mark.torture)])
def test_each_step_is_synced_before_it_is_acknowledged(
    tmp_path: Path, counted: Counted, careful: bool, steps: int
) -> None:
    """And with synchronous=NORMAL the same test is red."""
    strace = shutil.which("strace")
    if not strace or subprocess.run([strace, "-o", "/dev/null", "true"], capture_output=True).returncode:
        pytest.skip("strace is not here, or may not trace")
    trace, folder = tmp_path / "trace", tmp_path / "office"
    window = new_office(folder, "甲")[0]
    calls = "trace=pwrite64,write,fsync,fdatasync"
    tracer = [strace, "-f", "-y", "-s", "8", "-e", calls, "-o", str(trace)]
    starter = Starter(tmp_path, before=tracer, careful=careful)
    window.start(starter, folder)
    next(k for k in window.hear() if k >= steps)
    window.kill(starter)
    starter.close()
    told, early = unsynced(trace)
    assert told > steps * 0.9, "a line or two of the record are broken by another process"
    if careful:
        assert early == []
        counted("synced before they were acknowledged", writes=told, of=told)
    else:
        assert len(early) > steps // 2, "synchronous=NORMAL syncs nothing at a commit"
