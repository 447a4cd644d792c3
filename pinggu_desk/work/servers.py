"""Where an office's register lies, in words: for the page and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

#: how it is reached, in the order of `engines.server.TLS`
_TLS = ("加密（TLS），核对证书和地址", "加密（TLS），核对证书", "加密（TLS），不核对证书", "不加密（服务器在本机）")


@dataclass(frozen=True, slots=True)
class Place:
    """Where it lies, a line each; ``problem`` is what is wrong with it just now, empty while it answers."""

    on_server: bool
    lines: tuple[str, ...]
    problem: str = ""


def place_of(folder: Path) -> Place:
    """Look where a folder's register lies, and ask its server. It may take as long as a connection does."""
    from pinggu_desk.register.engines import server as settings
    from pinggu_desk.register.engines.prepare import trial
    from pinggu_desk.register.errors import RegisterError

    if not settings.is_set(folder):
        return Place(False, ("在这台电脑上（加密文件，只有这台电脑能办）。", f"文件夹：{folder}"))
    try:
        server = settings.read(folder)
    except RegisterError as error:
        return Place(True, ("在服务器上。",), error.sentence)
    lines = [
        f"在服务器上：{server.host}，端口 {server.port}，库 {server.database}",
        f"连接：{'本机套接字' if server.host.startswith('/') else _TLS[settings.TLS.index(server.sslmode)]}",
        f"账号：{server.user}（{'客户端证书' if server.certificate else '口令'}）",
    ]
    try:
        found = trial(server)
    except RegisterError as error:
        return Place(True, (*lines, "上次回应：现在连不上或不能用。"), error.sentence)
    rights = "权限合适：能增加审计记录，不能改写或删除"
    people = "还没有登记库" if found.people is None else f"{found.people} 名人员"
    return Place(True, (*lines, f"{rights}；{people}", f"刚刚回应，用了 {found.seconds * 1000:.0f} 毫秒"))
