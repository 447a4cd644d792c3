"""Which face draws what, and that nothing prints as an empty box unannounced."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from fontTools import subset
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from pinggu_desk.documents.pdf.fonts import FontBook, bundled, clean, find_office_fonts, missing_glyphs, warm_up
from pinggu_desk.documents.pdf.paperfont import to_unicode_map
from pinggu_desk.policy.resources import resource_root

FONTS = resource_root() / "fonts"
COMMON = (Path(__file__).parents[2] / "data/tongyong-8105.txt").read_text("utf-8").split()


def faces(book: FontBook, text: str, role: str = "body") -> list[tuple[str, str]]:
    return [(face.path.stem, run) for face, run in book.split(text, role)]  # type: ignore[arg-type]


def test_the_common_table_prints_whole() -> None:
    assert len(COMMON) == 8105
    assert bundled().missing(COMMON) == []


def test_rare_characters_print_and_unknown_ones_are_named_once_in_order() -> None:
    assert missing_glyphs(["示例㛃𬭎𡌶"]) == []
    assert missing_glyphs(["示𰻞例", "𱁬", "𰻞"]) == ["𰻞 U+30EDE", "𱁬 U+3106C"]
    assert missing_glyphs(["\ud800"]) == ["U+D800"]


def test_a_field_stays_in_one_face_where_one_has_it_all() -> None:
    assert faces(bundled(), "示例㛃𬭎公司") == [("NotoSerifSC-Regular", "示例㛃𬭎公司")]
    assert faces(bundled(), "一、示例", "hei") == [("NotoSansSC-Bold", "一、示例")]
    # the title face is a subset without 㐀: the whole title falls back, not the one character
    assert faces(bundled(), "示例㐀", "title") == [("NotoSerifSC-Regular", "示例㐀")]


def test_only_what_no_face_shares_comes_from_the_rare_face() -> None:
    assert faces(bundled(), "示例𡌶公司") == [
        ("NotoSerifSC-Regular", "示例"),
        ("HanaMinB", "𡌶"),
        ("NotoSerifSC-Regular", "公司"),
    ]


def test_a_character_without_glyph_shows_its_code_point() -> None:
    assert faces(bundled(), "示𰻞例") == [("NotoSerifSC-Regular", "示[U+30EDE]例")]


def make_font(target: Path, chars: str, fs_type: int = 8) -> Path:
    options = subset.Options()
    options.notdef_outline = True
    font = TTFont(FONTS / "NotoSerifSC-Regular.ttf")
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=chars)
    subsetter.subset(font)
    font["OS/2"].fsType = fs_type
    font.save(target)
    return target


def test_the_office_s_own_faces_come_first(tmp_path: Path) -> None:
    (tmp_path / "truetype").mkdir()
    own = make_font(tmp_path / "truetype/SimFang.TTF", "示例科技公司")
    office = find_office_fonts([tmp_path / "nowhere", tmp_path])
    assert office == {"body": own}
    book = FontBook(office)
    assert faces(book, "示例公司") == [("SimFang", "示例公司")]
    assert faces(book, "示例㛃公司") == [("NotoSerifSC-Regular", "示例㛃公司")]


@pytest.mark.parametrize("fs_type", [0x0002, 0x0100])
def test_a_face_that_may_not_be_embedded_is_passed_over(tmp_path: Path, fs_type: int) -> None:
    make_font(tmp_path / "simfang.ttf", "示例", fs_type)
    assert find_office_fonts([tmp_path]) == {}


def test_a_broken_font_file_is_passed_over_for_the_next_name(tmp_path: Path) -> None:
    (tmp_path / "simfang.ttf").write_bytes(b"\x00\x01\x00\x00 not a font")
    other = make_font(tmp_path / "仿宋.ttf", "示例")
    assert find_office_fonts([tmp_path]) == {"body": other}


@given(st.text())
def test_clean_text_steers_nothing(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    for char in cleaned:
        assert unicodedata.category(char) not in ("Cc", "Zl", "Zp")
        assert unicodedata.bidirectional(char) not in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


def test_clean_leaves_letters_and_punctuation_alone_and_keeps_words_apart() -> None:
    ordinary = "示例·阿卜杜〇㛃𬭎𡌶谷方用行人“”—…（１２３）〔2026〕 abc　é⾕豈"
    assert clean(ordinary) == ordinary
    assert clean("甲\u202e乙\u2067\u200b\ufeff丙\r\n丁\t戊\u2003己\x00") == "甲乙丙  丁 戊 己"


@given(st.text())
def test_every_character_is_drawn_by_a_face_that_has_it(text: str) -> None:
    runs = bundled().split(text, "body")
    assert all(face.has(char) for face, run in runs for char in run)


def test_the_unicode_map_writes_utf_16_in_blocks_of_a_hundred() -> None:
    lines = to_unicode_map("AAAAAA+Face", [0, *range(0x4E00, 0x4E00 + 150), 0x2CB4E]).splitlines()
    assert "<97> <D872DF4E>" in lines
    assert "<01> <4E00>" in lines
    assert not any(line.startswith("<00> <0000>") for line in lines)
    assert [line for line in lines if line.endswith("beginbfchar")] == ["100 beginbfchar", "51 beginbfchar"]


def test_warm_up_opens_the_working_faces() -> None:
    warm_up()
    assert "glyphs" in FontBook().chain("title")[0].__dict__ or "widths" in FontBook().chain("title")[0].__dict__
