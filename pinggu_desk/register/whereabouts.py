"""Where a folder's register lies: in the folder itself, or on the server that the folder names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pinggu_desk.register import database, entrance
from pinggu_desk.register.database import Database
from pinggu_desk.register.keystore import FolderStore, KeyStore

if TYPE_CHECKING:
    from pinggu_desk.register.engines.postgresql import ServerDatabase
    from pinggu_desk.register.migrations import BeforeUpgrade
    from pinggu_desk.register.store import Store


def on_server(folder: Path) -> bool:
    """Whether it lies on a server. PostgreSQL's library is loaded only where it does."""
    return (folder / entrance.SERVER).exists()


def slots(folder: Path) -> KeyStore:
    """Where its key slots are."""
    if not on_server(folder):
        return FolderStore(folder)
    from pinggu_desk.register.engines import server, serverkeys

    return serverkeys.ServerKeys(server.read(folder))


def opened(folder: Path, key: bytes, before_upgrade: BeforeUpgrade | None = None) -> Store:
    """Its rows. Raises `RegisterDamaged`, `RegisterNewer`, `RegisterBusy`, `DiskFault`, `ServerGone`, `ServerRefused`."""
    if on_server(folder):
        return server_rows(folder, key)
    return Database(folder / database.FILE_NAME, key, before_upgrade=before_upgrade)


def settle_move(folder: Path) -> None:
    """End a move onto a server, or back, that was cut short. Raises `ServerGone` where nobody can tell which way."""
    from pinggu_desk.register.engines.relocate import settle

    settle(folder)


def server_rows(folder: Path, key: bytes) -> ServerDatabase:
    """The rows on the folder's server."""
    from pinggu_desk.register.engines import postgresql, server

    return postgresql.ServerDatabase(server.read(folder), key, folder / entrance.SERVER)
