"""Applicants (申请人) and what is known of them: enter once, find again (一次录入)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any, get_args

from sqlalchemy import BindParameter, bindparam, func, literal_column, select, update

from pinggu_desk.policy.characters import plain_name, plain_text
from pinggu_desk.policy.identity import normal_code, shown
from pinggu_desk.register import events, names, rows
from pinggu_desk.register.audit import append
from pinggu_desk.register.colleagues import ColleagueShelf
from pinggu_desk.register.dialects import search
from pinggu_desk.register.errors import DuplicateApplicant, InvalidEntry, NotFound, Overtaken, Overtaking
from pinggu_desk.register.overtaking import overtaken
from pinggu_desk.register.records import Applicant, ApplicantKind, KnownFact, Noted
from pinggu_desk.register.roles import Act
from pinggu_desk.register.shelf import Row, needs, one_of, survivor_in
from pinggu_desk.register.tables import (
    applicant_documents,
    applicants,
    audit,
    cases,
    fact_origins,
    known_facts,
    merges,
    sealed_columns,
)

_LAST = chr(0x10FFFF)
_CALLED = {
    "kind": "类型", "name": "名称", "code": "号码", "contact": "联系人", "phone": "电话", "address": "地址", "sample": "示例",
    "document": "证件类型", "reason": "仍要登记的原因",
}  # fmt: skip
_a, _k = applicants.c, known_facts.c
_WHO: BindParameter[int] = bindparam("applicant_id")
_CODE: BindParameter[str] = bindparam("code")
_COLUMNS = (
    *(_a.id, _a.kind, _a.name, _a.code, _a.contact, _a.phone, _a.address, _a.sample),
    *(func.coalesce(applicant_documents.c.document, ""), func.coalesce(applicant_documents.c.reason, ""), _a.version),
)
_WITH_DOCUMENT = applicants.outerjoin(applicant_documents, applicant_documents.c.applicant_id == _a.id)
_SELECT = select(*_COLUMNS).select_from(_WITH_DOCUMENT)
#: everybody, those too who were merged into another
APPLICANT_ROWS = _SELECT.order_by(_a.id)
_BY_ID = _SELECT.where(_a.id == _WHO)
_HAS_CODE = _a.code != literal_column("''")  # written out: the index has only those that have one
_BY_CODE = _SELECT.where(_HAS_CODE, _a.code >= bindparam("first"), _a.code < bindparam("last")).order_by(_a.code)
_MATCHING = search.matching(
    lambda index, tie: select(*_COLUMNS, merges.c.into_id).select_from(
        _WITH_DOCUMENT.join(index, tie).outerjoin(merges, merges.c.from_id == _a.id)
    )
)
_SAME = select(_a.id, _a.name).where(_HAS_CODE, _a.code == _CODE)
_OTHER = _SAME.where(_a.id != _WHO)
_CHANGE = (
    update(applicants)
    .where(_a.id == _WHO)
    .values({c.name: bindparam(c.name) for c in applicants.columns if c.name != "id"})
)
_DOCUMENT = select(applicant_documents.c.document, applicant_documents.c.reason).where(
    applicant_documents.c.applicant_id == _WHO
)
_from = fact_origins.c
_WITH_ORIGIN = known_facts.outerjoin(fact_origins, _from.fact_id == _k.id)
_WHERE_FROM = func.coalesce(_from.origin, ""), func.coalesce(_from.clerk_no, "")
_KNOWN = (
    select(_k.fact, _k.text, _k.noted_on, _k.case_id, *_WHERE_FROM)
    .select_from(_WITH_ORIGIN)
    .where(_k.applicant_id == _WHO)
    .order_by(_k.fact, _k.id)
)
_NOTED = (
    select(_k.fact, _k.text, _k.noted_on, _k.noted_at, func.coalesce(cases.c.number, ""), *_WHERE_FROM)
    .select_from(_WITH_ORIGIN.outerjoin(cases, cases.c.id == _k.case_id))
    .where(_k.applicant_id == _WHO)
    .order_by(_k.fact, _k.noted_on, _k.id)
)
_NAMES, _MERGED = select(_a.id, _a.name), select(merges.c.from_id, merges.c.into_id)
#: where a fact comes from that was noted outside any case and of which nothing else is said
AT_THE_WINDOW = "窗口登记"
_CHANGES = (
    select(audit.c.at, audit.c.clerk_no, audit.c.detail)
    .where(audit.c.event == events.APPLICANT_CHANGED, audit.c.subject == bindparam("subject"))
    .order_by(audit.c.id.desc())
    .limit(bindparam("most", type_=audit.c.id.type))
)


class ApplicantShelf(ColleagueShelf):
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
        number: int | None = None,
    ) -> Applicant:
        """Register an applicant; one of the same name and code is the one that is there already, and is given back.

        `code` is kept as `normal_code` has it, however it was typed; whether it is a lawful 统一社会信用代码 or number of a
        person's `document` is for the caller to say, and `reason` why it is kept though it isn't (仍要登记).
        `number` is the id of one that was lost and comes back. Raises
        `InvalidEntry` (no name, unknown kind) and `DuplicateApplicant` (code is taken under another name).
        """
        with self._db.transaction():
            wanted = Applicant(0, kind, name, code, contact, phone, address, sample, document, reason)
            there = self._same(wanted)
            if there is not None:
                return there
            applicant = self._fit(wanted)
            number = number or self._db.next_id(applicants)
            applicant = replace(applicant, id=number, version=1)
            rows.add(self._db, applicants, *_values(applicant))
            self._db.run(search.ADD, who=number, grams=names.grams(applicant.name))
            self._keep_document(applicant)
            append(self._db, self._stamp(), self._clerk.no, events.APPLICANT_ADDED, f"申请人{number}", applicant.kind)
            return applicant

    @needs(Act.WORK)
    def update_applicant(self, applicant: Applicant) -> Applicant:
        """Keep an applicant's changed particulars; returns them as kept. Raises as `add_applicant`, `NotFound`, `Overtaken`."""
        with self._changing():
            before = self._applicant(applicant.id)
            if before.id != applicant.id:
                raise InvalidEntry(
                    f"这个申请人刚在别的窗口并入“{before.name}”，这次的修改没有保存；请打开“{before.name}”再改。"
                )
            after = self._fit(applicant)
            if before == after:
                return before
            version = before.version or 0
            made_on = version if applicant.version is None else applicant.version
            if not self._only_ours(applicants.name, after.id, made_on, version):
                raise self._overtaken(before, version - made_on)
            self._we_made(applicants.name, after.id, version + 1)
            after = replace(after, version=version + 1)
            values = _values(after)
            self._keep_document(after)
            named = dict(zip((c.name for c in sealed_columns(applicants)), (*values, version + 1), strict=True))
            self._db.run(
                _CHANGE,
                applicant_id=named.pop("id"),
                **named,
                seal=self._db.seal(applicants.name, *values, version + 1),
            )
            if before.name != after.name:
                self._db.run(search.FORGET, who=after.id)
                self._db.run(search.ADD, who=after.id, grams=names.grams(after.name))
            changed = [
                _CALLED[f.name]
                for f in fields(after)
                if f.compare and getattr(before, f.name) != getattr(after, f.name)
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

    def names(self) -> dict[int, str]:
        """What everybody is called, by number; one who was merged, as the one that stays: for long lists, in two queries."""
        called = dict(self._db.rows(_NAMES))
        into = dict(self._db.rows(_MERGED))
        return called | {gone: called.get(survivor_in(into, gone), called.get(gone, "")) for gone in into}

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
        self, applicant_id: int, fact_name: str, value_text: str, on: date, case_id: int | None = None, *, origin: str = "",
        seen: str | None = None,
    ) -> None:  # fmt: skip
        """Note what is known of an applicant as of a day; what was noted before is kept as history.

        ``origin`` says where it came from; outside any case it is 窗口登记 unless something else is said.
        ``seen`` is what the clerk saw as known, "" for nothing: raises `Overtaken` where another window has noted otherwise since.
        """
        with self._db.transaction():
            applicant_id = self._applicant(applicant_id).id
            there = self.known_facts(applicant_id).get(fact_name) if seen is not None else None
            if there is not None and there.value_text not in (seen, value_text):
                now = Overtaking(fact_name, seen or None, there.value_text)
                raise overtaken(self._db, f"申请人{applicant_id}", "", "", [now], 0)
            self._note_fact(applicant_id, fact_name, value_text, on, case_id, origin)

    def _note_fact(
        self, applicant_id: int, fact_name: str, value_text: str, on: date, case_id: int | None, origin: str = ""
    ) -> None:
        number, at = self._db.next_id(known_facts), self._stamp()
        rows.add(self._db, known_facts, number, applicant_id, fact_name, value_text, on.isoformat(), case_id, at)
        if origin := origin or ("" if case_id is not None else AT_THE_WINDOW):
            rows.add(self._db, fact_origins, number, origin, self._clerk.no)

    def known_facts(self, applicant_id: int) -> dict[str, KnownFact]:
        """The latest known text of each fact, by the day it holds for; of one day the last noted.

        A day to come is a clock that ran ahead: it counts as the last day that had been noted by then, and hides nothing newer.
        """
        today, latest = self._now().date().isoformat(), dict[str, tuple[str, KnownFact]]()
        for fact, text, on, *rest in self._db.rows(_KNOWN, applicant_id=self._survivor(applicant_id)):
            before = latest[fact][0] if fact in latest else ""
            day = on if on <= today else before
            if day >= before:
                latest[fact] = day, KnownFact(text, date.fromisoformat(on), *rest)
        return {fact: known for fact, (_day, known) in latest.items()}

    def noted(self, applicant_id: int) -> list[Noted]:
        """Everything that was ever noted of an applicant, by fact, the oldest first."""
        return [
            Noted(fact, text, date.fromisoformat(on), datetime.fromisoformat(at), *rest)
            for fact, text, on, at, *rest in self._db.rows(_NOTED, applicant_id=self._survivor(applicant_id))
        ]

    def _hits(self, text: str) -> Iterator[Applicant]:
        code = normal_code(text)
        if code and code.isascii():
            with self._db.stream(_BY_CODE, first=code, last=code + _LAST) as found:
                yield from map(applicant_of, found)
        for one in names.searches(text):
            with self._db.stream(_MATCHING, grams=search.wanted(self._db.kind, one.grams)) as found:
                hits = ((row, row[11]) for row in found if one.accepts(row[2]))
                yield from (applicant_of(row) if into is None else self._applicant(into) for row, into in hits)

    def _applicant(self, applicant_id: int) -> Applicant:
        row = self._db.row(_BY_ID, applicant_id=self._survivor(applicant_id))
        if row is None:
            raise NotFound(f"登记库中没有编号为 {applicant_id} 的申请人，请重新检索后选择。")
        return applicant_of(row)

    def _same(self, wanted: Applicant) -> Applicant | None:
        """The applicant of the same code and, but for brackets, spaces and width, the same name."""
        code = normal_code(wanted.code)
        row = self._db.row(_SAME, code=code) if code else None
        if row is None or plain_name(row[1]) != plain_name(wanted.name):
            return None
        return self._applicant(int(row[0]))

    def _keep_document(self, applicant: Applicant) -> None:
        kept = self._db.row(_DOCUMENT, applicant_id=applicant.id)
        if (kept or ("", "")) != (applicant.document, applicant.reason):
            rows.put(self._db, applicant_documents, applicant.id, applicant.document, applicant.reason)

    def _overtaken(self, now: Applicant, changes: int) -> Overtaken:
        """The refusal of a change that was made on what the applicant was so many changes ago."""
        told = self._db.rows(_CHANGES, subject=f"申请人{now.id}", most=max(changes, 1))
        at, clerk_no, _ = told[0] if told else (self._stamp(), "", "")
        called = {words: name for name, words in _CALLED.items()}
        what = dict.fromkeys(
            word for _, _, detail in reversed(told) for word in str(detail).split("、") if word in called
        )
        found = [Overtaking(word, None, str(getattr(now, called[word]))) for word in what]
        return overtaken(self._db, f"申请人“{now.name}”", clerk_no, at, found, now.version or 0)

    def _fit(self, applicant: Applicant) -> Applicant:
        one_of(applicant.kind, get_args(ApplicantKind), "申请人类型")
        a, said = applicant, plain_text  # unseen characters and other codes of a 汉字 would make two of one name
        applicant = replace(
            a, name=said(a.name), code=normal_code(a.code), contact=said(a.contact), phone=said(a.phone),
            address=said(a.address), reason=said(a.reason),
        )  # fmt: skip
        if not applicant.name:
            raise InvalidEntry("申请人名称没有填，请按营业执照或身份证件填写名称。")
        other = self._db.row(_OTHER, code=applicant.code, applicant_id=applicant.id)
        if other:
            raise DuplicateApplicant(
                f"该证件号码（代码）已登记在“{other[1]}”名下，请直接调出该申请人；若号码录错请更正。", int(other[0])
            )
        return applicant


def _values(applicant: Applicant) -> Row:
    """What stands, sealed, in an applicant's own row."""
    a = applicant
    return a.id, a.kind, a.name, a.code, a.contact, a.phone, a.address, int(a.sample)


def applicant_of(row: tuple[Any, ...]) -> Applicant:
    """An applicant from a row of `APPLICANT_ROWS` or of any query with the same columns first."""
    return Applicant(*(*row[:7], bool(row[7]), *row[8:11]))
