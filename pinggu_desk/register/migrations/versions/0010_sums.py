"""What every table comes to is kept and told by the audit trail; what had no seal gets one (`baseline` makes them: it has the key)."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, LargeBinary, Text, text

from pinggu_desk.register.migrations.words import on_postgresql, run

revision, down_revision = "0010", "0014"

_TABLES = (
    """CREATE TABLE trail_end (
       id INTEGER PRIMARY KEY, number INTEGER NOT NULL, hash BLOB NOT NULL, told TEXT NOT NULL, seal BLOB NOT NULL)""",
    """CREATE TABLE tallies (
       name TEXT NOT NULL PRIMARY KEY, count INTEGER NOT NULL, total TEXT NOT NULL, seal BLOB NOT NULL) WITHOUT ROWID""",
)


def upgrade() -> None:
    """The tables; rows of before have an empty seal until the register is opened."""
    run(_TABLES)
    op.add_column("audit", Column("state", Text, nullable=False, server_default=""))
    nothing = text("''::bytea" if on_postgresql() else "x''")
    for table in ("counters", "positions", "materials", "paper_files"):
        op.add_column(table, Column("seal", LargeBinary, nullable=False, server_default=nothing))
