"""Numbers of persons, telephones and bank accounts are covered on every screen until somebody asks, which is on the trail."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from pinggu_desk.desk.kit import LineField
from pinggu_desk.desk.pages.applicant_form import ApplicantForm
from pinggu_desk.desk.pages.enterprise import EnterprisePage
from pinggu_desk.desk.wizard.applicant import ApplicantStep
from pinggu_desk.desk.wizard.page import WizardPage
from pinggu_desk.policy.compiled import load_bundled
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.masking import covered, use
from pinggu_desk.policy.quantity import Dim
from pinggu_desk.register import Register, events
from pinggu_desk.register.bundles.conflicts import Conflict, Difference
from pinggu_desk.register.records import Applicant
from pinggu_desk.work.bundles import conflict_lines, hides

from .conftest import Desk, within

NUMBER, PHONE, ACCOUNT = "110117199001010016", "13800000000", "6222020200012345678"


@pytest.mark.parametrize(
    ("name", "text", "seen"),
    [
        ("证件号码", NUMBER, "110117********0016"), ("法定代表人证件号码", NUMBER, "110117********0016"),
        ("联系电话", PHONE, "138****0000"), ("电话", "010-69960001", "010-****0001"), ("电话", "69960001", "*****001"),
        ("法定代表人电话", "010-69960001转8", "010-*****001转8"), ("银行账号", "6222 0202 0001 2345 678", "***************5678"),
        ("银行账号", "1234", "****"), ("开户银行", "示例银行", "示例银行"), ("联系电话", "", ""),
        ("统一社会信用代码", "91110117MA00DEMA8F", "91110117MA00DEMA8F"), ("统一社会信用代码", NUMBER, "110117********0016"),
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
    for part in ("110117********0016", "138****0000", "5678", "139****0009"):
        assert part in seen
    assert events.NUMBERS_SHOWN not in trail(desk)
    desk.key(Qt.Key.Key_F8)
    seen = words_on(desk)
    assert all(whole in seen for whole in (NUMBER, PHONE, ACCOUNT, "13900000009"))
    assert trail(desk).count(events.NUMBERS_SHOWN) == 1
    desk.key(Qt.Key.Key_F8)
    assert NUMBER not in words_on(desk) and trail(desk).count(events.NUMBERS_SHOWN) == 1


def shows(field: LineField) -> str:
    """What a field's line shows to the eye: the ends only where it is covered."""
    return field.line.seen() if field.line.covered else field.line.text()


def kept(desk: Desk, number: int) -> Applicant:
    heard: list[Applicant] = []
    desk.services.operations.run(lambda register: register.get(number), heard.append)
    desk.settle()
    return heard[0]


def changing(desk: Desk) -> ApplicantForm:
    """The form that changes the applicant whose file is open."""
    page = opened(desk)
    assert page.view is not None
    page.view._change()
    desk.settle()
    (form,) = (one for one in within(page, ApplicantForm) if one.isVisible())
    return form


def test_a_stored_applicant_s_form_opens_covered_and_f8_opens_a_field_with_an_entry(desk: Desk) -> None:
    form = changing(desk)
    account = form.standing.fields["银行账号"]
    for field, part in ((form.code, "110117********0016"), (form.phone, "138****0000"), (account, "5678")):
        assert field.line.covered and part in shows(field)
        assert "*" in field.line.seen() and NUMBER not in field.line.displayText(), "nor is it read aloud"
    assert form.code.text() == NUMBER and form.code.error() == "", "it is checked by what it is"
    assert events.NUMBERS_SHOWN not in trail(desk)
    form.code.focus_input()
    desk.settle()
    assert form.code.line.covered, "standing in it opens nothing"
    desk.key(Qt.Key.Key_F8)
    desk.settle()
    assert shows(form.code) == NUMBER and form.phone.line.covered
    assert trail(desk).count(events.NUMBERS_SHOWN) == 1
    form.name.focus_input()
    desk.settle()
    assert form.code.line.covered, "left, it is covered again"


def test_what_is_typed_is_whole_until_it_is_left_and_takes_the_place_of_what_was_covered(desk: Desk) -> None:
    form = changing(desk)
    form.phone.focus_input()
    desk.type("139")
    assert form.phone.text() == "139" and not form.phone.line.covered, (
        "nobody can mend one figure of what he doesn't see"
    )
    desk.type("00000001")
    assert shows(form.phone) == "13900000001"
    form.name.focus_input()
    desk.settle()
    assert shows(form.phone) == "139****0001" and form.phone.text() == "13900000001"
    form.save.click()
    desk.settle()
    (number,) = [one.id for one in found(desk, "示例申请人乙")]
    assert kept(desk, number).phone == "13900000001" and kept(desk, number).code == NUMBER
    assert events.NUMBERS_SHOWN not in trail(desk)


def test_copying_a_covered_field_copies_the_true_value_and_is_on_the_trail(desk: Desk) -> None:
    form = changing(desk)
    QGuiApplication.clipboard().setText("")
    form.code.focus_input()
    desk.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    assert QGuiApplication.clipboard().text() == NUMBER and form.code.line.covered
    assert trail(desk).count(events.NUMBERS_SHOWN) == 1
    formats = QGuiApplication.clipboard().mimeData().formats()
    assert "x-kde-passwordManagerHint" in formats and any("CanIncludeInClipboardHistory" in one for one in formats)
    desk.window.lock_now()
    desk.settle()
    assert QGuiApplication.clipboard().text() == "", "whoever comes to the locked window pastes nothing"


def found(desk: Desk, name: str) -> list[Applicant]:
    heard: list[list[Applicant]] = []
    desk.services.operations.run(lambda register: register.search(name), heard.append)
    desk.settle()
    return heard[0]


def test_which_facts_are_covered_is_data_and_a_number_in_a_refusal_is_covered_too() -> None:
    pack = load_bundled()
    marked = {fact.name: fact.cover for fact in pack.facts.values() if fact.cover}
    assert marked == {
        "统一社会信用代码": "代码", "联系电话": "电话", "证件号码": "证件", "法定代表人证件号码": "证件", "法定代表人电话": "电话",
        "银行账号": "账号",
    }  # fmt: skip
    for fact in pack.facts.values():  # a number of somebody's that nobody marked would stand open
        numbered = fact.dim is Dim.TEXT and any(
            word in fact.name for word in ("电话", "手机", "证件号码", "身份证", "账号")
        )
        assert not numbered or fact.cover, fact.name
    use([Fact(name="紧急联系手机", id="mobile", kind="文本", question="手机", cover="电话")])
    try:
        assert covered("紧急联系手机", PHONE) == "138****0000"
    finally:
        use(pack.facts.values())


def test_the_two_sides_of_a_conflict_are_covered_until_asked_for() -> None:
    """A telephone and a person's number that two registers say differently stand covered, side by side, on screen and terminal."""
    both = (
        Difference("phone", "电话", PHONE, "13800009999"), Difference("code", "号码", NUMBER, "E12345678"),
        Difference("银行账号", "银行账号", ACCOUNT, None, fact=True), Difference("name", "名称", "示例甲", "示例乙"),
    )  # fmt: skip
    conflict = Conflict(1, "applicant", "示例乡镇", "示例甲", 3, None, datetime(2026, 3, 2), both, "个人")
    told = str(conflict_lines(conflict))
    assert not any(whole in told for whole in (PHONE, "13800009999", NUMBER, "E12345678", ACCOUNT)) and "示例乙" in told
    assert hides(conflict) and PHONE in str(conflict_lines(conflict, whole=True))


def test_the_visit_s_own_step_covers_the_number_and_f8_is_the_sheet_s_only_elsewhere(desk: Desk) -> None:
    number = opened(desk).view
    assert number is not None
    session_case: list[int] = []
    desk.services.operations.run(
        lambda register: register.open_case("bys", desk.services.pack.version, applicant_id=number.applicant.id).id,
        session_case.append,
    )
    desk.services.make_wizard = WizardPage
    desk.settle()
    desk.frame.open_case(session_case[0])
    desk.settle()
    page = desk.frame.current()
    assert isinstance(page, WizardPage)
    page.open_step("applicant", "代码")
    desk.settle()
    step = page.steps["applicant"]
    assert isinstance(step, ApplicantStep)
    assert [one.name for one in (step.code, step.phone) if one.line.covered] == [
        "代码",
        "联系电话",
    ] and not step.code.error()
    assert NUMBER not in words_on(desk)
    step.code.focus_input()
    desk.key(Qt.Key.Key_F8)
    desk.settle()
    assert not step.code.line.covered and trail(desk).count(events.NUMBERS_SHOWN) == 1
    assert page.session.interview.answers["证件号码"] == NUMBER
