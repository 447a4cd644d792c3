"""Offline proof: the office's own key, and the public keys of others."""

from __future__ import annotations

from pinggu_desk.register.migrations.words import run

revision, down_revision = "0002", "0001"

_STATEMENTS = (
    """CREATE TABLE signing_keys (
       id INTEGER PRIMARY KEY, private BLOB NOT NULL, made_at TEXT NOT NULL, seal BLOB NOT NULL)""",
    """CREATE TABLE trusted_keys (
       id INTEGER PRIMARY KEY, public BLOB NOT NULL, office TEXT NOT NULL, added_at TEXT NOT NULL,
       clerk_no TEXT NOT NULL, removed_at TEXT, seal BLOB NOT NULL)""",
)


def upgrade() -> None:
    """Make them."""
    run(_STATEMENTS)
