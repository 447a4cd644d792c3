"""An office's own form whose list or boxes leave out an answer: named, since it would be filled in all the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from pinggu_desk.documents.sheet.forms import check_form
from pinggu_desk.documents.sheet.names import form_path
from tests.documents.sheet.test_units import _form
from tests.documents.sheet_samples import PACK

BOARDS = [option.name for option in PACK.facts["上市挂牌板块"].options]
LACKING = "里没有“上市挂牌板块”的“新三板创新层”，遇到时填的字与表上的选项不符，请补上。"
_NEWER = (
    '<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}">'
    '<x14:dataValidations xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" count="1"><x14:dataValidation type="list" '
    'allowBlank="1"><x14:formula1><xm:f>{}</xm:f></x14:formula1><xm:sqref>B2:C2</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>'
)


def told(path: Path) -> list[str]:
    report = check_form(path, PACK, "ss")
    assert report.usable
    return [one for one in report.problems if "请补上" in one]


def listed(path: Path, offered: list[str], how: str) -> Path:
    """A form whose cell for the board offers these, in one of the ways in which office programs keep lists."""
    form = _form(path, {"A2": "上市挂牌板块"}, {"上市挂牌板块": "$B$2"})
    book = load_workbook(form)
    sheet: Any = book.worksheets[0]
    other = book.create_sheet("选 项")
    for row, word in enumerate(offered, 1):
        other.cell(row, 2).value = word
        sheet.cell(row + 10, 8).value = word
    book.defined_names["板块"] = DefinedName("板块", attr_text=f"'选 项'!$B$1:$B${len(offered)}")
    book.defined_names["又名"] = DefinedName("又名", attr_text="板块")
    formula = {
        "written": f'"{",".join(offered)}"', "here": f"$H$11:$H${10 + len(offered)}", "elsewhere": f"'选 项'!$B$1:$B${len(offered)}",
        "named": "板块", "named twice": "=又名", "reckoned": "INDIRECT($A$1)", "newer": "",
    }[how]  # fmt: skip
    if formula:
        rule = DataValidation("list", formula1=formula)
        rule.add("B2:B4")
        sheet.add_data_validation(rule)
    book.save(form)
    if how == "newer":
        with ZipFile(form) as read:
            parts = {name: read.read(name) for name in read.namelist()}
        where = f"'选 项'!$B$1:$B${len(offered)}".replace("'", "&apos;")
        own = parts["xl/worksheets/sheet1.xml"]
        parts["xl/worksheets/sheet1.xml"] = own.replace(
            b"</worksheet>", _NEWER.format(where).encode() + b"</worksheet>"
        )
        with ZipFile(form, "w", ZIP_DEFLATED) as write:
            for name, data in parts.items():
                write.writestr(name, data)
    return form


@pytest.mark.parametrize("how", ["written", "here", "elsewhere", "named", "named twice", "newer"])
def test_an_answer_that_a_list_leaves_out_is_named(tmp_path: Path, how: str) -> None:
    (sentence,) = told(listed(tmp_path / "ss.xlsx", [one for one in BOARDS if one != "新三板创新层"], how))
    assert sentence == f"表!B2 的下拉列表{LACKING}"
    assert told(listed(tmp_path / "ss.xlsx", BOARDS, how)) == []


def test_a_list_that_only_the_office_program_can_work_out_is_left_alone(tmp_path: Path) -> None:
    assert told(listed(tmp_path / "ss.xlsx", ["甲"], "reckoned")) == []


def test_an_answer_without_a_box_is_named(tmp_path: Path) -> None:
    boxes = "　".join(f"□{one}" for one in BOARDS if one != "新三板创新层")
    (sentence,) = told(_form(tmp_path / "ss.xlsx", {"B2": boxes, "B3": "有□ 无□"}, {"上市挂牌板块": "$B$2"}))
    assert sentence == f"表!B2 的选项框{LACKING}"
    assert told(_form(tmp_path / "ss.xlsx", {"B3": "□有 □无"}, {"独立法人资格": "$B$3"})) == []
    (sentence,) = told(_form(tmp_path / "ss.xlsx", {"B3": "□是"}, {"独立法人资格": "$B$3"}))
    assert "没有“独立法人资格”的“否”" in sentence


def test_boxes_in_cells_of_their_own_are_counted_together(tmp_path: Path) -> None:
    names = {f"上市挂牌板块_{one}": f"$B${row}" for row, one in enumerate(BOARDS, 2)}
    assert told(_form(tmp_path / "ss.xlsx", {"B2": "□"}, names)) == []
    del names["上市挂牌板块_新三板创新层"]
    (sentence,) = told(_form(tmp_path / "ss.xlsx", {"B2": "□"}, names))
    assert sentence.startswith("“上市挂牌板块”没有“新三板创新层”的选项框，遇到时一个也不勾")
    assert told(_form(tmp_path / "ss.xlsx", {"B2": "□"}, {**names, "上市挂牌板块": "$C$2"})) == []


@pytest.mark.parametrize("policy", list(PACK.policies))
def test_our_own_forms_offer_every_answer(policy: str) -> None:
    assert not [one for one in check_form(form_path(policy), PACK, policy).problems if "请补上" in one]
