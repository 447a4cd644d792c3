"""A manual (手册) on paper: its Markdown set by the same page as every letter, with its pictures, as PDF/A.

What a manual is written in is small: headings, paragraphs, lists, tables, code, pictures. Anything else is refused, so that nothing
is lost on the way to paper without a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pinggu_desk.documents.pdf.fonts import FontBook, installed
from pinggu_desk.documents.pdf.page import BODY, FINE, FOOT, MM, NOTE, SMALL, TITLE, UPRIGHT, Area, Flow, Frame
from pinggu_desk.documents.pdf.pdfdoc import About, to_pdf
from pinggu_desk.documents.pdf.table import Cell, Para, Table
from pinggu_desk.documents.pdf.typeset import Measure, Span, set_lines
from pinggu_desk.policy.errors import BadInput

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from markdown_it.token import Token

    from pinggu_desk.documents.pdf.fonts import Role

#: narrower margins than a letter's: a manual is read, not filed
_AREA = Area(22 * MM, 22 * MM, 166 * MM, 244 * MM, UPRIGHT.paper_width, UPRIGHT.paper_height)
_HEADINGS: dict[str, tuple[float, Role]] = {"h2": (BODY, "hei"), "h3": (FOOT, "hei"), "h4": (SMALL, "hei")}
_STEP = 2.0  # characters that a list stands in
#: a picture takes at most so much of a page's height
_PICTURE = 0.45


def manual_pdf(
    markdown: str, folder: Path, made: datetime, maker: str, note: str = "", book: FontBook | None = None
) -> bytes:
    """The manual as PDF/A: ``folder`` is where its pictures' paths begin, ``note`` stands at each page's foot.

    Raises BadInput, naming the line, for what the page does not know, or a picture that is not there.
    """
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    flow = Flow(book or installed(), size=SMALL, grid=False, pitch=SMALL * 1.55, area=_AREA)
    flow.track = 0.0
    setter = _Setter(flow, folder)
    setter.all(tokens)
    return to_pdf(
        Frame((note,) if note else ()).dress(flow), About(setter.title or "手册", maker, setter.title or "手册", made)
    )


class _Setter:
    """Puts one token after another into the flow."""

    def __init__(self, flow: Flow, folder: Path) -> None:
        self._flow, self._folder = flow, folder
        self.title = ""
        self._lists: list[int | None] = []  # the number of the item to come, None where items have dots
        self._marks: list[str] = []

    def all(self, tokens: Sequence[Token]) -> None:
        """Every token of the file, in order."""
        at = 0
        while at < len(tokens):
            at = self._one(tokens, at)

    def _one(self, tokens: Sequence[Token], at: int) -> int:
        token = tokens[at]
        match token.type:
            case "heading_open":
                self._heading(token.tag, tokens[at + 1], self._pictured(tokens[at + 3 : at + 5]))
                return at + 3
            case "paragraph_open":
                self._paragraph(tokens[at + 1])
                return at + 3
            case "bullet_list_open" | "ordered_list_open":
                start = int(token.attrGet("start") or 1)
                self._lists.append(start if token.type == "ordered_list_open" else None)
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
                self._flow.space(2 if self._lists else 4)
            case "list_item_open":
                self._marks.append(self._mark())
            case "list_item_close" | "blockquote_open" | "blockquote_close" | "hr" | "html_block":
                self._skipped(token)
            case "fence" | "code_block":
                self._code(token.content)
            case "table_open":
                return self._table(tokens, at)
            case _:
                raise self._unknown(token)
        return at + 1

    def _skipped(self, token: Token) -> None:
        """Comments of the file (what a command writes in stands between them) and rules say nothing on paper."""
        if token.type == "html_block" and not token.content.lstrip().startswith("<!--"):
            raise self._unknown(token)

    @staticmethod
    def _unknown(token: Token) -> BadInput:
        line = f"第 {token.map[0] + 1} 行" if token.map else "其中一处"
        return BadInput(f"手册{line}的写法（{token.type}）印不出来，请改用标题、段落、列表、表格、代码或图片。")

    def _mark(self) -> str:
        number = self._lists[-1]
        if number is None:
            return "·"
        self._lists[-1] = number + 1
        return f"{number}."

    def _pictured(self, following: Sequence[Token]) -> float:
        """How much of a page the picture takes that follows a heading at once; nothing where none does."""
        pictures = [one for token in following for one in token.children or () if one.type == "image"]
        return self._size(self._path(pictures[0]))[1] + 2 * FINE if pictures else 0.0

    def _heading(self, tag: str, inline: Token, follows: float) -> None:
        words = "".join(span.text for span in self._spans(inline))
        flow = self._flow
        if tag == "h1":
            self.title = self.title or words
            flow.centred(words, "title", TITLE, TITLE * 1.8)
            flow.space(4 * MM)
            return
        size, role = _HEADINGS.get(tag, _HEADINGS["h4"])
        flow.space(3 * MM)
        pitch, before = flow.pitch, flow.size
        flow.size, flow.pitch = size, size * 1.7
        lines = flow.set([Span(words, role)], first=0, justify=False)
        flow.need(len(lines) * flow.pitch + max(3 * pitch, follows))
        flow.lines(lines, flow.part("H2" if tag == "h2" else "H3"))
        flow.size, flow.pitch = before, pitch

    def _paragraph(self, inline: Token) -> None:
        pictures = [child for child in inline.children or () if child.type == "image"]
        if pictures:
            for picture in pictures:
                self._picture(picture)
            return
        depth = len(self._lists)
        mark = f"{self._marks.pop()} " if self._marks else ""
        spans = [*([Span(mark)] if mark else []), *self._spans(inline)]
        indent = _STEP * max(depth - 1, 0) if mark else _STEP * depth
        flow = self._flow
        area = _AREA.width
        first = indent * flow.size
        hang = (indent + (1.2 if mark else 0.0)) * flow.size
        lines = set_lines(flow.book, spans, Measure(area, flow.size, first=first, rest=hang))
        flow.lines(lines)
        flow.space(1.5 if depth else 3.5)

    def _spans(self, inline: Token) -> Iterator[Span]:
        role: Role = "body"
        for child in inline.children or ():
            match child.type:
                case "text":
                    yield Span(child.content, role)
                case "code_inline":
                    yield Span(child.content, "kai")
                case "strong_open" | "em_open":
                    role = "hei"
                case "strong_close" | "em_close":
                    role = "body"
                case "softbreak" | "hardbreak" | "link_open" | "link_close":
                    pass
                case _:
                    raise self._unknown(inline)

    def _code(self, content: str) -> None:
        paras = tuple(Para((Span(line or " "),), NOTE) for line in content.rstrip("\n").split("\n"))
        Table((_AREA.width / MM,), (), [[Cell(paras)]], FINE, close=True, breaks=40 * MM).draw(self._flow)
        self._flow.space(2)

    def _table(self, tokens: Sequence[Token], at: int) -> int:
        rows: list[list[list[Span]]] = []
        while tokens[at].type != "table_close":
            if tokens[at].type == "tr_open":
                rows.append([])
            elif tokens[at].type == "inline":
                rows[-1].append(list(self._spans(tokens[at])))
            at += 1
        head, *body = rows
        Table(
            _widths(rows),
            tuple("".join(span.text for span in cell) for cell in head),
            [[Cell((Para(tuple(cell or [Span(" ")]), FINE),)) for cell in row] for row in body],
            FINE,
            close=True,
            breaks=30 * MM,
        ).draw(self._flow)
        self._flow.space(2)
        return at + 1

    def _path(self, token: Token) -> Path:
        path = self._folder / unquote(str(token.attrGet("src") or ""))
        if not path.is_file():
            raise BadInput(f"手册里的图片“{path.name}”不在“{path.parent}”，请先用命令重新生成图片。")
        return path

    @staticmethod
    def _size(path: Path) -> tuple[float, float]:
        """How wide and high a picture is shown, in points."""
        from PIL import Image

        with Image.open(path) as picture:
            wide, high = picture.size
        scale = min(_AREA.width / wide, _AREA.height * _PICTURE / high)
        return wide * scale, high * scale

    def _picture(self, token: Token) -> None:
        path = self._path(token)
        wide, high = self._size(path)
        self._flow.space(2)
        self._flow.need(high + 2 * FINE)
        self._flow.picture(path, wide, high, token.content or path.stem)
        if token.content:
            self._flow.centred(token.content, "kai", FINE, FINE * 1.8)
        self._flow.space(4)


def _widths(rows: Sequence[Sequence[Sequence[Span]]]) -> tuple[float, ...]:
    """Column widths in millimetres by what stands in them, none too narrow for a few characters."""
    longest = [max(sum(len(span.text) for span in cell) for cell in column) for column in zip(*rows, strict=False)]
    least, whole = 26.0, _AREA.width / MM
    wanted = [min(max(chars, 4), 60) for chars in longest]
    spare = whole - least * len(wanted)
    return tuple(least + spare * chars / sum(wanted) for chars in wanted)
