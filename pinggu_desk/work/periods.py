"""Periods (期间) that statistics are made for: this month, quarter, year, the one before, or from one day to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from pinggu_desk.policy.errors import BadInput

#: the periods that have a name, in the order in which they are offered
NAMED = ("本月", "上月", "本季", "本年", "上年", "全部")
OWN = "自定"


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both included; None where it is open. ``name`` is 本月 …, empty for days of one's own."""

    since: date | None = None
    until: date | None = None
    name: str = ""

    def holds(self, day: date) -> bool:
        """Whether a day is in it."""
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)

    @property
    def words(self) -> str:
        """``2026年3月1日至2026年3月31日``; 全部 for no bounds."""
        if self.since is None and self.until is None:
            return "全部"
        if self.since is None:
            return f"{_day(self.until)}以前（含当日）"
        if self.until is None:
            return f"{_day(self.since)}起"
        return f"{_day(self.since)}至{_day(self.until)}"


ALL_TIME = Period(name="全部")


def named(name: str, today: date) -> Period:
    """A period by its name, seen from a day. Raises `KeyError` for a name that isn't one of ``NAMED``."""
    year, month = today.year, today.month
    quarter = (month - 1) // 3 * 3 + 1
    before = date(year, month, 1) - timedelta(days=1)
    first = {
        "本月": (date(year, month, 1), _end(year, month)), "上月": (before.replace(day=1), before),
        "本季": (date(year, quarter, 1), _end(year, quarter + 2)), "本年": (date(year, 1, 1), date(year, 12, 31)),
        "上年": (date(year - 1, 1, 1), date(year - 1, 12, 31)), "全部": (None, None),
    }  # fmt: skip
    return Period(*first[name], name)


def own(since: date | None, until: date | None) -> Period:
    """From one day to another. Raises `BadInput` where the first is the later."""
    if since is not None and until is not None and since > until:
        raise BadInput(f"期间的起日 {since} 晚于止日 {until}，请对调。")
    return Period(since, until)


def _end(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
