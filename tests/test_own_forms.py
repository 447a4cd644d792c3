"""FOUND 70: an office's own form lies beside the data and is filled in place of ours; a broken one is told and not filled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedName

from pinggu_desk.commands.cli import run
from pinggu_desk.documents.sheet.forms import form_path
from pinggu_desk.work.forms import forms_folder, own_forms
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
