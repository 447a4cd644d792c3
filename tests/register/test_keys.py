# ruff: noqa: S106  the passwords here open nothing but what these tests make
"""Who gets in: passwords, the lock-out, the recovery code, and what lies open on the disk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pinggu_desk.register import Register, errors, passwords
from pinggu_desk.register.keys import NOBODY

from .conftest import PASSWORD, Clock


def reopen(folder: Path, clock: Clock, password: str = PASSWORD, no: str = "01") -> Register:
    return Register.open(folder, clerk_no=no, password=password, now=clock)


def test_nothing_of_an_applicant_lies_open_on_the_disk(register: Register, folder: Path) -> None:
    register.add_applicant("个人", "示例申请人甲", code="110117199001010011", phone="13800000000")
    case = register.open_case("tztc", "2024.02-1")
    register.set_answer(case.id, "研发投入", "捌佰万元整")
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert len(files["register.db-wal"]) > 4096, "the log is where the last edits are"
    for secret in ("示例申请人甲", "110117199001010011", "13800000000", "捌佰万元整", "applicants"):
        for encoding in ("utf-8", "utf-16-le", "gb18030"):
            for name, content in files.items():
                assert secret.encode(encoding) not in content, f"{secret} in {name}"
    assert PASSWORD.encode() not in files["register.keys"]


def test_wrong_password_is_refused_in_a_sentence(register: Register, folder: Path, clock: Clock) -> None:
    register.close()
    with pytest.raises(errors.WrongPassword) as refusal:
        reopen(folder, clock, "Sample-2025")
    assert refusal.value.sentence == "工号“01”的口令不对，还可再试 4 次；忘记口令请用恢复码重设。"
    with pytest.raises(errors.UnknownClerk, match="没有工号为“77”的经办人"):
        reopen(folder, clock, no="77")
    reopen(folder, clock).close()


def test_full_width_letters_of_an_input_method_are_the_same_password(
    register: Register, folder: Path, clock: Clock
) -> None:
    register.close()
    reopen(folder, clock, "Ｓａｍｐｌｅ－２０２４").close()


def test_failed_tries_are_on_the_trail_after_the_next_success(register: Register, folder: Path, clock: Clock) -> None:
    register.close()
    with pytest.raises(errors.WrongPassword):
        reopen(folder, clock, "Wrong-0000")
    clock.forward(hours=1)
    again = reopen(folder, clock)
    rows = {row.event: row for row in again.audit_rows()}
    assert (rows["登录失败"].at.hour, rows["登录失败"].subject) == (9, "工号01")
    assert rows["登录"].at.hour == 10
    again.close()
    third = reopen(folder, clock)
    assert sum(row.event == "登录失败" for row in third.audit_rows()) == 1, "told once"
    third.close()


def test_who_is_not_here_any_more_and_comes_is_on_the_trail(on_each: Register, folder: Path, clock: Clock) -> None:
    """A clerk who was removed tries his own password; nobody's number may be tried a thousand times to hide the others."""
    on_each.add_clerk("02", "示例同事", "Sample-2-abc")
    on_each.remove_clerk("02")
    for no in ("02", "99", "9 9", "x" * 21):
        with pytest.raises(errors.UnknownClerk):
            Register.open(folder, clerk_no=no, password="Sample-2-abc", now=clock)
    with pytest.raises(errors.UnknownClerk):
        Register.reset_password(folder, clerk_no="02", recovery_code="AAAA", password="New-pass-1", now=clock)
    for _ in range(200):
        with pytest.raises(errors.UnknownClerk):
            Register.open(folder, clerk_no="98", password="x", now=clock)
    with pytest.raises(errors.WrongPassword):
        reopen(folder, clock, "Wrong-0000")
    again = reopen(folder, clock)
    told = [(row.subject, row.detail) for row in again.audit_rows(300) if row.event == "登录失败"]
    came = [("工号02", NOBODY), ("工号99", NOBODY), ("工号02", NOBODY)]
    assert told == [("工号01", "口令错误"), *[("工号98", NOBODY)] * 97, *came] and again.check() == []
    again.close()


@pytest.mark.parametrize("weak", ["Ab1-xyz", "abcdefgh1", "ABCDEFGH", "12345678", "一二三四五六七八", ""])
def test_weak_passwords_are_refused(folder: Path, weak: str) -> None:
    with pytest.raises(errors.WeakPassword, match="至少要 8 位"):
        Register.create(folder, clerk_no="01", clerk_name="示例经办", password=weak)
    assert not Register.exists(folder)
    assert list(folder.iterdir()) == [], "a refusal leaves nothing behind"


def test_recovery_code_resets_a_forgotten_password_and_lifts_the_lock(folder: Path, clock: Clock) -> None:
    made, code = Register.create(folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD, now=clock)
    case = made.open_case("ss", "2024.02-1")
    made.set_answer(case.id, "上市板块", "北交所")
    made.close()
    for _ in range(5):
        with pytest.raises(errors.RegisterError):
            reopen(folder, clock, "Wrong-0000")
    with pytest.raises(errors.WrongRecoveryCode, match="六组"):
        Register.reset_password(folder, clerk_no="01", recovery_code="AAAA-" + code[5:], password="New-pass-1")
    typed = code.lower().replace("-", "　")
    again = Register.reset_password(folder, clerk_no="01", recovery_code=typed, password="New-pass-1", now=clock)
    assert again.answers(case.id) == {"上市板块": "北交所"}
    assert {"用恢复码重设口令", "登录失败"} <= {row.event for row in again.audit_rows()}
    fresh = again.new_recovery_code()
    again.close()
    with pytest.raises(errors.WrongPassword):
        reopen(folder, clock, PASSWORD)
    with pytest.raises(errors.WrongRecoveryCode):
        Register.reset_password(folder, clerk_no="01", recovery_code=code, password="New-pass-2", now=clock)
    Register.reset_password(folder, clerk_no="01", recovery_code=fresh, password="New-pass-2", now=clock).close()


def test_recovery_codes_have_no_look_alikes() -> None:
    codes = {passwords.new_recovery_code() for _ in range(50)}
    assert len(codes) == 50
    assert not set("".join(codes)) & set("0O1IL2Z5S8B") - set("258")
    assert all([len(group) for group in code.split("-")] == [4] * 6 for code in codes)


def test_passwords_cost_what_the_standard_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert passwords.COST == (3, 65536, 4), "RFC 9106, second recommended option"
    wrapped = passwords.wrap(b"k" * 32, "secret", b"slot 1")
    assert passwords.unwrap(wrapped, "secret", b"slot 1") == b"k" * 32
    assert passwords.unwrap(wrapped, "secret", b"slot 2") is None, "a slot can't be passed off as another's"
    assert passwords.unwrap(wrapped, "Secret", b"slot 1") is None


def test_colleagues_and_changed_passwords(register: Register, folder: Path, clock: Clock) -> None:
    clerk = register.add_clerk("02", "示例同事", "Sample-2-abc", window="05")
    with pytest.raises(errors.ClerkExists, match="换一个工号"):
        register.add_clerk("02", "示例同事", "Sample-2-abc")
    with pytest.raises(errors.InvalidEntry, match="窗口号“三号窗”"):
        register.add_clerk("03", "示例同事", "Sample-2-abc", window="三号窗")
    with pytest.raises(errors.WrongPassword):
        register.change_password("not-the-0ld", "Sample-3-abc")
    clock.forward(days=91)
    register.change_password(PASSWORD, "Sample-3-abc")
    assert register.password_set_at == clock.at
    register.verify_password("Sample-3-abc")
    register.close()
    assert Register.clerks_of(folder) == [("01", "示例经办"), ("02", "示例同事")]
    with reopen_both(folder, clock) as (first, second):
        assert (first.clerk.window, second.clerk) == ("03", clerk)
        assert {"新增经办人", "修改口令"} <= {row.event for row in first.audit_rows()}


class reopen_both:  # noqa: N801  reads as the function that it is
    def __init__(self, folder: Path, clock: Clock) -> None:
        self.open = (reopen(folder, clock, "Sample-3-abc"), reopen(folder, clock, "Sample-2-abc", "02"))

    def __enter__(self) -> tuple[Register, Register]:
        return self.open

    def __exit__(self, *_: object) -> None:
        for each in self.open:
            each.close()


def test_practice_is_for_life(folder: Path, clock: Clock) -> None:
    made, _ = Register.create(folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD, practice=True, now=clock)
    assert made.practice
    for attempt in ("UPDATE meta SET value = '0' WHERE name = 'practice'", "DELETE FROM meta WHERE name = 'practice'"):
        with pytest.raises(Exception, match="practice can not change"), made._db.transaction():
            made._db.run(attempt)
    made.close()
    again = reopen(folder, clock)
    assert again.practice
    again.close()


def test_missing_damaged_and_foreign_files_each_get_their_sentence(
    register: Register, folder: Path, clock: Clock, tmp_path: Path
) -> None:
    register.close()
    with pytest.raises(errors.RegisterExists, match="已有登记库"):
        Register.create(folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD)
    with pytest.raises(errors.RegisterMissing, match="没有登记库"):
        reopen(tmp_path / "空", clock)
    keys, db = folder / "register.keys", folder / "register.db"
    good_keys, good_db = keys.read_bytes(), db.read_bytes()

    db.write_bytes(good_db[:1000] + bytes([good_db[1000] ^ 1]) + good_db[1001:])
    with pytest.raises(errors.RegisterDamaged, match=r"register\.db”已损坏"):
        reopen(folder, clock)
    db.write_bytes(good_db[:5000])
    with pytest.raises(errors.RegisterDamaged):
        reopen(folder, clock)
    db.unlink()
    with pytest.raises(errors.RegisterDamaged, match="缺少登记库文件"):
        reopen(folder, clock)
    with pytest.raises(errors.RegisterExists):
        Register.create(folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD)
    db.write_bytes(good_db)

    shorter = json.loads(good_keys)
    del shorter["recovery"]
    for bad in (b"", good_keys[:-20], b"[]", b'{"format": 2}', json.dumps(shorter).encode(), b"\xff\xfe"):
        keys.write_bytes(bad)
        with pytest.raises(errors.RegisterDamaged, match="密钥文件"):
            reopen(folder, clock)
    keys.unlink()
    with pytest.raises(errors.RegisterDamaged, match="缺少密钥文件"):
        reopen(folder, clock)
    keys.write_bytes(good_keys)
    reopen(folder, clock).close()


def test_a_creation_cut_short_can_be_made_again(folder: Path, clock: Clock) -> None:
    made, _ = Register.create(folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD, now=clock)
    made.close()
    (folder / "register.db").rename(folder / "register.db.new")  # as if the power had failed before the last step
    assert not Register.exists(folder)
    with pytest.raises(errors.RegisterMissing):
        reopen(folder, clock)
    again, _ = Register.create(folder, clerk_no="09", clerk_name="示例经办", password=PASSWORD, now=clock)
    assert again.check() == []
    again.close()
    assert sorted(path.name for path in folder.iterdir()) == [
        "office.pub",
        "register.db",
        "register.keys",
        "register.lock",
    ]
