"""Issue 11, lists: columns are remembered by shape, sealed and on the trail; past awards of a chunk are found by code or name."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import bindparam, update

from pinggu_desk.register import Register, events
from pinggu_desk.register.listed import Stated
from pinggu_desk.register.records import Applicant, ApplicantKind
from pinggu_desk.register.tables import list_shapes

CODE, OTHER = "91110117MA01ABCD5U", "91110117MA00DEMA8F"
SHAPE = "a" * 64


@pytest.fixture
def register(on_each: Register) -> Register:
    return on_each


def test_what_a_column_holds_is_remembered_by_shape_and_on_the_trail(register: Register) -> None:
    assert register.list_shape(SHAPE) is None
    register.keep_list_shape(SHAPE, {})
    assert register.list_shape(SHAPE) is None, "nothing was said, nothing is kept"
    register.keep_list_shape(SHAPE, {3: "职工人数", 5: None})
    kept = register.list_shape(SHAPE)
    assert kept is not None and (kept.choices, kept.clerk_no) == ({3: "职工人数", 5: None}, register.clerk.no)
    told = [row for row in register.audit_rows() if row.event == events.LIST_COLUMNS]
    assert len(told) == 1 and "职工人数" in told[0].detail
    register.keep_list_shape(SHAPE, {3: "职工人数", 5: None})
    assert len([row for row in register.audit_rows() if row.event == events.LIST_COLUMNS]) == 1
    register.keep_list_shape(SHAPE, {})
    assert register.list_shape(SHAPE) is None and register.check() == []


def test_a_remembered_column_that_was_altered_shows(register: Register) -> None:
    register.keep_list_shape(SHAPE, {3: "职工人数"})
    assert register.check() == []
    with register._db.transaction():
        register._db.run(update(list_shapes).values(choices=bindparam("now")), now='{"3": "研发投入"}')
    assert [sentence for sentence in register.check() if "名单列的对应" in sentence]


def test_past_awards_of_a_chunk_are_found_by_code_then_by_name(register: Register) -> None:
    coded = register.add_applicant("企业", "示例甲（北京）公司", code=CODE)
    named = register.add_applicant("企业", "示例乙公司")
    register.add_applicant("企业", "示例丙公司", code=OTHER)
    for whose, fen in ((coded, 100), (coded, 200), (named, 300)):
        register.add_award(whose.id, "ss", "ss.neeq", fen, date(2025, 5, 1))
    found = register.listed_awards().of([
        ("改了名的公司", "9111 0117 ma01 abcd 5u"), ("示例甲(北京) 公司", ""), ("示例甲（北京）公司", OTHER[:-1] + "X"),
        ("示例乙公司", "91110117MA01ABCE3N"), ("示例乙 公司", ""), ("示例丙公司", OTHER), ("没有登记的公司", ""), ("", ""),
    ])  # fmt: skip
    sums = [None if awards is None else [award.amount_fen for award in awards] for awards in found]
    assert sums == [[100, 200], [100, 200], None, [300], [300], None, None, None]


def test_who_said_that_there_never_was_an_award_has_none_and_who_said_nothing_is_not_known(register: Register) -> None:
    never, since, silent = (register.add_applicant("企业", f"示例{who}公司") for who in "甲乙丙")
    for whose in (never, since):
        register.remember(whose.id, "以前领过奖励补贴", "否", date(2026, 1, 5))
    register.add_award(since.id, "ss", "ss.neeq", 100, date(2026, 2, 1))
    found = register.listed_awards().of([(whose.name, "") for whose in (never, since, silent)])
    assert [awards if not awards else awards[0].amount_fen for awards in found] == [(), 100, None]


def test_of_two_of_one_name_nobody_is_guessed_and_merged_ones_lead_to_the_survivor(register: Register) -> None:
    first, second = register.add_applicant("企业", "示例甲公司"), register.add_applicant("企业", "示例甲 公司")
    register.add_award(first.id, "ss", "ss.neeq", 100, date(2025, 5, 1))
    assert register.listed_awards().of([("示例甲公司", "")]) == [None]
    register.merge(second.id, first.id)
    (awards,) = register.listed_awards().of([("示例甲公司", "")])
    assert awards is not None and [award.amount_fen for award in awards] == [100]


NUMBER, ANOTHER = "11010519491231002X", "110105194912310011"


def row(
    kind: ApplicantKind, name: str, code: str = "", *, line: int = 2, policy: str = "", benefit: str = ""
) -> Stated:
    """One row of a list; with one past award if a benefit is named."""
    awards = [(policy, benefit, 100, date(2025, 5, 1), "")] if benefit else []
    who = Applicant(0, kind, name, code, "", "", "")
    return Stated(who, date(2026, 4, 1), {"职工人数": "30人"}, {}, awards, f"采用名单“示例.csv”第 {line} 行")


def test_an_award_that_the_register_has_is_not_noted_twice_however_the_list_names_it(register: Register) -> None:
    """Twice the same award counted twice against a limit; the desk keeps a benefit by its whole number."""
    whose = register.add_applicant("企业", "示例甲公司", code=CODE)
    register.add_award(whose.id, "ss", "ss.neeq", 100, date(2025, 5, 1))
    for line, benefit in enumerate(("neeq", "ss.neeq"), 2):
        register.open_listed(row("企业", "示例甲公司", CODE, line=line, policy="ss", benefit=benefit), "1")
    assert [award.benefit_id for award in register.awards(whose.id)] == ["ss.neeq"]
    case, _ = register.open_listed(row("企业", "示例乙公司", OTHER, policy="ss", benefit="neeq"), "1")
    assert case.applicant_id is not None
    assert [award.benefit_id for award in register.awards(case.applicant_id)] == ["ss.neeq"]


def test_a_persons_name_alone_is_not_who_it_is(register: Register) -> None:
    """Firms bear a name of their own, people share theirs: another's awards and answers are nobody else's."""
    person = register.add_applicant("个人", "示例张三", code=NUMBER)
    unnumbered = register.add_applicant("个人", "示例李四")
    for whose in (person, unnumbered):
        register.add_award(whose.id, "rcst", "rcst.station", 100, date(2025, 5, 1))
    found = register.listed_awards().of(
        [("示例张三", ""), ("示例张三", NUMBER), ("示例李四", ANOTHER), ("示例李四", "")]
    )
    assert [awards is not None for awards in found] == [False, True, False, True]
    opened = {
        name: register.open_listed(row("个人", name, code, line=line), "1")[0].applicant_id
        for line, (name, code) in enumerate((("示例张三", ""), ("示例李四", ANOTHER)), 2)
    }
    assert opened["示例张三"] != person.id and opened["示例李四"] != unnumbered.id
    firm, new = register.open_listed(row("企业", "示例张三", line=9), "1")
    assert new and firm.applicant_id not in (person.id, unnumbered.id, *opened.values())
    again, new = register.open_listed(row("个人", "示例张三", line=2), "1")
    assert again.applicant_id == opened["示例张三"] and not new
    assert register.check() == []
