"""A server made ready by whoever owns the database: the tables brought up, and an account for the windows.

That account can do no more than they need: it may add to the audit trail and read it, and can't change it or shorten it.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from pinggu_desk.register import events
from pinggu_desk.register.engines import refusals
from pinggu_desk.register.engines.libpq import psycopg, sql
from pinggu_desk.register.engines.postgresql import connect
from pinggu_desk.register.engines.server import Server
from pinggu_desk.register.errors import InvalidEntry, RegisterNewer, ServerRefused
from pinggu_desk.register.migrations import HISTORY, names
from pinggu_desk.register.tables import audit, metadata

#: seconds that a server may take to answer a question that nobody has to wait for at a key
_PATIENCE = 20
#: what the windows may do with a table; nobody of them may empty one, or make one
_RIGHTS = "SELECT, INSERT, UPDATE, DELETE"
_RIGHTS_TO_THE_TRAIL = "SELECT, INSERT"
#: settings by which the values that statements are given get into the server's log
_LOGGED = """
    SELECT string_agg(name || ' = ' || setting, '，' ORDER BY name) FROM pg_settings
    WHERE (name = 'log_parameter_max_length_on_error' AND setting <> '0')
        OR (current_setting('log_parameter_max_length') <> '0' AND (
            (name = 'log_statement' AND setting IN ('mod', 'all'))
            OR (name IN ('log_min_duration_statement', 'log_min_duration_sample') AND setting <> '-1')
            OR (name = 'log_transaction_sample_rate' AND setting::float > 0)))"""
#: whether an account could change the trail: a single column of it, by a trigger of its own, or once it is somebody else
_COULD_REWRITE = """
    SELECT bool_or(rolsuper OR has_any_column_privilege(rolname, trail, 'UPDATE') OR has_table_privilege(rolname, trail, 'DELETE')
        OR has_table_privilege(rolname, trail, 'TRUNCATE') OR has_table_privilege(rolname, trail, 'TRIGGER'))
    FROM pg_roles, CAST('audit' AS regclass) AS trail WHERE pg_has_role(rolname, 'MEMBER')"""


def prepare(owner: Server, user: str = "", password: str = "", *, backed_up: bool = False) -> Server:
    """Bring the schema up, whole or not at all, and give the windows' account its rights; returns how the windows come in.

    ``owner`` is the database's owner; the account is made where it isn't there (the owner must be allowed to), with a password
    that nobody has to type. Raises `ServerGone`, `ServerRefused`, `RegisterNewer`, and `InvalidEntry` where a register that somebody
    worked in since its last backup would be brought up: only who has the key can back it up first. ``backed_up`` says that the
    database was backed up otherwise.
    """
    connection: psycopg.Connection | None = None
    try:
        connection = connect(owner, who="pinggu-desk prepare")
        _upgrade(connection, owner, backed_up=backed_up)
        name, secret = user or f"{owner.database}_window", password or secrets.token_urlsafe(24)
        with connection.transaction():
            _account(connection, name, secret)
            _grant(connection, owner.database, name)
        return replace(owner, user=name, password=secret)
    except psycopg.Error as error:
        known = refusals.told_of(error, owner, connection)
        raise known or error from error
    finally:
        if connection is not None:
            connection.close()


def sweep(owner: Server) -> None:
    """Write every table anew, so that nothing of what was forgotten (到期清除) is left in its files. Others wait meanwhile.

    No account but the tables' owner may. Raises `ServerGone`, `ServerRefused`.
    """
    with asked(owner) as connection:
        connection.execute("SET statement_timeout = 0; SET lock_timeout = 0")
        for table in (*metadata.tables, "applicant_grams"):
            row = connection.execute(
                "SELECT tableowner = current_user FROM pg_tables WHERE schemaname = 'public' AND tablename = %s",
                (table,),
            ).fetchone()
            if row != (True,):
                raise ServerRefused(
                    f"账号“{owner.user}”不是登记库服务器“{owner.called}”上表的所有者，清理不了空闲页；请用准备这个库时的账号。"
                )
            connection.execute(sql.SQL("VACUUM (FULL, ANALYZE) {}").format(sql.Identifier(table)))


def _upgrade(connection: psycopg.Connection, owner: Server, *, backed_up: bool) -> None:
    there = stamped(connection)
    if there == names()[-1]:
        return
    if there and there not in names():
        raise RegisterNewer(f"登记库服务器“{owner.called}”由更新版本的程序建立（{there}），请升级本程序后再打开。")
    if there and not backed_up:
        _refuse_without_backup(connection, owner)
    from pinggu_desk.register.migrations.upgrade import upgrade_postgresql

    upgrade_postgresql(connection, HISTORY)


def _refuse_without_backup(connection: psycopg.Connection, owner: Server) -> None:
    """As a file is backed up before its migration: the day of the last backup is no earlier than the last day's work."""
    days = "SELECT max(substr(at, 1, 10)), max(substr(at, 1, 10)) FILTER (WHERE event = %s) FROM audit"
    worked, kept = connection.execute(days, (events.BACKED_UP,)).fetchone() or (None, None)
    if worked is not None and (kept is None or kept < worked):
        last = f"最近一次备份是 {kept}，{worked} 还有人办理" if kept else "还没有备份过"
        raise InvalidEntry(
            f"登记库服务器“{owner.called}”要升级，升级前先备份：{last}。请由负责人用原来的程序在“备份与核验”里备份一次再运行；"
            "数据库已由管理员另行备份的，加 --backed-up 再运行。"
        )


def stamped(connection: psycopg.Connection) -> str:
    """The schema's last step, by its number; empty where there is none yet."""
    if connection.execute("SELECT to_regclass('alembic_version')").fetchone() == (None,):
        return ""
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else ""


def try_out(server: Server) -> None:
    """Connect once, and refuse a server or an account that is not fit for a window. Raises as `prepare`."""
    with asked(server) as connection:
        refuse_unfit(connection, server)
        _refuse_narrow(connection, server)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a server that may be used answered: how many people its register has (None: no register yet), and how quickly (s)."""

    people: int | None
    seconds: float


def trial(server: Server) -> Trial:
    """The same, and what there is. Raises as `try_out`."""
    begun = time.monotonic()
    with asked(server) as connection:
        refuse_unfit(connection, server)
        took = time.monotonic() - begun
        _refuse_narrow(connection, server)
        row = connection.execute("SELECT data FROM key_store WHERE name = 'slots'").fetchone()
        people = len(json.loads(bytes(row[0]))["clerks"]) if row is not None else None
        return Trial(people, took)


def logged(server: Server) -> str:
    """What the server is set to write into its own log of what people type; empty where nothing. Raises as `try_out`."""
    with asked(server) as connection:
        row = connection.execute(_LOGGED).fetchone()
    if not row or not row[0]:
        return ""
    return (
        f"登记库服务器“{server.called}”的设置（{row[0]}）会把填写的姓名、号码以明文写进服务器日志；"
        "请数据库管理员改回默认值，或设 log_parameter_max_length = 0、log_parameter_max_length_on_error = 0，并清理已有的日志。"
    )


def _refuse_narrow(connection: psycopg.Connection, server: Server) -> None:
    """Refuse an account that can't do what a window does, before somebody meets it in the middle of a case."""
    wanted = [(table, right) for table in metadata.tables for right in _rights_of(table).split(", ")]
    tables, rights = [table for table, _right in wanted], [right for _table, right in wanted]
    row = connection.execute(
        "SELECT t, r FROM unnest(%s::text[], %s::text[]) AS wanted (t, r) WHERE NOT has_table_privilege(t, r) LIMIT 1",
        (tables, rights),
    ).fetchone()
    if row is not None:
        raise ServerRefused(
            f"账号“{server.user}”在登记库服务器“{server.called}”上的权限不够（表 {row[0]} 没有 {row[1]}），"
            "请管理员重新运行 pinggu-desk register prepare。"
        )


def _rights_of(table: str) -> str:
    return _RIGHTS_TO_THE_TRAIL if table == audit.name else _RIGHTS


@contextmanager
def asked(server: Server) -> Iterator[psycopg.Connection]:
    """A connection for a question; errors are told in sentences."""
    connection: psycopg.Connection | None = None
    try:
        connection = connect(server, patience=_PATIENCE)
        yield connection
    except psycopg.Error as error:
        raise refusals.told_of(error, server, connection) or error from error
    finally:
        if connection is not None:
            connection.close()


def refuse_unfit(connection: psycopg.Connection, server: Server) -> None:
    """Refuse a schema that is not this program's, and an account that could rewrite the trail."""
    there = stamped(connection)
    if there != names()[-1]:
        if there and there not in names():
            raise RegisterNewer(
                f"登记库服务器“{server.called}”由更新版本的程序升级过（{there}），请升级本程序后再打开。"
            )
        raise ServerRefused(
            f"登记库服务器“{server.called}”的表结构还没有准备好或版本较旧，请管理员运行 pinggu-desk register prepare。"
        )
    if connection.execute(_COULD_REWRITE).fetchone() == (True,):
        raise ServerRefused(
            f"账号“{server.user}”能改写登记库服务器“{server.called}”的审计记录，不能用它办件；"
            "请管理员运行 pinggu-desk register prepare，另给窗口一个账号。"
        )


def _account(connection: psycopg.Connection, name: str, password: str) -> None:
    """Make the account, or give it this password: as what it is checked by, since statements stand in logs and for all to see."""
    there = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
    words = "ALTER ROLE {} LOGIN PASSWORD {}" if there else "CREATE ROLE {} LOGIN PASSWORD {}"
    checked_by = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    connection.execute(sql.SQL(words).format(sql.Identifier(name), sql.Literal(checked_by)))


def _grant(connection: psycopg.Connection, database: str, name: str) -> None:
    who = sql.Identifier(name)
    run = connection.execute
    run(sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
    run(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(database), who))
    run(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(who))
    for table in (*metadata.tables, "applicant_grams"):
        rights = sql.SQL(_rights_of(table))
        run(sql.SQL("REVOKE ALL ON {} FROM {}").format(sql.Identifier(table), who))
        run(sql.SQL("GRANT {} ON {} TO {}").format(rights, sql.Identifier(table), who))
    run(sql.SQL("GRANT SELECT ON alembic_version TO {}").format(who))
