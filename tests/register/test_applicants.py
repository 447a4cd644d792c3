"""Applicants are entered once and found again, however the clerk types them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinggu_desk.register import Register, errors, names

from .conftest import PASSWORD, Clock

CODE = "91110117MA0000000X"


@pytest.fixture
def register(on_each: Register) -> Register:
    return on_each


def found(register: Register, text: str) -> list[str]:
    return [applicant.name for applicant in register.search(text)]


def test_an_applicant_is_there_on_the_next_visit(register: Register, folder: Path, clock: Clock) -> None:
    made = register.add_applicant(
        "企业",
        " 示例科技有限公司 ",
        code="９１１１０１１７ma0000000x",
        contact="示例联系人",
        phone="010-0000",
        address="示例路",
        sample=True,
    )
    assert (made.name, made.code, made.sample) == ("示例科技有限公司", CODE, True)
    register.remember(made.id, "注册资本", "500万元", date(2026, 3, 2))
    register.close()
    again = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    assert again.get(made.id) == made
    assert again.search("示例科技") == [made]
    assert again.known_facts(made.id)["注册资本"].value_text == "500万元"
    again.close()


def test_found_by_name_code_initials_and_full_pinyin(register: Register) -> None:
    name = "平谷示例单体重工有限公司"
    register.add_applicant("企业", name, code=CODE)
    register.add_applicant("企业", "无关商贸中心")
    for text in ("平谷", "示例", "单体重", "公司", "91110117", "91110117ma", CODE, "pgsl", "PGSL", "slgy"[:2], "ｐｇ"):
        assert found(register, text) == [name], text
    for text in (
        "pgsldtzg",
        "pgslstzg",
        "pgslstcg",
        "dtzg",
        "stcg",
        "pinggu",
        "pinggushi",
        "pinggushilidan",
        "danti",
        "shanti",
    ):
        assert found(register, text) == [name], f"all readings of 单 and 重 count: {text}"
    for text in ("平谷sl", "示例dt", "zgyxgs"):
        assert found(register, text) == [name], f"characters and initials mixed: {text}"
    for text in ("pgsx", "谷平", "0117", "ingu", "平谷无关", "   ", "。", ""):
        assert found(register, text) == [], text


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("曾仇单", ["zcd", "zqs", "ccc", "cqd"]),
        ("重庆", ["zq", "cq"]),
        ("长乐", ["cl", "zl", "cy", "zy"]),
        ("解查", ["jc", "jz", "xz", "xc"]),
    ],
)
def test_every_reading_of_every_character_counts(register: Register, name: str, initials: list[str]) -> None:
    register.add_applicant("个人", name)
    for typed in initials:
        assert found(register, typed) == [name], typed


def test_rare_characters(register: Register) -> None:
    names_ = ["示例㛃", "示例𬭎", "示例𡌶店", "\U00031350示例"]  # the last one is younger than Python's tables
    for name in names_:
        register.add_applicant("个人", name)
    assert [found(register, c) for c in ("㛃", "𬭎", "𡌶", "\U00031350")] == [[n] for n in names_]
    assert found(register, "例𡌶") == ["示例𡌶店"]
    assert found(register, "slj") == ["示例㛃"]
    assert found(register, "slh") == ["示例𬭎"]
    assert set(found(register, "sl")) == set(names_), "what has no known reading doesn't hide its neighbours"


def test_closest_first_latest_first(register: Register) -> None:
    for name in ("北京平谷科技", "平谷科技园", "平谷科技", "科技平谷", "平谷科农"):
        register.add_applicant("企业", name)
    assert found(register, "pgkj") == ["平谷科技", "平谷科技园", "北京平谷科技"]
    assert found(register, "平谷") == ["平谷科农", "平谷科技", "平谷科技园", "科技平谷", "北京平谷科技"]
    assert [a.name for a in register.search("pg", limit=2)] == ["平谷科农", "平谷科技"]


@given(st.text(max_size=30))
def test_whatever_is_typed_is_searched_without_fault(text: str) -> None:
    """The grams are quoted into a query language; nothing that is typed may break out of it."""
    for search in names.searches(text):
        assert search.accepts("示例科技") in (True, False)
        assert search.grams.count('"') % 2 == 0


def test_odd_queries_reach_the_database_unharmed(register: Register) -> None:
    register.add_applicant("企业", '示例"引号"公司 (北京)')
    for text in ('"', "*", "a\x00b", "' OR 1=1 --", "NOT", "AND", "^示", "示例*", "x" * 5000, "\ud800", "示例\n公司"):
        register.search(text)
    assert found(register, '示例"引') == ['示例"引号"公司 (北京)']
    assert found(register, "公司（北京）") == ['示例"引号"公司 (北京)']


@given(st.lists(st.sampled_from("平谷单重曾示例科技长乐A3·"), min_size=1, max_size=8).map("".join), st.data())
def test_the_index_never_hides_what_the_matcher_would_accept(name: str, data: st.DataObject) -> None:
    """Any run of units typed by any of its singles has all its grams in the name's index entry."""
    row = names.units(name)
    if not row:
        return
    start = data.draw(st.integers(0, len(row) - 1))
    end = data.draw(st.integers(start + 1, len(row)))
    typed = "".join(data.draw(st.sampled_from(sorted(unit.singles))) for unit in row[start:end])
    entry = set(names.grams(name).split(" "))
    inside = next(search for search in names.searches(typed) if search.kind == "inside")
    assert inside.accepts(name)
    assert {gram.strip('"') for gram in inside.grams.split(" AND ")} <= entry


def test_changes_are_found_and_the_old_name_is_not(register: Register) -> None:
    made = register.add_applicant("企业", "示例旧名公司", code=CODE)
    register.update_applicant(replace(made, name="示例新名公司"))
    assert found(register, "旧名") == []
    assert found(register, "xmgs") == ["示例新名公司"]
    assert "修改申请人" in {row.event for row in register.audit_rows()}
    assert register.check() == []


def test_the_same_code_is_not_entered_twice(register: Register) -> None:
    first = register.add_applicant("企业", "示例甲公司", code=CODE)
    with pytest.raises(errors.DuplicateApplicant, match="已登记在“示例甲公司”名下") as refusal:
        register.add_applicant("企业", "示例乙公司", code=CODE.lower())
    assert refusal.value.applicant_id == first.id
    for name in ("示例丙", "示例丁"):
        register.add_applicant("个人", name)  # no code yet: any number of these
    with pytest.raises(errors.InvalidEntry, match="名称没有填"):
        register.add_applicant("企业", "  ")
    with pytest.raises(errors.InvalidEntry, match="应为企业、机构、个人之一"):
        register.add_applicant("公司", "示例")  # type: ignore[arg-type]
    with pytest.raises(errors.NotFound):
        register.get(99)


def test_the_latest_known_fact_counts_and_history_stays(register: Register) -> None:
    made = register.add_applicant("企业", "示例公司")
    case = register.open_case("tztc", "1", applicant_id=made.id)
    register.remember(made.id, "从业人数", "30", date(2025, 3, 1))
    register.remember(made.id, "从业人数", "45", date(2026, 3, 1), case.id)
    register.remember(made.id, "从业人数", "20", date(2024, 3, 1))  # entered later, about an earlier day
    known = register.known_facts(made.id)["从业人数"]
    assert (known.value_text, known.noted_at, known.case_id) == ("45", date(2026, 3, 1), case.id)
    rows = register._db.rows("SELECT text FROM known_facts ORDER BY id")
    assert [text for (text,) in rows] == ["30", "45", "20"]


def test_reading_a_persons_record_leaves_a_trace(register: Register) -> None:
    person = register.add_applicant("个人", "示例申请人")
    firm = register.add_applicant("企业", "示例公司")
    before = len(register.audit_rows())
    register.get(firm.id)
    register.get(person.id)
    assert len(register.audit_rows()) == before + 1
    last = register.audit_rows()[0]
    assert (last.event, last.subject, last.clerk_no) == ("查阅个人档案", f"申请人{person.id}", "01")


def test_a_glance_at_a_person_shows_a_masked_number_and_is_no_reading_of_the_file(register: Register) -> None:
    person = register.add_applicant("个人", "示例申请人", code="11011719900101001X", phone="13800000000")
    before = len(register.audit_rows())
    glance = register.glance(person.id)
    assert (glance.name, glance.code, glance.phone) == ("示例申请人", "110117********001X", "")
    assert len(register.audit_rows()) == before
    register.get(person.id)
    assert len(register.audit_rows()) == before + 1
