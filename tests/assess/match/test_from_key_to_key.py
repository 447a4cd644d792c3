"""What one key leaves as it was is taken over, not worked out again: a walk of keys ends where an enquiry begun afresh does."""

from __future__ import annotations

import random

import pytest

from pinggu_desk.assess.match.enquiry import Enquiry
from tests.assess.generated import engine, pack
from tests.assess.match.test_asking_order import value
from tests.assess.match.test_found_choices import PAIRS, both
from tests.assess.match.test_match import MANUFACTURER
from tests.assess.profiles import ON

_KEYS = 30


def told(enquiry: Enquiry) -> dict[str, object]:
    """All that the screen shows of it."""
    match = enquiry.match
    return {
        "groups": match.groups, "near": match.near, "steps": match.steps, "bundle": match.bundle,
        "subject": match.wrong_subject, "known": {one.name: one for one in enquiry.known()},
        "sums": {i: match.determination(i).headline for i in match.groups["eligible"]},
    }  # fmt: skip


@pytest.mark.parametrize("mentioned", [None, frozenset({"equipment", "hitech_title", "housing_graduate", "events"})])
def test_a_walk_of_keys_ends_where_one_begun_afresh_does(mentioned: frozenset[str] | None) -> None:
    rnd, facts = random.Random(f"walk {mentioned is None}"), pack().facts
    beside = [
        name for one in pack().overlaps for name in (one.same, *one.when) if name
    ]  # what only the bundle looks at
    enquiry = Enquiry(engine(), ON, mentioned=mentioned, awards=())
    for name, text in MANUFACTURER.items():
        enquiry.set(name, str(text))
    for key in range(_KEYS):
        if key % 5 == 4:  # something is taken back
            name, text = rnd.choice(sorted(enquiry.answers)), ""
        else:
            among = (
                beside if key % 5 == 1 else list(pack().matters.who) if key % 5 == 2 else [*enquiry.match.needed][:40]
            )
            name = rnd.choice(among)
            fact = facts[name]
            text = "不是数" if key % 7 == 6 else "示例" if fact.kind == "文本" else fact.show(value(fact, rnd))
        enquiry.set(name, text)
        fresh = Enquiry(engine(), ON, mentioned=mentioned, awards=(), answers=enquiry.answers)
        now, afresh = told(enquiry), told(fresh)
        assert [what for what in now if now[what] != afresh[what]] == [], (key, name, text)


def test_what_only_overlaps_ask_is_not_overlooked_where_the_bundle_is_taken_over() -> None:
    """FOUND 83: whether it is one loan changes no conclusion, and the bundle all the same."""
    one, other, fact = PAIRS[0]
    enquiry = Enquiry(engine(), ON, awards=())
    for name, said in both(one, other).items():
        enquiry.set(name, str(said) if not isinstance(said, bool) else "是" if said else "否")
    for text in ("是", "否", "", "否", "是"):
        enquiry.set(fact, text)
        kept = {k.benefit for k in enquiry.match.bundle.kept}
        assert ({one, other} <= kept) is (text == "否"), text
    before = enquiry.match.bundle
    enquiry.set("联系人", "示例")
    assert enquiry.match.bundle is before, "what nothing rests on leaves it as it is"
