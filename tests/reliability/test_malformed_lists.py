"""FOUND 66: of twenty thousand lists, spoiled or bent, each is read, or refused in one sentence, within two seconds and 200 MB.

Among the first 5,087 was a part that says it is written in UTF-18, which ended the reading in a fault. What the fast reader
gives is held to be what cell by cell is read: a bent cell lost its unit, and a far one ended the process.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reliability.spoiled import BENT, ROOM


@pytest.mark.parametrize(
    ("first", "count"),
    [
        (0, 100),
        (5080, 10),
        (BENT, 100),
        *(pytest.param(at, 1000, marks=pytest.mark.exhaustive) for at in range(0, 2 * BENT, 1000)),
    ],
)
def test_a_spoiled_list_is_read_or_refused_in_one_sentence(first: int, count: int) -> None:
    """Read in a process of its own: what would end the desk ends this one."""
    command = [sys.executable, "-m", "tests.reliability.spoiled", str(first), str(count)]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=Path(__file__).parents[2], timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["faults"] == [] and found["taken"] < ROOM
