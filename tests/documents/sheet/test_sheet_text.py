"""Text for cells: what is taken out, and how many lines it takes."""

from __future__ import annotations

import pytest

from pinggu_desk.documents.sheet.text import CELL_MOST, clean, count_lines, literal, width


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("示例公司", "示例公司"),
        ("  示例\n公司\t", "示例 公司"),
        ("示\u202e例\u200b公\x07司", "示例公司"),
        ("示例\ud800公司", "示例公司"),
        ("𬭎㛃·é", "𬭎㛃·é"),
    ],
)
def test_only_what_cannot_be_seen_is_taken_out(given: str, kept: str) -> None:
    assert clean(given) == kept


def test_a_text_longer_than_a_cell_holds_says_that_it_is_cut() -> None:
    cut = clean("长" * (CELL_MOST + 1))
    assert len(cut) == CELL_MOST
    assert cut.endswith("已截断）")
    assert clean("长" * CELL_MOST) == "长" * CELL_MOST


def test_only_what_looks_like_an_escape_is_escaped() -> None:
    assert literal("a_x0041_b") == "a_x005F_x0041_b"
    assert literal("a_x00_b") == "a_x00_b"


def test_chinese_breaks_anywhere_and_a_word_is_kept_whole() -> None:
    assert width("汉字", 10) == 20
    assert count_lines("汉" * 10, 10, 105) == 1
    assert count_lines("汉" * 11, 10, 105) == 2
    assert count_lines("一\n二", 10, 105) == 2
    assert count_lines("汉汉汉汉汉汉汉汉ABCDEF", 10, 105) == 2
    assert count_lines("A" * 100, 10, 105) == pytest.approx(100 * width("A", 10) / 100, abs=1)
