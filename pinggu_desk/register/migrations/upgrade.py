"""Alembic at work on a connection of ours: no ini file, no folder of scripts, so that the built program does the same."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.runtime.migration import MigrationStep
from alembic.script import Script
from alembic.script.revision import RevisionMap
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2 as sqlcipher

from pinggu_desk.register import trouble
from pinggu_desk.register.dialects import locking
from pinggu_desk.register.migrations import names, refuse_newer, version_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

_ANY = "SELECT name FROM sqlite_master LIMIT 1"
_STAMP_TABLE = """CREATE TABLE IF NOT EXISTS alembic_version (
    version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"""


def upgrade_sqlcipher(connection: Any, where: str, history: tuple[str, ...]) -> int:
    """See `migrations.upgrade_file`."""
    with _opened("sqlite://", connection, sqlcipher) as opened:
        opened.exec_driver_sql("BEGIN IMMEDIATE")
        had = version_of(connection)  # again, now that no other window can be at it too
        refuse_newer(had, where, history)
        if not had and opened.exec_driver_sql(_ANY).first() is not None:
            raise trouble.otherwise_made(Path(where), "库版本为 0")
        if had < len(history):
            if had:
                _stamp(opened, names(history)[had - 1])
            _upgrade(opened, history)
            opened.exec_driver_sql(f"PRAGMA user_version = {len(history)}")
        opened.commit()
    return had


def upgrade_postgresql(connection: Any, history: tuple[str, ...]) -> None:
    """Bring a PostgreSQL database to the last version in one transaction, by its owner's connection (autocommit)."""
    with _opened("postgresql+psycopg://", connection, None) as opened:
        opened.exec_driver_sql(locking.BEGIN_UPGRADE)  # one window upgrades, the others find it done
        _upgrade(opened, history)
        opened.commit()


@contextmanager
def _opened(url: str, connection: Any, module: Any) -> Iterator[Connection]:
    """SQLAlchemy's view of a bare connection; on an error all is taken back, and the engine's own error is raised."""
    more = {} if module is None else {"module": module}
    engine = create_engine(url, creator=lambda: connection, poolclass=StaticPool, pool_reset_on_return=None, **more)
    try:
        with engine.connect() as opened:
            try:
                yield opened
            except BaseException:
                opened.rollback()
                raise
    except DBAPIError as error:
        raise (error.orig or error) from error


def _stamp(opened: Connection, revision: str) -> None:
    """Say in Alembic's own table what a file of before Alembic has had."""
    opened.exec_driver_sql(_STAMP_TABLE)
    opened.exec_driver_sql("DELETE FROM alembic_version")
    opened.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (revision,))


def _upgrade(opened: Connection, history: tuple[str, ...]) -> None:
    known = revisions(history)
    order = names(history)

    def steps(heads: tuple[str, ...], _context: MigrationContext) -> Iterable[MigrationStep]:
        done = order.index(heads[0]) + 1 if heads else 0
        wanted = [known.get_revision(name) for name in order[done:]]
        return [MigrationStep.upgrade_from_script(known, script) for script in wanted if isinstance(script, Script)]

    context = MigrationContext.configure(opened, opts={"fn": steps})
    with Operations.context(context):
        context.run_migrations()


@cache
def revisions(history: tuple[str, ...]) -> RevisionMap:
    """Alembic's map of the steps, from their modules."""
    package = f"{__package__}.versions"
    scripts = [
        Script(module, name.partition("_")[0], str(module.__file__))
        for name in history
        for module in [importlib.import_module(f"{package}.{name}")]
    ]
    return RevisionMap(lambda: scripts)
