"""A department's list of past awards (以前领过的奖励): one row an award, read cell by cell; whose and of which benefit is asked elsewhere.

Only the year or month of an award may be given: then its last day counts, and that is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from pinggu_desk.assess.awards import AMOUNT, AWARDED
from pinggu_desk.documents.books.applicants import open_book
from pinggu_desk.documents.books.awarddays import period_of
from pinggu_desk.documents.books.cells import as_seen, no_code, reader
from pinggu_desk.documents.books.chosen import Named, OpenList, Said, choose_sheet
from pinggu_desk.documents.books.csvlist import CsvBook
from pinggu_desk.documents.books.findings import Findings, Passed, place_of
from pinggu_desk.documents.books.grid import Area, Cell
from pinggu_desk.documents.books.heads import Column, Head
from pinggu_desk.documents.books.pastawards import awards_sheet, lacking, vocabulary
from pinggu_desk.documents.books.xlsx import Book
from pinggu_desk.policy.characters import brief, plain_text
from pinggu_desk.policy.errors import BadAnswer, BadInput
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.identity import normal_code
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.usual import doubt_of

DOCUMENT = Fact.model_validate({"名": "文号", "代号": "document", "类": "文本", "问": "文号"})
MATTER = Fact.model_validate({"名": "事由", "代号": "matter", "类": "文本", "问": "事由"})
_MORE = {fact.name: fact for fact in (DOCUMENT, MATTER)}
_MORE_WORDS = {
    "文号": "拨付文号 批复文号 文件号 发文字号 公示文号 依据文号",
    "事由": "项目 项目名称 奖励事由 备注事由 matter",
}
#: more rows than this are no list that a person has looked through
MOST = 20_000


@dataclass(frozen=True, slots=True)
class AwardRow:
    """One row: whose it is, the words for policy and benefit, the sum in fen, the day (``short``: how much of it was given)."""

    row: int
    name: str
    code: str
    policy: str
    benefit: str
    amount_fen: int
    on: date
    short: str = ""
    document: str = ""
    matter: str = ""


class AwardList(OpenList):
    """An open list of awards: its columns, then its rows. Use as a context manager; raises BadInput where nothing can be read."""

    def __init__(
        self, path: str, pack: Pack, sheet: str | None = None, book: Book | CsvBook | None = None,
        *, said: Said | None = None, any_head: bool = False,
    ) -> None:  # fmt: skip
        self.path = path
        self._book = book or open_book(path)
        try:
            facts, words = vocabulary(pack, _MORE, _MORE_WORDS)
            own = awards_sheet(self._book.sheets) if sheet is None else None
            wanted = sheet or (own.title if own is not None else None)
            chosen = choose_sheet(self._book, path, pack, wanted, said, any_head=any_head, named=Named(facts, words))
            self._sheet, self._marks, self.head = chosen.sheet, chosen.marks, chosen.head
            self._told, self._passed = chosen.told, Passed()
            self.found = Findings(self._sheet.title)
            self.claimed = max(self._marks.rows - self.head.row, 0)
            self._columns: dict[str, list[Column]] = {}
            for column in self.head.columns:
                self._columns.setdefault(column.fact.name, []).append(column)
            self._readers = {c.number: reader(c, self._book.first_day_1904) for c in self.head.columns}
        except BaseException:
            self._book.close()
            raise

    #: awards of awards there are none
    awards_sheet = ""

    def samples(self, rows: int) -> dict[int, list[str]]:
        """The first cells of each column below the head, as they are seen."""
        found: dict[int, list[str]] = {}
        below = (row for row in self._book.rows(self._sheet) if row[0] > self.head.row)
        for _, cells in islice(below, rows):
            for column, cell in cells.items():
                found.setdefault(column, []).append(brief(plain_text(as_seen(cell, self._book.first_day_1904)), 30))
        return found

    def told(self) -> list[str]:
        """How the list was read, a sentence each."""
        lines = [*self._told, *self.head.told]
        if self.head.row > 1:
            lines.append(f"列名取自第 {self.head.row} 行，以上各行没有读取")
        return [f"{line}。" for line in (*lines, *self._passed.lines(), *self.found.remark_lines())]

    @property
    def of_persons(self) -> bool:
        """Whether it asks for a person's number and for no unit's."""
        codes = {column.fact.name for column in self.head.columns if column.fact.party == "代码"}
        return codes == {"证件号码"}

    def lacks(self) -> str:
        """Which columns are missing, as words of a sentence; empty where all are there."""
        return lacking(self.head.columns)

    def rows(self, today: date) -> list[AwardRow]:
        """Every award; a row of which a cell can't be taken is listed in ``found`` and left out. Raises BadInput."""
        if lacks := self.lacks():
            raise BadInput(f"文件“{self.path}”工作表“{self.sheet}”缺这样的列：{lacks}，请补上列名，或指定哪一列是。")
        found = [row for number, cells in self._below() if (row := self._row(number, cells, today)) is not None]
        if len(found) > MOST:
            raise BadInput(f"文件“{self.path}”超过 {MOST:,} 笔，一次看不过来，请分成几份导入。")
        return found

    def _below(self) -> Iterator[tuple[int, Mapping[int, Cell]]]:
        """The rows below the head, with what is merged downwards over them; the sum of a merged cell is nobody's row's."""
        down = sorted(area for area in self._marks.merged if area.bottom > area.top and area.bottom > self.head.row)
        across = {area.top: area for area in self._marks.merged if area.right > area.left}
        names = {c.number for c in self.head.columns if c.fact.party == "名称"}
        numbers, above, place = {c.number for c in self.head.columns}, list[tuple[Area, Cell]](), 0
        for number, cells in self._book.rows(self._sheet):
            if number <= self.head.row:
                continue
            if self.found.refuse_cut(number, cells, self.head.columns):
                continue
            own = {c: cell for c, cell in cells.items() if cell.kind != "text" or plain_text(cell.text)}
            given = {c: cell for c, cell in own.items() if c in numbers}
            if self._passed.takes(number, own, given, self.head.words, across.get(number), names):
                continue
            above = [one for one in above if one[0].bottom >= number]
            while place < len(down) and down[place].top <= number:
                area, place = down[place], place + 1
                cell = given.get(area.left) if area.top == number else None
                if cell is not None:
                    above.append((area, cell))
            money = {c.number for c in self._columns.get("奖励金额", ())}
            if merged := next((area for area, _ in above if area.left in money), None):
                self.found.refuse(
                    number,
                    self._columns["奖励金额"][0],
                    "",
                    f"奖励金额的单元格（第 {merged.top} 至 {merged.bottom} 行）是合并的，看不出每一行是多少，请取消合并后逐行填写。",
                )
                continue
            yield number, {**{a.left: cell for a, cell in above if a.left in numbers}, **given}

    def _row(self, number: int, cells: Mapping[int, Cell], today: date) -> AwardRow | None:
        before = self.found.bad_count
        texts = {name: self._text(number, name, cells) for name in ("政策", "支持事项", "文号", "事由")}
        name, code = self._party(number, "名称", cells), normal_code(self._party(number, "代码", cells))
        amount, day = self._amount(number, cells), self._day(number, cells, today)
        if not name and not code:
            self.found.refuse(number, None, "", "看不出是谁的奖励，没有读取，请补上申请人名称或代码。")
        elif not texts["支持事项"] and self.found.bad_count == before:
            self.found.refuse(number, self._columns["支持事项"][0], "", "没有填支持事项，请补上。")
        if self.found.bad_count > before or amount is None or day is None:
            return None
        return AwardRow(
            number, name, code, texts["政策"], texts["支持事项"], amount, day[0], day[1], texts["文号"], texts["事由"]
        )

    def _party(self, number: int, part: str, cells: Mapping[int, Cell]) -> str:
        names = dict.fromkeys(c.fact.name for c in self.head.columns if c.fact.party == part)
        return next((text for name in names if (text := self._text(number, name, cells))), "")

    def _text(self, number: int, name: str, cells: Mapping[int, Cell]) -> str:
        for column in self._columns.get(name, ()):
            if (cell := cells.get(column.number)) is not None and no_code(column.fact, cell) is None:
                try:
                    return str(self._readers[column.number](cell).value)
                except BadAnswer as error:
                    self.found.refuse(number, column, cell.text, error.sentence)
        return ""

    def _amount(self, number: int, cells: Mapping[int, Cell]) -> int | None:
        column = self._columns["奖励金额"][0]
        cell = cells.get(column.number)
        try:
            if cell is None:
                raise BadAnswer("没有填奖励金额，请补上，不给钱的填 0。")
            read = self._readers[column.number](cell)
        except BadAnswer as error:
            self.found.refuse(number, column, cell.text if cell is not None else "", error.sentence)
            return None
        assert isinstance(read.value, int)
        for words in (read.remark, doubt_of(AMOUNT, read.value, date.today()).rstrip("。")):
            if words:
                self.found.remark(words, place_of(column.number, number))
        return read.value

    def _day(self, number: int, cells: Mapping[int, Cell], today: date) -> tuple[date, str] | None:
        """The day, or the last one of the year or month that is given, with the words that say so."""
        columns = [c for name in ("奖励日期", "奖励年份") for c in self._columns.get(name, ())]
        column, text = columns[0], ""
        try:
            for column in columns:
                if (cell := cells.get(column.number)) is None:
                    continue
                text = cell.text
                period = period_of(cell, self._book.first_day_1904)
                if period is None:  # a column of years may hold whole days
                    value = reader(replace(column, fact=AWARDED), self._book.first_day_1904)(cell).value
                    assert isinstance(value, int)
                    day, short = date.fromordinal(value), ""
                else:
                    day, short = period.last, period.words
                    if period.first <= today < period.last:
                        raise BadAnswer(f"只写到 {period.words}，还没有过完，请写明领取的日期。")
                if day > today:
                    raise BadAnswer(f"奖励日期“{brief(text)}”在今天以后，请核对。")
                return day, short
            raise BadAnswer("没有填奖励日期，请补上领取的日期，只知道年份的填年份，如“2025年”。")
        except BadAnswer as error:
            self.found.refuse(number, column, text, error.sentence)
            return None


def names_of(pack: Pack) -> tuple[str, ...]:
    """What a column of such a list may hold."""
    return tuple(vocabulary(pack, _MORE, _MORE_WORDS)[0])


__all__ = ["AwardList", "AwardRow", "Head", "names_of"]
