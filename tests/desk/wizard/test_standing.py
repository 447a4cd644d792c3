"""FOUND 49: in the wizard's first step too, what is asked once is kept with the applicant."""

from __future__ import annotations

from PySide6.QtTest import QTest

from pinggu_desk.desk.kit import Caption
from pinggu_desk.desk.wizard.applicant import ApplicantStep
from tests.desk.conftest import within
from tests.desk.wizard.conftest import LISTED, Work


def test_what_is_kept_with_the_applicant_is_asked_in_the_first_step(work: Work) -> None:
    page = work.begin("ss", LISTED)
    page.open_step("applicant")
    step = page.steps["applicant"]
    assert isinstance(step, ApplicantStep) and not step.standing.unfolded
    step.standing.fold.click()
    bank = step.standing.fields["开户银行"]
    bank.focus_input()
    QTest.keyClicks(work.desk.focus, "ABC Bank")
    step.name.focus_input()
    work.desk.settle()
    assert work.register().known_facts(1)["开户银行"].value_text == "ABC Bank"
    assert page.session.interview.values["开户银行"] == "ABC Bank"
    again = work.begin("ss", LISTED)
    assert again.session.interview.values["开户银行"] == "ABC Bank"


def test_what_a_colleague_kept_meanwhile_is_shown_and_one_s_own_is_typed_once_more(work: Work) -> None:
    """Otherwise the paper had one account and the register the other, and typing it again did nothing."""
    page = work.begin("ss", LISTED)
    page.open_step("applicant")
    step = page.steps["applicant"]
    assert isinstance(step, ApplicantStep)
    step.standing.fold.click()
    account = step.standing.fields["银行账号"]
    work.register().remember(1, "银行账号", "6222020200011112222", work.desk.services.today())
    for known, shown in (("6222020200011112222", "6222020200011112222"), ("0200001234567890", "0200001234567890")):
        account.focus_input()
        account.set_text("0200001234567890")
        step.name.focus_input()
        work.desk.settle()
        assert work.register().known_facts(1)["银行账号"].value_text == known
        assert page.session.interview.values["银行账号"] == shown == step.standing.kept_text("银行账号")
    said = work.desk.frame.notice.text()
    assert "现在显示的是对方填的，要改成您的请再填一次" in said and "11112222" not in said


def test_the_key_to_where_a_value_came_from_is_told_in_fields_only(work: Work) -> None:
    """Issue 10: the hint of Shift+F6 stood on steps without any field, where it does nothing."""
    page = work.begin("ss", LISTED)
    for step, told in (
        ("data", True),
        ("result", False),
        ("materials", False),
        ("eligibility", True),
        ("output", False),
    ):
        page.open_step(step)
        work.desk.settle()
        hints = [one.text() for one in within(page.list, Caption) if "F1 原文" in one.text()]
        assert ["Shift+F6" in words for words in hints] == [told], step
