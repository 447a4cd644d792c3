"""One 正页 for one visit (同一来访): the letter over several policies, under one number that each of its cases has. Knows no Qt."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pinggu_desk.assess.engine import Answers
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.wizard.issue import LETTER, Draft, Issued, draft_or_again, papers_of, visit_by
from pinggu_desk.desk.wizard.record import interview_of, past_awards, read_case
from pinggu_desk.desk.wizard.together import Together, fill
from pinggu_desk.register import Register

if TYPE_CHECKING:
    from pinggu_desk.documents.matchvisit import MatchVisit
    from pinggu_desk.documents.visit import Visit


def one_sheet(
    register: Register, services: Services, case_id: int, now: datetime, found: MatchVisit | None = None
) -> Draft | Issued:
    """The letter over all cases of the visit that ``case_id`` belongs to, as they stand in the register.

    Where the visit has no cases yet, over every policy of the match ``found``. It takes the next number of ``case_id``; once it is
    recorded it is a paper of each of the cases. On the register's thread. Raises DeskError, RegisterError.
    """
    papers = papers_of(services)
    number = register.visit_of(case_id)
    cases = register.cases_of_visit(number) if number is not None else []
    if not cases and found is not None:
        return draft_or_again(register, case_id, LETTER, papers.one_sheet_of_match(found), papers)
    visits: list[Visit] = []
    values: dict[str, int | str] = {}
    awards, on = None, register.case(case_id).on
    for at in range(len(cases)):
        fill(register, services.engine, Together(tuple(cases), at))
    for case in cases or [register.case(case_id)]:
        record = read_case(register, case.id)
        interview = interview_of(services.engine, record)
        visits.append(visit_by(services, interview, record.applicant, now))
        values.update(interview.values)
        awards, on = past_awards(record), interview.on
    whole = papers.one_sheet(services.engine, Answers(on, values, awards), visits)
    return draft_or_again(register, case_id, LETTER, whole, papers)
