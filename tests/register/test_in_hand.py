"""在途: what a letter of this year told is seen at every window, until an award takes its place."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pinggu_desk.register import Register
from pinggu_desk.register.records import LETTER, MATCHING

from .conftest import PASSWORD, Clock

RENT, SHOW = "zxqy.rent", "zxqy.show"


@pytest.fixture
def register(on_each: Register) -> Register:
    return on_each


def stated(benefit: str, yuan: str, status: str = "eligible", figure: str = "computed") -> dict[str, Any]:
    key = "amount_yuan" if figure == "computed" else "max_yuan"
    return {"benefit": benefit, "title": "示例事项", "status": status, "kind": "grant", "figure": figure, key: yuan}


def issue(register: Register, case_id: int, *told: dict[str, Any], kind: str = LETTER) -> str:
    digest = hashlib.sha256(b"%PDF").hexdigest()
    return register.record_document(case_id, kind, "示例.pdf", digest, json.dumps(told), b"%PDF")


def test_every_window_sees_what_another_told_this_year(register: Register, folder: Path, clock: Clock) -> None:
    firm = register.add_applicant("企业", "示例公司")
    first = register.open_case("zxqy", "1", applicant_id=firm.id)
    serial = issue(register, first.id, stated(RENT, "120000.00"), stated(SHOW, "500.00", "ineligible"))
    register.add_clerk("02", "示例乙", PASSWORD, "07")
    other = Register.open(folder, clerk_no="02", password=PASSWORD, now=clock)
    mine = other.open_case("zxqy", "1", applicant_id=firm.id)
    (seen,) = other.in_hand(firm.id, RENT, 2026, but=mine.id)
    assert (seen.serial, seen.on, seen.window, seen.clerk_no) == (serial, date(2026, 3, 2), "03", "01")
    assert (seen.certain, seen.ceiling) == (12_000_000, None)
    assert other.in_hand(firm.id, SHOW, 2026) == [], "what was refused is not in hand"
    assert other.in_hand(firm.id, RENT, 2025) == [] == other.in_hand(firm.id, RENT, 2027)
    assert register.in_hand(firm.id, RENT, 2026, but=first.id) == [], "a case's own letter is no other's"
    other.close()


def test_a_later_letter_of_the_case_takes_the_place_and_an_award_ends_it(register: Register, clock: Clock) -> None:
    firm = register.add_applicant("企业", "示例公司")
    case = register.open_case("zxqy", "1", applicant_id=firm.id)
    issue(register, case.id, stated(RENT, "100.00"), stated(SHOW, "9.00"))
    issue(register, case.id, stated(RENT, "300.00", figure="up_to"), kind="测算明细")
    clock.forward(days=1)
    last = issue(register, case.id, stated(RENT, "200.00", figure="up_to"))
    assert [(one.benefit, one.serial, one.ceiling) for one in register.all_in_hand(firm.id, 2026)] == [
        (RENT, last, 20_000)
    ]
    register.add_award(firm.id, "zxqy", "rent", 20_000, date(2026, 3, 1))
    assert register.in_hand(firm.id, RENT, 2026), "an award of before the letter is not what it told"
    award = register.add_award(firm.id, "zxqy", RENT, 20_000, date(2026, 5, 1))
    assert register.in_hand(firm.id, RENT, 2026) == []
    register.remove_award(award.id)
    assert register.in_hand(firm.id, RENT, 2026)
    register.close_case(case.id, "已撤销")
    assert register.in_hand(firm.id, RENT, 2026) == []


def test_the_papers_of_one_visit_are_one_and_merged_applicants_are_one(register: Register) -> None:
    firm, again = register.add_applicant("企业", "示例公司"), register.add_applicant("企业", "示例（公司）")
    visit, single = (register.open_case(policy, "1", applicant_id=again.id) for policy in (MATCHING, "zxqy"))
    register.join_visit(visit.id, [single.id])
    serial = issue(register, visit.id, stated(RENT, "100.00"), stated("gxjs.award", "5.00"))
    register.share_paper(serial, [single.id])
    assert register.in_hand(again.id, RENT, 2026, but=single.id) == []
    own = issue(register, single.id, stated(RENT, "100.00"))
    assert [one.serial for one in register.in_hand(again.id, RENT, 2026)] == [own], "the visit tells it once"
    assert [one.serial for one in register.in_hand(again.id, "gxjs.award", 2026)] == [serial]
    assert register.in_hand(firm.id, RENT, 2026) == []
    register.merge(firm.id, again.id)
    assert [one.serial for one in register.in_hand(firm.id, RENT, 2026)] == [own]
