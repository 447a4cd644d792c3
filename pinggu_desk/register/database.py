"""The one connection to the encrypted database: how it is opened, what a transaction is, what its errors mean.

SQLCipher with a raw key, WAL and `synchronous=FULL`: a COMMIT that returned has been through fsync, and a torn or
unfinished one is not there after a crash.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from pinggu_desk.register.errors import InvalidEntry, RegisterBusy, RegisterDamaged, RegisterError
from pinggu_desk.register.files import disk_fault, disk_full, has_no_room
from pinggu_desk.register.schema import migrate

FILE_NAME = "register.db"
_WAIT_MS = 5000
_LOG_PAGES = 256  # 1 MiB: the log is soon written over instead of made longer, which is cheaper to sync
_BUSY, _LOCKED, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = 5, 6, 8, 10, 11, 13, 14, 26  # sqlite3.h

Value = str | int | bytes | None


class Database:
    """One connection, usable from any thread, one transaction at a time.

    `path` must exist unless `new`; `read_only` opens without writing a byte beside the file (for checking a backup).
    Raises `RegisterDamaged` when the file is not a database under this key, `RegisterNewer`, `RegisterBusy`,
    `DiskFull`, `DiskFault`.
    """

    def __init__(self, path: Path, key: bytes, *, new: bool = False, read_only: bool = False) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._depth = 0
        self._seal_key = _derive(key, "row seals and audit chain")
        with self._translated():
            mode = "rwc" if new else "rw"
            self._connection: Any = sqlcipher.connect(
                f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
            )
        try:
            with self._translated():
                self._set_up(_derive(key, "database file"), read_only)
        except BaseException:
            self._connection.close()
            raise

    def _set_up(self, file_key: bytes, read_only: bool) -> None:
        run = self._connection.execute
        run("PRAGMA cipher_log_level = NONE")  # it would write to the terminal; we say it in a sentence instead
        run(f"PRAGMA key = \"x'{file_key.hex()}'\"")
        run(f"PRAGMA busy_timeout = {_WAIT_MS}")
        run("SELECT count(*) FROM sqlite_master").fetchone()  # the first read: a wrong key or a broken file shows here
        if read_only:
            run("PRAGMA query_only = ON")
            return
        run("PRAGMA journal_mode = WAL").fetchone()
        run("PRAGMA synchronous = FULL")
        run("PRAGMA foreign_keys = ON")
        run("PRAGMA secure_delete = ON").fetchone()
        run("PRAGMA temp_store = MEMORY")
        run(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}").fetchone()
        migrate(self._connection, str(self.path))

    def close(self) -> None:
        """Close the connection; the last one to close folds the write-ahead log into the database."""
        with self._lock, self._translated():
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. On return it is committed and on the disk; an inner one joins the outer one."""
        with self._lock, self._translated():
            if self._depth:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlcipher.Error):  # a failed write may have rolled back by itself
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0

    def run(self, sql: str, *values: Value) -> int:
        """Run a statement that changes something (inside a transaction); returns the id of an inserted row."""
        return int(self._connection.execute(sql, values).lastrowid or 0)

    def rows(self, sql: str, *values: Value) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._lock, self._translated():
            return list(self._connection.execute(sql, values))

    def row(self, sql: str, *values: Value) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        with self._lock, self._translated():
            found: tuple[Any, ...] | None = self._connection.execute(sql, values).fetchone()
            return found

    @contextmanager
    def stream(self, sql: str, *values: Value) -> Iterator[Iterator[tuple[Any, ...]]]:
        """The rows of a query one by one, for a reader that may stop early."""
        with self._lock, self._translated():
            cursor = self._connection.execute(sql, values)
            try:
                yield cursor
            finally:
                cursor.close()

    def copy_to(self, path: Path) -> None:
        """Write one consistent, compact copy under the same key to a new file, while others may be writing."""
        with self._lock, self._translated():
            self._connection.execute("VACUUM INTO ?", (str(path),))

    def faults(self) -> list[str]:
        """What SQLCipher's page seals, SQLite's structure and the references say; empty when sound."""
        found: list[str] = []
        for pragma in ("cipher_integrity_check", "integrity_check", "foreign_key_check"):
            try:
                rows = self.rows(f"PRAGMA {pragma}")
            except RegisterDamaged as error:
                rows = [(error.sentence,)]
            found += [f"{pragma}：{'，'.join(map(str, row))}" for row in rows[:20] if row != ("ok",)]
        return found

    def seal(self, table: str, *values: Value) -> bytes:
        """The keyed checksum of a row: whoever changes the row without the key can't make it again."""
        return self.digest([table, *values])[:16]

    def digest(self, values: list[Any]) -> bytes:
        """HMAC-SHA256 over canonical JSON (bytes as hexadecimal)."""
        text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=bytes.hex)
        return hmac.digest(self._seal_key, text.encode("utf-8", "surrogatepass"), "sha256")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlcipher.Error as error:
            known = self._error(error)
            if known is None:
                raise  # a fault of the program, not of the data
            raise known from error
        except UnicodeEncodeError as error:  # half of a surrogate pair, as a broken input method may send it
            raise InvalidEntry(
                f"“{error.object.encode('utf-8', 'replace').decode()}”中有不完整的字符，没有保存；请删掉该字重新输入。"
            ) from error

    def _error(self, error: Exception) -> RegisterError | None:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        folder = self.path.parent
        if code == _FULL or (code in (_IOERR, _CANTOPEN) and has_no_room(folder)):
            return disk_full(folder)
        if code in (_IOERR, _CANTOPEN, _READONLY):
            return disk_fault(folder, str(error))
        if code in (_BUSY, _LOCKED):
            return RegisterBusy(
                f"登记库“{self.path}”正被另一个窗口占用，等了 {_WAIT_MS // 1000} 秒仍没有空出来，请稍候再试。"
            )
        if code in (_CORRUPT, _NOTADB):
            return damaged(self.path)
        return None


def damaged(path: Path) -> RegisterDamaged:
    """The error for a database that can't be read."""
    return RegisterDamaged(f"登记库文件“{path}”已损坏或与密钥文件不是一套，读不出数据；请从最近的备份恢复整个文件夹。")


def _derive(key: bytes, purpose: str) -> bytes:
    """A key of its own for each purpose (HKDF-Expand of one block, RFC 5869; the input is random already)."""
    return hmac.digest(key, f"pinggu_desk register: {purpose}".encode() + b"\x01", hashlib.sha256)
