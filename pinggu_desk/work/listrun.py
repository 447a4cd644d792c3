"""A list of applicants worked out chunk by chunk, for whoever takes the chunks: a workbook, a screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import numpy as np

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.columns import ColumnEngine, Given
from pinggu_desk.assess.engine import Engine
from pinggu_desk.assess.tally import Tally, tally
from pinggu_desk.documents.books.applicants import EnterpriseList
from pinggu_desk.documents.books.chosen import Said
from pinggu_desk.documents.books.csvlist import CsvBook
from pinggu_desk.documents.books.findings import Bad
from pinggu_desk.documents.books.pastawards import PastAwards
from pinggu_desk.documents.books.rows import Rows
from pinggu_desk.documents.books.xlsx import Book
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.facts import PRIOR
from pinggu_desk.policy.identity import who_by
from pinggu_desk.policy.quantity import Dim
from pinggu_desk.work.doubts import note_doubts
from pinggu_desk.work.twice import Twice

#: rows worked through at a time, the first ones apart; with half as many a long list takes a fifth longer
CHUNK = 8192
_PAST = "以往奖励"
Key = tuple[str, str]
#: past awards of applicants by name and code, None where nobody knows
AwardsOf = Callable[[Sequence[Key]], Sequence[tuple[Award, ...] | None]]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some applicants, in the list's order: their rows, what is given of them by fact, their awards, what it comes to."""

    rows: Rows
    given: Mapping[str, Given]
    awards: Sequence[tuple[Award, ...] | None]
    tally: Tally


@dataclass
class Done:
    """What a run came to: applicants, what could not be taken (all, and the first of it), how the list was read."""

    applicants: int = 0
    bad: int = 0
    found: list[Bad] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    awards_sheet: str = ""
    sheet: str = ""


class Sink(Protocol):
    """Takes what is worked out."""

    def start(self, names: Sequence[str]) -> None:
        """Hear the names of the facts that are given, in the order of ``Listed.values``."""

    def chunk(self, chunk: Chunk) -> None:
        """Take some applicants."""

    def finish(self, done: Done) -> None:
        """Hear that all were given."""


def run_list(
    engine: Engine, source: str, on: date, sinks: Sequence[Sink], *, sheet: str | None = None, choices: Said | None = None,
    awards_of: AwardsOf | None = None, step: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] = lambda: False, opened: Book | CsvBook | None = None, whole: bool = False, names: bool = False,
) -> Done:  # fmt: skip
    """Work a list out on a day, each chunk given to every sink.

    ``choices`` are what was said of columns, ``awards_of`` the register's look-up, used where the list has no sheet of past
    awards. ``opened`` is the source where it is open already; ``whole`` gives persons' numbers back whole; ``names`` asks the
    tallies for what each benefit lacks. ``step`` is told after each chunk how many are done and how many there may be;
    ``stop`` is asked between chunks: then no sink hears of an end. Raises BadInput where no applicant can be worked out.
    """
    engine = engine.at(on)
    done, twice = Done(), Twice()
    with EnterpriseList(source, engine.pack, sheet, opened, whole=whole, said=choices, chunk=CHUNK) as listed:
        if all(fact.dim is Dim.TEXT for fact in listed.facts):
            raise BadInput(f"文件“{listed.path}”没有一列是能参加测算的填报项，请补上，如“职工人数”。")
        for sink in sinks:
            sink.start([fact.name for fact in listed.facts])
        table, past = ColumnEngine(engine), listed.past_awards(on)
        done.awards_sheet = past.sheet if past is not None else ""
        for rows in listed.chunks(CHUNK):
            if stop():
                return done
            given = columns_of(listed, rows)
            _part_contradictions(table, listed, rows, given, on)
            note_doubts(table, listed, rows, given, on)
            keys = _keys(listed, rows)
            twice.take(keys, rows.numbers)
            awards: Sequence[tuple[Award, ...] | None] = [None] * len(rows)
            if past is not None:
                awards = _awards(past, listed, rows, given)
            elif awards_of is not None:
                awards = _unless_stated(awards_of(keys), given.get(PRIOR))
            past_of = awards if any(one is not None for one in awards) else None
            found = tally(table, given, on, past_of, names=names, who=[who_by(code) for _, code in keys])
            for sink in sinks:
                sink.chunk(Chunk(rows, given, awards, found))
            done.applicants += len(rows)
            if step is not None:
                step(done.applicants, listed.claimed)
        if not done.applicants:
            raise _nothing_done(source, listed)
        done.bad, done.told, done.found = listed.bad_count, [*twice.words(), *listed.told()], list(listed.bad)
        done.sheet = listed.sheet
    for sink in sinks:
        sink.finish(done)
    return done


def _unless_stated(
    known: Sequence[tuple[Award, ...] | None], stated: Given | None
) -> Sequence[tuple[Award, ...] | None]:
    """What the register says of past awards; of one who says in his row that there were some, none on record is no nought."""
    if not isinstance(stated, tuple):
        return known
    values, given = stated
    return [None if awards == () and given[at] and values[at] else awards for at, awards in enumerate(known)]


def _keys(listed: EnterpriseList, rows: Rows) -> list[Key]:
    names, codes = (_first(listed, rows, part) for part in ("名称", "代码"))
    return list(zip(names, codes, strict=True))


def _first(listed: EnterpriseList, rows: Rows, party: str) -> Sequence[str]:
    """The first of these cells that says something: a list may have a column of credit codes and one of persons' numbers."""
    columns = [rows.texts(at) for at, fact in enumerate(listed.facts) if fact.party == party]
    if not columns:
        return [""] * len(rows)
    return [next(filter(None, texts), "") or "" for texts in zip(*columns, strict=True)]


def columns_of(listed: EnterpriseList, rows: Rows) -> dict[str, Given]:
    """The chunk's facts as columns of values and of which are known; text facts take no part."""
    facts = zip(listed.facts, rows.answers, strict=True)
    return {fact.name: answers for fact, answers in facts if not isinstance(answers, list)}


def _part_contradictions(
    table: ColumnEngine, listed: EnterpriseList, rows: Rows, columns: dict[str, Given], on: date
) -> None:
    """Answers that cannot all be true stand for nothing: they are unknown in their row, and listed."""
    for item, mask in table.broken(columns, on):
        concerned = [fact for fact in item.facts if fact in columns]
        column = next((found for fact in concerned if (found := listed.column_of(fact)) is not None), None)
        for index in np.flatnonzero(mask).tolist():
            listed.refuse(rows.numbers[index], column, "", f"同一行的填报值互相矛盾：{item.sentence}")
            rows.note_faults(index, concerned)
        for fact in concerned:
            values, known = columns[fact]
            columns[fact] = values, known & ~mask


def _awards(
    past: PastAwards, listed: EnterpriseList, rows: Rows, columns: dict[str, Given]
) -> list[tuple[Award, ...] | None]:
    """The past awards of each row, as far as its own words do not speak against them; ``rows`` are told what is not taken."""
    found = [past.of(row) for row in rows.numbers]
    values, known = columns.get(PRIOR, (None, None))
    for index, (row, awards) in enumerate(zip(rows.numbers, list(found), strict=True)):
        faults = [_PAST] if past.is_faulty(row) else []
        if awards and values is not None and known is not None and known[index] and not values[index]:
            sentence = f"“{PRIOR}”填的是否，工作表“{past.sheet}”却列有 {len(awards)} 项，两处都按未知，请核对。"
            listed.refuse(row, listed.column_of(PRIOR), "否", sentence)
            known[index], found[index] = False, None
            faults += [PRIOR, _PAST]
        if faults:
            rows.note_faults(index, faults)
    return found


def _nothing_done(source: str, listed: EnterpriseList) -> BadInput:
    if not listed.bad:
        return BadInput(f"文件“{source}”除列名外没有一行内容，请至少填一个申请人。")
    more = f"（共 {listed.bad_count} 处）" if listed.bad_count > 1 else ""
    return BadInput(f"文件“{source}”没有一行能测算：{listed.place(listed.bad[0])}{more}：{listed.bad[0].sentence}")
