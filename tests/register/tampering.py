"""What somebody does who has a password and a database tool; and one who knows the program and makes seals, sums and trail anew."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Table, bindparam, select, text, update

from pinggu_desk.register.sealing import is_counted
from pinggu_desk.register.statements import text_of
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import as_sealed, metadata, sealed_columns, sealed_values
from pinggu_desk.register.tallies import START, Entry, Sum, chained

FREE = ("DROP TRIGGER IF EXISTS audit_is_not_rewritten", "DROP TRIGGER IF EXISTS audit_is_not_shortened")
#: on a server only its administrator can alter the trail; foreign keys are out of his way then too
FREE_ON_SERVER = ("SET session_replication_role = replica",)
_ENTRY = "SELECT id, at, clerk_no, event, subject, detail, state FROM audit ORDER BY id"


def free(db: Store, *, trail: bool = True) -> None:
    """Have references between rows, and the trail's triggers, out of the way."""
    if db.kind == "sqlcipher":
        db.rows("PRAGMA foreign_keys = OFF")
    with db.transaction():
        for statement in (FREE if trail else ()) if db.kind == "sqlcipher" else FREE_ON_SERVER:
            db.run(statement)


def triggers(db: Store) -> dict[str, str]:
    """What keeps a file's trail as it is, by name."""
    if db.kind != "sqlcipher":
        return {}
    return dict(db.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))


def put_back_triggers(db: Store, before: dict[str, str]) -> None:
    """Have them there again, by somebody who leaves no traces."""
    there = triggers(db)
    with db.transaction():
        for name, sql in before.items():
            if name not in there:
                db.run(sql)


def said(db: Store, sql: str) -> str:
    """A statement as the engine takes values."""
    return sql if db.kind == "sqlcipher" else sql.replace("?", "%s")


def by_tool(db: Store, *statements: str) -> None:
    """Statements as a database tool runs them: nothing else is changed."""
    with db.transaction():
        for statement in statements:
            db.run(statement)


def sealed_anew(db: Store, table: Table, where: str) -> None:
    """Give the rows of a table that were altered the seal that they should have."""
    columns = [column.name for column in sealed_columns(table)]
    keys = [column.name for column in table.primary_key]
    with db.transaction():
        for row in db.rows(select(*sealed_columns(table)).where(text(where))):
            named = dict(zip(columns, row, strict=True))
            values = sealed_values(row[:-1], row[-1]) if "version" in columns else as_sealed(table, row)
            same = [table.c[key] == bindparam(f"the_{key}") for key in keys]
            sql = text_of(update(table).where(*same).values(seal=bindparam("new")), db.kind)
            db.run(sql, db.seal(table.name, *values), *(named[key] for key in keys))


def summed_anew(db: Store, *names: str) -> None:
    """Make the sums what the tables come to now."""
    with db.transaction():
        for table in metadata.sorted_tables:
            if not is_counted(table) or (names and table.name not in names):
                continue
            seals = [bytes(seal) for (seal,) in db.rows(select(table.c.seal))]
            one = Sum().plus(len(seals), sum(db.tallies.element(table.name, seal) for seal in seals))
            total, version = f"{one.total:064x}", db.tallies.sums().get(table.name, Sum()).version + 1
            seal = db.seal("tallies", *sealed_values((table.name, one.size, total), version))
            db.run(said(db, "DELETE FROM tallies WHERE name = ?"), table.name)
            db.run(
                said(db, "INSERT INTO tallies (name, count, total, version, seal) VALUES (?, ?, ?, ?, ?)"),
                table.name, one.size, total, version, seal,
            )  # fmt: skip


def chained_anew(db: Store, change: Callable[[dict[str, Any]], dict[str, Any] | None] = lambda entry: entry) -> None:
    """Write the whole trail anew, each entry as ``change`` has it (None takes it out), so that it holds by itself."""
    names = ("id", "at", "clerk_no", "event", "subject", "detail", "state")
    kept = [new for row in db.rows(_ENTRY) if (new := change(dict(zip(names, row, strict=True)))) is not None]
    previous = START
    free(db)
    with db.transaction():
        db.run("DELETE FROM audit")
        for number, one in enumerate(kept, 1):
            values = [one[name] for name in names[1:6]]
            digest = db.digest(chained(number, Entry(*values), previous, one["state"]))
            db.run(
                said(
                    db,
                    "INSERT INTO audit (id, at, clerk_no, event, subject, detail, previous, hash, state)"
                    " VALUES (?,?,?,?,?,?,?,?,?)",
                ),
                number, *values, previous, digest, one["state"],
            )  # fmt: skip
            previous = digest
        _end(db, len(kept), previous)


def rewrite_entry(db: Store, number: int, **changed: str) -> None:
    """Change one entry, and chain all that come after it anew."""
    chained_anew(db, lambda entry: entry | changed if entry["id"] == number else entry)


def cut_tail(db: Store, count: int) -> None:
    """Take the last entries away, and say that the trail ends before them."""
    rows = db.rows("SELECT id, hash FROM audit ORDER BY id")
    last, digest = rows[-1 - count]
    free(db)
    with db.transaction():
        db.run(said(db, "DELETE FROM audit WHERE id > ?"), last)
        _end(db, last, digest)


def _end(db: Store, number: int, digest: bytes) -> None:
    told: dict[str, Any] = {}
    for (state,) in db.rows("SELECT state FROM audit WHERE state <> '' ORDER BY id"):
        told |= json.loads(state).get("sums", {})
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    seal = db.seal("trail_end", 1, number, digest, text)
    db.run(said(db, "UPDATE trail_end SET number = ?, hash = ?, told = ?, seal = ?"), number, digest, text, seal)


def told_anew(db: Store, tables: Iterable[str]) -> None:
    """Have the trail say what the tables come to now, in whatever entries spoke of them last."""
    now = {name: one.told() for name, one in db.tallies.sums().items()}
    last: dict[str, int] = {}
    for number, state in db.rows("SELECT id, state FROM audit WHERE state <> '' ORDER BY id"):
        last |= dict.fromkeys(json.loads(state).get("sums", {}), number)

    def change(entry: dict[str, Any]) -> dict[str, Any]:
        said = json.loads(entry["state"]) if entry["state"] else {}
        for table in tables:
            if last.get(table) == entry["id"]:
                said["sums"][table] = now[table]
            said.get("rows", {}).pop(table, None)
        return entry | {
            "state": json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if said else ""
        }

    chained_anew(db, change)
