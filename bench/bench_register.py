"""The register of an office of years: a case opened, the look of each minute, what is past its term, beside a register of one week.

Both are made here by the register's own methods. What grows with the register is to be seen as what the clerk waits for: a case is
read by its own rows alone, and the look reads what every figure stands on and nothing of the journal.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.harness import Row, timed

if TYPE_CHECKING:
    from pinggu_desk.register import Register

#: cases, edits of each, applicants, past awards, outside figures
YEARS, WEEK = (3_000, 30, 3_000, 5_000, 200), (30, 30, 30, 10, 10)
_BATCH = 25
_SAMPLE_PASSWORD = "Ceshi-2024"  # noqa: S105 - of a register that lives as long as the bench
_TURNS = 15
_FIRST = datetime(2023, 12, 4, 9, 0)  # the cases are spread over three years


def rows() -> Iterator[Row]:
    """A case opened, looks, and what is past its term."""
    from pinggu_desk.register import passwords

    passwords.COST = (1, 8, 1)  # nothing here waits for the password
    with tempfile.TemporaryDirectory() as name:
        years, week = (made(Path(name) / str(size[0]), size) for size in (YEARS, WEEK))
        said = f"in a register of {YEARS[0]:,} cases, {YEARS[0] * YEARS[1]:,} edits, {YEARS[3]:,} awards"
        yield from _looks(years, week, said)
        yield _beside(
            f"what is past its term listed, {said}", years.past_term, lambda: _bare(years, ("edits",)),
            "its edits read once by bare SQLCipher", 1.0,
        )  # fmt: skip
        for register in (years, week):
            register.close()


def _looks(years: Register, week: Register, said: str) -> Iterator[Row]:
    from pinggu_desk.desk.wizard.record import open_case

    opened = cycle(range(1, YEARS[0] + 1, 97)), cycle(range(1, WEEK[0] + 1))
    first = timed(years.look)[0]
    yield _beside(
        f"a case opened, {said}", lambda: open_case(years, next(opened[0])), lambda: open_case(week, next(opened[1])),
        f"in one of {WEEK[0]} cases", 2.0,
    )  # fmt: skip
    row = _beside(
        f"the look of each minute, {said}", years.look, lambda: _bare(years, ("awards", "parameters")),
        "the same rows read by bare SQLCipher", 2.0,
    )  # fmt: skip
    yield row
    yield Row("the first look after the login, there", first, row.ours, "one after it", None)


def _beside(name: str, ours: Callable[[], object], floor: Callable[[], object], called: str, budget: float) -> Row:
    """Both in turn, wall time and the processor's."""
    mine, floors = zip(*((timed(ours), timed(floor)) for _ in range(_TURNS)), strict=True)
    (wall, cpu), (floor_wall, floor_cpu) = (
        tuple(median(one[part] for one in times) for part in (0, 1)) for times in (mine, floors)
    )
    return Row(name, wall, floor_wall, called, budget, cpu=(cpu, floor_cpu))


def _bare(register: Register, tables: tuple[str, ...]) -> None:
    """The floor: rows of whole tables by bare SQLCipher, none of them looked at."""
    from pinggu_desk.register.database import Database

    assert isinstance(register._db, Database)
    for table in tables:
        register._db._connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - names of ours


def made(folder: Path, size: tuple[int, int, int, int, int]) -> Register:
    """A register of so many cases, each written as the desk writes it."""
    from pinggu_desk.register import Register

    now = [_FIRST]
    register, _ = Register.create(
        folder, clerk_no="1", clerk_name="示例", password=_SAMPLE_PASSWORD, now=lambda: now[0]
    )
    cases, edits, people, awards, figures = size
    with register.at_once("bench"):
        for number in range(figures):
            since = date(2015, 1, 1) + timedelta(days=30 * (number // 10))
            register.add_parameter(
                f"示例参数{number % 10}", f"{number % 7}%", since, "示例", since + timedelta(days=29)
            )
    for start in range(0, cases, _BATCH):
        with register.at_once("bench"):
            for case in range(start, min(start + _BATCH, cases)):
                now[0] = _FIRST + timedelta(minutes=case * (3 * 365 * 24 * 60 // cases))
                whose = register.add_applicant("企业", f"示例{case % people}厂", code=f"SHILI{case % people:013d}").id
                _visit(register, whose, now[0].date(), edits)
                due = awards * (case + 1) // cases - awards * case // cases
                for number in range(due):
                    register.add_award(whose, "tztc", "tztc.2.1", 100_00 + number, now[0].date())
    register.tidy()
    return register


def _visit(register: Register, whose: int, on: date, edits: int) -> None:
    case = register.open_case("tztc", "bench", applicant_id=whose, on=on)
    answer = partial(register.set_answer, case.id)
    for number in range(edits):
        answer(f"示例填报{number % 20}", f"{number}万元")
    register.set_material(case.id, "营业执照", "已收")
    register.remember(whose, "职工人数", str(edits), on, case.id)
