"""Issue 13: corrections in the register: dated, by whose word, on the trail, taken back and never written over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pinggu_desk.policy.corrections import Correction
from pinggu_desk.register import Register, events
from pinggu_desk.register.errors import InvalidEntry, NotAllowed, NotFound
from tests.register.conftest import PASSWORD, Clock

ONE = Correction(
    "读法", "general.at_least", "另", date(2026, 3, 2), "示例局", "示例〔2026〕3号", date(2026, 3, 2), "01"
)


@pytest.fixture
def register(on_each: Register) -> Register:
    return on_each


def test_a_correction_is_kept_and_told_on_the_trail(register: Register, folder: Path, clock: Clock) -> None:
    kept = register.add_correction(ONE)
    assert register.corrections() == [kept] and kept.correction == ONE and kept.entered_at == clock.at
    register.close()
    again = Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)
    assert again.corrections() == [kept]
    told = [row for row in again.audit_rows() if row.event == events.CORRECTION_ENTERED]
    assert len(told) == 1 and ONE.words in told[0].detail
    assert told[0].subject == f"更正{kept.id}", "and not an outside figure of the same number"
    again.close()


def test_the_same_is_not_entered_twice_and_one_that_is_wrong_is_taken_back(register: Register) -> None:
    kept = register.add_correction(ONE)
    with pytest.raises(InvalidEntry, match="已经录入过"):
        register.add_correction(replace(ONE, value="取"))
    register.add_correction(replace(ONE, value="取", since=date(2026, 6, 1)))
    register.withdraw_correction(kept.id)
    assert [one.correction.since for one in register.corrections()] == [date(2026, 6, 1)]
    with pytest.raises(NotFound):
        register.withdraw_correction(kept.id)
    register.add_correction(ONE)


def test_somebodys_file_is_taken_whole_or_not_at_all(register: Register) -> None:
    words = [replace(ONE, kind="口语词", subject="zxqy", value=word) for word in ("技改补", "小巨人")]
    assert len(register.take_corrections([ONE, *words], "示例区")) == 3
    assert register.take_corrections([ONE, *words], "示例区") == [], "what is here already is passed over"
    before = register.corrections()
    new = replace(ONE, subject="tztc.both")
    with pytest.raises(InvalidEntry):
        register.take_corrections([new, replace(ONE, value="取")], "示例区")
    assert register.corrections() == before


def test_only_the_head_settles(register: Register, folder: Path, clock: Clock) -> None:
    register.add_clerk("02", "示例二", PASSWORD + "b", window="04")
    register.close()
    other = Register.open(folder, clerk_no="02", password=PASSWORD + "b", now=clock)
    with pytest.raises(NotAllowed, match="负责人"):
        other.add_correction(ONE)
    assert other.corrections() == []
    other.close()
