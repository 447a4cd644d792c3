"""Old copies (旧备份): what may still hold something that was removed for good, wherever it lies and whatever it is called.

Backups in the places that are known; beside the register what a restore, an upgrade, a move onto a server or a change of server left of
the one before; and, on servers that are used no more, what only their administrator can take away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import and_, bindparam, or_, select

from pinggu_desk.register import backupnotes, backups, entrance, events
from pinggu_desk.register.audit import append
from pinggu_desk.register.backupnotes import Backup
from pinggu_desk.register.backups import UPGRADES, BackupShelf
from pinggu_desk.register.database import Database
from pinggu_desk.register.errors import InvalidEntry, RegisterError
from pinggu_desk.register.files import as_register_error, on_disk, sync_folder
from pinggu_desk.register.roles import Act
from pinggu_desk.register.shelf import needs
from pinggu_desk.register.tables import audit

#: what a restore onto another server says of the one before
STAYED = "原登记库留在原处"
#: what `engines.relocate` calls the files of a register that is used no more, and what `restoring` calls half a one
_STAMPED = re.compile(rf"{re.escape(entrance.DATABASE)}(\.[^.]+-(\d{{8}}-\d{{6}}))")
_STAMP = "%Y%m%d-%H%M%S"
_FILES = (entrance.DATABASE, f"{entrance.DATABASE}-wal", f"{entrance.DATABASE}-shm", entrance.KEYS)
_a = audit.c
_FORGOTTEN = select(_a.id, _a.at).where(_a.event == bindparam("event")).order_by(_a.id.desc()).limit(1)
_LEFT_A_SERVER = (
    select(_a.id)
    .where(or_(_a.event == bindparam("moved"), and_(_a.event == bindparam("restored"), _a.detail.contains(STAYED))))
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A register that was left beside the one at work: what it is called, when that was, and its files, the rows first."""

    name: str
    at: datetime
    files: tuple[Path, ...]

    def remove(self) -> None:
        """Take it away; the slots, by which one knows whose it is, last."""
        try:
            place = self.files[0].parent
            for path in self.files:
                path.unlink(missing_ok=True)
            sync_folder(place)
            if place.name == self.name:  # a folder of its own, where nobody put anything else
                with suppress(OSError):
                    place.rmdir()
        except OSError as error:
            raise as_register_error(error, self.files[0].parent) from error


def left_behind(folder: Path) -> list[LeftBehind]:
    """What moves onto a server, changes of server and half registers left in a folder, whosever it is. Raises `DiskFault`."""
    found = []
    with on_disk(folder):
        for path in folder.glob(f"{entrance.DATABASE}.*"):
            if (called := _STAMPED.fullmatch(path.name)) is not None:
                files = [folder / f"{name}{called[1]}" for name in _FILES]
                found.append(LeftBehind(path.name, datetime.strptime(called[2], _STAMP), tuple(files)))
        for path in folder.glob(f"{entrance.LEFT_OVER}*/{entrance.DATABASE}"):
            at = datetime.fromtimestamp(path.stat().st_mtime)
            found.append(LeftBehind(path.parent.name, at, tuple(path.parent / name for name in _FILES)))
    return found


def _ends_before(backup: Backup, number: int) -> bool:
    """Whether a backup's trail ends before an entry: a clock that ran ahead dates it later than it is."""
    return backup.note is not None and 0 < backup.note.trail[0] < number


class OldCopyShelf(BackupShelf):
    """The register's part that knows what may still hold what was removed."""

    def forgotten_at(self) -> datetime | None:
        """When something was last removed for good; None where nothing ever was."""
        row = self._db.row(_FORGOTTEN, event=events.FORGOTTEN)
        return None if row is None else datetime.fromisoformat(row[1])

    def backups_before_forgetting(self, places: Iterable[Path]) -> list[Backup]:
        """The backups that may still hold what was removed: this register's, made before it, there and beside the register."""
        row, own = self._db.row(_FORGOTTEN, event=events.FORGOTTEN), self.which()
        if row is None:
            return []
        number, at = int(row[0]), datetime.fromisoformat(row[1])
        found: list[Backup] = []
        for place in dict.fromkeys([*places, self.folder, self.folder / UPGRADES]):
            found += [one for one in backupnotes.backups_in(place) if one.folder != self.folder]
        return [one for one in found if one.register == own and (one.at <= at or _ends_before(one, number))]

    def left_before_forgetting(self) -> list[LeftBehind]:
        """The same of what moves and half registers left in the register's own folder."""
        at = self.forgotten_at()
        return [] if at is None else [one for one in left_behind(self.folder) if one.at <= at and self._is_ours(one)]

    @needs(Act.RETENTION)
    def remove_old_backups(self, places: Iterable[Path]) -> list[str]:
        """Take away the copies that hold what was removed, once a newer good backup is there; returns their names.

        Raises `InvalidEntry` where there is no newer one, `DiskFault`.
        """
        there = list(dict.fromkeys(places))
        old, left = self.backups_before_forgetting(there), self.left_before_forgetting()
        own = self.which()
        newer = [
            one for place in there for one in backupnotes.backups_in(place)
            if one.register == own and one not in old and one.whole and one.unchanged()
        ]  # fmt: skip
        names = [*(one.name for one in old), *(one.name for one in left)]
        if names and not newer:
            raise InvalidEntry("清除以后还没有做过备份，旧备份先不删；请先备份一次再删。")
        if names:  # told first: what is not told of must not be gone
            with self._db.transaction():
                append(
                    self._db, self._stamp(), self._clerk.no, events.FORGOTTEN_BACKUPS, "登记库", f"删去旧备份 {len(names)} 份"
                )  # fmt: skip
        for one in old:
            backups.remove(one.folder)
        for rest in left:
            rest.remove()
        for place in there:  # what was being removed when the disk refused holds it still
            backups.clear_unfinished(own, place, self._now())
        return names

    @property
    def left_to_sweep(self) -> str:
        """What somebody else has to do after something was forgotten; empty where nothing is left."""
        told = ""
        if self._db.kind != "sqlcipher":
            told = "服务器数据文件里的空闲页要由库的所有者清理：请管理员运行 pinggu-desk register sweep；服务器自己的备份和日志也由他处理。"
        if self._db.row(_LEFT_A_SERVER, moved=events.MOVED_HERE, restored=events.RESTORED) is not None:
            told += "以前用过、现在不用的服务器库里还留着那时的全部内容，请管理员把那个库删去。"
        strange = [one.name for one in left_behind(self.folder) if not self._is_ours(one)]
        if strange:
            told += f"“{self.folder}”中的 {'、'.join(strange)} 认不出是不是这个登记库的，没有动，请查看后自行处理。"
        return told

    def _is_ours(self, one: LeftBehind) -> bool:
        """Whether what was left behind was this register: by its slots, or, where these are lost, by the key that opens it."""
        rows, *_logs, slots = one.files
        with suppress(OSError):
            return entrance.id_in(slots.read_bytes()) == self.which()
        with suppress(RegisterError):
            Database(rows, self._key, read_only=True).close()
            return True
        return False
