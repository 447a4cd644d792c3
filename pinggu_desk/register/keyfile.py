"""How the key slots are written down: JSON of one format, read from that of the first as well, and never trusted.

Whatever can't be what was written is a `RegisterDamaged`; damage in one slot shuts out nobody else.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NotRequired, TypedDict, cast

from pinggu_desk.register.errors import RegisterDamaged
from pinggu_desk.register.passwords import KEY_BYTES, Wrapped, is_wrapped
from pinggu_desk.register.records import Clerk
from pinggu_desk.register.slots import Lock, is_lock
from pinggu_desk.register.tries import LOCKED_FOR, Count, Failure, counts_of, failures_of

FORMAT = 2


class Recovery(TypedDict):
    """The recovery code's slot: a ``lock``, or (first format) a ``wrapped`` key, or what is ``spoilt`` of these."""

    changed_at: str
    lock: NotRequired[Lock]
    wrapped: NotRequired[Wrapped]
    spoilt: NotRequired[object]


class Slot(Recovery):
    """A clerk's slot."""

    no: str
    name: str
    window: str


class Content(TypedDict):
    """All slots. ``epoch`` counts the keys that the register has had; ``leaving`` is there while it gets a new one.

    ``changing`` names whose slot was written for rows that may not have been kept (`twoplaces`).
    """

    format: int
    register: str
    epoch: int
    clerks: list[Slot]
    recovery: Recovery
    tries: dict[str, Count]
    places: list[str]
    failures: list[Failure]
    leaving: NotRequired[str]
    changing: NotRequired[str]


def clerk_of(slot: Slot) -> Clerk:
    """Who a slot says it is for; what he may do stands in the roster."""
    return Clerk(slot["no"], slot["name"], slot["window"])


def in_bytes(content: Content) -> bytes:
    """The slots as they are kept."""
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def parsed(data: bytes, where: str) -> Content:
    """The slots as they were kept. Raises `RegisterDamaged`, naming where."""
    try:
        raw = json.loads(data)
        return _content(raw if raw["format"] != 1 else _from_first(raw))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RegisterDamaged(f"密钥文件“{where}”内容已损坏，读不出密钥；请用备份文件夹中的同名文件替换它。") from error


def _content(raw: Any) -> Content:
    if raw["format"] != FORMAT:
        raise ValueError(raw["format"])
    content: Content = {
        "format": FORMAT, "register": _text(raw["register"]), "epoch": _count(raw["epoch"]),
        "clerks": [_slot(slot) for slot in raw["clerks"]], "recovery": cast(Recovery, _holder(raw["recovery"])),
        "tries": counts_of(raw["tries"]), "places": [_text(place) for place in raw["places"]],
        "failures": failures_of(raw["failures"]),
    }  # fmt: skip
    if "leaving" in raw:
        content["leaving"] = _text(raw["leaving"])
    if "changing" in raw:
        content["changing"] = _text(raw["changing"])
    return content


def _slot(raw: Any) -> Slot:
    who = {"no": _text(raw["no"]), "name": _text(raw["name"]), "window": _text(raw["window"])}
    return cast(Slot, {**who, **_holder(raw)})


def _holder(raw: Any) -> dict[str, Any]:
    """What leads to the key, without what is damaged in it; its absence shows when somebody comes by it."""
    found: dict[str, Any] = {"changed_at": datetime.fromisoformat(raw["changed_at"]).isoformat(timespec="seconds")}
    spoilt = raw[next((name for name in ("lock", "wrapped") if name in raw), "spoilt")]
    if is_lock(raw.get("lock")):
        found["lock"] = raw["lock"]
    elif is_wrapped(raw.get("wrapped"), KEY_BYTES):
        found["wrapped"] = raw["wrapped"]
    else:
        found["spoilt"] = spoilt
    return found


def _from_first(raw: Any) -> dict[str, Any]:
    """The first format in this one's words; each slot stays as it is until its owner comes."""
    locked = {
        "failed": 0, "waits": 0, "wait": LOCKED_FOR.total_seconds(), "clock": "", "at": 0.0
    }  # fmt: skip
    tries = {
        slot["no"]: {**locked, "failed": _count(slot["failed"])} if slot["locked_until"]
        else {**locked, "wait": 0.0, "failed": _count(slot["failed"])}
        for slot in raw["clerks"]
    }  # fmt: skip
    clerks = [
        {**{name: slot[name] for name in ("no", "name", "window", "changed_at", "wrapped")}} for slot in raw["clerks"]
    ]
    oldest = min(slot["changed_at"] for slot in clerks)
    return {
        "format": FORMAT, "register": raw["register"], "epoch": 1, "clerks": clerks,
        "recovery": {"changed_at": oldest, "wrapped": raw["recovery"]}, "tries": tries, "places": [],
        "failures": raw["failures"],
    }  # fmt: skip


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise TypeError(raw)
    return raw


def _count(raw: Any) -> int:
    if type(raw) is not int or not 0 <= raw < 1 << 31:
        raise ValueError(raw)
    return raw
