"""Units as forms write them: 万元, （人民币万元）, 以万元为单位, ㎡, 大写; and which of a label's words are one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from pinggu_desk.policy.quantity import UNITS, Dim

#: dimensions of which a form may choose the unit
MEASURED = frozenset({Dim.MONEY, Dim.DOLLAR, Dim.RATE, Dim.AREA, Dim.COAL, Dim.COUNT, Dim.SCORE, Dim.MONTHS, Dim.DAYS})
_TIMES = {
    "十": 10, "百": 100, "千": 1_000, "万": 10_000, "十万": 100_000, "百万": 1_000_000, "千万": 10_000_000,
    "亿": 100_000_000, "万亿": 1_000_000_000_000,
}  # fmt: skip
#: other words for the units of quantities; a square kilometre and what else forms use beside them
_OTHER: dict[str, tuple[Dim, Fraction]] = {
    "圆": UNITS["元"], "元整": UNITS["元"], "美金": UNITS["美元"], "USD": UNITS["美元"], "US$": UNITS["美元"],
    "$": UNITS["美元"], "角": (Dim.MONEY, Fraction(10)), "分钱": (Dim.MONEY, Fraction(1)),
    "平米": UNITS["平方米"], "m2": UNITS["平方米"], "平方": UNITS["平方米"], "平方公里": (Dim.AREA, Fraction(1_500_000_000)),
    "平方千米": (Dim.AREA, Fraction(1_500_000_000)), "km2": (Dim.AREA, Fraction(1_500_000_000)),
    "市亩": UNITS["亩"], "ha": UNITS["公顷"], "hm2": UNITS["公顷"],
    "吨标准煤": UNITS["吨标煤"], "tce": UNITS["吨标煤"], "千克标煤": (Dim.COAL, Fraction(1)), "公斤标煤": (Dim.COAL, Fraction(1)),
    "千克标准煤": (Dim.COAL, Fraction(1)), "百分比": UNITS["%"], "百分数": UNITS["%"], "百分之": UNITS["%"],
    "千分之": (Dim.RATE, Fraction(10)), "月": UNITS["个月"], "工作日": UNITS["个工作日"],
    **{word: (Dim.COUNT, Fraction(1)) for word in ("位", "户", "人次", "张", "台", "台套", "台、套", "篇", "场", "处", "间", "笔")},
}  # fmt: skip
KNOWN = {**{word: unit for word, unit in UNITS.items() if word not in ("个工作日", "处", "台")}, **_OTHER}
#: what forms count in and nothing here does: a figure can't be put into it
_FOREIGN = (
    "欧元", "日元", "港元", "港币", "英镑", "韩元", "加元", "澳元", "新加坡元", "瑞士法郎", "卢布", "台币", "新台币", "澳门元",
    "€", "£", "HK$", "EUR", "HKD", "JPY", "GBP",
    "平方尺", "平方英尺", "坪", "英亩", "顷", "立方米", "吨", "千克", "公斤", "千瓦时", "kWh", "度", "公里", "米", "小时",
)  # fmt: skip
#: a sum in capitals: written, not counted, so of no size
CAPITALS = "大写"
#: the parts of a day that stands in three cells
PARTS_OF_DAY = ("年", "月", "日")
_SCALES = "|".join(sorted(_TIMES, key=len, reverse=True))
_SCALED = re.compile(rf"^({_SCALES})(.+)$")
_PAIRS = "()[]{}<>【】〔〕『』「」《》〈〉“”"
_OPEN, _CLOSE = map(re.escape, (_PAIRS[::2], _PAIRS[1::2]))
_BRACKETS = re.compile(rf"[{_OPEN}]([^{_OPEN}{_CLOSE}]*)[{_CLOSE}]")
_BEHIND = re.compile(r"[:\s/,;_|、—–-]([^:\s/,;_|、()—–-]{1,10})$")
_OVER = re.compile(r"[:\s]([^:\s/()]{1,6}/[^:\s/()]{1,6})$")
#: 以万元为单位, 单位均为万元; 以万元计 and 按万元填写 speak of money only: 按月计算, 按亩计算 are no units
_SPOKEN = re.compile(
    r"(?:以|按|用|取)(?P<unit>[^以按用取,。;、()]{1,8}?)为(?:计量|计价|金额)?单位"
    r"|(?:(?<![一-鿿])|计量|计价|金额|货币|资金|数额|数据)单位[均统一都]{0,2}[:为是]?(?P<of>[^单位,。;、()]{1,8})"
    r"|(?:以|按|用|取)(?P<sum>[^以按用取,。;、()]{1,8}?)(?:计算|计|填报|填列|填写|填|列示|表示)"
)
_APART = re.compile(r"[、,;和及或\s]+")
_NUMERALS = "0-9.一二两三四五六七八九数几十百千万亿"
_MONEY = "|".join(("元", "圆", "美元", "美金", *(word for word in _FOREIGN if word[-1:] in "元币镑郎布")))
#: what is a unit wherever it stands, unless it belongs to an amount (不超过500万元)
_STRONG = re.compile(rf"(?<![{_NUMERALS}])((?:{_SCALES})(?:{_MONEY}|平方米|亩|人)|美元|美金|欧元|港元|港币|日元|英镑)")
#: what is a unit at the end of a label (占地面积平方米)
_LAST = re.compile(rf"(?<![{_NUMERALS}])(元|平方米|平米|m2|公顷|亩|%|‰|吨标准?煤|大写)$")
_FILLER = re.compile(rf"[{_OPEN}{_CLOSE}。.:*_\s]|计量单位|金额单位|单位|小写|整$")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its word, its dimension (None for a currency that nothing here is counted in), smallest units in one.

    ``each`` are the words behind the strokes of 元/月: a sum that is itself one a month may be written so.
    """

    word: str
    dim: Dim | None
    size: Fraction = Fraction(0)
    each: tuple[str, ...] = ()

    @property
    def capitals(self) -> bool:
        """Whether the figure is written out (陆佰万元整)."""
        return self.word == CAPITALS


def folded(text: str) -> str:
    """A text of a form with its signs in one form each: half width, 萬 as 万, what stands apart in a unit together."""
    plain = unicodedata.normalize("NFKC", text).translate({0x842C: "万", 0x5104: "亿", 0x5713: "圆", 0x755D: "亩"})
    return re.sub(r"(?<=[一-鿿])[ \t\u3000]{1,3}(?=[元位])", "", plain)


@lru_cache(maxsize=1024)
def unit_of(word: str) -> Unit | None:
    """A unit by its word as forms write it: 万元, ㎡, 人民币万元, 千平方米; None for what is no unit."""
    plain = re.sub(r"人民币|^RMB(?=.)|^CNY(?=.)|[¥￥]", "", folded(word)).strip(" :/.。*_")
    plain = re.sub(r"^[wW](?=元|$)", "万", re.sub(r"^[kK](?=元)", "千", plain))
    if not plain:
        return None
    if plain in KNOWN:
        return Unit(plain, *KNOWN[plain])
    if plain == CAPITALS:
        return Unit(plain, Dim.MONEY)
    if plain in ("RMB", "CNY"):
        return Unit("元", *KNOWN["元"])
    if plain in _FOREIGN or plain in _TIMES:
        return Unit(plain, None)
    if "/" in plain and all(unit_of(part) for part in plain.split("/")):
        base = unit_of(plain.split("/")[0])
        return Unit(plain, None, base.size if base and base.dim else Fraction(0), tuple(plain.split("/")[1:]))
    if plain.endswith("整"):
        return unit_of(plain[:-1])
    scaled = _SCALED.match(plain)
    base = unit_of(scaled[2]) if scaled else None
    if scaled is None or base is None or base.word in ("%", "‰") or base.word in _TIMES or base.capitals:
        return None
    return Unit(plain, base.dim, base.size * _TIMES[scaled[1]], base.each)


def counted_in(unit: Unit, wanted: Unit, name: str) -> Unit:
    """What a unit means for a value: 万 alone is ten thousand of what it is counted in, 元/月 is 元 where the name has the 月."""
    if unit.word in _TIMES:
        return unit_of(unit.word + wanted.word) or unit
    if unit.each and unit.size and all(each.removeprefix("个") in name for each in unit.each):
        return unit_of(unit.word.split("/")[0]) or unit
    return unit


@lru_cache(maxsize=4096)
def units_in(text: str) -> tuple[Unit, ...]:
    """The units that a label or head names: in brackets, else behind its last stroke or colon, else where only a unit can be."""
    plain = folded(text).strip()
    if re.search("标准?煤|tce", plain):  # 折标准煤（吨）
        plain = re.sub(r"吨(?!标|/)", "吨标煤", plain)
    found = [unit for inner in _BRACKETS.findall(plain) for unit in _listed(inner)]
    if found:
        return tuple(dict.fromkeys(found))
    for pattern in (_OVER, _BEHIND):
        if (behind := pattern.search(plain.rstrip("*:。 "))) and (unit := unit_of(behind[1])):
            return (unit,)
    if whole := unit_of(plain):
        return (whole,)
    return tuple(dict.fromkeys((*spoken(plain), *_scanned(plain))))


def only_units(text: str) -> tuple[Unit, ...]:
    """The units of a text that says nothing else: 万元, （万元）, 单位：万元, 万元整; empty for any other text."""
    plain = folded(text).strip()
    bare = _FILLER.sub("", plain)
    if not bare or len(plain) > 24:
        return ()
    parts = [unit_of(part) for part in ([bare] if unit_of(bare) else _APART.split(bare))]
    return tuple(dict.fromkeys(part for part in parts if part)) if all(parts) else ()


def _listed(text: str) -> Iterable[Unit]:
    """The units among words such as 单位：万元，保留两位小数."""
    if whole := unit_of(text):
        return [whole]
    inner = re.sub(r"^.*?单位\s*[:为是]?\s*", "", text) or text
    parts = [unit for part in _APART.split(inner) if (unit := unit_of(part) or _last_of(part))]
    return parts or [*spoken(text), *_scanned(text)]


def listed(text: str) -> tuple[Unit, ...]:
    """The units in a list of them (万元、%), as a note over a table has it."""
    return tuple(dict.fromkeys(_listed(folded(text))))


def _last_of(part: str) -> Unit | None:
    """人民币:万元 is 万元."""
    return unit_of(part.rpartition(":")[2]) if ":" in part else None


def spoken(text: str) -> Iterable[Unit]:
    """The units of phrases such as 以万元为单位; ``text`` is folded."""
    for found in _SPOKEN.finditer(text):
        unit = unit_of(found["unit"] or found["of"] or found["sum"])
        if unit and (not found["sum"] or unit.dim in (None, Dim.MONEY, Dim.DOLLAR)):
            yield unit


def _scanned(text: str) -> Iterable[Unit]:
    for word in (*_STRONG.findall(text), *_LAST.findall(text.rstrip("*:。 "))):
        if unit := unit_of(word):
            yield unit
