"""What letter, notice and 测算明细 of every policy say: no editor's mark, clause number or nonsense (FOUND 18, 25–28)."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

import pytest

from pinggu_desk.assess.examples import spoken
from pinggu_desk.assess.interview import Interview
from pinggu_desk.documents.assemble import assemble
from pinggu_desk.documents.papers.fullworking import working_bytes
from pinggu_desk.documents.papers.letter import letter_bytes
from pinggu_desk.documents.papers.notice import notice_bytes
from pinggu_desk.documents.visit import Party, Visit
from tests.assess.wording import FAULTS
from tests.documents.paper_reader import Paper
from tests.policy.test_cases import the_cases, the_engine, the_pack

#: what a whole page may hold though a line may not: the texts' own English and long numbers, codes and telephones
_LINES_ONLY = frozenset(
    {"an English word", "a long row of digits", "万元 from one 亿 up", "nested alternatives", "a table's bars"}
)


@cache
def visit_of(policy: str, *, known: bool) -> Visit:
    """A visit on the facts of the policy's first worked example, or with nothing known."""
    case = next(case for cases in the_cases() if cases.policy == policy for case in cases.cases)
    answers = spoken(case.facts) if known else {}
    interview = Interview(the_engine(), policy, date(2026, 4, 1), answers=answers, awards=[] if known else None)
    return assemble(
        the_engine(), interview, Party("示例桃源科技有限公司", "91110117MA0EXAMPL8"), printed_at=datetime(2026, 4, 1, 9, 30),
        serial=None, clerk="示例", window="3号窗口", office="示例街道政务服务中心", practice=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "known"),
    [
        *(pytest.param(policy, True, id=f"{policy}-answered") for policy in the_pack().policies),
        *(
            pytest.param(
                policy, False, marks=() if at % 4 == 0 else pytest.mark.exhaustive, id=f"{policy}-nothing-known"
            )
            for at, policy in enumerate(the_pack().policies)
        ),
    ],
)
def test_no_paper_carries_what_is_meant_for_those_who_keep_the_rules(policy: str, known: bool) -> None:
    """FOUND 27: 存疑、原文未写明形式、辦法、hashes、clause ids and raw bars reach nobody."""
    visit = visit_of(policy, known=known)
    for make in (letter_bytes, notice_bytes, working_bytes):
        text = Paper(make(visit)).text
        seen = {
            kind: found[0]
            for kind, pattern in FAULTS.items()
            if kind not in _LINES_ONLY and (found := pattern.search(text))
        }
        assert not seen, (make.__name__, seen)
        assert "+" not in visit.edition and visit.pack_version not in text
        assert "|" not in text


def test_a_doubtful_number_is_shown_with_the_other() -> None:
    """FOUND 27: a clerk sees what helps."""
    doubtful = [
        (policy.id, doubt) for policy in the_pack().policies.values() for doubt in policy.text.doubts
        if sum(sign.isdigit() for sign in doubt.printed) > 6
    ]  # fmt: skip
    assert doubtful
    for policy, doubt in doubtful:
        contacts = [c for c in visit_of(policy, known=False).contacts if doubt.printed in c.text]
        assert all(doubt.other in c.doubt and "存疑" not in c.doubt for c in contacts)


def test_every_place_that_a_benefit_rests_on_is_named() -> None:
    """FOUND 18: hs.consult, yl, rcst.2b–d showed the first of several citations only."""
    for policy in ("hs", "yl", "rcst"):
        visit = visit_of(policy, known=True)
        for d in visit.determinations:
            rule = the_engine().rule(d.benefit)
            assert d.clauses == rule.benefit.cite
            assert all(visit.clause_words[clause] for line in d.trace for clause in line.clauses)
