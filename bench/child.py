"""A program run as a child of its own and measured: wall time, processor time, and the most memory that it held.

``python -m bench.child COMMAND…`` runs the command and prints a line of JSON. It is a process of its own, and small, since the kernel
counts as a program's peak also what its parent held when it was started.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Spent:
    """What a child took: seconds of wall and processor, MiB at its peak; how it ended, and what it said last."""

    wall: float
    cpu: float
    peak: float
    code: int
    said: str


def spent(command: Sequence[str], env: dict[str, str] | None = None) -> Spent:
    """Run a command to its end and measure it. Raises RuntimeError with its last words where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.child", *command], cwd=HERE, capture_output=True, text=True, encoding="utf-8", check=True,
        env=None if env is None else {**os.environ, **env},
    )  # fmt: skip
    found = Spent(**json.loads(done.stdout))
    if found.code:
        raise RuntimeError(found.said or f"ended with {found.code}")
    return found


def desk(*words: str) -> Spent:
    """The same for the program's own command line."""
    return spent([sys.executable, "-m", "pinggu_desk", *words])


def main() -> None:
    """Run what the arguments say."""
    start = time.perf_counter()
    child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert child.stdout is not None
    said = child.stdout.read().decode("utf-8", "replace")
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    lines = [line for line in said.replace("\r", "\n").splitlines() if line.strip()]
    found = {
        "wall": time.perf_counter() - start, "cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss / 1024,
        "code": child.returncode, "said": lines[-1] if lines else "",
    }  # fmt: skip
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
