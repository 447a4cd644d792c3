"""Forgetting (到期清除): what is past its term is listed, and after the 负责人 agrees truly removed: rows, papers, search, free pages.

Cases of one visit, or that share a paper, go together or not at all; an applicant goes when nothing of his is left to be kept.
What refers to a row is found by the tables' own declarations, so that no new table can be forgotten here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Delete, Table, bindparam, case, delete, func, or_, select, text

from pinggu_desk.policy.retention import (
    APPLICANTS,
    AWARDS,
    ISSUED,
    MOST_YEARS,
    UNFINISHED,
    WITHDRAWN,
    load_terms,
    over_on,
)
from pinggu_desk.register import events, numbering
from pinggu_desk.register import tables as t
from pinggu_desk.register.audit import append
from pinggu_desk.register.dialects import search
from pinggu_desk.register.errors import InvalidEntry, Overtaking
from pinggu_desk.register.leaps import AGREED, Doubt, doubt_of, told_at_the_door
from pinggu_desk.register.marks import leave_marks
from pinggu_desk.register.oldcopies import OldCopyShelf
from pinggu_desk.register.overtaking import refuse_unseen
from pinggu_desk.register.rehearsal import BROUGHT_BACK, masked_name
from pinggu_desk.register.roles import Act
from pinggu_desk.register.rows import put
from pinggu_desk.register.shelf import needs, survivor_in

_META = "retention"
_BROUGHT = (
    select(t.audit.c.detail)
    .where(t.audit.c.event == bindparam("restored"), t.audit.c.detail.contains(bindparam("words")))
    .where(
        t.audit.c.id
        > select(func.coalesce(func.max(t.audit.c.id), 0))
        .where(t.audit.c.event == bindparam("event"))
        .scalar_subquery()
    )
    .order_by(t.audit.c.id.desc())
    .limit(1)
)
_GONE: BindParameter[Any] = bindparam("gone")
_c = t.cases.c
_BEFORE: BindParameter[str] = bindparam("before")


def _latest(at: ColumnElement[str], of: ColumnElement[int]) -> ColumnElement[str | None]:
    """The latest time of a case's rows; not looked up where the case itself is of a day since when nothing can be past its term."""
    return case((_c.opened_at < _BEFORE, select(func.max(at)).where(of == _c.id).scalar_subquery()))


_CASES = select(
    *(_c.id, _c.number, _c.state, _c.applicant_id, _c.opened_at),
    _latest(t.edits.c.at, t.edits.c.case_id),
    _latest(t.documents.c.issued_at, t.documents.c.case_id),
).order_by(_c.number)
_VISITS = select(t.visits.c.case_id, t.visits.c.visit)
_SHARED = select(t.shared_papers.c.case_id, t.documents.c.case_id).join(
    t.documents, t.documents.c.serial == t.shared_papers.c.serial
)
_AWARDS = select(t.awards.c.id, t.awards.c.applicant_id, t.awards.c.awarded_on).order_by(t.awards.c.id)
_WHO = select(t.applicants.c.id, t.applicants.c.name, t.applicants.c.kind).order_by(t.applicants.c.id)
_MERGED = select(t.merges.c.from_id, t.merges.c.into_id)
_NOTED = select(t.known_facts.c.applicant_id, func.max(t.known_facts.c.noted_at)).group_by(t.known_facts.c.applicant_id)
_TOUCHED = (
    select(t.audit.c.subject, func.max(t.audit.c.at))
    .where(or_(*(t.audit.c.event == event for event in (events.APPLICANT_ADDED, events.APPLICANT_CHANGED))))
    .group_by(t.audit.c.subject)
)
_SERIALS = select(t.documents.c.serial).where(t.documents.c.case_id == _GONE)
_KEPT_LONGER = select(t.meta.c.value).where(t.meta.c.name == bindparam("name"))
#: what tells of another table's rows where they came from, and goes with them
_ORIGINS = (
    (t.known_facts, t.fact_origins, t.fact_origins.c.fact_id),
    (t.awards, t.award_origins, t.award_origins.c.award_id),
)
_c_of = t.join_conflicts.c
_CONFLICTS = delete(t.join_conflicts).where(_c_of.kind == bindparam("kind"), _c_of.local_id == _GONE)


@dataclass(frozen=True, slots=True)
class Past:
    """Something past its term: its number, whose it is (masked), when it was last dealt with, and since when it is past."""

    kind: str
    id: int
    number: str
    who: str
    last: date
    over: date


class RetentionShelf(OldCopyShelf):
    """The register's part that forgets."""

    @property
    def register_id(self) -> str:
        """See `ExportShelf.register_id`."""
        raise NotImplementedError  # that shelf's to say

    def terms(self) -> dict[str, int]:
        """The years that each kind of record is kept, as the office has set them."""
        row = self._db.row(_KEPT_LONGER, name=_META)
        own: Mapping[str, int] = json.loads(row[0]) if row else {}
        return {kind: max(term.least, int(own.get(kind, term.years))) for kind, term in load_terms().items()}

    @needs(Act.RETENTION)
    def lengthen(self, kind: str, years: int, *, seen: int | None = None) -> None:
        """Say how many years a kind of record is kept here (办公室自定). Raises `InvalidEntry`.

        ``seen`` are the years that the clerk saw: raises `Overtaken` where another window has set others since.
        """
        terms = load_terms()
        if kind not in terms or not terms[kind].least <= years <= MOST_YEARS:
            least = terms[kind].least if kind in terms else 1
            raise InvalidEntry(f"“{kind}”的保管年限“{years}”不合要求，应为 {least} 至 {MOST_YEARS} 的整数。")
        with self._db.transaction():
            now = self.terms()[kind]
            if seen is not None and now not in (seen, years):
                changed = [Overtaking("保管年限", f"{seen} 年", f"{now} 年")]
                refuse_unseen(self._db, f"“{kind}”的保管年限", kind, (events.TERM_CHANGED,), changed)
            put(self._db, t.meta, _META, json.dumps(self.terms() | {kind: years}, ensure_ascii=False))
            append(self._db, self._stamp(), self._clerk.no, events.TERM_CHANGED, kind, f"{years} 年")

    @needs(Act.RETENTION)
    def past_term(self, today: date | None = None) -> list[Past]:
        """All that is past its term today, oldest first. ``today`` is for looking ahead only: `forget` goes by the clock."""
        on, terms = today or self._now().date(), self.terms()
        names = {number: masked_name(name, kind) for number, name, kind in self._db.rows(_WHO)}
        into = dict(self._db.rows(_MERGED))
        rows = self._db.rows(_CASES, before=_first_young(on, terms).isoformat())
        cases, whose = [_past_case(row, terms, names) for row in rows], {row[0]: row[3] for row in rows}
        waiting = _joined([one.id for one in cases], [*self._db.rows(_VISITS), *self._db.rows(_SHARED)])
        young = {waiting[one.id] for one in cases if one.over > on}
        found = [one for one in cases if waiting[one.id] not in young]
        awards = [
            Past(AWARDS, number, f"奖励{number}", names[who], _day(day), over_on(_day(day), terms[AWARDS]))
            for number, who, day in self._db.rows(_AWARDS)
        ]
        found += [one for one in awards if one.over <= on]
        gone = {(one.kind == AWARDS, one.id) for one in found}
        owner = {(True, row[0]): row[1] for row in self._db.rows(_AWARDS)}
        owner |= {(False, case): who for case, who in whose.items() if who is not None}
        busy = {survivor_in(into, who) for thing, who in owner.items() if thing not in gone}
        found += self._past_applicants(on, terms[APPLICANTS], names, into, busy, [*cases, *awards], owner)
        return sorted(found, key=lambda one: (one.over, one.kind, one.id))

    def _past_applicants(
        self, on: date, years: int, names: Mapping[int, str], into: Mapping[int, int], busy: set[int],
        things: Iterable[Past], owner: Mapping[tuple[bool, int], int],
    ) -> list[Past]:  # fmt: skip
        last: dict[int, date] = {}

        def seen(who: int, day: date) -> None:
            last[survivor_in(into, who)] = max(day, last.get(survivor_in(into, who), date.min))

        for who, at in self._db.rows(_NOTED):
            seen(who, _day(at))
        for subject, at in self._db.rows(_TOUCHED):
            number = subject.removeprefix("申请人")
            if number.isdigit() and int(number) in names:
                seen(int(number), _day(at))
        for one in things:
            if (whose := owner.get((one.kind == AWARDS, one.id))) is not None:
                seen(whose, one.last)
        return [
            Past(APPLICANTS, who, f"申请人{who}", name, last[final], over)
            for who, name in names.items()
            if (final := survivor_in(into, who)) not in busy and final in last
            if (over := over_on(last[final], years)) <= on
        ]

    def doubt(self) -> Doubt | None:
        """What speaks against the day that the clock shows, by which everything is past its term; None where nothing does."""
        return doubt_of(self._db, self._now())

    @property
    def clock_words(self) -> str:
        """What speaks against the clock, for the clerk at work; empty where nothing does."""
        return told_at_the_door(self._db, self._now())

    @needs(Act.RETENTION)
    def forget(self, chosen: Iterable[Past], *, agreed: date | None = None) -> dict[str, int]:
        """Remove what was agreed to, truly; returns how many of each kind. What is not past its term (any more) is refused.

        ``agreed`` is the day that somebody says it is by the calendar, where there is a `doubt` of the clock's.
        The entry on the trail says how many, of which kind, and which cases; not whose. Raises `InvalidEntry`, `RegisterBusy`.
        """
        wanted = list(dict.fromkeys(chosen))
        with self._db.transaction():
            self._db.lock("retention")
            doubt = self.doubt()
            if doubt is not None and doubt.today != agreed:
                raise InvalidEntry(doubt.sentence)
            there = set(self.past_term())
            if missing := [one for one in wanted if one not in there]:
                raise InvalidEntry(f"{missing[0].number} 现在没有到期，或刚刚有人办过，没有清除；请重新列出后再确认。")
            self._refuse_halves(wanted, there)
            given_out = numbering.given_out(self._db)
            cases = [one for one in wanted if one.kind in (ISSUED, WITHDRAWN, UNFINISHED)]
            for one in cases:
                self._drop_case(one.id)
            for one in wanted:
                if one.kind == AWARDS:
                    self._db.run(_own(t.award_origins), gone=one.id)
                    self._db.run(_own(t.awards), gone=one.id)
            people = [one.id for one in wanted if one.kind == APPLICANTS]
            self._drop_applicants(people)
            leave_marks(self._db, self.register_id, {"case": [one.id for one in cases], "applicant": people})
            numbering.never_again(self._db, given_out, lost=False)
            counts = {kind: sum(one.kind == kind for one in wanted) for kind in dict.fromkeys(o.kind for o in wanted)}
            told = "，".join(f"{kind} {count}" for kind, count in counts.items())
            numbers = f"：{'、'.join(one.number for one in cases)}" if cases else ""
            doubted = f"；{AGREED}今天是 {doubt.today}：{doubt.why}" if doubt is not None else ""
            append(self._db, self._stamp(), self._clerk.no, events.FORGOTTEN, "登记库", told + numbers + doubted)
        self.sweep()
        return counts

    def brought_back(self) -> tuple[str, ...]:
        """That a restore brought back what had been removed, as long as nothing was removed since: one sentence, or none."""
        row = self._db.row(_BROUGHT, restored=events.RESTORED, words=BROUGHT_BACK, event=events.FORGOTTEN)
        if row is None:
            return ()
        days = str(row[0]).partition(BROUGHT_BACK)[2]
        return (
            f"恢复备份时带回了到期已清除的资料（清除于 {days}）；请在“设置”的到期资料中重新清除，并删去那份旧备份。",
        )

    def sweep(self) -> None:
        """Leave nothing of what was removed in search, free pages and log. It may be done again whenever it was refused.

        On a server the windows' account may not (`left_to_sweep`).
        """
        if self._db.kind != "sqlcipher":
            return
        self._db.rows(search.OPTIMIZE)
        self._db.rows(_FOLD)
        self._db.rows(_REWRITE)
        self._db.rows(_FOLD)

    def _refuse_halves(self, wanted: list[Past], there: set[Past]) -> None:
        """Cases of one visit go together; an applicant goes with all of his, and with those that were merged into him."""
        joined = _joined([], [*self._db.rows(_VISITS), *self._db.rows(_SHARED)])
        chosen = {one.id for one in wanted if one.kind not in (AWARDS, APPLICANTS)}
        groups = {joined[case] for case in chosen if case in joined}
        into = dict(self._db.rows(_MERGED))
        people = {survivor_in(into, one.id) for one in wanted if one.kind == APPLICANTS}
        awards = {number: survivor_in(into, who) for number, who, _day in self._db.rows(_AWARDS)}
        for one in there - set(wanted):
            if one.kind == APPLICANTS:
                half = survivor_in(into, one.id) in people
            elif one.kind == AWARDS:
                half = awards[one.id] in people
            else:
                half = joined.get(one.id) in groups
            if half:
                raise InvalidEntry(f"{one.number} 与选中的属于同一次来访、同一份文书或同一申请人，请一起选上。")

    def _drop_case(self, number: int) -> None:
        """A case, and first whatever refers to it."""
        for (serial,) in self._db.rows(_SERIALS, gone=number):
            for statement in _dependents(t.documents):
                self._db.run(statement, gone=serial)
        for statement in (*_dependents(t.cases), _own(t.cases)):
            self._db.run(statement, gone=number)
        self._db.run(_CONFLICTS, gone=number, kind="case")

    def _drop_applicants(self, numbers: list[int]) -> None:
        left = self._db.rows(select(_c.number).where(_c.applicant_id.in_(numbers)).limit(1)) if numbers else []
        if left:
            raise InvalidEntry(f"申请人名下还有办件 {left[0][0]}，请一起选上。")
        for number in numbers:
            for kind in ("applicant", "code"):
                self._db.run(_CONFLICTS, gone=number, kind=kind)
            self._db.run(search.FORGET, who=number)
            for statement in _dependents(t.applicants):
                self._db.run(statement, gone=number)
        for number in numbers:
            self._db.run(_own(t.applicants), gone=number)


_FOLD, _REWRITE = text("PRAGMA wal_checkpoint(TRUNCATE)"), text("VACUUM")


@cache
def _dependents(target: Table) -> tuple[Delete, ...]:
    """Statements that take out every row that refers to a row of a table, and first whatever refers to those."""
    near = [
        (table, column)
        for table in reversed(t.metadata.sorted_tables)
        for column in table.columns
        if any(key.column.table is target for key in column.foreign_keys)
    ]
    behind = [
        delete(origins).where(of.in_(select(table.c.id).where(column == _GONE)))
        for table, column in near
        for whose, origins, of in _ORIGINS
        if whose is table
    ]
    return *behind, *(delete(table).where(column == _GONE) for table, column in near)


@cache
def _own(table: Table) -> Delete:
    (key,) = table.primary_key
    return delete(table).where(key == _GONE)


def _day(text_at: str) -> date:
    return date.fromisoformat(text_at[:10])


def _first_young(on: date, terms: Mapping[str, int]) -> date:
    """The day since when no case that was opened can be past its term: years count from the next 1 January (`over_on`)."""
    return date(max(on.year - min(terms[kind] for kind in (ISSUED, WITHDRAWN, UNFINISHED)), 1), 1, 1)


def _past_case(row: tuple[Any, ...], terms: Mapping[str, int], names: Mapping[int, str]) -> Past:
    """A case with its term; when it was last dealt with is exact where it may be past it."""
    number, shown, state, who, *times = row
    kind, at = {"已出具": ISSUED, "已撤销": WITHDRAWN}.get(state, UNFINISHED), max(time for time in times if time)
    return Past(kind, number, shown, names.get(who, masked_name("", "")), _day(at), over_on(_day(at), terms[kind]))


def _joined(cases: Iterable[int], pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Which cases belong together, by a number that each group has of its own."""
    group = {case: case for case in cases}

    def top(case: int) -> int:
        while group.setdefault(case, case) != case:
            case = group[case]
        return case

    for one, other in pairs:
        group[top(one)] = top(other)
    return {case: top(case) for case in list(group)}
