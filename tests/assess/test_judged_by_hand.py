"""Applicants worked by hand from the text alone: what is *said* beside their answers, where it was wrong.

Statuses and figures stand in each policy's ``cases.yaml``.
"""

from __future__ import annotations

import pytest

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.determination import Determination
from tests.assess.test_found_a_texts_c import ON, example, found, tells


def lines(d: Determination, words: str) -> list[str]:
    """The lines of its working that say ``words``."""
    return [line.text for line in d.trace if words in line.text]


def test_an_option_that_only_waits_for_somebody_is_not_what_the_clause_asks() -> None:
    """zsjd.2.3 asks for 合格; 尚未评价 is no alternative to it, only a reason to wait."""
    d = found("zsjd", example("zsjd.performance", 年度绩效评价结果="不合格"))["performance"]
    assert d.ground_line == "年度绩效评价结果：不合格，本项要求合格"
    waiting = found("zsjd", example("zsjd.performance", 年度绩效评价结果="尚未评价"))["performance"]
    assert waiting.status == "review"


def test_a_reading_that_cannot_turn_a_refusal_is_not_told_beside_it() -> None:
    """FOUND 19: whoever is barred from support (wzwm.4b) stays so however the cost of his fair is counted."""
    facts = example("wzwm.fair", 展会四类费用="2万元", 本年度已领展会考察支持="0元", 本年度已领外资外贸扶持="0元")
    assert "wzwm.project_costs" in tells(found("wzwm", facts)["fair"])
    barred = found("wzwm", {**facts, "未被取消扶持资格": "否"})["fair"]
    assert barred.status == "ineligible" and tells(barred) == []
    # bys.6d: nobody who won nothing is helped by another reading of 平谷籍
    won = example("bys.contest", 本区户籍="否")
    assert "bys.registered" in tells(found("bys", won)["contest"])
    assert tells(found("bys", {**won, "创新创业大赛获奖": "否"})["contest"]) == []


@pytest.mark.parametrize(("benefit", "facts"), [
    ("jsq.entry", {"入驻加速器办公面积": "2000.01平方米", "入驻加速器空间面积": "2500平方米"}),
    ("rcst.academician", {"院士本人": "是", "建有院士专家工作站": "否"}),
])  # fmt: skip
def test_ways_that_only_an_authority_can_open_wait_for_it_and_not_for_more_answers(
    benefit: str, facts: dict[str, str]
) -> None:
    policy, code = benefit.split(".")
    d = found(policy, example(benefit, **facts))[code]
    assert d.status == "review"
    (line,) = lines(d, "以下之一即可")
    assert "认定" in line and "待补充" not in line
    assert line.endswith("：待认定")


def test_a_demand_that_may_not_bind_is_not_shown_as_failed() -> None:
    """wzwm.2.2.2e binds only who was supported two years in a row: while that is unknown nothing has failed."""
    facts = example("wzwm.fair", 已有出口业绩="否")
    del facts["连续两年获展会考察支持"]
    d = found("wzwm", facts)["fair"]
    assert d.status == "unknown" and next(m.name for m in d.missing if m.kind == "ask") == "连续两年获展会考察支持"
    assert not [line for line in d.trace if line.mark == "fails"]
    (line,) = lines(d, "出口业绩")
    assert "连续两年获展会考察支持" in line and line.endswith("：待补充")
    bound = found("wzwm", {**facts, "连续两年获展会考察支持": "是"})["fair"]
    assert bound.ground_line == "尚没有出口业绩，本项要求已有出口业绩"


def test_a_ceiling_is_said_as_it_applies_here() -> None:
    """zscq.2.4a: who was never paid before has a plain 10万元; what would hold otherwise is no part of his working."""
    facts = example("zscq.litigation")
    (line,) = lines(found("zscq", facts, awards=[])["litigation"], "上限")
    assert line == "未超过上限10万元"
    paid = [Award("zscq", "zscq.litigation", 2_000_000, ON.replace(month=1, day=5))]
    (line,) = lines(found("zscq", facts, awards=paid)["litigation"], "上限")
    assert line.startswith("未超过上限8万元（")


def test_a_case_that_may_have_been_supported_before_is_looked_at() -> None:
    """zscq.2.4a caps what one unit gets and says nothing of the same case twice."""
    facts = {name: value for name, value in example("zscq.litigation").items() if "已领维权支持" not in name}
    paid = [Award("zscq", "zscq.litigation", 2_000_000, ON.replace(year=ON.year - 1))]
    assert any("同一案件" in note for note in found("zscq", facts, awards=paid)["litigation"].notes)
    assert not any("同一案件" in note for note in found("zscq", facts, awards=[])["litigation"].notes)
