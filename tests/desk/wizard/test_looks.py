"""On every step, in both themes and all sizes: everything has a name, no word is cut, deadlines are said rightly."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pinggu_desk.assess.notes import DeadlineNote
from pinggu_desk.desk.theme import Mode, Size
from pinggu_desk.desk.wizard.phrases import deadline
from tests.desk.test_every_page import LONG, LOOKS, cut, nameless, spilled
from tests.desk.wizard.conftest import LEAVING, LISTED, SOUND_SME, Work

STATES = {
    "ss": LISTED | {"本区工商注册": "是"},
    "zxqy": SOUND_SME | {"技改项目类别": "企业技术创新", "技改固定资产投资": "500", "技改设备投资": "400", "技改基建投资": "200"},
    "tztc": LEAVING,
    "yl": {"平谷区服务包企业": "是", "高级别管理人员": "是"},
}  # fmt: skip


@pytest.mark.parametrize(("mode", "size"), LOOKS)
def test_everything_has_a_name_and_no_word_is_cut(work: Work, mode: Mode, size: Size) -> None:
    long = work.register().add_applicant("企业", LONG, address="示例镇" * 30, sample=True)
    work.desk.services.settings.change(mode=mode, size=size)
    work.desk.window.resize(1366, 768)
    wrong = {}
    for policy, answers in STATES.items():
        page = work.begin(policy, answers, applicant=long.id)
        for key in page.steps:
            page.open_step(key)
            work.desk.settle()
            frame = work.desk.frame
            if found := nameless(frame) + cut(frame) + spilled(frame):
                wrong[policy, key] = found
    assert wrong == {}
    assert (work.desk.window.width(), work.desk.window.height()) == (1366, 768)


NOTE = DeadlineNote(
    "自上市挂牌日起60个工作日内（起算日不计入）", date(2026, 3, 5), False, False, "ss.3.1a", "视为自动放弃", 20
)


@pytest.mark.parametrize(
    ("note", "kind", "said"),
    [
        (NOTE, "plain", "还有 20 个工作日"),
        (replace(NOTE, days_left=3), "warn", "只剩 3 个工作日"),
        (replace(NOTE, days_left=0), "warn", "今天是最后一天"),
        (replace(NOTE, passed=True, days_left=None), "bad", "期限已过"),
        (
            replace(NOTE, provisional=True, days_left=None, pending="2027年放假安排尚未公布"),
            "info",
            "2027年放假安排尚未公布，节假日安排以国务院办公厅公布为准",
        ),
        (replace(NOTE, day=None, passed=None, days_left=None), "plain", "60个工作日"),
    ],
)
def test_a_deadline_is_said_as_loudly_as_it_is_near(note: DeadlineNote, kind: str, said: str) -> None:
    how, words = deadline(note)
    assert how == kind and said in words and "视为自动放弃" in words
    if note.day is not None:
        assert "2026年3月5日" in words


def test_another_size_keeps_focus_and_text_and_lets_go_of_forms_out_of_sight(work: Work) -> None:
    """Issue 11: under 0.3 s with a case open, so only what is in sight is dressed; the rest is made when it is wanted."""
    page = work.begin("ss")
    page.open_step("eligibility")
    page.open_step("data")
    here = work.desk.focus
    page.session.flush()
    before = page.session.interview.answers.copy()
    work.desk.services.settings.change(size="大")
    work.desk.settle()
    assert work.desk.focus is here
    assert set(page.steps.made) & {"eligibility", "data"} == {"data"}
    assert page.session.interview.answers == before
    page.open_step("eligibility")
    assert page.stack.currentWidget() is page.steps["eligibility"]
