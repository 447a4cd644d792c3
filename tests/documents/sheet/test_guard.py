"""FOUND 48, 58, 66: a workbook that would take the program down is refused in one sentence, before it is walked through."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from pinggu_desk.commands.cli import run
from pinggu_desk.documents.sheet.guard import FORM, open_sound, sound_bytes
from pinggu_desk.documents.sheet.names import form_path
from pinggu_desk.policy.errors import BadInput

Edit = Callable[[str, bytes], bytes]
_STRICT = (
    (b"http://schemas.openxmlformats.org/officeDocument/2006/", b"http://purl.oclc.org/ooxml/officeDocument/"),
    (b"http://schemas.openxmlformats.org/spreadsheetml/2006/", b"http://purl.oclc.org/ooxml/spreadsheetml/"),
    (b"http://schemas.openxmlformats.org/drawingml/2006/", b"http://purl.oclc.org/ooxml/drawingml/"),
)


def edited(path: Path, out: Path, edit: Edit) -> Path:
    """A copy of a workbook, each part as ``edit`` makes it."""
    with ZipFile(path) as read, ZipFile(out, "w", ZIP_DEFLATED) as write:
        for name in read.namelist():
            write.writestr(name, edit(name, read.read(name)))
    return out


def _in_sheet(old: bytes, new: bytes) -> Edit:
    def edit(name: str, text: bytes) -> bytes:
        return text.replace(old, new, 1) if name.startswith("xl/worksheets/sheet") else text

    return edit


def strict(_: str, text: bytes) -> bytes:
    """A part in the strict form's names."""
    for usual, own in _STRICT:
        text = text.replace(usual, own)
    return text


FAR = {
    "cell": _in_sheet(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    "column": _in_sheet(b"</row></sheetData>", b'<c r="XFD2"><v>1</v></c></row></sheetData>'),
    "row": _in_sheet(b"</sheetData>", b'<row r="99999999999"></row></sheetData>'),
    "quotes": _in_sheet(b"</sheetData>", b"<row r='1048576'><c r='A1048576'><v>1</v></c></row></sheetData>"),
    "merge": _in_sheet(b"</mergeCells>", b'<mergeCell ref="N50:XFD1048576"/></mergeCells>'),
    "link": _in_sheet(
        b"</sheetData>", b'</sheetData><hyperlinks><hyperlink ref="A1:XFD1048576" display="x"/></hyperlinks>'
    ),
    "no such column": _in_sheet(b"</row></sheetData>", b'<c r="XXXXXXXX2"><v>1</v></c></row></sheetData>'),
}


@pytest.mark.parametrize("where", FAR)
@pytest.mark.parametrize("command", ["check", "map"])
def test_what_lies_too_far_out_is_named_at_once(
    where: str, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = edited(form_path("tztc"), tmp_path / "tztc.xlsx", FAR[where]), tmp_path / "out.xlsx"
    start = time.process_time()
    assert run(["forms", command, str(path), *(["-o", str(out)] if command == "map" else [])]) == 2
    assert time.process_time() - start < 10  # walking through the whole sheet takes minutes
    said = capsys.readouterr().err.strip()
    assert len(said.splitlines()) == 1 and "tztc.xlsx" in said and "再试" in said
    assert not out.exists()


def test_a_comment_on_a_far_cell_is_told(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0]["A1"].comment = Comment("示例", "示例")
    book.save(tmp_path / "a.xlsx")

    def far(name: str, text: bytes) -> bytes:
        return text.replace(b'ref="A1"', b'ref="XFD1048576"') if "comment" in name else text

    with pytest.raises(BadInput, match="XFD1048576"):
        open_sound(edited(tmp_path / "a.xlsx", tmp_path / "b.xlsx", far), "表样")


def test_whole_columns_of_rules_and_widths_are_no_fault(tmp_path: Path) -> None:
    book = Workbook()
    sheet: Any = book.worksheets[0]
    sheet.auto_filter.ref = "A1:XFD1048576"
    sheet.column_dimensions.group("A", "XFD")
    book.save(tmp_path / "a.xlsx")
    assert open_sound(tmp_path / "a.xlsx", "表样").worksheets


def test_the_strict_form_is_read_like_the_usual_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = edited(form_path("ss"), tmp_path / "ss.xlsx", strict)
    usual, read = load_workbook(form_path("ss")), open_sound(path, "表样")
    assert set(read.defined_names) == set(usual.defined_names)
    assert [[c.value for c in row] for row in read.worksheets[0]] == [
        [c.value for c in row] for row in usual.worksheets[0]
    ]
    assert run(["forms", "check", str(path)]) == 0
    assert "可以使用" in capsys.readouterr().out


def test_sheets_of_charts_alone_are_told_apart(tmp_path: Path) -> None:
    """A chart sheet without its drawing trips the library: the sentence says what to take out."""
    book = Workbook()
    book.create_chartsheet("图")
    data = BytesIO()
    book.save(data)
    (tmp_path / "a.xlsx").write_bytes(data.getvalue())

    def without_drawing(name: str, text: bytes) -> bytes:
        return b"" if name.startswith("xl/chartsheets/_rels") else text

    path = edited(tmp_path / "a.xlsx", tmp_path / "b.xlsx", without_drawing)
    with pytest.raises(BadInput, match="删去其中的图表工作表"):
        open_sound(path, "表样")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "打不开"), (b"PK\x03\x04", "打不开"), (b"\xd0\xcf\x11\xe0" + b"0" * 600, "打开密码"), ("不是".encode(), "打不开"),
    ],
)  # fmt: skip
def test_what_is_no_package_is_told(data: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    with pytest.raises(BadInput, match=told):
        sound_bytes(path, "表样")


def test_a_gigabyte_of_blanks_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b" " * (FORM.unpacked + 1))
    with pytest.raises(BadInput, match="解开后"):
        sound_bytes(path, "表样")


@pytest.mark.parametrize("cut", [100, 1000, 4000])
def test_a_cut_or_damaged_file_is_a_sentence(cut: int, tmp_path: Path) -> None:
    whole = form_path("ss").read_bytes()
    path = tmp_path / "a.xlsx"
    for data in (whole[:cut], whole[:-cut], whole[:cut] + bytes(200) + whole[cut + 200 :]):
        path.write_bytes(data)
        with suppress(BadInput):  # what is damaged in a place that nobody reads may be read
            open_sound(path, "表样")


def test_a_folder_or_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="目录"):
        sound_bytes(tmp_path, "表样")
    with pytest.raises(BadInput, match="找不到"):
        sound_bytes(tmp_path / "无.xlsx", "表样")
