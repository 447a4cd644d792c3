"""Comparisons of spans: surely so, possibly so. Truth is kept as true and false, so that tables stay tables of booleans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Truth = tuple[Any, Any]


# Where both sides are known, one object at either end, a comparison is made once: a table's columns are long.


def _at_least(al: Any, ah: Any, bl: Any, bh: Any) -> Truth:
    sure = al >= bh
    return sure, sure if al is ah and bl is bh else ah >= bl


def _at_most(al: Any, ah: Any, bl: Any, bh: Any) -> Truth:
    sure = ah <= bl
    return sure, sure if al is ah and bl is bh else al <= bh


def _above(al: Any, ah: Any, bl: Any, bh: Any) -> Truth:
    sure = al > bh
    return sure, sure if al is ah and bl is bh else ah > bl


def _below(al: Any, ah: Any, bl: Any, bh: Any) -> Truth:
    sure = ah < bl
    return sure, sure if al is ah and bl is bh else al < bh


#: word of a comparison (判断词) -> what it makes of the ends of its two sides
COMPARISONS: dict[str, Callable[[Any, Any, Any, Any], Truth]] = {
    "不低于": _at_least,
    "不早于": _at_least,
    "不超过": _at_most,
    "不晚于": _at_most,
    "超过": _above,
    "低于": _below,
    "为": lambda al, ah, bl, bh: ((al == ah) & (bl == bh) & (al == bl), (al <= bh) & (bl <= ah)),
}


def among(low: Any, high: Any, wanted: tuple[int, ...]) -> Truth:
    """Whether a choice is among ``wanted``: sure when it is known, possible when it is not."""
    hit = low == wanted[0]
    for code in wanted[1:]:
        hit = hit | (low == code)
    if low is high:
        return hit, hit
    known = low == high
    return known & hit, (known ^ True) | hit


def presumably(low: Any, high: Any, wanted: tuple[int, ...]) -> Truth:
    """Whether a choice is among ``wanted``, taken to be so while nobody made it."""
    possible = among(low, high, wanted)[1]
    return possible, possible


def within(low: int, high: int, a: Any, b: Any) -> Truth:
    """Whether a value between ``a`` and ``b`` lies within bounds, both included."""
    sure = (a >= low) & (b <= high)
    return sure, sure if a is b else (b >= low) & (a <= high)
