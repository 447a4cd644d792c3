"""Reading ``workdays.yaml``: the yearly arrangements, and the days off by law; every day that cannot be is told with its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from pinggu_desk.policy.dates import Calendar, Statutory, Year
from pinggu_desk.policy.errors import Diagnostic
from pinggu_desk.policy.reader import Source

_STATES = ("已公布", "未公布")
_MONTH_DAY = re.compile("[0-9]{2}-[0-9]{2}")
_SPRING = "春节"


def read_calendar(source: Source, found: list[Diagnostic]) -> Calendar:
    """The calendar; what is wrong with its days goes to ``found``."""
    data = source.data if isinstance(source.data, Mapping) else {}
    raw = data.get("years") or {}
    years = [
        _year(source, number, year, found) for number, year in raw.items() if _is_year(source, number, year, found)
    ]
    known = sorted(year.number for year in years if year.published)
    if known and known != list(range(known[0], known[-1] + 1)):
        found.append(source.found("calendar-hole", ("years",), "放假安排的年份中间缺了一年，请补上。"))
    return Calendar(tuple(years), _statutory(source, data.get("statutory") or {}, found))


def _is_year(source: Source, number: Any, year: Any, found: list[Diagnostic]) -> bool:
    if not isinstance(number, int) or not 1990 <= number <= 2200 or not isinstance(year, Mapping):
        found.append(source.found("bad-holiday", ("years", number), f"“{number}”应是年份，下面写 state、off、work。"))
        return False
    if year.get("state") not in _STATES:
        sentence = f"{number} 年的 state 应写{'或'.join(_STATES)}。"
        found.append(source.found("bad-holiday", ("years", number, "state"), sentence))
        return False
    return True


def _year(source: Source, number: int, year: Mapping[str, Any], found: list[Diagnostic]) -> Year:
    off = _days(source, number, "off", year.get("off") or (), found)
    work = _days(source, number, "work", year.get("work") or (), found)
    published = year["state"] == "已公布"
    for day in sorted(work):
        if day.weekday() < 5:
            sentence = (
                f"调休上班日 {day} 是星期{'一二三四五'[day.weekday()]}，本来就上班；调休上班只能是星期六、星期日。"
            )
            found.append(source.found("bad-holiday", ("years", number, "work"), sentence))
        if day in off:
            sentence = f"{day} 又写在放假日（off）里，又写在上班日（work）里，请只留一处。"
            found.append(source.found("bad-holiday", ("years", number, "work"), sentence))
    if published and not off:
        sentence = f"{number} 年写着已公布，却没有一天放假，请照通知填写 off，没有公布的写“未公布”。"
        found.append(source.found("bad-holiday", ("years", number), sentence))
    return Year(number, published, off, work)


def _days(source: Source, number: int, key: str, raw: Any, found: list[Diagnostic]) -> frozenset[date]:
    days: list[date] = []
    for day in raw if isinstance(raw, (list, tuple)) else (raw,):
        if type(day) is not date or day.year != number:
            sentence = f"{number} 年的 {key} 里“{day}”不是这一年的日期，应写成如 {number}-10-01。"
            found.append(source.found("bad-holiday", ("years", number, key), sentence))
        else:
            days.append(day)
    for day in sorted({day for day in days if days.count(day) > 1}):
        found.append(source.found("bad-holiday", ("years", number, key), f"{day} 在 {key} 里写了两次。"))
    return frozenset(days)


def _statutory(source: Source, raw: Mapping[str, Any], found: list[Diagnostic]) -> Statutory:
    """Days off by law: month and day, and days that move; 除夕 and 正月初一至初三 are told by 春节 alone."""
    fixed: set[tuple[int, int]] = set()
    for one in raw.get("fixed") or ():
        try:
            day = date.fromisoformat(f"2000-{one}") if _MONTH_DAY.fullmatch(str(one)) else None
        except ValueError:
            day = None
        if day is None:
            sentence = f"“{one}”不是月和日，应写成如 '10-01'（加引号）。"
            found.append(source.found("bad-holiday", ("statutory", "fixed"), sentence))
        else:
            fixed.add((day.month, day.day))
    days: set[date] = set()
    for number, year in (raw.get("moving") or {}).items():
        for name, day in year.items():
            if type(day) is not date or day.year != number:
                sentence = f"{number} 年的“{name}”写成了“{day}”，应是这一年的日期。"
                found.append(source.found("bad-holiday", ("statutory", "moving", number), sentence))
                continue
            days.update(day + timedelta(days=n) for n in ((-1, 0, 1, 2) if name == _SPRING else (0,)))
    return Statutory(raw.get("since", 9999), frozenset(fixed), frozenset(days))
