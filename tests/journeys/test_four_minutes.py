"""Five visitors told in prose, each from F2 to the previewed paper in a real window, by keyboard, with the keys counted.

What a visitor doesn't know is left empty (Enter); what nobody mentioned stays 来访未涉及. The most that
each may take is what it took when it was looked at, with a little room.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pinggu_desk.desk.match.page import MatchPage
from pinggu_desk.desk.rehearsal import Hands, in_front
from pinggu_desk.policy.quantity import Dim
from tests.assess.profiles import example
from tests.documents.paper_reader import Paper
from tests.journeys.conftest import Open

ENTER = Qt.Key.Key_Return


@dataclass(frozen=True)
class Told:
    """A visitor in prose: by which letters found, what is ticked, which worked examples hold, what else is so, what comes of it."""

    prose: str
    found: str
    ticks: tuple[str, ...]
    examples: tuple[str, ...]
    facts: Mapping[str, str]
    has: tuple[str, ...]
    most: int
    code: str = ""  # of one who was never here: then ``found`` is the name


VISITORS = {
    "exporter": Told(
        "装备厂做出口，今年去国际展会摆了展位，上年度还锁了汇", "slzbzz", ("gjzh", "whtq"),
        ("wzwm.hedge", "wzwm.fair"), {}, ("wzwm.fair", "wzwm.hedge"), 33,
    ),
    "homestay": Told(
        "从没来过的村合作社（N 开头的代码）新盖了一处精品民宿，申报金额还没有审定", "示例村股份经济合作社", ("jpms",),
        ("wltst.homestay",), {"申报金额已审定": "否", "精品民宿审定投资额": ""}, (), 65, "N2110117MF0123456B",
    ),
    "biotech": Told(
        "生物公司准备上市，拿专利质押贷了款，设了博士后工作站", "slgdny", ("zbss", "zyd", "bshgzz"),
        ("bsh.station_grant", "zscq.pledge", "ss.coaching"), {}, ("ss.coaching", "zscq.pledge", "bsh.station_grant"), 48,
    ),
    "graduate": Told(
        "毕业后回平谷工作，已成家，想租人才公寓，配偶要找工作", "slsqrj", ("dxbys", "poz"),
        ("anju.couple_both",), {"配偶需要就业": "是"}, ("anju.couple_both",), 47,
    ),
    "expert": Told(
        "外籍专家兼职来平谷，已聘为特聘顾问", "slsqrj", ("ypwzj",),
        ("rxyc.adviser",), {}, ("rxyc.adviser",), 27,
    ),
}  # fmt: skip


def triage(hands: Hands, told: Told) -> MatchPage:
    """F2, the applicant by initials, F10, the matters by initials, Enter."""
    frame = hands.window.frame
    assert frame is not None
    hands.press(Qt.Key.Key_F2)
    new: Any = frame.page("新办")
    hands.wait(lambda: id(frame.current()) == id(new) and QApplication.focusWidget() is new.line, "no new case")
    hands.type(told.found)
    if told.code:
        register(hands, new, told)
    else:
        hands.wait(lambda: bool(new.results.hits()), f"{told.found} is not found")
        hands.press(ENTER)
    hands.wait(lambda: bool(new.policies.isVisible()), "no choice of policy")
    hands.press(Qt.Key.Key_F10)
    page = cast(MatchPage, frame.page("匹配"))
    hands.wait(lambda: frame.current() is page and page.triage.line.hasFocus(), "no 来访先问")
    for tick in told.ticks:
        hands.type(tick)
        assert page.triage._hits(tick), f"{tick} finds no matter"
        hands.press(ENTER)
    hands.press(ENTER)
    hands.wait(lambda: page.stack.currentIndex() == 0, "no questions")
    return page


def register(hands: Hands, new: Any, told: Told) -> None:
    """F3 and the form: the name stands, the code is typed, the rest is left for later."""
    hands.press(Qt.Key.Key_F3)
    form = new.form
    hands.wait(lambda: bool(form.isVisible()) and form.isAncestorOf(hands.focus), "no form")
    for _ in range(12):
        if new.policies.isVisible():
            return
        if hands.focus in form.code.inputs() and not form.code.text():
            hands.type(told.code)
        hands.press(ENTER)
        QTest.qWait(20)


def answers(told: Told) -> dict[str, str]:
    """What is so for a visitor, as it would be typed."""
    said: dict[str, str] = {}
    for one in told.examples:
        said |= {name: str(value) for name, value in example(one).items()}
    return {**said, **told.facts}


def ask_on(hands: Hands, page: MatchPage, said: Mapping[str, str]) -> int:
    """Answer whatever is asked, to the end; how many questions there were."""
    facts = page.session.services.pack.facts
    for count in range(60):
        name = page.asking.name
        if page.asking.fold.isVisible():
            for at, (fact, plain) in enumerate(page.session.enquiry.fold.facts if page.session.enquiry.fold else ()):
                wanted = said.get(fact, facts[fact].show(plain))
                if wanted in ("是", "否") and wanted != facts[fact].show(plain):
                    hands.type(str(at + 1))
            hands.press(ENTER)
        elif not name:
            return count
        else:
            one = facts[name]
            text = said.get(name, "否" if name == "以前领过奖励补贴" else "")
            if text and one.dim is Dim.TRUTH:
                hands.type("1" if text == "是" else "2")
                continue
            if text and one.dim is Dim.OPTION and len(one.options) < 10:
                hands.type(str([option.name for option in one.options].index(text) + 1))
            elif text:
                hands.type(text.removesuffix(one.input_unit))
            hands.press(ENTER)
            if page.asking.name == name:  # the Enter behind a Yes or No was the habit's
                hands.press(ENTER)
        QTest.qWait(0)
    raise AssertionError("the questions do not end")


@pytest.mark.usefixtures("quick_passwords")
@pytest.mark.parametrize("who", VISITORS)
def test_a_visitor_is_served_in_four_minutes(who: str, open_desk: Open, tmp_path: Path) -> None:
    told = VISITORS[who]
    opened, _ = open_desk(tmp_path / "practice")
    hands = opened
    hands.keys = 0
    page = triage(hands, told)
    before = page.session.enquiry.left
    asked = ask_on(hands, page, answers(told))
    match = page.session.enquiry.match
    assert page.session.enquiry.left == 0 or before == 0
    for benefit in told.has:
        assert benefit in match.groups["eligible"], (
            benefit,
            match.concluded[benefit].status,
            match.determination(benefit).lacking(),
        )
    assert "否" not in {
        text
        for name, text in page.session.enquiry.answers.items()
        if name not in answers(told) and name != "以前领过奖励补贴"
    }, "nobody's silence became a No"
    assert len(match.groups["not_raised"]) > 50
    hands.press(Qt.Key.Key_F9)
    hand = page.hand
    hands.wait(lambda: in_front(hand.preview), "no preview")
    assert hand.preview is not None
    paper = Paper(hand.preview.draft.data)
    first = "".join(paper.pages[0].split())
    assert "来访未涉及" in "".join(paper.text.split())
    for benefit in told.has:
        assert match.rules[benefit].benefit.title in first, "what can be had stands on the first page"
    hands.press(Qt.Key.Key_Escape)
    hands.wait(lambda: hand.preview is None, "the preview does not close")
    import sys

    sys.stderr.write(f"KEYS {who} {asked} {hands.keys}\n")
    assert hands.keys <= told.most, f"{asked} questions"
