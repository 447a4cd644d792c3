"""A choice: rows that answer to number keys and pinyin initials, or a list to search when there are many."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAccessible, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk.kit.basics import Caption, QuietButton
from pinggu_desk.desk.kit.field import Field, help_of
from pinggu_desk.desk.kit.marks import RadioRow, Tick
from pinggu_desk.desk.kit.pick import PickList, Said
from pinggu_desk.desk.theme import look

if TYPE_CHECKING:  # the models of facts take longer to load than the whole door
    from pinggu_desk.policy.facts import Fact

__all__ = ["ChoiceField", "Tick"]

_ROWS_AT_MOST = 9  # as many as there are number keys
_SIDE_BY_SIDE = 14  # characters of all options together that still fit one row at 特大
_DIGITS = {Qt.Key(Qt.Key.Key_1 + i): i for i in range(9)}


def options_of(fact: Fact) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a fact of kind 是否 or 选项 may be answered with, and a note to each."""
    if fact.kind == "是否":
        return ("是", "否"), ()
    return tuple(one.name for one in fact.options), tuple(one.note for one in fact.options)


def takes_list(options: Sequence[str]) -> bool:
    """Whether there are too many for rows, so that one searches a list."""
    return len(options) > _ROWS_AT_MOST


class ChoiceField(Field):
    """是否 or 选项: the text of the answer is the option's own word, empty while nothing is chosen.

    Only while one of its rows has the focus: ``1``…``9`` choose, pinyin initials choose once they fit one option
    (``sj`` 市级), arrows walk, Space chooses, Delete takes the answer back (not where one is ``required``).
    ``at_once`` says that a question of the forms was answered by its number key: several in a row take one key each.
    ``answering`` says that such a key begins (True) and has done all that it does, to the next question (False).
    """

    reader_role = QAccessible.Role.Grouping
    at_once = Signal()
    answering = Signal(bool)

    def __init__(
        self, name: str, options: Sequence[str], question: str = "", *, notes: Sequence[str] = (),
        required: bool = False, parent: QWidget | None = None, said: Said | None = None,
    ) -> None:  # fmt: skip
        """``said`` gives the other words by which an option of a long list is sought."""
        super().__init__(name, question or name, "", parent)
        self.options = tuple(options)
        self._required = required
        self._chosen = ""
        self._typed = ""
        self._walked = self._going_on = False
        self._rows: list[RadioRow] = []
        self._spare: list[RadioRow] = []  # of a question with more options, for the next with as many
        self._pick: PickList | None = None
        self._clear = QuietButton("清除", "", self)
        self._clear.setToolTip("清除这一项的选择（Delete）")
        self._clear.hide()
        self._clear.clicked.connect(self._take_back)
        self._letters = Caption(parent=self)
        self._letters.hide()
        if takes_list(self.options):
            self._build_list(notes, said)
        else:
            self._build_rows(notes)
        self.column.addWidget(self._letters)
        self.finish_layout()

    @classmethod
    def for_fact(cls, fact: Fact, parent: QWidget | None = None) -> ChoiceField:
        """The choice that a fact of kind 是否 or 选项 asks for."""
        options, notes = options_of(fact)
        field = cls(fact.name, options, fact.question, notes=notes, parent=parent)
        field._fact = fact
        field.set_help(help_of(fact))
        return field

    def ask_fact(self, fact: Fact) -> None:
        """Ask another fact of the same kind (``make.kind_of``), as if made for it."""
        self._fact, (self.options, notes) = fact, options_of(fact)
        self._walked = False
        self._hear("")
        self._show("")
        if self._pick:
            self._pick.offer(self.options, notes)
        else:
            self._label_rows(notes)
        self.start_over(fact.name, fact.question or fact.name)
        self.set_help(help_of(fact))

    _fact: Fact | None = None

    def _build_rows(self, notes: Sequence[str]) -> None:
        self._holder, self._lying = QHBoxLayout(), QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._holder.addLayout(self._lying)
        self._holder.addWidget(self._clear)
        self._holder.addStretch(0)
        self.column.addLayout(self._holder)
        self._label_rows(notes)

    def _label_rows(self, notes: Sequence[str]) -> None:
        """As many rows as there are options, side by side where they are short."""
        aside = sum(map(len, self.options)) <= _SIDE_BY_SIDE and not any(notes)
        self._lying.setDirection(QBoxLayout.Direction.LeftToRight if aside else QBoxLayout.Direction.TopToBottom)
        self._lying.setSpacing(look().scale.grid(1 if aside else 0.25))
        self._holder.setStretch(0, 0 if aside else 1)
        self._holder.setAlignment(self._clear, Qt.AlignmentFlag.AlignVCenter if aside else Qt.AlignmentFlag.AlignTop)
        self._holder.setStretch(2, 1 if aside else 0)
        rows = self._rows + self._spare
        while len(rows) < len(self.options):
            rows.append(self._make_row(len(rows)))
        self._rows, self._spare = rows[: len(self.options)], rows[len(self.options) :]
        for row in self._spare:
            row.hide()
        told = zip_longest(self.options, notes, fillvalue="")
        for number, (row, (option, note)) in enumerate(zip(self._rows, told, strict=True), start=1):
            row.setText(f"{number}  {option}" + (f"（{note}）" if note else ""))
            row.show()

    def _make_row(self, index: int) -> RadioRow:
        row = RadioRow("", self)
        row.clicked.connect(lambda: self._choose(self.options[index]))
        row.installEventFilter(self)
        self._lying.addWidget(row)
        return row

    def _build_list(self, notes: Sequence[str], said: Said | None) -> None:
        self._pick = PickList(self.options, notes, self, said=said) if said else PickList(self.options, notes, self)
        self._pick.chosen.connect(self._choose)
        self._pick.entered.connect(self.entered)
        self._pick.left.connect(self.left)
        holder = QHBoxLayout()
        holder.addWidget(self._pick, 1)
        holder.addWidget(self._clear, 0, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(holder)

    # --- the field

    @override
    def inputs(self) -> list[QWidget]:
        return [self._pick.line] if self._pick else list(self._rows)

    @override
    def hands(self) -> str:
        return "输入文字或拼音首字母查找，上下键选择，回车选定" if self._pick else ""

    @override
    def accessible_name(self, one: QWidget, name: str) -> str:
        return f"{name}：{one.text()}" if isinstance(one, RadioRow) else name

    @override
    def focus_input(self) -> None:
        if self._pick:
            self._pick.line.setFocus(Qt.FocusReason.TabFocusReason)
            self._pick.line.selectAll()
            return
        index = self.options.index(self._chosen) if self._chosen in self.options else 0
        self._rows[index].setFocus(Qt.FocusReason.TabFocusReason)

    @override
    def accept(self) -> None:
        if self._pick:
            self._pick.accept()
        elif self._walked and not self._chosen:
            row = next((row for row in self._rows if row.hasFocus()), None)
            if row is not None:  # one that was gone to on purpose; where one merely came in, Enter answers nothing
                self._choose(self.options[self._rows.index(row)])

    @override
    def text(self) -> str:
        return self._chosen

    def value(self) -> int | None:
        """The index of the chosen option (是 1, 否 0), or None."""
        if self._chosen not in self.options:
            return None
        if self._fact is None:
            return self.options.index(self._chosen)
        index = self.options.index(self._chosen)
        return 1 - index if self._fact.kind == "是否" else index

    @override
    def set_text(self, text: str) -> None:
        self._show(self._option_of(text))

    def _option_of(self, text: str) -> str:
        if text in self.options or not text or self._fact is None:
            return text if text in self.options else ""
        from pinggu_desk.policy.errors import BadAnswer
        from pinggu_desk.policy.facts import read_answer

        try:
            index = int(read_answer(self._fact, text))
        except BadAnswer:
            return ""
        return ("否", "是")[index] if self._fact.kind == "是否" else self.options[index]

    @override
    def mark_bad(self, bad: bool) -> None:
        if self._pick:
            self._pick.mark_bad(bad)
        for row in self._rows:
            row.setProperty("state", "bad" if bad else "")
            row.update()

    # --- choosing

    def _show(self, option: str) -> None:
        self._chosen = option
        for row, name in zip(self._rows, self.options, strict=False):
            row.setChecked(name == option)
        if self._pick:
            self._pick.show_choice(option)
        if not self._going_on:
            self._show_clear()

    def _show_clear(self) -> None:
        self._clear.setVisible(bool(self._chosen) and not self._required)

    def _choose(self, option: str) -> None:
        if self._required and not option:
            option = self._chosen
        changed = option != self._chosen
        self._show(option)
        self._hear("")
        if changed:
            self.edited.emit(option)

    def _answer(self, option: str) -> None:
        """A number key: it answers, and a question of the forms is done with."""
        if self._fact is None:
            self._choose(option)
            return
        self.answering.emit(True)
        self._going_on = True  # 清除 is shown where one stays: all that stands under it would move, and move again
        try:
            self._choose(option)
            self.at_once.emit()
        finally:
            self._going_on = False
            self._show_clear()
            self.answering.emit(False)

    def _take_back(self) -> None:
        """清除 was pressed: it goes, and the focus must not go astray with it."""
        here = self._clear.hasFocus()
        self._choose("")
        if here:
            self.focus_input()

    def _hear(self, letters: str) -> None:
        self._typed = letters
        self._letters.setText(f"拼音首字母 {letters}" if letters else "")
        self._letters.setVisible(bool(letters))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of a row; the arrows move without choosing, so that looking is not answering."""
        if event.type() is QEvent.Type.FocusIn:
            if isinstance(event, QFocusEvent) and event.reason() is not Qt.FocusReason.OtherFocusReason:
                self._walked = False
            self.entered.emit()
        elif event.type() is QEvent.Type.FocusOut:
            self._hear("")
            self.left.emit()
        elif isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and isinstance(watched, RadioRow):
            return self._key(watched, event)
        return False

    def _key(self, row: RadioRow, event: QKeyEvent) -> bool:
        held = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        if held:
            return False
        key = Qt.Key(event.key())
        if key in _DIGITS and _DIGITS[key] < len(self.options):
            self._rows[_DIGITS[key]].setFocus()
            self._answer(self.options[_DIGITS[key]])
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._hear("") if self._typed else self._choose("")
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Left):
            way = 1 if key in (Qt.Key.Key_Down, Qt.Key.Key_Right) else -1
            self._rows[(self._rows.index(row) + way) % len(self._rows)].setFocus()
            self._walked = True
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._rows[0 if key == Qt.Key.Key_Home else -1].setFocus()
            self._walked = True
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._pass_over(forward=key == Qt.Key.Key_Tab)
        elif event.text().isascii() and event.text().isalpha():
            self._letter(event.text().lower())
        else:
            return False
        return True

    def _pass_over(self, *, forward: bool) -> None:
        """Tab leaves the choice whole, as it leaves any group of choices: the arrows are for its rows."""
        one: QWidget = self._rows[-1 if forward else 0]
        for _ in range(10_000):
            one = one.nextInFocusChain() if forward else one.previousInFocusChain()
            takes = one.focusPolicy() & Qt.FocusPolicy.TabFocus
            if takes and one.isVisible() and one.isEnabled() and one not in self._rows:
                one.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
                return

    def _letter(self, letter: str) -> None:
        """Narrow the options down by initials; a letter that fits none begins anew."""
        from pinggu_desk.desk import pinyin

        for typed in (self._typed + letter, letter):
            fitting = [option for option in self.options if pinyin.starts(option, typed)]
            fitting = fitting or [option for option in self.options if pinyin.contains(option, typed)]
            if fitting:
                self._rows[self.options.index(fitting[0])].setFocus()
                if len(fitting) == 1:
                    self._choose(fitting[0])
                else:
                    self._walked = True
                    self._hear(typed)
                return
        self._hear("")
