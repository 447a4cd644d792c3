"""FOUND 48: what an office drew beside its cells is in the filled form, too, or is named as lost."""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from PIL import Image as Picture

from pinggu_desk.commands.cli import run
from pinggu_desk.documents.sheet.fill import sheet_bytes
from pinggu_desk.documents.sheet.forms import check_form
from pinggu_desk.documents.sheet.names import form_path
from tests.documents.sheet_samples import COMPANY, PACK, Read, visit

_BOX = (
    '<xdr:twoCellAnchor xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff>'
    "<xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>2</xdr:col><xdr:colOff>0</xdr:colOff>"
    '<xdr:row>3</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to><xdr:sp macro="" textlink=""><xdr:nvSpPr>'
    '<xdr:cNvPr id="9" name="盖章处"/><xdr:cNvSpPr txBox="1"/></xdr:nvSpPr><xdr:spPr><a:prstGeom prst="rect"><a:avLst/>'
    "</a:prstGeom></xdr:spPr><xdr:txBody><a:bodyPr/><a:p><a:r><a:t>（盖章处）</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    "<xdr:clientData/></xdr:twoCellAnchor>"
)
_NEWER = (
    '<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
    'uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x14:dataValidations '
    'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" count="1"><x14:dataValidation type="list">'
    "<x14:formula1><xm:f>选项!$A$1:$A$3</xm:f></x14:formula1><xm:sqref>B4</xm:sqref></x14:dataValidation>"
    "</x14:dataValidations></ext></extLst>"
)


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    """The form of ss with a picture, a text box, a comment, a list on another sheet, a locked sheet."""
    book = load_workbook(form_path("ss"))
    sheet: Any = book.worksheets[0]
    seal = BytesIO()
    Picture.new("RGB", (60, 60), "red").save(seal, "PNG")
    sheet.add_image(Image(BytesIO(seal.getvalue())), "A1")
    sheet["A3"].comment = Comment("请用黑色签字笔", "示例单位")
    choices = book.create_sheet("选项")
    for row, word in enumerate("甲乙丙", 1):
        choices.cell(row, 1).value = word
    book.defined_names["板块选项"] = DefinedName("板块选项", attr_text="选项!$A$1:$A$3")
    listed = DataValidation("list", formula1="板块选项")
    listed.add("B3")
    sheet.add_data_validation(listed)
    sheet.protection.set_password("示例")
    plain, path = tmp_path / "plain.xlsx", tmp_path / "ss.xlsx"
    book.save(plain)
    with ZipFile(plain) as read, ZipFile(path, "w", ZIP_DEFLATED) as write:
        for name in read.namelist():
            text = read.read(name)
            if name == "xl/drawings/drawing1.xml":
                end = text.rindex(b"</")
                text = text[:end] + _BOX.encode() + text[end:]
            if name == "xl/worksheets/sheet1.xml":
                text = text.replace(b"</worksheet>", _NEWER.encode() + b"</worksheet>")
            write.writestr(name, text)
    return path


def test_text_boxes_pictures_comments_and_lists_elsewhere_are_kept(drawn: Path, tmp_path: Path) -> None:
    data = sheet_bytes(visit("ss"), drawn)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library says that it doesn't keep what is kept here
        read = Read(data)
    with ZipFile(BytesIO(data)) as package:
        names = package.namelist()
        assert len(names) == len(set(names))
        drawing = next(name for name in names if name.startswith("xl/drawings/drawing"))
        assert "（盖章处）".encode() in package.read(drawing)
        assert any(name.startswith("xl/media/") for name in names)
        assert "请用黑色签字笔".encode() in b"".join(package.read(name) for name in names if "comment" in name)
        assert b"x14:dataValidation" in package.read("xl/worksheets/sheet1.xml")
    sheet = read.book.worksheets[0]
    assert len(sheet._images) == 1 and sheet["A3"].comment.text == "请用黑色签字笔"
    assert "板块选项" in {rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert sheet.protection.sheet and sheet.protection.password
    assert read.cell("申请人名称").value == COMPANY.name
    assert sheet_bytes(visit("ss"), drawn) == data
    (tmp_path / "again.xlsx").write_bytes(data)
    assert sheet_bytes(visit("ss"), tmp_path / "again.xlsx")  # what was kept can be kept again


def test_names_of_the_forms_own_lists_are_not_taken_for_misspelt(drawn: Path) -> None:
    report = check_form(drawn, PACK, "ss")
    assert report.ok and report.lost == ()


def test_what_cant_be_kept_is_named(drawn: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "macro" / "ss.xlsx"
    path.parent.mkdir()
    with ZipFile(drawn) as read, ZipFile(path, "w", ZIP_DEFLATED) as write:
        for name in read.namelist():
            write.writestr(name, read.read(name))
        write.writestr("xl/vbaProject.bin", b"0")
    assert check_form(path, PACK, "ss").lost == ("宏",)
    run(["forms", "check", str(path)])
    assert "填表时保不住：宏。" in capsys.readouterr().out
