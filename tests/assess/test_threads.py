"""A list is worked out on a thread of its own while the desk judges on another: one engine serves both alike (issue 11)."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from pinggu_desk.assess.columns import ColumnEngine
from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.assess.match.match import Match
from pinggu_desk.assess.tally import tally
from tests.assess.generated import pack
from tests.assess.test_tally import ON, Values, _whole, columns_of


@pytest.fixture
def busy() -> Iterator[None]:
    """The interpreter changes threads as often as it can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    yield
    sys.setswitchinterval(before)


def said(engine: Engine, values: Values) -> tuple[object, ...]:
    """All that is kept from one applicant to the next: conclusions, near misses, some working, the bundle."""
    match = Match(engine, Answers(ON, values))
    shown = [match.determination(benefit).to_json() for benefit in [*match.rules][::20]]
    return match.concluded, match.near, shown, match.bundle.total_fen


@pytest.mark.usefixtures("busy")
def test_two_threads_at_one_engine_say_what_one_says() -> None:
    rnd = random.Random(11)
    rows = [_whole(rnd, known) for known in (0.4, 0.9)]
    alone, shared = Engine(pack()), Engine(pack())
    wanted = [said(alone, values) for values in rows]
    with ThreadPoolExecutor(3) as threads:
        judged = [
            threads.submit(lambda order: [said(shared, rows[r]) for r in order], order) for order in ([0, 1], [1, 0])
        ]
        listed = threads.submit(lambda: tally(ColumnEngine(shared), columns_of(rows), ON))
    assert judged[0].result() == wanted and judged[1].result() == wanted[::-1]
    assert [int(fen) for fen in listed.result().sure] == [one[3] for one in wanted]
