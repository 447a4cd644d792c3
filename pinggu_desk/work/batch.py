"""``pinggu-desk batch``: a list of applicants against every policy, from workbook to workbook, in chunks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import click

from pinggu_desk.assess.engine import Engine
from pinggu_desk.documents.books.batch import BatchBook
from pinggu_desk.documents.books.csvlist import CsvBook
from pinggu_desk.documents.books.findings import Bad
from pinggu_desk.documents.books.xlsx import Book
from pinggu_desk.policy.characters import one_line
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.work.answerbook import AnswerBook
from pinggu_desk.work.detail import DetailFile
from pinggu_desk.work.listpreview import Preview, Seen, preview
from pinggu_desk.work.listrun import AwardsOf, Chunk, Done, Sink, run_list

#: as many problems, and as many remarks, are told on the terminal
_MOST_TOLD = 10


@dataclass
class Written:
    """What a batch came to: applicants worked out, rows of 可申请与差一点, lines of the full detail where it was asked for.

    ``problems`` are the first of the ``bad`` cells and rows that could not be taken, ``told`` says how the list was read.
    """

    applicants: int = 0
    hits: int = 0
    details: int = 0
    bad: int = 0
    problems: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


def run_batch(
    engine: Engine, source: str, out: Path, on: date, made: datetime, step: Callable[[int, int], None] | None = None,
    sheet: str | None = None, opened: Book | CsvBook | None = None, *, whole: bool = False,
    choices: Mapping[int, str | None] | None = None, awards_of: AwardsOf | None = None, detail: Path | None = None,
    stop: Callable[[], bool] = lambda: False, also: Sequence[Sink] = (),
) -> Written:  # fmt: skip
    """Read the list ``source``, work out every benefit on ``on``, write ``out`` in one step at the end.

    ``sheet`` names the sheet to read, ``opened`` is the source where it is open already. ``whole`` gives persons' numbers back
    whole, ``choices`` and ``awards_of`` are those of :func:`run_list`, ``detail`` is where every benefit of every applicant
    goes as CSV, ``also`` are further sinks. A cell that cannot be taken leaves that answer unknown and is listed; its row is
    worked out all the same. ``step`` is told after each chunk how many applicants are done, and how many the list may have
    (0: it does not say). Raises BadInput where not one applicant can be worked out, DeskError when a file cannot be written;
    then, and when it is interrupted or stopped, nothing is left behind.
    """
    if Path(source).exists() and out.resolve() == Path(source).resolve():
        raise BadInput(f"结果“{out}”与名单是同一个文件，写了就没有名单了，请换一个文件名。")
    with ExitStack() as files:
        book = files.enter_context(BatchBook(out, made))
        answers = AnswerBook(engine, book, on)
        every = files.enter_context(DetailFile(engine, detail)) if detail is not None else None
        sinks: list[Sink] = [*([every] if every is not None else ()), answers, *also]
        done = run_list(
            engine, source, on, sinks, sheet=sheet, choices=choices, awards_of=awards_of, step=step, stop=stop, opened=opened,
            whole=whole, names=every is not None,
        )  # fmt: skip
    return Written(
        done.applicants, answers.hits, every.lines if every is not None else 0, done.bad,
        [f"{place(bad)}：{bad.sentence}" for bad in done.found[:_MOST_TOLD]], done.told,
    )  # fmt: skip


def place(bad: Bad) -> str:
    """Where it stands: ``工作表“名单”C5``."""
    return f"工作表“{bad.sheet}”{bad.column}{bad.row}" if bad.column else f"工作表“{bad.sheet}”第 {bad.row} 行"


def report(done: Written) -> list[str]:
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


__all__ = [
    "AwardsOf", "Chunk", "Done", "Preview", "Seen", "Sink", "Written", "place", "preview", "report", "run_batch", "run_list", "tell",
]  # fmt: skip
