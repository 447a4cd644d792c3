"""Alterations drawn at random, each with what has to be named first: by a database tool, in files, and by somebody who has the key."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Executable, Table, bindparam, delete, insert, select, update

from pinggu_desk.register.anchor import AnchorFile, Kept
from pinggu_desk.register.backupnotes import NOTE, note_bytes, read_note
from pinggu_desk.register.backups import seal_of
from pinggu_desk.register.database import Database
from pinggu_desk.register.sealing import ENTRY, is_counted
from pinggu_desk.register.statements import text_of
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import audit, metadata, tallies, trail_end
from pinggu_desk.register.trailcheck import Fault, claimed_end

from .tampering import (
    chained_anew,
    cut_tail,
    free,
    put_back_triggers,
    sealed_anew,
    summed_anew,
    told_anew,
    triggers,
)

#: tables of which each row counts; the trail is altered by hands of its own
TABLES = [table for table in metadata.sorted_tables if "sealed" in table.info]
#: whoever alters these is told of at the login, in a sentence of its own
_AT_LOGIN = {"trail_end": "末条登记", "tallies": "校验和", "meta": "人员名册", "signing_keys": "签发密钥"}


class Altered(NamedTuple):
    """What was altered. One of ``tables`` must be named first, with the row, or an entry of the trail by its ``number``.

    ``rows`` are keys of which the first fault names one (empty: any). ``until`` is the last entry that may be named where
    everything up to it was written anew. ``words`` are what a refusal to open says (a pattern).
    """

    what: str
    tables: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    number: int = 0
    until: int = 0
    words: str = ""

    def named_by(self, first: Fault) -> bool:
        """Whether what is told first names it."""
        if not first.what:
            return False
        if self.words and re.search(self.words, first.what):
            return True
        if self.number and self.number <= first.number <= max(self.number, self.until):
            return True
        return first.table in self.tables and (not self.rows or first.row in self.rows)


Hand = Callable[[Store, random.Random], Altered]


def _altered(value: Any, chance: random.Random) -> Any:
    if value is None:
        return "2020-01-01"
    if isinstance(value, int):
        return value + chance.choice((1, -1, 1000))
    if isinstance(value, bytes):
        at = chance.randrange(len(value)) if value else 0
        return value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :] if value else b"x"
    return chance.choice((value + "1", value[:-1], "别的")) if value else "别的"


def _row(db: Store, chance: random.Random, *, counted: bool = False) -> tuple[Table, dict[str, Any]]:
    """A row of any table, by its values; ``counted`` of one that has a sum."""
    while True:
        table = chance.choice(TABLES)
        if counted and not is_counted(table):
            continue
        rows = db.rows(select(*table.columns).order_by(*table.primary_key))
        if rows:
            return table, dict(zip((c.name for c in table.columns), chance.choice(rows), strict=True))


def _this(table: Table) -> list[Any]:
    return [column == bindparam(f"the_{column.name}") for column in table.primary_key]


def _key(table: Table, row: dict[str, Any]) -> list[Any]:
    return [row[column.name] for column in table.primary_key]


def _run(db: Store, statement: Executable, *values: Any) -> None:
    """As a database tool runs it: as mere text, so that no sum follows."""
    free(db, trail=getattr(statement, "table", None) is audit)
    with db.transaction():
        db.run(text_of(statement, db.kind), *values)


def _of_row(what: str, table: Table, row: dict[str, Any], *, gone: bool = False) -> Altered:
    key = "/".join(map(str, _key(table, row)))
    tables: tuple[str, ...] = (table.name,)
    rows: tuple[str, ...] = (key,)
    if table.name == "edits":  # each row is held against the one before, by case
        rows = (key, str(row["case_id"]))
    if gone and (table.info["held"] != ENTRY or table.name == "meta"):
        rows = (*rows, "")  # no entry told of a single row: the table is named, and how many rows are missing
    if table is tallies:  # a sum, or the table whose sum it is
        tables, rows = (tallies.name, row["name"]), ()
    return Altered(f"{what} {table.name} {key}", tables, rows, words=_AT_LOGIN.get(table.name, ""))


def change(db: Store, chance: random.Random, *, counted: bool = False) -> Altered:
    """Change one value of one row."""
    while True:
        table, row = _row(db, chance, counted=counted)
        keys = {column.name for column in table.primary_key}
        names = [name for name in row if name not in keys | ({"seal"} if counted else set()) and name != "version"]
        if not names or (table.name == "meta" and row["name"] == "practice"):
            continue
        name = chance.choice(names)
        value = _altered(row[name], chance)
        if value != row[name]:
            _run(db, update(table).where(*_this(table)).values({name: bindparam("new")}), value, *_key(table, row))
            return _of_row(f"{name} of", table, row)


def take_out(db: Store, chance: random.Random, *, counted: bool = False) -> Altered:
    """Take one row out."""
    while True:
        table, row = _row(db, chance, counted=counted)
        if table.name == "meta" and row["name"] in ("practice", "clerks"):
            continue
        _run(db, delete(table).where(*_this(table)), *_key(table, row))
        return _of_row("taken out", table, row, gone=True)


def put_in(db: Store, chance: random.Random) -> Altered:
    """Put a row in that looks like another one."""
    while True:
        table, row = _row(db, chance)
        if table in (tallies, trail_end) or table.name == "meta":
            continue
        last = list(table.primary_key)[-1].name
        row |= {last: row[last] + 1000 if isinstance(row[last], int) else row[last] + "9"}
        if table.name == "cases":
            row["number"] += "9"
        if table.name == "applicants":
            row["code"] = ""
        names = [column.name for column in table.columns]
        _run(db, insert(table), *(row[name] for name in names))
        return _of_row("put in", table, row)


def in_trail(db: Store, chance: random.Random) -> Altered:
    """Change, take out, swap, put in or cut off entries."""
    last = int(db.rows("SELECT max(id) FROM audit")[0][0])
    number, how = chance.randint(1, last), chance.randrange(6)
    this = audit.c.id == bindparam("this")
    if how == 0:
        _run(db, delete(audit).where(this), number)
    elif how == 1:
        _run(db, delete(audit).where(audit.c.id >= bindparam("this")), number)
    elif how == 2:
        number = chance.randint(1, last - 1)
        for was, now in ((number, -1), (number + 1, number), (-1, number + 1)):
            _run(db, update(audit).where(this).values(id=bindparam("now")), now, was)
    elif how == 3:
        row = dict(
            zip(
                (c.name for c in audit.columns),
                db.rows(select(*audit.columns).where(audit.c.id == number))[0],
                strict=True,
            )
        )
        number = last + 1
        _run(db, insert(audit), *({**row, "id": number, "subject": "另一件"}[c.name] for c in audit.columns))
    else:
        name = chance.choice(("at", "clerk_no", "event", "subject", "detail", "state", "hash"))
        ((before,),) = db.rows(select(audit.c[name]).where(audit.c.id == number))
        _run(db, update(audit).where(this).values({name: bindparam("new")}), _altered(before, chance), number)
    what = ("taken out", "cut off from", "swapped with the next", "put in as", "changed", "changed")[how]
    return Altered(f"entry {what} {number}", number=number, words=f"审计记录第 {number} 条")


def with_key(db: Store, chance: random.Random, kept: list[int]) -> Altered:
    """Alter, and make seals, sums and trail anew as far as one knows how. ``kept`` are the heads that the machine keeps."""
    before = triggers(db)
    try:
        return _with_key(db, chance, kept)
    finally:
        put_back_triggers(db, before)


def _with_key(db: Store, chance: random.Random, kept: list[int]) -> Altered:
    last, kind = int(db.rows("SELECT max(id) FROM audit")[0][0]), chance.randrange(5)
    if kind == 0:
        count = chance.randint(1, 4)
        cut_tail(db, count)
        return Altered(f"the last {count} entries", number=last - count + 1, until=_next(kept, last - count + 1))
    number = chance.randint(2, 12)
    if kind == 1:
        chained_anew(db, lambda one: one | {"clerk_no": "99"} if one["id"] == number else one)
        return Altered(f"entry {number} written anew", number=number, until=_next(kept, number))
    if kind == 2:
        chained_anew(db, lambda one: None if one["id"] == number else one)
        return Altered(f"entry {number} left out", number=number, until=_next(kept, number))
    done = (change if kind == 3 else take_out)(db, chance, counted=True)
    table = done.tables[0]
    sealed_anew(db, metadata.tables[table], "name <> 'practice'" if table == "meta" else "1 = 1")
    summed_anew(db, table)
    if chance.random() < 0.5:
        told = _told_from(db, table)
        told_anew(db, [table])
        return done._replace(
            what=f"{done.what}, and the trail", rows=(*done.rows, ""), number=told, until=_next(kept, told)
        )
    # the opening tells that the table is not what the last session left
    words = "|".join(filter(None, (done.words, str(metadata.tables[table].info["sealed"]))))
    return done._replace(what=f"{done.what}, sealed anew", rows=(*done.rows, ""), words=words)


def _next(kept: list[int], number: int) -> int:
    """The first head that is kept of what was written anew: up to there nobody can tell which entry it was."""
    return min((one for one in kept if one >= number), default=number)


def _told_from(db: Store, table: str) -> int:
    """The first entry that has to be written anew for the trail to say of a table what it comes to now."""
    states = [
        (int(number), json.loads(state))
        for number, state in db.rows("SELECT id, state FROM audit WHERE state <> '' ORDER BY id")
    ]
    rows = [number for number, told in states if table in told.get("rows", {})]
    sums = [number for number, told in states if table in told.get("sums", {})]
    return min(rows[:1] + sums[-1:], default=0)


def heads(anchor: AnchorFile, db: Store) -> list[int]:
    """The numbers of the heads that the machine keeps."""
    kept = anchor.read(db)
    return [number for number, _, _ in kept.points] if isinstance(kept, Kept) else []


def in_file(folder: Path, chance: random.Random) -> Altered:
    """Turn a bit of the database's file, or cut it."""
    path = folder / "register.db"
    content = bytearray(path.read_bytes())
    at = chance.randrange(len(content))
    if chance.random() < 0.2:
        path.write_bytes(bytes(content[:at]))
    else:
        content[at] ^= 1 << chance.randrange(8)
        path.write_bytes(bytes(content))
    return Altered(f"register.db at {at}", words="登记库.*(损坏|缺少)")


def in_key_file(folder: Path, chance: random.Random) -> Altered:
    """Change something of a colleague's slot or the recovery code's, or take the slot out."""
    path = folder / "register.keys"
    content = json.loads(path.read_bytes())
    if chance.random() < 0.2:
        content["clerks"].pop()
        path.write_text(json.dumps(content, ensure_ascii=False))
        return Altered("a key slot taken out", ("register.keys",), ("02",))
    slot, whose = chance.choice(((content["clerks"][-1], "02"), (content["recovery"], "")))
    lock = slot["lock"]
    holder, name = chance.choice(
        (
            (lock, "public"),
            (lock, "mark"),
            (lock["private"], "salt"),
            (lock["private"], "key"),
            (lock["private"], "nonce"),
        )
    )
    holder[name] = f"{int(holder[name][0], 16) ^ 1:x}{holder[name][1:]}"
    path.write_text(json.dumps(content, ensure_ascii=False))
    return Altered(f"{name} of the key slot {whose or 'of the recovery code'}", ("register.keys",), (whose,))


def in_backup(folder: Path, key: bytes, chance: random.Random) -> Altered:
    """Alter a backup: a bit of its file, its note, a key slot; or, with the key, a row with seal, sum, trail and note made anew."""
    how, name = chance.randrange(5), folder.name
    if how == 0:
        return in_file(folder, chance)._replace(what=f"{name}: a bit", words=f"备份“{name}”|登记库.*(损坏|缺少)")
    if how == 1:
        note = json.loads((folder / NOTE).read_bytes())
        which = chance.choice(("made_at", "why", "trail", "counts", "size", "program"))
        note[which] = {"size": 1, "trail": [1, "ab"], "counts": {"办件": 9}, "made_at": "2026-03-01T09:00:00"}.get(
            which, "别的"
        )
        (folder / NOTE).write_text(json.dumps(note, ensure_ascii=False))
        return Altered(f"{name}: {which} of the note", words="备份说明")
    if how == 2:
        return in_key_file(folder, chance)._replace(words="密钥文件|恢复码|口令记录")
    db = Database(folder / "register.db", key)
    try:
        before = triggers(db)
        done = (change if chance.random() < 0.5 else take_out)(db, chance, counted=True)
        table = done.tables[0]
        sealed_anew(db, metadata.tables[table], "name <> 'practice'" if table == "meta" else "1 = 1")
        summed_anew(db, table)
        told_anew(db, [table])
        put_back_triggers(db, before)
        note_of = read_note(folder)
        assert note_of is not None
    finally:
        db.close()
    data = (folder / "register.db").read_bytes()
    renewed = replace(note_of, size=len(data), sha256=hashlib.sha256(data).hexdigest())
    db = Database(folder / "register.db", key, read_only=True)
    number, head = claimed_end(db)
    renewed = replace(renewed, trail=(number, head.hex()))
    (folder / NOTE).write_bytes(note_bytes(replace(renewed, seal=seal_of(db, renewed))))
    db.close()
    return Altered(f"{name}: {done.what}, sealed anew with its note", words=f"备份“{name}”")


def put_back(folder: Path, older: Path, last: int) -> Altered:
    """Put the files of an earlier day in the place of today's; ``last`` is how far that day's trail goes."""
    shutil.rmtree(folder)
    shutil.copytree(older, folder)
    return Altered("yesterday's files", number=last + 1)
