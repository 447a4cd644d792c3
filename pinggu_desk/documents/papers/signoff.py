"""The sign-off as a page (审签稿): 原文 | 规则读法 | 样例 side by side on A4 on its side, and the place to sign."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pinggu_desk.documents.papers.common import formula
from pinggu_desk.documents.pdf.fonts import FontBook, installed
from pinggu_desk.documents.pdf.page import FINE, FOOT, MM, NOTE, SMALL, TITLE, WIDE, Flow, Frame
from pinggu_desk.documents.pdf.pdfdoc import About, save, to_pdf
from pinggu_desk.documents.pdf.table import Cell, Para, Table, cell, label
from pinggu_desk.documents.pdf.typeset import Span

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from pinggu_desk.assess.signoff import Block, SignOff, SignOffRow

SIGNOFF_TITLE = "政策规则审签稿"
#: how the middle column is to be read
LEGEND = (
    "只写填报项名称的，须为“是”；〔 〕内是一个整体；1. 2. 3. 须同时符合，（1）（2）（3）符合其一即可；"
    "“见”后是同一条规则全文所在处。"
)
_HEAD = ("原文", "规则读法", "样例", "核对")
_WIDTHS = (58.0, 109.0, 82.0, 12.0)
#: the boxes to sign in, millimetres high
_OPINION = 26 * MM
_NUMBER = re.compile(r"(?:[0-9]+\. |（[0-9]+）|· )")


def make_signoff_pages(told: SignOff, out: Path, made: datetime, book: FontBook | None = None) -> None:
    """Write the sign-off of one policy to ``out`` as PDF in one step. Raises DeskError when it cannot be written."""
    save(signoff_pdf(told, made, book), out)


def signoff_pdf(told: SignOff, made: datetime, book: FontBook | None = None) -> bytes:
    """The sign-off of one policy as a PDF."""
    flow = Flow(book or installed(), size=FINE, grid=False, pitch=FINE * 1.7, area=WIDE)
    flow.track = 0.0
    flow.centred(SIGNOFF_TITLE, "title", TITLE, TITLE * 1.6)
    flow.centred(told.title, "hei", FOOT, FOOT * 1.8)
    _facts(told).draw(flow)
    flow.space(4 * MM)
    Table(_WIDTHS, _HEAD, [_row(row) for row in told.rows]).draw(flow)
    for block in told.closing:
        flow.space(3 * MM)
        Table((WIDE.width / MM,), (block.title,), [[_cell(_block(block, titled=False))]]).draw(flow)
    flow.space(5 * MM)
    _signature().draw(flow, together=True)
    note = f"{told.title}（{told.policy}）　政策包 {told.pack_version}"
    pages = Frame((note,)).dress(flow)
    return to_pdf(pages, About(f"{SIGNOFF_TITLE}：{told.title}", "平谷惠企窗口", told.title, made))


def _facts(told: SignOff) -> Table:
    pairs = [
        ("依据", f"{told.source}；{told.known}"), ("主管部门", told.department), ("政策包版本", told.pack_version),
        *told.counts, ("怎样读", LEGEND),
    ]  # fmt: skip
    return Table((34, 227), (), [[label(name), cell(value, size=FINE)] for name, value in pairs])


def _row(row: SignOffRow) -> list[Cell]:
    words = formula(row.words)
    if row.heading:
        return [_cell([Para((Span(words, "hei"),), FINE), *_examples(row)], across=4)]
    left = [Para((Span(f"{row.place}　{row.clause}", "hei"),), NOTE), Para((Span(words),), FINE)]
    if row.doubt:
        left.append(Para((Span(row.doubt),), NOTE))
    middle = [para for block in row.blocks for para in _block(block)]
    return [_cell(left), _cell(middle), _cell(_examples(row)), _cell([Para((Span("□"),), SMALL, centred=True)])]


def _cell(paras: list[Para], across: int = 1) -> Cell:
    return Cell(tuple(paras), across)


def _block(block: Block, *, titled: bool = True) -> list[Para]:
    title = [Para((Span(formula(block.title), "hei"),), NOTE)] if titled else []
    lines = []
    for line in block.lines:
        mark = _NUMBER.match(line.words)
        hang = 1.5 if mark else 0.0
        lines.append(Para((Span(formula(line.words)),), NOTE, hang=hang, indent=1 + 1.5 * line.level))
    return title + lines


def _examples(row: SignOffRow) -> list[Para]:
    return [Para((Span(formula(words)),), NOTE, hang=1) for words in row.examples]


def _signature() -> Table:
    blank = Para((Span(""),), FINE)
    tall = Cell((blank,) * int(_OPINION / blank.leading))
    rows = [
        [label("审核意见"), Cell(tall.paras, 3)],
        [label("审核人"), Cell((blank, blank)),
         label("日期"), Cell((blank, blank))],
    ]  # fmt: skip
    return Table((34, 97, 34, 96), (), rows)
