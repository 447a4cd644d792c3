"""Where an answer came from that was taken over from an earlier visit; what each paper says, whatever its number."""

from __future__ import annotations

from pinggu_desk.register.migrations.words import run

revision, down_revision = "0005", "0004"

_STATEMENTS = (
    """CREATE TABLE IF NOT EXISTS edit_origins (
       case_id INTEGER NOT NULL REFERENCES cases, seq INTEGER NOT NULL, origin TEXT NOT NULL, seal BLOB NOT NULL,
       PRIMARY KEY (case_id, seq)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS paper_contents (
       serial TEXT PRIMARY KEY REFERENCES documents, content TEXT NOT NULL, seal BLOB NOT NULL) WITHOUT ROWID""",
)


def upgrade() -> None:
    """Make them."""
    run(_STATEMENTS)
