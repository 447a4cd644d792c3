"""Fonts on paper (字体): which face draws which text, and that what is copied out of the PDF is what was written.

A field (a name, a sentence) is drawn in one face. The office's own 仿宋 and 小标宋 come first where the machine has
them, then the bundled faces; a character that no face has is drawn as its code point in brackets, and
:func:`missing_glyphs` names it beforehand.
"""

from __future__ import annotations

import os
import re
import sys
from functools import cache, cached_property
from pathlib import Path
from struct import unpack_from
from typing import TYPE_CHECKING, Any, Literal

from pinggu_desk.policy.resources import resource_root

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pinggu_desk.documents.pdf.paperfont import PaperFont

#: body 正文仿宋, title 标题小标宋, hei 黑体, kai 楷体
Role = Literal["body", "title", "hei", "kai"]

#: the bundled faces of each role, first choice first; the last two stand behind every role
_BUNDLED: dict[Role, tuple[str, ...]] = {
    "body": (),
    "title": ("NotoSerifSC-Black",),
    "hei": ("NotoSansSC-Bold", "NotoSansSC-Regular"),
    "kai": ("DeskKai-Regular",),
}
_BEHIND = ("NotoSerifSC-Regular", "HanaMinB")
#: file names (without suffix, lower case) under which offices have these faces installed
_OFFICE_STEMS: dict[Role, tuple[str, ...]] = {
    "title": ("方正小标宋_gbk", "fzxbsk", "方正小标宋简体", "fzxbsjw"),
    "body": ("仿宋_gb2312", "simfang", "fangsong", "仿宋", "fzfsk", "fzfsjw"),
    "hei": ("simhei", "黑体"),
    "kai": ("楷体_gb2312", "simkai", "kaiti", "楷体"),
}

#: characters that steer text without being text: controls, bidi marks, zero-width signs, variation selectors, tags
_STEERING = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u061c\u115f\u1160\u1680\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
_BLANKS = frozenset("\t\n\v\f\r\x85\xa0\u1680\u2028\u2029\u202f\u205f") | frozenset(map(chr, range(0x2000, 0x200B)))


def clean(text: str) -> str:
    """``text`` as it may stand on paper: line ends and tabs as spaces, steering characters taken out.

    Those would turn the reading direction or hide; letters, Han characters and punctuation are never changed.
    """
    if _STEERING.search(text) is None:
        return text
    return _STEERING.sub(lambda m: " " if m[0] in _BLANKS else "", text)


class Face:
    """One TrueType file; opened when first asked, kept for the life of the program."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def font(self) -> PaperFont:
        """The open font, registered with the PDF library."""
        from pinggu_desk.documents.pdf.paperfont import open_font

        return open_font(self.path)

    @cached_property
    def glyphs(self) -> dict[int, int]:
        """Code point to glyph number."""
        glyphs: dict[int, int] = self.font.face.charToGlyph
        return glyphs

    @cached_property
    def widths(self) -> dict[int, float]:
        """Code point to advance width in thousandths of the type size."""
        widths: dict[int, float] = self.font.face.charWidths
        return widths

    def has(self, char: str) -> bool:
        """Whether this face draws ``char``; glyph 0 is the font's own empty box."""
        return self.glyphs.get(ord(char), 0) != 0

    def __repr__(self) -> str:
        return f"Face({self.path.name})"


@cache
def _face(path: Path) -> Face:
    """One Face a file, however many books name it."""
    return Face(path)


class FontBook:
    """The faces of each role on this machine."""

    def __init__(self, office: Mapping[Role, Path] | None = None) -> None:
        folder = resource_root() / "fonts"
        self._chains: dict[Role, tuple[Face, ...]] = {}
        for role, names in _BUNDLED.items():
            paths = [folder / f"{name}.ttf" for name in (*names, *_BEHIND)]
            if office and role in office:
                paths.insert(0, office[role])
            self._chains[role] = tuple(map(_face, paths))
        self._split: dict[tuple[Role, str], tuple[tuple[Face, str], ...]] = {}

    def chain(self, role: Role) -> tuple[Face, ...]:
        """The faces of ``role``, first choice first."""
        return self._chains[role]

    def split(self, text: str, role: Role) -> tuple[tuple[Face, str], ...]:
        """``text``, cleaned, as runs of one face each.

        The first face of the chain that has every character takes the whole text (按字段整段回退). If none has, the
        face that has the most takes it and only what it lacks comes from the others, or as ``[U+30EDE]``.
        """
        key = (role, text)
        runs = self._split.get(key)
        if runs is None:
            if len(self._split) > 20_000:
                self._split.clear()
            runs = self._split[key] = self._runs(clean(text), self._chains[role])
        return runs

    @staticmethod
    def _runs(text: str, chain: tuple[Face, ...]) -> tuple[tuple[Face, str], ...]:
        codes = set(map(ord, text))
        most, most_had = chain[0], -1
        for face in chain:
            had = sum(1 for code in codes if face.glyphs.get(code))
            if had == len(codes):
                return ((face, text),)
            if had > most_had:
                most, most_had = face, had
        runs: list[tuple[Face, str]] = []
        for char in text:
            having = next((f for f in (most, *chain) if f.has(char)), None)
            drawn = char if having else f"[{_code_point(char)}]"
            face = having or most
            if runs and runs[-1][0] is face:
                runs[-1] = (face, runs[-1][1] + drawn)
            else:
                runs.append((face, drawn))
        return tuple(runs)

    def missing(self, texts: Iterable[str]) -> list[str]:
        """The characters of ``texts`` that no face for running text has, each once, as ``𰻞 U+30EDE``."""
        seen = dict.fromkeys("".join(map(clean, texts)))
        lacking = [c for c in seen if not any(face.has(c) for face in self._chains["body"])]
        return [_code_point(c) if "\ud800" <= c <= "\udfff" else f"{c} {_code_point(c)}" for c in lacking]

    def warm_up(self) -> None:
        """Open the first face of each role; those behind are large, and open when a rare character needs them."""
        for chain in self._chains.values():
            _ = chain[0].widths


def _code_point(char: str) -> str:
    return f"U+{ord(char):04X}"


@cache
def bundled() -> FontBook:
    """The faces that come with the program, whatever this machine has besides; tests pin these."""
    return FontBook()


@cache
def installed() -> FontBook:
    """The office's own faces where this machine has them, the bundled ones behind them."""
    return FontBook(find_office_fonts(font_folders()))


def font_folders() -> list[Path]:
    """Where this system keeps its fonts."""
    home = Path.home()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        windows = Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"
        return [windows, *([Path(local) / "Microsoft/Windows/Fonts"] if local else [])]
    return [home / ".local/share/fonts", home / ".fonts", Path("/usr/local/share/fonts"), Path("/usr/share/fonts")]


def find_office_fonts(folders: Iterable[Path]) -> dict[Role, Path]:
    """The office's own faces in ``folders``: TrueType outlines that may be embedded; others are passed over."""
    files: dict[str, Path] = {}
    for folder in folders:
        for where, _, names in os.walk(folder):
            for name in names:
                stem, dot, suffix = name.lower().rpartition(".")
                if dot and suffix == "ttf":
                    files.setdefault(stem, Path(where, name))
    found: dict[Role, Path] = {}
    for role, stems in _OFFICE_STEMS.items():
        path = next((files[s] for s in stems if s in files and _may_embed(files[s])), None)
        if path is not None:
            found[role] = path
    return found


def _may_embed(path: Path) -> bool:
    """Whether the file has TrueType outlines and its licence bits (OS/2 fsType) allow embedding a subset."""
    from reportlab.pdfbase.ttfonts import TTFontFile

    try:
        font: Any = TTFontFile(str(path))
        (fs_type,) = unpack_from(">H", font.get_table("OS/2"), 8)
    except Exception:  # noqa: BLE001 - whatever is wrong with somebody's font file, the bundled one serves
        return False
    restricted, no_subsetting = 0x0002, 0x0100
    return not fs_type & (restricted | no_subsetting) and bool(font.charToGlyph)


def missing_glyphs(texts: Iterable[str]) -> list[str]:
    """The characters of ``texts`` that no font has, each once, as ``𰻞 U+30EDE``; asked before printing."""
    return installed().missing(texts)


def warm_up() -> None:
    """Load the PDF library and the faces that every paper uses, ahead of the first letter and out of sight."""
    import reportlab.pdfgen.canvas  # noqa: F401

    installed().warm_up()
