"""Applicants (申请人) and what is known of them: enter once, find again (一次录入)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from typing import Any, get_args

from pinggu_desk.policy.characters import plain_name, plain_text
from pinggu_desk.policy.identity import normal_code, shown
from pinggu_desk.register import events, names
from pinggu_desk.register.audit import append
from pinggu_desk.register.errors import DuplicateApplicant, InvalidEntry, NotFound
from pinggu_desk.register.records import Applicant, ApplicantKind, KnownFact
from pinggu_desk.register.roles import Act
from pinggu_desk.register.shelf import Row, Shelf, needs, one_of

_LAST = chr(0x10FFFF)
_CALLED = {
    "kind": "类型", "name": "名称", "code": "号码", "contact": "联系人", "phone": "电话", "address": "地址", "sample": "示例",
    "document": "证件类型", "reason": "仍要登记的原因",
}  # fmt: skip
_SELECT = (
    "SELECT a.id, a.kind, a.name, a.code, a.contact, a.phone, a.address, a.sample, coalesce(d.document, ''),"
    " coalesce(d.reason, '') FROM applicants a LEFT JOIN applicant_documents d ON d.applicant_id = a.id "
)
_MATCHING = (
    "SELECT a.id, a.kind, a.name, a.code, a.contact, a.phone, a.address, a.sample, coalesce(d.document, ''),"
    " coalesce(d.reason, ''), m.into_id FROM applicant_grams JOIN applicants a ON a.id = applicant_grams.rowid"
    " LEFT JOIN applicant_documents d ON d.applicant_id = a.id LEFT JOIN merges m ON m.from_id = a.id"
    " WHERE applicant_grams MATCH ? ORDER BY applicant_grams.rowid DESC"
)


class ApplicantShelf(Shelf):
    """The applicants' part of the register."""

    @needs(Act.WORK)
    def add_applicant(
        self,
        kind: ApplicantKind,
        name: str,
        *,
        code: str = "",
        contact: str = "",
        phone: str = "",
        address: str = "",
        sample: bool = False,
        document: str = "",
        reason: str = "",
    ) -> Applicant:
        """Register an applicant; one of the same name and code is the one that is there already, and is given back.

        `code` is kept as `normal_code` has it, however it was typed; whether it is a lawful 统一社会信用代码 or number of a
        person's `document` is for the caller to say, and `reason` why it is kept though it isn't (仍要登记). Raises
        `InvalidEntry` (no name, unknown kind) and `DuplicateApplicant` (code is taken under another name).
        """
        with self._db.transaction():
            wanted = Applicant(0, kind, name, code, contact, phone, address, sample, document, reason)
            there = self._same(wanted)
            if there is not None:
                return there
            applicant = self._fit(wanted)
            number = self._next("SELECT max(id) FROM applicants")
            applicant = replace(applicant, id=number)
            self._db.run(
                "INSERT INTO applicants (id, kind, name, code, contact, phone, address, sample, seal)"
                " VALUES (?,?,?,?,?,?,?,?,?)",
                *(*_values(applicant), self._db.seal("applicants", *_values(applicant))),
            )
            self._db.run("INSERT INTO applicant_grams (rowid, grams) VALUES (?,?)", number, names.grams(applicant.name))
            self._keep_document(applicant)
            append(self._db, self._stamp(), self._clerk.no, events.APPLICANT_ADDED, f"申请人{number}", applicant.kind)
            return applicant

    @needs(Act.WORK)
    def update_applicant(self, applicant: Applicant) -> Applicant:
        """Keep an applicant's changed particulars; returns them as kept. Raises as `add_applicant`, and `NotFound`."""
        with self._db.transaction():
            before, after = self._applicant(applicant.id), self._fit(applicant)
            if before == after:
                return after
            values = _values(after)
            self._keep_document(after)
            self._db.run(
                "UPDATE applicants SET kind=?, name=?, code=?, contact=?, phone=?, address=?, sample=?, seal=? WHERE id=?",
                *(*values[1:], self._db.seal("applicants", *values), after.id),
            )
            if before.name != after.name:
                self._db.run("DELETE FROM applicant_grams WHERE rowid = ?", after.id)
                self._db.run(
                    "INSERT INTO applicant_grams (rowid, grams) VALUES (?,?)", after.id, names.grams(after.name)
                )
            changed = [
                _CALLED.get(f.name, f.name) for f in fields(after) if getattr(before, f.name) != getattr(after, f.name)
            ]
            append(
                self._db,
                self._stamp(),
                self._clerk.no,
                events.APPLICANT_CHANGED,
                f"申请人{after.id}",
                "、".join(changed),
            )
            return after

    def get(self, applicant_id: int) -> Applicant:
        """An applicant's full record; that of a person (个人) is put on the audit trail. Raises `NotFound`."""
        applicant = self._applicant(applicant_id)
        if applicant.kind == "个人":
            with self._db.transaction():
                append(self._db, self._stamp(), self._clerk.no, events.PERSON_READ, f"申请人{applicant_id}", "")
        return applicant

    def look_up(self, applicant_id: int) -> Applicant:
        """An applicant whose file is opened, which is put on the trail, whoever it is. Raises `NotFound`."""
        applicant = self.get(applicant_id)
        if applicant.kind != "个人":
            with self._db.transaction():
                append(
                    self._db, self._stamp(), self._clerk.no, events.DOSSIER_READ, f"申请人{applicant.id}", ""
                )  # fmt: skip
        return applicant

    def glance(self, applicant_id: int) -> Applicant:
        """An applicant as a list may show it: of a person (个人) the name and a masked code only. Raises `NotFound`."""
        applicant = self._applicant(applicant_id)
        code = shown(applicant.code, applicant.kind)
        if applicant.kind != "个人":
            return replace(applicant, code=code)
        return replace(applicant, code=code, contact="", phone="", address="")

    def search(self, text: str, limit: int = 20) -> list[Applicant]:
        """Applicants by code prefix, name, pinyin initials, a mix of these two, or full pinyin.

        Closest first: code, whole name, start of the name, inside it, spelt in full; the latest first within each.
        """
        found: dict[int, Applicant] = {}
        for applicant in self._hits(text):
            if len(found) >= limit:
                break
            found.setdefault(applicant.id, applicant)
        return list(found.values())

    @needs(Act.WORK)
    def remember(
        self, applicant_id: int, fact_name: str, value_text: str, on: date, case_id: int | None = None
    ) -> None:
        """Note what is known of an applicant as of a day; what was noted before is kept as history."""
        with self._db.transaction():
            applicant_id = self._applicant(applicant_id).id
            number = self._next("SELECT max(id) FROM known_facts")
            row: Row = (number, applicant_id, fact_name, value_text, on.isoformat(), case_id, self._stamp())
            self._db.run(
                "INSERT INTO known_facts (id, applicant_id, fact, text, noted_on, case_id, noted_at, seal)"
                " VALUES (?,?,?,?,?,?,?,?)",
                *(*row, self._db.seal("known_facts", *row)),
            )

    def known_facts(self, applicant_id: int) -> dict[str, KnownFact]:
        """The latest known text of each fact, by the day it holds for; of one day the last noted."""
        rows = self._db.rows(
            "SELECT fact, text, noted_on, case_id FROM known_facts WHERE applicant_id = ? ORDER BY fact, noted_on, id",
            self._survivor(applicant_id),
        )
        return {fact: KnownFact(text, date.fromisoformat(on), case_id) for fact, text, on, case_id in rows}

    def _hits(self, text: str) -> Iterator[Applicant]:
        code = normal_code(text)
        if code and code.isascii():
            sql = _SELECT + "WHERE code <> '' AND code >= ? AND code < ? ORDER BY code"
            with self._db.stream(sql, code, code + _LAST) as rows:
                yield from map(_applicant, rows)
        for search in names.searches(text):
            with self._db.stream(_MATCHING, search.grams) as rows:
                hits = ((row, row[10]) for row in rows if search.accepts(row[2]))
                yield from (_applicant(row) if into is None else self._applicant(into) for row, into in hits)

    def _applicant(self, applicant_id: int) -> Applicant:
        row = self._db.row(_SELECT + "WHERE a.id = ?", self._survivor(applicant_id))
        if row is None:
            raise NotFound(f"登记库中没有编号为 {applicant_id} 的申请人，请重新检索后选择。")
        return _applicant(row)

    def _same(self, wanted: Applicant) -> Applicant | None:
        """The applicant of the same code and, but for brackets, spaces and width, the same name."""
        code = normal_code(wanted.code)
        row = self._db.row("SELECT id, name FROM applicants WHERE code <> '' AND code = ?", code) if code else None
        if row is None or plain_name(row[1]) != plain_name(wanted.name):
            return None
        return self._applicant(int(row[0]))

    def _keep_document(self, applicant: Applicant) -> None:
        row: Row = (applicant.id, applicant.document, applicant.reason)
        kept = self._db.row("SELECT document, reason FROM applicant_documents WHERE applicant_id = ?", applicant.id)
        if (kept or ("", "")) == row[1:]:
            return
        self._db.run(
            "INSERT OR REPLACE INTO applicant_documents (applicant_id, document, reason, seal) VALUES (?,?,?,?)",
            *(*row, self._db.seal("applicant_documents", *row)),
        )

    def _fit(self, applicant: Applicant) -> Applicant:
        one_of(applicant.kind, get_args(ApplicantKind), "申请人类型")
        a, said = applicant, plain_text  # unseen characters and other codes of a 汉字 would make two of one name
        applicant = replace(
            a, name=said(a.name), code=normal_code(a.code), contact=said(a.contact), phone=said(a.phone),
            address=said(a.address), reason=said(a.reason),
        )  # fmt: skip
        if not applicant.name:
            raise InvalidEntry("申请人名称没有填，请按营业执照或身份证件填写名称。")
        other = self._db.row(
            "SELECT id, name FROM applicants WHERE code <> '' AND code = ? AND id <> ?", applicant.code, applicant.id
        )
        if other:
            raise DuplicateApplicant(
                f"该证件号码（代码）已登记在“{other[1]}”名下，请直接调出该申请人；若号码录错请更正。", int(other[0])
            )
        return applicant


def _values(applicant: Applicant) -> Row:
    """What stands, sealed, in an applicant's own row."""
    a = applicant
    return a.id, a.kind, a.name, a.code, a.contact, a.phone, a.address, int(a.sample)


def _applicant(row: tuple[Any, ...]) -> Applicant:
    return Applicant(*(*row[:7], bool(row[7]), *row[8:10]))
