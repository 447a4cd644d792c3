"""Doubles (重复登记): applicants that were registered twice are found, and made one without losing anything.

The one that is given up keeps its row, so that whatever names it by number still leads to the one that stays; its cases,
awards and what is known of it move, each row sealed anew. Papers stand in their cases and move with them.
"""

from __future__ import annotations

from dataclasses import replace

from pinggu_desk.policy.characters import plain_name
from pinggu_desk.policy.identity import normal_code
from pinggu_desk.register import events
from pinggu_desk.register.applicants import ApplicantShelf
from pinggu_desk.register.audit import append
from pinggu_desk.register.errors import InvalidEntry
from pinggu_desk.register.records import Applicant
from pinggu_desk.register.roles import Act
from pinggu_desk.register.shelf import Row, needs

_NORMAL = "codes_normal"
#: table -> what its rows are called, which of the sealed columns is the applicant's, how rows are read and moved
_MOVED = {
    "cases": (
        "办件", 2,
        ("SELECT id, number, applicant_id, policy_id, opened_at, judged_on, pack_version, state, clerk_no FROM cases"
         " WHERE applicant_id = ?"),
        "UPDATE cases SET applicant_id = ?, seal = ? WHERE id = ?",
    ),
    "known_facts": (
        "已知信息", 1,
        "SELECT id, applicant_id, fact, text, noted_on, case_id, noted_at FROM known_facts WHERE applicant_id = ?",
        "UPDATE known_facts SET applicant_id = ?, seal = ? WHERE id = ?",
    ),
    "awards": (
        "已享受支持", 1,
        ("SELECT id, applicant_id, policy_id, benefit_id, amount_fen, awarded_on, matter, source, removed_at FROM awards"
         " WHERE applicant_id = ?"),
        "UPDATE awards SET applicant_id = ?, seal = ? WHERE id = ?",
    ),
}  # fmt: skip


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
    def merge(self, into_id: int, from_id: int) -> Applicant:
        """Make one applicant of two: what `from_id` had is `into_id`'s from now on, and counts together.

        Raises `NotFound`, and `InvalidEntry` where both have a code and these differ, or their kinds do.
        """
        with self._db.transaction():
            into, gone = self._applicant(into_id), self._applicant(from_id)
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

    def _move(self, table: str, from_id: int, into_id: int) -> str:
        """Move an applicant's rows of a table, each with a new seal; says how many there were."""
        what, place, select, update = _MOVED[table]
        rows = self._db.rows(select, from_id)
        for row in rows:
            values: Row = (*row[:place], into_id, *row[place + 1 :])
            self._db.run(update, into_id, self._db.seal(table, *values), row[0])
        return f"{what}{len(rows)}"

    def _give_up(self, gone: Applicant, into_id: int, moved: str) -> None:
        """Mark an applicant as merged; its code is free for the one that stays, its name still finds that one."""
        row: Row = (gone.id, into_id, gone.code, moved, self._stamp(), self._clerk.no)
        bare = replace(gone, code="")
        self.update_applicant(bare)
        self._db.run(
            "INSERT INTO merges (from_id, into_id, code, moved, at, clerk_no, seal) VALUES (?,?,?,?,?,?,?)",
            *(*row, self._db.seal("merges", *row)),
        )

    def _normalise_codes(self) -> None:
        """Once in a register of an earlier version: codes kept with spaces are the codes they are, doubles made one."""
        if self._db.row("SELECT 1 FROM meta WHERE name = ?", _NORMAL) is not None or not self.may(Act.WORK):
            return
        with self._db.transaction():
            for number, code in self._db.rows("SELECT id, code FROM applicants WHERE code <> '' ORDER BY id"):
                normal = normal_code(code)
                if normal == code:
                    continue
                other = self._db.row("SELECT id FROM applicants WHERE code = ? AND id <> ?", normal, number)
                applicant = self._applicant(number)
                if other is None:
                    self.update_applicant(replace(applicant, code=normal))
                    continue
                self.update_applicant(replace(applicant, code=""))
                first, second = sorted((number, int(other[0])))
                self.merge(first, second)
            mark: Row = (_NORMAL, "1")
            self._db.run(
                "INSERT OR REPLACE INTO meta (name, value, seal) VALUES (?,?,?)", *(*mark, self._db.seal("meta", *mark))
            )
