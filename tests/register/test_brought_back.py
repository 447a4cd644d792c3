"""What a register lost since its backup, another office has: it is asked for again, and nothing newer is written over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from pinggu_desk.commands.cli import cli
from pinggu_desk.register import Register, events
from pinggu_desk.register.restoring import establish

from .conftest import PASSWORD, Clock
from .townships import OTHER_CODE, PHRASE, everything, hub, joined, paper, rows, town, visit

__all__ = ["hub", "town"]  # fixtures
THIRD_CODE, FOURTH_CODE = "91110117MA2222222X", "91110117MA3333333X"


def again(register: Register, folder: Path, clock: Clock) -> Register:
    register.close()
    return Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)


def lost_from(register: Register, backup: Path, how: str, clock: Clock, tmp_path: Path) -> Register:
    """The register with what it was at the backup: on the same machine, or on another since this one is gone."""
    folder = register.folder
    if how == "restored":
        register.restore(backup)
    else:
        folder = establish(tmp_path / "新机器" / "登记库", backup, clerk_no="01", password=PASSWORD, now=clock)
    return again(register, folder, clock)


def carried(sender: Register, receiver: Register, office: str) -> int:
    """All that one has for the other is carried there, twice over; how many conflicts it left."""
    conflicts = 0
    for parcel in sender.export_since(receiver.register_id):
        done = receiver.join(parcel, office, agreed=receiver.fork_of(parcel, office))
        conflicts += done.conflicts
        before = rows(receiver)
        assert receiver.join(parcel, office).again and rows(receiver) == before, "a second time changes not one row"
        sender.note_joined(done.receipt)
    return conflicts


@pytest.fixture(params=["restored", "established"])
def how(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def afternoon(hub: Register, town: Register, tmp_path: Path, clock: Clock) -> Path:
    """A backup at noon, after both sides had all of each other; then the town works on, and the district has it."""
    first = visit(town)
    visit(hub, "示例区里的", FOURTH_CODE)
    carried(town, hub, "示例镇")
    carried(hub, town, "示例区")
    backup = town.backup(tmp_path / "U盘")
    clock.forward(hours=2)
    town.set_answer(first, "投资额", "900万元")
    town.set_answer(first, "备注", "下午的")
    town.update_applicant(replace(town.search("示例公司")[0], phone="后来的电话"))
    town.add_award(1, "ss", "ss.2.2", 200_00, date(2025, 6, 1), title="示例往年项目", document="示例文号")
    visit(town, "示例二厂", OTHER_CODE)
    paper(town, first, "下午的一份")
    town.close_case(first)
    carried(town, hub, "示例镇")
    clock.forward(hours=2)
    return backup


def test_a_township_gets_back_what_it_lost(
    hub: Register, town: Register, afternoon: Path, how: str, clock: Clock, tmp_path: Path
) -> None:
    before, cases = everything(town), {(case.id, case.number, case.clerk_no) for case in town.recent()}
    town = lost_from(town, afternoon, how, clock, tmp_path)
    assert everything(town) != before
    assert carried(town, hub, "示例镇") in (0, 1), "its telephone of noon is held against that of the afternoon"
    assert carried(hub, town, "示例区") <= 1
    for waiting in town.conflicts():
        assert [(d.called, d.ours, d.theirs) for d in waiting.differences] == [("电话", "示例电话", "后来的电话")]
        town.decide(waiting.id, {"phone"})
    assert everything(town) == before
    assert {(case.id, case.number, case.clerk_no) for case in town.recent()} == cases, "as they were, with their clerk"
    assert town.check() == [] and town.verify().sound and hub.check() == []
    new = town.open_case("ss", "1")
    assert new.id not in {number for number, *_ in cases} and new.number not in {number for _, number, _ in cases}
    for waiting in hub.conflicts():
        hub.decide(waiting.id, set())
    carried(town, hub, "示例镇")
    assert everything(hub) == everything(town) and hub.conflicts() == town.conflicts() == []
    town.close()


def test_what_was_worked_on_since_stands_beside_what_comes_back(
    hub: Register, town: Register, afternoon: Path, how: str, clock: Clock, tmp_path: Path
) -> None:
    """The clerk went on before the bundle came: the same applicant was registered anew, the same case answered otherwise."""
    town = lost_from(town, afternoon, how, clock, tmp_path)
    first = town.search("示例公司")[0]
    (case,) = town.cases_of(first.id)
    town.set_answer(case.id, "投资额", "850万元")
    visit(town, "示例二厂", OTHER_CODE)
    hub.send_again(town.register_id, date(2026, 3, 2))
    carried(hub, town, "示例区")
    (second,) = town.search("示例二厂")
    assert len(town.cases_of(second.id)) == 2, "the one that came back, and the one since: one applicant"
    assert len({c.number for c in town.cases_of(second.id)}) == 2
    assert len(town.awards(second.id)) == 1, "the same award is not had twice"
    assert town.answers(case.id)["投资额"] == "850万元"
    (waiting,) = (one for one in town.conflicts() if one.kind == "case")
    told = {d.called: (d.ours, d.theirs) for d in waiting.differences}
    assert told["投资额"] == ("850万元", "900万元") and told["办件状态"] == ("办理中", "已出具")
    town.decide(waiting.id, {"备注"})
    assert town.answers(case.id) == {"投资额": "850万元", "备注": "下午的"}
    assert town.check() == []
    carried(town, hub, "示例镇")
    assert hub.check() == [] and len(hub.search("示例二厂")) == 1
    town.close()


def test_what_came_back_and_was_forgotten_then_does_not_come_once_more(
    hub: Register, town: Register, afternoon: Path, how: str, clock: Clock, tmp_path: Path
) -> None:
    town = lost_from(town, afternoon, how, clock, tmp_path)
    hub.send_again(town.register_id, date(2026, 3, 2))
    carried(hub, town, "示例区")
    clock.at = datetime(2090, 1, 2, 9)
    town.forget(town.past_term(), agreed=clock.at.date())
    assert town.search("示例二厂") == []
    hub.send_again(town.register_id, date(2026, 3, 2))
    for parcel in hub.export_since(town.register_id):
        own = parcel.model_copy(
            update={
                "cases": [case for case in parcel.cases if case.ref.origin == town.register_id],
                "applicants": [who for who in parcel.applicants if who.ref.origin == town.register_id],
            }
        )
        town.join(own, "示例区")
    assert town.search("示例二厂") == [] and town.search("示例公司") == [] and town.recent() == []
    assert town.check() == []
    town.close()


def test_a_district_that_was_restored_is_sent_again_what_it_had_confirmed(
    hub: Register, town: Register, how: str, clock: Clock, tmp_path: Path
) -> None:
    first = visit(town)
    carried(town, hub, "示例镇")
    backup = hub.backup(tmp_path / "U盘")
    clock.forward(hours=1)
    town.update_applicant(replace(town.search("示例公司")[0], phone="后来的电话"))
    town.set_answer(first, "投资额", "900万元")
    visit(town, "示例二厂", OTHER_CODE)
    late = [hub.join(parcel, "示例镇").receipt for parcel in town.export_since(hub.register_id)]
    for receipt in late:
        town.note_joined(receipt)
    before = everything(hub)
    hub = lost_from(hub, backup, how, clock, tmp_path)
    assert all(not parcel.cases for parcel in town.export_since(hub.register_id)), "it had confirmed everything"
    assert town.send_again(hub.register_id, date(2026, 3, 3)) == 0, "nothing was confirmed since tomorrow"
    assert town.send_again(hub.register_id, date(2026, 3, 2)) == 2
    for receipt in late:
        town.note_joined(receipt)  # comes late, of the bundle that is lost
    assert carried(town, hub, "示例镇") == 0
    assert everything(hub) == before == everything(town) and hub.check() == []
    told = [row for row in town.audit_rows() if row.event == events.BUNDLES_AGAIN]
    assert len(told) == 1 and told[0].detail.endswith("2026-03-02起确认过的2个")
    hub.close()


def test_whose_trail_forks_is_sent_again_by_itself_and_what_he_has_of_before_overwrites_nothing(
    hub: Register, town: Register, how: str, clock: Clock, tmp_path: Path
) -> None:
    """The district doesn't say that it lost something: its trail does. Its older telephone number doesn't take ours away."""
    visit(town)
    carried(town, hub, "示例镇")
    carried(hub, town, "示例区")
    backup = hub.backup(tmp_path / "U盘")
    clock.forward(hours=1)
    town.update_applicant(replace(town.search("示例公司")[0], phone="后来的电话"))
    visit(town, "示例二厂", OTHER_CODE)
    carried(town, hub, "示例镇")
    carried(hub, town, "示例区")
    before = everything(town)
    hub = lost_from(hub, backup, how, clock, tmp_path)
    visit(hub, "示例区里的", FOURTH_CODE)
    (parcel,) = hub.export_since(town.register_id)
    town.join(parcel, "示例区", agreed=town.fork_of(parcel, "示例区"))
    assert town.search("示例公司")[0].phone == "后来的电话"
    for waiting in town.conflicts():
        town.decide(waiting.id, set())
    carried(town, hub, "示例镇")
    for waiting in hub.conflicts():
        hub.decide(waiting.id, {"phone"})
    assert everything(hub) == everything(town) and len(everything(town)) == len(before) + 1
    assert hub.check() == [] and town.check() == []
    hub.close()


def test_a_bundle_is_asked_for_again_on_the_command_line(hub: Register, town: Register, tmp_path: Path) -> None:
    visit(town)
    town.note_joined(joined(hub, town).receipt)
    town.close()
    words = ["register", "bundle", str(tmp_path), "--to", "示例区", "--data", str(town.folder), "--clerk", "01"]
    typed = f"{PASSWORD}\n{PHRASE}\n"
    nothing = CliRunner().invoke(cli, words, input=typed)
    assert nothing.exit_code == 0 and "没有导出" in nothing.output
    wrong = CliRunner().invoke(cli, [*words, "--again-since", "昨天"], input=typed)
    assert "再发一次：" in str(wrong.exception) and "看不懂" in str(wrong.exception)
    done = CliRunner().invoke(cli, [*words, "--again-since", "2026-03-01"], input=typed)
    assert done.exit_code == 0 and ".pgdata" in done.output, (done.output, done.exception)
    told = CliRunner().invoke(cli, [*words, "--again-since", "2099-01-01"], input=typed)
    assert "在今天以后，没有导出" in str(told.exception), told.output
