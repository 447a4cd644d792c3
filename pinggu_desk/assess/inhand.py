"""In hand (在途) beside an answer: a caution, never a change of the figure, for nobody knows yet what will be granted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.notes import Elsewhere, InHand


def in_hand_of(benefit: str, on: date, elsewhere: Iterable[Elsewhere]) -> tuple[InHand, ...]:
    """What letters of the year of judgement told of a benefit."""
    return tuple(one for e in elsewhere for one in e.letters if one.benefit == benefit and one.on.year == on.year)


def beside(d: Determination, on: date, elsewhere: Iterable[Elsewhere]) -> Determination:
    """The determination with what is in hand for its benefit; the very same where nothing differs."""
    now = in_hand_of(d.benefit, on, elsewhere) if d.status != "ineligible" else ()
    if now == d.in_hand:
        return d
    before = {one.words for one in d.in_hand}
    return replace(d, in_hand=now, notes=(*(one.words for one in now), *(n for n in d.notes if n not in before)))
