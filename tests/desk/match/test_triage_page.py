"""来访先问 in the real window: ticked by keys, kept, taken back; conditions confirmed together; what was not raised, after all."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from pinggu_desk.desk.match.kept import MATTERS
from pinggu_desk.desk.match.page import MatchPage
from tests.assess.profiles import example
from tests.desk.conftest import within
from tests.desk.match.conftest import Enquirer

ENTER = Qt.Key.Key_Return


def tick(enquirer: Enquirer, *words: str) -> MatchPage:
    """Come to the page and tick by what is typed and Enter."""
    page = enquirer.page
    for word in words:
        enquirer.desk.type(word)
        enquirer.desk.key(ENTER)
    return page


def test_matters_are_ticked_by_initials_and_enter_goes_on(enquirer: Enquirer) -> None:
    enquirer.desk.alt(2)
    page = tick(enquirer, "zjtx", "专利保险")
    assert page.triage.line.hasFocus() and page.triage.line.text() == ""
    assert "还可能享受　4 项" in page.triage.sums.counts.text()
    assert "来访未涉及" in page.triage.sums.counts.text()
    assert "最多问" in page.triage.sums.left.text()
    enquirer.desk.key(ENTER)
    assert page.stack.currentIndex() == 0
    assert page.asking.fold.isVisible() or page.asking.name
    kept = enquirer.kept()
    assert kept[MATTERS] == "patents、patents_insurance、srdi"
    assert kept["已投保专利保险"] == "是"
    assert "否" not in kept.values(), "nobody said No"


def test_a_group_is_reached_by_its_number_and_a_box_by_the_arrows(enquirer: Enquirer) -> None:
    enquirer.desk.alt(2)
    page = enquirer.page
    enquirer.desk.key(Qt.Key.Key_3)
    enquirer.desk.key(Qt.Key.Key_Space)
    enquirer.desk.key(Qt.Key.Key_Down)
    enquirer.desk.key(Qt.Key.Key_Space)
    assert set(page.session.enquiry.mentioned or ()) == {"equipment", "equipment_upgrade"}
    enquirer.desk.key(Qt.Key.Key_Space)
    assert set(page.session.enquiry.mentioned or ()) == {"equipment"}
    enquirer.desk.type("z")  # a letter goes back to the line
    assert page.triage.line.hasFocus() and page.triage.line.text() == "z"


def test_an_unknown_word_says_so_and_ticks_nothing(enquirer: Enquirer) -> None:
    enquirer.desk.alt(2)
    page = tick(enquirer, "买火箭")
    assert page.triage.line.text() == "买火箭"
    assert "没有找到" in page.triage._hint.text()
    assert not page.session.enquiry.mentioned


def test_a_tick_is_undone_with_the_answer_that_it_gave(enquirer: Enquirer) -> None:
    enquirer.desk.alt(2)
    page = tick(enquirer, "专利保险")
    page.triage.line.clear()
    box = next(t for t in page.triage._all() if t.one.id == "patents_insurance")
    box.setFocus()
    enquirer.desk.key(Qt.Key.Key_Space)
    assert "已投保专利保险" not in page.session.enquiry.match.answers.values
    assert not enquirer.kept().get("已投保专利保险")


def test_the_enquiry_is_gone_on_with_as_it_was_left(enquirer: Enquirer) -> None:
    page = enquirer.begin({MATTERS: "srdi", "专精特新称号": "专精特新企业"})
    assert set(page.session.enquiry.mentioned or ()) == {"srdi"}
    assert page.stack.currentIndex() == 0
    assert len(page.session.enquiry.match.groups["not_raised"]) > 100


def test_conditions_are_confirmed_together_and_only_then_answered(enquirer: Enquirer) -> None:
    page = enquirer.begin({MATTERS: "srdi", "专精特新称号": "专精特新企业"})
    fold = page.session.enquiry.fold
    assert fold is not None and page.asking.fold.list.hasFocus()
    names = [name for name, _ in fold.facts]
    assert not set(names) & set(page.session.enquiry.answers), "putting it answers nothing"
    enquirer.desk.key(Qt.Key.Key_2)
    enquirer.desk.key(Qt.Key.Key_3)
    enquirer.desk.key(Qt.Key.Key_3)
    enquirer.desk.key(ENTER)
    answers = page.session.enquiry.answers
    assert answers[names[0]] == "是" and answers[names[1]] == "否"
    assert names[2] not in answers and names[2] in page.session.enquiry.passed, "not clear is no answer"
    assert enquirer.kept()[names[1]] == "否"


def test_what_was_not_raised_is_folded_and_a_key_goes_into_it_after_all(enquirer: Enquirer) -> None:
    page = enquirer.begin({MATTERS: "srdi", "专精特新称号": "没有"})
    groups = page.session.enquiry.match.groups
    assert page.model.find("zscq.pledge").row() < 0, "folded"
    heads = [page.model.index(row).data() for row in range(page.model.rowCount())]
    assert any(head.startswith(f"来访未涉及　{len(groups['not_raised'])} 项") for head in heads)
    chip = next(chip for chip in page.filters.chips if chip.key == "not_raised")
    assert chip.isVisible()
    chip.setFocus()
    enquirer.desk.key(ENTER)
    page.list.stand_on("zscq.pledge")
    assert "没有提到" in page.model.find("zscq.pledge").data()
    page.list.setFocus()
    QTest.keyClick(page.list, ENTER)
    assert "zscq.pledge" in page.session.enquiry.match.raised
    assert "zscq.insurance" in page.session.enquiry.match.groups["not_raised"]


def test_yes_and_no_take_one_key_each_and_enter_out_of_habit_skips_nothing(enquirer: Enquirer) -> None:
    page = enquirer.begin({MATTERS: "全部"})
    page.asking.ask("本区工商注册")
    enquirer.desk.type("1")
    after = page.asking.name
    assert after != "本区工商注册" and page.session.enquiry.answers["本区工商注册"] == "是"
    enquirer.desk.key(ENTER)
    assert page.asking.name == after, "the Enter behind the key passes nothing over"
    enquirer.desk.key(ENTER)
    assert page.asking.name != after


def test_the_triage_is_come_back_to_and_shows_only_whom_it_is_for(enquirer: Enquirer) -> None:
    page = enquirer.begin({MATTERS: "srdi", "专精特新称号": "没有"})
    enquirer.desk.key(Qt.Key.Key_F10)
    assert page.stack.currentIndex() == 2
    shown = [tick.one.id for tick in page.triage._all()]
    assert "srdi" in shown and "permit" not in shown, "an enterprise is not asked of a person's residence permit"
    assert next(t for t in page.triage._all() if t.one.id == "srdi").isChecked()


def test_the_arrows_go_to_another_matter_that_fits_the_word(enquirer: Enquirer) -> None:
    """The hint said that two more fitted, and nothing but the mouse went to them."""
    enquirer.desk.alt(2)
    page = enquirer.page
    enquirer.desk.type("大桃")
    enquirer.desk.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    enquirer.desk.type("dt")
    hits = [tick.one for tick in page.triage._hits("dt")]
    assert len(hits) > 2 and page.triage._hint.text() == f"回车勾选：{hits[0].name}（1/{len(hits)}，上下键换）"
    enquirer.desk.key(Qt.Key.Key_Down)
    assert page.triage.line.hasFocus() and hits[1].name in page.triage._hint.text()
    enquirer.desk.key(ENTER)
    assert hits[1].id in (page.session.enquiry.mentioned or ())
    assert hits[0].id not in (page.session.enquiry.mentioned or ())
    enquirer.desk.type("dt")
    enquirer.desk.key(Qt.Key.Key_Up)
    assert hits[-1].name in page.triage._hint.text()


def test_of_somebody_without_a_sum_nought_is_not_all_that_is_said(enquirer: Enquirer) -> None:
    page = enquirer.begin(example("anju.couple_both"), who="示例申请人甲")
    assert page.session.enquiry.match.bundle.total_fen == 0 and page.session.enquiry.match.bundle.kept
    told = "\n".join(one.text() for one in within(page.answer.bundle, QLabel))
    assert "没有能相加的金额" in told and "1 项补贴率" in told
