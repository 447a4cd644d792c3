# ruff: noqa: S106  the passwords here open nothing but what these tests make
"""FOUND 63: a change of one clerk touches his slot alone; who left can open nothing, not even with an old key file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pinggu_desk.register import Register, errors, events, passwords, rekeying, roster
from pinggu_desk.register.database import Database
from pinggu_desk.register.files import write_whole
from pinggu_desk.register.keys import KeyFile
from pinggu_desk.register.keystore import FolderStore

from .conftest import PASSWORD, Clock

SECOND, THIRD = "Sample-2-abc", "Sample-3-abc"


@pytest.fixture
def office(register: Register) -> Register:
    register.add_clerk("02", "示例乙", SECOND, window="05")
    register.add_clerk("03", "示例丙", THIRD)
    return register


def come_in(folder: Path, password: str, no: str) -> Register:
    return Register.open(folder, clerk_no=no, password=password)


def slots(folder: Path) -> dict[str, Any]:
    content = json.loads((folder / "register.keys").read_bytes())
    return {**{slot["no"]: slot for slot in content["clerks"]}, "恢复码": content["recovery"]}


def in_first_format(folder: Path, key: bytes, secrets: dict[str, str]) -> None:
    """Write the key file as the program of the first format would have."""
    content = json.loads((folder / "register.keys").read_bytes())

    def bound(kind: str, *who: str) -> bytes:
        return json.dumps([1, content["register"], kind, *who], ensure_ascii=False).encode()

    clerks = [
        {
            "no": s["no"], "name": s["name"], "window": s["window"], "changed_at": s["changed_at"], "failed": 0,
            "locked_until": None,
            "wrapped": passwords.wrap(key[:32], secrets[s["no"]], bound("clerk", s["no"], s["name"], s["window"])),
        }
        for s in content["clerks"]
    ]  # fmt: skip
    first = {
        "format": 1, "register": content["register"], "clerks": clerks, "failures": [],
        "recovery": passwords.wrap(key[:32], secrets["恢复码"], bound("recovery")),
    }  # fmt: skip
    (folder / "register.keys").write_text(json.dumps(first, ensure_ascii=False), "utf-8")


_CHANGES: dict[str, Callable[[Register], object]] = {
    "add": lambda r: r.add_clerk("04", "示例丁", "Sample-4-abc"),
    "rename": lambda r: r.rename_clerk("02", "示例乙改", "05"),
    "move": lambda r: r.rename_clerk("02", "示例乙", "07"),
    "role": lambda r: r.set_role("02", "负责人"),
    "password": lambda r: r.give_password("02", "Sample-5-abc"),
    "code": lambda r: r.new_recovery_code(),
}


@pytest.mark.parametrize("change", _CHANGES)
def test_a_change_touches_his_slot_alone(office: Register, folder: Path, change: str) -> None:
    before = slots(folder)
    _CHANGES[change](office)
    after = slots(folder)
    touched = {name for name in after if json.dumps(before.get(name)) != json.dumps(after[name])}
    assert touched <= {{"add": "04", "code": "恢复码"}.get(change, "02")}
    assert {row.event for row in office.audit_rows(1)} <= {
        events.CLERK_ADDED, events.CLERK_CHANGED, events.CREDENTIAL_RESET, events.RECOVERY_RENEWED,
    }  # fmt: skip
    for password, no in ((PASSWORD, "01"), ("Sample-5-abc" if change == "password" else SECOND, "02"), (THIRD, "03")):
        come_in(folder, password, no).close()


def test_who_is_renamed_and_moved_comes_in_by_the_same_password(office: Register, folder: Path) -> None:
    office.rename_clerk("02", "示例乙改", "07")
    other = come_in(folder, SECOND, "02")
    assert (other.clerk.name, other.clerk.window) == ("示例乙改", "07")
    other.close()
    assert Register.clerks_of(folder)[1] == ("02", "示例乙改") and office.clerk_name("02") == "示例乙改"
    for name, window, what in (("", "07", "姓名没有填"), ("示例", "三号", "窗口号“三号”")):
        with pytest.raises(errors.InvalidEntry, match=what):
            office.rename_clerk("02", name, window)


def test_who_was_removed_can_open_nothing_and_the_others_come_in(folder: Path, clock: Clock) -> None:
    office, code = Register.create(folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD, now=clock)
    office.add_clerk("02", "示例乙", SECOND)
    office.add_clerk("03", "示例丙", THIRD)
    case = office.open_case("ss", "v")
    office.set_answer(case.id, "独立法人资格", "是")
    old_keys, old_key = (folder / "register.keys").read_bytes(), bytes(bytearray(office._key))
    backup = office.backup(folder.parent / "备份")
    assert office.remove_clerk("03") == "", "the recovery code goes on"
    with pytest.raises(errors.UnknownClerk):
        come_in(folder, THIRD, "03")
    assert office.answers(case.id) == {"独立法人资格": "是"}, "whoever removed him works on"
    office.set_answer(case.id, "独立法人资格", "否")
    assert office.check() == [] and office.verify_audit() == []
    assert [one.no for one in office.colleagues()] == ["01", "02"] and office.clerk_name("03") == "示例丙"
    with pytest.raises(errors.InvalidEntry, match="用过"):
        office.add_clerk("03", "示例戊", THIRD)
    office.close()

    new_keys = (folder / "register.keys").read_bytes()
    (folder / "register.keys").write_bytes(old_keys)
    with pytest.raises(errors.RegisterDamaged):
        come_in(folder, THIRD, "03")
    with pytest.raises(errors.RegisterDamaged):
        Database(folder / "register.db", old_key)
    (folder / "register.keys").write_bytes(new_keys)
    other = come_in(folder, SECOND, "02")
    assert other.answers(case.id) == {"独立法人资格": "否"} and other.check() == []
    other.close()
    Register.reset_password(folder, clerk_no="02", recovery_code=code, password="New-pass-1").close()
    old = come_in(backup, THIRD, "03")  # an older backup goes on being opened by what opened it
    old.close()


def test_who_may_not_be_removed(office: Register) -> None:
    with pytest.raises(errors.InvalidEntry, match="自己"):
        office.remove_clerk("01")
    with pytest.raises(errors.UnknownClerk):
        office.remove_clerk("99")


def test_a_window_that_has_the_old_key_is_told_to_log_in_again_and_not_that_all_is_damaged(
    office: Register, folder: Path
) -> None:
    other = come_in(folder, SECOND, "02")
    case = other.open_case("ss", "v")
    office.remove_clerk("03")
    with pytest.raises(errors.KeyRenewed, match="换了密钥"):
        other.set_answer(case.id, "独立法人资格", "是")
    other.close()
    again = come_in(folder, SECOND, "02")
    again.set_answer(case.id, "独立法人资格", "是")
    assert again.check() == []
    again.close()


def test_removing_waits_for_nobody_who_writes_and_then_changes_nothing(
    office: Register, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pinggu_desk.register import database

    monkeypatch.setattr(database, "_WAIT_MS", 50)
    other = come_in(folder, SECOND, "02")
    before = slots(folder)
    with other._db.transaction(), pytest.raises(errors.RegisterBusy, match="占用"):
        office.remove_clerk("03")
    assert slots(folder) == before
    other.close()
    come_in(folder, THIRD, "03").close()
    office.remove_clerk("03")
    assert office.check() == []


def test_of_a_first_format_each_slot_changes_when_its_owner_comes(folder: Path, clock: Clock) -> None:
    office, code = Register.create(folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD, now=clock)
    office.add_clerk("02", "示例乙", SECOND)
    office.add_clerk("03", "示例丙", THIRD)
    in_first_format(folder, office._key, {"01": PASSWORD, "02": SECOND, "03": THIRD, "恢复码": code})
    office.close()
    office = come_in(folder, PASSWORD, "01")
    assert [("lock" in slot, "wrapped" in slot) for slot in slots(folder).values()] == [
        (True, False), (False, True), (False, True), (False, True),
    ]  # fmt: skip
    with pytest.raises(errors.InvalidEntry, match="示例乙（02）的口令记录是旧版本的"):
        office.remove_clerk("03")
    with pytest.raises(errors.InvalidEntry, match="先登录一次"):
        office.rename_clerk("02", "示例乙改", "")
    come_in(folder, SECOND, "02").close()
    fresh = office.remove_clerk("03")
    assert len(fresh) == 29, "the old code can't be given a new key: there is a new one"
    office.close()
    with pytest.raises(errors.WrongRecoveryCode):
        Register.reset_password(folder, clerk_no="02", recovery_code=code, password="New-pass-1")
    Register.reset_password(folder, clerk_no="02", recovery_code=fresh, password="New-pass-1").close()


def test_a_recovery_code_of_the_first_format_works_once(folder: Path, clock: Clock) -> None:
    office, code = Register.create(folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD, now=clock)
    in_first_format(folder, office._key, {"01": PASSWORD, "恢复码": code})
    office.close()
    again = Register.reset_password(folder, clerk_no="01", recovery_code=code, password="New-pass-1")
    assert again.fresh_code and again.fresh_code != code
    fresh = again.fresh_code
    again.close()
    with pytest.raises(errors.WrongRecoveryCode, match="用过的作废"):
        Register.reset_password(folder, clerk_no="01", recovery_code=code, password="New-pass-2")
    Register.reset_password(folder, clerk_no="01", recovery_code=fresh, password="New-pass-2").close()


@pytest.mark.parametrize("what", ["name", "window", "no", "public", "swapped", "sealed"])
def test_a_slot_that_was_edited_opens_nothing_and_is_given_no_new_key(
    office: Register, folder: Path, what: str
) -> None:
    keys = folder / "register.keys"
    content = json.loads(keys.read_bytes())
    first, second, third = content["clerks"]
    if what == "swapped":
        second["lock"], third["lock"] = third["lock"], second["lock"]
    elif what in ("public", "sealed"):
        second["lock"][what] = third["lock"][what]
    else:
        second[what] = "99"
    keys.write_bytes(json.dumps(content).encode())
    for no, password in (("02", SECOND), ("99", SECOND)):
        with pytest.raises((errors.RegisterDamaged, errors.WrongPassword, errors.UnknownClerk)):
            come_in(folder, password, no)
    if what != "sealed":  # what is sealed is made anew; whom it is sealed to must be the one whom the program knew
        with pytest.raises(errors.RegisterDamaged, match="改动或损坏"):
            office.remove_clerk("03" if what != "swapped" else "02")
    assert first["no"] == "01"


@pytest.mark.parametrize(
    ("part", "bad"),
    [
        ("cost", [3, 65536]), ("cost", [3, 1 << 40, 4]), ("cost", "x"), ("cost", [0, 8, 1]), ("cost", [1, 8, 1.5]),
        ("salt", "00"), ("salt", "zz"), ("salt", None), ("nonce", ""), ("nonce", "00" * 500), ("key", "00"),
    ],
)  # fmt: skip
def test_found_62_damage_in_one_slot_is_a_sentence_and_shuts_out_nobody_else(
    office: Register, folder: Path, part: str, bad: object
) -> None:
    keys = folder / "register.keys"
    content = json.loads(keys.read_bytes())
    content["clerks"][1]["lock"]["private"][part] = bad
    content["recovery"]["lock"]["private"][part] = bad
    keys.write_bytes(json.dumps(content).encode())
    with pytest.raises(errors.RegisterDamaged, match="工号“02”的记录被改动或损坏"):
        come_in(folder, SECOND, "02")
    with pytest.raises(errors.RegisterDamaged, match="恢复码的记录"):
        Register.reset_password(folder, clerk_no="01", recovery_code="A" * 24, password="New-pass-1")
    come_in(folder, THIRD, "03").close()
    office.give_password("02", "New-pass-2")
    come_in(folder, "New-pass-2", "02").close()


@pytest.mark.parametrize(
    ("part", "bad"),
    [("failed", "x"), ("failed", -1), ("failed", 1e999), ("wait", float("nan")), ("clock", 3), ("at", None)],
)
def test_found_62_a_damaged_counter_is_a_sentence(office: Register, folder: Path, part: str, bad: object) -> None:
    assert office.clerk.no
    with pytest.raises(errors.WrongPassword):
        come_in(folder, "Wrong-0000", "02")
    keys = folder / "register.keys"
    content = json.loads(keys.read_bytes())
    content["tries"]["02"][part] = bad
    keys.write_bytes(json.dumps(content).encode())
    with pytest.raises(errors.RegisterDamaged, match="密钥文件"):
        come_in(folder, SECOND, "02")


def test_how_long_it_takes_is_told_by_the_size_and_how_far_it_is_by_the_log(tmp_path: Path) -> None:
    file = tmp_path / "register.db"
    with file.open("wb") as opened:
        opened.truncate(200 << 20)
    assert rekeying.seconds_for(file) == pytest.approx(10)
    assert rekeying.share_done(file) == 0.0
    with (tmp_path / "register.db-wal").open("wb") as opened:
        opened.truncate(100 << 20)
    assert rekeying.share_done(file) == pytest.approx(0.5)


_KILLED = """
    import os, sys
    from pathlib import Path
    from pinggu_desk.register import Register, passwords, keystore, database, roster
    passwords.COST = (1, 8, 1)
    left = int(sys.argv[2])

    def counting(function):
        def counted(*args, **more):
            global left
            left -= 1
            if left == 0 and sys.argv[3] == "before":
                os._exit(9)
            made = function(*args, **more)
            if left == 0:
                os._exit(9)
            return made
        return counted

    register = Register.open(Path(sys.argv[1]), clerk_no="01", password=sys.argv[4])
    keystore.write_whole = counting(keystore.write_whole)
    database.Database.rekey = counting(database.Database.rekey)
    roster.write = counting(roster.write)
    register.remove_clerk("03")
    print("done", flush=True)
"""


class Killed(BaseException):
    """Nothing after it is done."""


def stopped_here(folder: Path, step: int, when: str) -> bool:
    """Remove somebody, and stop before or after so many steps; whether it came to its end."""
    left = step

    def counting(function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **more: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0 and when == "before":
                raise Killed
            made = function(*args, **more)
            if left == 0:
                raise Killed
            return made

        return counted

    register = come_in(folder, PASSWORD, "01")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pinggu_desk.register.keystore.write_whole", counting(write_whole))
        patch.setattr(Database, "rekey", counting(Database.rekey))
        patch.setattr(roster, "write", counting(roster.write))
        try:
            register.remove_clerk("03")
        except Killed:
            return False
        finally:
            register.close()
    return True


def killed_there(folder: Path, step: int, when: str) -> bool:
    """The same in a process of its own that is gone at that step."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(_KILLED), str(folder), str(step), when, PASSWORD],
        capture_output=True, text=True, env=os.environ, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 9), done.stderr
    return "done" in done.stdout


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("stop", [stopped_here, pytest.param(killed_there, marks=pytest.mark.exhaustive)])
def test_killed_anywhere_while_the_key_is_renewed_the_register_opens_and_is_whole(
    folder: Path, clock: Clock, stop: Callable[[Path, int, str], bool], when: str
) -> None:
    office, code = Register.create(folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD, now=clock)
    office.add_clerk("02", "示例乙", SECOND)
    office.add_clerk("03", "示例丙", THIRD)
    case = office.open_case("ss", "v")
    office.set_answer(case.id, "独立法人资格", "是")
    office.close()
    image = {path.name: path.read_bytes() for path in folder.iterdir()}
    for step in range(1, 12):
        for path in folder.iterdir():
            path.unlink()
        for name, data in image.items():
            (folder / name).write_bytes(data)
        ended = stop(folder, step, when)
        other = come_in(folder, SECOND, "02")
        assert other.answers(case.id) == {"独立法人资格": "是"} and other.check() == []
        assert KeyFile(FolderStore(folder), clock).leaving() == "", "whoever comes in next ends it"
        other.close()
        gone = [no for no, _ in Register.clerks_of(folder)] == ["01", "02"]
        if gone:
            with pytest.raises(errors.UnknownClerk):
                come_in(folder, THIRD, "03")
            now = (folder / "register.keys").read_bytes()
            (folder / "register.keys").write_bytes(image["register.keys"])
            with pytest.raises(errors.RegisterDamaged):
                come_in(folder, THIRD, "03")
            (folder / "register.keys").write_bytes(now)
        else:
            come_in(folder, THIRD, "03").close()
        Register.reset_password(folder, clerk_no="01", recovery_code=code, password="New-pass-1").close()
        if ended:
            break
    else:
        pytest.fail("it never came to its end")
    assert gone and step > 4


def test_keys_leave_memory_with_the_register(register: Register) -> None:
    key, seal, file = register._key, register._db._seal_key, register._db._file_key  # type: ignore[attr-defined]
    assert any(key) and any(seal) and any(file)
    register.close()
    assert not any(key) and not any(seal) and not any(file)
