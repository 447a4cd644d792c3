"""Issue 13: a case whose pack has changed doesn't answer anew in silence: both answers are told, and the clerk chooses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt

from pinggu_desk.assess.engine import Engine
from pinggu_desk.policy.corrections import Correction
from pinggu_desk.register import events
from tests.desk.wizard.conftest import CTRL, SOUND_SME, Work

OLD = "2023.01-1+0a1b2c3d"
ANSWERS = SOUND_SME | {"技改固定资产投资": "300万", "技改设备投资": "240万", "技改基建投资": "60万"}


@pytest.fixture
def old(work: Work, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An earlier pack that is kept, by which 以上 did not include the bound."""
    services = work.desk.services
    engine = Engine(replace(services.pack, version=OLD))
    engine.enter({}, [Correction("读法", "general.at_least", "另", date(2020, 1, 1), "示例局")])
    kept = {OLD: engine, services.pack.version: services.engine}
    monkeypatch.setattr(services, "engine_of", kept.get)
    return engine


def begun(work: Work, version: str) -> int:
    register = work.register()
    case = register.open_case("zxqy", version, applicant_id=1, on=date(2026, 3, 2))
    for name, text in ANSWERS.items():
        register.set_answer(case.id, name, text)
    return case.id


def trail(work: Work, event: str) -> list[str]:
    return [row.detail for row in work.register().audit_rows() if row.event == event]


def test_it_is_opened_by_its_own_pack_and_what_differs_is_told(work: Work, old: Engine) -> None:
    page = work.open(begun(work, OLD))
    assert page.session.engine is old
    words = page.repacked.text()
    assert page.repacked.isVisible() and OLD in words and "按现用的为" in words and "原为" in words
    work.desk.key(Qt.Key.Key_J, CTRL)
    work.desk.settle()
    assert work.register().case(work.case_id).pack_version == work.desk.services.pack.version
    assert page.session.engine is work.desk.services.engine and not page.repacked.isVisible()
    assert trail(work, events.CASE_REPACKED) == [f"{OLD}→{work.desk.services.pack.version}"]
    truth = {d.benefit: d.status for d in page.session.interview.determinations}
    assert truth == {name: d.status for name, d in work.truth().items()}


def test_the_clerk_may_stay_with_the_old_one_and_that_is_on_the_trail(work: Work, old: Engine) -> None:
    page = work.open(begun(work, OLD))
    assert page.keep.isVisible()
    work.desk.key(Qt.Key.Key_B, CTRL)
    work.desk.settle()
    assert not page.keep.isVisible() and "仍按政策包" in page.repacked.text()
    assert work.register().case(work.case_id).pack_version == OLD and trail(work, events.CASE_PACK_KEPT) == [OLD]
    assert page.session.engine is old


@pytest.mark.usefixtures("old")
def test_where_the_old_pack_is_gone_that_is_told(work: Work) -> None:
    page = work.open(begun(work, "2022.01-1+00000000"))
    assert "不在本机" in page.repacked.text() and page.session.engine is work.desk.services.engine
    assert not page.keep.isVisible()


def test_a_case_of_the_pack_that_serves_says_nothing(work: Work) -> None:
    page = work.open(begun(work, work.desk.services.pack.version))
    assert not page.repacked.isVisible() and not page.keep.isVisible()
