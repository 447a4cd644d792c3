"""Room on the disk for what is mapped into memory: the log's index (``-shm``), which a full disk would turn into SIGBUS.

SQLite makes its index longer by a byte in each page of memory. On a small disk a page is several blocks, and the others are
only found when something is written there: with none left the system doesn't refuse, it ends the program.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path

from pinggu_desk.register.errors import DiskFull
from pinggu_desk.register.files import disk_full, has_no_room

_HANDLES = Path("/proc/self/fd")
_INDEX = 128 * 1024  # bytes: the index of a log of 64 MiB, sixteen times as long as it gets by itself


def refuse_cramped(database: Path) -> None:
    """Raises `DiskFull` where there is too little room to open a register safely."""
    if has_no_room(database.parent):
        raise DiskFull(
            f"磁盘空间不足，“{database.parent}”所在的磁盘几乎没有空间，登记库先不打开，以免写坏；请清理出至少 1 MB 再试。"
        )


def take_room(database: Path) -> None:
    """Have the system set aside all blocks of the index now, while it can still say no. Raises `DiskFull`.

    It is done by SQLite's own open file. Were it opened and closed once more here, the system would drop every lock that
    this process has on it, and the next window would cut the index short under the others.
    """
    handle = _index_of(database)
    if handle is None:
        return
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)  # os.posix_fallocate would write where the system can't set aside
    failed = libc.fallocate64(handle, 0, ctypes.c_int64(0), ctypes.c_int64(_INDEX))
    if failed and ctypes.get_errno() in (errno.ENOSPC, errno.EDQUOT):
        raise disk_full(database.parent)


def _index_of(database: Path) -> int | None:
    """The handle by which SQLite has the index open in this process; None where the system doesn't tell."""
    if not sys.platform.startswith("linux"):
        return None
    wanted = f"{os.path.realpath(database)}-shm"
    with suppress(OSError):
        for handle in _HANDLES.iterdir():
            with suppress(OSError):
                if str(handle.readlink()) == wanted:
                    return int(handle.name)
    return None
