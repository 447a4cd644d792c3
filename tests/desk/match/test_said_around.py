"""What 匹配 says around a question: why it is asked, by what this visitor came for; and, at the end, what is still open."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt

from pinggu_desk.assess.match.enquiry import Enquiry
from pinggu_desk.desk.match.kept import MATTERS
from pinggu_desk.desk.match.why import all_asked, reason
from pinggu_desk.policy.facts import PRIOR
from tests.assess.profiles import engine, example
from tests.desk.match.conftest import Enquirer

ON = date(2026, 4, 1)


def enquiry(*came: str, **said: str) -> Enquiry:
    made = Enquiry(engine(), ON, subject="单位", answers=said, mentioned=())
    made.mention(came)
    return made


def test_why_a_question_is_asked_names_only_what_the_visitor_came_for() -> None:
    """A foreign-owned firm was told that 本区工商注册 is about exhibition firms, of which nobody had spoken."""
    told = reason(enquiry("fdi", "fdi_cash", "fdi_ip"), "本区工商注册")
    assert told == "关系到 2 项：利用外资奖励（货币、实物出资）、利用外资奖励（知识产权出资）"


def test_whether_there_ever_was_an_award_is_never_said_to_matter_to_nothing() -> None:
    facts = {name: str(value) for name, value in example("wltst.lodging_interest").items() if "已贴息" not in name}
    made = enquiry("lodging", "lodging_loan", **facts)
    assert made.question is not None and made.question.fact == PRIOR
    assert reason(made, PRIOR) == "关系到 1 项：民俗户、乡村民宿等贷款利息补贴"


def test_what_was_passed_over_is_not_said_to_be_settled() -> None:
    made = enquiry("shows", "shows_sport", 品牌体育赛事级别="都不是")
    assert all_asked(made).startswith("没有要问的了")
    facts = {name: str(value) for name, value in example("wltst.event_world").items()}
    made = enquiry("shows", "shows_sport", **(facts | {"申报金额已审定": "否", "赛事审定投资额": ""}))
    made.pass_over(["赛事申报投资额"])
    assert made.question is None
    assert all_asked(made) == "都问过了，还空着：赛事申报投资额。知道以后在下面补填，结果会跟着变。"


def test_the_page_says_so_at_the_end(enquirer: Enquirer) -> None:
    facts = {name: value for name, value in example("wltst.event_world").items() if name != "赛事审定投资额"}
    page = enquirer.begin(facts | {"申报金额已审定": "否", MATTERS: "shows、shows_sport"})
    assert page.asking.name == "赛事申报投资额"
    enquirer.desk.key(Qt.Key.Key_Return)
    assert page.asking.name == "" and page.asking._done.isVisible()
    assert "赛事申报投资额" in page.asking._done.text()
    assert page.list.hasFocus(), "the keys go to what came of it, and no list opens over what is said"
    assert not page.asking.other.inputs()[0].hasFocus()
