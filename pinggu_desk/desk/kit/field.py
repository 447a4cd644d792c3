"""A field: the question, what is typed, its unit, a live hint, the error, and the clause it comes from."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk.icons import IconMark
from pinggu_desk.desk.kit.accessible import announce
from pinggu_desk.desk.kit.basics import Caption, ClauseQuote, Question, Words, restyle
from pinggu_desk.desk.kit.line import Line
from pinggu_desk.desk.theme import look

if TYPE_CHECKING:  # the models of facts take longer to load than the whole door
    from pinggu_desk.policy.facts import Fact

#: What a check says of a text: (error, hint). An error is one Chinese sentence, or empty when the text will do.
Check = Callable[[str], tuple[str, str]]


def help_of(fact: Fact) -> str:
    """The soft line under a fact's field: what it means (说明) and which paper proves it (凭)."""
    return "；".join(part for part in (fact.help, f"凭 {fact.proof}" if fact.proof else "") if part)


class Field(QWidget):
    """What all fields have in common; ``name`` is the fact's (or the item's) name.

    ``edited`` carries the raw text after every keystroke, never held back. An error is shown once the field was
    left (or had one before), never while the first figures are being typed; nothing typed is ever refused.
    """

    edited = Signal(str)
    left = Signal()
    entered = Signal()

    def __init__(self, name: str, question: str, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.unit = name, unit
        self.setAccessibleName(name)
        self.setProperty("keep_whole", True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._own_error = self._given_error = ""
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(look().scale.grid(0.5))
        self._question = Question(question, self)
        self._error: Words | None = None
        self._warning: Caption | None = None
        self._help = Caption(parent=self)
        self._help.hide()
        self.quote = ClauseQuote(parent=self)
        self.column.addWidget(self._question)

    def finish_layout(self) -> None:
        """Called by each kind of field after it has put its inputs under the question."""
        for widget in (self._help, self.quote):
            self.column.addWidget(widget)
        self._describe()

    def start_over(self, name: str, question: str, unit: str = "") -> None:
        """Ask something else, as if made for it: nothing said before is said any more."""
        self.name, self.unit = name, unit
        self.setAccessibleName(name)
        self._question.setText(question)
        self.own_error("")
        self.set_error("")
        self.set_warning("")
        self.quote.show_clause("")

    # --- what each kind of field says for itself

    def inputs(self) -> list[QWidget]:
        """Every widget that can take the focus."""
        raise NotImplementedError

    def focus_input(self) -> None:
        """Put the focus where typing goes."""
        self.inputs()[0].setFocus(Qt.FocusReason.TabFocusReason)

    def accept(self) -> None:
        """Enter was pressed: take what is offered, where a field offers something."""

    def text(self) -> str:
        """The raw text, exactly as typed."""
        raise NotImplementedError

    def set_text(self, text: str) -> None:
        """Show a text without sending ``edited``; the field's own undo survives."""
        raise NotImplementedError

    def mark_bad(self, bad: bool) -> None:
        """Show on the input itself that there is an error."""

    # --- what is said about the field

    def question(self) -> str:
        """The question as shown."""
        return self._question.text()

    def ask(self, question: str) -> None:
        """Ask another question; the name stays."""
        self._question.setText(question)
        self._describe()

    def error(self) -> str:
        """The error shown, or empty."""
        return self._own_error or self._given_error

    def set_error(self, sentence: str) -> None:
        """Say from outside what is wrong, in one Chinese sentence (empty: nothing); the field's own error comes first."""
        before, self._given_error = self.error(), sentence
        self._show_error(before)

    def own_error(self, sentence: str) -> None:
        """Say what the field itself finds wrong with what is in it (empty: nothing)."""
        before, self._own_error = self.error(), sentence
        self._show_error(before)

    def _show_error(self, before: str) -> None:
        sentence = self.error()
        if sentence == before:
            return
        if self._error is None:
            self._error = Words()
            self._error.setProperty("role", "error")
            self._under(self._error, IconMark("error", "bad"), self._warning or self._help)
        self._error.setText(sentence)
        self._error.setAccessibleName(sentence and f"有误：{sentence}")
        self._error.parentWidget().setVisible(bool(sentence))
        self.setProperty("state", "bad" if sentence else "")
        self.mark_bad(bool(sentence))
        self._describe()
        if sentence and not (before and self.has_focus()):  # while it is being mended, it is not told with every key
            self._announce(self._error, f"{self.name}有误：{sentence}", urgent=True)

    def warning(self) -> str:
        """What is asked to be looked at again, or empty."""
        return self._warning.text() if self._warning is not None else ""

    def set_warning(self, sentence: str) -> None:
        """Ask for a second look in one Chinese sentence (empty: nothing); it refuses nothing and marks nothing as wrong."""
        if sentence == self.warning():
            return
        if self._warning is None:
            self._warning = Caption()
            self._under(self._warning, IconMark("warning", "warn"), self._help)
        self._warning.setText(sentence)
        self._warning.setAccessibleName(f"提示：{sentence}")
        self._warning.parentWidget().setVisible(bool(sentence))
        self._describe()
        if sentence:
            self._announce(self._warning, f"{self.name}提示：{sentence}")

    def _announce(self, words: QWidget, sentence: str, *, urgent: bool = False) -> None:
        if self.isVisible():  # a form that is only being made ready says nothing
            announce(words, sentence, urgent=urgent)

    def _under(self, words: Words, mark: IconMark, before: QWidget) -> None:
        """Put a line under the input, before another; such lines are made when first wanted, for few fields ever have one."""
        line = QWidget(self)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().scale.grid(0.5))
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        stands = before if self.column.indexOf(before) >= 0 else before.parentWidget()
        self.column.insertWidget(self.column.indexOf(stands), line)

    def set_help(self, text: str) -> None:
        """Show a soft line of explanation (说明, 凭何材料) under the field."""
        self._help.setText(text)
        self._help.setVisible(bool(text))
        self._describe()

    def set_clause(self, words: str, place: str = "") -> None:
        """Show the clause that the question comes from, in its own words."""
        self.quote.show_clause(words, place)
        self._describe()

    def has_focus(self) -> bool:
        """Whether the person is in this field."""
        return QApplication.focusWidget() in self.inputs()

    def _describe(self) -> None:
        """Tell screen readers the name with its unit, and the question, help, clause and error."""
        name = f"{self.name}（{self.unit}）" if self.unit else self.name
        doubt = self.warning() and f"提示：{self.warning()}"
        wrong = self.error() and f"有误：{self.error()}"
        parts = (wrong, doubt, self.question(), self._help.text(), self.quote.text(), self.hands())
        description = "；".join(part for part in dict.fromkeys(parts) if part and part != name)
        for one in self.inputs():
            one.setAccessibleName(self.accessible_name(one, name))
            one.setAccessibleDescription(description)

    def hands(self) -> str:
        """Which keys it answers to, where only those who see it would guess."""
        return ""

    def accessible_name(self, _input: QWidget, name: str) -> str:
        """The name that a screen reader says for one input of the field."""
        return name


class LineField(Field):
    """A field of one line. ``check`` says after each change what is wrong with the text and what to show beside it."""

    def __init__(
        self, name: str, question: str = "", *, unit: str = "", chars: int = 20, check: Check | None = None,
        placeholder: str = "", secret: bool = False, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(name, question or name, unit, parent)
        self._check = check
        self._setting = False
        self.line = Line(chars, self)
        self.line.setPlaceholderText(placeholder)
        self._question.setBuddy(self.line)
        if secret:
            self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self._told = ""  # by the check
        self._hint = Caption(parent=self)
        self._unit: Caption | None = None
        self._row = QHBoxLayout()
        self._row.setSpacing(look().scale.grid(1))
        self._row.addWidget(self.line)
        self._row.addWidget(self._hint, 1)
        self._show_unit()
        self.column.addLayout(self._row)
        self.line.textChanged.connect(self._changed)
        for changed in (self.line.cover_changed, self.line.entered):
            changed.connect(self._show_hint)
        self.line.cover_changed.connect(self._describe)
        self.line.left.connect(self._leave)
        self.line.entered.connect(self.entered)
        self.finish_layout()

    @override
    def inputs(self) -> list[QWidget]:
        return [self.line]

    @override
    def focus_input(self) -> None:
        super().focus_input()
        self.line.selectAll()

    @override
    def text(self) -> str:
        return self.line.text()

    @override
    def set_text(self, text: str) -> None:
        if text == self.line.text():
            return
        self._setting = self.line.filling = True
        try:
            # setText would throw the field's undo away
            self.line.selectAll()
            self.line.insert(text) if text else self.line.del_()
        finally:
            self._setting = self.line.filling = False
        self.show_check(force=not self.line.hasFocus())

    def cover(self, mark: str) -> None:
        """Show what stands here covered once it is left, as ``遮`` of a fact says (empty: whole)."""
        from pinggu_desk.policy.masking import cover

        self.line.set_cover(partial(cover, mark) if mark else None)
        self._describe()

    @override
    def hands(self) -> str:
        return f"已遮住，为{self.line.seen()}；F8 显示完整号码" if self.line.covered else ""

    def hint(self) -> str:
        """What is shown beside the field (金额大写, 日期 …)."""
        return self._told

    def _show_hint(self) -> None:
        """Beside the field; and, while one stands in a covered one, which key opens it."""
        opens = "F8 显示完整号码" if self.line.covered and self.line.hasFocus() else ""
        self._hint.setText("　".join(part for part in (self._told, opens) if part))

    @override
    def start_over(self, name: str, question: str, unit: str = "") -> None:
        self._setting = True
        self.line.setText("")  # and with it what there was to undo
        self._setting = False
        self._told = ""
        self._hint.setText("")
        super().start_over(name, question, unit)
        self._show_unit()

    def _show_unit(self) -> None:
        """The unit stands behind the line; its label is made for the first fact that has one."""
        if self._unit is None and self.unit:
            self._unit = Caption("", self, wrap=False)
            self._row.insertWidget(1, self._unit)
        if self._unit is not None:
            self._unit.setText(self.unit)
            self._unit.setVisible(bool(self.unit))

    @override
    def mark_bad(self, bad: bool) -> None:
        self.line.setProperty("state", "bad" if bad else "")
        restyle(self.line)

    def show_check(self, *, force: bool) -> str:
        """Check the text as it stands and show the hint, and the error if ``force`` or if it has one showing.

        Returns the error, shown or not.
        """
        text = self.line.text()
        error, hint = self._check(text) if self._check and text.strip() else ("", "")
        if self.line.covered:
            error = error.replace(text.strip(), self.line.seen())
        self._told = hint
        self._show_hint()
        if force or not error or self._own_error:
            self.own_error(error)
        return error

    def _changed(self, text: str) -> None:
        if self._setting:
            return
        self.show_check(force=False)
        self.edited.emit(text)

    def _leave(self) -> None:
        self.show_check(force=True)
        self.left.emit()
