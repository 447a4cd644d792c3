"""Sums in capital numerals (大写金额), by the rules for bills (票据规范): whole fen in, words out.

Where the rules leave a 零 to the writer, it is written: one too many misleads nobody, one too few may.
"""

from __future__ import annotations

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
#: 9,999 亿元: far above any figure of these policies, and the last sum that reads without doubt
CAPITAL_MAX_FEN = 10**14 - 1


def capital(fen: int) -> str:
    """``40_000_000`` fen as ``肆拾万元整``; down to 角 without 整, as the rules allow.

    Raises ValueError for a negative sum and for one above :data:`CAPITAL_MAX_FEN`.
    """
    if not 0 <= fen <= CAPITAL_MAX_FEN:
        raise ValueError(f"no capital numerals for {fen} fen")
    whole, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    if fen == 0:
        return "零元整"
    # 107000.53 takes one 零, before the 角 or after the 万, never both
    zero_before_jiao = bool(whole and jiao and whole % 10 == 0)
    head = f"{_whole(whole, fill=not zero_before_jiao)}元" if whole else ""
    if not jiao and not rest:
        return f"{head}整"
    zero = "零" if zero_before_jiao or (whole and not jiao) else ""
    return head + zero + (f"{_DIGITS[jiao]}角" if jiao else "") + (f"{_DIGITS[rest]}分" if rest else "")


def rmb_capital(fen: int) -> str:
    """``capital`` with 人民币 close before it, as it stands on paper."""
    return f"人民币{capital(fen)}"


def _whole(number: int, fill: bool) -> str:
    """A positive whole number; ``fill`` writes the optional 零 after a 万 or 亿 whose own last digit is 0."""
    for size, word in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            zero = "零" if low and (low < size // 10 or (fill and high % 10 == 0)) else ""
            return f"{_whole(high, fill)}{word}{zero}{_whole(low, fill) if low else ''}"
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + _PLACES[place]
        gap = not digit
    return words
