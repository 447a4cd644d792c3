"""FOUND 21: what is lacking of any-of-many names the nearest way, not the sum of all; what could matter stays whole."""

from __future__ import annotations

import random
from datetime import date

import pytest

from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, read_answers
from pinggu_desk.commands.listing import determination_lines
from pinggu_desk.documents.papers.common import short_of
from pinggu_desk.policy import say
from pinggu_desk.policy.quantity import Dim
from tests.assess.generated import engine, pack
from tests.assess.match.test_asking_order import value
from tests.assess.wording import faults

ON = date(2026, 3, 2)


def found(benefit: str, **facts: int | str) -> Determination:
    policy = benefit.split(".", maxsplit=1)[0]
    return next(d for d in determine(engine(), Answers(ON, facts, []), [policy]) if d.benefit == benefit)


def asks(d: Determination) -> list[str]:
    return [m.name for m in d.missing if m.kind == "ask"]


@pytest.mark.parametrize("benefit", ["gzjzz.permit", "anju.queue"])
def test_of_many_ways_the_nearest_is_named_on_paper_and_in_a_terminal(benefit: str) -> None:
    d = found(benefit)
    assert 0 < len(d.nearest) < len(asks(d))
    rest = len(asks(d)) - len(d.nearest)
    words = say.asked(d.nearest, asks(d))
    assert words == f"{'、'.join(d.nearest)}；以上按最接近的一种情形，其他情形还可能要 {rest} 项"
    assert f"还缺：{words}" in [told.replace("（是否）", "") for told in short_of(d)]
    assert any(words in line.replace("（是否）", "") for line in determination_lines(pack(), d))
    assert d.to_json()["missing_nearest"] == list(d.nearest)
    assert {m["name"] for m in d.to_json()["missing"]} >= set(asks(d)), (
        "what could matter is still told whole to scripts"
    )


def test_the_nearest_way_changes_as_answers_come_in() -> None:
    rnd, known = random.Random(3), dict[str, int]()
    for _ in range(80):
        d = found("gzjzz.permit", **known)
        if d.status != "unknown" or not asks(d):
            break
        name = (d.nearest or asks(d))[0]
        assert name in asks(d) and name not in known
        known[name] = value(pack().facts[name], rnd)
    assert d.status != "unknown", "answering the nearest way alone comes to an answer"


EMPLOYER = {
    "单位非禁限产业": "是", "用人单位在平谷注册": "是", "用人单位具有法人资格": "是", "用人单位成立日": "2015-01-01",
    "用人单位注册资本": "500万元", "上一年度纳税总额": "50万元", "依法经营且信用良好": "是", "连续缴纳社保个税月数": "12个月",
    "未到法定退休年龄": "是",
}  # fmt: skip


@pytest.mark.parametrize(
    ("stated", "named"),
    [
        ({}, "用人单位在平谷注册"),  # the usual way in, not the shorter one that only a verdict ends
        ({"自由职业或个体工商户": "是"}, "近三年每年个人纳税额"),
        ({**EMPLOYER, "工作经历年限": "5年", "取得学位": "硕士及以上学位"}, "上一年度个人应税收入"),
        ({**EMPLOYER, "职称等级": "高级"}, "工作经历年限"),
        ({**EMPLOYER, "创新主体工作单位类别": "律师事务所"}, "近三年每年应税收入"),
        ({**EMPLOYER, "第二作者以上发明专利授权": 1}, "知识产权成果在京落地转化"),
        ({**EMPLOYER, "团队前五位自然人股东": "是", "团队持股比例": "8%"}, "团队近三年自主投入"),
    ],
)
def test_the_way_that_is_furthest_along_is_the_nearest(stated: dict[str, object], named: str) -> None:
    """FOUND 21: who stated a degree is asked his income and not whether he won a prize, though that is one fact as well."""
    d = found("gzjzz.permit", **read_answers(pack(), stated))
    assert named in d.nearest and len(d.nearest) <= (10 if not stated else 2)


def test_the_nearest_is_always_part_of_what_is_missing_and_never_empty_while_something_is() -> None:
    rnd = random.Random(11)
    for _ in range(3):
        facts = {
            fact.name: value(fact, rnd)
            for fact in pack().facts.values()
            if fact.dim.name != "TEXT" and rnd.random() < 0.5
        }
        for d in determine(engine(), Answers(ON, facts, []), list(pack().policies)):
            assert set(d.nearest) <= set(asks(d)), d.benefit
            assert len(d.nearest) < len(asks(d)) or not d.nearest, d.benefit


def test_one_way_is_named_whole() -> None:
    assert say.asked((), ["甲", "乙"]) == "甲、乙"
    assert say.asked(("乙",), ["甲", "乙", "丙"]) == "乙；以上按最接近的一种情形，其他情形还可能要 2 项"
    assert say.asked((), ["甲", "乙", "丙"], 2) == "甲、乙等 3 项"


@pytest.mark.parametrize("policy", sorted(pack().policies))
def test_paper_terminal_and_scripts_say_the_same_of_what_is_lacking_and_of_why_not(policy: str) -> None:
    """FOUND 25: one maker, so that nobody reads two sentences of one thing."""
    rnd = random.Random(policy)
    facts = {f.name: value(f, rnd) for f in pack().facts.values() if f.dim.name != "TEXT" and rnd.random() < 0.5}
    for known in ({}, facts):
        for d in determine(engine(), Answers(ON, known, []), [policy]):
            lines = [line.strip() for line in determination_lines(pack(), d)]
            assert short_of(d) == d.lacking() == d.to_json().get("lacking", [])
            assert set(d.lacking()) <= set(lines)
            told = d.to_json().get("ground", {})
            assert told.get("text", "") == d.ground_line and (told or d.status != "ineligible")


def test_a_change_that_is_lacking_is_told_as_a_shortfall_is() -> None:
    """FOUND 25, 26: over every fact that may change: points of a share, whole things, long numbers with separators."""
    changing = [fact for fact in pack().facts.values() if fact.changes]
    assert any(fact.dim is Dim.RATE for fact in changing)
    for fact in changing:
        least, most = fact.bounds
        for now, bound in ((least, min(most, least + 1200)), (min(most, 1_234_500), least), (least, least)):
            word = "达到" if bound >= now else "降到"
            said = say.reached(fact, word, bound, now)
            assert not faults(said), said
            assert (f"再{'多' if bound > now else '少'}" in said) is (bound != now), said
            assert fact.dim is not Dim.RATE or bound == now or "个百分点" in said, said


def test_a_day_whose_text_is_not_in_the_pack_is_told_alike_everywhere() -> None:
    (d, *_) = determine(engine(), Answers(date(2019, 3, 2)), ["zxqy"])
    (said,) = d.lacking()
    assert "有效的文本不在政策包内" in said and said.endswith("了解当时的规定。")
    assert short_of(d) == [said] and said in "".join(determination_lines(pack(), d))
