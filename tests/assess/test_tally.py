"""A table's tally is, row by row, what a match of that applicant alone says (issue 11)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.columns import CHUNK, FIGURES, NO_END, NO_FIGURE, ColumnEngine, Given, Ints, Mask
from pinggu_desk.assess.determination import STATUS_WORDS
from pinggu_desk.assess.engine import Answers
from pinggu_desk.assess.leading import APPLICANT, kind_of, tells
from pinggu_desk.assess.match.match import Match, Subject
from pinggu_desk.assess.tally import Hit, Tally, tally
from pinggu_desk.policy.facts import PRIOR, Fact
from pinggu_desk.policy.quantity import Dim
from tests.assess.generated import BROAD, LAST, LONG, Case, asked, awards, bounds_of, cases, engine, pack

ON = date(2026, 3, 2)
Values = dict[str, int | str]
Past = Sequence[tuple[Award, ...] | None] | None


@cache
def table() -> ColumnEngine:
    """The bundled pack for tables."""
    return ColumnEngine(engine())


def columns_of(rows: Sequence[Values]) -> dict[str, Given]:
    """The rows' answers as columns."""
    names = sorted({name for values in rows for name in values})
    return {
        name: (
            np.array([int(values.get(name, 0)) for values in rows], np.int64),
            np.array([name in values for values in rows], np.bool_),
        )
        for name in names
    }


def tallied(rows: Sequence[Values], on: date = ON, past: Past = None) -> Tally:
    """The tally of rows; a row with nothing given still is one."""
    columns = columns_of(rows) or {"职工人数": (np.zeros(len(rows), np.int64), np.zeros(len(rows), np.bool_))}
    return tally(table(), columns, on, past)


def assert_each_row_is_a_match(rows: Sequence[Values], on: date, past: Past = None) -> None:
    """Statuses, counts, sums, near misses and hits of every row are those of a match of the applicant alone."""
    found = tallied(rows, on, past)
    for row, values in enumerate(rows):
        match = Match(engine(), Answers(on, values, past[row] if past is not None else None))
        assert_row_is(found, row, match)


def assert_row_is(found: Tally, row: int, match: Match) -> None:
    statuses = [c.status for c in match.concluded.values()]
    assert {s: int(count[row]) for s, count in found.counts.items()} == {s: statuses.count(s) for s in STATUS_WORDS}
    assert set(found.absent) == {rule.benefit.id for rule in match.not_in_pack}
    bundle = match.bundle
    assert (int(found.sure[row]), int(found.ceiling[row])) == (bundle.total_fen, bundle.ceilings_fen)
    hits = list(found.hits(row))
    assert [hit.rule.benefit.id for hit in hits] == list(match.groups["eligible"])
    assert {hit.rule.benefit.id for hit in hits if hit.taken} == {kept.benefit for kept in bundle.kept}
    for hit in hits:
        c = match.concluded[hit.rule.benefit.id]
        assert ends_of(hit) == (c.figure, c.low, c.high)
        assert (hit.clause, hit.change) == (hit.rule.benefit.clause, "")
    near = match.groups["near"]
    assert int(found.near[row]) == len(near)
    assert list(found.near_changes(row)) == [match.near[benefit] for benefit in near]
    assert [(hit.rule.benefit.id, *ends_of(hit), hit.clause, hit.change) for hit in found.near_hits(row)] == [
        (c.benefit, c.figure, c.low, c.high, c.clause, c.words) for c in map(match.near.__getitem__, near)
    ]
    first = match.near[near[0]] if near else None
    assert found.nearest.change(row) == first
    assert found.nearest.words(row) == (first.words if first else "")
    if first is not None:
        assert found.rules[int(found.nearest.benefit[row])].benefit.id == first.benefit
        number = int(found.nearest.fact[row])
        assert ("" if number < 0 else found.nearest.names[number]) == first.fact
    assert_question_is_worth_asking(found, row, match)


def ends_of(hit: Hit) -> tuple[str | None, int | None, int | None]:
    """The figure of a hit as a conclusion has it."""
    low, high = (None if end == NO_END else end for end in (hit.low, hit.high))
    return None if hit.figure == NO_FIGURE else FIGURES[hit.figure], low, high


def assert_question_is_worth_asking(found: Tally, row: int, match: Match) -> None:
    """The question is one that this applicant can be asked, and no other is the last thing lacking for more benefits."""
    facts, kind = pack().facts, kind_of(pack().facts, match.answers.values)
    alone = {}
    for name in match.needed:
        if not tells(facts[name], kind) or facts[name].history:
            continue
        open_ = [match.concluded[i].needs for i in match._served if match.concluded[i].status == "unknown"]
        alone[name] = sum(list(needs.asks) == [name] and not needs.parameters for needs in open_)
    number = int(found.question[row])
    if number >= 0:
        name = found.questions[number]
        assert name not in match.answers.values and (name == PRIOR or tells(facts[name], kind))
        assert int(found.settles[row]) >= max(alone.values(), default=0)
        if name in alone:
            assert int(found.settles[row]) == alone[name]
    else:
        assert (
            match.question is None
            or match.question.fact in match.same
            or not any(
                match.concluded[i].status == "unknown"
                and any(tells(facts[n], kind) for n in match.concluded[i].needs.asks)
                for i in match._served
            )
        )


def _whole(rnd: random.Random, known: float) -> Values:
    """An applicant of whom much is known: so that overlaps, joint limits and near misses come up."""
    values: Values = {fact.name: _any_value(fact, rnd) for fact in asked() if rnd.random() < known}
    while broken := engine().inconsistencies(values, ON):
        values = {n: v for n, v in values.items() if n not in {name for item in broken for name in item.facts}}
    return values


@pytest.mark.parametrize("much", [BROAD, pytest.param(LONG, marks=pytest.mark.exhaustive)], ids=["some", "many"])
def test_each_row_of_a_tally_is_what_a_match_of_the_row_alone_says(much: settings) -> None:
    rows = st.lists(cases(), min_size=1, max_size=4)

    def check(rows: list[Case], on: date, data: st.DataObject) -> None:
        past = data.draw(st.none() | st.lists(st.none() | awards(), min_size=len(rows), max_size=len(rows)))
        assert_each_row_is_a_match([row.values for row in rows], on, past)

    much(given(rows, st.dates(date(2024, 1, 1), LAST), st.data())(check))()


def _any_value(fact: Fact, rnd: random.Random) -> int:
    """A value at or near a bound that rules write, or a common one; a Yes more often than a No."""
    least, most = fact.bounds
    if fact.dim is Dim.TRUTH:
        return int(rnd.random() < 0.7)
    if fact.dim is Dim.OPTION:
        return rnd.randint(least, most)
    if fact.dim is Dim.DATE:
        return ON.toordinal() - rnd.randint(-100, 2500)
    fitting = [value for value in bounds_of(fact.dim) if least <= value <= most]
    return rnd.choice((*fitting, min(most, rnd.randint(max(least, 0), 2 * 10**9))))


def _awarded(rnd: random.Random) -> tuple[Award, ...] | None:
    """Nothing known of past awards, or a few of them, or none."""
    if rnd.random() < 0.4:
        return None
    counted = sorted({b for fact in asked() if fact.history for b in fact.history.benefits})
    out = []
    for _ in range(rnd.randint(0, 4)):
        policy, benefit = rnd.choice(counted).split(".")
        fen = rnd.choice((100, 5_000_000, 100_000_000))
        out.append(Award(policy, benefit, fen, date.fromordinal(ON.toordinal() + rnd.randint(-1200, 200))))
    return tuple(out)


@pytest.mark.parametrize("rows", [12, pytest.param(1500, marks=pytest.mark.exhaustive)])
def test_applicants_of_whom_much_is_known_are_tallied_as_a_match_does(rows: int) -> None:
    rnd = random.Random(7)
    assert_each_row_is_a_match([_whole(rnd, rnd.choice((0.5, 0.9, 0.97))) for _ in range(rows)], ON)


@pytest.mark.parametrize("rows", [12, pytest.param(900, marks=pytest.mark.exhaustive)])
def test_what_was_had_before_counts_in_each_row_as_in_a_match(rows: int) -> None:
    rnd = random.Random(rows)
    for day in (ON, date(2026, 12, 30), date(2025, 7, 1)):
        given = [_whole(rnd, rnd.choice((0.8, 0.97, 1.0))) for _ in range(rows // 3)]
        assert_each_row_is_a_match(given, day, [_awarded(rnd) for _ in given])


def test_a_list_of_nobody_has_a_tally_of_no_rows() -> None:
    found = tally(table(), {}, ON)
    assert found.rows == 0 and found.near.shape == (0,)


def _told(found: Tally, row: int) -> tuple[object, ...]:
    """All that a tally says of a row."""
    number = int(found.question[row])
    return (
        tuple(int(count[row]) for count in found.counts.values()), int(found.near[row]), int(found.sure[row]),
        int(found.ceiling[row]), found.nearest.words(row), found.questions[number] if number >= 0 else "",
        int(found.settles[row]), list(found.hits(row)), list(found.near_hits(row)),
    )  # fmt: skip


def test_a_row_is_told_alike_wherever_it_stands_in_a_long_table() -> None:
    rnd = random.Random(3)
    few = [_whole(rnd, 0.97) for _ in range(7)]
    rows = len(few) * (CHUNK // len(few) + 2)  # the last ones lie in a second chunk
    long = {
        name: (np.resize(values, rows), np.resize(known, rows))
        for name, (values, known) in split(columns_of(few)).items()
    }
    short, found = tallied(few), tally(table(), long, ON)
    for row in (0, 5, CHUNK - 1, CHUNK, rows - 1):
        assert _told(found, row) == _told(short, row % len(few))


def split(given: dict[str, Given]) -> dict[str, tuple[Ints, Mask]]:
    return {name: one for name, one in given.items() if isinstance(one, tuple)}


def test_values_may_be_of_any_type_that_holds_them_and_what_is_unknown_may_hold_anything() -> None:
    """A list's reader gives narrow columns; the place of an unknown answer is nobody's value."""
    rnd = random.Random(5)
    rows = [_whole(rnd, 0.9) for _ in range(6)]
    narrow: dict[str, Given] = {}
    for name, (values, known) in split(columns_of(rows)).items():
        dim = pack().facts[name].dim
        if dim is Dim.TRUTH:
            narrow[name] = (values != 0) | ~known, known
        elif dim is Dim.OPTION:
            narrow[name] = np.where(known, values, 77).astype(np.int8), known
        elif int(values.max()) < 2**31:
            narrow[name] = np.where(known, values, 2**31 - 1).astype(np.int32), known
        else:
            narrow[name] = np.where(known, values, -(10**17)), known
    plain, found = tallied(rows), tally(table(), narrow, ON)
    assert [_told(found, row) for row in range(6)] == [_told(plain, row) for row in range(6)]


def test_answers_that_contradict_each_other_stand_for_nothing_in_their_row() -> None:
    """What a list's row says against itself is masked out before it is tallied, and then it is a match of the rest."""
    rnd = random.Random(9)
    rows: list[Values] = [{fact.name: _any_value(fact, rnd) for fact in asked()} for _ in range(6)]
    columns = split(columns_of(rows))
    broken = table().broken(columns, ON)
    assert broken, "the sample has no contradiction"
    for item, mask in broken:
        for name in item.facts:
            columns[name] = columns[name][0], columns[name][1] & ~mask
    found = tally(table(), columns, ON)
    for row in range(6):
        left: Values = {name: int(values[row]) for name, (values, known) in columns.items() if known[row]}
        assert_row_is(found, row, Match(engine(), Answers(ON, left)))


@pytest.mark.parametrize("who", ["单位", "个人"])
def test_nobody_is_asked_what_only_another_can_tell(who: Subject) -> None:
    """Issue 11: 问一项 of a firm's row named a person's fact, since no column said 申请人类型; its code says so."""
    rnd, facts = random.Random(5), pack().facts
    rows = [{n: v for n, v in _whole(rnd, 0.4).items() if n != APPLICANT} for _ in range(12)]
    rows.append({})

    def asked_of(kinds: Sequence[Subject]) -> list[str]:
        found = tally(table(), columns_of(rows), ON, who=kinds)
        return [found.questions[at] for at in found.question.tolist() if at >= 0]

    told = asked_of([who] * len(rows))
    assert told and all(name == PRIOR or tells(facts[name], who) for name in told)
    assert asked_of([]) == asked_of([""] * len(rows))
    said = [{**row, APPLICANT: 0} for row in rows]
    assert kind_of(facts, said[0]) == "单位"
    other: list[Subject] = ["个人"] * len(rows)
    plain, coded = tally(table(), columns_of(said), ON), tally(table(), columns_of(said), ON, who=other)
    assert plain.question.tolist() == coded.question.tolist(), "what the row itself says goes before its code"
