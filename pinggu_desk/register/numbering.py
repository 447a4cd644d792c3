"""Numbers that were given out do not come again: not when their rows are removed, nor when a backup takes the register's place.

The trail, printed papers, and bundles to other registers go on naming them. A table's ids go up from its highest row; where rows
were taken out from above, a counter says how far they went.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlalchemy import BindParameter, bindparam, func, select

from pinggu_desk.register.rows import put
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import (
    NUMBERS,
    PAPERS,
    as_sealed,
    cases,
    counters,
    documents,
    metadata,
    sealed_columns,
    sealed_values,
)

_ID: BindParameter[int] = bindparam("number")
_TABLES = [t for t in metadata.sorted_tables if "sealed" in t.info and [c.name for c in t.primary_key] == ["id"]]
_HIGHEST = {table: select(func.max(table.c.id)) for table in _TABLES}
_ROW = {table: select(*sealed_columns(table), table.c.seal).where(table.c.id == _ID) for table in _TABLES}
_COUNTERS = select(counters.c.scope, counters.c.last, counters.c.seal)
_ISSUED = (
    select(cases.c.number, func.count(documents.c.serial))
    .select_from(cases.outerjoin(documents, documents.c.case_id == cases.c.id))
    .group_by(cases.c.number)
)
#: more rows than a register makes of one kind between a backup and its loss
LOST = 100_000
#: what counters are for numbers: ids, a case's papers, a window's day (`CaseShelf.open_case`); others count what came from where
_FOR_NUMBERS = re.compile(rf"{NUMBERS}.*|{PAPERS}.*|.*-\d{{8}}")


def given_out(db: Store) -> dict[str, int]:
    """How far ids, cases' numbers and papers' serials went, by the counter's scope. What was forged counts for nothing."""
    found = {PAPERS + str(number): int(count) for number, count in db.rows(_ISSUED)}
    for table in _TABLES:
        highest = db.row(_HIGHEST[table])
        row = db.row(_ROW[table], number=highest[0]) if highest and highest[0] else None
        if row is not None:
            plain = sealed_values(row[:-2], row[-2]) if "version" in table.columns else as_sealed(table, row[:-1])
            if row[-1] == db.seal(table.name, *plain):
                found[NUMBERS + table.name] = int(row[0])
    for scope, last, seal in db.rows(_COUNTERS):
        if _FOR_NUMBERS.fullmatch(scope) and seal == db.seal(counters.name, scope, last):
            found[scope] = max(last, found.get(scope, 0))
    return found


def perhaps_given_out(db: Store) -> dict[str, int]:
    """How far ids may have gone in a register that is lost, by a backup of it: far enough that none is met again.

    What it sent to others after the backup is known there by these ids, and would be taken for what is made now.
    """
    known = given_out(db)
    return {scope: known.get(scope, 0) + LOST for scope in (NUMBERS + table.name for table in _TABLES)}


def never_again(db: Store, given_out: Mapping[str, int]) -> None:
    """See that nothing gets these numbers any more (inside a transaction)."""
    standing = {scope: int(last) for scope, last, _ in db.rows(_COUNTERS)}
    for number, count in db.rows(_ISSUED):
        standing[PAPERS + number] = max(count, standing.get(PAPERS + number, 0))
    for table in _TABLES:
        row = db.row(_HIGHEST[table])
        standing[NUMBERS + table.name] = max(int((row and row[0]) or 0), standing.get(NUMBERS + table.name, 0))
    for scope, last in given_out.items():
        gone = scope.startswith(PAPERS) and scope not in standing  # the case's own number never comes again
        if last > standing.get(scope, 0) and not gone:
            put(db, counters, scope, last)
