"""An office's register moves from a folder onto a server: every row with its seal, the trail whole, the key slots as they are.

The folder points to the server only when all of it is there and was looked over; the files that were stay beside it under another name.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pinggu_desk.register import checking, entrance, events
from pinggu_desk.register.database import Database
from pinggu_desk.register.engines import server as settings
from pinggu_desk.register.engines.copying import to_server
from pinggu_desk.register.engines.postgresql import ServerDatabase
from pinggu_desk.register.engines.server import Server
from pinggu_desk.register.engines.serverkeys import ServerKeys
from pinggu_desk.register.errors import RegisterDamaged, RegisterExists
from pinggu_desk.register.files import as_register_error
from pinggu_desk.register.keystore import FolderStore
from pinggu_desk.register.roles import Act

if TYPE_CHECKING:
    from pinggu_desk.register.register import Register


def move_to_server(register: Register, server: Server) -> Path:
    """Move an open register onto a server that was made ready and has none; the register is closed then.

    Returns what the old database is called now. Nobody may be writing to it. Raises `NotAllowed`, `RegisterExists` (the server
    has a register, or this one lies on a server), `RegisterDamaged` (what arrived is not what left), `ServerGone`, `ServerRefused`.
    """
    register.require(Act.BACKUP_RESTORE)
    source, folder, key = register._db, register.folder, register._key
    if not isinstance(source, Database):
        raise RegisterExists(f"“{folder}”的登记库已经在服务器上，不用再搬。")
    target = ServerDatabase(server, key, folder / entrance.SERVER)
    register.record_event(events.MOVED_TO_SERVER, "登记库", server.called)  # before: it goes along
    try:
        with target.alone(), source.transaction():  # no window of this machine writes what would be left behind
            slots = FolderStore(folder).read()
            to_server(source, target)
            with ServerKeys(server).held() as held:
                held.replace(slots)
            wrong = checking.faults(target)
            if wrong:
                raise RegisterDamaged(f"搬到服务器“{server.called}”的登记库没有通过核验，本机的没有动：{wrong[0]}")
    except BaseException:
        register.record_event(events.MOVED_TO_SERVER, "登记库", f"{server.called}：没有完成")
        raise
    finally:
        target.close()
    stamp = f"{register._now():%Y%m%d-%H%M%S}"
    register.close()
    settings.write(folder, server)
    try:
        for name in (entrance.DATABASE, entrance.KEYS):
            (folder / name).replace(folder / f"{name}.搬走-{stamp}")
    except OSError as error:
        raise as_register_error(error, folder) from error
    return folder / f"{entrance.DATABASE}.搬走-{stamp}"
