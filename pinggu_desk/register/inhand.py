"""In hand (在途): what letters of this year already told an applicant, at whichever window, and is no award yet.

A yearly limit counts what was received, and a letter is received by nobody's books: two windows that each work from the awards would
tell the same limit twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, or_, select

from pinggu_desk.register.findings import condense, read_findings
from pinggu_desk.register.records import LETTER
from pinggu_desk.register.shelf import Shelf
from pinggu_desk.register.tables import awards, cases, documents, paper_findings, shared_papers, visits

_WHOSE: BindParameter[int] = bindparam("whose")
_CASE: BindParameter[int] = bindparam("case_id")
_a, _c, _d, _f, _s, _v = awards.c, cases.c, documents.c, paper_findings.c, shared_papers.c, visits.c
#: the latest comes first
_LETTERS = (
    select(_d.serial, _d.case_id, _c.number, _d.issued_at, _d.clerk_no, func.coalesce(_f.found, ""))
    .select_from(documents.join(cases, _c.id == _d.case_id).outerjoin(paper_findings, _f.serial == _d.serial))
    .where(_c.applicant_id == _WHOSE, _c.state != "已撤销", _d.kind == LETTER)
    .where(_d.issued_at >= bindparam("first"), _d.issued_at < bindparam("end"))
    .order_by(_d.issued_at.desc(), func.length(_d.serial).desc(), _d.serial.desc())
)
_STATED = select(_d.determinations).where(_d.serial == bindparam("serial"))
_SHARED = (
    select(_s.serial, _s.case_id)
    .select_from(shared_papers.join(documents, _d.serial == _s.serial).join(cases, _c.id == _d.case_id))
    .where(_c.applicant_id == _WHOSE)
)
_visit = select(_v.visit).where(or_(_v.case_id == _CASE, _v.visit == _CASE)).scalar_subquery()
_SAME_VISIT = select(_v.case_id, _v.visit).where(_v.visit.in_(_visit))
_HAD = select(_a.policy_id, _a.benefit_id, func.max(_a.awarded_on)).where(
    _a.applicant_id == _WHOSE, _a.removed_at.is_(None)
).group_by(_a.policy_id, _a.benefit_id)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LetterInHand:
    """What one letter told of one benefit: its serial, day, window (empty: none) and clerk (工号), and the figure in whole fen.

    ``certain`` is a sum that the clauses give, ``ceiling`` one that is only a ceiling; both None where the letter stated none.
    """

    benefit: str
    title: str
    serial: str
    on: date
    window: str
    clerk_no: str
    certain: int | None = None
    ceiling: int | None = None


class InHandShelf(Shelf):
    """The part of the register that knows what is in hand."""

    def in_hand(self, applicant_id: int, benefit: str, year: int, but: int = 0) -> list[LetterInHand]:
        """The letters of a calendar year that told an applicant of a benefit, the latest first; see `all_in_hand`."""
        return [one for one in self.all_in_hand(applicant_id, year, but) if one.benefit == benefit]

    def all_in_hand(self, applicant_id: int, year: int, but: int = 0) -> list[LetterInHand]:
        """Every benefit that letters of a calendar year told an applicant to have, the latest letter first.

        Not those of the case ``but`` and of its visit, of withdrawn cases, of which a later letter of the case took the place,
        or for which an award was noted since.
        """
        whose = self._survivor(applicant_id)
        letters = self._db.rows(_LETTERS, whose=whose, first=f"{year:04d}", end=f"{year + 1:04d}")
        if not letters:
            return []
        own = {but, *(number for row in self._db.rows(_SAME_VISIT, case_id=but) for number in row)}
        of_cases: dict[str, set[int]] = defaultdict(set)
        for serial, case_id in self._db.rows(_SHARED, whose=whose):
            of_cases[serial].add(case_id)
        had = {_whole(policy, benefit): str(on) for policy, benefit, on in self._db.rows(_HAD, whose=whose)}
        told: dict[str, set[int]] = defaultdict(set)  # by policy: the cases whose last letter was seen
        found: list[LetterInHand] = []
        for row in letters:
            mine = {row[1], *of_cases[row[0]]}
            if not mine & own:
                found += self._stated(row, mine, told, had)
        return found

    def _stated(
        self, row: tuple[Any, ...], mine: set[int], told: dict[str, set[int]], had: dict[str, str]
    ) -> Iterator[LetterInHand]:
        serial, _, number, issued_at, clerk_no, kept = row
        if not kept:  # of an earlier program, not looked through yet
            stated = self._db.row(_STATED, serial=serial)
            kept = condense(stated[0]) if stated else "[]"
        findings = read_findings(kept)
        policies = {f.benefit.split(".", 1)[0] for f in findings}
        newer = {policy for policy in policies if told[policy] & mine}
        for policy in policies:
            told[policy] |= mine
        window = str(number).split("-")[1]
        for f in findings:
            if (
                f.status != "eligible"
                or f.benefit.split(".", 1)[0] in newer
                or had.get(f.benefit, "") >= issued_at[:10]
            ):
                continue
            yield LetterInHand(
                f.benefit, f.title, serial, datetime.fromisoformat(issued_at).date(), "" if window == "0" else window,
                clerk_no, None if f.certain is None else f.certain + f.given_up, f.ceiling,
            )  # fmt: skip


def _whole(policy: str, benefit: str) -> str:
    return f"{policy}.{benefit.removeprefix(policy + '.')}"
