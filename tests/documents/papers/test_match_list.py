"""The list of what an applicant can have (政策匹配清单), opened again: PDF and workbook say what the match found, no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.match.bundle import Bundle
from pinggu_desk.assess.match.match import Match
from pinggu_desk.documents.assemble import contacts_of
from pinggu_desk.documents.matchvisit import MatchVisit, match_visit
from pinggu_desk.documents.papers.matchlist import (
    LIST_TITLE,
    make_match_book,
    make_match_list,
    match_book_bytes,
    match_list_bytes,
)
from pinggu_desk.documents.pdf.fonts import bundled, clean
from pinggu_desk.documents.proof.check import check_bytes, check_code
from pinggu_desk.documents.proof.record import proof_of
from pinggu_desk.documents.together import together_words
from pinggu_desk.documents.visit import NotRaised
from pinggu_desk.policy.capital import rmb_capital
from pinggu_desk.policy.quantity import headline_sum
from tests.assess.match.test_match import LISTED, MANUFACTURER
from tests.assess.profiles import example, match_of
from tests.documents.match_samples import FIRM, PERSON, SAMPLES, found, of_party, sample
from tests.documents.paper_reader import Paper
from tests.documents.signers import OURS

Rows = list[dict[str, Any]]


def paper(found: MatchVisit) -> Paper:
    return Paper(match_list_bytes(found, bundled()))


def book(found: MatchVisit) -> dict[str, Rows]:
    """Each list of the workbook as rows by head; pairs as rows of name and value."""
    sheets = {}
    for sheet in openpyxl.load_workbook(BytesIO(match_book_bytes(found))):
        head, *rows = sheet.iter_rows(values_only=True)
        sheets[sheet.title] = [dict(zip(map(str, head), row, strict=True)) for row in rows]
    return sheets


def body(found: MatchVisit) -> str:
    """What stands in the type area of all pages, feet left out: a sentence may turn the page."""
    text = "".join(c.text for page in paper(found).chars for c in page if c.in_type_area)
    return text.replace("政策事项", "")  # the head that is repeated where a row of many names turns the page


def solid(text: str) -> str:
    return "".join(clean(text).split())


def with_bundle(name: str, **changes: Any) -> MatchVisit:
    """A sample whose bundle came out otherwise, as another pack or another applicant could make it."""
    one = sample(name)
    other = one.match.updated(one.match.answers)
    bundle: Bundle = replace(one.match.bundle, **changes)
    other.__dict__["bundle"] = bundle  # a cached property: worked out once, then kept here
    return replace(one, match=other)


# --- what the page says


@pytest.mark.parametrize("name", SAMPLES)
def test_one_page_says_what_can_be_had_and_what_is_nearest(name: str) -> None:
    """Every row is in the workbook; the page has the surest of what can be had, with figure, clause and telephone."""
    found, text = sample(name), body(sample(name))
    made = paper(found)
    assert len(made.pages) == 1
    match = found.match
    assert LIST_TITLE in text and "一、可以申请什么" in text
    for benefit in match.groups["eligible"][:1]:
        d = match.determination(benefit)
        for words in (d.headline, found.place(d.clause), found.policy_title(benefit)):
            assert solid(words) in text, (benefit, words)
        call = next(c.text for c in contacts_of(match.rules[benefit].policy) if "010-" in c.text)
        assert call[-12:] in text or call[:12] in text
    for benefit in (*match.groups["eligible"], *match.groups["review"])[:4]:
        assert solid(match.determination(benefit).title) in text, benefit
    for benefit in match.groups["near"][:1]:
        change = match.near[benefit]
        assert solid(change.words) in text and solid(found.after(change)) in text, benefit
    for key in ("unknown", "ineligible"):
        if match.groups[key]:
            assert f"{len(match.groups[key])}项" in text
    assert f"全部{len(match.rules)}个支持事项逐项列在匹配工作簿" in text


def test_more_than_a_page_holds_is_counted_and_named_where_it_is() -> None:
    """Thirty things that can be had still take one page, the surest sums first."""
    rich = found({**MANUFACTURER, **LISTED}, "单位", FIRM)
    assert len(rich.match.groups["eligible"]) >= 4
    made = paper(rich)
    assert len(made.pages) == 1
    text = body(rich)
    first = rich.match.determination(rich.match.groups["eligible"][0])
    assert solid(first.title) in text and solid(first.headline) in text
    shown = [i for i in rich.match.groups["eligible"] if solid(rich.match.rules[i].benefit.title) in text]
    assert len(shown) == len(rich.match.groups["eligible"]) or "项可以申请：" in text


def test_what_was_not_mentioned_is_counted_and_not_listed() -> None:
    one = sample("manufacturer")
    left = tuple(NotRaised(i, one.match.rules[i].benefit.title, one.match.rules[i].policy.title)
                 for i in one.match.groups["unknown"][:40])  # fmt: skip
    text = body(replace(one, visit=replace(one.visit, not_raised=left)))
    assert "来访未涉及，未作测算：" in text and "的40项。" in text


@pytest.mark.parametrize("name", SAMPLES)
def test_it_says_what_it_is_not_and_from_which_text(name: str) -> None:
    text = body(sample(name))
    assert "不是公文，也不是批准、许可或者拨付资金的决定" in text and "以主管部门审核为准" in text
    assert "2024年2月《平谷区推动高质量发展惠企助企政策汇编（简版）》" in text
    assert sample(name).visit.edition in text


def test_the_total_is_the_bundle_s_in_figures_and_capitals() -> None:
    found = sample("listed")
    text, total = body(found), found.match.bundle.total_fen
    assert total == 80_000_000_0
    assert f"按条款计算的资金合计{headline_sum(total)}（{rmb_capital(total)}）".replace(" ", "") in text


def test_a_ceiling_a_loan_and_a_rate_are_never_in_the_total() -> None:
    text = body(sample("couple"))
    assert "按条款计算的资金合计" not in text  # nothing there is a computed sum
    assert "补贴比例100%" in text


def test_what_is_given_up_names_what_for_the_clause_and_the_difference() -> None:
    found = sample("listed")
    (lost,) = found.match.bundle.given_up
    said = " ".join(together_words(found.match.engine, found.match.bundle).said)
    for words in (lost.title, f"“{lost.instead_title}”", lost.difference, found.full_place(lost.rule), "明文规定"):
        assert words in said
    rows = {row["支持事项"]: row for row in book(found)["最优组合"]}
    assert lost.title in rows


def test_where_only_an_analogy_forbids_both_totals_stand_and_who_decides() -> None:
    (lost,) = sample("listed").match.bundle.given_up
    total = sample("listed").match.bundle.total_fen
    both = with_bundle("listed", without_analogy_fen=total + 50_000_00, given_up=(replace(lost, explicit=False),))
    said = " ".join(together_words(both.match.engine, both.match.bundle).said)
    assert "由该条类推，原文没有写明，待主管部门确认" in said
    front = {row["政策匹配清单"]: row for row in book(both)["概况"]}
    assert "如可并领的合计（元）" in front


def test_an_identity_number_is_masked_and_an_unnamed_visitor_is_addressed() -> None:
    text = body(sample("couple"))
    assert "110117199001011230" not in text and "示例甲：" in text
    nothing = paper(sample("nothing")).text
    assert "来访人：" in nothing and "编号：未登记" in nothing and "演练非正式文书" in nothing


def test_questions_begin_with_the_one_that_settles_most() -> None:
    found = sample("nothing")
    assert found.match.question is not None
    first = found.match.engine.pack.facts[found.match.question.fact].question
    assert solid(first) in body(found).partition("下一步补充什么")[2].partition("：")[2][: len(first) + 2]


def test_the_text_of_another_time_is_said_not_to_be_there() -> None:
    text = body(sample("before"))
    assert "2023年12月31日时有效的文本不在政策包内" in text


# --- the workbook


@pytest.mark.parametrize("name", SAMPLES)
def test_each_benefit_is_one_row_with_real_numbers(name: str) -> None:
    found = sample(name)
    rows = {row["条款号"] + row["支持事项"]: row for row in book(found)["支持事项"]}
    assert len(rows) == len(found.match.rules) + len(found.match.not_in_pack)
    for benefit in found.match.rules:
        d = found.match.determination(benefit)
        row = rows[d.clause + d.title]
        computed = d.amount_fen if d.status == "eligible" and d.figure == "computed" else None
        assert row["确定金额（元）"] == (None if computed is None else computed / 100)
        assert row["金额与口径"] == d.headline
        assert not isinstance(row["上限（元）"], str)
        day = d.deadline.day if d.deadline and d.status != "ineligible" else None
        assert row["申请截止"] == (datetime(day.year, day.month, day.day) if day else None)


def test_lists_have_a_frozen_head_filters_and_widths_and_print_as_they_come() -> None:
    opened = openpyxl.load_workbook(BytesIO(match_book_bytes(sample("listed"))))
    assert opened["概况"]["B5"].number_format == 'yyyy"年"m"月"d"日"'
    assert opened.sheetnames == ["概况", "支持事项", "最优组合", "陈述的情况", "还需了解", "说明"]
    for name in opened.sheetnames[1:5]:
        sheet = opened[name]
        assert sheet.freeze_panes is not None and sheet.freeze_panes.endswith("2")
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1" and sheet.page_setup.fitToWidth == 1
        assert sheet.page_setup.paperSize in (8, 9) and sheet.page_setup.orientation == "landscape"
        assert all(
            5 < sheet.column_dimensions[get_column_letter(n)].width <= 60 for n in range(1, sheet.max_column + 1)
        )


def test_the_bundle_s_sums_add_up_to_the_total() -> None:
    found = sample("manufacturer")
    sheets = book(found)
    counted = [row["计入合计（元）"] for row in sheets["最优组合"] if row["取舍"] == "取"]
    assert sum(value for value in counted if value) * 100 == found.match.bundle.total_fen
    values = [list(row.values()) for row in sheets["概况"]]
    assert ["按条款计算的资金合计（元）", found.match.bundle.total_fen / 100] in values


HOSTILE = (
    '=HYPERLINK("x")', "+1+2", "-3", "@SUM(A1)", "<b>&amp;</b>", "_x0041_", "示\u202e例\u200b倒\x07置", "甲\r\n乙\t丙",
    "{{示例%s}}", "示例" + "极长名称" * 124, "示例㛃𬭎𡌶谷方用行人", "'; DROP TABLE", "\ud800半个字", "\uffff\x00",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_no_name_harms_page_or_workbook(text: str) -> None:
    found = of_party("couple", name=text, code=text)
    data = paper(found)
    assert 0 not in data.shown_codes()
    if "\ud800" not in text and "\uffff" not in text:
        assert solid(text) in data.text
    opened = openpyxl.load_workbook(BytesIO(match_book_bytes(found)))
    for sheet in opened:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_files_are_written_whole_and_the_same_each_time(tmp_path: Path) -> None:
    found = sample("near")
    make_match_list(found, tmp_path / "清单.pdf", bundled())
    make_match_book(found, tmp_path / "清单.xlsx")
    assert (tmp_path / "清单.pdf").read_bytes() == match_list_bytes(found, bundled())
    assert (tmp_path / "清单.xlsx").read_bytes() == match_book_bytes(found)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["清单.pdf", "清单.xlsx"]
    assert openpyxl.load_workbook(tmp_path / "清单.xlsx").properties.created.date() == date(2026, 11, 24)


def test_a_signed_list_is_found_unaltered() -> None:
    data = match_list_bytes(sample("near"), bundled(), OURS)
    assert check_bytes(data, [OURS.key]).ok
    assert not check_bytes(data.replace(b"endobj", b"endobX", 1), [OURS.key]).ok


def test_the_code_on_the_list_names_what_kind_of_paper_it_is() -> None:
    proof = proof_of(sample("near").visit, LIST_TITLE, OURS)
    assert proof is not None
    found = check_code(proof.code, [OURS.key])
    assert found.ok and any(LIST_TITLE in line for line in found.lines)


def test_what_the_applicant_chose_is_printed_as_chosen() -> None:
    """FOUND 82: 申请人选择 on the list, what was given up for it, and a choice that holds no more."""
    facts = {
        "汇谷人才类别": "领军人才", "创办企业或成果产业化": "是", "本区户籍": "是", "应届情形": "毕业年度内", "本区首次创办创业组织": "是",
        "符合一次性创业补贴文件": "是", "吸纳本区户籍劳动力人数": 3,
    }  # fmt: skip
    one = found(facts, "个人", PERSON)
    chosen = Match(one.match.engine, one.match.answers, subject="个人", choices=["bys.hires"])
    text = body(replace(one, match=chosen))
    assert "申请人选择了“带动就业奖励”；其余" in text
    rows = book(replace(one, match=chosen))["最优组合"]
    assert any("申请人选择了“带动就业奖励”" in str(row) for row in rows)
    gone = Match(one.match.engine, one.match.answers, subject="个人", choices=["rcst.loan"])
    assert "这个选择不再适用" in body(replace(one, match=gone))


def test_what_is_taken_for_one_thing_is_said_to_be_taken_so() -> None:
    """FOUND 83: unanswered it is one loan, and the list says so; the answer itself is printed as stated."""
    facts = {**example("zscq.pledge"), **example("zxqy.interest")}
    text = body(found(facts, "单位", FIRM))
    assert "按同一笔贷款计；不是同一笔贷款的，两项都可以申请" in text
    two = body(found({**facts, "同一笔贷款": "否"}, "单位", FIRM))
    assert "按同一笔贷款计" not in two


def test_a_figure_that_was_had_before_is_never_listed_without_that() -> None:
    had = Award("wltst", "wltst.art", 20_000_000, date(2025, 6, 12))
    facts = example("wltst.art")
    options: dict[str, Any] = {
        "serial": None, "clerk": "", "window": "", "office": "", "practice": False, "printed_at": datetime(2026, 4, 1, 9, 30),
    }  # fmt: skip
    told = match_visit(match_of(facts, [had], subject="单位"), FIRM, **options)
    assert "2025年6月12日已领取本项20万元" in solid(body(told))
    assert "已领取本项" not in solid(body(match_visit(match_of(facts, subject="单位"), FIRM, **options)))
