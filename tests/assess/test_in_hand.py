"""在途 beside an answer: a caution on screen, paper and JSON; the figure stays what the clauses make it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pinggu_desk.assess.engine import Answers
from pinggu_desk.assess.inhand import beside
from pinggu_desk.assess.interview import Interview
from pinggu_desk.assess.match.match import Match
from pinggu_desk.assess.notes import Elsewhere, InHand
from tests.assess.profiles import ON, engine

LETTER = InHand("zxqy.interest", "PG-03-20260302-0001-01", date(ON.year, 3, 2), "03", 12_000_000)
SEEN = Elsewhere(frozenset(), LETTER.on, "", (LETTER,))


def test_the_answer_says_it_and_keeps_its_figure() -> None:
    plain = Interview(engine(), "zxqy", ON)
    told = Interview(engine(), "zxqy", ON, elsewhere=[SEEN])
    for before, after in zip(plain.determinations, told.determinations, strict=True):
        if before.benefit != LETTER.benefit:
            assert after.in_hand == () and after.notes == before.notes
            continue
        assert after.notes[0] == LETTER.words and after.notes[1:] == before.notes
        assert "在途" in LETTER.words and "PG-03-20260302-0001-01" in LETTER.words and "03号窗口" in LETTER.words
        assert "12.00 万元" in LETTER.words and "3月2日" in LETTER.words
        (json,) = after.to_json()["in_hand"]
        assert (json["serial"], json["amount_yuan"], json["window"]) == (LETTER.serial, "120000.00", "03")
        assert after.headline == before.headline and (after.min_fen, after.max_fen) == (before.min_fen, before.max_fen)
        assert beside(after, ON, ()) == before, "a letter that was withdrawn is told no more"


@pytest.mark.parametrize("year", [ON.year - 1, ON.year + 1])
def test_a_letter_of_another_year_is_no_matter(year: int) -> None:
    other = replace(LETTER, on=date(year, 3, 2))
    told = Interview(engine(), "zxqy", ON, elsewhere=[replace(SEEN, letters=(other,))])
    assert all(not d.in_hand for d in told.determinations)


def test_the_match_says_it_too() -> None:
    match = Match(engine(), Answers(ON, {}, None), elsewhere=[SEEN])
    assert match.determination(LETTER.benefit).in_hand == (LETTER,)
