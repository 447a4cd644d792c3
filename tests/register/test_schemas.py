"""A register of every schema that was ever released is brought up to today's, whole or not at all; a newer one is refused."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from alembic import op
from sqlcipher3 import dbapi2 as sqlcipher

from pinggu_desk.register import Register, database, errors, migrations, names
from pinggu_desk.register.database import Database
from pinggu_desk.register.engines import server as settings
from pinggu_desk.register.engines.libpq import sql
from pinggu_desk.register.engines.prepare import prepare
from pinggu_desk.register.keys import KeyFile
from pinggu_desk.register.keystore import FolderStore
from pinggu_desk.register.migrations import upgrade
from pinggu_desk.register.tables import metadata

from .conftest import PASSWORD, Clock
from .postgres import Where, owner_of
from .test_tables import differences

RELEASED = sorted((Path(__file__).parents[1] / "data" / "schemas").glob("[0-9]*"), key=lambda path: int(path.name))
NOW = len(migrations.HISTORY)
CODE = "91110117MA01ABCD5U"


@contextmanager
def opened(source: Path, folder: Path, clock: Clock) -> Iterator[Register]:
    """A copy of a released file, opened by today's program."""
    shutil.copytree(source, folder)
    register = Register.open(folder, clerk_no="01", password="Sample-2024", now=clock)  # noqa: S106
    try:
        yield register
    finally:
        register.close()


def version(register: Register) -> tuple[Any, ...] | None:
    return register._db.row("PRAGMA user_version")


@pytest.mark.parametrize("source", RELEASED, ids=lambda path: f"schema-{path.name}")
def test_a_file_of_every_released_schema_is_brought_up(source: Path, tmp_path: Path, clock: Clock) -> None:
    with opened(source, tmp_path / "登记库", clock) as register:
        assert version(register) == (NOW,) and register.check() == []
        assert isinstance(register._db, Database)
        assert differences(register._db._connection) == []
        case = next(case for case in register.recent() if case.policy_id == "tztc")
        assert register.answers(case.id) == {"投资额": "700万元", "职工人数": "35"}
        assert register.undo(case.id) == ("职工人数", "30"), "the journal goes on where it stood"
        assert register.case(case.id).field == "投资额" and register.materials(case.id) == {"营业执照": "已收"}
        (paper,) = register.documents(case.id)
        kept = register.paper_file(paper.serial)
        assert kept == (b"%PDF-sample" if int(source.name) > 2 else None)
        (firm,) = (a for a in register.search("示例科技") if a.sample)
        assert [award.amount_fen for award in register.awards(firm.id)] == [12345600]
        assert register.known_facts(firm.id)["职工人数"].value_text == "35"
        assert register.verify_audit() == [] and register.audit_rows(1)[0].event == "登录"
        register.set_answer(case.id, "投资额", "800万元")
        assert register.prepare_statistics() == (1 if int(source.name) < 8 else 0)
        register.keep_list_shape("cd" * 32, {3: "职工人数"})
        copy = register.backup(tmp_path)
        assert Register.exists(copy) and register.check() == []


def test_what_came_with_later_schemas_is_there_after_the_steps_to_come(tmp_path: Path, clock: Clock) -> None:
    """The newest released file: what was joined, imported, corrected and entered, with where it came from."""
    with opened(RELEASED[-1], tmp_path / "登记库", clock) as register:
        assert len(register.conflicts()) == 1
        (correction,), (figure,) = register.corrections(), register.parameters()
        assert (correction.correction.subject, figure.value) == ("general.at_least", "1万元")
        (listed,) = register.search("示例乙")
        assert register.known_facts(listed.id)["本区工商注册"].origin.startswith("名单导入“示例花名册.xlsx”")
        (joined,) = (case for case in register.recent() if case.number.startswith("PG-T1"))
        assert register.answers(joined.id) == {"备注": "示例镇填的"}
        assert register.verify().faults == () and register.warnings == ()


@pytest.mark.parametrize("source", RELEASED[:3], ids=lambda path: f"schema-{path.name}")
def test_doubles_by_their_code_are_made_one_and_the_key_is_there(source: Path, tmp_path: Path, clock: Clock) -> None:
    """FOUND 40, in files of before."""
    with opened(source, tmp_path / "登记库", clock) as upgraded:
        (firm,) = upgraded.search("示例甲")
        assert firm.code == CODE and len(upgraded.awards(firm.id)) == 2
        assert upgraded.search("示例乙")[0].code == "91110118700123458J"
        told = [row.event for row in upgraded.audit_rows()]
        assert told.count("合并申请人") == 1 and ("生成签发密钥" in told)
        assert upgraded.office_key().public and upgraded.check() == []


@pytest.fixture
def server_of_before(postgres: Where, tmp_path: Path) -> Where:
    """A server as the newest released program left it: its schema, its rows, its slots."""
    folder = tmp_path / "原来的"
    shutil.copytree(RELEASED[-1], folder)
    source = Database(folder / database.FILE_NAME, key_of(folder), read_only=True)
    with postgres.connect() as there:
        upgrade.upgrade_postgresql(there, migrations.HISTORY[: int(RELEASED[-1].name)])
        for table in (*(one.name for one in metadata.sorted_tables if one.name != "key_store"), "answers"):
            for row in source.rows(f"SELECT * FROM {table}"):  # noqa: S608  a name of ours
                places = sql.SQL(", ").join([sql.Placeholder()] * len(row))
                there.execute(sql.SQL("INSERT INTO {} VALUES ({})").format(sql.Identifier(table), places), row)
        for number, name in source.rows("SELECT id, name FROM applicants"):
            grams = "INSERT INTO applicant_grams SELECT %s, array_to_tsvector(string_to_array(%s, ' '))"
            there.execute(grams, (number, names.grams(name)))
        there.execute("INSERT INTO key_store VALUES ('slots', %s)", ((folder / "register.keys").read_bytes(),))
    source.close()
    return postgres


def test_a_server_of_the_newest_released_schema_is_brought_up_by_its_owner_and_by_nobody_else(
    server_of_before: Where, folder: Path, clock: Clock
) -> None:
    owner = owner_of(server_of_before)
    folder.mkdir()
    settings.write(folder, owner)
    with pytest.raises(errors.ServerRefused, match="版本较旧，请管理员运行 pinggu-desk register prepare"):
        Register.open(folder, clerk_no="01", password="Sample-2024", now=clock)  # noqa: S106
    with pytest.raises(errors.InvalidEntry, match=r"升级前先备份：.*备份一次再运行；.*加 --backed-up"):
        prepare(owner)
    settings.write(folder, prepare(owner, backed_up=True))
    register = Register.open(folder, clerk_no="01", password="Sample-2024", now=clock)  # noqa: S106
    assert register.verify().faults == () and register.warnings == () and len(register.conflicts()) == 1
    case = next(case for case in register.recent() if case.policy_id == "tztc")
    assert register.answers(case.id) == {"投资额": "700万元", "职工人数": "35"}
    assert register.undo(case.id) == ("职工人数", "30") and register.search("示例科技")[0].sample
    register.set_answer(case.id, "投资额", "800万元")
    assert register.check() == [] and Register.exists(register.backup(folder.parent / "盘"))
    register.close()


@pytest.mark.parametrize(("days", "refused"), [(-1, True), (0, False)])
def test_a_server_is_brought_up_only_once_its_last_day_s_work_is_in_a_backup(
    server_of_before: Where, days: int, *, refused: bool
) -> None:
    owner = owner_of(server_of_before)
    copied = """INSERT INTO audit SELECT (jsonb_populate_record(last, jsonb_build_object(
        'id', last.id + 1, 'event', '备份', 'at', (last.at::timestamp + %s * interval '1 day')::text))).*
        FROM audit AS last ORDER BY last.id DESC LIMIT 1"""
    with server_of_before.connect() as there:
        there.execute(sql.SQL(copied), (days,))
    if refused:
        with pytest.raises(errors.InvalidEntry, match=r"最近一次备份是 .* 还有人办理"):
            prepare(owner)
    else:
        prepare(owner)


def test_a_later_version_is_refused_and_left_alone(register: Register, folder: Path, clock: Clock) -> None:
    register._db.run(f"PRAGMA user_version = {NOW + 1}")
    register.close()
    before = (folder / "register.db").read_bytes()
    with pytest.raises(errors.RegisterNewer, match="请升级本程序"):
        Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    assert (folder / "register.db").read_bytes() == before


class Step(ModuleType):
    """A step of the schema that a test makes up."""

    def __init__(self, revision: str, before: str, *statements: str) -> None:
        super().__init__(revision)
        self.__file__ = revision
        self.revision, self.down_revision, self._statements = revision, before, statements

    def upgrade(self) -> None:
        for statement in self._statements:
            op.get_bind().exec_driver_sql(statement)


def test_an_upgrade_is_whole_or_not_at_all(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(register._db, Database)
    register.add_applicant("企业", "示例公司")
    connection, last = register._db._connection, migrations.names()[-1]
    column = "ALTER TABLE applicants ADD COLUMN nickname TEXT"
    steps = {"9001_good": Step("9001", last, column), "9002_bad": Step("9002", "9001", "CREATE TABLE broken (")}
    for name, step in steps.items():
        monkeypatch.setitem(sys.modules, f"pinggu_desk.register.migrations.versions.{name}", step)

    def state() -> tuple[Any, ...]:
        columns = [row[1] for row in register._db.rows("PRAGMA table_info(applicants)")]
        return "nickname" in columns, version(register), register._db.row("SELECT version_num FROM alembic_version")

    with pytest.raises(sqlcipher.OperationalError):
        migrations.upgrade_file(connection, "示例", history=(*migrations.HISTORY, *steps))
    assert state() == (False, (NOW,), (last,)) and not connection.in_transaction
    assert migrations.upgrade_file(connection, "示例", history=(*migrations.HISTORY, "9001_good")) == NOW
    assert state() == (True, (NOW + 1,), ("9001",))
    assert register.search("示例")[0].name == "示例公司", "what was there is still there"


def test_a_copy_is_made_before_an_upgrade_and_where_it_can_t_be_nothing_is_upgraded(tmp_path: Path) -> None:
    shutil.copytree(RELEASED[2], tmp_path / "登记库")
    path, key = tmp_path / "登记库" / database.FILE_NAME, key_of(tmp_path / "登记库")
    untouched = path.read_bytes()

    def refuse(_copy: Any, had: int, becomes: int) -> None:
        raise errors.BackupFailed(f"{had}-{becomes}")

    with pytest.raises(errors.BackupFailed, match=f"3-{NOW}"):
        Database(path, key, before_upgrade=refuse)
    assert path.read_bytes() == untouched
    db = Database(path, key, before_upgrade=lambda copy, _had, _now: copy(tmp_path / "副本.db"))
    assert db.row("PRAGMA user_version") == (NOW,)
    db.close()
    kept = Database(tmp_path / "副本.db", key, read_only=True)
    assert kept.row("PRAGMA user_version") == (3,)
    kept.close()


def key_of(folder: Path) -> bytes:
    return KeyFile(FolderStore(folder), datetime.now).unlock("01", "Sample-2024")[0]


def test_the_history_is_one_chain_and_every_step_has_a_place() -> None:
    """A step that stands in the folder and not in the history would never be done."""
    folder = Path(str(upgrade.__file__)).parent / "versions"
    assert tuple(sorted(path.stem for path in folder.glob("[0-9]*.py"))) == tuple(sorted(migrations.HISTORY))
    known = upgrade.revisions(migrations.HISTORY)
    chain = [step.revision for step in known.iterate_revisions("heads", "base")]
    assert tuple(reversed(chain)) == migrations.names()
