"""Boxes to tick on an office's form: □是　□否 in one cell, or a cell for each answer (``上市挂牌板块_北交所``)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pinggu_desk.documents.sheet.cells import put_text
from pinggu_desk.documents.sheet.text import written

if TYPE_CHECKING:
    from datetime import date

    from openpyxl.cell.cell import Cell

    from pinggu_desk.documents.sheet.values import Value

#: an empty box and how it looks when it is ticked, in signs that every Chinese font has where the form's are
_TICKED = {"□": "■", "☐": "☑", "▢": "■", "◻": "■", "○": "●", "◯": "●"}
_BOXES = re.compile("([" + "".join(_TICKED) + "])([^" + "".join(_TICKED) + "]*)")
_REST = re.compile(r"[\s　、，,；;。.:：/_＿]+|[（(][^（）()]*[）)]")
#: how a form words Yes and No
_SAME = {"是": ("是", "有"), "否": ("否", "无", "没有")}


def options_in(text: str) -> tuple[str, ...]:
    """The answers that stand behind boxes in a cell; empty for a cell without boxes."""
    return tuple(_REST.sub("", words) for _, words in _BOXES.findall(text))


def is_worded(words: str, value: str) -> bool:
    """Whether the words behind a box are how forms word an answer."""
    return words in {_REST.sub("", one) for one in _SAME.get(value, (value,))}


def ticked_words(text: str, value: str) -> str:
    """The cell's own words with the box of ``value`` ticked; empty where it has no such box."""
    if sum(is_worded(words, value) for words in options_in(text)) != 1:
        return ""

    def _one(match: re.Match[str]) -> str:
        sign = _TICKED[match[1]] if is_worded(_REST.sub("", match[2]), value) else match[1]
        return f"{sign}{match[2]}"

    return _BOXES.sub(_one, text)


def box_of(name: str, values: Mapping[str, Value]) -> bool | None:
    """Whether the box that a name such as ``上市挂牌板块_北交所`` stands for is ticked; None where it isn't known."""
    fact, _, option = re.sub(r"_[0-9]{1,2}$", "", name).rpartition("_")
    value = values.get(fact, "")
    return value == option if fact and isinstance(value, str) and value else None


def tick(cell: Cell, *, ticked: bool) -> None:
    """Tick the cell's box, or leave it; a cell without one gets √."""
    text = written(cell.value)
    if ticked:
        put_text(cell, "".join(_TICKED.get(char, char) for char in text) if _BOXES.search(text) else f"√{text}")


def part_of_day(cell: Cell, day: date, part: str) -> str:
    """One part of a day (年, 月, 日) for a cell of its own."""
    cell.number_format = "@"
    return str({"年": day.year, "月": day.month, "日": day.day}[part])
