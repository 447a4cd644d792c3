"""FOUND 57: past awards come along with a list on a sheet of their own, and count as they do for one applicant."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bench.lists import answers_of, asked, sample_rows
from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.commands.cli import run
from pinggu_desk.documents.books import pastawards
from pinggu_desk.documents.books.applicants import EnterpriseList
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.pack import load_pack
from pinggu_desk.work import batch as batching
from tests.documents.books.test_batch import same_line, table

ON = date(2026, 3, 2)
CODE, OTHER = "91110117MA00DEMA8F", "91110117MA01ABCD5U"
HEAD = ["申请人名称", "政策", "支持事项", "奖励金额（元）", "奖励日期"]
SRDI = "zxqy.srdi"
Cells = Sequence[Any]


@cache
def engine() -> Engine:
    return Engine(load_pack())


def book(
    path: Path, people: Sequence[Cells], awards: Sequence[Cells], title: str = "以往奖励",
    edit: Callable[[Any], object] = lambda _: None,
) -> Path:  # fmt: skip
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.title = "名单"
    beside = made.create_sheet(title)
    for where, rows in ((sheet, people), (beside, awards)):
        for cells in rows:
            where.append(list(cells))
    edit(beside)
    made.save(path)
    return path


def read(path: Path, on: date = ON) -> tuple[dict[int, tuple[Award, ...] | None], EnterpriseList]:
    """What is known of each row of the list."""
    with EnterpriseList(str(path), engine().pack) as found:
        past = found.past_awards(on)
        assert past is not None
        return {row.row: past.of(row.row) for chunk in found.chunks(100) for row in chunk}, found


def one(tmp_path: Path, *awards: Cells, head: Cells = HEAD, on: date = ON) -> tuple[Any, list[str]]:
    """The awards of the only applicant, and what is said of the cells that are not taken."""
    source = book(tmp_path / "in.xlsx", [["申请人名称", "职工人数"], ["示例公司", 12]], [head, *awards])
    known, found = read(source, on)
    return known[2], [f"{bad.column}{bad.row}：{bad.sentence}" for bad in found.bad]


# --- as one applicant at a time -------------------------------------------------------------------------------------


def test_a_list_with_past_awards_answers_as_each_applicant_by_itself(tmp_path: Path) -> None:
    """Some have awards, one says that it never had any, of the others nobody knows; every benefit of every policy."""
    pack, rnd = engine().pack, random.Random(57)
    facts = [fact for fact in asked(engine()) if fact.history is None]
    rows = sample_rows(engine(), facts, 8, ON, 0.9, seed=57)
    counted = sorted({name for fact in pack.facts.values() if fact.history for name in fact.history.benefits})
    benefits = {b.id: (policy, b) for policy in pack.policies.values() for b in policy.benefits}
    lines: list[Cells] = [HEAD]
    known: dict[int, tuple[Award, ...] | None] = dict.fromkeys(range(len(rows)))
    known[0] = ()
    lines.append(["示例企业1", None, "无", None, None])
    for number in range(1, 6):
        own: list[Award] = []
        for name in rnd.sample(counted, 25):
            policy, benefit = benefits[name]
            own.append(Award(policy.id, name.removeprefix(f"{policy.id}."), rnd.randint(1, 9) * 1_000_000,
                             date(rnd.choice((2023, 2024, 2025)), 12, 31) if rnd.random() < 0.5 else date(2026, 1, 9)))  # fmt: skip
            day: Any = own[-1].on if own[-1].on.year == 2026 else rnd.choice((own[-1].on.year, f"{own[-1].on.year}年"))
            lines.append([f"示例企业{number + 1}", policy.title, benefit.title, own[-1].amount_fen // 100, day])
        known[number] = tuple(own)
    people = [["申请人名称", *(fact.name for fact in facts)]]
    people += [[f"示例企业{number}", *cells] for number, cells in enumerate(rows, 1)]
    source = book(tmp_path / "in.xlsx", people, lines)
    made = tmp_path / "out.csv"
    done = batching.run_batch(engine(), str(source), tmp_path / "out.xlsx", ON, datetime(2026, 3, 2, 9), detail=made)
    assert not done.bad
    with made.open(encoding="utf-8-sig", newline="") as file:
        detail = {(line["名单行号"], line["政策"], line["支持事项"]): line for line in csv.DictReader(file)}
    moved = 0
    for number, cells in enumerate(rows):
        values = answers_of(engine(), {fact.name: value for fact, value in zip(facts, cells, strict=True)})
        alone, unknown = (determine(engine(), Answers(ON, values, past)) for past in (known[number], None))
        for d, before in zip(alone, unknown, strict=True):
            same_line(d, detail[str(number + 2), d.policy_title, d.title])
            moved += (d.status, d.amount_fen, d.max_fen) != (before.status, before.amount_fen, before.max_fen)
    assert moved > 20, "the awards that are known tell something"


def test_known_awards_go_before_a_no_to_whether_there_ever_was_one_in_a_madeas_for_one() -> None:
    import numpy as np

    from pinggu_desk.assess.columns import ColumnEngine
    from pinggu_desk.policy.facts import PRIOR

    award = Award("zxqy", "srdi", 30_000_000, date(2025, 5, 1))
    made = ColumnEngine(engine())
    split = {PRIOR: (np.zeros(2, np.int64), np.ones(2, np.bool_))}
    made._never(split, [(award,), None], 2)
    made._histories(split, [(award,), None], ON, 2)
    values, known = split["已领专精特新类奖励"]
    assert values.tolist() == [30_000_000, 0] and known.all()


# --- whose they are -------------------------------------------------------------------------------------------------


def test_by_code_first_then_by_the_name_however_it_is_written(tmp_path: Path) -> None:
    source = book(
        tmp_path / "in.xlsx",
        [
            ["企业名称", "统一代码", "职工人数"],
            ["示例（北京）公司", CODE, 3],
            ["示例乙", None, 3],
            ["示例丙", OTHER, 3],
        ],
        [
            ["单位名称", "信用代码", "奖励项目", "金额（万元）", "领取时间"],
            ["旧名公司", CODE.lower(), SRDI, 30, "2025-05-01"],
            ["示例 乙", OTHER.replace("1", "2"), SRDI, 20, date(2024, 5, 1)],
            ["某某", None, SRDI, 20, "2024-05-01"],
            ["示例丙", CODE.replace("8F", "9G"), SRDI, 20, "2024-05-01"],
            ["示例(北京)公司", None, "zxqy.city_platform", 50, "2024-05-01"],
        ],
    )
    known, found = read(source)
    assert known[2] == (
        Award("zxqy", "srdi", 30_000_000, date(2025, 5, 1)), Award("zxqy", "city_platform", 50_000_000, date(2024, 5, 1)),
    )  # fmt: skip
    assert known[3] == (Award("zxqy", "srdi", 20_000_000, date(2024, 5, 1)),)
    assert known[4] is None, "another code: whose it is cannot be told, so what was had is not known"
    assert [(bad.row, "代码" in bad.sentence) for bad in found.bad] == [(5, True)]
    told = "".join(found.told())
    assert "A2：名称与名单里的不同，按代码对应" in told and "第 4 行的申请人不在名单里" in told


def test_two_of_one_name_are_told_apart_by_code_or_asked_for(tmp_path: Path) -> None:
    people: list[Cells] = [
        ["姓名", "身份证号", "统一代码", "职工人数"],
        ["示例甲", None, CODE, 1],
        ["示例甲", None, OTHER, 1],
        ["示例乙", None, None, 1],
    ]
    head: Cells = ["姓名", "统一代码", "支持事项", "金额", "日期"]
    source = book(tmp_path / "a.xlsx", people, [head, ["示例甲", None, SRDI, 1, "2024-01-01"]])
    known, found = read(source)
    assert known == dict.fromkeys((2, 3, 4)) and "2 个申请人叫这个名称" in found.bad[0].sentence
    source = book(tmp_path / "b.xlsx", people, [head, ["示例甲", OTHER, SRDI, 1, "2024-01-01"]])
    known, found = read(source)
    assert known[2] is None and len(known[3] or ()) == 1 and not found.bad


def test_one_applicant_in_several_rows_has_its_awards_in_each(tmp_path: Path) -> None:
    def merge(beside: Any) -> None:
        beside.parent["名单"].merge_cells("A2:A3")
        beside.merge_cells("A2:A3")

    source = book(
        tmp_path / "in.xlsx", [["申请人名称", "职工人数"], ["示例甲", 1], [None, 2]],
        [["申请人名称", "支持事项", "金额", "日期"], ["示例甲", SRDI, 1, "2024-01-01"], [None, SRDI, 1, "2025-01-01"]], edit=merge,
    )  # fmt: skip
    known, _ = read(source)
    assert known[2] == known[3] and len(known[2] or ()) == 2


# --- what is known --------------------------------------------------------------------------------------------------


def test_no_row_proves_nothing_and_a_row_that_says_none_does(tmp_path: Path) -> None:
    source = book(
        tmp_path / "in.xlsx", [["申请人名称", "职工人数"], ["示例甲", 1], ["示例乙", 1], ["示例丙", 1]],
        [HEAD, ["示例甲", None, "无", None, None], ["示例丙", None, "无", 0, None], ["示例丙", None, SRDI, 5, "2024-01-01"]],
    )  # fmt: skip
    known, found = read(source)
    assert known == {2: (), 3: None, 4: None}
    assert "第 4 行却列有同一个申请人的奖励" in found.bad[0].sentence
    assert any("全部以往奖励" in line for line in found.told())
    assert any("没有列入" in line and "不知道" in line and "“无”" in line for line in found.told())


def test_a_no_in_the_list_beside_an_award_is_no_answer(tmp_path: Path) -> None:
    source = book(
        tmp_path / "in.xlsx", [["申请人名称", "职工人数", "以前领过奖励补贴"], ["示例甲", 1, "否"], ["示例乙", 1, "是"]],
        [HEAD, ["示例甲", None, SRDI, 5, "2024-01-01"], ["示例乙", None, SRDI, 5, "2024-01-01"]],
    )  # fmt: skip
    done = batching.run_batch(engine(), str(source), tmp_path / "out.xlsx", ON, datetime(2026, 3, 2, 9))
    assert done.bad == 1 and "C2" in done.problems[0] and "列有 1 项" in done.problems[0]
    faults = [row["填写问题"] for row in table(openpyxl.load_workbook(tmp_path / "out.xlsx")["汇总"])]
    assert "以往奖励" in str(faults[0]) and faults[1] is None


BAD: list[tuple[Cells, str]] = [
    (["示例公司", None, "zxqy.nothing", 5, "2024-01-01"], "C2：没有“zxqy.nothing”这个支持事项"),
    (["示例公司", "不存在的办法", SRDI, 5, "2024-01-01"], "C2：没有名为“不存在的办法”的政策"),
    (["示例公司", "平谷区中试基地管理办法", SRDI, 5, "2024-01-01"], "C2：“平谷区中试基地管理办法”里没有"),
    (["示例公司", None, "card", 5, "2024-01-01"], "请写明是哪一份政策"),
    (["示例公司", None, None, 5, "2024-01-01"], "没有填支持事项"),
    (["示例公司", None, SRDI, None, "2024-01-01"], "D2：没有填奖励金额"),
    (["示例公司", None, SRDI, "五万左右", "2024-01-01"], "D2：“奖励金额”的值“五万左右”"),
    (["示例公司", None, SRDI, -5, "2024-01-01"], "不能为负数"),
    (["示例公司", None, SRDI, 5, "去年"], "E2：“奖励日期”"),
    (["示例公司", None, SRDI, 5, None], "E2：没有填奖励日期"),
    (["示例公司", None, SRDI, 5, "2026年"], "E2：奖励日期只写到 2026 年，判断日 2026-03-02 正在其中"),
]


@pytest.mark.parametrize(("row", "says"), BAD)
def test_a_bad_cell_is_named_and_leaves_what_was_had_unknown_never_too_little(
    tmp_path: Path, row: Cells, says: str
) -> None:
    good = ["示例公司", None, SRDI, 5, "2024-01-01"]
    known, bad = one(tmp_path, row, good)
    assert known is None and len(bad) == 1 and says in bad[0] and bad[0].endswith("。"), bad
    assert one(tmp_path, good)[0] is not None


def test_good_rows_are_used_beside_bad_ones_of_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = book(
        tmp_path / "in.xlsx", [["申请人名称", "职工人数"], ["示例甲", 1], ["示例乙", 1]],
        [HEAD, ["示例甲", None, SRDI, "五万左右", 2024], [None, None, SRDI, 5, 2024], ["示例乙", None, SRDI, 5, 2024],
         ["合计", None, None, 10, None], ["注：单位为元", None, None, None, None]],
    )  # fmt: skip
    out = tmp_path / "out.xlsx"
    assert run(["batch", str(source), "--on", "2026-03-02", "-o", str(out)]) == 0
    told = capsys.readouterr()
    assert "工作表“以往奖励”D2" in told.err and "名单有 2 处没有读取" in told.out
    made = openpyxl.load_workbook(out)
    assert [row["填写问题"] for row in table(made["汇总"])] == ["以往奖励：没有读取，按未知", None]
    assert [(r["工作表"], r["行"]) for r in table(made["名单问题"])] == [("以往奖励", 2), ("以往奖励", 3)]
    about = "".join(f"{row['项']}{row['内容']}" for row in table(made["说明"]))
    assert "没有列入" in about and "第 5 行是合计" in about and "按那一年（月）领取计" in about


def test_a_sheet_without_its_columns_is_told_and_the_list_is_done(tmp_path: Path) -> None:
    known, bad = one(tmp_path, ["示例公司", 5], head=["申请人名称", "金额"])
    assert known is None and len(bad) == 1 and "支持事项、奖励日期（或奖励年份）" in bad[0]


# --- days -----------------------------------------------------------------------------------------------------------

DAYS: list[tuple[Any, date, date | None]] = [
    # as given, the day of judgement, the day to count by (None: it is asked for)
    (2025, ON, date(2025, 12, 31)), ("2025", ON, date(2025, 12, 31)), ("2025年", ON, date(2025, 12, 31)),
    ("２０２５年度", ON, date(2025, 12, 31)), ("2025年3月", ON, date(2025, 3, 31)), ("2024-02", ON, date(2024, 2, 29)),
    ("2026年", ON, None), (2026, ON, None), ("2026年3月", ON, None), ("2026年2月", ON, date(2026, 2, 28)),
    ("2026年", date(2026, 12, 31), date(2026, 12, 31)), ("2027年", ON, date(2027, 12, 31)),
    ("2025-03-04", ON, date(2025, 3, 4)), (date(2025, 3, 4), ON, date(2025, 3, 4)), ("2025年13月", ON, None), (45351, ON, None),
]  # fmt: skip


@pytest.mark.parametrize(("given", "on", "wanted"), DAYS)
def test_a_year_is_enough_where_no_day_of_it_would_count_otherwise(
    tmp_path: Path, given: Any, on: date, wanted: date | None
) -> None:
    known, bad = one(tmp_path, ["示例公司", None, SRDI, 5, given], on=on)
    assert (known[0].on if known else None) == wanted and len(bad) == (wanted is None)


def test_no_day_of_a_year_that_is_taken_would_change_what_is_counted() -> None:
    """Why 31 December may stand for a year: every history fact of the pack comes to the same for each of its days."""
    from pinggu_desk.assess.engine import from_awards
    from pinggu_desk.documents.books.awarddays import Period, settled

    for year in (2023, 2025, 2027):
        taken = settled(Period(date(year, 1, 1), date(year, 12, 31), str(year)), ON)
        for fact in (fact for fact in engine().pack.facts.values() if fact.history):
            assert fact.history
            policy, _, benefit = fact.history.benefits[0].partition(".")
            counts = {
                from_awards(fact, [Award(policy, benefit, 100, day)], ON)
                for day in (taken, date(year, 1, 1), date(year, 6, 30))
            }
            assert len(counts) == 1, fact.name


def test_a_year_beside_a_day_must_be_its_year(tmp_path: Path) -> None:
    head = ["申请人名称", "支持事项", "金额", "日期", "年度"]
    assert one(tmp_path, ["示例公司", SRDI, 5, "2025-03-04", 2025], head=head)[0][0].on == date(2025, 3, 4)
    assert one(tmp_path, ["示例公司", SRDI, 5, None, 2025], head=head)[0][0].on == date(2025, 12, 31)
    known, bad = one(tmp_path, ["示例公司", SRDI, 5, "2025-03-04", 2024], head=head)
    assert known is None and "不是同一年" in bad[0]


# --- the sheet ------------------------------------------------------------------------------------------------------


def test_the_sheet_is_not_taken_for_the_list_wherever_it_stands(tmp_path: Path) -> None:
    def first(beside: Any) -> None:
        beside.parent.move_sheet(beside, -1)

    source = book(
        tmp_path / "in.xlsx", [["申请人名称", "职工人数"], ["示例公司", 1]], [HEAD, ["示例公司", None, SRDI, 5, 2024]],
        title=" 已领奖励", edit=first,
    )  # fmt: skip
    known, found = read(source)
    assert found.sheet == "名单" and len(known[2] or ()) == 1 and not any("没有读取" in line for line in found.told())


def test_without_the_sheet_past_awards_stay_unknown(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.worksheets[0].append(["申请人名称", "职工人数"])
    made.worksheets[0].append(["示例公司", 1])
    made.save(tmp_path / "in.xlsx")
    with EnterpriseList(str(tmp_path / "in.xlsx"), engine().pack) as found:
        assert found.past_awards(ON) is None


def test_more_awards_than_a_list_can_have_are_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pastawards, "_MOST_ROWS", 3)
    with pytest.raises(BadInput, match="以往奖励”超过 3 行"):
        one(tmp_path, *[["示例公司", None, SRDI, 5, 2024]] * 4)


def test_persons_numbers_in_the_sheet_are_given_back_with_their_middle_hidden(tmp_path: Path) -> None:
    number = "110117199001011230"
    head = ["申请人名称", "证件号码", "支持事项", "金额", "日期"]
    source = book(
        tmp_path / "in.xlsx", [["申请人名称", "证件号码", "职工人数"], ["示例甲", number, 1]],
        [head, ["示例甲", number, SRDI, "几万", 2024], ["示例甲", 110117199001011230, SRDI, 1, 2024], [None, number, SRDI, 1, "x"]],
    )  # fmt: skip
    done = batching.run_batch(engine(), str(source), tmp_path / "out.xlsx", ON, datetime(2026, 3, 2, 9))
    cells = [str(c) for sheet in openpyxl.load_workbook(tmp_path / "out.xlsx") for row in sheet.values for c in row]
    assert done.bad == 3 and not any(number in cell for cell in cells)
