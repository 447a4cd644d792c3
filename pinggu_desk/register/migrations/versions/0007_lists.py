"""What a clerk said of the columns of a list, for the next one of the same shape."""

from __future__ import annotations

from pinggu_desk.register.migrations.words import run

revision, down_revision = "0007", "0006"

_STATEMENTS = (
    """CREATE TABLE IF NOT EXISTS list_shapes (
       shape TEXT PRIMARY KEY, choices TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL, seal BLOB NOT NULL)
       WITHOUT ROWID""",
)


def upgrade() -> None:
    """Make them."""
    run(_STATEMENTS)
