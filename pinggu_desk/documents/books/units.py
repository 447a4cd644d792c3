"""Words for units in a list, as heads, formats and titles write them: 万元, 人民币万元, 千元, ㎡, 人次."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.quantity import UNITS, Dim, half_width, plain

_TIMES = {
    "": 1,
    "w": 10_000,
    "k": 1000,
    "十": 10,
    "百": 100,
    "千": 1000,
    "万": 10_000,
    "十万": 100_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
}
_SAME = {
    "月": "个月",
    "m2": "平方米",
    "平米": "平方米",
    "平方": "平方米",
    "圆": "元",
    "%": "%",
    "百分比": "%",
    "rmb": "元",
    "cny": "元",
    "¥": "元",
    "$": "美元",
    "usd": "美元",
    "us$": "美元",
    "人民币": "元",
    "天数": "天",
}
_MULTIPLE = re.compile(r"^(十万|百万|千万|[十百千万亿wk])?(.*)$")
_WRITTEN = re.compile(
    r"^(?:金额)?(?:计量)?(?:货币)?单位(?:为|是)?[:：]?|^[以按](?=.*计|.*单位|.*填)|(?:为单位|计算|计|填写|填报)$|^[(\[（【]|[)\]）】]$"
)
#: words that look like a unit, whether known here or not; a number before them makes them a condition (500万元以上)
UNIT_LIKE = re.compile(
    r"(?:^|[^0-9.十百千万亿])[十百千万亿]{0,2}(?:元|币)|(?:美金|吨|米|亩|顷|[%‰]|usd|eur|hkd|jpy)$|[¥$€£]|^[十百千万亿]{1,2}$"
    r"|元/|/(?:月|年|天|日|人|季)"
)


class Unit(NamedTuple):
    """``times`` of ``base`` (a word of ``UNITS``; empty: 万 or 亿 alone, of whatever the fact counts)."""

    times: int
    base: str

    def of(self, fact: Fact) -> str:
        """The base word for a fact."""
        if self.base:
            return self.base
        return {Dim.MONEY: "元", Dim.DOLLAR: "美元"}.get(fact.dim, fact.input_unit)

    def words(self, fact: Fact) -> str:
        """What it is called: 万元."""
        return next((word for word, times in _TIMES.items() if times == self.times and word not in "wk"), "") + self.of(
            fact
        )

    def fits(self, fact: Fact) -> bool:
        """Whether a value of the fact may be given in it."""
        base = self.of(fact)
        return (
            (base in UNITS and UNITS[base][0] is fact.dim)
            or base == fact.input_unit
            or (fact.input_unit == "天" and base == "日")
        )

    def shrinks(self, fact: Fact) -> Fraction:
        """What a figure in the plain unit (元, 平方米) is multiplied by to stand in this one."""
        plain = {Dim.MONEY: "元", Dim.DOLLAR: "美元"}.get(fact.dim, self.of(fact))
        return Fraction(UNITS[plain][1]) / (self.times * UNITS[self.of(fact)][1])

    def same(self, other: Unit, fact: Fact) -> bool:
        """Whether both are one size for the fact."""
        return self.times * UNITS[self.of(fact)][1] == other.times * UNITS[other.of(fact)][1]


def unit_of(words: str) -> Unit | None:
    """The unit that the words name and nothing else; None for all other words."""
    text = half_width(words).lower().removeprefix("人民币").lstrip(":：")
    while (bare := _WRITTEN.sub("", text)) != text:
        text = bare
    text = _SAME.get(text, text)
    if text in UNITS and text not in ("万元", "亿元", "万美元"):
        return Unit(1, text)
    match = _MULTIPLE.match(text)
    assert match is not None
    times, base = _TIMES[match[1] or ""], _SAME.get(match[2], match[2]).removeprefix("人民币")
    if not base and times < 10_000:
        return None
    return Unit(times, base) if not base or (base in UNITS and times > 1) else None


def in_unit(number: Fraction, unit: Unit, fact: Fact) -> str:
    """So many of a unit, as a clerk would type it."""
    return f"{plain(_decimal(number * unit.times))}{unit.of(fact)}"


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)
