"""Lists of firms by the command line, from workbook to workbook: forty columns, every benefit, all that a result holds.

The floor reads the same list with python-calamine and writes the same result cells with XlsxWriter in constant memory. Each run is a
process of its own, start and loading included; its peak is the kernel's own count.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

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
        "calamine reads, XlsxWriter writes the same cells", 1.5 if count == SIZES[-1] else None, cpu=(spent.cpu, floor["cpu"]),
        note=f"{count:,} firms: {floor['read']:,} cells read, {floor['written']:,} cells written.",
    )  # fmt: skip


def _memory(done: dict[int, child.Spent]) -> Iterator[Row]:
    """Memory must not grow with the list; of its two processes the kernel counts the larger."""
    if 20_000 not in done or 100_000 not in done:
        return
    few, many = done[20_000].peak, done[100_000].peak
    told = "The second process, which reads, holds some 110 MiB beside it whatever the list's length."
    yield Row("memory at 100,000 firms", many, few, "at 20,000 firms", 1.3, "MiB", note=told)


def counted(out: Path, count: int) -> Iterator[Row]:
    """That every firm is in the result once, every count adds up, and the totals are the sum of the rows."""
    from python_calamine import CalamineWorkbook

    from pinggu_desk.assess.determination import STATUS_WORDS

    book = CalamineWorkbook.from_path(str(out))
    seen: set[object] = set()
    came: Counter[int] = Counter()
    had, sure = 0, Decimal(0)
    for row in _lines(book, book.sheet_names[0]):
        seen.add(row["名单行号"])
        came[sum(int(row[word] or 0) for word in STATUS_WORDS.values())] += 1
        had += int(row[STATUS_WORDS["eligible"]] or 0)
        sure += Decimal(str(row.get("确定金额合计（元）") or 0))
    usual, as_usual = came.most_common(1)[0]
    yield _none(f"{count:,} firms: lost or told twice", abs(count - len(seen)), "firms")
    yield _none(f"{count:,} firms: counts that do not come to {usual} benefits", came.total() - as_usual, "firms")
    if "合计" not in book.sheet_names:
        yield failed(f"{count:,} firms: totals against rows", "the result has no sheet of totals")
        return
    totals = list(_lines(book, "合计"))
    own = sum(int(row["可申请（个）"] or 0) for row in totals if row["支持事项"] != "小计" and row["政策"] != "全部")
    whole = next(Decimal(str(row["确定金额（元）"] or 0)) for row in totals if row["政策"] == "全部")
    listed = sum(row["结果"] == "可申请" for row in _lines(book, "可申请与差一点"))
    yield _none(f"{count:,} firms: 可申请 in the totals against the rows", abs(own - had), "benefits")
    if "可申请与差一点（2）" not in book.sheet_names and len(book.sheet_names) < 7:
        yield _none(f"{count:,} firms: 可申请 listed against the rows", abs(listed - had), "benefits")
    yield _none(f"{count:,} firms: certain sum in the totals against the rows", float(abs(whole - sure)), "yuan")


def _none(name: str, found: float, unit: str) -> Row:
    return Row(name, found, 1, "at most", 0.0, unit)


def _lines(book: Any, sheet: str) -> Iterator[dict[str, Any]]:
    """The rows of a sheet by the words of its head."""
    rows = book.get_sheet_by_name(sheet).iter_rows()
    head = [str(cell) for cell in next(rows)]
    return (dict(zip(head, cells, strict=False)) for cells in rows)
