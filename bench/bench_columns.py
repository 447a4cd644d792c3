"""A table of 100,000 applicants in one process: every benefit of each, and everything that a list's row tells (``assess.tally``).

What such a table takes of time and of memory, against the budget. The applicants are made of numbers, each within its fact's
bounds and none contradicting itself: forty columns as a township's list has them, and then every fact that any rule looks at.
"""

from __future__ import annotations

import resource
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from bench.harness import Row, once
from bench.lists import NUMBERS, asked
from pinggu_desk.assess.columns import ColumnEngine, Given, Mask
from pinggu_desk.assess.engine import Engine
from pinggu_desk.assess.tally import tally
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.pack import load_pack
from pinggu_desk.policy.quantity import UNITS, Dim

ON = date(2026, 3, 2)
TABLE = 100_000
COLUMNS = 40
#: of the columns, so many are facts that may lawfully change, so that there is something to miss narrowly
_CHANGING = 10
_STATUS_S, _TALLY_S, _MEMORY_MIB = 2.0, 10.0, 1024.0


def usual(engine: Engine) -> list[Fact]:
    """The facts that a list would hold: those that most benefits look at, some that may change among them."""
    facts = engine.pack.facts
    count = Counter(name for rule in engine.rules for name in rule.asks)
    most = [facts[name] for name, _ in count.most_common() if not facts[name].decided_by and not facts[name].history]
    changing = [fact for fact in most if fact.changes][:_CHANGING]
    others = [fact for fact in most if fact not in changing]
    return [*others[: COLUMNS - len(changing)], *changing]


def sample_columns(
    table: ColumnEngine, facts: Sequence[Fact], rows: int, known: float, seed: int = 1
) -> dict[str, Given]:
    """Columns of sample applicants, each answer there with probability ``known``, contradictions taken out."""
    rng = np.random.default_rng(seed)
    columns: dict[str, tuple[Any, Mask]] = {
        fact.name: (_values(fact, rows, rng), rng.random(rows) < known) for fact in facts
    }
    for item, mask in table.broken(columns, ON):
        for name in item.facts:
            if name in columns:
                columns[name] = columns[name][0], columns[name][1] & ~mask
    return dict(columns)


def _values(fact: Fact, rows: int, rng: np.random.Generator) -> Any:
    least, most = fact.bounds
    match fact.dim:
        case Dim.TRUTH:
            return rng.random(rows) < 0.8
        case Dim.OPTION:
            return rng.integers(0, len(fact.options), rows).astype(np.int8)
        case Dim.DATE:
            return ON.toordinal() - rng.integers(1, 2000, rows).astype(np.int32)
        case _:
            sizes = [int(number * UNITS[fact.input_unit][1]) for number in NUMBERS]
            return rng.choice(np.array([size for size in sizes if least <= size <= most], np.int64), rows)


def rows() -> Iterator[Row]:
    """Forty columns, then all; of each what is told of one benefit, then what is told of a row, and the memory so far."""
    engine = Engine(load_pack())
    table = ColumnEngine(engine)
    for name, facts, known in (
        (f"{COLUMNS} columns, 90% known", usual(engine), 0.9),
        ("all columns, all known", asked(engine), 1.0),
    ):
        given = sample_columns(table, facts, TABLE, known)
        of = f"{TABLE:,} applicants, {name}"
        yield _timed(f"{of}: each of {len(engine.rules)} benefits", partial(table.assess, given, ON), _STATUS_S)
        yield _memory(of)
        yield _timed(f"{of}: tally", partial(tally, table, given, ON), _TALLY_S)
        yield _memory(f"{of}, tally")


def _timed(name: str, work: Callable[[], object], budget: float) -> Row:
    return Row(name, sorted(once(work) for _ in range(3))[1], budget, "the budget", 1.0)


def _memory(name: str) -> Row:
    """The most that this process has held so far."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Row(f"{name}: memory", held, _MEMORY_MIB, "the budget", 1.0, "MiB")
