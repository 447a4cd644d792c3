"""Is the clock to be believed (时钟存疑): before something goes for good because of its day, and for whoever comes in to work by it?

The trail tells on which days somebody worked. A day far behind the one before it, with few days of work since, is a clock that was set
ahead, or an office that was closed for long; a day before one on which somebody worked already is a clock that was set back, or was
ahead then: nobody but a person can tell which. A server has a clock of its own as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlalchemy import bindparam, func, select, text

from pinggu_desk.register import events
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import audit

#: longer than an office is closed for a summer, a move or half a year; a year that was typed wrong is more
CLOSED = timedelta(days=200)
#: on so many days somebody worked by the clock as it is now: whoever had the wrong year on his papers noticed
WORKED = 10
#: a machine and a server may be so far apart
APART = timedelta(days=2)
#: round midnight two clocks that are right say different days
_TICKING = timedelta(hours=1)
AGREED = "日期存疑，经确认"
_BY_THE_CLOCK = (
    "文书上的日期、时限和当天有效的政策都按电脑的日期算：请对照日历，日期不对的先改正电脑的日期再办；"
    "日期没错的（例如长时间停办，或以前有一天电脑走快了）照常办理。"
)
_a = audit.c
_days = select(func.substr(_a.at, 1, 10).label("day")).where(_a.at < bindparam("today")).distinct().subquery()
_DAYS = select(_days.c.day).order_by(_days.c.day.desc()).limit(bindparam("most", type_=_a.id.type))
#: whoever comes in is told by the last entries alone: a trail grows for years, and a login waits for nothing
_LATEST = 5000
_last = select(_a.id, _a.at).order_by(_a.id.desc()).limit(_LATEST).subquery()
_LATELY = select(func.substr(_last.c.at, 1, 10).label("day"), func.max(_last.c.id)).group_by(text("1"))
_CONFIRMED = (
    select(_a.id)
    .where(_a.event == bindparam("event"), _a.at >= bindparam("since"), _a.at < bindparam("until"))
    .where(_a.detail.contains(bindparam("words")))
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a day is not believed: a sentence. ``why`` says it in short, for the trail."""

    today: date
    why: str

    @property
    def sentence(self) -> str:
        """For whoever is about to remove something because of the day."""
        return (
            f"电脑上的日期是 {self.today}，但{self.why}。日期若被调快，没有到期的资料也会列成到期，清除后找不回来。"
            "请对照日历：日期不对，先改正电脑的日期，再重新列出；日期没错（例如长时间停办），再清除。"
        )


def doubt_of(db: Store, now: datetime) -> Doubt | None:
    """What speaks against the day; None where nothing does."""
    today, there = now.date(), db.clock()
    worked = [date.fromisoformat(day) for (day,) in db.rows(_DAYS, today=today.isoformat(), most=WORKED - 1)]
    if leap := _leap(db, today, worked):
        return Doubt(today, leap)
    if there is not None and now > there + APART:
        return Doubt(today, _server_says(there))
    return None


def told_at_the_door(db: Store, now: datetime) -> str:
    """For whoever comes in, where the clock may be wrong either way: papers and deadlines go by it. Empty where all is well."""
    today, there = now.date(), db.clock()
    last = {date.fromisoformat(day): int(number) for day, number in db.rows(_LATELY)}
    worked = sorted((day for day in last if day < today), reverse=True)
    later = [day for day in last if day > today]
    if there is not None:  # two clocks that agree are right, whatever the trail says
        why = _server_says(there) if today != there.date() and abs(now - there) > _TICKING else ""
    elif later and sum(number > max(last[day] for day in later) for number in last.values()) < WORKED:
        why = f"登记库里已有 {max(later)} 的记录"
    else:
        why = _leap(db, today, worked[: WORKED - 1])
    return f"电脑上的日期是 {today}，但{why}。{_BY_THE_CLOCK}" if why else ""


def _leap(db: Store, today: date, worked: list[date]) -> str:
    """Between which two days nobody worked for too long, the latest first; empty where there are none, or the day was agreed to."""
    for since, before in pairwise((today, *worked)):
        if since - before > CLOSED:
            return "" if _agreed(db, since, today) else _gap(before, since)
    return ""


def _server_says(there: datetime) -> str:
    return f"登记库服务器上的日期是 {there.date()}"


def _gap(before: date, since: date) -> str:
    return f"登记库在 {before} 与 {since} 之间有 {(since - before).days} 天没有人办理"


def _agreed(db: Store, since: date, today: date) -> bool:
    """Whether somebody said behind that gap that the clock is right."""
    asked = {"since": since.isoformat(), "until": (today + timedelta(days=1)).isoformat()}
    return db.row(_CONFIRMED, event=events.FORGOTTEN, words=AGREED, **asked) is not None
