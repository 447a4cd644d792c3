"""Every pair of ink and ground can be read, in the light and in the dark."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontInfo, QFontMetrics
from PySide6.QtWidgets import QApplication

from pinggu_desk.desk.icons import icon
from pinggu_desk.desk.theme import BODY_PIXELS, DARK, LIGHT, Scale, Size, Tokens, apply_theme, contrast, style_sheet
from pinggu_desk.policy.resources import resource_root

READ = [
    ("ink", "ground"), ("ink", "card"), ("soft", "ground"), ("soft", "card"), ("accent", "card"), ("accent", "ground"),
    ("accent", "accent_on"), ("ink", "accent_on"), ("soft", "accent_on"), ("on_accent", "accent"), ("good", "good_on"),
    ("good", "card"), ("warn", "warn_on"), ("bad", "bad_on"), ("bad", "card"), ("bad", "ground"), ("rail_ink", "rail"),
    ("rail_ink", "rail_here"),
]  # fmt: skip


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), READ)
def test_words_stand_four_and_a_half_to_one_from_their_ground(tokens: Tokens, ink: str, ground: str) -> None:
    assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["card", "ground"])
def test_what_can_be_typed_into_or_pressed_stands_three_to_one(tokens: Tokens, ground: str) -> None:
    assert contrast(tokens.edge, getattr(tokens, ground)) >= 3
    assert contrast(tokens.accent, getattr(tokens, ground)) >= 3


def test_the_measure_of_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("size", list(BODY_PIXELS))
def test_the_sheet_knows_every_token_it_names(size: Size) -> None:
    sheet = style_sheet(LIGHT, Scale(BODY_PIXELS[size]))
    assert "$" not in sheet
    assert f"font-size: {BODY_PIXELS[size]}px" in sheet


def test_the_type_is_the_bundled_one_rare_characters_included(qapp: QApplication) -> None:
    apply_theme(qapp, "light", "中")
    assert QFontInfo(qapp.font()).family() == "Noto Sans SC"
    # a box for a missing character is as wide as the next one's: so look whether the font chain has them
    metrics = QFontMetrics(qapp.font())
    assert all(metrics.inFontUcs4(ord(c)) for c in "平谷㛃")
    assert metrics.horizontalAdvance("𡌶") == metrics.horizontalAdvance("谷")


def test_every_icon_can_be_drawn() -> None:
    names = sorted(path.stem for path in (resource_root() / "icons").glob("*.svg"))
    assert len(names) > 20
    for name in names:
        image = icon(name, "#FF0000", 24).pixmap(24, 24).toImage()
        inked = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
        assert any(c.alpha() > 200 and c.red() > 200 and c.green() < 60 for c in inked), name
