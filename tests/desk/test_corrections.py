"""Issue 13: the head settles a reading in 设置, and every answer that stands on it says by whose word from then on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt

from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, read_answers
from pinggu_desk.desk.pages.corrections import CorrectionCard
from pinggu_desk.desk.pages.policy import PolicyPage
from pinggu_desk.desk.pages.settings import SettingsPage
from pinggu_desk.policy.corrections import Correction
from pinggu_desk.register import Register
from pinggu_desk.register.corrections import KeptCorrection

from .conftest import Desk

K = Qt.Key
LPR = "贷款市场报价利率"
FACTS = {"技改固定资产投资": "300万元", "技改设备投资": "250万元", "技改基建投资": "50万元"}


def card_of(desk: Desk) -> CorrectionCard:
    desk.frame.open_place("设置")
    desk.settle()
    page = desk.frame.current()
    assert isinstance(page, SettingsPage)
    return page.corrections


def kept(desk: Desk) -> list[KeptCorrection]:
    found: list[KeptCorrection] = []
    desk.services.operations.run(lambda register: register.corrections(), found.extend)
    desk.settle()
    return found


def fill(card: CorrectionCard, *texts: str) -> None:
    card.begin()
    for field, text in zip(card.fields, texts, strict=True):
        field.set_text(text)


def test_a_reading_is_settled_and_taken_back_by_keys(desk: Desk) -> None:
    card = card_of(desk)
    engine, today = desk.services.engine, desk.services.today()
    some = next(
        d for d in determine(engine, Answers(today, read_answers(engine.pack, FACTS)), ["zxqy"])
        if "general.at_least" in engine.rule(d.benefit).switches
    )  # fmt: skip
    day = today.strftime("%Y%m%d")
    fill(card, "读法", "general.at_leest", "另", day, "示例局", "示例〔2026〕3号", day)
    card.dated.focus_input()
    desk.key(K.Key_Return)
    assert "没有编号为" in card.value.error() and kept(desk) == [], "what is of nothing is refused at its field"
    card.subject.set_text("general.at_least")
    card.dated.focus_input()
    desk.key(K.Key_Return)
    (one,) = kept(desk)
    assert one.correction.by == "0001" and one.correction.value == "另"
    assert "示例局" in card.answer.text()
    settled = engine.settled("general.at_least", today)
    assert settled is not None and settled.branch == "另"
    again = next(
        d
        for d in determine(engine, Answers(today, read_answers(engine.pack, FACTS)), ["zxqy"])
        if d.benefit == some.benefit
    )
    assert all(note.id != "general.at_least" for note in again.readings)
    desk.services.operations.run(lambda register: register.withdraw_correction(one.id), writes=True)
    card.read()
    desk.settle()
    assert engine.settled("general.at_least", today) is None


def test_an_everyday_word_is_found_at_once(desk: Desk) -> None:
    card = card_of(desk)
    day = desk.services.today().strftime("%Y%m%d")
    fill(card, "口语词", "zxqy", "示例俗称", day, "示例局", "", day)
    card.dated.focus_input()
    desk.key(K.Key_Return)
    assert len(kept(desk)) == 1
    assert any("示例俗称" in str(passage) for passage in desk.services.passages)


def test_somebodys_file_is_read_before_it_is_taken(desk: Desk, tmp_path: Path) -> None:
    """Issue 13: exports carried no parameters, and an import showed nothing before it was done."""
    card, today, told = card_of(desk), desk.services.today(), "示例公告第1号"
    word = Correction("口语词", "zxqy", "示例俗称", today, "示例局")

    def enter(register: Register) -> tuple[int, int]:
        return register.add_correction(word).id, register.add_parameter(LPR, "3.1%", today, told).id

    numbers: list[tuple[int, int]] = []
    desk.services.operations.run(enter, numbers.append, writes=True)
    desk.settle()
    card.give(tmp_path / "更正.pack")
    desk.settle()
    ((one, figure),) = numbers
    desk.services.operations.run(lambda register: register.withdraw_correction(one), writes=True)
    desk.services.operations.run(lambda register: register.withdraw_parameter(figure), writes=True)
    card.changed.emit()
    card.look_at(tmp_path / "更正.pack")
    desk.settle()
    assert all(words in card.preview.told.text() for words in ("示例俗称", "3.1%", told))
    assert kept(desk) == [] and desk.services.engine.figures == {}, "nothing yet but to read"
    desk.key(K.Key_Return)
    assert [each.correction.value for each in kept(desk)] == ["示例俗称"] and not card.preview.isVisible()
    assert [value.value for value in desk.services.engine.figures[LPR]] == ["3.1%"], (
        "and the desk answers with it at once"
    )


def test_a_word_and_a_number_count_from_their_day_on(desk: Desk) -> None:
    """Issue 13: both counted before their day; at midnight the desk that is still open takes them up."""
    today = desk.services.today()
    tomorrow = today + timedelta(days=1)
    ones = (
        Correction("口语词", "zxqy", "示例俗称", tomorrow, "示例局"),
        Correction("电话", "zxqy/咨询专线", "010-00000000", tomorrow, "示例局", "", today),
    )

    def enter(register: Register) -> None:
        for one in ones:
            register.add_correction(one)

    desk.services.operations.run(enter, writes=True)
    card_of(desk)
    desk.frame.open_place("政策")
    page = desk.frame.current()
    assert isinstance(page, PolicyPage)

    def told() -> str:
        page.open_at("zxqy")
        desk.settle()
        return page.contacts.text()

    def found() -> bool:
        return any("示例俗称" in passage.said for passage in desk.services.passages)

    assert "010-69986796" in told() and "起改为 010-00000000" in told() and not found()
    desk.services.today = lambda: tomorrow
    assert "咨询专线 010-00000000" in told() and "010-69986796" not in told() and found()
