"""What is found while a sheet of a list is read: cells that could not be taken, remarks with their places, rows passed over."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from pinggu_desk.documents.books.grid import Area, Cell, column_letters, first_cut
from pinggu_desk.documents.books.heads import Column
from pinggu_desk.documents.books.lines import is_line, is_numeral, is_signed, is_total
from pinggu_desk.policy.characters import brief, plain_text
from pinggu_desk.policy.columns import fold
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.identity import shown as code_shown
from pinggu_desk.policy.masking import cover

#: the bad cells that are listed one by one; more are counted
MOST_LISTED = 20_000
#: what a sentence quotes of a cell, and how many figures make it a number that belongs to somebody
_QUOTED, _FIGURES = re.compile(r"“([^”]*)”"), 5
#: the places that one sentence names
MOST_NAMED = 5
#: what is said of bytes that are no character, and what to do
CUT_WORDS, CUT_REMEDY = "有读不出的字节，像是半个汉字", "请在原来的程序里改正，或另存为 .xlsx 再读"


@dataclass(frozen=True, slots=True)
class Bad:
    """What could not be taken: where it stands (no column: the whole row), what was given, and one sentence with the remedy."""

    sheet: str
    row: int
    column: str
    head: str
    given: str
    sentence: str


@dataclass(slots=True)
class Passed:
    """Rows that hold no applicant, by number."""

    blank: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)

    def takes(
        self, number: int, own: Mapping[int, Cell], given: Mapping[int, Cell], words: Mapping[int, str], across: Area | None,
        names: Collection[int],
    ) -> bool:  # fmt: skip
        """Whether a row (its cells, those of columns that are read) holds nothing to read; it is counted by what it holds.

        ``words`` are those of the head, ``across`` is the row's merge over columns, ``names`` are the columns of names.
        """
        texts = [plain_text(cell.text) for cell in own.values() if cell.kind == "text"]
        signed = len(texts) == len(own) and all(map(is_signed, texts))
        lone = [plain_text(cell.text) for cell in given.values()] if given.keys() <= set(names) else []
        part = any(is_numeral(cell.text) for column, cell in own.items() if column not in given and cell.kind == "text")
        if not own:
            self.blank.append(number)
        elif given and all(fold(cell.text) == fold(words.get(column, "")) for column, cell in given.items()):
            self.heads.append(number)
        elif any(map(is_total, texts[:3])):
            self.totals.append(number)
        elif (
            not given
            or signed
            or (lone and (part or any(map(is_line, lone))))
            or (len(own) == 1 and texts and across is not None and across.left in own)
        ):
            self.notes.append(number)
        else:
            return False
        return True

    def lines(self) -> list[str]:
        """What was passed over, a clause each."""
        kinds = (
            (self.blank, "没有内容，已略过"), (self.heads, "与列名相同，已略过"), (self.totals, "是合计，已略过"),
            (self.notes, "是说明文字，已略过"),
        )  # fmt: skip
        return [f"{rows_named(rows)}{words}" for rows, words in kinds if rows]


@dataclass(slots=True)
class Findings:
    """What is found in one sheet. A person's number is given back with its middle hidden, unless ``whole`` is set."""

    sheet: str
    whole: bool = False
    bad: list[Bad] = field(default_factory=list)
    bad_count: int = 0
    remarks: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, row: int, column: Column | None, given: str, sentence: str) -> None:
        """Note what could not be taken."""
        self.bad_count += 1
        if len(self.bad) < MOST_LISTED:
            where = (column.letters, column.words) if column else ("", "")
            fact = column.fact if column is not None else None
            self.bad.append(
                Bad(self.sheet, row, *where, brief(self.told(given, fact), 60), self.quoting(sentence, fact))
            )

    def refuse_cut(self, row: int, cells: Mapping[int, Cell], columns: Sequence[Column]) -> bool:
        """Note a row with bytes that are no character: what stands in it, and in which column, is not sure. Whether it is one."""
        if (at := first_cut(cells)) is None:
            return False
        column = next((one for one in columns if one.number == at), None)
        self.refuse(
            row, column, cells[at].text, f"这一行 {column_letters(at)} 列{CUT_WORDS}，整行没有读取，{CUT_REMEDY}。"
        )
        return True

    def remark(self, words: str, place: str, fact: Fact | None = None) -> None:
        """Note what is worth a second look at a place (``C5``), of a fact where the words may quote the cell."""
        self.remarks.setdefault(self.quoting(words, fact), []).append(place)

    def told(self, text: str, fact: Fact | None) -> str:
        """What is given of a fact as it may be told."""
        return text if fact is None or self.whole else masked(fact, text)

    def quoting(self, sentence: str, fact: Fact | None) -> str:
        """A sentence of a fact, the numbers that it quotes covered as the fact's are."""
        if fact is None or self.whole or not covers(fact):
            return sentence
        return _QUOTED.sub(lambda found: f"“{_covered_quote(fact, found[1])}”", sentence)

    def remark_lines(self) -> list[str]:
        """The remarks with their places, a clause each."""
        out = []
        for words, places in self.remarks.items():
            more = f"等 {len(places)} 处" if len(places) > MOST_NAMED else ""
            out.append(f"{'、'.join(places[:MOST_NAMED])}{more}：{words}")
        return out


def rows_named(rows: list[int]) -> str:
    """``第 3、4 行``; of many the first."""
    named = "、".join(map(str, rows[:MOST_NAMED]))
    return f"第 {named} 行{f'等 {len(rows)} 行' if len(rows) > MOST_NAMED else ''}"


def masked(fact: Fact, text: str) -> str:
    """What a list may show of a person's number (also one that was put where the credit code belongs), a telephone, an account."""
    told = code_shown(text, "个人" if fact.personal else "") if fact.personal or fact.party == "代码" else text
    return cover(fact.cover, told)


def covers(fact: Fact) -> bool:
    """Whether a list covers what is given of a fact."""
    return bool(fact.cover) or fact.personal or fact.party == "代码"


def _covered_quote(fact: Fact, text: str) -> str:
    return masked(fact, text) if sum(map(str.isdigit, text)) >= _FIGURES else text


def place_of(column: int, row: int) -> str:
    """``C5``."""
    return f"{column_letters(column)}{row}"
