"""Alterations drawn at random, of rows and of files, by hands with a database tool and by hands that have the key.

All are found, and what is told first names what was altered; nothing is found where nothing was.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from psycopg import sql

from pinggu_desk.places import data_home
from pinggu_desk.register import Register, errors, whereabouts
from pinggu_desk.register.engines import server as settings
from pinggu_desk.register.engines.postgresql import ServerDatabase
from pinggu_desk.register.engines.prepare import prepare
from pinggu_desk.register.store import Store
from pinggu_desk.register.trailcheck import Fault
from pinggu_desk.register.watch import machine_file
from tests.conftest import Counted

from .altering import (
    Altered,
    change,
    heads,
    in_backup,
    in_file,
    in_key_file,
    in_trail,
    put_back,
    put_in,
    take_out,
    with_key,
)
from .conftest import PASSWORD, Clock
from .postgres import Server, owner_of
from .test_taken_out import worked

OTHER = "Another-2025"


class Bench:
    """A register of a few days' work that is altered and put back as it was, again and again, in the same place.

    ``server`` is None for one in a file. What the machine keeps of it is put back with it.
    """

    def __init__(self, tmp: Path, server: Server | None) -> None:
        self.folder, self.kept, self.yesterday = tmp / "登记库", tmp / "原样", tmp / "昨天"
        self.server = server
        if server is not None:
            self.folder.mkdir()
            self.where = server.fresh()
            settings.write(self.folder, prepare(owner_of(self.where)))
        clock = Clock()
        made, _ = Register.create(
            self.folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD, window="03", now=clock
        )
        made.add_clerk("02", "示例乙", OTHER, "04")
        self.key = bytes(bytearray(made._key))
        worked(made).close()
        shutil.copytree(self.folder, self.yesterday)
        self.last_of_yesterday = self._day()
        self._day()
        register = self.opened()
        self.backup = register.backup(tmp / "备份")
        register.close()
        store = self.thief()
        self.heads = heads(machine_file(store, self.folder), store)
        store.close()
        shutil.copytree(self.folder, self.kept / "登记库")
        shutil.copytree(data_home() / "anchors", self.kept / "anchors")
        shutil.copytree(self.backup, self.kept / "备份")
        if server is not None:
            self._again("ALTER DATABASE {0} RENAME TO {1}")

    def _day(self) -> int:
        """A day's work; returns how far the trail went before it."""
        register = self.opened()
        before = register.anchor().number - 1
        register.set_answer(register.open_case("ss", "1").id, "投资额", "1万元")
        register.close()
        return before

    def _again(self, words: str) -> None:
        assert self.server is not None
        name = self.where.database
        with self.server.where().connect() as connection:
            connection.execute(sql.SQL(words).format(sql.Identifier(name), sql.Identifier(f"{name}_kept")))

    def restore(self) -> None:
        """All as it was."""
        places = ((self.folder, "登记库"), (data_home() / "anchors", "anchors"), (self.backup, "备份"))
        for place, kept in places:
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(self.kept / kept, place)
        if self.server is not None:
            self._again("DROP DATABASE IF EXISTS {0} WITH (FORCE)")
            self._again("CREATE DATABASE {0} TEMPLATE {1}")

    def opened(self) -> Register:
        return Register.open(self.folder, clerk_no="01", password=PASSWORD, now=Clock())

    def thief(self) -> Store:
        """The rows, for somebody with the register's key; on a server, for its administrator."""
        if self.server is None:
            return whereabouts.opened(self.folder, self.key, None)
        whole = owner_of(self.server.where(self.where.database))
        return ServerDatabase(whole, self.key, self.folder / "register.server")

    def by(self, hand: Callable[[Store, random.Random], Altered], chance: random.Random) -> Altered:
        """Let a hand alter rows."""
        store = self.thief()
        try:
            return hand(store, chance)
        finally:
            store.close()

    def first_of_backup(self) -> Fault:
        """What is told first of the backup before it is put in the register's place."""
        register = self.opened()
        try:
            assert register.warnings == ()
            return Fault((*register.rehearse(self.backup).faults, "")[0])
        except errors.RegisterError as error:
            return Fault(error.sentence)
        finally:
            register.close()

    def first(self) -> Fault:
        """What the next opening and a check tell first; an empty one where nothing is."""
        try:
            register = self.opened()
        except errors.RegisterError as error:
            return Fault(error.sentence)
        try:
            found = register.verify().faults
            return (*found, *map(Fault, register.warnings), Fault(""))[0]
        except errors.RegisterDamaged as error:
            return Fault(error.sentence)
        finally:
            register.close()


@pytest.fixture(params=["sqlcipher", "postgresql"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Bench:
    on_server = request.param == "postgresql"
    return Bench(tmp_path, request.getfixturevalue("postgres_server") if on_server else None)


def altered(bench: Bench, hand: str, chance: random.Random) -> Altered:
    """Have one thing altered by a hand."""
    if hand == "file":
        return in_file(bench.folder, chance)
    if hand == "backup":
        return in_backup(bench.backup, bench.key, chance)
    if hand == "keys":
        return in_key_file(bench.folder, chance)
    if hand == "yesterday":
        return put_back(bench.folder, bench.yesterday, bench.last_of_yesterday)
    if hand == "key":
        return bench.by(lambda db, chance: with_key(db, chance, bench.heads), chance)
    return bench.by({"change": change, "take out": take_out, "put in": put_in, "trail": in_trail}[hand], chance)


#: of each ten: six with a tool, files among them, and three by hands that have the key
ON_FILE = ("change", "take out", "put in", "trail", "backup", "file", "keys", "key", "key", "key")
ON_SERVER = ("change", "change", "take out", "put in", "trail", "trail", "backup", "key", "key", "key")


@pytest.mark.parametrize("few", [True, pytest.param(False, marks=pytest.mark.torture)])
def test_every_alteration_is_found_and_named_first(bench: Bench, few: bool, counted: Counted) -> None:
    """1,000 on a file, 200 on a server; a dozen or two of each in the small run. Yesterday's files are put back once."""
    chance, engine = random.Random(12), "a file" if bench.server is None else "a server"
    hands = ON_FILE if bench.server is None else ON_SERVER
    turns = (2 if bench.server is None else 1) if few else (100 if bench.server is None else 20)
    tried = list(hands * turns) + (["yesterday"] if bench.server is None else [])
    missed, unnamed = [], []
    for hand in tried:
        bench.restore()
        what = altered(bench, hand, chance)
        first = bench.first_of_backup() if hand == "backup" else bench.first()
        if not first.what:
            missed.append(what)
        elif not what.named_by(first):
            unnamed.append((what, first))
    counted(
        f"alterations of {engine}",
        tried=len(tried),
        by_key=tried.count("key"),
        of_backups=tried.count("backup"),
        missed=len(missed),
        not_named_first=len(unnamed),
    )
    assert missed == []
    assert not unnamed, "\n".join(f"{what}: {first}" for what, first in unnamed)


@pytest.mark.parametrize("times", [8, pytest.param(1000, marks=pytest.mark.torture)])
def test_nothing_is_found_where_nothing_was_altered(bench: Bench, times: int, counted: Counted) -> None:
    """Days of work, closed or cut off, on a register that nobody altered; on a server a fifth as many."""
    bench.restore()
    chance, times = random.Random(13), times if bench.server is None else max(times // 5, 4)
    false = []
    for turn in range(times):
        register = bench.opened()
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
