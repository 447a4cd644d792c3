"""The packs' folder on the disk: made for its user alone, its key, and what the disk refuses said in one sentence."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pinggu_desk.policy.errors import BadInput, reason_of
from pinggu_desk.register.errors import RegisterBusy, RegisterError
from pinggu_desk.register.files import sync_folder

_KEY = "machine.key"


def own(folder: Path) -> Path:
    """The folder, made for the user alone if it wasn't there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def machine_key(home: Path) -> bytes:
    """The machine's key: 32 random bytes, made when first wanted; it never leaves the folder."""
    path = own(home) / _KEY
    for _ in range(2):
        with suppress(FileNotFoundError):
            key = path.read_bytes()
            if len(key) == 32:
                return key
            path.unlink()  # cut off in the making: what it sealed is not believed any more
        beside = path.with_name(f"{_KEY}.{os.getpid()}.new")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError, OSError):
            os.link(beside, path)  # whole or not at all, and never over another window's
        if not path.exists():
            os.replace(beside, path)
        beside.unlink(missing_ok=True)
    return path.read_bytes()


def files_below(folder: Path) -> Iterator[Path]:
    """Everything below a folder that is no folder; a link is a file of its own, and leads nowhere."""
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_dir():
            yield path


def sync_below(folder: Path) -> None:
    """Wait until everything below a folder is on the disk, it and its folders last."""
    for path in files_below(folder):
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    for path in [*(path for path in folder.rglob("*") if path.is_dir()), folder]:
        sync_folder(path)


def is_private(folder: Path) -> bool:
    """Whether only its user can write in a folder; on Windows the user's own profile says so."""
    if sys.platform == "win32":
        return True
    try:
        state = folder.stat()
    except OSError:
        return False
    return state.st_uid == os.getuid() and not state.st_mode & 0o022


def user_name() -> str:
    """The name of the system's user, for the log; empty where it has none."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


@contextmanager
def told(home: Path) -> Iterator[None]:
    """What the disk refuses, as one sentence. Raises BadInput."""
    try:
        yield
    except RegisterBusy:
        raise BadInput(f"政策包目录“{home}”正被另一个程序使用（正在安装或退回），请稍候再试。") from None
    except RegisterError as error:
        raise BadInput(error.sentence) from None
    except OSError as error:
        raise BadInput(f"政策包目录“{home}”写不进去（{reason_of(error)}），没有安装，现用的政策包不受影响。") from None
