"""Fields keep what is typed, read it, say what is wrong after typing, and hand Enter on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pinggu_desk.desk.kit import (
    Card,
    ChoiceField,
    DateField,
    FocusChain,
    LineField,
    NumberField,
    ScrollColumn,
    make_field,
)
from pinggu_desk.desk.kit.pick import PickList
from pinggu_desk.policy.facts import Fact, Option
from tests.desk.conftest import PATIENCE, within

from .conftest import commit

MONEY = Fact(name="研发项目投资额", id="rd", kind="金额", question="研发项目投资额是多少？", proof="审计报告")
YES = Fact(name="纳入统计", id="stat", kind="是否", question="是否纳入平谷区统计？")
BOARD = Fact(
    name="上市板块", id="board", kind="选项", question="在哪个板块上市？",
    options=(Option(name="主板"), Option(name="科创板"), Option(name="创业板"), Option(name="境外市场")),
)  # fmt: skip
TOWNS = (
    "滨河街道", "兴谷街道", "平谷镇", "峪口镇", "马坊镇", "金海湖镇", "东高村镇", "山东庄镇", "南独乐河镇", "大华山镇", "夏各庄镇",
)  # fmt: skip


Stand = Callable[..., FocusChain]


@pytest.fixture
def stand(qtbot: QtBot) -> Iterator[Stand]:
    """Puts fields into a column in a window and begins at the first."""
    columns: list[ScrollColumn] = []

    def put(*fields: QWidget) -> FocusChain:
        column = ScrollColumn()
        columns.append(column)
        for field in fields:
            column.body.addWidget(field)
        chain = FocusChain(column)
        chain.set_fields(fields)
        column.resize(700, 500)
        with qtbot.waitActive(column):
            column.show()
            column.activateWindow()
        chain.focus_first()
        return chain

    yield put
    for column in columns:
        column.close()
        column.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focus(), key, held)


@pytest.mark.parametrize("typed", ["800", "８００", "800万", "8,000,000元", "800万元"])
def test_a_sum_is_read_however_it_is_written_and_shown_in_capitals(stand: Stand, typed: str) -> None:
    field = NumberField(MONEY)
    stand(field)
    heard: list[str] = []
    field.edited.connect(heard.append)
    commit(field.line, typed)
    assert heard == [typed]
    assert field.value() == 800_000_000
    assert "捌佰万元整" in field.hint()
    assert field.error() == ""


def test_every_keystroke_is_told_at_once_as_typed(stand: Stand) -> None:
    field = NumberField(MONEY)
    stand(field)
    heard: list[str] = []
    field.edited.connect(heard.append)
    QTest.keyClicks(field.line, "-3x")
    assert heard == ["-", "-3", "-3x"]
    assert field.text() == "-3x"


def test_what_is_wrong_is_said_after_the_field_was_left_not_while_typing(stand: Stand) -> None:
    field, other = NumberField(MONEY), LineField("备注")
    stand(field, other)
    QTest.keyClicks(field.line, "-30")
    assert field.error() == ""
    press(Qt.Key.Key_Return)
    assert "不能为负数" in field.error()
    assert "不能为负数" in field.line.accessibleDescription()
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    press(Qt.Key.Key_3)  # coming back selects, so this replaces
    assert field.error() == ""


def test_what_the_form_finds_wrong_stays_when_the_field_is_left(stand: Stand) -> None:
    field, other = NumberField(MONEY), LineField("备注")
    stand(field, other)
    QTest.keyClicks(field.line, "30")
    field.set_error("两项之和超过了总额，请核对。")
    press(Qt.Key.Key_Return)
    assert field.error() == "两项之和超过了总额，请核对。"
    field.set_error("")
    assert field.error() == ""


def test_showing_a_text_tells_nobody_and_leaves_undo_alive(stand: Stand) -> None:
    field = LineField("项目")
    stand(field)
    heard: list[str] = []
    commit(field.line, "谷地")
    field.edited.connect(heard.append)
    field.set_text("示例")
    assert heard == []
    assert field.text() == "示例"
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == "谷地"


def test_enter_belongs_to_the_input_method_while_it_composes(stand: Stand) -> None:
    field, other = LineField("项目"), LineField("备注")
    stand(field, other)
    QApplication.sendEvent(field.line, QInputMethodEvent("pinggu", []))
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Enter)
    assert field.line.hasFocus()
    commit(field.line, "平谷")
    assert field.text() == "平谷"
    press(Qt.Key.Key_Return)
    assert other.line.hasFocus()


def test_words_of_an_input_method_make_the_next_enter_a_meant_one(stand: Stand) -> None:
    """After 是 by its number key an Enter out of habit does nothing; one behind a name that was composed did nothing either."""
    question, name, last = ChoiceField.for_fact(YES), LineField("项目名称"), LineField("备注")
    stand(question, name, last)
    press(Qt.Key.Key_1)
    assert name.line.hasFocus()
    press(Qt.Key.Key_Return)
    assert name.line.hasFocus(), "the habit's"
    question.focus_input()
    press(Qt.Key.Key_1)
    commit(name.line, "示例项目")
    press(Qt.Key.Key_Return)
    assert last.line.hasFocus() and name.text() == "示例项目"


def test_enter_walks_forward_and_back_over_what_is_hidden(stand: Stand, qtbot: QtBot) -> None:
    first, hidden, choice, last = LineField("甲"), LineField("乙"), ChoiceField.for_fact(YES), LineField("丙")
    hidden.hide()
    chain = stand(first, hidden, choice, last)
    hidden.hide()
    press(Qt.Key.Key_Return)
    assert choice.has_focus()
    press(Qt.Key.Key_Enter)
    assert last.has_focus()
    with qtbot.waitSignal(chain.finished, timeout=PATIENCE):
        press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert choice.has_focus()
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    with qtbot.waitSignal(chain.begun, timeout=PATIENCE):
        press(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert first.has_focus()


def test_a_choice_answers_to_its_number_only_while_one_is_in_it(stand: Stand) -> None:
    line, choice = LineField("金额"), ChoiceField.for_fact(BOARD)
    stand(line, choice)
    press(Qt.Key.Key_2)
    assert (line.text(), choice.text()) == ("2", "")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_2)
    assert (choice.text(), choice.value()) == ("科创板", 1)
    press(Qt.Key.Key_9)
    assert choice.text() == "科创板"


def test_a_choice_answers_to_pinyin_once_only_one_option_fits(stand: Stand) -> None:
    choice = ChoiceField.for_fact(BOARD)
    stand(choice)
    heard: list[str] = []
    choice.edited.connect(heard.append)
    press(Qt.Key.Key_K)
    assert heard == ["科创板"]
    press(Qt.Key.Key_J)
    press(Qt.Key.Key_C)
    press(Qt.Key.Key_Y)
    assert heard[-1] == "创业板"


def test_a_yes_or_no_is_s_or_f_and_delete_takes_it_back(stand: Stand) -> None:
    choice = ChoiceField.for_fact(YES)
    stand(choice)
    press(Qt.Key.Key_F)
    assert (choice.text(), choice.value()) == ("否", 0)
    press(Qt.Key.Key_S)
    assert (choice.text(), choice.value()) == ("是", 1)
    press(Qt.Key.Key_Delete)
    assert (choice.text(), choice.value()) == ("", None)


def test_arrows_look_without_answering_and_space_answers(stand: Stand) -> None:
    choice = ChoiceField.for_fact(BOARD)
    stand(choice)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    assert choice.text() == ""
    press(Qt.Key.Key_Space)
    assert choice.text() == "创业板"


def test_a_choice_that_must_be_made_can_be_changed_but_not_taken_back(stand: Stand) -> None:
    choice = ChoiceField("字号", ("小", "中"), required=True)
    choice.set_text("中")
    stand(choice)
    press(Qt.Key.Key_Delete)
    assert choice.text() == "中"
    press(Qt.Key.Key_1)
    assert choice.text() == "小"


def test_a_long_list_is_searched_by_pinyin_and_taken_with_enter(stand: Stand) -> None:
    towns, after = ChoiceField("所在乡镇", TOWNS), LineField("备注")
    stand(towns, after)
    QTest.keyClicks(focus(), "ykz")
    press(Qt.Key.Key_Return)
    assert towns.text() == "峪口镇"
    assert after.has_focus()


def test_a_long_list_keeps_the_choice_when_what_was_typed_is_no_option(stand: Stand) -> None:
    towns, after = ChoiceField("所在乡镇", TOWNS), LineField("备注")
    towns.set_text("平谷镇")
    stand(towns, after)
    QTest.keyClicks(focus(), "qqq")
    press(Qt.Key.Key_Tab)
    assert towns.text() == "平谷镇"
    towns.focus_input()
    press(Qt.Key.Key_Backspace)  # the line is selected: all of it
    press(Qt.Key.Key_Tab)
    assert towns.text() == ""


def test_a_long_list_says_that_nothing_fits_and_is_as_high_as_what_does(stand: Stand) -> None:
    """FOUND 37, 75: a large empty box says nothing; the arrows lead back to the whole list."""
    towns = ChoiceField("所在乡镇", TOWNS)
    stand(towns)
    (picked,) = within(towns, PickList)
    whole = picked.list.maximumHeight()
    QTest.keyClicks(focus(), "zzzq")
    shown = [item for row in range(picked.list.count()) if not (item := picked.list.item(row)).isHidden()]
    assert [item.text() for item in shown] == ["没有找到“zzzq”，删去几个字再找，或用上下键从头看。"]
    assert picked.list.maximumHeight() < whole / 3
    press(Qt.Key.Key_Return)
    assert towns.text() == ""
    towns.focus_input()
    QTest.keyClicks(focus(), "zzzq")
    press(Qt.Key.Key_Down)
    assert picked.line.text() == TOWNS[0] and picked.list.maximumHeight() == whole


@pytest.mark.parametrize(
    ("typed", "found"),
    [("玉口镇", "峪口镇"), ("yvkou", ""), ("峪口", "峪口镇"), ("口头叫法", "平谷镇"), ("口头交法", "平谷镇")],
)
def test_a_long_list_is_searched_by_sound_and_other_words_and_enter_takes_nothing_unseen(
    stand: Stand, typed: str, found: str
) -> None:
    """What fits only loosely is shown and said to be so; an arrow chooses it."""
    towns = ChoiceField("所在乡镇", TOWNS, said=lambda: {"平谷镇": ("口头叫法",)})
    stand(towns)
    (picked,) = within(towns, PickList)
    picked.line.setText(typed)
    picked.line.textEdited.emit(typed)
    loose = typed in ("玉口镇", "口头交法")
    shown = [item.text() for row in range(picked.list.count()) if not (item := picked.list.item(row)).isHidden()]
    assert (shown[0] == found and any("以上相近" in one for one in shown) == loose) if found else "没有找到" in shown[0]
    if loose:
        picked.accept()
        assert towns.text() == ""
        press(Qt.Key.Key_Down)
        assert picked.line.text() == found
    press(Qt.Key.Key_Return)
    assert towns.text() == found


def test_arrows_walk_a_long_list_to_its_end_and_back(stand: Stand) -> None:
    """FOUND 35: the option walked onto stands in the line, and does not narrow the list down to itself."""
    towns, after = ChoiceField("所在乡镇", TOWNS), LineField("备注")
    stand(towns, after)
    for _ in TOWNS:
        press(Qt.Key.Key_Down)
    line = focus()
    assert isinstance(line, QLineEdit) and line.text() == TOWNS[-1]
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Return)
    assert towns.text() == TOWNS[-2] and after.has_focus()
    towns.focus_input()
    press(Qt.Key.Key_Up)  # from what is chosen
    press(Qt.Key.Key_Return)
    assert towns.text() == TOWNS[-3]


@pytest.mark.parametrize("typed", ["20240312", "2024.3.12", "2024-03-12", "2024年3月12日"])
def test_a_date_is_read_and_shown_with_its_weekday(stand: Stand, typed: str) -> None:
    field = DateField(Fact(name="上市日", id="day", kind="日期", question="上市日"))
    stand(field)
    commit(field.line, typed)
    assert field.hint() == "2024年3月12日 星期二"


@pytest.mark.parametrize("fact", [MONEY, YES, BOARD])
def test_a_screen_reader_hears_name_unit_question_clause_and_proof(stand: Stand, fact: Fact) -> None:
    field = make_field(fact)
    stand(field)
    field.set_clause("按投资额的5%给予最高不超过50万元的后补助支持", "二、1")
    for one in field.inputs():
        assert one.accessibleName().startswith(fact.name)
        for part in (fact.question, "二、1　按投资额的5%"):
            assert part in one.accessibleDescription()
    if fact is MONEY:
        assert field.inputs()[0].accessibleName() == "研发项目投资额（万元）"
        assert "审计报告" in field.inputs()[0].accessibleDescription()


def test_the_field_one_is_in_is_in_sight_in_a_form_longer_than_the_window(stand: Stand) -> None:
    fields = [LineField(f"第{i}项") for i in range(40)]
    stand(*fields)
    column = fields[0].window()
    assert isinstance(column, ScrollColumn)
    for field in fields:
        assert field.has_focus()
        top = field.mapTo(column.viewport(), field.rect().topLeft()).y()
        assert top >= 0 and top + field.height() <= column.viewport().height()
        press(Qt.Key.Key_Return)


def test_a_column_shrinks_again_when_an_error_or_a_list_goes_away(qtbot: QtBot) -> None:
    column, card, inner = ScrollColumn(), Card(), QWidget()
    inside = QVBoxLayout(inner)
    towns, money = ChoiceField("所在乡镇", TOWNS), NumberField(MONEY)
    for widget in (towns, money):
        inside.addWidget(widget)
    card.body.addWidget(inner)
    column.body.addWidget(card)
    column.resize(700, 200)
    with qtbot.waitActive(column):
        column.show()
    before = column.widget().height()
    towns.focus_input()
    qtbot.waitUntil(lambda: column.widget().height() > before, timeout=PATIENCE)
    money.focus_input()
    qtbot.waitUntil(lambda: column.widget().height() <= before + 2, timeout=PATIENCE)  # a frame's two pixels
    money.set_error("两项之和超过了总额，请核对。")
    qtbot.waitUntil(lambda: column.widget().height() > before, timeout=PATIENCE)
    money.set_error("")
    qtbot.waitUntil(lambda: column.widget().height() <= before + 2, timeout=PATIENCE)  # a frame's two pixels
    column.close()
    column.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
