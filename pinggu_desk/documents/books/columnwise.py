"""A long list read by columns: each different value of a column is read once, as a cell of it is, and plain numbers at once.

What a row by row reading looks at (totals, notes, heads repeated, merges, rows without a name) is looked for first: such rows,
and nothing else, go to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pinggu_desk.documents.books.cells import Read, Reader
from pinggu_desk.documents.books.findings import FOOTNOTE, TOTALS, masked
from pinggu_desk.documents.books.grid import Cell
from pinggu_desk.documents.books.heads import Column
from pinggu_desk.documents.books.quick import Looked, Value, cell_of, cells_of
from pinggu_desk.policy.characters import plain_text
from pinggu_desk.policy.columns import fold
from pinggu_desk.policy.errors import BadAnswer
from pinggu_desk.policy.quantity import Dim

if TYPE_CHECKING:
    from pinggu_desk.documents.books.heads import Head
    from pinggu_desk.policy.facts import Fact

#: as many different values of a column are remembered
_REMEMBERED = 65_536
#: so many numbers that were not met before are worked out at once
_AT_ONCE = 32
#: a number of at most fifteen figures is written in one way only
_EXACT = 10.0**15
_PROBES = (1.0, 2.0, 10.0, 1234.0, 0.5, 12.25)
#: words of which nothing is taken out and nothing folded; shorter ones may be what is left of a code (9E17)
_AS_IT_STANDS = re.compile("[\u4e00-\u9fff0-9A-Za-z]{6,200}")
#: the longest word among which 合计 and the like are looked for
_SHORT = 12


class Fault(NamedTuple):
    """A cell that could not be taken, or (no ``sentence``) one with a remark: its place in the block, its column."""

    at: int
    column: Column
    cell: Cell
    sentence: str
    remark: str = ""


class ColumnReader:
    """Reads the cells of one column, block after block."""

    def __init__(self, column: Column, read: Reader) -> None:
        self.column, self._read = column, read
        self._known: dict[Value, int | str | None] = {"": None}
        self._times = self._factor()

    def _factor(self) -> int:
        """What a bare number is multiplied by to be in smallest units; nought where it is no such number."""
        fact = self.column.fact
        if fact.dim in (Dim.TEXT, Dim.TRUTH, Dim.OPTION, Dim.DATE):
            return 0
        found = set()
        for probe in _PROBES:
            try:
                read = self._one(probe)
            except BadAnswer:
                continue
            if read.remark or not isinstance(read.value, int) or read.value % probe:
                return 0
            found.add(int(read.value // probe))
        return found.pop() if len(found) == 1 else 0

    def _one(self, value: Value) -> Read:
        cell = cell_of(value)
        assert cell is not None
        return self._read(cell)

    def take(self, values: list[Value], faults: list[Fault]) -> list[int | str | None]:
        """The answers of a block; what could not be taken is None, and told in ``faults``."""
        if bool in set(map(type, values)):
            values = [cell_of(value) if isinstance(value, bool) else value for value in values]
        known, unmet = self._known, _Unmet
        found: list[Any] = [known.get(value, unmet) for value in values]
        at = [index for index, answer in enumerate(found) if answer is unmet]
        if self.column.fact.dim is Dim.TEXT:  # names and codes hardly come again: most are what they seem
            for index in at:
                if type(value := values[index]) is str and _AS_IT_STANDS.fullmatch(value):
                    found[index] = value
            at = [index for index in at if found[index] is unmet]
        if self._times and len(at) > _AT_ONCE:
            at = self._at_once(values, found, at)
        for index in at:
            found[index] = self._slowly(index, values[index], faults)
        return found

    def _at_once(self, values: list[Value], found: list[Any], at: list[int]) -> list[int]:
        """Numbers that are exact and within bounds; gives the places that are left."""
        numbers = [index for index in at if type(values[index]) is float]
        given = np.fromiter((values[index] for index in numbers), np.float64, len(numbers))
        units = np.rint(given * self._times)
        least, most = self.column.fact.bounds
        sure = (np.abs(units) < _EXACT) & (units / self._times == given) & (units >= least) & (units <= most)
        for index, answer in zip(np.array(numbers)[sure].tolist(), units[sure].astype(np.int64).tolist(), strict=True):
            found[index] = answer
        return [index for index in at if found[index] is _Unmet]

    def _slowly(self, at: int, value: Value, faults: list[Fault]) -> int | str | None:
        answer: Any = self._known.get(value, _Unmet)  # it may have been met in this very block
        if answer is not _Unmet:
            met: int | str | None = answer
            return met
        cell = cell_of(value)
        if cell is None or (cell.kind == "text" and not plain_text(cell.text)):
            return None
        try:
            read = self._read(cell)
        except BadAnswer as error:
            faults.append(Fault(at, self.column, cell, error.sentence))
            return None
        if read.remark:
            faults.append(Fault(at, self.column, cell, "", read.remark))
        elif len(self._known) < _REMEMBERED:
            self._known[value] = read.value
        return read.value


class _Unmet:
    """Stands for a value that was not met before."""


class Block(NamedTuple):
    """Rows read together: their numbers, by fact (in order) the answers and what is shown of texts, the rows' places that are odd.

    An odd row's own cells are in ``cells`` of its place; nothing else of it is to be used. ``formulas`` counts cells that a
    formula made, ``unnamed`` the first place with content of each column without a head.
    """

    numbers: list[int]
    values: list[list[int | str | None]]
    shown: list[list[Any]]
    faults: list[Fault]
    odd: dict[int, dict[int, Cell]]
    formulas: int
    unnamed: dict[int, int]


def can_read(head: Head, looked: Looked) -> bool:
    """Whether a list is of the kind that is read by columns: a name in each row, a fact in one column, no merge downwards."""
    facts = [column.fact.name for column in head.columns]
    down = any(area.bottom > area.top and area.bottom > head.row for area in looked.marks.merged)
    return not down and len(set(facts)) == len(facts) and sum(c.fact.party == "名称" for c in head.columns) == 1


class ColumnwiseReader:
    """Reads the rows of a list below its head, block after block."""

    def __init__(
        self, head: Head, facts: Sequence[Fact], readers: dict[int, Reader], looked: Looked, whole: bool
    ) -> None:  # fmt: skip
        by_fact = {column.fact.name: column for column in head.columns}
        self._columns = [by_fact[fact.name] for fact in facts]
        self._readers = [ColumnReader(column, readers[column.number]) for column in self._columns]
        self._head, self._looked, self._whole = head, looked, whole
        self._name = next(index for index, column in enumerate(self._columns) if column.fact.party == "名称")
        self._across = {area.top for area in looked.marks.merged if area.top > head.row}

    def blocks(self, first: int, lines: Iterator[list[Value]], rows: int) -> Iterator[Block]:
        """All rows below the head; ``first`` is the number of the column that each of ``lines`` begins with."""
        number = 1
        for _ in islice(lines, self._head.row):
            number += 1
        while lines_here := list(islice(lines, rows)):
            yield self._block(number, first, lines_here)
            number += len(lines_here)

    def _block(self, start: int, first: int, lines: list[list[Value]]) -> Block:
        size = len(lines)
        columns = {first + at: list(values) for at, values in enumerate(zip(*lines, strict=True))}
        formulas = self._put_special(start, size, columns)
        blank: list[Value] = [""] * size
        odd = self._odd(start, size, columns, columns.get(self._columns[self._name].number, blank))
        faults: list[Fault] = []
        values: list[list[int | str | None]] = []
        shown: list[list[Any]] = []
        for column, reader in zip(self._columns, self._readers, strict=True):
            own = columns.get(column.number, blank)
            for place in odd if own is not blank else ():
                own[place] = ""
            answers = reader.take(own, faults)
            values.append(answers)
            shown.append(self._shown(column, answers))
        for fault in faults:
            if fault.column is self._columns[self._name]:  # a row whose name cannot be read is looked at as it stands
                odd.setdefault(
                    fault.at, cells_of(first, lines[fault.at], self._looked.special.get(start + fault.at, {}))
                )
        faults = [fault for fault in faults if fault.at not in odd]
        cells = {at: cells_of(first, lines[at], self._looked.special.get(start + at, {})) for at in odd}
        unnamed = self._unnamed(columns, odd)
        refused = {(fault.at, fault.column.number) for fault in faults if fault.sentence}
        return Block(list(range(start, start + size)), values, shown, faults, cells, formulas(odd, refused), unnamed)

    def _put_special(
        self, start: int, size: int, columns: dict[int, list[Value]]
    ) -> Callable[[dict[int, Any], set[tuple[int, int]]], int]:
        """Put the cells that the library cannot tell whole into their places; gives what counts the formulas among them."""
        made: list[tuple[int, int]] = []
        if self._looked.special:
            read = {column.number for column in self._columns}
            for at in range(size):
                for number, cell in self._looked.special.get(start + at, {}).items():
                    if number not in columns:
                        columns[number] = [""] * size
                    columns[number][at] = cell
                    if cell.formula and number in read:
                        made.append((at, number))
        return lambda passed, refused: sum(one[0] not in passed and one not in refused for one in made)

    def _odd(self, start: int, size: int, columns: dict[int, list[Value]], names: list[Value]) -> dict[int, Any]:
        """The places of rows that hold no applicant, or perhaps none."""
        word = fold(self._head.words.get(self._columns[self._name].number, ""))
        odd = {
            at: None
            for at, name in enumerate(names)
            if not isinstance(name, str) or not (name.isprintable() and name.strip()) or _may_be_other(name, word)
        }
        for values in columns.values():
            short = [value for value in set(values) if type(value) is str and len(value) <= _SHORT]
            if totals := {value for value in short if value and value[:1] in _BEGIN and fold(value) in TOTALS}:
                odd |= {at: None for at, value in enumerate(values) if value in totals}
        odd |= {row - start: None for row in self._across if start <= row < start + size}
        return odd

    def _shown(self, column: Column, answers: list[int | str | None]) -> list[Any]:
        if column.fact.dim is not Dim.TEXT:
            return [None] * len(answers)
        if self._whole or not (column.fact.personal or column.fact.party == "代码"):
            return list(answers)
        return [masked(column.fact, answer) if isinstance(answer, str) else answer for answer in answers]

    def _unnamed(self, columns: dict[int, list[Value]], odd: dict[int, Any]) -> dict[int, int]:
        found = {}
        for number, values in columns.items():
            if number not in self._head.words:
                at = next((at for at, v in enumerate(values) if at not in odd and not _is_blank(v)), None)
                if at is not None:
                    found[number] = at
        return found


_BEGIN = frozenset(" \u3000") | {word[0] for word in TOTALS}


def _may_be_other(name: str, word: str) -> bool:
    """Whether a name may be the head again, a note or a total."""
    return (len(name) <= len(word) + _SHORT and fold(name) == word) or FOOTNOTE.match(name.strip()) is not None


def _is_blank(value: Value) -> bool:
    return value == "" or (isinstance(value, str) and not plain_text(value))


__all__ = ["Block", "ColumnwiseReader", "Fault", "can_read"]
