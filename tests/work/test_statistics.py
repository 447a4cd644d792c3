"""Statistics (统计): every figure added up by hand, on both sides of a month's end, one applicant's money once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete

from pinggu_desk.documents.statistics.table import StatRow, StatTable
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.register import passwords
from pinggu_desk.register.records import MATCHING
from pinggu_desk.register.tables import paper_findings
from pinggu_desk.work import periods
from pinggu_desk.work.periods import Period
from pinggu_desk.work.statistics import DIMENSIONS, Cube, Dimension, Query, read_cube
from tests import bundled
from tests.work.counted import Counted, stated, sure, up_to


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COST", (1, 8, 1))


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Counted]:
    one = Counted(tmp_path / "登记库")
    yield one
    one.register.close()


def cube_of(made: Counted) -> Cube:
    return read_cube(made.register, bundled.pack())


def by(
    cube: Cube, *dimensions: Dimension, period: Period = periods.ALL_TIME, only: tuple[tuple[Dimension, str], ...] = ()
) -> StatTable:
    return cube.table(Query(dimensions, period, only))


def figures(table: StatTable) -> dict[str, tuple[int, ...]]:
    return {row.label: row.figures for row in table.rows}


def filled(made: Counted) -> None:
    """Three applicants, five cases over a month's end, two windows, two clerks."""
    a, b, c = (made.register.add_applicant("企业", f"示例{name}有限公司").id for name in "甲乙丙")
    one = made.case("ss", a, "2026-03-31T23:59:59")
    made.paper(one, sure("ss.2.1", "100000.50"), up_to("ss.2.2", "300000.00"), stated("ss.2.3", "review"))
    two = made.case("jr", a, "2026-03-30T10:00:00")
    made.paper(two, stated("jr.2.1", "ineligible"), stated("jr.2.2", kind="loan", amount_yuan="9000000.00"))
    made.other_clerk("02")
    three = made.case("ss", b, "2026-04-01T00:00:00")
    made.paper(three, sure("ss.2.1", "200000.25"), stated("ss.2.2", "unknown"))
    made.case("ss", c, "2026-04-15T09:00:00")  # no paper yet
    five = made.case("ss", b, "2026-04-20T09:00:00")
    made.paper(five, stated("ss.2.3", figure="range", min_yuan="1.00", max_yuan="9.00"))


def test_each_dimension_gives_the_sums_that_were_added_by_hand(made: Counted) -> None:
    filled(made)
    cube = cube_of(made)
    ss, jr = cube.label("政策", "ss"), cube.label("政策", "jr")
    assert figures(by(cube, "政策")) == {ss: (4, 3, 4, 1, 30_000_075, 30_000_000, 1), jr: (1, 1, 1, 0, 0, 0, 0)}
    assert figures(by(cube, "月份")) == {
        "2026年3月": (2, 1, 3, 1, 10_000_050, 30_000_000, 0), "2026年4月": (3, 2, 2, 0, 20_000_025, 0, 1),
    }  # fmt: skip
    assert figures(by(cube, "经办人")) == {
        "示例经办甲（01）": (2, 1, 3, 1, 10_000_050, 30_000_000, 0), "示例经办乙（02）": (3, 2, 2, 0, 20_000_025, 0, 1),
    }  # fmt: skip
    assert figures(by(cube, "窗口")) == {
        "未设窗口号": (3, 2, 2, 0, 20_000_025, 0, 1), "03 号窗口": (2, 1, 3, 1, 10_000_050, 30_000_000, 0),
    }  # fmt: skip
    assert figures(by(cube, "结论")) == {
        "可申请": (4, 2, 5, 0, 30_000_075, 30_000_000, 1), "需人工认定": (1, 1, 0, 1, 0, 0, 0),
        "需补充信息": (1, 1, 0, 0, 0, 0, 0), "不符合": (1, 1, 0, 0, 0, 0, 0), "未出具文书": (1, 1, 0, 0, 0, 0, 0),
    }  # fmt: skip
    listing = figures(by(cube, "支持事项"))
    assert listing[cube.label("支持事项", "ss.2.1")] == (2, 2, 2, 0, 30_000_075, 0, 0)
    total = by(cube, "结论").total.figures
    assert total == by(cube, "政策").total.figures == (5, 3, 5, 1, 30_000_075, 30_000_000, 1)


def test_what_may_be_picked_is_what_has_a_row(made: Counted) -> None:
    filled(made)
    made.register.close_case(made.case("ss", None, "2026-05-01T09:00:00").id, "已撤销")
    cube = cube_of(made)
    for dimension in DIMENSIONS:
        assert sorted(label for _, label in cube.values(dimension)) == sorted(figures(by(cube, dimension))), dimension
        assert all(cube.label(dimension, value) == label for value, label in cube.values(dimension))


def test_two_dimensions_and_what_is_picked(made: Counted) -> None:
    filled(made)
    cube = cube_of(made)
    both = by(cube, "政策", "月份", only=(("政策", "ss"),))
    assert [(row.keys[1], row.cases, row.certain_fen) for row in both.rows] == [
        ("2026年3月", 1, 10_000_050), ("2026年4月", 3, 20_000_025),
    ]  # fmt: skip
    assert "政策：" in both.picked and both.total.cases == 4
    assert by(cube, "月份", only=(("结论", "review"),)).total.cases == 1
    with pytest.raises(BadInput):
        by(cube, "政策", "政策")
    with pytest.raises(BadInput):
        by(cube)


def test_a_period_holds_its_first_and_its_last_moment_and_nothing_beside(made: Counted) -> None:
    filled(made)
    cube = cube_of(made)
    march, april = (periods.own(date(2026, m, 1), date(2026, m, d)) for m, d in ((3, 31), (4, 30)))
    assert by(cube, "政策", period=march).total.cases == 2 and by(cube, "政策", period=april).total.cases == 3
    assert by(cube, "政策", period=march).period == "2026年3月1日至2026年3月31日"
    assert by(cube, "政策", period=periods.own(None, date(2026, 3, 30))).total.cases == 1
    nothing = by(cube, "政策", period=periods.own(date(2027, 1, 1), None))
    assert nothing.rows == () and nothing.total.figures == (0,) * 7


def test_periods_by_name_end_on_the_last_day_of_their_month() -> None:
    day = date(2028, 2, 29)
    spans = {name: (p.since, p.until) for name in periods.NAMED for p in [periods.named(name, day)]}
    assert spans["本月"] == (date(2028, 2, 1), date(2028, 2, 29)) and spans["上月"] == (
        date(2028, 1, 1),
        date(2028, 1, 31),
    )
    assert spans["本季"] == (date(2028, 1, 1), date(2028, 3, 31)) and spans["全部"] == (None, None)
    assert periods.named("本月", date(2026, 12, 31)).until == date(2026, 12, 31)
    assert periods.named("上月", date(2026, 1, 1)).words == "2025年12月1日至2025年12月31日"
    with pytest.raises(BadInput):
        periods.own(date(2026, 2, 1), date(2026, 1, 1))


def test_one_applicants_money_for_one_benefit_counts_once_by_the_latest_paper_and_that_is_said(made: Counted) -> None:
    who = made.register.add_applicant("企业", "示例甲有限公司").id
    first = made.case("ss", who, "2026-01-10T09:00:00")
    made.paper(first, sure("ss.2.1", "100.00"), at="2026-01-10T10:00:00")
    made.paper(
        first, sure("ss.2.1", "150.00"), at="2026-01-11T10:00:00"
    )  # the case's latest paper is the one that counts
    again = made.case("ss", who, "2026-02-10T09:00:00")
    made.paper(again, sure("ss.2.1", "400.00"))
    cube = cube_of(made)
    table = by(cube, "月份")
    assert [(r.cases, r.eligible, r.certain_fen) for r in table.rows] == [(1, 1, 15_000), (1, 1, 40_000)]
    assert table.total.certain_fen == 40_000 and table.total.applicants == 1
    said = "".join(table.notes)
    assert "较早的 1 项（确定金额 150.00 元）没有计入合计" in said and "各行相加比合计多，确定金额多 150.00 元" in said
    for row, month in zip(table.rows, (1, 2), strict=True):  # a row says what the table of that month alone says
        alone = by(cube, "政策", period=periods.own(date(2026, month, 1), date(2026, month, 28)))
        assert alone.total.figures == row.figures and "没有计入" not in "".join(alone.notes)
    whole = by(cube, "政策")
    assert [r.certain_fen for r in whole.rows] == [40_000] and "比合计多" not in "".join(whole.notes)


def test_a_joint_letter_counts_once_and_less_what_may_not_be_had_together(made: Counted) -> None:
    who = made.register.add_applicant("企业", "示例甲有限公司").id
    enquiry = made.case(MATCHING, who, "2026-03-02T09:00:00")
    ss, jr = made.case("ss", who, "2026-03-02T09:10:00"), made.case("jr", who, "2026-03-02T09:11:00")
    made.register.join_visit(enquiry.id, [ss.id, jr.id])
    letter = made.paper(enquiry, sure("ss.2.1", "500.00"), sure("jr.2.1", "300.00", "0.00"), sure("zscq.2.1", "70.00"))
    made.register.share_paper(letter, [ss.id, jr.id])
    table = by(cube_of(made), "政策")
    rows = {row.label: row for row in table.rows}
    assert (rows["政策匹配"].cases, rows["政策匹配"].certain_fen) == (1, 0)
    cube = cube_of(made)
    assert rows[cube.label("政策", "ss")].certain_fen == 50_000 and rows[cube.label("政策", "jr")].certain_fen == 0
    assert (rows[cube.label("政策", "zscq")].cases, rows[cube.label("政策", "zscq")].certain_fen) == (0, 7_000)
    assert rows[cube.label("政策", "zscq")].case_ids == (enquiry.id,)
    assert rows[cube.label("政策", "ss")].eligible == 1  # one paper tells it, though it is two cases'
    assert (table.total.certain_fen, table.total.cases, table.total.eligible) == (57_000, 3, 3)
    assert any("300.00 元已经扣除" in note for note in table.notes)
    assert any(note.startswith("政策匹配的办件单列一行") for note in table.notes)


def test_withdrawn_sample_unnamed_and_merged_ones(made: Counted) -> None:
    register = made.register
    kept, gone = register.add_applicant("企业", "示例甲有限公司"), register.add_applicant("企业", "示例甲(有限)公司")
    for applicant in (kept, gone):
        made.paper(made.case("ss", applicant.id, "2026-03-02T09:00:00"), sure("ss.2.1", "100.00"))
    assert by(cube_of(made), "政策").total.applicants == 2
    register.merge(kept.id, gone.id)
    merged = by(cube_of(made), "政策").total
    assert (merged.cases, merged.applicants, merged.certain_fen) == (2, 1, 10_000)
    off = made.case("ss", kept.id, "2026-03-03T09:00:00")
    made.paper(off, sure("ss.2.9", "7.00"))
    register.close_case(off.id, "已撤销")
    sample = register.add_applicant("个人", "示例申请人", sample=True)
    made.paper(made.case("ss", sample.id, "2026-03-03T09:00:00"), sure("ss.2.1", "9.00"))
    made.case("ss", None, "2026-03-03T09:00:00")
    table = by(cube_of(made), "政策")
    assert (table.total.cases, table.total.applicants, table.total.certain_fen) == (3, 1, 10_000)
    said = "".join(table.notes)
    assert "1 件已撤销" in said and "1 件示例申请人" in said and "1 件还没有登记申请人" in said


def test_a_practice_register_counts_its_samples_and_nothing_is_mixed(tmp_path: Path) -> None:
    made = Counted(tmp_path / "演练", practice=True)
    sample = made.register.add_applicant("企业", "示例有限公司", sample=True)
    made.paper(made.case("ss", sample.id, "2026-03-02T09:00:00"), sure("ss.2.1", "5.00"))
    cube = cube_of(made)
    assert cube.practice and by(cube, "政策").total.certain_fen == 500
    made.register.close()


def test_loans_rates_and_services_are_no_money_and_what_nobody_mentioned_is_no_result(made: Counted) -> None:
    who = made.register.add_applicant("企业", "示例甲有限公司").id
    made.paper(
        made.case("jr", who, "2026-03-02T09:00:00"),
        stated("jr.2.1", kind="loan", amount_yuan="1000000.00", counted_yuan="1000000.00"),
        stated("jr.2.2", kind="interest", amount_yuan="9.00", rate_pct="50"), stated("jr.2.3", kind="service", figure="in_kind"),
        stated("jr.2.4", kind="subsidy_rate", figure="up_to", rate_max_pct="60", max_yuan="5.00"),
        stated("jr.2.5", "unknown", not_raised=True), stated("jr.2.6", kind="interest", amount_yuan="8.88"),
    )  # fmt: skip
    total = by(cube_of(made), "支持事项").total
    assert (total.eligible, total.certain_fen, total.ceiling_fen, total.open) == (5, 888, 0, 0)
    assert not any("jr.2.5" in row.label for row in by(cube_of(made), "支持事项").rows)


def test_papers_of_an_earlier_program_are_read_when_first_asked_for_and_said_to_be_such(made: Counted) -> None:
    who = made.register.add_applicant("企业", "示例甲有限公司").id
    for n in range(3):
        old = {k: v for k, v in sure(f"ss.2.{n}", "1.00").items() if k != "counted_yuan"}
        made.paper(made.case("ss", who, "2026-03-02T09:00:00"), old)
    with made.register._db.transaction():
        made.register._db.run(delete(paper_findings))  # as an earlier program left it: it kept none
    assert made.register.count_cases()[0].findings == ()
    table = by(cube_of(made), "政策")
    assert table.total.certain_fen == 300 and any("3 项取自早先版本" in note for note in table.notes)
    assert made.register.check() == [] and made.register.prepare_statistics() == 0
    with made.register._db.transaction():
        made.register._db.run("UPDATE paper_findings SET found = replace(found, '100', '900')")
    assert any(fault.startswith("文书结论") for fault in made.register.check())


def test_row_is_what_heads_name() -> None:
    row = StatRow(("甲", "乙"), 1, 2, 3, 4, 5, 6, 7)
    assert row.label == "甲　乙" and row.figures == (1, 2, 3, 4, 5, 6, 7)
