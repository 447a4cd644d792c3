"""A register that goes from one place to another, and what is read of it whole, while calls to the disk fail (`failing_runs`).

Run as `python -m tests.reliability.failing_moves FOLDER SCENARIO ONE_IN SERVERS KINDS`: as `failing_runs`, with two databases of a real
server that were made ready, each as its owner and as its windows come in (JSON). The server's own disk is well: a broken line and a
killed server are other tests'. Wherever a move is cut, the register is on one side, whole, and the next try does it.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from psycopg import sql

from pinggu_desk.documents.books.ledger import LedgerCase
from pinggu_desk.documents.books.ledgerbook import ledger_book_bytes
from pinggu_desk.documents.pdf.pdfdoc import save
from pinggu_desk.policy.errors import DeskError
from pinggu_desk.register import Register, RegisterError, errors, events, moving
from pinggu_desk.register.audit import Wanted
from pinggu_desk.register.engines import relocate
from pinggu_desk.register.engines.postgresql import connect
from pinggu_desk.register.engines.relocate import move_here, move_to_server, switch
from pinggu_desk.register.engines.restoration import establish_onto, restore_onto
from pinggu_desk.register.engines.server import Server
from pinggu_desk.register.records import Case
from pinggu_desk.register.restoring import establish
from pinggu_desk.register.tables import metadata
from pinggu_desk.work.trail import trail_book, verify_register

from . import failing_runs
from .failing_runs import APPLICANT, DONE, NAME, Failing, Place
from .typist import Day, seen
from .writer import PASSWORD

MADE = datetime(2026, 3, 2, 18)


class Ready(NamedTuple):
    """A database that was made ready: how its owner comes in, and how its windows do."""

    owner: Server
    windows: Server

    def emptied(self) -> Server:
        """The same with nothing in it, as an office's that has no register yet."""
        tables = ["applicant_grams", *(table.name for table in reversed(metadata.sorted_tables))]
        connection = connect(self.owner)
        connection.execute(
            "ALTER TABLE audit DISABLE TRIGGER USER; ALTER TABLE meta DISABLE TRIGGER USER"
        )  # they keep even the owner
        for name in tables:  # few rows: TRUNCATE would make some hundred files anew
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        connection.execute("ALTER TABLE audit ENABLE TRIGGER USER; ALTER TABLE meta ENABLE TRIGGER USER")
        connection.close()
        return self.windows


class Servers(NamedTuple):
    """Two of them: a restore goes from one into the other."""

    one: Ready
    other: Ready


def at_home(place: Place) -> None:
    """What this machine keeps elsewhere of the register lies on the same disk, and is gone with each run."""
    os.environ["PINGGU_DESK_HOME"] = str(place.folder.parent / "本机")


def sound(place: Place, *days: Day) -> str:
    """Which engine the register is on now: it opens without a warning, is one of these days, whole, and nothing is left behind.

    What couldn't be taken away while the disk refused is gone once another window can't be at it any more.
    """
    stage = place.folder / moving.STAGE
    if stage.exists():
        os.utime(stage, (0, 0))
    register = place.open()
    assert register.warnings == (), register.warnings
    assert seen(register, NAME, APPLICANT) in [day.seen() for day in days]
    assert register.check() == []
    register.close()
    left = [path.name for path in place.folder.iterdir() if path.name in (moving.STAGE, moving.MARK, relocate.MARK)]
    assert left == [], left
    return register._db.kind


def worked_on(register: Register) -> Day:
    """Two more steps than the backup has."""
    day = Day(NAME, DONE)
    day.go_on(register, APPLICANT)
    day.step()
    day.step()
    return day


def onto_server(servers: Servers, place: Place, failing: Failing) -> None:
    """The folder's register or the server's is the one that counts; nobody works on two."""
    at_home(place)
    server, register = servers.one.emptied(), place.open()
    try:
        with failing():
            move_to_server(register, server)
    finally:
        register.close()
        if sound(place, Day(NAME, DONE)) == "sqlcipher":
            move_to_server(place.open(), servers.one.emptied())
        assert sound(place, Day(NAME, DONE)) == "postgresql" and not (place.folder / "register.db").exists()


def back_here(servers: Servers, place: Place, failing: Failing) -> None:
    """The same the other way."""
    at_home(place)
    move_to_server(place.open(), servers.one.emptied())
    register = place.open()
    try:
        with failing():
            move_here(register)
    finally:
        register.close()
        if sound(place, Day(NAME, DONE)) == "postgresql":
            move_here(place.open())
        assert sound(place, Day(NAME, DONE)) == "sqlcipher"


def switched(servers: Servers, place: Place, failing: Failing) -> None:
    """The register that there is on a server already is the one that counts, or the folder's goes on, with all that is written to it."""
    at_home(place)
    there = Place(place.folder.parent / "别处的", place.backups)
    failing_runs.prepare(there.folder)
    move_to_server(there.open(), servers.one.emptied())
    register = place.open()
    try:
        with failing():
            switch(register, servers.one.windows)
    finally:
        register.close()
        if sound(place, Day(NAME, DONE)) == "sqlcipher":
            switch(place.open(), servers.one.windows)
        assert sound(place, Day(NAME, DONE)) == "postgresql" and not (place.folder / "register.db").exists()


def restored_into(servers: Servers, place: Place, failing: Failing) -> None:
    """A backup of a server's register becomes that of another database, or the one of before stays at work."""
    at_home(place)
    move_to_server(place.open(), servers.one.emptied())
    register = place.open()
    register.backup(place.backups)
    day, target = worked_on(register), servers.other.emptied()
    try:
        with failing():
            restore_onto(register, place.backups, target)
    finally:
        register.close()
        sound(place, day, Day(NAME, DONE))
        again = place.open()
        if seen(again, NAME, APPLICANT) == day.seen():
            restore_onto(again, place.backups, servers.other.emptied())
        again.close()
        assert sound(place, Day(NAME, DONE)) == "postgresql"


def backed_up_and_lost(place: Place) -> tuple[str, set[str]]:
    """The machine is gone, and a stick is there: whose register it was, and which numbers it gave out after the backup."""
    register = place.open()
    office = register.register_id
    register.backup(place.backups)
    given = {register.open_case("ss", "1").number for _ in range(2)}
    register.close()
    shutil.rmtree(place.folder)
    os.environ["PINGGU_DESK_HOME"] = str(place.folder.parent / "另一台")
    return office, given


def established(place: Place, failing: Failing, do: Callable[[], object]) -> None:
    """A register is there whole under the office's identity, or can be made; no number comes again."""
    office, given = backed_up_and_lost(place)
    try:
        with failing():
            do()
    finally:
        try:
            place.open().close()
        except errors.RegisterMissing:
            do()
        sound(place, Day(NAME, DONE))
        register = place.open()
        assert register.register_id == office and register.open_case("ss", "1").number not in given
        assert (place.folder / "office.pub").exists()
        register.close()


def from_backup(_servers: Servers, place: Place, failing: Failing) -> None:
    at_home(place)
    established(place, failing, lambda: establish(place.folder, place.backups, clerk_no="01", password=PASSWORD))


def from_backup_onto_server(servers: Servers, place: Place, failing: Failing) -> None:
    at_home(place)

    def do() -> None:
        establish_onto(place.folder, place.backups, servers.one.emptied(), clerk_no="01", password=PASSWORD)

    established(place, failing, do)


def verified(_servers: Servers, place: Place, failing: Failing) -> None:
    """A disk that fails is not taken for somebody who altered something: sound, or a sentence."""
    at_home(place)
    register = place.open()
    try:
        with failing():
            done = verify_register(register)
            unread = [
                fault for fault in done.faults if "读不出来" in fault.what
            ]  # what this machine keeps of it elsewhere
            assert len(done.faults) == len(unread) <= 1, done.faults
    finally:
        assert register.verify().sound
        register.close()
        sound(place, Day(NAME, DONE))


def written_out(_servers: Servers, place: Place, failing: Failing) -> None:
    """The day's ledger and the auditor's list: whole, or the older file, and on the trail before they are anywhere."""
    at_home(place)
    place.backups.mkdir(parents=True)
    register, before = place.open(), b"PK before" * 9000
    out = [place.backups / "台账.xlsx", place.backups / "审计.xlsx"]
    for path in out:
        path.write_bytes(before)
    wrote: list[bytes] = []
    try:
        with failing():
            cases = [_line(one) for one in register.recent()]
            register.record_event(events.LEDGER_EXPORTED, "台账", f"{len(cases)} 件")
            wrote.append(ledger_book_bytes(cases, MADE, office="", clerk="", picked="", anchor=register.anchor().code))
            save(wrote[-1], out[0])
            wrote.append(trail_book(register, register.trail(Wanted()), Wanted(), MADE))
            save(wrote[-1], out[1])
    except DeskError as error:
        raise error if isinstance(error, RegisterError) else RegisterError(error.sentence) from error
    finally:
        told = [row.event for row in register.audit_rows(6)]
        for path, event, data in zip(
            out, (events.LEDGER_EXPORTED, events.TRAIL_EXPORTED), [*wrote, b"", b""], strict=False
        ):
            assert path.read_bytes() in (before, data)
            assert path.read_bytes() == before or event in told
        assert sorted(one.name for one in place.backups.iterdir()) == sorted(path.name for path in out)
        register.close()
        sound(place, Day(NAME, DONE))


def _line(one: Case) -> LedgerCase:
    return LedgerCase(one.number, "示例公司", one.policy_id, one.on, one.opened_at, one.state, one.clerk_no, "1", ())


SCENARIOS: dict[str, Callable[[Servers, Place, Failing], None]] = {
    "onto a server": onto_server, "back from a server": back_here, "another on a server": switched, "restored into a server": restored_into,
    "established": from_backup, "established on a server": from_backup_onto_server, "verified": verified,
    "ledger and trail": written_out,
}  # fmt: skip


def main(folder: str, scenario: str, one_in: str, told: str, kinds: str = ",".join(failing_runs.KINDS)) -> None:
    made: list[list[dict[str, Any]]] = json.loads(told)
    servers = Servers(*(Ready(Server(**owner), Server(**windows)) for owner, windows in made))
    failing_runs.SCENARIOS.update({name: partial(act, servers) for name, act in SCENARIOS.items()})
    failing_runs.main(folder, scenario, one_in, kinds)


if __name__ == "__main__":
    main(*sys.argv[1:])
