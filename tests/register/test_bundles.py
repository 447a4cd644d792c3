"""Bundles: a township's register is joined to the office's, any number of times, in any order, and nothing is guessed."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from pinggu_desk.register import Register, errors
from pinggu_desk.register.bundles.records import Parcel
from pinggu_desk.register.importing import Entry, Source
from tests.conftest import Counted

from .conftest import PASSWORD, Clock
from .townships import (
    CODE,
    DAY,
    OTHER_CODE,
    everything,
    hub,
    joined,
    office,
    paper,
    rows,
    town,
    visit,
)  # fmt: skip

__all__ = ["hub", "town"]  # fixtures


def test_a_township_s_work_is_all_there_once_it_is_joined(hub: Register, town: Register) -> None:
    visit(town)
    done = joined(hub, town)
    assert (done.counts["申请人"], done.counts["办件"], done.counts["文书"], done.conflicts) == (1, 1, 1, 0)
    assert everything(hub) == everything(town) != []
    assert hub.check() == [] and town.check() == []
    (case,) = hub.recent()
    assert case.clerk_no == "01@示例镇", "it is not the clerk here who has the same number"
    assert hub.documents(case.id)[0].serial == town.documents(1)[0].serial


def test_joined_twice_changes_nothing_the_second_time(hub: Register, town: Register) -> None:
    visit(town)
    (parcel,) = town.export_since(hub.register_id)
    hub.join(parcel, "示例镇")
    before = rows(hub)
    again = hub.join(parcel, "示例镇")
    assert again.again
    assert rows(hub) == before, "not one row, not even of the trail"


def test_the_next_bundle_holds_what_came_since_the_last_one_that_was_joined(hub: Register, town: Register) -> None:
    first = visit(town)
    done = joined(hub, town)
    town.note_joined(done.receipt)
    second = visit(town, "示例二厂", OTHER_CODE)
    (parcel,) = town.export_since(hub.register_id)
    assert [case.ref.id for case in parcel.cases] == [second]
    assert [who.who.name for who in parcel.applicants] == ["示例二厂"]
    assert parcel.trail[0].id > 1
    hub.join(parcel, "示例镇")
    town.set_answer(first, "投资额", "700万元")
    town.close_case(first)
    (parcel,) = town.export_since(hub.register_id)
    assert {case.ref.id for case in parcel.cases} == {first, second}, "the second was not confirmed"
    hub.join(parcel, "示例镇")
    assert everything(hub) == everything(town)
    assert hub.check() == []


def test_nothing_new_makes_no_bundle(hub: Register, town: Register) -> None:
    visit(town)
    town.note_joined(joined(hub, town).receipt)
    parcels = town.export_since(hub.register_id)
    assert [len(parcel.cases) + len(parcel.applicants) for parcel in parcels] == [0], (
        "what the trail tells of the first one"
    )


def test_any_order_and_any_repetition_come_to_the_same_end(
    tmp_path: Path, clock: Clock, town: Register, counted: Counted
) -> None:
    """Forty orders of the bundles of a township's day, some joined several times: one end state."""
    chance = random.Random(12)
    elsewhere = "0" * 64
    parcels: list[Parcel] = []
    ids: list[int] = []
    for turn in range(6):
        clock.forward(minutes=10)
        if turn in (0, 2, 3):
            ids.append(visit(town, f"示例{turn}厂", f"91110117MA000000{turn}X"))
        case = chance.choice(ids)
        if town.case(case).state != "办理中":
            town.reopen_case(case)
        town.set_answer(case, f"事项{turn}", f"第{turn}步")
        town.set_material(case, "营业执照", f"第{turn}步")
        paper(town, case, f"第{turn}份")
        whose = town.search("示例")[0]
        town.update_applicant(replace(whose, phone=f"示例{turn}"))
        if turn == 4:
            town.remove_award(town.awards(whose.id)[0].id)
            town.close_case(case)
        parcels += town.export_since(elsewhere)
    ends = []
    for order in range(40):
        hub = office(tmp_path / f"区里{order}", clock, "03")
        some = [chance.choice(parcels) for _ in range(chance.randrange(8))] if order else []
        for parcel in chance.sample(parcels, len(parcels)) + some if order else parcels:
            hub.join(parcel, "示例镇")
        assert hub.check() == [] and hub.conflicts() == []
        ends.append(everything(hub))
        hub.close()
    assert ends[0] == everything(town)
    assert all(end == ends[0] for end in ends)
    counted("orders of bundles", orders=40, same_end_states=40)


def test_an_applicant_of_both_is_one_and_what_is_said_differently_waits_for_a_clerk(
    hub: Register, town: Register
) -> None:
    mine = hub.add_applicant("企业", "示例公司", code=CODE, phone="区里的电话", address="")
    his = town.add_applicant("企业", "示例公司", code=CODE, phone="镇里的电话", address="示例路")
    assert joined(hub, town).conflicts == 1
    assert hub.search("示例") == [replace(mine, address="示例路")], "filled in where nothing was; nothing written over"
    (conflict,) = hub.conflicts()
    assert (conflict.kind, conflict.office) == ("applicant", "示例镇")
    assert [(d.called, d.ours, d.theirs) for d in conflict.differences] == [("电话", "区里的电话", "镇里的电话")]
    hub.decide(conflict.id, {"phone"})
    assert hub.get(mine.id).phone == "镇里的电话"
    assert hub.conflicts() == []
    town.update_applicant(replace(his, contact="示例联系人"))
    assert joined(hub, town).conflicts == 0, "what was decided is not asked again"
    assert hub.get(mine.id).contact == "示例联系人"
    with pytest.raises(errors.NotFound, match="已经有人裁定"):
        hub.decide(conflict.id, set())


def test_a_code_under_another_name_is_never_made_one_by_itself(hub: Register, town: Register) -> None:
    mine = hub.add_applicant("企业", "示例公司", code=CODE)
    visit(town, "示例乡厂")
    assert joined(hub, town).conflicts == 1
    (conflict,) = hub.conflicts()
    assert (conflict.kind, conflict.holder_id, conflict.title) == ("code", mine.id, "示例乡厂")
    assert ("名称", "示例公司", "示例乡厂") in [(d.called, d.ours, d.theirs) for d in conflict.differences]
    assert len(hub.cases_of(conflict.local_id)) == 1 and hub.cases_of(mine.id) == [], "kept, and kept apart"
    hub.decide(conflict.id, {"name"})
    (one,) = hub.search(CODE)
    assert (one.id, one.name) == (mine.id, "示例乡厂")
    assert len(hub.cases_of(mine.id)) == 1 and hub.check() == []


def test_two_that_are_not_one_stay_two(hub: Register, town: Register) -> None:
    mine = hub.add_applicant("企业", "示例公司", code=CODE)
    visit(town, "示例乡厂")
    joined(hub, town)
    (conflict,) = hub.conflicts()
    hub.decide(conflict.id, set(), same=False)
    assert hub.conflicts() == []
    assert [(a.name, a.code) for a in hub.search("示例乡厂")] == [("示例乡厂", "")]
    assert hub.get(mine.id).name == "示例公司"


def both_sides(hub: Register, town: Register) -> tuple[int, int]:
    """One case, joined and then changed on both sides; its number there and here."""
    there = visit(town)
    joined(hub, town)
    here = hub.recent()[0].id
    town.set_answer(there, "投资额", "镇里改的")
    town.set_answer(there, "备注", "镇里写的")
    hub.set_answer(here, "投资额", "区里改的")
    return there, here


def test_a_case_changed_on_both_sides_is_shown_side_by_side(hub: Register, town: Register) -> None:
    there, here = both_sides(hub, town)
    late = paper(town, there, "镇里又出的")
    assert joined(hub, town).conflicts == 1
    assert hub.answers(here)["投资额"] == "区里改的", "ours stands"
    assert late in [d.serial for d in hub.documents(here)], "a paper that was issued is here, however it is decided"
    (conflict,) = hub.conflicts()
    assert conflict.kind == "case"
    assert [(d.key, d.ours, d.theirs) for d in conflict.differences] == [
        ("备注", None, "镇里写的"), ("投资额", "区里改的", "镇里改的"),
    ]  # fmt: skip
    hub.decide(conflict.id, {"备注"})
    assert hub.answers(here) == {"投资额": "区里改的", "备注": "镇里写的"}
    assert hub.history(here)[-1].origin == "并入：示例镇"
    assert hub.check() == []
    assert hub.join(town.export_since(hub.register_id)[0], "示例镇").conflicts == 0


def test_a_case_that_was_closed_here_takes_no_answer_until_it_is_opened_again(hub: Register, town: Register) -> None:
    """Its paper says what was answered: what the township typed since would change it unseen."""
    there = visit(town)
    joined(hub, town)
    here = hub.recent()[0].id
    hub.close_case(here)
    town.set_answer(there, "投资额", "镇里改的")
    joined(hub, town)
    (conflict,) = hub.conflicts()
    assert [one.key for one in conflict.differences] == ["state", "投资额"]
    before = rows(hub)
    with pytest.raises(errors.CaseClosed, match=r"已出具.*采用对方的填报要连“办件状态”一起采用，或先重新打开该办件"):
        hub.decide(conflict.id, {"投资额"})
    assert rows(hub) == before
    hub.decide(conflict.id, {"投资额", "state"})
    assert (hub.case(here).state, hub.answers(here)["投资额"]) == ("办理中", "镇里改的") and hub.check() == []


def test_a_case_that_both_closed_is_opened_again_before_it_takes_an_answer(hub: Register, town: Register) -> None:
    there, here = both_sides(hub, town)
    for register, case in ((town, there), (hub, here)):
        register.close_case(case)
    joined(hub, town)
    (conflict,) = hub.conflicts()
    with pytest.raises(errors.CaseClosed, match="先重新打开该办件"):
        hub.decide(conflict.id, {"备注"})
    hub.reopen_case(here)
    (conflict,) = hub.conflicts()
    hub.decide(conflict.id, {"备注", "state"}, seen=conflict)
    assert (hub.case(here).state, hub.answers(here)["备注"]) == ("已出具", "镇里写的") and hub.check() == []


def test_a_case_that_comes_back_to_where_it_was_opened_is_that_case(
    hub: Register, town: Register, clock: Clock
) -> None:
    """How work that was done while the server was away is joined: the outbox had the case from it."""
    here = visit(hub)
    (parcel,) = hub.export_since(town.register_id)
    town.join(parcel, "示例区", same_clerks=True)
    there = town.recent()[0]
    assert there.clerk_no == "01"
    town.set_answer(there.id, "投资额", "离线时改的")
    clock.forward(minutes=1)
    fresh = town.open_case("tztc", "1", applicant_id=there.applicant_id, on=DAY)
    town.set_answer(fresh.id, "投资额", "离线时新办的")
    town.close_case(there.id)
    for parcel in town.export_since(hub.register_id):
        town.note_joined(hub.join(parcel, "本机", same_clerks=True).receipt)
    assert hub.conflicts() == []
    assert (hub.answers(here)["投资额"], hub.case(here).state) == ("离线时改的", "已出具")
    assert len(hub.recent()) == 2 and everything(hub) == everything(town)
    assert hub.check() == []


def test_two_registers_that_gave_one_number_keep_both_cases(hub: Register, tmp_path: Path, clock: Clock) -> None:
    town = office(tmp_path / "镇里", clock, "03")
    mine, his = visit(hub), visit(town, "示例二厂", OTHER_CODE)
    assert hub.case(mine).number == town.case(his).number
    hub.join(town.export_since(hub.register_id)[0], "示例镇")
    assert len({case.number for case in hub.recent()}) == 2
    both = [d.serial for case in hub.recent() for d in hub.documents(case.id)]
    assert len(set(both)) == 2 and hub.check() == []
    town.close()


def test_a_trail_that_is_no_more_what_it_was_is_refused(hub: Register, town: Register) -> None:
    """A township that put yesterday's file back: what it says now does not follow on what it said."""
    visit(town)
    (parcel,) = town.export_since(hub.register_id)
    hub.join(parcel, "示例镇")
    forged = parcel.trail[3].model_copy(update={"hash": "0" * 64})
    other = parcel.model_copy(update={"number": 9, "trail": [forged]})
    before = rows(hub)
    with pytest.raises(errors.InvalidEntry, match=r"审计记录从第 4 条起.*对不上"):
        hub.join(other, "示例镇")
    assert rows(hub) == before


def test_practice_and_work_are_never_mixed(hub: Register, tmp_path: Path, clock: Clock) -> None:
    practice, _ = Register.create(
        tmp_path / "演练", clerk_no="01", clerk_name="示例经办", password=PASSWORD, practice=True, now=clock
    )
    visit(practice)
    with pytest.raises(errors.InvalidEntry, match="这是演练登记库的数据包，本登记库是正式的"):
        hub.join(practice.export_since(hub.register_id)[0], "示例镇")
    assert hub.recent() == []
    practice.close()


def test_a_township_s_file_is_joined_to_a_register_on_a_server(shared: Register, town: Register) -> None:
    visit(town)
    shared.trust_key(town.office_key().public, "示例镇")
    mine = shared.add_applicant("企业", "示例公司", code=CODE, phone="区里的电话")
    (parcel,) = town.export_since(shared.register_id)
    assert shared.join(parcel, "示例镇").conflicts == 1
    before = rows(shared)
    assert shared.join(parcel, "示例镇").again and rows(shared) == before
    (conflict,) = shared.conflicts()
    shared.decide(conflict.id, {"phone"})
    assert shared.get(mine.id).phone == "示例电话"
    assert everything(shared) == everything(town)
    assert shared.check() == []


def test_where_a_fact_and_an_award_came_from_is_joined_with_them(hub: Register, town: Register) -> None:
    """Issue 12: the list that told it, who noted it, an award's paper and its own title; a row without them is sent as before."""
    who = town.add_applicant("企业", "示例公司", code=CODE)
    listed = Source("示例花名册.xlsx", "0" * 64, DAY, "申请人")
    town.import_list(listed, [Entry(3, who, {"职工人数": "30人"}, alike=frozenset((who.id,)))])
    town.add_award(
        who.id,
        "ss",
        "",
        100,
        DAY,
        title="老项目奖励",
        document="示例发〔2021〕1号",
        origin="部门名单“兑现.xlsx”第 3 行",
    )
    joined(hub, town)
    (there,) = hub.search("示例公司")
    known = hub.known_facts(there.id)["职工人数"]
    assert (known.value_text, known.origin, known.clerk_no) == ("30人", "名单导入“示例花名册.xlsx”第 3 行", "01")
    (award,) = hub.awards(there.id)
    assert (award.title, award.document, award.origin) == (
        "老项目奖励", "示例发〔2021〕1号", "部门名单“兑现.xlsx”第 3 行",
    )  # fmt: skip
    assert hub.check() == [] and joined_again(hub, town)


def joined_again(hub: Register, town: Register) -> bool:
    """Nothing new is made of it a second time."""
    before = rows(hub)
    for parcel in town.export_since(hub.register_id):
        hub.join(parcel, "示例镇")
    return {name: len(there) for name, there in rows(hub).items() if "award" in name or "fact" in name} == {
        name: len(there) for name, there in before.items() if "award" in name or "fact" in name
    }
