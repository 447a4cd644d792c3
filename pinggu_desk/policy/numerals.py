"""Numbers in words (八百万元, 壹佰贰拾, 百分之五十, 二〇二四年) turned into figures, where they say one number and no other.

What people shorten (三万五, 一百五) or only estimate (三五百, 十几) is left as it stands, so that it is refused with a sentence.
"""

from __future__ import annotations

import re

#: what each number word of one figure stands for, plain and capital
DIGITS = {char: value for value, chars in enumerate(
    ("零〇○", "一壹弌", "二贰两貳兩弍", "三叁參弎", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
) for char in chars}  # fmt: skip
_PLACES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
#: other forms of the words of sums, terms and areas
_PLAIN = str.maketrans({"萬": "万", "億": "亿", "圆": "元", "圓": "元", "畝": "亩", "點": "点", "個": "个"})
_WORDS = f"{''.join(DIGITS)}{''.join(_PLACES)}点"
#: number words by themselves, not beside a figure (3千5百); a 零 before them may only say that a place is empty (1亿零5万)
_RUN = re.compile(rf"(?<![0-9.{_WORDS}])(?P<gap>(?<=[万亿元年角])零)?(?P<words>[{_WORDS}]+)(?![0-9{_WORDS}])")
_PARTS = re.compile(r"^(百|千|万)分之(.+)$")
_OF_PARTS = {"百": "%", "千": "‰", "万": "BP"}
_TENTHS = re.compile(r"^([0-9])成$")
_AND_A_HALF = re.compile(r"^([0-9]+)年半$")
_COUNTED = re.compile(r"^([0-9]+)万(零?)([0-9]{1,4})([^0-9]*)$")
_DAY = re.compile(rf"^([{''.join(DIGITS)}]{{4}})年([^年月日号]{{1,3}})月([^年月日号]{{1,3}})[日号]?$")


def whole(words: str) -> int | None:
    """The number below ten thousand that ``words`` write in full (``一千零五``, ``十二``, ``贰拾``), or None where they write none.

    A place that is left out is said with 零 (一千零五); 一百五 says 150 to some and 105 to others, so it says nothing here.
    """
    total, last, digit, gap = 0, 10_000, None, False
    for char in words:
        if char in _PLACES:
            size = _PLACES[char]
            if digit is None and size == 10 and total == 0:
                digit = 1  # 十二
            if digit in (None, 0) or size >= last or (gap and size * 10 == last):
                return None
            total, last, digit, gap = total + (digit or 0) * size, size, None, False
        elif (value := DIGITS.get(char)) is None:
            return None
        elif value == 0:
            if digit is not None or gap:
                return None
            digit, gap = (0, False) if not words.strip("零〇○") else (None, True)
        elif digit is not None:
            return None
        else:
            digit = value
    if digit is None:
        return total if last < 10_000 and not gap else None
    if total and last > 10 and not gap:
        return None  # 一百五
    return total + digit


def _figure(words: str) -> str:
    """A run of number words as figures, with its decimals (``十二点五``); the run itself where it is no one number."""
    head, point, tail = words.partition("点")
    number = whole(head)
    if number is None or (point and (not tail or any(char not in DIGITS for char in tail))):
        return words
    return f"{number}{'.' if point else ''}{''.join(str(DIGITS[char]) for char in tail)}"


def in_figures(text: str) -> str:
    """A half-width quantity with its number words as figures: ``一亿二千万元`` as ``1亿2000万元``; 万 and 亿 stay words.

    Shares (百分之五十, 五成), 半年 and 一年半 become ``50%``, ``6个月`` and ``18个月``.
    """
    if text.isascii():
        return text
    text = text.translate(_PLAIN)
    if parts := _PARTS.match(text):
        share = "100" if parts[2] == "百" else _figures(parts[2])
        return f"{share}{_OF_PARTS[parts[1]]}" if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", share) else text
    if text == "半年":
        return "6个月"
    text = _figures(text)
    if tenths := _TENTHS.match(text):
        return f"{10 * int(tenths[1])}%"
    if terms := _AND_A_HALF.match(text):
        return f"{12 * int(terms[1]) + 6}个月"
    return text


def _figures(text: str) -> str:
    return _RUN.sub(lambda run: f"{run['gap'] or ''}{_figure(run['words'])}", text)


def counted(text: str) -> str:
    """Things counted in two parts (``1万2000人``) as one number; unchanged where it is written otherwise.

    A part that is not as large as it can be (1万200) is said with 零, as in sums.
    """
    match = _COUNTED.match(text)
    if match is None or (len(match[3]) < 4 and not match[2]):
        return text
    return f"{int(match[1]) * 10_000 + int(match[3])}{match[4]}"


def day_in_figures(text: str) -> str:
    """``二〇二四年二月二十九日`` as ``2024年2月29日``; unchanged where it is no such day."""
    match = _DAY.match(text)
    if match is None:
        return text
    year = "".join(str(DIGITS[char]) for char in match[1])
    return f"{year}年{_figures(match[2])}月{_figures(match[3])}日"
