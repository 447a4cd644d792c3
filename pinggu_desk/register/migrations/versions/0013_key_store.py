"""Where a register on a server keeps its key slots (`engines.serverkeys`)."""

from __future__ import annotations

from pinggu_desk.register.migrations.words import run

revision, down_revision = "0013", "0009"


def upgrade() -> None:
    """A row; in a file it stays empty."""
    run(("CREATE TABLE key_store (name TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID",))
