"""Generated cases over the real policies: values at and around every bound of the rules, dates, past awards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.quantity import Dim, Quantity
from pinggu_desk.policy.roots import roots
from tests import bundled

QUICK = settings(max_examples=40, deadline=None)
#: for what runs every policy each time
BROAD = settings(max_examples=5, deadline=None)
LONG = settings(max_examples=150, deadline=None)
THOROUGH = settings(max_examples=1500, deadline=None)
#: a property is parametrised with these: some examples in make test, ten times as many in make exhaustive
MANY = settings(max_examples=400, deadline=None)
SOME_OR_MANY = [pytest.param(QUICK, id="some"), pytest.param(MANY, id="many", marks=pytest.mark.exhaustive)]
FIRST, LAST = date(2024, 2, 1), date(2027, 6, 30)


@cache
def pack() -> Pack:
    """The bundled pack, read once a process."""
    return bundled.pack()


@cache
def engine() -> Engine:
    """Its engine."""
    return bundled.engine()


@cache
def asked() -> tuple[Fact, ...]:
    """The facts that rules look at."""
    return tuple(
        fact for fact in pack().facts.values() if fact.dim is not Dim.TEXT and fact.name in engine().slots.index
    )


@cache
def facts_of(policy: str) -> tuple[Fact, ...]:
    """The facts that one policy's rules look at."""
    names = {
        name
        for rule in engine().rules_of(policy)
        for root in (rule.condition, rule.give)
        for name in rule.meaning.scope.facts_of(root)
    }
    return tuple(fact for fact in asked() if fact.name in names)


@cache
def bounds_of(dim: Dim) -> tuple[int, ...]:
    """Every quantity of one dimension that the rules state, and its neighbours."""
    found = {0, 1}
    for policy in pack().policies.values():
        for root, _, _ in roots(policy):
            for node in f.walk(root):
                for quantity in _quantities(node):
                    if quantity.dim is dim:
                        found |= {max(quantity.value + step, 0) for step in (-1, 0, 1)}
    return tuple(sorted(found))


def _quantities(node: Any) -> tuple[Quantity, ...]:
    match node:
        case f.Lit():
            return (node.quantity,)
        case f.Steps():
            return node.at
        case f.Per():
            return (node.each, node.step)
        case f.Bands():
            return tuple(end for row in node.rows for end in (row.low, row.high) if end is not None)
        case _:
            return ()


def value_of(fact: Fact) -> st.SearchStrategy[int]:
    """A legal value, mostly one that matters."""
    least, most = fact.bounds
    match fact.dim:
        case Dim.TRUTH:
            return st.sampled_from((1, 1, 1, 0))
        case Dim.OPTION:
            return st.integers(least, most)
        case Dim.DATE:
            return st.dates(date(2021, 6, 1), date(2027, 3, 31)).map(date.toordinal)
        case Dim.MONTHS:
            return st.sampled_from([m for m in (0, 12, 24, 36) if least <= m <= most] or [least])
        case _:
            written = [value for value in bounds_of(fact.dim) if least <= value <= most]
            upto = min(most, 10**4 if fact.dim is Dim.COUNT else 3 * 10**9)
            return st.sampled_from([least, *written]) | st.integers(least, upto) | st.integers(least, min(most, 10**13))


@dataclass(frozen=True)
class Case:
    """What one applicant gave on one date, for one policy."""

    policy: str
    on: date
    values: dict[str, int | str]
    awards: tuple[Award, ...] | None

    def answers(self, **changed: int | None) -> Answers:
        """The answers, with some facts changed or (None) taken away."""
        values: dict[str, int | str] = {**self.values}
        for name, value in changed.items():
            if value is None:
                values.pop(name, None)
            else:
                values[name] = value
        return Answers(self.on, values, self.awards)


def awards() -> st.SearchStrategy[tuple[Award, ...]]:
    """Past awards of benefits that some history fact counts."""
    counted = sorted({b for fact in asked() if fact.history for b in fact.history.benefits})
    one = st.builds(
        lambda benefit, fen, day: Award(benefit.split(".")[0], benefit.split(".")[1], fen, day),
        st.sampled_from(counted),
        st.sampled_from((1, 100_000_000, 50_000_000)) | st.integers(1, 10**9),
        st.dates(date(2023, 1, 1), LAST),
    )
    return st.lists(one, max_size=3).map(tuple)


def cases(policy: str | None = None, *, all_known: bool = False, with_awards: bool = True) -> st.SearchStrategy[Case]:
    """Cases of one policy, or of any; ``all_known`` leaves nothing askable out."""

    def of(name: str) -> st.SearchStrategy[Case]:
        values = {fact.name: value_of(fact) for fact in facts_of(name) if not (all_known and fact.decided_by)}
        given = st.fixed_dictionaries(values) if all_known else st.fixed_dictionaries({}, optional=values)
        past = st.none() | awards() if with_awards else st.none()
        return st.builds(Case, st.just(name), st.dates(FIRST, LAST), given, past)

    return of(policy) if policy else st.sampled_from(sorted(pack().policies)).flatmap(of)
