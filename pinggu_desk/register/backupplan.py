"""When the desk backs up by itself, and where to; and what became of it. One small file beside the register (backups.json).

What is due is a pure function of the plan, the clock and how long nobody has touched the desk.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from pinggu_desk.register.errors import InvalidEntry
from pinggu_desk.register.files import locked, write_whole
from pinggu_desk.register.thinning import Keep

FILE_NAME = "backups.json"
MARKER = "登记库备份盘.json"
#: a stick that was marked holds its backups here
STICK_FOLDER = "登记库备份"
QUIET = timedelta(minutes=5)  # nobody touched the desk for so long: he has gone, or reads
_ANYWAY = timedelta(hours=1)  # so long after the set time it is done beside whatever goes on
_AGAIN = timedelta(minutes=10)
OVERDUE = timedelta(days=7)
_FAR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Done:
    """A backup that was made and checked: when, what it is called, where it lies."""

    at: datetime
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Plan:
    """``place`` empty: nothing is backed up by itself. ``at`` is the time after work; ``failed`` why the last try failed.

    ``since`` is the day on which the desk was first used here: from then on there is something to lose.
    """

    place: str = ""
    at: time = time(17, 30)
    keep: Keep = field(default_factory=Keep)
    done: Done | None = None
    failed_at: datetime | None = None
    failed: str = ""
    sticks: Mapping[str, datetime] = field(default_factory=dict)
    since: date | None = None


class PlanFile:
    """The plan of one register on this machine."""

    def __init__(self, folder: Path) -> None:
        self._path, self._lock = folder / FILE_NAME, folder / f"{FILE_NAME}.lock"

    def read(self) -> Plan:
        """The plan; nothing planned where there is no file, or one that can't be read."""
        try:
            return _plan(json.loads(self._path.read_bytes()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return Plan()

    def change(self, **values: Any) -> Plan:
        """Change some of it, whole or not at all. Raises `DiskFull`, `DiskFault`."""
        with locked(self._lock):
            plan = replace(self.read(), **values)
            write_whole(self._path, json.dumps(asdict(plan), ensure_ascii=False, indent=1, default=str).encode())
        return plan


def _plan(raw: dict[str, Any]) -> Plan:
    done, keep, failed = raw["done"], raw["keep"], raw["failed_at"]
    return Plan(
        str(raw["place"]), time.fromisoformat(raw["at"]),
        Keep(*(max(1, min(int(keep[name]), 999)) for name in ("days", "weeks", "months"))),
        Done(_local(done["at"]), str(done["name"]), str(done["place"])) if done else None,
        _local(failed) if failed else None, str(raw["failed"]),
        {str(name): _local(at) for name, at in raw["sticks"].items()},
        date.fromisoformat(raw["since"]) if raw["since"] else None,
    )  # fmt: skip


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)


def read_time(text: str) -> time:
    """A time of day as it is typed (17:30). Raises `InvalidEntry`."""
    try:
        hour, minute = text.strip().replace("：", ":").split(":")
        return time(int(hour), int(minute))
    except ValueError:
        raise InvalidEntry(f"“{text}”不是一天里的时间，应写成 17:30 这样。") from None


def due(plan: Plan, now: datetime, idle: timedelta) -> bool:
    """Whether a backup is to be made now: after work once nobody is at the desk, or for an earlier day that was missed."""
    if not plan.place or (plan.failed_at is not None and timedelta(0) <= now - plan.failed_at < _AGAIN):
        return False
    last = plan.done.at if plan.done is not None else None
    if last is not None and last > now + _FAR:  # the clock ran ahead when it was made, or was set back since
        last = None
    today = datetime.combine(now.date(), plan.at)
    if now >= today:
        return (last is None or last < today) and (idle >= QUIET or now - today >= _ANYWAY)
    return last is None or last < today - timedelta(days=1)


def overdue(plan: Plan, now: datetime) -> str:
    """The quiet line for whoever begins work: the last good backup is long ago; empty while all is well."""
    last = plan.done.at if plan.done is not None else datetime.combine(plan.since or now.date(), time())
    if now - last <= OVERDUE:
        return ""
    days = (now.date() - last.date()).days
    when = f"最近一次备份是 {days} 天前" if plan.done is not None else f"{days} 天来还没有备份过"
    why = f"（上次没有做成：{plan.failed.rstrip('。')}）" if plan.failed else ""
    return f"{when}{why}，请在“设置”的“备份与核验”中备份一次。"


def state_words(plan: Plan, today: date) -> str:
    """What is told of the last backup in 设置."""
    if plan.done is None:
        return "还没有备份过。"
    day = "今天" if plan.done.at.date() == today else f"{plan.done.at:%Y年}{plan.done.at.month}月{plan.done.at.day}日"
    return f"最近一次备份：{day} {plan.done.at:%H:%M}，已核验，在“{Path(plan.done.place) / plan.done.name}”。"


# --- backup sticks


def stick_register(root: Path) -> str:
    """The register that a stick is a backup stick of; empty for any other."""
    try:
        return str(json.loads((root / MARKER).read_bytes())["register"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""


def mark_stick(root: Path, register: str) -> None:
    """Make a stick a backup stick of this register: plugged in, it is backed up to. Raises `DiskFull`, `DiskFault`."""
    words = "插入本机后，窗口程序会自动把登记库备份到这个盘。备份是加密的。"
    write_whole(root / MARKER, json.dumps({"register": register, "说明": words}, ensure_ascii=False).encode())


def stick_due(plan: Plan, register: str, root: Path, now: datetime) -> bool:
    """Whether a stick that is there is ours and has had no backup today."""
    if not register or stick_register(root) != register:
        return False
    last = plan.sticks.get(str(root))
    return last is None or last.date() != now.date()
