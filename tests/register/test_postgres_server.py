"""The server that the other tests run on is a real one: durable, closed to who has no password, back after a kill."""

from __future__ import annotations

import psycopg
import pytest

from tests.register.postgres import Server, Where


def test_it_is_durable_and_speaks_tls(postgres: Where) -> None:
    with postgres.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert connection.execute("SELECT current_setting(%s)", [setting]).fetchone() == ("on",)
        assert connection.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone() == (True,)


def test_nobody_comes_in_without_the_password(postgres: Where, postgres_server: Server) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        postgres_server.where(postgres.database, postgres.user, "wrong").connect()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        postgres_server.where(postgres.database, postgres.user, "wrong").connect(str(postgres.socket), "disable")


def test_what_was_committed_is_there_after_a_kill(postgres: Where, postgres_server: Server) -> None:
    with postgres.connect() as connection:
        connection.execute("CREATE TABLE kept (n bigint)")
        connection.execute("INSERT INTO kept VALUES (7)")
    postgres_server.kill()
    postgres_server.start()
    with postgres.connect() as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
