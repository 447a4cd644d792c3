"""What the same applicant asked for in other cases, as far as it may be the same thing (竞合)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from pinggu_desk.assess.inhand import beside
from pinggu_desk.assess.notes import Elsewhere, InHand
from pinggu_desk.documents.visit import Visit
from pinggu_desk.policy.errors import DeskError
from pinggu_desk.register import Register
from pinggu_desk.register.records import MATCHING, Case, IssuedDocument

_OPEN = ("eligible", "review")


def elsewhere_of(
    register: Register, applicant_id: int, case_id: int, chosen: Callable[[Mapping[str, str]], list[str]]
) -> tuple[Elsewhere, ...]:
    """The applicant's other cases that weren't withdrawn: what their last paper found possible, else what was chosen.

    ``chosen`` reads from a case's answers which benefits were chosen, if not all are asked for.
    """
    cases = (c for c in register.cases_of(applicant_id) if c.id != case_id and c.policy_id != MATCHING)
    found = (_of(register, case, chosen) for case in cases if case.state != "已撤销")
    return tuple(one for one in found if one is not None)


def letters_of(register: Register, applicant_id: int | None, year: int, case_id: int) -> tuple[Elsewhere, ...]:
    """What letters of a year, of whichever window but of no case of the same visit, told the applicant (在途)."""
    told = register.all_in_hand(applicant_id, year, case_id) if applicant_id is not None else []
    letters = tuple(InHand(one.benefit, one.serial, one.on, one.window, one.certain, one.ceiling) for one in told)
    return (Elsewhere(frozenset(), letters[0].on, "", letters),) if letters else ()


def as_of_now(register: Register, case_id: int, visit: Visit) -> Visit:
    """The visit with what is in hand at this moment: another window may have issued a letter since the case was opened."""
    return _told(visit, letters_of(register, register.case(case_id).applicant_id, visit.on.year, case_id))


def _told(visit: Visit, letters: tuple[Elsewhere, ...]) -> Visit:
    determinations = tuple(beside(d, visit.on, letters) for d in visit.determinations)
    return replace(visit, determinations=determinations, parts=tuple(_told(part, letters) for part in visit.parts))


def refuse_overtaken(register: Register, case_id: int, visit: Visit) -> None:
    """Refuse a letter that was made before another window told the same applicant the same. Raises `DeskError`."""
    was, now = _in_hand(visit), _in_hand(as_of_now(register, case_id, visit))
    new = [one for one in now if one not in was]
    if new:
        at = f"{new[0].window}号窗口" if new[0].window else "另一窗口"
        raise DeskError(
            f"预览以后，{at}已为同一申请人就同一事项出具告知书（{new[0].serial}）；这一份没有登记，也没有打印或保存，"
            "请关闭预览再出一次，新的一份会写明在途。"
        )


def _in_hand(visit: Visit) -> list[InHand]:
    own = [one for d in visit.determinations for one in d.in_hand]
    return own + [one for part in visit.parts for one in _in_hand(part)]


def _of(register: Register, case: Case, chosen: Callable[[Mapping[str, str]], list[str]]) -> Elsewhere | None:
    day = f"{case.opened_at.year}年{case.opened_at.month}月{case.opened_at.day}日"
    papers = register.documents(case.id)
    if papers:
        last = papers[-1]
        benefits, words = _stated(last, case.policy_id), f"同一申请人{day}的办件已出具文书（{last.serial}）"
    else:  # all of a policy is no sign that one of its benefits is asked for
        benefits, words = frozenset(chosen(register.answers(case.id))), f"同一申请人{day}有办件（{case.number}）"
    return Elsewhere(benefits, case.opened_at.date(), words) if benefits else None


def _stated(paper: IssuedDocument, policy: str) -> frozenset[str]:
    """What the paper found possible under the case's own policy; a shared one tells of others, which are other cases."""
    try:
        stated = json.loads(paper.determinations_json)
    except ValueError:
        return frozenset()
    return frozenset(
        str(d["benefit"])
        for d in stated
        if isinstance(d, dict) and d.get("status") in _OPEN and str(d["benefit"]).startswith(f"{policy}.")
    )
