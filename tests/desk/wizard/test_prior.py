"""FOUND 33: that nothing is known of past awards is no nought; whether there ever was one is asked once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pytest

from pinggu_desk.assess.engine import Answers, read_answers
from pinggu_desk.assess.interview import Interview
from pinggu_desk.assess.match.match import Match
from pinggu_desk.desk.wizard.record import interview_of, read_case
from pinggu_desk.documents.assemble import assemble
from pinggu_desk.documents.visit import Party
from pinggu_desk.policy.facts import NEVER, PRIOR
from pinggu_desk.register import Register, passwords
from tests import bundled

SECRET = "Sample-2024"  # noqa: S105  of a register that lives as long as a test
ON = date(2026, 3, 2)
LISTED = {
    "本区工商注册": "是", "独立法人资格": "是", "纳入平谷区统计": "是", "上市企业来源": "本区企业", "上市挂牌板块": "北交所",
    "上市挂牌方式": "首次上市或挂牌", "上市挂牌日": "20260105", "拟上市挂牌": "否",
}  # fmt: skip
ENGINE = bundled.engine()


def papers(interview: Interview) -> Mapping[str, str]:
    visit = assemble(
        ENGINE, interview, Party("示例甲公司"), printed_at=datetime(2026, 3, 2), serial=None, clerk="", window="",
        office="", practice=False,
    )  # fmt: skip
    return {one.name: f"{one.value}（{one.source}）" for one in visit.stated}


def test_an_applicant_just_registered_has_no_nought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COST", (1, 8, 1))
    register, _ = Register.create(tmp_path / "库", clerk_no="01", clerk_name="示例", password=SECRET)
    who = register.add_applicant("企业", "示例甲公司")
    case = register.open_case("ss", "v", applicant_id=who.id, on=ON)
    for name, text in LISTED.items():
        register.set_answer(case.id, name, text)
    interview = interview_of(ENGINE, read_case(register, case.id))
    assert interview.next_question() == PRIOR, "asked once, before any one award"
    assert not any("0元" in words for words in papers(interview).values())
    register.set_answer(case.id, PRIOR, "否")
    again = interview_of(ENGINE, read_case(register, case.id))
    assert PRIOR not in again._needed and again.next_question() != PRIOR
    told = papers(again)
    assert all("申请人陈述" not in words for words in told.values() if words.startswith("0元")), told
    assert any(NEVER in words for words in told.values()) or not any(w.startswith("0元") for w in told.values())
    register.add_award(who.id, "ss", "neeq", 100_0000_00, date(2025, 5, 1))
    known = interview_of(ENGINE, read_case(register, case.id))
    assert known.field("已领上市挂牌奖励").shown == "100万元", "what the register knows counts before what was said"
    register.close()


def test_a_match_asks_it_before_any_one_award() -> None:
    values = read_answers(ENGINE.pack, LISTED)
    never = Match(ENGINE, Answers(ON, {**values, PRIOR: 0}))
    listed = Match(ENGINE, Answers(ON, values, ()))
    assert never.concluded == listed.concluded, "never means none"
    assert Match(ENGINE, Answers(ON, {**values, PRIOR: 1})).concluded == Match(ENGINE, Answers(ON, values)).concluded
