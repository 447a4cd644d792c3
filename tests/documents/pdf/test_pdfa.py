"""PDF/A-2u (ISO 19005-2) by its clauses, as far as a paper of text and rules can touch them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from PIL import ImageCms

from pinggu_desk.documents.papers.letter import LETTER_TITLE, letter_bytes
from pinggu_desk.documents.papers.notice import notice_bytes
from pinggu_desk.documents.pdf.fonts import bundled
from pinggu_desk.documents.visit import Visit
from tests.documents.paper_reader import Paper
from tests.documents.paper_samples import EXTREME, RARE, SHORT, TYPICAL
from tests.documents.signers import OURS
from tools.make_srgb import profile

NAMES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
#: what a page may not lead to: transparency, pictures, programs, things that are not in the file
FORBIDDEN = re.compile(
    rb"/(Group|SMask|ExtGState|CA|ca|BM|XObject|Shading|Pattern|JavaScript|JS|Launch|OpenAction|AA|EmbeddedFiles|AcroForm"
    rb"|Encrypt|F|FFilter|LZWDecode|PresSteps|AlternatePresentations|Trans|Annots|OCProperties)\b"
)


def letter(visit: Visit) -> bytes:
    return letter_bytes(visit, bundled(), OURS)


@pytest.fixture(scope="module", params=["letter", "notice", "extreme", "rare", "unsigned"])
def data(request: pytest.FixtureRequest) -> bytes:
    if request.param == "notice":
        return notice_bytes(TYPICAL, bundled(), signer=OURS)
    return letter({"letter": TYPICAL, "extreme": EXTREME, "rare": RARE, "unsigned": SHORT}[request.param])


def root_of(data: bytes) -> Any:
    return Paper(data).pdf.trailer["/Root"]


def dictionaries(data: bytes) -> bytes:
    """The file without its streams' contents: the objects' own words."""
    return re.sub(rb"stream\r?\n.*?\r\nendstream", b"", data, flags=re.DOTALL)


def test_the_file_s_frame(data: bytes) -> None:
    first, second, _ = data.split(b"\n", 2)
    assert first == b"%PDF-1.7"
    assert second[:1] == b"%" and len([byte for byte in second[1:5] if byte > 127]) == 4
    assert data.rstrip(b"\n").endswith(b"%%EOF") and not data.endswith(b"\n\n")
    assert re.search(rb"/ID\s*\[", data)
    assert data.count(b"startxref") == 1


def test_each_stream_is_as_long_as_it_says_and_ends_on_its_own_line(data: bytes) -> None:
    starts = [m.end() for m in re.finditer(rb"(?<!end)stream\n", data) if data[: m.start()].rstrip().endswith(b">>")]
    assert len(starts) > 8
    for start in starts:
        dictionary = data[data.rindex(b" obj", 0, start) : start]
        length = int(re.findall(rb"/Length (\d+)", dictionary)[-1])
        assert data[start + length : start + length + 11] == b"\r\nendstream"


def test_nothing_transparent_nothing_that_runs_nothing_from_outside(data: bytes) -> None:
    assert FORBIDDEN.findall(dictionaries(data)) == []


def test_metadata_says_the_same_twice_and_which_standard(data: bytes) -> None:
    info = Paper(data).pdf.metadata
    assert info is not None
    stream = root_of(data)["/Metadata"]
    assert (stream["/Type"], stream["/Subtype"], "/Filter" in stream) == ("/Metadata", "/XML", False)
    packet = ET.fromstring(stream.get_data())  # noqa: S314 - our own

    def said(path: str) -> str | None:
        found = packet.find(f".//{path}", NAMES)
        return None if found is None else found.text

    assert (said("pdfaid:part"), said("pdfaid:conformance")) == ("2", "U")
    assert said("dc:title/rdf:Alt/rdf:li") == info.title
    assert said("dc:creator/rdf:Seq/rdf:li") == info.author
    assert said("dc:description/rdf:Alt/rdf:li") == info.subject
    assert said("xmp:CreatorTool") == info.creator
    assert said("pdf:Producer") == info.producer
    assert said("dc:language/rdf:Bag/rdf:li") == "zh-CN"
    assert info.creation_date is not None and said("xmp:CreateDate") == info.creation_date.isoformat()
    assert info.modification_date is not None and said("xmp:ModifyDate") == info.modification_date.isoformat()


def test_language_title_and_output_intent(data: bytes) -> None:
    root = root_of(data)
    assert root["/Lang"] == "zh-CN"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    (intent,) = root["/OutputIntents"]
    assert (intent["/S"], intent["/OutputConditionIdentifier"]) == ("/GTS_PDFA1", "sRGB IEC61966-2.1")
    profile = intent["/DestOutputProfile"]
    assert profile["/N"] == 3
    opened = ImageCms.ImageCmsProfile(BytesIO(profile.get_data()))
    assert "sRGB" in ImageCms.getProfileDescription(opened)


def test_the_profile_is_the_one_that_its_tool_makes() -> None:
    profile_object = root_of(letter(TYPICAL))["/OutputIntents"][0]["/DestOutputProfile"]
    assert profile_object.get_data() == profile()


def test_fonts_are_symbolic_subsets_whose_widths_and_maps_hold(data: bytes) -> None:
    for font in Paper(data).fonts():
        descriptor = font["/FontDescriptor"]
        assert "/Encoding" not in font
        assert descriptor["/Flags"] & 4 and not descriptor["/Flags"] & 32
        program = TTFont(BytesIO(descriptor["/FontFile2"].get_data()))
        (table,) = program["cmap"].tables
        scale = 1000 / program["head"].unitsPerEm
        mapped = font["/ToUnicode"].get_data()
        first = font["/FirstChar"]
        for code, width in enumerate(font["/Widths"], start=first):
            glyph = table.cmap.get(code)
            if glyph and program.getGlyphID(glyph):
                assert abs(program["hmtx"][glyph][0] * scale - width) <= 1, (font["/BaseFont"], code)
                assert f"<{code:02X}> <".encode() in mapped


def test_an_office_s_name_cannot_break_the_metadata() -> None:
    name = "示例<中心>&\x00\ufffe\ud800“一”"
    data = letter(replace(TYPICAL, office=name))
    packet = ET.fromstring(root_of(data)["/Metadata"].get_data())  # noqa: S314 - our own
    found = packet.find(".//dc:creator/rdf:Seq/rdf:li", NAMES)
    assert found is not None and (found.text or "").startswith("示例<中心>&")
    info = Paper(data).pdf.metadata
    assert info is not None and info.title == LETTER_TITLE and (info.author or "").replace("\ufffe", "") == found.text
