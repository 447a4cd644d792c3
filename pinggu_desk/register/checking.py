"""Is the register what it was when it was written? Every answer is a Chinese sentence; none means sound."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import select

from pinggu_desk.register.edits import journal_faults
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import documents, paper_files, sealed, sealed_columns, sealed_values
from pinggu_desk.register.trailcheck import blob, read_trail

#: each sealed table: its columns in the order in which they were sealed; the seal is last
_SEALED = {table: (called, select(*sealed_columns(table), table.c.seal)) for table, called in sealed().items()}
_PAPERS = select(paper_files.c.serial, paper_files.c.data, documents.c.sha256).join(
    documents, documents.c.serial == paper_files.c.serial
)


def faults(db: Store) -> list[str]:
    """Everything that is wrong with an open database."""
    found = [f"登记库文件结构有损坏（{fault}），请从最近的备份恢复。" for fault in db.faults()]
    if found:
        return found  # rows of a broken file can't be trusted to be read
    found += [*_rows(db), *_papers(db), *journal_faults(db)]
    found += [fault.what for fault in read_trail(db).faults()]
    return found


def _rows(db: Store) -> Iterator[str]:
    """Rows that are not what was sealed."""
    for table, (called, query) in _SEALED.items():
        keys = len(table.primary_key)
        with db.stream(query) as rows:
            for row in rows:
                values = sealed_values(row[:-2], row[-2]) if "version" in table.columns else row[:-1]
                if blob(row[-1]) != db.seal(table.name, *values):
                    which = "-".join(map(str, row[:keys]))
                    yield f"{called}“{which}”的内容与校验码不符，可能被改动，请与备份核对。"


def _papers(db: Store) -> Iterator[str]:
    """Kept papers that are not those that were issued."""
    with db.stream(_PAPERS) as rows:
        for serial, data, sha256 in rows:
            if hashlib.sha256(blob(data)).hexdigest() != sha256:
                yield f"文书“{serial}”的文件与登记的校验值不符，可能被改动，请与备份核对。"
