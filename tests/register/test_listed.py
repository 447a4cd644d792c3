"""Issue 11, lists: columns are remembered by shape, sealed and on the trail; past awards of a chunk are found by code or name."""

from __future__ import annotations

from datetime import date

from pinggu_desk.register import Register, events

CODE, OTHER = "91110117MA01ABCD5U", "91110117MA00DEMA8F"
SHAPE = "a" * 64


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
    register._db.run("UPDATE list_shapes SET choices = ?", '{"3": "研发投入"}')
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
