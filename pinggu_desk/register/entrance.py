"""What can be told of a register before anybody opened it: whether there is one, and who may come in.

Neither cipher nor database is needed for that, so the door loads neither before it was painted.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

DATABASE, KEYS = "register.db", "register.keys"
#: how to come in to the server on which the register lies instead (`engines.server`)
SERVER = "register.server"
#: the mark of a restore that was cut short (`moving`)
UNFINISHED = "恢复.json"
#: behind a database's name where the register was moved onto a server
MOVED = "搬走"
#: the folder of what is kept of half a register, where a backup is set up in its place
LEFT_OVER = "不全的登记库-"
#: the mark of a move onto a server, or back, that was cut short (`engines.relocate`); it holds how to come in
MOVING = "register.moving"


def exists(folder: Path) -> bool:
    """Whether the folder has a register (or a server's name); a restore that was cut short is finished first."""
    if (folder / UNFINISHED).exists():
        from pinggu_desk.register.errors import RegisterError
        from pinggu_desk.register.moving import settle

        with suppress(RegisterError):  # whoever opens it is told
            settle(folder)
    if (folder / MOVING).exists():
        from pinggu_desk.register.engines.relocate import settle as settle_move
        from pinggu_desk.register.errors import RegisterError

        with suppress(RegisterError):
            settle_move(folder)
    return (folder / SERVER).exists() or ((folder / DATABASE).exists() and (folder / KEYS).exists())


def _was_moved(folder: Path) -> bool:
    with suppress(OSError):
        return any(folder.glob(f"{DATABASE}.{MOVED}-*"))
    return False


def lacking(folder: Path) -> str:
    """Why a folder that has part of a register is neither opened nor begun anew: a sentence; empty for a whole one, and for none.

    A start that was cut short (``register.db.new``) is begun again as if nothing had been there.
    """
    database, keys = (folder / DATABASE).exists(), (folder / KEYS).exists()
    if (folder / SERVER).exists() or database == keys:
        moved = not database and not (folder / SERVER).exists() and _was_moved(folder)
        return (
            f"“{folder}”的登记库已经搬到服务器，这里缺少连接它的设置文件 {SERVER}；请向管理员要来，放回这个文件夹。"
            if moved
            else ""
        )
    if database:
        return (
            f"“{folder}”中有登记库文件 {DATABASE}，缺少密钥文件 {KEYS}，打不开，也不能在这里另建。每份备份里都有一份 {KEYS}"
            f"（例如U盘里的“登记库备份-日期”文件夹）：从最近的备份拷回这里就能接着用；拷回仍打不开，再从备份建立。"
        )
    if (folder / f"{DATABASE}.new").exists():
        return ""
    return (
        f"“{folder}”中只有密钥文件 {KEYS}，缺少登记库文件 {DATABASE}，不能在这里另建。请先找找它是不是被移走、改了名，或被杀毒软件隔离，"
        "找到就放回这里；找不到，再从最近的备份（例如U盘里的“登记库备份-日期”文件夹）建立。"
    )


def register_id(folder: Path) -> str:
    """Which register a key file belongs to: the same for all of its backups; empty where that can't be read."""
    try:
        return id_in((folder / KEYS).read_bytes())
    except OSError:
        return ""


def id_in(slots: bytes) -> str:
    """Which register key slots belong to, wherever they lie; empty where that can't be read."""
    try:
        return str(json.loads(slots)["register"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def clerks(folder: Path) -> tuple[tuple[str, str], ...]:
    """The clerks' numbers and names in the order of the key file, read without waiting for whoever holds it.

    Empty where the file can't be read: whoever logs in is told why.
    """
    try:
        slots = json.loads((folder / KEYS).read_bytes())["clerks"]
        return tuple((str(slot["no"]), str(slot["name"])) for slot in slots)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ()
