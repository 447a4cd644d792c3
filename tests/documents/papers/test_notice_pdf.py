"""The notice opened again: everything that is missing at once, twice, each copy on its page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pinggu_desk.documents.papers.notice import NOTICE_TITLE, NOTIFY_WORKDAYS, make_notice, notice_bytes, notice_flows
from pinggu_desk.documents.pdf.fonts import bundled
from pinggu_desk.documents.visit import Visit
from tests.documents.paper_reader import LEFT, RIGHT, Paper
from tests.documents.paper_samples import ELIGIBLE, EXTREME, RARE, SHORT, TYPICAL
from tests.documents.papers.test_words_of_papers import visit_of
from tests.policy.test_cases import the_pack


def notice(visit: Visit, notify_workdays: int = NOTIFY_WORKDAYS) -> Paper:
    return Paper(notice_bytes(visit, bundled(), notify_workdays))


@pytest.fixture(scope="module")
def typical() -> Paper:
    return notice(TYPICAL)


def pages(paper: Paper) -> list[str]:
    return ["".join(page.split()) for page in paper.pages]


def test_two_copies_of_one_page_each(typical: Paper) -> None:
    applicant, stub = pages(typical)
    assert "（申请人联）" in applicant and "（存根联）" in stub
    for page in (applicant, stub):
        assert NOTICE_TITLE in page
        assert "编号：PG-3-20261124-0001" in page
        assert "第1页共1页" in page


def test_only_what_is_missing_is_asked_for(typical: Paper) -> None:
    for page in pages(typical):
        assert "上市、挂牌企业营业执照副本复印件" in page and "复印件，加盖公章" in page and "自备" in page
        assert "辅导协议、保荐协议和承销协议的复印件" in page
        assert "企业上市、挂牌奖励扶持专项资金申请表" not in page
        assert "其他相关文件" not in page
        assert "是否纳入平谷区统计" in page and "申请人说明并提供证明" in page
        assert "迁入是否完成" in page and "区财政局认定" in page
        assert "上一年度北京市全社会职工平均工资" in page and "主管部门公布" in page


def test_by_when_and_whom_to_call(typical: Paper) -> None:
    for page in pages(typical):
        assert (
            "暂计至2027年1月29日，2027年放假安排尚未公布，节假日安排以国务院办公厅公布为准，逾期申请视为自动放弃。"
            in page
        )
        assert "咨询专线010-6997126（" in page
    undated = replace(TYPICAL, determinations=(replace(ELIGIBLE, deadline=None),))
    assert "按主管部门当年申报通知执行" in notice(undated).text


def test_the_reference_to_five_workdays_can_be_set(typical: Paper) -> None:
    assert "参照《中华人民共和国行政许可法》第三十二条" in typical.text
    assert "5个工作日内一次告知" in typical.text
    assert "3个工作日内一次告知" in notice(TYPICAL, notify_workdays=3).text


def test_the_stub_is_signed_for_and_the_applicant_s_copy_sealed(typical: Paper) -> None:
    applicant, stub = pages(typical)
    for words in ("告知人工号示例经办003", "告知时间2026年11月24日09:30", "申请人签收：", "签收时间："):
        assert words in stub and words not in applicant
    assert "（盖章处）" in applicant and "（盖章处）" not in stub


def test_nothing_missing_says_so() -> None:
    assert "目前没有需要补正的材料和需要说明的情况" in notice(SHORT).text


@pytest.mark.parametrize("visit", [TYPICAL, SHORT, EXTREME, RARE])
def test_fonts_glyphs_and_margins(visit: Visit) -> None:
    paper = notice(visit)
    assert 0 not in paper.shown_codes()
    assert all("/FontFile2" in font["/FontDescriptor"] for font in paper.fonts())
    for page in paper.chars:
        assert all(c.left >= LEFT - 1 and c.right <= RIGHT + 1 for c in page)


def test_rare_names_are_copied_out_as_written() -> None:
    paper = notice(RARE)
    assert paper.text.count(RARE.applicant.name) == 2
    assert paper.other_text.count(RARE.applicant.name) == 2


def test_a_long_notice_counts_each_copy_s_pages_by_itself() -> None:
    texts = pages(notice(EXTREME))
    half = len(texts) // 2
    assert half > 1
    for start, copy in ((0, "（申请人联）"), (half, "（存根联）")):
        for number, page in enumerate(texts[start : start + half], start=1):
            assert copy in page and f"第{number}页共{half}页" in page


def test_the_same_visit_gives_the_same_bytes_in_the_file(tmp_path: Path) -> None:
    out = tmp_path / "告知书.pdf"
    make_notice(TYPICAL, out, bundled())
    assert out.read_bytes() == notice_bytes(TYPICAL, bundled())


def test_typical_visits_take_one_page_a_copy() -> None:
    """All but the largest case; nothing that is lacking is left out where it is gathered by benefit."""
    longest = []
    for policy in the_pack().policies:
        visit = visit_of(policy, known=True)
        flows = notice_flows(visit, bundled())
        longest.append(max(len(flow.pages) for flow in flows.values()))
        said = "".join("".join(placed.line.text.split()) for page in flows["申请人联"].pages for placed in page.lines)
        left_out = {one.benefit for one in visit.not_raised}
        for d in visit.determinations:
            if d.status in ("unknown", "review") and d.benefit not in left_out:
                assert all("".join(m.name.split()) in said for m in d.missing), (policy, d.benefit)
        assert ("来访未涉及" in said) == bool(left_out)
    assert longest.count(1) >= len(longest) - 1 and max(longest) <= 2
