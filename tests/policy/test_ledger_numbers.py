"""The ledger reads a number as a person does: with the multiple that stands behind a range, and the bound's own words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pinggu_desk.policy.ledger import numbers_in


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("直接投资额100-500万美元的", [(1_000_000, ""), (5_000_000, "")]),
        ("直接投资额500（含）-1000万美元的", [(5_000_000, "i"), (10_000_000, "")]),
        ("直接投资额1000（含）万美元以上的", [(10_000_000, "i")]),
        ("评估价值不得低于500万美元", [(5_000_000, "ge")]),
        ("支出金额大于3万元人民币（含3万元）的项目", [(30_000, "i"), (30_000, "")]),
        ("支出金额大于3万元人民币的项目", [(30_000, "gt")]),
        ("名额100-500人", [(100, ""), (500, "")]),
    ],
)
def test_ranges_and_bound_words(words: str, expected: list[tuple[int, str]]) -> None:
    assert [(number.value, number.role) for number in numbers_in(words)] == [(Decimal(v), role) for v, role in expected]
