"""What was forgotten stays forgotten: another office that has it still, changes it and sends it again, brings none of it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from pinggu_desk.register import Register, events
from pinggu_desk.register.tables import awards, cases, foreign_ids, known_facts, metadata
from pinggu_desk.work.bundles import make_bundles, take_file, write_receiving_key

from .conftest import PASSWORD, Clock
from .postgres import lay_on
from .townships import CODE, OTHER_CODE, office, paper, rows, visit

AN_AGE = datetime(2060, 3, 2, 9)
NAME = "示例公司"


@pytest.fixture(params=["sqlcipher", "postgresql"])
def hub(request: pytest.FixtureRequest, folder: Path, clock: Clock) -> Iterator[Register]:
    """The district's register on each engine; its own firm and case of 2060 are not past their term."""
    lay_on(request, folder)
    made, _ = Register.create(folder, clerk_no="01", clerk_name="示例甲", password=PASSWORD, window="03", now=clock)
    yield made
    made.close()


@pytest.fixture
def town(hub: Register, tmp_path: Path, clock: Clock) -> Iterator[Register]:
    made = office(tmp_path / "镇里", clock, "T1")
    hub.trust_key(made.office_key().public, "示例镇")
    made.trust_key(hub.office_key().public, "示例区")
    yield made
    made.close()


def carried(sender: Register, receiver: Register, office: str) -> dict[str, int]:
    """All that one has for the other is carried there, twice over; what the joining did."""
    done: dict[str, int] = {}
    for parcel in sender.export_since(receiver.register_id):
        one = receiver.join(parcel, office)
        before = rows(receiver)
        assert receiver.join(parcel, office).again and rows(receiver) == before
        sender.note_joined(one.receipt)
        done = {what: done.get(what, 0) + one.counts.get(what, 0) for what in done.keys() | one.counts.keys()}
    return done


def forgotten(register: Register, clock: Clock) -> None:
    """Everything that it had is past its term, and goes."""
    clock.at = AN_AGE
    register.forget(register.past_term(), agreed=clock.at.date())
    assert nobody(register) and register.check() == []


def nobody(register: Register) -> bool:
    return not register._db.rows(cases.select()) and not register.search("示例", 100)


def traces(register: Register) -> str:
    """Every row that is there, for looking in it."""
    return repr({name: register._db.rows(table.select()) for name, table in metadata.tables.items()})


def test_a_forgotten_case_that_the_township_changes_does_not_come_back(
    hub: Register, town: Register, clock: Clock
) -> None:
    first = visit(town)
    carried(town, hub, "示例镇")
    forgotten(hub, clock)
    town.set_answer(first, "投资额", "900万元")
    town.update_applicant(replace(town.search(NAME)[0], phone="后来的电话"))
    paper(town, first, "后来的一份")
    done = carried(town, hub, "示例镇")
    assert nobody(hub) and hub.check() == [] and hub.verify().sound
    assert done["办件"] == done["文书"] == done["申请人"] == done["已享受支持"] == 0 and done["已清除不再并入"] == 1
    for table in (awards, known_facts):
        assert hub._db.rows(table.select()) == []
    told = [row.detail for row in hub.audit_rows() if row.event == events.BUNDLE_JOINED]
    assert "已清除不再并入1" in told[0] and "已清除" not in told[-1]
    assert all(trace not in traces(hub) for trace in (NAME, CODE, "后来的电话", "900万元"))


def test_whoever_joins_it_is_told_in_a_sentence(hub: Register, town: Register, clock: Clock, tmp_path: Path) -> None:
    visit(town)
    carried(town, hub, "示例镇")
    forgotten(hub, clock)
    town.set_answer(1, "投资额", "900万元")
    key = write_receiving_key(hub, tmp_path)
    (bundle,) = make_bundles(town, tmp_path, key_file=key)
    told = take_file(hub, bundle).sentence
    assert "另有 1 件办件在本处已到期清除，没有再并入。" in told and "办件 1" not in told and "不再并入" not in told


def test_sent_again_as_it_was_it_does_not_come_back(hub: Register, town: Register, clock: Clock) -> None:
    visit(town)
    carried(town, hub, "示例镇")
    forgotten(hub, clock)
    town.send_again(hub.register_id, date(2026, 1, 1))
    carried(town, hub, "示例镇")
    assert nobody(hub) and hub.check() == []


def test_what_is_kept_of_it_identifies_nobody(hub: Register, town: Register, clock: Clock) -> None:
    visit(town)
    carried(town, hub, "示例镇")
    carried(hub, town, "示例区")
    digests = {cell for row in hub._db.rows(foreign_ids.select()) for cell in row[6:8]} - {""}
    assert digests
    forgotten(hub, clock)
    kept = hub._db.rows(foreign_ids.select())
    assert {row[1] for row in kept} == {"case", "applicant", "award", "fact"}
    assert all(row[6] == row[7] == "" for row in kept), "digests of what was said could be tried out"
    assert all(digest not in traces(hub) for digest in digests)


def test_a_forgotten_case_of_one_s_own_does_not_come_back_from_the_district(
    hub: Register, town: Register, clock: Clock
) -> None:
    """It was the last that was opened: what stands behind the highest number that is left is not what a backup lost."""
    first = visit(town)
    carried(town, hub, "示例镇")
    forgotten(town, clock)
    (there,) = hub.recent()
    hub.set_answer(there.id, "投资额", "900万元")
    hub.update_applicant(replace(hub.search(NAME)[0], phone="后来的电话"))
    done = carried(hub, town, "示例区")
    assert nobody(town) and town.check() == [] and done["已清除不再并入"] == 1
    hub.send_again(town.register_id, date(2026, 1, 1))
    carried(hub, town, "示例区")
    assert nobody(town) and town.check() == []
    assert town.open_case("ss", "1").id == first + 1


@pytest.mark.parametrize("whose", ["the township's", "the district's"])
def test_a_new_case_of_the_same_person_is_news(hub: Register, town: Register, clock: Clock, whose: str) -> None:
    """He comes again with it, by the particulars of that day; what was forgotten of him doesn't."""
    visit(town if whose == "the township's" else hub)
    carried(town, hub, "示例镇")
    carried(hub, town, "示例区")
    forgotten(hub, clock)
    him = town.search(NAME)[0]
    case = town.open_case("ss", "1", applicant_id=him.id)
    town.set_answer(case.id, "投资额", "1234万元")
    town.remember(him.id, "注册资本", "1234万元", date(2060, 3, 2), case.id)
    done = carried(town, hub, "示例镇")
    (here,) = hub.recent()
    (again,) = hub.search(NAME)
    assert (here.number, here.applicant_id, hub.answers(here.id)) == (case.number, again.id, {"投资额": "1234万元"})
    assert hub.known_facts(again.id)["注册资本"].value_text == "1234万元" and hub.awards(again.id) == []
    assert hub.check() == [] and done["办件"] == 1
    clock.forward(hours=1)
    hub.set_answer(here.id, "投资额", "1235万元")
    carried(hub, town, "示例区")
    assert town.answers(case.id) == {"投资额": "1235万元"} and len(town.search(NAME)) == 1, "both know him as one"
    town.update_applicant(replace(town.search(NAME)[0], phone="后来的电话"))
    carried(town, hub, "示例镇")
    assert hub.get(again.id).phone == "后来的电话" and len(hub.search(NAME)) == 1 and hub.conflicts() == []


def test_a_new_award_of_the_same_person_is_news(hub: Register, town: Register, clock: Clock) -> None:
    visit(town)
    carried(town, hub, "示例镇")
    forgotten(hub, clock)
    town.add_award(town.search(NAME)[0].id, "ss", "ss.2.2", 300_00, date(2059, 5, 1), "后来的")
    carried(town, hub, "示例镇")
    (again,) = hub.search(NAME)
    assert [(one.amount_fen, one.matter) for one in hub.awards(again.id)] == [(300_00, "后来的")]
    assert hub.recent() == [] and hub.check() == []


def test_one_who_was_registered_here_anew_is_known_again(hub: Register, town: Register, clock: Clock) -> None:
    first = visit(town)
    carried(town, hub, "示例镇")
    forgotten(hub, clock)
    anew = hub.add_applicant("企业", NAME, code=CODE)
    town.update_applicant(replace(town.search(NAME)[0], phone="后来的电话"))
    town.set_answer(first, "投资额", "900万元")
    carried(town, hub, "示例镇")
    assert hub.search(NAME) == [replace(hub.get(anew.id), phone="后来的电话")]
    assert hub.awards(anew.id) == [] and hub.recent() == [] and hub.check() == []


def test_a_code_that_is_another_s_now_brings_nobody_back(hub: Register, town: Register, clock: Clock) -> None:
    visit(town)
    carried(town, hub, "示例镇")
    forgotten(hub, clock)
    hub.add_applicant("企业", "示例另一家", code=CODE)
    town.update_applicant(replace(town.search(NAME)[0], phone="后来的电话"))
    carried(town, hub, "示例镇")
    assert [one.name for one in hub.search("示例", 10)] == ["示例另一家"] and hub.conflicts() == []


def test_merged_ones_that_were_forgotten_stay_so_and_come_as_one(hub: Register, town: Register, clock: Clock) -> None:
    visit(town)
    double = town.add_applicant("企业", "示例公司（北京）")
    town.open_case("tztc", "1", applicant_id=double.id)
    carried(town, hub, "示例镇")
    town.merge(1, double.id)
    carried(town, hub, "示例镇")
    forgotten(hub, clock)
    town.update_applicant(replace(town.search(NAME)[0], phone="后来的电话"))
    carried(town, hub, "示例镇")
    assert nobody(hub)
    case = town.open_case("ss", "1", applicant_id=1)
    carried(town, hub, "示例镇")
    (here,) = hub.recent()
    assert here.number == case.number and [one.id for one in hub.search(NAME)] == [here.applicant_id]
    assert hub.check() == []


def test_a_paper_or_a_visit_of_a_new_and_a_forgotten_case_ties_to_the_new_alone(
    hub: Register, town: Register, clock: Clock
) -> None:
    first = visit(town)
    carried(town, hub, "示例镇")
    forgotten(hub, clock)
    him = town.search(NAME)[0]
    second = town.open_case("ss", "1", applicant_id=him.id)
    town.join_visit(first, [first, second.id])
    town.remember(him.id, "注册资本", "777万元", date(2060, 3, 2), first)
    carried(town, hub, "示例镇")
    (here,) = hub.recent()
    (again,) = hub.search(NAME)
    assert here.number == second.number and hub.known_facts(again.id)["注册资本"].value_text == "777万元"
    assert hub.check() == []


def test_a_forgotten_case_of_one_who_is_kept_takes_what_was_known_by_it_along(
    hub: Register, town: Register, clock: Clock
) -> None:
    visit(town)
    clock.at = datetime(2059, 3, 2, 9)
    him = town.search(NAME)[0]
    town.open_case("ss", "1", applicant_id=him.id)
    carried(town, hub, "示例镇")
    clock.at = AN_AGE
    hub.forget(hub.past_term(), agreed=clock.at.date())
    assert [one.number for one in hub.recent()] == [town.recent()[0].number] and len(hub.search(NAME)) == 1
    town.set_answer(1, "投资额", "900万元")
    town.add_applicant("企业", "示例二厂", code=OTHER_CODE)
    carried(town, hub, "示例镇")
    (again,) = hub.search(NAME)
    assert len(hub.recent()) == 1 and hub.known_facts(again.id) == {} and hub.awards(again.id) == []
    assert hub.check() == []


def test_a_bundle_that_names_numbers_never_given_out_adds_nobody_under_them(hub: Register, town: Register) -> None:
    """A sender that says that somebody was registered here under a number far ahead."""
    visit(town)
    (parcel,) = town.export_since(hub.register_id)
    far = parcel.applicants[0].ref.model_copy(update={"origin": hub.register_id, "id": 10**9})
    forged = parcel.model_copy(
        update={
            "applicants": [parcel.applicants[0].model_copy(update={"ref": far})],
            "cases": [parcel.cases[0].model_copy(update={"applicant": far})],
        }
    )
    hub.join(forged, "示例镇")
    assert hub.search("示例") == [] and [case.applicant_id for case in hub.recent()] == [None]
    assert hub.add_applicant("企业", "示例新公司").id == 1 and hub.check() == []
