"""The one connection to the encrypted database: how it is opened, what a transaction is, what its errors mean.

SQLCipher with a raw key, WAL and `synchronous=FULL`: a COMMIT that returned has been through fsync, and a torn or
unfinished one is not there after a crash.

A read or write that fails once leaves SQLCipher's connection in its error for good: it then calls a sound file damaged.
So after a failure the file is opened anew, the transaction's statements are done again up to where it stood, and what
failed is tried once more. Damaged is what is damaged on a fresh connection too, while the system reads the file.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher
from typing_extensions import override

from pinggu_desk.register import entrance, handles, trouble
from pinggu_desk.register.errors import KeyRenewed, RegisterDamaged
from pinggu_desk.register.files import has_no_room, on_disk
from pinggu_desk.register.migrations import BeforeUpgrade, upgrade_file
from pinggu_desk.register.room import refuse_cramped, take_room
from pinggu_desk.register.statements import Statement, Value, Values, prepared
from pinggu_desk.register.store import DANGLING, Fetch, Store, T, derive, file_half, nothing, wipe
from pinggu_desk.register.trouble import CORRUPT, FAULTS, HELD, NOTADB, code_of, in_doubt, told_of, unreadable, unsynced

FILE_NAME = entrance.DATABASE
_WAIT_MS = 5000
_TURN_MS = 5  # SQLite's own waiting soon looks ten times a second: beside windows that never rest it would find no gap
_LOG_PAGES = 1024  # 4 MiB: where nobody ever tidies, the log is folded in by the edit that makes it so long
_TIDY_AFTER = 60  # commits of two pages: the log is soon written over instead of made longer, which is cheaper to sync
_TRIES = 4

#: a statement of the transaction at work, how its result is taken, what it gave, and whether it is a query
_Done = tuple[str, Values, Fetch[Any], Any, bool]


class Database(Store):
    """One connection, usable from any thread, one transaction at a time.

    `path` must exist unless `new`; `read_only` opens without writing a byte beside the file (for checking a backup).
    ``before_upgrade`` is called before a file of an earlier schema is brought up (`migrations.upgrade_file`).
    Raises `RegisterDamaged` when the file is not a database under this key, `RegisterNewer`, `RegisterBusy`,
    `DiskFull`, `DiskFault`.
    """

    kind, failures = "sqlcipher", sqlcipher.Error

    def __init__(
        self, path: Path, key: bytes, *, new: bool = False, read_only: bool = False,
        before_upgrade: BeforeUpgrade | None = None,
    ) -> None:  # fmt: skip
        super().__init__(path, key)
        self._before_upgrade = before_upgrade
        self._lock = threading.RLock()
        self._depth = self._commits = 0
        self._done: list[_Done] = []
        self._file_key = derive(file_half(key), "database file")
        self._read_only = read_only
        self._connection: Any = None
        with self._translated():
            self._steadily(lambda: self._connect("rwc" if new else "rw"))

    def _connect(self, mode: str = "rw") -> None:
        """A connection of our own, set up; the one before is dropped."""
        self._disconnect()
        if not self._read_only:
            refuse_cramped(self.path)
        connection = handles.connect(self.path, mode)
        try:
            self._set_up(connection)
        except BaseException:
            connection.close()
            raise
        self._connection = connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlcipher.Error):
                connection.close()
            handles.let_go()

    def _set_up(self, connection: Any) -> None:
        run = connection.execute
        run("PRAGMA cipher_log_level = NONE")  # it would write to the terminal; we say it in a sentence instead
        run(f"PRAGMA key = \"x'{self._file_key.hex()}'\"")
        run(f"PRAGMA busy_timeout = {_WAIT_MS}")
        run("SELECT count(*) FROM sqlite_master").fetchone()  # the first read: a wrong key or a broken file shows here
        if self._read_only:
            run("PRAGMA query_only = ON")
            return
        run("PRAGMA journal_mode = WAL").fetchone()
        take_room(self.path)
        run("PRAGMA synchronous = FULL")
        run("PRAGMA foreign_keys = ON")
        run("PRAGMA secure_delete = ON").fetchone()
        run("PRAGMA temp_store = MEMORY")
        run(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}").fetchone()
        upgrade_file(connection, str(self.path), self._before_upgrade)
        run(f"PRAGMA busy_timeout = {_TURN_MS}")

    def close(self) -> None:
        """Close the connection; the last one to close folds the write-ahead log into the database."""
        with self._lock, self._translated():
            connection, self._connection = self._connection, None
            if connection is not None:
                connection.close()
                handles.let_go()

    # --- failing and coming back

    def _steadily(self, attempt: Callable[[], T], *, committing: bool = False, failed: Exception | None = None) -> T:
        """Do something; after a failure of the disk once more on a fresh connection, where the transaction stood.

        ``failed`` is what a first try met already.
        """
        for left in reversed(range(_TRIES)):
            try:
                if failed is not None:
                    error, failed = failed, None
                    raise error
                return attempt()
            except sqlcipher.Error as error:
                if not self._worth_another(error, left):
                    if committing and (self._is_fault(error) or unsynced(error)):
                        raise in_doubt(self.path.parent, error) from error
                    raise
                self._come_back(error, committing=committing)
        raise AssertionError  # the last try returns or raises

    def _worth_another(self, error: Exception, left: int) -> bool:
        """Whether to try again; the last try of all stands after the system has read the files to their end."""
        if not left or not self._is_fault(error):
            return False
        return left > 1 or code_of(error) not in (CORRUPT, NOTADB) or not unreadable(self.path)

    def _is_fault(self, error: Exception) -> bool:
        return code_of(error) in FAULTS and not has_no_room(self.path.parent)

    def _come_back(self, error: Exception, *, committing: bool = False) -> None:
        """Open the file anew and do again what the transaction did so far.

        Raises the error itself where the disk still fails, and `DiskFault` where what was read is no more what it was: by
        another window's hand, or because a COMMIT that failed was carried out after all.
        """
        self._disconnect()
        if not self._depth:
            return  # the next try connects
        for _ in range(_TRIES):
            try:
                same = self._replayed()
            except sqlcipher.IntegrityError:
                same = False
            except sqlcipher.Error as again:
                self._disconnect()
                if self._is_fault(again):
                    continue
                raise error from again
            if same:
                return
            break
        self._disconnect()
        if not committing:
            raise error
        raise in_doubt(self.path.parent, error) from error

    def _replayed(self) -> bool:
        """Connect, and do the transaction's statements again; whether its queries gave what they gave before."""
        self._connect()
        self._in_turn(lambda: self._connection.execute("BEGIN IMMEDIATE"))
        return all(
            fetch(self._connection.execute(sql, values)) == result or not query
            for sql, values, fetch, result, query in self._done
        )

    def _do(self, sql: str, values: Values, fetch: Fetch[T], *, query: bool) -> T:
        """Execute a statement and take its result, whatever it takes (inside or outside a transaction)."""
        with self._lock:  # each edit comes through here several times: no call more than it needs
            try:
                if self._connection is None:
                    self._connect()
                result = fetch(self._connection.execute(sql, values))
            except (sqlcipher.Error, UnicodeEncodeError) as error:
                result = self._done_after(error, sql, values, fetch)
            if self._depth:
                self._done.append((sql, values, fetch, result, query))
            return result

    def _done_after(self, error: Exception, sql: str, values: Values, fetch: Fetch[T]) -> T:
        """The result of a statement that failed once, if another try may have one: others are waited for."""

        def attempt() -> T:
            if self._connection is None:
                self._connect()
            return self._in_turn(lambda: fetch(self._connection.execute(sql, values)))

        with self._translated():
            return self._steadily(attempt, failed=None if code_of(error) in HELD else error)

    def _in_turn(self, attempt: Callable[[], T]) -> T:
        """Do something as soon as no other window is at it, or give up after `_WAIT_MS`."""
        until = time.monotonic() + _WAIT_MS / 1000
        while True:
            try:
                return attempt()
            except sqlcipher.Error as error:
                if code_of(error) not in HELD or time.monotonic() > until:
                    raise

    # --- working

    def _begin(self) -> None:
        """Begin a transaction, or join the one at work; whoever begins one ends it."""
        self._lock.acquire()
        try:
            if not self._depth:
                self._do("BEGIN IMMEDIATE", (), nothing, query=False)
            self._depth += 1
        except BaseException:
            self._lock.release()
            raise

    def _end(self, error: BaseException | None) -> None:
        """Commit what was begun, or take it back after an error; returns once it is on the disk."""
        try:
            if self._depth == 1:
                try:
                    if error is None:
                        self._steadily(self._commit, committing=True)
                    else:
                        self._tell(error)
                except BaseException as last:
                    error = last
                    self._tell(last)
                    raise
                finally:
                    if error is not None:
                        self._roll_back()
        finally:
            self._depth -= 1
            if not self._depth:
                self._done = []
            self._lock.release()

    def _commit(self) -> None:
        self._connection.execute("COMMIT")
        self._commits += 1

    def _roll_back(self) -> None:
        with suppress(sqlcipher.Error):  # a failed write may have rolled back by itself
            if self._connection is not None:
                self._connection.execute("ROLLBACK")

    def tidy(self) -> None:
        """Fold the log into the database if it has grown, so that no edit has to: for moments in which nothing waits.

        Where that fails nothing is lost, the log stands; the connection is not trusted any more.
        """
        with self._lock:
            if self._commits < _TIDY_AFTER or self._depth or self._connection is None:
                return
            self._commits = 0
            try:
                self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            except sqlcipher.Error:
                self._disconnect()

    def fill(self, statement: Statement, rows: Iterable[Mapping[str, Value]]) -> None:
        """See `Store.fill`; a transaction that did this is not done again after a failure of the disk."""
        sql, order, _ = prepared(statement, self.kind)
        with self._lock, self._translated():
            self._done.append(("SELECT 1", (), nothing, object(), True))
            self._connection.executemany(sql, (order(row) for row in rows))

    @override
    @contextmanager
    def moment(self) -> Iterator[Store]:
        """See `Store.moment`. After a read that failed the rest is read as it is by then, on a fresh connection."""
        with self._lock, self._translated():
            self._do("BEGIN", (), nothing, query=False)
            try:
                yield self
            finally:
                self._roll_back()

    def lock(self, name: str) -> None:
        """Nothing: whoever writes waits from the beginning of a transaction (`BEGIN IMMEDIATE`)."""

    @contextmanager
    def _stream(self, sql: str, values: Values) -> Iterator[Iterator[tuple[Any, ...]]]:
        with self._lock, self._translated():
            rows = self._each(sql, values)
            try:
                yield rows
            finally:
                rows.close()

    def _each(self, sql: str, values: Values) -> Generator[tuple[Any, ...]]:
        given = 0
        for left in reversed(range(_TRIES)):
            try:
                if self._connection is None:
                    self._connect()
                rows = self._in_turn(lambda: self._connection.execute(sql, values))
                for row in islice(rows, given, None):
                    given += 1
                    yield row
                return
            except sqlcipher.Error as error:
                if not self._worth_another(error, left):
                    raise
                self._come_back(error)

    def copy_to(self, path: Path) -> None:
        """Write one consistent, compact copy under the same key to a new file, while others may be writing."""

        def attempt() -> None:
            with on_disk(path.parent):
                path.unlink(missing_ok=True)
            if self._connection is None:
                self._connect()
            self._in_turn(lambda: self._connection.execute("VACUUM INTO ?", (str(path),)))

        with self._lock, self._translated():
            self._steadily(attempt)

    def rekey(self, key: bytes) -> None:
        """Encrypt every page anew, in one transaction of the database's own. Raises `RegisterBusy` where that was not done.

        On a connection made for it: one that failed in the middle would go on writing with the wrong key.
        """
        old, new = self._file_key, derive(file_half(key), "database file")
        with self._lock, self._translated():
            for left in reversed(range(_TRIES)):
                try:
                    self._encrypt_anew(new)
                    break
                except sqlcipher.DatabaseError as error:  # a page that was not read: nothing was committed
                    if not left or code_of(error) not in (CORRUPT, NOTADB):
                        raise
            self._file_key = new
            try:
                self._steadily(self._connect)
            except sqlcipher.Error as error:
                self._file_key = old
                if code_of(error) == NOTADB:  # the library had to give up and doesn't say why
                    raise trouble.not_rekeyed(self.path) from error
                raise
            with suppress(sqlcipher.Error):  # nothing under the old key stays behind
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def _encrypt_anew(self, new: bytes) -> None:
        """One try; where the library gave up without a reason, the next connection tells which key opens the file."""
        self._steadily(self._connect)
        try:
            self._in_turn(lambda: self._connection.execute("BEGIN IMMEDIATE"))
            self._connection.execute("COMMIT")
            self._connection.execute(f"PRAGMA busy_timeout = {_WAIT_MS}")
            self._connection.execute(f"PRAGMA rekey = \"x'{new.hex()}'\"").fetchall()
        except sqlcipher.OperationalError as error:
            if self._is_fault(error) or code_of(error) in HELD:
                raise
        finally:
            self._disconnect()

    @override
    def forget(self) -> None:
        super().forget()
        wipe(self._file_key)

    def faults(self) -> list[str]:
        """What SQLCipher's page seals, SQLite's structure and the references say; empty when sound."""
        found = self._looked_over()
        if found:  # by a failed read, perhaps
            self._disconnect()
            found = self._looked_over()
        return found

    def _looked_over(self) -> list[str]:
        found: list[str] = []
        for pragma in ("cipher_integrity_check", "integrity_check", DANGLING):
            if self.breathe is not None:
                self.breathe()
            try:
                rows = self.rows(f"PRAGMA {pragma}")
            except RegisterDamaged as error:
                rows = [(error.sentence,)]
            found += [f"{pragma}：{'，'.join(map(str, row))}" for row in rows[:20] if row != ("ok",)]
        return found

    @override
    def _refuse(self, error: Exception) -> None:
        if code_of(error) in (CORRUPT, NOTADB) and self.renewed():
            raise KeyRenewed from error
        if (known := told_of(error, self.path, _WAIT_MS)) is not None:
            raise known from error
