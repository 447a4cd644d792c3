"""The letter opened again: what it says, where it stands on the page, and that it can be copied and searched."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pinggu_desk.assess.notes import TraceLine
from pinggu_desk.documents.papers.common import texts_of
from pinggu_desk.documents.papers.letter import LETTER_TITLE, letter_bytes, make_letter
from pinggu_desk.documents.pdf.fonts import bundled, clean
from pinggu_desk.documents.pdf.page import BODY, HEIGHT, LINES, PITCH, Flow, Frame
from pinggu_desk.documents.pdf.pdfdoc import About, to_pdf
from pinggu_desk.documents.visit import Party, Stated, Visit
from pinggu_desk.policy.capital import rmb_capital
from pinggu_desk.policy.errors import DeskError
from tests.documents.paper_reader import BOTTOM, LEFT, MM, RIGHT, Paper
from tests.documents.paper_samples import (
    ELIGIBLE,
    EXTREME,
    HOSTILE,
    RARE,
    REFUSED,
    REVIEW,
    SERVICE,
    SHORT,
    TYPICAL,
    UNKNOWN,
)
from tests.documents.signers import OURS


def letter(visit: Visit) -> Paper:
    return Paper(letter_bytes(visit, bundled(), OURS))


@pytest.fixture(scope="module")
def typical() -> Paper:
    return letter(TYPICAL)


def solid(text: str) -> str:
    return "".join(clean(text).split())


def test_every_figure_is_the_determination_s_own(typical: Paper) -> None:
    for d in TYPICAL.determinations:
        for words in (d.title, d.headline, d.status_words, d.figure_words, d.reading_words):
            assert solid(words) in typical.text, (d.benefit, words)
    assert rmb_capital(1_000_000_000) in typical.text
    # a ceiling is never worded as a sum
    assert rmb_capital(800_000_000) not in typical.text
    assert "最高800.00万元" in typical.text


def test_a_refusal_says_which_condition_failed_and_where_it_stands() -> None:
    """The ground for each refusal is one line of the 附页; those with one ground are named together."""
    elsewhere = replace(REFUSED, trace=(TraceLine("不纳入统计：不符合", "ss.1a", "fails"),))
    text = letter(replace(TYPICAL, determinations=(ELIGIBLE, elsewhere))).text
    assert "事项没有满足的条件依据条款新三板创新层挂牌奖励不纳入统计一、" in text
    alike = [replace(REFUSED, benefit=f"ss.n{i}", title=f"示例奖励{i}") for i in range(12)]
    text = letter(replace(TYPICAL, determinations=(*alike, ELIGIBLE, UNKNOWN))).text
    assert "示例奖励0；示例奖励1；" in text
    assert text.count(solid("挂牌层次 基础层，须为创新层")) <= 2  # gathered on the 正页, once on the 附页


def test_conditions_that_repeat_are_counted_and_new_ones_shown() -> None:
    common = tuple(TraceLine(f"条件{word}：符合", "ss.1a", "holds") for word in "甲乙丙丁")
    one = replace(ELIGIBLE, trace=(*common, TraceLine("一次性奖励", "ss.2.2.1", "value")))
    other = replace(REVIEW, trace=(*common, TraceLine("条件戊：待补充", "ss.1a", "open")))
    text = letter(replace(TYPICAL, determinations=(one, other))).text
    assert text.count("条件甲") == text.count("条件丁") == 1
    assert "与前面事项相同的条件4项" in text and "条件戊" in text


def test_what_waits_for_the_applicant_is_gathered_and_no_name_said_again() -> None:
    lines = (
        TraceLine("工商注册地：符合", "ss.1a", "holds"),
        TraceLine("是否纳入平谷区统计：待补充", "ss.1a", "open"),
        TraceLine("上市板块（应为北交所）：待补充", "ss.2.2.2", "open"),
    )
    one = replace(UNKNOWN, trace=lines, notes=("一次性奖励。",))
    other = replace(one, benefit="ss.star2", title="另一奖励")
    text = letter(replace(TYPICAL, determinations=(ELIGIBLE, one, other))).text
    assert text.count("上市板块（应为北交所）") == 1
    assert "另一奖励：需补充信息" in text and "一次性奖励" in text
    assert text.count(solid(TYPICAL.quotes["ss.2.2.2"])) == 1


def test_services_are_listed_once() -> None:
    service = "提供精准化、全生命周期的上市辅导"
    said = replace(SERVICE, trace=(TraceLine(f"提供：{service}", "ss.1a", "value"),))
    for d in (SERVICE, said):
        assert letter(replace(TYPICAL, determinations=(d,), quotes={})).text.count(service) == 1


def test_what_is_lacking_and_who_decides(typical: Paper) -> None:
    assert "还缺：是否纳入平谷区统计" in typical.text
    assert "还缺外部参数：上一年度北京市全社会职工平均工资" in typical.text
    assert "由区财政局认定：迁入是否完成" in typical.text


def test_each_clause_is_quoted_once_in_the_text_s_own_words(typical: Paper) -> None:
    for clause in ("ss.2.2.1", "ss.1a", "ss.2.2.3b", "ss.2.2.2", "ss.2.2.3a"):
        assert typical.text.count(solid(TYPICAL.quotes[clause])) == 1, clause


def test_a_reading_shows_both_sides(typical: Paper) -> None:
    reading = ELIGIBLE.readings[0]
    for words in (reading.question, reading.taken, reading.other, reading.effect, "口径待主管部门确认"):
        assert solid(words) in typical.text


def test_rare_and_radical_like_characters_are_copied_out_as_written() -> None:
    paper = letter(RARE)
    assert RARE.applicant.name in paper.text
    assert RARE.applicant.name in paper.other_text
    assert not any("\u2e80" <= c <= "\u2fdf" for c in paper.text + paper.other_text)


@pytest.mark.parametrize("visit", [TYPICAL, SHORT, EXTREME, RARE])
def test_fonts_are_embedded_subsets_and_no_box_is_drawn(visit: Visit) -> None:
    paper = letter(visit)
    for font in paper.fonts():
        assert font["/BaseFont"][7] == "+", font["/BaseFont"]
        assert "/FontFile2" in font["/FontDescriptor"]
        assert "/ToUnicode" in font
    assert 0 not in paper.shown_codes()


@pytest.mark.parametrize("visit", [TYPICAL, SHORT, EXTREME, RARE])
def test_ink_keeps_to_the_type_area_between_head_and_foot(visit: Visit) -> None:
    paper = letter(visit)
    for number, page in enumerate(paper.chars, start=1):
        for char in page:
            assert char.left >= LEFT - 1 and char.right <= RIGHT + 1, (number, char)
        inside = "".join(c.text for c in page if c.in_type_area)
        outside = "".join(c.text for c in page if not c.in_type_area)
        assert re.search("[正附]页第[0-9]+页共[0-9]+页", outside), number
        assert inside
        foot = next(c for c in page if c.text == "第" and c.top < BOTTOM)
        assert foot.top == pytest.approx(BOTTOM - 7 * MM, abs=2.5)


def test_twenty_two_lines_a_page_and_twenty_eight_characters_a_line() -> None:
    flow = Flow(bundled())
    flow.paragraph("国" * (26 + 28 * 43))
    paper = Paper(to_pdf(Frame(("示例",)).dress(flow), About("示例", "示例", "", datetime(2026, 1, 1))))
    assert len(paper.pages) == 2
    for number in (0, 1):
        lines = sorted({round(y, 2) for y in paper.baselines(number)}, reverse=True)[:LINES]
        gaps = [a - b for a, b in pairwise(lines)]
        assert gaps == pytest.approx([PITCH] * (LINES - 1), abs=0.02)
        counts = [sum(1 for c in paper.chars[number] if c.bottom < y + BODY and c.top > y) for y in lines]
        assert counts == [26 if (number, row) == (0, 0) else 28 for row in range(LINES)]
    assert pytest.approx(HEIGHT) == LINES * PITCH


def test_practice_is_marked_on_every_page_and_only_in_practice(typical: Paper) -> None:
    for page in letter(EXTREME).pages:
        assert page.count("演练") >= 2
    assert "演练" not in typical.text


def test_papers_made_without_the_register_say_so() -> None:
    assert "编号：未登记" in letter(SHORT).text


def test_a_person_s_number_is_masked_and_a_person_is_addressed_as_one() -> None:
    text = letter(SHORT).text
    assert "110117********1230" in text and "19900101" not in text
    assert "按您陈述的情况" in text and "你单位" not in text


def test_document_properties(typical: Paper) -> None:
    info = typical.pdf.metadata
    assert info is not None
    assert (info.title, info.author) == (LETTER_TITLE, TYPICAL.office)
    assert info.creation_date is not None and info.creation_date.replace(tzinfo=None) == TYPICAL.printed_at
    root: Any = typical.pdf.trailer["/Root"]
    assert root["/Lang"] == "zh-CN"


def test_the_same_visit_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = letter_bytes(TYPICAL, bundled())
    letter_bytes(EXTREME, bundled())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert letter_bytes(TYPICAL, bundled()) == first
    assert letter_bytes(replace(TYPICAL, printed_at=datetime(2026, 11, 24, 9, 31)), bundled()) != first


def test_nothing_of_this_machine_is_in_the_file() -> None:
    assert str(Path(__file__).parents[3]).encode() not in letter_bytes(TYPICAL, bundled())


def test_markup_and_steering_characters_print_as_plain_text() -> None:
    visit = replace(TYPICAL, applicant=Party(HOSTILE), stated=(Stated("备注", HOSTILE),))
    paper = letter(visit)
    assert (
        paper.text.count("<b>&amp;{{示例%s}}</b>倒置行") == 4
    )  # to whom, and on the 附页 to whom, as stated and its remark
    assert not {"\u202e", "\u200b", "\x07"} & set(paper.text)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(min_size=1, max_size=120), st.text(max_size=400), st.text(max_size=200))
def test_no_text_breaks_the_letter(name: str, value: str, trace: str) -> None:
    d = replace(ELIGIBLE, title=name, trace=(TraceLine(trace, "ss.1a", "holds"),), notes=(value,))
    visit = replace(TYPICAL, applicant=Party(name), stated=(Stated(name, value),), determinations=(d,), steps=(value,))
    paper = letter(visit)
    assert 0 not in paper.shown_codes()
    assert d.headline.replace(" ", "") in paper.text


def test_a_row_taller_than_a_page_goes_on_and_loses_nothing() -> None:
    value = "".join(f"第{i}段。" for i in range(900))
    paper = letter(replace(TYPICAL, stated=(Stated("经营情况", value), Stated("后一项", "不丢"))))
    inside = paper.body
    assert value in inside and "后一项不丢" in inside


@pytest.mark.parametrize("lines", range(0, 24, 2))
def test_a_heading_inside_a_table_is_not_left_at_the_foot_of_a_page(lines: int) -> None:
    waiting = [
        replace(
            UNKNOWN,
            benefit=f"ss.w{i}",
            title=f"标题{i}",
            trace=(TraceLine(f"情况{i}{'很长' * lines}", "ss.1a", "open"),),
        )
        for i in range(30)
    ]
    for page in letter(replace(TYPICAL, determinations=(*waiting,), quotes={})).chars:
        inside = "".join(c.text for c in page if c.in_type_area)
        assert not inside.endswith(tuple(f"标题{i}" for i in range(30)))


@pytest.mark.parametrize("lines", range(0, 20, 3))
def test_a_reading_stays_on_one_page(lines: int) -> None:
    d = replace(ELIGIBLE, trace=tuple(TraceLine(f"步骤{i}", "ss.1a", "value") for i in range(lines)))
    pages = ["".join(page.split()) for page in letter(replace(TYPICAL, determinations=(d,))).pages]
    (block,) = [page for page in pages if "口径待主管部门确认。问题：" in page]
    assert solid(ELIGIBLE.readings[0].effect) in block


def test_typed_texts_are_all_asked_for_glyphs() -> None:
    assert {"示例桃源科技有限公司", "示例经办 003", "主营业务"} <= set(texts_of(TYPICAL))


def test_the_file_is_put_in_place_whole(tmp_path: Path) -> None:
    out = tmp_path / "告知书.pdf"
    make_letter(TYPICAL, out, bundled())
    assert out.read_bytes() == letter_bytes(TYPICAL, bundled())
    assert [p.name for p in tmp_path.iterdir()] == ["告知书.pdf"]


def test_a_file_that_cannot_be_written_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "有此名"
    out.mkdir()
    with pytest.raises(DeskError) as caught:
        make_letter(TYPICAL, out, bundled())
    assert str(out) in caught.value.sentence and "请检查" in caught.value.sentence
    assert [p.name for p in tmp_path.iterdir()] == ["有此名"]
