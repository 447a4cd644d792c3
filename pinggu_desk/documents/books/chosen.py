"""Which sheet of a workbook is the list, and what each of its columns holds: found by name, or said by the clerk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Self

from pinggu_desk.documents.books.around import says_a_unit
from pinggu_desk.documents.books.csvlist import CsvBook
from pinggu_desk.documents.books.findings import CUT_REMEDY, CUT_WORDS, MOST_NAMED, place_of
from pinggu_desk.documents.books.grid import Marks, Row, SheetName, first_cut
from pinggu_desk.documents.books.heads import HEAD_ROWS, Choices, Head, Vocabulary, find_head
from pinggu_desk.documents.books.lines import is_line, is_signed
from pinggu_desk.documents.books.pastawards import awards_sheet
from pinggu_desk.documents.books.xlsx import Book
from pinggu_desk.policy.characters import brief
from pinggu_desk.policy.columns import fold
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.models import Pack

#: what a clerk said of columns, by number: the name of the fact, or None for one that is to be left out
Said = Mapping[int, str | None]
#: a row of more cells is no note
_NOTE_CELLS = 3


class OpenList:
    """A list that is read from an open book, and closed with it; a context manager."""

    _book: Book | CsvBook
    _sheet: SheetName

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    @property
    def sheet(self) -> str:
        """The title of the sheet that is read."""
        return self._sheet.title

    @property
    def sheets(self) -> tuple[str, ...]:
        """The titles of all sheets."""
        return tuple(sheet.title for sheet in self._book.sheets)


@dataclass(frozen=True, slots=True)
class Named:
    """By what the columns of a list are named, and what they may hold."""

    facts: Mapping[str, Fact]
    words: Vocabulary


@dataclass(frozen=True, slots=True)
class ChosenSheet:
    """The sheet that is read, with its head; the sheet of past awards; what is to be told of the others."""

    sheet: SheetName
    marks: Marks
    head: Head
    awards: SheetName | None
    told: tuple[str, ...] = field(default=())


def choose_sheet(
    book: Book | CsvBook, path: str, pack: Pack, wanted: str | None, said: Said | None, *, any_head: bool = False,
    named: Named | None = None,
) -> ChosenSheet:  # fmt: skip
    """The sheet called ``wanted``, else the first whose head names several facts, else the first that names one.

    ``said`` overrides what the words of the head mean. ``any_head`` takes the first sheet with content where no head names
    a fact, so that a clerk can say what its columns hold. ``named`` is what columns are named by in a list of something else than
    applicants. Raises BadInput where there is nothing to read.
    """
    words = Vocabulary(pack.facts, pack.columns) if named is None else named.words
    facts = pack.facts if named is None else named.facts
    sheets = book.sheets
    awards = awards_sheet(sheets) if len(sheets) > 1 and named is None else None
    if wanted is not None:
        chosen = own = [sheet for sheet in sheets if fold(sheet.title) == fold(wanted)]
        if not chosen:
            titles = brief("、".join(sheet.title for sheet in sheets), 80)
            raise BadInput(f"文件“{path}”没有名为“{brief(wanted)}”的工作表，有的是{titles}。")
    else:
        own = [sheet for sheet in sheets if sheet is not awards]
        chosen = [sheet for sheet in own if not sheet.hidden] or own
    best = _best(book, chosen, words) or _best(book, own, words)  # a hidden one where none in sight has a head
    if best is None and (said or any_head):
        best = _first_filled(book, chosen)
    if best is None:
        raise _headless(book, path, chosen[0], words)
    marks, first, choices = book.marks(best), _first_rows(book, best), _facts(said, facts)
    head = find_head(first, marks.merged, words, choices)
    if head is not None and isinstance(book, CsvBook):
        _refuse_cut(book, best, head)
    if head is not None and (notes := _notes_of_units(book, best, head.row)):
        head = find_head(first, marks.merged, words, choices, notes)
    if head is None or not (head.columns or any_head):
        raise _headless(book, path, best, words)
    if named is None and _lies_across(head, first, words):
        raise BadInput(
            f"文件“{path}”工作表“{best.title}”的名称列里是填报项的名称，像是每列一个申请人，请改成每行一个申请人再试。"
        )
    awards = None if best is awards else awards
    return ChosenSheet(best, marks, head, awards, tuple(_other_sheets(book, best, awards, wanted)))


def _lies_across(head: Head, first: Sequence[Row], words: Vocabulary) -> bool:
    """Whether names of facts stand where names of applicants belong: a table that lies on its side, or a form."""
    column = next((one for one in head.columns if one.fact.party == "名称"), None)
    if column is None:
        return False
    below = [cells[column.number].text for row, cells in first if row > head.row and column.number in cells]
    found = [one for text in below if (one := words.find(text)) is not None and one.exact and not one.fact.party]
    return bool(found) and 2 * len(found) >= len(below)


def _refuse_cut(book: CsvBook, sheet: SheetName, head: Head) -> None:
    """Raise BadInput where bytes that are no character stand in what names columns and units: the head, a title or a note."""
    for row in book.rows(sheet):
        at = first_cut(row[1])
        if at is not None and (row[0] <= head.row or (len(head.words) > 1 and _may_be_note(row))):
            raise _cut_head(book, row, at)


def _may_be_note(row: Row) -> bool:
    texts = [cell.text for cell in row[1].values()]
    return len(texts) == 1 or (len(texts) <= _NOTE_CELLS and any(is_signed(text) or is_line(text) for text in texts))


def _cut_head(book: CsvBook, row: Row, at: int) -> BadInput:
    where = f"第 {row[0]} 行第 {at} 列（{place_of(at, row[0])}，“{brief(row[1][at].text, 20)}”）"
    return BadInput(f"{book.named}{where}{CUT_WORDS}，列名和单位靠不住，没有读取，{CUT_REMEDY}。")


def _notes_of_units(book: Book | CsvBook, sheet: SheetName, head: int) -> list[str]:
    """The notes below a list that say in what unit it is (注：金额单位为元); the rows are read for them only where there may be any."""
    if not book.may_say_units(sheet):
        return []
    found = []
    for number, cells in book.rows(sheet):
        if number > head and len(cells) <= _NOTE_CELLS and all(cell.kind == "text" for cell in cells.values()):
            found += [cell.text for cell in cells.values() if says_a_unit(cell.text)]
    return found


def _facts(said: Said | None, facts: Mapping[str, Fact]) -> Choices:
    for name in (said or {}).values():
        if name is not None and name not in facts:
            raise BadInput(f"没有名为“{brief(name)}”的填报项，请用填报项的名称指定列。")
    return {number: None if name is None else facts[name] for number, name in (said or {}).items()}


def _first_rows(book: Book | CsvBook, sheet: SheetName) -> list[Row]:
    return [row for row in islice(book.rows(sheet), HEAD_ROWS) if row[0] <= 10 * HEAD_ROWS]


def _best(book: Book | CsvBook, sheets: list[SheetName], words: Vocabulary) -> SheetName | None:
    found: SheetName | None = None
    for sheet in sheets:
        head = find_head(_first_rows(book, sheet), book.marks(sheet).merged, words)
        if head is not None and len(head.columns) > 1:
            return sheet
        if found is None and head is not None and head.columns:
            found = sheet
    return found


def _first_filled(book: Book | CsvBook, sheets: list[SheetName]) -> SheetName | None:
    return next((sheet for sheet in sheets if _first_rows(book, sheet)), None)


def _headless(book: Book | CsvBook, path: str, sheet: SheetName, words: Vocabulary) -> BadInput:
    first = next(iter(book.rows(sheet)), None)
    named = f"文件“{path}”工作表“{sheet.title}”"
    if first is None:
        return BadInput(f"{named}的第一行是空的，请写填报项的名称作列名。")
    if isinstance(book, CsvBook) and (at := first_cut(first[1])) is not None:
        return _cut_head(book, first, at)
    head = find_head([first], (), words)
    if head is not None and head.told:
        return BadInput(f"{named}没有能读取的列：{head.told[0]}，请核对列名和单位。")
    shown = brief("、".join(brief(cell.text, 12) for cell in first[1].values()), 60)
    text = next((cell.text for cell in first[1].values() if words.meant(cell.text)), "")
    return BadInput(f"{named}前 {HEAD_ROWS} 行里没有一个列名是填报项（如“{shown}”{words.meant(text)}），请核对列名。")


def _other_sheets(book: Book | CsvBook, read: SheetName, awards: SheetName | None, wanted: str | None) -> list[str]:
    told = []
    for sheet in [one for one in book.sheets if one is not read and one is not awards][:MOST_NAMED]:
        if book.marks(sheet).cells:
            hidden = "隐藏的" if sheet.hidden else ""
            told.append(f"读取的是工作表“{read.title}”，{hidden}工作表“{sheet.title}”有内容，没有读取")
    if read.hidden and wanted is None:
        told.append(f"工作表“{read.title}”是隐藏的，仍已读取")
    return told


def shape_of(head: Head) -> str:
    """A digest of a head's words by column: lists with the same shape are the same list at another time."""
    words = "\n".join(f"{number}\t{fold(text)}" for number, text in sorted(head.words.items()) if fold(text))
    return sha256(words.encode()).hexdigest()
