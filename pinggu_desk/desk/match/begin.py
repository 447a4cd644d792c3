"""What an enquiry opens in the register: its own case, and the cases that it leads to. On the register's thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from pinggu_desk.desk.match.kept import Opened, open_enquiry
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.wizard.record import SCOPE, scope_text
from pinggu_desk.desk.wizard.together import ORIGIN
from pinggu_desk.register import Register
from pinggu_desk.register.records import MATCHING, Case


def enquiry_for(register: Register, services: Services, applicant_id: int) -> Opened:
    """An applicant's open enquiry of today, or a new one."""
    on, version = services.today(), services.pack.version
    cases = register.cases_of(applicant_id)
    mine = [c for c in cases if c.policy_id == MATCHING and c.state == "办理中"]
    mine = [c for c in mine if on in (c.on, c.opened_at.date())]
    case = mine[0] if mine else register.open_case(MATCHING, version, applicant_id=applicant_id, on=on)
    return open_enquiry(register, services, case.id)


def open_several(
    register: Register, several: Sequence[list[str]], texts: Mapping[str, Mapping[str, str]],
    taken: Mapping[str, tuple[str, str]], whose: int | None, on: date, version: str, visit: int | None,
) -> Case:  # fmt: skip
    """A case for each policy, by its benefits, answers filled in, as one visit's where ``visit`` is its enquiry; the first of them.

    A policy whose case of the visit is still worked on gets no second one. ``taken`` are texts with where they came from.
    """
    opened: list[Case] = []
    there = register.cases_of_visit(visit) if visit is not None else []
    mine = {case.policy_id: case for case in there if case.state == "办理中"}
    for benefits in several:
        policy = benefits[0].split(".", 1)[0]
        if policy in mine:
            continue
        case = register.open_case(policy, version, applicant_id=whose, on=on)
        opened.append(case)
        register.set_answer(case.id, SCOPE, scope_text(benefits))
        for name, text in texts[policy].items():
            known = taken.get(name, ("", ""))
            origin = known[1] if known[0] == text else ORIGIN if visit is not None else ""
            register.set_answer(case.id, name, text, origin=origin)
    if visit is not None:
        register.join_visit(visit, [case.id for case in opened])
    return opened[0] if opened else mine[several[0][0].split(".", 1)[0]]
