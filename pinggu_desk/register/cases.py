"""Cases (办件): opened, resumed at the same field, issued or withdrawn; their materials and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, or_, select, update

from pinggu_desk.policy.dates import day_words
from pinggu_desk.policy.district import here
from pinggu_desk.register import events, numbering, rows
from pinggu_desk.register.audit import append
from pinggu_desk.register.colleagues import ColleagueShelf
from pinggu_desk.register.errors import CaseClosed, HeadOvertaken, NotFound, Overtaking
from pinggu_desk.register.overtaking import last_told, overtaken
from pinggu_desk.register.records import Case, CaseState
from pinggu_desk.register.roles import Act
from pinggu_desk.register.shelf import Row, needs, one_of
from pinggu_desk.register.tables import applicants, audit, cases, counters, materials, positions

_STATE_EVENTS: dict[CaseState, str] = {
    "已出具": events.CASE_CLOSED, "已撤销": events.CASE_WITHDRAWN, "办理中": events.CASE_REOPENED,
}  # fmt: skip
_CALLED = {"applicant_id": "申请人", "on": "判断日", "pack_version": "政策包"}
_c = cases.c
_CASE: BindParameter[int] = bindparam("case_id")
_WHOSE: BindParameter[str] = bindparam("whose")
_SELECT = select(
    *(_c.id, _c.number, _c.applicant_id, _c.policy_id, _c.opened_at, _c.judged_on, _c.pack_version, _c.state),
    *(func.coalesce(positions.c.step, ""), func.coalesce(positions.c.field, ""), _c.clerk_no, _c.version),
).select_from(cases.outerjoin(positions, positions.c.case_id == _c.id))
_BY_ID = _SELECT.where(_c.id == _CASE)
_BY_NUMBER = _SELECT.where(_c.number == bindparam("number"))
_OF_CLERK = _SELECT.where(or_(_WHOSE == "", _c.clerk_no == _WHOSE)).order_by(_c.id.desc())
_OPEN, _RECENT = _OF_CLERK.where(_c.state == "办理中"), _OF_CLERK.limit(bindparam("most", type_=_c.id.type))
_OF_APPLICANT = _SELECT.where(_c.applicant_id == bindparam("applicant_id")).order_by(_c.id.desc())
_LAST = select(counters.c.last).where(counters.c.scope == bindparam("scope"))
_CHANGE = (
    update(cases)
    .where(_c.id == _CASE)
    .values(
        {name: bindparam(name) for name in ("applicant_id", "judged_on", "pack_version", "state", "version", "seal")}
    )
)
_NAME = select(applicants.c.name).where(applicants.c.id == bindparam("applicant_id"))
_LAST_CHANGE = (
    select(audit.c.at, audit.c.clerk_no, audit.c.event, audit.c.detail)
    .where(
        audit.c.subject == bindparam("number"),
        audit.c.event.in_([*_STATE_EVENTS.values(), events.CASE_HEAD, events.CASE_REPACKED]),
    )
    .order_by(audit.c.id.desc())
    .limit(1)
)
_m = materials.c
_MATERIALS = select(_m.material, _m.state).where(_m.case_id == _CASE)
_MARK = select(_m.state, _m.at, _m.clerk_no).where(_m.case_id == _CASE, _m.material == bindparam("material"))
_MARKS = select(_m.at, _m.clerk_no, _m.material, _m.state).where(_m.case_id == _CASE).order_by(_m.at)
_THERE = select(applicants.c.id).where(applicants.c.id == bindparam("applicant_id"))


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
            number = self._counted(day, opened.date())
            case = Case(
                self._db.next_id(cases),
                f"{day}-{number:04d}",
                self._required(applicant_id),
                policy_id,
                opened.replace(microsecond=0),
                on or opened.date(),
                pack_version,
                "办理中",
                "",
                "",
                self._clerk.no,
                1,
            )
            rows.add(self._db, cases, *_values(case))
            append(self._db, self._stamp(), self._clerk.no, events.CASE_OPENED, case.number, "")
            return case

    def _counted(self, scope: str, day: date) -> int:
        """The next number of a scope: read and written, not counted up in place, since its row is sealed."""
        self._db.lock(f"counter {scope}")
        row = self._db.row(_LAST, scope=scope)
        number = (int(row[0]) if row else numbering.day_floor(self._db, day)) + 1
        rows.put(self._db, counters, scope, number)
        return number

    def case(self, case_id: int) -> Case:
        """A case by its id. Raises `NotFound`."""
        row = self._db.row(_BY_ID, case_id=case_id)
        if row is None:
            raise NotFound(f"登记库中没有内部编号为 {case_id} 的办件，请从办件列表中重新选择。")
        return _case(row)

    def look_at(self, case_id: int) -> Case:
        """A case that is opened to be read or gone on with; a colleague's is put on the trail. Raises `NotFound`."""
        case = self.case(case_id)
        self._seen[case_id] = self.last_edit(case_id)
        if case.clerk_no != self._clerk.no:
            with self._db.transaction():
                self._note_others(case_id, events.CASE_READ)
        return case

    def open_cases(self) -> list[Case]:
        """Cases still being worked on (办理中), newest first: the clerk's own, or everybody's for one who may see all."""
        return [_case(row) for row in self._db.rows(_OPEN, whose=self._whose())]

    def recent(self, limit: int = 20) -> list[Case]:
        """The latest cases of any state, newest first: the clerk's own, or everybody's for one who may see all."""
        return [_case(row) for row in self._db.rows(_RECENT, whose=self._whose(), most=limit)]

    def listed(self, case_ids: Iterable[int]) -> list[Case]:
        """Of these cases, in their order, those that `recent` would list: the clerk's own, or all for one who may see all.

        Raises `NotFound`.
        """
        whose = self._whose()
        return [case for case in map(self.case, case_ids) if whose in ("", case.clerk_no)]

    def numbered(self, number: str) -> Case | None:
        """The case of a whole number (办件编号), whoever opened it: an applicant comes back with it to any window."""
        row = self._db.row(_BY_NUMBER, number=number.strip().upper())
        return _case(row) if row else None

    def _whose(self) -> str:
        """Whose cases are listed: the clerk's own number, empty for everybody's."""
        return "" if self.may(Act.SEE_ALL) else self._clerk.no

    def cases_of(self, applicant_id: int) -> list[Case]:
        """An applicant's cases, newest first."""
        return [_case(row) for row in self._db.rows(_OF_APPLICANT, applicant_id=self._survivor(applicant_id))]

    def set_applicant(self, case_id: int, applicant_id: int | None, *, made_on: int | None = None) -> Case:
        """Say whose case it is. Raises `NotFound`, `CaseClosed`, and `Overtaken` (see `_change`)."""
        return self._change(case_id, made_on, applicant_id=self._required(applicant_id))

    def set_judged_on(self, case_id: int, on: date, *, made_on: int | None = None) -> Case:
        """Change the day that the case is judged by (判断日). Raises as `set_applicant`."""
        return self._change(case_id, made_on, on=on)

    def set_pack_version(self, case_id: int, version: str, *, made_on: int | None = None) -> Case:
        """Judge the case by another pack from now on. Raises as `set_applicant`."""
        return self._change(case_id, made_on, pack_version=version)

    def close_case(self, case_id: int, state: CaseState = "已出具", *, made_on: int | None = None) -> Case:
        """Close a case as issued (已出具) or withdrawn (已撤销); it takes no more edits then. Raises `NotFound`, `Overtaken`."""
        return self._change(case_id, made_on, state=one_of(state, ("已出具", "已撤销"), "办件状态"))

    def reopen_case(self, case_id: int, *, made_on: int | None = None) -> Case:
        """Take up a closed case again (办理中). Raises `NotFound`, `Overtaken`."""
        return self._change(case_id, made_on, state="办理中")

    def set_position(self, case_id: int, step: str, field: str) -> None:
        """Keep where the clerk stands, so that the case is resumed at the same field; of one who only looks, nothing.

        Raises `NotFound`.
        """
        if not self.may(Act.WORK):
            return
        with self._db.transaction():
            self.case(case_id)
            rows.put(self._db, positions, case_id, step, field)

    def set_material(self, case_id: int, key: str, state: str, *, seen: str | None = None) -> None:
        """Keep the state of a material (材料), in the caller's words.

        ``seen`` is the state that the clerk saw, "" where it was not ticked. Raises `NotFound`, `CaseClosed`, and `Overtaken` where
        another window has ticked it otherwise since.
        """
        with self._changing():
            self._require_open(case_id)
            there = self._db.row(_MARK, case_id=case_id, material=key)
            if seen is not None and there is not None and there[0] not in (seen, state):
                now = Overtaking(f"材料“{key}”", seen or None, there[0])
                raise overtaken(self._db, f"办件 {self.case(case_id).number}", there[2], there[1], [now], 0)
            self._touch(case_id)
            rows.put(self._db, materials, case_id, key, state, self._stamp(), self._clerk.no)

    def materials(self, case_id: int) -> dict[str, str]:
        """The state of each material that was ticked."""
        return dict(self._db.rows(_MATERIALS, case_id=case_id))

    def material_marks(self, case_id: int) -> list[tuple[datetime, str, str, str]]:
        """When each material was ticked last, by whom, which, and how it stands."""
        return [(datetime.fromisoformat(at), *rest) for at, *rest in self._db.rows(_MARKS, case_id=case_id)]

    def _change(self, case_id: int, made_on: int | None, **changed: Any) -> Case:
        """Change what the case itself says.

        ``made_on`` is the version that the clerk saw: raises `Overtaken` where another window has changed something since.
        """
        with self._changing():
            before = self.case(case_id)
            self._refuse_overtaken(before, made_on)
            if "state" not in changed:
                self._require_open(case_id)
            after = replace(before, **changed, version=before.version + 1)
            self._touch(case_id)
            self._we_made(cases.name, case_id, after.version)
            values = _values(after)
            self._db.run(
                _CHANGE, case_id=case_id, applicant_id=after.applicant_id, judged_on=after.on.isoformat(),
                pack_version=after.pack_version, state=after.state,
                version=after.version, seal=self._db.seal(cases.name, *values, after.version),
            )  # fmt: skip
            what, detail = (
                (_STATE_EVENTS[after.state], "") if "state" in changed else (events.CASE_HEAD, _told(changed))
            )
            if "pack_version" in changed:
                what, detail = events.CASE_REPACKED, f"{before.pack_version}→{after.pack_version}"
            append(self._db, self._stamp(), self._clerk.no, what, after.number, detail)
            return after

    def _refuse_overtaken(self, case: Case, made_on: int | None) -> None:
        """Raise `Overtaken` where the case isn't any more what the change was made on."""
        if made_on is None or self._only_ours(cases.name, case.id, made_on, case.version):
            return
        row = self._db.row(_LAST_CHANGE, number=case.number)
        at, no, event, detail = row or ("", "", "", "")
        merged = last_told(self._db, f"申请人{case.applicant_id}", events.APPLICANTS_MERGED)
        if merged[0] > at:  # its cases went along, and no entry of theirs says so
            at, no, event, detail = *merged[:3], ""
        changes = [Overtaking(detail or event, None, self._says(case))]
        raise overtaken(self._db, f"办件 {case.number} ", no, at, changes, case.version, HeadOvertaken)

    def _says(self, case: Case) -> str:
        """What a case says of itself, for one whose change came too late."""
        row = self._db.row(_NAME, applicant_id=case.applicant_id) if case.applicant_id is not None else None
        whose = f"申请人{row[0]}，" if row else ""
        return f"{case.state}，{whose}判断日 {day_words(case.on)}"

    def _require_open(self, case_id: int) -> None:
        case = self.case(case_id)
        if case.state != "办理中":
            raise CaseClosed(f"办件 {case.number} {case.state}，不能再改；需要更改请先重新打开该办件，或新开办件。")

    def _required(self, applicant_id: int | None) -> int | None:
        """An applicant that is there, or the one that it was merged into."""
        if applicant_id is None:
            return None
        whose = self._survivor(applicant_id)
        if not self._db.row(_THERE, applicant_id=whose):
            raise NotFound(f"登记库中没有编号为 {applicant_id} 的申请人，请重新检索后选择。")
        return whose


def _told(changed: dict[str, Any]) -> str:
    return "、".join(_CALLED[name] for name in changed)


def _values(case: Case) -> Row:
    return (
        *(case.id, case.number, case.applicant_id, case.policy_id, case.opened_at.isoformat(timespec="seconds")),
        *(case.on.isoformat(), case.pack_version, case.state, case.clerk_no),
    )


def _case(row: tuple[Any, ...]) -> Case:
    opened, on = datetime.fromisoformat(row[4]), date.fromisoformat(row[5])
    return Case(row[0], row[1], row[2], row[3], opened, on, row[6], row[7], row[8], row[9], row[10], row[11])
