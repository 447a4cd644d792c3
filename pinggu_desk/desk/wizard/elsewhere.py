"""What the same applicant asked for in other cases, as far as it may be the same thing (竞合)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from pinggu_desk.assess.notes import Elsewhere
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
