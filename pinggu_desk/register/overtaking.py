"""Who was quicker: the sentence for one whose change was made on what is there no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pinggu_desk.register import roster
from pinggu_desk.register.errors import Overtaken, Overtaking
from pinggu_desk.register.store import Store

_MOST = 3  # changes that a sentence tells; the rest stands in the error


def overtaken(db: Store, what: str, clerk_no: str, at: str, changes: Sequence[Overtaking], version: int) -> Overtaken:
    """The refusal of a change to ``what``, which the clerk of that number changed last, at that time."""
    when = datetime.fromisoformat(at)
    told = "；".join(_said(one) for one in changes[:_MOST]) + (f"等 {len(changes)} 项" if len(changes) > _MOST else "")
    sentence = (
        f"{what}在您看到之后已由{called(db, clerk_no)}于 {when:%m-%d %H:%M} 改过（{told}），您这一步没有保存，也没有覆盖对方的；"
        "请看过对方改了什么，再决定保留哪一个。"
    )
    return Overtaken(sentence, clerk_no, when, tuple(changes), version)


def called(db: Store, clerk_no: str) -> str:
    """A clerk as a sentence names him: name, number, window."""
    one = roster.read(db).get(clerk_no)
    if one is None:
        return f"工号 {clerk_no}"
    window = f"，窗口 {one.clerk.window}" if one.clerk.window else ""
    return f"{one.clerk.name}（工号 {clerk_no}{window}）"


def _said(change: Overtaking) -> str:
    now = "已清空" if change.now is None else f"现为“{change.now}”"
    return f"{change.what}{now}"
