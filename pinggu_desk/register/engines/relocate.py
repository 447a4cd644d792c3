"""An office's register moves from a folder onto a server and back: every row with its seal, the trail whole, the key slots as they are.

All that arrives is there after one COMMIT, or nothing is. Just before it a small file (`register.moving`) says what is about to be
true; whoever opens the folder next after a crash asks the server whether it is, and ends what was begun (`settle`). What was there
before stays beside it under another name.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pinggu_desk.register import audit, checking, entrance, events, moving, outbox, roster, signing, standby
from pinggu_desk.register.backupnotes import ASIDE
from pinggu_desk.register.database import Database
from pinggu_desk.register.engines import server as settings
from pinggu_desk.register.engines.copying import Progress, to_file, to_server
from pinggu_desk.register.engines.postgresql import ServerDatabase
from pinggu_desk.register.engines.prepare import asked, trial, try_out
from pinggu_desk.register.engines.server import Server
from pinggu_desk.register.engines.serverkeys import KEEP, SLOTS
from pinggu_desk.register.errors import (
    InvalidEntry,
    RegisterBusy,
    RegisterDamaged,
    RegisterError,
    RegisterExists,
    RegisterMissing,
    ServerGone,
)
from pinggu_desk.register.files import as_register_error, refuse_unfolded, sync_folder, write_whole
from pinggu_desk.register.keystore import FolderStore
from pinggu_desk.register.roles import Act

if TYPE_CHECKING:
    from pinggu_desk.register.register import Register

MARK = entrance.MOVING
#: what lies beside a register, wherever it is, and is of that one alone: its public key, what waits to be joined to it
_OF_ONE = (signing.PUBLIC_FILE, outbox.FILE_NAME, standby.FOLDER)
#: behind the name of what is used no more
_UNUSED = "停用"
_FILES = (entrance.DATABASE, f"{entrance.DATABASE}-wal", f"{entrance.DATABASE}-shm", entrance.KEYS)


def move_to_server(register: Register, server: Server, progress: Progress | None = None) -> Path:
    """Move an open register onto a server that was made ready and has none; the register is closed then.

    Returns what the old database is called now. ``progress`` may raise to give it up. Raises `NotAllowed`, `RegisterExists` (the
    server has a register, or this one lies on a server), `RegisterBusy` (another window has it open), `RegisterDamaged` (what
    arrived is not what left), `ServerGone`, `ServerRefused`; everything is as it was then.
    """
    register.require(Act.BACKUP_RESTORE)
    source, folder = register._db, register.folder
    if not isinstance(source, Database):
        raise RegisterExists(f"“{folder}”的登记库已经在服务器上，不用再搬。")
    try_out(server)
    stamp = f"{register._now():%Y%m%d-%H%M%S}"
    with moving.held(folder):
        _alone(source, folder)
        register.record_event(events.MOVED_TO_SERVER, "登记库", server.called)  # before: it goes along
        with _ended(register, f"{server.called}：没有完成"), source.transaction():
            carry(source, FolderStore(folder).read(), register._key, server, folder, stamp, progress)
        _leave(register)
        _settle(folder)
    return folder / f"{entrance.DATABASE}.{entrance.MOVED}-{stamp}"


def move_here(register: Register, progress: Progress | None = None) -> None:
    """Move a register from its server into this machine's folder; every other window is told so at its next step.

    The rows on the server stay as they are, for nobody to go on with. Raises as `move_to_server`, and `InvalidEntry` while something
    waits to be joined.
    """
    register.require(Act.BACKUP_RESTORE)
    source, folder = register._db, register.folder
    if not isinstance(source, ServerDatabase):
        raise RegisterExists(f"“{folder}”的登记库就在本机，不用再搬。")
    if register.aside or register.aside_refused() or register.standby_waiting:
        raise InvalidEntry("断线时填的还有没并入的，没有搬；请先在“断线时没能并入的”中处理完。")
    token, stamp = secrets.token_hex(8), f"{register._now():%Y%m%d-%H%M%S}"
    with moving.held(folder):
        register.record_event(events.MOVED_HERE, "登记库", source.server.called)
        stage = moving.stage_of(folder)
        with _ended(register, f"{source.server.called}：没有完成", events.MOVED_HERE), source.transaction():
            source.take_time()  # nobody else writes meanwhile
            to_file(source, stage / entrance.DATABASE, progress)
            _look_over(stage / entrance.DATABASE, source.key)
            register._keys.copy_to(stage)
            write_whole(folder / MARK, _told({"to": "here", "token": token, "stamp": stamp}))
            roster.say_moved(source, token, register._now())
        _leave(register)
        _settle(folder)


def switch(register: Register, server: Server) -> None:
    """Let this machine use the register that there is on a server, instead of the one at work, which stays under another name.

    Raises `NotAllowed`, `RegisterMissing` (there is none), `ServerGone`, `ServerRefused`, `InvalidEntry` while something waits to be
    joined.
    """
    register.require(Act.BACKUP_RESTORE)
    folder = register.folder
    if trial(server).people is None:
        raise RegisterMissing(f"登记库服务器“{server.called}”上还没有登记库；要用它，请把本机的搬上去。")
    if register.aside or register.aside_refused() or register.standby_waiting:
        raise InvalidEntry("断线时填的还有没并入的，没有改；请先在“断线时没能并入的”中处理完。")
    stamp = f"{register._now():%Y%m%d-%H%M%S}"
    with moving.held(folder):
        if isinstance(register._db, Database):
            _alone(register._db, folder)
        try:
            write_whole(folder / MARK, _told({"to": "other", "server": asdict(server), "stamp": stamp}))
        except RegisterError:
            _stay(register)
            raise
        _leave(register)  # from the mark on the other one is meant
        _settle(folder)


def carry(
    source: Database, slots: bytes, key: bytes, server: Server, folder: Path, stamp: str, progress: Progress | None
) -> None:
    """All of a file onto a server in one transaction, looked over before it counts; the folder's mark stands just before that."""
    target = ServerDatabase(server, key, folder / entrance.SERVER)
    number, head = audit.claimed_end(source)
    mark = {"to": "server", "server": asdict(server), "number": number, "head": head.hex(), "stamp": stamp}
    try:
        with target.alone(), target.transaction():
            target.take_time()
            to_server(source, target, progress)
            target.run(KEEP, name=SLOTS, data=slots)
            if wrong := checking.faults(target):
                raise RegisterDamaged(f"搬到服务器“{server.called}”的登记库没有通过核验，本机的没有动：{wrong[0]}")
            write_whole(folder / MARK, _told(mark))
    finally:
        target.close()


# --- ending what a crash, or a connection that broke at the last moment, left open


def settle(folder: Path) -> None:
    """End a move that was cut short, one way or the other. Raises `ServerGone` where the server can't be asked which."""
    with moving.held(folder):
        _settle(folder)


def _settle(folder: Path) -> bool:
    """The same with the folder held; whether the move had been made."""
    try:
        mark: dict[str, Any] = json.loads((folder / MARK).read_bytes())
        to, stamp = str(mark["to"]), str(mark["stamp"])
        server = settings.read(folder) if to == "here" else Server(**mark["server"])
        moved = _was_made(to, server, mark)
    except FileNotFoundError:
        return False  # somebody else ended it
    except OSError as error:
        raise as_register_error(error, folder) from error
    except ServerGone as error:
        raise ServerGone(f"登记库搬到一半，要问过服务器才知道搬完没有；{error.sentence}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise RegisterDamaged(
            f"“{folder / MARK}”看不懂，搬没有搬完不能确定；请保留整个文件夹，请管理员查看。"
        ) from error
    try:
        if moved and to == "here":
            _take_place(folder, stamp)
        elif moved:
            settings.write(folder, server)
            called, names = (entrance.MOVED, _FILES) if to == "server" else (_UNUSED, (*_FILES, *_OF_ONE))
            for name in names:
                if (folder / name).exists():
                    (folder / name).replace(folder / f"{name}.{called}-{stamp}")
        moving.drop_stage(folder)
        sync_folder(folder)
        (folder / MARK).unlink()
    except OSError as error:
        raise as_register_error(error, folder) from error
    return moved


def _take_place(folder: Path, stamp: str) -> None:
    """What was brought from the server becomes the folder's register."""
    if (folder / moving.STAGE / entrance.DATABASE).exists():
        moving.exchange(folder, f"{ASIDE}{stamp}", b"")
    (folder / entrance.SERVER).replace(folder / f"{entrance.SERVER}.{_UNUSED}-{stamp}")


def _was_made(to: str, server: Server, mark: dict[str, Any]) -> bool:
    """Whether the move that a mark tells of was made; to use another register is nothing that could have been left half-way."""
    if to == "here":
        return _left(server, mark)
    return to == "other" or _has_entry(server, int(mark["number"]), str(mark["head"]))


def _has_entry(server: Server, number: int, head: str) -> bool:
    """Whether the trail on a server has that entry: all of it came in one transaction."""
    with asked(server) as connection:
        row = connection.execute("SELECT hash FROM audit WHERE id = %s", (number,)).fetchone()
        return row is not None and bytes(row[0]).hex() == head


def _left(server: Server, mark: dict[str, Any]) -> bool:
    with asked(server) as connection:
        row = connection.execute("SELECT value FROM meta WHERE name = %s", (roster.NAME,)).fetchone()
        return row is not None and str(mark["token"]) in str(row[0])


@contextmanager
def _ended(register: Register, told: str, event: str = events.MOVED_TO_SERVER) -> Iterator[None]:
    """Where a move fails, see to it that everything is as it was, and say so on the trail; where nobody can tell, close at once."""
    folder = register.folder
    try:
        yield
    except BaseException:
        try:
            moved = (folder / MARK).exists() and _settle_to_ask(folder)
        except RegisterError:
            _leave(register)  # the next opening asks again: till then nothing may be written here
            raise
        if moved:
            return
        moving.drop_stage(folder)
        with suppress(RegisterError):
            if isinstance(register._db, Database):
                register._db.rows("PRAGMA journal_mode = WAL")
            register.record_event(event, "登记库", told)
        raise


def _settle_to_ask(folder: Path) -> bool:
    """Whether the move was made after all; the mark of one that was not is taken away."""
    try:
        mark: dict[str, Any] = json.loads((folder / MARK).read_bytes())
        if mark["to"] == "server":
            moved = _has_entry(Server(**mark["server"]), int(mark["number"]), str(mark["head"]))
        else:
            moved = _left(settings.read(folder), mark)
        if not moved:
            (folder / MARK).unlink()
    except OSError as error:
        raise as_register_error(error, folder) from error
    return moved


def _stay(register: Register) -> None:
    """Go on with the register that is open: no mark may stay that would have it put aside, with all that is still written to it."""
    try:
        (register.folder / MARK).unlink(missing_ok=True)
    except OSError as error:
        _leave(register)  # the next opening ends it, one way or the other
        raise as_register_error(error, register.folder) from error
    if isinstance(register._db, Database):
        with suppress(RegisterError):
            register._db.rows("PRAGMA journal_mode = WAL")


def _leave(register: Register) -> None:
    """End the session with the register that it was in."""
    register._at_work = False
    register.close()


def _alone(source: Database, folder: Path) -> None:
    """Refuse while another window or program has the register open: what it writes would be left behind."""
    try:
        source.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        source.rows("PRAGMA journal_mode = DELETE")
    except RegisterError as error:
        raise RegisterBusy(f"“{folder}”的登记库还开在别的窗口或程序里，没有搬；请把其他窗口都关闭后再试。") from error


def _look_over(path: Path, key: bytes) -> None:
    file = Database(path, key)
    try:
        if wrong := checking.faults(file):
            raise RegisterDamaged(f"从服务器搬回的登记库没有通过核验，没有搬：{wrong[0]}")
    finally:
        file.close()
    refuse_unfolded(path)


def _told(mark: dict[str, Any]) -> bytes:
    return json.dumps(mark, ensure_ascii=False).encode()


__all__ = ["MARK", "carry", "move_here", "move_to_server", "settle"]
