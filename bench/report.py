"""BENCHMARKS.md, written from one run: the machine, the versions, what is over its budget and why, and every row."""

from __future__ import annotations

import ast
import fnmatch
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path

import yaml

from bench.harness import HEAD, Row, cells

HERE = Path(__file__).parent
FILE = HERE.parent / "BENCHMARKS.md"
_LIBRARIES = (
    "PySide6-Essentials", "numpy", "pydantic", "PyYAML", "python-calamine", "XlsxWriter", "openpyxl", "reportlab",
    "sqlcipher3", "pypdfium2",
)  # fmt: skip
_PEERS = ("openfisca-core", "zen-engine", "common-expression-language")


def machine() -> list[tuple[str, str]]:
    """What the figures were taken on, as it is before the run; no name of a host, no folder."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return [
        ("processor", f"{_processor()}, {cores} cores"),
        ("memory", f"{memory:.0f} GiB"),
        ("system", f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}, {_distribution()}"),
        ("load before the run", f"{os.getloadavg()[0]:.1f} (processes waiting for a core, over the last minute)"),
    ]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{names[0]} ({platform.machine()})" if names else platform.machine()


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return "unknown distribution"


def versions() -> str:
    """Python, Qt and the libraries that do the work."""
    known = [f"Python {platform.python_version()}"]
    for name in _LIBRARIES:
        try:
            known.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            known.append(f"{name} is not there")
    beside = [str(path) for path in HERE.parent.glob(".venv-bench/lib/python*/site-packages")]
    for found in metadata.distributions(path=beside):
        if found.metadata["Name"].lower() in _PEERS:
            known.append(f"{found.metadata['Name']} {found.version}")
    return ", ".join(known)


def causes(path: Path = HERE / "causes.yaml") -> list[tuple[str, str]]:
    """The measured causes: a pattern of rows' names, and why they are over their budget."""
    return [(str(one["row"]), str(one["cause"])) for one in yaml.safe_load(path.read_text(encoding="utf-8")) or ()]


def cause_of(row: Row, known: Sequence[tuple[str, str]]) -> str:
    """Why a row is over; the first pattern that fits its name."""
    if row.failed:
        return row.failed
    return next((cause for pattern, cause in known if fnmatch.fnmatch(row.name, pattern)), "no cause measured yet")


def title(subject: str) -> str:
    """What a subject measures: the first line of its module."""
    tree = ast.parse((HERE / f"bench_{subject}.py").read_text(encoding="utf-8"))
    return (ast.get_docstring(tree) or subject).splitlines()[0].rstrip(".")


def text(found: Mapping[str, Sequence[Row]], before: Sequence[tuple[str, str]], took: float) -> str:
    """The whole of BENCHMARKS.md."""
    rows = [row for rows in found.values() for row in rows]
    judged = [row for row in rows if row.verdict]
    met = sum(row.verdict.startswith("met") for row in judged)
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench` from one run, every figure of it; what each row stands for is in `bench/`. Times are medians (the",
        "99th percentile where a row says so), wall time; `by processor` is the same ratio in the processor's own time, which other",
        "work on the machine disturbs less. A ratio is ours over what stands beside it, both from this run.",
        "",
        *(f"- {name}: {value}" for name, value in before),
        f"- versions: {versions()}",
        f"- the run took {took / 60:.1f} minutes; load after it {os.getloadavg()[0]:.1f}",
        "",
        f"## Budgets: {met} of {len(judged)} met",
        "",
        *_over(judged),
    ]
    for subject, some in found.items():
        lines += ["", f"## {title(subject)}", "", *_table(some)]
        lines += [line for row in some if row.note for line in ("", row.note)]
    return "\n".join(lines) + "\n"


def _over(judged: Sequence[Row]) -> Iterator[str]:
    over, known = [row for row in judged if not row.verdict.startswith("met")], causes()
    if not over:
        yield "Nothing is over its budget."
        return
    yield from _lines(
        [("over its budget", "ours", "budget", "cause")]
        + [(row.name, cells(row)[1], _budget(row), cause_of(row, known)) for row in over]
    )


def _budget(row: Row) -> str:
    said = cells(row)
    return said[5] if " x" not in said[5] else f"{said[5]} of {said[2]}, is {said[3]}"


def _table(rows: Sequence[Row]) -> Iterator[str]:
    yield from _lines([(*HEAD[:-1], "budget met"), *((*cells(row)[:-1], cells(row)[-1] or "-") for row in rows)])


def _lines(cells_of: Sequence[tuple[str, ...]]) -> Iterator[str]:
    def line(some: Sequence[str]) -> str:
        return f"| {' | '.join(cell.replace('|', '/') for cell in some)} |"

    yield line(cells_of[0])
    yield line(["---"] * len(cells_of[0]))
    for some in cells_of[1:]:
        yield line(some)


def write(
    found: Mapping[str, Sequence[Row]], before: Sequence[tuple[str, str]], took: float, path: Path = FILE
) -> Path:
    """Write BENCHMARKS.md beside the old one and put it in its place."""
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(text(found, before, took), encoding="utf-8")
    os.replace(beside, path)
    return path
