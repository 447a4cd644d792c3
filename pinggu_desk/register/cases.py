"""Cases (办件): opened, resumed at the same field, issued or withdrawn; their materials and what becomes of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pinggu_desk.policy.district import here
from pinggu_desk.register import events
from pinggu_desk.register.audit import append
from pinggu_desk.register.colleagues import ColleagueShelf
from pinggu_desk.register.errors import CaseClosed, NotFound
from pinggu_desk.register.records import Case, CaseState
from pinggu_desk.register.roles import Act
from pinggu_desk.register.shelf import Row, needs, one_of

_STATE_EVENTS: dict[CaseState, str] = {
    "已出具": events.CASE_CLOSED, "已撤销": events.CASE_WITHDRAWN, "办理中": events.CASE_REOPENED,
}  # fmt: skip
_SELECT = (
    "SELECT id, number, applicant_id, policy_id, opened_at, judged_on, pack_version, state,"
    " coalesce(step, ''), coalesce(field, ''), clerk_no FROM cases LEFT JOIN positions ON case_id = id "
)


class CaseShelf(ColleagueShelf):
    """The cases' part of the register."""

    @needs(Act.WORK)
    def open_case(
        self, policy_id: str, pack_version: str, *, applicant_id: int | None = None, on: date | None = None
    ) -> Case:
        """Open a case under a policy. `on` is the day it is judged by (today if None).

        Its number is `开头-窗口号-YYYYMMDD-流水号` (the district's first), the last
        part counted by window and day. Raises `NotFound`.
        """
        with self._db.transaction():
            opened = self._now()
            day = f"{here().case_prefix}-{self._clerk.window or '0'}-{opened:%Y%m%d}"
            row = self._db.row(
                "INSERT INTO counters (scope, last) VALUES (?, 1)"
                " ON CONFLICT (scope) DO UPDATE SET last = last + 1 RETURNING last",
                day,
            )
            assert row
            case = Case(
                self._next("SELECT max(id) FROM cases"),
                f"{day}-{row[0]:04d}",
                self._required(applicant_id),
                policy_id,
                opened.replace(microsecond=0),
                on or opened.date(),
                pack_version,
                "办理中",
                "",
                "",
                self._clerk.no,
            )
            values = _values(case)
            self._db.run(
                "INSERT INTO cases (id, number, applicant_id, policy_id, opened_at, judged_on, pack_version, state,"
                " clerk_no, seal) VALUES (?,?,?,?,?,?,?,?,?,?)",
                *(*values, self._db.seal("cases", *values)),
            )
            return case

    def case(self, case_id: int) -> Case:
        """A case by its id. Raises `NotFound`."""
        row = self._db.row(_SELECT + "WHERE id = ?", case_id)
        if row is None:
            raise NotFound(f"登记库中没有内部编号为 {case_id} 的办件，请从办件列表中重新选择。")
        return _case(row)

    def look_at(self, case_id: int) -> Case:
        """A case that is opened to be read or gone on with; a colleague's is put on the trail. Raises `NotFound`."""
        case = self.case(case_id)
        if case.clerk_no != self._clerk.no:
            with self._db.transaction():
                self._note_others(case_id, events.CASE_READ)
        return case

    def open_cases(self) -> list[Case]:
        """Cases still being worked on (办理中), newest first: the clerk's own, or everybody's for one who may see all."""
        whose = self._whose()
        sql = _SELECT + "WHERE state = '办理中' AND (? = '' OR clerk_no = ?) ORDER BY id DESC"
        return [_case(row) for row in self._db.rows(sql, whose, whose)]

    def recent(self, limit: int = 20) -> list[Case]:
        """The latest cases of any state, newest first: the clerk's own, or everybody's for one who may see all."""
        whose = self._whose()
        sql = _SELECT + "WHERE ? = '' OR clerk_no = ? ORDER BY id DESC LIMIT ?"
        return [_case(row) for row in self._db.rows(sql, whose, whose, limit)]

    def numbered(self, number: str) -> Case | None:
        """The case of a whole number (办件编号), whoever opened it: an applicant comes back with it to any window."""
        row = self._db.row(_SELECT + "WHERE number = ?", number.strip().upper())
        return _case(row) if row else None

    def _whose(self) -> str:
        """Whose cases are listed: the clerk's own number, empty for everybody's."""
        return "" if self.may(Act.SEE_ALL) else self._clerk.no

    def cases_of(self, applicant_id: int) -> list[Case]:
        """An applicant's cases, newest first."""
        return [
            _case(row)
            for row in self._db.rows(_SELECT + "WHERE applicant_id = ? ORDER BY id DESC", self._survivor(applicant_id))
        ]

    def set_applicant(self, case_id: int, applicant_id: int | None) -> Case:
        """Say whose case it is. Raises `NotFound`, `CaseClosed`."""
        return self._change(case_id, "applicant_id", self._required(applicant_id))

    def set_judged_on(self, case_id: int, on: date) -> Case:
        """Change the day that the case is judged by (判断日). Raises `NotFound`, `CaseClosed`."""
        return self._change(case_id, "judged_on", on.isoformat())

    def close_case(self, case_id: int, state: CaseState = "已出具") -> Case:
        """Close a case as issued (已出具) or withdrawn (已撤销); it takes no more edits then."""
        return self._change(case_id, "state", one_of(state, ("已出具", "已撤销"), "办件状态"))

    def reopen_case(self, case_id: int) -> Case:
        """Take up a closed case again (办理中)."""
        return self._change(case_id, "state", "办理中")

    def set_position(self, case_id: int, step: str, field: str) -> None:
        """Keep where the clerk stands, so that the case is resumed at the same field. Raises `NotFound`."""
        with self._db.transaction():
            self.case(case_id)
            self._db.run("INSERT OR REPLACE INTO positions (case_id, step, field) VALUES (?,?,?)", case_id, step, field)

    def set_material(self, case_id: int, key: str, state: str) -> None:
        """Keep the state of a material (材料), in the caller's words. Raises `NotFound`, `CaseClosed`."""
        with self._changing():
            self._require_open(case_id)
            self._touch(case_id)
            self._db.run(
                "INSERT OR REPLACE INTO materials (case_id, material, state, at, clerk_no) VALUES (?,?,?,?,?)",
                *(case_id, key, state, self._stamp(), self._clerk.no),
            )

    def materials(self, case_id: int) -> dict[str, str]:
        """The state of each material that was ticked."""
        return dict(self._db.rows("SELECT material, state FROM materials WHERE case_id = ?", case_id))

    def material_marks(self, case_id: int) -> list[tuple[datetime, str, str, str]]:
        """When each material was ticked last, by whom, which, and how it stands."""
        sql = "SELECT at, clerk_no, material, state FROM materials WHERE case_id = ? ORDER BY at"
        return [(datetime.fromisoformat(at), *rest) for at, *rest in self._db.rows(sql, case_id)]

    def _change(self, case_id: int, column: str, value: str | int | None) -> Case:
        sql = {
            "applicant_id": "UPDATE cases SET applicant_id = ? WHERE id = ?",
            "judged_on": "UPDATE cases SET judged_on = ? WHERE id = ?",
            "state": "UPDATE cases SET state = ? WHERE id = ?",
        }[column]
        with self._changing():
            if column != "state":
                self._require_open(case_id)
            self._touch(case_id)
            self._db.run(sql, value, case_id)
            case = self.case(case_id)
            if column == "state":
                append(self._db, self._stamp(), self._clerk.no, _STATE_EVENTS[case.state], case.number, "")
            self._db.run("UPDATE cases SET seal = ? WHERE id = ?", self._db.seal("cases", *_values(case)), case_id)
            return case

    def _require_open(self, case_id: int) -> None:
        case = self.case(case_id)
        if case.state != "办理中":
            raise CaseClosed(f"办件 {case.number} {case.state}，不能再改；需要更改请先重新打开该办件，或新开办件。")

    def _required(self, applicant_id: int | None) -> int | None:
        """An applicant that is there, or the one that it was merged into."""
        if applicant_id is None:
            return None
        whose = self._survivor(applicant_id)
        if not self._db.row("SELECT 1 FROM applicants WHERE id = ?", whose):
            raise NotFound(f"登记库中没有编号为 {applicant_id} 的申请人，请重新检索后选择。")
        return whose


def _values(case: Case) -> Row:
    return (
        *(case.id, case.number, case.applicant_id, case.policy_id, case.opened_at.isoformat(timespec="seconds")),
        *(case.on.isoformat(), case.pack_version, case.state, case.clerk_no),
    )


def _case(row: tuple[Any, ...]) -> Case:
    opened, on = datetime.fromisoformat(row[4]), date.fromisoformat(row[5])
    return Case(row[0], row[1], row[2], row[3], opened, on, row[6], row[7], row[8], row[9], row[10])
