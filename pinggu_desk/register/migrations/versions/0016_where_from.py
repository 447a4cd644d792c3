"""Where a fact that is known of an applicant came from and who noted it; the same of an award, with its paper and its own title."""

from __future__ import annotations

from pinggu_desk.register.migrations.words import run

revision, down_revision = "0016", "0010"

_STATEMENTS = (
    """CREATE TABLE fact_origins (
       fact_id INTEGER PRIMARY KEY, origin TEXT NOT NULL, clerk_no TEXT NOT NULL, seal BLOB NOT NULL)""",
    """CREATE TABLE award_origins (
       award_id INTEGER PRIMARY KEY, title TEXT NOT NULL, document TEXT NOT NULL, origin TEXT NOT NULL,
       at TEXT NOT NULL, clerk_no TEXT NOT NULL, seal BLOB NOT NULL)""",
)


def upgrade() -> None:
    """Rows of before have none: all that is known of those is what their own rows tell."""
    run(_STATEMENTS)
