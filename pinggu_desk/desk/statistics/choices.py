"""What is asked of the statistics: by what, of when, of whom. Each choice has its word beside it and answers to number keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.desk.kit import Caption, FocusChain, Line
from pinggu_desk.desk.theme import look
from pinggu_desk.documents.statistics.table import MEASURES, Measure
from pinggu_desk.policy.errors import BadAnswer, BadInput
from pinggu_desk.policy.facts import Fact, read_answer
from pinggu_desk.work import periods
from pinggu_desk.work.periods import Period
from pinggu_desk.work.statistics import DIMENSIONS, Cube, Dimension, Query

_DIGITS = {Qt.Key(Qt.Key.Key_1 + n): n for n in range(9)}
_ALONE, _EVERYTHING = "不再分", "全部办件"
#: the dimensions that the cases may be narrowed down by
_PICKED: tuple[Dimension, ...] = ("窗口", "经办人", "政策")
_DAY = Fact(name="日期", id="day", kind="日期", question="日期")


class Drop(QComboBox):
    """A choice from a list that opens: 1…9 choose as in every choice, arrows walk, letters jump."""

    def __init__(self, name: str, options: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setAccessibleDescription("数字键或上下键选择，回车到下一处")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.addItems(list(options))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = _DIGITS.get(Qt.Key(event.key()))
        if number is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            if number < self.count():
                self.setCurrentIndex(number)
            event.accept()
            return
        super().keyPressEvent(event)


class Choices(QWidget):
    """The row of choices; ``changed`` says that the question is another, ``wrong`` why it is none, ``done`` that Enter left it."""

    changed = Signal()
    wrong = Signal(str)
    done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = date.today()
        self._values: list[tuple[Dimension, str]] = []
        self.by = Drop("按什么统计", DIMENSIONS, self)
        self.then = Drop("再按什么分", (_ALONE, *DIMENSIONS), self)
        self.period = Drop("期间", (*periods.NAMED, periods.OWN), self)
        self.period.setCurrentText("本年")
        self.since, self.until = self._day("从哪一天（含）"), self._day("到哪一天（含）")
        self.only = Drop("只看", (_EVERYTHING,), self)
        self.only.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.only.setMinimumContentsLength(10)
        self.measure = Drop("图上画什么", MEASURES, self)
        self._to = Caption("至", self, wrap=False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().scale.grid(1))
        for words, widgets in (
            ("按", (self.by,)), ("再按", (self.then,)), ("期间", (self.period, self.since, self._to, self.until)),
            ("只看", (self.only,)), ("图", (self.measure,)),
        ):  # fmt: skip
            row.addWidget(Caption(words, self, wrap=False))
            for widget in widgets:
                row.addWidget(widget)
        row.addStretch(1)
        self._fields: list[QWidget] = [
            self.by, self.then, self.period, self.since, self.until, self.only, self.measure,
        ]  # fmt: skip
        self.chain = FocusChain(self)
        self.chain.set_fields(self._fields)
        self.chain.finished.connect(self.done)
        #: whether the clerk chose what the chart shows; else it shows money where there is any
        self.measure_chosen = False
        self.measure.currentIndexChanged.connect(self._choose_measure)
        for drop in (self.by, self.then, self.only, self.measure):
            drop.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self.period.currentIndexChanged.connect(self._period_chosen)
        for line in (self.since, self.until):
            line.left.connect(self.changed)
        self._period_chosen()

    def _day(self, name: str) -> Line:
        line = Line(12, self)
        line.setPlaceholderText("如 20260101")
        line.setAccessibleName(name)
        return line

    def _choose_measure(self, _index: int) -> None:
        self.measure_chosen = True

    def _period_chosen(self, _index: int = 0) -> None:
        own = self.period.currentText() == periods.OWN
        for widget in (self.since, self._to, self.until):
            widget.setVisible(own)
        self.changed.emit()

    def offer(self, cube: Cube, today: date) -> None:
        """Offer what the cases have; what was picked stays picked where it is still there."""
        self._today = today
        kept = self.picked()
        self._values = [(d, value) for d in _PICKED for value, _ in cube.values(d)]
        self.only.blockSignals(True)
        self.only.clear()
        self.only.addItems([_EVERYTHING, *(f"{d}：{cube.label(d, value)}" for d, value in self._values)])
        self.only.setCurrentIndex(self._values.index(kept) + 1 if kept in self._values else 0)
        self.only.blockSignals(False)

    def picked(self) -> tuple[Dimension, str] | None:
        """The dimension and value that the cases are narrowed down by."""
        index = self.only.currentIndex() - 1
        return self._values[index] if 0 <= index < len(self._values) else None

    def shown_measure(self) -> Measure:
        """What the chart shows."""
        return MEASURES[self.measure.currentIndex()]

    def show_measure(self, measure: Measure) -> None:
        """Show another measure without asking anew."""
        self.measure.blockSignals(True)
        self.measure.setCurrentText(measure)
        self.measure.blockSignals(False)

    def query(self) -> Query | None:
        """The question as it stands; None where a day can't be read, which ``wrong`` tells."""
        first = DIMENSIONS[self.by.currentIndex()]
        second = DIMENSIONS[self.then.currentIndex() - 1] if self.then.currentIndex() > 0 else None
        try:
            period = self._period()
        except (BadAnswer, BadInput) as error:
            self.wrong.emit(error.sentence)
            return None
        self.wrong.emit("")
        picked = self.picked()
        return Query((first, second) if second and second != first else (first,), period, (picked,) if picked else ())

    def _period(self) -> Period:
        name = self.period.currentText()
        if name != periods.OWN:
            return periods.named(name, self._today)

        def day(line: Line) -> date | None:
            text = line.text().strip()
            return date.fromordinal(int(read_answer(_DAY, text))) if text else None

        return periods.own(day(self.since), day(self.until))

    def state(self) -> tuple[int, int, int, str, str, int]:
        """Where each choice stands, for a page that is made anew."""
        return (
            self.by.currentIndex(), self.then.currentIndex(), self.period.currentIndex(), self.since.text(),
            self.until.text(), self.measure.currentIndex(),
        )  # fmt: skip

    def restore(self, state: tuple[int, int, int, str, str, int]) -> None:
        """Put each choice where it stood."""
        self.blockSignals(True)
        self.since.setText(state[3])
        self.until.setText(state[4])
        for drop, index in zip((self.by, self.then, self.period, self.measure), (*state[:3], state[5]), strict=True):
            drop.setCurrentIndex(index)
        self.blockSignals(False)
