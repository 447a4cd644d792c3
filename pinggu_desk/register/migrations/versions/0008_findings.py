"""What each issued paper states, short (`register.findings`): cases are counted by it."""

from __future__ import annotations

from pinggu_desk.register.migrations.words import run

revision, down_revision = "0008", "0007"

_STATEMENTS = (
    """CREATE TABLE IF NOT EXISTS paper_findings (
       serial TEXT PRIMARY KEY REFERENCES documents, case_id INTEGER NOT NULL REFERENCES cases, issued_at TEXT NOT NULL,
       found TEXT NOT NULL, seal BLOB NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS paper_findings_by_case ON paper_findings (case_id, issued_at)",
)


def upgrade() -> None:
    """Make them."""
    run(_STATEMENTS)
