"""The server is away: what is typed is put aside in an encrypted file and joined once, in order, when it is back."""

from __future__ import annotations

from pathlib import Path

import pytest

from pinggu_desk.register import Register, errors, outbox

from .conftest import PASSWORD, Clock
from .postgres import Server


def work_on(shared: Register, postgres_server: Server, clock: Clock) -> int:
    """A case, and three edits of it that the server did not see."""
    case = shared.open_case("tztc", "1")
    shared.set_answer(case.id, "投资额", "1")
    postgres_server.kill()
    clock.forward(minutes=5)
    assert shared.set_answer(case.id, "投资额", "示例甲") == 0 and shared.set_answer(case.id, "投资额", "示例乙") == 0
    shared.set_material(case.id, "营业执照", "已收")
    shared.set_position(case.id, "申报数据", "投资额")
    assert shared.aside == 4
    return case.id


def test_work_goes_on_and_is_joined_when_the_server_is_back(
    shared: Register, postgres_server: Server, clock: Clock, folder: Path
) -> None:
    case_id = work_on(shared, postgres_server, clock)
    with pytest.raises(errors.ServerGone):
        shared.open_case("tztc", "1")
    data = b"".join(path.read_bytes() for path in folder.glob(f"{outbox.FILE_NAME}*"))
    assert data and "示例甲".encode() not in data and b"set_answer" not in data, "nothing in clear"
    postgres_server.start()
    clock.forward(minutes=5)
    assert shared.join_aside() == 4 and shared.aside == 0
    assert shared.answers(case_id) == {"投资额": "示例乙"} and shared.materials(case_id) == {"营业执照": "已收"}
    assert [(one.after, one.at.minute) for one in shared.history(case_id)] == [
        ("1", 30),
        ("示例甲", 35),
        ("示例乙", 35),
    ]
    assert shared.case(case_id).field == "投资额"
    assert shared.audit_rows()[0].event == "并入断线时的填报" and shared.check() == []
    assert shared.join_aside() == 0 and len(shared.history(case_id)) == 3


def test_a_restart_in_between_loses_nothing(
    shared: Register, postgres_server: Server, clock: Clock, folder: Path
) -> None:
    case_id = work_on(shared, postgres_server, clock)
    shared.close()
    with pytest.raises(errors.ServerGone, match="连不上登记库服务器"):
        Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    postgres_server.start()
    again = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    assert again.aside == 0 and again.answers(case_id) == {"投资额": "示例乙"}
    assert [one.clerk_no for one in again.history(case_id)] == ["01", "01", "01"] and again.check() == []
    again.close()


def test_what_was_taken_before_a_crash_is_not_taken_twice(
    shared: Register, postgres_server: Server, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server has the entry, and the file was not told: another window's edit since must stay."""
    case_id = work_on(shared, postgres_server, clock)
    postgres_server.start()
    with monkeypatch.context() as patched:
        patched.setattr(outbox.Outbox, "taken", lambda *_: None)
        assert shared.join_aside() == 4
    assert shared.aside == 4
    shared._joining_aside = True
    shared.set_answer(case_id, "投资额", "后来")
    shared._joining_aside = False
    assert shared.join_aside() == 0 and shared.aside == 0
    assert shared.answers(case_id) == {"投资额": "后来"}


def test_a_colleagues_answer_is_not_written_over_and_a_closed_case_takes_nothing(
    shared: Register, postgres_server: Server, clock: Clock, folder: Path
) -> None:
    shared.add_clerk("02", "示例乙", PASSWORD, "07")
    case_id = work_on(shared, postgres_server, clock)
    postgres_server.start()
    (folder / "别处").mkdir()
    (folder / "别处" / "register.server").write_bytes((folder / "register.server").read_bytes())
    other = Register.open(folder / "别处", clerk_no="02", password=PASSWORD, now=clock)
    other.set_answer(case_id, "投资额", "900万元")
    assert shared.join_aside() == 2, "material and position"
    assert shared.answers(case_id) == {"投资额": "900万元"}
    first, second = shared.aside_refused()
    assert (first.given["text"], second.given["text"]) == ("示例甲", "示例乙")
    assert "示例乙（工号 02，窗口 07）" in second.refused and "900万元" in second.refused
    other.close()


def test_what_a_clerk_put_aside_is_joined_by_what_the_roster_says_then(
    shared: Register, postgres_server: Server, clock: Clock, folder: Path
) -> None:
    """Removed while the server was away: what he typed since is kept, told, and not in the register."""
    shared.add_clerk("02", "示例乙", PASSWORD, "07")
    case = shared.open_case("tztc", "1")
    (folder / "别处").mkdir()
    (folder / "别处" / "register.server").write_bytes((folder / "register.server").read_bytes())
    other = Register.open(folder / "别处", clerk_no="02", password=PASSWORD, now=clock)
    postgres_server.kill()
    assert other.set_answer(case.id, "投资额", "900万元") == 0
    postgres_server.start()
    shared.remove_clerk("02")
    assert other.join_aside() == 0, "he joins nothing himself"
    assert other.aside == 1 and other.aside_refused() == []
    other.close()
    head = Register.open(folder / "别处", clerk_no="01", password=PASSWORD, now=clock)
    (kept,) = head.aside_refused()
    assert head.answers(case.id) == {} and "工号“02”已被移除" in kept.refused and kept.given["text"] == "900万元"
    head.close()


def test_an_undo_and_a_transaction_are_not_put_aside(shared: Register, postgres_server: Server, clock: Clock) -> None:
    case_id = work_on(shared, postgres_server, clock)
    with pytest.raises(errors.ServerGone):
        shared.undo(case_id)
    assert shared.aside == 4
    postgres_server.start()
    shared._away_until = 0.0
    assert shared.set_answer(case_id, "税收", "1") == 4, "what was put aside came first"
    assert shared.aside == 0
