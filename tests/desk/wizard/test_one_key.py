"""One key in a form answers, goes on, and what stands around the form follows both at once."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest

from pinggu_desk.desk.wizard.factform import FactForm
from pinggu_desk.desk.wizard.panel import ResultPanel
from pinggu_desk.desk.wizard.steplist import StepList
from tests.desk.counted import calls
from tests.desk.wizard.conftest import SOUND_SME, Work, words


def test_a_key_that_answers_and_goes_on_is_shown_once(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    page = work.begin("wltst")
    page.open_step("data")
    work.desk.settle()
    times = calls(monkeypatch, (ResultPanel, "_arrange"), (StepList, "show_steps"), (FactForm, "refresh"))
    form = page.steps["data"]
    assert isinstance(form, FactForm)
    yes_no = [n for n, one in form.fields.items() if one.isVisible() and len(one.inputs()) == 2]
    form.stand_in(yes_no[0])
    rounds = 0
    while len(work.field(before := work.field_here()).inputs()) == 2:
        rounds += 1
        work.desk.settle()
        times.clear()
        QTest.keyClicks(work.desk.focus, "1")
        assert times == {"StepList.show_steps": 1, "FactForm.refresh": 1, "ResultPanel._arrange": 1}
        here = work.field_here()
        assert here != before and page.session.interview.answers[before] == "是"
        assert work.truth() == {d.benefit: d for d in page.session.interview.determinations}
        asked = page.session.benefit_asking(here)
        assert not asked or page.panel.order[0] == asked  # the card of what is asked next is on top already
        if rounds == 4:
            break
    assert rounds


def test_what_is_beside_a_field_is_renewed_though_few_fields_change(work: Work) -> None:
    page = work.begin("zxqy", SOUND_SME)
    page.open_step("eligibility")
    work.page.session.set("生产经营起始日", "2099")
    work.desk.settle()
    field = work.field("生产经营起始日")
    assert field.error() and field.text() == "2099"
    work.page.session.set("生产经营起始日", "20200101")
    work.desk.settle()
    assert not field.error() and field.text() == "20200101" and "有误" not in words(field)
