"""The audit trail for whoever may see it: asked for in words, checked, exported. What desk and command line both do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pinggu_desk.policy.characters import plain_name
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.identity import normal_code
from pinggu_desk.register import events
from pinggu_desk.register.audit import Wanted
from pinggu_desk.register.rehearsal import masked_name

if TYPE_CHECKING:
    from pinggu_desk.register import Register
    from pinggu_desk.register.anchor import Printed
    from pinggu_desk.register.checking import LookedOver
    from pinggu_desk.register.records import Applicant, AuditRow
    from pinggu_desk.register.watch import Verification

_CASE = re.compile(r"[0-9A-Z]{1,8}-[0-9A-Za-z]{1,8}-[0-9]{8}-[0-9]{4,}(-[0-9]{2,})?")
#: of so many of one name it is told how many, and of so many which
_ALIKE, _TOLD = 50, 6
_APPLICANT = re.compile(r"(?:申请人|#)?([0-9]{1,12})")


def of_subject(wanted: Wanted, text: str) -> Wanted:
    """``wanted``, of the applicant, case or paper that was typed: 申请人12, 12, or a case's or paper's number. Raises `BadInput`."""
    plain = "".join(text.split()).upper()
    if not plain:
        return wanted
    if found := _APPLICANT.fullmatch(plain):
        return replace(wanted, applicant=int(found[1]))
    if _CASE.fullmatch(plain):
        return replace(wanted, paper=plain)
    raise BadInput(f"“{text.strip()}”不是申请人编号、办件编号或文书编号；申请人填编号，如 12，办件和文书照填全编号。")


def of_anybody(register: Register, wanted: Wanted, text: str) -> Wanted:
    """The same, and of an applicant by his name or the number of his papers (号码); who he is stands on no trail. Raises `BadInput`."""
    try:
        return of_subject(wanted, text)
    except BadInput:
        found = register.search(text, _ALIKE)
    code, name = normal_code(text), plain_name(text)
    found = [one for one in found if one.code == code or plain_name(one.name) == name] or found
    if not found:
        raise BadInput(f"没有找到“{text.strip()}”；可以填申请人的名称、号码或编号，办件或文书照填全编号。")
    if len(found) > 1:
        told = "、".join(f"{one.id}（{_called(one)}）" for one in found[:_TOLD])
        raise BadInput(f"“{text.strip()}”有 {len(found)} 位申请人，请写全，或者填编号：{told}。")
    return replace(wanted, applicant=found[0].id)


def _called(who: Applicant) -> str:
    return masked_name(who.name, who.kind) if who.kind == "个人" else who.name


def wanted_words(wanted: Wanted) -> str:
    """Which entries these are, for a workbook and for the trail itself."""
    days = f"{wanted.first or '最早'}至{wanted.last or '今天'}" if wanted.first or wanted.last else ""
    words = (
        f"工号{wanted.clerk_no}" if wanted.clerk_no else "", wanted.event,
        f"申请人{wanted.applicant}" if wanted.applicant is not None else "", wanted.paper, days,
    )  # fmt: skip
    return "，".join(word for word in words if word) or "全部"


def trail_book(
    register: Register, rows: Sequence[AuditRow], wanted: Wanted, made: datetime, office: str = "", words: str = ""
) -> bytes:
    """The entries as a workbook; that they leave the register goes on the trail first. ``words`` are what they were narrowed down by."""
    from pinggu_desk.documents.books.trail import TrailLine, trail_book_bytes

    register.record_event(
        events.TRAIL_EXPORTED, "审计记录", f"{wanted_words(wanted)}{'，筛选后' if words else ''}，{len(rows)} 条"
    )
    lines = [TrailLine(row.id, row.at, row.clerk_no, row.event, row.subject, row.detail) for row in rows]
    clerk = f"{register.clerk.name} {register.clerk.no}".strip()
    anchor = register.anchor().code
    return trail_book_bytes(
        lines,
        made,
        office=office,
        clerk=clerk,
        picked=wanted_words(wanted) + (f"，筛选“{words}”" if words else ""),
        anchor=anchor,
    )


def verify_register(
    register: Register, printed: Iterable[Printed] = (), progress: Callable[[str], None] | None = None,
    looked: LookedOver | None = None,
) -> Verification:  # fmt: skip
    """Look at the whole register, what this machine keeps of it elsewhere and what stands on papers; that it was done is on the trail.

    ``looked``: see `Register.verify`.
    """
    done = register.verify(printed, progress, looked)
    register.record_event(events.VERIFIED, "登记库", "完好" if done.sound else f"{len(done.faults)} 处不符")
    return done


def verification_json(done: Verification) -> dict[str, Any]:
    """What a check found, as scripts read it: the first broken entry apart."""
    faults = [
        {
            "number": one.number or None, "at": one.at or None, "event": one.event or None, "table": one.table or None,
            "row": one.row or None, "clerk": one.clerk or None, "what": one.what,
        }
        for one in done.faults
    ]  # fmt: skip
    return {
        "sound": done.sound, "first": faults[0] if faults else None, "faults": faults, "looked": done.looked,
        "anchor": done.head.code if done.head.hash else None, "register": done.head.register,
    }  # fmt: skip


def verification_lines(done: Verification, most: int = 50) -> Iterable[str]:
    """The same for a person: what was looked at, what is wrong."""
    looked = "、".join(f"{what} {count}" for what, count in done.looked.items() if count)
    yield f"核验了{looked or '文件'}。"
    if done.sound:
        yield f"登记库完好，审计记录连续，没有发现改动。登记库校验：{done.head.code}"
        return
    first = done.faults[0]
    if first.number:
        by = f"工号{first.clerk}，" if first.clerk else ""
        named = f"（{first.event}，{by}{first.at.replace('T', ' ')}）" if first.event else ""
        yield f"最早不符的一条：审计记录第 {first.number} 条{named}。"
    for fault in done.faults[:most]:
        yield fault.what
    if len(done.faults) > most:
        yield f"另有 {len(done.faults) - most} 处，未列出。"
