"""What goes to another register: everything that it has not confirmed yet, in parcels of a size that can be carried."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import TypeVar

from sqlalchemy import bindparam, select, update

from pinggu_desk.register import events
from pinggu_desk.register.audit import append
from pinggu_desk.register.bundles.gather import ALL_APPLICANTS, ALL_CASES, Gatherer
from pinggu_desk.register.bundles.records import (
    AT,
    ApplicantRecord,
    CaseRecord,
    EditRecord,
    MaterialRecord,
    PaperRecord,
    Parcel,
    Receipt,
    Ref,
    TrailRecord,
    digest_of,
)
from pinggu_desk.register.errors import NotFound
from pinggu_desk.register.roles import Act
from pinggu_desk.register.rows import add
from pinggu_desk.register.shelf import needs
from pinggu_desk.register.signing import SigningShelf
from pinggu_desk.register.tables import bundles_made, sealed_columns

Whose = TypeVar("Whose", CaseRecord, EditRecord, MaterialRecord, PaperRecord)
#: bytes of paper files (as they are written) in one parcel, and entries of the trail
MOST_BYTES, MOST_ENTRIES = 96 << 20, 200_000
_TRAIL = "trail"
_b = bundles_made.c
#: stands where it would be said when a bundle was confirmed: its receiver has lost it since
_AGAIN = ""
_MADE = select(_b.id, _b.manifest, _b.at, _b.joined_at).where(_b.receiver == bindparam("whose")).order_by(_b.id)
_ONE = select(*sealed_columns(bundles_made)).where(_b.id == bindparam("number"))
_CONFIRM = (
    update(bundles_made)
    .where(_b.id == bindparam("number"))
    .values(joined_at=bindparam("at"), seal=bindparam("new_seal"))
)


def key_of(kind: str, ref: Ref) -> str:
    """What a record is called in a manifest."""
    return f"{kind}:{ref.origin}:{ref.id}"


class ExportShelf(SigningShelf):
    """The part of the register that makes parcels."""

    @property
    def practice(self) -> bool:
        """Whether the register is for practice (演练) only."""
        raise NotImplementedError  # the whole register's to say

    @property
    def register_id(self) -> str:
        """What this register is known by to others: the office's public key, in hexadecimal."""
        return self.office_key().public.hex()

    @needs(Act.WORK)
    def export_since(self, receiver: str) -> list[Parcel]:
        """All that the register of that id has not confirmed (`note_joined`), in as many parcels as it takes; none for nothing.

        A record that has changed since it was confirmed goes again, whole: so each parcel can be joined by itself, in any
        order, any number of times. That they were made is on the trail. Raises `RegisterError`.
        """
        with self._db.transaction():
            self._db.lock("bundles")
            return list(self._parcels(receiver))

    @needs(Act.WORK)
    def note_joined(self, receipt: Receipt) -> None:
        """The receiver has joined a parcel: what was in it need not go again. Raises `NotFound` for one of another register."""
        with self._db.transaction():
            row = self._db.row(_ONE, number=receipt.number) if receipt.sender == self.register_id else None
            if row is None or row[1] != receipt.receiver:
                raise NotFound("这份回执不是本登记库导出的数据包的回执，没有登记；请核对是哪个单位的回执。")
            if row[-1] is not None:
                return
            at = self._stamp()
            seal = self._db.seal(bundles_made.name, *row[:-1], at)
            self._db.run(_CONFIRM, number=receipt.number, at=at, new_seal=seal)
            append(self._db, at, self._clerk.no, events.BUNDLE_CONFIRMED, f"数据包{receipt.number}", "")

    def _sent(self, receiver: str, *, confirmed: bool) -> dict[str, str]:
        """What a register has been sent last of each record (only what it confirmed, if so wanted), by key."""
        sent: dict[str, str] = {}
        for _number, manifest, _made, joined_at in self._db.rows(_MADE, whose=receiver):
            if joined_at or (joined_at is None and not confirmed):
                sent |= json.loads(manifest)
        return sent

    @needs(Act.WORK)
    def send_again(self, receiver: str, since: date) -> int:
        """The register of that id has lost what it confirmed since that day: the next bundle holds it once more.

        Returns how many bundles it is about. A receipt of one of them that comes late counts for nothing.
        """
        with self._db.transaction():
            self._db.lock("bundles")
            day, again = since.isoformat(), 0
            for number, _manifest, made, joined_at in self._db.rows(_MADE, whose=receiver):
                if joined_at and max(made, joined_at) >= day:
                    row = self._db.row(_ONE, number=number)
                    assert row is not None
                    seal = self._db.seal(bundles_made.name, *row[:-1], _AGAIN)
                    self._db.run(_CONFIRM, number=number, at=_AGAIN, new_seal=seal)
                    again += 1
            if again:
                told = f"发往{receiver[:8]}：{day}起确认过的{again}个"
                append(self._db, self._stamp(), self._clerk.no, events.BUNDLES_AGAIN, "数据包", told)
            return again

    def _parcels(self, receiver: str) -> Iterator[Parcel]:
        me = self.register_id
        gatherer, there = Gatherer(self._db, me), self._sent(receiver, confirmed=True)
        changed = self._changed_cases(gatherer, there)
        people = self._changed_people(gatherer, there)
        trail = gatherer.trail(int(there.get(_TRAIL, "0")))
        called = next((key.office for key in self.trusted_keys() if key.public.hex() == receiver), "")
        more = True
        while more and (changed or people or trail):
            cases: list[CaseRecord] = []
            size = 0
            while changed and size < MOST_BYTES:
                record = gatherer.case(changed.pop(0))
                assert record is not None
                size += sum(len(paper.data or "") for paper in record.papers)
                cases.append(record)
            segment, trail = trail[:MOST_ENTRIES], trail[MOST_ENTRIES:]
            more = bool(changed or trail)
            whose = self._people_of(cases, gatherer, people)
            people = {}
            yield self._made(receiver, me, whose, cases, segment, called)

    def _changed_cases(self, gatherer: Gatherer, there: dict[str, str]) -> list[int]:
        found = []
        for (local,) in self._db.rows(ALL_CASES):
            record = gatherer.case(local, files=False)
            if record is not None and there.get(key_of("case", record.ref)) != record.digest:
                found.append(int(local))
        return found

    def _changed_people(self, gatherer: Gatherer, there: dict[str, str]) -> dict[Ref, ApplicantRecord]:
        records = (gatherer.applicant(local) for (local,) in self._db.rows(ALL_APPLICANTS))
        return {
            record.ref: record
            for record in records
            if record is not None and there.get(key_of("applicant", record.ref)) != digest_of(record)
        }

    def _people_of(
        self, cases: list[CaseRecord], gatherer: Gatherer, people: dict[Ref, ApplicantRecord]
    ) -> list[ApplicantRecord]:
        """Those that changed, and whoever a case is of: a parcel stands by itself."""
        whose = dict(people)
        for case in cases:
            if case.applicant is not None and case.applicant not in whose:
                local = gatherer.local("applicant", case.applicant)
                record = gatherer.applicant(self._survivor(local))
                if record is not None:
                    whose[record.ref] = record
        return list(whose.values())

    def _made(
        self,
        receiver: str,
        me: str,
        people: list[ApplicantRecord],
        cases: list[CaseRecord],
        trail: list[TrailRecord],
        called: str,
    ) -> Parcel:
        number, at = self._db.next_id(bundles_made), self._stamp()
        manifest = {key_of("applicant", record.ref): digest_of(record) for record in people}
        manifest |= {key_of("who", record.ref): digest_of(record.who) for record in people}
        manifest |= {key_of("case", record.ref): record.digest for record in cases}
        if trail:
            manifest[_TRAIL] = str(trail[-1].id)
        said = json.dumps(manifest, sort_keys=True)
        add(self._db, bundles_made, number, receiver, said, at, self._clerk.no, None)
        told = f"发往{receiver[:8]}：申请人{len(people)}、办件{len(cases)}、审计记录{len(trail)}"
        append(self._db, at, self._clerk.no, events.BUNDLE_MADE, f"数据包{number}", told)
        return Parcel(
            sender=me, practice=self.practice, number=number, made_at=at, applicants=people,
            cases=[_as_theirs(case, f"{AT}{called}") if called else case for case in cases], trail=trail,
        )  # fmt: skip


def _as_theirs(case: CaseRecord, mark: str) -> CaseRecord:
    """A case for the office whose clerks bear that mark here: they are its own."""

    def own(record: Whose) -> Whose:
        no = record.clerk_no
        return record.model_copy(update={"clerk_no": no[: 1 - len(mark)]}) if no.endswith(mark) else record

    lines = {name: [own(one) for one in getattr(case, name)] for name in ("edits", "materials", "papers")}
    return own(case.model_copy(update=lines))
