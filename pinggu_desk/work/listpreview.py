"""How a list (名单) would be read, shown before it is: each column with its fact, so that a clerk can correct the match."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

from pinggu_desk.assess.engine import Engine
from pinggu_desk.documents.books.applicants import EnterpriseList
from pinggu_desk.documents.books.awardlist import AwardList
from pinggu_desk.documents.books.chosen import shape_of
from pinggu_desk.documents.books.csvlist import CsvBook
from pinggu_desk.documents.books.grid import column_letters
from pinggu_desk.documents.books.heads import Column
from pinggu_desk.documents.books.xlsx import Book
from pinggu_desk.policy.identity import shown
from pinggu_desk.policy.masking import cover
from pinggu_desk.policy.models import Pack

#: by what a column was matched: the fact's own name, another name, an earlier list's choice, the clerk's; or not at all
Why = Literal["名称", "同义", "记得", "改定", "略过", "未识别"]
_SAMPLES = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """One column: its number and letters, the words of its head, the fact that it is read as (None: not read).

    ``unit`` is the unit of its bare numbers in words; ``why`` tells by what it was matched (略过: words of no bearing, or a
    column that was left out by choice); ``samples`` are its first cells.
    """

    number: int
    letters: str
    head: str
    fact: str | None
    unit: str
    why: Why
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A list before it is run: the sheet that is read, its head's row, how many rows it has at most, its columns.

    ``shape`` is the same for every list with the same words in the same columns; ``told`` says how it is read.
    """

    path: str
    sheet: str
    sheets: tuple[str, ...]
    head_row: int
    claimed: int
    columns: tuple[Seen, ...]
    awards_sheet: str
    told: tuple[str, ...]
    shape: str


def preview(
    engine: Engine, source: str, sheet: str | None = None, choices: Mapping[int, str | None] | None = None,
    *, remembered: Mapping[int, str | None] | None = None, opened: Book | CsvBook | None = None,
) -> Preview:  # fmt: skip
    """How the list ``source`` is read; raises BadInput where nothing in it can be.

    ``choices`` are the clerk's own (column number -> name of the fact, None to leave it out), ``remembered`` those of an
    earlier list of the same shape, which count where the clerk chose nothing. A list of which no head is known is shown as
    well: its columns wait for choices.
    """
    own, kept = dict(choices or {}), dict(remembered or {})
    with EnterpriseList(source, engine.pack, sheet, opened, said={**kept, **own}, any_head=True) as listed:
        return seen_of(listed, own, kept)


def preview_awards(
    pack: Pack, source: str, sheet: str | None = None, choices: Mapping[int, str | None] | None = None,
    *, remembered: Mapping[int, str | None] | None = None,
) -> Preview:  # fmt: skip
    """The same of a department's list of past awards; its shape is apart from that of a list of applicants."""
    own, kept = dict(choices or {}), dict(remembered or {})
    with AwardList(source, pack, sheet, said={**kept, **own}, any_head=True) as listed:
        found = seen_of(listed, own, kept)
        lacks = listed.lacks()
    told = (f"还缺这样的列：{lacks}，请指定哪一列是。", *found.told) if lacks else found.told
    return replace(found, shape=awards_shape(found.shape), told=told)


def awards_shape(shape: str) -> str:
    """By what the columns of a list of awards are remembered: the same heads may mean something else in one of applicants."""
    return sha256(f"以往奖励\n{shape}".encode()).hexdigest()


def seen_of(
    listed: EnterpriseList | AwardList, own: Mapping[int, str | None], kept: Mapping[int, str | None]
) -> Preview:  # fmt: skip
    """How an open list is read."""
    head, samples = listed.head, listed.samples(_SAMPLES)
    read = {column.number: column for column in head.columns}
    seen = []
    for number in sorted({*head.words, *samples}):
        column = read.get(number)
        why: Why = "改定" if number in own else "记得" if number in kept else _why(column, number in head.passed)
        if number in {*own, *kept} and {**kept, **own}[number] is None:
            why = "略过"
        seen.append(Seen(
            number, column_letters(number), head.words.get(number, ""), column.fact.name if column else None,
            _unit_words(column), why, tuple(_sample(column, text) for text in samples.get(number, ())),
        ))  # fmt: skip
    return Preview(
        listed.path, listed.sheet, listed.sheets, head.row, listed.claimed, tuple(seen), listed.awards_sheet,
        tuple(listed.told()), shape_of(head),
    )  # fmt: skip


def _why(column: Column | None, passed: bool) -> Why:
    if column is None:
        return "略过" if passed else "未识别"
    return "名称" if column.exact else "同义"


def _sample(column: Column | None, text: str) -> str:
    """A cell as a screen may show it: a person's number hidden, in whichever column it stands."""
    return cover(column.fact.cover, text) if column is not None and column.fact.cover else shown(text)


def _unit_words(column: Column | None) -> str:
    if column is None:
        return ""
    unit = column.unit
    if unit is None:
        return column.fact.input_unit
    return f"{_MULTIPLES.get(unit.times, str(unit.times))}{unit.of(column.fact)}"


_MULTIPLES = {
    1: "", 10: "十", 100: "百", 1000: "千", 10_000: "万", 100_000: "十万", 1_000_000: "百万", 10_000_000: "千万", 100_000_000: "亿",
}  # fmt: skip
