"""验真: a scan or a file is answered plainly; the office's key is given away, another's is trusted and let go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from pinggu_desk.desk.pages.settings import SettingsPage
from pinggu_desk.desk.pages.verify import VerifyPage
from pinggu_desk.documents.papers.letter import LETTER_TITLE, letter_bytes
from pinggu_desk.documents.pdf.fonts import bundled
from pinggu_desk.documents.proof.keys import key_file, read_key_file
from pinggu_desk.documents.proof.record import Signer, proof_of
from tests.documents.paper_samples import TYPICAL
from tests.documents.signers import OURS, THEIRS

from .conftest import Desk, within
from .test_pages import register_of

ENTER = Qt.Key.Key_Return


@pytest.fixture
def page(desk: Desk) -> VerifyPage:
    """The page, opened from the ledger by its key."""
    desk.alt(4)
    desk.key(Qt.Key.Key_F7)
    opened = desk.frame.current()
    assert isinstance(opened, VerifyPage)
    return opened


def code_by(signer: Signer, serial: str = "PG-3-20261124-0001") -> str:
    proof = proof_of(replace(TYPICAL, serial=serial), LETTER_TITLE, signer)
    assert proof is not None
    return proof.code


def scan(desk: Desk, page: VerifyPage, code: str) -> str:
    """A scanner types the code and presses Enter."""
    page.code.focus_input()
    page.code.line.selectAll()
    desk.type(code)
    desk.key(ENTER)
    return page.answer.text()


def said(page: VerifyPage) -> str:
    return "\n".join(label.text() for label in within(page, QLabel) if label.isVisible())


def test_a_scanned_code_of_this_office_holds(desk: Desk, page: VerifyPage) -> None:
    assert "验真码属实" in scan(desk, page, code_by(register_of(desk).office_key()))
    assert "编号：PG-3-20261124-0001" in said(page)


def test_the_next_scan_takes_the_last_one_s_place(desk: Desk, page: VerifyPage) -> None:
    key = register_of(desk).office_key()
    scan(desk, page, code_by(key))
    desk.type(code_by(key, "PG-3-20261124-0002"))
    desk.key(ENTER)
    assert "编号：PG-3-20261124-0002" in said(page) and "0001" not in page.vouched.text()


def test_what_is_no_code_is_told(desk: Desk, page: VerifyPage) -> None:
    assert "不是本程序的验真码" in scan(desk, page, "6901234567892")
    assert not page.vouched.isVisible()


def chosen(path: Path) -> Callable[..., str]:
    """Answers the system's own dialog, which can't be driven."""
    return lambda *_words: str(path)


def test_a_file_is_checked_as_soon_as_it_is_chosen(desk: Desk, page: VerifyPage, tmp_path: Path) -> None:
    data = letter_bytes(TYPICAL, bundled(), register_of(desk).office_key())
    for name, content, words in (
        ("a.pdf", data, "没有改动"), ("c.pdf", b"x", "不是 PDF"),
        ("b.pdf", data.replace(b"/Author", b"/Auther"), "验真未通过，请勿采信：文件属性"),
    ):  # fmt: skip
        (tmp_path / name).write_bytes(content)
        page.ask_file = chosen(tmp_path / name)
        page._choose()
        desk.settle()
        assert words in page.answer.text()


def test_an_altered_paper_shows_its_figures_only_when_asked(desk: Desk, page: VerifyPage, tmp_path: Path) -> None:
    """FOUND 53."""
    data = letter_bytes(TYPICAL, bundled(), register_of(desk).office_key())
    (tmp_path / "a.pdf").write_bytes(data.replace(b"/Author", b"/Auther"))
    page.ask_file = chosen(tmp_path / "a.pdf")
    page._choose()
    desk.settle()
    assert page.answer.text().startswith("验真未通过，请勿采信") and "1,000.00" not in said(page)
    page.unproved.click()
    assert "未经证实" in said(page) and "1,000.00" in said(page)


def test_the_file_of_before_is_not_judged_with_the_next_scan(desk: Desk, page: VerifyPage, tmp_path: Path) -> None:
    """FOUND 71."""
    key = register_of(desk).office_key()
    (tmp_path / "a.pdf").write_bytes(letter_bytes(TYPICAL, bundled(), key))
    page.ask_file = chosen(tmp_path / "a.pdf")
    page._choose()
    desk.settle()
    assert "没有改动" in page.answer.text()
    assert "验真码属实" in scan(desk, page, code_by(key, "PG-3-20261124-0002"))
    assert page.file.text() == ""


def test_another_office_s_paper_holds_once_its_key_is_trusted_and_no_longer_when_it_is_not(
    desk: Desk, page: VerifyPage, tmp_path: Path
) -> None:
    assert "不在可信公钥之中" in scan(desk, page, code_by(THEIRS))
    (tmp_path / "b.pub").write_text(key_file(THEIRS.key), encoding="utf-8")
    page.key_file.focus_input()
    desk.type(str(tmp_path / "b.pub"))
    desk.key(ENTER)
    desk.key(ENTER)
    assert "打电话核对指纹" in said(page) and THEIRS.key.fingerprint in said(page)
    assert "“另一示例中心”" in scan(desk, page, code_by(THEIRS))
    (remove,) = [b for b in within(page, QPushButton) if b.accessibleName() == "移除 另一示例中心"]
    remove.click()
    desk.settle()
    assert "其文书不再能验" in said(page)
    assert not [b for b in within(page, QPushButton) if b.isVisible() and b.text() == "移除"]
    assert "不在可信公钥之中" in scan(desk, page, code_by(THEIRS))


def test_a_file_that_is_no_key_is_told(desk: Desk, page: VerifyPage, tmp_path: Path) -> None:
    (tmp_path / "b.pub").write_text("不是")
    page.key_file.set_text(str(tmp_path / "b.pub"))
    page.key_office.focus_input()
    desk.key(ENTER)
    assert "不是验真公钥文件" in said(page)


def test_the_office_s_own_key_is_exported_from_the_settings(desk: Desk, tmp_path: Path) -> None:
    desk.alt(8)
    page = desk.frame.current()
    assert isinstance(page, SettingsPage)
    page.office.set_text("示例中心")
    page.office.left.emit()
    page.keys.ask_save = chosen(tmp_path / "我们.pub")
    (export,) = [b for b in within(page, QPushButton) if b.text() == "导出公钥"]
    export.click()
    desk.settle()
    key = read_key_file(tmp_path / "我们.pub")
    assert (key.public, key.office) == (register_of(desk).office_key().public, "示例中心")
    assert key.public != OURS.public
    assert "导出公钥" in [row.event for row in register_of(desk).audit_rows()]
    (go,) = [b for b in within(page, QPushButton) if b.text() == "打开验真"]
    go.click()
    desk.settle()
    assert isinstance(desk.frame.current(), VerifyPage)
