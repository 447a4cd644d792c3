"""Issue 13: several leases, several machines: each with its own figures, worked out one by one and added up (逐项)."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pinggu_desk.assess.columns import FIGURES, STATUSES, ColumnEngine
from pinggu_desk.assess.engine import Answers, Engine, read_answers
from pinggu_desk.assess.interview import Interview
from pinggu_desk.assess.straight import straight
from pinggu_desk.assess.tally import tally
from pinggu_desk.policy.errors import BadPack
from pinggu_desk.policy.pack import load_pack
from pinggu_desk.policy.reading import phrase
from tests.assess.packs import ON, Small, judge, missing

MOST = 3
FACTS = f"""- {{名: 租房处数, 代号: leases, 类: 数量, 单位: 处, 最多: {MOST}处, 问: 租了几处, 旧值: 当年}}
- {{名: 月租金, 代号: rent, 类: 金额, 问: 月租金多少, 旧值: 当年, 逐: 租房处数}}
- {{名: 租用月数, 代号: months, 类: 月数, 最多: 24个月, 问: 租了几个月, 旧值: 当年, 逐: 租房处数}}
- {{名: 自用, 代号: own_use, 类: 是否, 问: 是否自用, 旧值: 当年, 逐: 租房处数}}
"""
TEXT = {"xx.1": "租用的经营用房，逐处按租金的30%给予补贴，每处最高3万元，合计最高5万元；不自用的不予补贴。"}
GIVE = (
    "{按: {逐项: 租房处数, 合计: {若: {自用: 是}, 则: {按: {按: 月租金 的 30%, 乘: 租用月数}, 封顶: 3万元}, 否则: 不予}},"
    " 封顶: 5万元}"
)


def written(root: Path, facts: str = FACTS, give: str = GIVE) -> Path:
    return Small(give, TEXT, extra_facts=facts).write(root)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(load_pack(written(tmp_path / "pack")))


def lease(number: int, rent: str, months: str, own: str = "是") -> dict[str, str]:
    return {f"月租金·第{number}处": rent, f"租用月数·第{number}处": months, f"自用·第{number}处": own}


def test_each_thing_is_worked_out_with_its_own_limit_and_all_together_with_theirs(engine: Engine) -> None:
    two = {"租房处数": "2处", **lease(1, "5000元", "12"), **lease(2, "2万元", "12")}
    d = judge(engine, two)
    assert (d.status, d.figure, d.headline) == (
        "eligible",
        "computed",
        "4.80 万元",
    )  # 1.8万元, and 7.2万元 capped at 3万元
    told = [line.text for line in d.trace]
    assert (
        any("月租金·第1处（5000元） × 30% = 1500元" in line for line in told)
        and "2处合计 1.8万元 + 3万元 = 4.8万元" in told
    ), told
    assert not any("第3处" in line for line in told), "nothing is told of what is not there"
    three = judge(engine, {**two, "租房处数": 3, **lease(3, "1万元", "6个月")})
    assert three.headline == "5.00 万元", "over all: 1.8 + 3 + 1.8 万元 is more than 5万元"
    assert judge(engine, {**two, **lease(2, "2万元", "12", "否")}).headline == "1.80 万元", (
        "what fails for one, fails for it alone"
    )
    assert judge(engine, {"租房处数": 0}).status == "ineligible"
    assert judge(engine, {"租房处数": 1, **lease(1, "5000元", "12"), **lease(2, "2万元", "12")}).headline == "1.80 万元"


def test_how_many_there_are_is_asked_first_then_what_is_asked_of_each(engine: Engine) -> None:
    assert missing(judge(engine)) == ["租房处数"]
    assert missing(judge(engine, {"租房处数": 1})) == ["自用·第1处", "月租金·第1处", "租用月数·第1处"]
    half = judge(engine, {"租房处数": 2, **lease(1, "5000元", "12")})
    assert half.status == "unknown" and half.amount_fen is None, "what nobody stated of the second is no nought"
    assert all("第2处" in name for name in missing(half)) and len(missing(half)) == 3
    case = Interview(engine, "xx", ON, answers={"租房处数": "2", **lease(1, "5000元", "12")})
    asked = [view.fact.name for view in case.fields("data") if view.state in ("needed", "answered")]
    assert asked == ["租房处数", *lease(1, "", ""), *lease(2, "", "")] or set(asked) == {
        "租房处数", *lease(1, "", ""), *lease(2, "", ""),
    }  # fmt: skip
    assert engine.pack.facts["月租金·第2处"].question == "第2处：月租金多少"
    case.set("租房处数", "1")
    assert "月租金·第2处" not in [v.fact.name for v in case.fields("data") if v.state == "needed"]


def test_the_rule_reads_as_it_is_written(engine: Engine) -> None:
    words = phrase(engine.rules[0].give)
    assert "租房处数逐项计算的合计（每项：" in words and "第1处" not in words


def test_scalar_straight_and_columns_agree(engine: Engine) -> None:
    """A property over random applicants, some answers left out: the three ways of working out say the same."""
    dice, rule = random.Random(13), engine.rules[0]
    function = straight([rule])
    given: list[dict[str, Any]] = []
    for _ in range(120):
        facts: dict[str, Any] = {"租房处数": dice.randrange(MOST + 1)}
        for number in range(1, MOST + 1):
            facts |= lease(number, f"{dice.randrange(40_000)}元", str(dice.randrange(25)), dice.choice("是否"))
        given.append({name: value for name, value in facts.items() if dice.random() < 0.85})
    names = ["租房处数", *(name for number in range(1, MOST + 1) for name in lease(number, "", ""))]
    read = [read_answers(engine.pack, one) for one in given]
    columns = {
        name: (np.array([one.get(name, 0) for one in read]), np.array([name in one for one in read])) for name in names
    }
    column = tally(ColumnEngine(engine), columns, ON, names=True).columns[rule.benefit.id]
    for at, values in enumerate(read):
        answers = Answers(ON, values)
        d, env = judge(engine, given[at]), engine.env(answers)
        low, high = (list(end) for end in zip(*env.values, strict=True))
        said = function.ends(low, high, env.on)[0]
        assert (said is not None) == bool(rule.test(env)[1])
        assert said is None or tuple(said[1:]) == rule.meaning.of(rule.give)(env)
        assert STATUSES[column.status[at]] == d.status, given[at]
        if d.figure == "computed" and d.amount_fen is not None:
            assert FIGURES[column.figure[at]] == d.figure and column.low[at] == column.high[at] == d.amount_fen


def test_filling_in_what_is_unknown_never_leaves_what_was_possible(engine: Engine) -> None:
    dice, rule = random.Random(7), engine.rules[0]
    whole = {"租房处数": 2, **lease(1, "5000元", "12"), **lease(2, "2万元", "12", "否")}
    values = read_answers(engine.pack, whole)
    end = rule.meaning.of(rule.give)(engine.env(Answers(ON, values)))
    for _ in range(40):
        part = {name: value for name, value in values.items() if dice.random() < 0.5}
        low, high = rule.meaning.of(rule.give)(engine.env(Answers(ON, part)))
        assert low <= end[0] and end[1] <= high


@pytest.mark.parametrize(("facts", "give", "words"), [
    (FACTS.replace(", 最多: 3处", ""), GIVE, "应写“最多”，2 至 20处"),
    (FACTS.replace("最多: 3处", "最多: 21处"), GIVE, "应写“最多”，2 至 20处"),
    (FACTS.replace("自用, 旧值: 当年, 逐: 租房处数", "自用, 旧值: 当年, 逐: 月租金"), GIVE, "“逐”应写一个数量类"),
    (FACTS, "{逐项: 租房处数, 合计: 3万元}", "至少一个写明“逐: 租房处数”的填报项"),
    (FACTS, "{逐项: 没有, 合计: 月租金}", "至少一个写明“逐: 没有”的填报项"),
    (FACTS, "{逐项: 租房处数, 合计: {逐项: 租房处数, 合计: 月租金}}", "不能再写“逐项”"),
    (FACTS, "{逐项: 租房处数}", "应写成{逐项: 有几项, 合计: 每一项的量}"),
    (FACTS, "月租金 的 30%", "没有名为“月租金”的填报项"),
])  # fmt: skip
def test_what_cannot_be_meant_is_a_finding(tmp_path: Path, facts: str, give: str, words: str) -> None:
    with pytest.raises(BadPack) as caught:
        load_pack(written(tmp_path / "pack", facts, give))
    assert any(words in one.sentence for one in caught.value.diagnostics), [str(d) for d in caught.value.diagnostics]
