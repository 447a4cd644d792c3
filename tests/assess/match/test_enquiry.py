"""能享受什么 as a state machine: what was worked out before and still holds is the same as worked out anew; trials."""

from __future__ import annotations

import random
from datetime import date

import pytest

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.match.enquiry import Enquiry
from pinggu_desk.assess.match.match import Match
from pinggu_desk.policy.quantity import Dim
from tests.assess.match.test_match import MANUFACTURER
from tests.assess.profiles import ON, WAN, engine

TEXTS = {name: str(value) for name, value in MANUFACTURER.items()}


def enquiry() -> Enquiry:
    return Enquiry(engine(), ON, subject="单位", answers=TEXTS, awards=())


@pytest.mark.parametrize("seed", range(4))
def test_after_any_edits_all_is_as_worked_out_anew(seed: int) -> None:
    chance = random.Random(seed)
    asked = Enquiry(engine(), ON, answers=TEXTS if seed % 2 else {}, awards=())
    for _ in range(12):
        name = chance.choice(list(asked.match.needed)[:40] + list(asked.answers))
        fact = asked.engine.pack.facts[name]
        least, most = fact.bounds
        if fact.dim is Dim.TRUTH:
            text = chance.choice(("是", "否"))
        elif fact.dim is Dim.OPTION:
            text = fact.options[chance.randint(least, most)].name
        elif fact.dim is Dim.DATE:
            text = chance.choice(("2025-03-01", "2019-01-01", "2026-03-30"))
        elif fact.dim is Dim.TEXT:
            text = "示例"
        else:
            text = chance.choice(("0", "1", "30", "600", ""))
        asked.set(name, text)
        for benefit in chance.sample(list(asked.match.rules), 20):
            asked.match.determination(benefit)
        assert asked.match.near is not None
        anew = Match(asked.engine, asked.match.answers)
        assert asked.match.groups == anew.groups
        assert (asked.match.near, asked.match.steps) == (anew.near, anew.steps)
        assert asked.match.bundle == anew.bundle
    for benefit in asked.match.rules:
        assert asked.match.determination(benefit) == anew.determination(benefit)


@pytest.mark.parametrize("seed", range(2))
def test_after_any_edits_and_mentions_the_triage_is_as_worked_out_anew(seed: int) -> None:
    """Groups, what was raised, what is asked together, what is asked next and how many are left: none is a stale figure."""
    chance = random.Random(seed)
    asked = Enquiry(engine(), ON, awards=(), mentioned=())
    matters = list(asked.engine.pack.matters.by_id)
    who = [name for name in asked.engine.pack.matters.who if asked.engine.pack.facts[name].dim is Dim.TRUTH]
    for turn in range(16):
        if turn % 3 == 0:
            asked.mention(None if turn == 9 else chance.sample(matters, chance.randint(0, 4)))
        elif turn % 3 == 1 and asked.fold is not None:
            for name, plain in asked.fold.facts:
                asked.hold(name, chance.choice(("是", "是", "否", "")) if plain else "否")
            asked.work_out()
        else:
            asked.set(chance.choice(who + list(asked.match.needed)[:30]), chance.choice(("是", "否", "30", "")))
        if turn == 6:
            asked.serve("单位")
        if turn == 12:
            asked.judge_on(date(2026, 11, 29))
        if asked.question is not None and turn % 2:
            asked.pass_over([asked.question.fact])
        anew = Match(asked.engine, asked.match.answers, subject=asked.subject, mentioned=asked.mentioned)
        assert asked.match.raised == anew.raised
        assert asked.match.groups == anew.groups
        assert asked.match.wrong_subject == anew.wrong_subject
        assert asked.match.folds_but(asked.passed) == anew.folds_but(asked.passed)
        assert asked.left == anew.left_but(asked.passed)
        assert asked.question == anew.question_but(asked.passed)
        assert all(asked.match.nearest(i) == anew.nearest(i) for i in chance.sample(list(asked.match.rules), 20))
        assert (asked.match.near, asked.match.steps) == (anew.near, anew.steps)


def test_what_could_be_reached_hangs_on_answers_that_the_benefit_does_not_look_at() -> None:
    """差一点 says 在孵科技型企业数 may grow; once the answer to 全部在孵企业数 leaves no room for it, it is told no more."""
    texts = {
        "创业孵化服务机构": "是", "孵化场地位于平谷区内": "是", "本区工商注册": "是", "本区登记注册": "否", "提供创业精细化服务": "是",
        "在孵科技型企业数": "19", "在孵项目团队数": "4", "孵化场所面积": "200", "用于孵化的场地面积": "120", "独特服务模式和品牌": "是",
        "可支配创业投资资金": "800万元", "签约金融机构数": "0", "组织投融资对接活动": "是", "近一年融资案例数": "4",
        "签约创业服务机构数": "8", "签约创业导师数": "8", "签约机构年服务次数": "40", "创业导师年服务次数": "40",
    }  # fmt: skip
    asked = Enquiry(engine(), ON, answers=texts, awards=())
    told = asked.match.near.get("fhq.innovative")
    assert told is not None and told.fact == "在孵科技型企业数"
    asked.set("全部在孵企业数", "19")
    assert asked.match.near == Match(asked.engine, asked.match.answers).near
    assert asked.match.near["fhq.innovative"].fact == "在孵项目团队数"


def test_a_trial_is_thrown_away_whole() -> None:
    asked = enquiry()
    before = asked.match
    asked.begin_trial()
    asked.set("研发项目投资额", "1200")
    asked.set("高新技术企业证书", "")
    assert asked.stated.bundle.total_fen == 65 * WAN
    assert {move.benefit for move in asked.moves} >= {"gjj.rd_subsidy", "gxjs.hitech"}
    assert "高新技术企业证书" not in asked.match.answers.values
    assert asked.view("研发项目投资额").source == "试算"
    asked.end_trial()
    assert asked.answers == TEXTS
    assert asked.match.groups == before.groups
    assert asked.match.bundle == before.bundle
    assert not asked.moves


def test_a_change_of_day_or_of_who_asks_during_a_trial_moves_both() -> None:
    asked = enquiry()
    asked.begin_trial()
    asked.set("研发项目投资额", "1200")
    asked.serve("个人")
    asked.judge_on(date(2023, 12, 31))
    assert asked.stated.subject == asked.match.subject == "个人"
    assert asked.stated.answers.on == asked.match.answers.on == date(2023, 12, 31)
    asked.end_trial()
    assert asked.match.answers.values["研发项目投资额"] == 900 * WAN


def test_what_could_not_be_answered_is_not_asked_again_until_it_is_answered() -> None:
    asked = enquiry()
    first = asked.question
    assert first is not None
    asked.passed.add(first.fact)
    second = asked.question
    assert second is not None
    assert second.fact != first.fact
    asked.passed.discard(first.fact)
    assert asked.question == first


def test_values_say_where_they_came_from() -> None:
    received = [Award("gxjs", "hitech", 10 * WAN, date(2025, 6, 1))]
    asked = Enquiry(
        engine(), ON, answers={"研发项目投资额": "900"}, remembered={"高新技术企业证书": "是"}, awards=received
    )
    sources = {known.name: known.source for known in asked.known()}
    assert sources == {"研发项目投资额": "", "高新技术企业证书": "上次填报"}
    view = asked.view("已领高企资助")
    assert (view.source, view.shown) == ("登记簿", "10万元")


def test_contradicting_answers_are_told_and_no_figure_stands_on_them() -> None:
    asked = Enquiry(engine(), ON, answers={"技改固定资产投资": "100", "技改设备投资": "900", "技改基建投资": "0"})
    assert asked.view("技改设备投资").error
    assert "技改设备投资" not in asked.match.answers.values
    assert [known.error for known in asked.known() if known.name == "技改设备投资"] == [
        asked.view("技改设备投资").error
    ]
