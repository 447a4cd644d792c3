"""Rare characters in a cell: the font that has them, and what a person is told who hasn't it installed.

宋体 and 仿宋 have what the national standard of 1995 (GBK) has. A name beyond it is set in a font that comes with the program; an
office program that lacks the font shows boxes until it is installed.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pinggu_desk.policy.resources import resource_root

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell

#: fonts that come with the program, first choice first: (file without ending, name in office programs)
_FONTS = (("NotoSerifSC-Regular", "Noto Serif SC"), ("HanaMinB", "HanaMinB"), ("DeskKai-Regular", "Desk Kai"))


@dataclass(frozen=True, slots=True)
class RareFont:
    """A bundled font: its name in office programs and its file."""

    family: str
    file: str


@lru_cache(maxsize=1024)
def font_for(text: str) -> RareFont | None:
    """The bundled font for a text with characters that 宋体 lacks; None where it has none such, or no font has them."""
    rare = {char for char in text if not _common(char)}
    if not rare:
        return None
    from pinggu_desk.documents.pdf.fonts import Face

    had = {name: 0 for name, _ in _FONTS}
    for name, family in _FONTS:
        face = Face(resource_root() / "fonts" / f"{name}.ttf")
        had[name] = sum(map(face.has, rare))
        if had[name] == len(rare):
            return RareFont(family, f"{name}.ttf")
    best, family = max(_FONTS, key=lambda one: had[one[0]])
    return RareFont(family, f"{best}.ttf") if had[best] else None


def _common(char: str) -> bool:
    try:
        char.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def dress(cell: Cell, text: str) -> None:
    """Set the cell in the font that has its rare characters."""
    if text.isascii() or (found := font_for(text)) is None:
        return
    font: Any = copy(cell.font)
    font.name, font.scheme, font.charset = found.family, None, None
    cell.font = font


def told(texts: Iterable[str]) -> str:
    """字体说明: which fonts the texts need and how they are installed; empty where none is needed."""
    fonts = dict.fromkeys(found for text in texts if not text.isascii() and (found := font_for(text)))
    if not fonts:
        return ""
    named = "、".join(f"{font.family}（{font.file}）" for font in fonts)
    return (
        f"表内有生僻字，用的是随程序的字体 {named}。打印的电脑上没有这个字体、字显示为方框的，"
        "请打开程序文件夹里的 resources/fonts，双击字体文件安装后再打印。"
    )
