"""Tables, indexes and the version of the file itself altered by somebody with a tool (FOUND 60): a sentence, never a fault of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from pinggu_desk.register import Register, checking, errors, tables
from pinggu_desk.register.database import Database
from pinggu_desk.register.keys import KeyFile
from pinggu_desk.register.keystore import FolderStore

from .conftest import PASSWORD
from .postgres import Server, Where
from .test_taken_out import opened, own, template

__all__ = ["own", "template"]


@contextmanager
def by_thief(folder: Path) -> Iterator[Database]:
    """The file, for somebody who has its key and a tool."""
    key = KeyFile(FolderStore(folder), datetime.now).unlock("01", PASSWORD).key
    db = Database(folder / "register.db", key)
    try:
        yield db
    finally:
        db.close()


def by_tool(folder: Path, *statements: str) -> None:
    with by_thief(folder) as db:
        for statement in statements:
            db.rows(statement)


def test_found_60_a_table_that_was_taken_away_or_renamed_is_told_by_its_name(own: Path) -> None:
    with by_thief(own) as db:
        for table in (one.name for one in tables.metadata.sorted_tables):
            db.rows(f"ALTER TABLE {table} RENAME TO elsewhere")
            assert any(f"表 {table} 不见了" in fault for fault in checking.faults(db)), table
            db.rows(f"ALTER TABLE elsewhere RENAME TO {table}")


@pytest.mark.parametrize("table", ["applicants", "audit", "meta", "tallies"])
def test_found_60_without_a_table_of_the_door_nobody_comes_in_and_is_told_why(own: Path, table: str) -> None:
    by_tool(own, f"ALTER TABLE {table} RENAME TO elsewhere")
    with pytest.raises(errors.RegisterDamaged, match=f"结构被改动过.*{table}"):
        opened(own)


def test_a_table_of_a_server_that_was_taken_away_is_a_sentence(
    shared: Register, postgres_server: Server, owned: Where
) -> None:
    """By its administrator: the windows' account may not."""
    with postgres_server.where(owned.database).connect() as admin:
        admin.execute("ALTER TABLE awards RENAME TO elsewhere")
        assert any("结构被改动过" in fault.what and "awards" in fault.what for fault in shared.verify().faults)
        admin.execute("ALTER TABLE elsewhere RENAME TO awards")
    assert shared.verify().faults == ()


@pytest.mark.parametrize(
    "statements",
    [
        ("PRAGMA user_version = 0",),
        ("PRAGMA user_version = 5",),
        ("PRAGMA user_version = 5", "DROP TABLE alembic_version"),
        ("PRAGMA user_version = 13",),
    ],
)
def test_a_version_that_was_turned_back_is_refused_in_a_sentence(own: Path, statements: tuple[str, ...]) -> None:
    by_tool(own, *statements)
    with pytest.raises(errors.RegisterDamaged, match="结构被改动过"):
        opened(own)


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (("ANALYZE",), "表 sqlite_stat1 是多出来的"),
        (("CREATE VIEW his AS SELECT * FROM applicants",), "视图 his 是多出来的"),
        (("DROP TABLE applicant_grams",), "表 applicant_grams 不见了"),
        (("UPDATE applicant_grams_config SET v = 9",), "结构被改动过"),
        (("DELETE FROM applicant_grams_idx",), "检索索引的目录被改动"),
        (("ALTER TABLE awards ADD COLUMN his TEXT",), "表 awards 被改动"),
    ],
)
def test_what_was_put_in_or_taken_from_the_structure_is_named(
    own: Path, statements: tuple[str, ...], words: str
) -> None:
    by_tool(own, *statements)
    register = opened(own)
    found = register.verify().faults
    assert any(words in fault.what for fault in found), found
    register._at_work = False
    register.close()


def test_a_search_index_that_no_longer_leads_to_a_name_is_found(register: Register) -> None:
    """Its pages hold every gram still; what tells where they begin is gone, so nobody is found."""
    for number in range(600):
        register.add_applicant("企业", f"示例{chr(0x4E00 + number * 31)}{chr(0x5E00 + number * 17)}公司")
    assert register.check() == []
    with register._db.transaction():
        register._db.run("DELETE FROM applicant_grams_idx WHERE pgno > 3")
    assert any("检索索引的目录" in fault for fault in register.check())
