"""FOUND 41, 42, 56, 57, 58: lists as offices really send them are read for what they show, and what is not read is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from pinggu_desk.commands.cli import run
from pinggu_desk.documents.books.applicants import EnterpriseList
from pinggu_desk.documents.books.rows import Listed
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.models import Pack
from tests import bundled

MONEY = "产业融合审定投资额"
DAY = date(2024, 2, 29)
Out = pytest.CaptureFixture[str]


@cache
def pack() -> Pack:
    return bundled.pack()


def listed(path: Path, *rows: Sequence[Any], edit: Callable[[Any], object] = lambda _: None) -> Path:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "名单"
    for cells in rows:
        book.worksheets[0].append(list(cells))
    edit(book.worksheets[0])
    book.save(path)
    return path


def read(path: Path, sheet: str | None = None) -> tuple[list[Listed], EnterpriseList]:
    with EnterpriseList(str(path), pack(), sheet) as found:
        rows = [row for chunk in found.chunks(100) for row in chunk]
    return rows, found


def values(path: Path) -> list[dict[str, int | str]]:
    rows, found = read(path)
    names = [fact.name for fact in found.facts]
    return [{n: v for n, v in zip(names, row.values, strict=True) if v is not None} for row in rows]


def one(path: Path, name: str) -> int | str | None:
    """The only row's answer."""
    return values(path)[0].get(name)


def rewritten(path: Path, part: str, old: str, new: str) -> Path:
    """The workbook with words of one part replaced."""
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in parts[part], parts[part][:2000]
    parts[part] = parts[part].replace(old.encode(), new.encode())
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"

# --- 56: what the number format says --------------------------------------------------------------------------------

FORMATS: list[tuple[str, str, Any, int | str]] = [
    # head, format, number, fen (or words of the refusal)
    (MONEY, '"￥"#,##0.00"元"', 100000, 10_000_000),
    (MONEY, '#,##0.00"元"', 100000, 10_000_000),
    (MONEY, "#,##0.00\\元", 100000, 10_000_000),
    (MONEY, '0!.0,"万元"', 100000, 10_000_000),
    (MONEY, '0\\.0,"万元"', 123456, 12_345_600),
    (MONEY, '0.00"万元"', 10, 10_000_000),
    (MONEY, '0!.00,,"亿元"', 300000000, 30_000_000_000),
    (MONEY, '[>=10000]0!.0,"万元";0"元"', 20000, 2_000_000),
    (MONEY, '[>=10000]0!.0,"万元";0"元"', 200, 20_000),
    (MONEY, '"¥"#,##0.00', 100000, 10_000_000),
    (MONEY, "[$￥-804]#,##0.00", 100000, 10_000_000),
    (MONEY, '_ "¥"* #,##0.00_ ;_ "¥"* \\-#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ', 100000, 10_000_000),
    (MONEY, '0"千元"', 50, 5_000_000),
    (MONEY, 'General"元"', 100000, 10_000_000),
    (MONEY, "#,##0.00", 10, 10_000_000),
    (MONEY, '0.0,,"亿"', 300000000, "看不出哪个对"),
    (MONEY, '0.0,"万元"', 100000, "看不出哪个对"),
    (MONEY, "0,", 100000, "看不出单位"),
    (MONEY, "$#,##0", 500, "另一种单位"),
    (MONEY, '0.00"欧元"', 500, "不认识这个单位"),
    (MONEY, "[$€-407]0", 500, "不认识这个单位"),
    (MONEY, '"约"0"元"', 500, "不认识这个单位"),
    (MONEY, "0%", 5, "另一种单位"),
    (MONEY, "yyyy/m/d", 45351, "日期或时间"),
    (MONEY, ";;;", 500, "显示为空白"),
    (f"{MONEY}（元）", "#,##0.00", 100000, 10_000_000),
    (f"{MONEY}（元）", '0"万元"', 10, 10_000_000),
    (f"{MONEY}（元）", '"¥"#,##0', 100000, 10_000_000),
    (f"{MONEY}（万元）", '"¥"#,##0', 800, "与列名"),
    (f"{MONEY}（万元）", "0!.0,", 100000, 10_000_000),
    (f"{MONEY}（千元）", "0", 100, 10_000_000),
    (f"{MONEY}（亿元）", "0.00", 0.001, 10_000_000),
    ("境外投资全部项目投资额", "$#,##0", 500000, 50_000_000),
    ("境外投资全部项目投资额", '"￥"#,##0', 500000, "另一种单位"),
    ("职工人数", '0"人"', 12, 12),
    ("职工人数", '0!.0,"万人"', 12000, 12_000),
    ("职工人数", '"￥"0.00', 12, "另一种单位"),
    ("新建项目建筑面积", '0"㎡"', 1600, 2_400_000),
    ("新建项目建筑面积（亩）", "0", 2, 2_000_000),
    ("本地劳动力就业比例（%）", "0.0%", 0.07, 700),
    ("本地劳动力就业比例（%）", "0.0", 7, 700),
    ("租金补贴天数（天）", "0", 90, 90),
]


@pytest.mark.parametrize(("head", "form", "number", "wanted"), FORMATS)
def test_a_number_is_what_its_format_shows_or_its_cell_is_named(
    tmp_path: Path, head: str, form: str, number: Any, wanted: int | str
) -> None:
    def shown(sheet: Any) -> None:
        sheet["B2"].number_format = form

    source = listed(tmp_path / "in.xlsx", ["申请人名称", head], ["示例公司", number], edit=shown)
    rows, found = read(source)
    if isinstance(wanted, int):
        assert (rows[0].values[1], found.bad) == (wanted, [])
    else:
        assert rows[0].values[1] is None and len(rows[0].faults) == 1
        assert [(bad.row, bad.column) for bad in found.bad] == [(2, "B")] and wanted in found.bad[0].sentence


TEXTS: list[tuple[str, str, int | str]] = [
    (MONEY, "￥8,000,000.00", 800_000_000), (MONEY, "12,345.67", 12_345_670_000), (MONEY, "1.0E3", 1_000_000_000),
    (MONEY, "８００\u200b", 800_000_000), (f"{MONEY}（元）", "12,345.67", 1_234_567), (f"{MONEY}（元）", "80万元", 80_000_000),
    (f"{MONEY}（元）", "1.0E3", 100_000), (f"{MONEY}（万元）", "￥8,000,000.00", "与列名"),
    (f"{MONEY}（万元）", "8000000元", 800_000_000), (f"{MONEY}（元）", "120\t300", "像是两格内容"),
    (MONEY, "120\n300", "像是两格内容"), (f"{MONEY}（元）", "10²", "不是普通数字"), ("租金补贴天数", "90天", 90),
    ("上市挂牌日", "2024/2/29 0:00:00", DAY.toordinal()), ("上市挂牌日", "2024年2月29日", DAY.toordinal()),
]  # fmt: skip


@pytest.mark.parametrize(("head", "text", "wanted"), TEXTS)
def test_a_text_is_read_under_its_head_as_the_desk_reads_it(
    tmp_path: Path, head: str, text: str, wanted: int | str
) -> None:
    rows, found = read(listed(tmp_path / "in.xlsx", ["申请人名称", head], ["示例公司", text]))
    assert rows[0].values[1] == (wanted if isinstance(wanted, int) else None)
    assert [wanted in bad.sentence for bad in found.bad] == ([] if isinstance(wanted, int) else [True])  # type: ignore[operator]


def test_a_cell_s_own_unit_goes_before_its_head_s_and_is_told(tmp_path: Path) -> None:
    _, found = read(listed(tmp_path / "in.xlsx", ["申请人名称", f"{MONEY}（元）"], ["示例公司", "80万元"]))
    assert any("B2" in line and "按单元格的单位读取" in line for line in found.told())


def test_a_title_that_gives_the_unit_of_all_money_counts(tmp_path: Path) -> None:
    """单位：元 above a list stands for every column of money that gives no other."""
    source = listed(
        tmp_path / "in.xlsx",
        ["示例名单"],
        ["", "", "金额单位：元"],
        ["申请人名称", MONEY, "职工人数"],
        ["示例公司", 100000, 12],
    )
    assert values(source) == [{"申请人名称": "示例公司", MONEY: 10_000_000, "职工人数": 12}]


# --- 57: columns ----------------------------------------------------------------------------------------------------

HEADS = [
    "职工人数（人）", "职工\n人数", "职工 人数", "职工人数\u200b", "\ufeff职工人数", "职工人数（必填）", "*职工人数：", "3.职工人数",
    "職工人数"[:0] + "职⼯人数", "从业人数", "员工人数（人，必填）", "职工人数[人]", "staff", "ＳＴＡＦＦ", "职工人数（2025年末）",
]  # fmt: skip


@pytest.mark.parametrize("head", HEADS)
def test_what_stands_around_a_column_s_name_is_no_other_name(tmp_path: Path, head: str) -> None:
    assert values(listed(tmp_path / "in.xlsx", ["单位名称", head], ["示例公司", 12])) == [
        {"申请人名称": "示例公司", "职工人数": 12}
    ]


def test_columns_that_are_no_facts_are_passed_over_and_told_all_at_once(tmp_path: Path) -> None:
    source = listed(
        tmp_path / "in.xlsx", ["序号", "企业名称", "税收供献", "职工人数", "心情", "备注", "技改设备投资（欧元）"],
        [1, "示例公司", 3, 12, "好", "无", 5],
    )  # fmt: skip
    rows, found = read(source)
    told = "".join(found.told())
    assert [row.values for row in rows] == [("示例公司", 12)]
    assert "C列“税收供献”不是填报项，没有读取，是否指“税收贡献”" in told and "E列“心情”" in told and "单位" in told
    assert "序号" not in told and "备注" not in told and "B列“企业名称”按“申请人名称”读取" in told


def test_the_head_is_found_below_titles_and_in_two_rows(tmp_path: Path) -> None:
    def merge(sheet: Any) -> None:
        for area in ("A1:D1", "A3:A4", "B3:B4", "C3:D3"):
            sheet.merge_cells(area)

    source = listed(
        tmp_path / "in.xlsx", ["示例项目情况表"], [], ["企业名称", "职工人数", "技改投资", None],
        [None, None, "技改固定资产投资（万元）", "技改设备投资（万元）"], ["示例公司", 12, 100, 80], edit=merge,
    )  # fmt: skip
    assert values(source) == [
        {"申请人名称": "示例公司", "职工人数": 12, "技改固定资产投资": 100_000_000, "技改设备投资": 80_000_000}
    ]


def test_a_row_of_units_below_the_head_belongs_to_it(tmp_path: Path) -> None:
    source = listed(tmp_path / "in.xlsx", ["企业名称", MONEY, "职工人数"], [None, "元", "人"], ["示例公司", 100000, 12])
    assert values(source) == [{"申请人名称": "示例公司", MONEY: 10_000_000, "职工人数": 12}]


def test_two_columns_of_one_fact_must_agree_and_its_own_name_goes_first(tmp_path: Path) -> None:
    source = listed(tmp_path / "a.xlsx", ["申请人名称", "职工人数", "staff"], ["示例甲", 3, 3], ["示例乙", 3, 4])
    rows, found = read(source)
    assert [row.values[1] for row in rows] == [3, None] and [bad.row for bad in found.bad] == [3]
    source = listed(tmp_path / "b.xlsx", ["申请人名称", "从业人数", "职工人数"], ["示例甲", 3, 4])
    assert one(source, "职工人数") == 4 and "只读取C列" in "".join(read(source)[1].told())


def test_number_words_in_a_cell_are_in_the_heads_unit(tmp_path: Path) -> None:
    """FOUND 42, 86: 三十 under a head of 百人 is what 30 is there, never the fact's own unit in silence."""
    heads = ["申请人名称", "职工人数（百人）", "税收贡献（元）"]
    source = listed(tmp_path / "a.xlsx", heads, ["示例甲", "三十", "八百万"], ["示例乙", 30, 8_000_000])
    assert one(source, "职工人数") == 3000
    rows, _found = read(source)
    assert rows[0].values[1:] == rows[1].values[1:]


def test_bad_cells_are_listed_and_good_rows_done(tmp_path: Path, capsys: Out) -> None:
    source = listed(
        tmp_path / "in.xlsx", ["申请人名称", "职工人数", "税收贡献", "技改固定资产投资", "技改设备投资", "技改基建投资"],
        ["示例甲", "十几", 30, None, None, None], ["示例乙", 12, 30, None, None, None], [None, 12, 30, None, None, None],
        ["示例丙", 3, -1, 100, 80, 30], ["=1+1", 3, 1, None, None, None],
    )  # fmt: skip
    assert run(["batch", str(source), "--on", "2026-04-01", "-o", str(tmp_path / "out.xlsx")]) == 0
    told = capsys.readouterr()
    assert "3 个申请人" in told.out and "名单有 5 处没有读取" in told.out
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    problems = list(book["名单问题"].iter_rows(min_row=2, values_only=True))
    assert sorted((row[1], row[2]) for row in problems) == [(2, "B"), (4, None), (5, "C"), (5, "E"), (6, "A")]
    assert all(row[0] == "名单" and str(row[5]).endswith("。") for row in problems)
    head, *rows = book["汇总"].iter_rows(values_only=True)
    faults = [row[head.index("填写问题")] for row in rows]
    assert "职工人数" in str(faults[0]) and faults[1] is None and "税收贡献" in str(faults[2])
    assert "B2" in told.err and "没有申请人名称" in told.err


def test_rows_that_hold_no_applicant_are_passed_over_and_told(tmp_path: Path) -> None:
    source = listed(
        tmp_path / "in.xlsx", ["序号", "申请人名称", "职工人数"], [1, "示例甲", 12], [None, None, None], [None, "\u200b", "\u3000"],
        ["序号", "申请人名称", "职工人数"], [2, "示例乙", 3], ["合计", None, 15], ["注：示例", None, None],
        [None, "填表人：示例", "审核人：示例"],
    )  # fmt: skip
    rows, found = read(source)
    told = "".join(found.told())
    assert [row.row for row in rows] == [2, 6] and not found.bad
    for words in ("第 4 行没有内容", "第 5 行与列名相同", "第 7 行是合计", "第 8、9 行是说明文字"):
        assert words in told


def test_a_merged_name_stands_for_its_rows_and_a_merged_value_for_none(tmp_path: Path) -> None:
    def merge(sheet: Any) -> None:
        sheet.merge_cells("A2:A3")
        sheet.merge_cells("B4:B5")
        sheet.merge_cells("B6:C6")

    source = listed(
        tmp_path / "in.xlsx", ["申请人名称", "职工人数", "税收贡献"], ["示例甲", 12, 1], [None, 13, 2], ["示例乙", 20, 3],
        ["示例丙", None, 4], ["示例丁", 5, None], edit=merge,
    )  # fmt: skip
    rows, found = read(source)
    assert [row.values for row in rows] == [
        ("示例甲", 12, 1_000_000), ("示例甲", 13, 2_000_000), ("示例乙", None, 3_000_000), ("示例丙", None, 4_000_000),
        ("示例丁", None, None),
    ]  # fmt: skip
    assert [(bad.row, bad.column) for bad in found.bad] == [(4, "B"), (6, "B")]
    assert "A3：名称所在单元格与上一行合并" in "".join(found.told())


# --- 58: odd books --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [14, 15, 22, 30, 31])
def test_dates_by_number_of_format_alone(tmp_path: Path, number: int) -> None:
    source = listed(tmp_path / "in.xlsx", ["申请人名称", "上市挂牌日"], ["示例公司", DAY])
    rewritten(
        source,
        STYLES,
        'numFmtId="14"' if 'numFmtId="14"' in _styles(source) else 'numFmtId="164"',
        f'numFmtId="{number}"',
    )
    rewritten(source, STYLES, 'formatCode="yyyy-mm-dd"', 'formatCode=""') if "yyyy-mm-dd" in _styles(source) else None
    assert one(source, "上市挂牌日") == DAY.toordinal()


def _styles(path: Path) -> str:
    with ZipFile(path) as archive:
        return archive.read(STYLES).decode()


@pytest.mark.parametrize(
    ("form", "serial", "wanted"),
    [
        ('yyyy"年"m"月"d"日"', 45351, DAY.toordinal()), ("[$-804]yyyy/m/d;@", 45351.75, DAY.toordinal()),
        ('yyyy"年"m"月"', 45351, DAY.toordinal()), ('yyyy"年"m"月"', 45323, "只写到月"), ("h:mm", 0.5, "不存在"),
        ("General", 45351, "像是日期的序号"), ("General", 20240229, DAY.toordinal()), ("yyyy/m/d", 60, "不存在"),
        ('0000"年"00"月"00"日"', 20240229, DAY.toordinal()), ("0.00", 45351, "像是日期的序号"), ('0"元"', 45351, "不是日期"),
    ],
)  # fmt: skip
def test_a_day_is_what_is_shown_or_named(tmp_path: Path, form: str, serial: float, wanted: int | str) -> None:
    def shown(sheet: Any) -> None:
        sheet["B2"].number_format = form

    rows, found = read(listed(tmp_path / "in.xlsx", ["申请人名称", "上市挂牌日"], ["示例公司", serial], edit=shown))
    assert rows[0].values[1] == (wanted if isinstance(wanted, int) else None)
    assert [str(wanted) in bad.sentence for bad in found.bad] == ([] if isinstance(wanted, int) else [True])


def test_days_counted_from_1904(tmp_path: Path) -> None:
    def shown(sheet: Any) -> None:
        sheet["B2"].number_format = "yyyy/m/d"
        sheet.parent.epoch = CALENDAR_MAC_1904

    source = listed(tmp_path / "in.xlsx", ["申请人名称", "上市挂牌日"], ["示例公司", 45351 - 1462], edit=shown)
    assert one(source, "上市挂牌日") == DAY.toordinal()


@pytest.mark.parametrize("code", [911101170000000000, 9.111011880123457e17, "9.11101E+17"])
def test_a_code_that_lost_its_figures_is_named(tmp_path: Path, code: Any) -> None:
    rows, found = read(listed(tmp_path / "in.xlsx", ["申请人名称", "统一代码", "职工人数"], ["示例公司", code, 3]))
    assert rows[0].values == ("示例公司", None, 3) and "已经丢失" in found.bad[0].sentence


def test_error_cells_and_formulas_without_a_result_are_named_and_kept_results_read(tmp_path: Path) -> None:
    source = listed(
        tmp_path / "in.xlsx", ["申请人名称", "职工人数", "税收贡献"], ["示例甲", "=2+1", "=5+5"], ["示例乙", "#N/A", 1]
    )
    rewritten(source, SHEET, "<f>5+5</f><v />", "<f>5+5</f><v>10</v>")
    rows, found = read(source)
    assert [row.values[1:] for row in rows] == [(None, 10_000_000), (None, 1_000_000)]
    assert ["公式" in found.bad[0].sentence, "#N/A" in found.bad[1].sentence] == [True, True]
    assert "1 个单元格是公式" in "".join(found.told())


def test_hidden_rows_columns_and_sheets_and_second_sheets_are_told(tmp_path: Path) -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True
        for title, state in (("第二批", "visible"), ("底稿", "hidden")):
            other = sheet.parent.create_sheet(title)
            other.append(["申请人名称", "职工人数"])
            other.append(["示例丙", 30])
            other.sheet_state = state

    source = listed(tmp_path / "in.xlsx", ["申请人名称", "职工人数"], ["示例甲", 12], ["示例乙", 13], edit=hide)
    rows, found = read(source)
    told = "".join(found.told())
    assert len(rows) == 2
    for words in (
        "第 3 行是隐藏的",
        "B列是隐藏的",
        "工作表“第二批”有内容，没有读取",
        "隐藏的工作表“底稿”有内容，没有读取",
    ):
        assert words in told
    assert read(source, "第二批")[0][0].values == ("示例丙", 30)
    with pytest.raises(BadInput, match="没有名为“第三批”的工作表"):
        read(source, "第三批")


def test_a_sheet_of_explanations_before_the_list_is_not_the_list(tmp_path: Path) -> None:
    source = tmp_path / "in.xlsx"
    book = openpyxl.Workbook()
    book.worksheets[0].title = "填表说明"
    book.worksheets[0].append(["一、请逐行填写。"])
    sheet = book.create_sheet("名单")
    sheet.append(["申请人名称", "职工人数"])
    sheet.append(["示例公司", 12])
    book.save(source)
    rows, found = read(source)
    assert found.sheet == "名单" and len(rows) == 1 and "填表说明" in "".join(found.told())


def test_odd_fills_and_strict_names_are_no_matter(tmp_path: Path) -> None:
    source = listed(tmp_path / "in.xlsx", ["申请人名称", "职工人数"], ["示例公司", 12])
    rewritten(
        source, STYLES, "<fill><patternFill />", '<fill><patternFill patternType="odd" /><gradientFill type="x" />'
    )
    assert one(source, "职工人数") == 12
    with ZipFile(source) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with ZipFile(source, "w", ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            strict = re.sub(rb"http://schemas.openxmlformats.org/(\w+)/2006/", rb"http://purl.oclc.org/ooxml/\1/", data)
            prefixed = strict.replace(b"<c ", b"<x:c ").replace(b"</c>", b"</x:c>")  # some programs give cells a prefix
            archive.writestr(name, prefixed if name == SHEET else strict)
    assert one(source, "职工人数") == 12


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t"])
def test_lists_as_text_are_read(tmp_path: Path, coding: str, mark: str) -> None:
    source = tmp_path / "名单.csv"
    lines = (["企业名称", "统一代码", f"{MONEY}（元）"], ["示例公司", "91110117MA01ABCD5U", '"100,000.00"'])
    source.write_bytes("\r\n".join(mark.join(line) for line in lines).encode(coding))
    assert values(source) == [{"申请人名称": "示例公司", "统一社会信用代码": "91110117MA01ABCD5U", MONEY: 10_000_000}]


OTHER_FILES: Mapping[str, tuple[bytes, str]] = {
    "旧.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 .xls"),
    "锁.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 40, "去掉密码"),
    "网页.xls": (b"<html><table></table></html>", "只是改了扩展名"),
    "空.xlsx": (b"", "只是改了扩展名"),
    "断.xlsx": (b"PK\x03\x04" + b"x" * 300, "不是能读的 Excel 工作簿"),
    "乱.csv": (b"\xff\x00\xff" * 50 + b"\x81", "不是 UTF-8 或 GB18030"),
    "引号.csv": ('职工人数\n"1'.encode(), "引号或分隔不对"),
}


@pytest.mark.parametrize("name", OTHER_FILES)
def test_files_that_are_no_workbook_are_one_sentence(tmp_path: Path, name: str) -> None:
    content, says = OTHER_FILES[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read(tmp_path / name)
    assert says in caught.value.sentence
