"""The register's first tables: what it was made with at the beginning."""

from __future__ import annotations

from pinggu_desk.register.migrations.words import POSTGRESQL_FIRST, on_postgresql, run

revision, down_revision = "0001", None

_STATEMENTS = (
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


def upgrade() -> None:
    """Make them."""
    run(sorted(_STATEMENTS, key=lambda statement: "known_facts" in statement))  # they point at cases
    if on_postgresql():
        run(POSTGRESQL_FIRST)
