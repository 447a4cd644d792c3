"""Sums for a register that has none yet: once, when it is first opened by a program that keeps them.

What is there is taken as it is: a row whose seal is wrong stays wrong and goes on being found.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, bindparam, delete, select, update

from pinggu_desk.register import events
from pinggu_desk.register.audit import append
from pinggu_desk.register.sealing import is_counted
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import SEALED_LATE, as_sealed, meta, metadata, sealed_columns
from pinggu_desk.register.tallies import ANY_ENTRY, EARLIER_END, TELLS, Sum

_FORGET_END = delete(meta).where(meta.c.name == bindparam("name"))


def ensure_sums(db: Store, at: str, clerk_no: str) -> None:
    """Work out every table's sum, unless the trail tells of sums already: whoever takes these away is found, not helped."""
    if db.row(TELLS) is not None or db.row(ANY_ENTRY) is None:
        return
    with db.transaction():
        if db.row(TELLS) is not None:
            return
        number, digest, _ = db.tallies.end()
        for table in SEALED_LATE:
            _seal_all(db, table)
        db.run(_FORGET_END, name=EARLIER_END)
        db.tallies.keep_end(number, digest, {})
        db.tallies.begin_with({t.name: _sum(db, t) for t in metadata.sorted_tables if is_counted(t)})
        append(db, at, clerk_no, events.SUMS_BEGUN, "登记库", "")


def _seal_all(db: Store, table: Table) -> None:
    columns, keys = sealed_columns(table), list(table.primary_key)
    sealed: list[dict[str, Any]] = []
    with db.stream(select(*columns).where(table.c.seal == b"")) as rows:
        for row in rows:
            named = {column.name: value for column, value in zip(columns, row, strict=True)}
            seal = db.seal(table.name, *as_sealed(table, row))
            sealed.append({f"the_{key.name}": named[key.name] for key in keys} | {"new_seal": seal})
    where = [key == bindparam(f"the_{key.name}") for key in keys]
    statement = update(table).where(*where).values(seal=bindparam("new_seal"))
    for one in sealed:
        db.run(statement, **one)


def _sum(db: Store, table: Table) -> Sum:
    count = total = 0
    with db.stream(select(table.c.seal)) as rows:
        for (seal,) in rows:
            count += 1
            total += db.tallies.element(table.name, seal if isinstance(seal, bytes) else b"")
    return Sum().plus(count, total)
