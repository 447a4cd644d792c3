"""Which row of a list is its head, and which fact each column holds, whatever stands above, around and inside the words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple

from pinggu_desk.documents.books.around import Around, around
from pinggu_desk.documents.books.grid import Area, Cell, column_letters
from pinggu_desk.documents.books.units import UNIT_LIKE, Unit, unit_of
from pinggu_desk.policy.characters import brief, plain_text
from pinggu_desk.policy.columns import ColumnWords, fold
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.quantity import Dim

#: a list's head stands within so many rows
HEAD_ROWS = 40
_BRACKETS = re.compile(r"[(\[{【<〈《〔](.*?)[)\]}】>〉》〕]")
_NUMBERED = re.compile(r"^(?:[0-9]{1,2}[.、)]|[一二三四五六七八九十]{1,3}[.、)]|[*★※]+|其中[:：]?)|[*★※:：?？]+$")
#: notes that say nothing of what the column holds
_HARMLESS = re.compile(
    r"^(?:必填|选填|可选|必填项|选填项|是/否|是否|是或否|是、否|下拉|下拉选择|单选|公章|盖章|加盖公章|签章|全称|\*|如有|没有填0|不填为未知|保留[一二两0-9]位小数"
    r"|整数|数字|文本|18位|yyyy.?mm.?dd|年.?月.?日|格式.*|例.*|示例.*|如[:：].*|按营业执照填写|与营业执照一致)*$"
)
_PARTS = re.compile(r"[,，;；、]")
#: a head of more characters is a note
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Column:
    """One column that is read: its fact, the unit that its head or the title gives, the words of its head.

    ``exact`` says that the head is the fact's own name, ``chosen`` that a clerk said what the column holds.
    """

    number: int
    fact: Fact
    unit: Unit | None
    words: str
    exact: bool
    chosen: bool = False

    @property
    def letters(self) -> str:
        """``C``."""
        return column_letters(self.number)


@dataclass(slots=True)
class Head:
    """The head of a list: its last row, the columns that are read, and what is to be told of the others."""

    row: int = 0
    columns: list[Column] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    words: dict[int, str] = field(default_factory=dict)
    passed: set[int] = field(default_factory=set)


#: what a clerk said of columns, by number: the fact that it holds, or None for one that is to be left out
Choices = Mapping[int, Fact | None]
Rows = Sequence[tuple[int, Mapping[int, Cell]]]
#: facts that are given in a unit
_COUNTED = (Dim.MONEY, Dim.DOLLAR, Dim.RATE, Dim.AREA, Dim.COAL, Dim.COUNT, Dim.MONTHS, Dim.DAYS)


class Found(NamedTuple):
    """What a head's words name: the fact, whether by its own name, the unit and the notes beside it, a unit unknown here."""

    fact: Fact
    exact: bool
    unit: Unit | None
    notes: tuple[str, ...]
    strange: str


class Vocabulary:
    """Every word that may name a column, folded once."""

    def __init__(self, facts: Mapping[str, Fact], words: ColumnWords) -> None:
        self._facts = {word: (facts[fact], False) for word, fact in words.names.items() if fact in facts}
        for fact in facts.values():
            self._facts[fold(fact.id)] = self._facts[fold(fact.name)] = fact, True
        self._passed = words.passed

    def find(self, text: str) -> Found | None:
        """What a head's words name, or None."""
        if len(text) > _LONGEST:
            return None
        if (whole := self._facts.get(fold(text))) is not None:
            return Found(*whole, None, (), "")
        bare, unit, notes, strange = _bare(text)
        if (fact := self._facts.get(bare)) is not None:
            return Found(*fact, unit, notes, strange)
        for cut in range(len(bare) - 1, 0, -1):  # a unit that follows without brackets: 技改固定资产投资万元
            fact = self._facts.get(bare[:cut].rstrip("/-_"))
            own = unit_of(bare[cut:].lstrip("/-_")) if fact is not None else None
            if fact is not None and own is not None and fact[0].dim in _COUNTED:  # 单位：元 names nobody
                return Found(*fact, own, notes, strange)
        return None

    def passes(self, text: str) -> bool:
        """Whether the words name a column that has no bearing on anything."""
        return _bare(text)[0] in self._passed

    def meant(self, text: str) -> str:
        """What an unknown column may have meant, as the end of a sentence."""
        words = _bare(text)[0][:40]
        near = get_close_matches(words, list(self._facts), n=1, cutoff=0.7) if words else []
        return f"，是否指“{near[0]}”" if near else ""


def find_head(
    rows: Rows, merged: Sequence[Area], words: Vocabulary, choices: Choices | None = None, notes: Sequence[str] = ()
) -> Head | None:
    """The head among the first rows of a sheet; None where no row names a single fact and nobody chose columns.

    ``notes`` stand under the list, which may say in what unit its figures are.
    """
    filled = [(number, _with_merged(number, cells, rows, merged)) for number, cells in rows]
    named = [{c: f.fact.name for c, text in row.items() if (f := words.find(text)) is not None} for _, row in filled]
    counts = [len(set(row.values())) for row in named]
    if not any(counts):
        if choices is None or not any(row for _, row in filled):
            return None
        counts = [len(set(row.values())) for _, row in filled]  # no name is known: the fullest of the first rows
    last = _first_alike(counts.index(max(counts)), filled, named)
    head = dict(filled[last][1])
    if last and filled[last - 1][0] == filled[last][0] - 1:  # heads of two rows, the upper ones not merged downwards
        head |= {c: filled[last - 1][1][c] for c in named[last - 1] if c not in head}
    if last + 1 < len(filled) and filled[last + 1][0] == filled[last][0] + 1 and named[last + 1]:
        below = filled[last + 1][1]
        # an applicant's row may hold a word that names a fact (类型: 企业); a head's second row says nothing else of a named column
        if all(below.get(c) in (None, head[c]) for c in named[last]):
            last += 1
            head |= {c: below[c] for c in named[last]}
    row, units = _units_below(last, filled, head)
    above = [
        (number, {c: cell.text for c, cell in cells.items() if plain_text(cell.text)}) for number, cells in rows[:last]
    ]
    beside = around(above, merged, notes, lambda text: _bare(text)[1::2])
    return _columns(row, head, units, beside, words, choices or {})


def _first_alike(best: int, filled: Sequence[tuple[int, dict[int, str]]], named: Sequence[Mapping[int, str]]) -> int:
    """The first head that says the same as the best one so far as it goes, where rows of a list stand between them."""
    for place in range(best):
        mine = named[place]
        if len(mine) > 1 and mine.items() <= named[best].items():
            between = [row for _, row in filled[place + 1 : best]]
            if any(row.get(c) not in (None, filled[place][1][c]) for row in between for c in mine):
                return place
    return best


def _with_merged(number: int, cells: Mapping[int, Cell], rows: Rows, merged: Sequence[Area]) -> dict[int, str]:
    """The texts of a row, those of cells merged downwards included."""
    words = {column: cell.text for column, cell in cells.items() if plain_text(cell.text)}
    for area in merged:
        if area.top < number <= area.bottom and area.left not in words:
            above = next((cells for row, cells in rows if row == area.top), {})
            if area.left in above:
                words[area.left] = above[area.left].text
    return words


def _units_below(
    last: int, filled: Sequence[tuple[int, dict[int, str]]], head: Mapping[int, str]
) -> tuple[int, dict[int, Unit]]:
    """A row of nothing but units below the head belongs to it."""
    number = filled[last][0]
    if last + 1 < len(filled) and filled[last + 1][0] == number + 1:
        below = {column: unit_of(text) for column, text in filled[last + 1][1].items()}
        units = {column: unit for column, unit in below.items() if unit is not None}
        if units and len(units) == len(below) and set(units) <= set(head):
            return number + 1, units
    return number, {}


def _columns(
    row: int, texts: Mapping[int, str], units: Mapping[int, Unit], beside: Around, words: Vocabulary, choices: Choices
) -> Head:  # fmt: skip
    head = Head(row, words={**dict.fromkeys(choices, ""), **texts})
    elsewhere: dict[str, list[str]] = {}
    for number, text in sorted(head.words.items()):
        where, shown = column_letters(number), brief(text, 20)
        found = _chosen(text, choices[number]) if number in choices else words.find(text)
        if found is None:
            if words.passes(text) or number in choices:
                head.passed.add(number)
            else:
                head.told.append(f"{where}列“{shown}”不是填报项，没有读取{words.meant(text)}")
            continue
        counted = found.fact.dim in _COUNTED
        unit = (units.get(number) or found.unit) if counted else None
        if counted and (found.strange or (unit is not None and not unit.fits(found.fact))):
            own = f"{found.fact.name}，{found.fact.input_unit}"
            head.told.append(f"{where}列“{shown}”的单位与填报项（{own}）对不上，没有读取")
            continue
        if counted and unit is None:
            unit, clash = beside.unit_for(number, found.fact)
            if clash:
                head.told.append(
                    f"{where}列“{shown}”没有写单位，表上别处写的单位看不出是不是它的，没有读取，请在列名里写明单位"
                )
                continue
            if unit is not None and not unit.same(unit_of(found.fact.input_unit) or unit, found.fact):
                elsewhere.setdefault(unit.words(found.fact), []).append(where)
        _take(head, Column(number, found.fact, unit, shown, found.exact, number in choices), found.notes)
    for words_of_unit, letters in elsewhere.items():
        head.told.append(f"{'、'.join(letters)}列没有写单位，按表上别处写的“{words_of_unit}”读取")
    return head


def _chosen(text: str, fact: Fact | None) -> Found | None:
    """What a clerk said that a column holds, with the unit that its words give all the same."""
    if fact is None:
        return None
    bare, unit, _, strange = _bare(text)
    if unit is None:  # 技改投资万元: a unit that follows without brackets
        unit = next((own for cut in range(1, len(bare)) if (own := unit_of(bare[cut:])) and own.fits(fact)), None)
    return Found(fact, False, unit, (), strange)


def _take(head: Head, column: Column, notes: Sequence[str]) -> None:
    """Add a column; of two for one fact, the one that was chosen goes first, then the one of its own name.

    Two of a kind are both read and must agree.
    """
    where, fact = column.letters, column.fact.name
    others = [one for one in head.columns if one.fact.name == fact]
    other = others[0] if others else None
    if other is not None and (other.chosen, other.exact) != (column.chosen, column.exact):
        first = (other.chosen, other.exact) > (column.chosen, column.exact)
        kept, left = (other, column) if first else (column, other)
        head.told.append(
            f"{left.letters}列“{left.words}”与{kept.letters}列“{kept.words}”是同一项，只读取{kept.letters}列"
        )
        if first:
            return
        head.columns = [one for one in head.columns if one not in others]
    elif other is not None:
        head.told.append(f"{other.letters}列和{where}列都是“{fact}”，两列不一致的行按未知处理")
    head.columns.append(column)
    if column.chosen or not column.exact:
        head.told.append(f"{where}列“{column.words}”按“{fact}”读取")
    if notes:
        head.told.append(f"{where}列列名里的“{brief('、'.join(notes), 20)}”没有当作条件")


def _bare(text: str) -> tuple[str, Unit | None, tuple[str, ...], str]:
    """The folded words without brackets, numbering and marks; the unit, the notes and a strange unit from the brackets."""
    folded = fold(text[:_LONGEST])
    unit: Unit | None = None
    notes: list[str] = []
    strange = ""
    for inside in _BRACKETS.findall(folded):
        for part in [inside] if unit_of(inside) is not None else _PARTS.split(inside):
            own = unit_of(part)
            if own is not None and unit is None:
                unit = own
            elif own is not None or (UNIT_LIKE.search(part) and not _HARMLESS.match(part)):
                strange = part
            elif not _HARMLESS.match(part) and not _HARMLESS.match(inside):
                notes.append(part)
    bare = _BRACKETS.sub("", folded)
    while (shorter := _NUMBERED.sub("", bare)) != bare:
        bare = shorter
    return bare, unit, tuple(notes), strange
