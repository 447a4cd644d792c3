"""The past awards (以往奖励) that a list brings along on a sheet of their own: one row each, by name or code.

An award that cannot be read leaves all of its applicant's awards unknown: those left would come to too little, and what is
still to be had to too much. No row proves nothing either; a row that says 无 does. Only the year (or month) of an award
need be known where no day of it would change an answer, which is everywhere but around the day of judgement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import NamedTuple

from pinggu_desk.assess.awards import AMOUNT, AWARDED, Award, BenefitWords
from pinggu_desk.documents.books.awarddays import Period, period_of, settled
from pinggu_desk.documents.books.cells import no_code, reader
from pinggu_desk.documents.books.csvlist import CsvBook
from pinggu_desk.documents.books.findings import Findings, Passed, place_of, rows_named
from pinggu_desk.documents.books.grid import Area, Cell, SheetName
from pinggu_desk.documents.books.heads import HEAD_ROWS, Column, Head, Vocabulary, find_head
from pinggu_desk.documents.books.xlsx import Book
from pinggu_desk.policy.characters import brief, plain_name, plain_text
from pinggu_desk.policy.columns import ColumnWords, fold
from pinggu_desk.policy.errors import BadAnswer, BadInput
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.identity import normal_code
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.usual import doubt_of

#: what the sheet may be called
TITLES = frozenset(
    "以往奖励 以往奖励情况 以往奖励明细 以往奖励表 以往已领奖励 已领奖励 已享受支持 历年奖励 历史奖励 awards pastawards".split()
)
#: more rows than this are no past awards of one list
_MOST_ROWS = 200_000
#: what says in a row that its applicant never had an award, and what may stand in its other cells
_NONE = frozenset(
    "无 没有 从未 从未领过 没有领过 未领过 未领取 未享受 未享受过 从未享受 无奖励 无以往奖励 以前没有领过".split()
)
_NOTHING = _NONE | {"0", "-", "—", "/"}
_POLICY = Fact.model_validate({"名": "政策", "代号": "policy", "类": "文本", "问": "政策"})
_BENEFIT = Fact.model_validate({"名": "支持事项", "代号": "benefit", "类": "文本", "问": "支持事项"})
_YEAR = Fact.model_validate({"名": "奖励年份", "代号": "year", "类": "文本", "问": "奖励年份"})
_OWN = {fact.name: fact for fact in (_POLICY, _BENEFIT, AMOUNT, AWARDED, _YEAR)}
#: other names of the columns
_WORDS = {
    "政策": "政策名称 政策文件 文件名称 办法 政策编号",
    "支持事项": "支持事项名称 支持事项编号 事项 事项名称 奖励事项 奖励名称 奖励项目 奖补事项 奖补项目 补贴名称 补贴项目 奖励 支持项目"
    " 支持内容 奖励内容 奖项",
    "奖励金额": "金额 amount 领取金额 已领金额 已领取金额 奖补金额 补贴金额 支持金额 拨付金额 发放金额 兑现金额 实拨金额",
    "奖励日期": "日期 date 时间 领取日期 领取时间 拨付日期 拨付时间 发放日期 发放时间 兑现日期 兑现时间 奖励时间 获奖日期",
    "奖励年份": "年份 年度 奖励年度 领取年份 领取年度 拨付年度 拨付年份 发放年度 发放年份 兑现年度 兑现年份",
}
#: columns that have no bearing on anything
_PASSED = frozenset("事由 matter 文号 拨付文号 资金来源 来源 主管部门 部门".split())


def lacking(columns: Iterable[Column]) -> str:
    """Which columns of awards are missing, as words of a sentence; empty where all are there."""
    heads = list(columns)
    here, party = {column.fact.name for column in heads}, any(column.fact.party for column in heads)
    lacks = [
        words for words, there in (
            ("申请人名称（或统一社会信用代码、证件号码）", party), ("支持事项", "支持事项" in here),
            ("奖励金额", "奖励金额" in here), ("奖励日期（或奖励年份）", bool({"奖励日期", "奖励年份"} & here)),
        ) if not there
    ]  # fmt: skip
    return "、".join(lacks)


class Key(NamedTuple):
    """By what a row's applicant is known: the row, the folded name, the codes; the row where a merged name begins."""

    row: int
    name: str
    codes: tuple[str, ...]
    top: int = 0


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row of the sheet: whose it is, the award (None: 无), whether it could not be read."""

    key: Key
    given: Mapping[int, str]
    award: Award | None = None
    faulty: bool = False


def vocabulary(
    pack: Pack, more: Mapping[str, Fact] | None = None, more_words: Mapping[str, str] | None = None
) -> tuple[dict[str, Fact], Vocabulary]:
    """What the columns of past awards may hold, and what they are called; ``more`` are further columns with their other names."""
    party = {fact.name: fact for fact in pack.facts.values() if fact.party in ("名称", "代码")}
    names = {word: fact for word, fact in pack.columns.names.items() if fact in party}
    names |= {fold(word): fact for fact, words in {**_WORDS, **(more_words or {})}.items() for word in words.split()}
    facts = {**party, **_OWN, **(more or {})}
    passed = (pack.columns.passed | _PASSED) - {fold(word) for word in (*names, *facts)}
    return facts, Vocabulary(facts, ColumnWords(names, passed))


def awards_sheet(sheets: Iterable[SheetName]) -> SheetName | None:
    """The sheet of past awards among those of a workbook."""
    return next((sheet for sheet in sheets if fold(sheet.title) in TITLES), None)


class PastAwards:
    """What the sheet says of the applicants of a list, by the list's rows. Raises BadInput where it is out of all bounds."""

    def __init__(self, book: Book | CsvBook, sheet: SheetName, pack: Pack, on: date, *, whole: bool) -> None:
        self.found, self._passed, self._on = Findings(sheet.title, whole), Passed(), on
        self._benefits = BenefitWords(pack)
        self._first_1904 = book.first_day_1904
        self._sheet, self._strangers, self._stated, self._used, self._short = sheet, list[int](), 0, 0, 0
        self._awards: dict[int, tuple[Award, ...]] = {}
        self._faulty: set[int] = set()
        self._marks = book.marks(sheet)
        self._head = self._find_head(book, pack)
        self._columns = {column.fact.name: column for column in self._head.columns}
        self._readers = {c.number: reader(c, self._first_1904) for c in self._head.columns}
        self._keys = [c for c in self._head.columns if c.fact.party in ("名称", "代码")]
        self._names = {c.number for c in self._keys if c.fact.party == "名称"}
        self._entries = list(self._read(book)) if self._usable() else []

    @property
    def sheet(self) -> str:
        """The title of the sheet."""
        return self._sheet.title

    def of(self, row: int) -> tuple[Award, ...] | None:
        """The past awards of the applicant in a row of the list; None where nobody knows them."""
        return None if row in self._faulty else self._awards.get(row)

    def is_faulty(self, row: int) -> bool:
        """Whether the sheet speaks of the row's applicant, and cannot be taken."""
        return row in self._faulty

    def wanted(self) -> tuple[frozenset[str], frozenset[str]]:
        """The folded names and the codes that the sheet speaks of."""
        keys = [entry.key for entry in self._entries]
        return frozenset(key.name for key in keys if key.name), frozenset(code for key in keys for code in key.codes)

    def told(self) -> list[str]:
        """How the sheet was read, a clause each."""
        named = f"工作表“{self._sheet.title}”"
        if not self._entries:
            return [f"{named}没有一行能读取，以往奖励按不知道处理"]
        stated = f"，{self._stated} 个写明没有领过" if self._stated else ""
        lines = [
            f"{named}读取了 {len(self._entries)} 行，对应名单里 {self._used} 行申请人{stated}；列入的即视为他们的全部以往奖励",
            f"名单里没有列入{named}的申请人，以往奖励仍按不知道处理；确实没有领过的，请在“支持事项”一栏写“无”",
        ]
        if self._sheet.hidden:
            lines.append(f"{named}是隐藏的，仍已读取")
        if self._short:
            lines.append(
                f"{named}有 {self._short} 行只写到年或月，按那一年（月）领取计，领取的日子不影响结论；"
                "奖励的年度与领取的年度不同的，请写明领取日期"
            )
        if self._strangers:
            lines.append(f"{named}{rows_named(self._strangers)}的申请人不在名单里，没有用到")
        lines += (f"{named}{line}" for line in (*self._head.told, *self._passed.lines(), *self.found.remark_lines()))
        return lines

    # --- reading the sheet ---

    def _find_head(self, book: Book | CsvBook, pack: Pack) -> Head:
        words = vocabulary(pack)[1]
        first = [row for row in islice(book.rows(self._sheet), HEAD_ROWS) if row[0] <= 10 * HEAD_ROWS]
        return find_head(first, self._marks.merged, words) or Head()

    def _usable(self) -> bool:
        """Whether the columns are there; what is missing is listed once, with the columns that there should be."""
        if lacks := lacking(self._head.columns):
            sentence = f"没有读取，缺这样的列：{lacks}，请补上列名，以往奖励暂按不知道处理。"
            self.found.refuse(max(self._head.row, 1), None, "", sentence)
        return not lacks

    def _read(self, book: Book | CsvBook) -> Iterator[_Entry]:
        merged = self._marks.merged
        downward = sorted(area for area in merged if area.bottom > area.top and area.bottom > self._head.row)
        across = {area.top: area for area in merged if area.right > area.left}
        above: list[tuple[Area, Cell]] = []
        place, count = 0, 0
        numbers = {column.number for column in self._head.columns}
        for number, cells in book.rows(self._sheet):
            if number <= self._head.row:
                continue
            own = {c: cell for c, cell in cells.items() if cell.kind != "text" or plain_text(cell.text)}
            given = {column: cell for column, cell in own.items() if column in numbers}
            if self._passed.takes(number, own, given, self._head.words, across.get(number), self._names):
                continue
            count += 1
            if count > _MOST_ROWS:
                raise BadInput(f"工作表“{self._sheet.title}”超过 {_MOST_ROWS} 行，请只留下名单里申请人的以往奖励。")
            above = [one for one in above if one[0].bottom >= number]
            while place < len(downward) and downward[place].top <= number:
                area, place = downward[place], place + 1
                cell = given.get(area.left) if area.top == number else None
                if cell is not None:
                    above.append((area, cell))
            yield self._row(number, {**{a.left: cell for a, cell in above if a.left in numbers}, **given}, above)

    def _row(self, number: int, cells: Mapping[int, Cell], above: list[tuple[Area, Cell]]) -> _Entry:
        given = {column: plain_text(cell.text) for column, cell in cells.items()}
        count = self.found.bad_count
        key = self._key(number, cells)
        rest = [fold(text) for column, text in given.items() if column not in {one.number for one in self._keys}]
        if self.found.bad_count > count:
            return _Entry(key, given, faulty=True)
        if not key.name and not key.codes:
            self.found.refuse(number, None, "", "看不出是谁的奖励，没有读取，请补上申请人名称或代码。")
            return _Entry(key, given, faulty=True)
        if rest and any(text in _NONE for text in rest) and _NOTHING.issuperset(rest):
            return _Entry(key, given)
        award = self._award(number, cells, {area.left for area, _ in above})
        return _Entry(key, given, award, faulty=award is None)

    def _key(self, number: int, cells: Mapping[int, Cell]) -> Key:
        name, codes = "", []
        for column in self._keys:
            text = self._text(number, column, cells)
            if text and column.fact.party == "名称":
                name = name or plain_name(text)
            elif text:
                codes.append(normal_code(text))
        return Key(number, name, tuple(codes))

    def _text(self, number: int, column: Column | None, cells: Mapping[int, Cell]) -> str:
        """A cell of words; empty where there is none, or where it is refused."""
        cell = cells.get(column.number) if column is not None else None
        if column is None or cell is None or no_code(column.fact, cell) is not None:
            return ""
        try:
            return str(self._readers[column.number](cell).value)
        except BadAnswer as error:
            self.found.refuse(number, column, cell.text, error.sentence)
            return ""

    def _award(self, number: int, cells: Mapping[int, Cell], merged: set[int]) -> Award | None:
        """The award of a row; None where a cell of it is refused."""
        count = self.found.bad_count
        policy, benefit = self._benefit(number, cells)
        amount, day = self._amount(number, cells, merged), self._day(number, cells)
        if self.found.bad_count > count or amount is None or day is None:
            return None
        return Award(policy, benefit, amount, day)

    def _benefit(self, number: int, cells: Mapping[int, Cell]) -> tuple[str, str]:
        columns = self._columns.get("政策"), self._columns["支持事项"]
        count = self.found.bad_count
        policy, benefit = (self._text(number, column, cells) for column in columns)
        if self.found.bad_count == count:
            try:
                return self._benefits.find(policy, benefit)
            except BadAnswer as error:
                self.found.refuse(number, columns[1], benefit or policy, error.sentence)
        return "", ""

    def _amount(self, number: int, cells: Mapping[int, Cell], merged: set[int]) -> int | None:
        column = self._columns["奖励金额"]
        cell = cells.get(column.number)
        try:
            if cell is None:
                raise BadAnswer("没有填奖励金额，请补上，不给钱的填 0。")
            if column.number in merged:
                raise BadAnswer("奖励金额的单元格是合并的，看不出每一行是多少，请取消合并后逐行填写。")
            read = self._readers[column.number](cell)
        except BadAnswer as error:
            self.found.refuse(number, column, cell.text if cell is not None else "", error.sentence)
            return None
        assert isinstance(read.value, int)
        for words in (read.remark, doubt_of(AMOUNT, read.value, self._on).rstrip("。")):
            if words:
                self.found.remark(words, place_of(column.number, number))
        return read.value

    def _day(self, number: int, cells: Mapping[int, Cell]) -> date | None:
        """The day, or the last one of the year or month that is given where no other day of it would count otherwise."""
        periods: list[Period] = []
        columns = [c for name in ("奖励日期", "奖励年份") if (c := self._columns.get(name)) is not None]
        column, text = columns[0], ""
        try:
            for column in columns:
                if (cell := cells.get(column.number)) is not None:
                    text = cell.text
                    periods.append(period_of(cell, self._first_1904) or self._exact(number, column, cell))
            if not periods:
                raise BadAnswer("没有填奖励日期，请补上领取的日期，只知道年份的填年份，如“2025年”。")
            inner, outer = periods[0], periods[-1]
            if not outer.first <= inner.first <= inner.last <= outer.last:
                raise BadAnswer(f"奖励年份与奖励日期（{inner.words}）不是同一年，请核对。")
            day = settled(inner, self._on)
        except BadAnswer as error:
            self.found.refuse(number, column, text, error.sentence)
            return None
        self._short += inner.first != inner.last
        if words := doubt_of(AWARDED, day.toordinal(), self._on).rstrip("。"):
            self.found.remark(words, place_of(column.number, number))
        return day

    def _exact(self, number: int, column: Column, cell: Cell) -> Period:
        if column.fact is _YEAR:
            raise BadAnswer(f"奖励年份“{brief(cell.text)}”不是年份，请填成如“2025”或“2025年”。")
        read = self._readers[column.number](cell)
        if read.remark:
            self.found.remark(read.remark, place_of(column.number, number))
        assert isinstance(read.value, int)
        day = date.fromordinal(read.value)
        return Period(day, day, day.isoformat())

    # --- whose awards they are ---

    def match(self, keys: Iterable[Key]) -> None:
        """Hold the sheet against the applicants of the list (those that it may speak of), by code first, then by name."""
        people = _People(keys)
        mine: dict[str, list[_Entry]] = {}
        for entry in self._entries:
            owners, sentence = people.owners(entry.key)
            if sentence and not entry.faulty:
                self.found.refuse(entry.key.row, self._keys[0], entry.given.get(self._keys[0].number, ""), sentence)
            if not owners and (entry.key.name or entry.key.codes):
                self._strangers.append(entry.key.row)
            for owner in owners:
                mine.setdefault(owner, []).append(entry)
                if sentence or entry.faulty:
                    self._faulty.update(people.rows[owner])
            if len(owners) == 1 and people.is_renamed(owners[0], entry.key.name):
                self.found.remark("名称与名单里的不同，按代码对应", place_of(self._keys[0].number, entry.key.row))
        for owner, entries in mine.items():
            self._give(people.rows[owner], entries)

    def _give(self, rows: list[int], entries: list[_Entry]) -> None:
        awards = tuple(entry.award for entry in entries if entry.award is not None)
        plain_none = [entry for entry in entries if entry.award is None and not entry.faulty]
        if plain_none and len(plain_none) < len(entries):
            where = rows_named([one.key.row for one in entries if one.award or one.faulty])
            sentence = f"写着没有领过，{where}却列有同一个申请人的奖励，请核对后删去一处。"
            self.found.refuse(plain_none[0].key.row, self._columns["支持事项"], "无", sentence)
            self._faulty.update(rows)
        self._used += len(rows)
        self._stated += bool(plain_none) * len(rows)
        self._awards.update(dict.fromkeys(rows, awards))
        seen: dict[Award, int] = {}
        for entry in entries:
            if entry.award is not None and (first := seen.setdefault(entry.award, entry.key.row)) != entry.key.row:
                column = self._columns["支持事项"]
                self.found.remark(f"与第 {first} 行完全相同，两行都计入", place_of(column.number, entry.key.row))


class _People:
    """The applicants of a list: rows that one code shows to be one, and of each name those that bear it."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self.rows: dict[str, list[int]] = {}
        self._by_code: dict[str, str] = {}
        self._by_name: dict[str, list[str]] = {}
        self._names: dict[str, set[str]] = {}
        self._coded: set[str] = set()
        merged: dict[int, str] = {}
        for key in keys:
            coded = next((self._by_code[code] for code in key.codes if code in self._by_code), None)
            owner = coded or merged.get(key.top) or (key.codes[0] if key.codes else f"第 {key.row} 行")
            merged.setdefault(key.top or key.row, owner)
            self.rows.setdefault(owner, []).append(key.row)
            self._by_code |= dict.fromkeys(key.codes, owner)
            self._names.setdefault(owner, set()).add(key.name)
            if key.codes:
                self._coded.add(owner)
            bearers = self._by_name.setdefault(key.name, [])
            if owner not in bearers:
                bearers.append(owner)

    def owners(self, key: Key) -> tuple[list[str], str]:
        """Whose a row of the sheet is; where that cannot be told, all whose it may be, with a sentence."""
        for code in key.codes:
            if code in self._by_code:
                return [self._by_code[code]], ""
        bearers = self._by_name.get(key.name, []) if key.name else []
        if len(bearers) > 1:
            named = "这个代码不在名单里，而" if key.codes else ""
            return bearers, f"{named}名单里有 {len(bearers)} 个申请人叫这个名称，看不出是哪一个的奖励，请写明代码。"
        if key.codes and bearers and bearers[0] in self._coded:
            return bearers, "代码与名单里同名申请人的不同，看不出是不是同一个申请人，请核对两处的代码。"
        return bearers, ""

    def is_renamed(self, owner: str, name: str) -> bool:
        """Whether the list knows the applicant by another name only."""
        return bool(name) and name not in self._names[owner]
