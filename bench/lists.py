"""Sample lists of applicants (名单) for measurements and tests: plainly samples, each value within its fact's bounds."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from pinggu_desk.assess.engine import Engine, read_answers
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.quantity import UNITS, Dim

NUMBERS = (0, 1, 2, 3, 5, 10, 12, 20, 30, 50, 80, 100, 150, 200, 300, 500, 800, 1000, 1500, 2000, 5000, 10000)


def asked(engine: Engine) -> list[Fact]:
    """The facts that some rule looks at, in the dictionary's order."""
    return [fact for fact in engine.pack.facts.values() if fact.name in engine.slots.index and fact.dim is not Dim.TEXT]


def sample_rows(
    engine: Engine, facts: Sequence[Fact], rows: int, on: date, known: float = 0.9, seed: int = 1
) -> list[list[Any]]:
    """Rows of cells as an office would type them, none contradicting itself; each is filled with probability ``known``."""
    rnd = random.Random(seed)  # noqa: S311 - a sample, no secret
    out = []
    for _ in range(rows):
        cells = {fact.name: _cell(fact, rnd) if rnd.random() < known else None for fact in facts}
        while broken := engine.inconsistencies(answers_of(engine, cells), on):
            cells |= dict.fromkeys((name for item in broken for name in item.facts if name in cells), None)
        out.append(list(cells.values()))
    return out


def answers_of(engine: Engine, cells: Mapping[str, Any]) -> dict[str, int | str]:
    """The cells as the desk reads them."""
    return read_answers(
        engine.pack, {name: value.isoformat() if isinstance(value, date) else value for name, value in cells.items()}
    )


def _cell(fact: Fact, rnd: random.Random) -> Any:
    match fact.dim:
        case Dim.TRUTH:
            return "是" if rnd.random() < 0.8 else "否"
        case Dim.OPTION:
            return rnd.choice(fact.options).name
        case Dim.DATE:
            return date.fromordinal(date(2026, 3, 2).toordinal() - rnd.randint(1, 2000))
        case _:
            least, most = fact.bounds
            size = UNITS[fact.input_unit][1]
            fitting = [number for number in NUMBERS if least <= number * size <= most]
            return rnd.choice(fitting)


def write_list(path: Path, facts: Sequence[Fact], rows: Sequence[Sequence[Any]], *, named: bool = True) -> None:
    """A list as a workbook; ``named`` puts a column of sample names before the facts."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名单")
    sheet.append([*(["申请人名称"] if named else []), *(fact.name for fact in facts)])
    for number, cells in enumerate(rows, 1):
        sheet.append([*([f"示例企业{number}"] if named else []), *cells])
    book.save(path)
