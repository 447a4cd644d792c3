"""What a register has, as records: one applicant or case at a time, each row known by where it was made."""

from __future__ import annotations

import base64
from collections import defaultdict
from typing import Any, Literal

from sqlalchemy import BindParameter, bindparam, func, select

from pinggu_desk.register.bundles.records import (
    ApplicantRecord,
    AwardRecord,
    CaseRecord,
    EditRecord,
    FactRecord,
    MaterialRecord,
    PaperRecord,
    Particulars,
    Ref,
    TrailRecord,
    digest_of,
)
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import (
    applicant_documents,
    applicants,
    audit,
    award_origins,
    awards,
    cases,
    documents,
    edit_origins,
    edits,
    fact_origins,
    foreign_ids,
    known_facts,
    materials,
    merges,
    paper_bases,
    paper_contents,
    paper_files,
    paper_findings,
    shared_papers,
    visits,
)
from pinggu_desk.register.trailcheck import blob

Kind = Literal["applicant", "case", "award", "fact"]
#: behind the number of a case that another register gave to another case, too: its own number stands before it
APART = "~"

_WHOSE: BindParameter[int] = bindparam("whose")
_a, _d, _c, _e, _p = applicants.c, applicant_documents.c, cases.c, edits.c, documents.c
_FOREIGN = select(foreign_ids.c.kind, foreign_ids.c.local_id, foreign_ids.c.origin, foreign_ids.c.foreign_id).order_by(
    foreign_ids.c.kind, foreign_ids.c.local_id, foreign_ids.c.origin.desc(), foreign_ids.c.foreign_id.desc()
)
_WHO = (
    select(
        *(_a.kind, _a.name, _a.code, _a.contact, _a.phone, _a.address, _a.sample),
        *(func.coalesce(_d.document, ""), func.coalesce(_d.reason, "")),
    )
    .select_from(applicants.outerjoin(applicant_documents, _d.applicant_id == _a.id))
    .where(_a.id == _WHOSE)
)
_w, _o, _n = awards.c, award_origins.c, fact_origins.c
_AWARDS = (
    select(
        *(_w.id, _w.policy_id, _w.benefit_id, _w.amount_fen, _w.awarded_on, _w.matter, _w.source, _w.removed_at),
        *(func.coalesce(one, "") for one in (_o.title, _o.document, _o.origin, _o.at, _o.clerk_no)),
    )
    .select_from(awards.outerjoin(award_origins, _o.award_id == _w.id))
    .where(_w.applicant_id == _WHOSE)
    .order_by(_w.id)
)
_f = known_facts.c
_FACTS = (
    select(
        *(_f.id, _f.fact, _f.text, _f.noted_on, _f.case_id, _f.noted_at),
        *(func.coalesce(one, "") for one in (_n.origin, _n.clerk_no)),
    )
    .select_from(known_facts.outerjoin(fact_origins, _n.fact_id == _f.id))
    .where(_f.applicant_id == _WHOSE)
    .order_by(_f.id)
)
_MERGED = select(merges.c.from_id).where(merges.c.into_id == _WHOSE).order_by(merges.c.from_id)
_CASE = select(
    *(_c.number, _c.applicant_id, _c.policy_id, _c.opened_at, _c.judged_on, _c.pack_version, _c.state, _c.clerk_no),
    *(visits.c.visit, func.coalesce(visits.c.place, 0)),
).select_from(cases.outerjoin(visits, visits.c.case_id == _c.id)).where(_c.id == _WHOSE)  # fmt: skip
_origin_of = (edit_origins.c.case_id == _e.case_id) & (edit_origins.c.seq == _e.seq)
_EDITS = (
    select(
        *(_e.seq, _e.kind, _e.fact, _e.before, _e.after, _e.parent, _e.head, _e.at, _e.clerk_no),
        func.coalesce(edit_origins.c.origin, ""),
    )
    .select_from(edits.outerjoin(edit_origins, _origin_of))
    .where(_e.case_id == _WHOSE)
    .order_by(_e.seq)
)
_m = materials.c
_MATERIALS = select(_m.material, _m.state, _m.at, _m.clerk_no).where(_m.case_id == _WHOSE).order_by(_m.material)
_PAPERS = (
    select(
        *(_p.serial, _p.kind, _p.file_name, _p.sha256, _p.determinations, _p.issued_at, _p.clerk_no),
        *(func.coalesce(paper_contents.c.content, ""), paper_findings.c.found, func.coalesce(paper_bases.c.basis, "")),
    )
    .select_from(
        documents.outerjoin(paper_contents, paper_contents.c.serial == _p.serial)
        .outerjoin(paper_findings, paper_findings.c.serial == _p.serial)
        .outerjoin(paper_bases, paper_bases.c.serial == _p.serial)
    )
    .where(_p.case_id == _WHOSE)
    .order_by(_p.serial)
)
_FILE = select(paper_files.c.data).where(paper_files.c.serial == bindparam("serial"))
_SHARED = (
    select(shared_papers.c.serial, shared_papers.c.case_id)
    .select_from(shared_papers.join(documents, _p.serial == shared_papers.c.serial))
    .where(_p.case_id == _WHOSE)
    .order_by(shared_papers.c.case_id)
)
_t = audit.c
_TRAIL = (
    select(_t.id, _t.at, _t.clerk_no, _t.event, _t.subject, _t.detail, _t.previous, _t.hash)
    .where(_t.id > bindparam("after"))
    .order_by(_t.id)
)
ALL_CASES = select(_c.id).order_by(_c.id)
#: those that were made one with another live on in him
ALL_APPLICANTS = (
    select(_a.id)
    .select_from(applicants.outerjoin(merges, merges.c.from_id == _a.id))
    .where(merges.c.from_id.is_(None))
    .order_by(_a.id)
)


class Gatherer:
    """Reads records from an open register; ``me`` is its id."""

    def __init__(self, db: Store, me: str) -> None:
        self._db, self.me = db, me
        self._made_by: dict[tuple[str, int], Ref] = {}
        self._returned: dict[tuple[str, int], int] = {}
        for kind, local, origin, number in db.rows(_FOREIGN):
            if (
                origin == me
            ):  # a row of here that was lost and came back (`Joining.lost`), perhaps as one that was made anew
                self._returned[kind, number] = local
            else:
                self._made_by[kind, local] = Ref(origin=origin, id=number)

    def ref(self, kind: Kind, local: int) -> Ref:
        """How a row of here is known everywhere."""
        return self._made_by.get((kind, local)) or Ref(origin=self.me, id=local)

    def local(self, kind: Kind, ref: Ref) -> int:
        """The number here of a row that is here."""
        if ref.origin == self.me:
            return self._returned.get((kind, ref.id), ref.id)
        return next(local for (of, local), known in self._made_by.items() if (of, known) == (kind, ref))

    def learned(self, kind: Kind, local: int, ref: Ref) -> None:
        """A row of here is from elsewhere, or came back from there."""
        if ref.origin == self.me:
            self._returned[kind, ref.id] = local
        else:
            self._made_by.setdefault((kind, local), ref)

    def particulars(self, local: int) -> Particulars | None:
        """Who an applicant is; None where he is not there (any more)."""
        row = self._db.row(_WHO, whose=local)
        if row is None:
            return None
        return Particulars(
            kind=row[0], name=row[1], code=row[2], contact=row[3], phone=row[4], address=row[5], sample=bool(row[6]),
            document=row[7], reason=row[8],
        )  # fmt: skip

    def applicant(self, local: int) -> ApplicantRecord | None:
        """An applicant with all that is known of him."""
        who = self.particulars(local)
        if who is None:
            return None
        had = [
            AwardRecord(
                ref=self.ref("award", row[0]), policy_id=row[1], benefit_id=row[2], amount_fen=row[3], awarded_on=row[4],
                matter=row[5], source=row[6], removed_at=row[7], title=row[8], document=row[9], origin=row[10], noted_at_desk=row[11],
                noted_by=row[12],
            )
            for row in self._db.rows(_AWARDS, whose=local)
        ]  # fmt: skip
        known = [
            FactRecord(
                ref=self.ref("fact", row[0]), fact=row[1], text=row[2], noted_on=row[3],
                case=None if row[4] is None else self.ref("case", row[4]), noted_at=row[5], origin=row[6],
                noted_by=row[7],
            )
            for row in self._db.rows(_FACTS, whose=local)
        ]  # fmt: skip
        merged = [self.ref("applicant", number) for (number,) in self._db.rows(_MERGED, whose=local)]
        return ApplicantRecord(ref=self.ref("applicant", local), who=who, merged=merged, awards=had, facts=known)

    def case(self, local: int, *, files: bool = True) -> CaseRecord | None:
        """A case with its journal, materials and papers, these with their files."""
        row = self._db.row(_CASE, whose=local)
        if row is None:
            return None
        journal = [
            EditRecord(**dict(zip(EditRecord.model_fields, edit, strict=True)))
            for edit in self._db.rows(_EDITS, whose=local)
        ]
        ticked = [
            MaterialRecord(material=m[0], state=m[1], at=m[2], clerk_no=m[3])
            for m in self._db.rows(_MATERIALS, whose=local)
        ]
        return CaseRecord(
            ref=self.ref("case", local), number=row[0].partition(APART)[0],
            applicant=None if row[1] is None else self.ref("applicant", row[1]), policy_id=row[2], opened_at=row[3],
            judged_on=row[4], pack_version=row[5], state=row[6], clerk_no=row[7], edits=journal, materials=ticked,
            papers=self._papers(local, files=files), visit=None if row[8] is None else self.ref("case", row[8]), place=row[9],
        )  # fmt: skip

    def trail(self, after: int) -> list[TrailRecord]:
        """The audit trail behind an entry."""
        return [
            TrailRecord(
                id=row[0], at=row[1], clerk_no=row[2], event=row[3], subject=row[4], detail=row[5],
                previous=blob(row[6]).hex(), hash=blob(row[7]).hex(),
            )
            for row in self._db.rows(_TRAIL, after=after)
        ]  # fmt: skip

    def _papers(self, local: int, *, files: bool) -> list[PaperRecord]:
        shared: dict[str, list[Ref]] = defaultdict(list)
        for serial, case_id in self._db.rows(_SHARED, whose=local):
            shared[serial].append(self.ref("case", case_id))
        return [
            PaperRecord(
                serial=_as_printed(row[0]), kind=row[1], file_name=row[2], sha256=row[3], determinations=row[4],
                issued_at=row[5], clerk_no=row[6], content=row[7], found=row[8], data=self._file(row[0]) if files else None,
                shared=shared[row[0]], basis=row[9],
            )
            for row in self._db.rows(_PAPERS, whose=local)
        ]  # fmt: skip

    def _file(self, serial: str) -> str | None:
        row = self._db.row(_FILE, serial=serial)
        return None if row is None else base64.b64encode(blob(row[0])).decode()


def standing(record: CaseRecord) -> str:
    """A digest of what two registers may change of a case; whose it is and its papers are told apart."""
    journal = [[*edit_key(edit)] for edit in record.edits]
    ticked = [[m.material, m.state] for m in record.materials]
    return digest_of([record.judged_on, record.state, journal, ticked])


def edit_key(edit: EditRecord) -> tuple[Any, ...]:
    """What a line of a journal is known by; the clerk's number is called otherwise in another office."""
    return edit.seq, edit.kind, edit.fact, edit.before, edit.after, edit.parent, edit.head, edit.at


def _as_printed(serial: str) -> str:
    """A paper's number as it stands on it: where another office's has the same, it is kept with a mark."""
    number, mark, rest = serial.partition(APART)
    return number + rest[4:] if mark else serial


__all__ = ["APART", "Gatherer", "Kind", "digest_of", "edit_key", "standing"]
