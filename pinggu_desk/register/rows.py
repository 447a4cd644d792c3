"""Whole rows of a table, in the order of its columns: sealed where the table is, put in or put in another's place.

The values given are all but the seal and, where rows have one, the version: a new row is at its first.
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import Executable, Table, insert

from pinggu_desk.register.statements import Either, Value, upsert
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import as_sealed, sealed_columns


def add(db: Store, table: Table, *values: Value) -> None:
    """Put a new row in (inside a transaction)."""
    db.run(_adding(table), **_named(db, table, values))


def put(db: Store, table: Table, *values: Value) -> None:
    """Put a row in, or in the place of the one with the same key (inside a transaction)."""
    db.run(_putting(table), **_named(db, table, values))


def _named(db: Store, table: Table, values: tuple[Value, ...]) -> dict[str, Value]:
    named = dict(zip((c.name for c in sealed_columns(table)), (*values, *_first(table)), strict=True))
    if "sealed" in table.info:
        named["seal"] = db.seal(table.name, *as_sealed(table, named.values()))
    return named


def _first(table: Table) -> tuple[int, ...]:
    return (1,) if "version" in table.columns else ()


@cache
def _adding(table: Table) -> Executable:
    return insert(table)


@cache
def _putting(table: Table) -> Either:
    return upsert(table, *(column.name for column in table.primary_key))
