"""A number that was given out never comes again: the trail, printed papers and other offices' registers go on naming it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest

from pinggu_desk.register import Register, events
from pinggu_desk.register.engines.prepare import prepare
from pinggu_desk.register.engines.restoration import establish_onto
from pinggu_desk.register.restoring import establish
from pinggu_desk.register.tables import applicants, awards, cases, known_facts

from .conftest import PASSWORD, Clock
from .postgres import Server as RealServer
from .postgres import lay_on, owner_of
from .townships import OTHER_CODE, paper, visit


@pytest.fixture(params=["sqlcipher", "postgresql"])
def office(request: pytest.FixtureRequest, folder: Path, clock: Clock) -> Iterator[Register]:
    """A register on each engine."""
    lay_on(request, folder)
    made, _ = Register.create(folder, clerk_no="01", clerk_name="示例甲", password=PASSWORD, window="03", now=clock)
    yield made
    made.close()


def test_ids_of_what_was_forgotten_do_not_come_again(office: Register, clock: Clock) -> None:
    """The last rows of every table are those that are past their term; on a server too they are truly removed."""
    clock.at = datetime(2014, 5, 6, 10)
    visit(office)
    before = {t.name: office._db.next_id(t) for t in (applicants, cases, awards, known_facts)}
    clock.at = datetime(2060, 3, 2, 9)
    office.forget(office.past_term(), agreed=clock.at.date())
    assert office.recent() == [] and office.search("示例") == []
    after = {t.name: office._db.next_id(t) for t in (applicants, cases, awards, known_facts)}
    assert after == before and min(after.values()) == 2
    firm = office.add_applicant("企业", "示例新公司")
    case = office.open_case("ss", "1", applicant_id=firm.id)
    assert (firm.id, case.id) == (2, 2)
    assert office.check() == []
    told = [row.subject for row in office.audit_rows() if row.at >= datetime(2060, 1, 1)]
    assert "申请人1" not in told, "what the trail says of the first applicant is nobody else's"
    clock.at = datetime(2100, 1, 2)
    office.forget(office.past_term(), agreed=clock.at.date())
    assert office.add_applicant("企业", "示例公司").id == 3 and office.check() == []


def test_numbers_of_what_a_restore_lost_do_not_come_again(
    register: Register, folder: Path, tmp_path: Path, clock: Clock
) -> None:
    """Its papers are in somebody's hands."""
    kept = visit(register)
    place = register.backup(tmp_path / "U盘")
    lost_paper = paper(register, kept, "恢复以后不在了")
    lost = visit(register, "示例另一公司", OTHER_CODE)
    lost_case, lost_award = register.case(lost), register.awards(2)[0].id
    register.restore(place)
    restored = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    assert restored.check() == [] and len(restored.recent()) == 1
    firm = restored.add_applicant("企业", "示例新公司")
    case = restored.open_case("tztc", "1", applicant_id=firm.id)
    award = restored.add_award(firm.id, "ss", "ss.2.1", 1, date(2026, 1, 1))
    assert firm.id == 3 and case.id == lost + 1 and award.id == lost_award + 1
    assert case.number > lost_case.number, "a number that stands on a paper is another case's"
    assert paper(restored, kept, "新的") > lost_paper
    assert restored.check() == [] and restored.verify().sound
    restored.close()


def test_a_forged_row_sets_no_numbers(register: Register, folder: Path, tmp_path: Path, clock: Clock) -> None:
    visit(register)
    place = register.backup(tmp_path / "U盘")
    with register._db.transaction():
        register._db.run("INSERT INTO awards SELECT 9000000000000000000, applicant_id, policy_id, benefit_id, amount_fen,"
                         " awarded_on, matter, source, removed_at, seal, version FROM awards")  # fmt: skip
        register._db.run("UPDATE counters SET last = 9000000000000000000")
    register.restore(place)
    restored = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    assert restored.add_award(1, "ss", "ss.2.1", 1, date(2026, 1, 1)).id == 2
    assert restored.open_case("ss", "1").number == "PG-03-20260302-0002"
    restored.close()


def handed_out(register: Register, kept: int) -> set[str]:
    """What people have in their hands after an afternoon: numbers of cases of two windows, and of papers of an old case and a new."""
    found = {paper(register, kept, f"下午的{n}") for n in range(3)}
    for policy in ("tztc", "ss"):
        case = register.open_case(policy, "1")
        found |= {case.number, paper(register, case.id, "新办件的")}
    return found


def windows(folder: Path, clock: Clock) -> Iterator[Register]:
    for no in ("01", "02"):
        at_work = Register.open(folder, clerk_no=no, password=PASSWORD, now=clock)
        yield at_work
        at_work.close()


@pytest.mark.parametrize("again", [1, 2])
def test_numbers_of_the_day_of_loss_do_not_come_again_after_a_backup_was_established(
    office: Register, tmp_path: Path, clock: Clock, request: pytest.FixtureRequest, again: int
) -> None:
    """Nobody can ask the register that is lost what it handed out since the backup, by any window, also twice over."""
    on_server = office._db.kind == "postgresql"
    kept, folder, found = visit(office), office.folder, set[str]()
    office.add_clerk("02", "示例乙", PASSWORD, "05")
    office.close()
    for turn in range(again):
        clock.forward(minutes=1)
        at_work = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
        place = at_work.backup(tmp_path / f"U盘{turn}")
        at_work.close()
        for window in windows(folder, clock):
            mine = handed_out(window, kept)
            assert not mine & found
            found |= mine
        if on_server:
            folder = tmp_path / f"另一台{turn}"
            folder.mkdir()
            server: RealServer = request.getfixturevalue("postgres_server")
            where = server.fresh()
            request.addfinalizer(partial(server.drop, where))
            establish_onto(folder, place, prepare(owner_of(where)), clerk_no="01", password=PASSWORD, now=clock)
        else:
            folder = establish(
                tmp_path / f"另一台{turn}" / "登记库", place, clerk_no="01", password=PASSWORD, now=clock
            )
    for window in windows(folder, clock):
        assert window.check() == [] and window.warnings == ()
        mine = handed_out(window, kept)
        assert not mine & found and len(mine) == 7
        found |= mine
    clock.forward(days=1)
    (number,) = {one.open_case("ss", "1").number for one in windows(folder, clock) if one.clerk.no == "02"}
    assert number.endswith("-05-20260303-0001"), "the next day's numbers are as they always were"


def test_numbers_do_not_come_again_where_an_older_file_was_put_back_by_hand(
    register: Register, folder: Path, tmp_path: Path, clock: Clock
) -> None:
    """The machine's own note tells that the trail went further: whoever goes on with the old file hands nothing out twice."""
    kept = visit(register)
    register.close()
    shutil.copytree(folder, tmp_path / "中午")
    register = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    found = handed_out(register, kept)
    register.close()
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "中午", folder)
    for accepts in (False, True):
        old = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
        assert old.warnings != ()
        mine = handed_out(old, kept)
        assert not mine & found
        found |= mine
        if accepts:
            old.accept_head()
            assert old.verify().sound
        old.close()
    again = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    told = [row.subject for row in again.audit_rows() if row.event == events.NUMBERS_PASSED]
    assert again.warnings == () and len(told) == 1, "once, however often it is opened"
    assert not found & handed_out(again, kept) and again.check() == []
    again.close()
