"""Issue 12, import: what was agreed to is written whole, once, with an entry each; what nobody has seen is not written over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from pinggu_desk.register import Register, errors, events
from pinggu_desk.register.importing import Entry, ListedAward, Source
from pinggu_desk.register.records import Applicant
from pinggu_desk.register.tables import award_origins, fact_origins

from .conftest import Clock

OTHER_WORD = "-".join(("Sample", "2", "abc"))
CODE, OTHER = "91110117MA01ABCD5U", "91110117MA00DEMA8F"
LIST = Source("示例花名册.xlsx", "ab" * 32, date(2026, 3, 1), "申请人")


@pytest.fixture(params=["file", "server"])
def either(request: pytest.FixtureRequest) -> Register:
    """A register in a file, and one on a server."""
    register: Register = request.getfixturevalue("register" if request.param == "file" else "shared")
    return register


def entries(register: Register) -> list[Entry]:
    """One new, one that changes, as a preview has them."""
    known = next(a for a in register.search("示例甲公司"))
    return [
        Entry(2, replace(known, phone="010-00000002"), {"职工人数": "31人"}, alike=frozenset((known.id,))),
        Entry(3, Applicant(0, "企业", "示例乙公司", OTHER), {"本区工商注册": "是"}),
    ]


def state(register: Register) -> tuple[object, ...]:
    found = register.bearers()
    return (
        sorted((a.name, a.phone) for a in found.everyone.values()),
        {who: register.known_facts(who) for who in found.everyone},
        len(register.audit_rows(1000)),
    )


def test_an_import_is_written_with_an_entry_for_each_and_one_for_the_whole(either: Register) -> None:
    either.add_applicant("企业", "示例甲公司", code=CODE, phone="010-00000001")
    done = either.import_list(LIST, entries(either))
    assert (done.new, done.changed, done.facts) == (1, 1, 2)
    first, second = either.search("示例甲公司")[0], either.search("示例乙公司")[0]
    assert (first.phone, second.code) == ("010-00000002", OTHER)
    known = either.known_facts(first.id)["职工人数"]
    assert (known.value_text, known.noted_at, known.origin, known.clerk_no) == (
        "31人", LIST.on, "名单导入“示例花名册.xlsx”第 2 行", "01",
    )  # fmt: skip
    told = {row.subject: row.detail for row in either.audit_rows() if row.event == events.APPLICANT_IMPORTED}
    assert (
        set(told) == {f"申请人{first.id}", f"申请人{second.id}"} and "情况 1 项：职工人数" in told[f"申请人{first.id}"]
    )
    (whole,) = (row.detail for row in either.audit_rows() if row.event == events.LIST_IMPORTED)
    assert "示例花名册.xlsx" in whole and "新登记 1 个，修改 1 个，情况 2 项" in whole and "ab" * 32 in whole
    assert either.check() == []
    assert either.import_list(LIST, []).words.startswith("新登记 0 个"), "nothing agreed to, nothing written"
    assert len([row for row in either.audit_rows() if row.event == events.LIST_IMPORTED]) == 1


@pytest.mark.parametrize("after", range(3))
def test_a_cancelled_import_leaves_nothing(register: Register, after: int) -> None:
    register.add_applicant("企业", "示例甲公司", code=CODE, phone="010-00000001")
    before, asked = state(register), iter(range(10))
    with pytest.raises(errors.ImportStopped, match="没有任何变化"):
        register.import_list(LIST, entries(register), stop=lambda: next(asked) >= after)
    assert state(register) == before and register.check() == []


def test_what_came_in_after_the_preview_refuses_the_whole(register: Register) -> None:
    register.add_applicant("企业", "示例甲公司", code=CODE, phone="010-00000001")
    wanted = entries(register)
    register.add_applicant("企业", "示例 乙公司")
    before = state(register)
    with pytest.raises(errors.InvalidEntry, match="第 3 行的“示例乙公司”：预览之后登记库里登记了“示例 乙公司”"):
        register.import_list(LIST, wanted)
    assert state(register) == before


def test_a_colleagues_change_is_not_written_over(register: Register) -> None:
    register.add_applicant("企业", "示例甲公司", code=CODE, phone="010-00000001")
    wanted = entries(register)
    seen = wanted[0].who
    register._ours.clear()
    register.update_applicant(replace(seen, phone="010-00000009"))
    register._ours.clear()
    with pytest.raises(errors.Overtaken, match=r"电话现为“010-\*\*\*\*0009”"):
        register.import_list(LIST, wanted)
    assert register.search("示例甲公司")[0].phone == "010-00000009" and not register.search("示例乙公司")


def test_only_the_head_takes_lists_in(register: Register, folder: Path, clock: Clock) -> None:
    register.add_clerk("02", "示例同事", OTHER_WORD)
    other = Register.open(folder, clerk_no="02", password=OTHER_WORD, now=clock)
    with pytest.raises(errors.NotAllowed, match="“从名单导入”由负责人办理"):
        other.import_list(LIST, [Entry(2, Applicant(0, "企业", "示例丙公司"))])
    other.close()


def test_awards_of_a_departments_list_say_where_they_came_from_and_may_have_a_title_of_their_own(
    either: Register,
) -> None:
    firm = either.add_applicant("企业", "示例甲公司", code=CODE)
    awards = [
        ListedAward(2, "ss", "ss.neeq", 100, date(2025, 5, 1), document="示例发〔2025〕1号"),
        ListedAward(3, "ss", "", 200, date(2021, 12, 31), title="示例旧奖励", note="，只写到 2021 年"),
    ]
    department = replace(LIST, what="以往奖励", file="示例部门.csv")
    done = either.import_list(department, [Entry(2, firm, awards=awards, alike=frozenset((firm.id,)))])
    assert done.awards == 2 and not done.changed
    old, new = either.awards(firm.id)
    assert (new.source, new.document, new.origin) == ("部门名单", "示例发〔2025〕1号", "部门名单“示例部门.csv”第 2 行")
    assert (old.title, old.benefit_id, old.origin) == (
        "示例旧奖励",
        "",
        "部门名单“示例部门.csv”第 3 行，只写到 2021 年",
    )
    assert old.clerk_no == "01" and old.at is not None and either.check() == []
    with pytest.raises(errors.InvalidEntry, match="往年的项目请写它的名称"):
        either.add_award(firm.id, "ss", "", 1, date(2025, 1, 1))


def test_the_history_of_a_fact_names_day_origin_and_clerk(register: Register) -> None:
    firm = register.add_applicant("企业", "示例甲公司", code=CODE)
    case = register.open_case("tztc", "1", applicant_id=firm.id)
    register.remember(firm.id, "职工人数", "30人", date(2025, 3, 2))
    register.remember(firm.id, "职工人数", "35人", date(2026, 3, 2), case.id)
    register.import_list(LIST, [Entry(2, firm, {"职工人数": "31人"}, alike=frozenset((firm.id,)))])
    told = [(one.text, one.on, one.case_number, one.origin, one.clerk_no) for one in register.noted(firm.id)]
    assert told == [
        ("30人", date(2025, 3, 2), "", "窗口登记", "01"),
        ("31人", LIST.on, "", "名单导入“示例花名册.xlsx”第 2 行", "01"),
        ("35人", date(2026, 3, 2), case.number, "", ""),
    ]
    assert register.known_facts(firm.id)["职工人数"].value_text == "35人", "an older list takes nothing's place"


def test_what_is_forgotten_takes_where_it_came_from_along(register: Register) -> None:
    """Retention: a file's or person's name stands in an origin; it goes with the row that it tells of."""
    firm = register.add_applicant("企业", "示例甲公司", code=CODE)
    register.import_list(LIST, [Entry(2, firm, {"职工人数": "31人"}, alike=frozenset((firm.id,)))])
    award = register.add_award(firm.id, "ss", "ss.neeq", 100, date(1990, 1, 1), origin="部门名单“示例.csv”第 2 行")
    (past,) = (one for one in register.past_term() if one.number == f"奖励{award.id}")
    register.forget([past])
    assert register._db.rows(select(award_origins.c.award_id)) == []
    with register._db.transaction():
        register._drop_applicants([firm.id])
    assert register._db.rows(select(fact_origins.c.fact_id)) == [] and register.check() == []
