"""A township that was restored from a backup: its trail forks, the district sees both sides, agrees, and joining goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pinggu_desk.register import Register, errors, events
from pinggu_desk.register.bundles.forks import Fork, TrailForked
from pinggu_desk.register.restoring import establish

from .conftest import PASSWORD, Clock
from .townships import OTHER_CODE, hub, joined, paper, rows, town, visit

__all__ = ["hub", "town"]  # fixtures
OTHER = "Sample-2-abc"


def kept_entries(register: Register, sender: str) -> dict[str, list[int]]:
    """The entries of a sender's trail that are kept, by line."""
    found: dict[str, list[int]] = {}
    for line, number, *_ in sorted(rows(register)["foreign_trail"]):
        if line.startswith(sender):
            found.setdefault(line.removeprefix(sender), []).append(number)
    return found


@pytest.fixture
def restored(hub: Register, town: Register, tmp_path: Path, clock: Clock) -> Iterator[Register]:
    """A township that joined a day's work which it then lost: it was restored from the evening before."""
    first = visit(town)
    backup = town.backup(tmp_path / "U盘")
    clock.forward(hours=2)
    town.set_answer(first, "投资额", "900万元")
    town.update_applicant(replace(town.search("示例公司")[0], phone="后来的电话"))
    visit(town, "示例二厂", OTHER_CODE)
    paper(town, first, "丢失的一份")
    town.note_joined(joined(hub, town).receipt)
    clock.forward(hours=2)
    town.restore(backup)
    again = Register.open(town.folder, clerk_no="01", password=PASSWORD, now=clock)
    yield again
    again.close()


def fork_in(hub: Register, town: Register) -> Fork:
    """What the district is told when it joins the restored township's bundle; nothing has changed then."""
    before = rows(hub)
    (parcel,) = town.export_since(hub.register_id)
    with pytest.raises(TrailForked, match=r"从第 \d+ 条起与以前并入的对不上，没有并入.*由负责人") as refusal:
        hub.join(parcel, "示例镇")
    assert refusal.value.sentence.count("。") == 1 and rows(hub) == before
    assert hub.fork_of(parcel, "示例镇") == refusal.value.fork and rows(hub) == before
    return refusal.value.fork


def test_both_sides_are_shown_and_joining_goes_on_once_it_is_agreed_to(hub: Register, restored: Register) -> None:
    fork = fork_in(hub, restored)
    assert events.CASE_OPENED in [line.event for line in fork.kept] and fork.now[0].event == events.RESTORED
    assert fork.kept[0].id == fork.now[0].id == fork.number
    second = visit(restored, "示例三厂", "91110117MA2222222X")
    (parcel,) = restored.export_since(hub.register_id)
    with pytest.raises(TrailForked):
        hub.join(parcel, "示例镇", agreed=fork)  # what was agreed to was another bundle's
    seen = hub.fork_of(parcel, "示例镇")
    done = hub.join(parcel, "示例镇", agreed=seen)
    assert not done.again and restored.case(second).number in {case.number for case in hub.recent()}
    told = hub.audit_rows(10)
    assert f"自第 {fork.number} 条起" in next(row.detail for row in told if row.event == events.FORK_AGREED)
    lines = kept_entries(hub, restored.register_id)
    assert lines[""][-1] >= fork.number and lines["#2"][0] == fork.number, "both lines are kept as evidence"
    assert hub.check() == []
    before = rows(hub)
    assert hub.join(parcel, "示例镇", agreed=seen).again and hub.join(parcel, "示例镇").again
    assert rows(hub) == before, "a second time changes not one row"


def test_what_the_township_lost_stays_at_the_district_and_nothing_newer_is_written_over(
    hub: Register, restored: Register
) -> None:
    (first,) = restored.recent()
    lost = [case.number for case in hub.recent() if case.number != first.number]
    assert len(lost) == 1 and restored.numbered(lost[0]) is None
    restored.set_answer(first.id, "备注", "恢复以后写的")
    (parcel,) = restored.export_since(hub.register_id)
    done = hub.join(parcel, "示例镇", agreed=hub.fork_of(parcel, "示例镇"))
    here = hub.numbered(first.number)
    assert here is not None and hub.numbered(lost[0]) is not None
    assert hub.answers(here.id)["投资额"] == "900万元" and "备注" not in hub.answers(here.id)
    assert len(hub.documents(here.id)) == 2 and done.conflicts == 2
    by_kind = {one.kind: one for one in hub.conflicts()}
    assert [(d.called, d.ours, d.theirs) for d in by_kind["applicant"].differences] == [
        ("电话", "后来的电话", "示例电话")
    ]
    assert [(d.key, d.ours, d.theirs) for d in by_kind["case"].differences] == [
        ("备注", None, "恢复以后写的"), ("投资额", "900万元", "500万元"),
    ]  # fmt: skip
    hub.decide(by_kind["case"].id, {"备注"})
    hub.decide(by_kind["applicant"].id, set())
    assert hub.answers(here.id) == {"投资额": "900万元", "备注": "恢复以后写的"} and hub.check() == []


def test_the_next_bundles_go_on_without_asking_and_old_ones_that_come_late_are_known(
    hub: Register, town: Register, tmp_path: Path, clock: Clock
) -> None:
    """Any order still comes to the same end: a bundle of the line that was lost, joined after the fork, adds to that line."""
    visit(town)
    backup = town.backup(tmp_path / "U盘")
    visit(town, "示例二厂", OTHER_CODE)
    (early,) = town.export_since(hub.register_id)
    visit(town, "示例三厂", "91110117MA2222222X")
    (late,) = town.export_since(hub.register_id)
    hub.join(early, "示例镇")
    town.restore(backup)
    town = Register.open(town.folder, clerk_no="01", password=PASSWORD, now=clock)
    visit(town, "示例四厂", "91110117MA3333333X")
    (parcel,) = town.export_since(hub.register_id)
    hub.join(parcel, "示例镇", agreed=hub.fork_of(parcel, "示例镇"))
    assert hub.join(late, "示例镇").conflicts == 0
    names = {applicant.name for applicant in hub.search("示例", 20)}
    assert names == {"示例公司", "示例二厂", "示例三厂", "示例四厂"}
    visit(town, "示例五厂", "91110117MA4444444X")
    for parcel in town.export_since(hub.register_id):
        hub.join(parcel, "示例镇")
    assert "示例五厂" in {applicant.name for applicant in hub.search("示例", 20)}
    lines = kept_entries(hub, town.register_id)
    assert all(line == list(range(line[0], line[0] + len(line))) for line in lines.values()) and set(lines) == {
        "",
        "#2",
    }
    assert hub.check() == [] and hub.conflicts() == []
    town.close()


def test_a_second_fork_below_the_first_is_another_line(
    hub: Register, town: Register, tmp_path: Path, clock: Clock
) -> None:
    backup = town.backup(tmp_path / "U盘")
    for name, code in (
        ("示例公司", OTHER_CODE),
        ("示例二厂", "91110117MA2222222X"),
        ("示例三厂", "91110117MA3333333X"),
    ):
        visit(town, name, code)
        (parcel,) = town.export_since(hub.register_id)
        hub.join(parcel, "示例镇", agreed=hub.fork_of(parcel, "示例镇"))
        town.restore(backup)
        town = Register.open(town.folder, clerk_no="01", password=PASSWORD, now=clock)
    assert set(kept_entries(hub, town.register_id)) == {"", "#2", "#3"}
    assert len(hub.recent()) == 3 and hub.check() == []
    town.close()


def test_only_who_is_in_charge_agrees(hub: Register, restored: Register, clock: Clock) -> None:
    hub.add_clerk("02", "示例同事", OTHER)
    (parcel,) = restored.export_since(hub.register_id)
    clerk = Register.open(hub.folder, clerk_no="02", password=OTHER, now=clock)
    fork = clerk.fork_of(parcel, "示例镇")
    assert fork is not None, "he sees it"
    with pytest.raises(errors.NotAllowed, match="“认可对方审计记录分叉”由负责人办理"):
        clerk.join(parcel, "示例镇", agreed=fork)
    clerk.close()


def test_an_entry_that_was_forged_before_one_that_is_here_is_a_fork_too(hub: Register, town: Register) -> None:
    """Bundles come in any order: what fills a gap must fit what stands behind it."""
    visit(town)
    (whole,) = town.export_since(hub.register_id)
    cut = len(whole.trail) // 2
    hub.join(whole.model_copy(update={"trail": whole.trail[cut:]}), "示例镇")
    forged = whole.trail[cut - 1].model_copy(update={"hash": "0" * 64})
    with pytest.raises(TrailForked, match=f"从第 {forged.id} 条起"):
        hub.join(whole.model_copy(update={"number": 9, "trail": [*whole.trail[: cut - 1], forged]}), "示例镇")


def test_a_township_established_anew_from_a_backup_gives_no_number_twice(
    hub: Register, town: Register, tmp_path: Path, clock: Clock
) -> None:
    """Its machine is lost, and with it the knowledge of how far numbers went: the district knows rows by them."""
    visit(town)
    backup = town.backup(tmp_path / "U盘")
    visit(town, "示例二厂", OTHER_CODE)
    town.note_joined(joined(hub, town).receipt)
    there = tmp_path / "新机器" / "register"
    establish(there, backup, clerk_no="01", password=PASSWORD, now=clock)
    anew = Register.open(there, clerk_no="01", password=PASSWORD, now=clock)
    visit(anew, "示例三厂", "91110117MA2222222X")
    (parcel,) = anew.export_since(hub.register_id)
    done = hub.join(parcel, "示例镇", agreed=hub.fork_of(parcel, "示例镇"))
    assert done.conflicts == 0 and not done.again
    assert {applicant.name for applicant in hub.search("示例", 20)} == {"示例公司", "示例二厂", "示例三厂"}
    assert {a.name: len(hub.cases_of(a.id)) for a in hub.search("示例", 20)} == {
        "示例公司": 1,
        "示例二厂": 1,
        "示例三厂": 1,
    }
    assert hub.check() == [] and anew.check() == []
    anew.close()
