"""The sign-off as a page (审签稿): who signs first, then 原文 | 规则读法及样例 | 意见, a line a sentence, on A4 on its side.

Beside a sentence stands one example at each of its bounds; the examples beyond are an annex of their own, for whoever wants them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pinggu_desk.documents.papers.common import formula
from pinggu_desk.documents.pdf.fonts import FontBook, installed
from pinggu_desk.documents.pdf.page import A4_HEIGHT, A4_WIDTH, FINE, FOOT, MM, TITLE, Area, Flow, Frame
from pinggu_desk.documents.pdf.pdfdoc import About, save, to_pdf
from pinggu_desk.documents.pdf.table import Cell, Para, Table, cell, label
from pinggu_desk.documents.pdf.typeset import Span
from pinggu_desk.policy.outline import OutlineLine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from pinggu_desk.assess.signoff import Block, SignOff, SignOffRow

SIGNOFF_TITLE = "政策规则审签稿"
ANNEX_TITLE = "政策规则审签稿附样例"
#: how the middle column is to be read
LEGEND = (
    "只写填报项名称的，须为“是”；〔 〕内是一个整体；1. 2. 3. 须同时符合，（1）（2）（3）符合其一即可；"
    "“见”后是同一条规则全文所在处。样例从第二例起只写与本句第一例不同之处。"
)
#: wider than a letter's page: read at a table, not handed over
_AREA = Area(13 * MM, 14.2 * MM, 271 * MM, 173 * MM, A4_HEIGHT, A4_WIDTH)
#: points; a little under 小五, which is what keeps a sentence with its rule on one page
_SIZE = 8.7
#: a sentence with more beside it than this goes on over the page
_BREAKS = 14 * MM
_HEAD = ("原文", "规则读法和样例", "意见")
_WIDTHS = (68.0, 159.0, 44.0)
#: what is ticked for each sentence, and where a word is written
_OPINION = "□同意　□不同意　＿＿＿"
_SHORT_ROW = 30
#: so many characters stand on a line of the middle column
_ROOM = int(_WIDTHS[1] * MM / _SIZE) - 2
_NUMBER = re.compile(r"(?:[0-9]+\. |（[0-9]+）|· )")


def make_signoff_pages(told: SignOff, out: Path, made: datetime, book: FontBook | None = None) -> None:
    """Write the sign-off of one policy to ``out`` as PDF in one step. Raises DeskError when it cannot be written."""
    save(signoff_pdf(told, made, book), out)


def make_annex_pages(told: SignOff, out: Path, made: datetime, book: FontBook | None = None) -> None:
    """Write all worked examples of one policy to ``out`` as PDF in one step. Raises DeskError when it cannot be written."""
    save(annex_pdf(told, made, book), out)


def _flow(title: str, told: SignOff, book: FontBook | None) -> Flow:
    flow = Flow(book or installed(), size=_SIZE, grid=False, pitch=_SIZE * 1.5, area=_AREA)
    flow.track = 0.0
    flow.centred(title, "title", FOOT * 1.2, TITLE * 1.1)
    flow.centred(told.title, "hei", FINE, FINE * 1.6)
    return flow


def _pdf(flow: Flow, title: str, told: SignOff, made: datetime) -> bytes:
    note = f"{told.title}（{told.policy}）　政策包 {told.pack_version}"
    pages = Frame((note,)).dress(flow)
    return to_pdf(pages, About(f"{title}：{told.title}", told.product, told.title, made))


def signoff_pdf(told: SignOff, made: datetime, book: FontBook | None = None) -> bytes:
    """The sign-off of one policy as a PDF: whoever signs does so on the first page."""
    flow = _flow(SIGNOFF_TITLE, told, book)
    _signature().draw(flow, together=True)
    _facts(told).draw(flow)
    flow.space(2 * MM)
    Table(_WIDTHS, _HEAD, [_row(row) for row in told.rows], _SIZE, close=True, breaks=_BREAKS).draw(flow)
    for block in told.closing:
        flow.space(2 * MM)
        Table((_AREA.width / MM,), (block.title,), [[_cell(_block(block, titled=False))]], _SIZE, close=True).draw(flow)
    return _pdf(flow, SIGNOFF_TITLE, told, made)


def annex_pdf(told: SignOff, made: datetime, book: FontBook | None = None) -> bytes:
    """Every worked example of one policy, whole, by sentence."""
    flow = _flow(ANNEX_TITLE, told, book)
    rows = [
        [_cell(_source(row)), _cell([_para(one.words, hang=1) for one in row.examples])]
        for row in told.rows
        if row.examples
    ]
    Table((54.0, 217.0), ("条款", "样例"), rows, _SIZE, close=True).draw(flow)
    for block in told.refused:
        flow.space(2 * MM)
        Table((_AREA.width / MM,), (block.title,), [[_cell(_block(block, titled=False))]], _SIZE, close=True).draw(flow)
    return _pdf(flow, ANNEX_TITLE, told, made)


def _facts(told: SignOff) -> Table:
    counts = "；".join(f"{name} {value}" for name, value in told.counts)
    pairs = [
        ("依据", f"{told.source}；{told.known}　主管部门：{told.department}　政策包版本：{told.pack_version}"),
        ("核对了什么", counts), ("怎样读", LEGEND),
    ]  # fmt: skip
    rows = [[label(name, size=_SIZE), cell(value, size=_SIZE)] for name, value in pairs]
    return Table((24, 247), (), rows, _SIZE, close=True)


def _row(row: SignOffRow) -> list[Cell]:
    if row.heading:
        beside = [_para(one.short, hang=1) for one in row.examples if one.beside]
        return [_cell([Para((Span(formula(row.words), "hei"),), _SIZE), *beside], across=3)]
    left = [*_source(row), Para((Span(formula(row.words)),), _SIZE)]
    middle = [para for block in row.blocks[1:] for para in _block(block)]
    claim = row.blocks[0]  # every sentence is claimed; its claim stands with its place, and takes no line of its own
    left[0] = Para(
        (Span(f"{row.place}　{row.clause}　{claim.title.removeprefix('台账：').partition('（')[0]}", "hei"),), _SIZE
    )
    notes = [_para(words) for words in (row.doubt, *(line.words for line in claim.lines)) if words]
    fuller = sum(_long(para) for para in middle) / _WIDTHS[1] >= _long(left[1]) / _WIDTHS[0]
    (left if fuller else middle).extend(notes)  # where there is room
    middle += [_para(one.short, hang=1) for one in row.examples if one.beside]
    return [_cell(left), _cell(middle), _cell([_para(_OPINION)])]


def _source(row: SignOffRow) -> list[Para]:
    return [Para((Span(f"{row.place}　{row.clause}", "hei"),), _SIZE)]


def _long(para: Para) -> int:
    return sum(len(span.text) for span in para.spans)


def _para(words: str, *, hang: float = 0.0) -> Para:
    return Para((Span(formula(words)),), _SIZE, hang=hang)


def _cell(paras: list[Para], across: int = 1) -> Cell:
    return Cell(tuple(paras), across)


def _block(block: Block, *, titled: bool = True) -> list[Para]:
    lines = list(_tables_in_line(block.lines))
    head: list[Span] = [Span(formula(block.title), "hei")] if titled else []
    if titled and lines and _stands_beside(block.title, lines[0]):
        head.append(Span(f"　{formula(lines.pop(0).words)}"))
    paras = [Para(tuple(head), _SIZE)] if head else []
    for line in lines:
        hang = 1.5 if _NUMBER.match(line.words) else 0.0
        paras.append(Para((Span(formula(line.words)),), _SIZE, hang=hang, indent=1 + 1.5 * line.level))
    return paras


def _stands_beside(title: str, line: OutlineLine) -> bool:
    """Whether a block's first line has room behind its title: most say one short thing, and took two lines for it."""
    return not line.level and not _NUMBER.match(line.words) and len(title) + len(line.words) < _ROOM


def _tables_in_line(lines: Sequence[OutlineLine]) -> Iterator[OutlineLine]:
    """The rows of a table one behind the other (不足10分：15万元；10分以上：…), where each is short: on paper they took a page."""
    rows: list[str] = []
    level = -1
    for line in lines:
        if rows and line.level == level and len(line.words) <= _SHORT_ROW and not line.words.endswith("："):
            rows.append(line.words)
            continue
        if rows:
            yield OutlineLine(level, "；".join(rows))
        rows, level = [], -1
        if (
            len(line.words) <= _SHORT_ROW
            and not line.words.endswith("：")
            and not _NUMBER.match(line.words)
            and "：" in line.words
        ):
            rows, level = [line.words], line.level
        else:
            yield line
    if rows:
        yield OutlineLine(level, "；".join(rows))


def _signature() -> Table:
    """Who signs, and on which day, over the whole: before anything is read, so that nobody looks for it."""
    blank = Para((Span(""),), FOOT)
    row = [label("审核意见"), Cell((blank, blank)), label("审核人"), Cell((blank,)), label("日期"), Cell((blank,))]
    return Table((24, 115, 22, 48, 16, 46), (), [row])
