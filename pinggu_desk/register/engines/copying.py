"""All rows of a register from one engine to the other: an office's file onto a server, a server's rows into a file (a backup).

Seals stand for the rows as they are, so a copy under the same key is checked like any register.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlalchemy import insert, select

from pinggu_desk.register import names
from pinggu_desk.register.database import Database
from pinggu_desk.register.dialects import search
from pinggu_desk.register.engines.postgresql import ServerDatabase
from pinggu_desk.register.errors import RegisterExists
from pinggu_desk.register.statements import Value
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import applicants, key_store, meta, metadata

_NAMES = select(applicants.c.id, applicants.c.name)


def to_file(source: ServerDatabase, path: Path) -> None:
    """One consistent copy of a server's rows in a new SQLCipher file, while others go on writing."""
    path.unlink(missing_ok=True)
    reading = source.snapshot()
    try:
        file = Database(path, source.key, new=True)
        try:
            _copy(reading, file)
            file.tidy()
        finally:
            file.close()
    finally:
        reading.close()


def to_server(source: Database, target: ServerDatabase) -> None:
    """All rows of a file onto a server that has none. Raises `RegisterExists` where it has."""
    if target.row(select(meta.c.name)) is not None:
        raise RegisterExists(f"登记库服务器“{target.server.called}”上已有登记库，不能再把本机的搬上去。")
    _copy(source, target)


def _copy(source: Store, target: Store) -> None:
    with target.transaction():
        for table in metadata.sorted_tables:
            if table is key_store:
                continue  # the slots go by their own door
            called = [column.name for column in table.columns]
            with source.stream(select(*table.columns)) as rows:
                target.fill(insert(table), (dict(zip(called, row, strict=True)) for row in rows))
        with source.stream(_NAMES) as rows:
            target.fill(search.ADD, _grams(rows))


def _grams(rows: Iterator[tuple[int, str]]) -> Iterator[Mapping[str, Value]]:
    for number, name in rows:
        yield {"who": number, "grams": names.grams(name)}
