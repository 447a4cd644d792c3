"""FOUND 21: what is lacking of any-of-many names the nearest way, not the sum of all; what could matter stays whole."""

from __future__ import annotations

import random
from datetime import date

import pytest

from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers
from pinggu_desk.assess.nearest import lacking_words
from pinggu_desk.commands.listing import determination_lines
from pinggu_desk.documents.papers.common import short_of
from tests.assess.generated import engine, pack
from tests.assess.match.test_asking_order import value

ON = date(2026, 3, 2)


def found(benefit: str, **facts: int) -> Determination:
    policy = benefit.split(".", maxsplit=1)[0]
    return next(d for d in determine(engine(), Answers(ON, facts, []), [policy]) if d.benefit == benefit)


def asks(d: Determination) -> list[str]:
    return [m.name for m in d.missing if m.kind == "ask"]


@pytest.mark.parametrize("benefit", ["gzjzz.permit", "anju.queue"])
def test_of_many_ways_the_nearest_is_named_on_paper_and_in_a_terminal(benefit: str) -> None:
    d = found(benefit)
    assert 0 < len(d.nearest) < len(asks(d))
    rest = len(asks(d)) - len(d.nearest)
    words = lacking_words(d.nearest, asks(d))
    assert words == f"{'、'.join(d.nearest)}（按最接近的一种情形；其他情形还可能要 {rest} 项）"
    assert f"还缺：{words}" in short_of(d)
    assert any(words in line for line in determination_lines(pack(), d))
    assert d.to_json()["missing_nearest"] == list(d.nearest)
    assert {m["name"] for m in d.to_json()["missing"]} >= set(asks(d)), (
        "what could matter is still told whole to scripts"
    )


def test_the_nearest_way_changes_as_answers_come_in() -> None:
    rnd, known = random.Random(3), dict[str, int]()
    for _ in range(80):
        d = found("gzjzz.permit", **known)
        if d.status != "unknown" or not asks(d):
            break
        name = (d.nearest or asks(d))[0]
        assert name in asks(d) and name not in known
        known[name] = value(pack().facts[name], rnd)
    assert d.status != "unknown", "answering the nearest way alone comes to an answer"


def test_the_nearest_is_always_part_of_what_is_missing_and_never_empty_while_something_is() -> None:
    rnd = random.Random(11)
    for _ in range(3):
        facts = {
            fact.name: value(fact, rnd)
            for fact in pack().facts.values()
            if fact.dim.name != "TEXT" and rnd.random() < 0.5
        }
        for d in determine(engine(), Answers(ON, facts, []), list(pack().policies)):
            assert set(d.nearest) <= set(asks(d)), d.benefit
            assert len(d.nearest) < len(asks(d)) or not d.nearest, d.benefit


def test_one_way_is_named_whole() -> None:
    assert lacking_words((), ["甲", "乙"]) == "甲、乙"
    assert lacking_words(("乙",), ["甲", "乙", "丙"]) == "乙（按最接近的一种情形；其他情形还可能要 2 项）"
    assert lacking_words((), ["甲", "乙", "丙"], 2) == "甲、乙等 3 项"
