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
