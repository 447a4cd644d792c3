"""The officer's desk by keyboard: text, rule and examples of one sentence; a slip is found, jumped to, mended and saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from pinggu_desk.desk.officer.window import OfficerWindow
from tests.desk.conftest import PATIENCE
from tests.work.test_officer import POLICY, folder

__all__ = ["folder"]


@pytest.fixture
def window(folder: Path, qtbot: QtBot) -> Iterator[OfficerWindow]:
    window = OfficerWindow(folder)
    with qtbot.waitSignal(window.looked, timeout=PATIENCE):
        window.resize(1366, 768)
        window.show()
    yield window
    for name in window.bench.unsaved:
        window.bench._changed.pop(name)
    window.close()


def choose(window: OfficerWindow, clause: str) -> None:
    rows = [window.sentences.item(row) for row in range(window.sentences.count())]
    window.sentences.setCurrentItem(next(item for item in rows if item.data(Qt.ItemDataRole.UserRole) == clause))


def replace(window: OfficerWindow, qtbot: QtBot, old: str, new: str) -> None:
    """Find a piece of the file and type another over it."""
    window.editor.setFocus()
    window.editor.moveCursor(QTextCursor.MoveOperation.Start)
    assert window.editor.find(old), old
    with qtbot.waitSignal(window.looked, timeout=PATIENCE):
        for character in new:
            QTest.keyClicks(window.editor, character) if character.isascii() else window.editor.insertPlainText(
                character
            )


def test_a_sentence_with_its_rule_and_its_examples(window: OfficerWindow) -> None:
    choose(window, "szh.2.1")
    assert "最高不超过30万元" in window.reading.toPlainText()
    assert window.examples.count() == 5
    assert all(window.examples.item(row).text().startswith("✓") for row in range(5))
    marked = [one.cursor.block().text() for one in window.editor.extraSelections()]  # type: ignore[attr-defined]
    assert any("数字化改造补助" in line for line in marked)
    assert "没有发现问题" in window.state.text() and not window.saved.isEnabled()


def test_a_slip_is_found_jumped_to_mended_and_saved(window: OfficerWindow, folder: Path, qtbot: QtBot) -> None:
    before = (folder / POLICY).read_text(encoding="utf-8")
    replace(window, qtbot, "封顶: 30", "封顶: 40")
    assert window.findings.count() >= 1 and "处问题" in window.state.text()
    assert (folder / POLICY).read_text(encoding="utf-8") == before
    QTest.keyClick(window, Qt.Key.Key_F8)
    assert window.findings.currentRow() == 0 and window.editor.hasFocus()
    window.open_file(POLICY)
    replace(window, qtbot, "封顶: 40", "封顶: 30")
    assert window.findings.count() == 0
    replace(window, qtbot, "给予: 5万元", "给予: 6万元")
    QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert "给予: 6万元" in (folder / POLICY).read_text(encoding="utf-8") and window.bench.unsaved == ()


def test_a_sentence_that_was_read_goes_into_the_ledger_by_one_key(window: OfficerWindow, qtbot: QtBot) -> None:
    window.open_file("policies/szh/text.md")
    replace(window, qtbot, "加盖公章", "加盖本单位公章")
    rows = [window.sentences.item(row).text() for row in range(window.sentences.count())]
    assert any("加盖本单位公章" in row and "⚠" in row for row in rows)
    choose(window, "szh.3.1")
    with qtbot.waitSignal(window.looked, timeout=PATIENCE):
        QTest.keyClick(window, Qt.Key.Key_F6)
    assert "没有发现问题" in window.state.text()
