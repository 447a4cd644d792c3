"""Facts first, verdicts when they would decide (FOUND 16, 9); what no longer matters is not stated on paper (FOUND 43)."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

import pytest

from pinggu_desk.assess.determine import conclude_all, determine
from pinggu_desk.assess.engine import Answers, Engine, read_answers
from pinggu_desk.assess.interview import VERDICTS, Interview
from pinggu_desk.assess.matters import rested_on, stale
from pinggu_desk.documents.assemble import assemble
from pinggu_desk.documents.visit import Party
from pinggu_desk.policy.cases import load_cases
from pinggu_desk.policy.district import here
from tests import bundled

ON = date(2026, 4, 1)


@cache
def engine() -> Engine:
    return bundled.engine()


def test_no_verdict_is_named_while_a_fact_is_open() -> None:
    """FOUND 16, over every benefit of the pack with nothing known: the authority is not asked before the applicant was."""
    for d in determine(engine(), Answers(ON)):
        kinds = {m.kind for m in d.missing}
        assert not {"ask", "verdict"} <= kinds, d.title


def test_a_verdict_that_was_given_can_be_entered() -> None:
    """FOUND 9: what an authority decides is offered once it would decide, apart from the questions, and is never a question left."""
    for policy in engine().pack.policies:
        interview = Interview(engine(), policy, ON)
        asked = {name for rule in engine().rules_of(policy) for name in rule.asks}
        decided = {name for name in asked if engine().pack.facts[name].decided_by}
        views = {view.fact.name: view for view in (*interview.fields("eligibility"), *interview.fields("data"))}
        assert decided <= set(views), policy
        for name in decided:
            assert views[name].group == VERDICTS
            assert views[name].state in ("later", "waiting")


@pytest.mark.parametrize("policy", here().order)
def test_what_no_longer_matters_can_be_left_out(policy: str) -> None:
    """FOUND 43, over every worked example: without the answers that are not printed, every answer is the same."""
    dropped = 0
    for case in load_cases(engine().pack, policy).cases:
        if case.parameters:
            continue
        given = {k: v.isoformat() if isinstance(v, date) else v for k, v in case.facts.items()}
        answers = Answers(case.on or ON, read_answers(engine().pack, given), None)
        gone = stale(engine().rules_of(policy), engine().env(answers), answers.values)
        dropped += len(gone)
        left = {name: value for name, value in answers.values.items() if name not in gone}
        assert conclude_all(engine(), answers, [policy]) == conclude_all(
            engine(), Answers(answers.on, left, None), [policy]
        ), (case.says, gone)
    assert dropped or policy in ("wltst", "yl", "jqzc", "tztc", "gxjs", "hs", "gzjzz"), "nothing was ever left out"


def visit_of(policy: str, facts: dict[str, str]) -> set[str]:
    interview = Interview(engine(), policy, ON, answers=facts, awards=())
    visit = assemble(
        engine(), interview, Party("示例单位"), printed_at=datetime(2026, 4, 1, 9), serial=None, clerk="", window="",
        office="", practice=False,
    )  # fmt: skip
    assert set(visit.values) >= {one.name for one in visit.stated if one.name in facts}
    return {one.name for one in visit.stated}


def test_a_detail_whose_main_question_was_taken_back_is_not_printed() -> None:
    """FOUND 43: the board and the day of a listing, after the clerk has said that there is none."""
    listed = {"上市挂牌板块": "北交所", "上市挂牌方式": "首次上市或挂牌", "上市挂牌日": "2026-02-10"}
    told = visit_of("ss", {"本区工商注册": "是", "上市企业来源": "本区企业", **listed})
    assert set(listed) <= told
    told = visit_of(
        "ss", {"本区工商注册": "是", "上市企业来源": "本区企业", **listed, "上市挂牌板块": "其他或尚未上市挂牌"}
    )
    assert not {"上市挂牌方式", "上市挂牌日"} & told


def test_the_rules_of_a_refused_benefit_rest_on_what_refuses_it() -> None:
    answers = Answers(ON, read_answers(engine().pack, {"本区工商注册": "否", "上市挂牌板块": "北交所"}), ())
    used = rested_on(engine().rules_of("ss"), engine().env(answers))
    assert "本区工商注册" in used
