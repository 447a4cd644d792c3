"""FOUND 70: an office's own form lies beside the data and is filled in place of ours; a broken one is told and not filled."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedName

from pinggu_desk.commands.cli import run
from pinggu_desk.documents.sheet.names import form_path
from pinggu_desk.work.forms import forms_folder, own_forms, own_lines
from pinggu_desk.work.papers import Papers
from tests.documents.sheet_samples import PACK, Read, visit


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PINGGU_DESK_HOME", str(tmp_path / "数据"))
    folder = forms_folder()
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def facts(tmp_path: Path) -> str:
    path = tmp_path / "facts.json"
    stated = {"申请人名称": "示例公司", "开户银行": "示例银行平谷支行", "银行账号": "110901234567890123"}
    path.write_text(json.dumps(stated, ensure_ascii=False), encoding="utf-8")
    return str(path)


def _own(path: Path, label: str = "申请金额（万元）") -> None:
    book: Any = load_workbook(form_path("ss"))
    book.worksheets[0]["A1"] = "示例局自己的表"
    sheet = book.create_sheet("另页")
    sheet["A1"] = label
    book.defined_names["申请金额"] = DefinedName("申请金额", attr_text="另页!$B$1")
    book.save(path)


def _title(data: bytes) -> Any:
    return Read(data).book.worksheets[0]["A1"].value


def test_the_offices_form_is_filled_where_it_has_one(folder: Path, facts: str, tmp_path: Path) -> None:
    _own(folder / "ss.xlsx")
    out = tmp_path / "out.xlsx"
    assert run(["sheet", "--facts", facts, "--policy", "ss", "-o", str(out)]) == 0
    assert _title(out.read_bytes()) == "示例局自己的表"
    assert Read(out.read_bytes()).cell("银行账号").value == "110901234567890123"
    assert _title(Papers(forms_folder()).sheet_bytes(visit("ss"))) == "示例局自己的表" and not Papers(
        forms_folder()
    ).sheet_note(visit("ss"))
    assert _title(Papers(forms_folder()).sheet_bytes(visit("yl"))) == PACK.policies["yl"].form_title


def test_another_folder_can_be_named(facts: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _own(tmp_path / "ss.xlsx")
    command = ["sheet", "--facts", facts, "--policy", "ss", "-o", str(tmp_path / "o.xlsx"), "--forms"]
    assert run([*command, str(tmp_path)]) == 0
    assert _title((tmp_path / "o.xlsx").read_bytes()) == "示例局自己的表"
    assert run([*command, str(tmp_path / "无")]) == 2
    assert "没有表样目录" in capsys.readouterr().err


@pytest.mark.parametrize("broken", ["unit", "no workbook"])
def test_a_broken_form_is_told_and_ours_is_filled(
    broken: str, folder: Path, facts: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "ss.xlsx"
    if broken == "unit":
        _own(path, "申请金额（万美元）")
    else:
        path.write_bytes(b"no workbook")
    out = tmp_path / "out.xlsx"
    assert run(["sheet", "--facts", facts, "--policy", "ss", "-o", str(out)]) == 0
    told = capsys.readouterr().err.strip()
    assert len(told.splitlines()) == 1 and "没有采用，用了随附的表样" in told
    assert _title(out.read_bytes()) == PACK.policies["ss"].form_title
    assert "没有采用" in Papers(forms_folder()).sheet_note(visit("ss"))


def test_the_folder_is_listed_with_what_is_said_of_each(folder: Path) -> None:
    _own(folder / "ss.xlsx")
    Workbook().save(folder / "yl.xlsx")
    Workbook().save(folder / "我们的表.xlsx")
    (folder / "~$ss.xlsx").write_bytes(b"")
    (folder / "zxqy.xlsx").write_bytes(b"")
    found = {form.path.name: form for form in own_forms(folder, PACK)}
    assert set(found) == {"ss.xlsx", "yl.xlsx", "我们的表.xlsx", "zxqy.xlsx"}
    assert found["ss.xlsx"].ok and not found["ss.xlsx"].sentences and found["ss.xlsx"].policy == "ss"
    assert found["yl.xlsx"].ok and any("缺少名称" in sentence for sentence in found["yl.xlsx"].sentences)
    assert not found["我们的表.xlsx"].ok and "政策编号" in found["我们的表.xlsx"].sentences[0]
    assert not found["zxqy.xlsx"].ok
    assert own_forms(folder / "无", PACK) == ()
    _own(folder / "ss.xlsx", "申请金额（欧元）")
    assert not next(
        form for form in own_forms(folder, PACK) if form.policy == "ss"
    ).ok  # a changed file is looked at anew


def test_a_template_is_a_form_and_other_formats_are_told(folder: Path) -> None:
    """FOUND 70: .xltx and .XLSX are used; an .xls or a second file for the same policy is named, not passed over in silence."""
    _own(folder / "ss.xlsx")
    book: Any = load_workbook(folder / "ss.xlsx")
    book.template = True
    book.save(folder / "SS.XLTX")
    book.save(folder / "ss.xltx")
    (folder / "ss.xlsx").rename(folder / "yl.XLS")
    (folder / "SS.XLTX").unlink()
    made = Papers(forms_folder()).sheet_bytes(visit("ss"))
    assert _title(made) == "示例局自己的表" and not load_workbook(BytesIO(made)).template
    told = {form.path.name: form for form in own_forms(folder, PACK)}
    assert told["ss.xltx"].ok and not told["yl.XLS"].ok and "另存为 .xlsx" in told["yl.XLS"].sentences[0]
    _own(folder / "ss.xlsx")
    twice = {form.path.name: form for form in own_forms(folder, PACK)}
    assert twice["ss.xlsx"].ok and not twice["ss.xltx"].ok and "只留一份" in twice["ss.xltx"].sentences[0]
    assert all(line for line, _ in own_lines(folder, PACK))
