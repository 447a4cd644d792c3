"""The tables, as numbered migrations kept in `PRAGMA user_version`.

Version n is what the first n migrations make. A register of an earlier version is brought up in one transaction
when it is opened; one of a later version is refused. A migration that was released is never edited.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pinggu_desk.register.errors import RegisterNewer

_FIRST = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL, seal BLOB NOT NULL) WITHOUT ROWID",
    """CREATE TRIGGER practice_is_for_life BEFORE UPDATE ON meta WHEN OLD.name = 'practice'
       BEGIN SELECT RAISE(ABORT, 'practice can not change'); END""",
    """CREATE TRIGGER practice_stays BEFORE DELETE ON meta WHEN OLD.name = 'practice'
       BEGIN SELECT RAISE(ABORT, 'practice can not change'); END""",
    """CREATE TABLE applicants (
       id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, code TEXT NOT NULL, contact TEXT NOT NULL,
       phone TEXT NOT NULL, address TEXT NOT NULL, sample INTEGER NOT NULL, seal BLOB NOT NULL)""",
    "CREATE UNIQUE INDEX applicants_by_code ON applicants (code) WHERE code <> ''",
    # what search goes by: see names.py. Only which applicant has which gram is kept, not the text again.
    """CREATE VIRTUAL TABLE applicant_grams USING fts5(
       grams, content='', contentless_delete=1, detail=none, tokenize='ascii')""",
    """CREATE TABLE known_facts (
       id INTEGER PRIMARY KEY, applicant_id INTEGER NOT NULL REFERENCES applicants, fact TEXT NOT NULL,
       text TEXT NOT NULL, noted_on TEXT NOT NULL, case_id INTEGER REFERENCES cases, noted_at TEXT NOT NULL,
       seal BLOB NOT NULL)""",
    "CREATE INDEX known_facts_by_applicant ON known_facts (applicant_id, fact, noted_on, id)",
    "CREATE TABLE counters (scope TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID",
    """CREATE TABLE cases (
       id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, applicant_id INTEGER REFERENCES applicants,
       policy_id TEXT NOT NULL, opened_at TEXT NOT NULL, judged_on TEXT NOT NULL, pack_version TEXT NOT NULL,
       state TEXT NOT NULL, clerk_no TEXT NOT NULL, seal BLOB NOT NULL)""",
    "CREATE INDEX cases_by_state ON cases (state, id)",
    "CREATE INDEX cases_by_applicant ON cases (applicant_id, id)",
    # apart from cases: it changes at every step of the clerk and needs no seal
    """CREATE TABLE positions (
       case_id INTEGER PRIMARY KEY REFERENCES cases, step TEXT NOT NULL, field TEXT NOT NULL)""",
    # The journal and the current values. Both are clustered by case: an edit touches one page of each.
    """CREATE TABLE edits (
       case_id INTEGER NOT NULL REFERENCES cases, seq INTEGER NOT NULL, kind TEXT NOT NULL, fact TEXT NOT NULL,
       before TEXT, after TEXT, parent INTEGER NOT NULL, head INTEGER NOT NULL, at TEXT NOT NULL,
       clerk_no TEXT NOT NULL, seal BLOB NOT NULL, PRIMARY KEY (case_id, seq)) WITHOUT ROWID""",
    """CREATE TABLE answers (
       case_id INTEGER NOT NULL REFERENCES cases, fact TEXT NOT NULL, text TEXT, seq INTEGER NOT NULL,
       seal BLOB NOT NULL, PRIMARY KEY (case_id, fact)) WITHOUT ROWID""",
    """CREATE TABLE materials (
       case_id INTEGER NOT NULL REFERENCES cases, material TEXT NOT NULL, state TEXT NOT NULL, at TEXT NOT NULL,
       clerk_no TEXT NOT NULL, PRIMARY KEY (case_id, material)) WITHOUT ROWID""",
    """CREATE TABLE awards (
       id INTEGER PRIMARY KEY, applicant_id INTEGER NOT NULL REFERENCES applicants, policy_id TEXT NOT NULL,
       benefit_id TEXT NOT NULL, amount_fen INTEGER NOT NULL, awarded_on TEXT NOT NULL, matter TEXT NOT NULL,
       source TEXT NOT NULL, removed_at TEXT, seal BLOB NOT NULL)""",
    "CREATE INDEX awards_by_applicant ON awards (applicant_id, awarded_on, id)",
    """CREATE TABLE documents (
       serial TEXT PRIMARY KEY, case_id INTEGER NOT NULL REFERENCES cases, kind TEXT NOT NULL,
       file_name TEXT NOT NULL, sha256 TEXT NOT NULL, determinations TEXT NOT NULL, issued_at TEXT NOT NULL,
       clerk_no TEXT NOT NULL, seal BLOB NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX documents_by_case ON documents (case_id, serial)",
    """CREATE TABLE audit (
       id INTEGER PRIMARY KEY, at TEXT NOT NULL, clerk_no TEXT NOT NULL, event TEXT NOT NULL, subject TEXT NOT NULL,
       detail TEXT NOT NULL, previous BLOB NOT NULL, hash BLOB NOT NULL)""",
    """CREATE TRIGGER audit_is_not_rewritten BEFORE UPDATE ON audit
       BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END""",
    """CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
       BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END""",
)

# offline proof: the office's own key, and the public keys of others
_KEYS = (
    """CREATE TABLE signing_keys (
       id INTEGER PRIMARY KEY, private BLOB NOT NULL, made_at TEXT NOT NULL, seal BLOB NOT NULL)""",
    """CREATE TABLE trusted_keys (
       id INTEGER PRIMARY KEY, public BLOB NOT NULL, office TEXT NOT NULL, added_at TEXT NOT NULL,
       clerk_no TEXT NOT NULL, removed_at TEXT, seal BLOB NOT NULL)""",
)

# the papers themselves, for printing them again (补打); their SHA-256 in documents, which is sealed, vouches for them
_FILES = ("CREATE TABLE paper_files (serial TEXT PRIMARY KEY REFERENCES documents, data BLOB NOT NULL) WITHOUT ROWID",)

# who an applicant is by which paper, doubles that were made one, outside figures that an office entered
_WHO = (
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

# where an answer came from that was taken over from an earlier visit; what each issued paper says, whatever its number
_ORIGINS = (
    """CREATE TABLE IF NOT EXISTS edit_origins (
       case_id INTEGER NOT NULL REFERENCES cases, seq INTEGER NOT NULL, origin TEXT NOT NULL, seal BLOB NOT NULL,
       PRIMARY KEY (case_id, seq)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS paper_contents (
       serial TEXT PRIMARY KEY REFERENCES documents, content TEXT NOT NULL, seal BLOB NOT NULL) WITHOUT ROWID""",
)

# cases that were opened together in one visit, and the papers that several of them share under one number
_VISITS = (
    """CREATE TABLE IF NOT EXISTS visits (
       case_id INTEGER PRIMARY KEY REFERENCES cases, visit INTEGER NOT NULL REFERENCES cases, place INTEGER NOT NULL,
       seal BLOB NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS visits_by_visit ON visits (visit, place)",
    """CREATE TABLE IF NOT EXISTS shared_papers (
       serial TEXT NOT NULL REFERENCES documents, case_id INTEGER NOT NULL REFERENCES cases, seal BLOB NOT NULL,
       PRIMARY KEY (serial, case_id)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS shared_papers_by_case ON shared_papers (case_id)",
)

# what a clerk said of the columns of a list, for the next one of the same shape
_LISTS = (
    """CREATE TABLE IF NOT EXISTS list_shapes (
       shape TEXT PRIMARY KEY, choices TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL, seal BLOB NOT NULL)
       WITHOUT ROWID""",
)

# what each issued paper states, short (register.findings): cases are counted by it
_FINDINGS = (
    """CREATE TABLE IF NOT EXISTS paper_findings (
       serial TEXT PRIMARY KEY REFERENCES documents, case_id INTEGER NOT NULL REFERENCES cases, issued_at TEXT NOT NULL,
       found TEXT NOT NULL, seal BLOB NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS paper_findings_by_case ON paper_findings (case_id, issued_at)",
)

MIGRATIONS: tuple[Sequence[str], ...] = (_FIRST, _KEYS, _FILES, _WHO, _ORIGINS, _VISITS, _LISTS, _FINDINGS)


def migrate(connection: Any, where: str, migrations: Sequence[Sequence[str]] = MIGRATIONS) -> int:
    """Bring an open database to the last version in one transaction; returns the version that it had.

    `where` names the database in the sentence of `RegisterNewer`. All or nothing: a failing step leaves the
    database as it was.
    """
    if _version(connection) == len(migrations):
        return len(migrations)
    connection.execute("BEGIN IMMEDIATE")
    try:
        had = _version(connection)  # again, now that no other window can be at it too
        if had > len(migrations):
            raise RegisterNewer(
                f"登记库“{where}”由更新版本的程序写成（库版本 {had}，本程序只认到 {len(migrations)}），请升级本程序后再打开。"
            )
        for step in migrations[had:]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return had


def _version(connection: Any) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
