"""Issue 13: an enquiry whose pack has changed says so and what differs; it used to answer anew in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt

from pinggu_desk.assess.engine import Engine
from pinggu_desk.desk.match.kept import ALL_MATTERS, MATTERS
from pinggu_desk.policy.corrections import Correction
from pinggu_desk.register import events
from tests.desk.match.conftest import ON, Enquirer

OLD = "2023.01-1+0a1b2c3d"
CTRL = Qt.KeyboardModifier.ControlModifier
ANSWERS = {
    "平谷区中小企业": "是", "技改固定资产投资": "300万", "技改设备投资": "240万", "技改基建投资": "60万", MATTERS: ALL_MATTERS,
}  # fmt: skip


def begun(enquirer: Enquirer, version: str) -> None:
    register = enquirer.register()
    whose = register.search("示例装备")[0].id
    case = register.open_case("@match", version, applicant_id=whose, on=ON)
    for name, value in ANSWERS.items():
        register.set_answer(case.id, name, value)
    enquirer.desk.frame.open_case(case.id)
    enquirer.desk.settle()


def test_what_another_pack_changed_is_told_until_it_was_read(
    enquirer: Enquirer, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = enquirer.desk.services
    old = Engine(replace(services.pack, version=OLD))
    old.enter({}, [Correction("读法", "general.at_least", "另", date(2020, 1, 1), "示例局")])
    monkeypatch.setattr(services, "engine_of", {OLD: old}.get)
    begun(enquirer, OLD)
    page, now = enquirer.page, services.pack.version
    assert page.repacked.isVisible(), "it is told before anything is answered"
    words = page.repacked.text()
    assert OLD in words and now in words and "结论不同" in words and "原为" in words
    assert page.session.enquiry.engine.pack is services.pack, "what can be had now is asked of the pack that serves"
    enquirer.desk.key(Qt.Key.Key_J, CTRL)
    assert not page.repacked.isVisible()
    assert page.session.case is not None
    assert enquirer.register().case(page.session.case.id).pack_version == now
    told = [row.detail for row in enquirer.register().audit_rows() if row.event == events.CASE_REPACKED]
    assert told == [f"{OLD}→{now}"]


def test_where_the_old_pack_is_gone_that_is_told(enquirer: Enquirer) -> None:
    begun(enquirer, OLD)
    assert enquirer.page.repacked.isVisible() and "不在本机" in enquirer.page.repacked.text()


def test_an_enquiry_of_the_pack_that_serves_says_nothing(enquirer: Enquirer) -> None:
    begun(enquirer, enquirer.desk.services.pack.version)
    assert not enquirer.page.repacked.isVisible()
    enquirer.page.begin_fresh()
    assert not enquirer.page.repacked.isVisible()
