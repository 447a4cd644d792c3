"""Issue 10: from one enquiry into cases under several policies at once; shared answers once; one 正页 under one number."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pinggu_desk.desk.wizard.issue import LETTER
from pinggu_desk.desk.wizard.page import WizardPage
from pinggu_desk.desk.wizard.record import SCOPE, read_scope
from pinggu_desk.desk.wizard.together import ORIGIN, asked_by
from pinggu_desk.register.records import MATCHING, Case
from pinggu_desk.register.signing import PUBLIC_FILE
from pinggu_desk.work.verifying import verdict
from tests.assess.match.test_match import MANUFACTURER
from tests.desk.conftest import PATIENCE
from tests.documents.paper_reader import Paper

from .conftest import Enquirer

K, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


def wizard(enquirer: Enquirer) -> WizardPage:
    enquirer.desk.settle()
    page = enquirer.desk.frame.current()
    assert isinstance(page, WizardPage)
    return page


def opened(enquirer: Enquirer) -> list[Case]:
    """The policies' cases of the enquiry, once F12 and Enter opened them."""
    page = enquirer.page
    page.list.setFocus()
    enquirer.desk.key(K.Key_F12)
    assert page.stack.currentWidget() is page.several
    enquirer.desk.key(K.Key_Return)
    first = wizard(enquirer)
    assert page.session.case is not None
    cases = enquirer.register().cases_of_visit(page.session.case.id)
    assert first.session.case.id in [case.id for case in cases]
    return cases


def test_each_policy_gets_a_case_with_what_is_kept_and_what_was_answered(enquirer: Enquirer) -> None:
    page = enquirer.begin(MANUFACTURER)
    match = page.session.enquiry.match
    kept = {one.benefit for one in match.bundle.kept}
    cases = opened(enquirer)
    assert len(cases) > 1
    assert {case.policy_id for case in cases} == {benefit.split(".", 1)[0] for benefit in kept}
    register, engine = enquirer.register(), enquirer.desk.services.engine
    told = page.session.enquiry.answers
    for case in cases:
        answers = register.answers(case.id)
        assert kept & set(read_scope(answers[SCOPE])) == {i for i in kept if i.split(".", 1)[0] == case.policy_id}
        asked = asked_by(engine, case.policy_id)
        assert {n: t for n, t in answers.items() if n != SCOPE} == {n: t for n, t in told.items() if n in asked and t}
        assert case.applicant_id == (page.session.applicant.id if page.session.applicant else None)
    assert sum(c.policy_id != MATCHING for c in register.open_cases() if c in cases) == len(cases)
    assert register.check() == []


def test_ticks_by_digits_decide_and_a_second_time_opens_no_doubles(enquirer: Enquirer) -> None:
    page = enquirer.begin(MANUFACTURER)
    page.list.setFocus()
    enquirer.desk.key(K.Key_F12)
    ticked = [tick for tick in page.several.ticks if tick.isChecked()]
    for number in range(len(page.several.ticks)):
        if page.several.ticks[number].isChecked():
            enquirer.desk.key(K(K.Key_1 + number))
    enquirer.desk.key(K.Key_Return)
    assert page.stack.currentWidget() is page.several, "nothing is ticked"
    enquirer.desk.key(K.Key_1)
    enquirer.desk.key(K.Key_2)
    enquirer.desk.key(K.Key_Return)
    wizard(enquirer)
    assert page.session.case is not None
    visit = page.session.case.id
    assert len(enquirer.register().cases_of_visit(visit)) == 2 <= len(ticked)
    enquirer.desk.alt(2)
    opened(enquirer)
    policies = [case.policy_id for case in enquirer.register().cases_of_visit(visit)]
    assert len(policies) == len(set(policies)) == len(ticked)


def test_an_answer_given_in_one_case_stands_in_the_next_with_its_origin(enquirer: Enquirer) -> None:
    page = enquirer.begin(MANUFACTURER)
    cases = opened(enquirer)
    here = wizard(enquirer)
    asked = [asked_by(enquirer.desk.services.engine, case.policy_id) for case in cases[:2]]
    told = page.session.enquiry.answers
    name = next(n for n in sorted(asked[0] & asked[1]) if told.get(n) == "是")
    assert "同一来访：第 1/" in here.visit.text() and here.session.source_of(name, "") == f"已{ORIGIN}"
    here.session.set(name, "否")
    enquirer.desk.key(K.Key_F7)
    there = wizard(enquirer)
    assert there.session.case.id == cases[1].id and "同一来访：第 2/" in there.visit.text()
    assert there.session.interview.answers[name] == "否"
    assert there.session.source_of(name, "") == f"已{ORIGIN}"
    there.session.set(name, "是")  # what is typed here stays
    there.session.flush()
    enquirer.desk.frame.open_case(cases[0].id)
    assert wizard(enquirer).session.interview.answers[name] == "否"
    enquirer.desk.frame.open_case(cases[1].id)
    assert wizard(enquirer).session.interview.answers[name] == "是"


def test_one_letter_over_all_of_the_visit_has_one_number_in_every_case(enquirer: Enquirer, tmp_path: Path) -> None:
    page = enquirer.begin(MANUFACTURER)
    cases = opened(enquirer)
    here = wizard(enquirer)
    hand = here.output.hand
    hand.ask_path = lambda _parent, suggested: tmp_path / suggested.name
    with enquirer.qtbot.waitSignal(hand.draft_ready, timeout=PATIENCE):
        QTest.keyClick(enquirer.desk.focus, K.Key_F9, CTRL)
    window = hand.preview
    assert window is not None
    with enquirer.qtbot.waitSignal(hand.handed_out, timeout=PATIENCE) as saved:
        QTest.keyClick(window, K.Key_S, CTRL)
    path = Path(saved.args[0])
    register = enquirer.register()
    serials = {tuple(p.serial for p in register.documents(case.id) if p.kind == LETTER) for case in cases}
    assert serials == {(window.draft.serial,)}
    text = Paper(path.read_bytes()).text.replace("\n", "")
    for case in cases:
        title = enquirer.desk.services.pack.policies[case.policy_id].title.strip("《》")
        assert title[:8] in text, title
    assert register.check() == []
    found = verdict(str(path), None, [str(register.folder / PUBLIC_FILE)])
    assert found.serial == window.draft.serial and "演练" in found.sentence, found
    QTest.keyClick(window, K.Key_Escape)
    enquirer.desk.settle()
    enquirer.desk.alt(2)
    with enquirer.qtbot.waitSignal(page.hand.draft_ready, timeout=PATIENCE) as again:
        QTest.keyClick(enquirer.desk.focus, K.Key_F11)
    assert again.args[0].serial


def test_before_any_case_the_letter_is_over_what_the_enquiry_found(enquirer: Enquirer) -> None:
    page = enquirer.begin(MANUFACTURER)
    page.list.setFocus()
    with enquirer.qtbot.waitSignal(page.hand.draft_ready, timeout=PATIENCE) as made:
        QTest.keyClick(enquirer.desk.focus, K.Key_F11)
    draft = made.args[0]
    assert draft.paper == LETTER and len(draft.visit.parts) > 1
