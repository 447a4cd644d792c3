"""What a restore would change: which cases and papers would be lost, which would come back. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select

from pinggu_desk.register import events
from pinggu_desk.register import tables as t
from pinggu_desk.register.statements import Statement
from pinggu_desk.register.store import Store

_STEPS = (
    select(t.edits.c.case_id, func.count().label("steps"), func.max(t.edits.c.at).label("last"))
    .group_by(t.edits.c.case_id)
    .subquery()
)
_CASES = (
    select(
        t.cases.c.number, t.cases.c.opened_at, t.cases.c.state, t.cases.c.policy_id, func.coalesce(t.applicants.c.name, ""),
        func.coalesce(t.applicants.c.kind, ""), func.coalesce(_STEPS.c.steps, 0), func.coalesce(_STEPS.c.last, ""),
    )
    .select_from(t.cases.outerjoin(t.applicants).outerjoin(_STEPS, _STEPS.c.case_id == t.cases.c.id))
    .order_by(t.cases.c.number)
)  # fmt: skip
_PAPERS = select(t.documents.c.serial, t.documents.c.sha256, t.documents.c.kind, t.documents.c.issued_at).order_by(
    t.documents.c.serial
)
_WHO = select(t.applicants.c.id, t.applicants.c.code).where(t.applicants.c.id.not_in(select(t.merges.c.from_id)))
_FORGOTTEN = (
    select(t.audit.c.at)
    .where(t.audit.c.event == bindparam("event"), t.audit.c.at >= bindparam("at"))
    .order_by(t.audit.c.id)
)
#: how the entry of a restore begins to say that it brought back what had been removed
BROUGHT_BACK = "带回了到期已清除的资料，清除于 "
_AWARDS = select(t.awards.c.id, t.awards.c.amount_fen, t.awards.c.removed_at)


class CaseLine(NamedTuple):
    """A case as it is told: the applicant is masked. ``edits`` are the steps that would go (or come back)."""

    number: str
    day: str
    policy_id: str
    who: str
    state: str
    edits: int


class PaperLine(NamedTuple):
    """A paper as it is told."""

    serial: str
    kind: str
    day: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would be lost and what would come back. ``faults`` says what is wrong with the backup: then it can't be used.

    ``same_key`` tells whether today's passwords go on holding; else those of the backup do. ``follows`` tells whether the
    register of today grew out of this very backup, by the audit trail. ``forgotten`` are the days on which what was past its
    term was removed since: a restore brings that back. ``on_server`` says that a backup takes no register's place here, but
    goes into another database.
    """

    name: str
    made_at: str
    faults: tuple[str, ...]
    lost: tuple[CaseLine, ...] = ()
    changed: tuple[CaseLine, ...] = ()
    back: tuple[CaseLine, ...] = ()
    lost_papers: tuple[PaperLine, ...] = ()
    back_papers: tuple[PaperLine, ...] = ()
    lost_applicants: int = 0
    back_applicants: int = 0
    lost_awards: int = 0
    back_awards: int = 0
    same_key: bool = True
    follows: bool = True
    forgotten: tuple[str, ...] = ()
    on_server: bool = False

    @property
    def loses_nothing(self) -> bool:
        """Whether all that the register has is in the backup."""
        return not (self.lost or self.changed or self.lost_papers or self.lost_applicants or self.lost_awards)


def forgotten_since(now: Store, at: datetime) -> tuple[str, ...]:
    """The days on which the register removed what was past its term, after a backup was made."""
    rows = now.rows(_FORGOTTEN, event=events.FORGOTTEN, at=at.isoformat(timespec="seconds"))
    return tuple(dict.fromkeys(str(day)[:10] for (day,) in rows))


def brought_back(days: tuple[str, ...]) -> str:
    """What the entry of a restore says of that, to be told until it is removed again; empty where there is nothing."""
    return f"；{BROUGHT_BACK}{'、'.join(days)}" if days else ""


def masked_name(name: str, kind: str) -> str:
    """A name by which whoever knows it recognises it, and nobody else."""
    if not name:
        return "尚未登记申请人"
    if kind == "个人":
        return f"{name[0]}{'＊' * (len(name) - 1)}"
    return f"{name[:2]}＊＊{name[-2:]}" if len(name) > 4 else f"{name[0]}＊＊"


def compare(now: Store, then: Store) -> dict[str, Any]:
    """What the register has and the backup has not, and the other way round, as `Rehearsal` takes it."""
    cases, old = _keyed(now, _CASES), _keyed(then, _CASES)
    papers, old_papers = _keyed(now, _PAPERS), _keyed(then, _PAPERS)
    who, old_who = set(now.rows(_WHO)), set(then.rows(_WHO))
    awards, old_awards = set(now.rows(_AWARDS)), set(then.rows(_AWARDS))
    both = [key for key in cases if key in old and cases[key] != old[key]]
    return {
        "lost": tuple(_line(cases[key]) for key in cases if key not in old),
        "changed": tuple(_line(cases[key], old[key][6]) for key in both),
        "back": tuple(_line(old[key]) for key in old if key not in cases),
        "lost_papers": tuple(_paper(papers[key]) for key in papers if key not in old_papers),
        "back_papers": tuple(_paper(old_papers[key]) for key in old_papers if key not in papers),
        "lost_applicants": len(who - old_who), "back_applicants": len(old_who - who),
        "lost_awards": len(awards - old_awards), "back_awards": len(old_awards - awards),
    }  # fmt: skip


def _keyed(db: Store, query: Statement) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Rows by what tells them apart: number or serial, and what a number given twice would differ in."""
    return {row[:2]: row for row in db.rows(query)}


def _line(row: tuple[Any, ...], fewer: int = 0) -> CaseLine:
    number, opened, state, policy, name, kind, edits, _last = row
    return CaseLine(number, opened[:10], policy, masked_name(name, kind), state, edits - fewer)


def _paper(row: tuple[Any, ...]) -> PaperLine:
    return PaperLine(row[0], row[2], row[3][:10])
