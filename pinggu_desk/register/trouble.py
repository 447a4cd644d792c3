"""What a failing database means, in the words that a person is told: a full or failing disk, another window, damage."""

from __future__ import annotations

import re
from pathlib import Path

from pinggu_desk.policy.errors import reason_of
from pinggu_desk.register import handles
from pinggu_desk.register.errors import DiskFault, RegisterBusy, RegisterDamaged, RegisterError
from pinggu_desk.register.files import disk_fault, disk_full, has_no_room, unsure

_BUSY, _LOCKED, _READONLY, _IOERR, CORRUPT, _FULL, _CANTOPEN, NOTADB = 5, 6, 8, 10, 11, 13, 14, 26  # sqlite3.h
#: after these the connection is not to be trusted any more
FAULTS = (_READONLY, _IOERR, CORRUPT, _CANTOPEN, NOTADB)
#: after these somebody else is at it, and may soon be done
HELD = (_BUSY, _LOCKED)
_LOGIC = 1  # of a statement that can't be carried out
#: what SQLite says of a statement of ours where somebody took a table, a column or the search's own tables away
_NOT_AS_MADE = re.compile(
    r"no such (?:table|column|index|fts5 table)|fts5|duplicate column|already exists|has no column"
)
_UNSYNCED = 10 | 4 << 8  # SQLITE_IOERR_FSYNC


def code_of(error: Exception) -> int:
    """SQLite's primary code of an error; nought where it has none."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def unsynced(error: Exception) -> bool:
    """Whether something was written, and only the waiting for the disk failed: a COMMIT may be there after all."""
    return int(getattr(error, "sqlite_errorcode", 0)) == _UNSYNCED


def in_doubt(folder: Path, error: Exception) -> DiskFault:
    """The error for a COMMIT that failed and may have been carried out."""
    return unsure(folder, _why(error))


def told_of(error: Exception, database: Path, waited_ms: int) -> RegisterError | None:
    """What the person is told of the library's error; None where it is a fault of the program, not of the data."""
    code, folder = code_of(error), database.parent
    if code == _FULL or (code in (_IOERR, _CANTOPEN) and has_no_room(folder)):
        return disk_full(folder)
    if code in (_IOERR, _CANTOPEN, _READONLY):
        return disk_fault(folder, _why(error))
    if code in HELD:
        return RegisterBusy(
            f"登记库“{database}”正被另一个窗口占用，等了 {waited_ms // 1000} 秒仍没有空出来，请稍候再试。"
        )
    if code in (CORRUPT, NOTADB):
        why = unreadable(database)
        return disk_fault(folder, why) if why else damaged(database)
    if code == _LOGIC and _NOT_AS_MADE.search(str(error)):
        return otherwise_made(database, str(error))
    return None


def _why(error: Exception) -> str:
    """What the cipher library says, in Chinese; its English words are no clerk's."""
    for words, told in (("unable to open", "打不开数据库文件"), ("readonly", "磁盘是只读的")):
        if words in str(error):
            return told
    return "磁盘读写出错"


def unreadable(path: Path) -> str:
    """Why the system can't read the database's files to their end; empty when it can.

    The cipher library calls a page damaged that the disk (or the network's folder) failed to give.
    """
    for file in (path, path.with_name(f"{path.name}-wal")):
        try:
            handles.read_through(file)
        except FileNotFoundError:
            continue
        except OSError as error:
            return reason_of(error)
    return ""


def damaged(path: Path) -> RegisterDamaged:
    """The error for a database that can't be read."""
    return RegisterDamaged(f"登记库文件“{path}”已损坏或与密钥文件不是一套，读不出数据；请从最近的备份恢复整个文件夹。")


def otherwise_made(path: Path, said: str) -> RegisterDamaged:
    """The error for a database whose tables are not those that this program made."""
    return RegisterDamaged(
        f"登记库文件“{path}”的结构被改动过（{said}），读不出应有的数据；请保留现场，从最近的备份恢复。"
    )


def not_rekeyed(path: Path) -> RegisterError:
    """The error for a database that could not be encrypted anew, and stands as it did; the library doesn't say why."""
    if has_no_room(path.parent):
        return disk_full(path.parent)
    return RegisterBusy(f"登记库“{path}”没有换成密钥，可能正被别的窗口写着；请各窗口停一下，过一会儿再试。")
