"""The texts that the cells of a workbook share: how they are written, and whether both readers take them alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from xml.parsers import expat
from xml.sax.saxutils import unescape

if TYPE_CHECKING:
    from pinggu_desk.documents.books.package import Package

#: a piece of a part that is looked at in one go; a row is never as long
_PIECE = 1 << 21
#: a text, plain or in runs, with how it is spoken
_TEXT = rb'(?:<t(?: xml:space="preserve")?>[^<]{0,32767}</t>|<t ?/>)'
_SHARED = re.compile(
    rb"<si>(?:" + _TEXT + rb"|(?:<r>(?:<rPr>(?:<[a-zA-Z]+(?: [^<>]*)?/>)*</rPr>)?" + _TEXT + rb"</r>)+)"
    rb"(?:<rPh [^<>]*>" + _TEXT + rb"</rPh>)*(?:<phoneticPr [^<>]*/>)?</si>\s*"
)
_USUAL = re.compile(rb"\s*(?:<\?xml[^<>]*\?>)?\s*<sst(?: [^<>]*)?>\s*</sst>\s*")
#: characters that the readers take differently: a return by number, the half of a character, one that is none
_ODD = re.compile(rb"&#|\r|_x(?:[dD][89a-fA-F]|0000)")
_RUN = re.compile(rb"<t(?: [^<>]*)?>([^<]*)</t>")
_SPOKEN = re.compile(rb"<rPh .*?</rPh>", re.DOTALL)
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """A text with the characters that XML has no place for, which stand in it as ``_x000D_``; half a character stays as it is."""
    return _ESCAPE.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code < 0xE000 else chr(code)


def plain_texts(package: Package, part: str) -> int:
    """How many texts cells share; nought where one of them is not written in the usual shape. Raises ExpatError."""
    found, rest, parser = 0, b"", expat.ParserCreate()
    for chunk in in_large_pieces(package.chunks(part)):
        parser.Parse(chunk, False)
        held = rest + chunk
        if _ODD.search(held):
            return 0
        rest, more = _SHARED.subn(b"", held)
        found += more
        if len(rest) > _PIECE:
            return 0
    parser.Parse(b"", True)
    return found if _USUAL.fullmatch(rest) and is_utf8(rest) else 0


def texts_of(package: Package, part: str) -> list[str]:
    """The texts of a part that ``plain_texts`` has counted, in order, without how they are spoken."""
    found: list[str] = []
    rest = b""
    for chunk in in_large_pieces(package.chunks(part)):
        *items, rest = (rest + chunk).split(b"</si>")
        found += map(_words, items)
    return found


def _words(item: bytes) -> str:
    text = b"".join(_RUN.findall(_SPOKEN.sub(b"", item) if b"<rPh" in item else item)).decode()
    return unescaped(unescape(text, {"&quot;": '"', "&apos;": "'"}) if "&" in text else text)


def is_utf8(head: bytes) -> bool:
    """Whether a part that begins so says of itself nothing else."""
    declared = re.match(rb'\s*<\?xml[^>]*encoding=["\']([^"\']+)', head)
    return declared is None or declared[1].lower() in (b"utf-8", b"utf8")


def in_large_pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in larger pieces."""
    held: list[bytes] = []
    size = 0
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size >= _PIECE:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


__all__ = ["in_large_pieces", "is_utf8", "plain_texts", "texts_of", "unescaped"]
