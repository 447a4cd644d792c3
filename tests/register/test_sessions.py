"""Issue 12: on a server, too, what was altered between two sessions is told by the next; who was cut off raises no alarm."""

from __future__ import annotations

from pathlib import Path

import pytest

from pinggu_desk.register import Register, whereabouts
from pinggu_desk.register.engines.postgresql import ServerDatabase
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import materials

from .conftest import PASSWORD, Clock
from .tampering import by_tool, sealed_anew, summed_anew


def window(folder: Path, clock: Clock, no: str = "01") -> Register:
    return Register.open(folder, clerk_no=no, password=PASSWORD, now=clock)


@pytest.fixture
def night(shared: Register, folder: Path, clock: Clock) -> bytes:
    """Two days are over, everybody has left; the register's key."""
    key = bytes(bytearray(shared._key))
    shared.add_clerk("02", "示例乙", PASSWORD, "04")
    shared.set_material(shared.open_case("ss", "1").id, "营业执照", "已收")
    shared.close()
    window(folder, clock).close()
    return key


def alter(folder: Path, key: bytes) -> None:
    """A material by somebody who has the key, and makes seal and sum anew."""
    thief: Store = whereabouts.server_rows(folder, key)
    by_tool(thief, "UPDATE materials SET state = '未收'")
    sealed_anew(thief, materials, "1 = 1")
    summed_anew(thief, "materials")
    thief.close()


def test_what_was_altered_while_nobody_was_there_is_told_at_the_next_login(
    night: bytes, folder: Path, clock: Clock
) -> None:
    alter(folder, night)
    again = window(folder, clock)
    assert len(again.warnings) == 1 and "材料与退出时登记的校验和不符" in again.warnings[0]
    assert "材料" in again.verify().faults[0].what, "and goes on being told until it is cleared up"
    again.close()


def test_windows_beside_each_other_and_those_that_are_cut_off_raise_no_alarm(
    night: bytes, folder: Path, clock: Clock
) -> None:
    first, second = window(folder, clock), window(folder, clock, "02")
    case = first.open_case("ss", "1")
    second.close()
    first.set_material(case.id, "营业执照", "已收")  # no entry tells of it
    beside = window(folder, clock, "02")
    assert beside.warnings == ()
    first.set_material(case.id, "营业执照", "缺")
    beside.close()
    first.set_material(case.id, "营业执照", "待补")
    first._at_work = False  # the power goes
    first.close()
    for _ in range(2):
        after = window(folder, clock)
        assert after.warnings == () and after.verify().faults == ()
        after.close()
    alter(folder, night)
    last = window(folder, clock)
    assert last.warnings != (), "one that was cut off counts no more once somebody began alone"
    last.close()


@pytest.mark.usefixtures("night")
def test_a_window_whose_connection_was_lost_is_seen_again(folder: Path, clock: Clock) -> None:
    here = window(folder, clock)
    assert isinstance(here._db, ServerDatabase)
    here._db._drop()
    here.set_material(1, "营业执照", "缺")
    beside = window(folder, clock, "02")
    assert not beside._began_alone and beside.warnings == ()
    beside.close()
    here.close()
