"""What `tables` declares is what the migrations make, on both engines: Alembic's own comparison finds nothing."""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2 as sqlcipher

from pinggu_desk.register import Register
from pinggu_desk.register.database import Database
from pinggu_desk.register.tables import metadata

_SEARCH = "applicant_grams"  # what each engine searches by is its own
_KEYED = "modify_nullable"  # SQLite says of a number that is the key that it might be null


def differences(connection: Any) -> list[Any]:
    """What Alembic would have to change so that the database is as declared."""
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool, module=sqlcipher)
    with engine.connect() as opened:
        context = MigrationContext.configure(opened, opts={"compare_type": True, "include_name": _ours})
        found = compare_metadata(context, metadata)
    return [one for one in found if not (isinstance(one, list) and all(_is_a_key(change) for change in one))]


def _ours(name: str | None, kind: str, _parents: Any) -> bool:
    return kind != "table" or not str(name).startswith(_SEARCH)


def _is_a_key(change: tuple[Any, ...]) -> bool:
    return change[0] == _KEYED and bool(metadata.tables[change[2]].columns[change[3]].primary_key)


def test_the_declared_tables_are_those_that_the_migrations_make(register: Register) -> None:
    assert isinstance(register._db, Database)
    assert differences(register._db._connection) == []
