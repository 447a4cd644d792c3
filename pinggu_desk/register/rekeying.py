"""Encrypting a register anew under another key: whether it was done, and how long it takes."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from pinggu_desk.register.database import Database
from pinggu_desk.register.errors import DiskFull, RegisterError
from pinggu_desk.register.store import Store

#: bytes that are read, encrypted and written twice (log and file) in a second by an office machine with a slow disk
_PACE = 20 << 20
_LEAST = 1.0
_SPARE = 4 << 20


def rekey(db: Store, old: bytes, new: bytes) -> RegisterError | None:
    """Encrypt everything anew; the error where it is proved to stand as before. Raises where nobody can tell."""
    if not isinstance(db, Database):
        db.rekey(
            new
        )  # a server's rows are opened by no key of ours: its slots are renewed, and what is copied from now on
        return None
    room = shutil.disk_usage(db.path.parent).free
    if room < (size := _size(db.path)) + _SPARE:
        return DiskFull(
            f"换密钥要把登记库整个重写一遍，“{db.path.parent}”所在磁盘要空出 {size + _SPARE >> 20} MB，只剩 {room >> 20} MB，"
            "人员没有变动；请清理后再移除。"
        )
    try:
        db.rekey(new)
    except RegisterError as error:
        if not _opens(db.path, old):
            raise
        return error
    return None


def seconds_for(path: Path) -> float:
    """How long encrypting anew is going to take, by the size of the files."""
    return max(_LEAST, _size(path) / _PACE)


def share_done(path: Path) -> float:
    """How far encrypting anew is, by how much of it lies in the log: from 0 to 1, for showing it from another thread."""
    try:
        return min(1.0, path.with_name(f"{path.name}-wal").stat().st_size / max(1, path.stat().st_size))
    except OSError:
        return 0.0


def _size(path: Path) -> int:
    size = 0
    for file in (path, path.with_name(f"{path.name}-wal")):
        with suppress(OSError):
            size += file.stat().st_size
    return size


def _opens(path: Path, key: bytes) -> bool:
    try:
        Database(path, key, read_only=True).close()
    except RegisterError:
        return False
    return True
