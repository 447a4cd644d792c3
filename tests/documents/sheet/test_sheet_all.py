"""The application sheet of every policy, filled from a worked example: what was answered is there, typed, and nothing harms."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from functools import cache
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from pinggu_desk.documents.sheet.fill import sheet_bytes
from pinggu_desk.documents.sheet.layout import Layout
from pinggu_desk.documents.sheet.names import binds_rows, form_path, row_name, value_name
from pinggu_desk.documents.sheet.text import height
from pinggu_desk.documents.sheet.values import Money, Number, Words, applied, fact_values
from pinggu_desk.documents.visit import Party, Stated, Visit
from tests.documents.sheet_samples import COMPANY, PACK, Read, everything, visit, worked

POLICIES = sorted(PACK.policies)
HOSTILE = (
    "=1+1", '=HYPERLINK("http://example.invalid","点")', "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+1", "<b>&amp;</b>", "]]>",
    "\x00\x07\x1b示例", "\ud800示例", "\u202e倒置\u202c", "\u200b\u200e\ufeff零宽", "行\r\n行\u2028行", "_x0041_", '&P&N&"宋体"',
    "1E5", "00123", "{=1}", "示" * 500, "w" * 500,
)  # fmt: skip


def _filled(of: Visit) -> Read:
    return Read(sheet_bytes(of))


@cache
def _example(policy: str) -> tuple[Visit, Read]:
    """A policy's worked example and its sheet, opened again; no test changes it."""
    of = visit(policy, worked(policy))
    return of, _filled(of)


def _first(read: Read) -> dict[str, Any]:
    """Each value name with the cell that first binds it."""
    return {
        name: read.cell(name)
        for name in read.places
        if value_name(name) == name and not row_name(name) and not binds_rows(name)
    }


@pytest.mark.parametrize("policy", POLICIES)
def test_every_answer_stands_in_its_cell_with_its_type(policy: str) -> None:
    of, read = _example(policy)
    cells, stated = _first(read), fact_values(of)
    assert stated
    for name, value in stated.items():
        cell = cells[name]
        if isinstance(value, Money):
            assert cell.data_type == "n" and Fraction(str(cell.value)) * 100 == value.fen, name
        elif isinstance(value, Number):
            assert cell.data_type == "n" and abs(Fraction(str(cell.value)) - value.value) < Fraction(1, 10_000), name
        elif isinstance(value, str | Words):
            assert (cell.value, cell.data_type) == (value, "s"), name
        else:
            assert cell.value == datetime(value.year, value.month, value.day), name
            assert "y" in cell.number_format


@pytest.mark.parametrize("policy", POLICIES)
def test_every_answer_is_shown_and_every_item_applied_for(policy: str) -> None:
    of, read = _example(policy)
    for name, cell in _first(read).items():
        if cell.value is not None:
            assert not read.places[name].sheet.row_dimensions[cell.row].hidden, name
    texts = set(read.texts())
    assert {d.title for d in applied(of)} <= texts
    assert {line.material.name for line in of.materials if line.state != "不适用"} <= texts


@pytest.mark.parametrize("policy", POLICIES)
def test_what_is_missing_has_a_box_to_write_in(policy: str) -> None:
    of = visit(policy, {})
    read = _filled(of)
    cells = _first(read)
    for name in {m.name for d in applied(of) for m in d.missing if m.kind == "ask"} & set(cells):
        assert not read.places[name].sheet.row_dimensions[cells[name].row].hidden, name
        assert not cells[name].protection.locked, name


@pytest.mark.parametrize("policy", POLICIES)
def test_every_text_fits_its_cells_even_when_everything_is_answered(policy: str) -> None:
    for sheet in _filled(visit(policy, everything(policy))).book.worksheets:
        layout = Layout(sheet)
        for row in sheet.iter_rows():
            for cell in row:
                box = layout.box(cell)
                have = sum(layout.row_height(r) for r in range(box.row, box.last_row + 1))
                if isinstance(cell.value, str) and have:
                    assert have + 0.1 >= height(cell.value, cell.font.sz, layout.room(box)), cell.coordinate


@pytest.mark.parametrize("policy", POLICIES)
def test_the_forms_own_features_survive(policy: str) -> None:
    form, filled = load_workbook(form_path(policy)), _example(policy)[1].book
    assert set(form.defined_names) == set(filled.defined_names)
    for before in form.worksheets:
        after = filled[before.title]
        assert {str(r) for r in before.merged_cells.ranges} == {str(r) for r in after.merged_cells.ranges}
        assert (before.print_area, before.print_title_rows) == (after.print_area, after.print_title_rows)
        assert after.protection.sheet
        assert [(v.type, str(v.sqref), v.formula1) for v in before.data_validations.dataValidation] == [
            (v.type, str(v.sqref), v.formula1) for v in after.data_validations.dataValidation
        ]


@pytest.mark.parametrize("policy", POLICIES)
def test_nothing_becomes_a_formula_whatever_is_stated(policy: str) -> None:
    of, _ = _example(policy)
    texts = [HOSTILE[at % len(HOSTILE)] for at in range(len(of.stated) + 6)]
    party = Party(f"{texts[0]}甲", f"{texts[1]}乙", contact=texts[2], phone=texts[3], address=texts[4])
    told = tuple(Stated(one.name, text) for one, text in zip(of.stated, texts[5:], strict=False))
    read = _filled(replace(of, applicant=party, stated=told, values={}, clerk=texts[-1]))
    assert {cell.data_type for cell in read.cells()} <= {"s", "n", "d"}
    seen = "".join(read.texts())
    assert not any(char in seen for char in "\x00\x07\x1b\u202e\u202c\u200b\u200e\ufeff\r\u2028")
    with ZipFile(BytesIO(read.data)) as file:
        assert not any(b"<f>" in file.read(name) for name in file.namelist() if "worksheets/sheet" in name)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_harms_no_cell_of_a_form_with_annexes(text: str) -> None:
    of, _ = _example("hs")
    told = tuple(Stated(name, text) for name in (*(one.name for one in of.stated), "会商项目年产值"))
    read = _filled(replace(of, applicant=replace(COMPANY, name=f"{text}甲", address=text), stated=told, values={}))
    for name in ("申请人名称", "申请人名称_2", "会商项目年产值", "会商项目年产值_2"):
        assert read.cell(name).data_type == "s"
    assert read.cell("申请人名称").value == read.cell("申请人名称_2").value
