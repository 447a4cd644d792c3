"""Which old backups go: the last ones of so many days, weeks and months stay. A pure function, with no clock of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Keep:
    """How many days, weeks and months on which there was a backup keep their last one."""

    days: int = 7
    weeks: int = 5
    months: int = 12


#: how many of each may be asked for: what it is called, the least, the most
BOUNDS = {"days": ("天", 1, 60), "weeks": ("周", 1, 60), "months": ("个月", 1, 120)}


def keep_words(keep: Keep) -> str:
    """How many backups stay: ``7 天、5 周、12 个月``."""
    return f"{keep.days} 天、{keep.weeks} 周、{keep.months} 个月"


class Kept(NamedTuple):
    """One backup: its name, when it was made (local time), and whether it is known to be good."""

    name: str
    at: datetime
    good: bool


_Bucket = Callable[[datetime], object]


def to_remove(backups: Iterable[Kept], now: datetime, keep: Keep) -> list[str]:
    """The names of those that may go, oldest first.

    Days, weeks and months are counted by the backups themselves and not back from ``now``: after a year in which the desk
    stood still nothing is too old. What is dated after ``now`` (the clock ran ahead, or was set back) is neither counted nor
    removed, nor is what isn't known to be good; the newest good one always stays.
    """
    good = sorted((one for one in backups if one.good), key=lambda one: (one.at, one.name), reverse=True)
    past = [one for one in good if one.at <= now]
    stay = {one.name for one in good if one.at > now} | {one.name for one in good[:1]} | {one.name for one in past[:1]}
    rules: tuple[tuple[int, _Bucket], ...] = (
        (keep.days, lambda at: at.date()),
        (keep.weeks, lambda at: at.isocalendar()[:2]),
        (keep.months, lambda at: (at.year, at.month)),
    )
    for most, bucket in rules:
        seen: set[object] = set()
        for one in past:  # newest first: the last one of each day, week or month
            if (which := bucket(one.at)) not in seen and len(seen) < most:
                seen.add(which)
                stay.add(one.name)
    return [one.name for one in reversed(past) if one.name not in stay]
