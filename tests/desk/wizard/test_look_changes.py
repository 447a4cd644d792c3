"""FOUND 38: another size or colour is put on at once, however much was opened before; nothing that was typed is lost."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pinggu_desk.desk.match.page import MatchPage
from pinggu_desk.desk.theme import look
from tests.desk.conftest import Desk
from tests.desk.test_every_page import cut, spilled
from tests.desk.wizard.conftest import LISTED, Work


def dressed(desk: Desk) -> int:
    """How many widgets there are for Qt to dress."""
    desk.app.processEvents()
    return len(QApplication.allWidgets())


def test_only_what_is_in_sight_is_dressed_anew(work: Work) -> None:
    """Dressing 1,800 widgets took eight seconds; the page in sight has some 250, whatever was opened before."""
    desk = work.desk
    desk.alt(8)
    before = dressed(desk)
    work.begin("zxqy", {"本区工商注册": "是"})
    case = work.case_id
    desk.frame.open_clause("rcst.1")
    desk.settle()
    for number in (1, 2, 4, 5, 8):
        desk.alt(number)
    assert dressed(desk) > before + 300
    desk.services.settings.change(size="特大")
    assert look().scale.body == 22
    assert dressed(desk) <= before + 20
    assert desk.frame.current() is desk.frame.page("设置")
    work.open(case)
    assert work.kept()["本区工商注册"] == "是"


def test_an_enquiry_is_where_it_was_left(work: Work) -> None:
    desk = work.desk
    desk.alt(2)
    page = desk.frame.current()
    assert isinstance(page, MatchPage)
    desk.key(Qt.Key.Key_Return)  # 来访先问 with nothing ticked: everything is gone into
    for _ in range(2):  # who asks comes first and stands at the head; what is asked next is among the known
        desk.key(Qt.Key.Key_1)
        desk.key(Qt.Key.Key_Return)
    known = page.session.enquiry.known()
    assert known
    desk.frame.open_clause("ss.2.1.1")
    desk.settle()
    desk.alt(8)
    desk.services.settings.change(mode="dark", size="大")
    desk.alt(2)
    again = desk.frame.current()
    assert isinstance(again, MatchPage) and again is not page
    assert [one.name for one in again.session.enquiry.known()] == [one.name for one in known]
    assert cut(desk.frame) + spilled(desk.frame) == []


def test_the_office_s_name_changes_no_page(work: Work) -> None:
    desk = work.desk
    work.begin("ss", LISTED)
    page = desk.frame.current()
    desk.services.settings.change(office="示例镇政务服务中心")
    assert desk.frame.current() is page and desk.frame.wizard is page


def test_the_page_before_a_text_stays_for_esc(work: Work) -> None:
    work.begin("ss", LISTED)
    page = work.desk.frame.current()
    work.desk.frame.open_clause("ss.2.1.1")
    work.desk.settle()
    work.desk.services.settings.change(size="小")
    work.desk.key(Qt.Key.Key_Escape)
    assert work.desk.frame.current() is page
