# ruff: noqa: S106  the passwords here open nothing but what these tests make
"""FOUND 63: after five wrong tries somebody waits, and nothing that he can do to a file or to a clock lets him in earlier."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pinggu_desk.register import Register, errors, machine, tries
from pinggu_desk.register.entrance import register_id

from .conftest import PASSWORD, Boot, Clock

WRONG = "Wrong-0000"


def come_in(folder: Path, clock: Clock, password: str = PASSWORD, no: str = "01") -> None:
    Register.open(folder, clerk_no=no, password=password, now=clock).close()


def fail(folder: Path, clock: Clock, times: int = 5, no: str = "01") -> None:
    for _ in range(times):
        with pytest.raises(errors.RegisterError):
            come_in(folder, clock, WRONG, no)


def second_place(folder: Path) -> Path:
    return tries.SecondPlace(register_id(folder)).path


def test_five_wrong_tries_lock_for_fifteen_minutes_across_restarts(
    register: Register, folder: Path, clock: Clock, boot: Boot
) -> None:
    register.add_clerk("02", "示例同事", "Sample-2-abc")
    register.close()
    fail(folder, clock, 4)
    with pytest.raises(errors.ClerkLocked, match="连续 5 次输错，已锁定至 09:45，还要等 15 分钟"):
        come_in(folder, clock, WRONG)
    with pytest.raises(errors.ClerkLocked):
        come_in(folder, clock)  # the right one, too early
    come_in(folder, clock, "Sample-2-abc", "02")
    boot.forward(minutes=14, seconds=59)
    with pytest.raises(errors.ClerkLocked, match="还要等 1 分钟"):
        come_in(folder, clock)
    boot.forward(seconds=1)
    come_in(folder, clock)
    with pytest.raises(errors.WrongPassword, match="还可再试 4 次"):
        come_in(folder, clock, WRONG)


def test_whoever_goes_on_waits_longer_each_time_up_to_an_hour(
    register: Register, folder: Path, clock: Clock, boot: Boot
) -> None:
    register.close()
    for minutes in (15, 30, 60, 60):
        fail(folder, clock)
        boot.forward(minutes=minutes - 1)
        with pytest.raises(errors.ClerkLocked):
            come_in(folder, clock)
        boot.forward(minutes=1)
    come_in(folder, clock)
    fail(folder, clock)
    boot.forward(minutes=15)
    come_in(folder, clock)


@pytest.mark.parametrize("hours", [0.27, 24 * 3650, -1, -24 * 3650])
def test_the_clock_on_the_wall_moves_nothing(
    register: Register, folder: Path, clock: Clock, boot: Boot, hours: float
) -> None:
    register.close()
    fail(folder, clock)
    clock.forward(hours=hours)
    with pytest.raises(errors.ClerkLocked, match="还要等 15 分钟"):
        come_in(folder, clock)
    boot.forward(minutes=15)
    come_in(folder, clock)


def test_a_machine_started_anew_begins_the_wait_anew_and_it_ends(
    register: Register, folder: Path, clock: Clock, boot: Boot
) -> None:
    register.close()
    fail(folder, clock)
    boot.again()
    with pytest.raises(errors.ClerkLocked, match="还要等 15 分钟"):
        come_in(folder, clock)
    boot.forward(minutes=15)
    come_in(folder, clock)


def test_another_machine_begins_the_wait_anew(
    register: Register, folder: Path, clock: Clock, boot: Boot, monkeypatch: pytest.MonkeyPatch
) -> None:
    register.close()
    fail(folder, clock)
    monkeypatch.setattr(machine, "name", lambda: "another")
    boot.forward(days=30)
    with pytest.raises(errors.ClerkLocked, match="还要等 15 分钟"):
        come_in(folder, clock)
    boot.forward(minutes=15)
    come_in(folder, clock)


def cleared(folder: Path, _before: bytes) -> None:
    keys = folder / "register.keys"
    content = json.loads(keys.read_bytes())
    content["tries"], content["failures"] = {}, []
    keys.write_bytes(json.dumps(content).encode())


def put_back(folder: Path, before: bytes) -> None:
    (folder / "register.keys").write_bytes(before)


def without_a_place(folder: Path, _before: bytes) -> None:
    second_place(folder).unlink()


def both(folder: Path, before: bytes) -> None:
    put_back(folder, before)
    shutil.rmtree(second_place(folder).parent)


def spoilt(folder: Path, before: bytes) -> None:
    put_back(folder, before)
    second_place(folder).write_bytes(b"{}")


@pytest.mark.parametrize("how", [cleared, put_back, without_a_place, both, spoilt])
def test_no_file_that_is_cleared_deleted_or_put_back_lets_anybody_in(
    register: Register, folder: Path, clock: Clock, boot: Boot, how: Callable[[Path, bytes], None]
) -> None:
    register.close()
    come_in(folder, clock)
    before = (folder / "register.keys").read_bytes()
    fail(folder, clock)
    how(folder, before)
    with pytest.raises(errors.ClerkLocked, match=r"记录缺失|连续 5 次"):
        come_in(folder, clock)
    boot.forward(hours=1)
    again = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    failed = [row for row in again.audit_rows() if row.event == "登录失败"]
    assert failed, "what was cleared is on the trail all the same"
    again.close()


def test_without_its_own_record_the_key_file_says_it_is_damaged(register: Register, folder: Path, clock: Clock) -> None:
    register.close()
    come_in(folder, clock)
    keys = folder / "register.keys"
    good = json.loads(keys.read_bytes())
    for part in ("tries", "places", "failures", "epoch"):
        keys.write_bytes(json.dumps({name: value for name, value in good.items() if name != part}).encode())
        with pytest.raises(errors.RegisterDamaged, match="密钥文件"):
            come_in(folder, clock)


def test_a_user_who_can_keep_nothing_outside_is_still_held_by_the_key_file(
    register: Register, folder: Path, clock: Clock, boot: Boot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "not a folder").write_text("")
    monkeypatch.setenv("PINGGU_DESK_HOME", str(tmp_path / "not a folder" / "home"))
    register.close()
    come_in(folder, clock)
    fail(folder, clock)
    with pytest.raises(errors.ClerkLocked):
        come_in(folder, clock)
    boot.forward(minutes=15)
    come_in(folder, clock)


def test_a_copy_of_the_register_elsewhere_is_no_second_chance(
    register: Register, folder: Path, clock: Clock, boot: Boot, tmp_path: Path
) -> None:
    assert boot.seconds
    register.close()
    come_in(folder, clock)
    shutil.copytree(folder, tmp_path / "复制")
    fail(folder, clock)
    with pytest.raises(errors.ClerkLocked):
        come_in(tmp_path / "复制", clock)


def test_the_recovery_code_has_its_own_wait_and_locks_no_clerk_out(folder: Path, clock: Clock, boot: Boot) -> None:
    made, code = Register.create(folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD, now=clock)
    made.close()
    wrong = ("AAAA" if code[:4] != "AAAA" else "CCCC") + code[4:]

    def recover(typed: str) -> Register:
        return Register.reset_password(
            folder,
            clerk_no="01",
            recovery_code=typed,
            password="New-pass-1",
            now=clock,
        )

    for left in (4, 3, 2, 1):
        with pytest.raises(errors.WrongRecoveryCode, match=f"还可再试 {left} 次"):
            recover(wrong)
    with pytest.raises(errors.ClerkLocked, match=r"恢复码连续 5 次输错.*负责人"):
        recover(wrong)
    with pytest.raises(errors.ClerkLocked):
        recover(code)
    come_in(folder, clock)
    boot.forward(minutes=15)
    recover(code).close()
    come_in(folder, clock, "New-pass-1")
