"""FOUND 80: the papers read aloud. Tagged PDF (ISO 32000-1, 14.7 and 14.8), walked as a screen reader walks it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import Any

import pypdf
import pypdf.generic
import pytest

from pinggu_desk.documents.papers.checklist import checklist_bytes
from pinggu_desk.documents.papers.fullworking import working_bytes
from pinggu_desk.documents.papers.letter import letter_bytes
from pinggu_desk.documents.papers.matchlist import match_list_bytes
from pinggu_desk.documents.papers.notice import notice_bytes
from pinggu_desk.documents.papers.receipt import receipt_bytes
from pinggu_desk.documents.pdf.fonts import bundled
from tests.documents.match_samples import sample
from tests.documents.paper_samples import EXTREME, SHORT, TYPICAL
from tests.documents.signers import OURS

PAPERS: dict[str, Callable[[], bytes]] = {
    "letter": lambda: letter_bytes(TYPICAL, bundled(), OURS),
    "short letter": lambda: letter_bytes(SHORT, bundled(), OURS),
    "extreme letter": lambda: letter_bytes(EXTREME, bundled(), OURS),
    "notice": lambda: notice_bytes(TYPICAL, bundled(), signer=OURS),
    "extreme notice": lambda: notice_bytes(EXTREME, bundled(), signer=OURS),
    "match list": lambda: match_list_bytes(sample("manufacturer"), bundled(), OURS),
    "checklist": lambda: checklist_bytes(TYPICAL, bundled(), OURS),
    "receipt": lambda: receipt_bytes(TYPICAL, bundled(), OURS),
    "working": lambda: working_bytes(EXTREME, bundled(), OURS),
}
#: what is printed on every page and isn't read again on each
ON_EVERY_PAGE = re.compile(
    "(?:[正附]页)?第[0-9]+页共[0-9]+页|"
    "本件不是公文，也不是批准决定，以主管部门审核为准。|(?:编号[^　]*|未登记)政策包.*|演练.*|（(?:申请人|存根)联）"
)
#: whose copy of a notice it is stands above the page, and is read before the title
CORNER = re.compile("（(?:申请人|存根)联）")


@dataclass
class Element:
    kind: str
    text: str = ""
    kids: list[Element] = field(default_factory=list)
    across: int = 1
    scope: str = ""
    alt: str = ""
    places: list[tuple[int, int]] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        yield self
        for kid in self.kids:
            yield from kid.walk()

    @property
    def all_text(self) -> str:
        return self.text + "".join(kid.all_text for kid in self.kids)


class Aloud:
    """A paper as its structure gives it: the tree with its words, and what of each page is outside of it."""

    def __init__(self, data: bytes) -> None:
        self.pdf = pypdf.PdfReader(BytesIO(data))
        root: Any = self.pdf.trailer["/Root"]
        self.root = root
        tree: Any = root["/StructTreeRoot"]
        self.words: dict[tuple[int, int], str] = {}
        self.artifacts: list[list[str]] = []
        self.page_text: list[str] = []
        self.numbers: dict[int, int] = {}
        self.read: list[tuple[int, int]] = []
        for number, page in enumerate(self.pdf.pages):
            assert page.indirect_reference is not None
            self.numbers[page.indirect_reference.idnum] = number
            self._page(number, page)
        self.owners: dict[tuple[int, int], int] = {}
        numbers = tree["/ParentTree"]["/Nums"]
        for key, owners in zip(numbers[::2], numbers[1::2], strict=True):
            self.owners |= {(key, mark): ref.idnum for mark, ref in enumerate(owners)}
        self.document = self._element(tree.raw_get("/K"), None)

    def _page(self, number: int, page: Any) -> None:
        """Each stretch's words by its number; nothing may be drawn outside of a stretch."""
        assert page["/StructParents"] == number
        content = page.get_contents()
        assert content is not None
        maps: dict[str, dict[bytes, str]] = {}
        resources: Any = page["/Resources"]
        for name, font in resources["/Font"].items():
            cmap = font.get_object()["/ToUnicode"].get_data()
            pairs = re.findall(rb"<([0-9A-F]{2})> <([0-9A-F]{4,})>", cmap)
            maps[name] = {
                bytes.fromhex(code.decode()): bytes.fromhex(to.decode()).decode("utf-16-be") for code, to in pairs
            }
        font_now, open_now = "", None
        self.artifacts.append([])
        page_text = ""
        for line in content.get_data().decode("latin-1").splitlines():
            if line.endswith(("BMC", "BDC")):
                assert open_now is None, "stretches don't nest"
                found = re.fullmatch(r"/(\w+) <</MCID (\d+)>> BDC", line)
                open_now = -1 if line == "/Artifact BMC" else int(found[2]) if found else None
                assert open_now is not None, line
                if open_now >= 0:
                    assert (number, open_now) not in self.words
                    self.words[number, open_now] = ""
                else:
                    self.artifacts[-1].append("")
            elif line == "EMC":
                open_now = None
            elif line.endswith(" Tf") and "BT" not in line:
                font_now = line.split()[-3]
            elif found := re.fullmatch(r"<([0-9a-f]*)> Tj", line):
                text = "".join(maps[font_now][bytes([code])] for code in bytes.fromhex(found[1]))
                assert open_now is not None, text
                page_text += text
                if open_now >= 0:
                    self.words[number, open_now] += text
                else:
                    self.artifacts[-1][-1] += text
            elif re.search(r"\b(S|f|re)$", line):
                assert open_now is not None, line
        assert open_now is None
        self.page_text.append(page_text)

    def _element(self, ref: Any, parent: int | None) -> Element:
        one = ref.get_object()
        if parent is not None:
            assert one.raw_get("/P").idnum == parent
        held: Any = one.raw_get("/K") if "/K" in one else []
        attributes: Any = one.get("/A", {})
        found = Element(
            one["/S"].removeprefix("/"),
            across=attributes.get("/ColSpan", 1),
            scope=attributes.get("/Scope", ""),
            alt=one.get("/Alt", ""),
        )
        kid: Any
        for kid in held if isinstance(held, list) else [held]:
            if isinstance(kid, int):
                place = self.numbers[one.raw_get("/Pg").idnum], kid
            elif isinstance(kid, pypdf.generic.DictionaryObject):
                assert str(kid["/Type"]) == "/MCR"
                place = self.numbers[kid.raw_get("/Pg").idnum], int(str(kid["/MCID"]))
            else:
                found.kids.append(self._element(kid, ref.idnum))
                continue
            assert self.owners[place] == ref.idnum
            self.read.append(place)
            found.places.append(place)
            found.text += self.words[place]
        return found

    def of(self, kind: str) -> list[Element]:
        return [one for one in self.document.walk() if one.kind == kind]


@cache
def aloud(name: str) -> Aloud:
    return Aloud(PAPERS[name]())


@pytest.fixture(params=list(PAPERS))
def paper(request: pytest.FixtureRequest) -> Aloud:
    return aloud(request.param)


def test_found_80_the_file_says_that_it_is_tagged_in_chinese_and_shows_its_title(paper: Aloud) -> None:
    assert paper.root["/MarkInfo"]["/Marked"].value is True
    assert paper.root["/Lang"] == "zh-CN"
    assert paper.root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert paper.pdf.metadata is not None and paper.pdf.metadata.title
    assert paper.root["/StructTreeRoot"]["/Type"] == "/StructTreeRoot"
    assert paper.root["/StructTreeRoot"]["/ParentTreeNextKey"] == len(paper.pdf.pages)
    assert paper.document.kind == "Document"


def test_found_80_every_word_is_read_once_in_the_order_of_the_page(paper: Aloud) -> None:
    assert sorted(paper.read) == sorted(paper.words) == sorted(paper.owners)
    assert len(set(paper.read)) == len(paper.read)
    told: list[tuple[int, int]] = []
    for one in paper.document.walk():
        if one.places and one.kind != "Figure" and not CORNER.fullmatch(one.text):
            assert one.places == sorted(one.places)
            told.append(one.places[0])
    assert told == sorted(told), "a row that goes on overleaf is read cell by cell, so only beginnings are in order"
    text = sum(map(len, paper.words.values())) + sum(len(a) for page in paper.artifacts for a in page)
    assert text == sum(map(len, paper.page_text))


def test_found_80_only_feet_marks_and_repeated_heads_are_passed_over(paper: Aloud) -> None:
    heads = {"".join(cell.all_text for cell in table.kids[0].kids) for table in paper.of("Table")}
    for page in paper.artifacts:
        assert page[-1], "each page has its foot"
        for words in filter(None, page):
            foot = ON_EVERY_PAGE.sub("", "".join(words.split()))
            assert not foot or words in heads, words


def test_found_80_the_title_is_the_first_heading_and_the_sections_are_the_second(paper: Aloud) -> None:
    assert paper.pdf.metadata is not None and paper.pdf.metadata.title is not None
    titles = [one.all_text for one in paper.of("H1")]
    assert titles and set(titles) == {paper.pdf.metadata.title.removesuffix("（演练）")}
    heading = re.compile("[一二三四五六七八九十]+、")
    assert all(heading.match(one.all_text) for one in paper.of("H2"))
    assert all(re.match("（[一二三四五六七八九十]+）", one.all_text) for one in paper.of("H3"))
    alone = [one.all_text for one in paper.document.kids if one.kind == "P"]
    assert not any(heading.match(text) and len(text) < 16 for text in alone)


def test_found_80_each_table_has_header_cells_and_rows_of_as_many_columns(paper: Aloud) -> None:
    for table in paper.of("Table"):
        assert {row.kind for row in table.kids} == {"TR"}
        columns = {sum(cell.across for cell in row.kids) for row in table.kids}
        assert len(columns) == 1, [row.all_text for row in table.kids]
        first, *rest = table.kids
        assert first.kids[0].kind == "TH"
        if all(cell.scope == "/Column" for cell in first.kids):
            assert all(cell.kind == "TH" and cell.all_text for cell in first.kids)
        else:
            assert all(row.kids[0].kind == "TH" and row.kids[0].scope == "/Row" for row in table.kids)
        assert rest or len(first.kids) > 1
        assert all(cell.kind in ("TH", "TD") for row in table.kids for cell in row.kids)


def test_found_80_the_letter_s_sections_and_tables_stand_where_they_are_read() -> None:
    paper = aloud("letter")
    kinds = [(one.kind, one.all_text) for one in paper.document.kids]
    assert kinds[0] == ("H1", "政策符合性告知书")
    assert kinds[1][0] == "P" and kinds[1][1].startswith("编号：")
    order = [text for kind, text in kinds if kind == "H2"]
    assert order == [
        "一、可以申请什么", "二、什么时候、带什么、找谁", "三、还等补充或者认定的",
        "一、申请人陈述的情况", "二、不符合条件、不予支持的事项", "三、测算过程与依据", "四、办理时限", "五、材料", "六、办理流程",
    ]  # fmt: skip
    after = {text: kinds[at + 1][0] for at, (kind, text) in enumerate(kinds) if kind == "H2"}
    assert after["一、可以申请什么"] == after["二、什么时候、带什么、找谁"] == after["五、材料"] == "Table"
    had = next(table for table in paper.of("Table") if "1,000.00 万元" in table.all_text)
    assert [(cell.kind, cell.scope) for cell in had.kids[0].kids] == [("TH", "/Row"), ("TD", "")]
    grounds = next(table for table in paper.of("Table") if "没有满足的条件" in table.kids[0].all_text)
    assert [cell.all_text for cell in grounds.kids[0].kids] == ["事项", "没有满足的条件", "依据条款"]
    assert [figure.alt for figure in paper.of("Figure")] == ["验真码二维码"]


def test_found_80_a_table_over_several_pages_is_one_table_whose_head_is_read_once() -> None:
    paper = aloud("extreme letter")
    repeated = [words for page in paper.artifacts for words in page if words.startswith("判断内容条款")]
    assert repeated, "the sample has a table over several pages"
    for table in paper.of("Table"):
        head = table.kids[0].all_text
        assert all(row.all_text != head for row in table.kids[1:])


def test_found_80_each_copy_of_a_notice_says_first_whose_it_is() -> None:
    paper = aloud("notice")
    kids = paper.document.kids
    titles = [at for at, one in enumerate(kids) if one.kind == "H1"]
    assert [kids[at - 1].all_text for at in titles] == ["（申请人联）", "（存根联）"]


def test_found_80_the_same_visit_gives_the_same_bytes() -> None:
    assert PAPERS["letter"]() == PAPERS["letter"]()
