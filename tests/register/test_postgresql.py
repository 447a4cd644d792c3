"""A register on a real PostgreSQL server: the same register, and the trail can't be changed by the windows' account."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from psycopg import sql
from sqlalchemy import create_engine, select

from pinggu_desk.register import Register, checking, errors
from pinggu_desk.register.backupnotes import backups_in
from pinggu_desk.register.database import Database
from pinggu_desk.register.dialects import locking
from pinggu_desk.register.engines import server as settings
from pinggu_desk.register.engines.postgresql import ServerDatabase, connect
from pinggu_desk.register.engines.prepare import _account, prepare
from pinggu_desk.register.engines.server import Server
from pinggu_desk.register.migrations import names
from pinggu_desk.register.restoring import establish
from pinggu_desk.register.tables import audit, metadata, paper_files
from pinggu_desk.register.thinning import Keep

from .conftest import PASSWORD, Clock
from .postgres import Server as RealServer
from .postgres import Where, owner_of


def test_the_declared_tables_are_those_that_the_migrations_make(postgres: Where) -> None:
    prepare(owner_of(postgres))
    assert prepare(owner_of(postgres)).user.endswith("_window"), "a second time changes nothing but the password"
    connection = connect(owner_of(postgres))
    engine = create_engine("postgresql+psycopg://", creator=lambda: connection)
    with engine.connect() as opened:
        included = {"include_name": lambda name, kind, _parents: kind != "table" or name != "applicant_grams"}
        context = MigrationContext.configure(opened, opts={"compare_type": True, **included})
        assert compare_metadata(context, metadata) == []
    connection.close()


def test_a_register_on_a_server_is_the_same_register(shared: Register, folder: Path, clock: Clock) -> None:
    firm = shared.add_applicant("企业", "示例科技（北京）有限公司", code="91110117MA01ABCD5U")
    case = shared.open_case("tztc", "1", applicant_id=firm.id)
    assert case.number == "PG-03-20260302-0001"
    shared.set_answer(case.id, "投资额", "700万元")
    shared.set_answer(case.id, "投资额", "800万元")
    assert shared.undo(case.id) == ("投资额", "700万元")
    assert [a.name for a in shared.search("slkj")] == [firm.name] == [a.name for a in shared.search("科技")]
    assert [a.id for a in shared.search("91110117")] == [firm.id]
    shared.add_award(firm.id, "tztc", "tztc.rent", 100, date(2025, 1, 1))
    shared.close()
    again = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    assert again.answers(case.id) == {"投资额": "700万元"} and again.check() == []
    assert [award.amount_fen for award in again.awards(firm.id)] == [100]
    with pytest.raises(errors.WrongPassword):
        Register.open(folder, clerk_no="01", password="Falsch-2024", now=clock)  # noqa: S106
    with pytest.raises(errors.RegisterExists):
        Register.create(folder, clerk_no="01", clerk_name="示例", password=PASSWORD, now=clock)
    again.close()


def test_the_windows_account_can_add_to_the_trail_and_not_change_it(shared: Register, office: Server) -> None:
    shared.record_event("打印文书", "示例")
    with connect(office) as connection:
        for words in (
            "UPDATE audit SET detail = ''", "DELETE FROM audit", "TRUNCATE audit", "DROP TABLE audit",
            "DROP TRIGGER audit_is_not_rewritten ON audit", "CREATE TABLE other (id INT)", "TRUNCATE cases",
            "ALTER TABLE audit DISABLE TRIGGER ALL", "UPDATE alembic_version SET version_num = '0'",
        ):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(words)


@pytest.mark.usefixtures("shared")
def test_an_account_that_could_rewrite_the_trail_is_refused(folder: Path, owned: Where, clock: Clock) -> None:
    settings.write(folder, owner_of(owned))
    with pytest.raises(errors.ServerRefused, match=r"能改写.*审计记录"):
        Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize(
    ("words", "undone"),
    [
        ("GRANT UPDATE (detail) ON audit TO {account}", ""),  # one column is enough to write an entry anew
        ("GRANT TRIGGER ON audit TO {account}", ""),  # one that drops what is added
        ("GRANT {owner} TO {account}", "REVOKE {owner} FROM {account}"),
        # SET ROLE
        (
            "ALTER ROLE {account} NOINHERIT; GRANT {owner} TO {account}",
            "REVOKE {owner} FROM {account}; ALTER ROLE {account} INHERIT",
        ),
    ],
)
def test_an_account_that_could_do_it_by_a_back_door_is_refused_too(
    folder: Path,
    office: Server,
    owned: Where,
    clock: Clock,
    postgres_server: RealServer,
    words: LiteralString,
    undone: LiteralString,
) -> None:
    named = {"account": sql.Identifier(office.user), "owner": sql.Identifier(owned.user)}
    with postgres_server.where(owned.database).connect() as connection:
        for one in words.split("; "):
            connection.execute(sql.SQL(one).format(**named))
        try:
            with pytest.raises(errors.ServerRefused, match=r"能改写.*审计记录"):
                Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
        finally:  # accounts are the whole server's
            for one in undone.split("; ") if undone else ():
                connection.execute(sql.SQL(one).format(**named))


def test_the_windows_read_the_tables_that_were_made_ready_whatever_the_account_is_told_to_look_into(
    shared: Register, folder: Path, office: Server, owned: Where, clock: Clock, postgres_server: RealServer
) -> None:
    shared.add_parameter("LPR", "3.1%", date(2026, 1, 1), "示例公告")
    account = sql.Identifier(office.user)
    with postgres_server.where(owned.database).connect() as connection:
        for words in (
            "CREATE SCHEMA other", "CREATE TABLE other.parameters (LIKE public.parameters)", "GRANT ALL ON SCHEMA other TO {}",
            "GRANT ALL ON other.parameters TO {}", "ALTER ROLE {} SET search_path = other, public",
        ):  # fmt: skip
            connection.execute(sql.SQL(words).format(account))
        try:
            other = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
        finally:
            connection.execute(sql.SQL("ALTER ROLE {} RESET search_path").format(account))
    assert [figure.value for figure in other.parameters()] == ["3.1%"] and other.warnings == ()
    other.close()


def test_no_password_of_an_account_stands_in_a_statement(owned: Where, postgres_server: RealServer) -> None:
    """Statements are in the server's log and in what everybody connected may see of the others."""
    secret, name = "Sample-Window-2026", f"{owned.database}_spare"
    with connect(owner_of(owned)) as connection:
        for _made_and_given_another in range(2):
            _account(connection, name, secret)
            with postgres_server.where().connect() as administrator:
                query = "SELECT query FROM pg_stat_activity WHERE pid = %s"
                row = administrator.execute(query, (connection.info.backend_pid,)).fetchone()
                assert row is not None and "ROLE" in row[0] and secret not in row[0]
    with postgres_server.where(owned.database, name, secret).connect() as let_in:
        assert let_in.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.usefixtures("shared")
def test_a_newer_and_an_older_schema_are_refused(folder: Path, owned: Where, clock: Clock) -> None:
    with connect(owner_of(owned)) as connection:
        for number, refusal in (("9999", errors.RegisterNewer), (names()[-2], errors.ServerRefused)):
            connection.execute("UPDATE alembic_version SET version_num = %s", (number,))
            with pytest.raises(refusal):
                Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(errors.RegisterNewer):
        prepare(owner_of(owned))


def test_a_killed_server_is_said_and_gone_on_with(shared: Register, postgres_server: RealServer) -> None:
    case = shared.open_case("tztc", "1")
    shared.set_answer(case.id, "投资额", "1")
    postgres_server.kill()
    try:
        with pytest.raises(errors.ServerGone, match=r"连不上登记库服务器.*没有办成"):
            shared.open_case("tztc", "1")
        with pytest.raises(errors.ServerGone):
            shared.answers(case.id)
    finally:
        postgres_server.start()
    assert shared.answers(case.id) == {"投资额": "1"}, "the connection is made anew by itself"
    assert shared.set_answer(case.id, "投资额", "2") == 2
    postgres_server.kill()
    postgres_server.start()
    assert shared.answers(case.id) == {"投资额": "2"}, "a read that met the cut is done again"
    assert shared.set_answer(case.id, "投资额", "3") == 3

    def cut() -> None:
        with shared._db.transaction():
            shared.set_answer(case.id, "投资额", "4")
            postgres_server.kill()
            postgres_server.start()
            shared.set_answer(case.id, "投资额", "5")

    with pytest.raises(errors.ServerGone):
        cut()
    assert shared.answers(case.id) == {"投资额": "3"} and shared.check() == []


def test_a_window_that_waited_in_vain_for_its_turn_goes_on_with_the_next_step(shared: Register, office: Server) -> None:
    """Twenty windows at once on a slow machine: whoever waited five seconds is told so once, and not for the rest of the day."""
    case = shared.open_case("tztc", "1")
    other = connect(office)
    other.execute(locking.BEGIN)
    assert isinstance(shared._db, ServerDatabase)
    shared._db._open().execute("SET lock_timeout = 50")
    for _ in range(2):
        with pytest.raises(errors.RegisterBusy, match=r"正忙.*请稍候再试"):
            shared.set_answer(case.id, "投资额", "700万元")
        assert shared.answers(case.id) == {}
    other.execute("ROLLBACK")
    other.close()
    assert shared.set_answer(case.id, "投资额", "700万元") == 1 and shared.answers(case.id) == {"投资额": "700万元"}


def test_a_wrong_password_of_the_account_and_a_wrong_authority_are_told(
    office: Server, folder: Path, clock: Clock, tmp_path: Path
) -> None:
    for wrong, refusal, words in (
        (replace(office, password=PASSWORD), errors.ServerRefused, "不接受"),
        (replace(office, port=1), errors.ServerGone, "连不上"),
        (replace(office, ca=str(tmp_path / "keine.crt")), errors.RegisterError, "登记库服务器"),
    ):
        settings.write(folder, wrong)
        with pytest.raises(refusal, match=words):
            Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)


def test_a_backup_of_a_server_is_a_file_that_any_machine_opens(shared: Register, tmp_path: Path) -> None:
    firm = shared.add_applicant("企业", "示例公司")
    case = shared.open_case("tztc", "1", applicant_id=firm.id)
    shared.set_answer(case.id, "投资额", "700万元")
    copy = tmp_path / "副本.db"
    shared._db.copy_to(copy)
    file = Database(copy, shared._key, read_only=True)
    assert checking.faults(file) == []
    assert file.rows("SELECT fact, after FROM edits") == [("投资额", "700万元")]
    assert file.rows("SELECT rowid FROM applicant_grams WHERE applicant_grams MATCH '\"c示\"'") == [(firm.id,)]
    file.close()


def test_a_backup_of_a_server_is_noted_listed_and_moves_to_a_machine_of_its_own(
    shared: Register, tmp_path: Path, clock: Clock
) -> None:
    case = shared.open_case("tztc", "1")
    shared.set_answer(case.id, "投资额", "700万元")
    place = tmp_path / "U盘"
    made = shared.backup(place, keep=Keep(1, 1, 1))
    (listed,) = backups_in(place)
    assert listed.unchanged() and listed.register and listed.note is not None and listed.note.counts["办件"] == 1
    assert shared.rehearse(made).faults == () and shared.rehearse(made).follows
    with pytest.raises(errors.BackupFailed, match="登记库在服务器上"):
        shared.restore(made)
    establish(tmp_path / "另一台", place, clerk_no="01", password=PASSWORD, now=clock)
    moved = Register.open(tmp_path / "另一台", clerk_no="01", password=PASSWORD, now=clock)
    assert moved.answers(case.id) == {"投资额": "700万元"} and moved.check() == []
    moved.close()


def test_a_stream_gives_every_row_however_many_and_large_they_are(shared: Register) -> None:
    """Papers are fetched few at a time: five hundred of them at once are as much memory as the whole desk has."""
    case = shared.open_case("tztc", "1")
    papers = [bytes([number]) * size for number, size in enumerate((1, 3 << 20, 5, 2 << 20, 3 << 20, 0, 7))]
    with shared.at_once("示例"):
        for data in papers:
            shared.record_document(case.id, "告知书", "a.pdf", hashlib.sha256(data).hexdigest(), "[]", data)
        for number in range(1300):
            shared.record_event("示例", "示例" * (number % 50), str(number))
    query = select(paper_files.c.data).order_by(paper_files.c.serial)
    with shared._db.stream(query) as rows:
        assert [bytes(row[0]) for row in rows] == papers
    entries = select(audit.c.id, audit.c.subject).order_by(audit.c.id)
    with shared._db.stream(entries) as rows:
        assert list(rows) == shared._db.rows(entries)
    with shared._db.stream(entries.where(audit.c.id < 0)) as rows:
        assert list(rows) == []
    assert shared.check() == []
