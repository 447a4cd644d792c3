"""The 正页 of a letter as a person takes it in: what, how much, by when, which number to call, on one page."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import pypdf
import pytest

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.examples import spoken
from pinggu_desk.assess.interview import Interview
from pinggu_desk.documents.assemble import assemble
from pinggu_desk.documents.papers.letter import letter_bytes, letter_flow
from pinggu_desk.documents.pdf.fonts import bundled
from pinggu_desk.documents.visit import Contact, Nearly, NotRaised, Party, Together, Visit
from tests.assess.profiles import ON, engine, example
from tests.documents.paper_reader import BOTTOM, MM, RIGHT, TOP, Char, Paper
from tests.documents.paper_samples import (
    DEADLINE,
    ELIGIBLE,
    EXTREME,
    RARE,
    REFUSED,
    REVIEW,
    SERVICE,
    SHORT,
    TYPICAL,
    UNKNOWN,
)
from tests.documents.papers.test_words_of_papers import visit_of
from tests.documents.signers import OURS
from tests.policy.test_cases import the_pack

CODE = "PGZ1:" + "A" * 235
THIRTY_SIX = replace(
    TYPICAL,
    determinations=tuple(
        replace(ELIGIBLE, benefit=f"ss.e{i}", title=f"示例可申请事项第{i}号奖励") for i in range(36)
    ),
)  # fmt: skip
SAMPLES = {
    "typical": TYPICAL, "nothing eligible, a person, not registered, practice": SHORT, "rare": RARE,
    "services": replace(TYPICAL, determinations=(SERVICE,)), "one": replace(TYPICAL, determinations=(ELIGIBLE,)),
    "past": replace(TYPICAL, determinations=(replace(REFUSED, deadline=replace(DEADLINE, passed=True, provisional=False)),)),
    "another day": replace(TYPICAL, on=date(2026, 4, 1)), "nothing worked out": replace(TYPICAL, determinations=()),
}  # fmt: skip


def paper(visit: Visit) -> Paper:
    return Paper(letter_bytes(visit, bundled(), OURS))


def sections(visit: Visit) -> Counter[str]:
    return Counter(page.section for page in letter_flow(visit, bundled(), CODE).pages)


def body(page: list[Char]) -> str:
    return "".join(c.text for c in page if c.in_type_area)


@pytest.mark.parametrize("name", SAMPLES)
def test_result_date_and_telephone_stand_on_the_first_page_and_there_is_one(name: str) -> None:
    visit = SAMPLES[name]
    assert sections(visit)["正页"] == 1
    page = body(paper(visit).chars[0])
    assert "一、可以申请什么" in page and "时间" in page and "带上" in page
    for d in visit.determinations:
        if d.status == "eligible":
            assert d.title.replace(" ", "") in page and d.headline.replace(" ", "") in page
    if visit.contacts:
        assert "010-6997126" in page and "另一处印作010-69971260" in page
    assert "不是批准、许可或者拨付资金的决定" in page and "（盖章处）" in page
    assert "编号" in page and "2026年11月24日" in page


def test_the_last_day_comes_first_and_a_day_that_is_past_says_so() -> None:
    assert "时间暂计至2027年1月29日，2027年放假安排尚未公布" in body(paper(SAMPLES["one"]).chars[0])
    past = body(paper(SAMPLES["past"]).chars[0])
    assert "时间截止2027年1月29日，该期限已过" in past
    assert "没有规定具体截止日期" in body(paper(SAMPLES["services"]).chars[0])


def test_figures_end_at_the_right_edge() -> None:
    for visit in (TYPICAL, THIRTY_SIX, SAMPLES["services"]):
        chars = [c for c in paper(visit).chars[0] if c.in_type_area]
        text = "".join(c.text for c in chars)
        for d in visit.determinations:
            words = d.headline.replace(" ", "")
            at = text.find(d.title.replace(" ", ""))
            if d.status == "eligible" and at >= 0:
                end = text.index(words, at) + len(words) - 1
                assert chars[end].right == pytest.approx(RIGHT, abs=2.0), d.title


def test_thirty_six_benefits_take_two_pages_with_date_and_telephone_on_the_first() -> None:
    """Also a name of 500 characters: the answer keeps its place."""
    for visit in (THIRTY_SIX, EXTREME):
        assert sections(visit)["正页"] == 2
        first, second = (body(page) for page in paper(visit).chars[:2])
        assert "2027年1月29日" in first and "010-6997126" in first
        assert "1,000.00万元" in first and "（续）" in second and "（盖章处）" in second
    both = "".join(body(page) for page in paper(THIRTY_SIX).chars[:2])
    assert all(d.title in both for d in THIRTY_SIX.determinations)


def used(page: list[Char]) -> float:
    """How far down the type area a page's ink goes, as a part of its height."""
    inside = [c for c in page if c.in_type_area]
    return (TOP - min(c.bottom for c in inside)) / (TOP - BOTTOM)


@pytest.mark.parametrize("policy", list(the_pack().policies))
def test_a_typical_visit_takes_one_page_and_five_with_its_annex(policy: str) -> None:
    visit = replace(visit_of(policy, known=True), serial="PG-03-20261129-0007-01")
    pages = sections(visit)
    assert pages["正页"] == 1 and pages["附页"] <= 4, pages
    made = paper(visit)
    for page in made.chars[:-1]:
        assert used(page) > 0.5
    first = body(made.chars[0])
    numbers = [c.text for c in visit.contacts if sum(sign.isdigit() for sign in c.text) > 6]
    assert numbers
    if all(len(number) < 30 for number in numbers):
        assert all(number in first for number in numbers)
    titles = [d for d in visit.determinations if d.status == "eligible"]
    assert all("".join(d.title.split()) in first for d in titles)


@pytest.mark.parametrize("name", ["typical", "nothing eligible, a person, not registered, practice", "services"])
def test_no_heading_stands_alone_and_no_text_enters_the_seal_s_square(name: str) -> None:
    for visit in (
        SAMPLES[name],
        THIRTY_SIX,
        replace(TYPICAL, office="示例" * 30),
        replace(TYPICAL, office="示例" * 400),
    ):
        made = paper(visit)
        for page in made.chars:
            rows = sorted({round(c.bottom) for c in page if c.in_type_area})
            lowest = "".join(c.text for c in page if c.in_type_area and abs(c.bottom - rows[0]) < 8)
            assert not lowest.startswith(("一、", "二、", "三、", "四、")), lowest
        number = next(n for n, page in enumerate(made.chars) if "（盖章处）" in body(page))
        assert number == sections(visit)["正页"] - 1
        assert visit.office in "".join(body(page) for page in made.chars)
        chars = made.chars[number]
        at = next(i for i in range(len(chars)) if "".join(c.text for c in chars[i : i + 5]) == "（盖章处）")
        x, y = (chars[at].left + chars[at + 4].right) / 2, chars[at].bottom
        near = [
            c for c in chars if abs((c.left + c.right) / 2 - x) < 21 * MM and abs((c.bottom + c.top) / 2 - y) < 21 * MM
        ]
        assert "".join(c.text for c in near) == "（盖章处）"
        assert len([c for c in chars if c.in_type_area and c.bottom > y + 25 * MM]) > 28


def test_what_was_not_mentioned_is_said_in_one_sentence_and_refused_nowhere() -> None:
    """来访未涉及: counted with its policies; neither 不符合 nor stated as 否."""
    left = tuple(NotRaised(f"jr.x{i}", f"示例未谈到的事项{i}", "平谷区促进金融产业发展办法") for i in range(3))
    text = paper(replace(TYPICAL, not_raised=left)).text
    assert text.count("来访未涉及，未作测算：《平谷区促进金融产业发展办法》3项。没有谈到不等于不符合") == 1
    assert "示例未谈到的事项0" not in text
    of_own = replace(TYPICAL, not_raised=(NotRaised(UNKNOWN.benefit, UNKNOWN.title, TYPICAL.policy_title),))
    assert "来访未涉及，未作测算：本政策另有1项。" in paper(of_own).text
    assert UNKNOWN.title not in paper(of_own).text
    wide = visit_of("wltst", known=True)
    assert len(wide.not_raised) > 10 and "来访未涉及，未作测算：本政策另有" in paper(wide).text
    assert {one.benefit for one in wide.not_raised} <= {d.benefit for d in wide.determinations if d.status == "unknown"}


def test_what_bears_on_the_sum_and_what_comes_nearest_is_told() -> None:
    near = (
        Nearly("ss.neeq", REFUSED.title, "“新增投资”达到1000万元（现为800万元，再多200万元）", "可申请，最高50万元"),
    )
    visit = replace(
        SAMPLES["one"], determinations=(ELIGIBLE, REFUSED), near=near,
        together=Together(1_200_000_00, ("“甲”与“乙”是同一挂牌，只取后一项（少10万元）。",)),
    )  # fmt: skip
    page = body(paper(visit).chars[0])
    assert "按条款能算出的合计120.00万元" in page
    assert "“甲”与“乙”是同一挂牌，只取后一项" in page
    assert "最接近的：新三板创新层挂牌奖励，“新增投资”达到1000万元" in page
    assert "1项不符合条件，不予支持：新三板创新层挂牌奖励（挂牌层次基础层，须为创新层）。" in page


def a_visit(policy: str, facts: dict[str, Any], awards: list[Award]) -> Visit:
    """A visit on these facts and past awards."""
    interview = Interview(engine(), policy, ON, answers=spoken(facts), awards=awards)
    return assemble(
        engine(), interview, Party("示例桃源科技有限公司", "91110117MA0EXAMPL8"), printed_at=datetime(2026, 4, 1, 9, 30),
        serial=None, clerk="示例", window="3号窗口", office="示例街道政务服务中心", practice=False,
    )  # fmt: skip


def test_a_figure_that_was_had_before_is_never_told_without_that() -> None:
    """The 附页 alone said so, and the first page told the sum as if it were new."""
    facts = example("wltst.art")
    had = Award("wltst", "wltst.art", 20_000_000, date(2025, 6, 12))
    page = body(paper(a_visit("wltst", facts, [had])).chars[0])
    assert "2025年6月12日已领取本项20万元：这次说的是同一事由的，能否再领由主管部门认定。" in page
    assert "已领取" not in body(paper(a_visit("wltst", facts, [])).chars[0])


def test_of_what_is_refused_the_money_is_explained_before_a_standing() -> None:
    """A 中试基地 whose evaluation failed read why it can't be filed a second time, and not why it gets nothing."""
    facts = {**example("zsjd.performance"), "年度绩效评价结果": "不合格"}
    page = body(paper(a_visit("zsjd", facts, [])).chars[0])
    assert "年度绩效评价合格支持（年度绩效评价结果：不合格，本项要求合格）" in page


def test_what_a_close_first_page_leaves_out_of_sums_stands_on_the_annex() -> None:
    """The first page said 并领、限额另有 n 条，见附页, and the 附页 told only each benefit's own remarks."""
    said = tuple(f"“甲{n}”与“乙{n}”是同一挂牌，只取后一项（少{n}万元）。" for n in range(1, 9))
    visit = replace(SAMPLES["one"], together=Together(1_200_000_00, said))
    read = paper(visit)
    assert re.search("并领、限额另有[0-9]+条，见附页", body(read.chars[0]))
    annex = "".join(body(chars) for chars in read.chars[1:])
    assert all(re.sub(r"\s", "", words) in annex for words in said[1:])
    assert "几项合在一起怎样算" not in "".join(body(c) for c in paper(SAMPLES["one"]).chars)


def test_real_visits_tell_what_may_be_had_together_and_what_is_nearest() -> None:
    gxjs = visit_of("gxjs", known=True)
    assert "只能申报一项，金额不相加" in body(paper(gxjs).chars[0])
    facts = {**example("wzwm.fdi_cash"), "货币实物到位外资": "400万美元", "知识产权出资评估价值": "0万美元"}
    interview = Interview(engine(), "wzwm", ON, answers=spoken(facts), awards=())
    party = Party("示例外资企业有限公司", "91110117MA0EXAMPL8")
    visit = assemble(
        engine(),
        interview,
        party,
        printed_at=TYPICAL.printed_at,
        serial=None,
        clerk="",
        window="",
        office="",
        practice=False,
    )
    assert [one.benefit for one in visit.near] == ["wzwm.fdi_cash"]
    assert "最接近的：利用外资奖励（货币、实物出资），“货币实物到位外资”达到500万美元" in body(paper(visit).chars[0])


def test_a_verdict_and_its_giver_come_before_what_lacks_an_answer() -> None:
    page = body(paper(replace(TYPICAL, determinations=(UNKNOWN, REVIEW))).chars[0])
    assert page.index("由区财政局认定：迁入是否完成") < page.index("还缺：是否纳入平谷区统计")


def test_each_page_is_called_by_its_section_and_labelled_so() -> None:
    """Printing and checking go by it: 正页第 1 页, 附页第 1 页."""
    made = paper(THIRTY_SIX)
    reader = pypdf.PdfReader(made.pdf.stream)
    assert reader.page_labels[:3] == ["正页 1", "正页 2", "附页 1"]
    feet = ["".join(c.text for c in page if not c.in_type_area) for page in made.chars]
    assert "正页第2页共2页" in feet[1] and "附页第1页共" in feet[2]
    for one, other in pairwise(reader.page_labels):
        assert not (one.startswith("附页") and other.startswith("正页"))


def test_a_number_that_stands_in_a_sentence_is_found_and_the_sentence_told() -> None:
    told = "本办法原文没有写；人才科电话为010-69966799，可先询问"
    page = body(paper(replace(SAMPLES["one"], contacts=(Contact("咨询电话", told),))).chars[0])
    assert "电话010-69966799" in page and "".join(told.split()) in page


def test_a_person_is_spoken_to_as_one_and_the_number_is_masked() -> None:
    visit = replace(SAMPLES["one"], applicant=Party("示例人", "110117199001011230", kind="个人"))
    text = paper(visit).text
    assert "按您陈述的情况" in text and "110117********1230" in text and "19900101" not in text
