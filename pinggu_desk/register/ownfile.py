"""All that the register has of one applicant (个人信息查阅): for showing it to him. That it was gathered goes on the trail."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from pinggu_desk.register import events
from pinggu_desk.register import tables as t
from pinggu_desk.register.audit import append
from pinggu_desk.register.records import Applicant, AuditRow, Award, Case, Edit, IssuedDocument, Noted
from pinggu_desk.register.roles import Act
from pinggu_desk.register.shelf import Shelf, needs
from pinggu_desk.register.statements import Statement

_a, _c, _j = t.audit.c, t.cases.c, t.join_conflicts.c


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What another register said of him, otherwise than this one (并入时的不同): by its items, and what a clerk decided."""

    said: Mapping[str, str]
    at: datetime
    decision: str


@dataclass(frozen=True, slots=True)
class OwnFile:
    """Everything stored of one applicant, and who dealt with it when; ``removed`` are awards taken out of account."""

    applicant: Applicant
    merged: tuple[tuple[str, str, datetime], ...]
    noted: tuple[Noted, ...]
    awards: tuple[Award, ...]
    removed: tuple[tuple[Award, datetime], ...]
    cases: tuple[tuple[Case, tuple[Edit, ...], tuple[IssuedDocument, ...]], ...]
    #: of each case, what was brought and how it stands, by the material's key
    brought: tuple[tuple[Case, Mapping[str, str]], ...]
    elsewhere: tuple[Elsewhere, ...]
    trail: tuple[AuditRow, ...]


class OwnFileShelf(Shelf):
    """The register's part that shows somebody what it has of him."""

    @needs(Act.WORK)
    def own_file(self, applicant_id: int) -> OwnFile:
        """Gather it; on the trail first, so that the file tells of this very look as well. Raises `NotFound`."""
        who = self.look_up(applicant_id)
        with self._db.transaction():
            append(self._db, self._stamp(), self._clerk.no, events.OWN_FILE, f"申请人{who.id}", "")
        numbers, cases = self.one_of(who.id), self.cases_of(who.id)
        merged = [(name, code, datetime.fromisoformat(at)) for name, code, at in self._db.rows(_merged(numbers))]
        trail = [AuditRow(row[0], datetime.fromisoformat(row[1]), *row[2:]) for row in self._db.rows(_trail(numbers))]
        said = [
            Elsewhere(_said(kind, theirs), datetime.fromisoformat(at), decision or "")
            for kind, theirs, at, decision in self._db.rows(_elsewhere(numbers))
        ]
        return OwnFile(
            who,
            tuple(merged),
            tuple(self.noted(who.id)),
            tuple(self.awards(who.id)),
            tuple(self.removed_awards(who.id)),
            tuple((case, tuple(self.history(case.id)), tuple(self.documents(case.id))) for case in cases),
            tuple((case, self.materials(case.id)) for case in cases),
            tuple(said),
            tuple(trail),
        )

    def one_of(self, applicant: int) -> list[int]:
        """See `AuditShelf.one_of`."""
        raise NotImplementedError

    def removed_awards(self, applicant_id: int) -> list[tuple[Award, datetime]]:
        """See `PaperShelf.removed_awards`."""
        raise NotImplementedError

    def materials(self, case_id: int) -> dict[str, str]:
        """See `CaseShelf.materials`."""
        raise NotImplementedError

    def look_up(self, applicant_id: int) -> Applicant:
        """See `ApplicantShelf.look_up`."""
        raise NotImplementedError

    def noted(self, applicant_id: int) -> list[Noted]:
        """See `ApplicantShelf.noted`."""
        raise NotImplementedError

    def history(self, case_id: int) -> list[Edit]:
        """See `EditShelf.history`."""
        raise NotImplementedError

    def documents(self, case_id: int) -> list[IssuedDocument]:
        """See `PaperShelf.documents`."""
        raise NotImplementedError

    def awards(self, applicant_id: int) -> list[Award]:
        """See `PaperShelf.awards`."""
        raise NotImplementedError

    def cases_of(self, applicant_id: int) -> list[Case]:
        """See `CaseShelf.cases_of`."""
        raise NotImplementedError


def _merged(numbers: Sequence[int]) -> Statement:
    """Those that were made one with him, by whatever way."""
    given_up = select(t.applicants.c.name, t.merges.c.code, t.merges.c.at)
    given_up = given_up.join(t.merges, t.merges.c.from_id == t.applicants.c.id)
    return given_up.where(t.merges.c.from_id.in_(numbers)).order_by(t.merges.c.at, t.merges.c.from_id)


def _trail(numbers: Sequence[int]) -> Statement:
    """Every entry about him, his cases and their papers, under whatever number he had then."""
    his = _c.applicant_id.in_(numbers)
    papers = select(t.documents.c.serial).join(t.cases, _c.id == t.documents.c.case_id).where(his)
    named = _a.subject.in_([f"申请人{number}" for number in numbers])
    rows = select(_a.id, _a.at, _a.clerk_no, _a.event, _a.subject, _a.detail)
    return rows.where(or_(named, _a.subject.in_(select(_c.number).where(his)), _a.subject.in_(papers))).order_by(_a.id)


def _elsewhere(numbers: Sequence[int]) -> Statement:
    """What joining found said otherwise of him or of his cases: kept also once it was decided."""
    cases = select(_c.id).where(_c.applicant_id.in_(numbers))
    about_him = and_(_j.kind != "case", _j.local_id.in_(numbers))
    rows = select(_j.kind, _j.theirs, _j.at, _j.decision)
    return rows.where(or_(about_him, and_(_j.kind == "case", _j.local_id.in_(cases)))).order_by(_j.id)


def _said(kind: str, theirs: str) -> dict[str, str]:
    """What stands in a conflict, by the name of each item: who he is, or what his case answers."""
    record: dict[str, Any] = json.loads(theirs)
    if kind != "case":
        return {name: text for name, text in record.items() if isinstance(text, str) and text}
    answers = {edit["fact"]: edit["after"] for edit in record["edits"]}
    return {fact: text for fact, text in answers.items() if text is not None}
