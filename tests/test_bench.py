"""Issue 11: what `make bench` writes is honest: over is over, what broke is told and loses nothing else, no folder is named."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bench import bench_peers, peer_rules, report
from bench.harness import Row, failed, percentile
from bench.run import measure
from pinggu_desk.assess.engine import Answers, Engine
from tests import bundled


def test_a_row_over_its_budget_is_over_unless_the_processors_time_says_otherwise() -> None:
    assert Row("a", 3.0, 2.0, "floor", 1.5).verdict == "met"
    assert Row("a", 3.2, 2.0, "floor", 1.5).verdict == "over"
    assert Row("a", 3.2, 2.0, "floor", 1.5, cpu=(1.4, 1.0)).verdict == "met by processor time"
    assert Row("a", 3.2, 2.0, "floor", 1.5, cpu=(1.6, 1.0)).verdict == "over"
    assert Row("a", 3.2, 2.0, "floor", None).verdict == ""
    assert failed("a", "why").verdict == "failed"


def test_a_percentile_is_a_value_that_was_measured() -> None:
    times = [float(n) for n in range(1, 101)]
    assert percentile(times, 0.99) == 99
    assert percentile(times, 0.5) == 50
    assert percentile([7.0], 0.99) == 7


def test_what_is_over_stands_at_the_top_with_its_cause_and_what_broke_with_its_reason(tmp_path: Path) -> None:
    found = {
        "yaml": [Row("quick", 1.0, 2.0, "floor", 1.0), Row("slow | work", 0.040, 0.016, "the budget", 1.0)],
        "pack": [failed("pack: the rest", "not done within 3 s")],
    }
    (tmp_path / "causes.yaml").write_text('- {row: "slow *", cause: "the disk"}', encoding="utf-8")
    path = report.write(found, report.machine(), 61.0, tmp_path / "BENCHMARKS.md")
    told = path.read_text(encoding="utf-8")
    assert [p.name for p in tmp_path.iterdir() if p.suffix != ".yaml"] == ["BENCHMARKS.md"], (
        "written whole or not at all"
    )
    assert "Budgets: 1 of 3 met" in told
    assert "| slow / work | 40 ms | 16 ms |" in told
    assert "not done within 3 s" in told
    assert report.cause_of(found["yaml"][1], report.causes(tmp_path / "causes.yaml")) == "the disk"
    assert str(Path(__file__).parents[1]) not in told
    assert "versions: Python 3" in told


def test_a_measurement_that_breaks_is_one_row_that_says_why() -> None:
    (row,) = measure("no_such_thing", 60)
    assert row.verdict == "failed"
    assert "no_such_thing" in row.failed
    assert "/" not in row.failed


def test_the_five_benefits_by_hand_are_ours_at_every_bound() -> None:
    """What the other engines are given is proved here without them: the same answers, one by one and by columns."""
    few = bench_peers.cases(300)
    engine = Engine(bench_peers.five(bundled.pack()))
    facts = bench_peers.given(few)
    by_hand = [
        peer_rules.by_hand(dict(zip(peer_rules.NAMES.values(), v, strict=True)))
        for v in zip(*few.values(), strict=True)
    ]
    ours = [
        bench_peers._figures(engine, Answers(bench_peers.ON, dict(zip(facts, values, strict=True))))
        for values in zip(*facts.values(), strict=True)
    ]
    assert ours == by_hand
    assert all(sum(1 for answer in ours if answer[at]) > 30 for at in range(5)), "each is had by some"
    columns = {peer_rules.NAMES[name]: np.array(values) for name, values in few.items()}
    assert [list(one) for one in zip(*peer_rules.by_columns(columns, np), strict=True)] == by_hand
