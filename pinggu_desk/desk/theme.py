"""The look: colour tokens, one type scale, and the one style sheet made from them.

The sheet itself is ``resources/style/desk.qss``: plain Qt style rules with ``$token`` in place of every colour
and size. Whatever paints itself (marks, icons) asks :func:`look` for the tokens in use; after a change Qt sends
every widget a ``StyleChange``, which is when such widgets draw anew.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from string import Template
from typing import Literal

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from pinggu_desk.desk.fonts import FAMILIES, load_first, load_fonts
from pinggu_desk.policy.resources import resource_root

Mode = Literal["auto", "light", "dark"]
Size = Literal["小", "中", "大", "特大"]

#: what QApplication is started with to have the style that the sheet is written for; set later, it costs 6 ms more
STYLE_ARGUMENTS = ("-style", "Fusion")
STYLED = "desk_styled"

#: theme setting -> the word a clerk sees
MODE_WORDS: dict[Mode, str] = {"auto": "跟随系统", "light": "浅色", "dark": "深色"}
#: type size -> pixels of body text; the other three sizes keep their ratio to it (13/15/18/24 at 中)
BODY_PIXELS: dict[Size, int] = {"小": 13, "中": 15, "大": 18, "特大": 22}


@dataclass(frozen=True, slots=True)
class Tokens:
    """Every colour of the desk. ``x_on`` is the ground that ink ``x`` is read on; contrast is at least 4.5:1.

    ``edge`` outlines what can be typed into or pressed and stands 3:1 from card and ground, which ``line`` (a mere
    divider) does not.
    """

    ground: str
    card: str
    line: str
    edge: str
    ink: str
    soft: str
    accent: str
    accent_on: str
    on_accent: str
    good: str
    good_on: str
    warn: str
    warn_on: str
    bad: str
    bad_on: str
    rail: str
    rail_ink: str
    rail_here: str


LIGHT = Tokens(
    ground="#F4F6F9", card="#FFFFFF", line="#D9DFE8", edge="#7F8C9C", ink="#1C2733", soft="#5A6B7F",
    accent="#1F5FA8", accent_on="#E8F0FA", on_accent="#FFFFFF", good="#1E7B4A", good_on="#E6F4EC",
    warn="#9A5B00", warn_on="#FDF3E1", bad="#B3261E", bad_on="#FBEAE9",
    rail="#16324F", rail_ink="#C9D6E6", rail_here="#2A4A6B",
)  # fmt: skip
DARK = Tokens(
    ground="#12181F", card="#1B232C", line="#32404F", edge="#6F8093", ink="#E6EDF5", soft="#9FB0C3",
    accent="#7FB2EE", accent_on="#1E3550", on_accent="#0F1A26", good="#6CCB97", good_on="#183527",
    warn="#F0B85A", warn_on="#3A2B12", bad="#F28B82", bad_on="#3E1E1C",
    rail="#0B1219", rail_ink="#9FB0C3", rail_here="#1C2833",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scale:
    """Sizes in logical pixels, all from the body size: type, and the grid of eight at 中."""

    body: int

    @property
    def small(self) -> int:
        """Captions, units, clauses."""
        return max(12, round(self.body * 13 / 15))

    @property
    def title(self) -> int:
        """Titles of cards and groups."""
        return round(self.body * 18 / 15)

    @property
    def display(self) -> int:
        """The page's title and the figure that matters."""
        return round(self.body * 24 / 15)

    @property
    def icon(self) -> int:
        """The side of an icon."""
        return round(self.body * 20 / 15)

    def grid(self, steps: float) -> int:
        """So many steps of the grid (8 px at 中); space grows more slowly than type, so that 特大 still fits."""
        return round(steps * (8 + (self.body - 15) * 0.3))


def fitting(size: Size, width: int, height: int) -> Size:
    """The size, or the largest below it at which the window's least extent fits the room there is (小 if none does).

    The least extent grows with the type (956x486 at 中, 1289x689 at 特大): a larger window would hang over the screen's
    edge with its foot out of sight.
    """
    order = list(BODY_PIXELS)
    for one in reversed(order[: order.index(size) + 1]):
        body = BODY_PIXELS[one]
        if 48 * body + 240 <= width and 27 * body + 98 <= height:
            return one
    return order[0]


@dataclass(frozen=True, slots=True)
class Look:
    """What is in use now."""

    tokens: Tokens
    scale: Scale
    dark: bool


_DARKER = 128  # lightness of a ground, of 255

_now = Look(LIGHT, Scale(BODY_PIXELS["中"]), dark=False)


#: while a look is put on: what is measured then is measured again at its end
_dressing = False


def is_dressing() -> bool:
    """Whether a look is being put on: nothing has its last size yet, and bringing anything into sight is for later."""
    return _dressing


def look() -> Look:
    """The look in use, for whatever paints or measures by itself."""
    return _now


def is_dark(app: QApplication, mode: Mode) -> bool:
    """Whether ``mode`` means dark now (``auto`` follows the system)."""
    if mode == "auto":
        from PySide6.QtCore import Qt  # a name that costs 16 ms: not before the first page is painted

        return app.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return mode == "dark"


def _wanted(dark: bool, size: Size) -> Look:
    return Look(DARK if dark else LIGHT, Scale(BODY_PIXELS[size]), dark)


def is_dressed(app: QApplication, mode: Mode, size: Size) -> bool:
    """Whether the application looks like this already."""
    wanted = _wanted(is_dark(app, mode), size)
    return app.styleSheet() == style_sheet(wanted.tokens, wanted.scale)


def apply_theme(app: QApplication, mode: Mode, size: Size) -> None:
    """Dress the whole application; called at start and whenever the setting or the system changes."""
    load_fonts()
    if not is_dressed(app, mode, size):
        _dress(app, _wanted(is_dark(app, mode), size))


def apply_first(app: QApplication, mode: Mode, size: Size) -> None:
    """Dress the application for its first page with what that needs; `apply_theme` follows and mends it where it guessed.

    Whether the system is dark is taken from the palette that the style came with, before it has any of ours.
    """
    load_first()
    dark = mode == "dark" or (mode == "auto" and app.palette().color(QPalette.ColorRole.Window).lightness() < _DARKER)
    _dress(app, _wanted(dark, size))


def _dress(app: QApplication, wanted: Look) -> None:
    global _now, _dressing  # noqa: PLW0603 - one look for one application, as Qt has one style for it
    _now = wanted
    sheet = style_sheet(_now.tokens, _now.scale)
    if app.styleSheet() == sheet:
        return
    _dressing = True
    try:
        _put_on(app, sheet)
    finally:
        _dressing = False


def _put_on(app: QApplication, sheet: str) -> None:
    if app.styleSheet():
        app.setStyleSheet("")  # Qt works out a sheet that takes another's place many times over for every widget
    if not app.property(STYLED):
        app.setStyle("Fusion")
        app.setProperty(STYLED, True)
    font = app.font()
    font.setFamilies(list(FAMILIES))
    font.setPixelSize(_now.scale.body)
    app.setFont(font)
    app.setPalette(_palette(_now.tokens))
    app.setStyleSheet(sheet)


@lru_cache(maxsize=1)
def _sheet_text() -> str:
    return (resource_root() / "style" / "desk.qss").read_text(encoding="utf-8")


def style_sheet(tokens: Tokens, scale: Scale) -> str:
    """The style sheet for these tokens and sizes. Raises KeyError if the sheet names a token there isn't."""
    words: dict[str, str] = {field.name: getattr(tokens, field.name) for field in fields(tokens)}
    for name in ("small", "body", "title", "display", "icon"):
        words[name] = f"{getattr(scale, name)}px"
    for name, steps in {"half": 0.5, "one": 1, "two": 2, "three": 3}.items():
        words[name] = f"{scale.grid(steps)}px"
    words["control"] = f"{round(scale.body * 1.5)}px"
    words["families"] = ", ".join(f'"{family}"' for family in FAMILIES)
    return Template(_sheet_text()).substitute(words)


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: tokens.ground,
        QPalette.ColorRole.Base: tokens.card,
        QPalette.ColorRole.AlternateBase: tokens.ground,
        QPalette.ColorRole.Button: tokens.card,
        QPalette.ColorRole.WindowText: tokens.ink,
        QPalette.ColorRole.Text: tokens.ink,
        QPalette.ColorRole.ButtonText: tokens.ink,
        QPalette.ColorRole.PlaceholderText: tokens.soft,
        QPalette.ColorRole.Highlight: tokens.accent,
        QPalette.ColorRole.HighlightedText: tokens.on_accent,
        QPalette.ColorRole.ToolTipBase: tokens.card,
        QPalette.ColorRole.ToolTipText: tokens.ink,
        QPalette.ColorRole.Link: tokens.accent,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.soft))
    return palette


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours by WCAG 2.2, from 1 to 21."""

    def luminance(colour: str) -> float:
        parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
