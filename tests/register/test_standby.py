"""The server is away when a clerk comes in: he works in a register of this machine's own, which is joined when it is back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pinggu_desk.policy.corrections import Correction
from pinggu_desk.register import Register, errors
from pinggu_desk.register.standby import DAYS, clerks, home_of, homes

from .conftest import PASSWORD, Clock
from .postgres import Server

OTHER = "Sample-2-abc"


def away(folder: Path, clock: Clock, no: str = "02", password: str = OTHER) -> Register:
    """Come in without the server."""
    return Register.open(home_of(folder, no), clerk_no=no, password=password, now=clock)


def come_in(folder: Path, clock: Clock, no: str = "02", password: str = OTHER) -> Register:
    return Register.open(folder, clerk_no=no, password=password, now=clock)


@pytest.fixture
def known(shared: Register, folder: Path, clock: Clock) -> Register:
    """The office's register, and a second clerk who has come in on this machine before."""
    shared.add_clerk("02", "示例同事", OTHER, "07")
    come_in(folder, clock).close()
    return shared


def a_visit(register: Register) -> str:
    """A case with an answer that was changed; its number."""
    firm = register.add_applicant("企业", "示例断线公司", code="91110117MA0000000X")
    case = register.open_case("tztc", "1", applicant_id=firm.id)
    register.set_answer(case.id, "投资额", "500万元")
    register.set_answer(case.id, "投资额", "600万元")
    register.set_material(case.id, "营业执照", "已收")
    return case.number


def test_a_clerk_who_came_in_before_works_without_the_server_and_is_joined_once_when_it_is_back(
    known: Register, postgres_server: Server, folder: Path, clock: Clock
) -> None:
    elsewhere = known.open_case("ss", "1").number
    known.close()
    postgres_server.kill()
    try:
        with pytest.raises(errors.ServerGone):
            come_in(folder, clock)
        assert clerks(folder) == (("01", "示例经办"), ("02", "示例同事"))
        with pytest.raises(errors.WrongPassword):
            away(folder, clock, password=PASSWORD)
        clock.forward(hours=1)
        local = away(folder, clock)
        assert "断线办理（到 3月9日 09:30 止）" in local.standby_words and local.clerk.role == "经办人"
        assert local.numbered(elsewhere) is None and local.search("示例") == []
        number = a_visit(local)
        assert "-07L" in number, "a number that the server gives nobody"
        case = local.numbered(number)
        assert case is not None
        with pytest.raises(errors.NotAllowed, match="断线办理时不出具文书"):
            local.next_serial(case.id)
        with pytest.raises(errors.NotAllowed):
            local.add_clerk("03", "示例新人", OTHER)
        local.close()
        data = b"".join(path.read_bytes() for path in home_of(folder, "02").rglob("*") if path.is_file())
        assert "示例断线公司".encode() not in data and b"91110117" not in data
    finally:
        postgres_server.start()
    again = come_in(folder, clock, "01", PASSWORD)  # whoever comes first joins it, in the other's name
    assert again.taken_over == 1 and again.standby_waiting == ()
    joined = again.numbered(number)
    assert joined is not None and joined.clerk_no == "02" and again.answers(joined.id) == {"投资额": "600万元"}
    assert [(one.clerk_no, one.after, one.at.hour) for one in again.history(joined.id)] == [
        ("02", "500万元", 10), ("02", "600万元", 10),
    ]  # fmt: skip
    assert again.materials(joined.id) == {"营业执照": "已收"} and len(again.search("示例断线")) == 1
    assert again.check() == [] and homes(folder) == [home_of(folder, "01")]
    again.close()
    last = come_in(folder, clock)
    assert last.taken_over == 0 and len(last.search("示例断线")) == 1 and home_of(folder, "02") in homes(folder)
    last.close()


def test_a_removed_clerk_gains_nothing_by_it(
    known: Register, postgres_server: Server, folder: Path, clock: Clock
) -> None:
    postgres_server.kill()
    local = away(folder, clock)
    number = a_visit(local)
    local.close()
    postgres_server.start()
    known._away_until = 0.0
    known.remove_clerk("02")  # from another machine: this one has not heard of it
    away(folder, clock).close()
    clock.forward(days=DAYS, minutes=1)
    with pytest.raises(errors.NotAllowed, match="断线办理只到 2026-03-09"):
        away(folder, clock)
    clock.forward(days=-DAYS - 2)
    with pytest.raises(errors.NotAllowed, match="比上次使用时"):
        away(folder, clock)
    clock.forward(days=2, hours=1)
    head = come_in(folder, clock, "01", PASSWORD)
    (waiting,) = head.standby_waiting
    assert (
        (waiting.clerk_no, waiting.cases) == ("02", 1) and "已被移除" in waiting.why and head.numbered(number) is None
    )
    with pytest.raises(errors.NotAllowed, match="断线办理只到"):  # this machine has heard of it now
        away(folder, clock)
    assert head.take_standby("02") == 1 and head.standby_waiting == ()
    found = head.numbered(number)
    assert found is not None and found.clerk_no == "02" and head.check() == []
    head.close()
    assert homes(folder) == [home_of(folder, "01")]


def test_a_new_password_and_what_the_office_entered_are_taken_along(
    known: Register, folder: Path, clock: Clock
) -> None:
    reading = Correction("电话", "pgq", "010-69961234", date(2026, 1, 1), "示例单位", "示例文件", None, "")
    known.add_parameter("LPR", "3.1%", date(2026, 1, 1), "示例公告")
    known.add_correction(reading)
    clock.forward(days=3)
    there = come_in(folder, clock)
    local = away(folder, clock)
    assert [one.value for one in local.parameters()] == ["3.1%"]
    assert [one.correction.value for one in local.corrections()] == [reading.value] and local.check() == []
    assert "到 3月12日" in local.standby_words
    local.close()
    there.change_password(OTHER, "Sample-3-abc")
    with pytest.raises(errors.WrongPassword):
        away(folder, clock)
    away(folder, clock, password="Sample-3-abc").close()  # noqa: S106
    there.close()


def test_an_auditor_has_none_and_another_window_in_it_is_left_alone(
    known: Register, folder: Path, clock: Clock
) -> None:
    known.add_clerk("09", "示例审计", OTHER, role="审计员")
    come_in(folder, clock, "09").close()
    assert not home_of(folder, "09").exists()
    local = away(folder, clock)
    number = a_visit(local)
    there = come_in(folder, clock, "01", PASSWORD)
    assert there.taken_over == 0 and there.numbered(number) is None and len(there.standby_waiting) == 1
    case = local.numbered(number)
    assert case is not None and local.set_answer(case.id, "投资额", "700万元") == 3, "who is at work in it goes on"
    local.close()
    there.close()
    there = come_in(folder, clock, "01", PASSWORD)
    joined = there.numbered(number)
    assert joined is not None and there.answers(joined.id) == {"投资额": "700万元"}
    there.close()
