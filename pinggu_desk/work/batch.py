"""``pinggu-desk batch``: a list of applicants against every policy, from workbook to workbook, in chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import numpy as np

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.columns import FIGURES, NO_END, NO_FIGURE, STATUSES, Column, ColumnEngine, Given, Mask
from pinggu_desk.assess.determination import FIGURE_WORDS, STATUS_WORDS, figure_meaning
from pinggu_desk.assess.engine import Engine
from pinggu_desk.assess.match.bundle import SUMMED
from pinggu_desk.assess.rules import Rule
from pinggu_desk.documents.books.applicants import EnterpriseList, Listed
from pinggu_desk.documents.books.batch import BatchBook
from pinggu_desk.documents.books.csvlist import CsvBook
from pinggu_desk.documents.books.pastawards import PastAwards
from pinggu_desk.documents.books.xlsx import Book
from pinggu_desk.policy import say
from pinggu_desk.policy.characters import one_line
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.facts import PRIOR
from pinggu_desk.policy.models import KIND_CODES
from pinggu_desk.policy.quantity import Dim
from pinggu_desk.work.doubts import note_doubts

#: rows worked through at a time
CHUNK = 4096
_ELIGIBLE, _INELIGIBLE = STATUSES.index("eligible"), STATUSES.index("ineligible")
_COMPUTED = FIGURES.index("computed")
_SUM = "可申请且按条款计算的资金合计（元）"
_NAME = "申请人名称"
_FAULTS = "填写问题"
_PAST = "以往奖励"
#: as many problems, and as many remarks, are told on the terminal
_MOST_TOLD = 10
_DETAIL = (
    ("名单行号", 8), ("申请人", 28), ("政策", 30), ("支持事项", 34), ("类别", 8), ("领取人", 8), ("结论", 12), ("口径", 22),
    ("金额（元）", 16), ("最低（元）", 16), ("最高（元）", 16), ("最低（%）", 9), ("最高（%）", 9), ("依据", 18), ("还缺", 40),
    ("待认定", 34), ("读法", 18),
)  # fmt: skip


@dataclass
class Done:
    """What a batch came to: applicants worked out, rows of 明细; what could not be taken of the list, and how it was read."""

    applicants: int = 0
    details: int = 0
    bad: int = 0
    problems: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


def run_batch(
    engine: Engine, source: str, out: Path, on: date, made: datetime, step: Callable[[int, int], None] | None = None,
    sheet: str | None = None, opened: Book | CsvBook | None = None, *, whole: bool = False,
) -> Done:  # fmt: skip
    """Read the list ``source``, work out every benefit on ``on``, write ``out`` in one step at the end.

    ``sheet`` names the sheet to read, ``opened`` is the source where it is open already. ``whole`` gives persons' numbers back
    whole. A cell that cannot be taken
    leaves that answer unknown and is listed; its row is worked out all the same. ``step`` is told after each chunk how many
    applicants are done, and how many the list may have (0: it does not say). Raises BadInput where not one applicant can
    be worked out, DeskError when ``out`` cannot be written; then, and when it is interrupted, nothing is left behind.
    """
    table, done = ColumnEngine(engine), Done()
    with (
        EnterpriseList(source, engine.pack, sheet, opened, whole=whole) as listed,
        BatchBook(out, list(_about(engine, on)), made) as book,
    ):
        if all(fact.dim is Dim.TEXT for fact in listed.facts):
            raise BadInput(f"文件“{listed.path}”没有一列是能参加测算的填报项，请补上，如“职工人数”。")
        names = [fact.name for fact in listed.facts]
        counts = [STATUS_WORDS[status] for status in STATUSES]
        book.start(
            (
                ["名单行号", *names, _FAULTS, *counts, _SUM],
                [8, *(16 for _ in names), 24, *(10 for _ in counts), 20],
            ),
            ([word for word, _ in _DETAIL], [width for _, width in _DETAIL]),
        )
        writer = _Writer(engine, book, names)
        past = listed.past_awards(on)
        for rows in listed.chunks(CHUNK):
            columns = _columns(listed, rows)
            chunk = _part_contradictions(table, listed, rows, columns, on)
            note_doubts(table, listed, rows, columns, on)
            awards = _awards(past, listed, chunk, columns) if past is not None else None
            done.details += writer.write(chunk, table.assess(columns, on, awards, names=True))
            done.applicants += len(chunk)
            if step is not None:
                step(done.applicants, listed.claimed)
        if not done.applicants:
            raise _nothing_done(source, listed)
        done.bad, done.told = listed.bad_count, listed.told()
        done.problems = [f"{listed.place(bad)}：{bad.sentence}" for bad in listed.bad[:_MOST_TOLD]]
        book.save([(b.sheet, b.row, b.column, b.head, b.given, b.sentence) for b in listed.bad], done.told)
    return done


def _nothing_done(source: str, listed: EnterpriseList) -> BadInput:
    if not listed.bad:
        return BadInput(f"文件“{source}”除列名外没有一行内容，请至少填一个申请人。")
    more = f"（共 {listed.bad_count} 处）" if listed.bad_count > 1 else ""
    return BadInput(f"文件“{source}”没有一行能测算：{listed.place(listed.bad[0])}{more}：{listed.bad[0].sentence}")


def report(done: Done) -> list[str]:
    """What a clerk is told of the list, a line each: the first problems, how it was read."""
    more = len(done.told) - _MOST_TOLD
    lines = [*done.problems, *done.told[:_MOST_TOLD]]
    if done.bad > len(done.problems) or more > 0:
        lines.append("其余见结果的“名单问题”和“说明”工作表。")
    return [one_line(line) for line in lines]


def tell(done: int, claimed: int) -> None:
    """How far it is, on one line of standard error that is written over (see ``step`` of :func:`run_batch`)."""
    of = f"/{max(done, claimed)}" if claimed else ""
    click.echo(f"\r已测算 {done}{of} 个申请人", nl=False, err=True)


def _columns(listed: EnterpriseList, chunk: Sequence[Listed]) -> dict[str, Given]:
    """The chunk's facts as columns of values and of which are known; text facts take no part."""
    columns: dict[str, Given] = {}
    for index, fact in enumerate(listed.facts):
        if fact.dim is not Dim.TEXT:
            values = [row.values[index] for row in chunk]
            known = np.fromiter((value is not None for value in values), np.bool_, len(values))
            columns[fact.name] = np.fromiter((value or 0 for value in values), np.int64, len(values)), known
    return columns


def _part_contradictions(
    table: ColumnEngine, listed: EnterpriseList, rows: Sequence[Listed], columns: dict[str, Given], on: date
) -> list[Listed]:
    """Answers that cannot all be true stand for nothing: they are unknown in their row, and listed."""
    chunk = list(rows)
    for item, mask in table.broken(columns, on):
        concerned = [fact for fact in item.facts if fact in columns]
        column = next((found for fact in concerned if (found := listed.column_of(fact)) is not None), None)
        for index in np.flatnonzero(mask).tolist():
            row = chunk[index]
            listed.refuse(row.row, column, "", f"同一行的填报值互相矛盾：{item.sentence}")
            chunk[index] = replace(row, faults=tuple(dict.fromkeys((*row.faults, *concerned))))
        for fact in concerned:
            values, known = columns[fact]
            columns[fact] = values, known & ~mask
    return chunk


def _awards(
    past: PastAwards, listed: EnterpriseList, chunk: list[Listed], columns: dict[str, Given]
) -> list[tuple[Award, ...] | None]:
    """The past awards of each row, as far as its own words do not speak against them; ``chunk`` is told what is not taken."""
    found = [past.of(row.row) for row in chunk]
    values, known = columns.get(PRIOR, (None, None))
    for index, (row, awards) in enumerate(zip(chunk, found, strict=True)):
        faults = [_PAST] if past.is_faulty(row.row) else []
        if awards and values is not None and known is not None and known[index] and not values[index]:
            sentence = f"“{PRIOR}”填的是否，工作表“{past.sheet}”却列有 {len(awards)} 项，两处都按未知，请核对。"
            listed.refuse(row.row, listed.column_of(PRIOR), "否", sentence)
            known[index], found[index] = False, None
            faults += [PRIOR, _PAST]
        if faults:
            chunk[index] = replace(row, faults=tuple(dict.fromkeys((*row.faults, *faults))))
    return found


class _Writer:
    """Writes chunk after chunk of answers."""

    def __init__(self, engine: Engine, book: BatchBook, names: list[str]) -> None:
        self.book = book
        self.rules = engine.rules
        self._name = names.index(_NAME) if _NAME in names else None
        self._heads = [_head(rule) for rule in engine.rules]
        self._summed = [KIND_CODES[rule.benefit.kind] in SUMMED and rule.dim is not Dim.RATE for rule in engine.rules]

    def write(self, chunk: Sequence[Listed], columns: dict[str, Column]) -> int:
        """Both sheets' rows of one chunk; the number of rows of 明细."""
        found = [columns[rule.benefit.id] for rule in self.rules]
        statuses = np.stack([column.status for column in found])
        counts = [(statuses == STATUSES.index(status)).sum(axis=0).tolist() for status in STATUSES]
        sums = self._sums(found, len(chunk))
        tails = [_tails(rule, column) for rule, column in zip(self.rules, found, strict=True)]
        book, written = self.book, 0
        shown = (statuses != _INELIGIBLE).T
        for index, row in enumerate(chunk):
            given = [book.given(place, value) for place, value in enumerate(row.shown)]
            faults = book.text(f"{'、'.join(row.faults)}：没有读取，按未知") if row.faults else None
            book.summary([row.row, *given, faults, *(count[index] for count in counts), book.money(-1, sums[index])])
            name = book.text(str(row.shown[self._name] or "")) if self._name is not None else None
            for number in np.flatnonzero(shown[index]).tolist():
                book.detail([row.row, name, *self._heads[number], *self._cells(tails[number], index)])
                written += 1
        return written

    def _sums(self, found: Sequence[Column], rows: int) -> list[int]:
        total = np.zeros(rows, np.int64)
        for column, summed in zip(found, self._summed, strict=True):
            if summed:
                sure = (column.status == _ELIGIBLE) & (column.figure == _COMPUTED) & (column.low == column.high)
                total += np.where(sure, column.low, 0)
        return [int(value) for value in total]

    def _cells(self, tail: _Tail, index: int) -> list[Any]:
        money, low, high = tail.amount[index], tail.low[index], tail.high[index]
        if tail.rate:
            ends: list[Any] = [
                None,
                None,
                None,
                *(None if end is None else Decimal(end).scaleb(-2) for end in (low, high)),
            ]
        else:
            ends = [self.book.money(-2, money), self.book.money(-3, low), self.book.money(-4, high), None, None]
        return [
            tail.status[index], tail.figure[index], *ends, tail.place, tail.asks[index], tail.verdicts[index],
            tail.unsettled[index],
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Tail:
    """What changes from row to row of one benefit, as plain lists; ``rate`` tells a share from a sum."""

    rate: bool
    place: str
    status: list[str]
    figure: list[str | None]
    amount: list[int | None]
    low: list[int | None]
    high: list[int | None]
    asks: list[str | None]
    verdicts: list[str | None]
    unsettled: list[str | None]


def _tails(rule: Rule, column: Column) -> _Tail:
    rows = len(column.status)
    exact = (column.status == _ELIGIBLE) & (column.low == column.high) & (column.low != NO_END)
    amount = [value if sure else None for value, sure in zip(column.low.tolist(), exact.tolist(), strict=True)]
    return _Tail(
        rule.dim is Dim.RATE, rule.policy.place(rule.benefit.clause),
        [STATUS_WORDS[STATUSES[code]] for code in column.status.tolist()],
        [None if code == NO_FIGURE else figure_meaning(FIGURES[code], rule.decided) for code in column.figure.tolist()],
        amount, _ends(column.low), _ends(column.high),
        _joined({**column.lacks.asks, **column.lacks.parameters}, rows), _joined(column.lacks.verdicts, rows),
        ["口径待主管部门确认" if one else None for one in column.unsettled.tolist()],
    )  # fmt: skip


def _ends(values: Any) -> list[int | None]:
    return [None if value == NO_END else value for value in values.tolist()]


def _joined(where: dict[str, Mask], rows: int) -> list[str | None]:
    """For each row the names whose mask is true there, joined; rows that lack the same share one text."""
    if not where:
        return [None] * rows
    names = list(where)
    packed = np.packbits(np.stack(list(where.values())), axis=0).T
    kinds, which = np.unique(packed, axis=0, return_inverse=True)
    texts: list[str | None] = []
    for kind in np.unpackbits(kinds, axis=1, count=len(names)):
        texts.append("、".join(name for name, here in zip(names, kind, strict=True) if here) or None)
    return [texts[index] for index in which.ravel().tolist()]


def _head(rule: Rule) -> list[str]:
    benefit = rule.benefit
    return [rule.policy.title, benefit.title, benefit.kind, benefit.recipient]


def _about(engine: Engine, on: date) -> Iterator[tuple[str, str]]:
    yield "判断日", on.isoformat()
    for parameter in engine.pack.parameters.values():
        value = parameter.at(on)
        if value is not None:
            yield "外部参数", f"{parameter.name}为{value.value}，{value.words}"
    yield "政策包", say.edition(engine.pack.version)
    yield "性质", "批量测算只供参考，不是批准决定，以主管部门审核为准。"
    yield "名单", "读不出的单元格按“未知”处理，逐格列在“名单问题”工作表，改正后可重新测算。"
    yield "空格", "没有填的填报项按“未知”处理，不按零处理。"
    yield (
        "以往奖励",
        "在名单的工作表“以往奖励”里逐行列明的才计入；没有列入的申请人按不知道处理，写明“无”的按没有领过处理。",
    )
    yield "合计", "只加可申请且按条款计算的资金、贴息；没有扣除重复奖励，不含上限、由主管部门核定的和贷款。"
    yield "明细", "每个申请人每个支持事项一行，结论为“不符合”的不列。"
    for words in FIGURE_WORDS.values():
        yield "口径", words
