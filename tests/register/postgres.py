"""A real PostgreSQL server for tests: Debian's programs, a data folder and certificates of its own, stopped at the end.

fsync is on, passwords are SCRAM, the server listens on a Unix socket and, with TLS by a certificate made here, on loopback.
Each pytest process has a server of its own, so that a test may kill it. `tools/setup.sh` sees to it that the programs are there.
"""

from __future__ import annotations

import os
import secrets
import select
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from psycopg import sql

from pinggu_desk.register.engines import server as settings
from pinggu_desk.register.engines.prepare import prepare

_READY = "ready to accept connections"
_SETTINGS = """
fsync = on
synchronous_commit = on
listen_addresses = '127.0.0.1'
shared_buffers = 32MB
max_connections = 100
password_encryption = 'scram-sha-256'
ssl = on
ssl_cert_file = 'server.crt'
ssl_key_file = 'server.key'
log_destination = 'stderr'
logging_collector = off
lc_messages = 'C'
"""
_ACCESS = """
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
"""


def programs() -> Path:
    """The folder of the newest server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    named = shutil.which("initdb")
    assert found or named, "PostgreSQL's server programs are missing: sh tools/setup.sh dev"
    return (found[-1] if found else Path(str(named))).parent


@dataclass(frozen=True, slots=True)
class Where:
    """A database of the server and somebody who may come in."""

    host: str
    port: int
    database: str
    user: str
    password: str
    ca: Path
    socket: Path

    def connect(self, host: str = "", sslmode: str = "verify-full") -> psycopg.Connection[tuple[Any, ...]]:
        """A connection, over loopback with TLS unless told otherwise, the server's certificate looked at."""
        return psycopg.connect(
            host=host or self.host, port=self.port, dbname=self.database, user=self.user, password=self.password,
            sslmode=sslmode, sslrootcert=str(self.ca), autocommit=True,
        )  # fmt: skip


class Server:
    """One server: started, killed, started again."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path has 107 characters at most
        self.data = self.folder / "data"
        self.ca = self.folder / "ca.crt"
        self.password = secrets.token_hex(16)
        self.log: list[str] = []
        self._server: subprocess.Popen[str] | None = None
        self._numbers = count(1)
        # PostgreSQL refuses to run as root; whoever isn't root runs it himself
        self._as = (
            ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] if os.geteuid() == 0 else []
        )
        self.port = _free_port()
        self._make()

    def _make(self) -> None:
        secret = self.folder / "password"
        secret.write_text(self.password)
        self.data.mkdir(0o700)
        self._give(self.folder, secret, self.data)
        words = ["-D", str(self.data), "-U", "postgres", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync"]
        done = subprocess.run(
            [*self._as, str(programs() / "initdb"), *words, "--encoding=UTF8", "--locale=C.UTF-8"],
            cwd=self.folder, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        secret.unlink()
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(f"{_SETTINGS}port = {self.port}\nunix_socket_directories = '{self.folder}'\n")
        (self.data / "pg_hba.conf").write_text(_ACCESS)
        _certificates(self.ca, self.data / "server.crt", self.data / "server.key")
        self._give(self.data / "server.crt", self.data / "server.key")

    def _give(self, *paths: Path) -> None:
        if self._as:
            for path in paths:
                shutil.chown(path, "postgres", "postgres")

    def start(self) -> None:
        """Start it; returns when it takes connections."""
        self._server = subprocess.Popen(
            [*self._as, str(programs() / "postgres"), "-D", str(self.data)],
            cwd=self.folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        pipe = self._server.stderr
        assert pipe is not None
        for line in pipe:
            self.log.append(line)
            if _READY in line:
                break
        else:
            raise AssertionError("".join(self.log[-20:]))
        pipe.close()  # what it says from here on goes nowhere: nobody has to read along

    def _gone(self, server: subprocess.Popen[str]) -> None:
        server.wait()
        self._server = None

    def kill(self) -> None:
        """Every process of it at once, as when the power goes: nothing is finished, nothing folded in."""
        server = self._server
        assert server is not None
        os.kill(
            server.pid, signal.SIGSTOP
        )  # it begins no other process meanwhile, which would hold its memory for the next one
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        ends = [end for process in map(int, children) if (end := _end_of(process)) is not None]
        for process in (*map(int, children), server.pid):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        for end in ends:
            select.select([end], [], [])
            os.close(end)
        self._gone(server)

    def stop(self) -> None:
        """In order, but without waiting for whoever is still connected."""
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)
            self._gone(self._server)

    def remove(self) -> None:
        """Stop it, and nothing of it is left."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def where(self, database: str = "postgres", user: str = "postgres", password: str | None = None) -> Where:
        """How to come in; as the server's own administrator unless told otherwise."""
        return Where(
            "127.0.0.1",
            self.port,
            database,
            user,
            self.password if password is None else password,
            self.ca,
            self.folder,
        )

    def fresh(self, template: str = "template0") -> Where:
        """A database of its own, a copy of ``template``, and the account that owns it and nothing else."""
        name = f"office_{next(self._numbers)}"
        password = secrets.token_hex(16)
        with self.where().connect() as connection:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN CREATEROLE PASSWORD {}").format(
                    sql.Identifier(name), sql.Literal(password)
                )
            )
            connection.execute(
                sql.SQL("CREATE DATABASE {0} OWNER {0} TEMPLATE {1}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        return self.where(name, name, password)

    def copy(self, where: Where) -> Where:
        """A database like another that nobody is connected to, with the same owner: much quicker than making it ready anew."""
        name = f"{where.user}_{next(self._numbers)}"
        with self.where().connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(where.user), sql.Identifier(where.database)
                )
            )
        return replace(where, database=name)

    def drop(self, where: Where) -> None:
        """Take a database away, whoever is connected to it."""
        with self.where().connect() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(where.database))
            )


def _end_of(process: int) -> int | None:
    """What becomes readable when a process has ended; None where it has already."""
    try:
        return os.pidfd_open(process)
    except ProcessLookupError:
        return None


def _free_port() -> int:
    """A port that nobody uses and that no outgoing connection is given while the server is down."""
    while True:
        port = 20000 + secrets.randbelow(10000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _certificates(ca: Path, certificate: Path, key: Path) -> None:
    """An authority of the test's own, and the server's certificate by it, for loopback only."""
    now = datetime.now(UTC)

    def made(name: str, of: ec.EllipticCurvePrivateKey, by: ec.EllipticCurvePrivateKey) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")]))
            .public_key(of.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=of is by, path_length=None), critical=True)
        )
        if of is not by:
            names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
            builder = builder.add_extension(names, critical=False)
        return builder.sign(by, hashes.SHA256())

    authority, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    pem = serialization.Encoding.PEM
    ca.write_bytes(made("test authority", authority, authority).public_bytes(pem))
    certificate.write_bytes(made("localhost", own, authority).public_bytes(pem))
    key.touch(0o600)
    key.write_bytes(own.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """The server of this run."""
    server = Server()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def postgres_made_ready(postgres_server: Server) -> tuple[Where, settings.Server]:
    """A database that was made ready once, to be copied, and how its windows come in."""
    where = postgres_server.fresh()
    return where, prepare(owner_of(where))


@pytest.fixture
def postgres_ready(
    postgres_server: Server, postgres_made_ready: tuple[Where, settings.Server]
) -> Iterator[tuple[Where, settings.Server]]:
    """A database of the test's own that was made ready, and how its windows come in."""
    first, windows = postgres_made_ready
    where = postgres_server.copy(first)
    yield (
        where,
        prepare(owner_of(where), windows.user, windows.password),
    )  # its steps are done: what may be done to it is left
    postgres_server.drop(where)


@pytest.fixture
def postgres(postgres_server: Server) -> Iterator[Where]:
    """A fresh database and the account that owns it."""
    where = postgres_server.fresh()
    yield where
    postgres_server.drop(where)


def lay_on(request: pytest.FixtureRequest, folder: Path) -> None:
    """Make a register's folder one of the engine that a fixture's parameter names (``sqlcipher`` or ``postgresql``)."""
    if request.param == "postgresql":
        where = request.getfixturevalue("postgres")
        folder.mkdir()
        settings.write(folder, prepare(owner_of(where)))


def owner_of(where: Where) -> settings.Server:
    """The database's owner, as the program takes it."""
    return settings.Server(
        host=where.host, port=where.port, database=where.database, user=where.user, password=where.password, ca=str(where.ca)
    )  # fmt: skip
