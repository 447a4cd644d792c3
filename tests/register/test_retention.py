"""What is past its term is listed, and after it was agreed to nothing of it is left: in no table, free page, log or search."""

from __future__ import annotations

import hashlib
import os
import shutil
from datetime import date, datetime
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from pinggu_desk.commands.cli import cli
from pinggu_desk.policy.retention import APPLICANTS, AWARDS, ISSUED, KINDS, UNFINISHED, load_terms, over_on
from pinggu_desk.register import Register, entrance, errors, events
from pinggu_desk.register.backupnotes import backups_in
from pinggu_desk.register.database import Database
from pinggu_desk.register.engines import server as settings
from pinggu_desk.register.engines.postgresql import connect
from pinggu_desk.register.engines.relocate import move_here, move_to_server
from pinggu_desk.register.retention import Past
from pinggu_desk.register.tables import metadata
from pinggu_desk.work.restores import rehearsal_lines

from .conftest import PASSWORD, Clock
from .postgres import Server, Where

TODAY = date(2026, 3, 2)  # twelve years after what is past its term: agreed to, since nobody worked meanwhile
NAME, CODE, HOME = "示例旧果业合作社", "91110117MA0000000X", "示例镇旧村路甲一号"
PAPER = b"%PDF-1.7 sample paper of " + NAME.encode()


@pytest.fixture
def old(register: Register, clock: Clock) -> Register:
    """Somebody of 2014 with a case, a paper, an award and a visit of two; and a firm of today."""
    return worked_on(register, clock)


def worked_on(register: Register, clock: Clock) -> Register:
    clock.at = datetime(2014, 5, 6, 10)
    gone = register.add_applicant("企业", NAME, code=CODE, address=HOME, phone="010-00000000")
    first, second = (register.open_case(policy, "1", applicant_id=gone.id) for policy in ("tztc", "ss"))
    register.join_visit(first.id, [first.id, second.id])
    for case in (first, second):
        register.set_answer(case.id, "投资额", "654321万元")
        register.set_answer(case.id, "备注", f"{NAME}的备注")
    register.record_document(first.id, "告知书", "a.pdf", hashlib.sha256(PAPER).hexdigest(), f'["{NAME}"]', PAPER)
    register.close_case(first.id, "已出具")
    register.remember(gone.id, "投资额", "654321万元", date(2014, 5, 6), first.id)
    register.add_award(gone.id, "ss", "ss.2.1", 123400, date(1990, 1, 2), matter=f"{NAME}的项目")
    clock.at = datetime(2026, 3, 2, 9, 30)
    new = register.add_applicant("企业", "示例新公司", code="911101170000000001")
    case = register.open_case("tztc", "1", applicant_id=new.id)
    register.set_answer(case.id, "投资额", "1万元")
    return register


def decrypted(register: Register) -> bytes:
    """Every byte of the register's files, deciphered page by page: tables, free pages, whatever the log still holds."""
    db = register._db
    assert isinstance(db, Database)
    plain = b""
    data = db.path.read_bytes()
    for at in range(0, len(data), 4096):
        page = data[at : at + 4096]
        start = 16 if at == 0 else 0
        body, iv = page[start:-80], page[-80:-64]
        plain += Cipher(algorithms.AES(db._file_key), modes.CBC(iv)).decryptor().update(body)
    log = db.path.with_name(db.path.name + "-wal")
    assert not log.exists() or log.stat().st_size == 0, "the log was folded in and cut"
    return plain


def test_the_way_of_reading_pages_finds_what_is_there(old: Register) -> None:
    old._db.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    assert NAME.encode() in decrypted(old) and CODE.encode() in decrypted(old)


def test_nothing_is_left_of_what_was_agreed_to(old: Register, clock: Clock) -> None:
    past = old.past_term()
    assert {(one.kind, one.number) for one in past} == {
        (AWARDS, "奖励1"), (UNFINISHED, "PG-03-20140506-0002"), (ISSUED, "PG-03-20140506-0001"), (APPLICANTS, "申请人1"),
    }  # fmt: skip
    assert all(NAME not in one.who for one in past)
    counts = old.forget(past, agreed=TODAY)
    assert counts[APPLICANTS] == counts[AWARDS] == 1 and sum(counts.values()) == 4
    assert old.check() == [] and old.verify_audit() == []
    plain = decrypted(old)
    for trace in (NAME, CODE, HOME, "654321", "旧果业"):
        assert trace.encode() not in plain, trace
    assert PAPER not in plain
    assert old.search("示例旧") == [] and [one.name for one in old.search("示例新")] == ["示例新公司"]
    (told,) = [row for row in old.audit_rows() if row.event == events.FORGOTTEN]
    assert "PG-03-20140506-0001" in told.detail and NAME not in told.detail and "申请人资料 1" in told.detail
    assert old.past_term() == []
    assert len(old.recent()) == 1
    old.set_answer(old.recent()[0].id, "备注", "接着办")
    clock.forward(minutes=1)
    assert old.check() == []


def test_a_term_ends_on_the_first_of_january(old: Register, clock: Clock) -> None:
    years = load_terms()[ISSUED].years
    over = over_on(date(2014, 5, 6), years)
    assert over == date(2015 + years, 1, 1)
    clock.at = datetime(over.year - 1, 12, 31, 23, 59)
    assert ISSUED not in {one.kind for one in old.past_term()}
    clock.at = datetime(over.year, 1, 1)
    assert ISSUED in {one.kind for one in old.past_term()}


def test_years_count_from_what_was_done_last_in_a_case_not_from_its_opening(old: Register, clock: Clock) -> None:
    """Of cases opened so lately that none can be past its term the last edit and paper are not looked up at all."""
    first, second, young = old.case(2), old.case(1), old.case(3)
    clock.at = datetime(2026, 3, 2, 10, 0)
    assert {one.number for one in old.past_term()} >= {first.number, second.number}
    old.set_answer(first.id, "备注", "又来过")
    assert first.number not in {one.number for one in old.past_term()}
    old.record_document(second.id, "告知书", "b.pdf", "0" * 64, "[]")
    past = old.past_term()
    assert second.number not in {one.number for one in past} and APPLICANTS not in {one.kind for one in past}
    assert {one.number for one in old.past_term(date(2030, 1, 1))} >= {young.number}
    past = old.past_term(date(2037, 1, 1))  # those of one visit go together, with the last of them
    assert {one.number: one.last for one in past if one.number.startswith("PG")} == dict.fromkeys(
        (first.number, second.number, young.number), date(2026, 3, 2)
    )


def test_an_office_sets_its_own_years_within_bounds(old: Register) -> None:
    """No law gives the years (only the shortest that the purpose needs), so they are the office's, and it may say other ones."""
    assert old.terms() == {kind: term.years for kind, term in load_terms().items()} and tuple(old.terms()) == KINDS
    least = {kind: term.least for kind, term in load_terms().items()}
    for kind in KINDS:
        with pytest.raises(errors.InvalidEntry, match=f"应为 {least[kind]} 至 100 的整数"):
            old.lengthen(kind, least[kind] - 1)
    old.lengthen(ISSUED, least[ISSUED])
    assert old.terms()[ISSUED] == least[ISSUED] and all(
        "办公室自定" in load_terms()[kind].why for kind in (ISSUED, AWARDS)
    )
    for kind in KINDS:
        old.lengthen(kind, 60)
    assert old.past_term() == [] and old.check() == []


def test_what_is_not_past_or_only_half_is_refused(old: Register, clock: Clock) -> None:
    past = old.past_term()
    young = Past(UNFINISHED, 3, "PG-03-20260302-0001", "", date(2026, 3, 2), date(2030, 1, 1))
    for chosen in ([young], [one for one in past if one.kind == APPLICANTS]):
        with pytest.raises(errors.InvalidEntry):
            old.forget(chosen, agreed=TODAY)
    case = next(one for one in past if one.kind not in (AWARDS, APPLICANTS))
    with pytest.raises(errors.InvalidEntry, match="一起选上"):
        old.forget([case], agreed=TODAY)
    clock.at = datetime(2014, 6, 1)  # the clock set back: nothing is past its term, nothing goes
    with pytest.raises(errors.InvalidEntry, match="没有到期"):
        old.forget(past, agreed=TODAY)
    assert len(old.recent(10)) == 3 and old.check() == []


def test_a_restored_backup_brings_nobody_back_unsaid(old: Register, folder: Path, tmp_path: Path, clock: Clock) -> None:
    place = old.backup(tmp_path / "备份")
    clock.forward(hours=1)
    old.forget(old.past_term(), agreed=TODAY)
    clock.forward(hours=1)
    said = rehearsal_lines(old.rehearse(place), {})
    assert any("2026-03-02 清除过到期资料，恢复会把它们带回来" in line for line in said)
    old.restore(place)
    again = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    assert any("带回了到期已清除的资料（清除于 2026-03-02）" in sentence for sentence in again.warnings)
    (told,) = [row.detail for row in again.audit_rows() if row.event == events.RESTORED]
    assert "带回了到期已清除的资料，清除于 2026-03-02" in told and NAME not in told
    again.forget(again.past_term(), agreed=TODAY)
    assert [one.folder for one in again.backups_before_forgetting([tmp_path / "备份"])] != []
    again.close()
    clean = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    assert clean.warnings == ()
    clean.close()


def test_only_who_is_in_charge_forgets(old: Register, folder: Path, clock: Clock) -> None:
    old.add_clerk("02", "示例同事", "Kollege-Sample-7")
    past = old.past_term()
    other = Register.open(folder, clerk_no="02", password="Kollege-Sample-7", now=clock)  # noqa: S106
    with pytest.raises(errors.NotAllowed):
        other.forget(past)
    other.close()


def test_older_backups_go_once_a_newer_good_one_is_there(old: Register, tmp_path: Path, clock: Clock) -> None:
    place, elsewhere = tmp_path / "备份", tmp_path / "别处"
    before = old.backup(place)
    clock.forward(minutes=1)
    old.restore(before)
    old = Register.open(old.folder, clerk_no="01", password=PASSWORD, now=clock)
    clock.forward(minutes=1)
    old.forget(old.past_term(), agreed=TODAY)
    assert [one.name for one in old.backups_before_forgetting([place, elsewhere])] != []
    with pytest.raises(errors.InvalidEntry, match="先备份一次"):
        old.remove_old_backups([place])
    clock.forward(minutes=1)
    made = old.backup(place)
    assert len(old.remove_old_backups([place, elsewhere])) == 2, "the one in the folder, and the register of before"
    assert [one.folder for one in backups_in(place)] == [made]
    assert not [path for path in old.folder.iterdir() if path.name.startswith("恢复前-")]
    assert old.backups_before_forgetting([place]) == [] and old.check() == []
    again = Register.open(made, clerk_no="01", password=PASSWORD, now=clock)
    assert NAME.encode() not in decrypted_copy(again)
    again.close()
    old.close()


def decrypted_copy(register: Register) -> bytes:
    register._db.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    return decrypted(register)


def files_with(postgres_server: Server, where: Where, trace: str) -> list[Path]:
    """The server's files of a database that hold a text, once all that is in memory is on the disk."""
    with postgres_server.where(where.database).connect() as connection:
        connection.execute("CHECKPOINT")
        row = connection.execute("SELECT oid FROM pg_database WHERE datname = %s", (where.database,)).fetchone()
    assert row is not None
    base = postgres_server.data / "base" / str(row[0])
    return [path for path in base.iterdir() if path.is_file() and trace.encode() in path.read_bytes()]


def test_on_a_server_nothing_is_left_once_the_owner_has_swept(
    shared: Register, office: settings.Server, owned: Where, postgres_server: Server, clock: Clock,
    tmp_path: Path,
) -> None:  # fmt: skip
    old = worked_on(shared, clock)
    before = old.backup(tmp_path / "盘")
    assert files_with(postgres_server, owned, NAME) and files_with(postgres_server, owned, "654321")
    past = old.past_term()
    assert (
        len(past) == 4 and sum(old.forget(past, agreed=TODAY).values()) == 4 and "register sweep" in old.left_to_sweep
    )
    assert (
        old.check() == []
        and old.search("示例旧") == []
        and [one.name for one in old.search("示例新")] == ["示例新公司"]
    )
    for table in (*metadata.tables.values(),):
        found = repr(old._db.rows(table.select()))
        assert not any(trace in found for trace in (NAME, CODE, HOME, "654321")) and PAPER.hex() not in found, table
    assert old._db.rows("SELECT count(*) FROM applicant_grams") == [(1,)]
    for words in (
        "UPDATE audit SET detail = detail", "DELETE FROM audit", "TRUNCATE audit", "SELECT id FROM audit FOR UPDATE",
        "INSERT INTO audit SELECT * FROM audit ON CONFLICT (id) DO UPDATE SET detail = ''", "ALTER TABLE audit RENAME TO gone",
    ):  # fmt: skip
        with connect(office) as connection, pytest.raises(psycopg.Error):
            connection.execute(words)
    owner = [
        "register", "sweep", "--host", owned.host, "--port", str(owned.port), "--database", owned.database,
        "--ca", str(owned.ca), "--user",
    ]  # fmt: skip
    refused = CliRunner().invoke(cli, [*owner, office.user], input=f"{office.password}\n")
    assert "不是登记库服务器" in str(refused.exception)
    done = CliRunner().invoke(cli, [*owner, owned.user], input=f"{owned.password}\n")
    assert done.exit_code == 0, done.output
    for trace in (NAME, CODE, HOME, "654321"):
        assert files_with(postgres_server, owned, trace) == [], trace
    with pytest.raises(errors.InvalidEntry, match="先备份一次"):
        old.remove_old_backups([before.parent])
    clock.forward(days=1)
    old.backup(before.parent)
    assert old.remove_old_backups([before.parent]) == [before.name] and not before.exists()
    assert old.check() == []


def test_a_register_that_was_left_behind_by_a_move_goes_with_the_old_backups(
    old: Register, postgres_ready: tuple[Where, settings.Server], folder: Path, clock: Clock, tmp_path: Path
) -> None:
    """What was moved onto a server stays beside its settings under another name: a whole register with whoever was forgotten."""
    move_to_server(old, postgres_ready[1])
    clock.forward(minutes=1)
    moved = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    left = {path.name for path in folder.iterdir() if "搬走" in path.name}
    assert len(left) == 2 and moved.left_before_forgetting() == []
    moved.forget(moved.past_term(), agreed=TODAY)
    with pytest.raises(errors.InvalidEntry, match="先备份一次"):
        moved.remove_old_backups([tmp_path / "备份"])
    assert left <= {path.name for path in folder.iterdir()}
    clock.forward(minutes=1)
    moved.backup(tmp_path / "备份")
    (name,) = moved.remove_old_backups([tmp_path / "备份"])
    assert name in left and not left & {path.name for path in folder.iterdir()}
    assert moved.audit_rows(1)[0].detail == "删去旧备份 1 份" and moved.check() == []
    clock.forward(minutes=1)
    move_here(moved)
    here = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    assert "请管理员把那个库删去" in here.left_to_sweep and here.left_before_forgetting() == []
    here.close()


def test_a_backup_of_a_day_to_come_that_holds_it_goes_too(old: Register, clock: Clock, tmp_path: Path) -> None:
    """The clock ran ahead when it was made: what it holds is told by how far its trail goes, whatever day it bears."""
    right = clock.at
    clock.forward(days=1500)
    ahead = old.backup(tmp_path / "备份")
    clock.at = right
    old.forget(old.past_term(), agreed=TODAY)
    clock.forward(hours=1)
    made = old.backup(tmp_path / "备份")
    assert [one.folder for one in old.backups_before_forgetting([tmp_path / "备份"])] == [ahead]
    assert old.remove_old_backups([tmp_path / "备份"]) == [ahead.name] and made.exists() and not ahead.exists()


@pytest.mark.parametrize("lost", [entrance.KEYS, ""])
def test_half_a_register_that_is_kept_beside_goes_too_and_a_stranger_s_is_told(
    old: Register, folder: Path, clock: Clock, tmp_path: Path, lost: str
) -> None:
    made = old.backup(tmp_path / "备份")
    old.close()
    stranger = tmp_path / "别人的"
    Register.create(stranger, clerk_no="01", clerk_name="示例甲", password=PASSWORD, now=clock)[0].close()
    for name, source in (("不全的登记库-20260302-093000", folder), ("不全的登记库-20260302-093001", stranger)):
        (folder / name).mkdir()
        for path in source.glob("register.*"):
            if path.name in (entrance.DATABASE, entrance.KEYS) and path.name != lost:
                shutil.copy2(path, folder / name / path.name)
                os.utime(folder / name / path.name, (1, 1))
    again = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    clock.forward(minutes=1)
    again.forget(again.past_term(), agreed=TODAY)
    clock.forward(minutes=1)
    again.backup(made.parent)
    assert sorted(again.remove_old_backups([made.parent])) == ["不全的登记库-20260302-093000", made.name]
    assert not (folder / "不全的登记库-20260302-093000").exists()
    assert (folder / "不全的登记库-20260302-093001" / entrance.DATABASE).exists()
    assert "不全的登记库-20260302-093001 认不出是不是这个登记库的" in again.left_to_sweep
    again.close()
