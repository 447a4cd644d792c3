"""Make the three subset fonts of ``resources/fonts`` from the full ones.

Run by hand when a font is renewed, never when the program is built or run; the results are committed.
The full fonts come from the npm packages named in ``resources/fonts/README.md``::

    python tools/subset_fonts.py NotoSansSC_700Bold.ttf resources/fonts/NotoSansSC-Bold.ttf
    python tools/subset_fonts.py NotoSerifSC_900Black.ttf resources/fonts/NotoSerifSC-Black.ttf
    python tools/subset_fonts.py LXGWWenKai-Regular.ttf resources/fonts/DeskKai-Regular.ttf "Desk Kai" 窗口楷体

The set kept is the 8,105 characters of 《通用规范汉字表》 with Latin, punctuation and symbols: what headings
are made of. A heading with a rarer character falls back to the full Regular cut, which has it.

A font whose name its licence reserves is given another; such a one keeps, besides, what no full font of ours has.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from fontTools.subset import Options, Subsetter, load_font, save_font

COMMON = Path(__file__).parent.parent / "tests" / "data" / "tongyong-8105.txt"

#: The fonts that stand behind every other.
FULL = ("NotoSerifSC-Regular.ttf", "HanaMinB.ttf")
HANGUL = range(0xAC00, 0xD7A4)
#: Beside the common characters: first and last code point of each block kept.
BLOCKS = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x017F),  # Latin-1 and Latin Extended-A (pinyin vowels with tones are in both)
    (0x01CD, 0x01DC),  # pinyin's third tone
    (0x0391, 0x03C9),  # Greek
    (0x2000, 0x206F),  # general punctuation: — “ ” … ‰ ※
    (0x20A0, 0x20BF),  # currency signs
    (0x2100, 0x214F),  # letterlike: № ℃
    (0x2150, 0x218F),  # number forms: Ⅰ Ⅱ Ⅲ
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # mathematical operators: ≤ ≥ × ÷
    (0x2460, 0x24FF),  # ① ②
    (0x2500, 0x25FF),  # rules, □ ■ ○ ●
    (0x2600, 0x27BF),  # ☆ ★ ☑ ✓ ✗
    (0x3000, 0x303F),  # CJK punctuation: 〇 《 》 〔 〕
    (0x3200, 0x33FF),  # ㈠, ㎡ ㎏
    (0xFE30, 0xFE4F),  # vertical forms
    (0xFF00, 0xFFEF),  # full-width forms: ， ： ￥
)


def wanted(common: str) -> set[int]:
    """Code points to keep: the characters of ``common`` and the blocks above."""
    points = {ord(char) for char in common if not char.isspace()}
    for first, last in BLOCKS:
        points.update(range(first, last + 1))
    return points


def only_there(source: Path, beside: Path) -> set[int]:
    """Code points that ``source`` has and neither full serif font has; of Hangul, which stands on no paper, none."""
    had: set[int] = set()
    for name in FULL:
        had |= set(load_font(str(beside / name), Options()).getBestCmap())
    return {one for one in load_font(str(source), Options()).getBestCmap() if one not in had and one not in HANGUL}


def rename(font: Any, family: str, chinese: str) -> None:
    """Another family name in every record of the name table that says one; whose work it is stays said."""
    file_name = f"{family.replace(' ', '')}-Regular"
    for record in font["name"].names:
        new = {1: family, 3: f"{family}:{font['name'].getDebugName(5)}", 4: family, 6: file_name}.get(record.nameID)
        if new is not None:
            record.string = chinese if not record.toUnicode().isascii() else new


def subset(source: Path, target: Path, family: str = "", chinese: str = "") -> None:
    """Write at ``target`` the TrueType font ``source`` reduced to :func:`wanted`, licence kept, name kept or a new one."""
    options = Options()
    options.name_IDs = ["*"]
    options.name_languages = ["*"]
    options.notdef_outline = True
    options.glyph_names = False
    options.hinting = False
    options.recalc_timestamp = False  # the same input gives the same bytes
    font = load_font(str(source), options)
    reducer = Subsetter(options)
    kept = wanted(COMMON.read_text(encoding="utf-8"))
    reducer.populate(unicodes=kept | only_there(source, target.parent) if family else kept)
    reducer.subset(font)
    if family:
        rename(font, family, chinese)
    beside = target.with_name(target.name + ".part")
    save_font(font, str(beside), options)
    beside.replace(target)


if __name__ == "__main__":
    if len(sys.argv) not in (3, 5):
        sys.exit("usage: subset_fonts.py FULL.ttf SUBSET.ttf [FAMILY 字体名]")
    subset(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
