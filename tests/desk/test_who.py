"""FOUND 39, 40, 49 at the desk: documents, odd codes with a reason, doubles offered and merged, what is asked once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from PySide6.QtCore import Qt

from pinggu_desk.desk import practice
from pinggu_desk.desk.pages.applicant_form import ApplicantForm
from pinggu_desk.desk.pages.doubles import DoublesCard
from pinggu_desk.desk.pages.enterprise import EnterprisePage
from pinggu_desk.desk.pages.new_case import NewCasePage
from pinggu_desk.desk.parties import party_of
from pinggu_desk.desk.wizard.record import interview_of, read_case
from pinggu_desk.documents.assemble import assemble
from pinggu_desk.documents.sheet.values import visit_values
from pinggu_desk.register import Register
from pinggu_desk.register.records import Applicant

from .conftest import Desk, within

K = Qt.Key
CODE = "91110117MA01ABCD5U"


def register_of(desk: Desk) -> Register:
    got: list[Register] = []
    desk.services.operations.run(lambda register: register, got.append)
    desk.settle()
    return got[0]


def new_form(desk: Desk) -> ApplicantForm:
    desk.frame.begin_case(None, "")
    desk.settle()
    desk.key(K.Key_F3)
    page = desk.frame.current()
    assert isinstance(page, NewCasePage)
    desk.settle()
    return page.form


def only(desk: Desk, name: str) -> Applicant:
    (one,) = register_of(desk).search(name)
    return register_of(desk).get(one.id)


def test_a_passport_is_registered_by_keys(desk: Desk) -> None:
    form = new_form(desk)
    form.kind.focus_input()
    desk.key(K.Key_3)
    desk.key(K.Key_Return)
    desk.type("示例旅人")
    desk.key(K.Key_Return)
    desk.key(K.Key_2)
    desk.key(K.Key_Return)
    desk.type("e1234 5678")
    assert not form.code.error() and form.reason.isHidden()
    for _ in range(4):
        desk.key(K.Key_Return)
    who = only(desk, "示例旅人")
    assert (who.kind, who.document, who.code) == ("个人", "护照", "E12345678")
    party = party_of(who, date(2026, 3, 2))
    assert party.identity == (("姓名", "示例旅人"), ("证件类型", "护照"), ("证件号码", "E1****678"))


def test_an_odd_code_needs_a_reason_and_keeps_it(desk: Desk) -> None:
    form = new_form(desk)
    form.name.focus_input()
    desk.type("示例老厂")
    desk.key(K.Key_Return)
    desk.type("1101171234567")
    desk.key(K.Key_Return)
    assert form.reason.isVisible() and "应为 18 位" in form.code.error()
    form.save.click()
    desk.settle()
    assert form.code.has_focus() and "仍要登记" in form.reason.error()
    assert register_of(desk).search("示例老厂") == []
    form.reason.focus_input()
    desk.type("旧版营业执照，注册号未换发")
    form.save.click()
    desk.settle()
    assert only(desk, "示例老厂").reason == "旧版营业执照，注册号未换发"


def test_who_is_there_already_is_told_and_taken_by_a_key(desk: Desk) -> None:
    there = register_of(desk).add_applicant("企业", "示例甲（北京）公司", code=CODE)
    form = new_form(desk)
    form.name.focus_input()
    desk.type("示例甲(北京) 公司")
    desk.key(K.Key_Return)
    assert form.duplicate.isVisible() and "同名" in form.duplicate.text()
    desk.type("9111 0117 ma01 abcd 5u")
    desk.key(K.Key_Return)
    assert "已登记在“示例甲（北京）公司”名下" in form.duplicate.text()
    taken: list[int] = []
    form.existing_wanted.connect(taken.append)
    desk.key(K.Key_F4)
    assert taken == [there.id]


def test_doubles_are_merged_by_keys_in_the_dossier(desk: Desk) -> None:
    register = register_of(desk)
    kept, gone = (register.add_applicant("企业", name) for name in ("示例甲（北京）公司", "示例甲(北京)公司"))
    register.add_award(gone.id, "ss", "neeq", 100, date(2025, 5, 1))
    desk.frame.open_applicant(kept.id)
    desk.settle()
    page = desk.frame.current()
    assert isinstance(page, EnterprisePage) and page.view is not None
    (card,) = within(page.view, DoublesCard)
    card.rows[0].ask.setFocus()
    desk.key(K.Key_Space)
    assert card.rows[0].yes.hasFocus(), "it is asked once more before it is done"
    desk.key(K.Key_Space)
    assert page.view is not None and within(page.view, DoublesCard) == []
    assert [a.amount_fen for a in register_of(desk).awards(kept.id)] == [100]
    assert [a.id for a in register_of(desk).search("示例甲")] == [kept.id]


def test_the_account_is_asked_once_and_stands_on_every_later_sheet(desk: Desk) -> None:
    form = new_form(desk)
    form.name.focus_input()
    desk.type("示例乙公司")
    assert not form.standing.unfolded, "folded: a visit need not ask for it"
    form.standing.fold.click()
    account = form.standing.fields["银行账号"]
    account.focus_input()
    desk.type("12ab")
    form.save.click()
    desk.settle()
    assert "银行账号应为" in account.error() and account.has_focus()
    desk.type("0200 0012 3456 7890")
    form.standing.fields["法定代表人"].focus_input()
    desk.type("示例人")
    form.save.click()
    desk.settle()
    register = register_of(desk)
    who = only(desk, "示例乙公司")
    engine = desk.services.engine
    for policy in ("ss", "zxqy"):
        case = register.open_case(policy, "v", applicant_id=who.id, on=date(2026, 3, 2))
        visit = assemble(
            engine, interview_of(engine, read_case(register, case.id)), party_of(who, date(2026, 3, 2)),
            printed_at=datetime(2026, 3, 2), serial=None, clerk="", window="", office="", practice=True,
        )  # fmt: skip
        values = visit_values(visit)
        assert (values["银行账号"], values["法定代表人"]) == ("0200001234567890", "示例人")


def test_what_a_colleague_changed_meanwhile_is_told_before_it_is_written_over(desk: Desk) -> None:
    """Issue 12: two windows on one applicant; saving a second time is meant."""
    form = new_form(desk)
    applicant = only(desk, "示例装备")
    form.begin(applicant)
    other = Register.open(desk.services.folder, clerk_no=practice.CLERK_NO, password=practice.PASSWORD)
    try:
        other.update_applicant(replace(other.get(applicant.id), contact="示例联系人丙"))
        form.address.set_text("示例镇9号")
        form.save.click()
        desk.settle()
        assert other.get(applicant.id).contact == "示例联系人丙" and "工号" in form.name.error()
        form.save.click()
        desk.settle()
        assert other.get(applicant.id).address == "示例镇9号"
    finally:
        other.close()
