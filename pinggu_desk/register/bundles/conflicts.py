"""What joining could not settle (并入时的冲突): ours and theirs side by side, until a clerk says which; nothing is erased by it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import bindparam, select

from pinggu_desk.policy.identity import normal_code
from pinggu_desk.register import events
from pinggu_desk.register.audit import append
from pinggu_desk.register.bundles.casejoin import add_edit, put_head
from pinggu_desk.register.bundles.export import ExportShelf
from pinggu_desk.register.bundles.gather import Gatherer, standing
from pinggu_desk.register.bundles.people import as_applicant
from pinggu_desk.register.bundles.records import CaseRecord, EditRecord, Particulars, digest_of
from pinggu_desk.register.errors import CaseClosed, InvalidEntry, NotFound, Overtaking
from pinggu_desk.register.listed import ListedShelf
from pinggu_desk.register.overtaking import overtaken
from pinggu_desk.register.roles import Act
from pinggu_desk.register.rows import put
from pinggu_desk.register.shelf import needs
from pinggu_desk.register.tables import applicants, bundles_joined, foreign_ids, join_conflicts, sealed_columns

ConflictKind = Literal["applicant", "code", "case"]
_c, _j = join_conflicts.c, bundles_joined.c
_ROWS = select(*sealed_columns(join_conflicts)).where(_c.decision.is_(None)).order_by(_c.id)
_ONE = select(*sealed_columns(join_conflicts)).where(_c.id == bindparam("number"))
_OFFICE = select(_j.office).where(_j.sender == bindparam("sender")).order_by(_j.number.desc()).limit(1)
_HOLDER = select(applicants.c.id).where(applicants.c.code == bindparam("code"), applicants.c.code != "")
_f = foreign_ids.c
_KNOWN = select(*sealed_columns(foreign_ids)).where(
    _f.kind == bindparam("kind"), _f.origin == bindparam("origin"), _f.foreign_id == bindparam("number")
)
_PARTICULARS = {
    "kind": "类型", "name": "名称", "code": "号码", "contact": "联系人", "phone": "电话", "address": "地址", "sample": "示例",
    "document": "证件类型", "reason": "仍要登记的原因",
}  # fmt: skip
_AT_WORK = "办理中"
_HEADS = {"state": "办件状态", "judged_on": "判断日"}
#: what an answer taken from the other side says of where it came from
_FROM = "并入：{office}"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that both sides say differently; None where it is not answered. ``fact`` is a fact of a case's, by its name."""

    key: str
    called: str
    ours: str | None
    theirs: str | None
    fact: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """What a clerk has to decide: an applicant said otherwise, a code that is another's, a case changed on both sides.

    ``local_id`` is the applicant or case here; of a code, the applicant that came, ``holder_id`` whoever has it here.
    """

    id: int
    kind: ConflictKind
    office: str
    title: str
    local_id: int
    holder_id: int | None
    at: datetime
    differences: tuple[Difference, ...]
    #: what kind of applicant it is about; empty of a case
    whose_kind: str = ""


class ConflictShelf(ListedShelf, ExportShelf):
    """The conflicts' part of the register."""

    def conflicts(self) -> list[Conflict]:
        """What waits for a decision, oldest first."""
        return [self._conflict(row) for row in self._db.rows(_ROWS)]

    @needs(Act.WORK)
    def decide(
        self, conflict_id: int, theirs: Collection[str], *, same: bool = True, seen: Conflict | None = None
    ) -> None:
        """Settle a conflict: of the differences named (by key) theirs is taken, of all others ours stays.

        ``seen`` is the conflict as it stood on the screen: raises `Overtaken` where what stands here has been changed since.

        Of a code: ``same`` says that both are one applicant, who is made one, history kept; otherwise they stay two, and the
        one that came stays without the code. Of a case what is taken is written as new edits behind ours. Raises `NotFound`
        where somebody decided it already, `CaseClosed` where answers would change a case that is not open.
        """
        with self._db.transaction():
            self._db.lock("bundles")
            row = self._db.row(_ONE, number=conflict_id)
            if row is None or row[7] is not None:
                raise NotFound("这一处冲突已经有人裁定过了，这次没有改动；请看重新列出的。")
            conflict, taken = self._conflict(row), frozenset(theirs)
            self._refuse_unseen_sides(conflict, seen)
            unknown = taken - {one.key for one in conflict.differences}
            if unknown:
                raise InvalidEntry(f"冲突中没有“{'、'.join(sorted(unknown))}”这一项，请重新列出后再选。")
            if conflict.kind == "case":
                self._settle_case(conflict, CaseRecord.model_validate_json(row[5]), taken)
            elif conflict.kind == "applicant" or same:
                self._settle_applicant(conflict, Particulars.model_validate_json(row[5]), taken)
            called = "、".join(one.called for one in conflict.differences if one.key in taken)
            decision = (f"采用对方：{called}" if taken else "保留本处") + ("" if same else "；不是同一申请人")
            put(self._db, join_conflicts, *row[:7], decision, self._stamp(), self._clerk.no)
            self._settled(conflict, str(row[3]))
            append(self._db, self._stamp(), self._clerk.no, events.CONFLICT_DECIDED, f"冲突{conflict_id}", decision)

    def _conflict(self, row: tuple[Any, ...]) -> Conflict:
        number, sender, kind, _subject, local, said, at = row[:7]
        found = self._db.row(_OFFICE, sender=sender)
        office, holder, whose = str(found[0]) if found else sender[:8], None, ""
        gatherer = Gatherer(self._db, self.register_id)
        if kind == "case":
            ours, theirs = gatherer.case(local, files=False), CaseRecord.model_validate_json(said)
            title = theirs.number
            differences = [] if ours is None else _case_differences(ours, theirs)
        else:
            who = Particulars.model_validate_json(said)
            title, local, whose = who.name, self._survivor(local), who.kind
            if kind == "code":
                there = self._db.row(_HOLDER, code=normal_code(who.code))
                holder = int(there[0]) if there else local
            mine = gatherer.particulars(holder or local)
            differences = [] if mine is None else _particulars_differences(mine, who)
        when = datetime.fromisoformat(at)
        kind = cast(ConflictKind, kind)
        return Conflict(number, kind, office, title, local, holder, when, tuple(differences), whose)

    def _refuse_unseen_sides(self, now: Conflict, seen: Conflict | None) -> None:
        if seen is None or now.differences == seen.differences:
            return
        before = {one.key: one.ours for one in seen.differences}
        changed = [
            Overtaking(one.called, before.get(one.key), one.ours)
            for one in now.differences
            if one.key not in before or before[one.key] != one.ours
        ] or [Overtaking("两边的不同", None, "比您看到的少")]
        raise overtaken(self._db, now.title, "", "", changed, 0)

    def _settle_applicant(self, conflict: Conflict, theirs: Particulars, taken: frozenset[str]) -> None:
        whose = conflict.local_id
        if conflict.holder_id is not None and conflict.holder_id != whose:
            whose = self.merge(conflict.holder_id, whose).id
        ours = Gatherer(self._db, self.register_id).particulars(whose)
        if ours is not None:
            wanted = ours.model_copy(update={name: getattr(theirs, name) for name in taken})
            self.update_applicant(as_applicant(whose, wanted))

    def _settle_case(self, conflict: Conflict, theirs: CaseRecord, taken: frozenset[str]) -> None:
        ours = Gatherer(self._db, self.register_id).case(conflict.local_id, files=False)
        if ours is None:
            return
        facts = [one for one in conflict.differences if one.fact and one.key in taken]
        if (
            (facts or "judged_on" in taken)
            and ours.state != _AT_WORK
            and not ("state" in taken and theirs.state == _AT_WORK)
        ):
            way = "连“办件状态”一起采用，或先重新打开该办件" if theirs.state == _AT_WORK else "先重新打开该办件"
            raise CaseClosed(f"办件 {ours.number} 在本处{ours.state}，采用对方的填报要{way}；没有改动。")
        seq, head, at = len(ours.edits), ours.edits[-1].head if ours.edits else 0, self._stamp()
        for one in facts:
            seq += 1
            line = EditRecord(
                seq=seq, kind="edit", fact=one.key, before=one.ours, after=one.theirs, parent=head, head=seq, at=at,
                clerk_no=self._clerk.no, origin=_FROM.format(office=conflict.office),
            )  # fmt: skip
            add_edit(self._db, conflict.local_id, line, self._clerk.no)
            head = seq
        heads = {name: getattr(theirs, name) for name in _HEADS if name in taken}
        if heads:
            put_head(self._db, conflict.local_id, heads)

    def _settled(self, conflict: Conflict, subject: str) -> None:
        """As both stand now they agree: what the other side sends next is held against this."""
        origin, _, number = subject.partition(":")
        kind = "case" if conflict.kind == "case" else "applicant"
        row = self._db.row(_KNOWN, kind=kind, origin=origin, number=int(number))
        if row is None:
            return
        gatherer = Gatherer(self._db, self.register_id)
        if kind == "case":
            record = gatherer.case(conflict.local_id, files=False)
            ours = "" if record is None else standing(record)
        else:
            ours = digest_of(gatherer.particulars(self._survivor(conflict.local_id)))
        put(self._db, foreign_ids, *row[:-1], ours)


def _particulars_differences(ours: Particulars, theirs: Particulars) -> list[Difference]:
    return [
        Difference(name, called, _said(getattr(ours, name)), _said(getattr(theirs, name)))
        for name, called in _PARTICULARS.items()
        if getattr(theirs, name) not in ("", getattr(ours, name))
    ]


def _case_differences(ours: CaseRecord, theirs: CaseRecord) -> list[Difference]:
    heads = [
        Difference(name, called, getattr(ours, name), getattr(theirs, name))
        for name, called in _HEADS.items()
        if getattr(ours, name) != getattr(theirs, name)
    ]
    mine, his = ours.answers, theirs.answers
    return heads + [
        Difference(fact, fact, mine.get(fact), his.get(fact), fact=True)
        for fact in sorted(mine.keys() | his.keys())
        if mine.get(fact) != his.get(fact)
    ]


def _said(value: str | bool) -> str:
    return ("是" if value else "否") if isinstance(value, bool) else value
