"""How many pages papers take: a typical letter of each policy, one of 36 things that can be had, the match's list, notices.

A typical visit is the policy's first worked example. Counts, not times: ours against the most that there should be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from bench.harness import Row

if TYPE_CHECKING:
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.documents.visit import Visit

_ON = date(2026, 4, 1)
#: as long as a code is, so that its square takes its room
_CODE = "PGZ1:" + "A" * 235
_MOST = 5  # pages of a letter with its 附页


def rows() -> Iterator[Row]:
    """Pages of papers."""
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.documents.papers.letter import letter_flow
    from pinggu_desk.documents.papers.notice import notice_flows
    from pinggu_desk.documents.pdf.fonts import bundled
    from pinggu_desk.policy.pack import load_pack

    engine, book = Engine(load_pack()), bundled()
    fronts: list[int] = []
    copies: list[int] = []
    for policy in engine.pack.policies:
        visit = typical(engine, policy)
        pages = Counter(page.section for page in letter_flow(visit, book, _CODE).pages)
        fronts.append(pages["正页"])
        copies.append(max(len(flow.pages) for flow in notice_flows(visit, book).values()))
        yield _count(f"letter of {policy}: 正页 {pages['正页']}, 附页 {pages['附页']}", pages.total(), _MOST)
    yield _count(f"正页 of {len(fronts)} typical visits, the longest", max(fronts), 1)
    yield _count("typical visits whose 正页 is one page", fronts.count(1), len(fronts), budget=None)
    yield _count("typical notices of one page a copy", copies.count(1), len(copies), budget=None)
    many = letter_flow(_all_to_be_had(typical(engine, "wltst")), book, _CODE)
    yield _count("正页 of 36 things that can be had", Counter(page.section for page in many.pages)["正页"], 2)


def typical(engine: Engine, policy: str) -> Visit:
    """The visit of a policy's first worked example."""
    from pinggu_desk.assess.interview import Interview
    from pinggu_desk.documents.assemble import assemble
    from pinggu_desk.documents.visit import Party
    from pinggu_desk.policy.cases import load_cases

    case = load_cases(engine.pack, policy).cases[0]
    facts = {name: value.isoformat() if isinstance(value, date) else value for name, value in case.facts.items()}
    return assemble(
        engine, Interview(engine, policy, _ON, answers=facts, awards=[]), Party("示例桃源科技有限公司", "91110117MA0EXAMPL8"),
        printed_at=datetime(2026, 4, 1, 9, 30), serial="PG-03-20260401-0007-01", clerk="示例", window="3号窗口",
        office="示例街道政务服务中心", practice=False,
    )  # fmt: skip


def _all_to_be_had(visit: Visit) -> Visit:
    had = tuple(
        replace(d, status="eligible", figure="computed", amount_fen=30_000_000, missing=()) for d in visit.determinations
    )  # fmt: skip
    return replace(visit, determinations=had, not_raised=())


def _count(name: str, ours: int, most: int, budget: float | None = 1.0) -> Row:
    return Row(name, float(ours), float(most), "at most" if budget else "of", budget, "pages" if budget else "visits")
