"""Opening and closing a database's files in this process, so that SQLite keeps its locks on them.

Where one of several descriptors of a file is closed, POSIX drops every lock that the process has on it, whoever set them (Windows
keeps them by the handle). So what is read here beside SQLite stays open until nothing else in the process has the file open.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from pinggu_desk.register.files import file_uri

_CHUNK = 1 << 20
_HANDLES = Path("/proc/self/fd")
_turn = threading.Lock()  # nobody opens a database between the look for other descriptors and the close
_kept: list[int] = []


def connect(path: Path, mode: str = "rw") -> Any:
    """A connection of the library's to a file, in autocommit, for any thread."""
    with _turn:
        return sqlcipher.connect(
            f"{file_uri(path)}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
        )


def read_through(file: Path) -> None:
    """Read a file to its end, past SQLite. Raises OSError."""
    handle = os.open(file, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        if sys.platform == "win32":
            while os.read(handle, _CHUNK):
                pass
        else:
            place = 0
            while read := len(os.pread(handle, _CHUNK, place)):
                place += read
    finally:
        with _turn:
            _kept.append(handle)
        let_go()


def let_go() -> None:
    """Close what was read of files that nothing else in this process has open any more."""
    if not _kept:
        return
    with _turn:
        for handle in list(_kept):
            if not _open_elsewhere(handle):
                _kept.remove(handle)
                os.close(handle)


def _open_elsewhere(handle: int) -> bool:
    if sys.platform == "win32":
        return False
    try:
        others = [int(path.name) for path in _HANDLES.iterdir() if int(path.name) not in _kept]
    except OSError:
        return True  # the system doesn't tell
    this = os.fstat(handle)
    for other in others:
        with suppress(OSError):  # the one by which the folder was read is gone again
            if os.path.samestat(this, os.fstat(other)):
                return True
    return False
