"""What a statement does to sealed rows: read off the statement itself, so that no writer can forget to tell it."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Delete,
    Executable,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    select,
)

#: how a table is held against the trail: each change of it comes with an entry, its sum is told by the next entry, or what
#: stands in it follows from another table and is worked out anew
ENTRY, SUM, DERIVED = "entry", "sum", "derived"


class Change(NamedTuple):
    """How a statement changes a sealed table: ``old`` finds the rows that it takes or changes, the key first, the seal last.

    Between them is what the seal is over, but for rows with whole files in them (``looked``): an altered row isn't written over unseen.

    ``new`` names the value that is the new seal; None where rows are only taken out. ``keys`` name the values of an inserted
    row's key. ``noted`` says that every change of this table belongs on the trail, ``makes`` that a row may be new by it: a
    change of a row that another window took out meanwhile changes nothing.
    """

    table: str
    keys: tuple[str, ...]
    old: Select[Any] | None
    new: str | None
    noted: bool
    makes: bool = False
    looked: bool = True


def change_of(clause: Executable) -> Change | None:
    """The change that a statement makes; None for a query, and where no seal is touched."""
    if not isinstance(clause, (Insert, Update, Delete)):
        return None
    table = clause.table
    if not isinstance(table, Table) or not is_counted(table):
        return None
    key = tuple(column.name for column in table.primary_key)
    looked = not any(column.info.get("digested") for column in table.columns)
    noted = table.info.get("held", ENTRY) == ENTRY
    if isinstance(clause, Insert):
        clash = getattr(clause, "_post_values_clause", None)
        there = [table.c[name] == bindparam(name) for name in key] if clash is not None else []
        old = _rows(table, there, looked=looked) if there else None
        return Change(str(table.name), key, old, _seal_value(clause, table), noted, True, looked)
    new = None if isinstance(clause, Delete) else _seal_value(clause, table)
    if isinstance(clause, Update) and new is None:
        return None  # a change without a new seal: the row's check finds it
    old = _rows(table, list(clause._where_criteria), looked=looked)
    return Change(str(table.name), key, old, new, noted, looked=looked)


def is_counted(table: Table) -> bool:
    """Whether a table has a sum of its own."""
    return "sealed" in table.info and table.info.get("held", ENTRY) != DERIVED


def _rows(table: Table, where: list[ColumnElement[bool]], *, looked: bool) -> Select[Any]:
    said = [column.label(f"was_{column.name}") for column in table.columns if looked and column.name != "seal"]
    return select(*table.primary_key, *said, table.c.seal).where(*where)


def _seal_value(clause: Insert | Update, table: Table) -> str | None:
    """The name under which the statement is given the new seal."""
    values = cast("dict[Any, Any] | None", clause._values)
    if values is None:
        return "seal" if isinstance(clause, Insert) else None
    given = values.get(table.c.seal, values.get("seal"))
    return given.key if isinstance(given, BindParameter) else None
