"""Backups (备份): a whole copy under the register's own key, checked row by row before it counts, older ones thinned after.

A copy is made on a connection of its own by the database's online copy, so that it may run on any thread while a clerk goes
on typing. It is written into a folder that says 未完成 until it was synced, read back and checked; only then it gets its name.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from typing_extensions import override

from pinggu_desk import __version__
from pinggu_desk.policy.errors import reason_of
from pinggu_desk.register import audit, backupnotes, checking, database, entrance, events, tables, whereabouts
from pinggu_desk.register.backupnotes import PART, Backup, Note
from pinggu_desk.register.backupplan import PlanFile
from pinggu_desk.register.database import Database
from pinggu_desk.register.errors import BackupFailed, DiskFault, DiskFull, InvalidEntry, Overtaking, RegisterError
from pinggu_desk.register.files import as_register_error, has_no_room, sync_file, sync_folder, write_whole
from pinggu_desk.register.keys import KeyFile
from pinggu_desk.register.keystore import FolderStore
from pinggu_desk.register.migrations import BeforeUpgrade
from pinggu_desk.register.overtaking import refuse_unseen
from pinggu_desk.register.roles import Act
from pinggu_desk.register.shelf import Shelf, needs
from pinggu_desk.register.store import Breathe, Store
from pinggu_desk.register.thinning import BOUNDS, Keep, Kept, keep_words, to_remove

BY_HAND, AFTER_WORK, BEFORE_UPGRADE, ONTO_STICK = "手动", "收工", "升级前", "插入备份盘"
#: so old is what another machine began and never finished
_ABANDONED = timedelta(days=1)
_ROOM = 1 << 20  # bytes left over on the disk behind a copy
_STEPS = 10_000  # of SQLite's own, between two looks at whether somebody waits: some hundred a second
#: where the copies from before an upgrade lie, in the register's own folder
UPGRADES = "升级前"
#: what stands before a backup's digest in its entry
DIGEST = "SHA-256 "
_REFUSED = {errno.EROFS: "磁盘只读", errno.EACCES: "没有写入权限", errno.EPERM: "没有写入权限"}
_COUNTED = {
    what: select(func.count()).select_from(table)
    for what, table in {
        "申请人": tables.applicants, "办件": tables.cases, "文书": tables.documents, "已享受支持": tables.awards,
    }.items()
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """What a backup is made from: enough to open the register once more, on whatever thread the copy is made."""

    path: Path
    key: bytes
    keys: KeyFile
    register: str
    now: Callable[[], datetime]


class QuietDatabase(Database):
    """A connection for work behind the clerk's back: between rows, and within what takes long, it lets whoever waits go first."""

    def __init__(self, path: Path, key: bytes, *, read_only: bool = False, breathe: Breathe | None = None) -> None:
        self.breathe = breathe
        super().__init__(path, key, read_only=read_only)

    @override
    def _set_up(self, connection: Any) -> None:
        super()._set_up(connection)
        if self.breathe is not None:  # what it raises breaks the statement off
            connection.set_progress_handler(self.breathe, _STEPS)


def opened_quietly(source: Source, breathe: Breathe | None = None, *, read_only: bool = True) -> Store:
    """The register once more, for reading on another thread; on its server where it lies there."""
    if whereabouts.on_server(source.path.parent):
        rows = whereabouts.server_rows(source.path.parent, source.key)
        rows.breathe = breathe
        return rows
    return QuietDatabase(source.path, source.key, read_only=read_only, breathe=breathe)


def make_backup(
    source: Source, place: Path, why: str = BY_HAND, *, keep: Keep | None = None, breathe: Breathe | None = None
) -> Backup:
    """Make a checked backup in a new folder of its own under ``place``, thin older ones where ``keep`` says so, and return it.

    Raises `BackupFailed`, `DiskFull`, `DiskFault`; what was begun is then taken away, older backups stand as they did.
    """
    at = source.now()
    target = place / backupnotes.name_at(at)
    part = place / f"{target.name}{PART}"
    try:
        if target.exists():
            raise BackupFailed(f"“{target}”已经存在，本次没有备份；请过一秒再试。")
        place.mkdir(parents=True, exist_ok=True)
        clear_unfinished(source.register, place, at)
        part.mkdir(mode=0o700)
        _write(source, part, Note(source.register, at.isoformat(timespec="seconds"), why, __version__), breathe)
        part.rename(target)
        sync_folder(place)
    except BaseException as error:
        with suppress(OSError):
            shutil.rmtree(part)
        if isinstance(error, (OSError, RegisterError)) and not isinstance(error, BackupFailed):
            raise _told(error, place, source.path.parent) from error
        raise
    made = backupnotes.backup_at(target)
    if made is None:
        raise BackupFailed(f"“{target}”写完后又不见了，没有备份成；请检查磁盘是否还接着。")
    if keep is not None:
        thin(source, place, keep, at)
    return made


def _write(source: Source, part: Path, note: Note, breathe: Breathe | None) -> None:
    """Copy, sync, read back and check; the note last says what was checked."""
    copy, epoch = part / database.FILE_NAME, source.keys.epoch()
    write_whole(part / backupnotes.NOTE, backupnotes.note_bytes(replace(note, machine=backupnotes.machine())))
    db = opened_quietly(source, breathe, read_only=False)
    try:
        _refuse_small(part, source.path)
        db.copy_to(copy)
    finally:
        db.close()
    os.chmod(copy, 0o600)  # noqa: PTH101
    sync_file(copy)
    _forget_cached(copy)
    source.keys.copy_to(part)
    if KeyFile(FolderStore(part), source.now).epoch() != epoch:
        raise BackupFailed("备份的时候登记库换了密钥（有人员被移除），这一份已作废；请再备份一次。")
    checked = QuietDatabase(copy, source.key, read_only=True, breathe=breathe)
    try:
        found = checking.faults(checked)
        if found:
            raise BackupFailed(
                f"备份写出后未通过核验（{found[0]}），已作废；请先核验登记库，登记库完好就换一个磁盘再备份。"
            )
        counts = {what: int((checked.row(query) or (0,))[0]) for what, query in _COUNTED.items()}
        number, head = audit.claimed_end(checked)
        full = replace(
            note, counts=counts, trail=(number, head.hex()), size=copy.stat().st_size,
            sha256=backupnotes.digest_of(copy), machine=backupnotes.machine(),
        )  # fmt: skip
        full = replace(full, seal=seal_of(checked, full))
    finally:
        checked.close()
    write_whole(part / backupnotes.NOTE, backupnotes.note_bytes(full))


def before_upgrade(folder: Path, key: bytes, keys: KeyFile, now: Callable[[], datetime]) -> BeforeUpgrade:
    """What keeps a register of an earlier schema whole before it is brought up: a copy in a folder of its own beside it.

    Where the copy can't be made, the upgrade isn't begun. Such a copy is kept until somebody takes it away.
    """

    def keep(copy_to: Callable[[Path], None], had: int, wanted: int) -> None:
        place, at = folder / UPGRADES, now()
        part = place / f"{backupnotes.name_at(at)}-库版本{had}{PART}"
        copy = part / database.FILE_NAME
        try:
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir(parents=True, mode=0o700)
            _refuse_small(part, folder / database.FILE_NAME)
            copy_to(copy)
            os.chmod(copy, 0o600)  # noqa: PTH101
            sync_file(copy)
            keys.copy_to(part)
            _accept_old(copy, key)
            note = Note(
                entrance.register_id(folder), at.isoformat(timespec="seconds"),
                f"{BEFORE_UPGRADE}（库版本 {had} 升至 {wanted}）", __version__,
                size=copy.stat().st_size, sha256=backupnotes.digest_of(copy), machine=backupnotes.machine(),
            )  # fmt: skip
            write_whole(part / backupnotes.NOTE, backupnotes.note_bytes(_with_seal(note, copy, key)))
            part.rename(part.with_name(part.name.removesuffix(PART)))
            sync_folder(place)
        except BaseException as error:
            with suppress(OSError):
                shutil.rmtree(part)
            if isinstance(error, OSError):
                raise as_register_error(error, folder) from error
            raise

    return keep


def _with_seal(note: Note, copy: Path, key: bytes) -> Note:
    db = Database(copy, key, read_only=True)
    try:
        return replace(note, seal=seal_of(db, note))
    finally:
        db.close()


def _accept_old(copy: Path, key: bytes) -> None:
    """Look a copy of an earlier schema over: its pages and references, since its rows are judged by today's tables later."""
    db = Database(copy, key, read_only=True)
    try:
        found = db.faults()
    finally:
        db.close()
    if found:
        raise BackupFailed(f"升级前的备份没有通过核验（{found[0]}），登记库没有升级，仍是原样；请从最近的备份恢复。")


def thin(source: Source, place: Path, keep: Keep, now: datetime) -> list[str]:
    """Take away older backups of this register in a folder, as ``keep`` says; returns their names.

    Only what has its note, sealed with the register's key, and the length that this says counts as good and may go.
    """
    own = [one for one in backupnotes.backups_in(place) if one.register == source.register and one.note is not None]
    db = opened_quietly(source)
    try:
        kept = [
            Kept(one.name, one.at, one.whole and seal_of(db, one.note) == one.note.seal)
            for one in own
            if one.note is not None
        ]
    finally:
        db.close()
    gone = to_remove(kept, now, keep)
    for name in gone:
        remove(place / name)
    clear_unfinished(source.register, place, now)
    return gone


def remove(folder: Path) -> None:
    """Take a backup away whole: after a crash in the middle it is called 未完成, and is cleared the next time."""
    doomed = folder.with_name(f"{folder.name}{PART}")
    try:
        folder.rename(doomed)
        for path in doomed.iterdir():
            if path.is_file() and path.name != backupnotes.NOTE:  # the note last: by it we know whose it is
                path.unlink()
        shutil.rmtree(doomed)
        sync_folder(folder.parent)
    except OSError as error:
        raise as_register_error(error, folder.parent) from error


def seal_of(db: Store, note: Note) -> str:
    """The seal of a note under the database's key."""
    return db.digest(["backup note", *note.sealed()]).hex()


def clear_unfinished(register: str, place: Path, now: datetime) -> None:
    """Clear what a backup of ours that was cut short has left here; another machine's only when it is long ago."""
    for path, note in backupnotes.unfinished_in(place):
        ours = note is not None and (note.register, note.machine) == (register, backupnotes.machine())
        with suppress(OSError):
            if ours or now - datetime.fromtimestamp(path.stat().st_mtime) > _ABANDONED:
                shutil.rmtree(path)


def _refuse_small(place: Path, path: Path) -> None:
    """Raises `DiskFull` where the copy has no room, before the disk is filled up with half of it."""
    with suppress(OSError):
        log = path.with_name(f"{path.name}-wal")
        wanted = path.stat().st_size + (log.stat().st_size if log.exists() else 0)
        free = shutil.disk_usage(place).free
        if free < wanted + min(_ROOM, wanted):
            raise _no_room(place.parent, wanted, free)


def _no_room(place: Path, wanted: int, free: int) -> DiskFull:
    words = backupnotes.size_words
    return DiskFull(
        f"“{place}”空间不足（备份约需 {words(wanted)}，只剩 {words(free)}），没有备份；登记库不受影响，请清理或换一个磁盘。"
    )


def _told(error: OSError | RegisterError, place: Path, register: Path) -> RegisterError:
    """What is said of a backup that failed: what is wrong with where it was to go, else what the register's own disk said."""
    if place.exists() and not place.is_dir():
        return DiskFault(f"“{place}”不是文件夹，备份写不进去；请另选一个文件夹。")
    if isinstance(error, OSError) and error.errno in _REFUSED:
        return _unwritable(place, error)
    if not place.is_dir():
        return DiskFault(f"“{place}”打不开（可能已经拔出，或路径不对），没有备份；登记库不受影响，请接好后再备份。")
    if has_no_room(place):
        return DiskFull(f"“{place}”空间不足，没有备份；登记库不受影响，请清理或换一个磁盘再备份。")
    try:
        with tempfile.TemporaryFile(dir=place) as probe:
            probe.write(bytes(4096))
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as again:
        return _unwritable(place, again)
    return error if isinstance(error, RegisterError) else as_register_error(error, register)


def _unwritable(place: Path, error: OSError) -> DiskFault:
    why = _REFUSED.get(error.errno or 0) or reason_of(error)
    return DiskFault(
        f"“{place}”写不进去（{why}），没有备份；登记库不受影响，请检查是否只读、是否有写入权限，或换一个磁盘。"
    )


def _forget_cached(path: Path) -> None:
    """Let the check read what the disk has, not what memory still holds of it (where the system has a way)."""
    advise = getattr(os, "posix_fadvise", None)
    if advise is None:
        return
    with suppress(OSError), path.open("rb") as file:
        advise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


class BackupShelf(Shelf):
    """The register's part that makes backups."""

    folder: Path
    _key: bytes
    _keys: KeyFile

    @property
    def source(self) -> Source:
        """What a backup is made from, for a thread of its own; what was made there is told by `note_backup`."""
        self._look_up()  # made with a key that was taken away, a backup could be opened by nobody
        return Source(self._db.path, bytes(bytearray(self._key)), self._keys, self.which(), self._now)

    def which(self) -> str:
        """Which register it is, wherever its slots lie: by that its backups and backup sticks are known."""
        return entrance.id_in(whereabouts.slots(self.folder).read())

    def backup(self, place: Path, why: str = BY_HAND, keep: Keep | None = None) -> Path:
        """Make a checked backup in a new folder of its own under ``place``, and return that.

        It is a register like this one, opened by the same passwords; to restore, open it there or use `restoring`.
        Raises `BackupFailed`, `DiskFull`, `DiskFault`; what was begun is then taken away.
        """
        made = make_backup(self.source, place, why, keep=keep)
        self.note_backup(made)
        return made.folder

    @needs(Act.BACKUP_RESTORE)
    def keep_backups(self, keep: Keep, *, seen: Keep | None = None) -> None:
        """Say how many backups stay (days, weeks, months each their last). Raises `InvalidEntry`, `NotAllowed`.

        ``seen`` is what was said before, on the screen: raises `Overtaken` where another window has said otherwise since.
        """
        for name, (called, least, most) in BOUNDS.items():
            if not least <= getattr(keep, name) <= most:
                raise InvalidEntry(f"备份保留“{getattr(keep, name)}{called}”不合要求，应为 {least} 至 {most} 的整数。")
        plans = PlanFile(self.folder)
        before = plans.read().keep
        if seen is not None and before not in (seen, keep):
            changed = [Overtaking("保留", keep_words(seen), keep_words(before))]
            refuse_unseen(self._db, "备份的保留数", "备份", (events.BACKUPS_KEPT,), changed)
        self.record_event(events.BACKUPS_KEPT, "备份", f"{keep_words(before)} 改为 {keep_words(keep)}")
        plans.change(keep=keep)

    def note_backup(self, made: Backup) -> None:
        """Put a backup on the trail, with the entry up to which it goes and its digest: it may lie where others can reach it."""
        number, head = made.note.trail if made.note else (0, "")
        told = f"{made.name}，审计至第 {number} 条 {head[:16]}"
        digest = f"，{DIGEST}{made.note.sha256}" if made.note and made.note.sha256 else ""
        self.record_event(events.BACKED_UP, "登记库", told + digest)

    def record_event(self, event: str, subject: str, detail: str = "") -> None:
        """See `AuditShelf.record_event`."""
        raise NotImplementedError
