"""A list that is shown anew under the keys: rows stay, and so does the focus."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from pinggu_desk.desk.kit import Line
from pinggu_desk.desk.kit.kept import Kept, KeptRows
from pinggu_desk.desk.pages.home import HomePage
from pinggu_desk.register import Register
from tests.desk.conftest import Desk


@pytest.fixture
def shown() -> Iterator[tuple[KeptRows, Callable[..., None], QWidget]]:
    window = QWidget()
    column = QVBoxLayout(window)
    above, below = Line(10), QPushButton("below")
    rows = KeptRows(lambda: above)
    for widget in (above, rows, below):
        column.addWidget(widget)
    window.show()
    window.activateWindow()

    def row(name: str) -> QWidget:
        holder = QWidget()
        inside = QHBoxLayout(holder)
        for text in (f"{name} 1", f"{name} 2"):
            inside.addWidget(QPushButton(text))
        return holder

    def show(*names: str, face: object = None) -> None:
        rows.show_rows([Kept(name, face, partial(row, name)) for name in names])

    yield rows, show, above
    window.close()
    window.deleteLater()


def focus() -> str:
    widget = QApplication.focusWidget()
    return widget.text() if isinstance(widget, QPushButton) else "line" if isinstance(widget, Line) else ""


def tab() -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, Qt.Key.Key_Tab)


def test_tab_goes_through_the_rows_where_they_stand_in_the_moment_in_which_they_are_shown(
    shown: tuple[KeptRows, Callable[..., None], QWidget],
) -> None:
    _, show, above = shown
    above.setFocus()
    show("a")
    show("b", "a")  # no event in between, as under load
    met = []
    for _ in range(6):
        tab()
        met.append(focus())
    assert met == ["b 1", "b 2", "a 1", "a 2", "below", "line"]


def test_the_keys_stay_in_a_row_that_is_shown_again_and_go_to_its_neighbour_when_it_is_gone(
    shown: tuple[KeptRows, Callable[..., None], QWidget],
) -> None:
    rows, show, above = shown
    show("a", "b", "c")
    kept = rows.rows()
    above.setFocus()
    for _ in range(4):
        tab()
    assert focus() == "b 2"
    show("a", "b", "c")
    assert rows.rows() == kept and focus() == "b 2"
    show("d", "c", "b")  # another order, one more, one gone
    assert rows.rows()[1:] == [kept[2], kept[1]] and focus() == "b 2"
    show("d", "c", "b", face="another")  # all are made anew
    assert focus() == "b 2"
    show("d", "c", face="another")
    assert focus() == "c 1"
    show("d", face="another")
    assert focus() == "d 1"
    show()
    assert focus() == "line"


def test_a_case_of_the_first_page_keeps_the_keys_while_the_page_is_read_again(desk: Desk) -> None:
    version = desk.services.pack.version

    def begin(register: Register) -> list[int]:
        who = register.search("示例装备制造")[0].id
        return [register.open_case(policy, version, applicant_id=who).id for policy in ("zxqy", "ybzzy")]

    cases: list[int] = []
    desk.services.operations.run(begin, cases.extend)
    desk.alt(1)
    home = desk.frame.current()
    assert isinstance(home, HomePage)
    rows = home.case_rows()
    assert len(rows) == 2
    tab()
    assert desk.focus is rows[0], "the list comes right after the search"
    desk.key(Qt.Key.Key_Down)
    assert desk.focus is rows[1]
    desk.services.operations.run(lambda register: register.set_answer(cases[1], "职工人数", "30"), writes=True)
    home.read()
    desk.settle()
    assert home.case_rows()[0] is not rows[0] and "已填 1 项" in home.case_rows()[0].accessibleName()
    assert home.case_rows()[1] is rows[1] is desk.focus
