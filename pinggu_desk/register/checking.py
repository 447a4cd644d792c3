"""Is the register what it was when it was written? Every answer is a Chinese sentence; none means sound."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from sqlalchemy import Table, select

from pinggu_desk.register.edits import journal_faults
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import documents, paper_files, sealed, sealed_columns, sealed_values
from pinggu_desk.register.trailcheck import Fault, blob, read_trail

#: each sealed table: its columns in the order in which they were sealed; the seal is last
_SEALED = {table: select(*sealed_columns(table), table.c.seal) for table in sealed()}
_PAPERS = select(paper_files.c.serial, paper_files.c.data, documents.c.sha256).join(
    documents, documents.c.serial == paper_files.c.serial
)


def faults(db: Store) -> list[str]:
    """Everything that is wrong with an open database, one Chinese sentence each."""
    return [fault.what for fault in looked_over(db)[1]]


def looked_over(db: Store, progress: Callable[[str], None] | None = None) -> tuple[dict[str, int], list[Fault]]:
    """How much was looked at, by what it is, and what is wrong. ``progress`` is told what is looked at next."""
    tell = progress or (lambda _what: None)
    tell("文件结构")
    found = [Fault(f"登记库文件结构有损坏（{fault}），请从最近的备份恢复。") for fault in db.faults()]
    if found:
        return {}, found  # rows of a broken file can't be trusted to be read
    looked: dict[str, int] = {}
    tell("审计记录")
    trail = read_trail(db)
    looked["审计记录"] = len(trail.entries)
    for table, called in sealed().items():
        tell(called)
        looked[called], faults = _rows(db, table, called)
        found += faults
    tell("文书文件")
    looked["文书文件"], faults = _papers(db)
    found += faults
    tell("填报与修改记录")
    found += [Fault(what) for what in journal_faults(db)]
    return looked, [*found, *trail.faults()]


def _rows(db: Store, table: Table, called: str) -> tuple[int, list[Fault]]:
    """How many rows a table has, and which are not what was sealed."""
    keys, count = len(table.primary_key), 0
    found: list[Fault] = []
    with db.stream(_SEALED[table]) as rows:
        for row in rows:
            count += 1
            values = sealed_values(row[:-2], row[-2]) if "version" in table.columns else row[:-1]
            if blob(row[-1]) != db.seal(table.name, *values):
                which = "-".join(map(str, row[:keys]))
                what = f"{called}“{which}”的内容与校验码不符，可能被改动，请与备份核对。"
                found.append(Fault(what, table=table.name, row=which))
    return count, found


def _papers(db: Store) -> tuple[int, list[Fault]]:
    """How many papers are kept, and which are not those that were issued."""
    count = 0
    found: list[Fault] = []
    with db.stream(_PAPERS) as rows:
        for serial, data, sha256 in rows:
            count += 1
            if hashlib.sha256(blob(data)).hexdigest() != sha256:
                what = f"文书“{serial}”的文件与登记的校验值不符，可能被改动，请与备份核对。"
                found.append(Fault(what, table=paper_files.name, row=serial))
    return count, found
