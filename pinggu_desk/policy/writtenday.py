"""A day as people and programs write it: the one reader, for answers, lists and licences."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from pinggu_desk.policy.numerals import day_in_figures
from pinggu_desk.policy.quantity import half_width

_PATTERNS = (
    re.compile(r"^(\d{4})(\d{2})(\d{2})$"),
    re.compile(r"^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})[日号]?$"),
)
#: a time of day after a date, as databases and office programs write it; a zone would make it another day
_TIME = re.compile(
    r"(?<=\S)(?:\s+|[Tt])(?:[上下]午\s*)?(?:[01]?[0-9]|2[0-3])[:：时][0-5][0-9]分?(?:[:：]?[0-5][0-9](?:\.[0-9]+)?秒?)?\s*$"
)
#: what an input method or an office program puts between year, month and day; ``2024 2 29`` in parts
_BETWEEN = str.maketrans(dict.fromkeys("‐‑‒–—―−。、·•・", "-"))
_IN_PARTS = re.compile(r"(?<=^\d{4})\s+(\d{1,2})\s+(?=\d{1,2}$)")
_WEEKDAY = re.compile(r"[(（]?(?:星期|周|礼拜)([一二三四五六日天])[)）]?\s*$")
_WEEK = "一二三四五六日"


class WrittenDay(NamedTuple):
    """What is written as a day: the day, None where the calendar has none such; the weekday that stands behind it, or empty."""

    day: date | None
    weekday: str

    @property
    def is_its_weekday(self) -> bool:
        """Whether the weekday that is written is the day's own; so it is where none is written."""
        return (
            self.day is None or not self.weekday or _WEEK.index(self.weekday.replace("天", "日")) == self.day.weekday()
        )


def written_day(text: str) -> WrittenDay | None:
    """The day that a text says, and nothing else: ``20240312``, ``2024.3.12``, 二〇二四年三月十二日; None where it says no day."""
    text = _TIME.sub("", text.strip())
    weekday = _WEEKDAY.search(text)
    text = _IN_PARTS.sub(r"-\1-", text[: weekday.start()] if weekday else text)
    plain = day_in_figures(half_width(text.strip().translate(_BETWEEN)))
    match = next((found for pattern in _PATTERNS if (found := pattern.match(plain))), None)
    if match is None:
        return None
    try:
        day = date(*map(int, match.groups()))
    except ValueError:
        day = None
    return WrittenDay(day, weekday[1] if weekday else "")
