"""FOUND 32: a day of judgement that is not today is said on every paper, and nothing is counted from it as if it were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pypdfium2
import pytest

from pinggu_desk.assess.judged import deadline_seen, judged_words
from pinggu_desk.assess.notes import DeadlineNote
from pinggu_desk.documents.papers.checklist import checklist_bytes
from pinggu_desk.documents.papers.common import deadline_words
from pinggu_desk.documents.papers.fullworking import working_bytes
from pinggu_desk.documents.papers.letter import letter_bytes
from pinggu_desk.documents.papers.matchlist import match_list_bytes
from pinggu_desk.documents.papers.notice import notice_bytes
from pinggu_desk.documents.papers.receipt import receipt_bytes
from pinggu_desk.documents.visit import Visit
from tests.documents import match_samples
from tests.documents.paper_samples import TYPICAL

TODAY = TYPICAL.printed_at.date()
MAKERS: dict[str, Callable[[Visit], bytes]] = {
    "告知书": letter_bytes, "一次性告知书": notice_bytes, "回执": receipt_bytes, "材料清单": checklist_bytes,
    "测算明细": working_bytes,
}  # fmt: skip


def said(data: bytes) -> str:
    text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data))
    return "".join(text.split())


@pytest.mark.parametrize("paper", list(MAKERS))
def test_every_paper_names_another_day_of_judgement(paper: str) -> None:
    make = MAKERS[paper]
    assert "判断日是" not in said(make(TYPICAL))
    before = said(make(replace(TYPICAL, on=date(2026, 4, 1))))
    assert "判断日是2026年4月1日，不是今天" in before and "应按今天重新测算" in before
    after = said(make(replace(TYPICAL, on=date(2027, 4, 1))))
    assert "判断日是2027年4月1日，在今天" in after and "只供预估" in after


def test_the_match_s_list_names_it_too() -> None:
    of_today = match_samples.found({}, "单位", match_samples.FIRM, printed_at=datetime(2026, 4, 1, 9, 0))
    assert "判断日是" not in said(match_list_bytes(of_today))
    assert "判断日是2026年4月1日，不是今天" in said(
        match_list_bytes(match_samples.found({}, "单位", match_samples.FIRM))
    )


def note(day: date, *, passed: bool = False, left: int | None = 0) -> DeadlineNote:
    return DeadlineNote("上市后60个工作日内申请", day, False, passed, "ss.3.1a", "不予受理", left)


def test_a_deadline_is_told_against_the_real_day() -> None:
    """今天是最后一天 of a day in April is not said in November; what has passed since is."""
    april, may = date(2026, 4, 1), date(2026, 5, 1)
    same = note(april)
    assert deadline_seen(same, april, april) is same
    seen = deadline_seen(note(april), april, may)
    assert seen.days_left is None and "已过该日" in seen.today
    for words in (deadline_words(seen),):
        assert "还有0个工作日" not in words and "今天（2026年5月1日）已过该日" in words
    assert deadline_seen(note(may, left=20), april, may).today == "今天是最后一天"
    assert deadline_seen(note(date(2026, 6, 1), left=40), april, may).today == ""
    late = deadline_seen(note(april, passed=True, left=None), date(2026, 6, 1), april)
    assert late.today == "今天是最后一天" and late.passed


def test_today_says_nothing() -> None:
    assert judged_words(TODAY, TODAY) == ""
