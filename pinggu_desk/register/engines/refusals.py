"""What an error of PostgreSQL means, in the words that a person is told."""

from __future__ import annotations

from dataclasses import asdict

from pinggu_desk.register.engines.libpq import errors as pg
from pinggu_desk.register.engines.libpq import psycopg
from pinggu_desk.register.engines.server import Server
from pinggu_desk.register.errors import (
    DiskFull,
    RegisterBusy,
    RegisterDamaged,
    RegisterError,
    ServerGone,
    ServerRefused,
)
from pinggu_desk.register.store import unseen_character

_BUSY = (pg.LockNotAvailable, pg.DeadlockDetected, pg.SerializationFailure, pg.QueryCanceled, pg.TooManyConnections)
_AWAY = (pg.AdminShutdown, pg.CrashShutdown, pg.CannotConnectNow, pg.IdleInTransactionSessionTimeout)
_NOT_LET_IN = (
    pg.InvalidPassword, pg.InvalidAuthorizationSpecification, pg.InvalidCatalogName, pg.InsufficientPrivilege,
)  # fmt: skip
#: what libpq and the server say at the door, and what that means to whoever set it up; the first that fits is told
_AT_THE_DOOR: tuple[tuple[str, str], ...] = (
    ("server does not support SSL", "服务器没有开通加密连接（TLS），请管理员在服务器上打开 ssl"),
    ("certificate verify failed", "服务器的证书不是所选的 CA 证书签发的，或已过期，不能信任；请核对 CA 证书文件"),
    ("signature failure", "服务器的证书不是所选的 CA 证书签发的，不能信任；请核对 CA 证书文件"),
    ("does not match host name", "服务器证书上的名称与填写的地址不符；请按证书上的名称填写地址"),
    ("root certificate file", "CA 证书文件“{ca}”不存在或读不出；请重新选择"),
    ("could not load private key", "客户端密钥“{key}”与证书不配套或读不出；请重新选择"),
    ("private key file", "客户端密钥文件“{key}”不存在、读不出，或权限太宽（应只有本人可读）"),
    ("certificate file", "客户端证书文件“{certificate}”不存在或读不出；请重新选择"),
    ("no encryption", "服务器要求加密连接（TLS），本机没有用；请选核对证书的方式"),
    ("no pg_hba.conf entry", "服务器不允许账号“{user}”从这台电脑连接；请管理员在 pg_hba.conf 中加上"),
    ("no password supplied", "没有填口令；请填写窗口账号的口令，或选客户端证书"),
    ("password authentication failed", "账号“{user}”或口令不对；请核对设置文件"),
    (
        " alert ",
        "服务器不认签发这张客户端证书的机构；请管理员把签发机构的证书设在服务器的 ssl_ca_file 中，或换一张证书",
    ),
    (
        "requires a valid client certificate",
        "服务器要求客户端证书，没有选，或选的文件不存在；请选择管理员发给这台电脑的证书和密钥",
    ),
    ("certificate authentication failed", "服务器不认这张客户端证书；请管理员检查证书上的名称是否就是账号"),
    ('database "', "服务器上没有名为“{database}”的库；请管理员先建库并运行 pinggu-desk register prepare"),
    ('role "', "服务器上没有账号“{user}”；请管理员运行 pinggu-desk register prepare"),
)
#: why nobody answers
_AWAY_WHY: tuple[tuple[str, str], ...] = (
    ("could not translate host name", "找不到名为“{host}”的主机，请核对地址"),
    ("failed to resolve host", "找不到名为“{host}”的主机，请核对地址"),
    ("Connection refused", "主机“{host}”的 {port} 端口上没有数据库在运行"),
    ("timeout expired", "主机“{host}”没有回应"),
    ("timed out", "主机“{host}”没有回应"),
    ("unreachable", "网络不通"),
    ("No route to host", "网络不通"),
    ("No such file or directory", "本机“{host}”中没有数据库的套接字"),
    ("starting up", "数据库正在启动"),
    ("shutting down", "数据库正在关闭"),
    ("terminating connection", "数据库关闭了连接"),
    ("server closed the connection", "数据库断开了连接"),
    ("connection is closed", "连接已断开"),
    ("connection is lost", "连接已断开"),
)


def is_away(error: BaseException, connection: psycopg.Connection | None) -> bool:
    """Whether the server can't be reached, or ended the connection."""
    if isinstance(error, _AWAY):
        return True
    broken = connection is None or connection.closed
    return isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)) and bool(broken)


def told_of(error: BaseException, server: Server, connection: psycopg.Connection | None) -> RegisterError | None:
    """The sentence for an error; None where it is a fault of the program, not of the data or the server."""
    why = " ".join(str(error).split())[:200]
    if connection is None and (at_the_door := _meant(_AT_THE_DOOR, why, server)):
        return ServerRefused(f"登记库服务器“{server.called}”不接受本机的连接：{at_the_door}。")
    if isinstance(error, pg.InsufficientPrivilege):
        return ServerRefused(
            f"账号“{server.user}”在登记库服务器“{server.called}”上的权限不够（{why}），请管理员重新运行 pinggu-desk register prepare。"
        )
    if isinstance(error, _NOT_LET_IN):
        return ServerRefused(
            f"登记库服务器“{server.called}”不接受本机的账号“{server.user}”（{why}），请管理员检查设置。"
        )
    if isinstance(error, _BUSY):
        return RegisterBusy(f"登记库服务器“{server.called}”正忙（{why}），等了一会儿仍没有空出来，请稍候再试。")
    if isinstance(error, pg.DiskFull):
        return DiskFull(f"登记库服务器“{server.called}”的磁盘空间不足，刚才这一步没有保存；请管理员清理后再试。")
    if isinstance(error, (pg.UndefinedTable, pg.UndefinedColumn)):
        return RegisterDamaged(
            f"登记库服务器“{server.called}”上库的结构被改动过（{why}），读不出应有的数据；请管理员保留现场，从备份恢复。"
        )
    if isinstance(error, (pg.DataCorrupted, pg.IndexCorrupted)):
        return RegisterDamaged(f"登记库服务器“{server.called}”的数据有损坏（{why}），请管理员从备份恢复。")
    if isinstance(error, pg.ReadOnlySqlTransaction) or is_away(error, connection):
        return gone(server, why)
    if isinstance(error, psycopg.DataError) and "NUL" in why:
        return unseen_character()
    return None


def gone(server: Server, why: str, *, committing: bool = False) -> ServerGone:
    """The error for a server that can't be reached."""
    kept = "没有确认刚才这一步是否已经保存" if committing else "刚才这一步没有办成"
    meant = _meant(_AWAY_WHY, why, server) or why
    return ServerGone(f"连不上登记库服务器“{server.called}”（{meant}），{kept}；请检查网络，连上后再试。")


def _meant(words: tuple[tuple[str, str], ...], why: str, server: Server) -> str:
    """What the driver's words mean, in ours; empty where they are none of these."""
    return next((meant.format(**asdict(server)) for word, meant in words if word in why), "")
