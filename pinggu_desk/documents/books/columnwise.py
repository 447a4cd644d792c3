"""A long list read by columns: each different cell of a column is read once, and plain numbers at once.

What a row by row reading looks at (totals, notes, heads repeated, merges, rows without a name) is looked for first: such rows,
and nothing else, go to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pinggu_desk.documents.books.cells import Reader, no_code
from pinggu_desk.documents.books.findings import covers, masked
from pinggu_desk.documents.books.grid import Cell, Marks
from pinggu_desk.documents.books.heads import Column
from pinggu_desk.documents.books.lines import is_line, is_no_name, is_numeral, is_total
from pinggu_desk.documents.books.quick import Cells, Raw, Raws
from pinggu_desk.policy.characters import plain_text
from pinggu_desk.policy.columns import fold
from pinggu_desk.policy.errors import BadAnswer
from pinggu_desk.policy.quantity import Dim

if TYPE_CHECKING:
    from pinggu_desk.documents.books.heads import Head
    from pinggu_desk.policy.facts import Fact

#: as many different cells of a column are remembered
_REMEMBERED = 8_192
#: so many numbers that were not met before are worked out at once
_AT_ONCE = 32
#: a number of at most fifteen figures is written in one way only
_EXACT = 10.0**15
_PROBES = ("1", "2", "10", "1234", "0.5", "12.25")
#: words of which nothing is taken out and nothing folded; shorter ones may be what is left of a code (9E17)
_AS_IT_STANDS = re.compile("[\u4e00-\u9fff0-9A-Za-z]{6,200}")
_CODE = re.compile("[0-9A-Za-z]{6,200}")
#: so many characters of a head's words may be spaces
_SPACES = 12
#: what stands for a cell that was not met before, and for one without an answer; no answer is as small
_UNMET, _NO_ANSWER = -(1 << 62), 1 - (1 << 62)

#: the answers of a column of numbers (smallest units, options, ordinals) with which of them are known, or of one of texts
Numbers = tuple[NDArray[np.int64], NDArray[np.bool_]]
Answers = Numbers | list[str | None]


class Fault(NamedTuple):
    """A cell that could not be taken, or (no ``sentence``) one with a remark: its place in the block, its column."""

    at: int
    column: Column
    cell: Cell
    sentence: str
    remark: str = ""


class _Known(dict[Raw, int]):
    """The answers of cells that were met."""

    def __missing__(self, _: Raw) -> int:
        return _UNMET


class ColumnReader:
    """Reads the cells of one column, block after block."""

    def __init__(self, column: Column, read: Reader, cells: Cells) -> None:
        self.column, self._read, self._cells = column, read, cells
        self._known = _Known({b"": _NO_ANSWER})
        self._texts: dict[Raw, str | None] = {b"": None}
        self._times = self._factor()

    def _factor(self) -> int:
        """What a bare number is multiplied by to be in smallest units; nought where it is no such number."""
        fact = self.column.fact
        if fact.dim in (Dim.TEXT, Dim.TRUTH, Dim.OPTION, Dim.DATE):
            return 0
        found = set()
        for probe in _PROBES:
            try:
                read = self._read(Cell("number", probe))
            except BadAnswer:
                continue
            if read.remark or not isinstance(read.value, int) or read.value % float(probe):
                return 0
            found.add(int(read.value // float(probe)))
        return found.pop() if len(found) == 1 else 0

    # --- numbers ---

    def numbers(self, raws: Sequence[Raw], faults: list[Fault]) -> Numbers:
        """The answers of a block; what could not be taken is not known, and told in ``faults``."""
        found = np.fromiter(map(self._known.__getitem__, raws), np.int64, len(raws))
        at = np.flatnonzero(found == _UNMET).tolist()
        met = self._at_once([raws[index] for index in at]) if self._times and len(at) > _AT_ONCE else _Known()
        for index in at:
            raw = raws[index]
            if (answer := met[raw]) == _UNMET:
                read, silent = self._slowly(index, raw, faults)
                answer = _NO_ANSWER if read is None else int(read)
                if silent:
                    met[raw] = answer
            found[index] = answer
        if len(self._known) < _REMEMBERED:
            self._known.update(met)
        known = found != _NO_ANSWER
        found[~known] = 0
        return found, known

    def _at_once(self, raws: Sequence[Raw]) -> _Known:
        """The answers of those that are numbers, exact and within bounds."""
        fresh = list(dict.fromkeys(raws))
        given = np.array(list(map(self._cells.figure, fresh)), np.float64)  # None is no number
        units = np.rint(given * self._times)
        least, most = self.column.fact.bounds
        sure = (np.abs(units) < _EXACT) & (units / self._times == given) & (units >= least) & (units <= most)
        answers = np.where(sure, units, _UNMET).astype(np.int64).tolist()
        return _Known((raw, answer) for raw, answer in zip(fresh, answers, strict=True) if answer != _UNMET)

    # --- texts ---

    def texts(self, raws: Sequence[Raw], words: Sequence[str | None], faults: list[Fault]) -> list[str | None]:
        """The same of a column of texts; ``words`` are those of its cells, where they are cells of words."""
        found: list[str | None] = []
        plain = (_CODE if self.column.fact.party == "代码" else _AS_IT_STANDS).fullmatch
        for at, (raw, text) in enumerate(zip(raws, words, strict=True)):
            found.append(text if text is not None and plain(text) else self._text(at, raw, faults))
        return found

    def _text(self, at: int, raw: Raw, faults: list[Fault]) -> str | None:
        if raw in self._texts:
            return self._texts[raw]
        read, silent = self._slowly(at, raw, faults)
        answer = None if read is None else str(read)
        if silent and len(self._texts) < _REMEMBERED:
            self._texts[raw] = answer
        return answer

    def _slowly(self, at: int, raw: Raw, faults: list[Fault]) -> tuple[int | str | None, bool]:
        """What one cell says, and whether nothing is to be told of it: only then is the next one like it the same."""
        cell = self._cells.of(raw)
        if cell is None or (cell.kind == "text" and not plain_text(cell.text)):
            return None, True
        if (words := no_code(self.column.fact, cell)) is not None:
            if words:
                faults.append(Fault(at, self.column, cell, "", words))
            return None, not words
        try:
            read = self._read(cell)
        except BadAnswer as error:
            faults.append(Fault(at, self.column, cell, error.sentence))
            return None, False
        if read.remark:
            faults.append(Fault(at, self.column, cell, "", read.remark))
        return read.value, not read.remark


class Block(NamedTuple):
    """Rows read together: their numbers, by fact (in order) the answers, what is to be told, the rows' places that are odd.

    ``shown`` has by fact and place the texts that are to be shown otherwise than they are. An odd row's own cells are in ``odd``
    by its place; nothing else of it is to be used. ``formulas`` counts cells that a formula made, ``unnamed`` has the first place
    with content of each column without a head.
    """

    numbers: list[int]
    answers: list[Answers]
    shown: dict[int, dict[int, str]]
    faults: list[Fault]
    odd: dict[int, dict[int, Cell]]
    formulas: int
    unnamed: dict[int, int]


def can_read(head: Head, marks: Marks) -> bool:
    """Whether a list is of the kind that is read by columns: a name in each row, a fact in one column, no merge downwards."""
    facts = [column.fact.name for column in head.columns]
    down = any(area.bottom > area.top and area.bottom > head.row for area in marks.merged)
    return not down and len(set(facts)) == len(facts) and sum(c.fact.party == "名称" for c in head.columns) == 1


class ColumnwiseReader:
    """Reads the rows of a list below its head, block after block; ``across`` are the rows with cells merged over columns."""

    def __init__(
        self, head: Head, facts: Sequence[Fact], reader: Callable[[Column], Reader], cells: Cells, across: set[int],
        *, formulas: bool, whole: bool,
    ) -> None:  # fmt: skip
        by_fact = {column.fact.name: column for column in head.columns}
        self._columns = [by_fact[fact.name] for fact in facts]
        self._readers = [ColumnReader(column, reader(column), cells) for column in self._columns]
        self._head, self._cells, self._across, self._made = head, cells, across, formulas
        #: texts that are not shown as they are: numbers, telephones and accounts are covered, but for who asked for the whole
        self._hidden = {
            place: column.fact for place, column in enumerate(self._columns)
            if not whole and covers(column.fact)
        }  # fmt: skip
        self._name = next(column for column in self._columns if column.fact.party == "名称")
        #: by column the cells that are no total, and those that are
        self._judged: dict[int, set[Raw]] = {}
        self._totals: dict[int, set[Raw]] = {}

    def blocks(self, raws: Iterator[Raws]) -> Iterator[Block]:
        """The rows that were cut, read."""
        return map(self._block, raws)

    def _block(self, raws: Raws) -> Block:
        numbers, columns = raws
        blank = [b""] * len(numbers)
        texts = {c.number for c in self._columns if c.fact.dim is Dim.TEXT}
        words = {number: list(map(self._cells.words, columns.get(number, blank))) for number in texts}
        odd = self._odd(numbers, columns, words)
        faults: list[Fault] = []
        answers: list[Answers] = []
        for column, reader in zip(self._columns, self._readers, strict=True):
            own = columns.get(column.number, blank)
            if odd:
                own = list(own)
                for place in odd:
                    own[place] = b""
            if column.number in texts:
                answers.append(reader.texts(own, _without(words[column.number], odd), faults))
            else:
                answers.append(reader.numbers(own, faults))
        # a row whose name cannot be read is looked at as it stands
        odd |= {fault.at for fault in faults if fault.column is self._name}
        faults = [fault for fault in faults if fault.at not in odd]
        cells = {at: self._cells_at(at, columns) for at in sorted(odd)}
        refused = {(fault.at, fault.column.number) for fault in faults if fault.sentence}
        shown = {place: _otherwise(fact, answers[place]) for place, fact in self._hidden.items()}
        return Block(
            numbers, answers, shown, faults, cells, self._formulas(columns, odd, refused), self._unnamed(columns, odd)
        )  # fmt: skip

    def _cells_at(self, at: int, columns: dict[int, Sequence[Raw]]) -> dict[int, Cell]:
        return {number: cell for number, raws in columns.items() if (cell := self._cells.of(raws[at])) is not None}

    def _formulas(self, columns: dict[int, Sequence[Raw]], odd: set[int], refused: set[tuple[int, int]]) -> int:
        """How many of the cells that were read a formula made."""
        count = 0
        for column in self._columns if self._made else ():
            for at, raw in enumerate(columns.get(column.number, ())):
                if b"<f" in raw and at not in odd and (at, column.number) not in refused:
                    cell = self._cells.of(raw)
                    count += cell is not None and cell.formula
        return count

    def _odd(
        self, numbers: list[int], columns: dict[int, Sequence[Raw]], words: dict[int, list[str | None]]
    ) -> set[int]:  # fmt: skip
        """The places of rows that hold no applicant, or perhaps none."""
        word = fold(self._head.words.get(self._name.number, ""))
        odd = {
            at
            for at, name in enumerate(words[self._name.number])
            if name is None or not (name.isprintable() and name.strip()) or _may_be_other(name, word)
        }
        for number, raws in columns.items():
            if number in words:
                odd |= {at for at, text in enumerate(words[number]) if is_total(text)}
            elif totals := self._totals_among(number, raws):
                odd |= {at for at, raw in enumerate(raws) if raw in totals}
        if self._across:
            odd |= {at for at, row in enumerate(numbers) if row in self._across}
        return odd

    def _totals_among(self, number: int, raws: Sequence[Raw]) -> set[Raw]:
        """Cells that say 合计, or that number a part of the list."""
        judged, totals = self._judged.setdefault(number, set()), self._totals.setdefault(number, set())
        fresh = set(raws) - judged
        totals |= {raw for raw in fresh if (words := self._cells.words(raw)) and (is_total(words) or is_numeral(words))}
        if len(judged) > _REMEMBERED:
            judged.clear()
        judged |= fresh - totals
        return totals

    def _unnamed(self, columns: dict[int, Sequence[Raw]], odd: set[int]) -> dict[int, int]:
        found = {}
        for number, raws in columns.items():
            if number not in self._head.words:
                at = next(
                    (at for at, raw in enumerate(raws) if raw and at not in odd and not self._is_blank(raw)), None
                )
                if at is not None:
                    found[number] = at
        return found

    def _is_blank(self, raw: Raw) -> bool:
        cell = self._cells.of(raw)
        return cell is None or (cell.kind == "text" and not plain_text(cell.text))


def _may_be_other(name: str, word: str) -> bool:
    """Whether a name may be the head again, a note or a total."""
    return (len(name) <= len(word) + _SPACES and fold(name) == word) or is_line(name.strip()) or is_no_name(name)


def _otherwise(fact: Fact, answers: Answers) -> dict[int, str]:
    texts = enumerate(answers) if isinstance(answers, list) else ()
    return {at: shown for at, text in texts if text is not None and (shown := masked(fact, text)) != text}


def _without(words: list[str | None], odd: set[int]) -> list[str | None]:
    """The words of the rows that are not odd."""
    return [None if at in odd else text for at, text in enumerate(words)] if odd else words


__all__ = ["Answers", "Block", "ColumnwiseReader", "Fault", "Numbers", "can_read"]
