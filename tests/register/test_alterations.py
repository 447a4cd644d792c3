"""Alterations drawn at random, of rows and of files, by somebody with a database tool and by somebody who has the key: all are found."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Executable, Table, bindparam, delete, select, update

from pinggu_desk.places import data_home
from pinggu_desk.register import Register, errors, events, passwords
from pinggu_desk.register.sealing import is_counted
from pinggu_desk.register.statements import text_of
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import audit, metadata
from tests.conftest import Counted

from .conftest import PASSWORD, Clock
from .tampering import FREE, by_tool, chained_anew, cut_tail, sealed_anew, summed_anew, told_anew
from .test_taken_out import worked

#: tables of which each row counts; the trail is altered by hands of its own
_TABLES = [table for table in metadata.sorted_tables if "sealed" in table.info]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A worked register, closed."""
    before, passwords.COST = passwords.COST, (1, 8, 1)
    folder = tmp_path_factory.mktemp("worked") / "登记库"
    register, _ = Register.create(
        folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD, window="03", now=Clock()
    )
    worked(register).close()
    passwords.COST = before
    return folder


def opened(folder: Path) -> Register:
    return Register.open(folder, clerk_no="01", password=PASSWORD, now=Clock())


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
    """A row of any table, by its values."""
    while True:
        table = chance.choice(_TABLES)
        if counted and not is_counted(table):
            continue
        rows = db.rows(select(*table.columns))
        if rows:
            return table, dict(zip((c.name for c in table.columns), chance.choice(rows), strict=True))


def _this(table: Table) -> list[Any]:
    """The condition that names one row by its key."""
    return [column == bindparam(f"the_{column.name}") for column in table.primary_key]


def _key(table: Table, row: dict[str, Any]) -> list[Any]:
    return [row[column.name] for column in table.primary_key]


def change(db: Store, chance: random.Random, *, counted: bool = False) -> str:
    """Change one value of one row; the table's name."""
    while True:
        table, row = _row(db, chance, counted=counted)
        keys = {column.name for column in table.primary_key}
        names = [name for name in row if name not in keys | ({"seal"} if counted else set()) and name != "version"]
        if not names:
            continue
        name = chance.choice(names)
        value = _altered(row[name], chance)
        if value != row[name] and not (table.name == "meta" and row["name"] == "practice"):
            _run(db, update(table).where(*_this(table)).values({name: bindparam("new")}), value, *_key(table, row))
            return table.name


def take_out(db: Store, chance: random.Random, *, counted: bool = False) -> str:
    """Take one row out; the table's name."""
    while True:
        table, row = _row(db, chance, counted=counted)
        if table.name == "meta" and row["name"] in ("practice", "clerks"):
            continue
        _run(db, delete(table).where(*_this(table)), *_key(table, row))
        return table.name


def _run(db: Store, statement: Executable, *values: Any) -> None:
    """As a database tool runs it: as mere text, so that no sum follows."""
    db.rows("PRAGMA foreign_keys = OFF")
    with db.transaction():
        db.run(text_of(statement, db.kind), *values)


def in_trail(db: Store, chance: random.Random) -> str:
    """Change, or take out, an entry."""
    last = int(db.rows("SELECT max(id) FROM audit")[0][0])
    number = chance.randint(1, last)
    name = chance.choice(("at", "clerk_no", "event", "subject", "detail", "state", "hash"))
    by_tool(db, *FREE)
    this = audit.c.id == bindparam("this")
    if chance.random() < 0.3:
        _run(db, delete(audit).where(audit.c.id >= bindparam("this") if chance.random() < 0.3 else this), number)
    else:
        ((before,),) = db.rows(select(audit.c[name]).where(audit.c.id == number))
        _run(db, update(audit).where(this).values({name: bindparam("new")}), _altered(before, chance), number)
    return "audit"


def _mended(db: Store, table: str, chance: random.Random) -> None:
    sealed_anew(db, metadata.tables[table], "name <> 'practice'" if table == "meta" else "1 = 1")
    summed_anew(db, table)
    if chance.random() < 0.5:
        told_anew(db, [table])


def with_key(db: Store, chance: random.Random) -> str:
    """Alter, and make seals, sums and trail anew as far as one knows how."""
    kind = chance.randrange(5)
    if kind == 0:
        cut_tail(db, chance.randint(1, 4))
        return "audit"
    if kind == 1:
        number = chance.randint(2, 12)
        chained_anew(db, lambda one: one | {"clerk_no": "99"} if one["id"] == number else one)
        return "audit"
    if kind == 2:
        number = chance.randint(2, 12)
        chained_anew(db, lambda one: None if one["id"] == number else one)
        return "audit"
    table = (change if kind == 3 else take_out)(db, chance, counted=True)
    _mended(db, table, chance)
    return table


def in_file(folder: Path, chance: random.Random) -> str:
    """Turn a bit of the database's file, or cut it."""
    path = folder / "register.db"
    content = bytearray(path.read_bytes())
    at = chance.randrange(len(content))
    if chance.random() < 0.2:
        path.write_bytes(bytes(content[:at]))
    else:
        content[at] ^= 1 << chance.randrange(8)
        path.write_bytes(bytes(content))
    return "register.db"


def told_of(folder: Path) -> str:
    """What the next opening and a check say is wrong first; empty where nothing is."""
    try:
        register = opened(folder)
    except errors.RegisterError as error:
        return error.sentence
    try:
        found = register.verify().faults
        return (register.warnings or tuple(fault.what for fault in found) or ("",))[0]
    except errors.RegisterDamaged as error:
        return error.sentence
    finally:
        register.close()


@pytest.mark.parametrize("each", [12, pytest.param(100, marks=pytest.mark.torture)])
def test_every_alteration_is_found_and_named(template: Path, tmp_path: Path, each: int, counted: Counted) -> None:
    """Of each ten: two values changed, two rows taken out, one entry, two of the file, three by somebody who has the key."""
    chance = random.Random(12)
    hands: list[Callable[[Store, random.Random], str] | None] = [
        change, change, take_out, take_out, in_trail, None, None, with_key, with_key, with_key,
    ]  # fmt: skip
    if each < 100:
        hands = [change, take_out, in_trail, None, with_key]
    missed, tried, by_key = [], 0, 0
    folder, home = tmp_path / "登记库", data_home() / "anchors"
    for turn in range(each):
        for hand in hands:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.rmtree(home, ignore_errors=True)
            shutil.copytree(template, folder)
            opened(folder).close()  # the machine keeps its head
            if hand is None:
                where = in_file(folder, chance)
            else:
                thief = opened(folder)
                thief.record_event(events.LOGGED_OUT, "工号01")
                thief.keep_head(closed=True)
                thief._at_work = False
                where = hand(thief._db, chance)
                thief.close()
            tried, by_key = tried + 1, by_key + (hand is with_key)
            if not told_of(folder):
                missed.append((turn, getattr(hand, "__name__", "file"), where))
    counted("alterations", tried=tried, by_key=by_key, missed=len(missed))
    assert missed == []


@pytest.mark.parametrize("times", [8, pytest.param(1000, marks=pytest.mark.torture)])
def test_nothing_is_found_where_nothing_was_altered(
    template: Path, tmp_path: Path, times: int, counted: Counted
) -> None:
    """Days of work, closed or cut off, on a register that nobody altered."""
    chance = random.Random(13)
    folder = tmp_path / "登记库"
    shutil.copytree(template, folder)
    false = []
    for turn in range(times):
        register = opened(folder)
        for _ in range(chance.randint(0, 3)):
            case = register.open_case("ss", "1")
            register.set_answer(case.id, "投资额", f"{turn}万元")
            register.set_material(case.id, "营业执照", "已收")
        found = (*register.warnings, *(fault.what for fault in register.verify().faults))
        if found:
            false.append((turn, found))
        if chance.random() < 0.3:
            register._at_work = False  # the power goes
        register.close()
    counted("clean openings", tried=times, false=len(false))
    assert false == []
