"""Every benefit of every applicant (明细) as CSV beside the result, when it is asked for: streamed, in place at the end."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pinggu_desk.assess.columnrun import FIGURES, NO_END, NO_FIGURE, STATUSES, Column, Mask
from pinggu_desk.assess.determination import STATUS_WORDS
from pinggu_desk.assess.engine import Engine
from pinggu_desk.assess.rules import Rule
from pinggu_desk.policy.errors import DeskError, reason_of
from pinggu_desk.policy.quantity import Dim, ratio, yuan
from pinggu_desk.work.listrun import Chunk, Done

_HEADS = (
    "名单行号", "申请人", "政策", "支持事项", "类别", "领取人", "结论", "口径", "金额（元）", "最低（元）", "最高（元）", "最低（%）",
    "最高（%）", "依据", "还缺", "待认定", "读法",
)  # fmt: skip
_ELIGIBLE = STATUSES.index("eligible")
_UNSETTLED = "口径待主管部门确认"
#: a cell that begins so would be taken for a formula by a program that opens the file
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class DetailFile:
    """A sink: one line an applicant and benefit, UTF-8 with a mark. A context manager; without an end nothing is left."""

    def __init__(self, engine: Engine, out: Path) -> None:
        self._engine, self.out = engine, out
        #: lines written
        self.lines = 0

    def __enter__(self) -> DetailFile:
        self._part = self.out.with_name(f".{self.out.name}.{os.getpid()}")
        try:
            self._file = self._part.open("w", encoding="utf-8-sig", newline="")
        except OSError as error:
            raise self._failed(error) from error
        self._csv = csv.writer(self._file)
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._file.close()
        except OSError:
            pass  # what could not be written is thrown away
        finally:
            self._part.unlink(missing_ok=True)

    def _failed(self, error: OSError) -> DeskError:
        reason = reason_of(error)
        return DeskError(
            f"明细没有写成：{self.out}（{reason}），请检查文件夹是否可写、有空间，文件是否正被打开，再试一次。"
        )

    def start(self, names: Sequence[str]) -> None:
        """Write the head."""
        facts = self._engine.pack.facts
        self._name = next((place for place, name in enumerate(names) if facts[name].party == "名称"), None)
        self._csv.writerow(_HEADS)

    def chunk(self, chunk: Chunk) -> None:
        """Write one chunk's lines, applicant by applicant. Raises DeskError where the disk takes no more."""
        tails = [_lines(rule, chunk.tally.columns[rule.benefit.id]) for rule in chunk.tally.rules]
        try:
            for at, row in enumerate(chunk.rows):
                name = _plain(row.shown[self._name]) if self._name is not None else ""
                self._csv.writerows([row.row, name, *tail[at]] for tail in tails)
            self.lines += len(chunk.rows) * len(tails)
        except OSError as error:
            raise self._failed(error) from error

    def finish(self, _: Done) -> None:
        """Put the file in place. Raises DeskError."""
        try:
            self._file.close()
            os.replace(self._part, self.out)
        except OSError as error:
            raise self._failed(error) from error


def _plain(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _lines(rule: Rule, column: Column) -> list[list[str]]:
    """What one benefit says of every row."""
    benefit, rows = rule.benefit, len(column.status)
    head = [rule.policy.title, benefit.title, benefit.kind, benefit.recipient]
    place, money, rate = rule.policy.place(benefit.clause), rule.dim is Dim.MONEY, rule.dim is Dim.RATE
    asks = _joined({**column.lacks.asks, **column.lacks.parameters}, rows)
    verdicts, unsettled = _joined(column.lacks.verdicts, rows), column.unsettled.tolist()
    exact = ((column.status == _ELIGIBLE) & (column.low == column.high) & (column.low != NO_END)).tolist()
    figures = [
        "" if code == NO_FIGURE else rule.figure_meaning(FIGURES[code], gap=gap)
        for code, gap in zip(column.figure.tolist(), column.gap.tolist(), strict=True)
    ]
    out = []
    for at, (status, low, high) in enumerate(
        zip(column.status.tolist(), column.low.tolist(), column.high.tolist(), strict=True)
    ):
        sums = [_sum(low if exact[at] else NO_END), _sum(low), _sum(high)] if money else ["", "", ""]
        rates = [_share(low), _share(high)] if rate else ["", ""]
        told = _UNSETTLED if unsettled[at] else ""
        out.append(
            [*head, STATUS_WORDS[STATUSES[status]], figures[at], *sums, *rates, place, asks[at], verdicts[at], told]
        )
    return out


def _sum(fen: int) -> str:
    return "" if fen == NO_END else yuan(fen)


def _share(end: int) -> str:
    return "" if end == NO_END else ratio(end, 100)


def _joined(where: dict[str, Mask], rows: int) -> list[str]:
    """For each row the names whose mask is true there, joined; rows that lack the same share one text."""
    if not where:
        return [""] * rows
    names = list(where)
    packed: NDArray[np.uint8] = np.packbits(np.stack(list(where.values())), axis=0).T
    kinds, which = np.unique(packed, axis=0, return_inverse=True)
    texts = [
        "、".join(name for name, here in zip(names, kind, strict=True) if here)
        for kind in np.unpackbits(kinds, axis=1, count=len(names))
    ]
    return [texts[index] for index in which.ravel().tolist()]
