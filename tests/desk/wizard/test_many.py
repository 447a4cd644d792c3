"""A policy of 36 benefits: what one came for is found by its initials, the rest is out of the way and out of the questions."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from pinggu_desk.desk.kit import QuietButton
from pinggu_desk.desk.wizard.card import ResultCard
from pinggu_desk.desk.wizard.results import ResultStep
from pinggu_desk.desk.wizard.scope import ScopeStep
from tests.desk.conftest import within
from tests.desk.wizard.conftest import ALT, CTRL, ENTER, Work, words

K = Qt.Key
ART = {
    "文旅商体项目": "是", "引领创新作用明显": "是", "申报主体性质": "事业单位", "本区纳税": "是", "本区工商注册": "是",
}  # fmt: skip


def scope(work: Work) -> ScopeStep:
    step = work.page.steps["scope"]
    assert isinstance(step, ScopeStep)
    return step


def test_what_one_came_for_is_chosen_by_its_initials_and_only_that_is_asked(work: Work) -> None:
    page = work.begin("wltst")
    assert scope(work).line.hasFocus()
    asked = len(page.session.interview.fields("data"))
    work.keys("wycz")
    assert [page.session.interview.policy.benefit(b).title for b in scope(work).in_sight()] == ["文艺创作奖励"]
    work.keys((ENTER, CTRL))
    assert page.session.interview.chosen == scope(work).in_sight()
    assert "已选 1 项，共 36 项" in words(scope(work))
    assert asked > 60 and len(page.session.interview.fields("data")) < 8
    assert work.kept()["@申报事项"] == page.session.interview.chosen[0]
    work.keys((K.Key_Right, ALT))
    assert [card.title.text() for card in within(page.panel, ResultCard) if card.isVisible()] == ["文艺创作奖励"]


def test_words_of_the_clause_find_it_too_and_number_keys_tick_what_is_in_sight(work: Work) -> None:
    page = work.begin("wltst")
    work.keys("租赁费和住宿费", K.Key_Down)
    shown = scope(work).in_sight()
    assert len(shown) == 1 and "会展" in scope(work).ticks[shown[0]].text()
    assert scope(work).ticks[shown[0]].hasFocus() and scope(work).ticks[shown[0]].text().startswith("1  ")
    work.keys(K.Key_1)
    assert shown[0] not in page.session.interview.chosen and len(page.session.interview.chosen) == 35
    page.open_step("scope")
    work.keys((K.Key_A, CTRL), "没有这样的事项")
    assert scope(work).in_sight() == [] and "没有找到“没有这样的事项”" in words(scope(work))


def test_the_panel_names_what_is_open_in_a_line_each_and_shows_the_card_of_the_question(work: Work) -> None:
    page = work.begin("wltst")
    assert page.panel.counts.text() == "需补充信息 36" and page.panel.order == []
    assert all(b.title in words(page.panel) for b in page.session.interview.benefits)
    for fact, title in (("在平谷举办会议会展", "会议会展举办奖励"), ("会展服务类企业", "会展服务类企业奖励")):
        page.open_step("data", fact)
        work.desk.settle()
        assert work.field_here() == fact
        assert [card.title.text() for card in page.panel.cards.values() if card.isVisible()] == [title]
    page.open_step("materials")
    assert page.panel.order == []


def test_what_is_ruled_out_is_folded_away_and_one_key_shows_why(work: Work) -> None:
    page = work.begin("wltst", ART | {"文旅商体项目": "否"})
    refused = [d for d in page.session.interview.determinations if d.status == "ineligible"]
    assert len(refused) > 30
    head = next(b for b in within(page.panel, QuietButton) if b.text() == f"展开不符合 {len(refused)} 项")
    assert not any(card.isVisible() and card.badge.text() == "不符合" for card in page.panel.cards.values())
    head.setFocus()
    work.keys(ENTER)
    assert set(page.panel.order) >= {d.benefit for d in refused}
    assert all(page.panel.cards[d.benefit].working.isVisible() for d in refused)
    work.keys(ENTER)
    assert not set(page.panel.order) & {d.benefit for d in refused}


def test_the_result_turned_to_the_applicant_tells_good_news_first_and_the_same_thing_once(work: Work) -> None:
    page = work.begin("wltst", ART | {"文艺创作奖项": "是", "本区工商注册": "否"})
    page.open_step("result")
    work.desk.settle()
    step = page.steps["result"]
    assert isinstance(step, ResultStep)
    shown = {row.determination.benefit for row in step.rows}
    gathered = [d for card in step.gathered for d in card.determinations]
    assert shown.isdisjoint(d.benefit for d in gathered)
    assert len(shown) + len(gathered) == 36 and len(gathered) > 20
    told = words(step)
    assert all(d.title in told for d in gathered)
    labels = [label.text() for label in within(step, QLabel)]
    full = [text for text in labels if text.startswith("口径待主管部门确认：") and "另一读法" in text]
    assert len(full) == len(set(full))


def test_a_long_form_offers_to_choose_first(work: Work) -> None:
    page = work.begin("wltst")
    page.open_step("data")
    work.desk.settle()
    assert "现在选了全部 36 个事项" in words(page.steps["data"])
    next(b for b in within(page.steps["data"], QuietButton) if b.text() == "去选事项").click()
    work.desk.settle()
    assert page.stack.currentWidget() is scope(work) and scope(work).line.hasFocus()
    work.keys("wycz", (ENTER, CTRL))
    page.open_step("data")
    work.desk.settle()
    assert "现在选了全部" not in words(page.steps["data"])
