"""Where this machine keeps the desk's own files: the register, practice data, fault reports."""

from __future__ import annotations

import os
import sys
import traceback
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
            file.write("".join(traceback.format_exception(error)))
    except OSError:
        return None
    return path


def fault_sentence(error: BaseException) -> str:
    """What a person is told of a fault of ours: one Chinese sentence with where the report is."""
    path = report_fault(error)
    where = f"，详情已写入 {path}，请交维护人员" if path else ""
    return f"程序内部出错（{type(error).__name__}）{where}。"
