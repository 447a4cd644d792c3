"""A list of applicants against every benefit, from workbook to workbook, against bare reading and writing of the same cells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook, load_workbook

from bench.harness import Row, compare
from bench.lists import asked, sample_rows, write_list
from pinggu_desk.assess.engine import Engine
from pinggu_desk.policy.pack import load_pack
from pinggu_desk.work.batch import run_batch

ON = date(2026, 3, 2)
MADE = datetime(2026, 3, 2, 9)
APPLICANTS = 300


def rows() -> Iterator[Row]:
    """Everything known of the applicants, and half of it."""
    engine = Engine(load_pack())
    with TemporaryDirectory() as folder:
        for known in (1.0, 0.5):
            yield _measured(engine, Path(folder), known)


def _measured(engine: Engine, folder: Path, known: float) -> Row:
    facts, source, out = asked(engine), folder / "in.xlsx", folder / "out.xlsx"
    write_list(source, facts, sample_rows(engine, facts, APPLICANTS, ON, known))
    run_batch(engine, str(source), out, ON, MADE)
    answers = load_workbook(out, read_only=True)
    written = [(sheet.title, [list(row) for row in sheet.iter_rows(values_only=True)]) for sheet in answers.worksheets]
    answers.close()

    def floor() -> object:
        """Reads the list and writes the answers that are already there."""
        given = load_workbook(source, read_only=True)
        read = sum(len(row) for row in given.worksheets[0].iter_rows(values_only=True))
        given.close()
        book = Workbook(write_only=True)
        for title, lines in written:
            sheet = book.create_sheet(title)
            for line in lines:
                sheet.append(line)
        book.save(folder / "floor.xlsx")
        return read

    return compare(
        f"batch of {APPLICANTS}, {known:.0%} known, {sum(len(lines) for _, lines in written):,} rows out",
        lambda: run_batch(engine, str(source), out, ON, MADE), floor,
        floor_name="openpyxl reads and writes the same cells", budget=1.3, rounds=3,
    )  # fmt: skip
