"""Outside figures (外部参数) that an office entered: dated, sourced, ended or withdrawn, never written over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from pinggu_desk.policy.errors import BadAnswer
from pinggu_desk.policy.outside import check_dates
from pinggu_desk.policy.parameters import ParameterValue
from pinggu_desk.register import events
from pinggu_desk.register.audit import append
from pinggu_desk.register.errors import InvalidEntry, NotFound, Overtaking
from pinggu_desk.register.overtaking import refuse_unseen
from pinggu_desk.register.records import KeptParameter
from pinggu_desk.register.roles import Act
from pinggu_desk.register.rows import add
from pinggu_desk.register.shelf import Row, Shelf, needs
from pinggu_desk.register.tables import parameters, sealed_values

_p = parameters.c
_THERE = select(_p.id, _p.name, _p.value, _p.since, _p.until, _p.source, _p.entered_at, _p.clerk_no, _p.version).where(
    _p.removed_at.is_(None)
)
_ALL = _THERE.order_by(_p.name, _p.since, _p.id)
_ONE = _THERE.where(_p.id == bindparam("number"))
_REWRITE = (
    update(parameters)
    .where(_p.id == bindparam("number"))
    .values(
        until=bindparam("last"), removed_at=bindparam("gone"), seal=bindparam("new_seal"), version=bindparam("next")
    )
)


class ParameterShelf(Shelf):
    """The outside figures' part of the register."""

    def parameters(self) -> list[KeptParameter]:
        """Every figure that was entered and not withdrawn, by name and then from the earliest day."""
        return [_kept(row) for row in self._db.rows(_ALL)]

    @needs(Act.PARAMETERS)
    def add_parameter(
        self, name: str, value: str, since: date, source: str, until: date | None = None, replaces: int | None = None, *,
        made_on: int | None = None,
    ) -> KeptParameter:  # fmt: skip
        """Enter a figure, in words with its unit; the one that it `replaces` ends the day before, as `end_parameter` does.

        Whether the value can be meant is for the caller to say. Raises `InvalidEntry` (no source, days that overlap).
        """
        source = source.strip()
        if not source:
            raise InvalidEntry(f"外部参数“{name}”没有写来源，请写明公布的单位和文件、日期。")
        with self._db.transaction():
            if replaces is not None:
                self.end_parameter(replaces, since - timedelta(days=1), made_on=made_on)
            others = [_value(one) for one in self.parameters() if one.name == name]
            _check(name, [*others, ParameterValue(since=since, until=until, value=value, source=source)])
            number, at = self._db.next_id(parameters), self._stamp()
            last = until.isoformat() if until else None
            add(self._db, parameters, number, name, value, since.isoformat(), last, source, at, self._clerk.no, None)
            self._note_figure(
                events.PARAMETER_ENTERED, number, f"{name}：{value}，{since}至{until or '另行通知'}，{source}"
            )
            return self._parameter(number)

    @needs(Act.PARAMETERS)
    def take_parameters(self, ones: Iterable[tuple[str, ParameterValue]]) -> list[KeptParameter]:
        """Enter the figures of somebody's file (each with its name), all or none; those that are here already are passed over.

        A figure of ours that still stood ends where the file says that it ended, or the day before the next begins. Raises
        `InvalidEntry` where the file and what was entered here give two figures for one day.
        """
        taken = []
        with self._db.transaction():
            for name, one in sorted(ones, key=lambda pair: (pair[0], pair[1].since or date.min)):
                since = one.since or date.min
                mine = [kept for kept in self.parameters() if kept.name == name]
                same = next((kept for kept in mine if (kept.value, kept.since) == (one.value, since)), None)
                if same is not None:
                    if same.until is None and one.until is not None:
                        taken.append(self.end_parameter(same.id, one.until))
                    continue
                open_one = next((kept for kept in mine if kept.until is None and kept.since < since), None)
                replaced = open_one.id if open_one is not None else None
                taken.append(self.add_parameter(name, one.value, since, one.source, one.until, replaced))
        return taken

    @needs(Act.PARAMETERS)
    def end_parameter(self, number: int, until: date, *, made_on: int | None = None) -> KeptParameter:
        """Say until which day a figure is in force.

        ``made_on`` is the version of the figure that was seen: raises `Overtaken` where another window has changed it since.
        Raises `NotFound`, `InvalidEntry` (before its first day).
        """
        with self._db.transaction():
            one = self._parameter(number)
            self._refuse_unseen_figure(one, made_on)
            if until < one.since:
                raise InvalidEntry(
                    f"外部参数“{one.name}”的{one.value}自{one.since}起执行，截止日不能早于那一天；录错了的请撤回。"
                )
            self._rewrite(one, until, None)
            self._note_figure(events.PARAMETER_ENDED, number, f"{one.name}：{one.value}，至{until}止")
            return self._parameter(number)

    @needs(Act.PARAMETERS)
    def withdraw_parameter(self, number: int, *, made_on: int | None = None) -> None:
        """Take back a figure that was entered by mistake; the row stays, marked, and the trail tells. Raises as `end_parameter`."""
        with self._db.transaction():
            one = self._parameter(number)
            self._refuse_unseen_figure(one, made_on)
            self._rewrite(one, one.until, self._stamp())
            self._note_figure(events.PARAMETER_WITHDRAWN, number, f"{one.name}：{one.value}")

    def _refuse_unseen_figure(self, one: KeptParameter, made_on: int | None) -> None:
        if made_on is not None and made_on != one.version:
            until = f"执行到 {one.until.isoformat()}" if one.until else "还在执行"
            now = [Overtaking("截止日", None, until)]
            told = (events.PARAMETER_ENTERED, events.PARAMETER_ENDED)
            refuse_unseen(self._db, f"外部参数“{one.name}”的{one.value}", f"参数{one.id}", told, now, one.version)

    def _rewrite(self, one: KeptParameter, until: date | None, removed_at: str | None) -> None:
        last = until.isoformat() if until else None
        row: Row = (
            *(one.id, one.name, one.value, one.since.isoformat(), last, one.source),
            *(one.entered_at.isoformat(timespec="seconds"), one.clerk_no, removed_at),
        )
        version = one.version + 1
        seal = self._db.seal(parameters.name, *sealed_values(row, version))
        self._db.run(_REWRITE, last=last, gone=removed_at, new_seal=seal, next=version, number=one.id)

    def _parameter(self, number: int) -> KeptParameter:
        row = self._db.row(_ONE, number=number)
        if row is None:
            raise NotFound(f"没有编号为 {number} 的外部参数，可能已经撤回，请看重新列出的。")
        return _kept(row)

    def _note_figure(self, event: str, number: int, detail: str) -> None:
        append(self._db, self._stamp(), self._clerk.no, event, f"参数{number}", detail)


def _kept(row: tuple[Any, ...]) -> KeptParameter:
    until = date.fromisoformat(row[4]) if row[4] else None
    since, at = date.fromisoformat(row[3]), datetime.fromisoformat(row[6])
    return KeptParameter(*(*row[:3], since, until, row[5], at, *row[7:]))


def figures_of(kept: Iterable[KeptParameter]) -> dict[str, list[ParameterValue]]:
    """The figures by name, as an engine takes them, each with who entered it."""
    found: dict[str, list[ParameterValue]] = {}
    for one in kept:
        found.setdefault(one.name, []).append(_value(one))
    return found


def _value(one: KeptParameter) -> ParameterValue:
    return ParameterValue(since=one.since, until=one.until, value=one.value, source=one.source, by=one.clerk_no)


def _check(name: str, values: list[ParameterValue]) -> None:
    try:
        check_dates(name, values)
    except BadAnswer as error:
        raise InvalidEntry(error.sentence) from None
