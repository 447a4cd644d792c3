"""Every form there is, in one small pack: one case and a table agree, and spans narrow as facts are filled in."""

from __future__ import annotations

import random
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from pinggu_desk.assess.columns import CHUNK, FIGURES, NO_END, NO_FIGURE, STATUSES, ColumnEngine
from pinggu_desk.assess.determine import conclude_all
from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.policy import forms as f
from pinggu_desk.policy.forms import Cond, Expr
from pinggu_desk.policy.quantity import Dim
from tests.assess.packs import Small

ON = date(2026, 3, 2)
GIVES = {
    "share": "投资额 的 5%",
    "capped": "{按: 投资额 的 5%, 封顶: 50万元}",
    "per": "外资 每100万美元 2万元",
    "whole": "外资 每整100万美元 2万元",
    "times": "{按: 1000元, 乘: 租期}",
    "times_rate": "{按: 投资额, 乘: 入选率}",
    "less": "{按: 100万元, 扣减: 已领}",
    "up_to": "{不高于: 投资额 的 10%}",
    "ends": "{不低于: 5万元, 不高于: 投资额 的 10%}",
    "open": "待定",
    "open_or_sum": "{若: {合格: 是}, 则: 待定, 否则: 10万元}",
    "kind": "{实物: [提供辅导]}",
    "sum": "{合计: [10万元, {不高于: 投资额 的 10%}, {若: {在册: 是}, 则: 待定, 否则: 不予}]}",
    "higher": "{较高: [投资额 的 5%, 营收 的 2%, 30万元]}",
    "lower": "{较低: [投资额 的 5%, 营收 的 2%, 30万元]}",
    "bands": "{分档: 投资额, 各档: {500万元（含）至1000万元（含）: 投资额 的 5%, 1000万元（不含）以上: 营收 的 2%}, 其余: 待定}",
    "options": "{分档: 类型, 各档: {甲类: 30万元, 乙类: {不高于: 投资额 的 10%}}, 其余: 不予}",
    "steps": "{阶梯: 人数, 界: '[10, 30] 人', 得: '[1, 3, 5] 万元'}",
    "falling": "{阶梯: 人数, 界: '[10, 30] 人', 得: '[5, 1, 3] 万元'}",
    "verdict": "{人工认定: 怎样给予原文未写, 由: 示例局, 可能: [投资额 的 5%, 不予]}",
    "verdicts": "{若: {评定: 是}, 则: 投资额 的 5%, 否则: 10万元}",
    "rounded": "{按: 投资额 的 5%, 取整: 1万元 舍去, 保底: 5万元, 封顶: 50万元}",
    "rounded_up": "{按: 营收 的 3‰, 取整: 万元 进位}",
    "rounded_half": "{按: 投资额 的 5%, 取整: 万元 四舍五入}",
    "days": "{按: 100元, 乘: {自: 成立日, 至: 上市日, 计: 天数}}",
    "months": "{按: 1000元, 乘: {自: 成立日, 至: 上市日, 计: 月数}}",
    "by_growth": "{按: 投资额, 乘: {同比: [营收, 上年营收]}}",
    "reading": "{按读法: xx.alike, 取: 投资额 的 5%, 另: 10万元}",
    "seats": "席位 每1个 1万元",
}
CONDITIONS = {
    "comparisons": "{投资额: [不低于 500万元, 低于 1000万元], 人数: 超过 10人, 席位: 不超过 30个, 外资: 为 100万美元}",
    "shares": "{投资额: 不低于 营收 的 5%}",
    "choices": "{类型: 为 甲类、乙类, 合格: 是, 在册: 否}",
    "presumed": "{类型: 默认为 甲类、乙类, 合格: 是}",
    "ways": "{任一: [{合格: 是, 人数: 超过 10人}, {评定: 是}, {人工认定: 也许可以, 由: 示例局}]}",
    "whoever": "{凡: {当: {类型: 为 甲类}, 须: {合格: 是}}, 非: {类型: 为 丙类, 在册: 是}}",
    "grown": "{比: {同比: [营收, 上年营收]}, 不低于: 20%}",
    "grown_more": "{比: {同比: [营收, 上年营收]}, 超过: 20%}",
    "some_of": "{至少: 2项, 其中: [{合格: 是}, {在册: 是}, {评定: 是}, {人数: 超过 10人}]}",
    "few_of": "{非: {至少: 2项, 其中: [{合格: 是}, {在册: 是}, {人数: 超过 10人}]}}",
    "long_enough": "{比: {自: 成立日, 至: 上市日, 计: 月数}, 不低于: 12个月}",
    "terms": "{成立日: 满 5年}",
    "wages": "{投资额: 超过 平均工资 的 5%}",
    "in_time": "{判断日: {不晚于: 上市日 后 10个工作日}}",
    "in_months": "{判断日: {不晚于: 上市日 后 10个月}}",
}


@cache
def engine() -> Engine:
    """All of them in one policy; its text is the rules' own words, since here the text is not what is tested."""
    more = "".join(
        f"  - 事项: 甲{code}\n    代号: {code}\n    依据: xx.1\n    给予: {give}\n" for code, give in GIVES.items()
    ) + "".join(
        f"  - 事项: 乙{code}\n    代号: if_{code}\n    依据: xx.1\n    条件: {condition}\n    给予: 10万元\n"
        for code, condition in CONDITIONS.items()
    )
    limits = "限额:\n  - {名: 限额, 依据: xx.1, 对: [higher], 不超过: 100万元, 已领: 已领}\n"
    words = "　".join((*GIVES.values(), *CONDITIONS.values(), "不超过100万元", "不低于不高于不超过低于超过"))
    small = Small("10万元", {"xx.1": words}, more=more, sections=limits)
    with TemporaryDirectory() as folder:
        root = small.write(Path(folder))
        from pinggu_desk.policy.check import check_pack
        from pinggu_desk.policy.pack import read_pack

        pack, found = read_pack(root)
        assert not found
        ledger = {"word-mismatch", "number-unaccounted", "number-invented"}
        assert {d.code for d in check_pack(pack, root)} <= ledger
        return Engine(pack)


def answers(seed: int, rows: int) -> list[dict[str, int | str]]:
    rnd = random.Random(seed)
    out: list[dict[str, int | str]] = []
    for _ in range(rows):
        known = rnd.choice((0.0, 0.5, 0.9, 1.0))
        row: dict[str, int | str] = {}
        for fact in engine().pack.facts.values():
            least, most = fact.bounds
            match fact.dim:
                case Dim.TRUTH | Dim.OPTION:
                    value = rnd.randint(least, most)
                case Dim.DATE:
                    value = ON.toordinal() + rnd.choice(
                        (-1, 0, -10, -14, -15, -16, -300, -400, -1826, -1827, -1500, 400)
                    )
                case Dim.MONEY | Dim.DOLLAR:
                    value = rnd.choice(
                        (0, 1, 499_999_999, 5 * 10**8, 10**9, 10**9 + 1, 10**8, rnd.randint(0, 3 * 10**9))
                    )
                case _:
                    value = rnd.choice((0, 1, 9, 10, 11, 29, 30, 31, 40))
            if rnd.random() < known:
                row[fact.name] = max(value, least)
        out.append(row)
    return out


def test_every_form_of_the_language_is_among_them() -> None:
    from typing import get_args

    used = {type(node) for rule in engine().rules for node in rule.reach}
    assert used >= {*get_args(Expr), *get_args(Cond)} - {f.After}
    assert any(isinstance(node, f.After) for rule in engine().rules for node in rule.reach)


def test_one_case_and_a_table_agree_on_every_form_across_chunks() -> None:
    rows = answers(5, 1200)
    table = ColumnEngine(engine())
    names = list(engine().pack.facts)

    def column(name: str, part: list[dict[str, int | str]]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        return (
            np.array([int(row.get(name, 0)) for row in part], np.int64),
            np.array([name in row for row in part]),
        )

    padding: list[dict[str, int | str]] = [{} for _ in range(CHUNK - 600)]
    long = [*rows[:600], *padding, *rows[600:]]
    got = table.assess({name: column(name, long) for name in names}, ON)
    kinds = set()
    for index, row in enumerate(rows):
        at = index if index < 600 else index + len(padding)
        for benefit, c in conclude_all(engine(), Answers(ON, row)).items():
            t = got[benefit]
            figure = None if t.figure[at] == NO_FIGURE else FIGURES[t.figure[at]]
            low, high = (None if end[at] == NO_END else int(end[at]) for end in (t.low, t.high))
            assert c is not None
            assert (STATUSES[t.status[at]], figure, low, high) == (c.status, c.figure, c.low, c.high), (benefit, row)
            kinds.add((c.status, c.figure))
    assert {kind for _, kind in kinds} == {None, "computed", "up_to", "range", "by_review", "in_kind"}
    assert {status for status, _ in kinds} == {"eligible", "ineligible", "unknown", "review"}


def test_filling_in_stays_within_every_span_and_kinds_are_foretold() -> None:
    for wide, more in zip(answers(6, 400), answers(7, 400), strict=True):
        broad, narrow = engine().env(Answers(ON, wide)), engine().env(Answers(ON, {**more, **wide}))
        for rule in engine().rules:
            # what is presumed is replaced, not filled in
            for node in rule.reach if wide.keys() >= set(rule.presumed) else ():
                low, high = rule.meaning.of(node)(broad)
                a, b = rule.meaning.of(node)(narrow)
                assert low <= a <= b <= high, (rule.benefit.id, node)
    for row in answers(8, 400):
        for rule in engine().rules:
            c = conclude_all(engine(), Answers(ON, row))[rule.benefit.id]
            assert c is not None and (c.figure is None or c.figure in rule.kinds), rule.benefit.id


def test_what_is_not_missing_does_not_matter_to_any_form() -> None:
    rnd = random.Random(9)
    names = list(engine().pack.facts)
    for row, other in zip(answers(10, 300), answers(11, 300), strict=True):
        name = rnd.choice(names)
        if name in row or name not in other:
            continue
        before, after = (conclude_all(engine(), Answers(ON, r)) for r in (row, {**row, name: other[name]}))
        for benefit, c in before.items():
            d = after[benefit]
            assert c is not None and d is not None
            if name not in engine().rule(benefit).presumed and not any(
                name in named for named in (c.needs.asks, c.needs.verdicts, c.needs.later)
            ):
                assert (c.status, c.figure, c.low, c.high) == (d.status, d.figure, d.low, d.high), (benefit, name)
