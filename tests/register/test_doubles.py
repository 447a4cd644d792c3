"""FOUND 40: the same applicant is one applicant, however its code was typed; doubles are found and made one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import bindparam, update

from pinggu_desk.register import Register, errors, events
from pinggu_desk.register.audit import Wanted
from pinggu_desk.register.tables import applicant_documents, positions

from .conftest import PASSWORD, Clock

CODE = "91110117MA01ABCD5U"
TYPED = (
    "9111 0117 MA01 ABCD 5U", "91110117ma01abcd5u", "９１１１０１１７ＭＡ０１ＡＢＣＤ５Ｕ", "91110117-MA01ABCD5U",
    "\u200b91110117\u00a0MA01ABCD5U\t",
)  # fmt: skip


_REASON = (
    update(applicant_documents)
    .where(applicant_documents.c.applicant_id == bindparam("whose"))
    .values(reason=bindparam("now"))
)


_MOVE = (
    update(positions)
    .where(positions.c.case_id == bindparam("there"))
    .values(step=bindparam("step"), seal=bindparam("new"))
)


@pytest.fixture
def register(on_each: Register) -> Register:
    return on_each


@pytest.mark.parametrize("typed", TYPED)
def test_a_code_is_the_same_however_it_is_typed(register: Register, typed: str) -> None:
    first = register.add_applicant("企业", "示例甲（北京）公司", code=CODE)
    assert register.add_applicant("企业", "示例甲(北京) 公司", code=typed) == first, (
        "registered again: the one that is there"
    )
    with pytest.raises(errors.DuplicateApplicant):
        register.add_applicant("企业", "示例乙公司", code=typed)
    assert [a.id for a in register.search(typed)] == [first.id]
    assert register.check() == []


def test_names_that_differ_by_brackets_spaces_or_width_are_offered(register: Register) -> None:
    first = register.add_applicant("企业", "示例甲（北京）有限公司")
    for name in ("示例甲(北京)有限公司", "示例甲 （北京） 有限公司", "示例甲〔北京〕有限公司", "示例甲北京有限公司"):
        assert [a.id for a in register.alike(name)] == [first.id], name
    assert register.alike("示例甲（上海）有限公司") == []
    assert register.alike(first.name, but=first.id) == []
    assert [a.id for a in register.alike("另一个名字", code=CODE)] == []


def test_a_list_names_everybody_as_he_would_be_named_alone(register: Register) -> None:
    """One who was merged into one who was merged bears the last one's name."""
    first, second, third, other = (register.add_applicant("企业", f"示例{name}公司") for name in "甲乙丙丁")
    register.merge(second.id, first.id)
    register.merge(third.id, second.id)
    assert register.names() == {one.id: register.glance(one.id).name for one in (first, second, third, other)}
    assert register.names()[first.id] == "示例丙公司"


def test_merging_moves_everything_and_keeps_the_trail(register: Register) -> None:
    kept = register.add_applicant("企业", "示例甲公司")
    gone = register.add_applicant("企业", "示例甲 公司", code=CODE, phone="010-69960000")
    mine, other = (register.open_case("ss", "v", applicant_id=who.id) for who in (kept, gone))
    serial = register.record_document(other.id, "政策符合性告知书", "甲.pdf", "0" * 64, "{}")
    for who, fen in ((kept, 100), (gone, 250)):
        register.add_award(who.id, "ss", "neeq", fen, date(2025, 5, 1))
    register.remember(gone.id, "职工人数", "30", date(2026, 1, 1))
    merged = register.merge(kept.id, gone.id)
    assert (merged.id, merged.code, merged.phone) == (kept.id, CODE, "010-69960000")
    assert [a.amount_fen for a in register.awards(kept.id)] == [100, 250], "they count together from now on"
    assert {c.id for c in register.cases_of(kept.id)} == {mine.id, other.id}
    assert [d.serial for d in register.documents(other.id)] == [serial]
    assert register.known_facts(kept.id)["职工人数"].value_text == "30"
    assert register.get(gone.id) == merged, "whoever still has the old number comes to the one that stays"
    assert [a.id for a in register.search("示例甲")] == [kept.id] and register.search(CODE) == [merged]
    register.add_award(gone.id, "ss", "neeq", 1, date(2026, 5, 1))
    assert len(register.awards(kept.id)) == 3
    row = next(row for row in register.audit_rows() if row.event == "合并申请人")
    assert row.subject == f"申请人{kept.id}" and f"申请人{gone.id}" in row.detail and "已享受支持1" in row.detail
    assert register.check() == []


def test_particulars_of_one_that_was_merged_meanwhile_are_refused_and_the_sums_hold(register: Register) -> None:
    """His form stood open in another window: a change of a row that is there no more changes nothing, and counts for nothing."""
    kept = register.add_applicant("企业", "示例甲公司")
    gone = register.add_applicant("企业", "示例甲 公司", code=CODE)
    register.merge(kept.id, gone.id)
    with pytest.raises(errors.InvalidEntry, match="并入“示例甲公司”，这次的修改没有保存"):
        register.update_applicant(replace(gone, phone="010-69960000"))
    with register._db.transaction():
        register._db.run(_MOVE, there=9, new=b"x" * 16, step="填报")
    assert register.check() == []


def test_the_trail_of_one_applicant_is_that_of_all_numbers_that_he_had(register: Register) -> None:
    """Who looked at his file before two were made one is asked by the number that stays, and by any that was given up."""
    first, second, third = (
        register.add_applicant("企业", name) for name in ("示例甲公司", "示例甲 公司", "示例（甲）公司")
    )
    other = register.add_applicant("企业", "示例乙公司")
    for who in (first, second, third, other):
        register.look_up(who.id)
    register.merge(second.id, third.id)
    register.merge(first.id, second.id)
    for who in (first, second, third):
        told = {row.subject for row in register.trail(Wanted(event=events.DOSSIER_READ, applicant=who.id))}
        assert told == {f"申请人{one.id}" for one in (first, second, third)}
    assert {row.subject for row in register.trail(Wanted(applicant=other.id))} == {f"申请人{other.id}"}


def test_what_is_not_the_same_is_not_merged(register: Register) -> None:
    first = register.add_applicant("企业", "示例甲公司", code=CODE)
    second = register.add_applicant("企业", "示例甲公司", code="91110118700123458J")
    person = register.add_applicant("个人", "示例甲公司")
    for other, words in ((second, "代码）不同"), (person, "一个是个人")):
        with pytest.raises(errors.InvalidEntry, match=words):
            register.merge(first.id, other.id)
    assert register.merge(first.id, first.id) == first
    assert register.check() == []


def test_a_document_and_the_reason_for_an_odd_code_are_kept(register: Register, folder: Path, clock: Clock) -> None:
    """FOUND 39: 仍要登记."""
    from dataclasses import replace

    made = register.add_applicant("个人", "示例人", code="e1234 5678", document="护照")
    odd = register.add_applicant("企业", "示例老厂", code="911101177MA0000000", reason="  营业执照上即如此 ")
    assert (made.code, made.document, odd.reason) == ("E12345678", "护照", "营业执照上即如此")
    register.update_applicant(replace(made, document="外国人永久居留身份证", code="CHN110101900307"))
    register.close()
    again = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    assert again.get(made.id).document == "外国人永久居留身份证" and again.get(odd.id) == odd
    assert "号码、证件类型" in [row.detail for row in again.audit_rows()]
    assert again.glance(made.id).code == "CHN110*****0307"
    assert again.check() == []
    with again._db.transaction():
        again._db.run(_REASON, whose=odd.id, now="")
    assert "证件类型" in again.check()[0]
    again.close()
