"""Typed quantities (量) in whole units: 500万元, 2万美元, 5%, 1600平方米, 30吨标煤, 60个工作日.

Every quantity is a whole number of the smallest unit of its dimension (:class:`Dim`): fen, cents, 0.01 %,
1/1500 square metre (so 亩, 公顷 and 0.01 平方米 are exact), and so on. Floats never appear.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from pinggu_desk.policy.characters import seen

#: "No bound" (无上限) inside the algebra. Every entered quantity is smaller; 10_000 times it fits in 64 bits.
INF = 10**14


class Dim(StrEnum):
    """What a whole number counts; two quantities may be compared or added only within one dimension."""

    MONEY = "金额"  # fen 分
    DOLLAR = "美元"  # cents
    RATE = "比例"  # 0.01 %
    AREA = "面积"  # 1/1500 square metre
    COAL = "能耗"  # kilograms of standard coal equivalent (吨标煤 / 1000)
    COUNT = "数量"  # whole things: 人, 家, 个, 项 ...
    SCORE = "得分"  # 分
    MONTHS = "月数"
    DAYS = "天数"
    WORKDAYS = "工作日"
    DATE = "日期"  # proleptic ordinal (datetime.date.toordinal)
    TRUTH = "是否"
    OPTION = "选项"
    TEXT = "文本"
    SERVICE = "服务"


#: unit word -> (dimension, smallest units in one)
UNITS: dict[str, tuple[Dim, Fraction]] = {
    "元": (Dim.MONEY, Fraction(100)),
    "百元": (Dim.MONEY, Fraction(10_000)),
    "千元": (Dim.MONEY, Fraction(100_000)),
    "万元": (Dim.MONEY, Fraction(1_000_000)),
    "亿元": (Dim.MONEY, Fraction(10_000_000_000)),
    "美元": (Dim.DOLLAR, Fraction(100)),
    "万美元": (Dim.DOLLAR, Fraction(1_000_000)),
    "%": (Dim.RATE, Fraction(100)),
    "倍": (Dim.RATE, Fraction(10_000)),
    "‰": (Dim.RATE, Fraction(10)),
    "BP": (Dim.RATE, Fraction(1)),  # 基点
    "平方米": (Dim.AREA, Fraction(1500)),
    "亩": (Dim.AREA, Fraction(1_000_000)),
    "公顷": (Dim.AREA, Fraction(15_000_000)),
    "吨标煤": (Dim.COAL, Fraction(1000)),
    "分": (Dim.SCORE, Fraction(1)),
    "个月": (Dim.MONTHS, Fraction(1)),
    "年": (Dim.MONTHS, Fraction(12)),
    "日": (Dim.DAYS, Fraction(1)),
    "天": (Dim.DAYS, Fraction(1)),
    "个工作日": (Dim.WORKDAYS, Fraction(1)),
    **{
        word: (Dim.COUNT, Fraction(1))
        for word in ("人", "家", "个", "项", "次", "人次", "名", "套", "件", "处", "台", "个年度")
    },
}

_UNIT_WORDS = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
#: Whole digits, or digits in threes: 8,000,000. A comma anywhere else may stand for a point (1,5), so it is refused.
_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"
_DECIMAL = re.compile(rf"[+-]?({_DIGITS}(\.[0-9]*)?|\.[0-9]+)")
_QUANTITY = re.compile(rf"^(-?{_DIGITS}(?:\.[0-9]+)?)(万|亿)?({_UNIT_WORDS})$")
_MULTIPLIER = {None: 1, "万": 10_000, "亿": 100_000_000}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A whole number of the smallest units of ``dim``; ``text`` is how it was written."""

    value: int
    dim: Dim
    text: str

    def __str__(self) -> str:
        return self.text


def half_width(text: str) -> str:
    """Full-width digits, letters and punctuation to half width, spaces and unseen characters removed (全角转半角)."""
    if text.isascii() and text.isalnum():
        return text
    folded = unicodedata.normalize("NFKC", seen(text)).replace("，", ",").replace("．", ".")
    return "".join(folded.split())


def decimal_of(text: str) -> Decimal | None:
    """The exact decimal written in ``text`` (thousands separators allowed where they belong), or None."""
    return Decimal(text.replace(",", "")) if _DECIMAL.fullmatch(text) else None


@lru_cache(maxsize=4096)
def parse_quantity(text: str) -> Quantity | None:
    """Read ``500万元``, ``5%``, ``1/1`` style typed quantities; None when ``text`` is no quantity.

    A value that is not a whole number of smallest units (0.001元) is no quantity either.
    """
    match = _QUANTITY.match(half_width(text).replace("m2", "平方米").replace("平米", "平方米"))
    if match is None:
        return None
    number, multiple, unit = match.groups()
    if multiple and unit in ("百元", "千元", "万元", "亿元", "万美元"):
        return None
    dim, factor = UNITS[unit]
    whole = Fraction(Decimal(number.replace(",", ""))) * _MULTIPLIER[multiple] * factor
    if whole.denominator != 1:
        return None
    return Quantity(int(whole), dim, text)


def plain(number: Decimal | Fraction, places: int | None = None) -> str:
    """A decimal without exponent; trailing zeros dropped unless ``places`` fixes them."""
    if isinstance(number, Fraction):
        number = Decimal(number.numerator) / Decimal(number.denominator)
    if places is not None:
        return f"{number:,.{places}f}"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def yuan(fen: int) -> str:
    """Fen as a decimal string in yuan with two places, as the JSON output carries it: ``"400000.00"``."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100}.{fen % 100:02d}"


#: a sum from here on is told in 亿元, from the second on in 万元; below it in 元 (whole fen)
_YI, _WAN = 10_000_000_000, 1_000_000
#: whole digits up to this many stand without separators (6000元), as the texts print them
_BARE_DIGITS = 4


def wan(fen: int) -> str:
    """Fen as words, exact and in one notation: ``1.5亿元``, ``40万元``, ``8000元``, ``499,999.90元``.

    A sum has one wording wherever it stands: 亿 from one 亿 up, 万元 where that is exact to a yuan, else 元 with separators.
    """
    if not fen % 100 and abs(fen) >= _WAN:
        size, unit = (_YI, "亿元") if abs(fen) >= _YI else (_WAN, "万元")
        return f"{plain(Fraction(fen, size))}{unit}"
    return yuan_words(fen)


def yuan_words(fen: int) -> str:
    """Fen as words in 元: ``8000元``, ``72,000元``, ``5288.50元``; separators from five whole digits on."""
    whole, part = divmod(abs(fen), 100)
    digits = f"{whole:,}" if len(str(whole)) > _BARE_DIGITS else str(whole)
    return f"{'-' if fen < 0 else ''}{digits}{f'.{part:02d}' if part else ''}元"


def headline_sum(fen: int) -> str:
    """Fen as a headline shows them: ``40.00 万元``, ``1.50 亿元``, and below one 万 ``8000 元`` as the texts say."""
    if abs(fen) < _WAN:
        return f"{yuan_words(fen).removesuffix('元')} 元"
    size, unit = (_YI, "亿元") if abs(fen) >= _YI else (_WAN, "万元")
    exact = Decimal(fen) / size
    digits = plain(exact, 2) if exact == exact.quantize(Decimal("0.01")) else f"{exact.normalize():,f}"
    return f"{digits} {unit}"


#: unit in which a value of a dimension is shown, and its size in smallest units
_SHOWN: dict[Dim, tuple[str, int]] = {
    Dim.DOLLAR: ("万美元", 1_000_000), Dim.RATE: ("%", 100), Dim.AREA: ("平方米", 1500), Dim.COAL: ("吨标煤", 1000),
    Dim.SCORE: ("分", 1), Dim.MONTHS: ("个月", 1), Dim.DAYS: ("日", 1), Dim.WORKDAYS: ("个工作日", 1),
    Dim.COUNT: ("个", 1),
}  # fmt: skip


def show(value: int | Fraction, dim: Dim, unit: str = "") -> str:
    """A value of ``dim`` as Chinese words; ``unit`` names the thing counted (人), or the unit of area (亩).

    A fraction is a bound that no whole number meets (40% of 8 persons): it is shown as it is, 3.2人.
    """
    if isinstance(value, Fraction):
        if value.denominator != 1:
            return _parts(value, dim, unit)
        value = int(value)
    if dim is Dim.MONEY:
        return wan(value)
    if dim is Dim.DATE:
        day = date.fromordinal(value)
        return f"{day.year}年{day.month}月{day.day}日"
    if dim is Dim.TRUTH:
        return "是" if value else "否"
    if dim is Dim.MONTHS and value % 12 == 0 and (value or unit == "年"):
        return f"{value // 12}年"
    word, size = _shown(dim, unit)
    return f"{grouped(ratio(value, size))}{word}"


def _shown(dim: Dim, unit: str) -> tuple[str, int]:
    word, size = _SHOWN.get(dim, ("", 1))
    if dim is Dim.AREA and unit in ("亩", "公顷"):
        return unit, int(UNITS[unit][1])
    return (unit, size) if dim is Dim.COUNT and unit else (word, size)


def _parts(value: Fraction, dim: Dim, unit: str) -> str:
    """A value that is no whole number of smallest units, to six places."""
    word, size = ("元", 100) if dim is Dim.MONEY else _shown(dim, unit)
    exact = value / size
    return f"{grouped(ratio(exact.numerator, exact.denominator))}{word}"


def grouped(number: str) -> str:
    """A plain decimal with separators from five whole digits on: ``2700``, ``12,000.5``."""
    whole, point, part = number.partition(".")
    return f"{int(whole):,}{point}{part}" if len(whole.lstrip("-")) > _BARE_DIGITS else number


def ratio(value: int, size: int) -> str:
    """``value / size`` as a plain decimal, exact to six places (half up beyond, which only odd areas in 平方米 need)."""
    millionths = (abs(value) * 2_000_000 + size) // (2 * size)
    whole, part = divmod(millionths, 1_000_000)
    text = f"{whole}.{part:06d}".rstrip("0").rstrip(".") if part else str(whole)
    return f"-{text}" if value < 0 and millionths else text
