"""The key slots of a register on a server: in its table ``key_store``, held by an advisory lock that ends with the connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import BindParameter, bindparam, select

from pinggu_desk.register.dialects import locking
from pinggu_desk.register.engines import refusals
from pinggu_desk.register.engines.libpq import errors as pg
from pinggu_desk.register.engines.libpq import psycopg
from pinggu_desk.register.engines.postgresql import connect
from pinggu_desk.register.engines.prepare import refuse_unfit
from pinggu_desk.register.engines.server import Server
from pinggu_desk.register.errors import KeysHeld, RegisterMissing
from pinggu_desk.register.keystore import Held
from pinggu_desk.register.statements import prepared, upsert
from pinggu_desk.register.tables import key_store

SLOTS = "slots"
_NAME: BindParameter[str] = bindparam("name")
_READ, KEEP = select(key_store.c.data).where(key_store.c.name == _NAME), upsert(key_store, "name")


class ServerKeys:
    """See `KeyStore`; each use has one connection of its own, since nobody has a key yet."""

    def __init__(self, server: Server) -> None:
        self._server = server

    @property
    def where(self) -> str:
        """See `KeyStore.where`."""
        return self._server.called

    @contextmanager
    def held(self) -> Iterator[Held]:
        """See `KeyStore.held`."""
        with self._connected() as connection:
            try:
                connection.execute(locking.HOLD_KEYS)
            except pg.LockNotAvailable as error:
                raise KeysHeld(f"登记库服务器“{self.where}”上的密钥正被另一个窗口使用，还没有让出来。") from error
            try:
                yield _Row(connection, self)
            finally:
                with suppress(psycopg.Error):  # a lost connection has let go of it
                    connection.execute(locking.LET_KEYS_GO)

    def read(self) -> bytes:
        """See `KeyStore.read`."""
        with self._connected() as connection:
            return _Row(connection, self).read()

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        connection: psycopg.Connection | None = None
        try:
            connection = connect(self._server)
            refuse_unfit(connection, self._server)
            yield connection
        except psycopg.Error as error:
            known = refusals.told_of(error, self._server, connection)
            raise known or error from error
        finally:
            if connection is not None:
                connection.close()


class _Row:
    """The one row that holds them."""

    def __init__(self, connection: Any, store: ServerKeys) -> None:
        self._connection, self._store = connection, store

    def read(self) -> bytes:
        sql, order, _ = prepared(_READ, "postgresql")
        row = self._connection.execute(sql, order({"name": SLOTS})).fetchone()
        if row is None:
            raise RegisterMissing(f"登记库服务器“{self._store.where}”上还没有登记库，请先新建。")
        return bytes(row[0])

    def replace(self, data: bytes) -> None:
        sql, order, _ = prepared(KEEP, "postgresql")
        self._connection.execute(sql, order({"name": SLOTS, "data": data}))  # autocommit: durable on return

    def clock(self) -> tuple[str, float]:
        """See `Held.clock`: since the server was started, by the server's own clock."""
        since = "SELECT pg_postmaster_start_time()::text, extract(epoch FROM now() - pg_postmaster_start_time())"
        row = self._connection.execute(since).fetchone()
        return str(row[0]), float(row[1])
