"""Files that are whole or absent: written beside, synced, then put in place; and a lock between processes."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path, PurePath

from pinggu_desk.policy.errors import reason_of
from pinggu_desk.register.errors import DiskFault, DiskFull, KeysHeld, RegisterError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_PATIENCE, _LOOK_EVERY = 3.0, 0.05  # seconds that a lock is waited for here; a login goes on waiting by itself
_LOCK_AT = 1 << 20  # the byte that is locked, where the system locks bytes
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_HARDLY_ANY = 256 * 1024  # bytes; SQLite calls some failures for want of room a plain input/output error


def file_uri(path: PurePath) -> str:
    r"""A file's address as SQLite takes it: a share's server (``\\\\server\\share``) goes into the path, not before it."""
    uri = (path.absolute() if isinstance(path, Path) else path).as_uri()
    return uri if uri.startswith("file:///") else uri.replace("file://", "file:////", 1)


def has_no_room(folder: Path) -> bool:
    """Whether the disk that holds the folder has next to nothing left."""
    try:
        return shutil.disk_usage(folder).free < _HARDLY_ANY
    except OSError:
        return False


def disk_full(folder: Path) -> DiskFull:
    """The error for a full disk, naming the folder."""
    return DiskFull(f"磁盘空间不足，“{folder}”写不进去，刚才这一步没有保存；请清理该磁盘后再试一次。")


def disk_fault(folder: Path, why: str) -> DiskFault:
    """The error for any other failure to read or write, naming the folder and the system's reason."""
    return DiskFault(f"“{folder}”读写失败（{why}），刚才这一步没有保存；请检查磁盘是否接好、是否只读、是否有写入权限。")


def unsure(folder: Path, why: str) -> DiskFault:
    """The error for what may have been carried out although the disk refused."""
    return DiskFault(f"“{folder}”读写失败（{why}），没有确认刚才这一步是否已经写入；请刷新后核对，没有的再做一次。")


def disk_sentence(error: OSError) -> str:
    """What a person is told of a file that the system refused, where nobody nearer by has said it."""
    return as_register_error(error, Path(os.fsdecode(error.filename))).sentence


def as_register_error(error: OSError, folder: Path) -> RegisterError:
    """The register's error for an error of the operating system."""
    if error.errno in _NO_ROOM:
        return disk_full(folder)
    return disk_fault(folder, reason_of(error))


@contextmanager
def on_disk(folder: Path) -> Iterator[None]:
    """Whatever the disk refuses within is the register's error, in a sentence. Raises `DiskFull`, `DiskFault`."""
    try:
        yield
    except OSError as error:
        raise as_register_error(error, folder) from error


def refuse_unfolded(database: Path) -> None:
    """Raise `DiskFault` where a closed database left its log beside it: without that log it is not whole, and must not be moved.

    Closing folds the log in, and says nothing where that failed half-way.
    """
    try:
        left = database.with_name(f"{database.name}-wal").stat().st_size
    except FileNotFoundError:
        return
    except OSError as error:
        raise as_register_error(error, database.parent) from error
    if left:
        raise disk_fault(database.parent, "写前日志没有并入")


def sync_file(path: Path) -> None:
    """Wait until a file that is already written is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the folder's list of names is on the disk (Windows does so by itself, and can't open a folder)."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def private_folder(path: Path) -> None:
    """Make a folder that nobody but its user may look into, where there is none yet. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)


def keep_private(folder: Path, names: Iterable[str]) -> None:
    """Let nobody but its user look into a folder of ours or at files in it, as an earlier program left them (FOUND 65).

    A folder that is somebody's home, a disk's root or everybody's is not ours to close.
    """
    if sys.platform == "win32":
        return
    with suppress(OSError):
        for name in names:
            for path in folder.glob(name):
                if path.stat().st_mode & 0o077:
                    path.chmod(0o600)
        stat = folder.stat()
        ours = stat.st_uid == os.getuid() and not stat.st_mode & 0o1000 and not folder.is_mount()
        if ours and stat.st_mode & 0o077 and folder.resolve() != Path.home():
            folder.chmod(0o700)


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file by new bytes, so that after a crash either the old or the new is there, whole.

    Raises `DiskFull` or `DiskFault`; the old file then stands unharmed, unless the sentence says that nobody can tell.
    """
    beside = path.with_name(path.name + ".new")
    try:
        with beside.open("wb") as file:
            if sys.platform != "win32":
                os.fchmod(file.fileno(), 0o600)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise as_register_error(error, path.parent) from error
    try:
        sync_folder(path.parent)
    except OSError as error:  # it stands there, and may not after a crash
        raise unsure(path.parent, reason_of(error)) from error


@contextmanager
def locked(path: Path, patience: float | None = None) -> Iterator[None]:
    """Hold the lock file against other processes; the system lets go of it when a process dies."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise as_register_error(error, path.parent) from error
    try:
        _take(handle, path, patience)
        yield
    finally:
        os.close(handle)  # which lets go of the lock too


def _take(handle: int, path: Path, patience: float | None) -> None:
    """Take the lock and write who holds it. Raises `KeysHeld`, naming the holder, when that takes too long."""
    until = time.monotonic() + (_PATIENCE if patience is None else patience)
    while not _taken(handle):
        if time.monotonic() > until:
            raise KeysHeld(f"登记库的密钥文件正被{holder(path)}占用，还没有让出来。")
        time.sleep(_LOOK_EVERY)
    with suppress(OSError):
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, f"{os.getpid()} {socket.gethostname()} {datetime.now():%H:%M:%S}".encode())


def _taken(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            os.lseek(handle, _LOCK_AT, os.SEEK_SET)  # behind what is written, so that it can be read while it is held
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def holder(path: Path) -> str:
    """Who holds a lock, by what it wrote into the file: process, machine and since when."""
    try:
        process, machine, since = path.read_text(encoding="utf-8").split(" ")
    except (OSError, ValueError):
        return "另一个程序"
    where = "本机" if machine == socket.gethostname() else f"“{machine}”"
    return f"{where}的另一个程序（进程号 {process}，{since} 开始）"
