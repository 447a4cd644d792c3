"""Make the two subset fonts of ``resources/fonts`` from the full ones.

Run by hand when a font is renewed, never when the program is built or run; the results are committed.
The full fonts come from the npm packages named in ``resources/fonts/README.md``::

    python tools/subset_fonts.py NotoSansSC_700Bold.ttf resources/fonts/NotoSansSC-Bold.ttf
    python tools/subset_fonts.py NotoSerifSC_900Black.ttf resources/fonts/NotoSerifSC-Black.ttf

The set kept is the 8,105 characters of 《通用规范汉字表》 with Latin, punctuation and symbols: what headings
are made of. A heading with a rarer character falls back to the full Regular cut, which has it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font

COMMON = Path(__file__).parent.parent / "tests" / "data" / "tongyong-8105.txt"

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


def subset(source: Path, target: Path) -> None:
    """Write at ``target`` the TrueType font ``source`` reduced to :func:`wanted`, names and licence kept."""
    options = Options()
    options.name_IDs = ["*"]
    options.name_languages = ["*"]
    options.notdef_outline = True
    options.glyph_names = False
    options.hinting = False
    options.recalc_timestamp = False  # the same input gives the same bytes
    font = load_font(str(source), options)
    reducer = Subsetter(options)
    reducer.populate(unicodes=wanted(COMMON.read_text(encoding="utf-8")))
    reducer.subset(font)
    beside = target.with_name(target.name + ".part")
    save_font(font, str(beside), options)
    beside.replace(target)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: subset_fonts.py FULL.ttf SUBSET.ttf")
    subset(Path(sys.argv[1]), Path(sys.argv[2]))
