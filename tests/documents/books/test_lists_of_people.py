"""FOUND 56, 57, 58: lists as people make them, more of each kind: what stands around the table counts, and nobody is made up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pinggu_desk.documents.books.applicants import EnterpriseList
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.models import Pack
from tests import bundled

MONEY, OTHER = "产业融合审定投资额", "技改设备投资"
Read = tuple[list[dict[str, int | str]], list[str], list[tuple[int, str, str]]]


@cache
def pack() -> Pack:
    return bundled.pack()


def listed(path: Path, *rows: Sequence[Any], merged: Sequence[str] = (), form: str = "") -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for cells in rows:
        sheet.append(list(cells))
    for area in merged:
        sheet.merge_cells(area)
    if form:
        sheet["B2"].number_format = form
    book.save(path)
    return path


def read(path: Path) -> Read:
    """What each row came to, what is told, the cells that are named."""
    with EnterpriseList(str(path), pack()) as found:
        rows = [row for chunk in found.chunks(100) for row in chunk]
        names = [fact.name for fact in found.facts]
        values = [{n: v for n, v in zip(names, row.values, strict=True) if v is not None} for row in rows]
        return values, found.told(), [(bad.row, bad.column, bad.sentence) for bad in found.bad]


# --- 56: units that stand elsewhere than in the head ------------------------------------------------------------------

NAMES = ["企业名称", "职工人数", MONEY, OTHER]
HUNDRED_THOUSAND = 10_000_000
AROUND: dict[str, tuple[list[list[Any]], list[str], int]] = {
    # rows above and including the head and one applicant of 100000 元, merges, how many rows lie above the applicant
    "a title with several units": ([["示例名单"], ["单位：人、元"], NAMES, ["示例公司", 3, 100000, 100000]], [], 3),
    "a title in brackets": ([["示例名单（元）"], NAMES, ["示例公司", 3, 100000, 100000]], ["A1:D1"], 2),
    "a title that says for all": ([["（以下金额均以元为单位）"], NAMES, ["示例公司", 3, 100000, 100000]], [], 2),
    "a title beside others": ([["填报单位：示例镇", None, "计量单位：千元"], NAMES, ["示例公司", 3, 100, 100]], [], 2),
    "heads over columns, merged": (
        [["企业名称", "职工人数", "投资情况（元）", None], [None, None, MONEY, OTHER], ["示例公司", 3, 100000, 100000]],
        ["A1:A2", "B1:B2", "C1:D1"],
        2,
    ),
    "heads over columns, not merged": (
        [["企业名称", "职工人数", "融合（元）", "技改（千元）"], [None, None, MONEY, OTHER], ["示例公司", 3, 100000, 100]],
        [],
        2,
    ),
    "heads of three rows": (
        [
            ["企业名称", "职工人数", "资金", None], [None, None, "（单位：元）", None], [None, None, MONEY, OTHER],
            ["示例公司", 3, 100000, 100000],
        ],
        ["A1:A3", "B1:B3", "C1:D1", "C2:D2"],
        3,
    ),
    "beside the title": ([["示例名单", None, None, None, "单位：元"], NAMES, ["示例公司", 3, 100000, 100000]], [], 2),
    "a note below": ([NAMES, ["示例公司", 3, 100000, 100000], [], ["注：1.本表金额单位为元。"]], [], 1),
    "a sign of currency": ([["企业名称", "职工人数", f"{MONEY}（￥）", f"其中：{OTHER}（元）"], ["示例公司", 3, 100000, 100000]], [], 1),
    "thousands": ([["企业名称", "职工人数", f"{MONEY}（K元）", f"{OTHER}（千元）"], ["示例公司", 3, 100, 100]], [], 1),
}  # fmt: skip


@pytest.mark.parametrize("kind", AROUND)
def test_a_unit_that_stands_around_the_columns_counts(tmp_path: Path, kind: str) -> None:
    """Read as 万元, each of these would be ten thousand times too much."""
    rows, merged, _ = AROUND[kind]
    values, told, bad = read(listed(tmp_path / "in.xlsx", *rows, merged=merged))
    assert not bad
    assert values == [{"申请人名称": "示例公司", "职工人数": 3, MONEY: HUNDRED_THOUSAND, OTHER: HUNDRED_THOUSAND}]
    if "sign" not in kind and "thousands" not in kind:
        assert any("按表上别处写的" in line for line in told)  # it is told that the unit was not the column's own


@pytest.mark.parametrize("title", ["单位：美元", "单位：欧元", "单位：万元、元", "金额单位：港币"])
def test_a_unit_that_cannot_be_a_column_s_leaves_it_unread_and_told(tmp_path: Path, title: str) -> None:
    values, told, _ = read(listed(tmp_path / "in.xlsx", ["示例名单"], [title], NAMES, ["示例公司", 3, 10, 20]))
    assert values == [{"申请人名称": "示例公司", "职工人数": 3}]
    assert sum("请在列名里写明单位" in line for line in told) == 2


@pytest.mark.parametrize(
    "title",
    [
        "填报单位：示例元亨公司",
        "主管单位：万元街道办事处",
        "示例名单（亿元企业）",
        "示例名单（500万元以上项目）",
        "单位：人",
        "编制单位：示例镇",
    ],
)
def test_words_of_a_title_that_name_no_unit_take_nothing_away(tmp_path: Path, title: str) -> None:
    values, told, _ = read(listed(tmp_path / "in.xlsx", ["示例名单"], [title], NAMES, ["示例公司", 3, 10, 20]))
    assert values == [{"申请人名称": "示例公司", "职工人数": 3, MONEY: 10_000_000, OTHER: 20_000_000}]
    assert not any("单位" in line for line in told)


def test_a_condition_in_a_head_is_no_unit(tmp_path: Path) -> None:
    values, told, _ = read(listed(tmp_path / "in.xlsx", ["企业名称", f"{MONEY}（500万元以上）"], ["示例公司", 800]))
    assert values[0][MONEY] == 800_000_000 and any("没有当作条件" in line for line in told)


@pytest.mark.parametrize(
    ("form", "number", "wanted"),
    [
        ('0,"千元"', 100000, HUNDRED_THOUSAND), ('0"W"', 10, HUNDRED_THOUSAND), ('0"万元";-0"万元";"—"', 0, 0), ('0"元";;"无"', 0, 0),
        ('_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', 0, 0), ('[红色]0!.0,"万元"', 100000, HUNDRED_THOUSAND),
    ],
)  # fmt: skip
def test_more_formats_of_the_kind_are_read(tmp_path: Path, form: str, number: int, wanted: int) -> None:
    values, _, bad = read(listed(tmp_path / "in.xlsx", ["申请人名称", MONEY], ["示例公司", number], form=form))
    assert (values[0][MONEY], bad) == (wanted, [])


# --- 57: rows that are no applicants, heads that come again -----------------------------------------------------------

TOTALS = [
    "合 计",
    "合计：",
    "总计（万元）",
    "本页合计",
    "累计",
    "共 12 家",
    "合计 1 家",
    "总 数",
    "Total",
    "平均数",
    "全区总计",
    "小计2家",
]
NOTES = [
    "2.本表由示例镇填报", "填报时间：2026年3月1日", "单位：万元", "*本表一式两份", "附：营业执照复印件", "——以下空白——",
    "以下空白", "第1页 共2页",
    "一、工业企业", "（二）服务业", "三．其他", "各项由填报单位负责。", "此页无正文",
]  # fmt: skip


@pytest.mark.parametrize("column", [0, 1])
def test_totals_parts_and_notes_are_no_applicants(tmp_path: Path, column: int) -> None:
    def row(words: str, *rest: Any) -> list[Any]:
        return [None] * column + [words] + [None] * (1 - column) + list(rest)

    rows: list[list[Any]] = [["序号", "申请人名称", "职工人数", MONEY], [1, "示例合计咨询公司", 12, 100]]
    rows += [row(words, 12, 100) for words in TOTALS] + [row(words, None, None) for words in NOTES]
    rows += [["四", "其他", None, None], [2, "1.示例乙公司", 3, 5]]
    values, told, bad = read(listed(tmp_path / "in.xlsx", *rows))
    assert [one["申请人名称"] for one in values] == ["示例合计咨询公司", "1.示例乙公司"] and not bad
    assert any(f"等 {len(TOTALS)} 行是合计，已略过" in line for line in told)
    assert any(f"等 {len(NOTES) + 1} 行是说明文字，已略过" in line for line in told)


@pytest.mark.parametrize("name", ["同上", "〃", "—", "/", "无", "待定", "N/A"])
def test_a_name_that_names_nobody_is_told_and_not_worked_out(tmp_path: Path, name: str) -> None:
    values, _, bad = read(
        listed(tmp_path / "in.xlsx", ["申请人名称", "职工人数"], ["示例甲", 1], [name, 2], ["示例乙", 3])
    )
    assert [one["申请人名称"] for one in values] == ["示例甲", "示例乙"]
    assert [(row, column) for row, column, _ in bad] == [(3, "A")] and "请写全名称" in bad[0][2]


def test_the_head_that_comes_again_with_more_columns_takes_no_row_away(tmp_path: Path) -> None:
    values, told, _ = read(
        listed(
            tmp_path / "in.xlsx", ["申请人名称", "职工人数"], ["示例甲", 1], ["申请人名称", "职工人数"], ["示例乙", 2], ["第二批名单"],
            ["申请人名称", "职工人数", "税收贡献"], ["示例丙", 3, 4],
        )
    )  # fmt: skip
    assert [one["申请人名称"] for one in values] == ["示例甲", "示例乙", "示例丙"]
    assert any("C列没有列名而有内容（如 C7）" in line for line in told)


@pytest.mark.parametrize(
    "rows",
    [
        [["申请人名称", "示例甲", "示例乙"], ["职工人数", 1, 2], [MONEY, 10, 20]],
        [["申请人名称", "示例甲", "统一社会信用代码", "91110117MA01ABCD5U"], ["职工人数", 1, MONEY, 10]],
    ],
)
def test_a_table_on_its_side_is_refused_in_one_sentence(tmp_path: Path, rows: list[list[Any]]) -> None:
    with pytest.raises(BadInput, match="请改成每行一个申请人"):
        read(listed(tmp_path / "in.xlsx", *rows))


# --- 58: codes, and text files ----------------------------------------------------------------------------------------


def test_what_is_no_code_makes_nobody_one_with_another(tmp_path: Path) -> None:
    """Two of “无” are not one applicant, so that neither has the other's awards."""
    path = tmp_path / "in.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["申请人名称", "统一社会信用代码", "职工人数"],
        ["示例甲", "无", 1],
        ["示例乙", "无", 2],
        ["示例丙", "正在办理", 3],
    ):
        sheet.append(row)
    past = book.create_sheet("以往奖励")
    past.append(["申请人名称", "统一社会信用代码", "支持事项", "奖励金额", "奖励日期"])
    past.append(["示例甲", "无", next(iter(pack().policies["ss"].benefits)).title, "10万元", "2024-03-01"])
    book.save(path)
    with EnterpriseList(str(path), pack()) as found:
        awards = found.past_awards(date(2026, 4, 1))
        rows = [row for chunk in found.chunks(10) for row in chunk]
        assert awards is not None and [len(awards.of(row.row) or ()) for row in rows] == [1, 0, 0]
        assert awards.of(3) is None and [row.values[1] for row in rows] == [None, None, None]
        assert any("C" not in line and "B4：填的不是代码" in line for line in found.told())


@pytest.mark.parametrize(
    "given", ['="91110117MA01ABCD5U"', "'91110117MA01ABCD5U", "\t91110117MA01ABCD5U", "91110117MA01ABCD5U "]
)
def test_a_code_that_was_kept_from_becoming_a_number_is_the_code(tmp_path: Path, given: str) -> None:
    source = tmp_path / "名单.csv"
    source.write_text(f"申请人名称,统一社会信用代码,职工人数\n示例甲,{given},3\n", encoding="gb18030")
    assert read(source)[0] == [{"申请人名称": "示例甲", "统一社会信用代码": "91110117MA01ABCD5U", "职工人数": 3}]


@pytest.mark.parametrize(
    ("head", "number"), [("联系电话", "1.38E+10"), ("银行账号", "6.22202E+18"), ("证件号码", "1.1E+17")]
)
def test_every_number_of_somebody_that_lost_its_figures_is_named(tmp_path: Path, head: str, number: str) -> None:
    values, _, bad = read(listed(tmp_path / "in.xlsx", ["申请人名称", head, "职工人数"], ["示例甲", number, 3]))
    assert head not in values[0] and [(row, column) for row, column, _ in bad] == [(2, "B")] and "已经丢失" in bad[0][2]


TEXT = f"申请人名称,职工人数,{MONEY}\r\n示例甲,12,100\r\n示例乙,13,200万元\r\n"
TEXTS: dict[str, tuple[str, str, int]] = {
    # text, coding, the first sum in 万元
    "titles without marks": ("示例名单\r\n单位：元\r\n" + TEXT, "gb18030", 0),
    "titles with marks": ("示例名单,,\r\n单位：元,,\r\n" + TEXT, "utf-8-sig", 0),
    "a line that says the mark": ("sep=;\r\n" + TEXT.replace(",", ";"), "gb18030", 100),
    "full-width commas": (TEXT.replace(",", "，"), "utf-8", 100),
    "bars": (TEXT.replace(",", "|"), "gb18030", 100),
    "blank lines before": ("\r\n\r\n" + TEXT + "\r\n,,\r\n", "utf-8", 100),
    "no mark of the coding": (TEXT, "utf-16-le", 100),
    "nor of the other": (TEXT.replace(",", "\t"), "utf-16-be", 100),
    "a head in quotes over two lines": (TEXT.replace("申请人名称", '"申请人\n名称"'), "utf-8", 100),
    "commas in quotes": (TEXT.replace("职工人数", '"职工人数（人，在册）"'), "utf-8", 100),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_text_is_parted_as_most_of_its_lines_are(tmp_path: Path, kind: str) -> None:
    text, coding, first = TEXTS[kind]
    source = tmp_path / "名单.csv"
    source.write_bytes(text.encode(coding))
    values, _, bad = read(source)
    assert not bad and [(one["申请人名称"], one["职工人数"]) for one in values] == [("示例甲", 12), ("示例乙", 13)]
    assert [one[MONEY] for one in values] == [first * 1_000_000 or 10_000, 200_000_000]


def test_a_very_long_cell_of_text_is_named_and_the_others_done(tmp_path: Path) -> None:
    source = tmp_path / "名单.csv"
    source.write_text(f"申请人名称,职工人数\n{'示' * 300_000},12\n示例甲,3\n", encoding="utf-8")
    values, _, bad = read(source)
    assert [one["申请人名称"] for one in values] == ["示例甲"] and [row for row, _, _ in bad] == [2]


def test_a_hidden_list_behind_a_page_of_explanations_is_read_and_told(tmp_path: Path) -> None:
    path = listed(tmp_path / "in.xlsx", ["申请人名称", "职工人数"], ["示例甲", 1])
    book = openpyxl.load_workbook(path)
    book.create_sheet("填表说明").append(["请逐行填写"])
    book.worksheets[0].sheet_state = "veryHidden"
    book.active = 1
    book.save(path)
    values, told, _ = read(path)
    assert len(values) == 1 and any("是隐藏的，仍已读取" in line for line in told)
