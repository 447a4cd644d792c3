"""Bundles between registers: the key that they are enciphered to, what was sent and joined, foreign rows, what a clerk must decide."""

from __future__ import annotations

from pinggu_desk.register.migrations.words import run

revision, down_revision = "0015", "0013"

_STATEMENTS = (
    "CREATE TABLE exchange_keys (id INTEGER PRIMARY KEY, private BLOB NOT NULL, made_at TEXT NOT NULL, seal BLOB NOT NULL)",
    """CREATE TABLE bundles_made (
       id INTEGER PRIMARY KEY, receiver TEXT NOT NULL, manifest TEXT NOT NULL, at TEXT NOT NULL, clerk_no TEXT NOT NULL,
       joined_at TEXT, seal BLOB NOT NULL)""",
    """CREATE TABLE bundles_joined (
       sender TEXT NOT NULL, digest TEXT NOT NULL, number INTEGER NOT NULL, office TEXT NOT NULL, at TEXT NOT NULL,
       clerk_no TEXT NOT NULL, seal BLOB NOT NULL, PRIMARY KEY (sender, digest))""",
    """CREATE TABLE foreign_ids (
       origin TEXT NOT NULL, kind TEXT NOT NULL, foreign_id INTEGER NOT NULL, local_id INTEGER NOT NULL, sender TEXT NOT NULL,
       number INTEGER NOT NULL, theirs TEXT NOT NULL, ours TEXT NOT NULL, seal BLOB NOT NULL,
       PRIMARY KEY (origin, kind, foreign_id))""",
    "CREATE INDEX foreign_ids_by_local ON foreign_ids (kind, local_id)",
    """CREATE TABLE foreign_trail (
       sender TEXT NOT NULL, id INTEGER NOT NULL, at TEXT NOT NULL, clerk_no TEXT NOT NULL, event TEXT NOT NULL,
       subject TEXT NOT NULL, detail TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL, seal BLOB NOT NULL,
       PRIMARY KEY (sender, id))""",
    """CREATE TABLE join_conflicts (
       id INTEGER PRIMARY KEY, sender TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, local_id INTEGER NOT NULL,
       theirs TEXT NOT NULL, at TEXT NOT NULL, decision TEXT, decided_at TEXT, clerk_no TEXT, seal BLOB NOT NULL)""",
)


def upgrade() -> None:
    """Make them."""
    run(_STATEMENTS)
