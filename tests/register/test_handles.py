"""Reading a database's files beside SQLite takes none of its locks away: another process can't write, nor have the file to itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pinggu_desk.register import Register, handles, trouble
from pinggu_desk.register.database import Database

from .conftest import PASSWORD, Clock

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="Windows keeps locks by the handle")

#: another process, which waits for nobody: writes, then takes the bytes on which each open connection has its lock
_OTHER = """
import fcntl, sys
from sqlcipher3 import dbapi2
connection = dbapi2.connect(sys.argv[1], isolation_level=None, timeout=0)
connection.execute("PRAGMA key = \\"x'" + sys.argv[2] + "'\\"")
try:
    connection.execute("BEGIN IMMEDIATE")
    print("wrote")
except dbapi2.Error as error:
    print(error)
connection.close()
with open(sys.argv[1], "rb+") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, (1 << 30) + 2)
        print("alone")
    except OSError as error:
        print("locked")
"""


def another(register: Register) -> list[str]:
    """What another process is told that would write, and that would have the file to itself."""
    assert isinstance(register._db, Database)
    words = [sys.executable, "-c", _OTHER, str(register._db.path), register._db._file_key.hex()]
    made = subprocess.run(words, capture_output=True, encoding="utf-8", timeout=600)
    assert made.returncode == 0, made.stderr
    return made.stdout.splitlines()


def descriptors(path: Path) -> int:
    """How many descriptors this process has of a file."""
    return sum(other.exists() and other.samefile(path) for other in Path("/proc/self/fd").iterdir())


def test_a_file_that_was_read_through_stays_locked(register: Register) -> None:
    case = register.open_case("ss", "1").id
    with register._db.transaction():
        register.set_answer(case, "投资额", "1万元")
        assert another(register) == ["database is locked", "locked"]
        assert trouble.unreadable(register._db.path) == ""
        assert another(register) == ["database is locked", "locked"]
    assert another(register) == ["wrote", "locked"], "the transaction is over, the file is still open"
    register.set_answer(case, "投资额", "2万元")
    assert register.answers(case) == {"投资额": "2万元"} and register.check() == []


def test_what_was_read_is_closed_with_the_last_connection(register: Register, folder: Path, clock: Clock) -> None:
    """A stick can be pulled, and a file that was moved is gone from the disk."""
    path = register._db.path
    second = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    for _ in range(3):
        trouble.unreadable(path)
    register.close()
    assert descriptors(path) > 0
    second.close()
    assert descriptors(path) == 0 and handles._kept == []
    assert trouble.unreadable(path) == ""
    assert descriptors(path) == 0, "nobody has it open: it is closed at once"
