"""In which unit a cell of a form wants its figure: ten thousand times too much is one bracket away.

An office's form says it in the name (``申请金额_万元``), in the cell's number format, in the label beside the cell or the head
above it (申请金额（万元）), in a cell of its own behind it, or in a note over the table (单位：万元). The nearest says it; two that
say different things, and a unit that a value can't be put into, are refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter

from pinggu_desk.policy.quantity import UNITS, Dim

if TYPE_CHECKING:
    from pinggu_desk.documents.sheet.forms import Place
    from pinggu_desk.documents.sheet.layout import Layout

#: dimensions of which a form may choose the unit
MEASURED = frozenset({Dim.MONEY, Dim.DOLLAR, Dim.RATE, Dim.AREA, Dim.COAL, Dim.COUNT, Dim.SCORE, Dim.MONTHS, Dim.DAYS})
_TIMES = {
    "十": 10, "百": 100, "千": 1_000, "万": 10_000, "十万": 100_000, "百万": 1_000_000, "千万": 10_000_000,
    "亿": 100_000_000, "万亿": 1_000_000_000_000,
}  # fmt: skip
#: other words for the units of quantities; a square kilometre and what else forms use beside them
_OTHER: dict[str, tuple[Dim, Fraction]] = {
    "圆": UNITS["元"], "RMB": UNITS["元"], "CNY": UNITS["元"], "美金": UNITS["美元"], "USD": UNITS["美元"],
    "平米": UNITS["平方米"], "m2": UNITS["平方米"], "平方": UNITS["平方米"], "平方公里": (Dim.AREA, Fraction(1_500_000_000)),
    "平方千米": (Dim.AREA, Fraction(1_500_000_000)), "市亩": UNITS["亩"], "ha": UNITS["公顷"],
    "吨标准煤": UNITS["吨标煤"], "tce": UNITS["吨标煤"], "千克标煤": (Dim.COAL, Fraction(1)), "公斤标煤": (Dim.COAL, Fraction(1)),
    "千克标准煤": (Dim.COAL, Fraction(1)), "百分比": UNITS["%"], "百分数": UNITS["%"], "百分之": UNITS["%"],
    "‰": (Dim.RATE, Fraction(10)), "千分之": (Dim.RATE, Fraction(10)), "月": UNITS["个月"], "工作日": UNITS["个工作日"],
    **{word: (Dim.COUNT, Fraction(1)) for word in ("位", "户", "人次", "张", "台", "台套", "台、套", "篇", "场", "处", "间", "笔")},
}  # fmt: skip
_KNOWN = {**{word: unit for word, unit in UNITS.items() if word not in ("个工作日", "处", "台")}, **_OTHER}
_FOREIGN = (
    "欧元",
    "日元",
    "港元",
    "港币",
    "英镑",
    "韩元",
    "加元",
    "澳元",
    "新加坡元",
    "瑞士法郎",
    "卢布",
    "台币",
    "新台币",
    "澳门元",
)
_SCALED = re.compile(rf"^({'|'.join(sorted(_TIMES, key=len, reverse=True))})(.+)$")
_BRACKETS = re.compile(r"[（(\[【]([^（()）\]】\[【]*)[）)\]】]")
_BEHIND = (re.compile(r"[:：\s　]([^:：\s　（()）]{1,10})$"), re.compile(r"[/／]([^/／:：\s　（()）]{1,8})$"))
#: a note that says the unit of what stands under it; 申报单位： is none
_NOTE = re.compile(r"(?:^|[（(\s　【\[；;，,])(?:计量|计价|金额|货币)?单位\s*[:：]\s*([^）)】\]]+)")
_APART = re.compile(r"[、，,；;和及\s　]+")
#: number formats that divide by themselves: a comma behind the last digit, the 万 that Chinese forms make with 0!.0000
_SCALING = re.compile(r"!\.|[0#?],+(?=$|;|[^0#?,])")
_QUOTED = re.compile(r'"([^"]*)"|\\(.)')
_UP = 60


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its word, its dimension (None for a currency that nothing here is counted in), smallest units in one."""

    word: str
    dim: Dim | None
    size: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class CellUnit:
    """The unit in which a name's cell is filled, and what says so (标签“申请金额（万元）”); ``told`` is empty where nothing does.

    ``wrong`` is the one sentence that refuses it.
    """

    name: str
    place: str
    unit: Unit
    told: str = ""
    wrong: str = ""

    @property
    def sentence(self) -> str:
        """How ``forms check`` says it."""
        return f"{self.name}  {self.place}  按“{self.unit.word}”填（{self.told or '表样没有写单位'}）"


@lru_cache(maxsize=1024)
def unit_of(word: str) -> Unit | None:
    """A unit by its word as forms write it: 万元, ㎡, 人民币万元, 千平方米; None for what is no unit."""
    plain = unicodedata.normalize("NFKC", word).replace("人民币", "").strip(" 　:：/.。*＊_")
    if not plain:
        return None
    if plain in _KNOWN:
        return Unit(plain, *_KNOWN[plain])
    if plain in _FOREIGN or plain in _TIMES:
        return Unit(plain, None)
    if "/" in plain and all(unit_of(part) for part in plain.split("/")):
        return Unit(plain, None)  # so much for each: nothing that is asked is counted so
    scaled = _SCALED.match(plain)
    base = unit_of(scaled[2]) if scaled else None
    if scaled is None or base is None or base.word in ("%", "‰") or base.word in _TIMES:
        return None
    return Unit(plain, base.dim, base.size * _TIMES[scaled[1]])


def units_in(text: str) -> tuple[Unit, ...]:
    """The units that a label or head names: in brackets, else behind its last stroke or colon."""
    found = [unit for inner in _BRACKETS.findall(text) for unit in _listed(inner)]
    for pattern in () if found else _BEHIND:
        if (behind := pattern.search(text.strip())) and (unit := unit_of(behind[1])):
            return (unit,)
    return tuple(dict.fromkeys(found))


def _listed(text: str) -> Iterable[Unit]:
    """The units among words such as 单位：万元，保留两位小数."""
    inner = re.sub(r"^.*?单位\s*[:：]?\s*", "", text) or text
    whole = unit_of(inner)
    return [whole] if whole else [unit for part in _APART.split(inner) if (unit := unit_of(part))]


@dataclass(slots=True)
class Units:
    """Which unit each name of one workbook's cells is filled in."""

    layouts: dict[str, Layout]
    bound: set[tuple[str, int, int]]
    _notes: dict[str, list[tuple[int, tuple[Unit, ...], str]]] = field(default_factory=dict)

    def of(self, name: str, suffix: str, place: Place, dim: Dim, usual: str) -> CellUnit:
        """The unit for a value of dimension ``dim``; ``usual`` is the one taken where the form says none.

        ``suffix`` is the unit that the name itself carries.
        """
        layout, where = self.layouts[place.sheet.title], _words(place)
        wanted = Unit(usual, *_KNOWN.get(usual, (dim, Fraction(1))))
        said = [(tuple(_meant(u, wanted) for u in units), told) for units, told in self._said(layout, place, suffix)]
        for units, told in said:
            fitting = [unit for unit in units if unit.dim is wanted.dim]
            if not fitting or len({unit.size for unit in fitting}) > 1:
                return CellUnit(name, where, wanted, told, _refusal(name, where, told, units, wanted))
        if said:
            (first, *_), told = [unit for unit in said[0][0] if unit.dim is wanted.dim], said[0][1]
            fits = [(next(unit for unit in units if unit.dim is wanted.dim), words) for units, words in said[1:]]
            other = next((words for unit, words in fits if unit.size != first.size), "")
            wrong = f"名称“{name}”（{where}）的单位说法不一：{told}，{other}，请改成一致。" if other else ""
            return CellUnit(name, where, first, told, wrong)
        return self._noted(name, layout, place, wanted)

    def _said(self, layout: Layout, place: Place, suffix: str) -> Iterable[tuple[tuple[Unit, ...], str]]:
        """What speaks of this cell alone: (units, where it is said), nearest first."""
        if suffix:
            yield tuple(u for u in (unit_of(suffix),) if u), f"名称末尾写着“{suffix}”"
        cell = layout.cell(place.row, place.column)
        shape = str(cell.number_format or "")
        if _SCALING.search(shape) and not shape.startswith("General"):
            base = unit_of("元")
            if base and "元" in shape:
                yield (base,), "数字格式自己换算"
                return
        written = "".join(a or b for a, b in _QUOTED.findall(shape)) or ""
        if inner := [unit for unit in (unit_of(written),) if unit]:
            yield tuple(inner), f"数字格式写着“{written}”"
        for text, told in self._labels(layout, place):
            if found := units_in(text):
                yield found, told
                return

    def _labels(self, layout: Layout, place: Place) -> Iterable[tuple[str, str]]:
        """The texts that belong to the cell: its label at the left, a unit behind it, the heads above it."""
        box = layout.box(layout.cell(place.row, place.column))
        if label := self._text(layout, place.row, box.column - 1):
            yield label, f"标签“{_short(label)}”"
        behind = self._text(layout, place.row, box.last_column + 1)
        if behind and unit_of(behind):
            yield f"（{behind}）", f"后面写着“{behind}”"
        beside = box.column - 1 if label else 0
        for head in self._heads(layout, place.row - 1, (box.column, box.last_column), beside):
            yield head, f"表头“{_short(head)}”"

    def _heads(self, layout: Layout, row: int, columns: tuple[int, int], beside: int) -> Iterable[str]:
        """Texts above, over cells that are still to be filled: the nearest, and the ones that stand right over it.

        A cell with a label at its left (in column ``beside``) has a head only in a table whose every row has one there.
        """
        seen = False
        for above in range(row, max(row - _UP, 0), -1):
            cell = layout.cell(above, columns[0])
            box = layout.box(cell)
            text = cell.value if isinstance(cell.value, str) and not self._filled(layout, cell) else ""
            if not text and not seen:
                if beside and not self._text(layout, above, beside):
                    return
                continue
            if not text or box.column > columns[0] or box.last_column < columns[1]:
                return
            if not seen and (box.column, box.last_column) != columns:
                return  # the label of some other row, not the head of this column
            seen = True
            yield text

    def _text(self, layout: Layout, row: int, column: int) -> str:
        """The words of a neighbouring cell that no name binds."""
        if not 1 <= column <= layout.last_column:
            return ""
        cell: Any = layout.cell(row, column)
        return cell.value.strip() if isinstance(cell.value, str) and not self._filled(layout, cell) else ""

    def _filled(self, layout: Layout, cell: Any) -> bool:
        """Whether what stands in the cell is no word of the form's, but was filled in."""
        return (layout.sheet.title, cell.row, cell.column) in self.bound

    def _noted(self, name: str, layout: Layout, place: Place, wanted: Unit) -> CellUnit:
        """By the nearest note above (单位：万元), where there is one for such values; else the usual unit."""
        where = _words(place)
        for row, listed, told in reversed(self._notes_of(layout)):
            if row > place.row:
                continue
            units = tuple(_meant(unit, wanted) for unit in listed)
            fitting = [unit for unit in units if unit.dim is wanted.dim]
            if fitting:
                return CellUnit(name, where, fitting[0], told)
            if wanted.dim in (Dim.MONEY, Dim.DOLLAR) and any(u.dim in (None, Dim.MONEY, Dim.DOLLAR) for u in units):
                return CellUnit(name, where, wanted, told, _refusal(name, where, told, units, wanted))
        return CellUnit(name, where, wanted)

    def _notes_of(self, layout: Layout) -> list[tuple[int, tuple[Unit, ...], str]]:
        title = layout.sheet.title
        if title not in self._notes:
            self._notes[title] = [
                (cell.row, units, f"表上注明“单位：{_short(note[1])}”")
                for row in layout.sheet.iter_rows() for cell in row
                if isinstance(cell.value, str) and "单位" in cell.value and not self._filled(layout, cell)
                and (note := _NOTE.search(cell.value))
                and (units := tuple(_listed(note[1])))
            ]  # fmt: skip
        return self._notes[title]


def _meant(unit: Unit, wanted: Unit) -> Unit:
    """万 alone is ten thousand of what the value is counted in."""
    return (unit_of(unit.word + wanted.word) or unit) if unit.word in _TIMES else unit


def _refusal(name: str, where: str, told: str, units: Iterable[Unit], wanted: Unit) -> str:
    words = "、".join(unit.word for unit in units)
    if sum(unit.dim is wanted.dim for unit in units) > 1:
        return f"名称“{name}”（{where}）写了几种单位（{told}），请只留一种。"
    return (
        f"名称“{name}”（{where}）要填的是以“{wanted.word}”计的数，不能换算成“{words}”（{told}），请改单位或者删去名称。"
    )


def _words(place: Place) -> str:
    return f"{place.sheet.title}!{get_column_letter(max(place.column, 1))}{max(place.row, 1)}"


def _short(text: str) -> str:
    plain = "".join(text.split())
    return plain if len(plain) <= 24 else plain[:23] + "…"
