"""Applicants of a parcel: the same ones are known again by their code, and nobody is made one with another by a guess."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from pinggu_desk.policy.characters import plain_name
from pinggu_desk.policy.identity import normal_code
from pinggu_desk.register.bundles.export import key_of
from pinggu_desk.register.bundles.joining import Joining, Known
from pinggu_desk.register.bundles.records import ApplicantRecord, AwardRecord, FactRecord, Particulars, Ref, digest_of
from pinggu_desk.register.errors import InvalidEntry
from pinggu_desk.register.records import Applicant
from pinggu_desk.register.rows import add
from pinggu_desk.register.tables import (
    applicants,
    award_origins,
    awards,
    fact_origins,
    known_facts,
    sealed_columns,
    sealed_values,
)

if TYPE_CHECKING:
    from pinggu_desk.register.doubles import DoubleShelf

_w = awards.c
_HOLDER = select(applicants.c.id).where(applicants.c.code == bindparam("code"), applicants.c.code != "")
_AWARD = select(*sealed_columns(awards)).where(_w.id == bindparam("number"))
_ALIKE = select(_w.id).where(
    *(_w.applicant_id == bindparam("whose"), _w.policy_id == bindparam("policy"), _w.benefit_id == bindparam("benefit")),
    *(_w.amount_fen == bindparam("fen"), _w.awarded_on == bindparam("day"), _w.matter == bindparam("matter")),
    _w.removed_at.is_(None),
)  # fmt: skip
_REMOVE = (
    update(awards)
    .where(_w.id == bindparam("number"))
    .values(removed_at=bindparam("removed"), version=bindparam("next"), seal=bindparam("new_seal"))
)


class PeopleJoiner:
    """Joins the applicants of one parcel, and afterwards what each was awarded and is known of him."""

    def __init__(self, shelf: DoubleShelf, joining: Joining) -> None:
        self._shelf, self._in, self._read = shelf, joining, joining.gatherer

    def join(self, record: ApplicantRecord) -> None:
        """Take an applicant over: who he is, not yet what he has."""
        known = self._in.known("applicant", record.ref)
        theirs = digest_of(record.who)
        if self._in.is_new("applicant", record.ref) or self._comes_again(record):
            local = self._first_seen(record)
            self._in.note("applicant", record.ref, local, theirs, digest_of(self._read.particulars(local)))
        elif not self._in.is_old(known, theirs):
            self._seen_again(record, known, theirs)
        for gone in record.merged:
            self._made_one(gone, record.ref)

    def join_what_he_has(self, record: ApplicantRecord) -> None:
        """Take his awards and what is known of him over, once the cases are there."""
        local = self._local(record.ref)
        if local is None or self._read.particulars(local) is None:
            return
        for award in record.awards:
            self._award(award, local)
        for fact in record.facts:
            self._fact(fact, local)

    # --- who he is

    def _comes_again(self, record: ApplicantRecord) -> bool:
        """Whether one who was forgotten here comes with something new: a case, an award; or has been registered here anew."""
        if not self._in.was_here("applicant", record.ref):
            return False
        if not self._in.with_news.isdisjoint((record.ref, *record.merged)):
            return True
        if any(award.removed_at is None and self._in.is_new("award", award.ref) for award in record.awards):
            return True
        holder = self._holder(record.who.code)
        ours = None if holder is None else self._read.particulars(holder)
        return ours is not None and plain_name(ours.name) == plain_name(record.who.name)

    def _local(self, ref: Ref) -> int | None:
        local = self._in.local("applicant", ref)
        return None if local is None else self._shelf._survivor(local)

    def _first_seen(self, record: ApplicantRecord) -> int:
        who = record.who
        holder = self._holder(who.code)
        if holder is None:
            return self._added(record, who)
        ours = self._read.particulars(holder)
        assert ours is not None
        if plain_name(ours.name) == plain_name(who.name):
            self._reconciled(record, holder, ours)
            return holder
        # the code is another's here: both are kept, his without the code, until a clerk has looked
        made = self._added(record, who.model_copy(update={"code": ""}))
        self._in.conflict("code", record.ref, made, who)
        return made

    def _seen_again(self, record: ApplicantRecord, known: Known | None, theirs: str) -> None:
        local = self._shelf._survivor(known.local if known else record.ref.id)
        ours = self._read.particulars(local)
        if ours is None:  # forgotten here, and not to come back
            return
        base = self._in.base(known) if known else self._in.shipped.get(key_of("who", record.ref), "")
        if digest_of(ours) == base:
            self._changed(record, local, ours, record.who)
            base = digest_of(self._read.particulars(local))
        else:
            self._reconciled(record, local, ours)
        self._in.note("applicant", record.ref, local, theirs, base)

    def _reconciled(self, record: ApplicantRecord, local: int, ours: Particulars) -> None:
        """Fill in what is empty here; where both say something else, a clerk decides."""
        theirs = record.who.model_dump()
        filled = ours.model_copy(update={name: text for name, text in theirs.items() if getattr(ours, name) == ""})
        self._changed(record, local, ours, filled)
        said = {name for name, text in theirs.items() if text not in ("", getattr(filled, name))}
        if said - ({"name"} if plain_name(filled.name) == plain_name(record.who.name) else set()):
            self._in.conflict("applicant", record.ref, local, record.who)

    def _changed(self, record: ApplicantRecord, local: int, ours: Particulars, wanted: Particulars) -> None:
        if wanted == ours:
            return
        holder = self._holder(wanted.code)
        if holder is not None and holder != local:
            self._in.conflict("code", record.ref, local, record.who)
            wanted = wanted.model_copy(update={"code": ours.code})
        if wanted != ours:
            self._shelf.update_applicant(as_applicant(local, wanted))
            self._in.count("applicants")

    def _added(self, record: ApplicantRecord, who: Particulars) -> int:
        a = as_applicant(self._in.fresh("applicant", record.ref), who)
        made = self._shelf.add_applicant(
            a.kind, a.name, code=a.code, contact=a.contact, phone=a.phone, address=a.address, sample=a.sample,
            document=a.document, reason=a.reason, number=a.id,
        )  # fmt: skip
        self._in.count("applicants")
        return made.id

    def _holder(self, code: str) -> int | None:
        row = self._in.db.row(_HOLDER, code=normal_code(code)) if code else None
        return None if row is None else int(row[0])

    def _made_one(self, gone: Ref, ref: Ref) -> None:
        """One that the sender made one with another is so here too, unless their codes or kinds say that he is not."""
        local, into = self._local(gone), self._local(ref)
        if into is None or local == into:
            return
        if local is None or (not self._in.stands("applicant", local) and self._in.stands("applicant", into)):
            self._in.note("applicant", gone, into)
            return
        if self._read.particulars(local) is not None and self._read.particulars(into) is not None:
            try:
                self._shelf.merge(into, local)
            except InvalidEntry:
                return  # stands as two, as it did

    # --- what he has

    def _award(self, award: AwardRecord, whose: int) -> None:
        local = self._in.local("award", award.ref)
        if local is None:
            alike = self._in.db.row(
                _ALIKE, whose=whose, policy=award.policy_id, benefit=award.benefit_id, fen=award.amount_fen,
                day=award.awarded_on, matter=award.matter,
            ) if award.removed_at is None and award.benefit_id else None  # fmt: skip
            local = int(alike[0]) if alike else self._award_added(award, whose)
            self._in.note("award", award.ref, local)
            return
        row = self._in.db.row(_AWARD, number=local)
        if award.removed_at is not None and row is not None and row[-2] is None:
            version = int(row[-1]) + 1
            seal = self._in.db.seal(awards.name, *sealed_values((*row[:-2], award.removed_at), version))
            self._in.db.run(_REMOVE, number=local, removed=award.removed_at, next=version, new_seal=seal)
            self._in.count("awards")

    def _award_added(self, award: AwardRecord, whose: int) -> int:
        number = self._in.fresh("award", award.ref)
        add(
            self._in.db, awards, number, whose, award.policy_id, award.benefit_id, award.amount_fen, award.awarded_on,
            award.matter, award.source, award.removed_at,
        )  # fmt: skip
        if award.noted_at_desk:
            add(
                self._in.db, award_origins, number, award.title, award.document, award.origin, award.noted_at_desk,
                award.noted_by,
            )  # fmt: skip
        self._in.count("awards")
        return number

    def _fact(self, fact: FactRecord, whose: int) -> None:
        if self._in.local("fact", fact.ref) is not None:
            return
        number, case = self._in.fresh("fact", fact.ref), self._in.here("case", fact.case)
        add(self._in.db, known_facts, number, whose, fact.fact, fact.text, fact.noted_on, case, fact.noted_at)
        if fact.origin:
            add(self._in.db, fact_origins, number, fact.origin, fact.noted_by)
        self._in.note("fact", fact.ref, number)


def as_applicant(local: int, who: Particulars) -> Applicant:
    """The applicant of that number, with these particulars."""
    return Applicant(
        local, who.kind, who.name, who.code, who.contact, who.phone, who.address, who.sample, who.document, who.reason
    )  # fmt: skip
