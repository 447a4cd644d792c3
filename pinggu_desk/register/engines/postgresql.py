"""The connection to a register on a PostgreSQL server.

Whoever writes holds one advisory lock to the end of the transaction, as a SQLCipher file has one writer: what is read in it is
what others left, the trail is one chain, ids have no holes. A COMMIT that returned is on the server's disk
(`synchronous_commit`). A connection that was lost is made again by the next call; a transaction that was cut is given up whole.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from typing_extensions import override

from pinggu_desk.register.dialects import locking
from pinggu_desk.register.engines import refusals
from pinggu_desk.register.engines.libpq import psycopg
from pinggu_desk.register.engines.server import Server, refuse_in_clear
from pinggu_desk.register.statements import Statement, Value, Values, prepared
from pinggu_desk.register.store import Fetch, Store, T, nothing, wipe

#: rows that a stream fetches at once: the first time, at most, and of how many bytes: papers are large, and while they are taken
#: out of the server's answer nothing else of the program goes on
_FIRST_BITE, _BITE, _BITE_BYTES = 20, 500, 2 << 20


def connect(server: Server, *, who: str = "pinggu-desk", patience: int = 5) -> psycopg.Connection[tuple[Any, ...]]:
    """A connection that notices within seconds when the other end is gone; ``patience`` (s) is for its making.

    Raises `psycopg.Error`, `ServerRefused`.
    """
    refuse_in_clear(server)
    return psycopg.connect(
        **server.arguments(),
        autocommit=True,
        application_name=who,
        client_encoding="UTF8",
        connect_timeout=patience,
        keepalives_idle=5,
        keepalives_interval=3,
        keepalives_count=3,
        tcp_user_timeout=15_000,
        options=locking.SETTINGS,
    )


class ServerDatabase(Store):
    """One connection to the server, usable from any thread, one transaction at a time.

    Raises `ServerGone`, `ServerRefused`, `RegisterBusy`, `DiskFull`.
    """

    kind, failures = "postgresql", psycopg.Error

    def __init__(self, server: Server, key: bytes, path: Path) -> None:
        super().__init__(path, key)
        self.server, self.key = server, bytes(bytearray(key))  # our own: whoever gave it may wipe his
        self._lock = threading.RLock()
        self._depth = 0
        self._names = count()
        self._present = False
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None
        with self._translated():
            self._open()

    def _open(self) -> Any:
        """The connection, made anew where it was lost."""
        connection = self._connection
        if connection is None or connection.closed:
            self._connection = connection = None
            self._connection = connection = connect(self.server)
            if self._present:
                connection.execute(locking.PRESENCE)
        return connection

    @override
    def come_in(self) -> bool:
        """See `Store.come_in`."""
        (alone,) = self._do(locking.ALONE, (), lambda cursor: cursor.fetchone(), query=True)
        self._do(locking.PRESENCE, (), nothing, query=True)
        if alone:
            self._do(locking.NOT_ALONE, (), nothing, query=True)
        self._present = True
        return bool(alone)

    @override
    def looks_for_all(self) -> bool:
        """See `Store.looks_for_all`: it stays with a window as long as its connection, and goes to the next who asks after it."""
        return bool(self._do(locking.LOOK, (), lambda cursor: cursor.fetchone(), query=True)[0])

    @override
    def leave_looking(self) -> bool:
        """See `Store.leave_looking`: given up as often as it was asked for."""
        had = False
        while self._do(locking.LEAVE_LOOKING, (), lambda cursor: cursor.fetchone(), query=True)[0]:
            had = True
        return had

    @override
    def clock(self) -> datetime | None:
        """See `Store.clock`: the server's."""
        row = self.row(locking.CLOCK)
        assert row is not None
        return datetime.fromtimestamp(float(row[0]))

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()

    def close(self) -> None:
        """See `Store.close`."""
        with self._lock:
            if self._connection is not None:  # the server would notice by itself, but later
                with suppress(psycopg.Error):
                    self._connection.execute(locking.LEAVE_ALL)
            self._present = False
            self._drop()

    # --- working

    def _do(self, sql: str, values: Values, fetch: Fetch[T], *, query: bool) -> T:
        with self._lock, self._translated():
            return self._once_more(lambda: fetch(self._open().execute(sql, values)), may=query and not self._depth)

    def _once_more(self, attempt: Callable[[], T], *, may: bool) -> T:
        """Do something; where nothing is at work that would be lost with the connection, once more on a new one."""
        try:
            return attempt()
        except psycopg.Error as error:
            if not refusals.is_away(error, self._connection) or not may or self._connection is None:
                raise
            self._drop()
            return attempt()

    def _begin(self) -> None:
        self._lock.acquire()
        try:
            if not self._depth:
                with self._translated():
                    self._once_more(self._began, may=True)
            elif self._connection is None or self._connection.closed:
                raise refusals.gone(self.server, "连接已断开")
            self._depth += 1
        except BaseException:
            self._lock.release()
            raise

    def _began(self) -> None:
        """BEGIN, and its turn among those who write; whoever waited in vain has no transaction left, which nobody would end."""
        try:
            self._open().execute(locking.BEGIN)
        except psycopg.Error:
            if self._connection is not None and not self._connection.closed:
                self._roll_back()
            raise

    def _end(self, error: BaseException | None) -> None:
        """Commit what was begun, or take it back after an error; returns once it is on the server's disk."""
        try:
            if self._depth == 1:
                if error is None:
                    self._commit()
                else:
                    self._roll_back()
                    self._tell(error)
        finally:
            self._depth -= 1
            self._lock.release()

    def _commit(self) -> None:
        connection: Any = self._connection
        try:
            if connection is None or connection.closed:
                raise refusals.gone(self.server, "连接已断开")
            connection.execute("COMMIT")
        except psycopg.Error as error:
            away = refusals.is_away(error, connection)
            self._roll_back()
            if away:
                raise refusals.gone(self.server, " ".join(str(error).split())[:200], committing=True) from error
            self._tell(error)
            raise

    def _roll_back(self) -> None:
        if self._connection is None:
            return
        try:
            self._connection.execute("ROLLBACK")
        except psycopg.Error:
            self._drop()

    def fill(self, statement: Statement, rows: Iterable[Mapping[str, Value]]) -> None:
        """See `Store.fill`."""
        sql, order, _ = prepared(statement, self.kind)
        with self._lock, self._translated():
            self._open().cursor().executemany(sql, [order(row) for row in rows])

    def lock(self, name: str) -> None:
        """See `Store.lock`."""
        self.run(locking.WAIT, name=name)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold others off who would make a register on this server at the same time."""
        self._do(locking.HOLD_PLACE, (), nothing, query=True)
        try:
            yield
        finally:
            self._do(locking.LEAVE_PLACE, (), nothing, query=True)

    def tidy(self) -> None:
        """Nothing: the server does that by itself."""

    @contextmanager
    def _stream(self, sql: str, values: Values) -> Iterator[Iterator[tuple[Any, ...]]]:
        with self._lock, self._translated():
            cursor: Any = self._once_more(lambda: self._declared(sql, values), may=not self._depth)
            try:
                yield _bites(cursor)
            finally:
                with suppress(psycopg.Error):
                    cursor.close()

    def _declared(self, sql: str, values: Values) -> Any:
        """A cursor on the server that outlives the statement, so that others may run between its rows."""
        cursor = self._open().cursor(f"rows_{next(self._names)}", withhold=True, scrollable=False)
        try:
            return cursor.execute(sql, values)
        except BaseException:
            with suppress(psycopg.Error):
                cursor.close()
            raise

    def snapshot(self) -> ServerDatabase:
        """A connection of its own that sees everything as it stands now, however long it reads; nothing can be written by it."""
        other = ServerDatabase(self.server, self.key, self.path)
        other.breathe = self.breathe
        with other._translated():
            other._open().execute(locking.SNAPSHOT)
        other._depth = 1  # a connection made anew would see other rows
        return other

    def take_time(self) -> None:
        """Let the transaction at work take as long as it does."""
        self._do(locking.UNHURRIED, (), nothing, query=False)

    @contextmanager
    def moment(self) -> Iterator[Store]:
        """See `Store.moment`: on a connection of its own; in a transaction that writes nobody else does anyway."""
        if self._depth:
            yield self
            return
        other = self.snapshot()
        try:
            yield other
        finally:
            other.close()

    @override
    @contextmanager
    def glance(self) -> Iterator[None]:
        """See `Store.glance`: a connection of its own would take longer to make than all that is read in it."""
        with self._lock, self._translated():
            self._once_more(lambda: self._open().execute(locking.SNAPSHOT), may=True)
            self._depth += 1  # a connection made anew would see other rows
            try:
                yield
            finally:
                self._depth -= 1
                self._roll_back()

    def copy_to(self, path: Path) -> None:
        """See `Store.copy_to`: a SQLCipher file, which any machine opens."""
        from pinggu_desk.register.engines.copying import to_file

        with self._translated():
            to_file(self, path)

    def rekey(self, key: bytes) -> None:
        """See `Store.rekey`: nothing on the server, but what is copied from it."""
        old, self.key = self.key, bytes(bytearray(key))
        wipe(old)

    @override
    def forget(self) -> None:
        super().forget()
        wipe(self.key)

    def faults(self) -> list[str]:
        """See `Store.faults`: what would make the server forget what it has acknowledged."""
        return [
            f"服务器设置 {name} 没有打开，断电会丢失已经保存的内容，请管理员打开"
            for name in ("fsync", "full_page_writes", "synchronous_commit")
            if (self._do(f"SHOW {name}", (), lambda cursor: cursor.fetchone(), query=True) or ("off",))[0] == "off"
        ]

    @override
    def _refuse(self, error: Exception) -> None:
        assert isinstance(error, psycopg.Error)
        known = refusals.told_of(error, self.server, self._connection)
        if refusals.is_away(error, self._connection):
            self._drop()
        if known is not None:
            raise known from error


def _bites(cursor: Any) -> Iterator[tuple[Any, ...]]:
    """A cursor's rows, few at a time where they are large."""
    bite = _FIRST_BITE
    while rows := cursor.fetchmany(bite):
        yield from rows
        size = sum(len(value) for row in rows for value in row if isinstance(value, (str, bytes)))
        bite = max(1, min(_BITE, _BITE_BYTES * len(rows) // max(size, 1)))
