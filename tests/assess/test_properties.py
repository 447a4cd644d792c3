"""What holds of every answer, whatever is given: over the real policies with generated facts, awards and dates."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.columns import FIGURES, NO_END, NO_FIGURE, STATUSES, ColumnEngine
from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.determine import conclude_all, determine
from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.assess.env import Env
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.quantity import INF, Dim
from tests.assess.generated import (
    BROAD,
    LAST,
    LONG,
    QUICK,
    SOME_OR_MANY,
    THOROUGH,
    Case,
    awards,
    cases,
    engine,
    facts_of,
    pack,
    value_of,
)

#: The most that the texts publish for each benefit, in 万元 (None: the text publishes none).
PUBLISHED_MOST: dict[str, int | None] = {
    "tztc.fund": 300,
    "zxqy.upgrade": 100,
    "zxqy.informatisation": 100,
    "zxqy.new_build": 200,
    "zxqy.interest": 100,
    "zxqy.city_centre": 30,
    "zxqy.national_centre": 60,
    "zxqy.srdi": 10,
    "zxqy.giant": 50,
    "zxqy.giant_moved": 50,
    "zxqy.city_platform": 50,
    "zxqy.national_platform": 100,
    "ss.listing": 1000,
    "ss.neeq": 100,
}
_RANK = {"eligible": 1, "review": 1, "ineligible": 0}


def determined(case: Case, **changed: int | None) -> tuple[Determination, ...]:
    return determine(engine(), case.answers(**changed), [case.policy])


def outcome(d: Determination) -> tuple[object, ...]:
    """What the applicant is told: status, figure, ends, and when it must be handed in."""
    return (
        d.status,
        d.figure,
        d.amount_fen,
        d.min_fen,
        d.max_fen,
        d.rate_pct,
        d.deadline if d.status != "ineligible" else None,
    )


def asks(d: Determination) -> list[str]:
    return [m.name for m in d.missing if m.kind != "parameter"]


# --- the properties, each as a function of a case, run quickly by default and thoroughly by make test-all ------------


def knowing_less_never_reverses(case: Case, data: st.DataObject) -> None:
    """A decided answer without some fact is the answer, or open; never the opposite, never another figure."""
    if not case.values:
        return
    gone = data.draw(st.sampled_from(sorted(case.values)), "taken away")
    if case.awards is not None and pack().facts[gone].history is not None:
        return  # the register answers instead: another answer, not less known
    for with_it, without in zip(determined(case), determined(case, **{gone: None}), strict=True):
        if without.status == "review" and pack().facts[gone].decided_by:
            continue  # what is left to an authority is open until it has spoken, either way
        if without.status in _RANK and with_it.status in _RANK:
            assert _RANK[with_it.status] == _RANK[without.status], (with_it.benefit, gone)
        if without.status == "ineligible" or with_it.status == "unknown":
            continue
        if without.status in ("eligible", "review"):
            assert with_it.status in ("eligible", "review")
        assert_within(with_it, without)


def assert_within(narrow: Determination, wide: Determination) -> None:
    if narrow.status == "ineligible":
        return
    if wide.max_fen is not None:
        assert narrow.max_fen is not None and narrow.max_fen <= wide.max_fen
    if wide.min_fen is not None and wide.status != "unknown":
        assert (narrow.min_fen or 0) >= wide.min_fen


def filling_in_stays_within_the_span(case: Case, data: st.DataObject) -> None:
    """Every form's span, with some facts unknown, holds its span once they are known."""
    presumed = {name for rule in engine().rules_of(case.policy) for name in rule.presumed}
    known = {
        fact.name: data.draw(value_of(fact), fact.name)
        for fact in facts_of(case.policy)
        if fact.name not in case.values
        and fact.name not in presumed  # what is presumed (不填按, 默认为) is replaced, not filled in
    }
    narrow_answers = Answers(case.on, {**case.values, **known}, case.awards)
    wide = engine().env(case.answers())
    narrow = engine().env(narrow_answers)
    history_known = case.awards is not None
    for rule in engine().rules_of(case.policy):
        for node in rule.reach:
            if history_known and _looks_at_history(case.policy, node):
                continue  # what is stated replaces what the register knew: not a filling in
            low, high = rule.meaning.of(node)(wide)
            a, b = rule.meaning.of(node)(narrow)
            assert low <= a <= b <= high, (node, (low, high), (a, b))


def _looks_at_history(policy: str, node: f.Expr | f.Cond) -> bool:
    scope = engine().rules_of(policy)[0].meaning.scope
    return any(pack().facts[name].history is not None for name in scope.facts_of(node) if name in pack().facts)


def what_is_not_missing_does_not_matter(case: Case, data: st.DataObject) -> None:
    """A fact that is neither given nor asked for changes neither status, figure, ends nor what is asked."""
    given_or_worked = set(case.values)
    if case.awards is not None:
        given_or_worked |= {fact.name for fact in facts_of(case.policy) if fact.history is not None}
    fact = data.draw(st.sampled_from(facts_of(case.policy)), "set")
    value = data.draw(value_of(fact), "to")
    if fact.name in given_or_worked:
        return
    for before, after in zip(determined(case), determined(case, **{fact.name: value}), strict=True):
        if fact.name in asks(before) or _starts_deadline(before, fact.name) or _may_come(before, fact):
            continue
        assert outcome(before) == outcome(after), (before.benefit, fact.name)
        # a check (核对) that failed goes on asking for its other indicators, unless it turns out not to be for this project
        assert asks(before) == asks(after) or (before.status == "ineligible" and set(asks(after)) <= set(asks(before)))


def _may_come(d: Determination, fact: Fact) -> bool:
    """An authority's verdict that isn't named while facts are open; what would only say more (optional, presumed)."""
    open_ = any(m.kind == "ask" for m in d.missing)
    return bool(fact.decided_by and open_) or fact.name in {m.name for m in d.optional}


def _starts_deadline(d: Determination, fact: str) -> bool:
    return d.deadline is not None and fact in d.deadline.text


def what_is_asked_may_be_answered_to_the_end(case: Case, data: st.DataObject) -> None:
    """Answering what is asked, again and again, settles every benefit without ever asking for anything twice."""
    values = dict(case.values)
    for _ in range(len(facts_of(case.policy)) + 1):
        open_now = [m.name for d in determined(replace(case, values=values)) for m in d.missing if m.kind == "ask"]
        if not open_now:
            break
        assert open_now[0] not in values
        fact = pack().facts[open_now[0]]
        values[fact.name] = data.draw(value_of(fact), fact.name)
    for d in determined(replace(case, values=values)):
        assert d.status != "unknown" or {m.kind for m in d.missing} >= {"parameter"}


def figures_are_honest(case: Case, _: st.DataObject) -> None:
    """The kind is one that the rule can come to; sums are whole fen, in order, and never above what the text publishes."""
    for d, rule in zip(determined(case), engine().rules_of(case.policy), strict=True):
        if d.figure is not None and not (d.figure == "by_review" and _is_vast(case)):
            assert d.figure in rule.kinds
        for fen in (d.amount_fen, d.min_fen, d.max_fen):
            assert fen is None or (type(fen) is int and fen >= 0)
        if d.amount_fen is not None:
            assert (d.status, d.figure) == ("eligible", "computed")
            assert d.amount_fen == d.min_fen == d.max_fen
            assert d.amount_fen > 0
        if d.min_fen is not None and d.max_fen is not None:
            assert d.min_fen <= d.max_fen
        if d.figure in ("up_to", "range", "by_review", "in_kind"):
            assert d.amount_fen is None
        if d.status == "ineligible":
            assert (d.figure, d.min_fen, d.max_fen) == (None, None, None)
            assert rule.check or d.missing == (), "only a check goes on asking after one indicator failed"
        most = PUBLISHED_MOST.get(d.benefit)
        if most is not None and d.max_fen is not None:
            assert d.max_fen <= most * 1_000_000, d.benefit


def _is_vast(case: Case) -> bool:
    """Ten million shops: at so much each it may come to a 万亿 and more, which is no sum that the engine tells (`quantity.INF`)."""
    counted = (
        pack().facts[name].dim for name, value in case.values.items() if isinstance(value, int) and value >= 10**7
    )
    return any(dim in (Dim.COUNT, Dim.AREA, Dim.COAL) for dim in counted)


def every_line_is_cited(case: Case, _: st.DataObject) -> None:
    """Each line names a clause that the text has; a refusal shows what failed, a figure how it came about."""
    for d in determined(case):
        assert d.trace
        for line in d.trace:
            assert pack().clause_words(line.clause), line
            assert line.text.strip() and "None" not in line.text
        marks = [line.mark for line in d.trace]
        if d.status == "ineligible":
            assert "fails" in marks, d
        if d.status == "eligible":
            assert "fails" not in marks and "open" not in marks, d
            assert "value" in marks or "note" in marks
        if d.status in ("unknown", "review"):
            assert "open" in marks or d.missing, d


def the_same_again(case: Case, data: st.DataObject) -> None:
    """The same case gives the same answer, however its facts are ordered and whatever was asked in between."""
    first = determined(case)
    names = data.draw(st.permutations(sorted(case.values)), "order")
    shuffled = replace(case, values={name: case.values[name] for name in names})
    determine(engine(), Answers(LAST))
    assert determined(shuffled) == first
    alone = {d.benefit: d for d in determine(engine(), case.answers())}
    assert [alone[d.benefit] for d in first] == list(first)


def conclusions_without_working_are_the_same(case: Case, _: st.DataObject) -> None:
    """Leaving the working out changes nothing."""
    brief = conclude_all(engine(), case.answers(), [case.policy])
    for d in determined(case):
        c = brief[d.benefit]
        assert c is not None
        assert (c.status, c.figure) == (d.status, d.figure)
        if d.min_fen is not None or d.max_fen is not None:
            assert (c.low, c.high) == (d.min_fen, d.max_fen)


PROPERTIES: list[Callable[[Case, st.DataObject], None]] = [
    knowing_less_never_reverses,
    filling_in_stays_within_the_span,
    what_is_not_missing_does_not_matter,
    what_is_asked_may_be_answered_to_the_end,
    figures_are_honest,
    every_line_is_cited,
    the_same_again,
    conclusions_without_working_are_the_same,
]

WHOLE_PACK = [the_same_again]


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda p: p.__name__)
def test_holds(holds: Callable[[Case, st.DataObject], None]) -> None:
    (BROAD if holds in WHOLE_PACK else QUICK)(given(cases(), st.data())(holds))()


@pytest.mark.exhaustive
@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda p: p.__name__)
def test_holds_of_thousands(holds: Callable[[Case, st.DataObject], None]) -> None:
    (LONG if holds in WHOLE_PACK else THOROUGH)(given(cases(), st.data())(holds))()


@pytest.mark.parametrize("much", SOME_OR_MANY)
def test_full_answers_leave_nothing_to_ask(much: settings) -> None:
    much(given(cases(all_known=True))(full_answers_leave_nothing_to_ask))()


def full_answers_leave_nothing_to_ask(case: Case) -> None:
    for d in determined(case):
        note(repr(d))
        assert [m for m in d.missing if m.kind == "ask"] == []


def test_every_published_most_is_one_of_a_benefit_there_is() -> None:
    money = {rule.benefit.id for rule in engine().rules if "in_kind" not in rule.kinds}
    mine = {benefit for benefit in money if benefit.split(".")[0] in ("tztc", "zxqy", "ss", "yl")}
    assert mine == set(PUBLISHED_MOST)


# --- one case and a table -----------------------------------------------------------------------------------------


def same_as_a_table(rows: list[Case], on: date, past: list[tuple[Award, ...] | None] | None) -> None:
    """Status, kind and ends of every row of a table are those of the row on its own."""
    import numpy as np

    names = sorted({name for row in rows for name in row.values})
    columns = {
        name: (
            np.array([int(row.values.get(name, 0)) for row in rows], np.int64),
            np.array([name in row.values for row in rows]),
        )
        for name in names
    }
    if not names and past is None:
        return
    table = ColumnEngine(engine()).assess(columns, on, past)
    for index, row in enumerate(rows):
        single = conclude_all(engine(), Answers(on, row.values, past[index] if past is not None else None))
        for benefit, c in single.items():
            t = table[benefit]
            figure = None if t.figure[index] == NO_FIGURE else FIGURES[t.figure[index]]
            low, high = (None if end[index] == NO_END else int(end[index]) for end in (t.low, t.high))
            got = (STATUSES[t.status[index]], figure, low, high)
            assert got == ((c.status, c.figure, c.low, c.high) if c else ("unknown", None, None, None)), (benefit, row)


@pytest.mark.parametrize("much", [BROAD, pytest.param(LONG, marks=pytest.mark.exhaustive)], ids=["some", "many"])
def test_a_table_says_of_each_row_what_the_row_alone_says(much: settings) -> None:
    rows = st.lists(cases(), min_size=1, max_size=12)
    much(given(rows, st.dates(date(2024, 1, 1), LAST), st.data())(each_row_says_what_it_says_alone))()


def each_row_says_what_it_says_alone(rows: list[Case], on: date, data: st.DataObject) -> None:
    past = data.draw(st.none() | st.lists(st.none() | awards(), min_size=len(rows), max_size=len(rows)))
    same_as_a_table(rows, on, past)


@pytest.mark.exhaustive
def test_a_long_table_crosses_chunks_and_says_the_same() -> None:
    rnd = random.Random(11)
    facts = [fact for policy in pack().policies for fact in facts_of(policy)]
    rows = []
    for _ in range(20_000):
        known = rnd.random()
        values: dict[str, int | str] = {f.name: _random_value(f, rnd) for f in facts if rnd.random() < known}
        rows.append(Case("", date(2026, 3, 2), values, None))
    same_as_a_table(rows, date(2026, 3, 2), None)


def _random_value(fact: object, rnd: random.Random) -> int:
    from pinggu_desk.policy.quantity import Dim
    from tests.assess.generated import bounds_of

    assert isinstance(fact, Fact)
    least, most = fact.bounds
    match fact.dim:
        case Dim.TRUTH | Dim.OPTION:
            return rnd.randint(least, most)
        case Dim.DATE:
            return date(2025, 9, 1).toordinal() + rnd.randint(-1500, 400)
        case _:
            return rnd.choice((*bounds_of(fact.dim), rnd.randint(0, 2 * 10**9)))


def test_a_table_is_refused_in_one_sentence_when_it_does_not_fit() -> None:
    import numpy as np

    from pinggu_desk.policy.errors import BadInput

    table = ColumnEngine(engine())
    with pytest.raises(BadInput, match="“没有这一列”不是能参加测算的填报项"):
        table.assess({"没有这一列": np.array([1])}, LAST)
    with pytest.raises(BadInput, match="行数不一致（1、2）"):
        table.assess({"拟上市挂牌": np.array([1]), "职工人数": np.array([1, 2])}, LAST)
    assert table.assess({}, LAST)["tztc.fund"].status.shape == (0,)


# --- order of the pack ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("much", [BROAD, pytest.param(LONG, marks=pytest.mark.exhaustive)], ids=["some", "many"])
def test_the_order_of_policies_and_benefits_does_not_matter(much: settings) -> None:
    turned = replace(
        pack(),
        policies={
            key: replace(policy, benefits=policy.benefits[::-1], general=policy.general[::-1])
            for key, policy in reversed(pack().policies.items())
        },
        facts=dict(reversed(pack().facts.items())),
    )
    other = Engine(turned)

    @much
    @given(cases())
    def check(case: Case) -> None:
        there = {d.benefit: d for d in determine(other, case.answers())}
        for d in determined(case):
            e = there[d.benefit]
            assert outcome(d) == outcome(e)
            assert set(d.missing) == set(e.missing)
            assert set(d.trace) == set(e.trace) or d.status == "ineligible"

    check()


def test_spans_with_nothing_known_hold_everything() -> None:
    """Nothing known, on any day: each condition's and figure's span is as wide as the fact bounds allow, never crossed."""
    lowest = min(fact.bounds[0] for fact in pack().facts.values())  # a rate of growth may be below nought
    env: Env = engine().env(Answers(date(2026, 3, 2)))
    for rule in engine().rules:
        for node in rule.reach:
            low, high = rule.meaning.of(node)(env)
            assert lowest <= low <= high <= max(INF, date(2300, 1, 1).toordinal())
