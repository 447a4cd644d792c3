"""Comparisons of spans: surely so, possibly so. Truth is kept as true and false, so that tables stay tables of booleans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from pinggu_desk.policy.dates import latest_start

Truth = tuple[Any, Any]


def _at_least(al: Any, ah: Any, bl: Any, bh: Any) -> Truth:
    return al >= bh, ah >= bl


def _at_most(al: Any, ah: Any, bl: Any, bh: Any) -> Truth:
    return ah <= bl, al <= bh


#: word of a comparison (判断词) -> what it makes of the ends of its two sides
COMPARISONS: dict[str, Callable[[Any, Any, Any, Any], Truth]] = {
    "不低于": _at_least,
    "不早于": _at_least,
    "不超过": _at_most,
    "不晚于": _at_most,
    "超过": lambda al, ah, bl, bh: (al > bh, ah > bl),
    "低于": lambda al, ah, bl, bh: (ah < bl, al < bh),
    "为": lambda al, ah, bl, bh: ((al == ah) & (bl == bh) & (al == bl), (al <= bh) & (bl <= ah)),
}


def among(low: Any, high: Any, wanted: tuple[int, ...]) -> Truth:
    """Whether a choice is among ``wanted``: sure when it is known, possible when it is not."""
    known, hit = low == high, low == wanted[0]
    for code in wanted[1:]:
        hit = hit | (low == code)
    return known & hit, (known ^ True) | hit


@lru_cache(maxsize=256)
def last_start(on: int, months: int) -> int:
    """The latest day (ordinal) from which a term of ``months`` is complete on ``on`` (ordinal)."""
    return latest_start(date.fromordinal(on), months).toordinal()
