"""Who was quicker: the sentence for one whose change was made on what is there no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from pinggu_desk.policy.masking import covered
from pinggu_desk.register import roster
from pinggu_desk.register.errors import HeadOvertaken, Overtaken, Overtaking
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import audit

_LAST = (
    select(audit.c.at, audit.c.clerk_no, audit.c.event, audit.c.detail)
    .where(audit.c.subject == bindparam("subject"))
    .order_by(audit.c.id.desc())
    .limit(1)
)
#: what the applicant's own columns are called here that hold such numbers
_NUMBERS = {"号码": "证件号码"}
#: what to do then: of a case as a whole nothing stands side by side to choose from, the screen shows it as it is now
_DECIDE = "请看过对方改了什么，再决定保留哪一个。"
_THEN: dict[type[Overtaken], str] = {HeadOvertaken: "请看清现在的，要改再做一次。"}
_MOST = 3  # changes that a sentence tells; the rest stands in the error


def overtaken(
    db: Store, what: str, clerk_no: str, at: str, changes: Sequence[Overtaking], version: int, kind: type[Overtaken] = Overtaken
) -> Overtaken:  # fmt: skip
    """The refusal of a change to ``what``, which the clerk of that number changed last, at that time; either may be unknown."""
    when = datetime.fromisoformat(at) if at else None
    told = "；".join(_said(one) for one in changes[:_MOST]) + (f"等 {len(changes)} 项" if len(changes) > _MOST else "")
    sentence = (
        f"{what}在您看到之后已由{called(db, clerk_no)}{f'于 {when:%m-%d %H:%M} ' if when else ''}改过（{told}），"
        f"您这一步没有保存，也没有覆盖对方的；{_THEN.get(kind, _DECIDE)}"
    )
    return kind(sentence, clerk_no, when or datetime.min, tuple(changes), version)


def last_told(db: Store, subject: str, *what: str) -> tuple[str, str, str, str]:
    """The trail's last entry of these events about something: when (ISO), by whom (工号), which event, its words; empty without one."""
    row = db.row(_LAST.where(audit.c.event.in_(what)), subject=subject)
    return (str(row[0]), str(row[1]), str(row[2]), str(row[3])) if row is not None else ("", "", "", "")


def refuse_unseen(
    db: Store, what: str, subject: str, told_by: Sequence[str], changes: Sequence[Overtaking], version: int = 0
) -> None:  # fmt: skip
    """Raise `Overtaken` where there are changes that a window has not seen; the trail's last entry about the subject says whose."""
    if changes:
        at, clerk_no, _event, _detail = last_told(db, subject, *told_by)
        raise overtaken(db, what, clerk_no, at, changes, version)


def called(db: Store, clerk_no: str) -> str:
    """A clerk as a sentence names him: name, number, window."""
    if not clerk_no:
        return "另一窗口"
    one = roster.read(db).get(clerk_no)
    if one is None:
        return f"工号 {clerk_no}"
    window = f"，窗口 {one.clerk.window}" if one.clerk.window else ""
    return f"{one.clerk.name}（工号 {clerk_no}{window}）"


def _said(change: Overtaking) -> str:
    """What is there now; a sentence stands on the screen, so a person's number in it is covered."""
    now = "已清空" if change.now is None else f"现为“{covered(_NUMBERS.get(change.what, change.what), change.now)}”"
    return f"{change.what}{now}"
