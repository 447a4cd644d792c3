"""Failed tries, and how long somebody must wait after them (口令连错五次，等十五分钟；再错，加倍).

They are counted in two places: beside the key slots, and in a file of this user's outside the register's folder. The
worse of both holds, so clearing or deleting either, or putting back an older one, lifts nothing; where the second is gone
though it was here, everybody waits. Waiting goes by how long the machine has been running, never by the clock on the wall:
setting that moves nothing, and a machine that was started anew begins the wait anew.

What this can't do: whoever has the whole disk (or both files and knows of both) doesn't come through this door at all. He
copies the key slots and tries passwords elsewhere, at the pace of Argon2id, which is what the choice of a password is held
against. This keeps out whoever sits down at the window.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TypedDict, cast

from pinggu_desk.register import machine
from pinggu_desk.register.errors import RegisterError
from pinggu_desk.register.files import private_folder, write_whole

TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
LONGEST = timedelta(hours=1)
#: whose tries the recovery code's are, among the clerks' by number
RECOVERY = ""
_MOST_FAILURES = 1000  # remembered for the audit trail; more only say the same again
_MOST_PLACES = 64


class Count(TypedDict):
    """Tries of one: wrong ones since the last wait, waits so far, and seconds to wait from a moment of a clock on."""

    failed: int
    waits: int
    wait: float
    clock: str
    at: float


Failure = list[str]
Clock = tuple[str, float]


def none_yet() -> Count:
    """Nothing failed."""
    return {"failed": 0, "waits": 0, "wait": 0.0, "clock": "", "at": 0.0}


class SecondPlace:
    """The file outside the register's folder, in which this user's machine counts as well."""

    def __init__(self, register: str) -> None:
        self.path = _folder() / f"{hashlib.sha256(register.encode()).hexdigest()[:24]}.json"
        self.name = hashlib.sha256(f"{machine.name()} {self.path}".encode()).hexdigest()[:16]

    def read(self) -> tuple[dict[str, Count], list[Failure]] | None:
        """What was counted here; None where nothing (readable) is."""
        try:
            raw = json.loads(self.path.read_bytes())
            return counts_of(raw["tries"]), failures_of(raw["failures"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def write(self, counts: Mapping[str, Count], failures: list[Failure]) -> bool:
        """Keep it; False where this user has no place to keep anything."""
        text = json.dumps({"tries": dict(counts), "failures": failures}, ensure_ascii=False)
        try:
            private_folder(self.path.parent)
            write_whole(self.path, text.encode())
        except (RegisterError, OSError):
            return False
        return True


class Tries:
    """The tries of everybody, from both places, and what is to be kept of them."""

    def __init__(
        self, counts: dict[str, Count], places: list[str], failures: list[Failure], place: SecondPlace, clock: Clock
    ) -> None:
        self.counts, self.places, self.failures = counts, places, failures
        self._place, self._clock = place, clock
        self.changed = False

    def take_in(self, everybody: Iterable[str], missing: Callable[[], Failure]) -> None:
        """Let the second place count; where it is gone, everybody waits, and ``missing`` is what the trail is told."""
        there = self._place.read()
        if there is None:
            if self._place.name in self.places:
                for no in (*everybody, RECOVERY):
                    self._wait(self.counts.setdefault(no, none_yet()), LOCKED_FOR)
                self.note(missing())
            self.changed = True
        else:
            self._merge(*there)
        if self._place.name not in self.places:
            self.places = [*self.places, self._place.name][-_MOST_PLACES:]
            self.changed = True

    def _merge(self, counts: Mapping[str, Count], failures: list[Failure]) -> None:
        for no, other in counts.items():
            mine = self.counts.get(no)
            self.counts[no] = other if mine is None else self._worse(mine, other)
            self.changed |= self.counts[no] != mine or self.counts[no] != other
        self.changed |= set(self.counts) != set(counts)
        new = [one for one in failures if one not in self.failures]
        self.changed |= bool(new)
        self.failures += new

    def _worse(self, one: Count, other: Count) -> Count:
        longer = one if self._left(one) >= self._left(other) else other
        return {
            "failed": max(one["failed"], other["failed"]), "waits": max(one["waits"], other["waits"]),
            "wait": longer["wait"], "clock": longer["clock"], "at": longer["at"],
        }  # fmt: skip

    def left(self, no: str) -> timedelta:
        """How long somebody must still wait; nought when he needn't."""
        count = self.counts.get(no)
        if count is None:
            return timedelta()
        left = self._left(count)
        name, now = self._clock
        if left > 0 and (count["clock"] != name or now < count["at"]):  # another machine, or one that was started anew
            count["wait"], count["clock"], count["at"] = left, name, now
            self.changed = True
        return timedelta(seconds=math.ceil(left))

    def _left(self, count: Count) -> float:
        name, now = self._clock
        if count["wait"] <= 0 or count["clock"] != name:
            return max(0.0, count["wait"])
        gone = now - count["at"] if now >= count["at"] else now  # since it was started, if it was started since
        return max(0.0, count["wait"] - gone)

    def tries_left(self, no: str) -> int:
        """How many wrong ones more before the next wait."""
        return TRIES - self.counts.get(no, none_yet())["failed"]

    def fail(self, no: str, failure: Failure) -> None:
        """Count a wrong one."""
        count = self.counts.setdefault(no, none_yet())
        count["failed"] += 1
        if count["failed"] >= TRIES:
            count["failed"] = 0
            self._wait(count, min(LOCKED_FOR * 2 ** min(count["waits"], 8), LONGEST))
            count["waits"] += 1
        self.note(failure)

    def _wait(self, count: Count, how_long: timedelta) -> None:
        count["wait"] = how_long.total_seconds()
        count["clock"], count["at"] = self._clock

    def note(self, failure: Failure) -> None:
        """Remember what failed, for the trail."""
        if len(self.failures) < _MOST_FAILURES:
            self.failures.append(failure)
        self.changed = True

    def told_of(self, what: str) -> int:
        """How many failures of a kind wait for the trail."""
        return sum(one[2] == what for one in self.failures)

    def clear(self, no: str) -> None:
        """Somebody came in, or was given another password: nothing is held against him any more."""
        self.changed |= self.counts.pop(no, None) is not None

    def told(self, count: int) -> None:
        """Forget the oldest failures: they are on the trail now."""
        del self.failures[:count]
        self.changed = True

    def keep(self) -> None:
        """Write the second place."""
        if not self._place.write(self.counts, self.failures) and self._place.name in self.places:
            self.places.remove(self._place.name)  # a place that can't be written can't be missed either


def counts_of(raw: object) -> dict[str, Count]:
    """Counts as read from a file. Raises ValueError or KeyError where they can't be such."""
    if not isinstance(raw, dict):
        raise ValueError(raw)
    for no, count in raw.items():
        whole = [count["failed"], count["waits"]]
        seconds = [count["wait"], count["at"]]
        if not isinstance(no, str) or not isinstance(count["clock"], str):
            raise ValueError(no)
        if any(type(n) is not int or not 0 <= n < 1 << 31 for n in whole):
            raise ValueError(whole)
        if any(type(s) not in (int, float) or not 0 <= s < math.inf for s in seconds):
            raise ValueError(seconds)
    return cast("dict[str, Count]", raw)


def failures_of(raw: object) -> list[Failure]:
    """Failures as read from a file. Raises ValueError where they can't be such."""
    if not isinstance(raw, list) or any(
        not isinstance(one, list) or len(one) != 3 or not all(isinstance(part, str) for part in one) for one in raw
    ):
        raise ValueError(raw)
    return raw


def _folder() -> Path:
    """Where this user's programs keep what they go by, which is not where anybody's data lies."""
    if own := os.environ.get("PINGGU_DESK_HOME"):
        return Path(own).with_name(f"{Path(own).name}-guard")
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "pinggu-desk-guard"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "pinggu-desk"
