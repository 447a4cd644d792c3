"""Damage and tampering show; a backup counts only when it opens; a schema moves up whole or not at all."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from pinggu_desk.register import Register, database, errors

from .conftest import PASSWORD, Clock


@pytest.fixture
def used(register: Register) -> Register:
    """A register with something in every table."""
    firm = register.add_applicant("企业", "示例公司", code="91110117MA0000000X")
    case = register.open_case("tztc", "1", applicant_id=firm.id)
    for text in ("600万元", "700万元"):
        register.set_answer(case.id, "投资额", text)
    register.set_answer(case.id, "备注", "无")
    register.remember(firm.id, "投资额", "700万元", date(2026, 3, 2), case.id)
    register.add_award(firm.id, "ss", "ss.2.1", 100, date(2025, 1, 1))
    register.record_document(case.id, "告知书", "a.pdf", "ab" * 32, "[]")
    paper = b"%PDF-1.7 sample"
    register.record_document(case.id, "告知书", "b.pdf", hashlib.sha256(paper).hexdigest(), "[]", paper)
    register.record_event("打印", "PG-03-20260302-0001-01")
    return register


def tamper(register: Register, *statements: str) -> None:
    """What someone with the key and a database tool would do."""
    with register._db.transaction():
        for statement in statements:
            register._db.run(statement)


def test_a_used_register_is_sound(used: Register) -> None:
    assert used.check() == []
    assert used.verify_audit() == []


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE applicants SET name = '别的公司'", "申请人“1”的内容与校验码不符"),
        ("UPDATE edits SET after = '9亿元' WHERE seq = 1", "修改记录“1-1”的内容与校验码不符"),
        ("DELETE FROM edits WHERE seq = 2", "办件 PG-03-20260302-0001 的修改记录前后接不上"),
        ("DELETE FROM edits WHERE seq = 3", "修改记录按登记的校验和应有 3 条，现有 2 条"),
        ("UPDATE awards SET amount_fen = 1", "已享受支持“1”的内容与校验码不符"),
        ("UPDATE documents SET sha256 = 'x'", "文书“PG-03-20260302-0001-01”的内容与校验码不符"),
        ("UPDATE paper_files SET data = x'00'", "文书“PG-03-20260302-0001-02”的文件与登记的校验值不符"),
        ("UPDATE cases SET judged_on = '2020-01-01'", "办件“1”的内容与校验码不符"),
        ("UPDATE known_facts SET text = '1'", "已知信息“1”的内容与校验码不符"),
    ],
)
def test_each_changed_row_is_named(used: Register, statement: str, sentence: str) -> None:
    tamper(used, statement)
    assert any(sentence in fault for fault in used.check()), used.check()


def test_a_paper_comes_back_byte_for_byte_or_not_at_all(used: Register) -> None:
    assert used.paper_file("PG-03-20260302-0001-02") == b"%PDF-1.7 sample"
    assert used.paper_file("PG-03-20260302-0001-01") is None  # issued without its file
    tamper(used, "UPDATE paper_files SET data = x'00'")
    with pytest.raises(errors.RegisterDamaged, match="PG-03-20260302-0001-02"):
        used.paper_file("PG-03-20260302-0001-02")


def test_a_file_that_is_not_the_recorded_one_is_refused(used: Register) -> None:
    before = used.documents(1)
    with pytest.raises(errors.InvalidEntry, match="对不上"):
        used.record_document(1, "告知书", "c.pdf", "0" * 64, "[]", b"other")
    assert used.documents(1) == before


FREE = ("DROP TRIGGER audit_is_not_rewritten", "DROP TRIGGER audit_is_not_shortened")


def test_the_trail_can_not_be_changed_in_passing(used: Register) -> None:
    for statement in ("UPDATE audit SET clerk_no = '02'", "DELETE FROM audit"):
        with pytest.raises(sqlcipher.IntegrityError, match="append-only"):
            tamper(used, statement)
    assert used.verify_audit() == []


def test_a_tampered_trail_names_its_rows(used: Register) -> None:
    last = used.audit_rows()[0].id
    tamper(used, *FREE, "UPDATE audit SET clerk_no = '02' WHERE id = 2")
    assert used.verify_audit() == [2]
    assert "审计记录第 2 条被改动，请保留现场并报告管理员。" in used.check()
    tamper(used, "UPDATE audit SET clerk_no = '01' WHERE id = 2")
    assert used.verify_audit() == []
    tamper(used, "DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)")
    assert used.verify_audit() == [last], "cut off at the end"
    used.record_event("打印", "再次")
    assert last in used.verify_audit(), "the next row does not heal it"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE awards SET seal = 'x'",
        "UPDATE awards SET seal = 5, amount_fen = 'x'",
        "UPDATE paper_files SET data = 'x'",
        "UPDATE audit SET hash = 'x' WHERE id = 2",
        "UPDATE trail_end SET number = 'x'",
        "UPDATE trail_end SET told = 'x'",
        "UPDATE tallies SET total = 'x'",
        "UPDATE tallies SET total = total || '1'",
        "UPDATE tallies SET count = 'x', seal = 5",
    ],
)
def test_what_has_another_type_now_is_found_not_stumbled_over(used: Register, statement: str) -> None:
    tamper(used, *FREE, statement)
    assert used.check()


def test_a_row_cut_out_of_the_middle_shows(used: Register) -> None:
    tamper(used, *FREE, "DELETE FROM audit WHERE id = 3")
    assert 3 in used.verify_audit()


def test_no_row_can_be_chained_anew_without_the_key(used: Register) -> None:
    other = database.Database(used.folder / "x.db", b"\0" * 32, new=True)
    ((*row, state, digest),) = used._db.rows(
        "SELECT id, at, clerk_no, event, subject, detail, previous, state, hash FROM audit WHERE id = 1"
    )
    assert used._db.digest([*row, state]) == digest
    assert other.digest([*row, state]) != digest
    other.close()


def test_a_flipped_bit_in_the_file_is_found(used: Register, folder: Path, clock: Clock) -> None:
    used.close()
    path = folder / "register.db"
    content = bytearray(path.read_bytes())
    content[-2000] ^= 4
    path.write_bytes(content)
    try:
        again = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    except errors.RegisterDamaged:
        return
    faults = again.check()
    again.close()
    assert faults
    assert "从最近的备份恢复" in faults[0]


def test_a_backup_is_a_register_of_its_own(used: Register, tmp_path: Path, clock: Clock) -> None:
    place = used.backup(tmp_path / "U盘")
    assert place.name == "登记库备份-20260302-093000"
    assert sorted(path.name for path in place.iterdir()) == ["register.db", "register.keys", "备份说明.json"]
    assert "示例公司".encode() not in (place / "register.db").read_bytes()
    case = used.recent()[0]
    used.set_answer(case.id, "投资额", "备份之后")
    restored = Register.open(place, clerk_no="01", password=PASSWORD, now=clock)
    assert restored.answers(case.id) == {"投资额": "700万元", "备注": "无"}
    assert [a.name for a in restored.search("slgs")] == ["示例公司"]
    assert restored.check() == []
    restored.set_answer(case.id, "投资额", "接着办")
    restored.close()
    with pytest.raises(errors.BackupFailed, match="已经存在"):
        used.backup(tmp_path / "U盘")
    assert used.audit_rows()[0].event == "备份"


def test_a_backup_of_a_tampered_register_does_not_count(used: Register, tmp_path: Path) -> None:
    tamper(used, "UPDATE awards SET amount_fen = 1")
    with pytest.raises(errors.BackupFailed, match="未通过核验"):
        used.backup(tmp_path / "U盘")
    assert list((tmp_path / "U盘").iterdir()) == []


def test_a_backup_to_where_nothing_can_be_written(used: Register, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("这不是文件夹")
    with pytest.raises(errors.RegisterError, match="写"):
        used.backup(tmp_path / "文件")


def test_what_the_promise_rests_on_is_switched_on(used: Register) -> None:
    asked = {name: used._db.row(f"PRAGMA {name}") for name in ("journal_mode", "synchronous", "foreign_keys")}
    assert asked == {"journal_mode": ("wal",), "synchronous": (2,), "foreign_keys": (1,)}
    assert used._db.row("PRAGMA secure_delete") == (1,)
    assert used._db.row("PRAGMA cipher_version") is not None
