"""FOUND 85: who and what are asked first, a detail when its main question has opened it, and of each what it can tell."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

import pytest

from pinggu_desk.assess.engine import Answers
from pinggu_desk.assess.interview import Interview
from pinggu_desk.assess.leading import APPLICANT, askable, kind_of, serves
from pinggu_desk.assess.match.match import Match, Subject
from pinggu_desk.assess.rules import Rule
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.facts import PRIOR, Fact
from pinggu_desk.policy.quantity import Dim
from tests.assess.generated import engine

ON = date(2026, 3, 2)
#: a main question and the details that only its answer opens
DETAILS = {
    "市级研发创新认定": ["市级认定属复审保持"],
    "国家级研发创新认定": ["国家级认定属复审保持"],
    "专精特新称号": ["专精特新取得方式", "小巨人取得方式", "已领专精特新类奖励"],
    "上市挂牌板块": ["上市挂牌日", "上市挂牌方式", "迁入本区日", "已领上市挂牌奖励"],
    "首次评定景区等级": ["已领景区等级奖励"],
    "首次评定饭店星级": ["已领饭店星级奖励"],
    "A级景区或宾馆饭店": ["年度接待游客排名", "本年度已领排名奖励"],
    "办公用房取得方式": ["购买办公用房面积", "已领购房补贴"],
    "持有工作居住证": ["证件有效期满日", "持证人离职日", "证件申请注销日"],
    "品牌体育赛事级别": ["赛事审定投资额"],
    "创业贷款借款人": ["创业贷款年利率"],
}
PAIRS = [(main, detail) for main, details in DETAILS.items() for detail in details]
WHO: tuple[Subject, ...] = ("单位", "个人")


def value(fact: Fact, rnd: random.Random) -> int:
    """Some answer, a Yes more often than a No, so that many details are opened."""
    least, most = fact.bounds
    if fact.dim is Dim.TRUTH:
        return int(rnd.random() < 0.7)
    if fact.dim is Dim.OPTION:
        return rnd.randint(least, most)
    if fact.dim is Dim.DATE:
        return ON.toordinal() - rnd.randint(0, 2000)
    return max(least, min(most, int(10 ** rnd.uniform(0, 4)) * (1_000_000 if fact.dim is Dim.MONEY else 1)))


class Step(NamedTuple):
    """A question with what is answered before it, what every benefit that lacks it still lacks, and whether an organisation's own
    benefit hangs on its people and on nothing else any more."""

    name: str
    answered: frozenset[str]
    lacking: frozenset[str]
    hangs: bool


@cache
def walked(subject: Subject, seed: int) -> tuple[Step, ...]:
    """The questions that a match puts one after another."""
    rnd, match, out = random.Random(seed), Match(engine(), Answers(ON, {}, []), subject=subject), []
    while match.question is not None:
        name = match.question.fact
        lacking = [set(c.needs.asks) for c in match.concluded.values() if name in c.needs.asks]
        own = [match.concluded[i].needs.asks for i, rule in match.rules.items() if serves(rule, subject)]
        hangs = any(name in asks and all(engine().pack.facts[one].owner == "个人" for one in asks) for asks in own)
        every = frozenset(set.intersection(*lacking) if lacking else ())
        out.append(Step(name, frozenset(match.answers.values), every, hangs))
        match = match.updated(Answers(ON, {**match.answers.values, name: value(engine().pack.facts[name], rnd)}, []))
    return tuple(out)


def walks() -> Iterator[tuple[Subject, Step]]:
    for subject in WHO:
        for seed in range(6):
            for step in walked(subject, seed):
                yield subject, step


def in_order(rule: Rule) -> list[str]:
    """What a benefit asks of its own, as often as it does, in the order of asking: its own conditions, then its figure."""
    scope, shared = rule.meaning.scope, {id(general.condition) for general in rule.policy.general}
    own = [condition for _, condition in rule.conditions if id(condition) not in shared]
    forms = [form for node in (*own, rule.give) for form in scope.reach(node)]
    return [form.name for form in forms if isinstance(form, f.Name) and form.name in engine().pack.facts]


@cache
def led() -> dict[str, frozenset[str]]:
    """Of each fact what stands before it, and nowhere behind it, in every benefit that asks it: its main questions."""
    out: dict[str, frozenset[str]] = {}
    for rule in engine().rules:
        names = in_order(rule)
        for name in rule.asks if rule.check is None else ():  # the indicators of a check (核对) stand side by side
            at = names.index(name) if name in names else 0
            before = frozenset(names[:at]) - frozenset(names[at:])
            out[name] = out.get(name, before) & before
    return out


def test_companies_are_never_asked_what_only_a_person_tells_nor_persons_what_only_a_company_tells() -> None:
    facts = engine().pack.facts
    for subject, (name, _, _, hangs) in walks():
        fact = facts[name]
        told = subject == "单位" and hangs  # of the graduate who founded the firm, who is trained in it
        assert told or fact.owner not in {"单位": ("个人",), "个人": ("企业", "机构")}[subject], (subject, name)
        assert not (subject == "单位" and "本人" in fact.question), name
        assert not (subject == "个人" and name in ("独立法人资格", "纳入平谷区统计", "本区工商注册")), name


@pytest.mark.parametrize("code", ["bys.loan_firm", "bys.interest", "bys.trainee"])
def test_what_an_organisation_has_for_one_of_its_people_is_settled_by_questions_to_it(code: str) -> None:
    """A firm whose founder is a graduate was told 需补充信息 for good: what remained was asked of persons alone."""
    facts, rnd = engine().pack.facts, random.Random(3)
    for _ in range(25):
        match = Match(engine(), Answers(ON, {}, []), subject="单位", policies=["bys"])
        while match.question is not None:
            name = match.question.fact
            match = match.updated(Answers(ON, {**match.answers.values, name: value(facts[name], rnd)}, []))
        assert not match.concluded[code].needs.asks
    assert kind_of(facts, {APPLICANT: 0}) == "单位"
    assert askable(facts, ["本区户籍", "创业贷款借款人"], "单位") == ["创业贷款借款人"]
    assert askable(facts, ["独立法人资格"], "个人") == []  # a person can't tell for an organisation


def test_what_is_said_of_oneself_belongs_to_a_person() -> None:
    for fact in engine().pack.facts.values():
        assert "本人" not in fact.question or fact.owner == "个人", fact.name


@pytest.mark.parametrize(("stated", "barred"), [("个人", ("企业", "机构")), ("企业", ("个人",)), ("机构", ("个人",))])
def test_the_kind_of_applicant_that_was_stated_does_the_same(stated: str, barred: tuple[str, ...]) -> None:
    facts, rnd = engine().pack.facts, random.Random(5)
    kind = next(i for i, option in enumerate(facts[APPLICANT].options) if option.name == stated)
    match = Match(engine(), Answers(ON, {APPLICANT: kind}, []))
    for _ in range(60):
        if match.question is None:
            break
        name = match.question.fact
        assert facts[name].owner not in barred, name
        match = match.updated(Answers(ON, {**match.answers.values, name: value(facts[name], rnd)}, []))


def test_no_detail_is_asked_while_a_main_question_of_it_is_open() -> None:
    facts = engine().pack.facts
    for subject, (name, _, lacking, hangs) in walks():
        barred = {"单位": () if hangs else ("个人",), "个人": ("企业", "机构")}[subject]
        open_ = {main for main in led().get(name, ()) if main in lacking and facts[main].owner not in barred}
        assert not open_, (subject, name, open_)


@pytest.mark.parametrize(("main", "detail"), PAIRS)
def test_a_detail_comes_after_its_main_question(main: str, detail: str) -> None:
    assert {main, detail} <= set(engine().pack.facts)
    for _, (name, answered, _, _) in walks():
        assert name != detail or main in answered


@pytest.mark.parametrize(("main", "detail"), PAIRS)
def test_the_wizard_puts_the_main_question_above_its_detail(main: str, detail: str) -> None:
    for policy in engine().pack.policies:
        interview = Interview(engine(), policy, ON)
        names = [field.fact.name for field in (*interview.fields("eligibility"), *interview.fields("data"))]
        if main in names and detail in names:
            assert names.index(main) < names.index(detail), policy


@pytest.mark.parametrize("code", ["loan_person", "loan_firm", "interest", "premises"])
def test_whether_somebody_founds_a_firm_here_comes_before_what_graduate_it_is(code: str) -> None:
    """FOUND 85: 在平谷创业的应届高校毕业生; who founds nothing is asked nothing more."""
    assert in_order(engine().rule(f"bys.{code}"))[0] == "在平谷创业"


def test_a_detail_waits_when_its_main_question_could_not_be_answered() -> None:
    passed: set[str] = set()
    match = Match(engine(), Answers(ON, {}, []), subject="单位")
    while (question := match.question_but(passed)) is not None:
        passed.add(question.fact)
    for main, detail in PAIRS:
        assert detail not in passed, (main, detail)


def test_the_wizards_next_question_opens_a_detail_only_with_its_main_question() -> None:
    interview = Interview(engine(), "zxqy", ON, chosen=["zxqy.srdi", "zxqy.giant"])
    asked: list[str] = []
    typed = {Dim.TRUTH: "是", Dim.DATE: "2020-01-01", Dim.MONEY: "1"}
    while (name := interview.next_question(asked[-1] if asked else None)) is not None:
        asked.append(name)
        fact = engine().pack.facts[name]
        interview.set(name, "否" if name == PRIOR else fact.options[0].name if fact.options else typed[fact.dim])
        assert len(asked) < 60
    assert "专精特新称号" in asked
    assert not {"专精特新取得方式", "小巨人取得方式"} & set(asked[: asked.index("专精特新称号")])
