"""Lines as a compositor would break them."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pinggu_desk.documents.pdf.fonts import bundled, clean
from pinggu_desk.documents.pdf.page import BODY, CELL, CHARS, MM, TRACK, WIDTH
from pinggu_desk.documents.pdf.typeset import NO_END, NO_START, Line, Measure, Span, set_lines, text_width

RUNNING = Measure(WIDTH, BODY, TRACK, first=2 * CELL, justify=True)
TEXT = (
    "企业在北交所、上交所科创板（2026年3月2日）上市成功后，可获得奖励资金800万元；应在60个工作日内提交申请，“逾期”视为自动放弃。"
    "电话010-69971260，最高 40.00 万元，500.00 万元至 7,000.00 万元，不低于70%，面积≥1600平方米，节能30吨标煤——以上……均须核实。"
)


def lines_of(text: str, measure: Measure = RUNNING) -> list[Line]:
    return set_lines(bundled(), [Span(text)], measure)


def solid(text: str) -> str:
    return "".join(text.split(" "))


def test_twenty_eight_characters_a_line_exactly() -> None:
    lines = lines_of("国" * 82)
    assert [len(line.text) for line in lines] == [26, 28, 28]
    assert lines[0].indent == pytest.approx(2 * CELL)
    for line in lines[1:]:
        assert line.width == pytest.approx(WIDTH - TRACK, abs=0.05)
        assert all(piece.track == pytest.approx(TRACK, abs=0.01) for piece in line.pieces)
    assert pytest.approx(156 / 28 * MM) == CELL
    assert CHARS == 28


@pytest.mark.parametrize("shift", range(40))
def test_marks_keep_to_their_side_and_numbers_to_their_units(shift: int) -> None:
    text = "国" * shift + TEXT
    lines = lines_of(text)
    joined = [line.text for line in lines]
    assert solid("".join(joined)) == solid(text)
    for line in joined[1:]:
        assert line[0] not in NO_START, joined
    for line in joined[:-1]:
        assert line[-1] not in NO_END, joined
    whole = (
        "2026年3月2日",
        "800万元",
        "60个工作日",
        "010-69971260",
        "40.00 万元",
        "7,000.00 万元",
        "70%",
        "≥1600平方米",
    )
    for word in (*whole, "30吨标煤", "——", "……"):
        assert any(word in line for line in joined), (word, joined)


@given(st.text(max_size=300), st.sampled_from([28 * MM, 60 * MM, WIDTH]), st.booleans())
@example("，" * 200, 28 * MM, True)
@example("a" * 500, 28 * MM, True)
@example("（" * 80 + "2026年3月2日", 28 * MM, False)
@example("  国  " * 30, 28 * MM, True)
@example("", WIDTH, True)
def test_no_text_is_lost_and_no_line_is_too_wide(text: str, width: float, justify: bool) -> None:
    measure = Measure(width, 12.0, first=24.0, justify=justify)
    lines = lines_of(text, measure)
    shown = "".join(run for _, run in bundled().split(text, "body"))
    assert solid("".join(line.text for line in lines)) == solid(shown)
    for line in lines:
        assert line.indent + line.width <= width + 0.02 or len(line.text) == 1
    if text == clean(text) and text.isalpha() and "[" not in shown:
        assert solid(shown) == text


@given(st.text(alphabet="国，。（）《》ab12万元 ", min_size=1, max_size=200))
def test_a_full_line_reaches_the_edge_and_the_last_stays_short(text: str) -> None:
    lines = lines_of(text)
    for line in lines[:-1]:
        slack = WIDTH - line.indent - line.width
        han = len(re.sub("[!-~]", "", line.text))
        assert slack == pytest.approx(0, abs=0.05) or slack > 0.3 * BODY * max(han - 1, 0) - 1
    assert lines[-1].width == pytest.approx(text_width(bundled(), lines[-1].text, "body", BODY, TRACK), abs=0.05)


def test_a_word_longer_than_the_line_breaks_between_its_parts_first() -> None:
    (first, second, *_) = lines_of("（2026年3月2日），续", Measure(6.9 * 12, 12.0))
    assert (first.text, second.text) == ("（", "2026年3月2日")


def test_spans_of_two_faces_share_a_line() -> None:
    (line,) = set_lines(bundled(), [Span("咨询：", "hei"), Span("示例𡌶")], RUNNING)
    assert [piece.face.path.stem for piece in line.pieces] == ["NotoSansSC-Bold", "NotoSerifSC-Regular", "HanaMinB"]
    assert line.text == "咨询：示例𡌶"
