"""A letter is issued and the day is counted, in a real window by keyboard alone: the figure of the letter is that of the table."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pinggu_desk.desk.desk_frame import DeskFrame
from pinggu_desk.desk.pages.ledger import LedgerPage
from pinggu_desk.desk.statistics.page import StatisticsPage
from pinggu_desk.documents.statistics.table import HEADS
from pinggu_desk.policy.quantity import yuan
from tests.journeys.conftest import Open
from tests.journeys.test_visits import SME

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


@pytest.mark.usefixtures("quick_passwords")
def test_what_a_letter_says_is_what_is_counted(open_desk: Open, tmp_path: Path) -> None:
    hands, services = open_desk(tmp_path / "practice")
    page = hands.new_case("示例㛃𬭎𡌶", "zczxqy")
    number = page.session.case.number
    hands.step(page, "eligibility")
    hands.answer(page, SME)
    hands.step(page, "result")
    hands.issue(page, Qt.Key.Key_F9, tmp_path, "告知书")
    told = page.session.interview.determinations
    had = [d for d in told if d.status == "eligible" and d.kind == "grant"]
    sure = sum(d.amount_fen or 0 for d in had if d.figure == "computed")
    ceiling = sum(d.max_fen or 0 for d in had if d.figure == "up_to")
    assert ceiling > 0

    hands.press(Qt.Key.Key_7, ALT)
    frame = hands.window.frame
    assert isinstance(frame, DeskFrame)
    counted = frame.current()
    assert isinstance(counted, StatisticsPage)
    hands.wait(lambda: counted.table_shown is not None, "nothing counted")
    assert counted.table_shown is not None
    total = counted.table_shown.total
    assert (total.cases, total.certain_fen, total.ceiling_fen) == (1, sure, ceiling)
    hands.type("4")  # 月份
    hands.wait(lambda: counted.table_shown is not None and len(counted.table_shown.rows) == 1, "not counted by month")
    (row,) = counted.table_shown.rows
    opened = page.session.case.opened_at
    assert row.keys == (f"{opened.year}年{opened.month}月",) and row.ceiling_fen == ceiling

    out = tmp_path / "统计.csv"
    counted.output.ask_path = lambda _parent, _suggested: out
    hands.press(Qt.Key.Key_E, CTRL)
    hands.wait(out.exists, "nothing written")
    lines = csv.reader(StringIO(out.read_bytes().decode("utf-8-sig"), newline=""))
    line = next(line for line in lines if line[:1] == ["合计"])
    assert (line[1 + HEADS.index("确定金额（元）")], line[1 + HEADS.index("上限（元）")]) == (yuan(sure), yuan(ceiling))

    for _ in range(8):  # through the choices to the table
        if hands.focus is counted.table:
            break
        hands.press(Qt.Key.Key_Return)
    assert hands.focus is counted.table
    hands.press(Qt.Key.Key_Return)
    ledger = frame.current()
    assert isinstance(ledger, LedgerPage)
    hands.wait(lambda: len(ledger.model.rows) == 1, "the case behind the row is not listed")
    assert ledger.model.rows[0].case.number == number and services.practice
