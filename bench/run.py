"""`make bench`: every measurement, one table.

A measurement is a function that yields rows; it stands in a module ``bench/bench_<subject>.py`` as ``rows()``. Modules are run
one after the other in a process each, so that none profits from what another has warmed up.
"""

from __future__ import annotations

import argparse
import importlib
import pickle
import subprocess
import sys
from pathlib import Path

from bench.harness import Row, table

HERE = Path(__file__).parent


def subjects() -> list[str]:
    """The names of the measurements there are."""
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def measure(subject: str) -> list[Row]:
    """The rows of one subject, from a fresh process."""
    child = [sys.executable, "-m", "bench.run", "--child", subject]
    done = subprocess.run(child, cwd=HERE.parent, stdout=subprocess.PIPE, check=True)
    rows: list[Row] = pickle.loads(done.stdout)  # noqa: S301 - our own child's output
    return rows


def main() -> None:
    """Measure the subjects named, or all."""
    parser = argparse.ArgumentParser(prog="bench", description="measurements as ratios to a floor in the same run")
    parser.add_argument("subjects", nargs="*", help=f"of: {', '.join(subjects())} (all)")
    parser.add_argument("--child", metavar="SUBJECT", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        rows = list(importlib.import_module(f"bench.bench_{asked.child}").rows())
        sys.stdout.buffer.write(pickle.dumps(rows))
        return
    unknown = sorted(set(asked.subjects) - set(subjects()))
    if unknown:
        parser.error(f"no such measurement: {', '.join(unknown)}")
    print(table(row for subject in asked.subjects or subjects() for row in measure(subject)))


if __name__ == "__main__":
    main()
