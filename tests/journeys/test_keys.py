"""Issue 10: a whole visit takes at most 45 keys, from F2 to the letter in the preview, under the five policies of the measure."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pinggu_desk.desk.folding import FoldList
from pinggu_desk.desk.rehearsal import Hands, in_front
from pinggu_desk.desk.walked import answers as listed_lately
from pinggu_desk.desk.wizard.page import WizardPage
from tests.journeys.conftest import Open
from tests.journeys.test_every_policy import example, load_once, pack, typed
from tests.journeys.test_visits import EXIT, SME

__all__ = ["load_once"]
AT_MOST = 45
COMPANY, PERSON, NEWCOMER = "slzb", "slsqrj", "slgd"
#: who, the policy as it is found, the keys that choose what is asked for (none: all), what that is, what the visitor tells
VISITS: dict[str, tuple[str, str, str, tuple[str, ...], Mapping[str, str]]] = {
    "zxqy": (COMPANY, "zxqy", "18", ("zxqy.upgrade", "zxqy.giant"), SME),
    "zxqy, of whom nothing is known yet": (NEWCOMER, "zxqy", "18", ("zxqy.upgrade", "zxqy.giant"), SME),
    "ss": (COMPANY, "qyssbf", "", (), listed_lately(date.today())),
    "rcst": (PERSON, "rcst", "fzbt", ("rcst.rent",), typed(example("rcst"))),
    "anju": (PERSON, "anju", "1", ("anju.quick_abc",), typed(example("anju"))),
    "tztc": (COMPANY, "tztc", "", (), EXIT),
}


def visit(hands: Hands, policy: str) -> tuple[WizardPage, list[str]]:
    """From F2 through every step to the letter in the preview; what was pressed where."""
    who, sought, choosing, _, facts = VISITS[policy]
    page = hands.new_case(who, sought)
    log = [f"{hands.keys} 新办"]
    for _ in range(60):
        step, name = page.session.position
        if step in ("result", "materials"):  # the result is in sight beside every answer, and F9 answers anywhere
            break
        if isinstance(hands.focus, FoldList):
            hands.confirm(hands.focus, facts)
        elif step in ("eligibility", "data"):
            fact = pack().facts[name]
            hands.fill(facts.get(name, ""), fact.dim, [option.name for option in fact.options])
            if page.session.position == (step, name):
                hands.press(Qt.Key.Key_Return)
        else:
            if step == "scope" and choosing:
                hands.type(choosing)
                if not choosing.isdigit():
                    hands.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            hands.press(Qt.Key.Key_Return)
        log.append(f"{hands.keys} {step} {name} {facts.get(name, '')}")
    hands.press(Qt.Key.Key_F9)
    hands.wait(previewed(page), "no preview")
    return page, [*log, f"{hands.keys} F9"]


def previewed(page: WizardPage) -> Callable[[], bool]:
    return lambda: in_front(page.output.hand.preview)


@pytest.mark.usefixtures("quick_passwords")
def test_a_whole_visit_takes_at_most_45_keys(open_desk: Open, tmp_path: Path) -> None:
    hands, _ = open_desk(tmp_path / "practice")
    counted = {}
    for policy, (_, _, _, wanted, _) in VISITS.items():
        hands.keys = 0
        page, log = visit(hands, policy)
        counted[policy] = hands.keys
        sys.stdout.write("\n".join([f"--- {policy}", *log, ""]))
        interview = page.session.interview
        assert not wanted or tuple(interview.chosen) == wanted
        settled = [d for d in interview.determinations if d.status in ("eligible", "review")]
        assert settled, [(d.title, d.status, d.lacking(9)) for d in interview.determinations]
        hands.press(Qt.Key.Key_Escape)
        hands.wait(lambda page=page: page.output.hand.preview is None, "the preview does not close")  # type: ignore[misc]
    sys.stdout.write(f"{counted}\n")
    assert max(counted.values()) <= AT_MOST, counted
