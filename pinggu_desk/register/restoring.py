"""Restoring (恢复): a backup takes the register's place, after a rehearsal that says what would be lost; and moving (迁移).

The backup is copied beside the register, brought up to this version, checked row by row, and compared. Only then it takes
the place, by `moving`; the register of before is kept whole beside it and can be had back by the same door.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import bindparam, select

from pinggu_desk import __version__
from pinggu_desk.register import (
    audit,
    backupnotes,
    backups,
    checking,
    database,
    entrance,
    events,
    keys,
    moving,
    numbering,
    roster,
    spent,
    tables,
)
from pinggu_desk.register.anchor import SET_UP, before_words, words_of_kept
from pinggu_desk.register.backupnotes import ASIDE, Backup, Note
from pinggu_desk.register.backups import DIGEST, BackupShelf
from pinggu_desk.register.database import Database
from pinggu_desk.register.errors import (
    BackupFailed,
    NotAllowed,
    NotFound,
    RegisterBusy,
    RegisterDamaged,
    RegisterError,
    RegisterExists,
)
from pinggu_desk.register.files import as_register_error, refuse_unfolded
from pinggu_desk.register.keys import KeyFile
from pinggu_desk.register.keystore import FolderStore
from pinggu_desk.register.location import refuse_unfit
from pinggu_desk.register.looking import LookShelf
from pinggu_desk.register.records import Clerk
from pinggu_desk.register.rehearsal import Rehearsal, brought_back, compare, forgotten_since
from pinggu_desk.register.roles import CLERK, Act, may, refusal
from pinggu_desk.register.shelf import needs
from pinggu_desk.register.watch import machine_file

Clock = Callable[[], datetime]
_BACKED_UP = (
    select(tables.audit.c.detail)
    .where(tables.audit.c.event == bindparam("event"), tables.audit.c.detail.startswith(bindparam("words")))
    .order_by(tables.audit.c.id.desc())
    .limit(1)
)
_HASH = select(tables.audit.c.hash).where(tables.audit.c.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class Ready:
    """A backup that stands ready beside the register: open, under its key. ``digest`` is that of its file before it was opened."""

    db: Database
    key: bytes
    backup: Backup
    faults: tuple[str, ...]
    digest: str = ""


def backup_of(folder: Path) -> Backup:
    """The backup that a folder is, or the newest one in it. Raises `NotFound`."""
    found = backupnotes.backups_in(folder)
    if not found:
        raise NotFound(f"“{folder}”中没有登记库备份；应选名为“{backupnotes.PREFIX}日期”的文件夹，或它所在的文件夹。")
    return backupnotes.newest(found, datetime.now())


def put_ready(folder: Path, backup: Backup, open_by: Callable[[Path], bytes]) -> Ready:
    """Copy a backup beside the register, open it by the key that ``open_by`` gives for the copy's folder, and check it."""
    if backup.folder.resolve() == folder.resolve():
        raise BackupFailed(f"“{folder}”就是现在的登记库，不是备份；请选备份所在的文件夹。")
    stage = moving.stage_of(folder)
    try:
        for name in (database.FILE_NAME, f"{database.FILE_NAME}-wal", keys.FILE_NAME):
            if (backup.folder / name).exists():
                shutil.copyfile(backup.folder / name, stage / name)
                os.chmod(stage / name, 0o600)  # noqa: PTH101
    except OSError as error:
        raise as_register_error(
            error, folder if (backup.folder / keys.FILE_NAME).exists() else backup.folder
        ) from error
    told = backup.note.sha256 if backup.note is not None else ""
    digest = backupnotes.digest_of(stage / database.FILE_NAME)
    changed = bool(told) and digest != told
    other = f"备份“{backup.name}”没有通过核验：内容与做备份时不一样，已损坏或被换过，请换一个备份。"
    try:
        key = open_by(stage)
    except (RegisterDamaged, BackupFailed) as error:
        if changed:
            raise BackupFailed(other) from error
        raise
    db = Database(stage / database.FILE_NAME, key)
    try:
        faults = checking.faults(db)
        if backup.note is not None and backups.seal_of(db, backup.note) != backup.note.seal:
            faults.insert(0, f"备份“{backup.name}”的备份说明被改动过，不能确定它是哪一天的。")
        elif changed:
            faults.insert(0, other)
        faults += _slots_of(stage, db, key)
    except BaseException:
        db.close()
        raise
    return Ready(db, key, backup, tuple(faults), digest)


def _slots_of(stage: Path, db: Database, key: bytes) -> list[str]:
    """What is wrong with a backup's key slots, and whose are not there."""
    slots = KeyFile(FolderStore(stage), datetime.now)
    if slots.leaving():
        return []
    found = [sentence for _no, sentence in slots.altered(key)]
    there = {one.no for one in slots.clerks()}
    with suppress(RegisterDamaged):  # told among the rows
        found += [
            f"备份的密钥文件中工号“{no}”的记录不见了，恢复后他不能登录；请换一个备份。"
            for no, one in roster.read(db).items()
            if not one.gone and no not in there
        ]
    return found


def put_on_trail(ready: Ready, at: str, clerk_no: str, before: str, given_out: Mapping[str, int]) -> None:
    """Say in the backup's own trail what became of it, and close it: from now on it is the register.

    ``given_out`` are the numbers that the register of before gave out: papers bear them, bundles told them.
    """
    number, head = audit.claimed_end(ready.db)
    with ready.db.transaction():
        numbering.never_again(ready.db, given_out)
        audit.append(
            ready.db, at, clerk_no, events.RESTORED, "登记库",
            f"由“{ready.backup.name}”恢复（审计至第 {number} 条 {head.hex()[:16]}）；{before}",
        )  # fmt: skip
    ready.db.close()
    refuse_unfolded(ready.db.path)


class RestoreShelf(LookShelf, BackupShelf):
    """The register's part that puts a backup in its own place."""

    @needs(Act.BACKUP_RESTORE)
    def rehearse(self, folder: Path, password: str = "") -> Rehearsal:
        """Say what a restore from a backup would change. ``password`` is the clerk's of that day, where the key has changed.

        Raises `NotFound`, `RegisterNewer`, `WrongPassword`, `RegisterDamaged`.
        """
        backup = backup_of(folder)
        try:
            ready = self._ready(backup, password)
            try:
                return self._rehearsed(ready)
            finally:
                ready.db.close()
        finally:
            moving.drop_stage(self.folder)

    @needs(Act.BACKUP_RESTORE)
    def restore(self, folder: Path, password: str = "") -> Path:
        """Put a backup in this register's place and close the register; returns where the one of before is kept.

        Raises what `rehearse` raises, `BackupFailed` where the backup isn't sound, and `RegisterBusy` while another window
        has the register open; then nothing has changed.
        """
        if self._db.kind != "sqlcipher":
            raise BackupFailed(
                "登记库在服务器上，窗口的账号改不了审计记录，不能在原库里恢复；请管理员另建一个空库并准备好（register prepare），"
                "再由负责人运行 pinggu-desk register restore 备份 --into 设置文件。"
            )
        backup = backup_of(folder)
        try:
            ready = self._ready(backup, password)
            try:
                if ready.faults:
                    raise BackupFailed(f"备份“{backup.name}”没有通过核验，没有恢复：{ready.faults[0]}")
                aside = f"{ASIDE}{self._now():%Y%m%d-%H%M%S}"
                number, head = audit.claimed_end(self._db)
                back = brought_back(forgotten_since(self._db, backup.at))
                before = f"{before_words(number, head)}，原登记库留在“{aside}”{back}"
                self.keep_head()  # the machine's own: by it the next opening knows that this was meant
                given_out = numbering.given_out(self._db)
                if ready.key != self._key:
                    given_out = spent.but(given_out, FolderStore(self.folder / moving.STAGE).read())
                put_on_trail(ready, self._stamp(), self._clerk.no, before, given_out)
            finally:
                ready.db.close()
            if ready.key == self._key:
                moving.drop_keys(self.folder)  # today's people and passwords stay
            return self._take_its_place(aside, self._note_of_before(number, head))
        finally:
            moving.drop_stage(self.folder)

    def _take_its_place(self, aside: str, note: bytes) -> Path:
        """Exchange the files, if nobody else has this register open."""
        with moving.held(self.folder):
            try:
                self._db.rows("PRAGMA wal_checkpoint(TRUNCATE)")
                self._db.rows("PRAGMA journal_mode = DELETE")  # refused while another connection is there
            except RegisterError as error:
                raise RegisterBusy(
                    f"“{self.folder}”的登记库还开在别的窗口或程序里，没有恢复；请把其他窗口都关闭后再试。"
                ) from error
            self._at_work = False  # this session ends with the register that it was in
            self._db.close()
            kept = moving.exchange(self.folder, aside, note)
        return kept or self.folder

    def _note_of_before(self, number: int, head: bytes) -> bytes:
        note = Note(
            entrance.register_id(self.folder), self._stamp(), "恢复前", __version__, trail=(number, head.hex()),
            machine=backupnotes.machine(),
        )  # fmt: skip
        return backupnotes.note_bytes(replace(note, seal=backups.seal_of(self._db, note)))

    def _ready(self, backup: Backup, password: str) -> Ready:
        whose, ours = entrance.register_id(backup.folder), entrance.id_in(self._keys.slots())
        if whose and ours and whose != ours:  # the same number and password may open both
            raise BackupFailed(
                f"备份“{backup.name}”属于另一个登记库，不能恢复到这里；要用它，请另选一个空文件夹“从备份建立”。"
            )

        def key_for(stage: Path) -> bytes:
            with suppress(RegisterDamaged):
                Database(stage / database.FILE_NAME, self._key, read_only=True).close()
                return self._key
            if not password:
                raise BackupFailed(
                    f"备份“{backup.name}”是换密钥以前做的，或属于另一个登记库；请输入您在那时的口令再打开。"
                )
            return KeyFile(FolderStore(stage), self._now).unlock(self._clerk.no, password)[0]

        ready = put_ready(self.folder, backup, key_for)
        told = self._told_of(backup.name)
        if told and ready.digest and told != ready.digest:
            words = f"备份“{backup.name}”与审计记录中登记的不是同一份，可能被改动后重新封过，请换一个备份。"
            return replace(ready, faults=(words, *ready.faults))
        return ready

    def _told_of(self, name: str) -> str:
        """The digest that the trail tells of a backup; empty where it tells none (of an earlier program, another machine)."""
        row = self._db.row(_BACKED_UP, event=events.BACKED_UP, words=f"{name}，")
        return str(row[0]).partition(DIGEST)[2] if row is not None else ""

    def _rehearsed(self, ready: Ready) -> Rehearsal:
        said = Rehearsal(ready.backup.name, ready.backup.at.isoformat(timespec="minutes"), ready.faults)
        if ready.faults:
            return said
        number, head = audit.claimed_end(ready.db)
        here = self._db.row(_HASH, id=number)
        follows = here is not None and bytes(here[0]) == head
        forgotten = forgotten_since(self._db, ready.backup.at)
        return replace(
            said, same_key=ready.key == self._key, follows=follows, forgotten=forgotten,
            on_server=self._db.kind != "sqlcipher", **compare(self._db, ready.db),
        )  # fmt: skip


def establish(folder: Path, backup_folder: Path, *, clerk_no: str, password: str, now: Clock = datetime.now) -> Path:
    """Make a backup the register of a machine that has none (从备份建立), by the password of somebody in it.

    Returns the register's folder, to be opened as any other. Raises `RegisterExists`, `NotFound`, `WrongPassword`,
    `UnknownClerk`, `NotAllowed` for one who isn't in charge, `BackupFailed`, `UnfitPlace`.
    """
    refuse_unfit(folder)
    if entrance.exists(folder):
        raise RegisterExists(f"“{folder}”中已有登记库，不能再从备份建立；要换成备份，请登录后在“设置”中恢复。")
    backup = backup_of(backup_folder)
    try:
        ready = put_ready(folder, backup, lambda stage: KeyFile(FolderStore(stage), now).unlock(clerk_no, password)[0])
        try:
            if ready.faults:
                raise BackupFailed(f"备份“{backup.name}”没有通过核验，没有建立：{ready.faults[0]}")
            refuse_others(ready, KeyFile(FolderStore(folder / moving.STAGE), now).clerks(), clerk_no)
            kept = words_of_kept(
                machine_file(ready.db, folder).read(ready.db)
            )  # by it the next opening knows it was meant
            put_on_trail(
                ready,
                now().isoformat(timespec="seconds"),
                clerk_no,
                f"在本机{SET_UP}" + (kept and f"，{kept}"),
                numbering.perhaps_given_out(ready.db, now().date()),
            )
        finally:
            ready.db.close()
        with moving.held(folder):  # what is there of another one may be all that is left of it
            moving.exchange(folder, f"{entrance.LEFT_OVER}{now():%Y%m%d-%H%M%S}", b"", whole=False)
    finally:
        moving.drop_stage(folder)
    return folder


def refuse_others(ready: Ready, slots: list[Clerk], clerk_no: str) -> None:
    """Raises `NotAllowed` for somebody who may not restore, by what the backup itself says of him."""
    with ready.db.transaction():
        found = roster.ensure(ready.db, slots).get(clerk_no)
    role = found.clerk.role if found is not None and not found.gone else CLERK
    if not may(role, Act.BACKUP_RESTORE):
        raise NotAllowed(refusal(role, Act.BACKUP_RESTORE))


def clerks_in(backup_folder: Path) -> tuple[tuple[str, str], ...]:
    """The numbers and names of those who can open the newest backup in a folder. Raises `NotFound`."""
    return entrance.clerks(backup_of(backup_folder).folder)
