"""What papers say where time has run out, hasn't begun or is still counted, and where all is refused (FOUND 51, 52, 55, 73, 79)."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest

from pinggu_desk.assess.interview import Interview
from pinggu_desk.assess.materials import materials_words
from pinggu_desk.documents.assemble import assemble
from pinggu_desk.documents.papers.letter import letter_bytes
from pinggu_desk.documents.papers.notice import notice_bytes
from pinggu_desk.documents.papers.receipt import receipt_bytes
from pinggu_desk.documents.visit import Party, Visit
from tests.documents.paper_reader import Paper
from tests.policy.test_cases import the_engine, the_pack

PAPERS = (letter_bytes, notice_bytes, receipt_bytes)
#: a listed firm of which nothing but the day is in question
LISTED = {
    "本区工商注册": "是", "独立法人资格": "是", "纳入平谷区统计": "是", "拟上市挂牌": "否", "上市企业来源": "本区企业",
    "上市挂牌板块": "沪深交易所主板", "上市挂牌方式": "首次上市或挂牌",
}  # fmt: skip


def visit(policy: str, on: date, facts: dict[str, Any]) -> Visit:
    """A visit of a sample firm, judged on ``on`` and printed that day."""
    return assemble(
        the_engine(), Interview(the_engine(), policy, on, answers=facts, awards=[]),
        Party("示例桃源科技有限公司", "91110117MA0EXAMPL8"), printed_at=datetime(on.year, on.month, on.day, 9, 30),
        serial=None, clerk="示例", window="3号窗口", office="示例街道政务服务中心", practice=False,
    )  # fmt: skip


def said(make: Any, told: Visit) -> str:
    """A paper's words without white space."""
    return "".join(Paper(make(told)).text.split())


@pytest.mark.parametrize("make", PAPERS)
def test_a_paper_that_comes_too_late_says_that_and_nothing_against_it(make: Any) -> None:
    """FOUND 52: only the deadline fails, and the letter said that no deadline concerned anything."""
    told = visit("ss", date(2026, 6, 10), {**LISTED, "上市挂牌日": "2026-03-02"})
    (main,) = [d for d in told.determinations if d.title == "企业上市奖励"]
    assert main.status == "ineligible"
    assert main.failed[0].text.startswith("应在上市挂牌日后60个工作日内提出")
    text = said(make, told)
    assert "2026年5月28日，该期限已过" in text and "逾期视为自动放弃" in text
    assert "不涉及申请时限" not in text and "截止时间，按主管部门" not in text and "没有规定具体截止日期" not in text


@pytest.mark.parametrize("make", PAPERS)
def test_a_provisional_day_is_one_with_one_reason(make: Any) -> None:
    """FOUND 79: 暂计至2月23日 in the letter and 2月7日或以后 in the working."""
    told = visit("ss", date(2026, 11, 29), {**LISTED, "上市挂牌日": "2026-11-02"})
    text = said(make, told)
    days = set(re.findall("暂[按计][至]?(2027年[0-9]+月[0-9]+日)", text))
    assert len(days) == 1 and "或以后" not in text
    assert text.count("2027年放假安排尚未公布") >= 1 and "2026年放假安排" not in text


def test_a_listing_to_come_is_refused_with_its_reason_on_the_letter() -> None:
    """FOUND 73."""
    text = said(letter_bytes, visit("ss", date(2026, 4, 1), {**LISTED, "上市挂牌日": "2026-12-25"}))
    assert "上市挂牌日2026年12月25日，应不晚于判断日2026年4月1日，还没有到这一天" in text
    assert "该期限已过" not in text


def test_where_all_is_refused_the_form_and_the_year_s_notice_stand_all_the_same() -> None:
    """FOUND 51: nowhere that there is nothing to hand in; what every policy says, and one policy's three papers."""
    for policy in the_pack().policies.values():
        told = materials_words(policy, ())
        assert told.endswith("其他材料以当年申报通知为准。") and f"填《{policy.form_title}》" in told, policy.id
    told_all = visit("gxjs", date(2026, 4, 1), {"本区工商注册": "否"})
    assert all(d.status == "ineligible" for d in told_all.determinations)
    for make in PAPERS:
        text = said(make, told_all)
        assert "暂不需要提交材料" in text and "其他材料以当年申报通知为准" in text, make.__name__
        assert f"填《{the_pack().policies['gxjs'].form_title}》" in text
        assert "没有需要提交的材料" not in text and "没有列出的材料" not in text
    assert "没有符合条件的事项，目前没有需要补正的材料" in said(notice_bytes, told_all)


def test_every_policy_s_letter_names_a_number_to_call() -> None:
    """FOUND 55: what each policy is known to name; hgjh prints none of its own, and says whose it names."""
    for policy in the_pack().policies.values():
        words = " ".join(contact.text for contact in policy.contacts)
        assert re.search("[0-9]{7,8}", words), policy.id
    letter = said(letter_bytes, visit("hgjh", date(2026, 4, 1), {}))
    assert "咨询电话：本办法原文没有写" in letter and "010-69966799" in letter
