"""The roster (人员): who works with this register, in which role; one sealed row of the database.

The key file says how each of them gets in and is read before anybody is in; what somebody may do stands here, where a seal
guards it. A clerk who left stays in the roster, marked, so that his name goes on standing beside what he did, and nobody
else is ever given his number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import bindparam, select

from pinggu_desk.register import events
from pinggu_desk.register import tables as t
from pinggu_desk.register.errors import RegisterDamaged, RegisterMissing
from pinggu_desk.register.records import Clerk
from pinggu_desk.register.roles import CLERK, HEAD, ROLES, Role
from pinggu_desk.register.rows import put
from pinggu_desk.register.statements import upsert
from pinggu_desk.register.store import Store
from pinggu_desk.register.tallies import Sum

NAME = "clerks"
_MOVED = "moved"
_READ = select(t.meta.c.value, t.meta.c.seal).where(t.meta.c.name == bindparam("name"))
_WRITE = upsert(t.meta, "name")
_SEALS = select(t.meta.c.seal)
_MADE = select(t.audit.c.clerk_no).where(t.audit.c.event == bindparam("event")).order_by(t.audit.c.id).limit(1)


@dataclass(frozen=True, slots=True)
class Colleague:
    """One of the roster; ``gone`` is one who was removed."""

    clerk: Clerk
    gone: bool = False


Roster = dict[str, Colleague]


def say_moved(db: Store, token: str, at: datetime) -> None:
    """Say in the roster's place that the register goes on elsewhere (inside a transaction): nobody works with this one any more."""
    put(db, t.meta, NAME, json.dumps({_MOVED: token, "at": at.isoformat(timespec="minutes")}))


def row_of(db: Store) -> tuple[Any, ...] | None:
    """The roster as it is kept, for telling at every write whether it is another one by now; None where there is none."""
    return db.row(_READ, name=NAME)


def read(db: Store) -> Roster:
    """Everybody by number (工号), in the order in which they came; empty in a register of an earlier version.

    Raises `RegisterDamaged` where the row was altered.
    """
    row = row_of(db)
    if row is None:
        return {}
    try:
        if bytes(row[1]) != db.seal("meta", NAME, row[0]):
            raise ValueError(NAME)
        found: Roster = {}
        rows = json.loads(row[0])
        if isinstance(rows, dict):
            raise RegisterMissing(
                f"登记库已于 {rows['at'].replace('T', ' ')} 由负责人搬走，这里的不再使用；请管理员告知新的位置，重新设置。"
            )
        for no, name, window, role, gone in rows:
            if role not in ROLES:
                raise ValueError(role)
            found[no] = Colleague(Clerk(no, name, window, cast(Role, role)), bool(gone))
    except (ValueError, TypeError) as error:
        raise _altered(db) from error
    return found


def refuse_put_back(db: Store) -> None:
    """Raise `RegisterDamaged` where the roster was taken out, or an earlier one was put in its place.

    Its own seal can't tell: it is genuine. But each change of the table is an entry, and the last one says what it comes to.
    Nothing is said of a change that is not an entry yet, since it is this transaction's own.
    """
    with db.transaction():  # else another window's change would lie between the two
        if db.tallies.changes(t.meta.name):
            return
        told = db.tallies.end()[2].get(t.meta.name)
        seals = [bytes(seal) for (seal,) in db.rows(_SEALS)]
    total = sum(db.tallies.element(t.meta.name, seal) for seal in seals)
    if told is not None and Sum().plus(len(seals), total).told()[:2] != told[:2]:
        raise _altered(db)


def _altered(db: Store) -> RegisterDamaged:
    return RegisterDamaged(f"登记库“{db.path.parent}”的人员名册被改动或损坏，不能确定谁能办什么；请从最近的备份恢复。")


def write(db: Store, roster: Roster) -> None:
    """Put a roster in place of the one before (inside a transaction)."""
    rows = [[one.clerk.no, one.clerk.name, one.clerk.window, one.clerk.role, one.gone] for one in roster.values()]
    value = json.dumps(rows, ensure_ascii=False)
    db.run(_WRITE, name=NAME, value=value, seal=db.seal("meta", NAME, value))


def role_of(db: Store, clerk: Clerk) -> Role | None:
    """The role that somebody has now; None for one who was removed. Whom the roster doesn't know yet is 经办人."""
    found = read(db).get(clerk.no)
    return CLERK if found is None else None if found.gone else found.clerk.role


def ensure(db: Store, slots: Iterable[Clerk]) -> Roster:
    """The roster, with whoever has a key slot and is not in it yet (inside a transaction).

    In a register of an earlier version the clerk who made it becomes 负责人, by the trail's first entry; where he has left, the
    oldest that is there. Anybody who is new otherwise is 经办人: a slot alone makes nobody more.
    """
    roster = read(db)
    known = [clerk for clerk in slots if clerk.no not in roster]
    if not roster and known:
        made = db.row(_MADE, event=events.CREATED)
        first = made[0] if made is not None and any(clerk.no == made[0] for clerk in known) else known[0].no
        known = [replace(clerk, role=HEAD if clerk.no == first else CLERK) for clerk in known]
    if known:
        roster |= {clerk.no: Colleague(clerk) for clerk in known}
        write(db, roster)
    return roster
