"""How people write quantities (习惯写法): number words, sums in two units, other words for a unit, turned into the form that is read."""

from __future__ import annotations

import re
from decimal import Decimal

from pinggu_desk.policy.numerals import counted, in_figures
from pinggu_desk.policy.quantity import Dim, parse_quantity, plain

_NUMBER = r"([0-9]+(?:\.[0-9]+)?)"
#: 1亿5000万元, 3万5000元, 1亿5000万零20元: each part in its own unit
_MONEY_PARTS = re.compile(rf"^(?:{_NUMBER}亿)?(?:零?{_NUMBER}万)?(?:零?{_NUMBER})?(美元|元)?$")
_LARGE = re.compile(rf"^{_NUMBER}(百|千)万(美元|元)$")
_WITH_SMALL = re.compile(r"^(.*元)(?:零?([0-9])角)?(?:零?([0-9])分)?$")
_SHORT_WAN = re.compile(r"^([0-9.]+)[wW](元|美元)?$")  # 800w, as people type it
_TERM_PARTS = re.compile(r"^([0-9]+)年零?([0-9]{1,2})个?月$")
_OTHER_WORDS: dict[Dim, tuple[tuple[str, str], ...]] = {
    Dim.MONEY: (("元人民币", "元"), ("元RMB", "元")),
    Dim.DOLLAR: (("美金", "美元"), ("USD", "美元"), ("usd", "美元")),
    Dim.COAL: (("吨标准煤", "吨标煤"), ("tce", "吨标煤")),
    Dim.AREA: (("平方", "平方米"), ("平", "平方米"), ("M2", "平方米"), ("m^2", "平方米")),
    Dim.MONTHS: (("周年", "年"),),
    Dim.COUNT: (("个人", "人"), ("位", "人"), ("户", "家")),
}
_HUNDREDS = {"百": 100, "千": 1000}
_YI, _WAN = Decimal(100_000_000), Decimal(10_000)


def as_read(dim: Dim, text: str) -> str:
    """A half-width text as ``read_answer`` reads it; unchanged where it is no habit of writing that is known here.

    A part that is as large as the unit before it (1万20000元) is a slip, not a habit, and stays as it is.
    """
    text = in_figures(text)
    for written, word in _OTHER_WORDS.get(dim, ()):
        if text.endswith(written) and text != written:
            text = text.removesuffix(written) + word
            break
    if dim in (Dim.MONEY, Dim.DOLLAR):
        text = _SHORT_WAN.sub(lambda short: f"{short[1]}万{short[2] or ''}", text)
        return _with_small(_in_one(text, "元" if dim is Dim.MONEY else "美元"))
    return _in_months(text) if dim is Dim.MONTHS else counted(text)


def _with_small(text: str) -> str:
    """``107000元5角3分`` in yuan; a sum without 角 and 分 is left as it is."""
    match = _WITH_SMALL.match(text)
    if match is None or (match[2] is None and match[3] is None):
        return text
    whole = parse_quantity(_in_one(match[1], "元"))
    if whole is None or whole.dim is not Dim.MONEY:
        return text
    return f"{plain(Decimal(whole.value + 10 * int(match[2] or 0) + int(match[3] or 0)) / 100)}元"


def _in_one(text: str, unit: str) -> str:
    if large := _LARGE.match(text):
        return f"{plain(Decimal(large[1]) * _HUNDREDS[large[2]])}万{large[3]}"
    match = _MONEY_PARTS.match(text)
    if match is None:
        return text
    yi, wan, rest = (Decimal(part) if part else None for part in match.groups()[:3])
    parts = [part for part in (yi, wan, rest) if part is not None]
    if len(parts) < 2 or match[4] not in (None, unit) or (rest is not None and match[4] is None):
        return text  # one part is read as it stands; 3万5 may be 3.5万 as well as 30005
    if yi is not None and wan is None and "零" not in text:
        return text  # 1亿5000元: a 万 may have been left out
    whole = (yi or 0) * _YI + (wan or 0) * _WAN + (rest or 0)
    too_large = (yi is not None and wan is not None and wan >= _WAN) or (rest is not None and rest >= _WAN)
    broken = any(part != int(part) for part in parts[:-1])
    return text if too_large or broken else f"{plain(Decimal(whole))}{unit}"


def _in_months(text: str) -> str:
    if match := _TERM_PARTS.match(text):
        years, months = int(match[1]), int(match[2])
        return f"{12 * years + months}个月" if months < 12 else text  # 3年15个月 is a slip
    return re.sub(r"^([0-9]+)月$", r"\1个月", text)
