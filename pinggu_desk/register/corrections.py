"""Small corrections (更正) that an office entered or imported: dated, by whose word, taken back and never written over."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from pinggu_desk.policy.corrections import Correction
from pinggu_desk.policy.parameters import ParameterValue
from pinggu_desk.register import events
from pinggu_desk.register.audit import append
from pinggu_desk.register.errors import InvalidEntry, NotFound, Overtaking
from pinggu_desk.register.outside import ParameterShelf
from pinggu_desk.register.overtaking import refuse_unseen
from pinggu_desk.register.records import KeptParameter
from pinggu_desk.register.roles import Act
from pinggu_desk.register.rows import add
from pinggu_desk.register.shelf import Row, needs
from pinggu_desk.register.tables import audit, corrections

_c = corrections.c
_COLUMNS = (
    _c.id, _c.kind, _c.subject, _c.value, _c.since, _c.office, _c.document, _c.dated, _c.origin, _c.entered_at, _c.clerk_no,
)  # fmt: skip
_THERE = select(*_COLUMNS).where(_c.removed_at.is_(None))
_ALL = _THERE.order_by(_c.id)
_ONE = _THERE.where(_c.id == bindparam("number"))
_LAST_PACK = (
    select(audit.c.detail)
    .where(audit.c.event == events.PACK_SERVES, audit.c.subject == "登录时")
    .order_by(audit.c.id.desc())
    .limit(1)
)
_WITHDRAW = (
    update(corrections)
    .where(_c.id == bindparam("number"))
    .values(removed_at=bindparam("gone"), seal=bindparam("new_seal"))
)


@dataclass(frozen=True, slots=True)
class KeptCorrection:
    """A correction as it is kept: who entered it when, or from whose file (``origin``) it was taken."""

    id: int
    correction: Correction
    origin: str
    entered_at: datetime
    clerk_no: str


class CorrectionShelf(ParameterShelf):
    """The corrections' part of the register."""

    def corrections(self) -> list[KeptCorrection]:
        """Every correction that was entered and not withdrawn, in the order of entering."""
        return [_kept(row) for row in self._db.rows(_ALL)]

    @needs(Act.READINGS)
    def add_correction(
        self, one: Correction, origin: str = "", *, seen: Collection[int] | None = None
    ) -> KeptCorrection:
        """Enter a correction; whether it can be meant is for the caller to say (`check_correction`).

        ``seen`` are the corrections (their ids) that the clerk saw: raises `Overtaken` where another window has corrected the same
        thing since. Raises `InvalidEntry` where the same was entered before, or another of the same thing counts from the same day.
        """
        with self._db.transaction():
            self._refuse_unseen_corrections(one, seen)
            for kept in self.corrections():
                other = kept.correction
                if (other.kind, other.subject, other.since) != (one.kind, one.subject, one.since):
                    continue
                if one.kind != "口语词" or other.value == one.value:
                    raise InvalidEntry(
                        f"“{one.subject}”自{one.since}起的更正已经录入过（{other.value[:40]}），要改请先撤回那一条。"
                    )
            number, at = self._db.next_id(corrections), self._stamp()
            dated = one.dated.isoformat() if one.dated else None
            add(
                self._db, corrections, number, one.kind, one.subject, one.value, one.since.isoformat(), one.office,
                one.document, dated, origin, at, self._clerk.no, None,
            )  # fmt: skip
            self._note_correction(
                events.CORRECTION_ENTERED,
                number,
                f"{one.kind}“{one.subject}”：{one.value}，自{one.since}起，{one.words}{origin}",
            )
            return self._correction(number)

    @needs(Act.READINGS)
    def take_corrections(
        self, ones: Iterable[Correction], origin: str, figures: Iterable[tuple[str, ParameterValue]] = ()
    ) -> list[KeptCorrection | KeptParameter]:
        """Enter the corrections and outside figures of somebody's file, all or none, and say which are new.

        Those that are here already are passed over. Raises `InvalidEntry`.
        """
        taken: list[KeptCorrection | KeptParameter] = []
        with self._db.transaction():
            known = {_same(kept.correction) for kept in self.corrections()}
            for one in ones:
                if _same(one) not in known:
                    taken.append(self.add_correction(one, origin))
            taken += self.take_parameters(figures)
            append(
                self._db,
                self._stamp(),
                self._clerk.no,
                events.CORRECTIONS_IMPORTED,
                "更正",
                f"{len(taken)} 条，{origin}",
            )
        return taken

    @needs(Act.READINGS)
    def withdraw_correction(self, number: int) -> None:
        """Take back a correction; the row stays, marked, and the trail tells. Raises `NotFound`."""
        with self._db.transaction():
            kept, gone = self._correction(number), self._stamp()
            one = kept.correction
            row: Row = (
                *(kept.id, one.kind, one.subject, one.value, one.since.isoformat(), one.office, one.document),
                *(one.dated.isoformat() if one.dated else None, kept.origin),
                *(kept.entered_at.isoformat(timespec="seconds"), kept.clerk_no, gone),
            )
            self._db.run(_WITHDRAW, gone=gone, new_seal=self._db.seal(corrections.name, *row), number=number)
            self._note_correction(events.CORRECTION_WITHDRAWN, number, f"{one.kind}“{one.subject}”：{one.value}")

    def note_pack(self, version: str) -> bool:
        """Put on the trail that another pack serves than when the register was opened last, by whatever way it came; whether it does."""
        row = self._db.row(_LAST_PACK)
        if row is not None and str(row[0]) == version:
            return False
        with self._db.transaction():
            append(self._db, self._stamp(), self._clerk.no, events.PACK_SERVES, "登录时", version)
        return True

    def _refuse_unseen_corrections(self, one: Correction, seen: Collection[int] | None) -> None:
        if seen is None:
            return
        for kept in self.corrections():
            other = kept.correction
            if kept.id not in seen and (other.kind, other.subject) == (one.kind, one.subject) and other != one:
                now = [Overtaking("更正为", None, f"{other.value[:40]}（自{other.since.isoformat()}起）")]
                told = (events.CORRECTION_ENTERED,)
                refuse_unseen(self._db, f"{one.kind}“{one.subject}”的更正", f"更正{kept.id}", told, now)

    def _correction(self, number: int) -> KeptCorrection:
        row = self._db.row(_ONE, number=number)
        if row is None:
            raise NotFound(f"没有编号为 {number} 的更正，可能已经撤回，请看重新列出的。")
        return _kept(row)

    def _note_correction(self, event: str, number: int, detail: str) -> None:
        append(self._db, self._stamp(), self._clerk.no, event, f"更正{number}", detail)


def _same(one: Correction) -> tuple[object, ...]:
    return one.kind, one.subject, one.value, one.since, one.office, one.document, one.dated


def _kept(row: tuple[Any, ...]) -> KeptCorrection:
    dated = date.fromisoformat(row[7]) if row[7] else None
    one = Correction(row[1], row[2], row[3], date.fromisoformat(row[4]), row[5], row[6], dated, row[10])
    return KeptCorrection(row[0], one, row[8], datetime.fromisoformat(row[9]), row[10])
