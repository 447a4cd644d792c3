"""Numbers of persons, telephones and bank accounts are covered on every screen until somebody asks, which is on the trail."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from pinggu_desk.desk.pages.enterprise import EnterprisePage
from pinggu_desk.policy.identity import covered
from pinggu_desk.register import Register, events

from .conftest import Desk, within

NUMBER, PHONE, ACCOUNT = "110117199001010011", "13800000000", "6222020200012345678"


@pytest.mark.parametrize(
    ("name", "text", "seen"),
    [
        ("证件号码", NUMBER, "110117********0011"), ("法定代表人证件号码", NUMBER, "110117********0011"),
        ("联系电话", PHONE, "138****0000"), ("电话", "010-69960001", "010-****0001"), ("电话", "69960001", "*****001"),
        ("法定代表人电话", "010-69960001转8", "010-*****001转8"), ("银行账号", "6222 0202 0001 2345 678", "***************5678"),
        ("银行账号", "1234", "****"), ("开户银行", "示例银行", "示例银行"), ("联系电话", "", ""),
        ("统一社会信用代码", "91110117MA00DEMA8F", "91110117MA00DEMA8F"), ("统一社会信用代码", NUMBER, "110117********0011"),
    ],
)  # fmt: skip
def test_what_is_covered_and_what_is_left_to_know_it_by(name: str, text: str, seen: str) -> None:
    assert covered(name, text) == seen


def words_on(desk: Desk) -> str:
    return " ".join(label.text() for label in within(desk.window, QLabel) if label.isVisible())


def opened(desk: Desk) -> EnterprisePage:
    made: list[int] = []

    def make(register: Register) -> None:
        whose = register.add_applicant("个人", "示例申请人乙", code=NUMBER, phone=PHONE)
        register.remember(whose.id, "银行账号", ACCOUNT, date.today())
        register.remember(whose.id, "法定代表人电话", "13900000009", date.today())
        made.append(whose.id)

    desk.services.operations.run(make)
    desk.settle()
    desk.frame.open_applicant(made[0])
    desk.settle()
    page = desk.frame.current()
    assert isinstance(page, EnterprisePage)
    return page


def trail(desk: Desk) -> list[str]:
    heard: list[list[str]] = []
    desk.services.operations.run(lambda register: [row.event for row in register.audit_rows(20)], heard.append)
    desk.settle()
    return heard[0]


def test_a_file_shows_no_number_until_one_key_does_and_the_trail_tells(desk: Desk) -> None:
    opened(desk)
    seen = words_on(desk)
    for whole in (NUMBER, PHONE, ACCOUNT, "13900000009"):
        assert whole not in seen
    for part in ("110117********0011", "138****0000", "5678", "139****0009"):
        assert part in seen
    assert events.NUMBERS_SHOWN not in trail(desk)
    desk.key(Qt.Key.Key_F8)
    seen = words_on(desk)
    assert all(whole in seen for whole in (NUMBER, PHONE, ACCOUNT, "13900000009"))
    assert trail(desk).count(events.NUMBERS_SHOWN) == 1
    desk.key(Qt.Key.Key_F8)
    assert NUMBER not in words_on(desk) and trail(desk).count(events.NUMBERS_SHOWN) == 1
