"""Who an applicant is by which paper, doubles that were made one, outside figures that an office entered."""

from __future__ import annotations

from pinggu_desk.register.migrations.words import run

revision, down_revision = "0004", "0003"

_STATEMENTS = (
    """CREATE TABLE applicant_documents (
       applicant_id INTEGER PRIMARY KEY REFERENCES applicants, document TEXT NOT NULL, reason TEXT NOT NULL,
       seal BLOB NOT NULL)""",
    """CREATE TABLE merges (
       from_id INTEGER PRIMARY KEY REFERENCES applicants, into_id INTEGER NOT NULL REFERENCES applicants,
       code TEXT NOT NULL, moved TEXT NOT NULL, at TEXT NOT NULL, clerk_no TEXT NOT NULL, seal BLOB NOT NULL)""",
    """CREATE TABLE parameters (
       id INTEGER PRIMARY KEY, name TEXT NOT NULL, value TEXT NOT NULL, since TEXT NOT NULL, until TEXT,
       source TEXT NOT NULL, entered_at TEXT NOT NULL, clerk_no TEXT NOT NULL, removed_at TEXT, seal BLOB NOT NULL)""",
    "CREATE INDEX parameters_by_name ON parameters (name, since)",
)


def upgrade() -> None:
    """Make them."""
    run(_STATEMENTS)
