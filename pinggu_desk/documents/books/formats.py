"""What a cell's number format says of its number: a unit (``0.00"万元"``), a scale (``0,``), a currency, a date, words.

A number alone means nothing: 100000 shown as ``100,000.00元`` or as ``10.0万元`` is ten 万元 either way. Whatever a format
says that is not understood here is told, never passed over.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from pinggu_desk.policy.characters import seen

#: a section's condition: ``[>=10000]``
_CONDITION = re.compile(r"^(<=|>=|<>|<|>|=)(-?[0-9.]+)$")
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.?)|_.?|\*.?|\[(?P<bracket>[^\]]*)\]?|(?P<general>General|G/通用格式)'
    r"|(?P<power>E[+-])|(?P<noon>AM/PM|A/P|上午/下午)|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
#: built-in formats, which a file names by number alone; 27 to 36 and 50 to 58 are the East Asian ones
_BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '"￥"#,##0', 6: '"￥"#,##0', 7: '"￥"#,##0.00',
    8: '"￥"#,##0.00', 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy",
    16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"', 34: 'h"时"mm"分"', 35: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0", 38: "#,##0",
    39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: '"￥"#,##0', 43: "#,##0.00", 44: '"￥"#,##0.00', 45: "mm:ss",
    46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"', 54: 'm"月"d"日"', 55: 'h"时"mm"分"', 56: 'h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
_SIGNS = {"¥": "元", "￥": "元", "RMB": "元", "CNY": "元", "人民币": "元", "$": "美元", "US$": "美元", "USD": "美元"}
#: decoration that says nothing of the amount
_NOTHING = re.compile(r"[\s()+\-—–]+")
_DATE_WORDS = frozenset("年月日号-/.")
_PLACES = "0#?"


@dataclass(frozen=True, slots=True)
class Shown:
    """How a number is shown.

    ``scale`` times the number is what a reader sees; ``unit`` is the word beside it (empty: none) and ``sign`` whether it is
    a sign of currency before it; ``dated`` are the parts of a date that are shown (``ymd``, ``t`` for a time); ``words``
    stand in place of the number (None: the number shows); ``zeros`` is how many figures are shown at least.
    """

    scale: Fraction = Fraction(1)
    unit: str = ""
    sign: bool = False
    dated: str = ""
    words: str | None = None
    zeros: int = 0

    @property
    def plain(self) -> bool:
        """Whether it is the number and nothing else."""
        return self.scale == 1 and not self.unit and not self.dated and self.words is None


PLAIN = Shown()


def built_in(number: int) -> str:
    """The format that a file means by a number alone; General for a number that stands for none."""
    return _BUILT_IN.get(number, "General")


@lru_cache(maxsize=4096)
def shown(code: str, above: int) -> Shown:
    """What the format ``code`` makes of a number that is above, below or nought (1, -1, 0), where no condition is met."""
    return _read(_sections(code)[1], above)


def shown_as(code: str, number: Fraction) -> Shown:
    """What the format ``code`` makes of ``number``."""
    conditional, sections = _sections(code)
    above = (number > 0) - (number < 0)
    if not conditional:
        return shown(code, above)
    for section in sections:
        found = _met(section, number)
        if found is not None:
            return _section(section) if found else PLAIN
    return PLAIN


def _met(section: str, number: Fraction) -> bool | None:
    """True for the section to take; None to look further."""
    for token in _TOKEN.finditer(section):
        if (match := _CONDITION.match((token["bracket"] or "").strip())) is not None:
            bound = Fraction(match[2])
            holds = {
                "<": number < bound, ">": number > bound, "<=": number <= bound, ">=": number >= bound,
                "=": number == bound, "<>": number != bound,
            }[match[1]]  # fmt: skip
            return True if holds else None
    return True


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[bool, tuple[str, ...]]:
    """The format's sections, and whether any has a condition of its own."""
    parts, conditional = [""], False
    for token in _TOKEN.finditer(code):
        if token["plain"] == ";":
            parts.append("")
            continue
        parts[-1] += token[0]
        conditional |= _CONDITION.match((token["bracket"] or "").strip()) is not None
    return conditional, tuple(parts)


def _read(sections: tuple[str, ...], above: int) -> Shown:
    if above < 0 and len(sections) > 1:
        return _section(sections[1])
    if above == 0 and len(sections) > 2:
        return _section(sections[2])
    return _section(sections[0])


@lru_cache(maxsize=2048)
def _section(section: str) -> Shown:
    """One section, token by token: places of figures, what stands before, between and behind them."""
    places = ""  # figures, points and commas as they stand; "." put in as a literal is "!"
    before = behind = dates = ""
    sign = ""
    percents = 0
    for token in _TOKEN.finditer(section):
        literal = token["quoted"] if token["quoted"] is not None else token["escaped"] or ""
        if token["bracket"] is not None:
            money, dates = _bracket(token["bracket"]), dates + _elapsed(token["bracket"])
            sign = sign or money
        elif token["general"] is not None or token["power"] is not None:
            places += "0"
        elif token["noon"] is not None:
            dates += "h"
        elif token["plain"] is not None:
            char = token["plain"]
            if char in _PLACES or (char in ".," and places) or (char == "/" and places.endswith(tuple(_PLACES))):
                places += char
            elif char == "%":
                percents += 1
            elif char.lower() in "ymdhsea" and char.isascii():
                dates += char.lower()
            elif char == "@":
                return PLAIN
            else:
                literal = char
        if literal:
            if literal == "." and places:
                places += "!"
            elif places:
                behind += literal
            else:
                before += literal
    return _told(places, before, behind, dates, sign, percents)


def _told(places: str, before: str, behind: str, dates: str, sign: str, percents: int) -> Shown:
    if dates and not any(char in "#?" for char in places):
        parts = "".join(part for part in "ymd" if part in _days(dates))
        return Shown(dated=parts + ("t" if set(dates) & set("hs") else ""))
    if not any(char in _PLACES for char in places):
        return Shown(words=(before + behind).strip(), unit="")
    whole = places.replace("/", "")
    integer = whole.split(".", 1)[0].replace("!", "")
    commas = max(len(part) - len(part.rstrip(",")) for part in (integer, whole))
    inserted = sum(char in _PLACES for char in whole.split("!", 1)[1].split(".")[0]) if "!" in whole else 0
    scale = Fraction(100**percents, 1000**commas * 10**inserted)
    zeros = len(places) if set(places) == {"0"} else 0
    word = _word(before), _word(behind)
    sign = sign or _SIGNS.get(word[0], "")
    if percents and not any(word) and not sign:
        return Shown(scale, "%", zeros=zeros)
    unit = word[1] or ("" if word[0] in _SIGNS else word[0])
    if percents or (word[0] and word[0] not in _SIGNS and word[1]):
        unit = f"{before.strip()}…{behind.strip()}{'%' * percents}"  # nothing that this program knows
    if unit:
        return Shown(scale, unit, zeros=zeros)
    return Shown(scale, sign, sign=bool(sign), zeros=zeros)


def _days(dates: str) -> set[str]:
    """Which of year, month and day are shown; minutes beside hours or seconds are no months."""
    found = {"y" if char == "e" else char for char in dates}
    if "m" in found and found & set("hs") and not found & set("yd"):
        found.discard("m")
    return found


def _bracket(inside: str) -> str:
    """The unit of a currency in brackets (``[$￥-804]``); empty for colours, languages, conditions; else its own words."""
    if not inside.startswith("$"):
        return ""
    mark = seen(inside[1:].split("-", 1)[0]).strip()
    return _SIGNS.get(unicodedata.normalize("NFKC", mark).upper(), mark) if mark else ""


def _elapsed(inside: str) -> str:
    return inside[0].lower() if inside and set(inside.lower()) in ({"h"}, {"m"}, {"s"}) else ""


def _word(literal: str) -> str:
    return _NOTHING.sub("", unicodedata.normalize("NFKC", seen(literal)))


def is_written_date(code: str) -> bool:
    """Whether the format only parts a number like 20240229 into year, month and day (``0000"年"00"月"00"日"``)."""
    places = sum(char in _PLACES for char in code)
    literal = "".join((token["quoted"] or token["escaped"] or token["plain"] or "") for token in _TOKEN.finditer(code))
    return places >= len("20240229") and set(literal) - set(_PLACES) <= _DATE_WORDS
