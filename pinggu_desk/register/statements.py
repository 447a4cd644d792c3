"""Statements of SQLAlchemy Core as an engine runs them: compiled once a dialect, then plain text and values in their order.

SQLAlchemy's own execution is not on an edit's way; it would cost more than the statement itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from operator import itemgetter
from typing import Any, Literal, NamedTuple, cast
from weakref import ReferenceType, ref

from sqlalchemy import Executable, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.sql import ColumnElement

from pinggu_desk.register.sealing import Change, change_of
from pinggu_desk.register.tables import counters

Kind = Literal["sqlcipher", "postgresql"]
Value = str | int | bytes | None
Values = tuple[Value, ...]


class Either:
    """A statement that each engine has words of its own for."""

    __slots__ = ("__weakref__", "postgresql", "sqlcipher")

    def __init__(self, sqlcipher: Executable, postgresql: Executable) -> None:
        self.sqlcipher, self.postgresql = sqlcipher, postgresql


Statement = Executable | Either


class Prepared(NamedTuple):
    """A statement's text in an engine's dialect, and how its values are put in their order. A missing one is a `KeyError`."""

    sql: str
    order: Callable[[Mapping[str, Value]], Values]
    change: Change | None = None


#: the same by what the statement is in memory, checked: an edit asks for five of them, and a weak dictionary takes its time
_quickly: dict[tuple[Kind, int], tuple[ReferenceType[Statement], Prepared]] = {}


def prepared(statement: Statement, kind: Kind) -> Prepared:
    """The statement as the engine runs it; worked out once for each statement that stays."""
    key = kind, id(statement)
    known = _quickly.get(key)
    if known is not None and known[0]() is statement:
        return known[1]
    made = _prepare(statement, kind)
    _quickly[key] = ref(statement, lambda _gone: _quickly.pop(key, None)), made
    return made


def text_of(statement: Statement, kind: Kind) -> str:
    """A statement's text, for telling what it is."""
    return prepared(statement, kind).sql


def _prepare(statement: Statement, kind: Kind) -> Prepared:
    clause: Any = getattr(statement, kind) if isinstance(statement, Either) else statement
    compiled = clause.compile(dialect=_dialect(kind))
    wanted = {name for bind, name in compiled.bind_names.items() if bind.required}
    words, names = str(compiled), list(compiled.positiontup or ())
    given = dict(compiled.params)
    if compiled.post_compile_params:  # a list that is known is written out, whatever the other values will be
        spread = compiled.construct_expanded_state(dict.fromkeys(wanted))
        words, names, given = spread.statement, list(spread.positiontup or ()), dict(spread.parameters)
    given = {name: value for name, value in given.items() if name in names and name not in wanted}
    return Prepared(words, _order(names, given), change_of(clause))


@cache
def _dialect(kind: Kind) -> Any:
    """Values stand by position in both."""
    make: Callable[..., Any] = sqlite.dialect if kind == "sqlcipher" else psycopg.dialect
    return make(paramstyle="qmark" if kind == "sqlcipher" else "format")


def _order(names: list[str], given: dict[str, Value]) -> Callable[[Mapping[str, Value]], Values]:
    if not names:
        return _none
    if given:
        return lambda values: tuple([values[name] if name in values else given[name] for name in names])
    if len(names) == 1:
        only = names[0]
        return lambda values: (values[only],)
    return cast(Callable[[Mapping[str, Value]], Values], itemgetter(*names))


def _none(_values: Mapping[str, Value]) -> Values:
    return ()


def upsert(
    table: Table,
    *keys: str,
    set_: Mapping[str, ColumnElement[Any]] | None = None,
    returning: ColumnElement[Any] | None = None,
) -> Either:
    """Put a row in, or in the place of the one with the same key; values are named as the columns are.

    ``set_`` says what becomes of the columns of a row that is there, instead of the new values.
    """

    def words(insert: Callable[[Table], Any]) -> Executable:
        new = insert(table)
        changed = set_ or {c.name: new.excluded[c.name] for c in table.columns if c.name not in keys}
        there = {"set_": changed} if changed else {}
        clash = new.on_conflict_do_update if changed else new.on_conflict_do_nothing
        new = clash(index_elements=keys, **there)
        return cast(Executable, new.returning(returning) if returning is not None else new)

    return Either(words(sqlite.insert), words(postgresql.insert))


@cache
def highest(table: Table) -> Executable:
    """The query for the highest id that a table's rows have, and for the highest that any ever had (the value ``scope``)."""
    ever = select(counters.c.last).where(counters.c.scope == bindparam("scope")).scalar_subquery()
    return select(func.max(table.c.id), ever)
