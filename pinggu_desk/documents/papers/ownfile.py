"""个人信息查阅单: everything that the register has of one applicant, printed for himself, each with where it came from.

It shows what is stored; it decides nothing and is signed by nobody. The number of a person's document is hidden as on every
other paper: he knows it, and the paper may be lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pinggu_desk.documents.pdf.fonts import FontBook, installed
from pinggu_desk.documents.pdf.page import FINE, SMALL, Flow, Frame
from pinggu_desk.documents.pdf.pdfdoc import About, to_pdf
from pinggu_desk.documents.pdf.table import Table, cell
from pinggu_desk.documents.pdf.typeset import Span
from pinggu_desk.policy.district import here

OWN_FILE_TITLE = "个人信息查阅单"
UNIT_TITLE = "申请人资料查阅单"
_LAW = "《中华人民共和国个人信息保护法》第四十五条"


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, what its columns are called, how wide they are (millimetres, 156 in all), and the rows; no rows: nothing kept."""

    title: str
    heads: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class OwnFilePaper:
    """What is printed: for whom, by which office and clerk, when; a person is told his right, a unit isn't."""

    name: str
    person: bool
    office: str
    clerk: str
    made: datetime
    parts: tuple[Part, ...]
    terms: str
    practice: bool = False

    @property
    def title(self) -> str:
        """What the paper is called."""
        return OWN_FILE_TITLE if self.person else UNIT_TITLE


def own_file_bytes(paper: OwnFilePaper, book: FontBook | None = None) -> bytes:
    """The paper as PDF/A; the same content and moment give the same bytes."""
    book = book or installed()
    flow = Flow(book, pitch=SMALL * 1.6, size=SMALL, grid=False)
    flow.track = 0.0
    flow.centred(paper.title, "title", 20.0, 32.0)
    flow.centred(
        f"{paper.made:%Y}年{paper.made.month}月{paper.made.day}日 {paper.made:%H:%M}", "body", FINE, FINE * 1.8
    )
    flow.paragraph([Span(paper.name), Span("：")], first=0)
    flow.paragraph(f"以下是截至上述时间本窗口登记库中保存的与{'您' if paper.person else '贵单位'}有关的全部内容。")
    for number, part in enumerate(paper.parts, start=1):
        _part(flow, number, part)
    flow.space(SMALL * 0.8)
    for note in _notes(paper):
        flow.size, flow.pitch = FINE, FINE * 1.5
        flow.paragraph([Span(note)], first=0, justify=False)
    mark = "（演练）" if paper.practice else ""
    foot = ("只说明保存了什么，不是审核结论。", *([paper.office] if paper.office else []))
    about = About(f"{paper.title}{mark}", paper.office or here().program, paper.title, paper.made)
    return to_pdf(Frame(foot, paper.practice).dress(flow), about)


def _part(flow: Flow, number: int, part: Part) -> None:
    flow.size, flow.pitch = SMALL, SMALL * 1.6
    rows = [[cell(text, size=FINE) for text in row] for row in part.rows]
    table = Table(part.widths, part.heads, rows, FINE, close=True)
    if rows:
        flow.need(table.first_height(flow) + flow.pitch * 2)
    flow.space(SMALL * 0.6)
    flow.paragraph([Span(f"{number}. {part.title}", "hei")], first=0)
    if rows:
        table.draw(flow)
    else:
        flow.paragraph("没有保存。", first=0)


def _notes(paper: OwnFilePaper) -> list[str]:
    notes = [f"保管年限：{paper.terms}。期满由负责人核对后彻底清除。"]
    if paper.person:
        notes.insert(0, f"依据{_LAW}，您有权查阅、复制自己的个人信息；有错误或者不完整的，可以要求更正、补充。")
        notes.append("证件号码在本单上遮去中间几位，窗口保存的是全号。")
    notes.append(f"出具：{' '.join(one for one in (paper.office, paper.clerk) if one)}")
    return notes
