"""统计 (Alt+7) by keys in the window, over a register whose figures were added up by hand."""

from __future__ import annotations

import csv
import random
from datetime import date
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from pinggu_desk.desk.pages.ledger import LedgerPage
from pinggu_desk.desk.statistics import reading
from pinggu_desk.desk.statistics.choices import Drop
from pinggu_desk.desk.statistics.model import StatModel
from pinggu_desk.desk.statistics.page import StatisticsPage
from pinggu_desk.documents.statistics.table import StatRow, StatTable
from pinggu_desk.register import Register, events
from tests.work.counted import Clock, Counted, stated, sure, up_to

from .conftest import Desk
from .test_pages import register_of

ENTER, DOWN, SPACE, RIGHT = Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_Right
CTRL = Qt.KeyboardModifier.ControlModifier
YEAR = date.today().year


def fill(register: Register) -> list[int]:
    """Four cases of two applicants over a month's end of this year; their ids."""
    counted = Counted.__new__(Counted)
    counted.register, counted.clock, before = register, Clock(), register._now
    register._now = counted.clock
    one, two = (applicant.id for applicant in register.search("示例", 2))
    cases = [
        counted.case("ss", one, f"{YEAR}-03-31T23:59:59"), counted.case("jr", one, f"{YEAR}-04-01T00:00:00"),
        counted.case("ss", two, f"{YEAR}-04-02T09:00:00"), counted.case("ss", two, f"{YEAR}-04-03T09:00:00"),
    ]  # fmt: skip
    counted.paper(cases[0], sure("ss.2.1", "1000000.00"), stated("ss.2.3", "review"))
    counted.paper(cases[1], up_to("jr.2.1", "500000.50"))
    counted.paper(cases[2], sure("ss.2.1", "20000.25"))
    register._now = before
    return [case.id for case in cases]


@pytest.fixture
def ids(desk: Desk) -> list[int]:
    return fill(register_of(desk))


def opened(desk: Desk) -> StatisticsPage:
    desk.alt(7)
    page = desk.frame.current()
    assert isinstance(page, StatisticsPage)
    return page


def shown(page: StatisticsPage) -> list[tuple[str, ...]]:
    """The table as it stands on the screen."""
    model = page.model
    return [
        tuple(str(model.index(row, column).data()) for column in range(model.columnCount()))
        for row in range(model.rowCount())
    ]


def test_alt_7_counts_and_number_keys_choose_by_what(desk: Desk, ids: list[int]) -> None:
    page = opened(desk)
    ss = desk.services.policy_title("ss").strip("《》")
    assert shown(page)[0] == ("合计", "4", "2", "3", "1", "1,020,000.25", "500,000.50", "0")
    assert shown(page)[1] == (ss, "3", "2", "2", "1", "1,020,000.25", "0.00", "0")
    assert isinstance(desk.focus, Drop) and desk.focus is page.choices.by
    desk.type("4")  # 月份
    assert [row[:2] for row in shown(page)] == [("合计", "4"), (f"{YEAR}年3月", "1"), (f"{YEAR}年4月", "3")]
    desk.type("3")  # 结论
    assert [row[:2] for row in shown(page)][1:] == [("可申请", "3"), ("需人工认定", "1"), ("未出具文书", "1")]
    assert (
        "没有出具文书的只计件数" in page.notes.text()
        and f"{YEAR}年1月1日至{YEAR}年12月31日，共 4 件" in page.told.text()
    )
    assert len(ids) == 4


def test_two_dimensions_a_period_of_ones_own_and_a_window(desk: Desk, ids: list[int]) -> None:
    page = opened(desk)
    desk.key(ENTER)
    desk.type("5")  # 再按 月份
    ss = desk.services.policy_title("ss").strip("《》")
    assert [row[:3] for row in shown(page)][1:3] == [(ss, f"{YEAR}年3月", "1"), ("", f"{YEAR}年4月", "2")]
    desk.key(ENTER)
    desk.type("7")  # 期间 自定
    desk.key(ENTER)
    desk.type(f"{YEAR}0401")
    desk.key(ENTER)
    desk.type(f"{YEAR}0401")
    desk.key(ENTER)
    assert shown(page)[0][2] == "1"
    page.choices.until.setFocus()
    page.choices.until.selectAll()
    desk.type(f"{YEAR}0301")
    desk.key(ENTER)
    assert "晚于止日" in page.banner.text() and page.banner.isVisible()
    page.choices.period.setFocus()
    desk.type("6")  # 全部
    assert shown(page)[0][2] == "4" and not page.banner.isVisible() and len(ids) == 4
    page.choices.only.setFocus()
    desk.type("2")
    assert page.table_shown is not None and page.table_shown.picked == "窗口：00 号窗口"


def test_space_sorts_by_the_column_and_enter_opens_the_cases_behind_the_row(desk: Desk, ids: list[int]) -> None:
    page = opened(desk)
    desk.type("4")
    page.table.setFocus()
    desk.key(RIGHT)
    desk.key(SPACE)
    assert [row[0] for row in shown(page)] == ["合计", f"{YEAR}年4月", f"{YEAR}年3月"]
    desk.key(SPACE)
    assert [row[0] for row in shown(page)] == ["合计", f"{YEAR}年3月", f"{YEAR}年4月"]
    desk.key(SPACE)
    assert not page.table.horizontalHeader().isSortIndicatorShown()
    desk.key(DOWN)
    desk.key(ENTER)
    ledger = desk.frame.current()
    assert isinstance(ledger, LedgerPage)
    assert sorted(entry.case.id for entry in ledger.model.rows) == ids[1:]
    assert f"月份：{YEAR}年4月" in ledger.wanted.text() and "涉及 3 件" in ledger.wanted.text()
    assert [entry.papers for entry in ledger.model.rows] == [0, 1, 1]
    desk.key(Qt.Key.Key_F5)
    assert len(ledger.model.rows) == 4 and not ledger.wanted.isVisible()


def where(path: Path, _parent: object, _suggested: Path) -> Path:
    """What a person chose."""
    return path


def test_export_is_written_and_on_the_trail(desk: Desk, ids: list[int], tmp_path: Path) -> None:
    page = opened(desk)
    for ending in (".xlsx", ".csv", ".pdf"):
        page.output.ask_path = partial(where, tmp_path / f"统计{ending}")
        desk.key(Qt.Key.Key_E, CTRL)
        assert page.banner.text() == f"已保存：{tmp_path / f'统计{ending}'}"
    rows = list(openpyxl.load_workbook(tmp_path / "统计.xlsx")["统计"].iter_rows(values_only=True))
    assert rows[-1] == ("合计", 4, 2, 3, 1, 1_020_000.25, 500_000.5, 0)
    with (tmp_path / "统计.csv").open(encoding="utf-8-sig", newline="") as file:
        assert ["合计", "4", "2", "3", "1", "1020000.25", "500000.50", "0"] in list(csv.reader(file))
    assert (tmp_path / "统计.pdf").read_bytes().startswith(b"%PDF-1.7")
    trail = [(row.event, row.detail) for row in register_of(desk).audit_rows()]
    assert trail.count((events.STATISTICS_EXPORTED, f"按政策，{YEAR}年1月1日至{YEAR}年12月31日，4 件")) == 3 and ids


def test_the_paper_is_previewed_then_printed_and_on_the_trail(desk: Desk, ids: list[int], tmp_path: Path) -> None:
    page = opened(desk)

    def printer(_parent: object, _title: str) -> QPrinter:
        made = QPrinter()
        made.setOutputFileName(str(tmp_path / "打印.pdf"))
        return made

    page.output.ask_printer = printer
    page.output.has_printer = lambda: True
    desk.key(Qt.Key.Key_P, CTRL)
    preview = page.output.shown
    assert preview is not None and "1,020,000.25" in preview.views[0].accessibleDescription()
    assert "演练" in preview.views[0].accessibleDescription()
    preview.print_button.click()
    desk.settle()
    assert (tmp_path / "打印.pdf").stat().st_size > 1000 and "已送打印机" in preview.said.text()
    assert events.STATISTICS_PRINTED in [row.event for row in register_of(desk).audit_rows()] and ids
    preview.close()
    desk.settle()
    assert page.output.shown is None


def test_reading_goes_in_portions_lets_others_in_and_stops_when_one_leaves(
    desk: Desk, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PORTION", 1)
    page = opened(desk)
    told: list[str] = []
    page.reading.told.connect(told.append)
    desk.key(Qt.Key.Key_F5)
    assert [words for words in told if words] == [f"已读 {n} / 4 件…" for n in (1, 2, 3)] and len(ids) == 4
    ready: list[object] = []
    page.reading.ready.connect(ready.append)
    page.reading.begin()
    desk.frame.open_place("受理")  # leaving gives the reading up
    desk.settle()
    assert ready == []


def test_the_chart_tells_what_it_shows_and_follows_the_look(desk: Desk, ids: list[int]) -> None:
    page = opened(desk)
    light = page.chart.image().pixelColor(2, 2).name()
    assert "确定金额 102.00" in page.chart.accessibleDescription() and ids
    desk.services.settings.change(mode="dark", size="特大")
    desk.settle()
    dark = page.chart.image().pixelColor(2, 2).name()
    assert (light, dark) == ("#ffffff", "#1b232c")
    assert desk.window.minimumSizeHint().height() <= 768
    page.choices.measure.setFocus()
    desk.type("2")
    assert page.chart.accessibleName() == "统计图，件数" and page.choices.shown_measure() == "件数"


def test_where_there_is_no_room_for_both_f4_changes_between_table_and_chart(desk: Desk, ids: list[int]) -> None:
    page = opened(desk)
    desk.window.resize(1366, 768)
    desk.settle()
    assert page.table.isVisible() and page.chart.isVisible() and page.notes.isVisible()
    desk.services.settings.change(size="特大")
    desk.window.resize(1366, 768)
    desk.settle()
    assert page.table.isVisible() and not page.chart.isVisible()
    assert "未经审批" in page.told.text(), "the notes are out of sight: what the sums are not is said with them"
    desk.key(Qt.Key.Key_F4)
    assert not page.table.isVisible() and page.chart.isVisible() and page.notes.isVisible() and ids
    assert "未经审批" not in page.told.text()


def long_table() -> StatTable:
    """Of every benefit and month of an office's years."""
    rnd = random.Random(4)

    def some(most: int) -> int:
        return rnd.randint(0, most)

    def fen() -> int:
        return rnd.choice((0, 99, 99_990, 1_000_000_00)) * some(30)

    def row(*keys: str) -> StatRow:
        return StatRow(keys, some(2000), some(2000), some(2000), some(99), fen(), fen(), some(9))

    months = [f"202{month // 12}年{month % 12 + 1}月" for month in range(30)]
    rows = tuple(row(f"事项{benefit}", month) for benefit in range(70) for month in months)
    return StatTable(("支持事项", "月份"), rows, row("合计"), "全部")


def test_each_column_of_a_long_table_is_as_wide_as_any_of_its_rows_needs(qapp: QApplication) -> None:
    """Though only those in sight are measured."""
    model = StatModel(qapp)
    model.show(long_table())
    for column in range(model.columnCount()):
        words = [str(model.index(row, column).data()) for row in range(model.rowCount())]
        assert len(model.widest(column)) == max(map(len, words)) and model.widest(column) in words


def test_a_long_table_is_sorted_by_its_labels_at_once(qapp: QApplication) -> None:
    """Each label's place was looked for among all rows, for each row: thousands of them stood still for minutes."""
    model, table = StatModel(qapp), long_table()
    model.show(table)
    model.sort(1)
    months = [f"202{month // 12}年{month % 12 + 1}月" for month in range(30)]
    assert [row.keys[1] for row in model.rows()] == [month for month in months for _ in range(70)]
    model.sort(0, Qt.SortOrder.DescendingOrder)
    assert [row.keys[0] for row in model.rows()[::30]] == [f"事项{benefit}" for benefit in range(69, -1, -1)]
    model.sort(-1)
    assert model.rows() == list(table.rows)


def test_a_register_without_cases_says_so(desk: Desk) -> None:
    page = opened(desk)
    assert not page._both.isVisible() and page._empty.isVisible() and "共 0 件" in page.told.text()
