"""What is laid over a paper, cut from it or put together with another (FOUND 53, 71): the words alone would be as they were."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from pinggu_desk.documents.papers.letter import letter_bytes
from pinggu_desk.documents.pdf.fonts import bundled
from pinggu_desk.documents.proof.check import REFUSED, check_bytes
from tests.documents.paper_samples import SHORT, TYPICAL
from tests.documents.signers import OURS, THEIRS

KEYS = [THEIRS.key, OURS.key]


@pytest.fixture(scope="module")
def signed() -> bytes:
    return letter_bytes(TYPICAL, bundled(), OURS)


def rewritten(change: Callable[[Any], None], data: bytes) -> bytes:
    """The file as another program saves it after a change to its pages."""
    from pypdf import PdfWriter

    writer: Any = PdfWriter(clone_from=BytesIO(data))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def noted(writer: Any) -> None:
    """Another sum, written over the letter's as a note, which no reader of its words sees."""
    from pypdf.annotations import FreeText

    writer.add_annotation(0, FreeText(text="9,000.00 万元", rect=(300, 600, 500, 630), font_size="14pt"))


def covered(writer: Any) -> None:
    """A white sheet laid over the sum."""
    from pypdf import PdfReader
    from reportlab.pdfgen.canvas import Canvas

    sheet = BytesIO()
    canvas = Canvas(sheet)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(300, 600, 200, 40, fill=1)
    canvas.save()
    writer.pages[0].merge_page(PdfReader(BytesIO(sheet.getvalue())).pages[0])


def of_another(writer: Any) -> None:
    """Its first page is that of another letter."""
    from pypdf import PdfReader

    writer.remove_page(0)
    writer.insert_page(PdfReader(BytesIO(letter_bytes(SHORT, bundled(), OURS))).pages[0], 0)


def cropped(writer: Any) -> None:
    writer.pages[0].mediabox.upper_right = (400, 400)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (noted, "正页第 1 页上加了批注、图章或者表单一类的东西"),
        (covered, "画面上有没有遮住、添加什么看不出来"),
        (cropped, "正页第 1 页的大小或者方向同其他页不同"),
        (lambda writer: writer.pages[0].rotate(90), "正页第 1 页的大小或者方向同其他页不同"),
        (lambda writer: writer.remove_page(1), "签发时有 3 页，现在有 2 页"),
        (of_another, "正页第 1 页被改动，文字与签发时不同：记录的沪深交易所主板上市奖励“1,000.00 万元”"),
        (lambda writer: writer.append(BytesIO(letter_bytes(SHORT, bundled(), OURS))), "签发时有 3 页，现在有 5 页"),
    ],
)
def test_what_is_laid_over_cut_off_or_taken_out_is_told(
    signed: bytes, change: Callable[[Any], None], said: str
) -> None:
    """FOUND 53, 71: a note over the sum left the words as they were, and 各页文字同签发时一样 was all that was said."""
    found = check_bytes(rewritten(change, signed), KEYS)
    assert not found.ok and found.lines == ()
    assert found.sentence.startswith(REFUSED) and said in found.sentence and found.sentence.count("。") == 1


def test_two_letters_in_one_file_are_told_as_that(signed: bytes) -> None:
    """FOUND 53, 71."""
    for both in (signed + letter_bytes(SHORT, bundled(), OURS), signed + signed):
        found = check_bytes(both, KEYS)
        assert not found.ok and found.record == () and "2 份验真记录" in found.sentence
