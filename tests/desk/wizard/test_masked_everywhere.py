"""Issue 12: no page tells a whole number, telephone or account unasked, by any way in which a widget tells something.

What is looked at is not what is seen alone: tooltips, what a screen reader is told, titles, every row and role of a list.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLabel, QLineEdit, QWidget

from pinggu_desk.desk.wizard.page import WizardPage
from pinggu_desk.register import Register
from tests.desk.conftest import Desk, within

from .conftest import Work

PERSON, FIRM = "示例申请人乙", "示例某某果业有限公司"
NUMBER, PHONE, ACCOUNT = "110117199001010016", "13800006789", "6222020200012345678"
BOSS_NUMBER, BOSS_PHONE, PASSPORT = "110117198002020023", "13900007654", "E12345678"
SECRETS = (NUMBER, PHONE, ACCOUNT, BOSS_NUMBER, BOSS_PHONE, PASSPORT, ACCOUNT[4:12], "6222 0202")
_TEXTS = (
    "text",
    "title",
    "toolTip",
    "statusTip",
    "whatsThis",
    "accessibleName",
    "accessibleDescription",
    "windowTitle",
    "placeholderText",
)
_ASKED = (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value, QAccessible.Text.Help)


def rows(model: QAbstractItemModel, above: QModelIndex) -> Iterator[str]:
    for row in range(min(model.rowCount(above), 300)):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(above)):
            at = model.index(row, column, above)
            yield from (str(found) for role in range(16) if isinstance(found := model.data(at, role), str))


def told_by(widget: QWidget) -> Iterator[str]:
    """All that a widget tells anybody who looks, hovers, listens or reads its window's title."""
    for name in _TEXTS:
        said = getattr(widget, name, None)
        if callable(said) and (name != "text" or isinstance(widget, QLabel | QAbstractButton)):
            yield str(said())
    if isinstance(widget, QLineEdit):
        yield widget.displayText()
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from rows(widget.model(), QModelIndex())
    interface = QAccessible.queryAccessibleInterface(widget)
    if interface is not None:
        yield from (interface.text(asked) for asked in _ASKED)


def leaks(desk: Desk, where: str) -> list[str]:
    widgets: list[QObject] = [top for top in desk.app.topLevelWidgets() if top.isVisible()]
    found = []
    for top in widgets:
        assert isinstance(top, QWidget)
        for widget in (top, *within(top, QWidget)):
            for text in told_by(widget):
                found += [
                    f"{where}: {type(widget).__name__} {secret} in {text[:60]}" for secret in SECRETS if secret in text
                ]
    return found


def filled(register: Register, version: str) -> tuple[int, list[int]]:
    """A person and a firm with every number that the product knows of, typed as people type them, a case of each."""
    person = register.add_applicant("个人", PERSON, code=NUMBER, phone=PHONE)
    firm = register.add_applicant("企业", FIRM, phone=PHONE)
    for whose in (person, firm):
        for fact, text in (("银行账号", ACCOUNT), ("法定代表人证件号码", BOSS_NUMBER), ("法定代表人电话", BOSS_PHONE)):
            register.remember(whose.id, fact, text, date.today())
    register.add_applicant("个人", PERSON + "二", code=PASSPORT, document="普通护照")
    made = []
    for whose, policy in ((person, "bys"), (firm, "zxqy")):
        case = register.open_case(policy, version, applicant_id=whose.id)
        for fact, text in (
            ("证件号码", NUMBER), ("联系电话", PHONE), ("银行账号", "6222 0202 0001 2345 678"),
            ("法定代表人证件号码", BOSS_NUMBER), ("法定代表人电话", BOSS_PHONE),
        ):  # fmt: skip
            register.set_answer(case.id, fact, text)
            register.set_answer(case.id, fact, text + " ")
            register.undo(case.id)
        made.append(case.id)
    return person.id, made


def places(desk: Desk, person: int, cases: list[int]) -> Iterator[str]:
    frame = desk.frame
    yield "受理"
    for typed in (PERSON, FIRM):
        desk.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        desk.type(typed)
        yield f"受理 {typed}"
    desk.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    desk.key(Qt.Key.Key_Delete)
    frame.open_applicant(person)
    desk.settle()
    yield "企业"
    for case in cases[:1]:
        frame.open_history(case)
        desk.settle()
        yield "经过"
        frame.open_case(case)
        desk.settle()
        page = frame.current()
        assert isinstance(page, WizardPage)
        for step in page.steps:
            page.open_step(step, "")
            desk.settle()
            yield f"办理 {step}"
    frame.open_match(person)
    desk.settle()
    yield "匹配"
    for number in (4, 5, 8):
        desk.alt(number)
        yield f"Alt+{number}"
    desk.key(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    desk.type("示例申请人")
    yield "搜索"


def test_nothing_tells_a_whole_number_unasked(work: Work) -> None:
    person, cases = filled(work.register(), work.desk.services.pack.version)
    QGuiApplication.clipboard().setText("")
    found: list[str] = []
    for where in places(work.desk, person, cases):
        found += leaks(work.desk, where)
    assert QGuiApplication.clipboard().text() == ""
    assert found == [], "\n".join(dict.fromkeys(found))
