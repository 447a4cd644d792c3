"""`Register`: the one door to the encrypted register (登记库)."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import BindParameter, bindparam, insert, select

from pinggu_desk.register import database, entrance, events, keys, moving, roster, spent, whereabouts
from pinggu_desk.register.audit import append
from pinggu_desk.register.backups import before_upgrade
from pinggu_desk.register.baseline import ensure_sums
from pinggu_desk.register.corrections import CorrectionShelf
from pinggu_desk.register.database import Database
from pinggu_desk.register.edits import EditShelf
from pinggu_desk.register.errors import (
    DiskFault,
    DiskFull,
    RegisterDamaged,
    RegisterError,
    RegisterExists,
    RegisterMissing,
)
from pinggu_desk.register.files import as_register_error, keep_private, private_folder, refuse_unfolded, sync_folder
from pinggu_desk.register.issuing import IssueShelf
from pinggu_desk.register.keys import KeyFile, Unlocked
from pinggu_desk.register.keystore import FolderStore
from pinggu_desk.register.location import refuse_unfit
from pinggu_desk.register.ownfile import OwnFileShelf
from pinggu_desk.register.papers import PaperShelf
from pinggu_desk.register.passwords import KEY_BYTES
from pinggu_desk.register.people import PeopleShelf
from pinggu_desk.register.records import Case, Clerk
from pinggu_desk.register.restoring import RestoreShelf
from pinggu_desk.register.retention import RetentionShelf
from pinggu_desk.register.roles import HEAD, Act
from pinggu_desk.register.signing import SigningShelf, ensure_key, publish_key
from pinggu_desk.register.standby import StandbyShelf
from pinggu_desk.register.store import Store, wipe
from pinggu_desk.register.tables import meta
from pinggu_desk.register.visits import VisitShelf

Clock = Callable[[], datetime]
_PRACTICE = "practice"
_OWN_FILES = ("register.*", "office.pub", "settings.json")
_NAME: BindParameter[str] = bindparam("name")
_MARK, _FIRST_MARK, _ADD_MARK = select(meta.c.value).where(meta.c.name == _NAME), select(meta.c.name), insert(meta)


class Register(
    StandbyShelf,
    IssueShelf,
    VisitShelf,
    EditShelf,
    PaperShelf,
    CorrectionShelf,
    SigningShelf,
    PeopleShelf,
    RestoreShelf,
    RetentionShelf,
    OwnFileShelf,
):
    """An open register, at the hands of one clerk (经办人).

    Made by `create`, `open` or `reset_password`, never directly. Whatever returns has been committed and synced to
    the disk. It may be used from any one thread at a time. Every method may raise `RegisterBusy`, `RegisterDamaged`,
    `DiskFull` and `DiskFault`; after these nothing of the failed call is kept.
    """

    def __init__(self, folder: Path, db: Store, key_file: KeyFile, key: bytes, clerk: Clerk, now: Clock) -> None:
        self.folder = folder
        self._db = db
        self._keys = key_file
        self._key = key
        self._clerk = clerk
        self._now = now
        self._touched = frozenset()
        self._ours, self._own, self._seen = set(), None, {}
        self._at_work = True
        self.fresh_code = ""
        self._watch_key()

    @classmethod
    def create(
        cls,
        folder: Path,
        *,
        clerk_no: str,
        clerk_name: str,
        password: str,
        window: str = "",
        practice: bool = False,
        now: Clock = datetime.now,
    ) -> tuple[Register, str]:
        """Make a register and its first clerk; returns it, open, and the recovery code (恢复码), to be printed once.

        `practice` (演练) marks it for life. Raises `RegisterExists`, `WeakPassword`, `InvalidEntry`.
        """
        refuse_unfit(folder)
        clerk = Clerk(clerk_no, clerk_name.strip(), window, HEAD)
        if whereabouts.on_server(folder):
            return cls._created_on_server(folder, clerk, password, practice, now)
        path = folder / database.FILE_NAME
        beside = path.with_name(path.name + ".new")
        if path.exists() or ((folder / keys.FILE_NAME).exists() and not beside.exists()):
            lacking = entrance.lacking(folder)
            raise RegisterExists(lacking or f"“{folder}”中已有登记库，不能在原处新建；请直接登录，或另选一个空文件夹。")
        try:
            private_folder(folder)
            for left_over in folder.glob(beside.name + "-*"):  # of a start that was cut short, holding nothing
                left_over.unlink()
            beside.touch(mode=0o600)  # what the database adds beside it is as private as it is
            os.truncate(beside, 0)  # while it is there, keys beside it are of a start that was cut short
        except OSError as error:
            raise as_register_error(error, folder) from error
        try:
            key_file, key, code = KeyFile.create(FolderStore(folder), clerk, password, now)
        except BaseException:
            with suppress(OSError):
                (folder / keys.FILE_NAME).unlink(missing_ok=True)
                beside.unlink()
            raise
        db = Database(beside, key, new=True)
        with db.transaction():
            _begin(db, folder, clerk, now, practice=practice)
            spent.settle(db, spent.marks(key_file.slots()))
        db.close()
        _put_in_place(beside, path)
        try:
            sync_folder(folder)
            made = cls(folder, Database(path, key), key_file, key, clerk, now)
        except (RegisterError, OSError) as error:
            with suppress(OSError):  # nobody was given its recovery code: it is made anew
                path.replace(beside)
            if isinstance(error, OSError):
                raise as_register_error(error, folder) from error
            raise
        with suppress(RegisterError):  # the first login will do it
            made._db.tallies.clerk_no, made._db.tallies.now, made._db.guard = clerk.no, now, made._still_may
            made._begin_watch(practice=practice)
            made.keep_head()
        return made, code

    @classmethod
    def _created_on_server(
        cls, folder: Path, clerk: Clerk, password: str, practice: bool, now: Clock
    ) -> tuple[Register, str]:
        """The same on the server that the folder names; slots without rows are of a start that was cut short."""
        slots = whereabouts.slots(folder)
        guard = whereabouts.server_rows(folder, bytes(KEY_BYTES))
        try:
            with guard.alone():  # whoever is second must not put his slots in the place of the first one's
                if guard.row(_FIRST_MARK) is not None:
                    raise RegisterExists(f"登记库服务器“{slots.where}”上已有登记库，不能再新建；请直接登录。")
                key_file, key, code = KeyFile.create(slots, clerk, password, now)
                db = whereabouts.server_rows(folder, key)
                with db.transaction():
                    _begin(db, folder, clerk, now, practice=practice)
                    spent.settle(db, spent.marks(key_file.slots()))
        finally:
            guard.close()
        made = cls(folder, db, key_file, key, clerk, now)
        made._db.guard = made._still_may
        with suppress(RegisterError):  # the first login will do it
            made._come_in()  # or the next window took itself for the only one, and this one's work for an alteration
            made._begin_watch(practice=practice)
            made.keep_head()
        made._open_outbox()
        made._make_ready(password)
        return made, code

    @classmethod
    def open(
        cls, folder: Path, *, clerk_no: str, password: str, now: Clock = datetime.now, event: str = events.LOGGED_IN,
        patience: float | None = None,
    ) -> Register:  # fmt: skip
        """Open the register of a folder with a clerk's password; `event` is what the trail calls it.

        `patience` is how many seconds it waits for whoever holds the key slots before it says who that is (`KeysHeld`).

        Raises `RegisterMissing`, `UnknownClerk`, `WrongPassword`, `ClerkLocked`, `RegisterNewer`.
        """
        key_file = cls._key_file(folder, now, patience)
        return cls._opened(folder, key_file, key_file.unlock(clerk_no, password), event, now, password)

    @classmethod
    def reset_password(
        cls, folder: Path, *, clerk_no: str, recovery_code: str, password: str, now: Clock = datetime.now
    ) -> Register:
        """Give a clerk a new password by the recovery code, lift a lock-out, and open the register.

        The code is void then; the next one is the register's ``fresh_code``, to be shown and printed at once.
        Raises `WrongRecoveryCode`, `ClerkLocked`, `WeakPassword`, `UnknownClerk`, `RegisterMissing`.
        """
        key_file = cls._key_file(folder, now)
        before = key_file.slots()
        unlocked, code = key_file.reset_by_code(clerk_no, recovery_code, password)
        register = cls._opened(folder, key_file, unlocked, events.RECOVERED, now, password, before)
        register.fresh_code = code
        return register

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether the folder has a register (its database and its key file)."""
        return entrance.exists(folder)

    @classmethod
    def clerks_of(cls, folder: Path) -> list[tuple[str, str]]:
        """The clerks' numbers and names, for the login page; needs no password. Raises `RegisterMissing`."""
        return [(clerk.no, clerk.name) for clerk in cls._key_file(folder, datetime.now).clerks()]

    @property
    def practice(self) -> bool:
        """Whether this register is for practice (演练) only."""
        row = self._db.row(_MARK, name=_PRACTICE)
        if row is None:
            raise RegisterDamaged(f"登记库“{self.folder}”缺少“演练”标记，请从最近的备份恢复。")
        return bool(row[0] == "1")

    def look_at(self, case_id: int) -> Case:
        """See `CaseShelf.look_at`; its rows are held against what they were when they were written, too (`look`)."""
        case = super().look_at(case_id)
        with suppress(RegisterError):  # where the look can't be had now, the case is there all the same
            self.look(case_id)
        return case

    def tidy(self) -> None:
        """Do in a quiet moment what would otherwise be done while somebody waits for an edit to be kept."""
        if self._at_work:  # one that was closed by a move would be opened again by it
            self._db.tidy()
            self.keep_head()

    def close(self) -> None:
        """Close the register, which ends the session on the trail; nothing can be done with it then, and its keys are gone."""
        self._db.guard = None  # whoever may do nothing any more may still leave
        if self._at_work:
            self._at_work = False
            with suppress(RegisterError):  # a disk that refuses now has nothing of the clerk's to lose
                self.record_event(events.LOGGED_OUT, f"工号{self._clerk.no}", self._ending)
                self.keep_end()
        self._close_outbox()
        self._db.close()
        told, self._told_end = self._told_end, False  # whoever closes again has no key any more
        with suppress(OSError):  # a folder that may not be looked into
            if told and self._db.kind == "sqlcipher" and not log_of(self.folder).exists():
                self.keep_closed()
        self._db.forget()
        wipe(self._key)

    def lock(self) -> None:
        """Close the register behind a locked screen: the session goes on when its clerk opens it again."""
        self._db.guard = None
        with suppress(RegisterError):  # a disk that refuses stops nobody from locking
            self.note_locked(ends=True)
            self.keep_end()
        self._at_work = False
        self.close()

    def _begin_session(self, event: str) -> None:
        """Say on the trail that somebody came in, and keep which secrets lead in; tell him of those that were given up."""
        by = spent.marks(self._keys.slots())
        with self._db.transaction():
            if not spent.are_settled(self._db, by) and not spent.are_altered(self._db):
                spent.settle(self._db, by)
            self.record_event(event, f"工号{self._clerk.no}", self._beginning)
        self.warnings += tuple(fault.what for fault in self._spent_faults())
        if self.may(Act.RETENTION):
            self.warnings += self.brought_back()

    @classmethod
    def _key_file(cls, folder: Path, now: Clock, patience: float | None = None) -> KeyFile:
        refuse_unfit(folder)
        try:
            return cls._key_file_of(folder, now, patience)
        except OSError as error:  # a folder that this user may not look into
            raise as_register_error(error, folder) from error

    @classmethod
    def _key_file_of(cls, folder: Path, now: Clock, patience: float | None) -> KeyFile:
        if (folder / entrance.MOVING).exists():
            whereabouts.settle_move(folder)
        moving.settle(folder)
        if whereabouts.on_server(folder):
            return KeyFile(whereabouts.slots(folder), now)
        if not (folder / database.FILE_NAME).exists():
            if (folder / keys.FILE_NAME).exists() and not (folder / f"{database.FILE_NAME}.new").exists():
                raise RegisterDamaged(
                    f"“{folder}”中只有密钥文件，缺少登记库文件 {database.FILE_NAME}，请从备份中找回该文件放回原处。"
                )
            raise RegisterMissing(f"“{folder}”中没有登记库，请先新建，或选择登记库所在的文件夹。")
        return KeyFile(FolderStore(folder, patience), now)

    @classmethod
    def _opened(
        cls, folder: Path, key_file: KeyFile, unlocked: Unlocked, event: str, now: Clock, password: str, before: bytes = b""
    ) -> Register:  # fmt: skip
        with moving.held(folder):
            closed = not log_of(folder).exists()  # whoever has it open, or was cut off, leaves one
            db, key = cls._database(folder, unlocked, key_file, now)
        register = cls(folder, db, key_file, key, unlocked.clerk, now)
        try:
            keep_private(folder, _OWN_FILES)
            register._db.tallies.clerk_no, register._db.tallies.now = register.clerk.no, now
            ensure_sums(register._db, register._stamp(), register.clerk.no)
            left = register._come_in() if db.kind == "postgresql" else closed
            roster.refuse_put_back(db)
            register._refuse_spent(before)
            register._begin_watch(practice=register.practice, closed=left)
            register._end_leaving(unlocked)
            register._take_place(key_file.clerks())
            register._db.guard = register._still_may
            register._begin_standby()
            ensure_key(register._db, register._stamp(), register.clerk.no)
            with suppress(DiskFull, DiskFault):  # others verify by it, nobody's login depends on it
                register._publish_key()
            register._normalise_codes()
            register._take_failures()
            register._begin_session(event)
            register.keep_head()
            register._open_outbox()
            register.join_standby()
            register._make_ready(password)
        except BaseException:
            register._at_work = False
            register.close()
            raise
        return register

    @staticmethod
    def _database(folder: Path, unlocked: Unlocked, key_file: KeyFile, now: Clock) -> tuple[Store, bytes]:
        """The open database and the key that opens it: the next one where it was given that already."""

        def opened(key: bytes) -> tuple[Store, bytes]:
            return whereabouts.opened(folder, key, before_upgrade(folder, key, key_file, now)), key

        if unlocked.renewed is not None:
            with suppress(RegisterDamaged):
                return opened(unlocked.renewed)
        return opened(unlocked.key)


def log_of(folder: Path) -> Path:
    """The write-ahead log of a register's database: there while it is open."""
    return folder / f"{database.FILE_NAME}-wal"


def _put_in_place(beside: Path, path: Path) -> None:
    """Give a new database its name, once its log is folded in: a log left behind would be lost to it."""
    refuse_unfolded(beside)
    try:
        beside.replace(path)
    except OSError as error:
        raise as_register_error(error, path.parent) from error


def _begin(db: Store, folder: Path, clerk: Clerk, now: Clock, *, practice: bool) -> None:
    """A new register's first rows (inside a transaction): its mark, its first clerk, its key to sign with."""
    mark, at = "1" if practice else "0", now().isoformat(timespec="seconds")
    db.run(_ADD_MARK, name=_PRACTICE, value=mark, seal=db.seal(meta.name, _PRACTICE, mark))
    append(db, at, clerk.no, events.CREATED, "登记库", "演练" if practice else "")
    roster.write(db, {clerk.no: roster.Colleague(clerk)})
    ensure_key(db, at, clerk.no)
    publish_key(db, folder)
