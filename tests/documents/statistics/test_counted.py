"""What a paper counts of each sum adds up to what it tells may be had together: nothing twice, what is given up as nought."""

from __future__ import annotations

import pytest

from pinggu_desk.assess.match.bundle import SUMMED
from pinggu_desk.assess.match.bundled import Bundle, Cut, Kept
from pinggu_desk.documents.together import counted_json, counted_of
from tests.documents.match_samples import SAMPLES, sample


@pytest.mark.parametrize("name", SAMPLES)
def test_what_a_match_counts_is_its_best_bundle(name: str) -> None:
    found = sample(name)
    bundle = found.match.bundle
    counted = dict(counted_of(bundle))
    sure = {k.benefit for k in bundle.kept if k.fen is not None and k.kind in SUMMED}
    assert sum(fen for benefit, fen in counted.items() if benefit in sure) == bundle.total_fen
    assert sum(fen for benefit, fen in counted.items() if benefit not in sure) == bundle.ceilings_fen
    assert all(counted[lost.benefit] == 0 for lost in bundle.given_up)
    stated = {d["benefit"]: d for d in counted_json(found.visit, bundle)}
    assert {b for b, d in stated.items() if d.get("not_raised")} <= {one.benefit for one in found.visit.not_raised}
    assert all("counted_yuan" not in d for d in stated.values() if d["status"] != "eligible")


def kept(benefit: str, fen: int) -> Kept:
    return Kept(benefit, benefit, "", "grant", "企业", "computed", fen, fen, fen, None)


def test_what_a_joint_limit_cuts_off_is_taken_from_the_last_that_it_binds() -> None:
    cut = Cut("限额", "c", ("a", "b"), 900, 500)
    bundle = Bundle((kept("a", 300), kept("b", 600), kept("c", 50)), (), (cut,), 550, {}, 550, 0, 0, (), (), (), (), ())
    assert dict(counted_of(bundle)) == {"a": 300, "b": 200, "c": 50}


def most(benefit: str, fen: int) -> Kept:
    return Kept(benefit, benefit, "", "grant", "企业", "up_to", None, 0, fen, None)


def test_what_a_joint_limit_cuts_off_of_ceilings_is_taken_from_the_last_that_it_binds() -> None:
    cut = Cut("限额", "c", ("a", "b"), 1000, 500)
    bundle = Bundle((most("a", 500), most("b", 500), most("c", 50)), (), (cut,), 0, {}, 0, 550, 550, (), (), (), (), ())
    assert dict(counted_of(bundle)) == {"a": 500, "b": 0, "c": 50}
