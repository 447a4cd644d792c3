"""What the steps are written with: SQL as SQLCipher's files have had it, said for PostgreSQL where that is the engine."""

from __future__ import annotations

import re
from collections.abc import Iterable

from alembic import op

# characters are compared by their number, as SQLite does, whatever the server's language
_SAID = (
    (r"\bINTEGER\b", "BIGINT"),
    (r"\bBLOB\b", "BYTEA"),
    (r"\bTEXT\b", 'TEXT COLLATE "C"'),
    (r"\s*WITHOUT ROWID\b", ""),
)
_SQLITE_ONLY = re.compile(r"\s*CREATE (?:TRIGGER|VIRTUAL)\b")
#: beside the first tables: search by grams, and rows that stay as they are
POSTGRESQL_FIRST = (
    "CREATE TABLE applicant_grams (applicant_id BIGINT PRIMARY KEY REFERENCES applicants, grams TSVECTOR NOT NULL)",
    "CREATE INDEX applicant_grams_by_gram ON applicant_grams USING gin (grams)",
    """CREATE FUNCTION is_not_rewritten() RETURNS trigger LANGUAGE plpgsql AS
       'BEGIN RAISE EXCEPTION ''audit is append-only''; END'""",
    """CREATE TRIGGER audit_is_not_rewritten BEFORE UPDATE OR DELETE ON audit
       FOR EACH ROW EXECUTE FUNCTION is_not_rewritten()""",
    """CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit
       FOR EACH STATEMENT EXECUTE FUNCTION is_not_rewritten()""",
    """CREATE FUNCTION practice_can_not_change() RETURNS trigger LANGUAGE plpgsql AS
       'BEGIN RAISE EXCEPTION ''practice can not change''; END'""",
    """CREATE TRIGGER practice_is_for_life BEFORE UPDATE OR DELETE ON meta
       FOR EACH ROW WHEN (OLD.name = 'practice') EXECUTE FUNCTION practice_can_not_change()""",
)


def on_postgresql() -> bool:
    """Whether the step is done on PostgreSQL."""
    return op.get_bind().dialect.name == "postgresql"


def run(statements: Iterable[str]) -> None:
    """Run statements that were written for SQLite; what only it has (triggers, virtual tables) is its own."""
    bind, there = op.get_bind(), on_postgresql()
    for statement in statements:
        if not there:
            bind.exec_driver_sql(statement)
        elif not _SQLITE_ONLY.match(statement) or "EXECUTE FUNCTION" in statement:
            bind.exec_driver_sql(said_for_postgresql(statement))


def said_for_postgresql(statement: str) -> str:
    """The same table or index in PostgreSQL's words."""
    for pattern, instead in _SAID:
        statement = re.sub(pattern, instead, statement)
    return statement
