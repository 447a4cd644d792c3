"""Sense of size (平常范围): what an answer of its kind usually lies within, and the one sentence on what lies outside.

Nothing here refuses: a doubt asks for a second look (万 for 元, a slip of a year, a telephone with a figure too few).
The defaults by kind and name are data (``usual.yaml``), the first that fits; a fact's own range comes before them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from pydantic import Field, ValidationError

from pinggu_desk.policy.errors import Diagnostic
from pinggu_desk.policy.facts import Fact, FactKind, Strict
from pinggu_desk.policy.identity import check_particular
from pinggu_desk.policy.quantity import UNITS, Dim, parse_quantity, ratio

if TYPE_CHECKING:
    from pinggu_desk.policy.reader import Source

#: the unit that a figure is most likely to have been meant in, where it is far out of what is usual
_MEANT = {
    "万元": "元", "元": "万元", "万美元": "美元", "美元": "万美元", "亩": "平方米", "公顷": "平方米", "平方米": "亩",
    "吨标煤": "千克标煤", "年": "个月", "个月": "年",
}  # fmt: skip


#: a day further back than so many years, or further ahead where it may be to come, is asked about
_BACK, _AHEAD = 60, 50

#: what one past award (以往奖励) usually comes to
AWARD: tuple[str, str] = ("100元", "2000万元")


class Usual(Strict):
    """One default (平常范围): for facts of a kind whose name has one of the words (名含), whose owner and unit are named."""

    kind: FactKind = Field(alias="类")
    words: tuple[str, ...] = Field(alias="名含", default=())
    owners: tuple[str, ...] = Field(alias="归属", default=())
    units: tuple[str, ...] = Field(alias="单位", default=())
    range: tuple[str, str] = Field(alias="平常范围")

    def fits(self, fact: Fact) -> bool:
        """Whether it speaks of this fact."""
        return (
            fact.kind == self.kind
            and (not self.words or any(word in fact.name for word in self.words))
            and (not self.owners or fact.owner in self.owners)
            and (not self.units or fact.input_unit in self.units)
        )


def read_usual(source: Source, found: list[Diagnostic]) -> list[Usual]:
    """The defaults of ``usual.yaml``; what is wrong with them goes to ``found``."""
    out: list[Usual] = []
    for index, raw in enumerate(source.data or ()):
        try:
            rule = Usual.model_validate(raw)
        except ValidationError:
            sentence = f"第 {index + 1} 项应写“类”和“平常范围: [下限, 上限]”，另可写“名含”“归属”“单位”。"
            found.append(source.found("bad-entry", (index,), sentence))
            continue
        sample = Fact.model_validate({"名": "平常", "代号": "usual", "类": rule.kind, "问": "平常"})
        fault = _fault(sample, rule.range)
        if fault is None:
            out.append(rule)
        else:
            found.append(source.found(fault[0], (index, "平常范围"), fault[1]))
    return out


def with_usual(
    facts: Mapping[str, Fact], rules: list[Usual], source: Source, found: list[Diagnostic]
) -> dict[str, Fact]:  # fmt: skip
    """The facts, each with its usual range: its own, which is checked, or the first default that fits."""
    out: dict[str, Fact] = {}
    for index, (name, fact) in enumerate(facts.items()):
        if fact.usual is not None:
            fault = _fault(fact, fact.usual) or _outside(fact, fact.usual)
            if fault is not None:
                found.append(source.found(fault[0], (index, "平常范围"), f"“{name}”的{fault[1]}"))
            out[name] = fact
            continue
        rule = next((rule for rule in rules if rule.fits(fact)), None)
        out[name] = fact.model_copy(update={"usual": rule.range}) if rule is not None else fact
    return out


def _fault(fact: Fact, ends: tuple[str, str]) -> tuple[str, str] | None:
    low, high = map(parse_quantity, ends)
    words = f"平常范围“{ends[0]}至{ends[1]}”"
    if low is None or high is None or low.dim is not fact.dim or high.dim is not fact.dim:
        return "usual-unit", f"{words}的单位不对，应以{fact.input_unit or fact.kind}写。"
    if low.value > high.value:
        return "usual-reversed", f"{words}写反了，应先写小的再写大的。"
    return None


def _outside(fact: Fact, ends: tuple[str, str]) -> tuple[str, str] | None:
    low, high = map(parse_quantity, ends)
    least, most = fact.bounds
    if low is not None and high is not None and (low.value < least or high.value > most):
        return "usual-outside", f"平常范围“{ends[0]}至{ends[1]}”超出了最少、最多的界限，请核对。"
    return None


def usual_bounds(fact: Fact) -> tuple[int, int] | None:
    """The usual range in smallest units; None for dates, choices, text and facts without one."""
    if fact.usual is None:
        return None
    low, high = map(parse_quantity, fact.usual)
    return (low.value, high.value) if low is not None and high is not None else None


def beyond(fact: Fact, value: int) -> int:
    """-1 where a value is far less than usual, 1 where it is far more, else 0. Nought is always usual: 没有的填 0."""
    ends = usual_bounds(fact)
    if ends is None or not value:
        return 0
    return -1 if value < ends[0] else int(value > ends[1])


def size_words(fact: Fact, way: int) -> str:
    """What is said of a value beyond the usual range: ``比平常的大得多，请核对单位是万元还是元``."""
    unit = fact.input_unit
    meant = (
        f"单位是{unit}还是{_MEANT[unit]}" if unit in _MEANT else "百分数和小数点" if unit == "%" else "有没有多写或少写"
    )
    return f"比平常的{'大' if way > 0 else '小'}得多，请核对{meant}"


def late_words(on: date) -> str:
    """What is said of the day of a past event that is still to come: ``晚于判断日2026年3月2日，请核对年份``."""
    return f"晚于判断日{on.year}年{on.month}月{on.day}日，请核对年份"


def early_words(on: date) -> str:
    """What is said of a day so far back that a figure of its year may have slipped."""
    return f"比判断日{on.year}年{on.month}月{on.day}日早了{_BACK}多年，请核对年份"


def day_bounds(fact: Fact, on: date) -> tuple[int, int]:
    """First and last day that a day of this kind usually lies between: in living memory, not to come unless it may be."""
    last = on.replace(year=on.year + _AHEAD, day=1) if fact.future else on
    return on.replace(year=on.year - _BACK, day=1).toordinal(), last.toordinal()


def doubt_of(fact: Fact, value: int | str, on: date) -> str:
    """The one sentence that asks for a second look at an answer by itself; empty where there is nothing to say.

    ``value`` in smallest units (text for text), ``on`` the day of judgement.
    """
    if isinstance(value, str):
        return particular_words(fact, value, on)
    if fact.dim is Dim.DATE:
        first, last = day_bounds(fact, on)
        words = late_words(on) if value > last else early_words(on) if value < first else ""
        return f"{fact.name} {fact.show(value)}{words}。" if words else ""
    way = beyond(fact, value)
    return f"{fact.name} {_entered(fact, value)}{size_words(fact, way)}。" if way else ""


def particular_words(fact: Fact, text: str, on: date) -> str:
    """The sentence on a telephone, postcode or account that has another form than its kind; empty for any other text."""
    if not text or not (fact.standing or fact.party == "电话"):
        return ""
    found = check_particular(fact.name, text, on)
    return found.sentence or (f"{fact.name}：{found.hint}" if found.hint else "")


def _entered(fact: Fact, value: int) -> str:
    """``8000000 万元（800亿元）``: in the unit that it is entered in, and in words where these differ."""
    unit = fact.input_unit
    size = UNITS[unit][1] if unit in UNITS else 1
    number, shown = ratio(value, int(size)), fact.show(value)
    return f"{number}{'' if unit == '%' else ' '}{unit}" + (
        "" if shown.replace(",", "") == f"{number}{unit}" else f"（{shown}）"
    )


__all__ = [
    "AWARD", "Usual", "beyond", "day_bounds", "doubt_of", "early_words", "late_words", "particular_words", "read_usual", "size_words",
    "usual_bounds", "with_usual",
]  # fmt: skip
