"""The schema's history: which steps there are, and how an open database is brought to the last of them, by Alembic.

Whether there is anything to do is told without Alembic, since a register is opened far more often than its schema changes.
SQLCipher's file keeps the number of steps that it has had in `user_version`, PostgreSQL the last one's name in `alembic_version`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pinggu_desk.register.errors import RegisterNewer

#: every step in its order, by the name of its module in `versions`: a new one goes to the end
HISTORY = (
    "0001_first_tables",
    "0002_keys",
    "0003_paper_files",
    "0004_who",
    "0005_origins",
    "0006_visits",
    "0007_lists",
    "0008_findings",
    "0009_row_versions",
    "0013_key_store",
    "0015_bundles",
    "0014_corrections",
    "0010_sums",
    "0016_where_from",
    "0017_one_journal",
    "0018_sum_versions",
)
#: what is done with a database of an earlier schema before it is touched: told how to copy it to a path, and both versions
BeforeUpgrade = Callable[[Callable[[Path], None], int, int], None]


def names(history: tuple[str, ...] = HISTORY) -> tuple[str, ...]:
    """The revisions' ids in their order."""
    return tuple(name.partition("_")[0] for name in history)


def upgrade_file(
    connection: Any, where: str, before: BeforeUpgrade | None = None, history: tuple[str, ...] = HISTORY
) -> int:
    """Bring an open SQLCipher database to the last version in one transaction; returns the version that it had.

    `where` names the database in the sentence of `RegisterNewer`. All or nothing: a failing step leaves the database as it
    was. ``before`` is called first where there is something to lose; what it raises stops the upgrade.
    """
    had = version_of(connection)
    if had == len(history):
        return had
    refuse_newer(had, where, history)
    if had and before is not None:
        before(lambda path: connection.execute("VACUUM INTO ?", (str(path),)), had, len(history))
    from pinggu_desk.register.migrations.upgrade import upgrade_sqlcipher

    return upgrade_sqlcipher(connection, where, history)


def version_of(connection: Any) -> int:
    """How many steps a SQLCipher database has had."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def refuse_newer(had: int, where: str, history: tuple[str, ...]) -> None:
    """Raise `RegisterNewer` for a database that has had more steps than this program knows."""
    if had > len(history):
        raise RegisterNewer(
            f"登记库“{where}”由更新版本的程序写成（库版本 {had}，本程序只认到 {len(history)}），请升级本程序后再打开。"
        )
