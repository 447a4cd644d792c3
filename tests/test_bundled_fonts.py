"""The committed fonts: they are what their README says, may be embedded, and have every character that a name can be written with."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[1] / "resources" / "fonts"
NAMES = (
    "NotoSansSC-Regular.ttf",
    "NotoSansSC-Bold.ttf",
    "NotoSerifSC-Regular.ttf",
    "NotoSerifSC-Black.ttf",
    "DeskKai-Regular.ttf",
    "HanaMinB.ttf",
)
COMMON = (Path(__file__).parent / "data" / "tongyong-8105.txt").read_text(encoding="utf-8").split()

#: GB 18030-2022 level 3 (级别3): 87,887 ideographs as blocks and the twelve compatibility ones, then 228 radicals.
LEVEL_3 = (
    *range(0x4E00, 0x9FF0),
    *range(0x3400, 0x4DB6),
    *range(0x20000, 0x2A6D7),
    *range(0x2A700, 0x2B735),
    *range(0x2B740, 0x2B81E),
    *range(0x2B820, 0x2CEA2),
    *range(0x2CEB0, 0x2EBE1),
    *(0xFA0E, 0xFA0F, 0xFA11, 0xFA13, 0xFA14, 0xFA1F, 0xFA21, 0xFA23, 0xFA24, 0xFA27, 0xFA28, 0xFA29),
)
RADICALS = (
    *range(0x2F00, 0x2FD6),
    *(0x2E81, 0x2E84, 0x2E88, 0x2E8B, 0x2E8C, 0x2E97, 0x2EA7, 0x2EAA, 0x2EAE, 0x2EB3, 0x2EB6, 0x2EB7, 0x2EBB, 0x2ECA),
)


def characters(name: str) -> set[int]:
    """The code points that a font has a glyph for."""
    with TTFont(FONTS / name, lazy=True) as font:
        return set(font.getBestCmap())


def test_the_folder_holds_these_and_weighs_at_most_70_mb() -> None:
    assert {path.name for path in FONTS.glob("*.[to]t[fc]")} == set(NAMES)
    assert sum((FONTS / name).stat().st_size for name in NAMES) <= 70_000_000


@pytest.mark.parametrize("name", NAMES)
def test_each_is_the_file_that_the_readme_names(name: str) -> None:
    digest = hashlib.sha256((FONTS / name).read_bytes()).hexdigest()
    assert f"{digest}  {name}" in (FONTS / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_each_has_outlines_that_a_letter_may_embed(name: str) -> None:
    with TTFont(FONTS / name, lazy=True) as font:
        assert "glyf" in font and "fvar" not in font
        assert font["OS/2"].fsType == 0


@pytest.mark.parametrize("name", NAMES[:-1])
def test_each_text_font_has_the_common_table_whole(name: str) -> None:
    assert len(COMMON) == 8105
    have = characters(name)
    assert [char for char in COMMON if ord(char) not in have] == []


def test_the_body_font_and_the_last_resort_have_level_3_whole() -> None:
    assert (len(LEVEL_3), len(RADICALS)) == (87_887, 228)
    body = characters("NotoSerifSC-Regular.ttf")
    both = body | characters("HanaMinB.ttf")
    assert [hex(point) for point in (*LEVEL_3, 0x3007) if point not in both] == []
    assert [hex(point) for point in RADICALS if point not in body] == []
