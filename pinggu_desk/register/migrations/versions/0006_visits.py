"""Cases that were opened together in one visit, and the papers that several of them share under one number."""

from __future__ import annotations

from pinggu_desk.register.migrations.words import run

revision, down_revision = "0006", "0005"

_STATEMENTS = (
    """CREATE TABLE IF NOT EXISTS visits (
       case_id INTEGER PRIMARY KEY REFERENCES cases, visit INTEGER NOT NULL REFERENCES cases, place INTEGER NOT NULL,
       seal BLOB NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS visits_by_visit ON visits (visit, place)",
    """CREATE TABLE IF NOT EXISTS shared_papers (
       serial TEXT NOT NULL REFERENCES documents, case_id INTEGER NOT NULL REFERENCES cases, seal BLOB NOT NULL,
       PRIMARY KEY (serial, case_id)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS shared_papers_by_case ON shared_papers (case_id)",
)


def upgrade() -> None:
    """Make them."""
    run(_STATEMENTS)
