"""What the words around a list say of its units: titles, heads over several columns, notes below the last row.

A column's own words go first. A head over several columns speaks for those below it, a title or a note for every column that
nothing nearer speaks for. Where they name two sizes, or a currency that the fact is not counted in, nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pinggu_desk.documents.books.grid import Area
from pinggu_desk.documents.books.units import Unit, unit_of
from pinggu_desk.policy.columns import fold
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.quantity import UNITS, Dim

#: words of a title that are looked at
_LONGEST = 200
_SAID = re.compile(
    r"单位(?:均|都|统一)?[为是:：]{1,2}([^。;)\]】〕]{1,30})|以([^,。以]{1,8})为(?:计量|货币|金额)?单位|以([^,。以]{1,6}元)计(?!算)"
)
#: words without which no unit is named
_WORDS = [*(f"单位{mark}" for mark in ":：为是均都统"), "为单位", "为计量单位", "为货币单位", "为金额单位", "元计"]
_MAY = re.compile(b"|".join(word.encode() for word in _WORDS))
#: a currency or the like that is not known here, and nothing else: 港币, 万欧元
_STRANGE = re.compile("[十百千万亿]{0,2}(?:[\u4e00-\u9fff]{0,2}(?:元|币|美金)|[¥$€£]|usd|eur|hkd|jpy|gbp)")
_PARTS = re.compile(r"[、,/和及或]")
_MONEY = (Dim.MONEY, Dim.DOLLAR)
#: what is given in units of different size
_SIZED = (*_MONEY, Dim.AREA, Dim.COAL, Dim.COUNT)


class Said(NamedTuple):
    """The units that some words name, and one that is unknown here (empty: none)."""

    units: tuple[Unit, ...] = ()
    strange: str = ""


def said(text: str) -> Said:
    """What a title or a note says of units: 单位：万元, 人 · 以元为单位."""
    units: list[Unit] = []
    strange = ""
    for found in _SAID.findall(fold(text[:_LONGEST])):
        for part in _PARTS.split("".join(found)):
            if (unit := unit_of(part)) is not None:
                units.append(unit)
            elif _STRANGE.fullmatch(part):
                strange = part
    return Said(tuple(dict.fromkeys(units)), strange)


def says_a_unit(text: str) -> bool:
    """Whether some words name a unit for what stands around them."""
    return any(said(text))


def may_say_a_unit(text: bytes) -> bool:
    """Whether words in UTF-8 may name one, looked at quickly."""
    return _MAY.search(text) is not None


@dataclass(slots=True)
class Around:
    """Words around a list: by column those over it, nearest first; those that speak for all of it."""

    over: dict[int, list[Said]] = field(default_factory=dict)
    titles: list[Said] = field(default_factory=list)

    def unit_for(self, column: int, fact: Fact) -> tuple[Unit | None, bool]:
        """The unit of a column's bare numbers (None: nothing is said), and whether what is said cannot be held together."""
        for one in self.over.get(column, ()):
            unit, clash = _of(fact, [one])
            if unit is not None or clash:
                return unit, clash
        return _of(fact, self.titles)


def _of(fact: Fact, several: Sequence[Said]) -> tuple[Unit | None, bool]:
    if fact.dim not in _SIZED:
        return None, False
    units = [unit for one in several for unit in one.units]
    fitting = [unit for unit in units if unit.fits(fact) and (fact.dim is not Dim.COUNT or unit.times > 1)]
    sizes = {unit.times * UNITS[unit.of(fact)][1] for unit in fitting}
    money = fact.dim in _MONEY and any(one.strange or _is_money(one.units) for one in several)
    if len(sizes) == 1:
        return fitting[0], fact.dim in _MONEY and any(one.strange for one in several)
    return None, len(sizes) > 1 or (money and not fitting)


def _is_money(units: Iterable[Unit]) -> bool:
    return any(unit.base in UNITS and UNITS[unit.base][0] in _MONEY for unit in units)


def around(
    above: Sequence[tuple[int, Mapping[int, str]]], merged: Sequence[Area], below: Iterable[str],
    bracketed: Callable[[str], tuple[Unit | None, str]],
) -> Around:  # fmt: skip
    """What stands above a head (rows as they are, nearest last) and below its list; ``bracketed`` reads a head's brackets."""
    found = Around(titles=[said(text) for text in below])
    for row, texts in reversed(above):
        columns = sorted(texts)
        for place, column in enumerate(columns):
            whole = said(texts[column])
            unit, strange = bracketed(texts[column])
            strange = strange if _STRANGE.fullmatch(strange) else ""  # （亿元企业） is no unit of a whole list
            if unit is None and not strange:
                found.titles.append(whole)
                continue
            own = Said((unit,), strange) if unit is not None else whole if whole.units else Said((), strange)
            if place == 0 and (column == 1 or len(columns) == 1):
                found.titles.append(own)
                continue
            until = columns[place + 1] - 1 if place + 1 < len(columns) else 10_000
            area = next((a for a in merged if a.top <= row <= a.bottom and a.left == column and a.right > a.left), None)
            for one in range(column, min(until, area.right if area is not None else column + 100) + 1):
                found.over.setdefault(one, []).append(own)
    return found
