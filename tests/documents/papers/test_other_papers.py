"""受理回执、材料清单、测算明细, opened again: what each says, and what holds of every paper that is printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from pinggu_desk.assess.interview import Interview
from pinggu_desk.documents.assemble import assemble
from pinggu_desk.documents.papers.checklist import CHECKLIST_TITLE, checklist_bytes, make_checklist
from pinggu_desk.documents.papers.fullworking import WORKING_TITLE, make_working, working_bytes
from pinggu_desk.documents.papers.notice import NOTICE_TITLE, notice_bytes
from pinggu_desk.documents.papers.receipt import RECEIPT_TITLE, make_receipt, receipt_bytes
from pinggu_desk.documents.pdf.fonts import bundled, clean
from pinggu_desk.documents.proof.check import check_bytes
from pinggu_desk.documents.visit import Contact, Party, Stated, Visit
from pinggu_desk.policy.district import here
from pinggu_desk.policy.errors import DeskError
from tests.bundled import engine as bundled_engine
from tests.documents.paper_reader import BOTTOM, LEFT, RIGHT, Paper
from tests.documents.paper_samples import EXTREME, MATERIALS, PLACES, RARE, SHORT, TYPICAL
from tests.documents.signers import OURS

Make = Callable[..., bytes]
PAPERS: dict[str, Make] = {
    RECEIPT_TITLE: receipt_bytes, CHECKLIST_TITLE: checklist_bytes, WORKING_TITLE: working_bytes,
    NOTICE_TITLE: notice_bytes,
}  # fmt: skip
HOSTILE = (
    '=HYPERLINK("x")', "<b>&amp;{{甲%s}}</b>", "\\textbf{甲}", "(甲) Tj ET Q", "示\u202e例\u200b倒\x07置", "甲\r\n乙\t丙",
    "示例" + "极长名称" * 124, "示例㛃𬭎𡌶谷方用行人", "'; DROP TABLE cases;--", "\ud800半个字", "%%EOF\nendobj", "A" * 500,
)  # fmt: skip


def opened(title: str, visit: Visit) -> Paper:
    return Paper(PAPERS[title](visit, bundled()))


def inside(paper: Paper) -> str:
    """What stands in the type area of all pages; a sentence may turn the page."""
    return "".join(c.text for page in paper.chars for c in page if c.in_type_area)


def solid(text: str) -> str:
    return "".join(clean(text).split())


# --- what holds of all of them


@pytest.mark.parametrize("title", PAPERS)
@pytest.mark.parametrize("visit", [TYPICAL, SHORT, EXTREME, RARE], ids=["typical", "short", "extreme", "rare"])
def test_page_geometry_fonts_and_feet(title: str, visit: Visit) -> None:
    paper = opened(title, visit)
    assert 0 not in paper.shown_codes()
    assert all("/FontFile2" in font["/FontDescriptor"] for font in paper.fonts())
    for page in paper.chars:
        assert all(c.left >= LEFT - 1 and c.right <= RIGHT + 1 for c in page)
        feet = "".join(c.text for c in page if c.top < BOTTOM)
        assert "本件不是公文，也不是批准决定，以主管部门审核为准。" in feet
    if title != NOTICE_TITLE:  # whose copies count their own pages
        total = len(paper.pages)
        for number, text in enumerate(paper.pages, start=1):
            assert f"第{number}页共{total}页" in "".join(text.split())


@pytest.mark.parametrize("title", PAPERS)
@pytest.mark.parametrize("visit", [TYPICAL, SHORT], ids=["typical", "short"])
def test_each_says_whose_it_is_from_which_text_and_that_the_authority_decides(title: str, visit: Visit) -> None:
    text = inside(opened(title, visit))
    assert title in text and solid(visit.applicant.name) in text
    assert solid(visit.source) in text and "2024年2月" in text
    assert "以主管部门审核为准" in opened(title, visit).text


@pytest.mark.parametrize("title", PAPERS)
@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_field_harms_a_paper(title: str, text: str) -> None:
    party = replace(TYPICAL.applicant, name=text, contact=text, phone=text, address=text)
    visit = replace(
        TYPICAL, applicant=party, clerk=text, window=text, office=text, stated=(Stated(text, text, source=text),),
        contacts=(Contact(text, text, text),), materials_note=text, policy_title=text, form_title=text,
        determinations=tuple(replace(d, title=text, notes=(text,)) for d in TYPICAL.determinations),
        materials=tuple(replace(m, material=replace(m.material, name=text, source=text)) for m in MATERIALS),
    )  # fmt: skip
    paper = opened(title, visit)
    assert 0 not in paper.shown_codes()
    for page in paper.chars:
        assert all(c.left >= LEFT - 1 and c.right <= RIGHT + 1 for c in page)
    if "\ud800" not in text:
        assert (
            solid(text) in inside(paper) or solid(text) in paper.text
        )  # only whole pages have characters of two units


@pytest.mark.parametrize("title", PAPERS)
def test_signed_by_the_office_and_the_same_each_time(title: str) -> None:
    data = PAPERS[title](TYPICAL, bundled(), signer=OURS)
    assert data == PAPERS[title](TYPICAL, bundled(), signer=OURS)
    found = check_bytes(data, [OURS.key])
    assert found.ok and found.serial == TYPICAL.serial


@pytest.mark.parametrize(
    ("make", "bytes_of"),
    [(make_receipt, receipt_bytes), (make_checklist, checklist_bytes), (make_working, working_bytes)],
)
def test_files_are_put_in_place_whole_or_refused_in_one_sentence(make: Any, bytes_of: Make, tmp_path: Path) -> None:
    make(TYPICAL, tmp_path / "文书.pdf", bundled())
    assert (tmp_path / "文书.pdf").read_bytes() == bytes_of(TYPICAL, bundled())
    with pytest.raises(DeskError) as caught:
        make(TYPICAL, tmp_path / "没有" / "文书.pdf", bundled())
    assert "请检查" in caught.value.sentence
    assert [p.name for p in tmp_path.iterdir()] == ["文书.pdf"]


def test_what_is_to_fit_on_one_page_does() -> None:
    for title in (RECEIPT_TITLE, CHECKLIST_TITLE):
        assert len(opened(title, TYPICAL).pages) == 1
        assert len(opened(title, SHORT).pages) == 1


# --- receipt


def test_the_receipt_lists_what_came_and_what_is_to_come() -> None:
    text = inside(opened(RECEIPT_TITLE, TYPICAL))
    assert "于2026年11月24日09:30在3号窗口办理" in text
    assert "收到材料1件，还缺2件" in text
    assert "1企业上市、挂牌奖励扶持专项资金申请表原件，加盖公章已收份" in text
    assert "2上市、挂牌企业营业执照副本复印件复印件，加盖公章待补" in text
    assert "其他相关文件" not in text  # 不适用
    assert "暂计至2027年1月29日，2027年放假安排尚未公布，节假日安排以国务院办公厅公布为准" in text
    assert "是否纳入平谷区统计" in text and "区财政局认定" in text
    assert "（盖章处）" in text and "示例经办003" in text
    assert "不表示已经通过审核或者符合条件" in text


def test_the_receipt_for_nothing_and_for_everything() -> None:
    none = tuple(replace(m, state="待补") for m in MATERIALS)
    every = tuple(replace(m, state="已收") for m in MATERIALS)
    assert "还没有收到材料，还缺4件" in inside(opened(RECEIPT_TITLE, replace(TYPICAL, materials=none)))
    assert "收到材料4件，应交的材料已经收齐" in inside(opened(RECEIPT_TITLE, replace(TYPICAL, materials=every)))
    assert "其他材料以当年申报通知为准。" in inside(opened(RECEIPT_TITLE, SHORT))


# --- checklist


def test_the_checklist_has_every_material_with_form_seal_source_clause_and_a_box() -> None:
    text = inside(opened(CHECKLIST_TITLE, TYPICAL))
    assert "1√企业上市、挂牌奖励扶持专项资金申请表原件，加盖公章本窗口打印三、（二）1" in text
    assert "2□上市、挂牌企业营业执照副本复印件复印件，加盖公章自备三、（二）2" in text
    assert "4—其他相关文件按主管部门要求自备三、（二）5" in text


def test_a_policy_without_materials_says_so() -> None:
    visit = replace(SHORT, materials_note="原文没有列明材料，以通知为准。")
    assert "原文没有列明材料，以通知为准。" in inside(opened(CHECKLIST_TITLE, visit))


@pytest.mark.parametrize("policy", here().order)
def test_the_form_itself_and_the_year_s_notice_stand_on_every_paper(policy: str) -> None:
    """FOUND 51: where the text lists no materials, there is still the form to hand in, and the year's notice counts."""
    engine = bundled_engine()
    interview = Interview(engine, policy, date(2026, 4, 1), awards=())
    visit = assemble(
        engine, interview, Party("示例单位"), printed_at=datetime(2026, 4, 1, 9), serial=None, clerk="", window="",
        office="", practice=False,
    )  # fmt: skip
    assert visit.form_title in {line.material.name for line in visit.materials}
    for title in (CHECKLIST_TITLE, RECEIPT_TITLE, NOTICE_TITLE):
        text = inside(opened(title, visit))
        assert visit.form_title in text and "当年申报通知为准" in text and "没有需要" not in text, title


def test_a_long_checklist_repeats_its_head_on_every_page() -> None:
    many = tuple(replace(m, material=replace(m.material, key=f"{i}")) for i in range(20) for m in MATERIALS)
    paper = opened(CHECKLIST_TITLE, replace(TYPICAL, materials=many))
    assert len(paper.pages) > 2
    tables = ["".join(page.split()) for page in paper.pages]
    heads = [text for text in tables if "序号核对材料形式与盖章到哪里取得依据" in text]
    assert len(heads) >= len(paper.pages) - 1
    assert inside(paper).count("上市、挂牌企业营业执照副本复印件") == 20


# --- working


def test_the_working_shows_every_line_of_every_benefit_with_clause_and_quote() -> None:
    text = inside(opened(WORKING_TITLE, TYPICAL))
    for d in TYPICAL.determinations:
        for words in (d.title, d.status_words, d.headline, d.figure_words, PLACES[d.clause]):
            assert solid(words) in text
        for line in d.trace:
            bare = line.text.removesuffix("：符合").removesuffix("：不符合").removesuffix("：待补充")
            assert solid(bare) in text and PLACES[line.clause] in text
        for m in d.missing:
            assert solid(m.name) in text
    for clause, words in TYPICAL.quotes.items():
        if "$" not in words:
            assert solid(words) in text
        assert solid(PLACES[clause]) in text and clause not in text
    for words in ("2024.02-3", "未领过挂牌奖励的，按全额计算", "只补差额，未领过的不给", "按另一读法：可申请"):
        assert words in text


def test_the_working_says_where_each_fact_came_from_and_has_room_for_a_second_person() -> None:
    text = inside(opened(WORKING_TITLE, TYPICAL))
    assert "已领挂牌奖励0元登记信息" in text
    assert "上市日期2026年11月2日申请人陈述" in text
    assert "测算人：复核人：复核日期：" in text


def test_a_long_working_loses_nothing_and_no_heading_stands_alone() -> None:
    paper = opened(WORKING_TITLE, EXTREME)
    text = inside(paper)
    for d in EXTREME.determinations:
        assert solid(d.title) in text
    for one in EXTREME.stated:
        assert one.name in text
    for page in paper.chars:
        rows = sorted({round(c.bottom) for c in page if c.in_type_area})
        lowest = "".join(c.text for c in page if c.in_type_area and abs(c.bottom - rows[0]) < 8)
        assert not lowest.startswith(("一、", "二、逐", "三、口", "四、所", "（一）", "（二）")), lowest


# --- notice


def test_the_notice_says_when_it_was_told_and_where_its_two_copies_go() -> None:
    text = inside(opened(NOTICE_TITLE, TYPICAL))
    assert text.count("告知时间：2026年11月24日09:30。一式两联：申请人联交申请人，存根联由窗口留存。") == 2


@pytest.mark.parametrize(
    ("window", "told"), [("07", "在07号窗口办理"), ("3号窗口", "在3号窗口办理"), ("", "在本窗口办理")]
)
def test_a_receipt_says_at_which_window_in_words(window: str, told: str) -> None:
    """A window kept as a bare number was 在07办理."""
    assert told in Paper(receipt_bytes(replace(TYPICAL, window=window), bundled())).text
