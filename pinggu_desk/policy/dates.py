"""Working days (工作日) by the official holiday arrangement, and calendar arithmetic on terms.

The arrangement is known only for published years; past them an answer is a span of days, never a quiet fall-back to
Monday to Friday.
"""

from __future__ import annotations

import calendar as _calendar
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property


def add_months(day: date, months: int) -> date:
    """The corresponding day so many months later, or the month's last day where there is none (民法典第202条)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, _calendar.monthrange(year, month + 1)[1]))


def latest_start(on: date, months: int) -> date:
    """The latest day from which a term of ``months`` is complete on ``on``."""
    start = add_months(on, -months)
    while add_months(start + timedelta(days=1), months) <= on:
        start += timedelta(days=1)
    return start


@dataclass(frozen=True)
class Year:
    """One calendar year's arrangement: ``published`` or not yet, days off, weekend days worked."""

    number: int
    published: bool
    off: frozenset[date]
    worked: frozenset[date]


@dataclass(frozen=True)
class Statutory:
    """Days off by law in every year from ``since`` (全国年节及纪念日放假办法第二条): month and day, and days that move."""

    since: int
    fixed: frozenset[tuple[int, int]]
    moving: frozenset[date]

    def off(self, day: date) -> bool:
        """Whether ``day`` is off by law, whatever the yearly arrangement says of the days around it."""
        return day.year >= self.since and ((day.month, day.day) in self.fixed or day in self.moving)


@dataclass(frozen=True)
class Calendar:
    """The official working days of the published years, which follow one another without a hole."""

    years: tuple[Year, ...]
    statutory: Statutory = field(default_factory=lambda: Statutory(9999, frozenset(), frozenset()))

    @cached_property
    def published(self) -> tuple[date, date] | None:
        """First and last day of the stretch of published years, or None."""
        known = sorted(year.number for year in self.years if year.published)
        return (date(known[0], 1, 1), date(known[-1], 12, 31)) if known else None

    @cached_property
    def edges(self) -> tuple[int, int]:
        """First and last day of the published years as ordinals; an empty stretch when there are none."""
        return (self.published[0].toordinal(), self.published[1].toordinal()) if self.published else (1, 0)

    def first_unpublished(self, year: int) -> int:
        """``year``, or the first year after it, whose arrangement is not published."""
        known = {entry.number for entry in self.years if entry.published}
        while year in known:
            year += 1
        return year

    @cached_property
    def working_days(self) -> tuple[int, ...]:
        """Ordinals of all working days of the published years, ascending."""
        days: list[int] = []
        for year in sorted((y for y in self.years if y.published), key=lambda y: y.number):
            day = date(year.number, 1, 1)
            while day.year == year.number:
                if self._works(year, day):
                    days.append(day.toordinal())
                day += timedelta(days=1)
        return tuple(days)

    @staticmethod
    def _works(year: Year, day: date) -> bool:
        return day in year.worked or (day.weekday() < 5 and day not in year.off)

    def is_working_day(self, day: date) -> bool | None:
        """Whether ``day`` is worked; None when its year is not published."""
        year = next((y for y in self.years if y.number == day.year and y.published), None)
        return None if year is None else self._works(year, day)

    def covers(self, first: int, last: int) -> bool:
        """Whether both ordinals lie within the published years."""
        if self.published is None:
            return False
        return self.published[0].toordinal() <= first and last <= self.published[1].toordinal()

    def after(self, start: int, count: int) -> tuple[int, int]:
        """The ``count``-th working day after ``start`` (not counted), as ordinals: one day twice when it is settled.

        Where it runs into years that are not published, the earliest and the latest day that an arrangement could
        make of it.
        """
        if self.published is not None and start >= self.published[0].toordinal() - 1:
            index = bisect_right(self.working_days, start) + count - 1
            if start < self.published[1].toordinal() and index < len(self.working_days):
                return self.working_days[index], self.working_days[index]
            left = max(len(self.working_days) - bisect_right(self.working_days, start), 0)
            edge = (
                max(start, self.published[1].toordinal()) if left or start <= self.published[1].toordinal() else start
            )
            return self._earliest(edge, count - left), self._latest(edge, count - left)
        return self._earliest(start, count), self._latest(start, count)

    def _earliest(self, edge: int, count: int) -> int:
        """Every day worked but those that are off by law: no arrangement can be shorter."""
        day = edge
        while count:
            day += 1
            count -= not self.statutory.off(date.fromordinal(day))
        return day

    @staticmethod
    def _latest(edge: int, count: int) -> int:
        """No arrangement has given more than 31 days off beside weekends in a year; one more year's worth as margin."""
        weeks = -(-count * 7 // 5)
        return edge + weeks + 7 + 31 * (1 + count // 200)

    def provisional(self, start: int, count: int) -> int:
        """A day to print while the arrangement is unpublished: published days as they are, then Monday to Friday.

        The days that are off by law are not counted; what a year's notice adds to them makes the true day later, not earlier.
        """
        day, left = start, count
        while left:
            day += 1
            here = date.fromordinal(day)
            known = self.is_working_day(here)
            left -= known if known is not None else here.weekday() < 5 and not self.statutory.off(here)
        return day

    def pending(self, start: int, last: int) -> str:
        """Which year's arrangement a term from ``start`` to ``last`` still waits for: 2027年放假安排尚未公布; else empty."""
        years = {entry.number for entry in self.years if entry.published}
        waits = [y for y in range(date.fromordinal(start).year, date.fromordinal(last).year + 1) if y not in years]
        named = "、".join(f"{year}年" for year in waits)
        if waits and years and waits[-1] < min(years):
            return f"{named}放假安排没有收入政策包"
        return f"{named}放假安排尚未公布" if waits else ""

    def between(self, first: int, last: int) -> int | None:
        """Working days after ``first`` up to and including ``last``; None past the published years; negative never."""
        if last < first:
            return 0
        if not self.covers(first, last):
            return None
        return bisect_right(self.working_days, last) - bisect_right(self.working_days, first)


def day_words(day: date) -> str:
    """``2026年3月2日``."""
    return f"{day.year}年{day.month}月{day.day}日"
