"""An office's own form: names drafted from its labels, checked, told apart when wrong, and then filled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Border, Side
from openpyxl.workbook.defined_name import DefinedName

from pinggu_desk.commands.cli import run
from pinggu_desk.documents.sheet.fill import sheet_bytes
from pinggu_desk.documents.sheet.forms import check_form
from pinggu_desk.documents.sheet.mapping import draft_names
from pinggu_desk.documents.sheet.names import form_path
from tests.documents.sheet_samples import COMPANY, PACK, Read, visit

_THIN = Side(style="thin")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def _own_form(path: Path) -> None:
    """A form as an office might draw it: other words, other places, a merged value, a table, a signature."""
    book = Workbook()
    sheet: Any = book.worksheets[0]
    sheet.title = "本局 表样"
    rows = (
        ("企业上市、挂牌奖励扶持专项资金申请表",),
        ("1. 企业全称：", "", "手机号码", ""),
        ("统一社会信用代码（18位）", "", "填表日期", ""),
        ("上市（挂牌）日期", "", "已领上市挂牌奖励（万元）", ""),
        ("上市挂牌板块", "", "董事长爱好", ""),
        ("序号", "申请事项", "申请金额（元）", "备注", "政策依据"),
        ("", "", "", "", ""), ("", "", "", "", ""),
        ("资金合计（元）", "", "大写", ""),
        ("受理编号", "", "依据说明", ""),
        ("材料名称", "是否提交"), ("", ""), ("", ""), ("", ""),
    )  # fmt: skip
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.value, cell.border = text or None, _BOX
    sheet.merge_cells("A1:E1")
    sheet.merge_cells("D2:E2")
    book.save(path)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "上市申请.xlsx"
    _own_form(path)
    return path


def test_labels_become_names_that_a_visit_fills(own: Path, tmp_path: Path) -> None:
    out = tmp_path / "拟.xlsx"
    assert run(["forms", "map", str(own), "-o", str(out)]) == 0
    report = check_form(out, PACK, "ss")
    assert report.ok
    read = Read(sheet_bytes(visit("ss"), out))
    assert read.cell("申请人名称").coordinate == "B2" and read.cell("申请人名称").value == COMPANY.name
    assert read.cell("联系电话").coordinate == "D2" and read.cell("联系电话").value == COMPANY.phone
    assert read.cell("统一社会信用代码").value == COMPANY.code
    assert read.cell("上市挂牌板块").value == "北交所"
    assert read.column("事项_名称")[0] == "企业上市奖励"
    assert (read.cell("合计金额").coordinate, read.cell("合计金额").value) == ("B9", 6_765_432.11)
    assert len(read.column("材料_名称")) == 3


def test_a_label_that_is_nearly_a_facts_name_is_taken_for_it(own: Path) -> None:
    drafted = {one.name: one.place for one in draft_names(own, PACK, "ss").drafted}
    assert drafted["已领上市挂牌奖励"] == "本局 表样!D4"
    assert drafted["上市挂牌日"] == "本局 表样!B4"


def test_a_label_that_means_nothing_known_is_left_to_a_person(own: Path) -> None:
    draft = draft_names(own, PACK, "ss")
    assert draft.unknown == ["董事长爱好"]
    assert not any(one.label == "董事长爱好" for one in draft.drafted)


def test_names_that_are_there_stay_and_no_cell_is_bound_twice(own: Path) -> None:
    book = load_workbook(own)
    book.defined_names["申请人名称"] = DefinedName("申请人名称", attr_text="'本局 表样'!$B$2")
    book.save(own)
    draft = draft_names(own, PACK, "ss")
    assert draft.book.defined_names["申请人名称"].attr_text == "'本局 表样'!$B$2"
    assert not any(one.place == "本局 表样!B2" for one in draft.drafted)


@pytest.mark.parametrize("policy", sorted(PACK.policies))
def test_our_own_forms_stripped_of_names_are_named_again(policy: str, tmp_path: Path) -> None:
    book = load_workbook(form_path(policy))
    kept = {
        name: d.attr_text for name, d in book.defined_names.items() if name in PACK.facts or name.startswith("事项_")
    }
    for name in list(book.defined_names):
        del book.defined_names[name]
    path = tmp_path / f"{policy}.xlsx"
    book.save(path)
    drafted = draft_names(path, PACK, policy)
    again = {name: d.attr_text.replace("'", "") for name, d in drafted.book.defined_names.items()}
    wrong = {name for name, where in kept.items() if again.get(name) != where}
    assert not wrong


def test_check_passes_our_form_and_says_how_many_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["forms", "check", str(form_path("rcst"))]) == 0
    assert "可以使用" in capsys.readouterr().out


def test_check_tells_misspelt_and_missing_and_fails(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "拟.xlsx"
    run(["forms", "map", str(own), "-o", str(out)])
    book = load_workbook(out)
    book.defined_names["申请人名字"] = DefinedName(
        "申请人名字", attr_text=book.defined_names.pop("申请人名称").attr_text
    )
    book.defined_names["仅当_ss.listin"] = DefinedName("仅当_ss.listin", attr_text="'本局 表样'!$A$12")
    book.save(out)
    capsys.readouterr()
    assert run(["forms", "check", str(out)]) == 1
    said = capsys.readouterr().out
    assert "不认识名称“申请人名字”，是不是“申请人名称”？" in said
    assert "不认识名称“仅当_ss.listin”，是不是“仅当_ss.listing”？" in said
    assert "缺少名称“申请人名称”" in said
    assert run(["forms", "check", str(out), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["policy"] == "ss" and report["missing"] == ["申请人名称"]
    assert {"name": "申请人名字", "meant": "申请人名称"} in report["misspelt"]


def test_a_form_of_no_known_policy_has_to_be_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "某表.xlsx"
    Workbook().save(path)
    assert run(["forms", "check", str(path)]) == 2
    assert "请用 --policy 指明政策编号" in capsys.readouterr().err
    assert run(["forms", "check", str(path), "--policy", "ss"]) == 1
    assert run(["forms", "check", str(path), "--policy", "zz"]) == 2
    assert "没有编号为“zz”的政策" in capsys.readouterr().err


def test_a_wrong_subcommand_is_told_the_right_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["forms", "chek"]) == 2
    assert "可用的有check、draw、map" in capsys.readouterr().err


def test_capitals_boxes_lines_and_bold_labels_are_drafted(tmp_path: Path) -> None:
    """FOUND 48: （大写） never gets the figure; cells that hold a line, a unit or boxes are there to be filled; bold is read."""
    book = Workbook()
    sheet: Any = book.worksheets[0]
    for where, value in {
        "A1": "申请金额（大写）", "A2": CellRichText("申请金额", TextBlock(InlineFont(b=True), "（万元）")), "B2": "      万元",
        "A3": "独立法人资格", "B3": "□是　□否", "A4": "单位名称", "B4": "________", "A5": "核定金额（万元）", "C9": " ",
    }.items():  # fmt: skip
        sheet[where] = value
    book.save(tmp_path / "ss.xlsx")
    draft = draft_names(tmp_path / "ss.xlsx", PACK, "ss")
    assert {one.place.rpartition("!")[2]: one.name for one in draft.drafted} == {
        "B1": "合计大写", "B2": "合计金额", "B3": "独立法人资格", "B4": "申请人名称",
    }  # fmt: skip
    assert draft.unknown == ["核定金额"]
