"""FOUND 70: an office's own form has a place beside the data, is listed in 设置 with its check, and is filled."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import openpyxl
from PySide6.QtWidgets import QLabel

from pinggu_desk.desk.pages.settings import SettingsPage
from pinggu_desk.places import own_forms_of
from pinggu_desk.policy.resources import forms_root
from pinggu_desk.work.papers import Papers
from tests.desk.conftest import Desk, within
from tests.documents.paper_samples import TYPICAL


def test_the_folder_is_listed_with_what_the_check_says(desk: Desk) -> None:
    folder = own_forms_of(desk.services.folder)
    folder.mkdir(parents=True)
    shutil.copy(forms_root() / "zxqy.xlsx", folder / "zxqy.xlsx")
    shutil.copy(forms_root() / "zxqy.xlsx", folder / "没有这项.xlsx")
    (folder / "ss.xlsx").write_bytes(b"no workbook")
    desk.alt(8)
    page = desk.frame.current()
    assert isinstance(page, SettingsPage)
    desk.settle()
    said = [label.text() for label in within(page.own_forms.card, QLabel)]
    assert any(text.startswith("zxqy.xlsx（") and "可以使用" in text for text in said)
    assert any(text.startswith("没有这项.xlsx") and "政策编号" in text for text in said)
    assert any(text.startswith("ss.xlsx（") and "可以使用" not in text for text in said)
    assert any(str(folder) in text for text in said)


def test_an_own_form_is_filled_in_place_of_ours(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(forms_root() / f"{TYPICAL.policy}.xlsx")
    book.worksheets[0].title = "本单位"
    book.save(tmp_path / f"{TYPICAL.policy}.xlsx")
    own = openpyxl.load_workbook(io.BytesIO(Papers(tmp_path).sheet_bytes(TYPICAL)))
    assert "本单位" in own.sheetnames
    ours = openpyxl.load_workbook(io.BytesIO(Papers(tmp_path / "无").sheet_bytes(TYPICAL)))
    assert "本单位" not in ours.sheetnames
