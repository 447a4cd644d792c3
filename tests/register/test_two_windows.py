"""Issue 12, FOUND 65: two windows on one case. The second is told who, when and what; nobody's work is written over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from pinggu_desk.register import Register, errors
from pinggu_desk.register.engines import server as settings
from pinggu_desk.register.engines.prepare import prepare
from pinggu_desk.register.tables import cases

from .conftest import PASSWORD, Clock
from .postgres import Where, owner_of

OTHER = "Another-2025"
Two = tuple[Register, Register]


@pytest.fixture(params=["sqlcipher", "postgresql"])
def two(request: pytest.FixtureRequest, folder: Path, clock: Clock) -> Iterator[Two]:
    """Two clerks at one register, each in a window of his own; on both engines."""
    if request.param == "postgresql":
        where: Where = request.getfixturevalue("postgres")
        folder.mkdir()
        settings.write(folder, prepare(owner_of(where)))
    first, _ = Register.create(folder, clerk_no="01", clerk_name="示例甲", password=PASSWORD, window="1", now=clock)
    first.add_clerk("02", "示例乙", OTHER, "2")
    second = Register.open(folder, clerk_no="02", password=OTHER, now=clock)
    yield first, second
    second.close()
    first.close()


def test_an_edit_made_on_what_was_there_before_is_refused_and_told(two: Two, clock: Clock) -> None:
    first, second = two
    case = first.open_case("tztc", "1").id
    first.set_answer(case, "投资额", "700万元")
    first.set_answer(case, "职工人数", "30")
    assert second.answers(case) == {"投资额": "700万元", "职工人数": "30"}
    seen = second.last_edit(case)
    clock.forward(minutes=5)
    first.set_answer(case, "投资额", "800万元")
    first.set_answer(case, "投资额", "900万元")
    for made_on in (None, seen):
        with pytest.raises(
            errors.Overtaken, match=r"示例甲（工号 01，窗口 1）于 03-02 09:35 改过（投资额现为“900万元”）"
        ) as told:
            second.set_answer(case, "职工人数", "50", made_on=made_on)
    error = told.value
    assert (error.clerk, error.at, error.version) == ("01", clock.at, 4)
    assert error.changes == (errors.Overtaking("投资额", "700万元", "900万元"),)
    assert first.answers(case) == {"投资额": "900万元", "职工人数": "30"}, "nothing was kept, nothing written over"
    assert second.set_answer(case, "职工人数", "50", made_on=error.version) == 5
    assert second.set_answer(case, "职工人数", "60", made_on=error.version) == 6, "one's own edits overtake nobody"
    with pytest.raises(errors.Overtaken):
        first.set_answer(case, "投资额", "1", made_on=4)
    assert first.check() == [] and len(first.history(case)) == 6


def test_the_same_text_is_no_conflict(two: Two) -> None:
    first, second = two
    case = first.open_case("tztc", "1").id
    assert second.answers(case) == {}
    first.set_answer(case, "投资额", "700万元")
    assert second.set_answer(case, "投资额", "700万元") == 1


def test_undo_never_takes_back_a_colleague_s_edit(two: Two) -> None:
    first, second = two
    case = first.open_case("tztc", "1").id
    first.set_answer(case, "投资额", "700万元")
    second.look_at(case)
    assert second.undoable(case) == (False, False)
    assert second.undo(case) is None
    assert first.answers(case) == {"投资额": "700万元"}
    first.undo(case)
    second.look_at(case)
    assert second.undoable(case) == (False, False) and second.redo(case) is None
    first.redo(case)
    second.look_at(case)
    second.set_answer(case, "职工人数", "30")
    assert second.undo(case) == ("职工人数", None) and second.undo(case) is None
    first.answers(case)
    second.set_answer(case, "备注", "无")
    with pytest.raises(errors.Overtaken, match="备注"):
        first.undo(case)
    assert first.answers(case) == {"投资额": "700万元", "备注": "无"} and first.check() == []


def test_what_the_case_itself_says_is_not_changed_unseen(two: Two) -> None:
    first, second = two
    case = first.open_case("tztc", "1")
    first.set_judged_on(case.id, date(2026, 1, 5))
    with pytest.raises(errors.Overtaken, match="判断日 2026年1月5日"):
        second.close_case(case.id, made_on=case.version)
    assert first.case(case.id).state == "办理中"
    changed = second.set_judged_on(case.id, date(2026, 1, 6), made_on=first.case(case.id).version)
    assert second.close_case(case.id, made_on=case.version + 1).version == changed.version + 1, "one's own"
    with pytest.raises(errors.Overtaken, match="办结办件"):
        first.reopen_case(case.id, made_on=2)
    assert first.check() == []


def test_particulars_of_an_applicant_are_not_changed_unseen(two: Two) -> None:
    first, second = two
    made = first.add_applicant("企业", "示例公司", phone="1")
    seen = second.get(made.id)
    first.update_applicant(replace(made, phone="13800000002"))
    with pytest.raises(errors.Overtaken, match=r"电话现为“138\*\*\*\*0002”") as told:
        second.update_applicant(replace(seen, contact="示例"))
    assert second.get(made.id).contact == "" and told.value.changes == (errors.Overtaking("电话", None, "13800000002"),)
    kept = second.update_applicant(replace(second.get(made.id), contact="示例"))
    assert (kept.phone, kept.contact) == ("13800000002", "示例")
    assert first.check() == []


def test_a_version_that_was_altered_is_found(two: Two) -> None:
    first, _ = two
    case = first.open_case("tztc", "1")
    with first._db.transaction():
        first._db.run(update(cases).values(version=7))
    assert first.check() == [f"办件“{case.id}”的内容与校验码不符，可能被改动，请与备份核对。"]
