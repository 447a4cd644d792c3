"""Doubles (重复登记): applicants that were registered twice are found, and made one without losing anything.

The one that is given up keeps its row, so that whatever names it by number still leads to the one that stays; its cases,
awards and what is known of it move, each row sealed anew. Papers stand in their cases and move with them.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import BindParameter, Table, bindparam, select, update

from pinggu_desk.policy.characters import plain_name
from pinggu_desk.policy.identity import normal_code
from pinggu_desk.register import events
from pinggu_desk.register.applicants import ApplicantShelf
from pinggu_desk.register.audit import append
from pinggu_desk.register.errors import InvalidEntry, Overtaking
from pinggu_desk.register.overtaking import refuse_unseen
from pinggu_desk.register.records import Applicant
from pinggu_desk.register.roles import Act
from pinggu_desk.register.rows import add, put
from pinggu_desk.register.shelf import needs
from pinggu_desk.register.statements import Value
from pinggu_desk.register.tables import applicants, awards, cases, known_facts, merges, meta, sealed_columns

_NORMAL = "codes_normal"
_WHOSE: BindParameter[int] = bindparam("whose")


def _counted(table: Table) -> dict[str, BindParameter[int]]:
    return {"version": bindparam("next")} if "version" in table.columns else {}


#: what moves with an applicant, and what its rows are called
_MOVED = {cases: "办件", known_facts: "已知信息", awards: "已享受支持"}
_ROWS = {
    table: select(*sealed_columns(table)).where(table.c.applicant_id == _WHOSE).order_by(table.c.id) for table in _MOVED
}
_MOVE = {
    table: update(table)
    .where(table.c.id == bindparam("number"))
    .values({"applicant_id": bindparam("into"), "seal": bindparam("new_seal")} | _counted(table))
    for table in _MOVED
}
_c = applicants.c
_MARK = select(meta.c.value).where(meta.c.name == bindparam("name"))
_CODES = select(_c.id, _c.code).where(_c.code != "").order_by(_c.id)
_OTHER = select(_c.id).where(_c.code == bindparam("code"), _c.id != bindparam("number"))


class DoubleShelf(ApplicantShelf):
    """The doubles' part of the register."""

    def alike(self, name: str, code: str = "", but: int = 0) -> list[Applicant]:
        """Applicants (without number `but`) of that code, or of that name but for brackets, spaces, width and case."""
        wanted, number = plain_name(name), normal_code(code)
        found = {} if not number else {a.id: a for a in self.search(number, 3) if a.code == number}
        if wanted:
            found |= {a.id: a for a in self.search(name, 20) if plain_name(a.name) == wanted}
        return [a for a in found.values() if a.id != but]

    @needs(Act.WORK)
    def merge(self, into_id: int, from_id: int, *, made_on: tuple[int | None, int | None] | None = None) -> Applicant:
        """Make one applicant of two: what `from_id` had is `into_id`'s from now on, and counts together.

        ``made_on`` are the versions of both that were seen: raises `Overtaken` where another window has changed or merged either
        since. Raises `NotFound`, and `InvalidEntry` where both have a code and these differ, or their kinds do.
        """
        with self._db.transaction():
            into, gone = self._applicant(into_id), self._applicant(from_id)
            if made_on is not None:
                for asked, one, version in ((into_id, into, made_on[0]), (from_id, gone, made_on[1])):
                    self._refuse_unseen_double(asked, one, version)
            if into.id == gone.id:
                return into
            if into.code and gone.code and into.code != gone.code:
                raise InvalidEntry(
                    f"“{into.name}”和“{gone.name}”的证件号码（代码）不同，不是同一申请人，不能合并；若有一个录错，请先更正再合并。"
                )
            if (into.kind == "个人") != (gone.kind == "个人"):
                raise InvalidEntry(f"“{into.name}”和“{gone.name}”一个是个人、一个是单位，不能合并；请核对申请人类型。")
            moved = "、".join(self._move(table, gone.id, into.id) for table in _MOVED)
            self._give_up(gone, into.id, moved)
            kept = replace(
                into, code=into.code or gone.code, contact=into.contact or gone.contact, phone=into.phone or gone.phone,
                address=into.address or gone.address, document=into.document or gone.document,
                reason=into.reason or gone.reason,
            )  # fmt: skip
            append(
                self._db,
                self._stamp(),
                self._clerk.no,
                events.APPLICANTS_MERGED,
                f"申请人{into.id}",
                f"并入申请人{gone.id}：{moved}",
            )
            return self.update_applicant(kept)

    def _refuse_unseen_double(self, asked: int, now: Applicant, version: int | None) -> None:
        if now.id != asked:
            told = (events.APPLICANTS_MERGED,)
            changed = [Overtaking("现在的申请人", None, now.name)]
            refuse_unseen(self._db, f"申请人{asked}", f"申请人{now.id}", told, changed, now.version or 0)
        elif version is not None and not self._only_ours(applicants.name, now.id, version, now.version or 0):
            raise self._overtaken(now, (now.version or 0) - version)

    def _move(self, table: Table, from_id: int, into_id: int) -> str:
        """Move an applicant's rows of a table, each with a new seal; says how many there were."""
        place = table.columns.keys().index("applicant_id")
        rows = self._db.rows(_ROWS[table], whose=from_id)
        for row in rows:
            values: list[Value] = list(row)
            values[place] = into_id
            if "version" in table.columns:
                values[-1] = row[-1] + 1
            seal = self._db.seal(table.name, *values)
            self._db.run(_MOVE[table], into=into_id, new_seal=seal, number=row[0], next=values[-1])
        return f"{_MOVED[table]}{len(rows)}"

    def _give_up(self, gone: Applicant, into_id: int, moved: str) -> None:
        """Mark an applicant as merged; its code is free for the one that stays, its name still finds that one."""
        bare = replace(gone, code="")
        self.update_applicant(bare)
        add(self._db, merges, gone.id, into_id, gone.code, moved, self._stamp(), self._clerk.no)

    def _normalise_codes(self) -> None:
        """Once in a register of an earlier version: codes kept with spaces are the codes they are, doubles made one."""
        if self._db.row(_MARK, name=_NORMAL) is not None or not self.may(Act.WORK):
            return
        with self._db.transaction():
            for number, code in self._db.rows(_CODES):
                normal = normal_code(code)
                if normal == code:
                    continue
                other = self._db.row(_OTHER, code=normal, number=number)
                applicant = self._applicant(number)
                if other is None:
                    self.update_applicant(replace(applicant, code=normal))
                    continue
                self.update_applicant(replace(applicant, code=""))
                first, second = sorted((number, int(other[0])))
                self.merge(first, second)
            put(self._db, meta, _NORMAL, "1")
