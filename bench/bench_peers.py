"""The same five benefits by openfisca-core, zen-engine, CEL in Rust, and by hand in Python and NumPy: time a case for all five.

The other engines answer with figures and explain nothing; ours names what is missing, cites clauses and, with working, explains
each figure. Nothing is timed but what gives the same answers as ours on the same cases, at every bound and to either side of it.
"""

from __future__ import annotations

import json
import random
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from bench.harness import Row, failed, timed
from bench.peer_rules import BENEFITS, NAMES, STEPS, WAN
from pinggu_desk.assess.columns import STATUSES, ColumnEngine
from pinggu_desk.assess.determine import conclude_all, determine
from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.policy.compiled import load_bundled
from pinggu_desk.policy.models import Pack

ON = date(2026, 3, 2)
HERE = Path(__file__).parent.parent
PYTHON = HERE / ".venv-bench" / "bin" / "python"
CASES, TABLE = 400, 20_000
DAYS, START = "生产经营天数", "生产经营起始日"
#: what no case differs in, so that nothing is left to an authority or to another way
SAME = {
    "科技创新工业企业": 0,
    "专精特新称号": 2,
    "获其他科技创新称号": 0,
    "上年度技术交易总额": 0,
    "本年度已领高企资助": 0,
    "本年度已领技术交易资助": 0,
}
#: the engines that explain nothing, case by case; and all at once
ONE = {"openfisca": "openfisca-core", "zen": "zen-engine", "cel": "CEL in Rust"}
_MONEY = (30, 50, 100, 150, 300, 333, 400, 500, 700, 1000, 1250, 1500, 2000)


def five(pack: Pack) -> Pack:
    """The pack with the five benefits alone, as the other engines have them."""
    kept = {}
    for policy in pack.policies.values():
        benefits = tuple(benefit for benefit in policy.benefits if benefit.id in BENEFITS)
        if benefits:
            kept[policy.id] = replace(policy, benefits=benefits)
    consistency = tuple(item for item in pack.consistency if item.condition.cite[0].split(".", 1)[0] in kept)
    return replace(pack, policies=kept, consistency=consistency, overlaps=())


def cases(count: int, seed: int = 1) -> dict[str, list[int]]:
    """So many firms by fact: mostly within the conditions, many of their figures at a bound or just beside it."""
    rnd = random.Random(seed)  # noqa: S311 - a sample, no secret

    def near(bounds: tuple[int, ...] | list[int], step: int, least: int = 0) -> int:
        return max(least, rnd.choice(bounds) + rnd.choice((-step, 0, step, rnd.randint(0, 50) * step)))

    def one() -> dict[str, int]:
        facts = {name: int(rnd.random() < 0.95) for name in NAMES}
        invested = near([v * WAN for v in _MONEY], 10_000)
        return facts | {
            "能源节约量": near(STEPS["energy"][0], 1000), "税收贡献": near(STEPS["tax"][0], 10_000),
            "占地规模": near(STEPS["land"][0], 1500), "职工人数": near(STEPS["staff"][0], 1, 1),
            "申报主体类型": rnd.choice((0, 0, 0, 1, 2)), "申请人类型": rnd.choice((0, 0, 0, 0, 1)),
            DAYS: near([730, 1000, 3000], 1), "技改项目类别": rnd.randint(0, 3), "技改固定资产投资": invested,
            "技改设备投资": max(0, invested * 7 // 10 + rnd.choice((-10_000, 0, 10_000))),
            "技改基建投资": max(0, invested * 3 // 10 + rnd.choice((-10_000, 0, -10_000))),
            "信息化投资总额": near([v * WAN for v in _MONEY], 10_000), "研发项目投资额": near([v * WAN for v in _MONEY], 10_000),
            "上一年度本区纳税总额": near([9 * WAN, 10 * WAN, 50 * WAN], 10_000),
            "已领高企资助": rnd.choice((0, 0, 0, 10 * WAN)), "同时申报高企和技术交易资助": 0,
        }  # fmt: skip

    rows = [one() for _ in range(count)]
    return {name: [row[name] for row in rows] for name in NAMES}


def given(columns: dict[str, list[int]]) -> dict[str, list[int]]:
    """The same as our facts: a day for a number of days, and what no case differs in."""
    count = len(columns[DAYS])
    days = {START: [ON.toordinal() - days for days in columns[DAYS]]}
    return {n: v for n, v in columns.items() if n != DAYS} | days | {n: [v] * count for n, v in SAME.items()}


def rows() -> Iterator[Row]:
    """Ours with and without working beside each of the others, case by case, then for a table."""
    engine = Engine(five(load_bundled()))
    few, many = cases(CASES), cases(TABLE, 2)
    ours = [_figures(engine, one) for one in _answers(few)]
    table, whole = ColumnEngine(engine), {name: np.array(values, np.int64) for name, values in given(many).items()}
    found = table.assess(whole, ON)
    eligible = STATUSES.index("eligible")
    columns = [np.where(found[b].status == eligible, np.maximum(found[b].high, 0), 0).tolist() for b in BENEFITS]
    if not PYTHON.exists():
        yield failed("the other rule engines", "they are not installed: make .venv-bench/.ready")
        return
    plain, sight, working = (_of_new_cases(engine, work, seed) for work, seed in (
        (conclude_all, 10), (_seen, 20), (_explained, 30)
    ))  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        for peer, said in {"python": "by hand in Python", **ONE}.items():
            budget = 1.0 if peer in ONE else None
            told = _peer(Path(name), peer, few, ours, 5)
            for how, mine, most in (
                ("figures and what is missing", plain, budget), ("in words with clauses", sight, budget),
                ("with the whole working", working, budget),
            ):  # fmt: skip
                yield _row(f"one case, {how}, against {said}", mine, told, said, most)
        mine = _median(lambda: table.assess(whole, ON), TABLE)
        wanted = [list(answer) for answer in zip(*columns, strict=True)]
        for peer, said in {
            "numpy": "by hand in NumPy", "openfisca-columns": ONE["openfisca"], "zen": ONE["zen"], "cel": ONE["cel"],
        }.items():  # fmt: skip
            told = _peer(Path(name), peer, many, wanted, 3)
            yield _row(f"{TABLE:,} cases, against {said}", mine, told, said, None if peer == "numpy" else 1.0)


def _row(name: str, mine: tuple[float, float], told: dict[str, float] | str, said: str, budget: float | None) -> Row:
    if isinstance(told, str):
        return failed(name, told)
    return Row(name, mine[0], told["wall"], said, budget, cpu=(mine[1], told["cpu"]))


def _figures(engine: Engine, answers: Answers) -> list[int]:
    """What can be had of each benefit, at most, in fen."""
    found = conclude_all(engine, answers)
    figures = []
    for benefit in BENEFITS:
        one = found[benefit]
        assert one is not None
        figures.append((one.high or 0) if one.status == "eligible" else 0)
    return figures


def _answers(columns: dict[str, list[int]]) -> list[Answers]:
    facts = given(columns)
    return [Answers(ON, dict(zip(facts, values, strict=True))) for values in zip(*facts.values(), strict=True)]


def _of_new_cases(engine: Engine, work: Callable[[Engine, Answers], object], seed: int) -> tuple[float, float]:
    """The median of five rounds, wall and processor a case; each round has cases that the engine has not seen yet."""
    times = []
    for turn in range(5):
        fresh = _answers(cases(CASES, seed + turn))
        times.append(timed(partial(_each, engine, work, fresh)))
    return median(t[0] for t in times) / CASES, median(t[1] for t in times) / CASES


def _each(engine: Engine, work: Callable[[Engine, Answers], object], fresh: list[Answers]) -> None:
    for one in fresh:
        work(engine, one)


def _seen(engine: Engine, answers: Answers) -> list[tuple[str, ...]]:
    """What stands in sight of each benefit: status, figure in words, clause."""
    return [(one.status, one.headline, one.clause) for one in determine(engine, answers)]


def _explained(engine: Engine, answers: Answers) -> list[tuple[object, ...]]:
    """The same with every line of the working, what is missing and how the text was read."""
    return [
        (one.status, one.headline, one.clause, one.trace, one.missing, one.readings)
        for one in determine(engine, answers)
    ]


def _median(work: object, count: int) -> tuple[float, float]:
    assert callable(work)
    times = [timed(work) for _ in range(5)]
    return median(t[0] for t in times) / count, median(t[1] for t in times) / count


def _peer(
    folder: Path, peer: str, columns: dict[str, list[int]], wanted: list[list[int]], rounds: int
) -> dict[str, float] | str:
    """A peer's time a case, once its answers are ours; else why not."""
    path = folder / "cases.json"
    path.write_text(json.dumps({NAMES[name]: values for name, values in columns.items()}), encoding="utf-8")
    command = [str(PYTHON), "-m", "bench.peer_rules", peer, str(path), str(rounds)]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    if done.returncode:
        return done.stderr.strip().splitlines()[-1]
    told = json.loads(done.stdout.splitlines()[-1])
    other = [at for at, (mine, its) in enumerate(zip(wanted, told["answers"], strict=True)) if mine != its]
    if other:
        return f"{len(other)} answers differ, the first: ours {wanted[other[0]]}, its {told['answers'][other[0]]}"
    return {"wall": told["wall"], "cpu": told["cpu"]}
