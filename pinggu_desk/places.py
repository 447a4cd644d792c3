"""Where this machine keeps the desk's own files: the register, practice data, fault reports."""

from __future__ import annotations

import os
import re
import sys
import traceback
from contextlib import suppress
from datetime import datetime
from pathlib import Path


def data_home() -> Path:
    """The folder of the desk's own files; ``PINGGU_DESK_HOME`` names another one."""
    if own := os.environ.get("PINGGU_DESK_HOME"):
        return Path(own)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "pinggu-desk"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "pinggu-desk"


def own_forms_of(register: Path) -> Path:
    """The folder of the office's own forms (本单位表样), beside the register's: an update of the program leaves it alone."""
    return register.parent / "forms"


def packs_of(register: Path) -> Path:
    """The folder of installed packs (政策包), beside the register's: an update of the program leaves it alone, too."""
    return register.parent / "packs"


def report_fault(error: BaseException) -> Path | None:
    """Write a fault of ours to a file that a maintainer can be sent; None when even that fails."""
    folder = data_home() / "faults"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / f"fault-{datetime.now():%Y%m%d-%H%M%S-%f}.txt"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(described(error))
    except OSError:
        return None
    return path


#: what somebody may have typed in an error's words: what is quoted, what isn't English, names and numbers
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”|《[^》]*》|`[^`]*`")
_TYPED = re.compile(r"[^\x00-\x7f]|\d|\b\w*[A-Z@]\w*\b", re.ASCII)


def described(error: BaseException) -> str:
    """A fault for a maintainer: where each error was raised, and its words with all that may be somebody's covered.

    An error quotes what it stumbled over, a driver even whole rows; the file lies in the open, and is sent on.
    """
    told: list[str] = []
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        where = "".join(traceback.format_tb(at.__traceback__))
        words = _TYPED.sub("＊", _QUOTED.sub("“＊”", str(at)))
        told.append(f"{where}{type(at).__module__}.{type(at).__qualname__}: {words}\n")
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return "\n".join(reversed(told))


def uncored() -> None:
    """Let no crash of the interpreter leave its memory on the disk: people's names are in it, and the register's key.

    One byte, not none: a handler that the kernel would pipe the memory to is not started then either. Windows' reports leave out
    what was allocated.
    """
    if sys.platform == "win32":
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.WinDLL("wer").WerSetFlags(1)  # WER_FAULT_REPORTING_FLAG_NOHEAP
        return
    import resource

    with suppress(OSError, ValueError):  # a limit that is lower already stays
        most = resource.getrlimit(resource.RLIMIT_CORE)[1]
        one = 1 if most == resource.RLIM_INFINITY else min(1, most)
        resource.setrlimit(resource.RLIMIT_CORE, (one, one))


def fault_sentence(error: BaseException) -> str:
    """What a person is told of a fault of ours: one Chinese sentence with where the report is."""
    path = report_fault(error)
    where = f"，详情已写入 {path}，请交维护人员" if path else ""
    return f"程序内部出错（{type(error).__name__}）{where}。"
