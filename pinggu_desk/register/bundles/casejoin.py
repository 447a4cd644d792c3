"""Cases of a parcel: a journal that goes on where ours ends is taken over; one that went another way waits for a clerk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, or_, select, update

from pinggu_desk.register import events
from pinggu_desk.register.bundles.export import key_of
from pinggu_desk.register.bundles.gather import APART, edit_key, standing
from pinggu_desk.register.bundles.joining import Joining
from pinggu_desk.register.bundles.records import CaseRecord, EditRecord, MaterialRecord, PaperRecord
from pinggu_desk.register.rows import add, put
from pinggu_desk.register.statements import Value
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import (
    audit,
    cases,
    documents,
    edit_origins,
    edits,
    materials,
    paper_bases,
    paper_contents,
    paper_files,
    paper_findings,
    sealed_columns,
    sealed_values,
    shared_papers,
    visits,
)

if TYPE_CHECKING:
    from pinggu_desk.register.papers import PaperShelf

_c, _p = cases.c, documents.c
_NUMBER = select(_c.id).where(_c.number == bindparam("number"))
_ROW = select(*sealed_columns(cases)).where(_c.id == bindparam("whose"))
_HEAD = (
    update(cases)
    .where(_c.id == bindparam("whose"))
    .values({name: bindparam(name) for name in ("applicant_id", "judged_on", "state", "version", "seal")})
)
_PAPER = select(_p.case_id, _p.sha256).where(_p.serial == bindparam("serial"))
_BASED = select(paper_bases.c.serial).where(paper_bases.c.serial == bindparam("serial"))
_a = audit.c
_RESTORED = (
    select(_a.id, _a.at)
    .where(or_(_a.event == bindparam("restored"), _a.event == bindparam("passed")))
    .order_by(_a.id.desc())
    .limit(1)
)
_TOLD = select(_a.id).where(
    _a.id > bindparam("after"), _a.subject == bindparam("number"), _a.event != bindparam("read")
)
_VISIT = select(visits.c.visit).where(visits.c.case_id == bindparam("whose"))


class CaseJoiner:
    """Joins the cases of one parcel."""

    def __init__(self, shelf: PaperShelf, joining: Joining) -> None:
        self._shelf, self._in, self._db = shelf, joining, joining.db

    def join(self, theirs: CaseRecord) -> None:
        """Take a case over, or what is new of it."""
        known, digest = self._in.known("case", theirs.ref), theirs.digest
        if self._in.is_new("case", theirs.ref):
            local = self._opened(theirs)
            self._in.note("case", theirs.ref, local, digest, self._standing(local))
            self._in.count("cases")
            return
        local = known.local if known else theirs.ref.id
        ours = None if self._in.is_old(known, digest) else self._in.gatherer.case(local, files=False)
        if ours is None:  # nothing new; or forgotten here, and not to come back
            if self._in.was_here("case", theirs.ref):
                self._in.count("forgotten")
            return
        base, agreed = self._in.base(known) if known else "", True
        unchanged = standing(ours) == base or self._in.shipped.get(key_of("case", theirs.ref)) == ours.digest
        unchanged = unchanged or (theirs.ref.origin == self._in.gatherer.me and self._untouched_since_restored(ours))
        alike = (ours.state, ours.judged_on) == (theirs.state, theirs.judged_on)
        if _goes_on(ours, theirs) and (unchanged or alike):
            self._go_on(local, ours, theirs)
        elif unchanged or not alike or not _goes_on(theirs, ours):  # else ours has all of theirs, and more
            agreed = False
            self._in.conflict("case", theirs.ref, local, _without_files(theirs))
        self._materials(local, {m.material: m for m in ours.materials}, theirs.materials)
        self._papers(local, theirs)
        self._in.note("case", theirs.ref, local, digest, self._standing(local) if agreed else base)
        self._in.count("cases")

    def tie(self, records: Iterable[CaseRecord]) -> None:
        """Say which cases were one visit and which share a paper, once all of them are there."""
        for record in records:
            local = self._in.here("case", record.ref)
            if local is None:
                continue
            visit = self._in.here("case", record.visit)
            if visit is not None and self._db.row(_VISIT, whose=local) is None:
                add(self._db, visits, local, visit, record.place)
            for paper in record.papers:
                for ref in paper.shared:
                    other = self._in.here("case", ref)
                    if other is not None:
                        put(self._db, shared_papers, self._serial(paper, local), other)

    def _untouched_since_restored(self, ours: CaseRecord) -> bool:
        """Whether a case stands as a backup brought it: what another register has of it is what was lost here."""
        restored = self._db.row(_RESTORED, restored=events.RESTORED, passed=events.NUMBERS_PASSED)
        if restored is None:
            return False
        return all(edit.at < restored[1] for edit in ours.edits) and not self._db.rows(
            _TOLD, after=restored[0], number=ours.number, read=events.CASE_READ
        )

    def _standing(self, local: int) -> str:
        record = self._in.gatherer.case(local, files=False)
        return "" if record is None else standing(record)

    # --- writing

    def _opened(self, record: CaseRecord) -> int:
        local, number = self._in.fresh("case", record.ref), record.number
        if self._db.row(_NUMBER, number=number) is not None:  # another window elsewhere had the same
            number = f"{number}{APART}{record.ref.origin[:4]}"
            if self._db.row(_NUMBER, number=number) is not None:
                number = f"{number}{record.ref.id}"
        whose = self._whose(record)
        add(
            self._db, cases, local, number, whose, record.policy_id, record.opened_at, record.judged_on,
            record.pack_version, record.state, self._in.clerk(record.clerk_no),
        )  # fmt: skip
        self._edits(local, record.edits)
        self._materials(local, {}, record.materials)
        self._papers(local, record)
        return local

    def _whose(self, record: CaseRecord) -> int | None:
        local = self._in.here("applicant", record.applicant)
        return None if local is None else self._shelf._survivor(local)

    def _go_on(self, local: int, ours: CaseRecord, theirs: CaseRecord) -> None:
        self._edits(local, theirs.edits[len(ours.edits) :])
        whose = self._whose(theirs)
        heads: dict[str, Value] = {} if whose is None else {"applicant_id": whose}
        put_head(self._db, local, heads | {"judged_on": theirs.judged_on, "state": theirs.state})

    def _edits(self, local: int, lines: Iterable[EditRecord]) -> None:
        for line in lines:
            add_edit(self._db, local, line, self._in.clerk(line.clerk_no))

    def _materials(self, local: int, ours: dict[str, MaterialRecord], theirs: Iterable[MaterialRecord]) -> None:
        for one in theirs:
            if one.material not in ours or ours[one.material].at < one.at:
                put(self._db, materials, local, one.material, one.state, one.at, self._in.clerk(one.clerk_no))

    def _papers(self, local: int, record: CaseRecord) -> None:
        for paper in record.papers:
            serial = self._serial(paper, local)
            if self._db.row(_PAPER, serial=serial) is not None:
                self._basis(serial, paper)
                continue
            clerk = self._in.clerk(paper.clerk_no)
            add(
                self._db, documents, serial, local, paper.kind, paper.file_name, paper.sha256, paper.determinations,
                paper.issued_at, clerk,
            )  # fmt: skip
            if paper.found is not None:
                add(self._db, paper_findings, serial, local, paper.issued_at, paper.found)
            if paper.content:
                add(self._db, paper_contents, serial, paper.content)
            data = paper.file
            if data is not None:
                add(self._db, paper_files, serial, data)
            self._basis(serial, paper)
            self._in.count("papers")

    def _basis(self, serial: str, paper: PaperRecord) -> None:
        """What a paper's answers stood on, by which it can be made again (`replay`); one that was joined before may lack it."""
        if paper.basis and self._db.row(_BASED, serial=serial) is None:
            add(self._db, paper_bases, serial, paper.basis)

    def _serial(self, paper: PaperRecord, local: int) -> str:
        """A paper's number as it is kept here: as it is printed, but where another paper has that number."""
        row = self._db.row(_PAPER, serial=paper.serial)
        if row is None or (row[0], row[1]) == (local, paper.sha256):
            return paper.serial
        number, _, place = paper.serial.rpartition("-")
        return f"{number}{APART}{paper.sha256[:4]}-{place}"


def add_edit(db: Store, local: int, line: EditRecord, clerk_no: str) -> None:
    """One more line of a case's journal."""
    add(
        db, edits, local, line.seq, line.kind, line.fact, line.before, line.after, line.parent, line.head, line.at, clerk_no
    )  # fmt: skip
    if line.origin:
        add(db, edit_origins, local, line.seq, line.origin)


def put_head(db: Store, local: int, changes: Mapping[str, Value]) -> None:
    """Change a case's own row, if that is a change at all: whose it is (applicant_id), judged_on, state."""
    row = db.row(_ROW, whose=local)
    assert row
    names = [column.name for column in sealed_columns(cases)]
    before = dict(zip(names, row, strict=True))
    after = {**before, **changes}
    if after == before:
        return
    after["version"] = version = int(before["version"]) + 1
    seal = db.seal(cases.name, *sealed_values([*after.values()][:-1], version))
    db.run(
        _HEAD,
        whose=local,
        seal=seal,
        **{name: after[name] for name in ("applicant_id", "judged_on", "state", "version")},
    )


def _goes_on(first: CaseRecord, then: CaseRecord) -> bool:
    """Whether the second's journal is the first's, and perhaps more."""
    before = [edit_key(edit) for edit in first.edits]
    return [edit_key(edit) for edit in then.edits[: len(before)]] == before


def _without_files(record: CaseRecord) -> CaseRecord:
    papers = [paper.model_copy(update={"data": None}) for paper in record.papers]
    return record.model_copy(update={"papers": papers})
