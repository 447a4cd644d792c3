"""One key at 匹配 answers, paints that and asks on, each once; a field that asked one fact asks the next as if made for it."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pinggu_desk.desk.kit import ChoiceField, LineField
from pinggu_desk.desk.match.answer import AnswerPanel
from pinggu_desk.desk.match.asking import AskPanel
from pinggu_desk.desk.match.kept import MATTERS
from pinggu_desk.desk.match.page import MatchPage
from pinggu_desk.desk.match.rows import MatchModel
from pinggu_desk.policy.quantity import headline_sum
from tests.assess.match.test_match import MANUFACTURER
from tests.desk.counted import calls
from tests.desk.match.conftest import Enquirer

CTRL = Qt.KeyboardModifier.ControlModifier
_ASKED_OF_MANY = "独立法人资格"


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the parts of the page were brought up to an answer."""
    return calls(
        monkeypatch,
        (MatchModel, "show"),
        (AnswerPanel, "show_match"),
        (AnswerPanel, "show_benefit"),
        (AskPanel, "refresh"),
    )


def consistent(page: MatchPage) -> bool:
    """Whether list, sums, working and question all say what the match says now."""
    match = page.session.enquiry.match
    here = page.list.benefit
    card = page.answer.card.determination
    group = next(group for group, ids in match.groups.items() if here in ids)
    return (
        page.model.words(here, group).figure in page.list.currentIndex().data()
        and page.answer.bundle.figure.text() == headline_sum(match.bundle.total_fen)
        and card == match.determination(here)
        and f"还需要 {len(match.needed)} 项" in page.asking._counts.text()
    )


def test_a_key_that_answers_and_asks_on_is_shown_once(enquirer: Enquirer, shown: Counter[str]) -> None:
    page = enquirer.begin({MATTERS: "全部"})
    page.asking.ask(_ASKED_OF_MANY)
    enquirer.desk.settle()
    before, first = page.session.enquiry.match, page.asking.field
    shown.clear()
    QTest.keyClicks(enquirer.desk.focus, "1")
    assert page.session.enquiry.answers[_ASKED_OF_MANY] == "是" and page.session.enquiry.match is not before
    assert page.asking.name not in ("", _ASKED_OF_MANY)
    assert shown == {"MatchModel.show": 1, "AnswerPanel.show_match": 1, "AskPanel.refresh": 1}
    assert consistent(page)
    question = page.asking.field
    assert question is not None and question is not first and question.has_focus()
    here = page.session.enquiry.match.concluded[page.list.benefit]
    assert page.asking.name in here.needs.asks  # one stands on what the question is about


def test_the_answer_is_painted_before_the_next_question_is_asked(enquirer: Enquirer) -> None:
    page = enquirer.begin({MATTERS: "全部"})
    page.asking.ask(_ASKED_OF_MANY)
    enquirer.desk.settle()
    seen: list[tuple[str, str, bool]] = []

    def painted() -> None:
        match = page.session.enquiry.match
        total = page.answer.bundle.figure.text() == headline_sum(match.bundle.total_fen)
        counted = f" {len(match.groups['unknown'])}" in next(c.text() for c in page.filters.chips if c.key == "unknown")
        field = page.asking.field
        seen.append((page.asking.name, field.text() if field is not None else "", total and counted))

    page.answer_painted.connect(painted)
    QTest.keyClicks(enquirer.desk.focus, "1")
    assert seen == [(_ASKED_OF_MANY, "是", True)]  # the answer stands with its question; the next comes after it
    assert page.asking.name not in ("", _ASKED_OF_MANY)


def test_the_working_is_painted_after_the_answer_and_before_anything_else(enquirer: Enquirer) -> None:
    """What is stale stands beside a new figure only until that: of a figure that is typed as of a key that goes on."""
    page = enquirer.begin({MATTERS: "全部"})
    told: list[tuple[str, bool, bool]] = []

    def note(what: str) -> None:
        match = page.session.enquiry.match
        total = page.answer.bundle.figure.text() == headline_sum(match.bundle.total_fen)
        told.append((what, total, page.answer.card.determination == match.determination(page.list.benefit)))

    page.answer_painted.connect(lambda: note(f"answer to {page.asking.name}"))
    page.working_painted.connect(lambda: note(f"working of {page.asking.name}"))
    page.asking.asked.connect(lambda name: note("next" if name not in (_ASKED_OF_MANY, "研发项目投资额") else name))
    for name, key in ((_ASKED_OF_MANY, "1"), ("研发项目投资额", "9")):
        page.asking.ask(name)
        enquirer.desk.settle()
        told.clear()
        QTest.keyClicks(enquirer.desk.focus, key)
        order = [what for what, _, _ in told]
        assert order[:2] == [f"answer to {name}", f"working of {name}"], order
        assert all(total for _, total, _ in told) and all(working for _, _, working in told[1:])
        assert order[2:] == (["next"] if key == "1" else [])


def test_keys_typed_ahead_answer_the_questions_that_come_one_after_the_other(enquirer: Enquirer) -> None:
    """As fast as keys come, with nothing handled between them: none answers a question that has gone."""
    page = enquirer.begin({MATTERS: "全部"})
    page.asking.ask(_ASKED_OF_MANY)
    enquirer.desk.settle()
    asked: list[str] = []
    page.asking.asked.connect(asked.append)
    before = dict(page.session.enquiry.answers)
    window = enquirer.desk.window.windowHandle()
    for _ in range(3):
        QTest.keyClick(window, Qt.Key.Key_1)
    answered = [name for name in page.session.enquiry.answers if name not in before]
    assert answered == [_ASKED_OF_MANY, *asked[: len(answered) - 1]] and len(answered) >= 1
    facts = page.session.enquiry.engine.pack.facts
    yes = {"是", *(facts[name].options[0].name for name in answered if facts[name].options), "1"}
    assert all(page.session.enquiry.answers[name] in yes for name in answered)
    enquirer.desk.settle()
    assert consistent(page)


def test_the_same_answer_again_goes_on_and_changes_nothing(enquirer: Enquirer, shown: Counter[str]) -> None:
    page = enquirer.begin({MATTERS: "全部", _ASKED_OF_MANY: "是"})
    page.asking.ask(_ASKED_OF_MANY)
    shown.clear()
    QTest.keyClicks(enquirer.desk.focus, "1")
    assert page.asking.name != _ASKED_OF_MANY and shown["MatchModel.show"] == 0 and consistent(page)
    page.asking.ask("研发项目投资额")
    enquirer.desk.type("900万元")
    assert consistent(page)  # nothing is held back any more


def test_an_answer_that_is_refused_stays_and_is_shown(enquirer: Enquirer) -> None:
    """A key whose answer contradicts another does not go on; what it changed is shown all the same."""
    page = enquirer.begin({MATTERS: "全部", **MANUFACTURER})
    for name in list(page.session.enquiry.match.needed)[:20]:
        page.asking.ask(name)
        if isinstance(page.asking.field, ChoiceField) and len(page.asking.field.inputs()) > 1:
            QTest.keyClicks(enquirer.desk.focus, "2")
            assert consistent(page), name


def test_fields_take_turns_and_keep_nothing_of_the_question_before(enquirer: Enquirer) -> None:
    page = enquirer.begin({MATTERS: "全部"})
    facts = enquirer.desk.services.pack.facts
    numbers = [f.name for f in facts.values() if f.kind == "金额" and f.history is None][:6]
    seen: dict[int, str] = {}
    for name in numbers:
        page.asking.ask(name)
        field = page.asking.field
        assert isinstance(field, LineField)
        assert (field.text(), field.error(), field.warning(), field.hint()) == ("", "", "", "")
        assert field.question() == (facts[name].question or name) and field.name == name
        assert field.unit == facts[name].input_unit
        assert name in field.line.accessibleName() and not field.line.isUndoAvailable()
        for before in seen.values():
            assert before not in field.line.accessibleName() or before in name
        enquirer.desk.type("800万")
        assert page.session.enquiry.answers[name] == "800万"
        enquirer.desk.key(Qt.Key.Key_A, CTRL)
        enquirer.desk.type("-5元x")
        seen[id(field)] = name
    assert len(seen) < len(numbers)  # else none was used again
    page.asking.ask(numbers[0])
    assert page.asking.field is not None and page.asking.field.text() == "-5元x"
    assert all(page.session.enquiry.answers[name] == "-5元x" for name in numbers)  # each went to its own fact


def test_choices_take_turns_with_their_own_options(enquirer: Enquirer) -> None:
    page = enquirer.begin({MATTERS: "全部"})
    facts = [f for f in enquirer.desk.services.pack.facts.values() if f.kind == "选项" and not f.party]
    made: set[int] = set()
    for fact in [*facts, *facts[:3]]:
        page.asking.ask(fact.name)
        field = page.asking.field
        assert isinstance(field, ChoiceField)
        made.add(id(field))
        assert field.options == tuple(one.name for one in fact.options)
        assert field.text() == page.session.enquiry.view(fact.name).text
        for one, option in zip(field._rows, fact.options, strict=False):
            assert (
                option.name in one.text() and option.name in one.accessibleName() and fact.name in one.accessibleName()
            )
        if len(field.inputs()) > 1:
            last = len(field.options)
            field.inputs()[0].setFocus()
            QTest.keyClicks(enquirer.desk.focus, str(last))
            assert page.session.enquiry.answers[fact.name] == fact.options[-1].name
        elif field.text() == "":
            enquirer.desk.key(Qt.Key.Key_Down)
            enquirer.desk.key(Qt.Key.Key_Return)
            assert page.session.enquiry.answers[fact.name] == fact.options[1].name
    assert len(made) < len(facts)


def test_tab_goes_from_a_field_used_again_to_what_stands_under_it(enquirer: Enquirer) -> None:
    page = enquirer.begin({MATTERS: "全部"})
    yes_no = [name for name in page.session.enquiry.match.needed if page.session.enquiry.view(name).fact.kind == "是否"]
    for name in [*yes_no[:5], "研发项目投资额", yes_no[5], "研发项目投资额"]:
        page.asking.ask(name)
        enquirer.desk.key(Qt.Key.Key_Tab)
        assert QApplication.focusWidget() in page.asking.other.inputs(), name


def test_undo_brings_back_what_a_key_answered(enquirer: Enquirer) -> None:
    page = enquirer.begin({MATTERS: "全部"})
    page.asking.ask(_ASKED_OF_MANY)
    QTest.keyClicks(enquirer.desk.focus, "1")
    second = page.asking.name
    enquirer.desk.settle()
    enquirer.desk.key(Qt.Key.Key_Z, CTRL)
    assert _ASKED_OF_MANY not in page.session.enquiry.answers
    assert page.asking.name == _ASKED_OF_MANY != second  # one is brought back to what was taken back
    assert page.asking.field is not None and page.asking.field.text() == "" and page.asking.field.has_focus()
    assert consistent(page)


def test_where_the_list_was_scrolled_to_it_stays_while_the_answer_moves_nothing(enquirer: Enquirer) -> None:
    page = enquirer.begin({MATTERS: "全部"})
    enquirer.desk.window.resize(1366, 768)
    page.asking.ask("研发项目投资额")
    enquirer.desk.type("9")
    bar = page.list.verticalScrollBar()
    assert bar.maximum() > 400
    page.list.setCurrentIndex(page.model.index(page.model.rowCount() // 2))
    stood, at = page.list.benefit, bar.value()
    assert at > 0
    for key in "00":
        QTest.keyClicks(enquirer.desk.focus, key)
        enquirer.desk.app.processEvents()
        assert page.list.benefit == stood
        assert page.list.viewport().rect().contains(page.list.visualRect(page.list.currentIndex()))
    assert bar.value() == at
