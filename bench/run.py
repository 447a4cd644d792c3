"""`make bench`: every measurement, one table, and BENCHMARKS.md written from it.

A measurement is a function that yields rows; it stands in a module ``bench/bench_<subject>.py`` as ``rows()``, and the first line of
the module says what it measures. Modules are run one after the other in a process each, so that none profits from what another
has warmed up, and so that what one of them breaks is one row that says why.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pickle
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from bench import report
from bench.harness import Row, cells, failed, table

HERE = Path(__file__).parent
#: seconds for the whole, for one subject, and for those that take longer
WHOLE, EACH = 880, 150
LONGER = {"lists": 330, "desk": 200, "growth": 150, "columns": 200, "peers": 150}


def subjects() -> list[str]:
    """The names of the measurements there are."""
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def measure(subject: str, seconds: float = EACH) -> Iterator[Row]:
    """The rows of one subject, as a fresh process yields them; the last says why where it broke or took too long."""
    child = [sys.executable, "-m", "bench.run", "--child", subject]
    with tempfile.TemporaryFile() as told:
        running = subprocess.Popen(
            child, cwd=HERE.parent, stdout=subprocess.PIPE, stderr=told, start_new_session=True,
        )  # fmt: skip
        late = threading.Event()

        def stop() -> None:
            late.set()
            os.killpg(running.pid, signal.SIGKILL)

        timer = threading.Timer(seconds, stop)
        timer.start()
        assert running.stdout is not None
        try:
            while True:
                row: Row = pickle.load(running.stdout)  # noqa: S301 - our own child's output
                yield row
        except (EOFError, pickle.UnpicklingError):
            running.wait()
        finally:
            timer.cancel()
            running.stdout.close()
        if late.is_set():
            yield failed(f"{subject}: the rest", f"not done within {seconds:.0f} s")
        elif running.returncode:
            told.seek(0)
            yield failed(f"{subject}: the rest", _last_words(told.read().decode("utf-8", "replace")))


def _last_words(told: str) -> str:
    """The last line that a child said, without the folders of this machine."""
    lines = [line for line in told.splitlines() if line.strip()]
    return re.sub(r"(/[^\s/'\"]+)+/", "", lines[-1])[:200] if lines else "it ended without a word"


def child(subject: str) -> None:
    """Measure one subject, a pickle a row on what was standard output; whatever else prints goes to standard error."""
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)
        for row in importlib.import_module(f"bench.bench_{subject}").rows():
            pickle.dump(row, out)
            out.flush()


def main() -> None:
    """Measure the subjects named, or all."""
    parser = argparse.ArgumentParser(prog="bench", description="measurements as ratios to a floor in the same run")
    parser.add_argument("subjects", nargs="*", help=f"of: {', '.join(subjects())} (all)")
    parser.add_argument("--write", action="store_true", help="write BENCHMARKS.md, from all of them in one run")
    parser.add_argument("--child", metavar="SUBJECT", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        child(asked.child)
        return
    unknown = sorted(set(asked.subjects) - set(subjects()))
    if unknown:
        parser.error(f"no such measurement: {', '.join(unknown)}")
    if asked.write and asked.subjects:
        parser.error("--write takes all measurements: its figures are of one run")
    since = time.monotonic()
    found: dict[str, list[Row]] = {}
    machine = report.machine()
    for subject in asked.subjects or subjects():
        start = time.monotonic()
        left = WHOLE - (start - since)
        print(f"-- {subject}", file=sys.stderr, flush=True)
        found[subject] = []
        for row in measure(subject, max(1.0, min(LONGER.get(subject, EACH), left))):
            found[subject].append(row)
            took = time.monotonic() - start
            said = cells(row)
            print(f"   {took:5.0f} s  {row.name}: {said[1]} {said[-1]}", file=sys.stderr, flush=True)
    print(table(row for rows in found.values() for row in rows))
    if asked.write:
        print(f"written: {report.write(found, machine, time.monotonic() - since).name}")


if __name__ == "__main__":
    main()
