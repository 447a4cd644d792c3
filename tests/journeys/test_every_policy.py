"""Each of the 24 policies served in a real window by keyboard, from an applicant's initials to its papers.

At every step: nothing without a name, no word cut, nothing spilled, no page empty; and the papers say what the screen says.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.desk import application
from pinggu_desk.desk.application import load
from pinggu_desk.desk.rehearsal import Hands
from pinggu_desk.desk.wizard.page import WizardPage
from pinggu_desk.policy.cases import Case, load_cases
from pinggu_desk.policy.district import here
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.quantity import Dim
from tests.desk.conftest import within
from tests.desk.test_every_page import cut, nameless, spilled
from tests.documents.paper_reader import Paper
from tests.journeys.conftest import Open


@cache
def loaded() -> tuple[Pack, Engine]:
    """What every window here is given: as a program loads it, but once (the other journeys load it each for themselves)."""
    return load()


def pack() -> Pack:
    return loaded()[0]


@cache
def another_engine() -> Engine:
    return Engine(pack())


@pytest.fixture(autouse=True)
def load_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "load", loaded)


def example(policy: str) -> Case:
    """The worked example that grants the most with the fewest answers."""
    cases = [c for c in load_cases(pack(), policy).cases if not c.parameters and not c.awards]

    def granted(case: Case) -> int:
        return sum(expected.status in ("可申请", "需人工认定") for expected in case.expects.values())

    return max(cases, key=lambda c: (min(granted(c), 3), -len(c.facts)))


def typed(case: Case) -> dict[str, str]:
    """Its facts as a clerk types them: dates as digits, the rest as written."""
    out = {}
    for name, value in case.facts.items():
        fact = pack().fact(name)
        assert fact is not None
        text = value.isoformat() if isinstance(value, date) else str(value)
        out[fact.name] = text.replace("-", "") if fact.dim is Dim.DATE else text
    return out


def faults(hands: Hands, page: WizardPage, step: str) -> list[str]:
    frame = hands.window.frame
    assert frame is not None
    for _ in range(3):  # what was laid out anew lays out what it holds in turn
        QApplication.sendPostedEvents()
        QApplication.processEvents()
    words = [label.text() for label in within(page.steps[step], QLabel) if label.isVisible() and label.text().strip()]  # type: ignore[index]
    empty = [] if len("".join(words)) > 10 else [f"nothing to read: {words}"]
    return [f"{step}: {fault}" for fault in [*nameless(frame), *cut(frame), *spilled(frame), *empty]]


@pytest.mark.usefixtures("quick_passwords")
@pytest.mark.parametrize("policy", here().order)
def test_each_policy_is_served_by_keyboard(open_desk: Open, tmp_path: Path, policy: str) -> None:
    hands, _services = open_desk(tmp_path / "practice")
    hands.window.resize(1366, 768)
    page = hands.new_case("slzb", pack().policies[policy].title)
    case, wrong = example(policy), []
    hands.step(page, "eligibility" if "eligibility" in page.steps else "data")
    hands.answer(page, typed(case))
    for step in list(page.steps):
        hands.step(page, step)
        wrong += faults(hands, page, step)
    assert wrong == []

    interview = page.session.interview
    again = determine(another_engine(), Answers(interview.on, interview.values, interview.awards), [policy])
    assert interview.determinations == tuple(d for d in again if d.benefit in interview.chosen)
    assert any(d.status in ("eligible", "review") for d in interview.determinations), [
        (d.title, d.status, [m.name for m in d.missing]) for d in interview.determinations
    ]
    letter = Paper(hands.issue(page, Qt.Key.Key_F9, tmp_path, "告知书").read_bytes())
    book = openpyxl.load_workbook(hands.issue(page, Qt.Key.Key_F8, tmp_path, "申请表"))
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert pack().policies[policy].form_title in cells
    for d in interview.determinations:
        if d.status == "eligible":
            assert "".join(d.title.split()) in letter.text, d.title
            assert "".join(d.headline.split()) in letter.text, (d.title, d.headline)
