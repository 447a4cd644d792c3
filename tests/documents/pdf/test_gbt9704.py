"""The papers against the numbers of GB/T 9704-2012, measured in the finished PDF by another library."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from pinggu_desk.documents.papers.letter import letter_bytes
from pinggu_desk.documents.papers.notice import notice_bytes
from pinggu_desk.documents.pdf.fonts import bundled
from pinggu_desk.documents.pdf.page import CHARS, Flow, Frame
from pinggu_desk.documents.pdf.pdfdoc import About, to_pdf
from pinggu_desk.documents.visit import Visit
from tests.documents.paper_reader import MM, Paper
from tests.documents.paper_samples import EXTREME, SHORT, TYPICAL
from tests.documents.signers import OURS

COMMON = "".join((Path(__file__).parents[2] / "data/tongyong-8105.txt").read_text("utf-8").split())
#: of extension B (𠀀 …), one in forty: a thousand and more that few fonts have
RARE = "".join(map(chr, range(0x20000, 0x2A6D0, 40)))


@dataclass(frozen=True)
class Glyph:
    char: str
    size: float
    x: float  # where its box begins, millimetres from the left edge of the sheet
    y: float  # its baseline, millimetres from the top edge


def glyphs(data: bytes) -> list[list[Glyph]]:
    pages = []
    document = pypdfium2.PdfDocument(data)
    for page in document:
        assert [round(side / MM, 1) for side in page.get_size()] == [210.0, 297.0]
        text, found = page.get_textpage(), []
        for index in range(text.count_chars()):
            char = chr(pdfium.FPDFText_GetUnicode(text, index))
            if char.strip():
                x, y = pdfium.c_double(), pdfium.c_double()
                pdfium.FPDFText_GetCharOrigin(text, index, x, y)
                size = pdfium.FPDFText_GetFontSize(text, index)
                found.append(Glyph(char, round(size, 2), x.value / MM, 297 - y.value / MM))
        pages.append(found)
        text.close()
        page.close()
    document.close()
    return pages


def letter(visit: Visit) -> bytes:
    return letter_bytes(visit, bundled(), OURS)


@pytest.fixture(scope="module")
def typical() -> list[list[Glyph]]:
    return glyphs(letter(TYPICAL))


def line_of(page: list[Glyph], words: str) -> list[Glyph]:
    """The glyphs of a run of words on a page."""
    at = "".join(g.char for g in page).index(words)
    return page[at : at + len(words)]


def test_the_margins_top_37_left_28_and_the_type_area_156_by_225() -> None:
    flow = Flow(bundled())
    flow.paragraph("国" * CHARS * 22, first=0)
    (page,) = glyphs(to_pdf(Frame(()).dress(flow), About("示例", "示例", "", TYPICAL.printed_at)))
    body = [g for g in page if g.char == "国"]
    rows = sorted({round(g.y, 2) for g in body})
    assert len(rows) == 22
    assert Counter(round(g.y, 2) for g in body) == dict.fromkeys(rows, 28)
    assert min(g.x for g in body) == pytest.approx(28, abs=1)
    assert max(g.x for g in body) + 15.75 / MM == pytest.approx(28 + 156, abs=1)
    pitch = (rows[-1] - rows[0]) / 21
    assert pitch == pytest.approx(225 / 22, abs=0.01)
    first_top, last_bottom = rows[0] - 0.88 * 15.75 / MM, rows[-1] + 0.12 * 15.75 / MM
    leading = (pitch - 15.75 / MM) / 2
    assert first_top - leading == pytest.approx(37, abs=1)
    assert last_bottom + leading == pytest.approx(37 + 225, abs=1)


def test_type_sizes_title_2_body_4_or_larger_page_number_4(typical: list[list[Glyph]]) -> None:
    page = typical[0]
    assert {g.size for g in line_of(page, "政策符合性告知书")} == {22.0}
    for words in ("按你单位陈述的情况", "一、可以申请什么", "1,000.00万元", "上市、挂牌企业营业执照", "这次不能申请的"):
        (size,) = {g.size for g in line_of(page, words)}
        assert size >= 14.0, words
    assert {g.size for g in line_of(page, "正页第1页共1页")} == {14.0}


def test_the_title_is_centred_and_paragraphs_begin_two_characters_in(typical: list[list[Glyph]]) -> None:
    title = line_of(typical[0], "政策符合性告知书")
    left, right = title[0].x - 28, 28 + 156 - (title[-1].x + 22 / MM)
    assert left == pytest.approx(right, abs=1)
    assert line_of(typical[0], "按你单位陈述")[0].x == pytest.approx(28 + 2 * 14 / MM, abs=0.6)
    assert line_of(typical[0], "示例桃源科技有限公司：")[0].x == pytest.approx(28, abs=0.6)


def test_page_numbers_stand_7_mm_below_the_type_area_on_every_page() -> None:
    pages = glyphs(letter(EXTREME))
    fronts = sum("正页第" in "".join(g.char for g in page) for page in pages)
    for number, page in enumerate(pages):
        own = (
            f"正页第{number + 1}页共{fronts}"
            if number < fronts
            else f"附页第{number - fronts + 1}页共{len(pages) - fronts}"
        )
        foot = line_of(page, f"{own}页")
        assert foot[0].y - 0.88 * 14 / MM == pytest.approx(37 + 225 + 7, abs=1)
        middle = (foot[0].x + foot[-1].x + 14 / MM) / 2
        assert middle == pytest.approx(28 + 156 / 2, abs=1)


@pytest.mark.parametrize("visit", [TYPICAL, SHORT, EXTREME])
def test_no_red_head_no_document_number_and_every_page_says_that_it_is_not_official(visit: Visit) -> None:
    for data in (letter(visit), notice_bytes(visit, bundled(), signer=OURS)):
        paper = Paper(data)
        assert not re.search(r"〔\d{4}〕\s*\d*\s*号", paper.text)
        assert "文件" not in paper.pages[0][:20]
        for number, page in enumerate(paper.pdf.pages):
            content = page.get_contents()
            assert content is not None
            assert not re.search(
                rb"\b(rg|RG|k|K|sc|SC|scn|SCN|cs|CS|g|G)\b", re.sub(rb"<[^>]*>", b"", content.get_data())
            )
            assert "本件不是公文，也不是批准决定，以主管部门审核为准。" in "".join(paper.pages[number].split())


def test_the_letter_ends_with_what_it_is_not(typical: list[list[Glyph]]) -> None:
    text = "".join(g.char for page in typical for g in page)
    for words in ("本告知书不是公文", "不是批准、许可或者拨付资金的决定", "不构成承诺", "以主管部门审核为准"):
        assert words in text


@pytest.mark.parametrize("chars", [COMMON, RARE], ids=["8105", "rare"])
def test_every_character_prints_and_is_extracted_as_it_was_written(chars: str) -> None:
    assert len(chars) > 1000
    flow = Flow(bundled())
    for start in range(0, len(chars), 400):
        flow.paragraph(chars[start : start + 400], first=0)
    data = to_pdf(Frame(()).dress(flow), About("示例", "示例", "", TYPICAL.printed_at))
    paper = Paper(data)
    for text in (paper.text, paper.other_text):
        assert re.sub(r"第\d+页共\d+页", "", text) == chars
    assert 0 not in paper.shown_codes()
