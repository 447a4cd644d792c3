"""What was given up does not come back with an older copy of what it stood in: passwords, the recovery code, a role (FOUND 63)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pinggu_desk.register import Register, errors, events, whereabouts
from pinggu_desk.register.keystore import FolderStore, KeyStore
from pinggu_desk.register.signing import PUBLIC_FILE
from pinggu_desk.register.store import Store

from .conftest import PASSWORD, Clock, on_each
from .tampering import by_tool, said

__all__ = ["on_each"]

FIRST, SECOND, THIRD = "Another-2025", "Neues-Wort-77x", "Drittes-Wort-8y"


def window(folder: Path, clock: Clock, no: str = "01", password: str = PASSWORD) -> Register:
    return Register.open(folder, clerk_no=no, password=password, now=clock)


def told(folder: Path, clock: Clock, no: str = "01", password: str = PASSWORD) -> tuple[str, ...]:
    """What somebody is told who comes in."""
    register = window(folder, clock, no, password)
    register.close()
    return register.warnings


def kept(folder: Path) -> KeyStore:
    return whereabouts.slots(folder) if whereabouts.on_server(folder) else FolderStore(folder)


def put_back(folder: Path, slots: bytes) -> None:
    with kept(folder).held() as held:
        held.replace(slots)


@pytest.fixture
def two(on_each: Register, folder: Path) -> bytes:
    """A register of two, closed; the key slots of before anybody changed anything."""
    on_each.add_clerk("02", "示例乙", FIRST, "04")
    on_each.close()
    return kept(folder).read()


def test_found_63_a_password_that_was_changed_does_not_come_back_with_an_older_key_file(
    two: bytes, folder: Path, clock: Clock
) -> None:
    mine = window(folder, clock, "02", FIRST)
    mine.change_password(FIRST, SECOND)
    mine.close()
    today = kept(folder).read()
    put_back(folder, two)
    with pytest.raises(errors.WrongPassword, match="已经改过，作废了：密钥文件是较早的一份"):
        window(folder, clock, "02", FIRST)
    head = window(folder, clock)
    assert ["工号“02”的口令已经改过" in sentence for sentence in head.warnings] == [True]
    assert any(fault.row == "02" and "较早的一份" in fault.what for fault in head.verify().faults)
    assert any(row.event == events.LOGIN_FAILED and row.clerk_no == "02" for row in head.audit_rows(20))
    head.close()
    put_back(folder, today)
    assert told(folder, clock, "02", SECOND) == ()


def test_found_63_what_was_given_up_stays_so_whatever_date_the_file_is_given(
    two: bytes, folder: Path, clock: Clock
) -> None:
    head = window(folder, clock)
    head.give_password("02", SECOND)
    head.close()
    content = json.loads(two)
    for slot in content["clerks"]:
        slot["changed_at"] = "2030-01-01T00:00:00"
    put_back(folder, json.dumps(content).encode())
    with pytest.raises(errors.WrongPassword, match="作废"):
        window(folder, clock, "02", FIRST)
    head = window(folder, clock)
    head.give_password("02", THIRD)  # what the sentence advises
    head.close()
    assert told(folder, clock, "02", THIRD) == ()


def test_found_63_a_recovery_code_that_was_used_does_not_come_back_with_an_older_key_file(
    tmp_path: Path, clock: Clock
) -> None:
    folder = tmp_path / "登记库"
    made, code = Register.create(folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD, now=clock)
    made.add_clerk("02", "示例乙", FIRST)
    made.close()
    before = kept(folder).read()
    used = Register.reset_password(folder, clerk_no="02", recovery_code=code, password=SECOND, now=clock)
    fresh = used.fresh_code
    used.close()
    put_back(folder, before)
    with pytest.raises(errors.WrongRecoveryCode, match="作废"):
        Register.reset_password(folder, clerk_no="02", recovery_code=code, password=THIRD, now=clock)
    assert kept(folder).read() == before and told(folder, clock), "nobody got another password by it"
    with pytest.raises(errors.WrongPassword):
        window(folder, clock, "02", THIRD)
    with pytest.raises(errors.WrongRecoveryCode):
        Register.reset_password(folder, clerk_no="02", recovery_code=fresh, password=THIRD, now=clock)
    head = window(folder, clock)
    assert any("恢复码" in sentence for sentence in head.warnings)
    newest = head.new_recovery_code()
    head.close()
    Register.reset_password(folder, clerk_no="02", recovery_code=newest, password=THIRD, now=clock).close()


def test_nobody_is_shut_out_for_good_where_only_an_older_key_file_is_left(
    two: bytes, folder: Path, clock: Clock
) -> None:
    """The disk took the newest: whoever is in charge comes in by what the older one holds, and is told."""
    head = window(folder, clock)
    head.change_password(PASSWORD, SECOND)
    head.new_recovery_code()
    head.close()
    put_back(folder, two)
    again = window(folder, clock)
    assert len(again.warnings) == 2
    again.close()


def test_a_backup_that_takes_the_place_makes_no_old_password_good(
    register: Register, folder: Path, tmp_path: Path, clock: Clock
) -> None:
    register.add_clerk("02", "示例乙", FIRST)
    place, older = register.backup(tmp_path / "备份"), kept(folder).read()
    register.give_password("02", SECOND)
    clock.forward(minutes=1)
    register.restore(place)
    assert told(folder, clock, "02", SECOND) == ()
    put_back(folder, older)
    with pytest.raises(errors.WrongPassword, match="作废"):
        window(folder, clock, "02", FIRST)


def test_with_a_backup_of_before_a_removal_its_own_passwords_hold(
    register: Register, folder: Path, tmp_path: Path, clock: Clock
) -> None:
    register.add_clerk("02", "示例乙", FIRST)
    register.add_clerk("03", "示例丙", FIRST)
    place = register.backup(tmp_path / "备份")
    register.give_password("02", SECOND)
    register.remove_clerk("03")
    clock.forward(minutes=1)
    register.restore(place, PASSWORD)
    assert told(folder, clock, "02", FIRST) == ()


def thief(folder: Path, key: bytes) -> Store:
    return (
        whereabouts.server_rows(folder, key) if whereabouts.on_server(folder) else whereabouts.opened(folder, key, None)
    )


def earlier_roster(db: Store, row: tuple[Any, ...]) -> None:
    with db.transaction():
        db.run(said(db, "UPDATE meta SET value = ?, seal = ? WHERE name = 'clerks'"), *row)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("how", ["taken out", "put back"])
def test_a_role_that_was_taken_away_does_not_come_back_with_an_earlier_roster(
    folder: Path, clock: Clock, how: str
) -> None:
    """Its seal is genuine; whoever made the register would be in charge again where there is none."""
    head = window(folder, clock)
    key = bytes(bytearray(head._key))
    earlier = head._db.row("SELECT value, seal FROM meta WHERE name = 'clerks'")
    head.set_role("02", "负责人")
    head.close()
    other = window(folder, clock, "02", FIRST)
    other.set_role("01", "经办人")
    other.close()
    hand = thief(folder, key)
    assert earlier is not None
    if how == "taken out":
        by_tool(hand, "DELETE FROM meta WHERE name = 'clerks'")
    else:
        earlier_roster(hand, earlier)
    hand.close()
    for no, password in (("01", PASSWORD), ("02", FIRST)):
        with pytest.raises(errors.RegisterDamaged, match="人员名册被改动"):
            window(folder, clock, no, password)


def test_another_key_in_the_place_of_the_office_s_own_is_told(register: Register, folder: Path, clock: Clock) -> None:
    """By it the command line would have called forged letters genuine."""
    register.close()
    for spoil, told in (
        (lambda: (folder / PUBLIC_FILE).unlink(), False),
        (lambda: (folder / PUBLIC_FILE).write_text("别的"), True),
    ):
        spoil()
        again = window(folder, clock)
        assert bool(again.warnings) == told
        assert any(row.event == events.KEY_LAID_AGAIN for row in again.audit_rows(9)) == told
        again.close()


@pytest.mark.parametrize("words", [
    "UPDATE counters SET last = last + 1 WHERE scope = '口令 02'", "DELETE FROM counters WHERE scope = '口令 02'",
])  # fmt: skip
def test_a_mark_that_was_altered_is_named_and_not_made_anew_by_the_next_login(
    two: bytes, folder: Path, clock: Clock, words: str
) -> None:
    assert two
    mine = window(folder, clock)
    by_tool(mine._db, words)
    mine.close()
    again = window(folder, clock)
    fault = again.verify().faults[0]
    assert (fault.table, fault.row) == ("counters", "口令 02"), fault
    again.close()
