"""A register's folder that was copied to a second machine and is used on both: it is told, no number is given twice, both come together."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pinggu_desk.register import Register, errors, events, machine
from pinggu_desk.register.house import is_carried
from pinggu_desk.register.restoring import establish
from pinggu_desk.work.bundles import make_bundles, take_file, write_receiving_key

from .conftest import PASSWORD, Clock
from .townships import CODE, OTHER_CODE, everything, paper, visit

CLERK = "Kollege-Sample-7"


class Machines:
    """Which machine the test sits at, and where each keeps what is outside of the register's folder."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
        self._patch, self._root = monkeypatch, root

    def sit_at(self, name: str) -> None:
        self._patch.setattr(machine, "name", lambda: (name * 16)[:16])
        self._patch.setenv("PINGGU_DESK_HOME", str(self._root / name))


@pytest.fixture
def machines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Machines:
    made = Machines(monkeypatch, tmp_path)
    made.sit_at("a")
    return made


@pytest.fixture
def first(machines: Machines, tmp_path: Path, clock: Clock) -> Path:
    """The folder on the first machine, with a day's work in it."""
    del machines
    folder = tmp_path / "甲机"
    made, _ = Register.create(folder, clerk_no="01", clerk_name="示例甲", password=PASSWORD, window="03", now=clock)
    made.add_clerk("02", "示例乙", CLERK)
    visit(made)
    made.close()
    clock.forward(hours=1)
    return folder


def opened(folder: Path, clock: Clock, no: str = "01") -> Register:
    return Register.open(folder, clerk_no=no, password=PASSWORD if no == "01" else CLERK, now=clock)


def carried(first: Path, tmp_path: Path, machines: Machines, to: str = "b") -> Path:
    folder = tmp_path / f"{to}机"
    shutil.copytree(first, folder)
    machines.sit_at(to)
    return folder


def told(register: Register) -> list[str]:
    return [row.event for row in register.audit_rows()]


def test_a_folder_that_stays_where_it_is_says_nothing(first: Path, clock: Clock) -> None:
    for _ in range(3):
        register = opened(first, clock)
        assert register.elsewhere_words == "" and register.warnings == ()
        register.close()
    register = opened(first, clock)
    assert told(register).count(events.ON_MACHINE) == 1
    register.close()


def test_whoever_comes_in_on_another_machine_is_told_until_it_is_agreed_to(
    first: Path, machines: Machines, tmp_path: Path, clock: Clock
) -> None:
    there = carried(first, tmp_path, machines)
    clerk = opened(there, clock, "02")
    assert clerk.elsewhere_words == (
        "这份登记库是从另一台电脑拷来的，2026-03-02 09:30 还在那一台上（工号01）。"
        "同一份登记库只能在一台电脑上接着办：两边各办各的，彼此查不到。请告诉负责人。"
    )
    with pytest.raises(errors.NotAllowed):
        clerk.agree_to_machine()
    clerk.close()
    head = opened(there, clock)
    assert "导出数据包、在这里并入" in head.elsewhere_words and "认可" in head.elsewhere_words
    assert head.warnings == (), "nothing was altered: it is no alarm"
    head.agree_to_machine()
    assert head.elsewhere_words == ""
    head.close()
    clerk = opened(there, clock, "02")
    assert clerk.elsewhere_words == "" and clerk.verify().sound
    clerk.close()


def test_one_folder_that_goes_to_and_fro_is_told_once(
    first: Path, machines: Machines, tmp_path: Path, clock: Clock
) -> None:
    """On a stick: back on the first machine it is told there as well, until it was agreed to."""
    opened(carried(first, tmp_path, machines), clock).close()
    shutil.rmtree(first)
    shutil.move(tmp_path / "b机", first)
    machines.sit_at("a")
    back = opened(first, clock)
    assert "2026-03-02 10:30 起在另一台电脑上用过（工号01）" in back.elsewhere_words
    back.agree_to_machine()
    back.close()
    for which in "bab":
        machines.sit_at(which)
        again = opened(first, clock)
        assert again.elsewhere_words == ""
        again.close()
    machines.sit_at("c")
    third = opened(first, clock)
    assert third.elsewhere_words != "", "a third one is another question"
    third.close()


@pytest.mark.parametrize("door", ["establish", "restore"])
def test_who_comes_by_the_office_s_own_door_is_not_asked(
    first: Path, machines: Machines, tmp_path: Path, clock: Clock, door: str
) -> None:
    register = opened(first, clock)
    place = register.backup(tmp_path / "备份")
    register.close()
    clock.forward(hours=1)
    machines.sit_at("b")
    folder = tmp_path / "b机"
    if door == "establish":
        establish(folder, place, clerk_no="01", password=PASSWORD, now=clock)
    else:
        shutil.copytree(first, folder)
        restoring = opened(folder, clock)
        restoring.agree_to_machine()
        restoring.restore(place)
    here = opened(folder, clock)
    assert here.elsewhere_words == "" and here.check() == []
    here.close()
    clock.forward(hours=1)
    again = opened(carried(folder, tmp_path, machines, "c"), clock)
    assert again.elsewhere_words != "", "from there it may be carried on like any other"
    again.close()


def test_two_copies_give_no_number_twice(first: Path, machines: Machines, tmp_path: Path, clock: Clock) -> None:
    there = carried(first, tmp_path, machines)
    numbers = []
    for which, folder in (("a", first), ("b", there)):
        machines.sit_at(which)
        register = opened(folder, clock)
        case = visit(register, "示例二厂", OTHER_CODE)
        printed = paper(register, 1, "又一份")
        numbers.append({case, register.case(case).number, printed, f"申请人{register.search('示例二厂')[0].id}"})
        assert register.check() == [] and register.verify().sound
        register.close()
    assert not numbers[0] & numbers[1]


def test_what_was_done_on_both_comes_together_by_a_bundle(
    first: Path, machines: Machines, tmp_path: Path, clock: Clock
) -> None:
    """The copy that stayed says what it did; where the folder went on, that is joined, under its own numbers."""
    there = carried(first, tmp_path, machines)
    new = opened(there, clock)
    visit(new, "示例三厂", "91110117MA2222222X")
    key = write_receiving_key(new, tmp_path)
    new.close()
    machines.sit_at("a")
    clock.forward(hours=1)
    old = opened(first, clock)
    old.set_answer(1, "投资额", "900万元")
    old.update_applicant(replace(old.search("示例公司")[0], contact="示例联系人"))
    visit(old, "示例二厂", OTHER_CODE)
    old.add_award(1, "ss", "ss.2.2", 200_00, date(2025, 6, 1), "后来的")
    paper(old, 1, "下午的一份")
    with pytest.raises(errors.InvalidEntry, match="拷过去的那一台"):
        old.join(old.export_since(old.register_id)[0], "")
    stick = tmp_path / "U盘"
    stick.mkdir()
    bundles = make_bundles(old, stick, key_file=key)
    before = {one[0].name: one for one in everything(old)}
    cases = {case.number: (case.id, case.clerk_no) for case in old.recent()}
    old.close()
    machines.sit_at("b")
    new = opened(there, clock)
    receipts = [take_file(new, bundle) for bundle in bundles]
    assert [one.conflicts for one in receipts] == [0] and "“另一台电脑上的本登记库”" in receipts[0].sentence
    after = {one[0].name: one for one in everything(new)}
    assert after.keys() == before.keys() | {"示例三厂"}
    assert all(after[name] == before[name] for name in before)
    assert {case.number: (case.id, case.clerk_no) for case in new.recent()}.items() >= cases.items()
    assert new.check() == [] and new.verify().sound
    new.agree_to_machine()
    assert "不能并回" not in take_file(new, bundles[0]).sentence, "a second time changes nothing"
    new.close()
    machines.sit_at("a")
    old = opened(first, clock)
    assert receipts[0].receipt is not None
    assert "已登记回执" in take_file(old, receipts[0].receipt).sentence
    old.close()


def test_both_changed_one_case_and_it_is_shown_side_by_side(
    first: Path, machines: Machines, tmp_path: Path, clock: Clock
) -> None:
    there = carried(first, tmp_path, machines)
    new = opened(there, clock)
    new.set_answer(1, "投资额", "700万元")
    receiver = new.register_id
    new.close()
    machines.sit_at("a")
    clock.forward(hours=1)
    old = opened(first, clock)
    old.set_answer(1, "投资额", "900万元")
    parcels = old.export_since(receiver)
    old.close()
    machines.sit_at("b")
    new = opened(there, clock)
    assert sum(new.join(parcel, "另一台").conflicts for parcel in parcels) == 1
    (waiting,) = new.conflicts()
    assert [(d.ours, d.theirs) for d in waiting.differences] == [("700万元", "900万元")]
    assert new.answers(1)["投资额"] == "700万元" and new.check() == []
    new.close()


def test_a_register_on_a_server_is_on_every_machine(shared: Register, machines: Machines, clock: Clock) -> None:
    machines.sit_at("b")
    other = Register.open(shared.folder, clerk_no="01", password=PASSWORD, now=clock)
    assert other.elsewhere_words == "" and not is_carried(other._db)
    other.close()


def test_practice_is_never_asked(machines: Machines, tmp_path: Path, clock: Clock) -> None:
    made, _ = Register.create(
        tmp_path / "演练", clerk_no="01", clerk_name="示例甲", password=PASSWORD, practice=True, now=clock
    )
    made.close()
    machines.sit_at("b")
    again = opened(tmp_path / "演练", clock)
    assert again.elsewhere_words == "" and again.search(CODE) == []
    again.close()
