"""A sheet written in another way than office programs do is read cell by cell or refused, never otherwise by the fast reader."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from pinggu_desk.documents.books.applicants import open_book
from tests import bundled
from tests.reliability.spoiled import open_exactly, outcome

SHEET, STYLES, BOOK = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"


def good() -> dict[str, bytes]:
    book, out = openpyxl.Workbook(), BytesIO()
    sheet = book.worksheets[0]
    for row in (["申请人名称", "产业融合审定投资额", "职工人数"], ["示例甲", 80, 12], ["示例乙", 5, 7]):
        sheet.append(row)
    sheet["B2"].number_format = '0.00"万元"'
    book.create_sheet("别的").append(["示例"])
    book.save(out)
    with ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


BENT = {
    "a line break before the unit": (SHEET, b'<c r="B2" s="1" t="n">', b'<c\n r="B2" s="1" t="n">'),
    "the same cell twice": (SHEET, b'<c r="C2" t="n">', b'<c r="B2" t="n">'),
    "a cell of another row, as far as can be": (SHEET, b'<c r="C2" t="n">', b'<c r="XFD1048576" t="n">'),
    "a number that is none": (SHEET, b"<v>12</v>", b"<v>1,2</v>"),
    "two values": (SHEET, b"<v>12</v>", b"<v>1</v><v>2</v>"),
    "a style that is not there": (SHEET, b'<c r="C2" t="n">', b'<c r="C2" s="9" t="n">'),
    "a unit in the style of all cells": (STYLES, b'<xf numFmtId="0"', b'<xf numFmtId="164"'),
    "rows behind the rows": (SHEET, b"</sheetData>", b'</sheetData><sheetData><row r="9"><c r="A9"><v>1</v></c></row></sheetData>'),
    "two sheets of one name": (BOOK, "别的".encode(), b"Sheet"),
    "a text by its number": (SHEET, b'<c r="C2" t="n">', b'<c r="C2" t="s">'),
    "a lone ampersand": (SHEET, "示例乙".encode(), b"A&B"),
    "an ampersand of a word that is none": (SHEET, "示例乙".encode(), b"A&nbsp;B"),
    "a character that controls": (SHEET, "示例乙".encode(), b"A\x01B"),
    "a character that is none": (SHEET, "示例乙".encode(), b"A\xef\xbf\xbfB"),
    "half a character": (SHEET, "示例乙".encode(), "示例乙".encode()[:-1]),
    "the end of what is no XML": (SHEET, "示例乙".encode(), b"A]]>B"),
    "a row that says a thing twice": (SHEET, b'<row r="2"', b'<row r="2" ht="9" ht="8"'),
    "an ampersand as it should be": (SHEET, "示例乙".encode(), b"A&amp;B&lt;C"),
    "a mark of a return within a text": (SHEET, "示例乙".encode(), "示例_x000D_乙".encode()),
}  # fmt: skip


@pytest.mark.parametrize("bent", BENT)
def test_a_bent_sheet_is_read_as_cell_by_cell(tmp_path: Path, bent: str) -> None:
    part, old, new = BENT[bent]
    path = tmp_path / "in.xlsx"
    with ZipFile(path, "w") as archive:
        for name, data in good().items():
            archive.writestr(name, data.replace(old, new) if name == part else data)
    assert new in ZipFile(path).read(part)
    pack = bundled.engine().pack
    assert outcome(path, pack, open_book) == outcome(path, pack, open_exactly)


def test_a_part_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """One reader takes the first of them, another the last: nobody knows which is meant."""
    path, parts = tmp_path / "in.xlsx", good()
    with ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
        archive.writestr(SHEET.upper(), parts[SHEET].replace(b"80", b"90"))
    refused = outcome(path, bundled.engine().pack, open_book)
    assert isinstance(refused, str) and "同一部分有两份" in refused and refused.endswith("。")
