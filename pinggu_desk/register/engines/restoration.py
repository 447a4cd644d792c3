"""A backup becomes the register of a server (恢复到服务器): into an empty database that was made ready, and the folder points there.

The account of the windows can't change a trail that is there, so nothing is restored over a register. The one of before stays as
it is on its own server.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pinggu_desk.register import audit, database, entrance, moving, numbering, restoring, spent
from pinggu_desk.register.anchor import SET_UP, before_words
from pinggu_desk.register.database import Database
from pinggu_desk.register.engines.copying import Progress
from pinggu_desk.register.engines.prepare import try_out
from pinggu_desk.register.engines.relocate import carry, settle
from pinggu_desk.register.engines.server import Server
from pinggu_desk.register.errors import BackupFailed, RegisterExists
from pinggu_desk.register.files import on_disk, private_folder
from pinggu_desk.register.keys import KeyFile
from pinggu_desk.register.keystore import FolderStore
from pinggu_desk.register.location import refuse_unfit
from pinggu_desk.register.oldcopies import STAYED
from pinggu_desk.register.rehearsal import brought_back, forgotten_since
from pinggu_desk.register.roles import Act

if TYPE_CHECKING:
    from pinggu_desk.register.register import Register
    from pinggu_desk.register.restoring import Ready


def restore_onto(
    register: Register, backup_folder: Path, server: Server, password: str = "", progress: Progress | None = None
) -> None:
    """Put a backup onto another server than the one at work, and let this machine's register be that; the session ends.

    Raises what `Register.rehearse` raises, `BackupFailed`, `RegisterExists` (the server has one), `ServerGone`, `ServerRefused`;
    nothing has changed then.
    """
    register.require(Act.BACKUP_RESTORE)
    try_out(server)
    folder, backup = register.folder, restoring.backup_of(backup_folder)
    try:
        ready = register._ready(backup, password)
        number, head = audit.claimed_end(register._db)
        same = ready.key == register._key
        slots = register._keys.slots() if same else FolderStore(folder / moving.STAGE).read()
        words = f"{before_words(number, head)}，{STAYED}，本机改用“{server.called}”"
        words += brought_back(forgotten_since(register._db, backup.at))
        register.keep_head()  # the machine's own: by it the next opening knows that this was meant
        given_out = spent.but(numbering.given_out(register._db), slots)
        _put(folder, ready, slots, server, register._stamp(), register.clerk.no, words, given_out, progress)
    finally:
        moving.drop_stage(folder)
    register._at_work = False
    register.close()
    settle(folder)


def establish_onto(
    folder: Path, backup_folder: Path, server: Server, *, clerk_no: str, password: str,
    now: Callable[[], datetime] = datetime.now, progress: Progress | None = None,
) -> None:  # fmt: skip
    """The same where no register can be opened (its server is lost, or there was none), by the password of somebody in the backup.

    Raises as `restoring.establish`, and `RegisterExists` where the folder has a register of its own.
    """
    refuse_unfit(folder)
    if (folder / entrance.DATABASE).exists():
        raise RegisterExists(
            f"“{folder}”中有本机的登记库；请先用 register connect --move 搬到服务器，或另选一个文件夹。"
        )
    try_out(server)
    backup = restoring.backup_of(backup_folder)
    with on_disk(folder):
        private_folder(folder)
    try:
        ready = restoring.put_ready(
            folder, backup, lambda stage: KeyFile(FolderStore(stage), now).unlock(clerk_no, password)[0]
        )
        stage = FolderStore(folder / moving.STAGE)
        if not ready.faults:
            restoring.refuse_others(ready, KeyFile(stage, now).clerks(), clerk_no)
        at, words = now(), f"在服务器“{server.called}”上{SET_UP}"
        given_out = {} if ready.faults else numbering.perhaps_given_out(ready.db, at.date())
        stamp = at.isoformat(timespec="seconds")
        _put(folder, ready, stage.read(), server, stamp, clerk_no, words, given_out, progress)
    finally:
        moving.drop_stage(folder)
    settle(folder)


def _put(
    folder: Path, ready: Ready, slots: bytes, server: Server, at: str, clerk_no: str, words: str,
    given_out: Mapping[str, int], progress: Progress | None,
) -> None:  # fmt: skip
    """What stands ready goes onto the server, with an entry of its own that says so."""
    try:
        if ready.faults:
            raise BackupFailed(f"备份“{ready.backup.name}”没有通过核验，没有恢复：{ready.faults[0]}")
        restoring.put_on_trail(ready, at, clerk_no, words, given_out)
    finally:
        ready.db.close()
    stage, stamp = folder / moving.STAGE, at.replace("-", "").replace(":", "").replace("T", "-")
    with moving.held(folder):
        source = Database(stage / database.FILE_NAME, ready.key)
        try:
            carry(source, slots, ready.key, server, folder, stamp, progress)
        finally:
            source.close()


__all__ = ["establish_onto", "restore_onto"]
