"""在途: two windows that hand out the same letter at one moment: the second is told, whichever engine the register lies on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from pinggu_desk.assess.interview import Interview
from pinggu_desk.desk.wizard.issue import LETTER, Draft, draft_or_again, record
from pinggu_desk.documents.assemble import assemble
from pinggu_desk.documents.visit import Party
from pinggu_desk.policy.errors import DeskError
from pinggu_desk.register import Register, passwords
from pinggu_desk.work.papers import Papers
from tests import bundled
from tests.desk.wizard.conftest import LISTED
from tests.register.postgres import lay_on, postgres, postgres_server

__all__ = ["postgres", "postgres_server"]  # fixtures
PASSWORD = "Sample-2024"  # noqa: S105  of registers that live as long as a test
ON = date(2026, 3, 2)
Two = tuple[Register, Register]


def now() -> datetime:
    return datetime(2026, 3, 2, 10, 0)


@pytest.fixture(params=["sqlcipher", "postgresql"])
def two(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Two]:
    """Two clerks, each in a window of his own."""
    monkeypatch.setattr(passwords, "COST", (1, 8, 1))
    folder = tmp_path / "登记库"
    lay_on(request, folder)
    first, _ = Register.create(folder, clerk_no="01", clerk_name="示例甲", password=PASSWORD, window="1", now=now)
    first.add_clerk("02", "示例乙", PASSWORD, "2")
    second = Register.open(folder, clerk_no="02", password=PASSWORD, now=now)
    yield first, second
    second.close()
    first.close()


def letter(register: Register, case_id: int, papers: Papers, *, to: str = "示例公司") -> Draft:
    """A letter as it is previewed."""
    engine = bundled.engine()
    visit = assemble(
        engine, Interview(engine, "ss", ON, answers=LISTED), Party(to), printed_at=now(), serial=None,
        clerk=f"示例 {register.clerk.no}", window="", office="", practice=False,
    )  # fmt: skip
    draft = draft_or_again(register, case_id, LETTER, visit, papers)
    assert isinstance(draft, Draft)
    return draft


def test_nothing_comes_between_the_look_for_letters_and_the_letter(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    papers = Papers()
    firm = two[0].add_applicant("企业", "示例公司").id
    cases = [window.open_case("ss", "1", applicant_id=firm, on=ON).id for window in two]
    drafts = [letter(window, case, papers) for window, case in zip(two, cases, strict=True)]
    told: list[str] = []

    def hand_out_the_other() -> None:
        try:
            record(two[1], cases[1], drafts[1], papers, "打印")
        except DeskError as error:
            told.append(str(error))

    other = threading.Thread(target=hand_out_the_other)
    keep = two[0].record_document

    def at_that_moment(*given: Any, **named: Any) -> str:
        other.start()
        other.join(0.5)  # so long it may try to get in between
        return keep(*given, **named)

    monkeypatch.setattr(two[0], "record_document", at_that_moment)
    mine = record(two[0], cases[0], drafts[0], papers, "打印")
    other.join()
    assert [one.serial for one in two[1].documents(cases[0])] == [mine.serial]
    assert two[0].documents(cases[1]) == [], "both windows told the same sum of one year"
    (sentence,) = told
    assert mine.serial in sentence and "没有登记" in sentence
    again = record(two[1], cases[1], letter(two[1], cases[1], papers), papers, "打印")
    assert again.recorded and two[0].check() == []


def test_two_windows_at_one_case_never_give_a_number_twice(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    papers = Papers()
    case = two[0].open_case("ss", "1", on=ON).id
    mine, others = letter(two[0], case, papers), letter(two[1], case, papers, to="示例二公司")  # not the same letter
    assert mine.serial == others.serial
    made: list[Draft] = []
    other = threading.Thread(target=lambda: made.append(record(two[1], case, others, papers, "打印")))
    keep = two[0].record_document

    def at_that_moment(*given: Any, **named: Any) -> str:
        monkeypatch.undo()
        other.start()
        other.join(0.5)
        return keep(*given, **named)

    monkeypatch.setattr(two[0], "record_document", at_that_moment)
    mine = record(two[0], case, mine, papers, "打印")
    other.join()
    issued = {one.serial: one.sha256 for one in two[0].documents(case)}
    assert len(issued) == 2
    for draft in (mine, *made):
        assert two[0].paper_file(draft.serial) == draft.data, "the number on the paper is the one on record"
