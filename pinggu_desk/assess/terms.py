"""What terms (期限) make of days, as lasting functions of a day's ordinal, so that a table works each day out once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from pinggu_desk.policy.dates import Calendar, add_months, latest_start
from pinggu_desk.policy.quantity import Dim, Quantity

Days = Callable[[int], int]


def ends_of(term: Quantity, calendar: Calendar) -> tuple[Days, Days]:
    """The earliest and the latest day on which a term that begins on a day may end (one day, but for unpublished workdays)."""
    count = term.value

    @lru_cache(maxsize=1 << 14)
    def last_days(day: int) -> tuple[int, int]:
        if term.dim is Dim.WORKDAYS:
            return calendar.after(day, count)
        last = add_months(date.fromordinal(day), count).toordinal() if term.dim is Dim.MONTHS else day + count
        return last, last

    return lambda day: last_days(day)[0], lambda day: last_days(day)[1]


def start_of(months: int) -> Days:
    """The latest day from which a term of ``months`` is complete on a day."""

    @lru_cache(maxsize=256)
    def start(on: int) -> int:
        return latest_start(date.fromordinal(on), months).toordinal()

    return start
