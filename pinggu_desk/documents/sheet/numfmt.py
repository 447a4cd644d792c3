"""Number formats of cells: which unit they write, by what they divide, how many decimals they leave.

A form's format may say 0.00"万元", show a sum in 万 by itself (0!.0,), round to whole numbers, or belong to another kind of
value altogether (a percentage, a day).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

#: the parts of one section of a format
_PART = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<slashed>.)|!(?P<forced>.)|_.|\*.|\[\$(?P<money>[^\]-]*)[^\]]*\]|\[(?P<mark>[^\]]*)\]'
    r"|(?P<general>General)|(?P<exponent>E[+-])|(?P<day>[yYmMdDhHsS]+|AM/PM|上午/下午)|(?P<digits>[0#?.,/]+)|(?P<other>.)",
    re.S,
)
_DIGIT = re.compile(r"[0#?]")
#: a day's or an hour's brackets ([h]); colours and conditions say nothing here
_HOURS = re.compile(r"^[hms]+$")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a format does to a number: the words it writes, what it divides by, its decimals (None: as many as there are)."""

    words: tuple[str, ...]
    scale: Fraction
    places: int | None
    percent: bool = False
    day: bool = False
    odd: bool = False

    @property
    def text(self) -> str:
        """All that is written beside the number."""
        return "".join(self.words)


@lru_cache(maxsize=512)
def shape_of(number_format: str) -> Shape:
    """What the first section of a format (the one for sums) does."""
    words: list[str] = []
    digits, day, odd, percent, general, after_word = "", False, False, False, False, False
    for part in _PART.finditer(_first(number_format)):
        kind, text = part.lastgroup or "", part[0]
        literal = part[kind] if kind in ("quoted", "slashed", "forced", "money") else ""
        if literal == "." and kind in ("slashed", "forced"):
            digits += "!"
        elif literal or (kind == "other" and text != "%" and text.strip("()+-@ ")):
            words[-1:] = [words[-1] + (literal or text)] if after_word and words else [*words[-1:], literal or text]
            after_word = True
        elif kind == "digits":
            digits, odd, after_word = digits + text, odd or "/" in text, False
        day = day or kind == "day" or (kind == "mark" and bool(_HOURS.match(part["mark"] or "")))
        odd, percent, general = odd or kind == "exponent", percent or text == "%", general or kind == "general"
    return Shape(tuple(words), _scale(digits), _places(digits, general), percent, day and not digits, odd)


def _first(number_format: str) -> str:
    quoted = False
    for at, char in enumerate(number_format):
        quoted = quoted != (char == '"')
        if char == ";" and not quoted and (at == 0 or number_format[at - 1] != "\\"):
            return number_format[:at]
    return number_format


def _scale(digits: str) -> Fraction:
    """By how much the shown figure is smaller: a thousand for each comma behind the last digit, ten for each digit behind !."""
    commas = len(digits) - len(digits.rstrip(","))
    before = re.search(r"[0#?](,+)[.!]", digits)
    behind = len(_DIGIT.findall(digits.rpartition("!")[2])) if "!" in digits else 0
    return Fraction(1000 ** (commas + (len(before[1]) if before else 0)) * 10**behind)


def _places(digits: str, general: bool) -> int | None:
    if general or not digits:
        return None
    return len(_DIGIT.findall(digits.partition(".")[2])) if "." in digits else 0


def widened(number_format: str, places: int) -> str:
    """The format with so many decimals at least, so that no digit of a sum is rounded away on paper."""
    shape = shape_of(number_format)
    if shape.places is None or shape.places >= places or shape.percent or shape.odd or shape.scale != 1:
        return number_format
    more = "0" * (places - shape.places)

    def _more(section: str) -> str:
        found = list(re.finditer(r'"[^"]*"|\\.|!.|_.|\*.|\[[^\]]*\]|[0#?.,]+', section))
        runs = [one for one in found if _DIGIT.search(one[0]) and one[0][0] not in '"\\![_*']
        if not runs:
            return section
        last = runs[-1]
        return section[: last.end()] + ("" if "." in last[0] else ".") + more + section[last.end() :]

    return ";".join(map(_more, _sections(number_format)))


def _sections(number_format: str) -> list[str]:
    out, rest = [], number_format
    while True:
        first = _first(rest)
        out.append(first)
        if len(first) == len(rest):
            return out
        rest = rest[len(first) + 1 :]
