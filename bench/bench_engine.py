"""The engine against hand-written rules: one applicant with and without working, and a table of 100,000.

The floor is what a programmer would write for 调整退出 alone (four step tables, a sum, a table of sums), once in Python
and once in NumPy, with nothing unknown, nothing cited and no working; so a ratio is the price of all that.
"""

from __future__ import annotations

import random
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from datetime import date, timedelta
from functools import partial
from operator import attrgetter

import numpy as np

from bench.harness import Row, compare, percentile
from bench.visits import profile
from pinggu_desk.assess.columns import ColumnEngine, Ints
from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.determine import conclude_all, determine
from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.pack import load_pack
from pinggu_desk.policy.quantity import Dim

ON = date(2026, 3, 2)
TABLE = 100_000
CASES = 200
#: applicants of whom every sentence is made
SHOWN = 20
#: days on each of which nothing is known
DAYS = 40
#: the policy that stands open while one more answer is given: eleven benefits, one of the larger
IN_SIGHT = "zxqy"
_TABLES: dict[str, tuple[list[int], list[int]]] = {
    "能源节约量": ([v * 1000 for v in (10, 30, 50, 100, 200, 500)], [3, 5, 10, 15, 20, 25, 30]),
    "税收贡献": ([v * 1_000_000 for v in (10, 50, 150, 300, 400, 500)], [3, 5, 10, 15, 20, 25, 30]),
    "占地规模": ([v * 1500 for v in (2000, 10000, 20000, 35000, 60000)], [2, 4, 8, 12, 16, 20]),
    "职工人数": ([10, 30, 60, 80, 100], [2, 4, 8, 12, 16, 20]),
}
_BANDS = ([20, 35, 50, 60, 70, 80, 90, 100], [v * 1_000_000 for v in (15, 30, 60, 90, 120, 150, 180, 210, 300)])


def by_hand(values: dict[str, int]) -> int:
    """调整退出引导资金 of one enterprise, in fen; nought if it is not served."""
    if not values["本区正常生产经营实体工业企业"] or not values["列入年度调整退出计划"]:
        return 0
    score = sum(give[bisect_right(edges, values[name])] for name, (edges, give) in _TABLES.items())
    return _BANDS[1][bisect_right(_BANDS[0], score)]


def by_hand_columns(columns: dict[str, Ints]) -> Ints:
    """The same for a table."""
    score = sum(
        np.asarray(give)[np.searchsorted(edges, columns[name], side="right")] for name, (edges, give) in _TABLES.items()
    )
    amount = np.asarray(_BANDS[1])[np.searchsorted(_BANDS[0], score, side="right")]
    served = (columns["本区正常生产经营实体工业企业"] != 0) & (columns["列入年度调整退出计划"] != 0)
    return np.where(served, amount, 0)


def applicants(engine: Engine, rows: int) -> list[dict[str, int]]:
    """Enterprises about which everything is known (the rule by hand is theirs); staff of one at least: the text has no row for nobody."""
    rnd = random.Random(1)  # noqa: S311 - a sample, no secret
    facts = [f for f in engine.pack.facts.values() if f.name in engine.slots.index]
    return [{fact.name: _value(fact, rnd) for fact in facts} | {"申请人类型": 0} for _ in range(rows)]


def _value(fact: Fact, rnd: random.Random) -> int:
    least, most = fact.bounds
    match fact.dim:
        case Dim.TRUTH:
            return int(rnd.random() < 0.9)
        case Dim.OPTION:
            return rnd.randint(least, most)
        case Dim.DATE:
            return ON.toordinal() - rnd.randint(1, 2000)
        case Dim.COUNT:
            return rnd.randint(1, 150)
        case _:
            return rnd.randint(0, 10**9)


def rows() -> Iterator[Row]:
    """One applicant (per benefit), then a table (per benefit of the whole table)."""
    engine = Engine(load_pack())
    given = applicants(engine, CASES)
    answers = [Answers(ON, dict(values)) for values in given]
    for values, answer in zip(given, answers, strict=True):
        found = conclude_all(engine, answer, ["tztc"])["tztc.fund"]
        assert found is not None and (found.low or 0) == by_hand(values)
    count = len(engine.rules)

    def floor() -> object:
        return [by_hand(values) for values in given]

    nothing = [Answers(ON + timedelta(days=number)) for number in range(DAYS)]  # each day is worked out afresh
    few, few_nothing = (
        answers[:SHOWN],
        nothing[:SHOWN],
    )  # every sentence of every benefit: the third part of a second each
    works: list[tuple[str, Callable[[], object], int, int]] = [
        ("one applicant, tztc", lambda: [conclude_all(engine, a, ["tztc"]) for a in answers], CASES, 1),
        ("one applicant, tztc, with working", lambda: [seen(determine(engine, a, ["tztc"])) for a in answers], CASES, 1),
        (f"one applicant, each of {count} benefits", lambda: [conclude_all(engine, a) for a in answers], CASES, count),
        (f"one applicant, each of {count}, with working", lambda: [seen(determine(engine, a)) for a in few], SHOWN, count),
        (f"nothing known, each of {count}", lambda: [conclude_all(engine, a) for a in nothing], DAYS, count),
        (f"nothing known, each of {count}, with working", lambda: [seen(determine(engine, a)) for a in few_nothing],
         SHOWN, count),
    ]  # fmt: skip
    for name, work, many, benefits in works:
        row = compare(name, work, floor, floor_name="tztc by hand", budget=None, rounds=3 if many == SHOWN else 7)
        yield Row(name, row.ours / many / benefits, row.floor / CASES, row.floor_name, None)
    yield from _afresh(engine, answers)
    yield from _one_more(engine)
    yield from _tables(engine, count)


def _afresh(engine: Engine, answers: list[Answers]) -> Iterator[Row]:
    """One applicant of whom all is known and nothing was worked out before: every conclusion, and with the working in sight."""
    count, many = len(engine.rules), len(engine.rules_of(IN_SIGHT))
    bare = [spent(partial(conclude_all, engine, a)) for a in answers]
    yield Row(f"one applicant afresh, all {count} benefits, median", percentile(bare, 0.5), 1e-3, "budget", 1.0)
    shown = [spent(partial(_in_sight, engine, a)) for a in answers]
    name = f"one applicant afresh, all {count}, and the working of the {many} in sight, median"
    yield Row(name, percentile(shown, 0.5), 3e-3, "budget", 1.0)


def _in_sight(engine: Engine, answers: Answers) -> None:
    seen(d for d in determine(engine, answers) if d.policy == IN_SIGHT)


def seen(found: Iterable[Determination]) -> object:
    """Everything that a screen or paper shows of these: each is made when it is first looked at."""
    return list(map(attrgetter(*(field.name for field in fields(Determination))), found))


def _one_more(engine: Engine) -> Iterator[Row]:
    """What one more answer costs the thread: every conclusion, and with the working of the policy in sight."""
    bare: list[float] = []
    shown: list[float] = []
    for answers in growing(engine):
        bare.append(spent(partial(conclude_all, engine, answers)))
        shown.append(spent(partial(_in_sight, engine, answers)))
    many = len(engine.rules_of(IN_SIGHT))
    works = (("conclusions", bare, 1e-3), (f"conclusions, and the working of the {many} in sight", shown, 3e-3))
    for name, times, budget in works:
        for share, said in ((0.5, "median"), (0.99, "99 of 100")):
            most = percentile(times, share)
            yield Row(f"one more answer, {name}, {said}", most, budget, "budget", 1.0 if share == 0.5 else None)


def growing(engine: Engine, applicants_: int = 6, answers: int = 120) -> Iterator[Answers]:
    """Applicants as they are asked, answer by answer in an order of their own."""
    for seed in range(applicants_):
        rnd = random.Random(seed)  # noqa: S311 - a sample, no secret
        known = profile(engine, rnd)
        names, said = list(known), dict[str, int]()
        rnd.shuffle(names)
        for name in names[:answers]:
            said = {**said, name: known[name]}
            yield Answers(ON, said, ())


def spent(work: Callable[[], object]) -> float:
    """Seconds of this thread that one call takes, so that what else the machine does isn't counted."""
    start = time.thread_time()
    work()
    return time.thread_time() - start


def _tables(engine: Engine, count: int) -> Iterator[Row]:
    few = applicants(engine, 5000)
    names = list(few[0])
    columns = {name: np.resize(np.array([row[name] for row in few], np.int64), TABLE) for name in names}
    table = ColumnEngine(engine)
    ours = table.assess(columns, ON, policies=["tztc"])["tztc.fund"].low
    assert (np.maximum(ours, 0) == by_hand_columns(columns)).all()

    def floor() -> object:
        return by_hand_columns(columns)

    yield compare(
        f"{TABLE:,} rows, tztc", lambda: table.assess(columns, ON, policies=["tztc"]), floor,
        floor_name="tztc in NumPy", budget=None, rounds=5,
    )  # fmt: skip
    row = compare(
        f"{TABLE:,} rows, each of {count} benefits", lambda: table.assess(columns, ON), floor,
        floor_name="tztc in NumPy", budget=None, rounds=5,
    )  # fmt: skip
    yield Row(row.name, row.ours / count, row.floor, row.floor_name, None)
