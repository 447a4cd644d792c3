"""A TrueType font in the PDF library, with the two things corrected that the library writes wrongly.

reportlab writes a character above U+FFFF into the font's ToUnicode map as one number of five digits; readers take the
first four (𬭎 U+2CB4E becomes U+2CB4). The map wants UTF-16, at most 100 entries a block, and nothing for glyph 0.
It also copies the advance that a font's last glyphs share into their subset in thousandths, whatever the font's own unit.
"""

from __future__ import annotations

from functools import cache
from mmap import ACCESS_READ, mmap
from pathlib import Path
from struct import unpack
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont

_BLOCK = 100

# page contents as they are, not written out again as text in ASCII 85
rl_config.useA85 = 0


def to_unicode_map(name: str, subset: list[int]) -> str:
    """The ToUnicode CMap of one subset: position in ``subset`` to code point, as UTF-16 big-endian."""
    pairs = [(code, point) for code, point in enumerate(subset) if point]
    blocks = []
    for start in range(0, len(pairs), _BLOCK):
        block = pairs[start : start + _BLOCK]
        lines = [f"<{code:02X}> <{chr(point).encode('utf-16-be').hex().upper()}>" for code, point in block]
        blocks += [f"{len(block)} beginbfchar", *lines, "endbfchar"]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            f"/CMapName /{name} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<00> <FF>",
            "endcodespacerange",
            *blocks,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    )


class PaperFont(TTFont):
    """A TTFont whose text can be copied and searched, rare characters included."""

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - the library's own name
        """Let the library write its objects, then put the right map in each subset's place."""
        subsets = [list(subset) for subset in self.state[doc].subsets]
        super().addObjects(doc)
        for number, subset in enumerate(subsets):
            name = (SUBSETN(number) + b"+" + self.face.name + self.face.subfontNameX).decode("pdfdoc")
            doc.idToObject[f"toUnicodeCMap:{name}"].content = to_unicode_map(name, subset)


class _Mapped:
    """A font file as the library may read it: mapped, not copied, since of its megabytes a letter needs kilobytes."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        with path.open("rb") as file:
            self._map = mmap(file.fileno(), 0, access=ACCESS_READ)

    def read(self) -> mmap:
        return self._map


class _Glyphs:
    """The font's outlines, read where they lie: the library would copy all of them for every subset."""

    def __init__(self, data: mmap, offset: int) -> None:
        self._data = data
        self._offset = offset

    def __getitem__(self, part: slice) -> bytes:
        return self._data[self._offset + part.start : self._offset + part.stop]


@cache
def open_font(path: Path) -> PaperFont:
    """The font of the file ``path``, registered once under a name that no other file has."""
    font = PaperFont(f"paper:{path}", _Mapped(path), asciiReadable=0, shapable=False)
    face: Any = font.face
    glyphs, copied = _Glyphs(face._ttf_data, face.get_table_pos("glyf")[0]), face.get_table
    face.get_table = lambda tag: glyphs if tag == "glyf" else copied(tag)
    _mend_advances(face)
    face.glyphToChar.clear()  # only shaping asks for it, and this program doesn't shape
    pdfmetrics.registerFont(font)
    return font


def _mend_advances(face: Any) -> None:
    """Give the glyphs behind the last full entry of ``hmtx`` that entry's advance, in the font's own unit."""
    (full,) = unpack(">H", face.get_table("hhea")[34:36])
    advance = face.hmetrics[full - 1][0]
    if face.hmetrics[-1][0] != advance:
        face.hmetrics[full:] = [(advance, bearing) for _, bearing in face.hmetrics[full:]]
