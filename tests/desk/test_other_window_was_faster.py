"""Settings and lists at two windows: whoever is second is told, sees what there is now, keeps what he typed, and can go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from pinggu_desk.desk import practice
from pinggu_desk.desk.pages.applicant_view import ApplicantView
from pinggu_desk.desk.pages.doubles import DoublesCard
from pinggu_desk.desk.pages.ledger import LedgerPage
from pinggu_desk.desk.pages.settings import SettingsPage
from pinggu_desk.desk.pages.verify import VerifyPage
from pinggu_desk.register import Register
from pinggu_desk.register.thinning import Keep

from .conftest import Desk, within

K = Qt.Key
LPR, AWARDS = "贷款市场报价利率", "已享受支持"


@pytest.fixture
def other(desk: Desk) -> Callable[[Callable[[Register], object]], None]:
    """Does something at another window."""

    def do(work: Callable[[Register], object]) -> None:
        window = Register.open(desk.services.folder, clerk_no="0001", password=practice.PASSWORD)
        work(window)
        window.close()

    return do


Other = Callable[[Callable[[Register], object]], None]


def settings_of(desk: Desk) -> SettingsPage:
    desk.frame.open_place("设置")
    desk.settle()
    page = desk.frame.current()
    assert isinstance(page, SettingsPage)
    return page


def button(desk: Desk, name: str) -> QPushButton:
    return next(b for b in within(desk.window, QPushButton) if b.accessibleName().startswith(name) and b.isVisible())


def test_a_figure_that_was_withdrawn_is_gone_from_the_list(desk: Desk, other: Other) -> None:
    other(lambda register: register.add_parameter(LPR, "3%", date(2026, 1, 20), "示例公告"))
    card = settings_of(desk).parameters
    other(lambda register: register.withdraw_parameter(register.parameters()[0].id))
    button(desk, f"撤回 {LPR}").click()
    desk.settle()
    assert "可能已经撤回" in card.answer.text() and "刷新" not in card.answer.text()
    assert not [b for b in within(card.card, QPushButton) if b.text() == "撤回" and b.isVisible()]


def test_the_numbers_of_backups_are_saved_by_who_saw_the_other_ones(desk: Desk, other: Other) -> None:
    card = settings_of(desk).backups
    other(lambda register: register.keep_backups(Keep(9, 9, 9)))
    card.counts["days"].set_text("20")
    card.keep_button.click()
    desk.settle()
    assert "9 天" in card.answer.text() and card.counts["days"].text() == "20", "what was typed stands"
    assert "最近 9 天、9 周、9 个月" in card.kept.text()
    card.keep_button.click()
    desk.settle()
    assert "20 天" in card.answer.text() and "20 天" in card.kept.text()


def test_a_term_is_saved_by_who_saw_the_other_one(desk: Desk, other: Other) -> None:
    card = settings_of(desk).retention
    card.read()
    desk.settle()
    other(lambda register: register.lengthen(AWARDS, 40))
    card._show_longer()
    card.kind.set_text(AWARDS)
    card.years.set_text("50")
    card.keep.click()
    desk.settle()
    assert "40 年" in card.answer.text() and f"{AWARDS} 40 年" in card.terms.text() and card.years.text() == "50"
    card.keep.click()
    desk.settle()
    assert f"{AWARDS} 50 年" in card.terms.text()


def test_a_colleague_is_changed_by_who_saw_the_other_change(desk: Desk, other: Other) -> None:
    other(lambda register: register.add_clerk("0002", "示例同事", "Sample-2-abc", "05"))
    card = settings_of(desk).people
    card.who.focus_input()
    desk.key(K.Key_2)
    other(lambda register: register.rename_clerk("0002", "示例同事", "06"))
    card.name.set_text("示例同事改")
    card.save.click()
    desk.settle()
    assert "窗口号" in card.answer.text() and card.name.text() == "示例同事改", "what was typed stands"
    card.save.click()
    desk.settle()
    assert "已保存：示例同事改" in card.answer.text() and "示例同事改（0002）" in "".join(card.who.options)


def test_an_award_that_was_taken_out_is_gone_from_the_file(desk: Desk, other: Other) -> None:
    made: list[int] = []

    def add(register: Register) -> None:
        firm = register.add_applicant("企业", "示例乙公司", sample=True)
        made.extend((firm.id, register.add_award(firm.id, "ss", "neeq", 100_00, date(2025, 5, 1)).id))

    other(add)
    desk.frame.open_applicant(made[0])
    desk.settle()
    other(lambda register: register.remove_award(made[1]))
    button(desk, "移除").click()
    desk.settle()
    assert "可能已经撤销" in desk.frame.notice.text()
    (view,) = [view for view in within(desk.frame, ApplicantView) if view.isVisible()]
    assert not [b for b in within(view, QPushButton) if b.text() == "移除" and b.isVisible()]


def test_an_award_is_noted_by_who_saw_the_other_one(desk: Desk, other: Other) -> None:
    made: list[int] = []
    other(lambda register: made.append(register.add_applicant("企业", "示例丙公司", sample=True).id))
    desk.frame.open_applicant(made[0])
    desk.settle()
    (view,) = [view for view in within(desk.frame, ApplicantView) if view.isVisible()]
    form = view.award_form
    form._begin()
    form.benefit.set_text(form.benefit.options[1])
    form.amount.set_text("5万元")
    form.day.set_text("20250301")
    other(lambda register: register.add_award(made[0], "ss", "neeq", 100_00, date(2025, 5, 1)))
    form.save.click()
    desk.settle()
    assert "已享受支持" in form.amount.error() and form.amount.text() == "5万元", "told, and what was typed stands"
    form.save.click()
    desk.settle()
    (view,) = [view for view in within(desk.frame, ApplicantView) if view.isVisible()]
    assert len([b for b in within(view, QPushButton) if b.text() == "移除" and b.isVisible()]) == 2


def test_doubles_that_were_changed_are_told_and_shown_as_they_are_now(desk: Desk, other: Other) -> None:
    made: list[int] = []

    def add(register: Register) -> None:
        for name in ("示例甲（北京）公司", "示例甲(北京)公司"):
            made.append(register.add_applicant("企业", name, sample=True).id)

    other(add)
    desk.frame.open_applicant(made[0])
    desk.settle()
    other(lambda register: register.update_applicant(replace(register.get(made[1]), phone="010-60000001")))
    for _ in range(2):  # told at the first, made one at the second
        (card,) = [card for card in within(desk.frame, DoublesCard) if card.isVisible()]
        card.rows[0].ask.click()
        card.rows[0].yes.click()
        desk.settle()
        said = desk.frame.notice.text()
    assert "电话" in said
    assert [card for card in within(desk.frame, DoublesCard) if card.isVisible()] == []


def test_a_case_that_was_opened_again_is_told_and_listed_as_it_is(desk: Desk, other: Other) -> None:
    made: list[int] = []
    other(lambda register: made.append(register.close_case(register.open_case("ss", "v").id).id))
    desk.frame.open_place("台账")
    desk.settle()
    page = desk.frame.current()
    assert isinstance(page, LedgerPage)
    page.table.selectRow(0)
    page.open_current()
    other(lambda register: register.reopen_case(made[0]))
    page._reopen()
    desk.settle()
    assert "重新打开" in desk.frame.notice.text() or "状态" in desk.frame.notice.text()
    case = page._case_here()
    assert case is not None and case.state == "办理中"


def test_a_key_that_was_let_go_is_gone_from_the_list(desk: Desk, other: Other) -> None:
    other(lambda register: register.trust_key(b"k" * 32, "示例单位"))
    desk.frame.open_place("台账")
    desk.key(K.Key_F7)
    page = desk.frame.current()
    assert isinstance(page, VerifyPage)
    desk.settle()
    other(lambda register: register.distrust_key(b"k" * 32))
    button(desk, "移除 示例单位").click()
    desk.settle()
    assert not [b for b in within(page, QPushButton) if b.text() == "移除" and b.isVisible()]
