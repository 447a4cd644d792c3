"""Is the database built as this program builds it? A trigger that was dropped, a table or an index put in or altered, shows here.

What is expected is made anew, in memory, by the same steps that made the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from sqlcipher3 import dbapi2 as sqlcipher

from pinggu_desk.register.dialects import search
from pinggu_desk.register.migrations import names, upgrade_file
from pinggu_desk.register.store import Store
from pinggu_desk.register.trailcheck import Fault

_OBJECTS = "SELECT type, name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_auto%'"
_CALLED = {"table": "表", "index": "索引", "trigger": "触发器", "view": "视图"}
_VERSION = "SELECT version_num FROM alembic_version"


def faults(db: Store) -> Iterator[Fault]:
    """What is not as it was made. On a server the windows' account can't change its tables."""
    if db.kind != "sqlcipher":
        return
    wanted, found = _expected(), {(kind, name): _plain(sql) for kind, name, sql in db.rows(_OBJECTS)}
    for key in sorted(wanted.keys() | found.keys()):
        if wanted.get(key) != found.get(key):
            how = "不见了" if key not in found else "被改动" if key in wanted else "是多出来的"
            called = f"{_CALLED.get(key[0], key[0])} {key[1]}"
            yield Fault(f"登记库的结构被改动：{called} {how}；请与备份核对。", table="sqlite_master", row=key[1])
    if ("table", "alembic_version") in found and db.rows(_VERSION) != [(names()[-1],)]:
        yield Fault("登记库的结构被改动：版本登记与文件不符；请与备份核对。", table="alembic_version")


def search_faults(db: Store) -> Iterator[Fault]:
    """What the search would find wrongly, or not at all."""
    for number, what in search.faults(db):
        told = f"申请人“{number}”的检索词与名称对不上" if number else what
        yield Fault(f"{told}，检索会找不到或找错；请与备份核对。", table=search.INDEX, row=str(number or ""))


def _plain(sql: str) -> str:
    """A statement but for its white space: a file of before Alembic was stamped in other lines."""
    return "".join(sql.split())


@cache
def _expected() -> dict[tuple[str, str], str]:
    connection = sqlcipher.connect(":memory:", isolation_level=None)
    try:
        upgrade_file(connection, ":memory:")
        return {(kind, name): _plain(sql) for kind, name, sql in connection.execute(_OBJECTS)}
    finally:
        connection.close()
