"""Issue 10: cases of one visit know each other; a paper over several of them has one number and is each one's."""

from __future__ import annotations

import hashlib
import json

import pytest

from pinggu_desk.register import Register
from pinggu_desk.register.records import MATCHING


@pytest.fixture
def register(on_each: Register) -> Register:
    return on_each


def test_cases_of_a_visit_stand_in_their_order_and_share_a_paper(register: Register) -> None:
    visit = register.open_case(MATCHING, "1").id
    first, second, alone = (register.open_case(policy, "1").id for policy in ("zxqy", "gxjs", "ss"))
    assert register.visit_of(first) is None
    register.join_visit(visit, [first])
    register.join_visit(visit, [second])
    assert [case.id for case in register.cases_of_visit(visit)] == [first, second]
    assert [register.visit_of(one) for one in (visit, first, second, alone)] == [visit, visit, visit, None]
    data = b"%PDF"
    serial = register.record_document(
        visit, "政策符合性告知书", "示例.pdf", hashlib.sha256(data).hexdigest(), json.dumps([]), data
    )
    register.share_paper(serial, [first, second])
    register.share_paper(serial, [first])
    numbers = [[paper.serial for paper in register.documents(one)] for one in (visit, first, second, alone)]
    assert numbers == [[serial], [serial], [serial], []]
    assert register.next_serial(first).endswith("-01"), "its own numbers are its own"
    register.close_case(second, "已撤销")
    assert [case.id for case in register.cases_of_visit(visit)] == [first]
    assert register.check() == []


def test_what_was_brought_is_known_until_it_is_typed(register: Register) -> None:
    case = register.open_case("zxqy", "1").id
    register.set_answer(case, "独立法人资格", "是", origin="示例来处")
    assert register.brought(case, "示例来处") == {"独立法人资格"}
    register.set_answer(case, "独立法人资格", "否")
    register.set_answer(case, "独立法人资格", "是")
    assert register.brought(case, "示例来处") == set()
