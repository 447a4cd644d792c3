"""FOUND 48: an office's own form is filled in the unit that it writes, and what can't be converted is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from pinggu_desk.commands.cli import run
from pinggu_desk.documents.sheet.fill import sheet_bytes
from pinggu_desk.documents.sheet.forms import check_form
from pinggu_desk.documents.sheet.units import unit_of, units_in
from pinggu_desk.documents.visit import Visit
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.quantity import Dim
from tests.documents.sheet_samples import PACK, Read, visit

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
