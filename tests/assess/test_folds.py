"""Issue 10: what a wizard puts as one question rules nothing out, hides no main question, and stands in no two questions."""

from __future__ import annotations

from datetime import date

from pinggu_desk.assess.folds import MOST_OF_FORM
from pinggu_desk.assess.interview import Interview
from tests.assess.generated import engine


def test_confirming_what_is_put_together_rules_nothing_out_under_any_policy() -> None:
    seen = 0
    for policy in engine().pack.policies:
        interview = Interview(engine(), policy, date(2026, 4, 1))
        gates = {name for b in interview.benefits for name in engine().pack.matters.gates.get(b.id, ())}
        before = {d.benefit for d in interview.determinations if d.status == "ineligible"}
        folds = [fold for step in ("eligibility", "data") for fold in interview.folds(step)]
        names = [name for fold in folds for name, _ in fold.facts]
        assert len(names) == len(set(names)) and not gates & set(names)
        assert all(1 < len(fold.facts) <= MOST_OF_FORM and fold.open for fold in folds)
        assert not set(names) & set(interview.values), "putting the question answers nothing"
        for fold in folds:
            texts = {name: engine().pack.facts[name].show(plain) for name, plain in fold.facts}
            interview.set_many(texts)
        after = {d.benefit for d in interview.determinations if d.status == "ineligible"}
        assert after == before, (policy, after - before)
        seen += len(folds)
    assert seen > 20
