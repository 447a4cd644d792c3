"""What a form says of units beside its labels: notes (单位：万元) on the sheet, in its page's head, in a text box, elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pinggu_desk.documents.sheet.text import written
from pinggu_desk.documents.sheet.unitwords import Unit, folded, listed, only_units, spoken, unit_of

if TYPE_CHECKING:
    from pinggu_desk.documents.sheet.layout import Layout
    from pinggu_desk.documents.sheet.names import Place

#: a note that says the unit of what stands under it; 申报单位： is none
_NOTE = re.compile(
    r"(?:(?:^|[(\s【\[;,。.、:])(?:本表|以上|下列|各项)?|[各本该所有数的])?(?:计量|计价|金额|货币|资金|数额|数据)单位"
    r"(?:\s*:|[均统一都]{0,2}[为是]\s*:?)\s*([^)】\]。;]+)"
    r"|(?:^|[(\s【\[;,。.、])单\s*位\s*(?::|[均统一都]{0,2}[为是]\s*:?)\s*([^)】\]。;]+)"
)
#: longer than any label: a paragraph
_LONG = 400


@dataclass(frozen=True, slots=True)
class Note:
    """One note: the row that it stands in (0: over the whole sheet), its units, and how it is quoted."""

    row: int
    units: tuple[Unit, ...]
    told: str


def units_noted(text: str) -> tuple[Unit, ...]:
    """The units that a note names: 单位：万元, 金额单位均为万元, 以上金额以万元为单位; empty for other texts."""
    plain = folded(text)
    if len(plain) > _LONG * 5:
        return ()
    if (note := _NOTE.search(plain)) and (found := listed(note[1] or note[2])):
        return found
    return tuple(dict.fromkeys(spoken(plain)))


@dataclass(slots=True)
class Notes:
    """The notes of every sheet of a form."""

    layouts: dict[str, Layout]
    bound: set[tuple[str, int, int]]
    drawn: dict[str, list[str]]
    _found: dict[str, list[Note]] = field(default_factory=dict)

    def for_row(self, title: str, row: int) -> Iterable[tuple[tuple[Unit, ...], str]]:
        """(units, how told) of a sheet's notes for a cell: the nearest above first, then the page's head, then those below."""
        notes = self._of(title)
        above = sorted((note for note in notes if note.row <= row), key=lambda note: -note.row)
        yield from ((note.units, note.told) for note in above)
        yield from ((note.units, note.told) for note in notes if note.row > row)

    def elsewhere(self, title: str) -> Iterable[tuple[tuple[Unit, ...], str]]:
        """The notes of sheets that only explain: nothing of theirs is filled, so what they say of units is said of this one."""
        filled = {sheet for sheet, _, _ in self.bound}
        for other in self.layouts:
            if other != title and other not in filled:
                yield from ((note.units, f"工作表“{other}”{note.told}") for note in self._of(other))

    def _of(self, title: str) -> list[Note]:
        if title not in self._found:
            self._found[title] = list(self._read(title))
        return self._found[title]

    def _read(self, title: str) -> Iterable[Note]:
        sheet: Any = self.layouts[title].sheet
        for row in sheet.iter_rows():
            texts = [(cell, written(cell.value)) for cell in row if (title, cell.row, cell.column) not in self.bound]
            said = [(cell, text) for cell, text in texts if text.strip()]
            alone = len(said) == 1 and len(texts) == len(row)
            for cell, text in said:
                units = units_noted(text) if "单" in text or "以" in text or "按" in text else ()
                if units or (alone and (units := only_units(text))):
                    yield Note(cell.row, units, f"表上注明“{short(text)}”")
        for part in (sheet.oddHeader, sheet.oddFooter, sheet.firstHeader, sheet.evenHeader):
            for side in (part.left, part.center, part.right):
                if side.text and (units := units_noted(side.text) or only_units(side.text)):
                    yield Note(0, units, f"页眉页脚注明“{short(side.text)}”")
        for text in self.drawn.get(title, ()):
            if units := units_noted(text) or only_units(text):
                yield Note(0, units, f"文本框注明“{short(text)}”")


@dataclass(slots=True)
class Hints:
    """What a form says of single cells out of sight: comments, and the prompts of its checks on what is typed."""

    layouts: dict[str, Layout]
    _found: dict[tuple[str, int, int], list[tuple[str, str]]] = field(default_factory=dict)
    _lists: dict[tuple[str, int, int], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for title, layout in self.layouts.items():
            inner: Any = layout.sheet
            for cell in inner._cells.values():
                if (comment := getattr(cell, "comment", None)) is not None and comment.text:
                    self._found.setdefault((title, cell.row, cell.column), []).append((comment.text, "批注写着"))
            for rule in inner.data_validations.dataValidation:
                words = "；".join(filter(None, (rule.promptTitle, rule.prompt, rule.error)))
                for area in rule.sqref.ranges:
                    at = (title, area.min_row, area.min_col)
                    if words:
                        self._found.setdefault(at, []).append((words, "填写提示写着"))
                    if rule.type == "list":
                        self._lists[at] = str(rule.formula1 or "").strip('"')

    def of(self, place: Place) -> Iterable[tuple[str, str]]:
        """(text, what it is) of what is said of a cell."""
        return self._found.get((place.sheet.title, place.row, place.column), ())

    def choice(self, title: str, row: int, column: int) -> tuple[Unit, ...]:
        """The units among which a cell lets people choose (a list of 元, 万元); empty for any other cell."""
        words = self._lists.get((title, row, column), "").split(",")
        units = [unit for word in words if (unit := unit_of(word))]
        return tuple(units) if len(units) == len(words) else ()


def short(text: str) -> str:
    """A text of the form as a sentence quotes it."""
    plain = "".join(text.split())
    return plain if len(plain) <= 24 else plain[:23] + "…"
