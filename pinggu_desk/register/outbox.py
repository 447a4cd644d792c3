"""What was typed while the server was away: an encrypted file of this machine's own, until it is joined to the register.

Each entry is one call that changes a case, with who made it and when. A call that returned is in the file and synced; it leaves
the file only after the server has it. The file has a number of its own, and its entries are counted: the server keeps how far it
has taken them in the very transaction that takes one, so that none is taken twice.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from pinggu_desk.register import handles
from pinggu_desk.register.errors import DiskFault
from pinggu_desk.register.store import derive
from pinggu_desk.register.trouble import told_of

FILE_NAME = "outbox.db"
#: the call that says where somebody stands in a case: it is kept, and is nothing that anybody typed
STOOD = "set_position"
_WAIT_MS = 5000
_AT_REST = "已放下："
_TABLES = (
    "CREATE TABLE IF NOT EXISTS file (name TEXT NOT NULL)",
    # AUTOINCREMENT: the number of an entry that has left is never another's
    """CREATE TABLE IF NOT EXISTS entries (
       seq INTEGER PRIMARY KEY AUTOINCREMENT, since TEXT NOT NULL, at TEXT NOT NULL, clerk_no TEXT NOT NULL, call TEXT NOT NULL,
       given TEXT NOT NULL, refused TEXT NOT NULL DEFAULT '')""",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One call: its number in the file, when (ISO, local), by whom (工号), which, with what; why it was refused, if it was.

    ``since`` is when the server was missed first: what others did after that, this window has not seen.
    """

    seq: int
    since: str
    at: str
    clerk_no: str
    call: str
    given: dict[str, Any]
    refused: str = ""


class Outbox:
    """The file in a register's folder; made when there is something to put in. Raises `RegisterDamaged`, `DiskFull`, `DiskFault`."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self.path = folder / FILE_NAME
        self._key = derive(key, "outbox file")
        self._lock = threading.RLock()
        self._connection: Any = None
        self._counted()

    def _counted(self) -> None:
        """See anew how much waits: ``count`` calls, of them ``typed`` that are not only where somebody stood; and what is ``left``."""
        waiting = self.entries()
        self.count, self.typed = len(waiting), sum(one.call != STOOD for one in waiting)
        self.left = len(self.refused())

    def add(self, since: str, at: str, clerk_no: str, call: str, given: dict[str, Any]) -> None:
        """Put a call in; on the disk on return."""
        text = json.dumps(given, ensure_ascii=False)
        with self._used() as connection:
            connection.execute(
                "INSERT INTO entries (since, at, clerk_no, call, given) VALUES (?,?,?,?,?)",
                (since, at, clerk_no, call, text),
            )
        self.count += 1
        self.typed += call != STOOD

    def entries(self) -> list[Entry]:
        """What waits, in its order."""
        return [one for one in self._all() if not one.refused]

    def refused(self) -> list[Entry]:
        """What the register would not take when it was joined, and why: kept until somebody has seen to it."""
        return [one for one in self._all() if one.refused and not one.refused.startswith(_AT_REST)]

    def name(self) -> str:
        """The file's own number, as the server counts by."""
        with self._used() as connection:
            row = connection.execute("SELECT name FROM file").fetchone()
            if row is None:
                row = (secrets.token_hex(16),)
                connection.execute("INSERT INTO file VALUES (?)", row)
            return str(row[0])

    def taken(self, seq: int) -> None:
        """An entry is the server's now."""
        with self._used() as connection:
            connection.execute("DELETE FROM entries WHERE seq = ?", (seq,))
        self._counted()

    def refuse(self, seq: int, why: str) -> None:
        """The register won't take an entry; it stays, with the reason."""
        with self._used() as connection:
            connection.execute("UPDATE entries SET refused = ? WHERE seq = ?", (why, seq))
        self._counted()

    def rest(self, seq: int) -> None:
        """Somebody has decided against an entry: it stays, and is told no more."""
        with self._used() as connection:
            connection.execute("UPDATE entries SET refused = ? || refused WHERE seq = ?", (_AT_REST, seq))
        self._counted()

    def close(self) -> None:
        """Close the file; used again, it is opened again."""
        with self._lock:
            connection, self._connection = self._connection, None
            if connection is not None:
                connection.close()

    def _all(self) -> list[Entry]:
        if self._connection is None and not self.path.exists():
            return []
        with self._used() as connection:
            rows = connection.execute("SELECT seq, since, at, clerk_no, call, given, refused FROM entries ORDER BY seq")
            return [
                Entry(seq, since, at, clerk_no, call, json.loads(given), refused)
                for seq, since, at, clerk_no, call, given, refused in rows
            ]

    @contextmanager
    def _used(self) -> Iterator[Any]:
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self._opened()
                yield self._connection
            except sqlcipher.Error as error:
                self.close()
                known = told_of(error, self.path, _WAIT_MS)
                raise known or DiskFault(f"“{self.path}”读写失败（{error}），刚才这一步没有存下。") from error

    def _opened(self) -> Any:
        connection = handles.connect(self.path, "rwc")
        try:
            for pragma in (
                "cipher_log_level = NONE", f"key = \"x'{self._key.hex()}'\"", f"busy_timeout = {_WAIT_MS}",
                "journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "temp_store = MEMORY",
            ):  # fmt: skip
                connection.execute(f"PRAGMA {pragma}").fetchone()
            for table in _TABLES:
                connection.execute(table)
        except BaseException:
            connection.close()
            raise
        return connection
