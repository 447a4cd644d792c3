"""FOUND 48: an office's own form is filled in the unit that it writes, and what can't be converted is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from pinggu_desk.commands.cli import run
from pinggu_desk.documents.sheet.cells import put
from pinggu_desk.documents.sheet.fill import sheet_bytes
from pinggu_desk.documents.sheet.forms import check_form
from pinggu_desk.documents.sheet.unitwords import unit_of, units_in
from pinggu_desk.documents.sheet.values import Number
from pinggu_desk.documents.visit import Visit
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.quantity import Dim
from tests.documents.sheet_samples import PACK, Read, everything, visit

#: 6,765,432.11 yuan are applied for
SUM = 6_765_432.11


def _form(path: Path, cells: dict[str, str], names: dict[str, str], shapes: dict[str, str] | None = None) -> Path:
    book = Workbook()
    sheet: Any = book.worksheets[0]
    sheet.title = "表"
    for where, text in cells.items():
        sheet[where] = text
    for where, shape in (shapes or {}).items():
        sheet[where].number_format = shape
    for name, where in names.items():
        book.defined_names[name] = DefinedName(name, attr_text=f"表!{where}")
    book.save(path)
    return path


def _listing() -> Visit:
    return visit("ss", chosen=["ss.listing"])


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("申请金额（万元）", SUM / 10_000), ("申请金额(万元)", SUM / 10_000), ("申请金额（单位：万元）", SUM / 10_000),
        ("申请金额/万元", SUM / 10_000), ("申请金额：万元", SUM / 10_000), ("申请金额\n（人民币万元）", SUM / 10_000),
        ("申请金额（万元，保留两位小数）", SUM / 10_000), ("申请金额（亿元）", SUM / 100_000_000), ("申请金额（千元）", SUM / 1000),
        ("申请金额（百万元）", SUM / 1_000_000), ("申请金额（万）", SUM / 10_000), ("申请金额（元）", SUM), ("申请金额", SUM),
        ("申请金额（大写同右）", SUM),
    ],
)  # fmt: skip
def test_a_label_says_the_unit(label: str, shown: float, tmp_path: Path) -> None:
    form = _form(tmp_path / "ss.xlsx", {"A2": label}, {"合计金额": "$B$2"})
    assert Read(sheet_bytes(_listing(), form)).cell("合计金额").value == pytest.approx(shown, rel=1e-12)


def test_the_name_says_the_unit(tmp_path: Path) -> None:
    names = {"申请金额_万元": "$B$2", "申请金额_亿元": "$B$3", "合计金额_元": "$B$4", "申请金额_万元_2": "$B$5"}
    read = Read(sheet_bytes(_listing(), _form(tmp_path / "ss.xlsx", {"A1": "无"}, names)))
    shown = [read.cell(name).value for name in names]
    assert shown == pytest.approx([SUM / 10_000, SUM / 100_000_000, SUM, SUM / 10_000])


def test_a_head_above_a_unit_behind_a_note_and_a_number_format_say_it(tmp_path: Path) -> None:
    cells = {
        "A1": "单位：万元", "A2": "事项", "B2": "金额（元）", "C9": "资金合计", "E9": "万元", "A12": "已领上市挂牌奖励",
    }  # fmt: skip
    names = {
        "事项_名称": "$A$3:$A$6", "事项_金额": "$B$3:$B$6", "合计金额": "$D$9", "已领上市挂牌奖励": "$B$12",
        "申请金额": "$D$20",
    }  # fmt: skip
    form = _form(tmp_path / "ss.xlsx", cells, names, {"D20": '0.00"亿元"'})
    read = Read(sheet_bytes(_listing(), form))
    assert read.cell("事项_金额").value == SUM
    assert read.cell("合计金额").value == pytest.approx(SUM / 10_000)
    assert read.cell("已领上市挂牌奖励").value == pytest.approx(123.456789)
    assert read.cell("申请金额").value == pytest.approx(SUM / 100_000_000)
    told = {unit.name: unit.told for unit in check_form(form, PACK, "ss").units}
    assert told["事项_金额"] == "表头“金额（元）”" and told["合计金额"] == "后面写着“万元”"
    assert told["已领上市挂牌奖励"] == "表上注明“单位：万元”" and told["申请金额"] == "数字格式写着“亿元”"


def test_who_applies_is_no_note_of_a_unit(tmp_path: Path) -> None:
    form = _form(tmp_path / "ss.xlsx", {"A1": "申报单位：万元", "A2": "申请金额"}, {"合计金额": "$B$2"})
    assert Read(sheet_bytes(_listing(), form)).cell("合计金额").value == SUM


def test_areas_counts_and_shares_are_converted(tmp_path: Path) -> None:
    cells = {"A1": "占地规模（亩）", "A2": "职工（万人）", "A3": "税收贡献（亿元）", "A4": "占地（公顷）"}
    names = {"占地规模": "$B$1", "职工人数": "$B$2", "税收贡献": "$B$3", "占地规模_2": "$B$4"}
    read = Read(sheet_bytes(visit("tztc"), _form(tmp_path / "tztc.xlsx", cells, names)))
    assert read.cell("占地规模").value == pytest.approx(12000.25 * 3 / 2000, abs=1e-4)
    assert read.cell("占地规模_2").value == pytest.approx(1.200025)
    assert read.cell("职工人数").value == 0.0045
    assert read.cell("税收贡献").value == 0.01805


def test_a_ceiling_is_worded_in_the_columns_unit(tmp_path: Path) -> None:
    cells, names = {"A1": "事项", "B1": "金额（万元）"}, {"事项_名称": "$A$2:$A$9", "事项_金额": "$B$2:$B$9"}
    read = Read(sheet_bytes(visit("zxqy", chosen=["zxqy.upgrade"]), _form(tmp_path / "zxqy.xlsx", cells, names)))
    assert read.cell("事项_金额").value == "最高 80.000006 万元"


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("申请金额（万美元）", "不能换算成“万美元”"), ("申请金额（欧元）", "不能换算成“欧元”"), ("申请金额（亩）", "不能换算"),
        ("申请金额（万元/人）", "不能换算"), ("申请金额（元、万元）", "写了几种单位"),
    ],
)  # fmt: skip
def test_what_cant_be_converted_is_refused(
    label: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = _form(tmp_path / "ss.xlsx", {"A2": label}, {"合计金额": "$B$2"})
    with pytest.raises(BadInput, match=told):
        sheet_bytes(_listing(), form)
    assert run(["forms", "check", str(form)]) == 1
    assert told in capsys.readouterr().out


def test_a_name_and_a_label_that_differ_are_refused(tmp_path: Path) -> None:
    form = _form(tmp_path / "ss.xlsx", {"A2": "申请金额（元）"}, {"申请金额_万元": "$B$2"})
    with pytest.raises(BadInput, match="单位说法不一"):
        sheet_bytes(_listing(), form)


def test_what_was_filled_in_before_is_no_label(tmp_path: Path) -> None:
    names = {"申请人名称": "$A$2", "合计金额": "$B$2", "地址": "$B$1"}
    of = _listing()
    of = replace(of, applicant=replace(of.applicant, name="示例公司（万元）", address="单位：万元"))
    assert Read(sheet_bytes(of, _form(tmp_path / "ss.xlsx", {"C9": "无"}, names))).cell("合计金额").value == SUM


def test_check_and_map_say_the_unit_of_every_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = _form(tmp_path / "ss.xlsx", {"A2": "申请金额（万元）", "A3": "已领上市挂牌奖励", "C9": " "}, {})
    assert run(["forms", "map", str(form), "-o", str(tmp_path / "拟.xlsx"), "--policy", "ss"]) == 0
    said = capsys.readouterr().out
    assert "合计金额  表!B2  按“万元”填（标签“申请金额（万元）”）" in said
    assert "已领上市挂牌奖励  表!B3  按“元”填（表样没有写单位）" in said
    run(["forms", "check", str(tmp_path / "拟.xlsx"), "--policy", "ss", "--json"])
    units = json.loads(capsys.readouterr().out)["units"]
    assert {"name": "合计金额", "cell": "表!B2", "unit": "万元", "told": "标签“申请金额（万元）”", "ok": True} in units


@pytest.mark.parametrize(
    ("word", "dim", "size"),
    [
        ("㎡", Dim.AREA, 1500), ("m²", Dim.AREA, 1500), ("平方公里", Dim.AREA, 1_500_000_000), ("％", Dim.RATE, 100),
        ("万平方米", Dim.AREA, 15_000_000), ("万美元", Dim.DOLLAR, 1_000_000), ("人民币元", Dim.MONEY, 100), ("欧元", None, 0),
        ("个月", Dim.MONTHS, 1), ("吨标准煤", Dim.COAL, 1000),
    ],
)  # fmt: skip
def test_units_are_known_as_forms_write_them(word: str, dim: Dim | None, size: int) -> None:
    unit = unit_of(word)
    assert unit is not None
    assert unit.dim == dim and unit.size == size


@pytest.mark.parametrize(
    "text", ["企业名称（盖章）", "统一社会信用代码（18位）", "2023年", "税收（上一年度）", "申报单位："]
)
def test_other_brackets_are_no_units(text: str) -> None:
    assert units_in(text) == ()


def _filled(
    tmp_path: Path, cells: dict[str, Any], at: str, merges: tuple[str, ...] = (), shape: str = "", **more: str
) -> Any:
    """The cell of 合计金额 after filling a form that holds ``cells``; the sentence where the form is refused."""
    book = Workbook()
    sheet: Any = book.worksheets[0]
    sheet.title = "表"
    for where, text in cells.items():
        sheet[where] = text
    for area in merges:
        sheet.merge_cells(area)
    if shape:
        sheet[at].number_format = shape
    sheet.oddHeader.right.text = more.get("head")
    for title in ("填表说明",) if "explained" in more else ():
        book.create_sheet(title)["A1"] = more["explained"]
    column, row = at[0], at[1:]
    book.defined_names["合计金额"] = DefinedName("合计金额", attr_text=f"表!${column}${row}")
    path = tmp_path / "ss.xlsx"
    book.save(path)
    try:
        return Read(sheet_bytes(_listing(), path)).cell("合计金额")
    except BadInput as refused:
        return refused.sentence


_RICH = CellRichText("申请金额", TextBlock(InlineFont(b=True), "（万元）"))


def test_ten_thousand_is_found_wherever_a_form_writes_it(tmp_path: Path) -> None:
    """FOUND 48, the kind: 万元 without brackets, in phrases, in bold, behind, in the cell, over a group, a section, a total."""
    labels: list[Any] = [
        "申请金额（以万元计）", "申请金额（单位为万元）",
        "申请金额（以万元为单位，保留两位小数）", "申请金额〔万元〕", "申请金额{万元}",
        "申请金额万元",
        "申请金额-万元", "万元", "申请金额（W元）", "申请金额（萬元）", "申请金额（万 元）",
        "申请金额（RMB万元）", "申请金额（不超过500万元，单位：万元）",
        _RICH,
    ]  # fmt: skip
    forms: list[tuple[dict[str, Any], str, tuple[str, ...]]] = [
        *(({"A2": label}, "B2", ()) for label in labels),
        *(({"A2": "申请金额", "C2": text}, "B2", ()) for text in ("（万元）", "万元整", "单位：万元", "万元（小写）")),
        *(
            ({"A2": "申请金额", "B2": text}, "B2", ())
            for text in ("        万元", "____万元", "人民币（小写）：    万元")
        ),
        ({"A2": "申请资金（万元）", "B2": "区级"}, "C2", ("A2:A4",)),
        ({"A1": "二、资金情况（万元）", "A2": "总投资", "A3": "申请金额"}, "B3", ("A1:D1",)),
        ({"A1": "金额（万元）", "A6": "合计", "B1": "金额（万元）"}, "B6", ()),
        *(
            ({"A2": "申请金额", "A9": text}, "B2", ())
            for text in ("注：金额单位为万元", "注：以上金额均以万元为单位。")
        ),
        *(({"D1": text, "A2": "申请金额"}, "B2", ()) for text in ("（万元）", "金额单位：人民币万元", "单 位：万元")),
    ]
    for cells, at, merges in forms:
        cell = _filled(tmp_path, cells, at, merges)
        assert not isinstance(cell, str) and cell.value == pytest.approx(SUM / 10_000, rel=1e-12), cells
    assert _filled(tmp_path, {"A2": "申请金额"}, "B2", head="单位：万元").value == pytest.approx(SUM / 10_000)
    assert _filled(tmp_path, {"A2": "申请金额（不超过500万元）"}, "B2").value == SUM
    other = {"A1": "二、资金（万元）", "A2": "总投资", "A3": "三、申请", "A4": "申请金额"}
    assert _filled(tmp_path, other, "B4", ("A1:D1", "A3:D3")).value == SUM
    told = _filled(tmp_path, {"A2": "申请金额"}, "B2", explained="本表金额均以万元为单位。")
    assert "看不准" in told and "申请金额_万元" not in told and "合计金额_万元" in told


def test_a_number_format_says_the_unit_and_rounds_nothing_away(tmp_path: Path) -> None:
    """FOUND 48: 0.00"万元" in each of its spellings is ten thousand, what it shows is exact, another currency is refused."""
    ten_thousand = (
        '0.00"万元";-0.00"万元"',
        '"约"0.00"万元"',
        "0.00万元",
        '0.00" (万元)"',
        '0.00"万元"_);[Red]\\(0.00"万元"\\)',
    )
    for shape in ten_thousand:
        cell = _filled(tmp_path, {"A2": "申请金额"}, "B2", shape=shape)
        assert cell.value == pytest.approx(SUM / 10_000) and "0.000000" in cell.number_format, shape
    for shape in ("[$¥-804]#,##0.00", "0", "0.0", "@", "0.00E+00", "# ?/?", "yyyy-mm-dd"):
        cell = _filled(tmp_path, {"A2": "申请金额"}, "B2", shape=shape)
        assert cell.value == SUM and "0.00" in cell.number_format and "E" not in cell.number_format, shape
    for shape in ('0!.0,"万元"', "0!.0000", "0!.0,"):  # shown in 万 by the format itself: the cell holds yuan
        assert _filled(tmp_path, {"A2": "申请金额（万元）"}, "B2", shape=shape).value == SUM, shape
    refused = ("[$$-409]#,##0.00", '"$"#,##0.00', "[$€-2] 0.00", "[$HK$-C04]0.00", "0%", '0!.0,"元"')
    for shape in refused:
        assert "表样不能用" in str(_filled(tmp_path, {"A2": "申请金额（元）"}, "B2", shape=shape)), shape
    assert _filled(tmp_path, {"A2": "申请金额", "B2": "人民币：    万元"}, "B2").number_format.endswith('"万元"')


def test_capitals_go_where_capitals_are_asked_for_and_no_sum_into_boxes_for_digits(tmp_path: Path) -> None:
    """FOUND 48: a cell for the sum in capitals gets it so; one digit a cell can't be filled and is refused."""
    for label in ("申请金额（大写）", "申请金额大写：", "人民币（大写）"):
        assert _filled(tmp_path, {"A2": label}, "B2").value == "人民币陆佰柒拾陆万伍仟肆佰叁拾贰元壹角壹分"
    digits = {"A2": "申请金额", "B1": "百", "C1": "十", "D1": "万", "E1": "千"}
    assert "一格一个数字" in _filled(tmp_path, digits, "B2")
    names = {"申请金额_大写": "$B$2", "申请金额_万元": "$B$3"}
    read = Read(sheet_bytes(_listing(), _form(tmp_path / "ss.xlsx", {"A1": "无"}, names)))
    assert read.cell("申请金额_大写").value.endswith("壹角壹分")


def test_days_in_three_cells_and_boxes_are_filled(tmp_path: Path) -> None:
    """FOUND 48: 年 月 日 apart, □是 □否, a box for each answer; a day whose cell is followed by 年 is refused."""
    cells = {
        "C2": "年",
        "E2": "月",
        "G2": "日",
        "B4": "□主板　□北交所　□其他",
        "B5": "□北交所",
        "B6": "□科创板",
        "B7": "是□ 否□",
        "B8": "□ 是  □ 否",
    }
    names = {
        "制表日期_年": "$B$2", "制表日期_月": "$D$2", "制表日期_日": "$F$2", "上市挂牌板块": "$B$4", "上市挂牌板块_北交所": "$B$5",
        "上市挂牌板块_上交所科创板": "$B$6", "独立法人资格": "$B$8",
    }  # fmt: skip
    form = _form(tmp_path / "ss.xlsx", cells, names)
    read = Read(sheet_bytes(_listing(), form))
    assert [read.cell(f"制表日期_{part}").value for part in "年月日"] == ["2026", "11", "24"]
    assert read.cell("上市挂牌板块").value == "□主板　■北交所　□其他"
    assert (read.cell("上市挂牌板块_北交所").value, read.cell("上市挂牌板块_上交所科创板").value) == (
        "■北交所",
        "□科创板",
    )
    assert read.cell("独立法人资格").value == "■ 是  □ 否"
    assert not check_form(form, PACK, "ss").misspelt
    broken = _form(
        tmp_path / "ss.xlsx", {"C2": "年"}, {"上市挂牌日": "$B$2", "开户银行_万元": "$B$3", "合计金额": "$B:$B"}
    )
    report = check_form(broken, PACK, "ss")
    assert any("上市挂牌日_年" in one for one in report.harm) and any("开户银行_万元" in one for one in report.harm)
    assert any("不是一处单元格" in one for one in report.problems)


def test_shares_months_and_strange_units(tmp_path: Path) -> None:
    """FOUND 48: 4 % reads 4 % whoever writes the sign; 13 months in a cell for years; what nothing here counts in is refused."""
    of = replace(visit("bys", everything("bys")), concerned=None)
    name = next(s.name for s in of.stated if PACK.facts[s.name].dim is Dim.RATE)
    share = int(of.values[name]) / 10_000

    def fill(cells: dict[str, str], shape: str = "General") -> Any:
        form = _form(tmp_path / "bys.xlsx", cells, {name: "$B$2"}, {"B2": shape})
        return Read(sheet_bytes(of, form)).cell(name)

    for cells, shape, value in (
        ({"A2": "率"}, "General", share), ({"A2": "率（%）"}, "0%", share), ({"A2": "率", "B2": "     %"}, "General", share * 100),
        ({"A2": "率", "C2": "%"}, "General", share * 100), ({"A2": "率"}, '0.00"%"', share * 100), ({"A2": "率（‰）"}, "0", share * 1000),
    ):  # fmt: skip
        assert fill(cells, shape).value == pytest.approx(value), (cells, shape)
    with pytest.raises(BadInput, match="单位说法不一"):
        fill({"A2": "率（倍）"}, "0.00%")
    for cells, name_of in (({"A2": "占地规模（平方尺）"}, "占地规模"), ({"A2": "节能量（千瓦时）"}, "能源节约量")):
        with pytest.raises(BadInput, match="不能换算"):
            sheet_bytes(visit("tztc"), _form(tmp_path / "tztc.xlsx", cells, {name_of: "$B$2"}))
    cell: Any = Workbook().worksheets[0]["A1"]
    assert put(cell, Number(Fraction(13), size=Fraction(1)), unit_of("年")) == "13个月"
    assert put(cell, Number(Fraction(24), size=Fraction(1)), unit_of("年")) == "2"


def test_comments_prompts_lists_of_units_and_names_that_lead_nowhere(tmp_path: Path) -> None:
    """FOUND 48: what is said of a cell out of sight counts; a unit still to be chosen is refused; a broken name is told."""

    def made(prepare: Callable[[Any, Any], None]) -> Path:
        book = Workbook()
        sheet: Any = book.worksheets[0]
        sheet.title, sheet["A2"] = "表", "申请金额"
        book.defined_names["合计金额"] = DefinedName("合计金额", attr_text="表!$B$2")
        prepare(book, sheet)
        book.save(tmp_path / "ss.xlsx")
        return tmp_path / "ss.xlsx"

    def comment(_book: Any, sheet: Any) -> None:
        sheet["B2"].comment = Comment("请以万元为单位填写", "示例")

    def prompt(_book: Any, sheet: Any) -> None:
        rule = DataValidation("decimal", operator="greaterThan", formula1="0", prompt="单位：万元，保留两位小数")
        rule.add("B2")
        sheet.add_data_validation(rule)

    def units(_book: Any, sheet: Any) -> None:
        rule = DataValidation("list", formula1='"元,万元"')
        rule.add("C2")
        sheet.add_data_validation(rule)

    def names(book: Any, _sheet: Any) -> None:
        for name, at in (
            ("联系人", "$B$7"),
            ("地址", "OFFSET(表!$A$1,1,1)"),
            ("编号", "表!#REF!"),
            ("窗口", "[1]表!$A$1"),
        ):
            book.defined_names[name] = DefinedName(name, attr_text=at)

    for prepare in (comment, prompt):
        assert Read(sheet_bytes(_listing(), made(prepare))).cell("合计金额").value == pytest.approx(SUM / 10_000)
    with pytest.raises(BadInput, match="写了几种单位"):
        sheet_bytes(_listing(), made(units))
    broken = made(names)
    assert Read(sheet_bytes(_listing(), broken)).cell("合计金额").value == SUM
    told = " ".join(check_form(broken, PACK, "ss").problems)
    assert all(f"“{name}”指的不是一处单元格" in told for name in ("联系人", "地址", "编号", "窗口"))
