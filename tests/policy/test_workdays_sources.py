"""workdays.yaml agrees, day by day, with two calendars that others keep: chinesecalendar and holidays."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import holidays
import pytest
import yaml

from tests import bundled

FILE = Path(__file__).resolve().parents[2] / "resources" / "workdays.yaml"
RAW: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
YEARS: dict[int, dict[str, Any]] = RAW["years"]
PUBLISHED = [year for year, entry in YEARS.items() if entry["state"] == "已公布"]


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def is_workday(day: date) -> bool:
    """What the file says of a day: an ordinary weekday unless off, or a weekend day that is worked."""
    entry = YEARS[day.year]
    return day in entry["work"] or (day.weekday() < 5 and day not in entry["off"])


def test_the_years_that_a_case_can_meet_are_there() -> None:
    assert list(YEARS) == [2023, 2024, 2025, 2026, 2027]
    assert PUBLISHED == [2023, 2024, 2025, 2026]


@pytest.mark.parametrize("year", PUBLISHED)
def test_every_day_is_what_chinesecalendar_says(year: int) -> None:
    assert [day for day in days_of(year) if is_workday(day) != chinese_calendar.is_workday(day)] == []


@pytest.mark.parametrize("year", PUBLISHED)
def test_every_day_is_what_holidays_says(year: int) -> None:
    calendar = holidays.country_holidays("CN", years=year)
    assert [day for day in days_of(year) if is_workday(day) != calendar.is_working_day(day)] == []


@pytest.mark.parametrize("year", PUBLISHED)
def test_lists_are_sorted_within_the_year_and_say_each_day_once(year: int) -> None:
    entry = YEARS[year]
    for days in (entry["off"], entry["work"]):
        assert days == sorted(set(days))
        assert {day.year for day in days} == {year}
    assert not set(entry["off"]) & set(entry["work"])
    assert all(day.weekday() >= 5 for day in entry["work"])
    # Each notice is issued, and so numbered, in the year before the one that it arranges.
    assert entry["document"].startswith(f"国办发明电〔{year - 1}〕")


def test_2026_has_its_six_make_up_days() -> None:
    assert YEARS[2026]["work"] == [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ]


def test_a_year_not_published_has_no_dates() -> None:
    assert YEARS[2027] == {"state": "未公布", "off": [], "work": []}
    # When this fails the arrangement has come out: enter it from the notice, and the tests above will check it.
    with pytest.raises(NotImplementedError):
        chinese_calendar.is_workday(date(2027, 1, 4))


@pytest.mark.parametrize("year", range(2025, 2051))
def test_the_days_off_by_law_are_those_of_another_calendar(year: int) -> None:
    """FOUND 22: what is off in every year by law, before any yearly notice."""
    statutory, theirs = bundled.pack().calendar.statutory, holidays.country_holidays("CN", years=year, language="zh_CN")
    arranged = ("补假", "调休")
    by_law = [day for day, name in sorted(theirs.items()) if not any(word in name for word in arranged)]
    assert [day for day in days_of(year) if statutory.off(day)] == by_law


@pytest.mark.parametrize("year", [year for year in PUBLISHED if year >= 2025])
def test_no_published_arrangement_works_on_a_day_off_by_law(year: int) -> None:
    calendar = bundled.pack().calendar
    assert not [day for day in days_of(year) if calendar.statutory.off(day) and calendar.is_working_day(day)]
