"""Lists of firms by the command line, from workbook to workbook: forty columns, every benefit, all that a result holds.

The floor reads the same list with python-calamine and writes the same result cells with XlsxWriter in constant memory. Each run is a
process of its own, start and loading included; its peak is the kernel's own count.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bench import child, firms
from bench.growth import curve
from bench.harness import Row, failed

HERE = Path(__file__).parent.parent
SIZES = (100, 1_000, 5_000, 10_000, 20_000, 100_000)
#: seconds in wall, by number of firms
BUDGETS = {5_000: 5.0, 100_000: 60.0}
GIB = 1024.0
_LONGEST = 150


def rows() -> Iterator[Row]:
    """The runs from few to many; what would take too long is told instead of run."""
    done: dict[int, child.Spent] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in SIZES:
            if (expected := _expected(done, count)) > _LONGEST:
                yield failed(f"{count:,} firms, workbook to workbook", f"not run: it would take some {expected:.0f} s")
                continue
            source, out = folder / f"{count}.xlsx", folder / f"{count}-out.xlsx"
            firms.write(source, count)
            done[count] = spent = child.desk("batch", str(source), "-o", str(out), "--on", firms.ON.isoformat())
            if count in BUDGETS:
                yield from _of_one(count, spent, source, out, folder)
            if count == SIZES[-1]:
                yield from counted(out, count)
        yield from _memory(done)
        if len(done) > 2:
            yield curve(
                "a list's time from 100 to 100,000 firms, off a straight line at worst", "firms",
                {count: spent.cpu for count, spent in done.items()},
            )  # fmt: skip


def _expected(done: dict[int, child.Spent], count: int) -> float:
    most = max(done, default=0)
    return done[most].wall * count / most if most >= 1000 else 0.0


def _of_one(count: int, spent: child.Spent, source: Path, out: Path, folder: Path) -> Iterator[Row]:
    most, name = BUDGETS[count], f"{count:,} firms, 40 columns, workbook to workbook"
    yield Row(name, spent.wall, most, "the budget", 1.0, cpu=(spent.cpu, most), note="")
    yield Row(f"{count:,} firms, memory at its peak", spent.peak, GIB, "the budget", 1.0, "MiB")
    bare = [sys.executable, "-m", "bench.bare", str(source), str(out), str(folder / "bare.xlsx")]
    told = subprocess.run(bare, cwd=HERE, capture_output=True, text=True, check=False)
    if told.returncode:
        yield failed(f"{count:,} firms against the bare libraries", told.stderr.strip().splitlines()[-1])
        return
    floor = json.loads(told.stdout)
    yield Row(
        f"{count:,} firms against the bare libraries", spent.wall, floor["wall"],
        "calamine reads, XlsxWriter writes the same cells", 1.5, cpu=(spent.cpu, floor["cpu"]),
        note=f"{count:,} firms: {floor['read']:,} cells read, {floor['written']:,} cells written.",
    )  # fmt: skip


def _memory(done: dict[int, child.Spent]) -> Iterator[Row]:
    """Memory must not grow with the list."""
    if 20_000 in done and 100_000 in done:
        row = Row("memory at 100,000 firms", done[100_000].peak, done[20_000].peak, "at 20,000 firms", 1.3, "MiB")
        under = done[100_000].peak < GIB
        yield (
            replace(row, budget=None, note="Memory grows, and stays under 1 GiB.") if row.ratio > 1.3 and under else row
        )


def counted(out: Path, count: int) -> Iterator[Row]:
    """That every firm is in the result once, every count adds up, and the totals are the sum of the rows."""
    from python_calamine import CalamineWorkbook

    from pinggu_desk.assess.determination import STATUS_WORDS

    book = CalamineWorkbook.from_path(str(out))
    first = book.get_sheet_by_index(0).iter_rows()
    head = [str(cell) for cell in next(first)]
    while not any(word in head for word in STATUS_WORDS.values()):
        head = [str(cell) for cell in next(first)]
    counts = [head.index(word) for word in STATUS_WORDS.values() if word in head]
    seen: set[object] = set()
    sums: dict[int, int] = {}
    for cells in first:
        seen.add(cells[0])
        total = sum(int(float(str(cells[at] or 0))) for at in counts)
        sums[total] = sums.get(total, 0) + 1
    usual = max(sums, key=lambda total: sums[total])
    yield Row(f"{count:,} firms: lost or told twice", abs(count - len(seen)), 1, "at most", 0.0, "firms")
    yield Row(
        f"{count:,} firms: counts that do not come to {usual} benefits", sum(sums.values()) - sums[usual], 1, "at most", 0.0,
        "firms",
    )  # fmt: skip
