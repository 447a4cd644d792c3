"""What a near miss (差一点) or a step up (再进一步) is told to be worth: what the best bundle grows by, never more."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.engine import Answers, read_answers
from pinggu_desk.assess.match.bundle import SUMMED
from pinggu_desk.assess.match.match import Match
from pinggu_desk.assess.match.report import match_json
from pinggu_desk.policy.models import KIND_CODES
from tests.assess.generated import QUICK
from tests.assess.profiles import ON, WAN, engine, every_example, example, match_of

#: 900万元 of research, 100万元 before 80万元 in place of 45万元, beside a test base (中试基地) whose investment is the same money
BASE = {**example("zsjd.construction"), **example("gjj.rd_subsidy"), "研发项目投资额": "900万元"}
#: 400万美元 in cash, 100万美元 before 10万元, beside 5万元 for what came as rights: one yearly limit (100万元) over both
INVESTOR = {**example("wzwm.fdi_cash"), "货币实物到位外资": "400万美元", "知识产权出资评估价值": "500万美元"}


def test_a_step_of_what_is_given_up_for_another_adds_only_the_difference() -> None:
    """The base comes to 60万元 and is had in place of 45万元; 80万元 in its place are 20万元 more, not 35."""
    match = match_of({**BASE, "中试基地建设投资额": "200万元"})
    assert match.steps["gjj.rd_subsidy"].gain_fen == 35 * WAN
    assert match.gains.of("gjj.rd_subsidy").fen == 20 * WAN
    assert match.gains.of("gjj.rd_subsidy").words == "同另一项只取其一，合计只多20万元"


def test_a_step_that_is_still_given_up_adds_nothing_and_says_so() -> None:
    match = match_of({**BASE, "中试基地建设投资额": "1500万元"})
    assert match.gains.of("gjj.rd_subsidy").fen == 0
    assert match.gains.of("gjj.rd_subsidy").words == "同另一项只取其一，合计不增加"


def test_a_step_with_nothing_beside_it_is_told_in_full() -> None:
    match = match_of({**example("gjj.rd_subsidy"), "研发项目投资额": "900万元"})
    assert match.gains.of("gjj.rd_subsidy").words == "多35万元"


def test_a_near_miss_under_a_joint_limit_adds_what_the_limit_leaves() -> None:
    """92万元 of 100万元 were had this year and 5万元 can be had: 3万元 are left for what comes to 8万元 by itself."""
    match = match_of({**INVESTOR, "本年度已领外资扶持": "92万元"})
    assert match.near["wzwm.fdi_cash"].gain_fen == 8 * WAN
    assert match.gains.of("wzwm.fdi_cash").fen == 3 * WAN
    assert match.gains.of("wzwm.fdi_cash").note == "受限额约束，合计只多3万元"
    (told,) = (one for one in match_json(match)["near_misses"] if one["benefit"] == "wzwm.fdi_cash")
    assert (told["gain_yuan"], told["gain_note"]) == ("30000.00", "受限额约束，合计只多3万元")


def test_where_the_limit_leaves_nothing_the_total_does_not_grow() -> None:
    match = match_of({**INVESTOR, "本年度已领外资扶持": "95万元"})
    assert match.gains.of("wzwm.fdi_cash").words == "受限额约束，合计不增加"


def test_waiting_is_told_by_the_limits_of_the_day_that_is_waited_for() -> None:
    """All 100万元 of this year were had; from 1 January what is waited for is there in full."""
    facts = {k: v for k, v in example("wzwm.fdi_cash").items() if k != "本年度已领外资扶持"}
    match = match_of(facts, [Award("wzwm", "fdi_cash", 100 * WAN, date(2026, 2, 1))])
    change = match.near["wzwm.fdi_cash"]
    assert change.day == date(2027, 1, 1)
    assert match.gains.of("wzwm.fdi_cash").fen == change.gain_fen


@QUICK
@given(st.data())
def test_after_the_change_the_total_has_grown_by_what_was_told(data: st.DataObject) -> None:
    facts: dict[str, Any] = {}
    for one in data.draw(st.lists(st.sampled_from(every_example()), min_size=1, max_size=4)):
        facts |= one
    values = read_answers(engine().pack, facts)
    match = Match(engine(), Answers(ON, values, None))
    for benefit, change in [*match.near.items(), *match.steps.items()]:
        gain = match.gains.of(benefit)
        assert (gain.fen or 0) <= (change.gain_fen or 0)
        if not gain.fen or change.target is None or change.status != "eligible":
            continue
        then = match.updated(Answers(ON, {**values, change.fact: change.target}, None))
        after = then.concluded[benefit]
        if KIND_CODES[match.rules[benefit].benefit.kind] in SUMMED and after.figure in ("computed", "up_to"):
            grown = then.bundle.total_fen - match.bundle.total_fen
            grown += 0 if after.exact else then.bundle.ceilings_fen - match.bundle.ceilings_fen
            assert grown >= gain.fen
