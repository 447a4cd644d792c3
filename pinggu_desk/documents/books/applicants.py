"""A list of applicants in (名单): one row each, whatever stands around them; read in chunks, never whole.

Good rows are done, and whatever could not be taken is told: cells (sheet, row, column, what, remedy), rows without a name,
columns that no fact is named by, sheets that were not read, what is hidden or merged. Cells are read as the desk reads
answers (see :mod:`~pinggu_desk.documents.books.cells`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from itertools import islice
from typing import Any

from typing_extensions import override

from pinggu_desk.documents.books import apart, quick
from pinggu_desk.documents.books.cells import as_seen, no_code, reader
from pinggu_desk.documents.books.chosen import OpenList, Said, choose_sheet
from pinggu_desk.documents.books.columnwise import Block, ColumnwiseReader, Fault, can_read
from pinggu_desk.documents.books.csvlist import ENDINGS, CsvBook
from pinggu_desk.documents.books.findings import MOST_NAMED, Bad, Findings, Passed, place_of, rows_named
from pinggu_desk.documents.books.grid import Area, Cell, Row, column_letters
from pinggu_desk.documents.books.heads import Column, Head
from pinggu_desk.documents.books.merges import is_shared, name_above
from pinggu_desk.documents.books.pastawards import Key, PastAwards
from pinggu_desk.documents.books.rows import Listed, Rows, shown_of
from pinggu_desk.documents.books.xlsx import Book
from pinggu_desk.policy.characters import brief, plain_name, plain_text
from pinggu_desk.policy.errors import BadAnswer
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.identity import normal_code
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.quantity import Dim


def open_book(path: str) -> Book | CsvBook:
    """The file of a list, looked through: what is damaged or out of all bounds is refused (BadInput) before anything else."""
    if path.lower().endswith(ENDINGS):
        return CsvBook(path)
    book = Book(path)
    try:
        for sheet in book.sheets:
            book.marks(sheet)
    except BaseException:
        book.close()
        raise
    return book


class EnterpriseList(OpenList):
    """An open list: its facts by column, then its rows. Use as a context manager; raises BadInput where nothing can be read.

    A person's number is given back with its middle hidden, unless ``whole`` is set. Whoever will ask for all rows, in chunks of
    ``chunk``, says so at once: of a long list a second process then begins to read them (see ``apart``).
    """

    def __init__(
        self, path: str, pack: Pack, sheet: str | None = None, book: Book | CsvBook | None = None,
        *, whole: bool = False, said: Said | None = None, any_head: bool = False, chunk: int = 0,
    ) -> None:  # fmt: skip
        self.path = path
        self._book = book or open_book(path)
        self._awards: PastAwards | None = None
        self._pack = pack
        try:
            self._passed = Passed()
            self._formulas = 0
            self._unnamed: dict[int, int] = {}
            chosen = choose_sheet(self._book, path, pack, sheet, said, any_head=any_head)
            self._sheet, self._marks, self._head = chosen.sheet, chosen.marks, chosen.head
            self._awards_sheet, self._told = chosen.awards, chosen.told
            self._found = Findings(self._sheet.title, whole)
            #: how many applicants the sheet has at most
            self.claimed = max(self._marks.rows - self._head.row, 0)
            self.facts: list[Fact] = list({column.fact.name: column.fact for column in self._head.columns}.values())
            self._place_of = {fact.name: index for index, fact in enumerate(self.facts)}
            first_1904 = self._book.first_day_1904
            self._readers = {column.number: reader(column, first_1904) for column in self._head.columns}
            self._by_number = {column.number: column for column in self._head.columns}
            self._names = [c.number for c in self._head.columns if c.fact.party == "名称"]
            self._looked = self._book.looked(self._sheet) if isinstance(self._book, Book) else None
            self._by_columns = self._looked is not None and can_read(self._head, self._looked.marks)
            self._downward = sorted(area for area in self._marks.merged if area.bottom > area.top)
            self._across = {a.top: a for a in self._marks.merged if a.right > a.left and a.top > self._head.row}
            self._helper = self._begin(chunk) if chunk else None
        except BaseException:
            self._book.close()
            raise

    @override
    def __exit__(self, *_: object) -> None:
        if self._helper is not None:
            self._helper.close()
        super().__exit__()

    def _begin(self, chunk: int) -> apart.Helper | None:
        """The second process that reads the rows, where it pays."""
        if not isinstance(self._book, Book) or self._looked is None or not self._by_columns:
            return None
        if self.claimed < apart.LEAST_ROWS or apart.cores() < 2:
            return None
        job = apart.job_of(
            self._book, self._sheet, self._head, self._across, chunk,
            formulas=self._looked.formulas, whole=self._found.whole,
        )  # fmt: skip
        return apart.helper_for(job, self._head.columns)

    @property
    def awards_sheet(self) -> str:
        """The title of the sheet of past awards; empty where there is none."""
        return self._awards_sheet.title if self._awards_sheet is not None else ""

    @property
    def head(self) -> Head:
        """The head of the list: its row, what each column holds."""
        return self._head

    def samples(self, rows: int) -> dict[int, list[str]]:
        """The first cells of each column below the head, as they are seen."""
        found: dict[int, list[str]] = {}
        for _, cells in islice(self._below(), rows):
            for column, cell in cells.items():
                found.setdefault(column, []).append(brief(plain_text(as_seen(cell, self._book.first_day_1904)), 30))
        return found

    def _below(self) -> Iterator[Row]:
        fast = isinstance(self._book, Book) and self._looked is not None and self._by_columns
        rows = (
            quick.rows(self._book, self._sheet)
            if fast and isinstance(self._book, Book)
            else self._book.rows(self._sheet)
        )
        return (row for row in rows if row[0] > self._head.row)

    # --- what is told ---

    def told(self) -> list[str]:
        """What a clerk should know of how the list was read, a sentence each; whole once all rows are read."""
        letters = [column_letters(n) for n in self._hidden_columns()]
        hidden = [row for row in self._marks.hidden_rows if row > self._head.row]
        lines = [*self._told, *self._head.told]
        if self._head.row > 1:
            lines.append(f"列名取自第 {self._head.row} 行，以上各行没有读取")
        if hidden:
            lines.append(f"{rows_named(hidden)}是隐藏的，仍已读取")
        lines += self._passed.lines()
        for column, row in sorted(self._unnamed.items())[:MOST_NAMED]:
            lines.append(f"{column_letters(column)}列没有列名而有内容（如 {column_letters(column)}{row}），没有读取")
        if letters:
            lines.append(f"{'、'.join(letters[:MOST_NAMED])}列是隐藏的，仍已读取")
        if self._formulas:
            lines.append(f"{self._formulas} 个单元格是公式，按文件里保存的结果读取")
        lines += self._found.remark_lines()
        if self._awards is not None:
            lines += self._awards.told()
        return [f"{line}。" for line in lines]

    def _hidden_columns(self) -> list[int]:
        spans = self._marks.hidden_columns
        return [c.number for c in self._head.columns if any(first <= c.number <= last for first, last in spans)]

    @property
    def bad(self) -> list[Bad]:
        """What could not be taken so far, the awards' sheet included; the first of many."""
        return [*self._found.bad, *(self._awards.found.bad if self._awards else ())]

    @property
    def bad_count(self) -> int:
        """How much could not be taken so far."""
        return self._found.bad_count + (self._awards.found.bad_count if self._awards else 0)

    def refuse(self, row: int, column: Column | None, given: str, sentence: str) -> None:
        """Note what could not be taken."""
        self._found.refuse(row, column, given, sentence)

    def note(self, words: str, row: int, column: Column) -> None:
        """Note what is worth a second look in a row (in 说明, with the places); the value stands."""
        self._found.remark(words, f"{column.letters}{row}", column.fact)

    def column_of(self, fact: str) -> Column | None:
        """The column that a fact stands in."""
        return next((column for column in self._head.columns if column.fact.name == fact), None)

    def place(self, bad: Bad) -> str:
        """``工作表“名单”C5``."""
        return f"工作表“{bad.sheet}”{bad.column}{bad.row}" if bad.column else f"工作表“{bad.sheet}”第 {bad.row} 行"

    # --- past awards ---

    def past_awards(self, on: date) -> PastAwards | None:
        """What the workbook's sheet of past awards (以往奖励) says of the applicants, counted on ``on``; None without one."""
        if self._awards_sheet is not None and self._awards is None:
            past = PastAwards(self._book, self._awards_sheet, self._pack, on, whole=self._found.whole)
            past.match(self._keys(*past.wanted()))
            self._awards = past
        return self._awards

    def _keys(self, names: frozenset[str], codes: frozenset[str]) -> Iterator[Key]:
        """The rows of the applicants that bear one of those names or codes."""
        coded = [c.number for c in self._head.columns if c.fact.party == "代码"]
        for group in self._groups():
            for number, cells in group:
                areas = [a for a in self._downward if a.top <= number <= a.bottom]
                name, top = self._name_of(number, cells, areas, group)
                own = tuple(code for column in coded if column in cells for code in self._code(column, cells[column]))
                if name in names or not codes.isdisjoint(own):
                    yield Key(number, name, own, top)

    def _name_of(self, number: int, cells: Mapping[int, Cell], areas: list[Area], group: list[Row]) -> tuple[str, int]:
        """The folded name of a row, and the row that it stands in."""
        for column in self._names:
            if column in cells:
                return plain_name(cells[column].text), number
        found = name_above(self._names, number, cells, areas, group)
        return (plain_name(found[0]), found[2]) if found else ("", number)

    def _code(self, column: int, cell: Cell) -> Iterator[str]:
        if no_code(self._by_number[column].fact, cell) is not None:
            return
        with suppress(BadAnswer):  # it is listed where the row is read
            yield normal_code(str(self._readers[column](cell).value))

    # --- rows ---

    def chunks(self, rows: int) -> Iterator[Rows]:
        """The applicants, so many at a time; rows without one are passed over and counted."""
        if self._by_columns:
            yield from filter(len, map(self._of_block, self._blocks(rows)))
            return
        chunk: list[Listed] = []
        for group in self._groups():
            for number, cells in group:
                listed = self._row(number, cells, group)
                if listed is not None:
                    chunk.append(listed)
                if len(chunk) == rows:
                    yield Rows.of(self.facts, chunk)
                    chunk = []
        if chunk:
            yield Rows.of(self.facts, chunk)

    def _blocks(self, rows: int) -> Iterator[Block]:
        """The rows read by columns: what the second process gives, and from there on what it doesn't."""
        assert isinstance(self._book, Book) and self._looked is not None
        after, helper = self._head.row, self._helper
        try:
            for block in helper.blocks() if helper is not None else ():
                if block is None:
                    return
                yield block
                after = block.numbers[-1]
        finally:
            if helper is not None:
                helper.close()
        cells = quick.Cells(self._book)
        reader = ColumnwiseReader(
            self._head, self.facts, lambda column: self._readers[column.number], cells, set(self._across),
            formulas=self._looked.formulas, whole=self._found.whole,
        )  # fmt: skip
        yield from reader.blocks(quick.blocks(self._book, self._sheet, after, rows))

    def _of_block(self, block: Block) -> Rows:
        found = Rows(block.numbers, block.answers, [shown_of(answers) for answers in block.answers], {})
        for place, texts in block.shown.items():
            for at, text in texts.items():
                found.show(at, place, text)
        faults: dict[int, list[Fault]] = {}
        for fault in sorted(block.faults, key=lambda fault: fault.column.number):
            faults.setdefault(fault.at, []).append(fault)
        passed: set[int] = set()
        for at in sorted({*block.odd, *faults}):
            if at in faults:
                self._note(found, at, faults[at])
                continue
            number, cells = block.numbers[at], block.odd[at]
            listed = self._row(number, cells, [(number, cells)]) if cells else None
            if listed is None:
                passed.add(at)
            else:
                found.put(at, listed)
        self._formulas += block.formulas
        for column, at in block.unnamed.items():
            self._unnamed.setdefault(column, block.numbers[at])
        return found.without(passed)

    def _note(self, rows: Rows, at: int, faults: list[Fault]) -> None:
        """List what could not be taken of the applicant at a place."""
        number = rows.numbers[at]
        for fault in faults:
            if not fault.sentence:
                self._found.remark(fault.remark, f"{fault.column.letters}{number}", fault.column.fact)
                continue
            self.refuse(number, fault.column, fault.cell.text, fault.sentence)
            fact = fault.column.fact
            rows.show(at, self._place_of[fact.name], brief(self._found.told(fault.cell.text, fact), 60))
        if names := [fault.column.fact.name for fault in faults if fault.sentence]:
            rows.note_faults(at, names)

    def _groups(self) -> Iterator[list[Row]]:
        """Rows below the head, those that merged cells hold together in one list."""
        group: list[Row] = []
        until, place = 0, 0
        for number, cells in self._below():
            if group and number > until:
                yield group
                group = []
            while place < len(self._downward) and self._downward[place].top <= number:
                until = max(until, self._downward[place].bottom)
                place += 1
            group.append((number, cells))
        if group:
            yield group

    def _row(self, number: int, cells: Mapping[int, Cell], group: list[Row]) -> Listed | None:
        if self._found.refuse_cut(number, cells, self._head.columns):
            return None
        own = {c: cell for c, cell in cells.items() if cell.kind != "text" or plain_text(cell.text)}
        given = {column: own[column] for column in self._by_number if column in own}
        if self._passed.takes(number, own, given, self._head.words, self._across.get(number), self._names):
            return None
        areas = [a for a in self._downward if a.top <= number <= a.bottom] if self._downward else []
        name = self._merged_name(number, given, areas, group)
        if self._names and name is None and not any(column in given for column in self._names):
            self.refuse(number, None, "", "这一行没有申请人名称，没有测算，请补上名称。")
            return None
        width = len(self.facts)
        shown: list[Any] = [None] * width
        values: list[int | str | None] = [None] * width
        faults: list[str] = []
        if name is not None:
            place = self._place_of[self._by_number[self._names[0]].fact.name]
            shown[place] = values[place] = name
        for column, cell in given.items():
            self._take(number, self._by_number[column], cell, areas, group, shown, values, faults)
        for column in own:
            if column not in self._head.words:
                self._unnamed.setdefault(column, number)
        if all(value is None for value in values) or (self._names and not self._named(values)):
            return None  # what is wrong with its cells is listed
        return Listed(number, tuple(shown), tuple(values), tuple(dict.fromkeys(faults)))

    def _named(self, values: list[int | str | None]) -> bool:
        """Whether the row's name could be read; the cell itself is listed where not."""
        return bool(values[self._place_of[self._by_number[self._names[0]].fact.name]])

    def _merged_name(self, number: int, given: Mapping[int, Cell], areas: list[Area], group: list[Row]) -> str | None:
        """The name that is merged downwards over this row from above."""
        found = name_above(self._names, number, given, areas, group)
        if found is not None:
            self._found.remark("名称所在单元格与上一行合并，按同一个名称测算", place_of(found[1], number))
        return found[0] if found else None

    def _take(
        self, number: int, column: Column, cell: Cell, areas: list[Area], group: list[Row], shown: list[Any],
        values: list[int | str | None], faults: list[str],
    ) -> None:  # fmt: skip
        """Read one cell into its fact's place, or list it."""
        fact, place = column.fact, self._place_of[column.fact.name]
        if (words := no_code(fact, cell)) is not None:
            if words:
                self._found.remark(words, f"{column.letters}{number}", fact)
            return
        try:
            if fact.party != "名称" and is_shared(number, column.number, areas, group, self._across, self._by_number):
                raise BadAnswer(f"“{fact.name}”的单元格是合并的，看不出属于哪一行哪一列，请取消合并后逐格填写。")
            read = self._readers[column.number](cell)
            if values[place] is not None and values[place] != read.value:
                raise BadAnswer(f"“{fact.name}”有两列，这一行两列的值不同，请只留一个。")
        except BadAnswer as error:
            self.refuse(number, column, cell.text, error.sentence)
            faults.append(fact.name)
            told = brief(self._found.told(cell.text, fact), 60)
            shown[place], values[place] = told if fact.dim is Dim.TEXT else None, None
            return
        if fact.name in faults:
            return
        self._formulas += cell.formula
        if read.remark:
            self._found.remark(read.remark, f"{column.letters}{number}", fact)
        values[place] = read.value
        if isinstance(read.value, str):
            shown[place] = self._found.told(read.value, fact)
