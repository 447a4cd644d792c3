"""A quick look (复核) while the register is at work: in a window that is open, what somebody altered is told at the next look.

The whole is looked over behind the clerk's back (`checking`); that reads every row. This reads a few: whether the tables' sums are
those that the last entry told, whether the trail ends where it says, whether this machine's note of it still holds, whether the rows
that every figure stands on are all there and as they were written, and of a case that is opened its own. Who has the key and writes
past the program leaves one of them behind; who has none, a seal or a sum that doesn't fit.

What it costs in an office's register of years is measured in ``bench/bench_register.py``; nobody who writes waits for it.
"""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import BindParameter, Table, bindparam, func, select

from pinggu_desk.register import events
from pinggu_desk.register.errors import RegisterDamaged
from pinggu_desk.register.sealing import ENTRY
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import (
    applicants,
    audit,
    awards,
    cases,
    corrections,
    documents,
    edit_origins,
    edits,
    materials,
    merges,
    meta,
    metadata,
    parameters,
    sealed_columns,
    signing_keys,
    tallies,
    trusted_keys,
)
from pinggu_desk.register.tallies import Entry, Sum, Told, altered_words, chained, is_past
from pinggu_desk.register.trailcheck import blob
from pinggu_desk.register.watch import WatchShelf

_WHOSE: BindParameter[int] = bindparam("whose")
_KEEP = "请保留现场，与备份核对。"
_SUMS = select(*sealed_columns(tallies), tallies.c.seal)
_a = audit.c
_LAST = select(_a.at, _a.clerk_no, _a.event, _a.subject, _a.detail, _a.previous, _a.hash, _a.state).where(
    _a.id == bindparam("number")
)
_BEHIND = select(_a.id).where(_a.id > bindparam("number")).limit(1)
_OWNER = select(cases.c.applicant_id).where(cases.c.id == _WHOSE)
#: what belongs to a case, and to its applicant, by the column that says so; papers' files are looked at with the whole
_OF_CASE = {
    table: select(*sealed_columns(table), table.c.seal).where(column == _WHOSE)
    for table, column in (
        (cases, cases.c.id), (edits, edits.c.case_id), (edit_origins, edit_origins.c.case_id),
        (materials, materials.c.case_id), (documents, documents.c.case_id),
    )
}  # fmt: skip
#: what figures and papers of every case stand on, read whole, in one order
_STANDING = {
    table: (
        select(*sealed_columns(table), table.c.seal).order_by(*table.primary_key),
        select(func.count()).select_from(table),
    )
    for table in (meta, parameters, corrections, awards, merges, signing_keys, trusted_keys)
}
#: of a table with more rows than these they are counted only: while somebody waits for a case, and each minute
_MOST_WITH_CASE, _MOST_READ = 2_000, 50_000
_PIECE = 500
_OF_APPLICANT = {
    table: select(*sealed_columns(table), table.c.seal).where(column == _WHOSE)
    for table, column in ((applicants, applicants.c.id), (awards, awards.c.applicant_id))
}


class _Seen:
    """What the last look read of each table and found whole, by pieces of its rows: what is read the same again is whole still.

    A seal costs ten times as much as reading its row, and between two looks hardly a row is changed. Nobody but this process has it.
    """

    def __init__(self) -> None:
        self._pieces: dict[Table, dict[bytes, int]] = {}

    def added_up(self, db: Store, table: Table, rows: list[tuple[Any, ...]]) -> int | None:
        """What a table's rows add up to; None where one is not as it was written."""
        before, now = self._pieces.pop(table, {}), dict[bytes, int]()
        for at in range(0, len(rows), _PIECE):
            piece = rows[at : at + _PIECE]
            # the form of before references: equal rows are equal bytes, and a text is none of its bytes' hexadecimal
            digest = hashlib.sha256(marshal.dumps(piece, 2)).digest()
            known = before.get(digest)
            if known is None:
                if not all(db.is_whole(table, row) for row in piece):
                    return None
                known = sum(db.tallies.element(table.name, blob(row[-1])) for row in piece)
            now[digest] = known
        self._pieces[table] = now
        return sum(now.values())


class LookShelf(WatchShelf):
    """The part of the register that looks again."""

    _last_look: _Seen | None = None

    def look(self, case_id: int | None = None) -> tuple[str, ...]:
        """Look again, and at a case's own rows if one is named; what is new and wrong, one sentence each.

        It is on the trail then, and among `warnings`. Within a transaction nothing is looked at.
        """
        if self._db.at_work:
            return ()
        self._last_look = self._last_look or _Seen()
        with self._db.glance():
            standing = _of_standing(self._db, self._last_look, _MOST_READ if case_id is None else _MOST_WITH_CASE)
            found = [*_of_trail(self._db), *standing.values()]
            if case_id is not None:
                found += _of_case(self._db, case_id, but=standing.keys())
        if not self.warnings:  # what this machine keeps is said to be otherwise once, and in other words each time
            found += [fault.what for fault in self._machine_faults(latest=True)]
        return self._told_anew(found)

    def looks_for_all(self) -> bool:
        """Whether the whole look of every few hours is this window's: on a server one of them reads all papers, not each."""
        return self._db.looks_for_all()

    def leave_looking(self) -> None:
        """Something was found: each window is to see it for itself, and to tell whoever sits there."""
        self._db.leave_looking()

    def unheard(self) -> tuple[str, ...]:
        """What was noticed since it was asked last: by a look, and by the entries that were written meanwhile."""
        noticed, self._db.tallies.noticed = self._db.tallies.noticed, []
        self.warnings += tuple(dict.fromkeys(what for what in noticed if what not in self.warnings))
        new, self._heard = self.warnings[self._heard :], len(self.warnings)
        return new

    def _told_anew(self, found: list[str]) -> tuple[str, ...]:
        new = tuple(dict.fromkeys(what for what in found if what not in self.warnings))
        self.warnings += new  # first: a disk that refuses the entry keeps nobody from being told
        for what in new:
            self.record_event(events.ANCHOR_BROKEN, "登记库", what[:200])
        return new


def _of_trail(db: Store) -> Iterator[str]:
    try:
        number, digest, told = db.tallies.end()
    except RegisterDamaged as error:
        yield error.sentence
        return
    if not told:
        return  # of an earlier program, which kept no sums
    row = db.row(_LAST, number=number)
    whole = (
        row is not None and db.digest(chained(number, Entry(*row[:5]), blob(row[5]), row[7])) == blob(row[6]) == digest
    )
    if not whole or db.row(_BEHIND, number=number) is not None:
        yield f"审计记录的末条（第 {number} 条）与登记的不符，有人绕过本程序改动过；{_KEEP}"
    elif gone := db.tallies.gone(number, digest):
        yield gone
    yield from _of_sums(db, told)


def _of_sums(db: Store, told: Told) -> Iterator[str]:
    """Tables that change with an entry must be what the last one told; of the others none may have become fewer since."""
    rows = {str(row[0]): row for row in db.rows(_SUMS)}
    altered = []
    for name in sorted({*told, *rows}):
        table = metadata.tables.get(name)
        if table is None:
            continue
        row = rows.get(name)
        if row is None or not db.is_whole(tallies, row):
            altered.append(table)
            continue
        now, said = db.tallies.kept(*row[1:4]).told(), told.get(name)
        if (table.info["held"] == ENTRY and now != said) or (said and (now[0] < said[0] or is_past(now, said))):
            altered.append(table)
    altered += [metadata.tables[name] for name in db.tallies.gone_back() if metadata.tables[name] not in altered]
    if altered:
        yield altered_words(str(table.info["sealed"]) for table in altered)


def _of_standing(db: Store, seen: _Seen, most: int) -> dict[Table, str]:
    """Tables that every figure stands on whose rows were altered, taken out or put in, and what is said of each."""
    try:
        told, sums = db.tallies.end()[2], db.tallies.sums()
    except RegisterDamaged:  # told for itself
        return {}
    if not told:
        return {}
    return {
        table: f"{table.info['sealed']}{how}；{_KEEP}"
        for table in _STANDING
        if (how := _is_altered(db, table, sums.get(table.name, Sum()), seen, most))
    }


def _is_altered(db: Store, table: Table, kept: Sum, seen: _Seen, most: int) -> str:
    """What is wrong with a whole table; empty where nothing is."""
    read, count = _STANDING[table]
    if kept.size > most:
        there = db.row(count)
        size, same = int(there[0]) if there else 0, True
    else:
        rows = db.rows(read)
        size, total = len(rows), seen.added_up(db, table, rows)
        if total is None:
            return "与校验码不符，可能被改动"
        same = Sum().plus(size, total).of_same_rows(kept)
    if size != kept.size:
        return f"按登记的校验和应有 {kept.size} 条，现有 {size} 条，有人绕过本程序增删过"
    return "" if same else "与登记的校验和不符，可能被换过"


def _of_case(db: Store, case_id: int, *, but: Collection[Table] = ()) -> Iterator[str]:
    """What is wrong with the rows of a case and of its applicant; ``but`` are tables that were told of already."""
    owner = db.row(_OWNER, whose=case_id)
    found = [(table, row) for table, query in _OF_CASE.items() for row in db.rows(query, whose=case_id)]
    if owner is not None and owner[0] is not None:
        found += [(table, row) for table, query in _OF_APPLICANT.items() for row in db.rows(query, whose=owner[0])]
    wrong = dict.fromkeys(table for table, row in found if table not in but and not db.is_whole(table, row))
    number = next((row[1] for table, row in found if table is cases), case_id)
    for table in wrong:
        yield f"办件 {number} 的{table.info['sealed']}与校验码不符，可能被改动；{_KEEP}"
    if not wrong and _has_holes([row for table, row in found if table is edits]):
        yield f"办件 {number} 的修改记录前后接不上，可能被改动或缺失；{_KEEP}"


def _has_holes(journal: list[tuple[Any, ...]]) -> bool:
    """Whether a row of a case's journal doesn't go on from where the one before left it."""
    texts: dict[str, str | None] = {}
    for place, row in enumerate(sorted(journal, key=lambda row: row[1]), 1):
        _case, seq, _kind, fact, before, after, *_rest = row
        if seq != place or texts.get(fact) != before:
            return True
        texts[fact] = after
    return False


__all__ = ["LookShelf"]
