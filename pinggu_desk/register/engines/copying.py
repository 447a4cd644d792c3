"""All rows of a register from one engine to the other: an office's file onto a server, a server's rows into a file (a backup).

Seals stand for the rows as they are, so a copy under the same key is checked like any register.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from pinggu_desk.register import names
from pinggu_desk.register.database import Database
from pinggu_desk.register.dialects import search
from pinggu_desk.register.engines.postgresql import ServerDatabase
from pinggu_desk.register.errors import RegisterExists
from pinggu_desk.register.files import on_disk
from pinggu_desk.register.statements import Value
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import applicants, key_store, meta, metadata

_NAMES = select(applicants.c.id, applicants.c.name)
#: the slots go by their own door
_TABLES = tuple(table for table in metadata.sorted_tables if table is not key_store)
_COUNTS = tuple(select(func.count()).select_from(table) for table in _TABLES)
_ROWS, _BYTES = 500, 8 << 20  # of one batch, whichever comes first: papers are large
#: how many rows are there, of how many; raising from it gives the copy up
Progress = Callable[[int, int], None]


def to_file(source: ServerDatabase, path: Path, progress: Progress | None = None) -> None:
    """One consistent copy of a server's rows in a new SQLCipher file, while others go on writing."""
    with on_disk(path.parent):
        path.unlink(missing_ok=True)
    reading = source.snapshot()
    try:
        file = Database(path, source.key, new=True)
        try:
            with file.transaction():
                _copy(reading, file, progress)
            file.tidy()
        finally:
            file.close()
    finally:
        reading.close()


def to_server(source: Database, target: ServerDatabase, progress: Progress | None = None) -> None:
    """All rows of a file onto a server that has none (inside a transaction of the server's). Raises `RegisterExists` where it has."""
    if target.row(select(meta.c.name)) is not None:
        raise RegisterExists(f"登记库服务器“{target.server.called}”上已有登记库，不能再搬上去；请管理员另建一个空库。")
    _copy(source, target, progress)


def _copy(source: Store, target: Store, progress: Progress | None) -> None:
    whole = sum(int((source.row(count) or (0,))[0]) for count in _COUNTS) if progress is not None else 0
    there = 0
    for table in _TABLES:
        called = [column.name for column in table.columns]
        with source.stream(select(*table.columns)) as rows:
            for batch in _batches(rows):
                target.fill(insert(table), [dict(zip(called, row, strict=True)) for row in batch])
                there += len(batch)
                if progress is not None:
                    progress(there, whole)
    with source.stream(_NAMES) as rows:
        target.fill(search.ADD, _grams(rows))


def _batches(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    batch: list[tuple[Any, ...]] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum(len(value) for value in row if isinstance(value, (str, bytes)))
        if len(batch) >= _ROWS or size >= _BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _grams(rows: Iterator[tuple[int, str]]) -> Iterator[Mapping[str, Value]]:
    for number, name in rows:
        yield {"who": number, "grams": names.grams(name)}
