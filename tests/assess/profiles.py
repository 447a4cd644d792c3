"""Sample applicants for 能享受什么: facts of worked examples put together; what each comes to is worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.engine import Answers, Engine, read_answers
from pinggu_desk.assess.match.match import Match, Subject
from pinggu_desk.policy.cases import Cases, load_cases
from tests import bundled

ON = date(2026, 4, 1)
WAN = 1_000_000  # 1万元 in fen


@cache
def engine() -> Engine:
    """The engine over the bundled pack."""
    return bundled.engine()


@cache
def _cases(policy: str) -> Cases:
    return load_cases(engine().pack, policy)


def example(benefit: str, status: str = "可申请") -> dict[str, Any]:
    """The facts of the first worked example in which a benefit comes to a status."""
    policy, code = benefit.split(".")
    for case in _cases(policy).cases:
        expected = case.expects.get(code)
        if expected is not None and expected.status == status and not case.parameters and not case.awards:
            return {k: v.isoformat() if isinstance(v, date) else v for k, v in case.facts.items()}
    raise AssertionError(f"no worked example of {benefit} as {status}")


@cache
def every_example() -> tuple[dict[str, Any], ...]:
    """The facts of every worked example of every policy that stands on facts alone."""
    return tuple(
        {k: v.isoformat() if isinstance(v, date) else v for k, v in case.facts.items()}
        for policy in engine().pack.policies
        for case in _cases(policy).cases
        if not case.parameters and not case.awards
    )


def match_of(facts: dict[str, Any], awards: Sequence[Award] = (), *, on: date = ON, subject: Subject = "") -> Match:
    """The match for facts as they would be typed."""
    values = read_answers(engine().pack, facts)
    assert not engine().inconsistencies(values, on)
    return Match(engine(), Answers(on, values, list(awards)), subject=subject)
