"""Working days by the official arrangement, terms by the calendar; where no arrangement is published, honest bounds."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinggu_desk.policy.dates import Calendar, Year, add_months, latest_start
from tests import bundled

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2024, 3, 12), 24, date(2026, 3, 12)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -13, date(2024, 12, 15)),
    ],
)
def test_the_corresponding_day(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


@given(DAYS, st.integers(0, 600))
def test_the_latest_start_is_the_last_day_whose_term_is_complete(on: date, months: int) -> None:
    start = latest_start(on, months)
    assert add_months(start, months) <= on < add_months(start + timedelta(days=1), months)


@given(DAYS, DAYS, st.integers(0, 240))
def test_a_term_is_complete_exactly_for_starts_up_to_the_latest(start: date, on: date, months: int) -> None:
    assert (add_months(start, months) <= on) == (start <= latest_start(on, months))


@given(DAYS, st.integers(0, 240), st.integers(0, 240))
def test_a_longer_term_ends_no_earlier(start: date, months: int, more: int) -> None:
    assert add_months(start, months) <= add_months(start, months + more)


# --- published years ---------------------------------------------------------------------------------------------


@cache
def official() -> Calendar:
    return bundled.pack().calendar


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 1, 4), True),  # a Sunday made up for
        (date(2026, 2, 14), True),  # a Saturday made up for
        (date(2026, 2, 16), False),  # a Monday in the Spring Festival
        (date(2026, 3, 2), True),
        (date(2026, 3, 7), False),
        (date(2026, 10, 8), True),
        (date(2027, 1, 4), None),
        (date(2022, 1, 4), None),
    ],
)
def test_a_day_is_worked_or_not_or_not_known(day: date, works: bool | None) -> None:
    assert official().is_working_day(day) is works


def test_sixty_working_days_across_the_spring_festival_and_make_up_days() -> None:
    calendar, start = official(), date(2026, 1, 5)
    day, left = start, 60
    while left:  # counted one by one, by the day's own answer
        day += timedelta(days=1)
        left -= bool(calendar.is_working_day(day))
    assert calendar.after(start.toordinal(), 60) == (day.toordinal(), day.toordinal())
    # by hand: 19 in January, 11 up to the festival with Saturday the 14th, 5 behind it with Saturday the 28th, 25 more
    assert day == date(2026, 4, 3)


@given(st.dates(date(2023, 1, 1), date(2026, 12, 31)), st.integers(1, 300))
def test_within_the_published_years_the_answer_is_the_day_counted_one_by_one(start: date, count: int) -> None:
    calendar = official()
    day, left = start, count
    while left:
        day += timedelta(days=1)
        works = calendar.is_working_day(day)
        if works is None:
            low, high = calendar.after(start.toordinal(), count)
            assert low < high and low > date(2026, 12, 31).toordinal()
            return
        left -= works
    assert calendar.after(start.toordinal(), count) == (day.toordinal(), day.toordinal())
    assert calendar.between(start.toordinal(), day.toordinal()) == count
    assert calendar.provisional(start.toordinal(), count) == day.toordinal()


# --- years not published yet ----------------------------------------------------------------------------------------

#: Days off beside weekends that a quarter may get: at least as many as any year since 2008 gave it.
MOST_OFF = (9, 8, 3, 8)


def some_arrangement(years: range, seed: int) -> tuple[Year, ...]:
    """Years as they might be announced: days off by law, more in each quarter, some weekends worked."""
    rnd = random.Random(seed)
    by_law = official().statutory
    made = []
    for number in years:
        off: set[date] = set()
        worked: set[date] = set()
        for quarter, most in enumerate(MOST_OFF):
            first = date(number, 3 * quarter + 1, 1)
            days = [first + timedelta(days=n) for n in range((add_months(first, 3) - first).days)]
            off |= set(rnd.sample([d for d in days if d.weekday() < 5], rnd.randint(0, most)))
            worked |= set(rnd.sample([d for d in days if d.weekday() >= 5], rnd.randint(0, 3)))
        every = [date(number, 1, 1) + timedelta(days=n) for n in range(366)]
        off |= {day for day in every if day.year == number and by_law.off(day)}
        made.append(Year(number, True, frozenset(off), frozenset(worked - off)))
    return tuple(made)


@given(st.dates(date(2026, 6, 1), date(2028, 12, 31)), st.integers(1, 260), st.integers(0, 10**6))
def test_bounds_hold_whatever_is_announced(start: date, count: int, seed: int) -> None:
    known = official()
    published = tuple(year for year in known.years if year.published)
    announced = Calendar((*published, *some_arrangement(range(2027, 2032), seed)))
    low, high = known.after(start.toordinal(), count)
    day, again = announced.after(start.toordinal(), count)
    assert day == again
    assert low <= day <= high
    provisional = known.provisional(start.toordinal(), count)
    assert low <= provisional <= high


def test_without_any_published_year_there_are_only_bounds() -> None:
    empty = Calendar(())
    low, high = empty.after(date(2026, 3, 2).toordinal(), 10)
    assert low < high
    assert (empty.published, empty.edges, empty.between(1, 2)) == (None, (1, 0), None)


def test_counting_between_two_days() -> None:
    calendar = official()
    monday = date(2026, 3, 2).toordinal()
    assert calendar.between(monday, monday) == 0
    assert calendar.between(monday, monday + 7) == 5
    assert calendar.between(monday, monday - 1) == 0
    assert calendar.between(date(2026, 12, 30).toordinal(), date(2027, 1, 4).toordinal()) is None
    assert [calendar.first_unpublished(year) for year in (2024, 2027, 2031)] == [2027, 2027, 2031]


# --- days off by law (FOUND 22, 79) ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "count", "provisional"),
    [
        (date(2026, 12, 30), 1, date(2026, 12, 31)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),  # 1 January is off by law, then a weekend
        (date(2027, 2, 4), 1, date(2027, 2, 9)),  # 除夕 to 初三, the weekend among them
        (date(2027, 9, 30), 1, date(2027, 10, 4)),
        (date(2027, 4, 30), 1, date(2027, 5, 3)),
        (date(2027, 6, 8), 1, date(2027, 6, 10)),  # 端午
    ],
)
def test_a_provisional_day_is_never_one_that_is_off_by_law(start: date, count: int, provisional: date) -> None:
    calendar = official()
    assert date.fromordinal(calendar.provisional(start.toordinal(), count)) == provisional


@given(st.dates(date(2026, 6, 1), date(2049, 12, 31)), st.integers(1, 90))
def test_what_is_printed_lies_between_the_ends(start: date, count: int) -> None:
    calendar = official()
    low, high = calendar.after(start.toordinal(), count)
    day = calendar.provisional(start.toordinal(), count)
    assert low <= day <= high
    assert not calendar.statutory.off(date.fromordinal(day))
    assert not calendar.statutory.off(date.fromordinal(low))


def test_what_is_waited_for_is_named_by_year() -> None:
    calendar = official()
    assert calendar.pending(date(2026, 10, 1).toordinal(), date(2026, 12, 1).toordinal()) == ""
    assert calendar.pending(date(2026, 12, 1).toordinal(), date(2027, 2, 1).toordinal()) == "2027年放假安排尚未公布"
    assert (
        calendar.pending(date(2027, 12, 1).toordinal(), date(2028, 2, 1).toordinal())
        == "2027年、2028年放假安排尚未公布"
    )
