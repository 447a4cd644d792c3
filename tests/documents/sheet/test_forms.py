"""The forms: each is what the tool draws from the pack, binds every name it must, and a broken one is told apart."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedName

from pinggu_desk.commands.cli import run
from pinggu_desk.documents.sheet.draw.form import draw
from pinggu_desk.documents.sheet.forms import check_form, check_forms
from pinggu_desk.documents.sheet.names import ROW_NAMES, VISIT_NAMES, form_path
from pinggu_desk.policy.errors import BadInput
from tests.documents.sheet_samples import PACK

POLICIES = sorted(PACK.policies)


def _edited(tmp_path: Path, policy: str, edit: Any) -> Path:
    book = load_workbook(form_path(policy))
    edit(book)
    path = tmp_path / f"{policy}.xlsx"
    book.save(path)
    return path


def _rename(book: Workbook, old: str, new: str) -> None:
    where = book.defined_names.pop(old).attr_text
    book.defined_names[new] = DefinedName(new, attr_text=where)


def test_every_policy_has_a_sound_form() -> None:
    assert check_forms(PACK) == []


@pytest.mark.parametrize("policy", POLICIES)
def test_every_fact_that_the_rules_ask_has_a_cell(policy: str) -> None:
    assert check_form(form_path(policy), PACK, policy).unasked == ()


@pytest.mark.parametrize("policy", POLICIES)
def test_the_form_is_what_the_tool_draws_from_the_pack(policy: str) -> None:
    with ZipFile(BytesIO(draw(PACK, policy))) as drawn, ZipFile(form_path(policy)) as kept:
        assert drawn.namelist() == kept.namelist()
        for name in drawn.namelist():
            assert drawn.read(name) == kept.read(name), (
                f"forms/{policy}.xlsx ({name}): redraw with pinggu-desk forms draw"
            )


@pytest.mark.parametrize("policy", POLICIES)
def test_a_form_is_titled_as_its_policy_names_it_and_prints_on_a4(policy: str) -> None:
    sheet: Any = load_workbook(form_path(policy)).worksheets[0]
    assert sheet["A1"].value == PACK.policies[policy].form_title
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "portrait")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    words = "".join(str(c.value) for row in sheet.iter_rows() for c in row if c.value)
    for part in ("承诺", "盖章", "签字", "初审意见", "复审意见", "主管部门意见", "以主管部门审核为准", "法定代表人"):
        assert part in words


def test_a_form_for_services_has_no_place_for_money() -> None:
    report = check_form(form_path("yl"), PACK, "yl")
    assert report.ok
    assert not {"事项_金额", "合计金额", "合计大写"} & set(report.bound)


def test_choices_can_be_picked_and_only_they() -> None:
    sheet = load_workbook(form_path("ss")).worksheets[0]
    lists = {rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"}
    assert '"是,否"' in lists
    assert any("沪深交易所主板" in (listed or "") for listed in lists)


def test_a_misspelt_name_is_told_with_what_was_meant(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        _rename(book, "技改固定资产投资", "技改固定资产投资额")
        _rename(book, "事项_名称", "事项_名字")

    report = check_form(_edited(tmp_path, "zxqy", edit), PACK, "zxqy")
    assert not report.ok
    assert {(m.name, m.meant) for m in report.misspelt} == {
        ("技改固定资产投资额", "技改固定资产投资"),
        ("事项_名字", "事项_名称"),
    }
    assert report.missing == ("事项_名称",)
    assert report.unasked == ("技改固定资产投资",)
    assert any("是不是“技改固定资产投资”？" in sentence for sentence in report.sentences)


def test_a_name_like_no_other_is_told_without_a_guess(tmp_path: Path) -> None:
    path = _edited(tmp_path, "ss", lambda book: _rename(book, "窗口", "xyz"))
    assert [(m.name, m.meant) for m in check_form(path, PACK, "ss").misspelt] == [("xyz", "")]


@pytest.mark.parametrize(
    "name", ["申请人名称", "统一社会信用代码", "编号", "依据说明", "事项_金额", "合计大写", "材料_状态"]
)
def test_a_required_name_that_is_missing_is_told(tmp_path: Path, name: str) -> None:
    report = check_form(_edited(tmp_path, "ss", lambda book: book.defined_names.pop(name)), PACK, "ss")
    assert report.missing == (name,)
    assert any(f"缺少名称“{name}”" in sentence for sentence in report.sentences)


@pytest.mark.parametrize(
    ("name", "where", "told"),
    [
        ("联系人", "#REF!", "指的不是一处单元格"),
        ("联系人", "没有这张表!$A$1", "指的不是一处单元格"),
        ("联系人", "申请表!$A$1,申请表!$B$2", "指的不是一处单元格"),
        ("联系人", "申请表!$D$4", "合并单元格盖住"),
        ("事项_金额", "申请表!$E$3:$E$9", "起止行不同"),
    ],
)
def test_a_name_that_stands_wrong_is_told_with_its_place(tmp_path: Path, name: str, where: str, told: str) -> None:
    def edit(book: Workbook) -> None:
        book.defined_names[name] = DefinedName(name, attr_text=where)

    problems = check_form(_edited(tmp_path, "ss", edit), PACK, "ss").problems
    assert any(told in sentence and name in sentence for sentence in problems)


def test_two_names_on_one_cell_are_told(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        book.defined_names["窗口"] = DefinedName("窗口", attr_text=book.defined_names["经办人"].attr_text)

    (problem,) = check_form(_edited(tmp_path, "ss", edit), PACK, "ss").problems
    assert "同一个单元格" in problem and "经办人" in problem


def test_a_formula_is_told_with_its_cell(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        book.worksheets[0]["A70"] = "=SUM(A1:A2)"

    (problem,) = check_form(_edited(tmp_path, "ss", edit), PACK, "ss").problems
    assert "申请表!A70" in problem


def test_what_is_no_workbook_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "ss.xlsx"
    path.write_text("不是工作簿", encoding="utf-8")
    with pytest.raises(BadInput, match="另存为"):
        check_form(path, PACK, "ss")


def test_the_check_of_the_pack_names_file_and_kind(tmp_path: Path) -> None:
    def edit(book: Workbook) -> None:
        _rename(book, "窗口", "窗囗")
        book.worksheets[0]["A70"] = "=1"
        book.defined_names.pop("编号")

    _edited(tmp_path, "ss", edit)
    found = [d for d in check_forms(PACK, tmp_path) if d.file == "forms/ss.xlsx"]
    assert [d.code for d in found] == ["form-misspelt", "form-missing", "form-unsound"]
    others = {d.code for d in check_forms(PACK, tmp_path) if d.file != "forms/ss.xlsx"}
    assert others == {"form-unreadable"}


def test_no_name_means_two_things() -> None:
    rows = {f"{family}_{column}" for family, columns in ROW_NAMES.items() for column in columns}
    assert not set(VISIT_NAMES) & set(PACK.facts)
    assert not rows & set(PACK.facts)


def test_whoever_keeps_a_pack_draws_its_forms_by_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["forms", "draw", "--policy", POLICIES[0], "-o", str(tmp_path)]) == 0
    assert (tmp_path / f"{POLICIES[0]}.xlsx").read_bytes() == form_path(POLICIES[0]).read_bytes()
    assert run(["forms", "draw", "--policy", "nothing", "-o", str(tmp_path)]) == 2
    assert "没有编号为“nothing”的政策" in capsys.readouterr().err
