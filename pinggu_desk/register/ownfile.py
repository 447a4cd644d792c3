"""All that the register has of one applicant (个人信息查阅): for showing it to him. That it was gathered goes on the trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, or_, select

from pinggu_desk.register import events
from pinggu_desk.register import tables as t
from pinggu_desk.register.audit import append
from pinggu_desk.register.records import Applicant, AuditRow, Award, Case, Edit, IssuedDocument, Noted
from pinggu_desk.register.roles import Act
from pinggu_desk.register.shelf import Shelf, needs

_WHO: BindParameter[int] = bindparam("who")
_NAMED: BindParameter[str] = bindparam("named")
_MERGED = select(t.applicants.c.name, t.merges.c.code, t.merges.c.at).join(
    t.merges, t.merges.c.from_id == t.applicants.c.id
).where(t.merges.c.into_id == _WHO)  # fmt: skip
_a = t.audit.c
_HIS = select(t.cases.c.number).where(t.cases.c.applicant_id == _WHO)
_PAPERS = select(t.documents.c.serial).join(t.cases, t.cases.c.id == t.documents.c.case_id)
_READ = (
    select(_a.id, _a.at, _a.clerk_no, _a.event, _a.subject, _a.detail)
    .where(
        or_(_a.subject == _NAMED, _a.subject.in_(_HIS), _a.subject.in_(_PAPERS.where(t.cases.c.applicant_id == _WHO)))
    )
    .order_by(_a.id)
)


@dataclass(frozen=True, slots=True)
class OwnFile:
    """Everything stored of one applicant, and who dealt with it when."""

    applicant: Applicant
    merged: tuple[tuple[str, str, datetime], ...]
    noted: tuple[Noted, ...]
    awards: tuple[Award, ...]
    cases: tuple[tuple[Case, tuple[Edit, ...], tuple[IssuedDocument, ...]], ...]
    trail: tuple[AuditRow, ...]


class OwnFileShelf(Shelf):
    """The register's part that shows somebody what it has of him."""

    @needs(Act.WORK)
    def own_file(self, applicant_id: int) -> OwnFile:
        """Gather it; on the trail first, so that the file tells of this very look as well. Raises `NotFound`."""
        who = self.look_up(applicant_id)
        with self._db.transaction():
            append(self._db, self._stamp(), self._clerk.no, events.OWN_FILE, f"申请人{who.id}", "")
        cases = tuple(
            (case, tuple(self.history(case.id)), tuple(self.documents(case.id))) for case in self.cases_of(who.id)
        )
        return OwnFile(
            who,
            tuple((name, code, datetime.fromisoformat(at)) for name, code, at in self._db.rows(_MERGED, who=who.id)),
            tuple(self.noted(who.id)),
            tuple(self.awards(who.id)),
            cases,
            tuple(
                AuditRow(row[0], datetime.fromisoformat(row[1]), *row[2:])
                for row in self._db.rows(_READ, who=who.id, named=f"申请人{who.id}")
            ),
        )

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
