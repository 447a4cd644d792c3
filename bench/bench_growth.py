"""How cost grows with the number of policies: 24, 48, 120 and 240, by synthetic copies of the pack's own under other ids.

One applicant against every benefit without working, and a table of applicants; the same facts are asked of all copies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from statistics import median
from time import process_time

import numpy as np

from bench.bench_engine import ON, applicants
from bench.growth import curve
from bench.harness import Row
from pinggu_desk.assess.columns import ColumnEngine
from pinggu_desk.assess.determine import conclude_all
from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.policy.compiled import load_bundled
from pinggu_desk.policy.models import Pack, Policy

TIMES = (1, 2, 5, 10)
APPLICANTS, TABLE = 40, 4000


def multiplied(pack: Pack, times: int) -> Pack:
    """The pack with every policy so many times, each copy under ids of its own."""
    policies = dict(pack.policies)
    for copy in range(2, times + 1):
        policies |= {renamed.id: renamed for renamed in (_renamed(one, copy) for one in pack.policies.values())}
    return replace(pack, policies=policies)


def _renamed(policy: Policy, copy: int) -> Policy:
    own = f"{policy.id}c{copy}"

    def new(benefit: str) -> str:
        return f"{own}.{benefit.split('.', 1)[1]}"

    return replace(
        policy, id=own, benefits=tuple(replace(one, id=new(one.id)) for one in policy.benefits),
        limits=tuple(replace(one, benefits=tuple(map(new, one.benefits))) for one in policy.limits),
    )  # fmt: skip


def rows() -> Iterator[Row]:
    """Two curves."""
    pack = load_bundled()
    one: dict[int, float] = {}
    table: dict[int, float] = {}
    for times in TIMES:
        engine = Engine(multiplied(pack, times))
        given = applicants(engine, APPLICANTS)
        policies, answers = len(engine.pack.policies), [Answers(ON, dict(values)) for values in given]
        one[policies] = median(_spent(engine, answer) for answer in answers)
        columns = {name: np.resize(np.array([row[name] for row in given], np.int64), TABLE) for name in given[0]}
        run = ColumnEngine(engine)
        run.assess(columns, ON)
        times_taken = []
        for _ in range(3):
            start = process_time()
            found = run.assess(columns, ON)
            times_taken.append(process_time() - start)
        assert len(found) == len(engine.rules)
        table[policies] = median(times_taken)
    yield curve("one applicant, 24 to 240 policies, off a straight line at worst", "policies", one)
    yield curve(f"a table of {TABLE:,}, 24 to 240 policies, off a straight line at worst", "policies", table)


def _spent(engine: Engine, answers: Answers) -> float:
    start = process_time()
    conclude_all(engine, answers)
    return process_time() - start
