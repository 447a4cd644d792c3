"""Issue 12: untidy lists go into the register by keyboard alone, looked through before, the same list twice changing nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from pinggu_desk.desk.importing.page import ImportPage
from pinggu_desk.desk.kit import Caption
from pinggu_desk.desk.pages.enterprise import EnterprisePage
from pinggu_desk.desk.rehearsal import Hands
from pinggu_desk.desk.services import Services
from pinggu_desk.register import Register
from pinggu_desk.register.records import Applicant, Award, KnownFact
from tests.desk.conftest import within
from tests.journeys.conftest import Open
from tests.work.test_import_applicants import CODE, OTHER, UNTIDY, untidy
from tests.work.test_import_awards import untidy as untidy_awards

ENTER, DOWN, ESC, SPACE, F5, F7 = (
    Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_F5, Qt.Key.Key_F7,
)  # fmt: skip
ON = date(2026, 3, 1)
#: in the practice register: one with the untidy list's first number, whose name it bears as well
KNOWN = UNTIDY[0][1].strip()


def on_page(hands: Hands, number: Qt.Key) -> None:
    hands.press(number, Qt.KeyboardModifier.AltModifier)


def begin(hands: Hands, path: Path, what: str = "1") -> ImportPage:
    """企业, F7, what, the list's path, its day; the columns are shown."""
    frame = hands.window.frame
    assert frame is not None
    on_page(hands, Qt.Key.Key_5)
    home = frame.page("企业")
    assert isinstance(home, EnterprisePage)
    hands.wait(home.line.hasFocus, "企业 is not open")
    hands.press(F7)
    page = frame.page("导入")
    assert isinstance(page, ImportPage)
    hands.wait(page.choosing.path.line.hasFocus, "the list is not asked for")
    hands.press(Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    hands.wait(lambda: page.choosing.kind.isAncestorOf(QApplication.focusWidget()), "what is imported can't be chosen")
    hands.type(what)
    hands.press(ENTER)
    hands.wait(page.choosing.path.line.hasFocus, "the path is not asked for")
    hands.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    cast(QLineEdit, hands.focus).insert(str(path))  # a path is pasted
    hands.press(ENTER)
    hands.wait(lambda: page.choosing.day.isAncestorOf(QApplication.focusWidget()), "the day is not asked for")
    hands.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    hands.type(f"{ON:%Y%m%d}")
    hands.press(ENTER)
    hands.wait(
        lambda: page.session.stage == "preview" and page.columns.table.hasFocus(),
        lambda: f"the list is not read: {page.session.stage} {page.told.text()}",
    )
    return page


def laid_out(hands: Hands, page: ImportPage) -> None:
    hands.press(F5)
    hands.wait(lambda: page.session.stage == "results" and page.changes.table.hasFocus(), "nothing is laid out")


def decide(hands: Hands, page: ImportPage, who: str, option: str, then: str = "") -> None:
    """Stand on somebody, go in, choose, confirm; ``then`` is asked of him next."""
    stand(hands, page, who)
    hands.press(ENTER)
    hands.wait(
        lambda: page.changes.question is not None and page.changes.question.isAncestorOf(QApplication.focusWidget()),
        who,
    )
    hands.type(option)
    hands.press(ENTER)
    if then:
        hands.wait(lambda: then in asked(page), f"{then} is not asked")
    else:
        hands.wait(page.changes.table.hasFocus, f"{who} is not decided")


def stand(hands: Hands, page: ImportPage, who: str) -> None:
    hands.press(Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    for _ in page.changes.model.rows:
        here = page.changes.here()
        if here is not None and here.who.startswith(who):
            return
        hands.press(DOWN)
    raise AssertionError(f"{who} is not in the list")


def states(page: ImportPage) -> dict[str, str]:
    assert page.session.plan is not None
    return {item.who[:5]: item.state for item in page.session.plan.items}


def kept(hands: Hands, services: Services, name: str) -> tuple[Applicant, dict[str, KnownFact]]:
    """What the register has of somebody, read in its own turn."""
    found: list[tuple[Applicant, dict[str, KnownFact]]] = []

    def read(register: Register) -> tuple[Applicant, dict[str, KnownFact]]:
        (one,) = register.search(name)
        return one, register.known_facts(one.id)

    services.operations.run(read, found.append)
    hands.wait(lambda: bool(found), f"{name} is not read")
    return found[0]


@pytest.mark.usefixtures("quick_passwords")
def test_a_townships_list_is_imported_by_keyboard_and_a_second_time_changes_nothing(
    open_desk: Open, tmp_path: Path
) -> None:
    hands, services = open_desk(tmp_path / "practice")
    path = untidy(tmp_path / "花名册.xlsx")
    before = kept(hands, services, KNOWN)[0]
    page = begin(hands, path)
    read = {one.head: one.fact for one in page.columns.model.rows}
    assert read["企业名称 "] == "申请人名称" and read["职工人数（人）"] == "职工人数" and read["备注"] is None
    laid_out(hands, page)
    assert states(page) == {"示例装备制": "有变化", "示例新企业": "要先定", "示例无号有": "新登记"}
    hands.press(F5)
    hands.wait(lambda: "还有 1 个要先定" in page.told.text(), "what waits is not told")
    decide(hands, page, "示例新企业", "2")
    assert states(page)["示例新企业"] == "新登记"
    stand(hands, page, KNOWN)
    hands.press(ENTER)
    hands.wait(page.changes.detail.hasFocus, "the changes are not gone into")
    assert page.changes.changes.rows[0].name == "联系人"
    hands.press(SPACE)
    hands.wait(lambda: not page.changes.changes.rows[0].ticked, "the change is not left")
    hands.press(ESC)
    hands.wait(page.changes.table.hasFocus, "Esc does not come back")
    hands.press(F5)
    hands.wait(lambda: page.session.stage == "choose" and "已导入" in page.told.text(), lambda: page.told.text())
    one, known = kept(hands, services, KNOWN)
    assert (one.contact, one.phone, one.code) == (before.contact, "010-60000009", CODE)
    assert (known["职工人数"].value_text, known["职工人数"].noted_at) == ("120人", ON)
    new, told = kept(hands, services, "示例新企业")
    assert new.contact == "示例戊" and new.code == OTHER and new.sample
    assert told["注册资本"].origin == "名单导入“花名册.xlsx”第 6 行"

    again = begin(hands, path)
    laid_out(hands, again)
    decide(hands, again, "示例新企业", "2")
    assert states(again)["示例新企业"] == "没有变化"
    stand(hands, again, KNOWN)
    hands.press(SPACE)
    hands.wait(lambda: states(again)["示例装备制"] == "不导入", "he is not left out")
    stand(hands, again, "示例无号")
    decide(hands, again, "示例无号", "1")
    hands.press(F5)
    hands.wait(lambda: "没有要写入的" in again.told.text(), lambda: again.told.text())


@pytest.mark.usefixtures("quick_passwords")
def test_a_departments_awards_are_imported_by_keyboard_and_stand_in_the_dossier(
    open_desk: Open, tmp_path: Path
) -> None:
    hands, services = open_desk(tmp_path / "practice")
    path = untidy_awards(tmp_path / "兑现.xlsx")
    page = begin(hands, path, what="2")
    read = {one.head: one.fact for one in page.columns.model.rows}
    assert (read["奖补项目"], read["批复文号"], read["年度"]) == ("支持事项", "文号", "奖励年份")
    laid_out(hands, page)
    decide(hands, page, KNOWN, "1", "老项目奖励")
    hands.type("2")  # 往年的项目
    hands.press(ENTER)
    hands.wait(lambda: "哪份政策的往年项目" in asked(page), "the policy is not asked for")
    hands.type("qyssbf")
    hands.press(ENTER)
    hands.wait(page.changes.table.hasFocus, lambda: f"not decided: {asked(page)}")
    assert states(page) == {"示例装备制": "有变化", "示例没登记": "新登记"}, "the same words are not asked about again"
    hands.press(F5)
    hands.wait(lambda: page.session.stage == "choose" and "以往奖励 3 笔" in page.told.text(), lambda: page.told.text())
    found: list[list[Award]] = []

    def read_awards(register: Register) -> list[Award]:
        return register.awards(register.search(KNOWN)[0].id)

    services.operations.run(read_awards, found.append)
    hands.wait(lambda: bool(found), "the awards are not read")
    assert [(one.benefit_id, one.title, one.source) for one in found[0]] == [
        ("", "老项目奖励", "部门名单"), ("ss.neeq", "", "部门名单"),
    ]  # fmt: skip
    frame = hands.window.frame
    assert frame is not None
    frame.open_applicant(found[0][0].applicant_id)
    home = frame.page("企业")
    assert isinstance(home, EnterprisePage)
    hands.wait(lambda: home.view is not None, "the dossier does not open")
    view = home.view
    assert view is not None
    told = [str(label.property("text")) for label in within(view, Caption)]
    assert any("往年项目，部门名单“兑现.xlsx”第 4 行" in words for words in told)
    assert any("示例发〔2025〕1号，部门名单“兑现.xlsx”第 3 行，只写到 2025 年" in words for words in told)


def asked(page: ImportPage) -> str:
    """What the row that is stood on asks."""
    item = page.changes.here()
    return item.question.words if item is not None and item.question is not None else ""
