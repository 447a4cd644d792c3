"""A long list is read in a second process of this program, while the first works out what was read: two cores share the work.

Not by ``multiprocessing``: it pickles what goes over, and the built folder would load it, sockets and all, before every start. The
helper is the program itself, started with a word of its own; it is told in one line of JSON what to read, and writes blocks: JSON
for what is words, plain arrays for what is numbers, an end at the end. The pipe holds less than a block, so the helper is never more
than one ahead. Whatever becomes of the helper (it can't be started, is killed, meets a fault), the first process reads on by itself
behind the last row that it was given, and says what is to be said.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from pinggu_desk.documents.books.cells import reader
from pinggu_desk.documents.books.columnwise import Answers, Block, ColumnwiseReader, Fault
from pinggu_desk.documents.books.grid import Cell, SheetName
from pinggu_desk.documents.books.heads import Column, Head
from pinggu_desk.documents.books.quick import Cells, blocks
from pinggu_desk.documents.books.units import Unit
from pinggu_desk.documents.books.xlsx import Book
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.quantity import Dim

#: the word by which the program is started as a helper
WORD = "--read-list"
#: of a list with fewer rows the start of a second process takes longer than it saves
LEAST_ROWS = 5_000
#: before each block: how long its words are, how many rows it has; no rows and no words: the end
_BEGIN = struct.Struct("<II")


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be read: a sheet of a file, from behind a row, by a head; ``size`` and ``changed`` tell the file from a later one."""

    path: str
    part: str
    title: str
    size: int
    changed: int
    row: int
    words: dict[int, str]
    columns: list[dict[str, Any]]
    across: list[int]
    formulas: bool
    whole: bool
    rows: int


def job_of(
    book: Book, sheet: SheetName, head: Head, across: Iterable[int], rows: int, *, formulas: bool, whole: bool
) -> Job | None:  # fmt: skip
    """The job of reading a list by columns; None where the file is gone."""
    path = Path(book.package.path).resolve()
    try:
        found = path.stat()
    except OSError:
        return None
    columns = [
        {
            "number": one.number, "fact": one.fact.model_dump(mode="json"), "unit": one.unit, "words": one.words,
            "exact": one.exact, "chosen": one.chosen,
        }
        for one in head.columns
    ]  # fmt: skip
    return Job(
        str(path), sheet.part, sheet.title, found.st_size, found.st_mtime_ns, head.row, dict(head.words), columns,
        sorted(across), formulas, whole, rows,
    )  # fmt: skip


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


class Helper:
    """The second process; ``close`` ends it, whatever it is doing."""

    def __init__(self, job: Job, columns: Sequence[Column]) -> None:
        self._columns = columns
        command = (
            [sys.executable, WORD] if getattr(sys, "frozen", False) else [sys.executable, "-m", "pinggu_desk", WORD]
        )
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            cwd=Path(__file__).resolve().parents[3], creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )  # fmt: skip
        try:
            assert self.process.stdin is not None
            with self.process.stdin as told:
                told.write(json.dumps(asdict(job)).encode())
        except OSError:
            pass  # it is gone; ``blocks`` finds nothing
        except BaseException:
            self.close()
            raise

    def blocks(self) -> Iterator[Block | None]:
        """What it reads; None at the end where all was read. Ends without that where the helper did."""
        assert self.process.stdout is not None
        while not self.process.stdout.closed and (block := _read(self.process.stdout, self._columns)) is not None:
            if not block.numbers:
                yield None
                return
            yield block

    def close(self) -> None:
        """End it."""
        self.process.kill()
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.process.wait()


def helper_for(job: Job | None, columns: Sequence[Column]) -> Helper | None:
    """The helper; None where it can't be started."""
    try:
        return None if job is None else Helper(job, columns)
    except OSError:
        return None


def serve() -> int:
    """Be the helper: read what standard input tells of, write blocks to standard output."""
    told = json.loads(sys.stdin.buffer.read())
    job = Job(**{**told, "words": {int(number): words for number, words in told["words"].items()}})
    found = Path(job.path).stat()
    if (found.st_size, found.st_mtime_ns) != (job.size, job.changed):
        return 1
    columns = [_column(one) for one in job.columns]
    try:
        book = Book(job.path)
    except BadInput:
        return 1
    read = ColumnwiseReader(
        Head(job.row, columns, [], job.words), [column.fact for column in columns], lambda column: reader(column, False),
        Cells(book), set(job.across), formulas=job.formulas, whole=job.whole,
    )  # fmt: skip
    out, numbers = sys.stdout.buffer, {column.number: at for at, column in enumerate(columns)}
    try:
        for block in read.blocks(blocks(book, SheetName(job.title, job.part, False), job.row, job.rows)):
            _write(out, block, numbers)
        out.write(_BEGIN.pack(0, 0))
        out.flush()
    except (BadInput, OSError):
        return 1  # the file is not what it was, or nobody listens
    finally:
        book.close()
    return 0


def _column(told: dict[str, Any]) -> Column:
    fact, unit = Fact.model_validate(told["fact"]), told["unit"]
    return Column(**{**told, "fact": fact, "unit": None if unit is None else Unit(*unit)})


def _write(out: IO[bytes], block: Block, numbers: dict[int, int]) -> None:
    words = json.dumps(
        {
            "shown": block.shown, "texts": [answers for answers in block.answers if isinstance(answers, list)],
            "faults": [(f.at, numbers[f.column.number], f.cell, f.sentence, f.remark) for f in block.faults],
            "odd": list(block.odd.items()), "formulas": block.formulas, "unnamed": block.unnamed,
        },
        ensure_ascii=False,
    ).encode()  # fmt: skip
    given = [answers for answers in block.answers if not isinstance(answers, list)]
    out.write(_BEGIN.pack(len(words), len(block.numbers)) + words)
    out.write(np.array([block.numbers, *(values for values, _ in given)], np.int64).tobytes())
    out.write(np.array([known for _, known in given], np.bool_).tobytes())
    out.flush()


def _read(told: IO[bytes], columns: Sequence[Column]) -> Block | None:
    """The next block; one without rows at the end, None where the helper broke off."""
    begin = told.read(_BEGIN.size)
    if len(begin) < _BEGIN.size:
        return None
    size, rows = _BEGIN.unpack(begin)
    if not rows:
        return Block([], [], {}, [], {}, 0, {})
    count = sum(column.fact.dim is not Dim.TEXT for column in columns)
    words, arrays = told.read(size), told.read(rows * (8 * (count + 1) + count))
    if len(words) < size or len(arrays) < rows * (8 * (count + 1) + count):
        return None
    held = bytearray(arrays)
    numbers, *values = np.frombuffer(held, np.int64, rows * (count + 1)).reshape(count + 1, rows)
    known = np.frombuffer(held, np.bool_, rows * count, 8 * rows * (count + 1)).reshape(count, rows)
    found = json.loads(words)
    given, texts = iter(zip(values, known, strict=True)), iter(found["texts"])
    answers: list[Answers] = [next(texts) if c.fact.dim is Dim.TEXT else next(given) for c in columns]
    return Block(
        numbers.tolist(), answers,
        {int(place): {int(at): text for at, text in texts.items()} for place, texts in found["shown"].items()},
        [Fault(at, columns[column], Cell(*cell), *rest) for at, column, cell, *rest in found["faults"]],
        {at: {int(number): Cell(*cell) for number, cell in cells.items()} for at, cells in found["odd"]},
        found["formulas"], {int(number): at for number, at in found["unnamed"].items()},
    )  # fmt: skip


__all__ = ["LEAST_ROWS", "WORD", "Helper", "cores", "helper_for", "job_of", "serve"]
