"""What an error of PostgreSQL means, in the words that a person is told."""

from __future__ import annotations

from pinggu_desk.register.engines.libpq import errors as pg
from pinggu_desk.register.engines.libpq import psycopg
from pinggu_desk.register.engines.server import Server
from pinggu_desk.register.errors import (
    DiskFull,
    InvalidEntry,
    RegisterBusy,
    RegisterDamaged,
    RegisterError,
    ServerGone,
    ServerRefused,
)

_BUSY = (pg.LockNotAvailable, pg.DeadlockDetected, pg.SerializationFailure, pg.QueryCanceled, pg.TooManyConnections)
_AWAY = (pg.AdminShutdown, pg.CrashShutdown, pg.CannotConnectNow, pg.IdleInTransactionSessionTimeout)
_NOT_LET_IN = (
    pg.InvalidPassword, pg.InvalidAuthorizationSpecification, pg.InvalidCatalogName, pg.InsufficientPrivilege,
)  # fmt: skip
_REFUSED_AT_THE_DOOR = ("password authentication failed", "no pg_hba.conf entry", "does not exist", "certificate")


def is_away(error: BaseException, connection: psycopg.Connection | None) -> bool:
    """Whether the server can't be reached, or ended the connection."""
    if isinstance(error, _AWAY):
        return True
    broken = connection is None or connection.closed
    return isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)) and bool(broken)


def told_of(error: BaseException, server: Server, connection: psycopg.Connection | None) -> RegisterError | None:
    """The sentence for an error; None where it is a fault of the program, not of the data or the server."""
    why = " ".join(str(error).split())[:200]
    if isinstance(error, _NOT_LET_IN) or (connection is None and any(word in why for word in _REFUSED_AT_THE_DOOR)):
        return ServerRefused(
            f"登记库服务器“{server.called}”不接受本机的账号“{server.user}”（{why}），请管理员检查设置。"
        )
    if isinstance(error, _BUSY):
        return RegisterBusy(f"登记库服务器“{server.called}”正忙（{why}），等了一会儿仍没有空出来，请稍候再试。")
    if isinstance(error, pg.DiskFull):
        return DiskFull(f"登记库服务器“{server.called}”的磁盘空间不足，刚才这一步没有保存；请管理员清理后再试。")
    if isinstance(error, (pg.DataCorrupted, pg.IndexCorrupted)):
        return RegisterDamaged(f"登记库服务器“{server.called}”的数据有损坏（{why}），请管理员从备份恢复。")
    if isinstance(error, pg.ReadOnlySqlTransaction) or is_away(error, connection):
        return gone(server, why)
    if isinstance(error, psycopg.DataError) and "NUL" in why:
        return InvalidEntry("填写的内容中有看不见的控制字符，没有保存；请删掉该字符重新输入。")
    return None


def gone(server: Server, why: str, *, committing: bool = False) -> ServerGone:
    """The error for a server that can't be reached."""
    kept = "没有确认刚才这一步是否已经保存" if committing else "刚才这一步没有保存"
    return ServerGone(f"连不上登记库服务器“{server.called}”（{why}），{kept}；请检查网络，连上后再试。")
