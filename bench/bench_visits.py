"""来访先问: interactions of seven worked visitors and fifty generated ones, against asking without it."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from bench.harness import Row
from bench.visits import Visit, Visitor, counted, generated, worked
from pinggu_desk.assess.engine import Engine
from pinggu_desk.policy.pack import load_pack

#: the most that the median should be: until the first sure benefit, until everything is settled (organisation, person)
FIRST, ALL = 6, {"单位": 15, "个人": 12}
_WHO = {"单位": "organisation", "个人": "person"}


def rows() -> Iterator[Row]:
    """The medians; the floor is the budget itself, so that a ratio over one is too many."""
    engine = Engine(load_pack())
    done: list[tuple[Visitor, Visit]] = [(one, counted(engine, one)) for one in (*worked(engine), *generated(engine))]
    firsts = [visit.first for _, visit in done if visit.first is not None]
    yield Row(
        f"interactions to the first sure benefit, median of {len(firsts)}",
        median(firsts),
        FIRST,
        "budget",
        1.0,
        "ticks and answers",
    )
    for subject, most in ALL.items():
        counts = [visit.all for visitor, visit in done if visitor.subject == subject]
        name = f"interactions until all is settled, {_WHO[subject]}, median of {len(counts)}"
        yield Row(name, median(counts), most, "budget", 1.0, "ticks and answers")
        yield Row(
            f"the same, the longest of them, {_WHO[subject]}", max(counts), most, "budget", None, "ticks and answers"
        )
