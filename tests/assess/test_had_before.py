"""What was had before of the very same thing is told wherever the rule itself doesn't settle it, and never changes a figure."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, read_answers
from tests.assess.profiles import ON, engine

FAIR = {
    "未被取消扶持资格": "是", "本区工商注册": "是", "平谷区税务登记": "是", "进出口经营资格": "是", "外贸进出口纳入区统计": "是",
    "独立法人资格": "是", "合法经营": "是", "参加国际性展会": "是", "展会四类费用": "8万元", "连续两年获展会考察支持": "否",
}  # fmt: skip
ART = {"文旅商体项目": "是", "引领创新作用明显": "是", "申报主体性质": "企业法人", "获国家常设文艺奖项": "是"}
TITLE = {
    "知识产权申请主体": "企业", "本区工商注册": "是", "上年度获国家示范企业": "否", "上年度获国家优势企业": "是", "第一权利人": "是",
}  # fmt: skip


def came_to(benefit: str, facts: dict[str, Any], *awards: tuple[str, int, date]) -> Determination:
    """What one benefit comes to beside past awards (number, whole 元, day)."""
    past = [Award(name.partition(".")[0], name, yuan * 100, on) for name, yuan, on in awards]
    answers = Answers(ON, read_answers(engine().pack, facts), tuple(past))
    return next(d for d in determine(engine(), answers, [benefit.partition(".")[0]]) if d.benefit == benefit)


def told(d: Determination) -> list[str]:
    """Its notes that tell of the same thing had before."""
    return [note for note in d.notes if "已领取本项" in note]


@pytest.mark.parametrize("on", [ON.replace(month=1, day=5), ON.replace(year=ON.year - 3)])
def test_a_thing_without_any_limit_tells_when_it_was_had(on: date) -> None:
    """wltst.2.1.5a says neither once nor once a work: the department looks whether it is the same work."""
    before, after = came_to("wltst.art", ART), came_to("wltst.art", ART, ("wltst.art", 200_000, on))
    assert told(before) == [] and after.headline == before.headline and after.status == before.status == "eligible"
    day = f"{on.year}年{on.month}月{on.day}日"
    assert told(after) == [f"{day}已领取本项20万元：这次说的是同一事由的，能否再领由主管部门认定"]


def test_several_are_counted_and_the_last_is_named() -> None:
    had = [("wltst.art", 200_000, date(2025, 2, 3)), ("wltst.art", 100_000, date(2024, 2, 3))]
    (note,) = told(came_to("wltst.art", ART, *had))
    assert note.startswith("已领取本项2次，最近一次是2025年2月3日20万元：")


def test_a_ceiling_of_a_year_tells_what_was_had_within_it_only() -> None:
    """wzwm.2.2.2d: 本年度累计20万元 leaves room for the same fair twice; another year's fair is another fair."""
    assert told(came_to("wzwm.fair", FAIR, ("wzwm.fair", 40_000, ON.replace(month=1, day=5)))) != []
    assert told(came_to("wzwm.fair", FAIR, ("wzwm.fair", 40_000, ON.replace(year=ON.year - 1)))) == []


def test_what_the_rule_itself_settles_is_not_told_again() -> None:
    refused = came_to("zscq.national_strong", TITLE, ("zscq.national_strong", 100_000, date(2025, 2, 3)))
    assert refused.status == "ineligible" and told(refused) == []


def test_an_award_of_a_later_day_is_not_had_yet() -> None:
    """A case that is judged on a day before it (补办, 重算) stands as it stood on that day."""
    assert told(came_to("wltst.art", ART, ("wltst.art", 200_000, ON.replace(year=ON.year + 1)))) == []
    assert told(came_to("wltst.art", ART, ("wltst.facility", 200_000, date(2025, 2, 3)))) == []


def test_the_same_investment_under_the_same_policy_is_told_as_under_another() -> None:
    """zxqy.2.1, 2.2: one policy's two items for one investment; neither counts the other."""
    facts = {
        "位于平谷区内": "是", "申报主体类型": "实体中小企业", "符合北京市产业政策": "是", "独立法人资格": "是",
        "生产经营起始日": "2020-01-01", "财务管理制度健全规范": "是", "生产经营情况良好": "是", "会计信用良好": "是",
        "纳税信用良好": "是", "银行信用良好": "是", "符合专项资金支持方向": "是",
        "充分应用新一代信息技术": "是", "信息化投资总额": "200万元",
    }  # fmt: skip
    d = came_to("zxqy.informatisation", facts, ("zxqy.upgrade", 500_000, date(2025, 2, 3)))
    assert any("2025年2月3日已领取" in note and "50万元" in note for note in d.notes), d.notes
