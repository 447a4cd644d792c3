"""Numbers that were given out do not come again: not when their rows are removed, nor when a backup takes the register's place.

The trail, printed papers, and bundles to other registers go on naming them. A table's ids go up from its highest row; where rows
were taken out from above, a counter says how far they went.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from sqlalchemy import BindParameter, Table, bindparam, func, select

from pinggu_desk.register.rows import put
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import (
    BACK,
    FROM_CASE,
    FROM_DAY,
    GONE,
    NUMBERS,
    PAPERS,
    SPENT,
    as_sealed,
    audit,
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
_FLOOR = select(func.max(counters.c.last)).where(
    counters.c.scope >= bindparam("low"), counters.c.scope < bindparam("high")
)
_LATEST = select(audit.c.at).order_by(audit.c.id.desc()).limit(1)
_IN_GAP = select(counters.c.last).where(
    counters.c.scope >= bindparam("low"), counters.c.scope <= bindparam("high"), counters.c.last >= bindparam("number")
)
#: more rows than a register makes of one kind between a backup and its loss; more cases than a window opens on a day, and more papers
#: than anybody is handed in one case
LOST, LOST_OF_A_DAY, LOST_OF_A_CASE = 100_000, 1_000, 100
#: what counters are for numbers: ids, a case's papers, a window's day (`CaseShelf.open_case`); others count what came from where
_DAY = re.compile(r".*-(\d{8})")
_FOR_NUMBERS = re.compile(
    rf"{NUMBERS}.*|{PAPERS}.*|{FROM_DAY}\d{{8}}|{FROM_CASE}\d{{16}}|.*-\d{{8}}|{SPENT}[0-9a-f]{{15}}"
)


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


def perhaps_given_out(db: Store, today: date) -> dict[str, int]:
    """How far numbers may have gone in a register that is lost, by a backup of it: far enough that none is met again.

    What it sent to others after the backup is known there by its ids, and would be taken for what is made now; what it handed out
    bears numbers of cases that were opened on a day since, up to ``today``, and further papers of cases that are in the backup.
    """
    known = given_out(db)
    found = {scope: known.get(scope, 0) + LOST for scope in (NUMBERS + table.name for table in _TABLES)}
    latest = db.row(_LATEST)
    backed_up = str(latest[0])[:10].replace("-", "") if latest else ""
    days = [(day[1], scope) for scope in known if (day := _DAY.fullmatch(scope)) and day[1] >= backed_up]
    found |= {scope: known[scope] + LOST_OF_A_DAY for _day, scope in days}
    until = max([f"{today:%Y%m%d}", *(day for day, _scope in days)])
    found[FROM_DAY + until] = _highest(known, FROM_DAY) + LOST_OF_A_DAY
    found[_from_case(found[NUMBERS + cases.name])] = (
        max(_highest(known, PAPERS), _highest(known, FROM_CASE)) + LOST_OF_A_CASE
    )
    return found


def _highest(known: Mapping[str, int], kind: str) -> int:
    return max((last for scope, last in known.items() if scope.startswith(kind)), default=0)


def _from_case(case_id: int) -> str:
    return f"{FROM_CASE}{case_id:016d}"


def day_floor(db: Store, day: date) -> int:
    """Behind which number the cases begin that a window opens on a day: papers of a register that was lost may bear those before."""
    row = db.row(_FLOOR, low=f"{FROM_DAY}{day:%Y%m%d}", high=f"{FROM_DAY}:")
    return int(row[0] or 0) if row else 0


def paper_floor(db: Store, case_id: int) -> int:
    """The same for the papers of a case."""
    row = db.row(_FLOOR, low=_from_case(case_id), high=f"{FROM_CASE}:")
    return int(row[0] or 0) if row else 0


def is_lost(db: Store, table: Table, number: int) -> bool:
    """Whether a row of that id may have been in the register that a backup took the place of, and never came back."""
    name = f"{table.name} {number:016d}"
    if db.row(_IN_GAP, low=f"{GONE}{table.name} ", high=f"{GONE}{name}", number=number) is None:
        return False
    return db.row(_IN_GAP, low=f"{BACK}{name}", high=f"{BACK}{name}", number=0) is None


def is_back(db: Store, table: Table, number: int) -> None:
    """Keep that a lost row is here again (inside a transaction): where it is forgotten later, it doesn't come once more."""
    put(db, counters, f"{BACK}{table.name} {number:016d}", number)


def never_again(db: Store, given_out: Mapping[str, int], *, lost: bool = True) -> None:
    """See that nothing gets these numbers any more (inside a transaction), and keep which rows' ids were passed over.

    ``lost`` says that their rows may be had from others (`is_lost`); those that were removed on purpose are not.
    """
    standing = {scope: int(last) for scope, last, _ in db.rows(_COUNTERS)}
    for number, count in db.rows(_ISSUED):
        standing[PAPERS + number] = max(count, standing.get(PAPERS + number, 0))
    for table in _TABLES:
        row = db.row(_HIGHEST[table])
        standing[NUMBERS + table.name] = max(int((row and row[0]) or 0), standing.get(NUMBERS + table.name, 0))
    for scope, last in given_out.items():
        if last > standing.get(scope, 0):
            put(db, counters, scope, last)
            if lost and scope.startswith(NUMBERS):
                first = standing.get(scope, 0) + 1
                put(db, counters, f"{GONE}{scope.removeprefix(NUMBERS)} {first:016d}", last)
