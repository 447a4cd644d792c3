"""FOUND 34: what an answer of an earlier visit is worth; a grant is never worked out from last year's project."""

from __future__ import annotations

from datetime import date

import pytest

from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, read_answers
from pinggu_desk.policy.cases import load_cases
from pinggu_desk.policy.earlier import classified, lasts, offer_of, worth_of
from pinggu_desk.policy.facts import Fact
from tests import bundled

ENGINE = bundled.engine()
FACTS = ENGINE.pack.facts
SEEN = date(2026, 3, 2)


def test_every_fact_has_one_worth_and_the_check_says_which_has_none() -> None:
    assert classified(FACTS.values()) == []
    bare = Fact.model_validate({"名": "示例项", "代号": "sample", "类": "是否", "问": "示例"})
    twice = Fact.model_validate(
        {"名": "示例项", "代号": "sample", "类": "是否", "问": "示例", "归属": "项目", "旧值": "常在"}
    )
    assert [d.code for d in classified([bare, twice])] == ["no-worth", "worth-twice"]
    assert "旧值: 常在" in classified([bare])[0].sentence
    assert not lasts(bare), "what nobody classified is not filled in"


@pytest.mark.parametrize(
    ("name", "worth"),
    [
        ("开户银行", "常在"), ("注册资本", "常在"), ("独立法人资格", "常在"), ("最高学历", "常在"),
        ("职工人数", "当年"), ("上一年度营业收入", "当年"), ("高新技术企业证书", "当年"), ("信用记录良好", "当年"),
        ("研发项目投资额", "本次"), ("上市挂牌日", "本次"), ("准入标准经审核放宽", "本次"), ("已领上市挂牌奖励", "簿"),
    ],
)  # fmt: skip
def test_what_it_is_worth(name: str, worth: str) -> None:
    assert worth_of(FACTS[name]) == worth


def test_an_offer_tells_the_value_in_words_with_its_day() -> None:
    offer = offer_of(FACTS["研发项目投资额"], "800", SEEN)
    assert offer is not None
    assert offer.words.startswith("上次 2026-03-02 填：800万元")
    assert "2026-03-02" in offer.origin
    assert offer_of(FACTS["开户银行"], "示例银行", SEEN) is None, "what lasts is filled in"
    assert offer_of(FACTS["已领上市挂牌奖励"], "5", SEEN) is None, "what the register works out is worked out anew"
    assert offer_of(FACTS["上市挂牌日"], "去年秋天", SEEN) is None, "what can't be read is no answer"


def test_no_money_can_be_had_on_what_lasts_alone() -> None:
    """Every worked example as the old case of a new visit: until something is confirmed, no sum is 可申请."""
    found: dict[str, list[str]] = {}
    for policy in ENGINE.pack.policies.values():
        alike = set()
        for case in load_cases(ENGINE.pack, policy.id).cases:
            texts = {n: v.isoformat() if isinstance(v, date) else v for n, v in case.facts.items()}
            kept = {n: v for n, v in read_answers(ENGINE.pack, texts).items() if lasts(FACTS[n])}
            if (old := (case.on, frozenset(kept.items()))) in alike:
                continue
            alike.add(old)
            for d in determine(ENGINE, Answers(case.on, kept, ()), [policy.id]):
                if d.status == "eligible" and d.figure != "in_kind":
                    found.setdefault(d.benefit, []).append(d.headline)
    assert not found
