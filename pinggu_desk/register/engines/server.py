"""Which server a folder's register lies on (`register.server`): nothing but how to come in, readable by its owner alone."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from pinggu_desk.register import entrance
from pinggu_desk.register.errors import RegisterDamaged, ServerRefused
from pinggu_desk.register.files import as_register_error, write_whole

#: how TLS is used; anything less than the default is for a server on this very machine
TLS = ("verify-full", "verify-ca", "require", "disable")


@dataclass(frozen=True, slots=True)
class Server:
    """How to come in: ``host`` is a name, an address or, for a Unix socket, a folder.

    Either ``password``, or a client's ``certificate`` and its ``key`` (files). ``ca`` is the file of the authority by which the
    server's certificate is looked at.
    """

    host: str
    port: int
    database: str
    user: str
    password: str = ""
    sslmode: str = TLS[0]
    ca: str = ""
    certificate: str = ""
    key: str = ""

    @property
    def called(self) -> str:
        """How a sentence names it."""
        return f"{self.host}:{self.port}/{self.database}"

    def arguments(self) -> dict[str, Any]:
        """What libpq is told. A socket on this machine has no TLS."""
        local = self.host.startswith("/")
        return {
            "host": self.host, "port": self.port, "dbname": self.database, "user": self.user, "password": self.password or None,
            "sslmode": "disable" if local else self.sslmode, "sslrootcert": self.ca or None, "sslcert": self.certificate or None,
            "sslkey": self.key or None,
        }  # fmt: skip


def is_set(folder: Path) -> bool:
    """Whether the folder's register lies on a server."""
    return (folder / entrance.SERVER).exists()


def read(folder: Path) -> Server:
    """Where the folder's register lies. Raises `RegisterDamaged` where that can't be read."""
    return read_file(folder / entrance.SERVER)


def read_file(path: Path) -> Server:
    """The same from a file that is carried from machine to machine."""
    try:
        kept = json.loads(path.read_bytes())
        known = {field.name for field in fields(Server)}
        if kept["sslmode"] not in TLS or not known.issuperset(kept):
            raise ValueError(kept["sslmode"])
        told = {name: str(value) for name, value in kept.items() if name != "port"}
        return Server(port=int(kept["port"]), **told)
    except OSError as error:
        raise as_register_error(error, path.parent) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RegisterDamaged(
            f"“{path}”中登记库服务器的设置读不出来，请由管理员用 pinggu-desk register connect 重新设置。"
        ) from error


def write(folder: Path, server: Server) -> None:
    """Keep where the folder's register lies. Raises `DiskFull`, `DiskFault`."""
    write_file(folder / entrance.SERVER, server)


def write_file(path: Path, server: Server) -> None:
    """The same into a file to be carried; its owner's alone, for it holds a password. Raises `DiskFull`, `DiskFault`."""
    write_whole(path, json.dumps(asdict(server), ensure_ascii=False, indent=1).encode())
    with suppress(OSError):  # a stick's file system may know no owners
        path.chmod(0o600)


def refuse_in_clear(server: Server) -> None:
    """Refuse to go over a network to whoever answers: TLS and a look at the server's certificate. Raises `ServerRefused`."""
    if server.sslmode in TLS[:2] or _is_this_machine(server.host):
        return
    raise ServerRefused(
        f"登记库服务器“{server.called}”不在本机，设置里却没有核对服务器证书（{server.sslmode}），内容可能被人截走；"
        "请管理员用 pinggu-desk register prepare --tls verify-full --ca 证书文件 重新设置。"
    )


def _is_this_machine(host: str) -> bool:
    if host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
