"""FOUND 8: an outside figure is entered in 设置, by keys, and the answers stand on it from then on."""

from __future__ import annotations

from PySide6.QtCore import Qt

from pinggu_desk.desk.pages.settings import SettingsPage
from pinggu_desk.register.records import KeptParameter

from .conftest import Desk

LPR = "贷款市场报价利率"
K = Qt.Key


def at_settings(desk: Desk) -> SettingsPage:
    desk.frame.open_place("设置")
    desk.settle()
    page = desk.frame.current()
    assert isinstance(page, SettingsPage)
    return page


def kept(desk: Desk) -> list[KeptParameter]:
    found: list[KeptParameter] = []
    desk.services.operations.run(lambda register: register.parameters(), found.extend)
    desk.settle()
    return found


def test_a_figure_is_entered_replaced_and_withdrawn_by_keys(desk: Desk) -> None:
    page = at_settings(desk)
    card = page.parameters
    card.begin()
    which = next(i for i, title in enumerate(card.which.options, 1) if title.startswith(LPR))
    desk.key(K(K.Key_0 + which))
    desk.key(K.Key_Return)
    assert card.value.has_focus()
    desk.type("3000")
    desk.key(K.Key_Return)
    desk.type("20260120")
    desk.key(K.Key_Return)
    desk.key(K.Key_Return)  # still in force
    desk.type("示例公告")
    desk.key(K.Key_Return)
    assert "太大" in card.value.error() and kept(desk) == [], "a wrong unit is refused at its field"
    card.value.set_text("3%")
    card.source.focus_input()
    desk.key(K.Key_Return)
    (one,) = kept(desk)
    assert (one.name, one.value, one.source, one.until) == (LPR, "3%", "示例公告", None)
    held = desk.services.engine.pack.parameters[LPR].values
    assert [(v.value, v.by) for v in held] == [("3%", "0001")]

    card.begin()
    card.which.set_text(next(t for t in card.which.options if t.startswith(LPR)))
    for field, text in ((card.value, "2.9%"), (card.since, "20260420"), (card.source, "示例公告二")):
        field.set_text(text)
    card.source.focus_input()
    desk.key(K.Key_Return)
    assert [(v.value, str(v.until)) for v in kept(desk)] == [("3%", "2026-04-19"), ("2.9%", "None")]
    card.withdraw(kept(desk)[0])
    desk.settle()
    assert [v.value for v in desk.services.engine.pack.parameters[LPR].values] == ["2.9%"]
