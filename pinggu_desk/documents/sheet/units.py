"""In which unit a cell of a form wants its figure: ten thousand times too much is one bracket away.

An office's form says it in the name (``申请金额_万元``), in the cell itself (　　万元), in its number format, in the label beside
the cell or the head above it (申请金额（万元）), in a cell behind it, over its section, or in a note (单位：万元). The nearest
says it; two that say different things, and a unit that a value can't be put into, are refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from pinggu_desk.documents.sheet.notes import Hints, Notes, short, units_noted
from pinggu_desk.documents.sheet.numfmt import shape_of
from pinggu_desk.documents.sheet.surroundings import Surroundings
from pinggu_desk.documents.sheet.text import written
from pinggu_desk.documents.sheet.unitwords import (
    KNOWN,
    PARTS_OF_DAY,
    Unit,
    counted_in,
    folded,
    only_units,
    unit_of,
    units_in,
)
from pinggu_desk.policy.quantity import Dim

if TYPE_CHECKING:
    from pinggu_desk.documents.sheet.layout import Layout
    from pinggu_desk.documents.sheet.names import Place

#: (units, where they are said)
Said = tuple[tuple[Unit, ...], str]
_BLANK = " _＿　.…\u00a0"


@dataclass(frozen=True, slots=True)
class CellUnit:
    """The unit in which a name's cell is filled, and what says so (标签“申请金额（万元）”); ``told`` is empty where nothing does.

    ``wrong`` is the one sentence that refuses it. ``shape`` is the number format that the cell needs, so that words which stood
    in it (　　万元) are still read after it is filled.
    """

    name: str
    place: str
    unit: Unit
    told: str = ""
    wrong: str = ""
    shape: str = ""

    @property
    def sentence(self) -> str:
        """How ``forms check`` says it."""
        return f"{self.name}  {self.place}  按“{self.unit.word}”填（{self.told or '表样没有写单位'}）"


@dataclass(slots=True)
class Units:
    """Which unit each name of one workbook's cells is filled in; ``drawn`` are the texts of text boxes by sheet."""

    layouts: dict[str, Layout]
    bound: set[tuple[str, int, int]]
    drawn: dict[str, list[str]] = field(default_factory=dict)
    notes: Notes = field(init=False)
    hints: Hints = field(init=False)

    def __post_init__(self) -> None:
        self.notes, self.hints = Notes(self.layouts, self.bound, self.drawn), Hints(self.layouts)

    def of(self, name: str, suffix: str, place: Place, dim: Dim, usual: str) -> CellUnit:
        """The unit for a value of dimension ``dim``; ``usual`` is the one taken where the form says none.

        ``suffix`` is the unit that the name itself carries.
        """
        layout, where = self.layouts[place.sheet.title], cell_words(place)
        around = Surroundings(layout, self.bound)
        wanted = Unit(usual, *KNOWN.get(usual, (dim, Fraction(1))))
        blank = CellUnit(name, where, wanted)
        if around.digit_by_digit(place):
            return replace(
                blank, wrong=f"名称“{name}”（{where}）上面的表头是一格一个数字的，填不了，请合成一格再指定。"
            )
        said = [
            (tuple(counted_in(u, wanted, name) for u in units), told)
            for units, told in self._said(around, place, suffix)
        ]
        shape = shape_of(layout.cell(place.row, place.column).number_format or "General")
        if shape.percent and dim is not Dim.RATE:
            return replace(blank, wrong=_refusal(name, where, "数字格式是百分比", [Unit("%", Dim.RATE)], wanted))
        found = self._agreed(blank, said) if said else self._further(blank, layout, around, place)
        found = _scaled(found, shape.scale, said=bool(found.told)) if shape.scale != 1 and not found.wrong else found
        return found if found.wrong else replace(found, shape=self._shape(found, around, place))

    def day(self, name: str, suffix: str, place: Place) -> CellUnit | None:
        """What is wrong with the cell of a day: a unit behind its name, or a cell for the year alone; None where nothing is."""
        where = cell_words(place)
        blank = CellUnit(name, where, Unit("日期", Dim.DATE))
        if suffix and suffix not in PARTS_OF_DAY:
            return replace(blank, wrong=f"名称“{name}”（{where}）要填日期，末尾不能写“{suffix}”，请删去。")
        behind = folded(Surroundings(self.layouts[place.sheet.title], self.bound).behind(place)).strip()
        if not suffix and behind in PARTS_OF_DAY:
            three = "、".join(f"“{name}_{part}”" for part in PARTS_OF_DAY)
            wrong = f"名称“{name}”（{where}）要填日期，后面写着“{behind}”，请把年、月、日三格分别命名为{three}。"
            return replace(blank, wrong=wrong)
        return None

    def uncounted(self, name: str, suffix: str, place: Place) -> CellUnit | None:
        """What is wrong with a unit behind the name of what isn't counted; None where the name has none."""
        if not suffix:
            return None
        where = cell_words(place)
        wrong = f"名称“{name}”（{where}）填的不是数，末尾不能写“{suffix}”，请删去。"
        return CellUnit(name, where, Unit("文字", None), wrong=wrong)

    def _said(self, around: Surroundings, place: Place, suffix: str) -> Iterable[Said]:
        """What speaks of this cell alone: (units, where it is said), nearest first."""
        if suffix:
            yield tuple(u for u in (unit_of(suffix),) if u), f"名称末尾写着“{suffix}”"
        cell = around.layout.cell(place.row, place.column)
        own = written(cell.value)
        if own and (units := units_in(own)):
            yield units, f"格子里写着“{short(own)}”"
        shape = shape_of(str(cell.number_format or "General"))
        if shape.percent:
            yield (Unit("%", *KNOWN["%"]),), "数字格式是百分比"
        for word in (*shape.words, shape.text):
            if found := only_units(word):
                yield found, f"数字格式写着“{short(word)}”"
                break
        for text, told in self.hints.of(place):
            if found := units_noted(text) or only_units(text):
                yield found, f"{told}“{short(text)}”"
        column = around.layout.box(cell).last_column + 1
        if not around.text(place.row, column) and (units := self.hints.choice(place.sheet.title, place.row, column)):
            yield units, "后面一格的清单，还没有选定"
        for text, told in around.labels(place):
            if found := units_in(text):
                yield found, f"{told}“{short(text)}”"

    def _agreed(self, blank: CellUnit, said: list[Said]) -> CellUnit:
        """The unit on which all that speaks of the cell agrees."""
        wanted = blank.unit
        for units, told in said:
            fitting = [unit for unit in units if unit.dim is wanted.dim]
            if not fitting or len({(unit.size, unit.capitals) for unit in fitting}) > 1:
                return replace(blank, told=told, wrong=_refusal(blank.name, blank.place, told, units, wanted))
        fits = [(next(unit for unit in units if unit.dim is wanted.dim), told) for units, told in said]
        first, told = fits[0]
        other = next(
            (words for unit, words in fits[1:] if (unit.size, unit.capitals) != (first.size, first.capitals)), ""
        )
        wrong = f"名称“{blank.name}”（{blank.place}）的单位说法不一：{told}，{other}，请改成一致。" if other else ""
        return replace(blank, unit=first, told=told, wrong=wrong)

    def _further(self, blank: CellUnit, layout: Layout, around: Surroundings, place: Place) -> CellUnit:
        """By the section's head or the nearest note, where there is one for such values; else the usual unit."""
        wanted = blank.unit
        if (head := around.section(place)) and (units := units_in(head)):
            units = tuple(counted_in(unit, wanted, blank.name) for unit in units)
            if any(unit.dim is wanted.dim for unit in units) or _money(wanted, units):
                return self._agreed(blank, [(units, f"上面的“{short(head)}”")])
        for listed, told in self.notes.for_row(layout.sheet.title, place.row):
            units = tuple(counted_in(unit, wanted, blank.name) for unit in listed)
            fitting = [unit for unit in units if unit.dim is wanted.dim]
            if fitting:
                return self._agreed(blank, [(tuple(fitting), told)])
            if _money(wanted, units):
                return replace(blank, told=told, wrong=_refusal(blank.name, blank.place, told, units, wanted))
        for listed, told in self.notes.elsewhere(layout.sheet.title):
            units = tuple(counted_in(unit, wanted, blank.name) for unit in listed)
            if any(unit.dim is wanted.dim and unit.size != wanted.size for unit in units):
                return replace(blank, wrong=(
                    f"名称“{blank.name}”（{blank.place}）旁边没有写单位，而{told}，看不准，请把单位写在名称末尾，"
                    f"如“{blank.name}_{units[0].word}”。"
                ))  # fmt: skip
        return blank

    def _shape(self, found: CellUnit, around: Surroundings, place: Place) -> str:
        """The number format under which the words that stood in the cell, or a sign behind it, stay true."""
        cell = around.layout.cell(place.row, place.column)
        own = written(cell.value)
        if own and units_in(own) and not found.unit.capitals:
            before, after = _around(own)
            return "".join((_quoted(before), "#,##0.00" if found.unit.dim is Dim.MONEY else "#,##0", _quoted(after)))
        plain = found.unit.dim is Dim.RATE and cell.number_format in ("General", "@")
        behind = around.behind(place)
        return "0.00" if plain and found.told and (found.unit.size != KNOWN["%"][1] or only_units(behind)) else ""


def _money(wanted: Unit, units: tuple[Unit, ...]) -> bool:
    """Whether a sum meets a unit of money that it can't be put into."""
    kinds = (None, Dim.MONEY, Dim.DOLLAR)
    return wanted.dim in (Dim.MONEY, Dim.DOLLAR) and any(unit.dim in kinds for unit in units)


def _scaled(found: CellUnit, scale: Fraction, *, said: bool) -> CellUnit:
    """A cell whose number format divides by itself: what it shows is in the unit said, what it holds in a smaller one."""
    size = found.unit.size / scale
    if said and not found.unit.capitals:
        for word in ("元", "美元", "%", "平方米", "人") if size != found.unit.size else ():
            if KNOWN[word] == (found.unit.dim, size):
                return replace(found, unit=Unit(word, *KNOWN[word]), told=f"{found.told}，数字格式自己换算")
        times = int(scale) if scale.denominator == 1 else scale
        wrong = (
            f"名称“{found.name}”（{found.place}）的数字格式把数缩小 {times:,} 倍，和{found.told}不一致，请改数字格式。"
        )
        return replace(found, wrong=wrong)
    return replace(found, told=found.told or "数字格式自己换算")


def _around(text: str) -> tuple[str, str]:
    """A cell's own words as what stands before and behind the figure: 人民币（小写）：　　万元."""
    plain = text.rstrip(_BLANK)
    at = max((plain.rfind(char) for char in _BLANK), default=-1)
    return (plain[: at + 1].rstrip(_BLANK), plain[at + 1 :]) if at >= 0 else ("", plain)


def _quoted(words: str) -> str:
    return f'"{words.replace(chr(34), "")}"' if words else ""


def _refusal(name: str, where: str, told: str, units: Iterable[Unit], wanted: Unit) -> str:
    listed = list(units)
    if sum(unit.dim is wanted.dim for unit in listed) > 1:
        return f"名称“{name}”（{where}）写了几种单位（{told}），请只留一种。"
    words = "、".join(unit.word for unit in listed)
    return (
        f"名称“{name}”（{where}）要填的是以“{wanted.word}”计的数，不能换算成“{words}”（{told}），请改单位或者删去名称。"
    )


def cell_words(place: Place) -> str:
    """Where a name stands, as a person finds it: 表!B2."""
    return f"{place.sheet.title}!{get_column_letter(max(place.column, 1))}{max(place.row, 1)}"
