"""Text as it goes into a cell: nothing that a workbook can't hold or would act on, and how much room it takes."""

from __future__ import annotations

import re
from functools import lru_cache

#: the most characters that a cell of a workbook holds
CELL_MOST = 32_767
CUT = "……（过长，已截断）"
#: a line's height as a multiple of the type's: 宋体 takes less, freely licensed stand-ins take this
LINE = 1.45

# What XML cannot carry, and what changes the direction or the very look of text without being seen.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_BREAKS = re.compile("[\t\n\r\x85\u2028\u2029]+")
# Office programs read _x0041_ in a cell as the character A; _x005F_ stands for the underscore itself.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_EDITORS = re.compile(r"原文[^，。；]*，(?:也没有[^，。；]*，)?(?=以)")
_WORDS = re.compile(r"[!-~]+|[^!-~]")
_CLOSING = "，。、；：！？）》」』】〉”’％%,.;:!?)"
_NARROW = {**dict.fromkeys("MW@%m&w", 0.9), **dict.fromkeys(" !',.:;|iIjl()[]{}-", 0.45)}


def clean(text: str) -> str:
    """One line of text without control, direction and other unseen characters, trimmed to what a cell holds."""
    text = _BREAKS.sub(" ", _UNSEEN.sub("", text) if _UNSEEN.search(text) else text).strip()
    return text if len(text) <= CELL_MOST else text[: CELL_MOST - len(CUT)] + CUT


def for_applicant(note: str) -> str:
    """A note on materials without what it tells the pack's keeper: 原文没有列材料清单，以…为准 is 以…为准 on the form."""
    return _EDITORS.sub("", note)


def literal(text: str) -> str:
    """Cleaned text as it must stand in the file so that office programs show it letter by letter."""
    return _ESCAPE.sub("_x005F_", text) if "_x" in text else text


def written(value: object) -> str:
    """The words that stand in a cell, also where some of them are in type of their own; empty for figures and for nothing."""
    return value if isinstance(value, str) else str(value) if type(value).__name__ == "CellRichText" else ""


@lru_cache(maxsize=4096)
def _width(char: str) -> float:
    """How wide a character is at most, in ems: 宋体 and 仿宋 are half an em for Latin, stand-ins a little more."""
    code = ord(char)
    if code < 0x2000:
        return _NARROW.get(char) or (0.75 if char.isupper() else 0.58 if code < 0x250 else 0.8)
    return 1.0


def width(text: str, size: float) -> float:
    """The width of one line of text in points."""
    return size * sum(map(_width, text))


def count_lines(text: str, size: float, room: float) -> int:
    """How many lines of ``room`` points the text takes when wrapped; a closing mark takes its neighbour along."""
    room -= size / 2  # office programs differ in where they break; better a line too many than one cut off
    return sum(
        1 if width(paragraph, size) <= room else _wrapped(paragraph, size, room) for paragraph in text.split("\n")
    )


def _wrapped(paragraph: str, size: float, room: float) -> int:
    lines, used, last = 1, 0.0, 0.0
    for word in _WORDS.findall(paragraph):
        wide = width(word, size)
        if used + wide <= room:
            used, last = used + wide, wide
        elif wide > room:  # a code longer than the line is broken anywhere
            whole = used + wide
            lines += int(whole // room)
            used = last = whole % room
        else:
            lines += 1
            used = wide + (last if word in _CLOSING else 0.0)
            last = wide
    return lines


def height(text: str, size: float, room: float) -> float:
    """The height in points that a cell ``room`` points wide needs for the text, with air above and below."""
    return count_lines(text, size, room) * size * LINE + 5
