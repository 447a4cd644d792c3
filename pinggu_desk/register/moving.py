"""Putting one register in another's place, so that after a crash at any step the old one or the new one is there, whole.

What is to come stands ready in a folder of its own (恢复中). A small file (恢复.json), written whole, is the point of no return:
from then on whoever looks for the register first does what is left to do. The one before is moved aside whole and is kept.
Only files are moved here; neither cipher nor database is needed, so that the door can do it before anybody is in.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pinggu_desk.register import entrance
from pinggu_desk.register.errors import RegisterDamaged
from pinggu_desk.register.files import as_register_error, locked, sync_file, sync_folder, write_whole

STAGE, MARK, LOCK = "恢复中", entrance.UNFINISHED, "register.restore.lock"
_MOVED = ("register.db-wal", "register.db-shm", "register.db", "register.keys")
_NOTE = "备份说明.json"
_A_DAY = 24 * 3600


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a register's folder while it is opened or exchanged: nobody opens what is being moved. Finishes a move first."""
    with locked(folder / LOCK):
        if (folder / MARK).exists():
            _finish(folder)
        yield


def settle(folder: Path) -> None:
    """Finish a move that was cut short. Raises RegisterError where the disk refuses: it is tried again the next time.

    What was put together for one that never came to it, and couldn't be taken away then, goes a day later: till then it may be
    another window's that has just begun.
    """
    if (folder / MARK).exists():
        with held(folder):
            pass
        return
    with suppress(OSError):
        if time.time() - (folder / STAGE).stat().st_mtime > _A_DAY:
            drop_stage(folder)


def stage_of(folder: Path) -> Path:
    """A fresh folder, for this user alone, in which what is to come is put together."""
    stage = folder / STAGE
    try:
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise as_register_error(error, folder) from error
    return stage


def drop_stage(folder: Path) -> None:
    """Take away what was put together and is not wanted."""
    if not (folder / MARK).exists():
        shutil.rmtree(folder / STAGE, ignore_errors=True)


def drop_keys(folder: Path) -> None:
    """Leave the key file of what stands ready out: the one that is there goes on. Raises `DiskFault`."""
    try:
        (folder / STAGE / "register.keys").unlink(missing_ok=True)
    except OSError as error:
        raise as_register_error(error, folder) from error


def exchange(folder: Path, aside: str, note: bytes, *, whole: bool = True) -> Path | None:
    """Put what stands ready in its place (with the folder held); returns where the one before is now, if there was one.

    ``aside`` names that folder, ``note`` is laid beside it; ``whole`` says that what lies there is a register, not what is left of
    one. Before the mark is written nothing has changed; after it the new register is the one that counts.
    """
    stage = folder / STAGE
    try:
        for path in stage.iterdir():
            sync_file(path)
        sync_folder(stage)
    except OSError as error:
        raise as_register_error(error, folder) from error
    before = any((folder / name).exists() for name in (("register.db",) if whole else _MOVED))
    mark = {"aside": aside if before else "", "note": note.decode()}
    write_whole(folder / MARK, json.dumps(mark, ensure_ascii=False).encode())
    _finish(folder)
    return folder / aside if before else None


def _finish(folder: Path) -> None:
    """What is left of a move, whatever was done already."""
    try:
        raw = json.loads((folder / MARK).read_bytes())
        aside, note = str(raw["aside"]), str(raw["note"]).encode()
        if Path(aside).name != aside:
            raise ValueError(aside)
    except OSError as error:
        raise as_register_error(error, folder) from error
    except (ValueError, KeyError, TypeError) as error:
        raise RegisterDamaged(f"“{folder / MARK}”看不懂，恢复没有做完；请保留整个文件夹，请维护人员查看。") from error
    stage = folder / STAGE
    try:
        if aside:
            _move_aside(folder, folder / aside, note)
        for name in ("register.keys", "register.db"):  # the database last: with it the register is there
            if (stage / name).exists():
                os.replace(stage / name, folder / name)
        sync_folder(folder)
        (folder / MARK).unlink()
        sync_folder(folder)
    except OSError as error:
        raise as_register_error(error, folder) from error
    with suppress(OSError):
        shutil.rmtree(stage)


def _move_aside(folder: Path, aside: Path, note: bytes) -> None:
    """Move the register of before aside, as far as that is still to be done: once its database is gone, the rest was."""
    stage = folder / STAGE
    if not (stage / "register.db").exists():
        return
    aside.mkdir(mode=0o700, exist_ok=True)
    if not (aside / "register.keys").exists() and (folder / "register.keys").exists():
        beside = aside / "register.keys.new"
        shutil.copyfile(
            folder / "register.keys", beside
        )  # a copy: where it is the same, it goes on standing where it is
        sync_file(beside)
        os.replace(beside, aside / "register.keys")
    if note:
        write_whole(aside / _NOTE, note)
    for name in _MOVED[:3]:
        if (folder / name).exists() and not (aside / name).exists():
            os.replace(folder / name, aside / name)
    sync_folder(aside)
    sync_folder(folder)
