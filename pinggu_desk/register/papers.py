"""Past awards (已享受支持) of an applicant, and the documents (文书) issued in a case."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from datetime import date, datetime
from typing import Any, get_args

from sqlalchemy import BindParameter, bindparam, func, or_, select, update

from pinggu_desk.policy.quantity import wan
from pinggu_desk.register import events, numbering
from pinggu_desk.register.audit import append
from pinggu_desk.register.errors import CaseClosed, InvalidEntry, NotFound, Overtaking, RegisterDamaged
from pinggu_desk.register.inhand import InHandShelf
from pinggu_desk.register.overtaking import refuse_unseen
from pinggu_desk.register.records import Award, AwardSource, IssuedDocument
from pinggu_desk.register.roles import Act
from pinggu_desk.register.rows import add, put
from pinggu_desk.register.shelf import Row, needs, one_of
from pinggu_desk.register.statistics import StatisticsShelf
from pinggu_desk.register.tables import (
    PAPERS,
    applicants,
    award_origins,
    awards,
    cases,
    counters,
    documents,
    paper_bases,
    paper_contents,
    paper_files,
    sealed_values,
    shared_papers,
)

_WHOSE: BindParameter[int] = bindparam("whose")
_CASE: BindParameter[int] = bindparam("case_id")
_SERIAL: BindParameter[str] = bindparam("serial")
_NUMBER: BindParameter[int] = bindparam("number")
_a, _d = awards.c, documents.c
_THERE = select(applicants.c.id).where(applicants.c.id == _WHOSE)
_AWARD = (_a.id, _a.applicant_id, _a.policy_id, _a.benefit_id, _a.amount_fen, _a.awarded_on, _a.matter, _a.source)
_o = award_origins.c
_ORIGIN = *(func.coalesce(one, "") for one in (_o.title, _o.document, _o.origin)), _o.at, func.coalesce(_o.clerk_no, "")
_AWARDS = (
    select(*_AWARD, *_ORIGIN)
    .select_from(awards.outerjoin(award_origins, _o.award_id == _a.id))
    .where(_a.applicant_id == _WHOSE, _a.removed_at.is_(None))
    .order_by(_a.awarded_on, _a.id)
)
_REMOVED_AWARDS = (
    select(*_AWARD, *_ORIGIN, _a.removed_at)
    .select_from(awards.outerjoin(award_origins, _o.award_id == _a.id))
    .where(_a.applicant_id == _WHOSE, _a.removed_at.is_not(None))
    .order_by(_a.awarded_on, _a.id)
)
_ONE_AWARD = select(*_AWARD, _a.version).where(_a.id == _NUMBER, _a.removed_at.is_(None))
_REMOVE_AWARD = (
    update(awards)
    .where(_a.id == _NUMBER)
    .values(removed_at=bindparam("at"), seal=bindparam("new_seal"), version=bindparam("next"))
)
_CONTENT = select(paper_contents.c.content).where(paper_contents.c.serial == _SERIAL)
_BASIS = select(paper_bases.c.basis).where(paper_bases.c.serial == _SERIAL)
_WITHOUT_BASIS = (
    select(func.count())
    .select_from(documents.outerjoin(paper_bases, paper_bases.c.serial == _d.serial))
    .where(paper_bases.c.serial.is_(None), _d.determinations != "[]")
)
_WITH_BASIS = (
    select(_d.serial, _d.determinations, paper_bases.c.basis)
    .join(paper_bases, paper_bases.c.serial == _d.serial)
    .order_by(_d.issued_at, _d.serial)
)
_FILE = (
    select(paper_files.c.data, _d.sha256)
    .join(documents, _d.serial == paper_files.c.serial)
    .where(paper_files.c.serial == _SERIAL)
)
_issued = select(func.count()).select_from(documents).where(_d.case_id == _CASE).scalar_subquery()
_ever = select(counters.c.last).where(counters.c.scope == PAPERS + cases.c.number).scalar_subquery()
_NEXT_SERIAL = select(cases.c.number, _issued, func.coalesce(_ever, 0), cases.c.state).where(cases.c.id == _CASE)
_shared = select(shared_papers.c.serial).where(shared_papers.c.case_id == _CASE)
_DOCUMENTS = (
    select(_d.serial, _d.case_id, _d.kind, _d.file_name, _d.sha256, _d.determinations, _d.issued_at, _d.clerk_no)
    .where(or_(_d.case_id == _CASE, _d.serial.in_(_shared)))
    .order_by(_d.issued_at, func.length(_d.serial), _d.serial)
)


class PaperShelf(StatisticsShelf, InHandShelf):
    """The awards' and the documents' part of the register."""

    @needs(Act.WORK)
    def add_award(
        self, applicant_id: int, policy_id: str, benefit_id: str, amount_fen: int, on: date, matter: str = "",
        source: AwardSource = "本机登记", *, title: str = "", document: str = "", origin: str = "",
        seen: Collection[int] | None = None,
    ) -> Award:  # fmt: skip
        """Note an award that an applicant has had, in whole fen. Raises `InvalidEntry`, `NotFound`.

        ``title`` is what an award is called of which no pack has the benefit (往年项目; ``benefit_id`` is empty then), ``document``
        the number of the paper that granted it, ``origin`` where it was taken from.
        ``seen`` are the awards (their ids) that the clerk saw: raises `Overtaken` where another window has noted one, or taken one
        out, since: it may be the very same.
        """
        one_of(source, get_args(AwardSource), "获奖来源")
        if type(amount_fen) is not int or amount_fen < 0:
            raise InvalidEntry(f"已享受金额“{amount_fen}”不合要求，应为不小于 0、精确到分的金额。")
        if not benefit_id and not title:
            raise InvalidEntry("没有写明是哪一个支持事项，请选择支持事项；往年的项目请写它的名称。")
        with self._db.transaction():
            applicant_id = self._survivor(applicant_id)
            if not self._db.row(_THERE, whose=applicant_id):
                raise NotFound(f"登记库中没有编号为 {applicant_id} 的申请人，请重新检索后选择。")
            self._refuse_unseen_awards(applicant_id, seen)
            number, at = self._db.next_id(awards), self._stamp()
            row: Row = (number, applicant_id, policy_id, benefit_id, amount_fen, on.isoformat(), matter, source, None)
            add(self._db, awards, *row)
            add(self._db, award_origins, number, title, document, origin, at, self._clerk.no)
            called = benefit_id or f"{policy_id}“{title}”"
            self._note(events.AWARD_ADDED, f"申请人{applicant_id}", f"{number}：{called} {amount_fen}分 {on}")
            return Award(
                number, applicant_id, policy_id, benefit_id, amount_fen, on, matter, source, title, document, origin,
                datetime.fromisoformat(at), self._clerk.no,
            )  # fmt: skip

    def _refuse_unseen_awards(self, applicant_id: int, seen: Collection[int] | None) -> None:
        if seen is None:
            return
        there = {one.id: one for one in self.awards(applicant_id)}
        new = [
            Overtaking("已享受支持", None, f"{one.benefit_id or one.title} {wan(one.amount_fen)} {one.on.isoformat()}")
            for one in there.values()
            if one.id not in seen
        ]
        gone = [Overtaking(f"已享受支持第 {number} 条", None, None) for number in sorted(set(seen) - there.keys())]
        told = (events.AWARD_ADDED, events.AWARD_REMOVED)
        refuse_unseen(self._db, f"申请人{applicant_id}的已享受支持", f"申请人{applicant_id}", told, [*new, *gone])

    def awards(self, applicant_id: int) -> list[Award]:
        """An applicant's past awards, oldest first."""
        rows = self._db.rows(_AWARDS, whose=self._survivor(applicant_id))
        return [_award(row) for row in rows]

    def removed_awards(self, applicant_id: int) -> list[tuple[Award, datetime]]:
        """Awards that were taken out of account, and when: the rows are there still, and are nobody's business but his."""
        rows = self._db.rows(_REMOVED_AWARDS, whose=self._survivor(applicant_id))
        return [(_award(row[:-1]), datetime.fromisoformat(row[-1])) for row in rows]

    @needs(Act.WORK)
    def remove_award(self, award_id: int) -> None:
        """Take an award out of account; the row stays, marked, and the trail tells. Raises `NotFound`."""
        with self._db.transaction():
            row = self._db.row(_ONE_AWARD, number=award_id)
            if row is None:
                raise NotFound(f"没有编号为 {award_id} 的已享受支持记录，可能已经撤销，请看重新列出的。")
            at, version = self._stamp(), int(row[-1]) + 1
            seal = self._db.seal(awards.name, *sealed_values((*row[:-1], at), version))
            self._db.run(_REMOVE_AWARD, at=at, new_seal=seal, next=version, number=award_id)
            self._note(events.AWARD_REMOVED, f"申请人{row[1]}", f"{award_id}：{row[3]} {row[4]}分 {row[5]}")

    @needs(Act.WORK)
    def record_document(
        self, case_id: int, kind: str, file_name: str, sha256: str, determinations_json: str,
        data: bytes | None = None, content: str = "", how: events.How | None = None, counted: str = "", basis: str = "",
    ) -> str:  # fmt: skip
        """Note that a paper was issued; returns its serial (文书编号): the case's number and two more digits.

        `sha256` is that of the file, in hexadecimal; `data` is the file itself, kept for printing it again (补打);
        `how` it leaves the machine, printed or saved, is an entry of its own;
        `content` is a digest of what it says, whatever its number: by it the same paper is known again;
        `counted` are the determinations once more with what of each sum the paper counts, for the statistics;
        `basis` is what they stood on (`assess.basis`), so that they can be made again.
        Raises `NotFound`, `InvalidEntry`, `CaseClosed` of a case that was withdrawn.
        """
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise InvalidEntry(f"文件“{file_name}”的校验值不合要求，应为 64 位小写十六进制的 SHA-256。")
        if data is not None and hashlib.sha256(data).hexdigest() != sha256:
            raise InvalidEntry(f"文件“{file_name}”与它的校验值对不上，没有登记；请重新出具。")
        with self._db.transaction():
            number, place, issued = self._next_place(case_id)
            serial = _serial(number, place)
            if place > issued + 1:  # counting what is there would give it again
                put(self._db, counters, PAPERS + number, place)
            row: Row = (serial, case_id, kind, file_name, sha256, determinations_json, self._stamp(), self._clerk.no)
            add(self._db, documents, *row)
            self._keep_findings(serial, case_id, str(row[6]), counted or determinations_json)
            if data is not None:
                add(self._db, paper_files, serial, data)
            if content:
                add(self._db, paper_contents, serial, content)
            if basis:
                add(self._db, paper_bases, serial, basis)
            self._note(events.PAPER_ISSUED, serial, kind)
            if how is not None:
                self._note(events.HANDED_OUT[how], serial, kind)
            return serial

    @needs(Act.WORK)
    def note_handed_out(self, serial: str, kind: str, how: events.How) -> None:
        """Put on the trail that an issued paper is printed or saved (again)."""
        with self._db.transaction():
            self._note(events.HANDED_OUT[how], serial, kind)

    def paper_content(self, serial: str) -> str:
        """The digest of what a paper says, whatever its number; empty where none was kept (papers of an earlier program)."""
        row = self._db.row(_CONTENT, serial=serial)
        return str(row[0]) if row else ""

    def paper_basis(self, serial: str) -> str:
        """What the determinations of a paper stood on; empty where none was kept (papers of an earlier program)."""
        row = self._db.row(_BASIS, serial=serial)
        return str(row[0]) if row else ""

    def papers_with_basis(self) -> list[tuple[str, str, str]]:
        """Every paper whose determinations can be made again: number, what it states and what that stood on, oldest first."""
        return [(str(a), str(b), str(c)) for a, b, c in self._db.rows(_WITH_BASIS)]

    def papers_without_basis(self) -> int:
        """How many papers can't be made again: of an earlier program, here or where they came from."""
        row = self._db.row(_WITHOUT_BASIS)
        return int(row[0]) if row else 0

    def paper_file(self, serial: str) -> bytes | None:
        """The file of an issued paper as it was handed out; None when it wasn't kept (papers of an earlier program).

        Raises `RegisterDamaged` when it is not what was recorded.
        """
        row = self._db.row(_FILE, serial=serial)
        if row is None:
            return None
        data = bytes(row[0])
        if hashlib.sha256(data).hexdigest() != row[1]:
            raise RegisterDamaged(f"登记库中文书“{serial}”的文件与登记的校验值不符，不能补打；请与备份核对。")
        return data

    def next_serial(self, case_id: int) -> str:
        """The serial that the case's next document will have: for printing it on the paper before it is recorded.

        Raises `NotFound`, `CaseClosed`.
        """
        number, place, _issued = self._next_place(case_id)
        return _serial(number, place)

    def _next_place(self, case_id: int) -> tuple[str, int, int]:
        """A case's number, which of its papers the next one is, and how many are there.

        A case that was issued (已出具) may get another paper, a receipt or a letter of today. One that was withdrawn gets none: it
        counts nowhere as in hand, and a letter would promise what nobody asks for any more.
        """
        row = self._db.row(_NEXT_SERIAL, case_id=case_id)
        if row is None:
            raise NotFound(f"登记库中没有内部编号为 {case_id} 的办件，请从办件列表中重新选择。")
        number, issued, ever, state = row
        if state == "已撤销":
            raise CaseClosed(
                f"办件 {number} 已撤销，不能再出具文书；已经出具的可以补打，确要再出具请先重新打开该办件，或新开办件。"
            )
        return str(number), max(issued, ever, numbering.paper_floor(self._db, case_id)) + 1, int(issued)

    def documents(self, case_id: int) -> list[IssuedDocument]:
        """The papers issued in a case, oldest first, and those that it shares with other cases of its visit."""
        rows = self._db.rows(_DOCUMENTS, case_id=case_id)
        return [IssuedDocument(*(*row[:6], datetime.fromisoformat(row[6]), row[7])) for row in rows]

    def _note(self, event: str, subject: str, detail: str) -> None:
        append(self._db, self._stamp(), self._clerk.no, event, subject, detail)


def _serial(number: str, place: int) -> str:
    return f"{number}-{place:02d}"


def _award(row: tuple[Any, ...]) -> Award:
    at = datetime.fromisoformat(row[11]) if row[11] else None
    return Award(*(*row[:5], date.fromisoformat(row[5]), *row[6:11], at, row[12]))
