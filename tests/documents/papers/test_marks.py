"""A mark at a figure and what it means (①) stand on the same page, and neither without the other: every policy's letters, lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from pinggu_desk.assess.determination import Figure
from pinggu_desk.assess.examples import spoken
from pinggu_desk.assess.interview import Interview
from pinggu_desk.documents.assemble import assemble
from pinggu_desk.documents.papers import frontwords
from pinggu_desk.documents.papers.front import Front
from pinggu_desk.documents.papers.frontwords import Contents
from pinggu_desk.documents.papers.matchlist import list_flow
from pinggu_desk.documents.pdf.fonts import bundled
from pinggu_desk.documents.pdf.page import Flow
from pinggu_desk.documents.visit import Party, Visit
from tests.documents.match_samples import SAMPLES, sample
from tests.documents.paper_samples import ELIGIBLE, READING, TYPICAL
from tests.policy.test_cases import the_cases, the_engine, the_pack

MARK = frontwords._READING


def first_pages(visit: Visit) -> Flow:
    """A letter's 正页, before its proof."""
    return Front("政策符合性告知书", visit, Contents(visit), "", ()).flow(bundled())


def wrong(flow: Flow) -> str:
    """What is wrong with the marks of first pages; empty where nothing is."""
    lines = [placed.line.text.rstrip() for page in flow.pages for placed in page.lines]
    notes = [line for line in lines if f"{MARK} 口径" in line]
    marks = [line for line in lines if line.endswith(MARK)]
    return "" if bool(notes) == bool(marks) and len(notes) <= 1 else f"{marks} {notes}"


def visits(policy: str, most: int) -> Iterator[Visit]:
    """Of a policy's first examples those that give something by a reading, one for each number of rows; each such figure alone."""
    party, seen = Party("示例桃源科技有限公司", "91110117MA0EXAMPL8"), set[object]()
    for case in next(cases for cases in the_cases() if cases.policy == policy).cases[:most]:
        interview = Interview(the_engine(), policy, case.on, answers=spoken(case.facts), awards=[])
        visit = assemble(
            the_engine(), interview, party, printed_at=datetime(2026, 4, 1, 9, 30), serial=None, clerk="示例", window="3号窗口",
            office="示例街道政务服务中心", practice=False,
        )  # fmt: skip
        had = [d for d in visit.determinations if d.status == "eligible"]
        read = [d for d in had if d.readings]
        found: dict[object, Visit] = {len(had): visit} if read else {}
        found |= {(d.benefit, d.figure): replace(visit, determinations=(d,)) for d in read}
        yield from (one for key, one in found.items() if key not in seen)
        seen |= found.keys()


@pytest.mark.parametrize("most", [25, pytest.param(1000, marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize("policy", list(the_pack().policies))
def test_every_mark_of_a_letter_has_its_note_and_every_note_its_mark(policy: str, most: int) -> None:
    for visit in visits(policy, most):
        assert not (fault := wrong(first_pages(visit))), ([d.benefit for d in visit.determinations], fault)


@pytest.mark.parametrize("figure", ["computed", "up_to", "range", "by_review", "in_kind"])
@pytest.mark.parametrize("many", [1, 8, 36])
def test_every_kind_of_figure_carries_the_mark_however_close_the_page_is_set(figure: Figure, many: int) -> None:
    read = replace(ELIGIBLE, figure=figure, readings=(READING,))
    mixed = [replace(read, benefit=f"ss.e{i}", readings=(READING,) if i % 2 else ()) for i in range(1, many)]
    assert not wrong(first_pages(replace(TYPICAL, determinations=(read, *mixed))))
    assert not wrong(first_pages(replace(TYPICAL, determinations=(replace(read, readings=()),))))


@pytest.mark.parametrize("name", SAMPLES)
def test_every_mark_of_a_match_s_list_has_its_note(name: str) -> None:
    assert not wrong(list_flow(sample(name), bundled()))
