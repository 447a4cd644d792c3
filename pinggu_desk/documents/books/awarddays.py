"""When a past award was had, as far as it is known: a day, a month or a year, and when that is enough to judge by."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from pinggu_desk.assess.awards import AWARDED
from pinggu_desk.documents.books.cells import calendar_day
from pinggu_desk.documents.books.formats import PLAIN, shown_as
from pinggu_desk.documents.books.grid import Cell
from pinggu_desk.policy.errors import BadAnswer
from pinggu_desk.policy.quantity import half_width

_YEARS = range(1949, 2200)
_WRITTEN = re.compile(r"^([0-9]{4})(?:年度?|(?:年|[-/.])([0-9]{1,2})(?:月份?)?)?$")


class Period(NamedTuple):
    """From the first day to the last one that it may have been, and how it was given."""

    first: date
    last: date
    words: str


def period_of(cell: Cell, first_1904: bool) -> Period | None:
    """The year or month that a cell gives; None for anything else. Raises BadAnswer for a day that no calendar has."""
    if cell.kind == "number":
        return _of_number(cell, first_1904)
    match = _WRITTEN.match(half_width(cell.text)) if cell.kind == "text" else None
    if match is None or int(match[1]) not in _YEARS or not (match[2] is None or 1 <= int(match[2]) <= 12):
        return None
    return _period(int(match[1]), int(match[2] or 0))


def settled(period: Period, on: date) -> date:
    """The day to count by: the last one, which no other day of the period would change what is counted on ``on``.

    What past awards come to is told by their years and by whether they were had by the day of judgement. So the day of an
    award matters only where that day lies within what is given; then it is asked for (BadAnswer).
    """
    if period.first <= on < period.last:
        raise BadAnswer(
            f"奖励日期只写到 {period.words}，判断日 {on.isoformat()} 正在其中，看不出在判断日以前还是以后领取，请写明领取的日期。"
        )
    return period.last


def _of_number(cell: Cell, first_1904: bool) -> Period | None:
    number = Fraction(cell.text)
    shown = PLAIN if cell.form == "General" else shown_as(cell.form, number)
    parts = shown.dated.replace("t", "")
    if parts in ("y", "ym"):
        day = calendar_day(AWARDED, cell, number, first_1904)
        return _period(day.year, day.month if parts == "ym" else 0)
    if not parts and shown.words is None and number.denominator == 1 and int(number) in _YEARS:
        return _period(int(number), 0)
    return None


def _period(year: int, month: int) -> Period:
    if month:
        return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]), f"{year} 年 {month} 月")
    return Period(date(year, 1, 1), date(year, 12, 31), f"{year} 年")
