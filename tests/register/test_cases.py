"""Cases are numbered, resumed and closed; awards and documents are kept with them."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from pinggu_desk.register import Register, errors

from .conftest import PASSWORD, Clock

HASH = "ab" * 32


@pytest.fixture
def register(on_each: Register) -> Register:
    return on_each


def test_numbers_count_by_window_and_day(register: Register, clock: Clock) -> None:
    numbers = [register.open_case("tztc", "1").number for _ in range(2)]
    clock.forward(days=1)
    numbers.append(register.open_case("yl", "1").number)
    assert numbers == ["PG-03-20260302-0001", "PG-03-20260302-0002", "PG-03-20260303-0001"]


def test_a_case_is_resumed_where_it_was_left(register: Register, folder: Path, clock: Clock) -> None:
    firm = register.add_applicant("企业", "示例公司")
    case = register.open_case("zxqy", "2024.02-3", on=date(2026, 2, 27))
    register.set_applicant(case.id, firm.id)
    register.set_position(case.id, "申报数据", "研发投入")
    register.set_material(case.id, "营业执照", "已收")
    register.set_material(case.id, "营业执照", "缺")
    register.set_answer(case.id, "研发投入", "800万")
    register.close()
    again = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    (resumed,) = again.open_cases()
    assert (resumed.step, resumed.field, resumed.applicant_id) == ("申报数据", "研发投入", firm.id)
    assert (resumed.on, resumed.pack_version, resumed.opened_at) == (date(2026, 2, 27), "2024.02-3", clock.at)
    assert again.materials(case.id) == {"营业执照": "缺"}
    assert again.cases_of(firm.id) == [resumed]
    again.close()


def test_a_closed_case_takes_no_edit_until_it_is_reopened(register: Register) -> None:
    case = register.open_case("tztc", "1")
    register.set_answer(case.id, "投资额", "600万元")
    assert register.close_case(case.id).state == "已出具"
    assert register.open_cases() == []
    assert [each.id for each in register.recent()] == [case.id]
    for change in (
        lambda: register.set_answer(case.id, "投资额", "700万元"),
        lambda: register.undo(case.id),
        lambda: register.set_material(case.id, "合同", "已收"),
        lambda: register.set_judged_on(case.id, date(2025, 1, 1)),
    ):
        with pytest.raises(errors.CaseClosed, match="已出具，不能再改"):
            change()
    assert register.answers(case.id) == {"投资额": "600万元"}
    register.reopen_case(case.id)
    register.set_judged_on(case.id, date(2025, 1, 1))
    assert register.case(case.id).on == date(2025, 1, 1)
    with pytest.raises(errors.InvalidEntry, match="已出具、已撤销之一"):
        register.close_case(case.id, "办理中")


def test_a_withdrawn_case_gets_no_paper_and_one_that_was_issued_may(register: Register) -> None:
    """补打 records nothing, and is had of either; 办结 takes no answers more, but a receipt or a letter of today."""
    case = register.open_case("tztc", "1")
    first = register.record_document(case.id, "告知书", "a.pdf", sha256(b"a").hexdigest(), "[]", b"a")
    register.close_case(case.id)
    second = register.record_document(case.id, "受理回执", "b.pdf", HASH, "[]")
    assert second == f"{case.number}-02"
    register.close_case(case.id, "已撤销")
    before = register.audit_rows()
    refused = f"{case.number} 已撤销，不能再出具文书；已经出具的可以补打"
    with pytest.raises(errors.CaseClosed, match=refused):
        register.next_serial(case.id)
    with pytest.raises(errors.CaseClosed, match=refused):
        register.record_document(case.id, "告知书", "c.pdf", HASH, "[]")
    assert register.audit_rows() == before and len(register.documents(case.id)) == 2
    register.note_handed_out(first, "告知书", "打印")
    assert register.paper_file(first) == b"a"
    register.reopen_case(case.id)
    assert register.record_document(case.id, "告知书", "c.pdf", HASH, "[]") == f"{case.number}-03"


def test_what_does_not_exist_is_said_so(register: Register) -> None:
    for ask in (
        lambda: register.case(7),
        lambda: register.set_answer(7, "投资额", "1"),
        lambda: register.set_position(7, "一", "二"),
        lambda: register.open_case("tztc", "1", applicant_id=7),
        lambda: register.record_document(7, "告知书", "a.pdf", HASH, "[]"),
        lambda: register.add_award(7, "tztc", "tztc.2.1", 1, date(2025, 1, 1)),
        lambda: register.remove_award(7),
    ):
        with pytest.raises(errors.NotFound, match="7"):
            ask()
    assert register.open_case("tztc", "1").number.endswith("-0001"), "a refused case uses no number up"


def test_awards_are_whole_fen_and_removed_ones_stay_on_record(register: Register) -> None:
    firm = register.add_applicant("企业", "示例公司")
    second = register.add_award(firm.id, "tztc", "tztc.2.1", 40_000_000, date(2025, 6, 1), "研发补助", "申请人陈述")
    first = register.add_award(firm.id, "ss", "ss.2.1", 2**53 + 1, date(2024, 6, 1))
    assert register.awards(firm.id) == [first, second]
    register.remove_award(first.id)
    assert register.awards(firm.id) == [second]
    assert register.audit_rows()[0].event == "撤销已享受支持"
    with pytest.raises(errors.NotFound):
        register.remove_award(first.id)
    for bad in (-1, 1.5, True):
        with pytest.raises(errors.InvalidEntry, match="精确到分"):
            register.add_award(firm.id, "tztc", "x", bad, date(2025, 1, 1))  # type: ignore[arg-type]
    with pytest.raises(errors.InvalidEntry, match="本机登记、申请人陈述、部门名单之一"):
        register.add_award(firm.id, "tztc", "x", 1, date(2025, 1, 1), "", "听说")  # type: ignore[arg-type]
    assert register.check() == []


def test_documents_are_numbered_after_their_case(register: Register) -> None:
    case = register.open_case("tztc", "1")
    conclusions = json.dumps([{"benefit": "tztc.2.1", "amount_yuan": "400000.00"}])
    assert register.next_serial(case.id) == "PG-03-20260302-0001-01"
    serials = [register.record_document(case.id, kind, "a.pdf", HASH, conclusions) for kind in ("告知书", "申请表")]
    assert serials == ["PG-03-20260302-0001-01", "PG-03-20260302-0001-02"]
    papers = register.documents(case.id)
    assert [(p.kind, p.sha256, p.determinations_json) for p in papers] == [
        ("告知书", HASH, conclusions),
        ("申请表", HASH, conclusions),
    ]
    assert [row.subject for row in register.audit_rows()[:2]] == serials[::-1]
    with pytest.raises(errors.InvalidEntry, match="SHA-256"):
        register.record_document(case.id, "告知书", "a.pdf", "short", "[]")
